/** Sets a board up over its line: reads what it is, sends what is to change, and follows it online. */
import type { Diagnosis } from '../diagnosis.ts';
import { BoardCommands } from './board-commands.ts';
import type { BoardFacts, BoardStatus } from './board-facts.ts';
import { checkForm } from './check-form.ts';
import { type Clock, pause, wallClock } from './clock.ts';
import { type Answered, failure, type Failure, UNKNOWN_REQUEST } from './exchange.ts';
import type { ImprovClient } from './improv-client.ts';
import { Listeners } from './listeners.ts';
import { improvWay, isOnline, wayFailure, wayOf, wifiFailure } from './online-way.ts';
import type { FormProblems, OnlineWay, ProvisioningForm, ProvisioningState } from './provisioning-state.ts';
import { requestDiagnosis } from './request-diagnosis.ts';

/** What our firmware calls itself in Improv's device information. */
const OURS = 'continuum-node';
const LOOK_EVERY_MS = 500;
/** A board that just was told to go online anew may still say that it is. */
const STAYS_ONLINE_MS = 1000;
const SLOW_MS = 90_000;
/** The settings that `set` knows, in the order in which they are sent. */
const keys = ['node', 'root', 'broker', 'user', 'password', 'ca', 'keys'] as const;

export class Provisioning {
  readonly #client: ImprovClient;
  readonly #commands: BoardCommands;
  readonly #clock: Clock;
  readonly #listeners = new Listeners();
  #state: ProvisioningState = { kind: 'idle' };
  /** What was begun before the latest beginning says nothing any more. */
  #turn = 0;

  constructor(client: ImprovClient, clock: Clock = wallClock) {
    this.#client = client;
    this.#commands = new BoardCommands(client);
    this.#clock = clock;
  }

  get state(): ProvisioningState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Reads the board and ends in `form` or `failed`. The networks in reach come a little later, into the form. */
  async read(): Promise<void> {
    const turn = ++this.#turn;
    this.#become(turn, { kind: 'reading', step: 'Asks the board what it is.' });
    const device = await this.#client.device();
    if (!device.ok) return this.#fail(turn, device, null);
    this.#become(turn, { kind: 'reading', step: `Reads the settings of ${device.value.name || 'the board'}.` });
    const status = await this.#commands.status();
    // Other firmware may pass over what it does not know.
    const extension = status.ok || device.value.firmware === OURS;
    if (!status.ok && (extension || !['unknown', 'silent'].includes(status.cause))) return this.#fail(turn, status, null);
    const settings = extension ? await this.#commands.settings() : null;
    if (settings?.ok === false) return this.#fail(turn, settings, null);
    const stored = extension ? await this.#commands.networks() : null;
    if (stored?.ok === false) return this.#fail(turn, stored, null);
    const current = extension ? null : await this.#client.current();
    const facts: BoardFacts = {
      device: device.value,
      extension,
      settings: settings?.value ?? null,
      storedNetworks: stored?.value ?? null,
      status: status.ok ? status.value : null,
      networks: [],
      scanProblem: null,
      url: current?.ok ? current.value.url : null,
    };
    this.#become(turn, { kind: 'form', facts, scanning: true });
    await this.#scan(turn);
  }

  /** Looks for networks once more. */
  async rescan(): Promise<void> {
    if (this.#state.kind !== 'form' || this.#state.scanning) return;
    this.#become(this.#turn, { ...this.#state, scanning: true });
    await this.#scan(this.#turn);
  }

  /** Empty when the form can be applied. */
  check(form: ProvisioningForm): FormProblems {
    return 'facts' in this.#state && this.#state.facts !== null ? checkForm(form, this.#state.facts) : {};
  }

  /** Sends what is to change and follows the board until it is online. Passwords are in the form alone, and kept nowhere. */
  async apply(form: ProvisioningForm): Promise<void> {
    const facts = 'facts' in this.#state ? this.#state.facts : null;
    if (facts === null || this.#state.kind === 'applying' || Object.keys(checkForm(form, facts)).length > 0) return;
    const turn = ++this.#turn;
    const sinceMs = this.#clock.nowMs();
    if (!facts.extension && keys.some((key) => form[key] !== undefined)) return this.#fail(turn, failure('unknown', UNKNOWN_REQUEST), facts);
    if (form.wifi !== undefined) {
      const { ssid, password } = form.wifi;
      this.#become(turn, { kind: 'applying', facts, step: `Joins the network "${ssid}".` });
      const joined = await this.#client.wifi(ssid, password);
      if (!joined.ok) return this.#failWifi(turn, joined, facts, ssid);
      if (!facts.extension) {
        const online: BoardFacts = { ...facts, url: joined.value ?? facts.url };
        return this.#become(turn, { kind: 'online', facts: online, way: improvWay(this.#clock.nowMs() - sinceMs) });
      }
    }
    const sent = await this.#send(turn, form, facts);
    if (sent.ok) await this.#follow(turn, facts, sinceMs, sent.value);
    else this.#fail(turn, sent, facts);
  }

  /** Back to the form, with what is known of the board. */
  edit(): void {
    const facts = 'facts' in this.#state ? this.#state.facts : null;
    const turn = ++this.#turn;
    if (facts === null) this.#become(turn, { kind: 'idle' });
    else this.#become(turn, { kind: 'form', facts, scanning: false });
  }

  /** Follows the board no longer; what was sent stays in force. */
  stop(): void {
    this.#become(++this.#turn, { kind: 'idle' });
  }

  async #scan(turn: number): Promise<void> {
    const found = await this.#client.scan();
    if (this.#state.kind !== 'form') return;
    const { facts } = this.#state;
    const change = found.ok ? { networks: found.value, scanProblem: null } : { scanProblem: scanSentence(found) };
    this.#become(turn, { kind: 'form', facts: { ...facts, ...change }, scanning: false });
  }

  /** Whether anything was sent. */
  async #send(turn: number, form: ProvisioningForm, facts: BoardFacts): Promise<Answered<boolean>> {
    const changes = keys.flatMap((key) => (form[key] === undefined ? [] : [[key, form[key]] as const]));
    if (changes.length === 0) return { ok: true, value: false };
    this.#become(turn, { kind: 'applying', facts, step: 'Sends the settings.' });
    for (const [key, value] of changes) {
      const set = await this.#commands.set(key, value);
      if (!set.ok) return set;
    }
    this.#become(turn, { kind: 'applying', facts, step: 'The board checks and stores them.' });
    const applied = await this.#commands.apply();
    return applied.ok ? { ok: true, value: true } : applied;
  }

  async #follow(turn: number, before: BoardFacts, sinceMs: number, renewed: boolean): Promise<void> {
    const settings = await this.#commands.settings();
    const stored = await this.#commands.networks();
    let facts: BoardFacts = {
      ...before,
      settings: settings.ok ? settings.value : before.settings,
      storedNetworks: stored.ok ? stored.value : before.storedNetworks,
    };
    let onlineSinceMs: number | null = null;
    while (this.#turn === turn) {
      const status = await this.#commands.status();
      const nowMs = this.#clock.nowMs();
      if (!status.ok) {
        // A board that restarts is silent for some seconds.
        if (status.cause !== 'silent' || nowMs - sinceMs > SLOW_MS) return this.#fail(turn, status, facts);
      } else {
        facts = { ...facts, status: status.value };
        const way = wayOf(status.value, nowMs - sinceMs);
        onlineSinceMs = isOnline(status.value) ? (onlineSinceMs ?? nowMs) : null;
        if (onlineSinceMs !== null && (!renewed || nowMs - onlineSinceMs >= STAYS_ONLINE_MS)) {
          return this.#become(turn, { kind: 'online', facts, way });
        }
        this.#become(turn, this.#onItsWay(status.value, facts, way));
      }
      await pause(this.#clock, LOOK_EVERY_MS);
    }
  }

  #onItsWay(status: BoardStatus, facts: BoardFacts, way: OnlineWay): ProvisioningState {
    const diagnosis = wayFailure(status, facts.settings?.broker ?? '') ?? (way.elapsedMs > SLOW_MS ? slow(way) : null);
    return diagnosis === null ? { kind: 'following', facts, way } : { kind: 'failed', facts, way, diagnosis };
  }

  async #failWifi(turn: number, failed: Failure, facts: BoardFacts, ssid: string): Promise<void> {
    if (failed.cause !== 'not-connected' && failed.cause !== 'silent') return this.#fail(turn, failed, facts);
    const status = facts.extension ? await this.#commands.status() : null;
    // The answer may have been lost on a line that works.
    if (status?.ok && status.value.wifi === 'online' && failed.cause === 'silent') return this.#follow(turn, facts, this.#clock.nowMs(), false);
    const reason = status?.ok ? status.value.wifiReason : null;
    this.#become(turn, { kind: 'failed', facts, way: null, diagnosis: wifiFailure(reason, ssid) });
  }

  #fail(turn: number, failed: Failure, facts: BoardFacts | null): void {
    this.#become(turn, { kind: 'failed', facts, way: null, diagnosis: requestDiagnosis(failed) });
  }

  #become(turn: number, state: ProvisioningState): void {
    if (turn !== this.#turn) return;
    this.#state = state;
    this.#listeners.tell();
  }
}

function slow({ steps }: OnlineWay): Diagnosis {
  const at = steps.find(({ phase }) => phase === 'working' || phase === 'waiting');
  return {
    cause: 'other',
    what: `The board is still not online. ${at?.text ?? ''}`.trim(),
    steps: ['Look into its console for what it is doing.', 'Restart the board.', 'Check network and broker, and send them again.'],
    detail: null,
  };
}

function scanSentence(failed: Failure): string {
  return failed.cause === 'unknown'
    ? 'This firmware cannot look for networks: write the name of yours.'
    : `The networks in reach are not known: ${failed.reason} You can write the name of yours.`;
}
