/** Virtual boards in Node, as their worker opens them in the page; their flash is kept in memory, their lines take no time. */
import { readFile } from 'node:fs/promises';
import { PageNetwork } from '../../web/app/board-network.ts';
import { BLOCK_BYTES, type BoardShelf, type KeptBoard } from '../../web/app/board-shelf.ts';
import { VirtualBoardHost } from '../../web/app/virtual-board-host.ts';
import { epochUs } from '../../web/app/wall-clock.ts';
import { encodeGuestSlot } from '../../web/devices/image/guest-slot-image.ts';
import { BoardCommands } from '../../web/devices/session/board-commands.ts';
import { ImprovClient } from '../../web/devices/session/improv-client.ts';
import { SerialSession } from '../../web/devices/session/serial-session.ts';
import type { BoardClock } from '../../web/devices/virtual-board/rom/board-clock.ts';
import type { VirtualBoard } from '../../web/devices/virtual-board/rom/virtual-board.ts';
import { buildVirtualImage } from '../../web/devices/virtual-board/rom/virtual-image.ts';
import { createEngine } from '../../web/guest/engine.ts';
import { Broker } from '../../web/mqtt/broker.ts';
import { parseDailyWeather } from '../../web/sim/models/daily-weather.ts';
import type { MqttMessage } from '../../web/protocol/message.ts';
import { nodeGuestThreads } from './node-guest-threads.ts';

const FLASH_BYTES = 0x400000;
const weatherPath = new URL('../../node_modules/vega-datasets/data/seattle-weather.csv', import.meta.url);
const modules = new URL('../../web/guest/modules/', import.meta.url);

export const wallBoardClock: BoardClock = {
  nowMs: () => performance.now(),
  setTimer: (delayMs, fire) => {
    const timer = setTimeout(fire, delayMs);
    return () => clearTimeout(timer);
  },
};

export async function guestModule(name: 'irrigation-c.wasm' | 'irrigation-rust.wasm'): Promise<Uint8Array> {
  return new Uint8Array(await readFile(new URL(name, modules)));
}

/** What a flasher would have written: the virtual firmware, and the guest that came with it. */
export async function flashedBoard(guest?: Uint8Array): Promise<Uint8Array> {
  const flash = new Uint8Array(FLASH_BYTES).fill(0xff);
  const slot = encodeGuestSlot({ module: guest ?? (await guestModule('irrigation-c.wasm')), name: 'irrigation-c.wasm', sequence: 1, signer: null });
  for (const { offset, bytes } of buildVirtualImage({ chip: 'esp32', version: '1.0.0', appBytes: 4096, guestSlot: slot })) flash.set(bytes, offset);
  return flash;
}

export class MemoryShelf implements BoardShelf {
  readonly boards = new Map<string, { kept: KeptBoard; flash: Uint8Array }>();

  put(id: string, flash: Uint8Array, seed = 7): void {
    this.boards.set(id, { kept: { id, chip: 'esp32', flashBytes: FLASH_BYTES, seed, madeMs: this.boards.size }, flash });
  }

  list(): Promise<KeptBoard[]> {
    return Promise.resolve(Array.from(this.boards.values(), ({ kept }) => kept));
  }

  add(kept: KeptBoard): Promise<void> {
    this.boards.set(kept.id, { kept, flash: new Uint8Array(kept.flashBytes).fill(0xff) });
    return Promise.resolve();
  }

  remove(id: string): Promise<void> {
    this.boards.delete(id);
    return Promise.resolve();
  }

  flash({ id }: KeptBoard): Promise<Uint8Array> {
    return Promise.resolve(this.boards.get(id)!.flash.slice());
  }

  keep(id: string, blocks: ReadonlyMap<number, Uint8Array>): Promise<void> {
    for (const [block, bytes] of blocks) this.boards.get(id)!.flash.set(bytes, block * BLOCK_BYTES);
    return Promise.resolve();
  }
}

export interface TestBoards {
  host: VirtualBoardHost;
  broker: Broker;
  network: PageNetwork;
  shelf: MemoryShelf;
}

export async function openVirtualBoards(shelf: MemoryShelf, broker = new Broker()): Promise<TestBoards> {
  const engine = await createEngine('workers', nodeGuestThreads);
  if (typeof engine === 'string') throw new Error(engine);
  const weather = parseDailyWeather(await readFile(weatherPath, 'utf8'));
  const { WebSocket } = await import('ws');
  const network = new PageNetwork({ pageBroker: broker, openSocket: (url, protocols) => new WebSocket(url, protocols) as never });
  const claim = () => Promise.resolve(() => undefined);
  const host = await VirtualBoardHost.open({ clock: wallBoardClock, epochUs, engine, weather, network, shelf, claim, paced: false });
  return { host, broker, network, shelf };
}

/** Who sits at the cable. */
export class Desk {
  readonly session: SerialSession;
  readonly client: ImprovClient;
  readonly commands: BoardCommands;

  constructor(board: Pick<VirtualBoard, 'port'>) {
    this.session = new SerialSession(board.port);
    this.client = new ImprovClient(this.session);
    this.commands = new BoardCommands(this.client);
  }

  async open(): Promise<void> {
    await this.session.open();
    if (this.session.state.kind !== 'open') throw new Error(`The line is ${this.session.state.kind}.`);
  }

  async close(): Promise<void> {
    this.client.dispose();
    await this.session.dispose();
  }

  text(): string {
    return this.session.console.text();
  }
}

/** Who listens at the broker. */
export class Listener {
  readonly heard: MqttMessage[] = [];
  readonly #session;

  constructor(broker: Broker, filter: string) {
    this.#session = broker.connect(`listener-${Math.random()}`, {
      keepAliveS: 0,
      cleanStart: true,
      onMessage: (message, packetId, own) => {
        if (packetId !== null) own.acknowledge(packetId);
        this.heard.push(message);
      },
    });
    this.#session.subscribe(filter, 1, { retainAsPublished: true });
  }

  publish(message: Partial<MqttMessage> & { topic: string }): void {
    this.#session.publish({ payload: '', qos: 1, retain: false, ...message });
  }

  /** Payloads under a topic's end, as JSON. */
  of(ending: string): Record<string, unknown>[] {
    return this.heard.filter(({ topic }) => topic.endsWith(ending)).map(({ payload }) => JSON.parse(payload) as Record<string, unknown>);
  }
}

/** Rejects, naming what was waited for, when it has not come about in time. */
export async function until(condition: () => boolean | Promise<boolean>, what: string, withinMs = 20_000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`Waited ${withinMs / 1000} s in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
