/**
 * Drives one loop guest on the kernel's clock: slices of running between the pauses, virtual CPU time
 * from retired instructions, restart with back-off after a fault.
 */
import { GuestFaultError, type GuestFault, type HostCalls, type LoopGuest, type Pause } from '../guest/types.ts';
import type { Kernel, Scheduled } from './kernel.ts';
import { RecentValues } from './quantiles.ts';
import { cpuUs, type RuntimeProfile } from './runtime-profile.ts';

/** What the runner needs of the node around the guest. All calls take effect at the kernel's now. */
export interface RunnerHost {
  /** The guest's host functions; `setOutput` and `publish` are asked at the virtual time of the call. */
  setOutput(pin: number, level: number): void;
  log(text: string): void;
  logInt(value: number): void;
  /** Decides at once; on 0 the message goes out by the returned action at the virtual time of the call. */
  publish(topic: string, payload: string): { status: number; send: (() => void) | null };
  config(key: number): number;
  /** How long a read of this sensor blocks, microseconds; 0 for one that does not exist. */
  senseUs(sensor: number): number;
  /** Value of the sensor when the read ends. */
  sense(sensor: number): number;
  /** The guest kept the CPU busy from now on for so long. */
  busy(durationUs: number): void;
  /** The guest is gone; `reason` is null when it returned by itself. */
  ended(reason: string | null, restartInUs: number | null): void;
  restarted(): void;
}

export interface RestartPolicy {
  initialUs: number;
  maxUs: number;
  /** A guest that ran this long is trusted again: the back-off starts anew. */
  healthyUs: number;
}

/** A FreeRTOS tick at CONFIG_FREERTOS_HZ = 1000: the least that a delay blocks. */
const TICK_US = 1000;

export class GuestRunner {
  readonly #kernel: Kernel;
  readonly #host: RunnerHost;
  readonly #profile: RuntimeProfile;
  readonly #create: (host: HostCalls) => LoopGuest;
  readonly #policy: RestartPolicy;
  #guest: LoopGuest | null = null;
  #wake: Scheduled | null = null;
  #hostCalls = 0;
  /** Effects of a guest that was stopped meanwhile must not reach the node. */
  #generation = 0;
  #backOffUs: number;
  #startedUs = 0;
  #step = { instructions: 0, cpuUs: 0 };

  /** Complete sample cycles. */
  steps = 0;
  restarts = 0;
  /** Of the last complete step. */
  instructionsPerStep = NaN;
  cpuUsPerStep = NaN;
  readonly recentCpuUs = new RecentValues(256);

  /** @param create makes a fresh guest; it may throw `GuestFaultError` */
  constructor(
    kernel: Kernel,
    host: RunnerHost,
    profile: RuntimeProfile,
    policy: RestartPolicy,
    create: (host: HostCalls) => LoopGuest,
  ) {
    this.#kernel = kernel;
    this.#host = host;
    this.#profile = profile;
    this.#policy = policy;
    this.#create = create;
    this.#backOffUs = policy.initialUs;
  }

  memory(): { declaredBytes: number; usedBytes: number } | null {
    return this.#guest?.memory() ?? null;
  }

  start(): Promise<void> {
    this.#startedUs = this.#kernel.nowUs;
    this.#step = { instructions: 0, cpuUs: 0 };
    try {
      this.#guest = this.#create(this.#hostCallsOfSlice());
    } catch (error) {
      if (!(error instanceof GuestFaultError)) throw error;
      this.#fault(error.fault);
      return Promise.resolve();
    }
    return this.#slice((guest) => guest.start());
  }

  /** Ends the guest without a word; what it has called but not yet brought about, and a pending restart, are called off. */
  stop(): void {
    this.#generation += 1;
    if (this.#wake) this.#kernel.cancel(this.#wake);
    this.#wake = null;
    this.#guest?.stop();
    this.#guest = null;
  }

  async #slice(run: (guest: LoopGuest) => Promise<Pause>): Promise<void> {
    const guest = this.#guest;
    if (!guest) return;
    this.#hostCalls = 0;
    const pause = await run(guest);
    const instructions = guest.retired();
    const usedUs = cpuUs(this.#profile, instructions, this.#hostCalls);
    this.#step.instructions += instructions;
    this.#step.cpuUs += usedUs;
    this.#host.busy(usedUs);
    this.#afterSlice(pause, this.#kernel.nowUs + Math.ceil(usedUs));
  }

  #afterSlice(pause: Pause, endUs: number): void {
    switch (pause.kind) {
      case 'delay': {
        const delayUs = Math.max(TICK_US, pause.ms * 1000);
        this.#wake = this.#kernel.at(endUs + delayUs, () => this.#slice((guest) => guest.resume(0)));
        break;
      }
      case 'sensor':
        this.#completeStep();
        this.#wake = this.#kernel.at(endUs + this.#host.senseUs(pause.sensor), () => {
          const value = this.#host.sense(pause.sensor);
          return this.#slice((guest) => guest.resume(value));
        });
        break;
      case 'returned':
        this.#wake = this.#kernel.at(endUs, () => {
          this.stop();
          this.#host.ended(null, null);
        });
        break;
      case 'fault':
        this.#wake = this.#kernel.at(endUs, () => this.#fault(pause.fault));
    }
  }

  /** A step is what runs from one read of a sensor to the next. */
  #completeStep(): void {
    if (this.#step.instructions > 0 && this.#startedUs < this.#kernel.nowUs) {
      this.steps += 1;
      this.instructionsPerStep = this.#step.instructions;
      this.cpuUsPerStep = this.#step.cpuUs;
      this.recentCpuUs.add(this.#step.cpuUs);
    }
    this.#step = { instructions: 0, cpuUs: 0 };
  }

  #fault(fault: GuestFault): void {
    this.stop();
    if (this.#kernel.nowUs - this.#startedUs >= this.#policy.healthyUs) this.#backOffUs = this.#policy.initialUs;
    const backOffUs = this.#backOffUs;
    this.#backOffUs = Math.min(this.#policy.maxUs, backOffUs * 2);
    this.#host.ended(fault.reason, backOffUs);
    this.#wake = this.#kernel.after(backOffUs, () => {
      this.restarts += 1;
      this.#host.restarted();
      return this.start();
    });
  }

  /** Effects on the world are put at the virtual time of their call, which lies ahead of the kernel's now. */
  #hostCallsOfSlice(): HostCalls {
    const generation = this.#generation;
    const bringAbout = (effect: (() => void) | null): void => {
      this.#hostCalls += 1;
      if (!effect) return;
      const usedUs = cpuUs(this.#profile, this.#guest?.retired() ?? 0, this.#hostCalls);
      this.#kernel.after(Math.ceil(usedUs), () => {
        if (this.#generation === generation) effect();
      });
    };
    return {
      setOutput: (pin, level) => bringAbout(() => this.#host.setOutput(pin, level)),
      log: (text) => bringAbout(() => this.#host.log(text)),
      logInt: (value) => bringAbout(() => this.#host.logInt(value)),
      publish: (topic, payload) => {
        const { status, send } = this.#host.publish(topic, payload);
        bringAbout(send);
        return status;
      },
      config: (key) => {
        this.#hostCalls += 1;
        return this.#host.config(key);
      },
    };
  }
}
