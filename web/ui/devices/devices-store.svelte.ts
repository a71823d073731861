/** The boards of this page, real and virtual. It outlives the view, so that a job goes on while the view is closed. */
import type { BoardPort } from '../../devices/port/board-port.ts';
import type { NewBoard, VirtualBoards } from '../../devices/virtual-board/virtual-boards-port.ts';
import { BoardStore } from './board-store.svelte.ts';
import type { DevicesPort } from './devices-port.ts';
import { knownBoards, requestBoard, watchArrivals } from './serial-access.ts';

const chipNames = { esp32: 'ESP32', esp32s3: 'ESP32-S3', esp32c3: 'ESP32-C3' } as const;

export class DevicesStore {
  readonly port: DevicesPort;
  #boards = $state.raw<BoardStore[]>([]);
  #chosen = $state<string | null>(null);
  #problem = $state<string | null>(null);
  #opened: Promise<void> | null = null;
  #virtual: Promise<VirtualBoards> | null = null;
  #real = 0;

  constructor(port: DevicesPort) {
    this.port = port;
  }

  get boards(): BoardStore[] {
    return this.#boards;
  }

  get chosen(): BoardStore | null {
    return this.#boards.find(({ id }) => id === this.#chosen) ?? this.#boards[0] ?? null;
  }

  /** What could not be done, a sentence, or null. */
  get problem(): string | null {
    return this.#problem;
  }

  choose(id: string): void {
    this.#chosen = id;
  }

  dismissProblem(): void {
    this.#problem = null;
  }

  /** Lists the boards that are there; does so once. */
  open(): Promise<void> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  /** Lets the user choose a real board. */
  async addReal(): Promise<void> {
    await this.#try(async () => {
      const port = await requestBoard();
      if (port) this.#chosen = this.#addPort(port).id;
    });
  }

  async addVirtual(wanted: NewBoard): Promise<void> {
    await this.#try(async () => {
      const boards = await this.#openVirtual();
      const { id } = await boards.create(wanted);
      await this.#list(boards);
      this.#chosen = id;
    });
  }

  async remove(board: BoardStore): Promise<void> {
    await this.#try(async () => {
      await board.dispose();
      if (board.virtual) await (await this.#openVirtual()).remove(board.id);
      this.#boards = this.#boards.filter((each) => each !== board);
    });
  }

  async #open(): Promise<void> {
    // Half a firmware starts no board.
    addEventListener('beforeunload', (event) => {
      if (this.#boards.some(({ busy }) => busy)) event.preventDefault();
    });
    for (const port of await knownBoards()) this.#addPort(port);
    watchArrivals((port) => {
      // Each board is asked: the one that had lost this port takes it back.
      if (!this.#boards.some(({ session, virtual }) => virtual === null && session.arrived(port))) this.#addPort(port);
    });
    await this.#try(async () => void (await this.#openVirtual()));
  }

  #openVirtual(): Promise<VirtualBoards> {
    this.#virtual ??= this.port.openBoards().then(async (boards) => {
      await this.#list(boards);
      boards.watch((facts) => {
        for (const each of facts) {
          const board = this.#boards.find(({ id }) => id === each.id);
          if (board) board.facts = each;
        }
      });
      return boards;
    });
    // What failed to start may start the next time.
    this.#virtual.catch(() => (this.#virtual = null));
    return this.#virtual;
  }

  async #list(boards: VirtualBoards): Promise<void> {
    for (const facts of await boards.list()) {
      if (this.#boards.some(({ id }) => id === facts.id)) continue;
      const virtual = await boards.open(facts.id);
      const board = new BoardStore(facts.id, `Virtual ${chipNames[facts.chip]}`, virtual.port, virtual);
      board.facts = facts;
      this.#boards = [...this.#boards, board];
    }
  }

  #addPort(port: BoardPort): BoardStore {
    const known = this.#boards.find(({ session }) => session.port === port);
    if (known) return known;
    this.#real++;
    const board = new BoardStore(`real-${this.#real}`, `Board ${this.#real}`, port, null);
    this.#boards = [...this.#boards, board];
    return board;
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.#problem = null;
    try {
      await work();
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
  }
}
