/** Brings a guest into a board over its line, and follows its trial to the verdict. */
import { checkGuestName } from '../../protocol/guest-offer.ts';
import { sha256Of } from '../signing/ed25519.ts';
import { BoardCommands } from './board-commands.ts';
import type { BoardStatus } from './board-facts.ts';
import { type Clock, pause, wallClock } from './clock.ts';
import { command } from './commands.ts';
import { type Answer, type Answered, failure, type Failure } from './exchange.ts';
import { MAX_REQUEST_BYTES, prefixed } from './frame.ts';
import type { ImprovClient } from './improv-client.ts';
import { Listeners } from './listeners.ts';
import { requestDiagnosis } from './request-diagnosis.ts';
import type { GuestModule, UploadState } from './upload-state.ts';

const OFFSET_BYTES = 4;
const PIECE_BYTES = MAX_REQUEST_BYTES - OFFSET_BYTES;
/** Answers in a row that ask for the same place again. */
const MOST_REPEATS = 8;
const LOOK_EVERY_MS = 500;
/** Until then a board that runs another guest may not have begun with this one. */
const SWITCH_MS = 5000;
/** A trial lasts some steps of the guest, and those of some guests are far apart. */
const TRIAL_MS = 300_000;

type Progress = Extract<UploadState, { kind: 'sending' }>;

export class GuestUpload {
  readonly #client: ImprovClient;
  readonly #commands: BoardCommands;
  readonly #clock: Clock;
  readonly #listeners = new Listeners();
  #state: UploadState = { kind: 'idle' };
  #cancelled = false;

  constructor(client: ImprovClient, clock: Clock = wallClock) {
    this.#client = client;
    this.#commands = new BoardCommands(client);
    this.#clock = clock;
  }

  get state(): UploadState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Never rejects: `state` says what came of it. Begun again with the same module, it goes on where it ended. */
  async start(module: GuestModule): Promise<void> {
    if (['preparing', 'sending', 'verifying', 'trying'].includes(this.#state.kind)) return;
    this.#cancelled = false;
    const sinceMs = this.#clock.nowMs();
    this.#become({ kind: 'preparing' });
    const broken = checkGuestName(module.name) ?? (module.bytes.length === 0 ? 'The module is empty: choose another file.' : null);
    if (broken !== null) return this.#become({ kind: 'refused', reason: broken });
    const sha256 = await sha256Of(module.bytes);
    const sent = await this.#send(module, sha256, sinceMs);
    if (!sent.ok) return this.#end(sent);
    this.#become({ kind: 'verifying' });
    const tried = await this.#client.request(command.guestEnd, undefined, { long: true });
    if (!tried.ok) return this.#end(tried);
    await this.#followTrial(module, sha256, sinceMs);
  }

  /** While it is being sent: the board keeps what it has. Later, its trial is followed no longer. */
  cancel(): void {
    this.#cancelled = true;
  }

  async #send(module: GuestModule, sha256: string, sinceMs: number): Promise<Answered<null>> {
    const { bytes } = module;
    let answer = await this.#client.request(command.guestBegin, beginData(module, sha256));
    let at = offsetOf(answer, bytes.length);
    const resumedAtBytes = at.ok ? at.value : 0;
    for (let repeats = 0; at.ok && at.value < bytes.length; ) {
      this.#become(this.#progress(at.value, bytes.length, resumedAtBytes, sinceMs));
      if (this.#cancelled) return failure('cancelled', 'It was cancelled.');
      const offset = at.value;
      answer = await this.#client.request(command.guestData, dataOf(bytes, offset));
      at = offsetOf(answer, bytes.length);
      repeats = at.ok && at.value <= offset ? repeats + 1 : 0;
      if (repeats === MOST_REPEATS) return failure('disturbed', 'The board asks for the same piece again and again: the line is disturbed, or its flash cannot be written.');
    }
    return at.ok ? { ok: true, value: null } : at;
  }

  #progress(doneBytes: number, totalBytes: number, resumedAtBytes: number, sinceMs: number): Progress {
    const elapsedMs = this.#clock.nowMs() - sinceMs;
    const sentBytes = doneBytes - resumedAtBytes;
    const bytesPerSec = sentBytes > 0 && elapsedMs > 0 ? (sentBytes / elapsedMs) * 1000 : null;
    const leftMs = bytesPerSec === null ? null : ((totalBytes - doneBytes) / bytesPerSec) * 1000;
    return { kind: 'sending', doneBytes, totalBytes, resumedAtBytes, elapsedMs, bytesPerSec, leftMs };
  }

  async #followTrial({ name }: GuestModule, sha256: string, sinceMs: number): Promise<void> {
    const triedSinceMs = this.#clock.nowMs();
    let seen = false;
    this.#become({ kind: 'trying', steps: null });
    while (!this.#cancelled) {
      const status = await this.#commands.status();
      const waitedMs = this.#clock.nowMs() - triedSinceMs;
      if (status.ok) {
        const { guest, guestSha256, guestSteps } = status.value;
        const ours = guestSha256 === sha256;
        seen ||= ours;
        if (ours && guest === 'running') return this.#become({ kind: 'running', name, sha256, elapsedMs: this.#clock.nowMs() - sinceMs });
        if (!ours && (seen || waitedMs > SWITCH_MS)) return this.#become(rolledBack(status.value));
        this.#become({ kind: 'trying', steps: ours ? guestSteps : null });
      } else if (status.cause !== 'silent') {
        return this.#end(status);
      }
      if (waitedMs > TRIAL_MS) return this.#end(failure('silent', 'The trial of the guest has not ended after five minutes: it may hang, or its steps are very far apart.'));
      await pause(this.#clock, LOOK_EVERY_MS);
    }
    this.#become({ kind: 'idle' });
  }

  #end(failed: Failure): void {
    if (failed.cause === 'refused') this.#become({ kind: 'refused', reason: failed.reason });
    else if (failed.cause === 'cancelled') this.#become({ kind: 'cancelled', keptBytes: this.#state.kind === 'sending' ? this.#state.doneBytes : 0 });
    else this.#become({ kind: 'failed', diagnosis: requestDiagnosis(failed), resumable: failed.cause !== 'unknown' });
  }

  #become(state: UploadState): void {
    this.#state = state;
    this.#listeners.tell();
  }
}

function beginData({ name, bytes, signed }: GuestModule, sha256: string): Uint8Array {
  const key = signed === null ? new Uint8Array(8) : fromHex(signed.key);
  const signature = signed?.signature ?? new Uint8Array(64);
  return Uint8Array.of(...u32(bytes.length), ...fromHex(sha256), ...key, ...signature, ...prefixed(name));
}

function dataOf(bytes: Uint8Array, offset: number): Uint8Array {
  return Uint8Array.of(...u32(offset), ...bytes.subarray(offset, offset + PIECE_BYTES));
}

/** The place that the board wants next; a place behind the module is no answer. */
function offsetOf(answer: Answered<Answer>, mostBytes: number): Answered<number> {
  if (!answer.ok) return answer;
  const text = answer.value.ok[0] ?? '';
  const offset = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  return offset <= mostBytes ? { ok: true, value: offset } : failure('disturbed', `The board's answer cannot be read: "${text}" is no offset in the module.`);
}

function rolledBack({ guest, guestName, guestReason }: BoardStatus): UploadState {
  return { kind: 'rolled-back', reason: guestReason ?? 'The board gave no reason.', running: guest === 'none' ? null : guestName };
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function fromHex(digits: string): Uint8Array {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
