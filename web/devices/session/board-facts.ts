/** What a board says of itself over its serial line. */

/** Improv's device information. */
export interface DeviceInfo {
  /** `continuum-node` for ours. */
  firmware: string;
  version: string;
  chip: string;
  /** Node id, or what another firmware calls the board. */
  name: string;
}

export interface Network {
  ssid: string;
  rssiDbm: number;
  secured: boolean;
}

/** As in SERIAL.md; a secret says only whether it is set. */
export interface Settings {
  node: string;
  root: string;
  broker: string;
  user: string;
  passwordSet: boolean;
  caSet: boolean;
  /** A line `ed25519 BASE64 NAME` each. */
  keys: string;
}

export type WifiPhase = 'idle' | 'connecting' | 'online' | 'failed';
export type BrokerPhase = 'none' | 'resolving' | 'connecting' | 'online' | 'failed';
export type GuestPhase = 'none' | 'running' | 'trying' | 'faulted' | 'stopped';
export type ResetCause = 'power' | 'software' | 'panic' | 'watchdog' | 'brownout' | 'other';

/** What the board did not say, or in words that are not known here, is null. */
export interface BoardStatus {
  wifi: WifiPhase | null;
  wifiReason: string | null;
  ip: string | null;
  rssiDbm: number | null;
  broker: BrokerPhase | null;
  brokerReason: string | null;
  guest: GuestPhase | null;
  guestName: string | null;
  /** Lower-case hexadecimal. */
  guestSha256: string | null;
  /** Its last fault or refusal, a sentence. */
  guestReason: string | null;
  guestSteps: number | null;
  outboxMessages: number | null;
  boots: number | null;
  reset: ResetCause | null;
  safeMode: boolean | null;
  uptimeMs: number | null;
}

export interface BoardFacts {
  device: DeviceInfo;
  /** Whether it answers our requests beside Improv's; without them only its Wi-Fi can be set, and the next three are null. */
  extension: boolean;
  settings: Settings | null;
  /** SSIDs it knows the password of. */
  storedNetworks: readonly string[] | null;
  status: BoardStatus | null;
  /** In reach, strongest first, each SSID once. */
  networks: readonly Network[];
  /** Why the networks in reach are not known, a sentence. */
  scanProblem: string | null;
  /** Where a board that is online shows a page of its own. */
  url: string | null;
}
