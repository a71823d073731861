/** Calibration and pace of an edge node, retained: `{"seco":2600,"molhado":1100,"limiar":1700}`. */
import * as v from 'valibot';
import { MAX_ADC, MAX_PERIOD_MS, MIN_PERIOD_MS } from './config-ranges.ts';
import { parseJson } from './json-payload.ts';
import { type Parsed, refused } from './parsed.ts';

export interface NodeConfig {
  /** ADC count in dry soil (`seco`). */
  dry: number;
  /** ADC count in wet soil (`molhado`); a capacitive probe reads less the wetter it is. */
  wet: number;
  /** ADC count above which to irrigate (`limiar`). */
  threshold: number;
  /** Pause between two samples (`periodo_ms`); absent: as it is. */
  periodMs?: number;
  /** ADC counts below the threshold at which irrigation ends (`histerese`); absent: as it is. */
  hysteresis?: number;
}

const number = v.number('must be a number');

/** The shape alone; `checkNodeConfig` holds the rules, for the wire and for forms. */
export const nodeConfigSchema = v.pipe(
  v.object({
    seco: number,
    molhado: number,
    limiar: number,
    periodo_ms: v.nullish(number),
    histerese: v.nullish(number),
  }),
  v.transform((wire): NodeConfig => ({
    dry: wire.seco,
    wet: wire.molhado,
    threshold: wire.limiar,
    ...(wire.periodo_ms != null && { periodMs: wire.periodo_ms }),
    ...(wire.histerese != null && { hysteresis: wire.histerese }),
  })),
);

/** The sentence that names the broken rule, or null when the configuration may take force. */
export function checkNodeConfig(config: NodeConfig): string | null {
  const { dry, wet, threshold, periodMs, hysteresis } = config;
  return (
    notWithin('dry value (seco)', dry, 0, MAX_ADC) ??
    notWithin('wet value (molhado)', wet, 0, MAX_ADC) ??
    notWithin('threshold (limiar)', threshold, 0, MAX_ADC) ??
    outOfOrder(wet, threshold, dry) ??
    notWithin('period (periodo_ms)', periodMs, MIN_PERIOD_MS, MAX_PERIOD_MS) ??
    notWithin('hysteresis (histerese)', hysteresis, 0, MAX_ADC)
  );
}

function outOfOrder(wet: number, threshold: number, dry: number): string | null {
  if (wet >= dry) return `The wet value (molhado, ${wet}) must be below the dry value (seco, ${dry}).`;
  if (wet < threshold && threshold < dry) return null;
  return `The threshold (limiar, ${threshold}) must be between wet (molhado, ${wet}) and dry (seco, ${dry}).`;
}

function notWithin(name: string, value: number | undefined, min: number, max: number): string | null {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return null;
  return `The ${name} must be a whole number from ${min} to ${max}, not ${value}.`;
}

export function parseNodeConfig(payload: string | Uint8Array): Parsed<NodeConfig> {
  const parsed = parseJson(payload, nodeConfigSchema);
  if (!parsed.ok) return parsed;
  const broken = checkNodeConfig(parsed.value);
  return broken === null ? parsed : refused(broken);
}

export function encodeNodeConfig(config: NodeConfig): string {
  return JSON.stringify(nodeConfigWire(config));
}

/** The fields under their names on the wire; `JSON.stringify` leaves out those that are undefined. */
export function nodeConfigWire(config: NodeConfig) {
  return {
    seco: config.dry,
    molhado: config.wet,
    limiar: config.threshold,
    periodo_ms: config.periodMs,
    histerese: config.hysteresis,
  };
}
