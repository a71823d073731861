import type { BrokerRole } from '../../broker/configuration.mjs';

export interface BrokerUser {
  name: string;
  password: string;
  role: BrokerRole;
}

export interface MosquittoOptions {
  /** Who may come in, by password and ACL; without it anybody may do anything. */
  users?: BrokerUser[];
  /** Of the ACL; `ic` when not given. */
  topicRoot?: string;
  /** Keeps retained messages, sessions and queues over `restart` and, from `saveNow` on, over `kill`. Off when not given. */
  persistence?: boolean;
  /** Also listens by TLS, with a certificate for localhost and 127.0.0.1 by an authority of its own (`caFile`). */
  tls?: boolean;
  /** Lines of mosquitto.conf; a setting that the configuration has too takes the last value. */
  extraLines?: string[];
  /** Free ports when not given; the ports stay the same over `kill` and `restart` in any case. */
  mqttPort?: number;
  wsPort?: number;
  mqttsPort?: number;
  wssPort?: number;
  /** Address to listen on; 127.0.0.1 when not given. */
  bind?: string;
  /** Holds everything and is left behind by `stop`; a temporary folder that `stop` removes when not given. */
  dir?: string;
  /** What Mosquitto logs, as it comes. */
  onLog?: (text: string) => void;
  /** Keeps Ctrl-C in the terminal from reaching it before this process can end it in order. */
  ownGroup?: boolean;
  /** It has ended although nobody here ended it. */
  onUnasked?: () => void;
}

export interface RunningMosquitto {
  readonly mqttPort: number;
  readonly wsPort: number;
  /** With `tls` only. */
  readonly mqttsPort: number | undefined;
  readonly wssPort: number | undefined;
  /** `ws://127.0.0.1:PORT`, for pages. */
  readonly url: string;
  /** `mqtt://127.0.0.1:PORT`, for boards. */
  readonly mqttUrl: string;
  /** PEM certificate of the authority; with `tls` only. */
  readonly caFile: string | undefined;
  readonly dir: string;
  /** Undefined while it is killed. */
  readonly pid: number | undefined;
  /** What it has said on its log since it was last started, the last million characters. */
  log(): string;
  /** Ends it, by SIGKILL when no signal is given, and resolves when it is gone. `restart` brings it back. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it in order if it runs, and starts it again at the same ports; resolves when it listens. */
  restart(): Promise<void>;
  /** Has it write its database; resolves when that is on disk. Needs `persistence`, and is not possible on Windows. */
  saveNow(): Promise<void>;
  /** Ends it in order and removes its temporary folder. */
  stop(): Promise<void>;
}

/**
 * Starts Mosquitto with the configuration of `broker/` on 127.0.0.1 and resolves when all its ports listen.
 * Rejects with a sentence that says what to install, or with what Mosquitto said. It ends with this process.
 */
export function startMosquitto(options?: MosquittoOptions): Promise<RunningMosquitto>;

/** Path of Mosquitto (`MOSQUITTO_PATH` goes first), or undefined. */
export function findMosquitto(): string | undefined;
export function findProgram(name: string): string | undefined;
export function freePort(): Promise<number>;
/** What to type to get Mosquitto, on each system. */
export const mosquittoAdvice: string;
/** Debian's packages that any test with a broker needs. */
export const mosquittoPackages: string[];
/** Debian's packages that the tests of `broker/` need. */
export const brokerPackages: string[];
