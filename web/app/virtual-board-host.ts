/** The virtual boards of this page: each with its plot, its flash kept, and what can be seen of it from outside. */
import type { BoardNetwork } from '../devices/virtual-board/firmware/network-port.ts';
import { firmwareIn } from '../devices/virtual-board/firmware/firmware.ts';
import { SoilPlot } from '../devices/virtual-board/firmware/soil-plot.ts';
import type { BoardNews } from '../devices/virtual-board/firmware/surroundings.ts';
import type { BoardClock } from '../devices/virtual-board/rom/board-clock.ts';
import { VirtualBoard, type BoardMode } from '../devices/virtual-board/rom/virtual-board.ts';
import type { BoardActivity, BoardFacts, NewBoard } from '../devices/virtual-board/virtual-boards-port.ts';
import type { GuestEngine } from '../guest/engine.ts';
import type { DailyWeather } from '../sim/models/daily-weather.ts';
import { BLOCK_BYTES, type BoardShelf, type KeptBoard } from './board-shelf.ts';

export interface BoardHostParts {
  clock: BoardClock;
  /** Since 1970. */
  epochUs(): number;
  engine: GuestEngine;
  weather: DailyWeather[];
  network: BoardNetwork;
  shelf: BoardShelf;
  /** Null while another tab runs this board; else what gives it free. */
  claim(id: string): Promise<(() => void) | null>;
  /** False: bytes and flash take no time, for tests. */
  paced: boolean;
}

/** Each runs a guest and a serial line of its own. */
const MOST_BOARDS = 8;
/** Writes come in bursts: what changed is kept together when it has been quiet for so long. */
const KEEP_AFTER_MS = 400;
const nothingKnown: BoardNews = { node: '', online: false, broker: '', identifying: false };

interface HostedBoard {
  kept: KeptBoard;
  board: VirtualBoard;
  plot: SoilPlot;
  news: BoardNews;
  activity: BoardActivity;
  changedBlocks: Set<number>;
  keeping: Promise<void>;
  storeProblem: string | null;
  release: () => void;
}

export class VirtualBoardHost {
  readonly #parts: BoardHostParts;
  readonly #hosted = new Map<string, HostedBoard>();
  readonly #listeners = new Set<(facts: BoardFacts[]) => void>();
  #told = false;

  private constructor(parts: BoardHostParts) {
    this.#parts = parts;
  }

  /** With the boards of earlier visits, but for those that another tab runs. */
  static async open(parts: BoardHostParts): Promise<VirtualBoardHost> {
    const host = new VirtualBoardHost(parts);
    const kept = await parts.shelf.list().catch(() => []);
    for (const board of kept.slice(0, MOST_BOARDS)) {
      const release = await parts.claim(board.id);
      if (release) host.#power(board, await parts.shelf.flash(board), release);
    }
    return host;
  }

  facts(): BoardFacts[] {
    return Array.from(this.#hosted.values(), (hosted) => factsOf(hosted));
  }

  watch(hear: (facts: BoardFacts[]) => void): () => void {
    this.#listeners.add(hear);
    hear(this.facts());
    return () => this.#listeners.delete(hear);
  }

  /** Gives its id; rejects with a sentence. */
  async create({ chip, flashBytes, seed }: NewBoard): Promise<string> {
    if (this.#hosted.size >= MOST_BOARDS) throw new Error(`This page runs ${MOST_BOARDS} virtual boards at most. Remove one first.`);
    const id = crypto.randomUUID();
    const kept = { id, chip, flashBytes, seed, madeMs: Math.round(this.#parts.epochUs() / 1000) };
    const hosted = this.#power(kept, null, (await this.#parts.claim(id)) ?? (() => undefined));
    await this.#try(hosted, () => this.#parts.shelf.add(kept));
    return id;
  }

  /** Throws a sentence when there is none of this id. */
  board(id: string): VirtualBoard {
    const hosted = this.#hosted.get(id);
    if (hosted) return hosted.board;
    throw new Error('That virtual board is not here any more, or another tab runs it.');
  }

  async remove(id: string): Promise<void> {
    const hosted = this.#hosted.get(id);
    if (!hosted) return;
    hosted.board.power(false);
    this.#hosted.delete(id);
    this.#changed();
    await hosted.keeping;
    await this.#parts.shelf.remove(id);
    hosted.release();
  }

  /** Resolves when all that was written to flash is kept. */
  async flush(): Promise<void> {
    await Promise.all(Array.from(this.#hosted.values(), (hosted) => this.#keep(hosted)));
  }

  /** Cuts the power of all. */
  stop(): void {
    for (const { board, release } of this.#hosted.values()) {
      board.power(false);
      release();
    }
    this.#hosted.clear();
  }

  #power(kept: KeptBoard, flashContents: Uint8Array | null, release: () => void): HostedBoard {
    const { clock, engine, network, weather, epochUs, paced } = this.#parts;
    const changed = (): void => this.#changed();
    const plot = new SoilPlot(weather, kept.seed, () => clock.nowMs(), changed);
    const surroundings = {
      plot,
      network,
      engine,
      epochUs,
      news: (news: BoardNews) => {
        hosted.news = news;
        changed();
      },
    };
    const board = new VirtualBoard({
      chip: kept.chip,
      clock,
      seed: kept.seed,
      flashBytes: kept.flashBytes,
      ...(flashContents && { flashContents }),
      startFirmware: firmwareIn(surroundings),
      paced,
    });
    const hosted: HostedBoard = {
      kept,
      board,
      plot,
      news: nothingKnown,
      activity: activityOf(board.mode),
      changedBlocks: new Set(),
      keeping: Promise.resolve(),
      storeProblem: null,
      release,
    };
    board.watchMode((mode) => {
      if (mode.kind !== 'running') hosted.news = nothingKnown;
      // A board with nothing to run boots again and again, which is no news.
      if (mode.kind !== 'booting' || hosted.activity.kind !== 'empty') hosted.activity = activityOf(mode);
      changed();
    });
    let wait = (): void => undefined;
    board.watchFlash((offset, bytes) => {
      for (let block = Math.floor(offset / BLOCK_BYTES); block * BLOCK_BYTES < offset + bytes; block += 1) hosted.changedBlocks.add(block);
      wait();
      wait = clock.setTimer(KEEP_AFTER_MS, () => void this.#keep(hosted));
    });
    this.#hosted.set(kept.id, hosted);
    changed();
    return hosted;
  }

  #keep(hosted: HostedBoard): Promise<void> {
    hosted.keeping = hosted.keeping.then(async () => {
      const { kept, board, changedBlocks } = hosted;
      if (changedBlocks.size === 0 || !this.#hosted.has(kept.id)) return;
      const blocks = new Map(Array.from(changedBlocks, (block) => [block, board.flashCopy(block * BLOCK_BYTES, BLOCK_BYTES)]));
      changedBlocks.clear();
      await this.#try(hosted, () => this.#parts.shelf.keep(kept.id, blocks));
    });
    return hosted.keeping;
  }

  async #try(hosted: HostedBoard, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      hosted.storeProblem = null;
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      hosted.storeProblem = `The browser does not store this board (${detail}): it is gone when the tab is closed.`;
    }
    this.#changed();
  }

  /** Once for all that changes at the same moment. */
  #changed(): void {
    if (this.#told) return;
    this.#told = true;
    queueMicrotask(() => {
      this.#told = false;
      const facts = this.facts();
      for (const hear of this.#listeners) hear(facts);
    });
  }
}

function factsOf({ kept, board, plot, news, activity, storeProblem }: HostedBoard): BoardFacts {
  const { id, chip, flashBytes, seed } = kept;
  return {
    id,
    chip,
    flashBytes,
    seed,
    mac: board.mac,
    activity,
    node: news.node || null,
    online: news.online,
    broker: news.broker,
    lights: plot.lights,
    identifying: news.identifying,
    storeProblem,
  };
}

function activityOf(mode: BoardMode): BoardActivity {
  switch (mode.kind) {
    case 'empty':
    case 'foreign':
      return { kind: mode.kind, reason: mode.reason };
    case 'download':
    case 'running':
    case 'off':
      return { kind: mode.kind };
    default:
      return { kind: 'starting' };
  }
}
