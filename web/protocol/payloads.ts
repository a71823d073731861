/** The payloads that every node speaks: type in English, parser and encoder. Those of remote control are in `control-payloads.ts`. */
export type { Parsed } from './parsed.ts';
export type { AnomalyCode } from './anomaly.ts';
export { encodeTelemetry, parseTelemetry, type Telemetry } from './telemetry.ts';
export { checkNodeConfig, encodeNodeConfig, parseNodeConfig, type NodeConfig } from './node-config.ts';
export { encodeConfigAck, parseConfigAck, type ConfigAck } from './config-ack.ts';
export { encodePresence, parsePresence, type Presence } from './presence.ts';
export { encodeMetrics, parseMetrics, type NodeMetrics } from './metrics.ts';
export { encodeProcessed, parseProcessed, type Processed } from './processed.ts';
export { encodeAnalytics, parseAnalytics, type Analytics } from './analytics.ts';
