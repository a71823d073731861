/** Common to the fog and the cloud: a placement that can change while they run, and a bank of stream guests. */
import type { LoadedGuest } from '../guest/loaded-guest.ts';
import { GuestFaultError } from '../guest/types.ts';
import { LatencyBook } from './latency-book.ts';
import { NetworkedNode } from './networked-node.ts';
import { guestTitle, type NodeContext, type NodeIdentity } from './node-context.ts';
import { RecentValues } from './quantiles.ts';
import { runtimeProfile } from './runtime-profile.ts';
import type { Placement } from './strategy.ts';
import { StreamBank, type BankStream, type Filtered } from './stream-bank.ts';

export abstract class StreamNode extends NetworkedNode {
  latency: LatencyBook;
  recentCpuUs: RecentValues;
  #guest: LoadedGuest;
  #placement: Placement;
  #bank: StreamBank | null = null;
  #startedUs = 0;
  /** Of the last message. */
  instructionsPerStep = NaN;
  cpuUsPerStep = NaN;
  /** Messages worked on. */
  steps = 0;
  faults = 0;

  constructor(context: NodeContext, identity: NodeIdentity, guest: LoadedGuest, placement: Placement) {
    super(context, identity);
    this.#guest = guest;
    this.#placement = placement;
    const { readings } = context.kept.tier;
    this.latency = new LatencyBook(readings);
    this.recentCpuUs = new RecentValues(readings);
    this.#bank = this.#newBank();
  }

  get runtimeLabel(): string {
    const profile = runtimeProfile(this.identity.tier, this.#placement, this.context.parameters);
    return profile?.label ?? 'relay only';
  }

  get runtimeBytes(): number {
    return runtimeProfile(this.identity.tier, this.#placement, this.context.parameters)?.runtimeBytes ?? 0;
  }

  get guest(): LoadedGuest | null {
    return this.#placement === 'wasm' ? this.#guest : null;
  }

  get placement(): Placement {
    return this.#placement;
  }

  get uptimeUs(): number {
    return this.context.kernel.nowUs - this.#startedUs;
  }

  memory(): { declaredBytes: number; usedBytes: number } | null {
    return this.#bank?.memory() ?? null;
  }

  /** CPU time of the streams under the placement in force; 0 for a tier that relays. */
  get busyUs(): number {
    return this.#bank?.busyUs ?? 0;
  }

  get streams(): number {
    return this.#bank?.size ?? 0;
  }

  abstract start(): void;

  protected started(): void {
    this.#startedUs = this.context.kernel.nowUs;
    this.setState('running');
  }

  /** Streams begin afresh under a new guest or placement. */
  run(guest: LoadedGuest, placement: Placement): void {
    if (guest === this.#guest && placement === this.#placement) return;
    this.#guest = guest;
    this.#placement = placement;
    this.restart();
    this.announce();
  }

  restart(): void {
    this.#bank?.stop();
    this.#bank = this.#newBank();
    this.forget();
    this.say('host', `Runs ${this.#placement === 'wasm' ? guestTitle(this.#guest) : this.runtimeLabel} from now on.`);
    this.setState('running');
  }

  /** Frees its guests; nothing runs here afterwards. */
  shutDown(): void {
    this.#bank?.stop();
    this.#bank = null;
  }

  /** What was derived from the streams before is void. */
  forget(): void {
    const { readings } = this.context.kept.tier;
    this.latency = new LatencyBook(readings);
    this.recentCpuUs = new RecentValues(readings);
    this.instructionsPerStep = NaN;
    this.cpuUsPerStep = NaN;
    this.context.columns.instructionsPerStep[this.identity.index] = NaN;
  }

  /** The stream if it is one of the bank in force, else a new one of that name; null when this tier relays. */
  protected current(stream: BankStream | null, name: string): BankStream | null {
    if (!this.#bank) return null;
    return stream?.bank === this.#bank ? stream : this.#bank.open(name);
  }

  /** Null when the stream's guest is faulted; the fault is reported here. The answer is good until the next call. */
  protected filter(stream: BankStream, raw: number, withAnomaly: boolean): Filtered | null {
    const { bank } = stream;
    try {
      const filtered = bank.filter(stream, raw, withAnomaly);
      if (!filtered) return null;
      this.steps += 1;
      this.instructionsPerStep = filtered.instructions;
      this.cpuUsPerStep = Number.isNaN(filtered.instructions) ? NaN : filtered.cpuUs;
      this.context.columns.instructionsPerStep[this.identity.index] = filtered.instructions;
      this.recentCpuUs.add(filtered.cpuUs);
      if (this.state === 'faulted' && !bank.anyPaused) this.setState('running');
      return filtered;
    } catch (error) {
      if (!(error instanceof GuestFaultError)) throw error;
      this.faults += 1;
      const reason = `Stream ${stream.name}: ${error.fault.reason}`;
      this.say('error', reason);
      if (this.state !== 'faulted') this.context.notify('error', this.identity.index, `${this.identity.id}: ${reason}`);
      this.setState('faulted', reason);
      return null;
    }
  }

  #newBank(): StreamBank | null {
    const profile = runtimeProfile(this.identity.tier, this.#placement, this.context.parameters);
    if (!profile) return null;
    return new StreamBank(this.context, this.identity.id, profile, this.#placement === 'wasm' ? this.#guest : null);
  }
}
