/** What the page asks of the simulation once something leads out of it: a broker, history, new guests over the air. */
import { proxy, type ProxyMarked } from 'comlink';
import type { CommandName, GuestOffer } from '../protocol/control-payloads.ts';
import type { SlotMode } from '../sim/bridge-snapshot.ts';
import type { LinkPort } from '../sim/link-port.ts';
import type { Pacer } from '../sim/pacer.ts';
import { RemoteControl } from '../sim/remote-control.ts';
import type { RolloutPlan } from '../sim/rollout.ts';
import type { GuestId } from '../sim/scenario.ts';
import type { World } from '../sim/world.ts';
import { setMode } from '../sim/world-slots.ts';
import type { OutsidePort } from '../ui/simulation-port.ts';
import type { GuestLibrary } from './guest-library.ts';
import { Joining, type IntakePort } from './joining.ts';
import type { LiveFleet } from './lab-live-fleet.ts';
import { wallClock } from './wall-clock.ts';

export interface OutsideParts {
  pacer: Pacer;
  library: GuestLibrary;
  world(): World;
  /** Starts the pacer, or does nothing when it runs. */
  run(): void;
}

export class OutsideControl implements OutsidePort {
  readonly joining: Joining;
  readonly #parts: OutsideParts;

  constructor(parts: OutsideParts) {
    this.#parts = parts;
    this.joining = new Joining(parts.world(), parts.pacer, () => parts.run());
  }

  async module(id: GuestId): Promise<{ name: string; sha256: string; bytes: Uint8Array } | null> {
    const guest = await this.#parts.library.find(id);
    return guest && { name: guest.name, sha256: guest.sha256, bytes: guest.bytes };
  }

  setMode(index: number, mode: SlotMode): Promise<string | null> {
    return this.#change((world) => setMode(world, index, mode));
  }

  command(index: number, command: CommandName): Promise<void> {
    return this.#change((world) => controlOf(world).command(index, command));
  }

  alignTwin(index: number): Promise<void> {
    return this.#change((world) => world.slots?.at(index)?.align());
  }

  startRollout(plan: RolloutPlan, bytes: Uint8Array, offer: GuestOffer): Promise<void> {
    return this.#change((world) => controlOf(world).startRollout(plan, bytes, offer));
  }

  steerRollout(verb: 'pause' | 'resume' | 'cancel'): Promise<void> {
    return this.#change(({ control }) => control?.rollout?.[verb]());
  }

  /** Takes part in the traffic of the broker at the other end of `link`. */
  connectLink(link: LinkPort): Promise<void> {
    return this.joining.connectLink(link);
  }

  /** Hands what passes while a broker is joined to history at the other end. */
  connectHistory(intake: IntakePort): void {
    this.joining.connectHistory(intake);
  }

  /** For experiments on this fleet. */
  async liveFleet(): Promise<LiveFleet & ProxyMarked> {
    const { LiveFleet } = await import('./lab-live-fleet.ts');
    const { pacer, library, world } = this.#parts;
    return proxy(new LiveFleet({ pacer, library, clock: wallClock(), world }));
  }

  #change<T>(change: (world: World) => T): Promise<T> {
    return this.#parts.pacer.exclusively(() => change(this.#parts.world()));
  }
}

function controlOf(world: World): RemoteControl {
  return (world.control ??= new RemoteControl(world));
}
