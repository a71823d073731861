/** Bounds of a node's configuration, for the parser and for forms, which need no parser. */

export const MAX_ADC = 4095;
/** Hosts take a shorter pause as this one, so less could be asked for but not be in force. */
export const MIN_PERIOD_MS = 100;
/** One day. */
export const MAX_PERIOD_MS = 86_400_000;
