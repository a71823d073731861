/** The worker's side: runs hostile guests one after the other, and may be ended at any moment. */
import type { GuestLimits, LoadedGuest } from '../../guest/loaded-guest.ts';
import type { BrokerPort } from '../../sim/broker-port.ts';
import type { DailyWeather } from '../../sim/models/daily-weather.ts';
import { parameter } from '../../sim/parameters.ts';
import type { CellReply, CellRequest } from './cell-messages.ts';
import { hostileBytes } from './hostile-modules.ts';
import { NodeRuns } from './node-run.ts';
import type { Observation } from './observation.ts';
import { runInOwnMemory } from './own-memory-run.ts';
import { serveRequests } from './serve-requests.ts';
import { TransformedRuns } from './transformed-run.ts';
import { WorkingNeighbour } from './working-neighbour.ts';

/** What a cell is given by the page that opens it. */
export interface CellParts {
  c: LoadedGuest;
  rust: LoadedGuest;
  weather: DailyWeather[];
  limits: GuestLimits;
  newBroker(): BrokerPort;
}

const nowMs = (): number => performance.now();

class Cell {
  readonly #parts: CellParts;
  readonly #transformed: TransformedRuns;
  readonly #node: NodeRuns;
  #neighbour: WorkingNeighbour | null = null;

  constructor(parts: CellParts) {
    const { c, rust, weather, limits, newBroker } = parts;
    this.#parts = parts;
    this.#transformed = new TransformedRuns({ honest: [c, rust], limits, budget: parameter('node.sliceBudgetInstructions').value, nowMs });
    this.#node = new NodeRuns({ honest: c, limits, weather, newBroker, nowMs });
  }

  async answer(request: CellRequest): Promise<CellReply> {
    switch (request.kind) {
      case 'open':
        return { kind: 'ready' };
      case 'neighbour':
        this.#neighbour = await WorkingNeighbour.begin(this.#parts.c, nowMs);
        return { kind: 'ready' };
      case 'report': {
        if (!this.#neighbour) throw new Error('No neighbour works here.');
        return { kind: 'neighbour', seen: this.#neighbour.report() };
      }
      case 'run':
        return { kind: 'observed', observation: await this.#run(request) };
    }
  }

  #run({ runtime, guest, variant }: Extract<CellRequest, { kind: 'run' }>): Promise<Observation> {
    const bytes = hostileBytes(guest, variant, 'env');
    const name = `${guest}-${variant}.wasm`;
    switch (runtime) {
      case 'browser':
        return runInOwnMemory(name, bytes, this.#parts.limits, nowMs);
      case 'transformed':
        return this.#transformed.run(name, bytes);
      case 'node':
        return this.#node.run(name, bytes);
    }
  }
}

/** To be called once in a worker. @param open loads what a cell is given */
export function serveCell(open: () => Promise<CellParts>): void {
  const cell = open().then((parts) => new Cell(parts));
  serveRequests<CellRequest, CellReply>(async (request) => (await cell).answer(request));
}
