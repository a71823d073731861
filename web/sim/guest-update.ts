/** Replacement of a node's guest over MQTT: verified, tried for some steps, then kept or rolled back. */
import type { LoadedGuest } from '../guest/loaded-guest.ts';
import type { MqttMessage } from '../protocol/message.ts';
import { parseGuestOffer, type GuestOffer, type GuestState, type ReportedPhase } from '../protocol/control-payloads.ts';
import type { GuestInstaller } from './guest-installer.ts';
import type { KernelEvent } from './kernel.ts';

/** Complete sample cycles after which a new guest is trusted. */
const TRIAL_STEPS = 3;
/** A guest that has not made so many steps by then is taken back: it may wait for something that never comes. */
const TRIAL_US = 120e6;
const MS = 1000;

export interface UpdatePorts {
  installer: GuestInstaller;
  /** What runs now; null for native code. */
  guest(): LoadedGuest | null;
  /** Whether the node has power and has booted. */
  ready(): boolean;
  /** Runs this guest from now on, and restarts with it. */
  run(guest: LoadedGuest): void;
  report(state: GuestState): void;
  /** Of its sampling, milliseconds. */
  periodMs(): number;
  after(delayUs: number, action: () => void): KernelEvent;
}

interface Trial {
  offer: GuestOffer;
  before: LoadedGuest;
  steps: number;
  deadline: KernelEvent;
}

export class GuestUpdate {
  readonly #ports: UpdatePorts;
  #verifying = false;
  #trial: Trial | null = null;

  constructor(ports: UpdatePorts) {
    this.#ports = ports;
  }

  async take(message: MqttMessage): Promise<void> {
    const offer = parseGuestOffer(message.userProperties);
    if (!offer.ok) {
      this.#refuse({ name: '', sha256: '' }, offer.reason);
      return;
    }
    const problem = this.#obstacle();
    if (problem !== null) {
      this.#refuse(offer.value, problem);
      return;
    }
    this.#verifying = true;
    this.#report(offer.value, 'verifying', 0.4);
    const installed = await this.#ports.installer.install(message.binary ?? new Uint8Array(), offer.value);
    this.#verifying = false;
    if (installed.ok) this.#try(offer.value, installed.guest);
    else this.#refuse(offer.value, installed.reason);
  }

  /** The guest has completed a step. */
  stepped(): void {
    const trial = this.#trial;
    if (!trial) return;
    trial.steps += 1;
    if (trial.steps < TRIAL_STEPS) {
      this.#report(trial.offer, 'trying', 0.5 + (0.5 * trial.steps) / TRIAL_STEPS);
      return;
    }
    this.#endTrial();
    this.#report(trial.offer, 'accepted', 1);
  }

  /** The guest has faulted, or ended. */
  failed(reason: string): void {
    const trial = this.#trial;
    if (!trial) return;
    this.#endTrial();
    // Whoever reports the failure is about to plan the new guest's restart, which the old one's start calls off.
    this.#ports.after(0, () => this.#ports.run(trial.before));
    this.#report(trial.offer, 'rolled-back', 1, `The new guest failed on trial, so the old one runs again: ${reason}`);
  }

  /** The node has lost power: a guest that was not accepted yet does not survive that. */
  powerLost(): LoadedGuest | null {
    const trial = this.#trial;
    this.#endTrial();
    return trial?.before ?? null;
  }

  /** Somebody has given the node another guest meanwhile, or native code. */
  overtaken(): void {
    const trial = this.#trial;
    if (!trial) return;
    this.#endTrial();
    this.#refuse(trial.offer, 'The node was given another guest while this one was on trial.');
  }

  #obstacle(): string | null {
    if (this.#verifying || this.#trial) return 'Another module is on trial; send this one when that is decided.';
    if (!this.#ports.ready()) return 'The node is not running yet.';
    if (this.#ports.guest()) return null;
    return 'Under this strategy the node runs native code, which is not replaced over the air.';
  }

  #try(offer: GuestOffer, guest: LoadedGuest): void {
    const before = this.#ports.guest();
    if (!before) {
      this.#refuse(offer, 'The node changed to native code meanwhile.');
      return;
    }
    if (guest.sha256 === before.sha256) {
      this.#report(offer, 'accepted', 1);
      return;
    }
    const patienceUs = Math.max(TRIAL_US, (TRIAL_STEPS + 1) * this.#ports.periodMs() * MS);
    const deadline = this.#ports.after(patienceUs, () => {
      this.failed(`it completed no ${TRIAL_STEPS} steps within ${patienceUs / 1e6} s.`);
    });
    this.#trial = { offer, before, steps: 0, deadline };
    this.#report(offer, 'trying', 0.5);
    this.#ports.run(guest);
  }

  #endTrial(): void {
    if (this.#trial) this.#trial.deadline.cancelled = true;
    this.#trial = null;
  }

  #refuse(offer: Pick<GuestOffer, 'name' | 'sha256'>, reason: string): void {
    this.#report(offer, 'refused', 1, reason);
  }

  #report({ name, sha256 }: Pick<GuestOffer, 'name' | 'sha256'>, phase: ReportedPhase, progress: number, reason: string | null = null): void {
    this.#ports.report({ phase, name, sha256, progress, reason });
  }
}
