/** Runs one guest on a virtual board: the real module, its host functions, back-off after a fault, safe mode. */
import { ConfigKey, Pin, Sensor } from '../../../guest/abi.gen.ts';
import type { GuestEngine } from '../../../guest/engine.ts';
import type { LoadedGuest } from '../../../guest/loaded-guest.ts';
import type { Bench } from '../../../protocol/control-payloads.ts';
import type { NodeConfig } from '../../../protocol/payloads.ts';
import type { ResolvedTopic } from '../../../protocol/topics.ts';
import { GuestRunner, type Effect, type RestartPolicy, type RunnerHost } from '../../../sim/guest-runner.ts';
import type { Kernel, KernelEvent } from '../../../sim/kernel.ts';
import type { EnergyMeter } from '../../../sim/models/energy.ts';
import type { Parameters } from '../../../sim/parameters.ts';
import { runtimeProfile, type RuntimeProfile } from '../../../sim/runtime-profile.ts';
import type { Log } from './log.ts';
import type { Plot } from './surroundings.ts';

export type GuestPhase = 'none' | 'running' | 'faulted' | 'stopped';

export interface GuestRunParts {
  kernel: Kernel;
  engine: GuestEngine;
  parameters: Parameters;
  plot: Plot;
  energy: EnergyMeter;
  log: Log;
  config(): Required<NodeConfig>;
  resolve(topic: string): ResolvedTopic;
  /** @param sampledAtUs since boot; null before the first reading */
  publish(topic: string, payload: string, sampledAtUs: number | null): void;
  /** A sample cycle is complete. */
  stepped(): void;
  /** The guest is gone, by a fault or because it returned; `reason` is a sentence. */
  failed(reason: string): void;
}

/** Answers of `mqtt_publish`, beside 0. */
const Refused = { topic: -1, tooMany: -2 } as const;
/** Faults in a row, none of the runs between them healthy, after which the board leaves the guest alone. */
const FAULTS_TO_SAFE_MODE = 5;
/** A relay that stays closed longer is taken for stuck: the soil would drown. */
const LONGEST_PUMPING_US = 15 * 60e6;
const READINGS_KEPT = 30;

export class GuestRun implements RunnerHost {
  readonly #parts: GuestRunParts;
  readonly #profile: RuntimeProfile;
  readonly #policy: RestartPolicy;
  #guest: LoadedGuest | null = null;
  #runner: GuestRunner | null = null;
  #phase: GuestPhase = 'none';
  #reason: string | null = null;
  #safeMode = false;
  #faults = 0;
  #startedUs = 0;
  #sampledAtUs: number | null = null;
  #publishedAtUs = -1;
  #published = 0;
  #pumping: KernelEvent | null = null;

  constructor(parts: GuestRunParts) {
    this.#parts = parts;
    const { parameters } = parts;
    this.#profile = runtimeProfile('edge', 'wasm', parameters) as RuntimeProfile;
    this.#policy = {
      initialUs: parameters.us('node.restart.initialMs', 1000),
      maxUs: parameters.us('node.restart.maxMs', 1000),
      healthyUs: parameters.us('node.restart.healthyMs', 1000),
    };
  }

  get guest(): LoadedGuest | null {
    return this.#guest;
  }

  get phase(): GuestPhase {
    return this.#phase;
  }

  /** The last fault, a sentence, or null. */
  get reason(): string | null {
    return this.#reason;
  }

  get safeMode(): boolean {
    return this.#safeMode;
  }

  get steps(): number {
    return this.#runner?.steps ?? 0;
  }

  get runtimeBytes(): number {
    return this.#profile.runtimeBytes;
  }

  get usedBytes(): number {
    return this.#runner?.memory()?.usedBytes ?? 0;
  }

  /** Null before the first step. */
  get bench(): Bench | null {
    const runner = this.#runner;
    if (!runner || runner.steps === 0) return null;
    return { steps: runner.steps, usPerStep: runner.cpuUsPerStep, instructionsPerStep: runner.instructionsPerStep };
  }

  /** Ends what runs and starts this guest. */
  start(guest: LoadedGuest): void | Promise<void> {
    this.stop();
    this.#guest = guest;
    this.#faults = 0;
    this.#safeMode = false;
    this.#reason = null;
    this.#phase = 'running';
    this.#startedUs = this.#parts.kernel.nowUs;
    const { kernel, engine, parameters } = this.#parts;
    const budget = parameters.get('node.sliceBudgetInstructions');
    this.#runner = new GuestRunner(kernel, this, this.#profile, this.#policy, READINGS_KEPT, { wakeups: 0 }, (host) => {
      // What a fresh guest publishes before it has read must not carry the stamp of the guest before it.
      this.#sampledAtUs = null;
      return engine.loop(guest, budget, host);
    });
    return this.#runner.start();
  }

  /** Ends the guest; nothing runs until `start`. */
  stop(): void {
    this.#runner?.stop();
    this.#runner = null;
    this.#phase = this.#guest ? 'stopped' : 'none';
    this.#allOff();
  }

  /** Ends the guest, and there is none any more. */
  clear(): void {
    this.#guest = null;
    this.stop();
  }

  guestOutput(pin: number, level: number): Effect | null {
    const high = level !== 0;
    return {
      bring: () => {
        if (!this.#parts.plot.setOutput(pin, high)) {
          this.#parts.log.error('guest', `set_output: pin ${pin} is not one a guest may drive (18, 19, 21, 23).`);
        } else if (pin === Pin.pump) this.#watchPump(high);
      },
    };
  }

  guestLog(text: string): Effect {
    return { bring: () => this.#parts.log.info('wasm', text) };
  }

  guestPublish(topic: string, payload: string, runner: GuestRunner): number {
    const { kernel, log, parameters } = this.#parts;
    if (this.#publishedAtUs !== kernel.nowUs) this.#published = 0;
    this.#publishedAtUs = kernel.nowUs;
    this.#published += 1;
    const most = parameters.get('node.maxPublishesPerSlice');
    if (this.#published > most) {
      const text = `mqtt_publish: more than ${most} messages without a pause; the rest is refused.`;
      runner.bringAbout(this.#published === most + 1 ? { bring: () => log.error('guest', text) } : null);
      return Refused.tooMany;
    }
    const resolved = this.#parts.resolve(topic);
    if (!resolved.ok) {
      runner.bringAbout({ bring: () => log.error('guest', `mqtt_publish refused: ${resolved.reason}`) });
      return Refused.topic;
    }
    const sampledAtUs = this.#sampledAtUs;
    runner.bringAbout({ bring: () => this.#parts.publish(resolved.topic, payload, sampledAtUs) });
    return 0;
  }

  guestConfig(key: number): number {
    const config = this.#parts.config();
    switch (key) {
      case ConfigKey.dry:
        return config.dry;
      case ConfigKey.wet:
        return config.wet;
      case ConfigKey.threshold:
        return config.threshold;
      case ConfigKey.periodMs:
        return config.periodMs;
      case ConfigKey.hysteresis:
        return config.hysteresis;
      default:
        return 0;
    }
  }

  guestSenseUs(sensor: number): number {
    if (sensor !== Sensor.soilMoisture) return 0;
    const { parameters } = this.#parts;
    return Math.round(parameters.get('node.sensor.samples') * parameters.get('node.sensor.sampleIntervalMs') * 1000);
  }

  guestSense(sensor: number): number {
    if (sensor !== Sensor.soilMoisture) return -1;
    this.#sampledAtUs = this.#parts.kernel.nowUs;
    return this.#parts.plot.read();
  }

  guestBusy(durationUs: number): void {
    this.#parts.energy.addPulse('active', durationUs);
  }

  guestRestarted(): void {
    this.#phase = 'running';
    this.#startedUs = this.#parts.kernel.nowUs;
    this.#parts.log.info('guest', 'starts again');
  }

  guestStepped(): void {
    this.#parts.stepped();
  }

  guestEnded(reason: string | null, restartInUs: number | null): void {
    const { kernel, log } = this.#parts;
    this.#allOff();
    if (reason === null) {
      this.#phase = 'stopped';
      this.#reason = 'The guest returned from main.';
      log.warn('guest', 'returned from main; nothing runs now');
      this.#parts.failed('It returned from main.');
      return;
    }
    this.#phase = 'faulted';
    this.#reason = reason;
    log.error('guest', `fault: ${reason}`);
    const healthy = kernel.nowUs - this.#startedUs >= this.#policy.healthyUs;
    this.#faults = healthy ? 1 : this.#faults + 1;
    this.#parts.failed(reason);
    if (this.#faults < FAULTS_TO_SAFE_MODE) {
      log.warn('guest', `starts again in ${(restartInUs ?? 0) / 1e6} s`);
      return;
    }
    // The runner is about to plan the restart, which is then called off.
    const { generation } = this.#runner!;
    kernel.after(0, () => {
      if (this.#runner?.generation !== generation) return;
      this.stop();
      this.#safeMode = true;
      log.error('guest', `safe mode: it faulted ${FAULTS_TO_SAFE_MODE} times in a row and stays stopped until the board restarts or gets another guest`);
    });
  }

  #watchPump(on: boolean): void {
    if (this.#pumping) this.#pumping.cancelled = true;
    this.#pumping = null;
    if (!on) return;
    this.#pumping = this.#parts.kernel.after(LONGEST_PUMPING_US, () => {
      this.#parts.plot.setOutput(Pin.pump, false);
      this.#parts.log.error('guest', `the pump ran for ${LONGEST_PUMPING_US / 60e6} minutes and was switched off`);
    });
  }

  /** No guest, no watering. */
  #allOff(): void {
    this.#watchPump(false);
    this.#parts.plot.allOff();
  }
}
