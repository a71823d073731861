/** Answers what programs ask over the serial line: Improv's own requests, and ours (firmware/SERIAL.md). */
import { sha256 as sha256Of } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { command, improvError, improvState } from '../../session/commands.ts';
import { encodeFrame, encodeResult, frameType, parseRequest, type Frame, type Request } from '../../session/frame.ts';
import { verifyOffer, type TrustedKey } from '../../signing/verify-offer.ts';
import { GuestReceipt } from './guest-receipt.ts';
import type { Guests } from './guests.ts';
import type { NodeControl } from './node-control.ts';
import type { Radio } from './radio.ts';
import type { Settings } from './settings.ts';
import type { StoredNetworks } from './stored-networks.ts';

export interface SerialServiceParts {
  /** `continuum-node`, version, chip; the node's id is added. */
  identity: readonly [project: string, version: string, chip: string];
  settings: Settings;
  networks: StoredNetworks;
  radio: Radio;
  control: NodeControl;
  guests: Guests;
  mostGuestBytes: number;
  trustedKeys(): Promise<TrustedKey[]>;
  status(): readonly (readonly [key: string, value: string])[];
  /** Goes online anew with what is stored now; `first` is the network to try before the others. */
  goOnline(first: string | null): void;
  eraseSettings(): void;
  write(bytes: Uint8Array): void;
}

/** One string of an answer holds at most so many bytes of a longer text. */
const PIECE_BYTES = 240;
/** A key beside it then still fits the frame. */
const VALUE_BYTES = 220;

export class SerialService {
  readonly #parts: SerialServiceParts;
  readonly #receipt: GuestReceipt;
  /** The network that a client has just given, until it is known whether it can be joined. */
  #joining: string | null = null;
  #scanning = false;
  /** For a client that asks again because the answer was lost. */
  #lastEnd: string[] | null = null;

  constructor(parts: SerialServiceParts) {
    this.#parts = parts;
    this.#receipt = new GuestReceipt(parts.mostGuestBytes);
  }

  async take(frame: Frame): Promise<void> {
    if (frame.type !== frameType.request) return;
    const request = parseRequest(frame);
    if (!request) {
      this.#error(improvError.invalid);
      return;
    }
    await this.#answer(request);
  }

  /** The radio's state has changed. */
  radioChanged(): void {
    const { state } = this.#parts.radio;
    if (this.#joining === null || !('ssid' in state) || state.ssid !== this.#joining) return;
    if (state.kind === 'online') {
      this.#joining = null;
      this.#state();
      this.#result(command.wifi, []);
    } else if (state.kind === 'failed') {
      this.#joining = null;
      this.#error(improvError.unableToConnect);
      this.#state();
    }
  }

  async #answer({ command: number, data }: Request): Promise<void> {
    switch (number) {
      case command.wifi:
        return this.#wifi(data);
      case command.state:
        this.#state();
        if (this.#parts.radio.state.kind === 'online') this.#result(number, []);
        return;
      case command.device:
        return this.#result(number, [...this.#parts.identity, this.#parts.settings.node]);
      case command.scan:
        return this.#scan();
      case command.set:
        return this.#verdict(number, this.#set(data));
      case command.apply:
        return this.#apply();
      case command.settings:
        return this.#items(number, this.#parts.settings.shown());
      case command.guestBegin:
        this.#lastEnd = null;
        return this.#receiptAnswer(number, this.#receipt.begin(data));
      case command.guestData:
        return this.#receiptAnswer(number, this.#receipt.data(data));
      case command.guestEnd:
        return this.#guestEnd();
      case command.status:
        return this.#items(number, this.#parts.status());
      case command.command:
        return this.#text(number, this.#parts.control.command(textOf(data)));
      case command.calibrate:
        return this.#text(number, this.#parts.control.configure(textOf(data)));
      case command.networks:
        return this.#items(number, this.#parts.networks.all.map(({ ssid }) => [ssid] as const));
      case command.forget:
        return this.#forget(data);
      case command.eraseSettings:
        if (textOf(data) !== 'erase') return this.#verdict(number, 'The request has to hold the text erase.');
        this.#verdict(number, null);
        return this.#parts.eraseSettings();
      default:
        this.#error(improvError.unknown);
    }
  }

  #wifi(data: Uint8Array): void {
    const ssid = prefixedAt(data, 0);
    const password = ssid && prefixedAt(data, ssid.length + 1);
    if (!ssid || !password) return this.#error(improvError.invalid);
    const network = { ssid: textOf(ssid), password: textOf(password) };
    if (this.#parts.networks.add(network) !== null) return this.#error(improvError.unableToConnect);
    this.#joining = network.ssid;
    this.#parts.write(encodeFrame(frameType.state, Uint8Array.of(improvState.provisioning)));
    this.#parts.goOnline(network.ssid);
  }

  #scan(): void {
    if (this.#scanning) return;
    this.#scanning = true;
    this.#parts.radio.scan((found) => {
      this.#scanning = false;
      for (const { ssid, rssiDbm, password } of found) this.#result(command.scan, [ssid, String(rssiDbm), password === '' ? 'NO' : 'YES']);
      this.#result(command.scan, []);
    });
  }

  #set(data: Uint8Array): string | null {
    const key = prefixedAt(data, 0);
    if (!key || data.length < key.length + 4) return 'The request has a wrong length.';
    const at = key.length + 1;
    const value = prefixedAt(data, at + 2);
    if (!value) return 'The request has a wrong length.';
    return this.#parts.settings.stage(textOf(key), data[at]! + 256 * data[at + 1]!, value);
  }

  #apply(): void {
    const problem = this.#parts.settings.apply();
    this.#verdict(command.apply, problem);
    if (problem === null) this.#parts.goOnline(null);
  }

  #forget(data: Uint8Array): void {
    const ssid = prefixedAt(data, 0);
    if (!ssid) return this.#verdict(command.forget, 'The request has a wrong length.');
    const name = textOf(ssid);
    const { networks, radio, goOnline } = this.#parts;
    networks.forget(name);
    this.#verdict(command.forget, null);
    if ('ssid' in radio.state && radio.state.ssid === name) goOnline(null);
  }

  #receiptAnswer(number: number, answer: { next: number } | { refused: string }): void {
    const obstacle = number === command.guestBegin ? this.#parts.guests.obstacle : null;
    if (obstacle !== null) this.#verdict(number, obstacle);
    else if ('refused' in answer) this.#verdict(number, answer.refused);
    else this.#result(number, ['ok', String(answer.next)]);
  }

  async #guestEnd(): Promise<void> {
    const guest = this.#receipt.take();
    if (typeof guest === 'string') return this.#result(command.guestEnd, this.#lastEnd ?? ['refused', guest]);
    const problem = await this.#parts.guests.install(guest, () => this.#verify(guest));
    this.#lastEnd = problem === null ? ['ok'] : ['refused', cut(problem)];
    this.#result(command.guestEnd, this.#lastEnd);
  }

  /** Who holds the cable can flash the board anyway, so without keys a guest may be unsigned. */
  async #verify({ module, name, sha256, signer }: Exclude<ReturnType<GuestReceipt['take']>, string>): Promise<string | null> {
    if (!signer && this.#parts.settings.hasKeys) return 'The module is not signed, and this board takes only those of the keys it was given.';
    if (!signer) {
      return bytesToHex(sha256Of(module)) === sha256 ? null : 'The bytes that came do not have the SHA-256 that was announced: send the module again.';
    }
    const verdict = await verifyOffer(module, { name, sha256, ...signer }, await this.#parts.trustedKeys());
    return verdict.ok ? null : verdict.reason;
  }

  #state(): void {
    const { kind } = this.#parts.radio.state;
    const state = kind === 'online' ? improvState.provisioned : this.#joining !== null ? improvState.provisioning : improvState.ready;
    this.#parts.write(encodeFrame(frameType.state, Uint8Array.of(state)));
  }

  #error(code: number): void {
    this.#parts.write(encodeFrame(frameType.error, Uint8Array.of(code)));
  }

  #items(number: number, items: readonly (readonly string[])[]): void {
    for (const [key, value] of items) {
      // A value that fits no frame goes on in the next item of the same key.
      for (const piece of value === undefined ? [undefined] : pieces(value, VALUE_BYTES)) {
        this.#result(number, ['item', key!, ...(piece === undefined ? [] : [piece])]);
      }
    }
    this.#result(number, ['ok']);
  }

  /** A longer text in pieces. */
  #text(number: number, text: string): void {
    const all = pieces(text, PIECE_BYTES);
    // Each piece fills a frame, so those before the last come as items of their own.
    for (const piece of all.slice(0, -1)) this.#result(number, ['item', piece]);
    this.#result(number, ['ok', ...all.slice(-1)]);
  }

  #verdict(number: number, problem: string | null): void {
    this.#result(number, problem === null ? ['ok'] : ['refused', cut(problem)]);
  }

  #result(number: number, strings: readonly (string | Uint8Array)[]): void {
    this.#parts.write(encodeResult(number, strings));
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The string that begins with its length at `at`; null when it is not whole. */
function prefixedAt(data: Uint8Array, at: number): Uint8Array | null {
  const length = data[at];
  if (length === undefined || at + 1 + length > data.length) return null;
  return data.subarray(at + 1, at + 1 + length);
}

/** At least one, which may be empty. */
function pieces(text: string, mostBytes: number): Uint8Array[] {
  const bytes = new TextEncoder().encode(text);
  const count = Math.max(1, Math.ceil(bytes.length / mostBytes));
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * mostBytes, (at + 1) * mostBytes));
}

/** So that it fits a frame. */
function cut(sentence: string): string {
  const bytes = new TextEncoder().encode(sentence);
  if (bytes.length <= PIECE_BYTES) return sentence;
  return `${new TextDecoder().decode(bytes.subarray(0, PIECE_BYTES - 3)).replace(/\ufffd+$/, '')}...`;
}
