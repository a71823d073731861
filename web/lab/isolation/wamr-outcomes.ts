/** What the project's tests measured on the firmware's host, kept beside the page. */
import type { Finding } from './isolation-port.ts';

export interface WamrOutcomes {
  /** Version of WAMR. */
  wamr: string;
  /** Machine, build and day. */
  measuredOn: string;
  findings: Finding[];
}

/** Loaded when it is asked for: it is large. */
export async function wamrOutcomes(): Promise<WamrOutcomes> {
  const { default: kept } = await import('./wamr-outcomes.json');
  return kept as unknown as WamrOutcomes;
}

/** What of them must be the same on every run: not the times, nor how long neighbours waited. */
export function lastingOutcomes({ wamr, findings }: WamrOutcomes): unknown {
  return {
    wamr,
    findings: findings.map(({ guest, variants }) => ({
      guest,
      variants: variants.map(({ variant, outcome, neighbours }) => ({ variant, outcome, changed: neighbours?.resultsChanged ?? null })),
    })),
  };
}
