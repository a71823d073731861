/** In what each quantity is measured; exports name it beside every value. */
import type { Quantity } from './history-port.ts';

export const quantityUnits: Record<Quantity, string> = {
  raw: 'ADC counts',
  percent: '%',
  irrigate: '0/1',
  fogEma: 'ADC counts',
  cloudEma: 'ADC counts',
  latencyMs: 'ms',
  twinRaw: 'ADC counts',
  twinPercent: '%',
};
