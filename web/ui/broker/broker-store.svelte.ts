/** The user's broker as the page sees it: the connection's report, tests of profiles, and the profiles kept. */
import { SvelteMap } from 'svelte/reactivity';
import type { BrokerProfile } from '../../mqtt/link/profile.ts';
import type { KeptProfile, ProfileStore } from '../../mqtt/link/profile-store.ts';
import type { LinkReport, LinkState, TestResult } from '../../mqtt/link/report.ts';
import type { BrokerLinkPort } from '../broker-port.ts';
import { Poll } from './poll.ts';

/** Where profiles are kept between visits. */
export type ProfileShelf = Pick<ProfileStore, keyof ProfileStore>;

export type TestRun =
  | { kind: 'idle' }
  | { kind: 'running'; key: string; sinceMs: number }
  | { kind: 'done'; key: string; result: TestResult };

interface Wanted {
  profile: BrokerProfile;
  password: string;
  /** Null to leave it as it is. */
  remember: boolean | null;
}

const pollMs = 250;

const nothingJoined: LinkReport = {
  state: { kind: 'left' },
  profile: null,
  clientId: '',
  rtt: null,
  received: 0,
  sent: 0,
  duplicates: 0,
  outbox: { messages: 0, bytes: 0, oldestMs: null, stored: true, storeProblem: null, dropped: 0 },
  held: 0,
  log: [],
};

export class BrokerStore {
  readonly #open: () => Promise<BrokerLinkPort>;
  readonly #shelf: ProfileShelf;
  readonly #nowMs: () => number;
  readonly #poll = new Poll(() => this.#look(), pollMs);
  #port: Promise<BrokerLinkPort> | null = null;
  #watchers = 0;
  /** What is being joined, until it has been: then it is kept. */
  #wanted: Wanted | null = null;
  /** Passwords of this visit, by profile: they go with the tab. */
  readonly #passwords = new SvelteMap<string, string>();

  #report = $state.raw<LinkReport>(nothingJoined);
  #lookedAtMs = $state(0);
  #soughtSinceMs = $state<number | null>(null);
  #busy = $state<'joining' | 'leaving' | null>(null);
  #testRun = $state.raw<TestRun>({ kind: 'idle' });
  #saved = $state.raw<KeptProfile[]>([]);
  #problem = $state<string | null>(null);

  /**
   * @param open starts the worker that holds the connection; called when it is first needed
   * @param nowMs since 1970
   */
  constructor(open: () => Promise<BrokerLinkPort>, shelf: ProfileShelf, nowMs: () => number = Date.now) {
    this.#open = open;
    this.#shelf = shelf;
    this.#nowMs = nowMs;
    this.#lookedAtMs = nowMs();
  }

  get report(): LinkReport {
    return this.#report;
  }

  get state(): LinkState {
    return this.#report.state;
  }

  /** When the report was taken, since 1970: ages and countdowns are reckoned from here. */
  get lookedAtMs(): number {
    return this.#lookedAtMs;
  }

  /** Since when the broker is sought: when it was last there, or when it was first asked for. Null while it is there. */
  get soughtSinceMs(): number | null {
    return this.#soughtSinceMs;
  }

  get busy(): 'joining' | 'leaving' | null {
    return this.#busy;
  }

  get testRun(): TestRun {
    return this.#testRun;
  }

  /** The last used first. */
  get saved(): KeptProfile[] {
    return this.#saved;
  }

  /** What could not be done, in sentences. */
  get problem(): string | null {
    return this.#problem;
  }

  dismissProblem(): void {
    this.#problem = null;
  }

  /** Keeps the report fresh until what it returns is called. */
  watch(): () => void {
    this.#watchers++;
    this.#keepLooking();
    return () => {
      this.#watchers--;
      this.#keepLooking();
    };
  }

  /** The password that was typed for a profile, or remembered with it; empty for none. */
  passwordOf(id: string): string {
    return this.#passwords.get(id) ?? this.#saved.find(({ profile }) => profile.id === id)?.password ?? '';
  }

  /** @param key names what was tested, so that a form that has been changed since knows */
  async test(profile: BrokerProfile, password: string, key: string): Promise<void> {
    const run: TestRun = { kind: 'running', key, sinceMs: this.#nowMs() };
    this.#testRun = run;
    const result = await this.#ask('The test could not be run', (port) => port.test(profile, password));
    // Another test or another form may have taken its place meanwhile.
    if (this.#testRun === run) this.#testRun = result ? { kind: 'done', key, result } : { kind: 'idle' };
  }

  forgetTest(): void {
    this.#testRun = { kind: 'idle' };
  }

  /**
   * A profile that has been joined is saved: what waits in the outbox finds its broker again by it.
   * @param remember whether its password is kept as well, in the clear; null to leave that as it is
   */
  async join(profile: BrokerProfile, password: string, remember: boolean | null = null): Promise<void> {
    this.#busy = 'joining';
    this.#wanted = { profile, password, remember };
    this.#passwords.set(profile.id, password);
    this.#testRun = { kind: 'idle' };
    await this.#ask('The broker could not be joined', (port) => port.join(profile, password));
    await this.#poll.now();
    this.#busy = null;
  }

  /** Joins with the profile and password in use: after a refusal whose reason has been put right at the broker. */
  async joinAgain(): Promise<void> {
    const { profile } = this.#report;
    if (profile) await this.join(profile, this.passwordOf(profile.id));
  }

  async leave(): Promise<void> {
    this.#busy = 'leaving';
    this.#wanted = null;
    await this.#ask('The broker could not be left', (port) => port.leave());
    await this.#poll.now();
    this.#busy = null;
  }

  async retryNow(): Promise<void> {
    await this.#ask('The broker could not be tried', (port) => port.retryNow());
    await this.#poll.now();
  }

  async discardOutbox(): Promise<void> {
    await this.#ask('What waits could not be discarded', (port) => port.discardOutbox());
    await this.#poll.now();
  }

  async loadProfiles(): Promise<void> {
    const listed = await this.#keep('The saved profiles could not be read', () => this.#shelf.list());
    if (listed) this.#saved = listed;
  }

  /**
   * Resolves with whether it was saved.
   * @param remember whether the password is kept as well, in the clear
   */
  async save(profile: BrokerProfile, password: string, remember: boolean): Promise<boolean> {
    this.#passwords.set(profile.id, password);
    const wanted = 'The profile was not saved; it can be joined all the same';
    const saved = await this.#keep(wanted, async () => {
      await this.#shelf.save(profile, remember ? password : null);
      return true;
    });
    await this.loadProfiles();
    return saved ?? false;
  }

  async remove(id: string): Promise<void> {
    this.#passwords.delete(id);
    await this.#keep('The profile was not deleted', () => this.#shelf.remove(id));
    await this.loadProfiles();
  }

  async #look(): Promise<void> {
    if (!this.#port) return;
    const report = await this.#ask('The connection does not tell how it is', (port) => port.report());
    if (!report) {
      // The same failure four times a second helps nobody; the next verb looks again.
      this.#poll.run(false);
      return;
    }
    const nowMs = this.#nowMs();
    const { kind } = report.state;
    const isSought = kind === 'waiting' || kind === 'joining';
    if (!isSought) this.#soughtSinceMs = null;
    else this.#soughtSinceMs ??= this.state.kind === 'joined' ? this.#lookedAtMs : nowMs;
    this.#report = report;
    this.#lookedAtMs = nowMs;
    this.#keepLooking();
    if (kind === 'joined' && this.#wanted) await this.#keepJoined(this.#wanted);
  }

  async #keepJoined({ profile, password, remember }: Wanted): Promise<void> {
    this.#wanted = null;
    await this.loadProfiles();
    const before = this.#saved.find((each) => each.profile.id === profile.id);
    const keepsPassword = remember ?? (before?.password ?? null) !== null;
    await this.#keep('The profile was not saved', async () => {
      await this.#shelf.save(profile, keepsPassword ? password : null);
      await this.#shelf.used(profile.id);
    });
    await this.loadProfiles();
  }

  #keepLooking(): void {
    this.#poll.run(this.#port !== null && (this.#watchers > 0 || this.state.kind !== 'left'));
  }

  /** What the connection answers, or null with the reason in `problem`. */
  async #ask<T>(wanted: string, question: (port: BrokerLinkPort) => Promise<T>): Promise<T | null> {
    try {
      return await question(await this.#opened());
    } catch (error) {
      this.#problem = `${wanted}: ${reasonOf(error)} Reload the page if this stays so.`;
      return null;
    }
  }

  async #opened(): Promise<BrokerLinkPort> {
    try {
      this.#port ??= this.#open();
      return await this.#port;
    } catch (error) {
      // What failed to start may start the next time.
      this.#port = null;
      throw error;
    }
  }

  /** What the browser's storage answers, or null with the reason in `problem`. */
  async #keep<T>(wanted: string, question: () => Promise<T>): Promise<T | null> {
    try {
      return await question();
    } catch (error) {
      this.#problem = `${wanted}: ${reasonOf(error)} The browser's storage may be full or switched off.`;
      return null;
    }
  }
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
