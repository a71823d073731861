/** Entry point of the worker in which virtual boards live, and with them the broker inside this page. */
import { expose, proxy } from 'comlink';
import weatherUrl from '../../node_modules/vega-datasets/data/seattle-weather.csv?url';
import type { BoardFacts, NewBoard, PortFault } from '../devices/virtual-board/virtual-boards-port.ts';
import { createEngine } from '../guest/engine.ts';
import { Broker } from '../mqtt/broker.ts';
import type { BrokerProfile } from '../mqtt/link/profile.ts';
import type { LinkReport } from '../mqtt/link/report.ts';
import { overMessagePort } from '../mqtt/link/simulation-channel.ts';
import { parseDailyWeather } from '../sim/models/daily-weather.ts';
import { PageNetwork, type JoinedBroker } from './board-network.ts';
import { DexieBoardShelf } from './board-shelf.ts';
import { fetchBytes } from './fetch-bytes.ts';
import { PageBrokerLink } from './page-broker-link.ts';
import { serveBoardPort } from './serve-board-port.ts';
import { VirtualBoardHost } from './virtual-board-host.ts';
import { epochUs } from './wall-clock.ts';

export interface BoardWorker {
  /** Powers the boards of earlier visits. Rejects with a sentence when no guest can run here. */
  open(): Promise<void>;
  list(): BoardFacts[];
  create(wanted: NewBoard): Promise<string>;
  remove(id: string): Promise<void>;
  watch(hear: (boards: BoardFacts[]) => void): () => void;
  /** Serves the board's serial port at the other end of `wire`. */
  connectPort(id: string, wire: MessagePort): void;
  power(id: string, on: boolean): void;
  press(id: string, button: 'boot' | 'en', down: boolean): void;
  inject(id: string, fault: PortFault | null): void;
  /** The broker outside that the page has joined; null for none. */
  joined(broker: JoinedBroker | null): void;
  /** Takes the page broker's end of the channel to the simulation. */
  connectLink(channel: MessagePort): void;
  joinPageBroker(profile: BrokerProfile): void;
  leavePageBroker(): void;
  report(): LinkReport;
}

const broker = new Broker();
const link = new PageBrokerLink({ broker, nowMs: Date.now, epochUs });
const network = new PageNetwork({ pageBroker: broker, openSocket: (url, protocols) => new WebSocket(url, protocols) });
let host: VirtualBoardHost | null = null;

/** Null where the page is not cross-origin isolated and memory cannot be shared. */
const openThreads =
  typeof SharedArrayBuffer === 'undefined'
    ? null
    : async () => (await import('./open-guest-threads.ts')).openGuestThreads();

const clock = {
  nowMs: () => performance.now(),
  setTimer: (delayMs: number, fire: () => void) => {
    const timer = setTimeout(fire, delayMs);
    return () => clearTimeout(timer);
  },
};

/** A tab that is just being reloaded holds its locks a little longer than its page is there. */
const RELOAD_MS = 1000;
const RETRY_MS = 100;

/** One tab runs a board; where tabs cannot agree (a page over plain http) each takes it for its own. */
async function claim(id: string): Promise<(() => void) | null> {
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) return () => undefined;
  for (const endMs = performance.now() + RELOAD_MS; ; ) {
    const release = await tryLock(locks, `continuum-board ${id}`);
    if (release || performance.now() > endMs) return release;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** Gives how to release it; null when somebody else has it. */
function tryLock(locks: LockManager, name: string): Promise<(() => void) | null> {
  return new Promise((resolve, reject) => {
    locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(null);
        return new Promise<void>((release) => resolve(release));
      })
      .catch(reject);
  });
}

function opened(): VirtualBoardHost {
  if (!host) throw new Error('The virtual boards are not ready yet.');
  return host;
}

const worker: BoardWorker = {
  async open() {
    const [engine, weather] = await Promise.all([createEngine(null, openThreads), fetchBytes(weatherUrl)]);
    if (typeof engine === 'string') throw new Error(engine);
    const shelf = new DexieBoardShelf();
    const days = parseDailyWeather(new TextDecoder().decode(weather));
    host ??= await VirtualBoardHost.open({ clock, epochUs, engine, weather: days, network, shelf, claim, paced: true });
  },
  list: () => opened().facts(),
  create: (wanted) => opened().create(wanted),
  remove: (id) => opened().remove(id),
  watch: (hear) => proxy(opened().watch((facts) => hear(facts))),
  connectPort: (id, wire) => serveBoardPort(opened().board(id).port, wire),
  power: (id, on) => opened().board(id).power(on),
  press: (id, button, down) => opened().board(id).press(button, down),
  inject: (id, fault) => opened().board(id).inject(fault),
  joined: (outside) => network.join(outside),
  connectLink: (channel) => link.connect(overMessagePort(channel)),
  joinPageBroker: (profile) => link.join(profile),
  leavePageBroker: () => link.leave(),
  report: () => link.report(),
};

expose(worker);
