/**
 * Drives one loop guest on the kernel's clock: slices of running between the pauses, virtual CPU time
 * from retired instructions, restart with back-off after a fault.
 */
import { GuestFaultError, type GuestFault, type HostCalls, type LoopGuest, type Pause } from '../guest/types.ts';
import { KernelEvent, type Kernel } from './kernel.ts';
import { RecentValues } from './quantiles.ts';
import { cpuUs, type RuntimeProfile } from './runtime-profile.ts';

/** What a host call brings about, at its virtual time. */
export interface Effect {
  bring(): void;
}

/** What the runner needs of the node around the guest. */
export interface RunnerHost {
  /** The guest's host functions. They decide at once, in the order of the calls. */
  guestOutput(pin: number, level: number): Effect | null;
  guestLog(text: string): Effect;
  /** 0, or negative on refusal; the message goes out by an effect that is given to the runner. */
  guestPublish(topic: string, payload: string, runner: GuestRunner): number;
  guestConfig(key: number): number;
  /** How long a read of this sensor blocks, microseconds; 0 for one that does not exist. */
  guestSenseUs(sensor: number): number;
  /** Value of the sensor when the read ends. */
  guestSense(sensor: number): number;
  /** The guest kept the CPU busy from now on for so long. */
  guestBusy(durationUs: number): void;
  /** The guest is gone; `reason` is null when it returned by itself. */
  guestEnded(reason: string | null, restartInUs: number | null): void;
  guestRestarted(): void;
  /** A sample cycle is complete. */
  guestStepped(instructions: number): void;
}

export interface RestartPolicy {
  initialUs: number;
  maxUs: number;
  /** A guest that ran this long is trusted again: the back-off starts anew. */
  healthyUs: number;
}

/** A FreeRTOS tick at CONFIG_FREERTOS_HZ = 1000: the least that a delay blocks. */
const TICK_US = 1000;

/** An effect on its way to its time; one of a guest that was stopped meanwhile comes to nothing. */
class DueEffect extends KernelEvent {
  readonly #runner: GuestRunner;
  readonly #generation: number;
  readonly #effect: Effect;

  constructor(runner: GuestRunner, effect: Effect) {
    super();
    this.#runner = runner;
    this.#generation = runner.generation;
    this.#effect = effect;
  }

  override run(): void {
    if (this.#runner.generation === this.#generation) this.#effect.bring();
  }
}

/** The end of a pause. */
class WakeUp extends KernelEvent {
  readonly #runner: GuestRunner;
  /** Null after a delay. */
  sensor: number | null = null;

  constructor(runner: GuestRunner) {
    super();
    this.#runner = runner;
  }

  override run(): void | Promise<void> {
    return this.#runner.wake(this.sensor);
  }
}

export class GuestRunner implements HostCalls {
  readonly #kernel: Kernel;
  readonly #host: RunnerHost;
  readonly #profile: RuntimeProfile;
  readonly #create: (host: HostCalls) => LoopGuest;
  readonly #policy: RestartPolicy;
  readonly #totals: { wakeups: number };
  #guest: LoopGuest | null = null;
  /** A restart, the end of a guest, or the end of a pause. */
  #next: KernelEvent | null = null;
  /** Used for one pause after the other. */
  #wakeUp = new WakeUp(this);
  #hostCalls = 0;
  #generation = 0;
  #backOffUs: number;
  #startedUs = 0;
  #stepInstructions = 0;
  #stepCpuUs = 0;

  /** Complete sample cycles. */
  steps = 0;
  restarts = 0;
  /** Of the last complete step. */
  instructionsPerStep = NaN;
  cpuUsPerStep = NaN;
  readonly recentCpuUs: RecentValues;

  /**
   * @param readings over which the spread of CPU time is kept
   * @param totals counts resumptions
   * @param create makes a fresh guest; it may throw `GuestFaultError`
   */
  constructor(
    kernel: Kernel,
    host: RunnerHost,
    profile: RuntimeProfile,
    policy: RestartPolicy,
    readings: number,
    totals: { wakeups: number },
    create: (host: HostCalls) => LoopGuest,
  ) {
    this.#kernel = kernel;
    this.#host = host;
    this.#profile = profile;
    this.#policy = policy;
    this.#totals = totals;
    this.#create = create;
    this.#backOffUs = policy.initialUs;
    this.recentCpuUs = new RecentValues(readings);
  }

  /** Grows with every stop: effects of a guest that was stopped meanwhile must not reach the node. */
  get generation(): number {
    return this.#generation;
  }

  memory(): { declaredBytes: number; usedBytes: number } | null {
    return this.#guest?.memory() ?? null;
  }

  start(): void | Promise<void> {
    this.#startedUs = this.#kernel.nowUs;
    this.#stepInstructions = 0;
    this.#stepCpuUs = 0;
    this.#hostCalls = 0;
    try {
      this.#guest = this.#create(this);
    } catch (error) {
      if (!(error instanceof GuestFaultError)) throw error;
      this.#fault(error.fault);
      return;
    }
    return this.#guest.start();
  }

  /** Ends the guest without a word; what it has called but not yet brought about, and a pending restart, are called off. */
  stop(): void {
    this.#generation += 1;
    if (this.#next) this.#next.cancelled = true;
    this.#next = null;
    // The one called off still lies in the queue.
    this.#wakeUp = new WakeUp(this);
    this.#guest?.stop();
    this.#guest = null;
  }

  /** @param sensor to be read first; null after a delay */
  wake(sensor: number | null): void | Promise<void> {
    const value = sensor === null ? 0 : this.#host.guestSense(sensor);
    this.#hostCalls = 0;
    this.#totals.wakeups += 1;
    return this.#guest?.resume(value);
  }

  setOutput(pin: number, level: number): void {
    this.bringAbout(this.#host.guestOutput(pin, level));
  }

  log(text: string): void {
    this.bringAbout(this.#host.guestLog(text));
  }

  logInt(value: number): void {
    this.bringAbout(this.#host.guestLog(String(value)));
  }

  publish(topic: string, payload: string): number {
    return this.#host.guestPublish(topic, payload, this);
  }

  config(key: number): number {
    this.#hostCalls += 1;
    return this.#host.guestConfig(key);
  }

  /** Counts a host call and puts its effect, if it has one, at the call's virtual time, which lies ahead of the kernel's. */
  bringAbout(effect: Effect | null): void {
    this.#hostCalls += 1;
    if (!effect) return;
    const { nowUs } = this.#kernel;
    this.#kernel.schedule(nowUs + Math.ceil(this.#usedUs(this.#guest?.retired() ?? 0)), new DueEffect(this, effect));
  }

  /** The slice has ended: its CPU time is due, then the pause. */
  paused(pause: Pause): void {
    const instructions = this.#guest?.retired() ?? 0;
    const usedUs = this.#usedUs(instructions);
    this.#stepInstructions += instructions;
    this.#stepCpuUs += Number.isNaN(instructions) ? NaN : usedUs;
    this.#host.guestBusy(usedUs);
    const endUs = this.#kernel.nowUs + Math.ceil(usedUs);
    switch (pause.kind) {
      case 'delay':
        this.#sleep(endUs + Math.max(TICK_US, pause.ms * 1000), null);
        break;
      case 'sensor':
        this.#completeStep();
        this.#sleep(endUs + this.#host.guestSenseUs(pause.sensor), pause.sensor);
        break;
      case 'returned':
        this.#next = this.#kernel.at(endUs, () => {
          this.stop();
          this.#host.guestEnded(null, null);
        });
        break;
      case 'fault':
        this.#next = this.#kernel.at(endUs, () => this.#fault(pause.fault));
    }
  }

  #sleep(untilUs: number, sensor: number | null): void {
    this.#wakeUp.sensor = sensor;
    this.#next = this.#wakeUp;
    this.#kernel.schedule(untilUs, this.#wakeUp);
  }

  /** CPU time of the slice so far; of a guest that cannot be metered only its host calls are known. */
  #usedUs(instructions: number): number {
    return cpuUs(this.#profile, Number.isNaN(instructions) ? 0 : instructions, this.#hostCalls);
  }

  /** A step is what runs from one read of a sensor to the next. */
  #completeStep(): void {
    if (this.#startedUs < this.#kernel.nowUs) {
      this.steps += 1;
      this.instructionsPerStep = this.#stepInstructions;
      this.cpuUsPerStep = this.#stepCpuUs;
      if (!Number.isNaN(this.#stepCpuUs)) this.recentCpuUs.add(this.#stepCpuUs);
      this.#host.guestStepped(this.#stepInstructions);
    }
    this.#stepInstructions = 0;
    this.#stepCpuUs = 0;
  }

  #fault(fault: GuestFault): void {
    this.stop();
    if (this.#kernel.nowUs - this.#startedUs >= this.#policy.healthyUs) this.#backOffUs = this.#policy.initialUs;
    const backOffUs = this.#backOffUs;
    this.#backOffUs = Math.min(this.#policy.maxUs, backOffUs * 2);
    this.#host.guestEnded(fault.reason, backOffUs);
    this.#next = this.#kernel.after(backOffUs, () => {
      this.restarts += 1;
      this.#host.guestRestarted();
      return this.start();
    });
  }
}
