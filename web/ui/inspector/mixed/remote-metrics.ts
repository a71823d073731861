import type { NodeMetrics } from '../../../protocol/metrics.ts';
import { formatBytes, formatCount, formatSi } from '../../parts/format.ts';
import type { Fact } from '../../parts/KeyValue.svelte';
import { signalWords } from './mixed-words.ts';

interface MetricWords {
  label: string;
  hint: string;
  format: (value: number) => string;
}

const words: Record<keyof NodeMetrics, MetricWords> = {
  heapFreeBytes: { label: 'Free heap', hint: 'Memory that nobody has taken', format: formatBytes },
  stackFreeBytes: { label: 'Least free stack', hint: "Least that was ever left of the guest thread's stack", format: formatBytes },
  stepUs: { label: 'CPU per step', hint: 'CPU time of the last step, as the node measured it', format: (us) => formatSi(us / 1e6, 's') },
  stepInstructions: { label: 'Instructions per step', hint: 'Wasm instructions that the last step retired', format: formatCount },
  rssiDbm: { label: 'Wi-Fi signal', hint: 'Received signal strength (RSSI)', format: signalWords },
  bytesSent: { label: 'Sent since boot', hint: 'As the node counts it', format: formatBytes },
  energyMj: { label: 'Energy since boot', hint: "The node's own estimate, not a measurement", format: (mj) => `about ${formatSi(mj / 1000, 'J')}` },
};

/** What a node sends of itself; what it cannot measure is left out. */
export function metricFacts(metrics: NodeMetrics | null): Fact[] {
  if (metrics === null) return [];
  return (Object.keys(words) as (keyof NodeMetrics)[]).flatMap((key) => {
    const value = metrics[key];
    const { label, hint, format } = words[key];
    return value === null ? [] : [{ label, hint, value: format(value) }];
  });
}
