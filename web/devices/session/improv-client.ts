/** Asks a board over its line, one question at a time, and finds the answers among its frames. */
import type { DeviceInfo, Network } from './board-facts.ts';
import { type Clock, pause, wallClock } from './clock.ts';
import { command, improvError, improvState, isExtension } from './commands.ts';
import { type Answer, type Answered, extensionQuestion, failure, type Question, textOf, UNKNOWN_REQUEST } from './exchange.ts';
import { BEFORE_DATA_BYTES, encodeRequest, type Frame, frameType, MAX_DATA_BYTES, MAX_REQUEST_BYTES, parseResult, prefixed } from './frame.ts';
import type { FrameLine } from './frame-line.ts';
import { Listeners } from './listeners.ts';
import { networksOf } from './networks.ts';

/** As firmware/SERIAL.md says. */
const WAIT_MS = 2000;
const LONG_WAIT_MS = 30_000;
const ATTEMPTS = 3;
/** Seeking an access point, its handshake and an address; boards give up before. */
const WIFI_WAIT_MS = 60_000;
const SCAN_WAIT_MS = 15_000;
/**
 * A length that was disturbed on the way makes a board wait for up to 255 more bytes, and take what is asked next for
 * them. Newlines mean nothing to it, and let that frame end.
 */
const UNSTICK = new Uint8Array(BEFORE_DATA_BYTES + MAX_DATA_BYTES + 1).fill(0x0a);
/** A second answer to a question that was asked twice may still come, and must not answer the next. */
const SETTLE_MS = 300;
const BUSY_PAUSE_MS = 500;
const MOST_BUSY = 20;

const SILENT = 'The board did not answer: it may still be starting, or it runs a firmware that cannot be set up over this line.';
const DISTURBED = 'The board could not read what was sent: the line is disturbed. Try a shorter cable, then ask again.';
const CANCELLED = 'It was cancelled.';

interface Running {
  question: Question<unknown>;
  settle(answer: Answered<unknown>): void;
  /** Restarts the time it waits. */
  heard(): void;
  askAgain(afterMs: number): void;
  attempt: number;
}

export class ImprovClient {
  readonly #line: FrameLine;
  readonly #clock: Clock;
  readonly #listeners = new Listeners();
  readonly #unsubscribe: (() => void)[];
  #queue: Promise<unknown> = Promise.resolve();
  #running: Running | null = null;
  #state: number | null = null;
  #extension: boolean | null = null;
  /** The question before was. */
  #unanswered = false;
  /** Until then, results of this command are of the question before. */
  #stale: { command: number; untilMs: number } | null = null;

  constructor(line: FrameLine, clock: Clock = wallClock) {
    this.#line = line;
    this.#clock = clock;
    this.#unsubscribe = [line.onFrame((frame) => this.#hear(frame)), line.onCut((reason) => this.#cut(reason))];
  }

  /** What the board said last, one of `improvState`; null when nothing yet. */
  get state(): number | null {
    return this.#state;
  }

  /** Whether it answers our requests beside Improv's; null: not known yet. */
  get extension(): boolean | null {
    return this.#extension;
  }

  /** When `state` or `extension` changed, asked for or not. */
  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  dispose(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#running?.settle(failure('cancelled', CANCELLED));
  }

  device(): Promise<Answered<DeviceInfo>> {
    return this.#ask<DeviceInfo>({
      ...plain(command.device),
      result: (strings) => {
        const [firmware = '', version = '', chip = '', name = ''] = strings.map(textOf);
        return { ok: true, value: { firmware, version, chip, name } };
      },
    });
  }

  /** Asks for Improv's state, with the address of the board's own page where it is online and has one. */
  current(): Promise<Answered<{ state: number; url: string | null }>> {
    let seen: number | null = null;
    return this.#ask<{ state: number; url: string | null }>({
      ...plain(command.state),
      begin: () => {
        seen = null;
      },
      state: (state) => {
        seen = state;
        return state === improvState.provisioned ? null : { ok: true, value: { state, url: null } };
      },
      result: ([url]) => ({ ok: true, value: { state: seen ?? improvState.provisioned, url: textOf(url) || null } }),
      // Some boards that are online say so and give no address.
      silence: () => (seen === null ? null : { ok: true, value: { state: seen, url: null } }),
    });
  }

  /** Networks in reach, strongest first. */
  scan(): Promise<Answered<Network[]>> {
    let found: (readonly Uint8Array[])[] = [];
    return this.#ask<Network[]>({
      ...plain(command.scan),
      waitMs: SCAN_WAIT_MS,
      attempts: 2,
      begin: () => {
        found = [];
      },
      result: (strings) => {
        if (strings.length === 0) return { ok: true, value: networksOf(found.map((network) => network.map(textOf))) };
        found.push(strings);
        return null;
      },
      silence: () => (found.length === 0 ? null : { ok: true, value: networksOf(found.map((network) => network.map(textOf))) }),
    });
  }

  /** Gives the board a network and waits until it is in it: the address of its own page, or null where it has none. */
  wifi(ssid: string, password: string): Promise<Answered<string | null>> {
    return this.#ask<string | null>({
      ...plain(command.wifi),
      data: Uint8Array.of(...prefixed(ssid), ...prefixed(password)),
      waitMs: WIFI_WAIT_MS,
      attempts: 1,
      result: ([url]) => ({ ok: true, value: textOf(url) || null }),
    });
  }

  /**
   * A request of our extension with its data, at most 253 bytes. One that takes long is asked twice at most, others
   * three times.
   */
  request(number: number, data: Uint8Array = new Uint8Array(0), { long = false } = {}): Promise<Answered<Answer>> {
    if (data.length > MAX_REQUEST_BYTES) throw new RangeError(`A request holds ${MAX_REQUEST_BYTES} bytes, not ${data.length}.`);
    return this.#ask(long ? extensionQuestion(number, data, LONG_WAIT_MS, 2) : extensionQuestion(number, data, WAIT_MS, ATTEMPTS));
  }

  #ask<T>(question: Question<T>): Promise<Answered<T>> {
    const answered = this.#queue.then(() => this.#exchange(question));
    this.#queue = answered;
    return answered.then((answer) => this.#learn(question.command, answer));
  }

  async #exchange<T>(question: Question<T>): Promise<Answered<T>> {
    if (this.#stale !== null) await pause(this.#clock, Math.max(0, this.#stale.untilMs - this.#clock.nowMs()));
    this.#stale = null;
    for (let busy = 0; ; busy++) {
      const answer = await this.#rounds(question);
      // What this page, or another before it, asked and gave up waiting for.
      if (answer.ok || answer.cause !== 'refused' || !/request is at work/.test(answer.reason) || busy === MOST_BUSY) return answer;
      await pause(this.#clock, BUSY_PAUSE_MS);
    }
  }

  #rounds<T>(question: Question<T>): Promise<Answered<T>> {
    const bytes = encodeRequest(question.command, question.data);
    return new Promise((resolve) => {
      let cancelTimer = () => {};
      let refusal: Answered<T> | null = null;
      const settle = (answer: Answered<unknown>) => {
        if (this.#running !== running) return;
        // The first asking may still be at work when the second is refused for that.
        if (!answer.ok && answer.cause === 'refused' && running.attempt > 1 && refusal === null) {
          refusal = answer;
          running.heard();
          return;
        }
        cancelTimer();
        this.#running = null;
        this.#unanswered = !answer.ok && answer.cause !== 'refused';
        if (running.attempt > 1 || !answer.ok) this.#stale = { command: question.command, untilMs: this.#clock.nowMs() + SETTLE_MS };
        resolve(answer as Answered<T>);
      };
      const ask = () => {
        running.attempt++;
        question.begin();
        running.heard();
        const again = running.attempt > 1 || this.#unanswered;
        void this.#line.write(again ? Uint8Array.of(...UNSTICK, ...bytes) : bytes).then((written) => {
          if (!written.ok) settle(failure('cut', written.reason));
        });
      };
      const running: Running = {
        question,
        attempt: 0,
        settle,
        heard: () => {
          cancelTimer();
          cancelTimer = this.#clock.after(question.waitMs, () => {
            if (refusal === null && running.attempt < question.attempts) ask();
            else settle(refusal ?? question.silence?.() ?? failure('silent', SILENT));
          });
        },
        askAgain: (afterMs) => {
          cancelTimer();
          if (running.attempt < question.attempts) cancelTimer = this.#clock.after(afterMs, ask);
          else settle(failure('disturbed', DISTURBED));
        },
      };
      this.#running = running;
      ask();
    });
  }

  #hear(frame: Frame): void {
    const running = this.#running;
    if (frame.type === frameType.state && frame.data.length > 0) {
      this.#state = frame.data[0]!;
      this.#listeners.tell();
      const answer = running?.question.state?.(frame.data[0]!);
      if (answer) running?.settle(answer);
      else if (running?.question.command === command.wifi) running.heard();
      return;
    }
    if (running === null) return;
    if (frame.type === frameType.error) {
      this.#hearError(frame.data[0] ?? 0, running);
      return;
    }
    const result = parseResult(frame);
    if (result?.command !== running.question.command) return;
    const answer = running.question.result(result.strings);
    if (answer === null) running.heard();
    else running.settle(answer);
  }

  #hearError(error: number, running: Running): void {
    switch (error) {
      case improvError.none:
        return;
      case improvError.invalid:
        running.askAgain(BUSY_PAUSE_MS);
        return;
      case improvError.unknown:
        running.settle(failure('unknown', unknownSentence(running.question.command)));
        return;
      case improvError.notAuthorized:
        running.settle(failure('refused', 'The board wants to be allowed first: press its button, then try again.'));
        return;
      default:
        // Boards also say, later and unasked, that Wi-Fi failed.
        if (running.question.command === command.wifi) {
          running.settle(failure('not-connected', 'The board could not join this network.'));
        }
    }
  }

  #cut(reason: string): void {
    this.#state = null;
    this.#extension = null;
    this.#running?.settle(failure('cut', reason));
    this.#listeners.tell();
  }

  #learn<T>(number: number, answer: Answered<T>): Answered<T> {
    if (!isExtension(number)) return answer;
    const knows = answer.ok || answer.cause === 'refused' ? true : answer.cause === 'unknown' ? false : this.#extension;
    if (knows !== this.#extension) {
      this.#extension = knows;
      this.#listeners.tell();
    }
    return answer;
  }
}

function plain(number: number) {
  return { command: number, data: new Uint8Array(0), waitMs: WAIT_MS, attempts: ATTEMPTS, begin: () => {} };
}

function unknownSentence(number: number): string {
  return isExtension(number)
    ? UNKNOWN_REQUEST
    : 'This firmware does not know that request of Improv.';
}
