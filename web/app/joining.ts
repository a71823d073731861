/** A simulation that takes part in the traffic of a broker outside: it keeps to wall time, and what passes is recorded. */
import type { ToHistory } from '../history/history-port.ts';
import { Bridge } from '../sim/bridge.ts';
import type { FromLink, LinkPort } from '../sim/link-port.ts';
import type { Pacer } from '../sim/pacer.ts';
import type { World } from '../sim/world.ts';
import { HistoryTap } from './history-tap.ts';
import { epochUs } from './wall-clock.ts';

const WHY_1X = 'While a broker is joined the simulation runs at 1x, because real nodes live in wall time. Leave the broker first.';

/** History's end of a channel; a `MessagePort` is one. */
export interface IntakePort {
  postMessage(message: ToHistory, transfer: Transferable[]): void;
}

export class Joining {
  readonly #pacer: Pacer;
  readonly #run: () => void;
  #world: World;
  #bridge: Bridge | null = null;
  #tap: HistoryTap | null = null;
  /** Speed to go back to; null while no broker is joined. */
  #speedBefore: number | null = null;

  /** @param run starts the pacer, or does nothing when it runs */
  constructor(world: World, pacer: Pacer, run: () => void) {
    this.#world = world;
    this.#pacer = pacer;
    this.#run = run;
  }

  /** What it was connected to before is left, and not heard any more. */
  connectLink(link: LinkPort): Promise<void> {
    return this.#pacer.exclusively(() => {
      if (this.#speedBefore !== null) this.#take({ kind: 'left' });
      const bridge = new Bridge(this.#world, { post: (message) => link.postMessage(message), epochUs });
      this.#bridge = bridge;
      link.addEventListener('message', ({ data }) => {
        void this.#pacer.exclusively(() => {
          if (this.#bridge === bridge) this.#take(data);
        });
      });
      link.start();
    });
  }

  connectHistory(intake: IntakePort): void {
    this.#tap = new HistoryTap(this.#world, (message, transfer) => intake.postMessage(message, transfer));
    if (this.#speedBefore !== null) this.#record();
  }

  /** The world was built anew. */
  attach(world: World): void {
    this.#world = world;
    this.#tap?.attach(world);
    this.#bridge?.attach(world);
    if (this.#speedBefore !== null) this.#record();
  }

  /** Hands over what has gathered. */
  flush(): void {
    this.#bridge?.flush();
    this.#tap?.flush();
  }

  setSpeed(speed: number): void {
    if (this.#speedBefore === null) this.#pacer.setSpeed(speed);
    else this.#speedBefore = speed;
  }

  throwIfJoined(): void {
    if (this.#speedBefore !== null) throw new Error(WHY_1X);
  }

  #take(message: FromLink): void {
    this.#bridge!.take(message);
    if (message.kind === 'joined' && this.#speedBefore === null) {
      this.#speedBefore = this.#pacer.speed;
      this.#pacer.setSpeed(1);
      this.#record();
      this.#run();
    } else if (message.kind === 'left' && this.#speedBefore !== null) {
      this.#pacer.setSpeed(this.#speedBefore);
      this.#speedBefore = null;
      this.#world.observer.tap = null;
      this.#tap?.flush();
    }
  }

  #record(): void {
    const { observer, nodes, slots } = this.#world;
    observer.tap = this.#tap;
    if (!this.#tap) return;
    const owner = this.#bridge?.clientId ?? null;
    for (const node of nodes) {
      const { id, index } = node.identity;
      const slot = slots?.at(index);
      if (slot) slots?.sourceChanged(slot);
      else if ('runtimeLabel' in node) {
        const { runtimeLabel: runtime, guest } = node;
        this.#tap.source(index, { id, mode: 'simulated', kind: 'simulated', owner, runtime, guestSha256: guest?.sha256 ?? null });
      }
    }
  }
}
