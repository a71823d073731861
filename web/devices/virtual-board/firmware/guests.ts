/** Which guest a virtual board runs: the one in flash, a new one on trial, or the old one again. */
import type { GuestEngine } from '../../../guest/engine.ts';
import { loadGuest, type LoadedGuest } from '../../../guest/loaded-guest.ts';
import type { GuestState, ReportedPhase } from '../../../protocol/control-payloads.ts';
import type { Kernel, KernelEvent } from '../../../sim/kernel.ts';
import type { Parameters } from '../../../sim/parameters.ts';
import type { GuestRun } from './guest-run.ts';
import type { GuestSlots, NewGuest, StoredGuest } from './guest-slots.ts';
import type { Log } from './log.ts';

/** Complete sample cycles after which a new guest is trusted. */
const TRIAL_STEPS = 3;
/** A guest that has not made so many steps by then is taken back: it may wait for something that never comes. */
const TRIAL_US = 120e6;

export interface GuestsParts {
  kernel: Kernel;
  engine: GuestEngine;
  parameters: Parameters;
  slots: GuestSlots | null;
  log: Log;
  run(): GuestRun;
  periodMs(): number;
  /** How a replacement goes on, for everybody who listens. */
  report(state: GuestState): void;
  /** Another guest runs now. */
  changed(): void;
}

interface Running {
  stored: StoredGuest;
  loaded: LoadedGuest;
}

interface Trial extends Running {
  before: Running | null;
  steps: number;
  deadline: KernelEvent;
}

export class Guests {
  readonly #parts: GuestsParts;
  #accepted: Running | null = null;
  #trial: Trial | null = null;
  #verifying = false;
  /** Why the last one was refused or taken back, a sentence, or null. */
  #reason: string | null = null;

  constructor(parts: GuestsParts) {
    this.#parts = parts;
  }

  get trying(): boolean {
    return this.#trial !== null;
  }

  /** What runs, or would; null for none. */
  get running(): StoredGuest | null {
    return (this.#trial ?? this.#accepted)?.stored ?? null;
  }

  get reason(): string | null {
    return this.#reason ?? this.#parts.run().reason;
  }

  /** Starts what lies in flash. A guest whose trial was cut off by the reset is gone. */
  async boot(): Promise<void> {
    const { slots, log } = this.#parts;
    if (!slots) {
      log.error('guest', 'the partition table has no guest_0 and guest_1, so there is no place for a guest');
      return;
    }
    if (slots.onTrial !== null) {
      slots.reject();
      this.#reason = 'The board restarted while a new guest was on trial, so it was taken back.';
      log.warn('guest', this.#reason);
    }
    const stored = slots.accepted();
    if (!stored) {
      log.info('guest', 'none is stored');
      return;
    }
    const loaded = await this.#load(stored.name, stored.module);
    if (typeof loaded === 'string') {
      this.#reason = loaded;
      log.error('guest', `${stored.name} cannot run: ${loaded}`);
      return;
    }
    this.#accepted = { stored, loaded };
    await this.#start(this.#accepted);
  }

  /** Why no guest can be taken now, a sentence, or null. */
  get obstacle(): string | null {
    if (!this.#parts.slots) return 'The partition table has no place for a guest.';
    return this.#verifying || this.#trial ? 'Another module is on trial; send this one when that is decided.' : null;
  }

  /**
   * Tries a module that is vouched for, or that may come unsigned.
   * @returns why it was refused, a sentence, or null once it is on trial
   */
  async install(wanted: NewGuest & { sha256: string }, verify: () => Promise<string | null>): Promise<string | null> {
    const problem = this.obstacle ?? (await this.#verified(wanted, verify));
    if (problem !== null) this.refuse(wanted, problem);
    return problem;
  }

  refuse(offer: { name: string; sha256: string }, reason: string): void {
    this.#reason = reason;
    this.#parts.log.warn('guest', `${offer.name || 'a module'} was refused: ${reason}`);
    this.#report(offer, 'refused', 1, reason);
  }

  /** The guest has completed a step. */
  stepped(): void {
    const trial = this.#trial;
    if (!trial) return;
    trial.steps += 1;
    if (trial.steps < TRIAL_STEPS) {
      this.#report(trial.stored, 'trying', 0.5 + (0.5 * trial.steps) / TRIAL_STEPS);
      return;
    }
    this.#endTrial();
    this.#parts.slots!.accept();
    this.#accepted = trial;
    this.#reason = null;
    this.#parts.log.info('guest', `${trial.stored.name} has passed its trial`);
    this.#report(trial.stored, 'accepted', 1);
  }

  /** The guest has faulted, or ended. */
  failed(reason: string): void {
    const trial = this.#trial;
    if (!trial) return;
    this.#endTrial();
    this.#parts.slots!.reject();
    const { before } = trial;
    this.#reason = before
      ? `The new guest failed on trial, so the old one runs again: ${reason}`
      : `The new guest failed on trial, and there is none to go back to: ${reason}`;
    this.#parts.log.error('guest', this.#reason);
    this.#report(trial.stored, 'rolled-back', 1, this.#reason);
    // Whoever reports the failure is about to plan the new guest's restart, which the old one's start calls off.
    this.#parts.kernel.after(0, () => {
      if (before) return this.#start(before);
      this.#parts.run().clear();
      this.#parts.changed();
    });
  }

  async #verified(wanted: NewGuest & { sha256: string }, verify: () => Promise<string | null>): Promise<string | null> {
    this.#verifying = true;
    try {
      this.#report(wanted, 'verifying', 0.4);
      const problem = await verify();
      if (problem !== null) return problem;
      const loaded = await this.#load(wanted.name, wanted.module);
      if (typeof loaded === 'string') return loaded;
      if (loaded.sha256 === this.#accepted?.stored.sha256) {
        this.#report(wanted, 'accepted', 1);
        return null;
      }
      await this.#try(wanted, loaded);
      return null;
    } catch (error) {
      return `The module could not be checked or stored: ${error instanceof Error ? error.message : String(error)}`;
    } finally {
      this.#verifying = false;
    }
  }

  async #try(wanted: NewGuest, loaded: LoadedGuest): Promise<void> {
    const { kernel, slots, periodMs } = this.#parts;
    const stored = slots!.put(wanted);
    const patienceUs = Math.max(TRIAL_US, (TRIAL_STEPS + 1) * periodMs() * 1000);
    const deadline = kernel.after(patienceUs, () => this.failed(`It completed no ${TRIAL_STEPS} steps within ${patienceUs / 1e6} s.`));
    this.#trial = { stored, loaded, before: this.#accepted, steps: 0, deadline };
    this.#report(stored, 'trying', 0.5);
    await this.#start(this.#trial);
  }

  async #start({ stored, loaded }: Running): Promise<void> {
    const { log, run, changed } = this.#parts;
    log.info('guest', `${stored.name} ${stored.sha256.slice(0, 12)} ${this.#trial ? 'runs on trial' : 'runs'}`);
    const started = run().start(loaded);
    changed();
    await started;
  }

  /** A sentence for what cannot run here. */
  async #load(name: string, module: Uint8Array): Promise<LoadedGuest | string> {
    const { parameters, engine, slots } = this.#parts;
    const maxPages = parameters.get('node.edge.memoryCeilingPages');
    const answer = await loadGuest(name, module, { maxPages, maxBytes: slots!.mostBytes });
    if (!answer.ok) return answer.reason;
    const { guest } = answer;
    if (!guest.checked.entry) return 'It has no main, so a board cannot run it.';
    if (!guest.metered) return 'It uses features that the interpreter on a board does not have or cannot count.';
    return (await engine.admit(guest)) ?? guest;
  }

  #endTrial(): void {
    if (this.#trial) this.#trial.deadline.cancelled = true;
    this.#trial = null;
  }

  #report({ name, sha256 }: { name: string; sha256: string }, phase: ReportedPhase, progress: number, reason: string | null = null): void {
    this.#parts.report({ phase, name, sha256, progress, reason });
  }
}
