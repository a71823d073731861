/** Installs, erases, backs up and restores what lies in a board's flash, over its serial line. */
import { checkImage, checkProtection } from '../image/check-image.ts';
import type { FlashImage } from '../image/flash-image.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { BoardPort } from '../port/board-port.ts';
import type { Backup } from './backup.ts';
import { checkBackup } from './check-backup.ts';
import { diagnose } from './diagnose.ts';
import type { FlashContents } from './flash-contents.ts';
import { FlashFailure } from './flash-failure.ts';
import { FlashLog } from './flash-log.ts';
import type { ChipFacts, FlashState } from './flash-state.ts';
import { pageClock, type FlasherClock } from './flasher-clock.ts';
import type * as Loader from './loader/loader.ts';
import { ProgressMeter } from './progress-meter.ts';

export interface InstallChoice {
  /** The whole flash is erased first; otherwise settings, guests and all else outside the image stay. */
  eraseAll: boolean;
}

export interface FlasherOptions {
  clock?: FlasherClock;
  /** Gives a zlib stream; the browser's own compressor unless given. */
  compress?: Loader.Compress | null;
  /** MAC of the board that is worked on; null while it may be any. */
  expectedMac?: () => string | null;
}

const highestBaud = 921_600;

/** What ended with a diagnosis of its own. */
class Refusal extends Error {
  readonly diagnosis: Diagnosis;

  constructor(diagnosis: Diagnosis) {
    super(diagnosis.what);
    this.diagnosis = diagnosis;
  }
}

/**
 * One board. No verb rejects: how it went is in the state, and what it returns says whether it is `done`. A verb connects
 * first if need be. `install`, the erasing ones, `backUp` and `restore` end with the port closed and the board running,
 * also when they fail or are cancelled; so does `release`. One verb at a time: another is refused (false, null) while one
 * is at work.
 */
export class Flasher {
  readonly #port: BoardPort;
  readonly #hear: (state: FlashState) => void;
  readonly #clock: FlasherClock;
  readonly #log: FlashLog;
  readonly #compress: Loader.Compress | null;
  readonly #expectedMac: () => string | null;
  #state: FlashState = { kind: 'idle' };
  #chip: ChipFacts | null = null;
  #session: Loader.LoaderSession | null = null;
  #recovery: Loader.Recovery | null = null;
  #busy = false;
  #cancelled = false;
  /** Whether flash was changed in the verb at work. */
  #changing = false;
  #meter: { total: number; meter: ProgressMeter } | null = null;
  /** Where the next connection begins, after a line was too bad for more. */
  #mostBaud = highestBaud;
  /** For which image all was erased already, so that a second try does not begin anew. */
  #erasedFor: { image: FlashImage; mac: string } | null = null;
  #backup: Loader.PartialBackup | null = null;

  constructor(port: BoardPort, hear: (state: FlashState) => void, { clock = pageClock, compress = null, expectedMac = () => null }: FlasherOptions = {}) {
    this.#port = port;
    this.#hear = hear;
    this.#clock = clock;
    this.#compress = compress;
    this.#expectedMac = expectedMac;
    this.#log = new FlashLog(clock);
  }

  get state(): FlashState {
    return this.#state;
  }

  /** The state becomes `connected`, or `failed` with a diagnosis. Null when it failed. */
  connect(): Promise<ChipFacts | null> {
    return this.#run('connect', async () => {
      const { chip, baud } = await this.#connected();
      this.#set({ kind: 'connected', chip, baud });
      return chip;
    });
  }

  /** What is in the flash of the board: its partitions and app. The state is `connected` after it. */
  inspect(): Promise<FlashContents | null> {
    return this.#run('inspect', async (loader) => {
      const { chip, baud } = await this.#connected();
      const contents = await loader.readContents(this.#recovery!);
      this.#set({ kind: 'connected', chip, baud });
      return contents;
    });
  }

  /** Parts that are on the board already are not written again, so a second try continues. */
  async install(image: FlashImage, { eraseAll }: InstallChoice): Promise<boolean> {
    return this.#job('install', async (loader, job) => {
      const { chip } = job.recovery.session;
      refuseIf(checkImage(image, chip));
      this.#changing = true;
      const erased = this.#erasedFor?.image === image && this.#erasedFor.mac === chip.mac;
      const fresh = eraseAll && !erased;
      if (fresh) {
        await loader.eraseWhole(job);
        this.#erasedFor = { image, mac: chip.mac };
      }
      const sentence = await loader.writeImage(job, image, loader.partsToWrite(image, eraseAll), fresh);
      this.#erasedFor = null;
      return sentence;
    });
  }

  eraseAll(): Promise<boolean> {
    this.#erasedFor = null;
    return this.#job('erase the whole flash', (loader, job) => {
      refuseIf(checkProtection(job.recovery.session.chip));
      this.#changing = true;
      return loader.eraseWhole(job);
    });
  }

  /** Wi-Fi, broker, name and calibration: the `nvs` partition that the board's own partition table names. */
  eraseSettings(): Promise<boolean> {
    this.#erasedFor = null;
    return this.#job('erase the settings', (loader, job) => {
      refuseIf(checkProtection(job.recovery.session.chip));
      return loader.eraseSettings(job);
    });
  }

  /** Reads the whole flash. A second try continues; null when it failed. */
  async backUp(): Promise<Backup | null> {
    let backup: Backup | null = null;
    await this.#job('back up', async (loader, job) => {
      const { mac, flashBytes } = job.recovery.session.chip;
      if (flashBytes === null) throw new FlashFailure('flash-failed', 'The flash chip does not tell its size.');
      if (this.#backup?.mac !== mac) this.#backup = { mac, bytes: new Uint8Array(flashBytes), doneBytes: 0 };
      backup = await loader.readWhole(job, this.#backup);
      this.#backup = null;
      return `The whole flash is copied, ${flashBytes / 1024} KB, verified by MD5.`;
    });
    return backup;
  }

  /** Writes a backup over the whole flash, verified. Refused when the backup is of another size or chip. */
  restore(backup: Uint8Array<ArrayBuffer>): Promise<boolean> {
    this.#erasedFor = null;
    return this.#job('restore', (loader, job) => {
      refuseIf(checkBackup(backup, job.recovery.session.chip));
      this.#changing = true;
      return loader.writeWhole(job, backup);
    });
  }

  /** Stops what is at work, at once. The state becomes `failed` with `cancelled`. */
  cancel(): void {
    if (!this.#busy) return;
    this.#cancelled = true;
    this.#session?.transport.abort(this.#cancellation());
  }

  /** Lets the board run and closes the port. The state becomes `idle`. */
  async release(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    await this.#leave();
    this.#busy = false;
    this.#set({ kind: 'idle' });
  }

  /** All that was said and received, with facts on chip and page, to be attached to a bug report. No secrets are in it. */
  logBundle(userAgent: string): string {
    const { usbVendorId, usbProductId } = this.#port.getInfo();
    const usb = usbVendorId === undefined ? 'no USB ids' : `USB ${usbVendorId.toString(16)}:${(usbProductId ?? 0).toString(16)}`;
    const { kind } = this.#state;
    const failure = this.#state.kind === 'failed' ? JSON.stringify(this.#state.diagnosis, null, 1) : '';
    return [`Browser: ${userAgent}`, `Port: ${usb}`, `Chip: ${JSON.stringify(this.#chip)}`, `State: ${kind} ${failure}`, '', this.#log.text, ''].join('\n');
  }

  /** A verb that ends with the board running. */
  async #job(name: string, work: (loader: typeof Loader, job: Loader.JobContext) => Promise<string>): Promise<boolean> {
    const startMs = this.#clock.nowMs();
    const summary = await this.#run(name, async (loader) => {
      const { chip } = await this.#connected();
      this.#meter = null;
      const hear = (task: string, done: number, total: number): void => this.#progress(task, done, total);
      const sentence = await work(loader, { recovery: this.#recovery!, log: this.#log, compress: this.#compress ?? loader.compressInBrowser, hear });
      await this.#leave();
      this.#set({ kind: 'done', chip, summary: sentence, elapsedMs: this.#clock.nowMs() - startMs });
      return sentence;
    });
    return summary !== null;
  }

  async #run<T>(name: string, work: (loader: typeof Loader) => Promise<T>): Promise<T | null> {
    if (this.#busy) return null;
    this.#busy = true;
    this.#cancelled = false;
    this.#changing = false;
    this.#log.add(`--- ${name}`);
    try {
      return await work(await this.#loader());
    } catch (error) {
      await this.#leave();
      this.#fail(error);
      return null;
    } finally {
      this.#busy = false;
    }
  }

  /** The libraries come over the network at first use. */
  async #loader(): Promise<typeof Loader> {
    try {
      return await import('./loader/loader.ts');
    } catch (error) {
      throw new FlashFailure('other', String(error), 'The flasher could not be loaded. Check the connection to the network, and try again.');
    }
  }

  async #connected(): Promise<Loader.LoaderSession> {
    if (this.#cancelled) throw this.#cancellation();
    if (this.#session && this.#session.transport.aborted === null) return this.#session;
    const { LoaderSession, Recovery } = await this.#loader();
    const session = new LoaderSession(this.#port, this.#clock, this.#log, (step, attempt) => this.#step(step, attempt));
    this.#session = session;
    this.#recovery = new Recovery(session, this.#log);
    if (this.#cancelled) throw this.#cancellation();
    const chip = await session.open(this.#mostBaud);
    const expected = this.#expectedMac();
    // Of two boards with the same bridge one may have come back in the other's place.
    if (expected !== null && chip.mac !== expected) throw new FlashFailure('wrong-chip', `${chip.mac} answers instead of ${expected}.`);
    this.#chip = chip;
    return session;
  }

  /** The board runs and the port is closed after it, as far as cable and browser allow. */
  async #leave(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    this.#recovery = null;
    await session?.close();
  }

  #step(step: string, attempt: number): void {
    if (this.#state.kind === 'working') {
      this.#set({ ...this.#state, progress: { ...this.#state.progress, task: step } });
    } else {
      this.#set({ kind: 'connecting', step, attempt });
    }
  }

  #progress(task: string, doneBytes: number, totalBytes: number): void {
    const session = this.#session;
    if (!session) return;
    if (this.#meter?.total !== totalBytes || doneBytes === 0) this.#meter = { total: totalBytes, meter: new ProgressMeter(this.#clock, totalBytes) };
    this.#set({ kind: 'working', chip: session.chip, baud: session.baud, progress: this.#meter.meter.at(task, doneBytes) });
  }

  #fail(error: unknown): void {
    const diagnosis = error instanceof Refusal ? error.diagnosis : diagnose(error);
    this.#log.add(`failed: ${diagnosis.cause}: ${diagnosis.detail ?? diagnosis.what}`);
    if (diagnosis.cause === 'garbled' || diagnosis.cause === 'slow-bridge') this.#mostBaud = Math.max(115_200, this.#mostBaud / 2);
    const worked = this.#state.kind === 'working';
    this.#set({ kind: 'failed', chip: this.#chip, diagnosis, resumable: worked && !(error instanceof Refusal) });
  }

  #cancellation(): FlashFailure {
    return new FlashFailure('cancelled', 'Cancelled by the user.', this.#changing ? 'writing' : null);
  }

  #set(state: FlashState): void {
    this.#state = state;
    this.#hear(state);
  }
}

function refuseIf(diagnosis: Diagnosis | null): void {
  if (diagnosis) throw new Refusal(diagnosis);
}
