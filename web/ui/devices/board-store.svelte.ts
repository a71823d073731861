/** One board as the page draws it: its serial line, its flash, its setting up and its guest, one user of the line at a time. */
import type { Backup } from '../../devices/flash/backup.ts';
import { Flasher } from '../../devices/flash/flasher.ts';
import type { FlashContents } from '../../devices/flash/flash-contents.ts';
import type { ChipFacts, FlashState } from '../../devices/flash/flash-state.ts';
import type { FlashImage } from '../../devices/image/flash-image.ts';
import type { BoardPort } from '../../devices/port/board-port.ts';
import { BoardCommands } from '../../devices/session/board-commands.ts';
import type { BoardStatus, DeviceInfo } from '../../devices/session/board-facts.ts';
import { GuestUpload } from '../../devices/session/guest-upload.ts';
import { ImprovClient } from '../../devices/session/improv-client.ts';
import type { LineState } from '../../devices/session/line-state.ts';
import { Provisioning } from '../../devices/session/provisioning.ts';
import type { ProvisioningState } from '../../devices/session/provisioning-state.ts';
import { SerialSession } from '../../devices/session/serial-session.ts';
import type { UploadState } from '../../devices/session/upload-state.ts';
import type { BoardFacts, VirtualBoard } from '../../devices/virtual-board/virtual-boards-port.ts';
import type { NodeConfig } from '../../protocol/node-config.ts';

export type FlashJob = 'connect' | 'install' | 'erase' | 'erase settings' | 'back up' | 'restore';

/** A board that restarts says nothing for some seconds. */
const LOOK_EVERY_MS = 3000;
const SILENT_EVERY_MS = 20_000;

export class BoardStore {
  readonly id: string;
  readonly label: string;
  /** Null for a real board. */
  readonly virtual: VirtualBoard | null;
  readonly session: SerialSession;
  readonly provisioning: Provisioning;
  readonly upload: GuestUpload;
  readonly #improv: ImprovClient;
  readonly #commands: BoardCommands;
  #flasher: { port: BoardPort; flasher: Flasher } | null = null;
  #again: (() => Promise<unknown>) | null = null;
  #refreshing = false;
  /** It did not answer, and is not asked again before. */
  #notBeforeMs = 0;
  #flash = $state.raw<FlashState>({ kind: 'idle' });
  #job = $state<FlashJob | null>(null);
  #line = $state.raw<LineState>({ kind: 'closed' });
  #chip = $state.raw<ChipFacts | null>(null);
  #contents = $state.raw<FlashContents | null>(null);
  #device = $state.raw<DeviceInfo | null>(null);
  #status = $state.raw<BoardStatus | null>(null);
  #setUp = $state.raw<ProvisioningState>({ kind: 'idle' });
  #sending = $state.raw<UploadState>({ kind: 'idle' });
  #facts = $state.raw<BoardFacts | null>(null);
  #crashes = $state(0);
  #notice = $state('');
  #fault = $state<string | null>(null);
  #bootHeld = $state(false);

  constructor(id: string, label: string, port: BoardPort, virtual: VirtualBoard | null) {
    this.id = id;
    this.label = label;
    this.virtual = virtual;
    this.session = new SerialSession(port);
    this.#improv = new ImprovClient(this.session);
    this.#commands = new BoardCommands(this.#improv);
    this.provisioning = new Provisioning(this.#improv);
    this.upload = new GuestUpload(this.#improv);
    this.session.subscribe(() => (this.#line = this.session.state));
    this.session.console.subscribe(() => (this.#crashes = this.session.console.crashes.filter(({ kind }) => kind === 'crash').length));
    this.provisioning.subscribe(() => (this.#setUp = this.provisioning.state));
    this.upload.subscribe(() => (this.#sending = this.upload.state));
  }

  get flash(): FlashState {
    return this.#flash;
  }

  /** What the flasher is at or was at last. */
  get job(): FlashJob | null {
    return this.#job;
  }

  /** Whether the flasher is at work. */
  get busy(): boolean {
    return this.#line.kind === 'lent';
  }

  get line(): LineState {
    return this.#line;
  }

  get isOpen(): boolean {
    return this.#line.kind === 'open';
  }

  /** Null until it was connected. */
  get chip(): ChipFacts | null {
    return this.#chip;
  }

  get contents(): FlashContents | null {
    return this.#contents;
  }

  /** What the firmware says of itself; null while none answers. */
  get device(): DeviceInfo | null {
    return this.#device;
  }

  get status(): BoardStatus | null {
    return this.#status;
  }

  get setUp(): ProvisioningState {
    return this.#setUp;
  }

  get sending(): UploadState {
    return this.#sending;
  }

  /** What can be seen of a virtual board from outside. */
  get facts(): BoardFacts | null {
    return this.#facts;
  }

  set facts(facts: BoardFacts | null) {
    this.#facts = facts;
  }

  /** Which fault a virtual board was given; null for none. */
  get fault(): string | null {
    return this.#fault;
  }

  set fault(fault: string | null) {
    this.#fault = fault;
  }

  /** Whether the BOOT button of a virtual board is held down. */
  get bootHeld(): boolean {
    return this.#bootHeld;
  }

  set bootHeld(held: boolean) {
    this.#bootHeld = held;
  }

  /** Failures that its console told of. */
  get crashes(): number {
    return this.#crashes;
  }

  /** How the last request went, a sentence, or empty. */
  get notice(): string {
    return this.#notice;
  }

  /** Node id; null until the firmware said. */
  get node(): string | null {
    return this.#device?.name || this.#facts?.node || null;
  }

  /** Whether its flash can be worked on now. */
  get ready(): boolean {
    return this.#chip !== null && !this.busy;
  }

  /** Asks chip and flash what they are, then lets the board run and listens to it. */
  connect(): Promise<unknown> {
    return this.#flashing('connect', async (flasher) => {
      const contents = await flasher.inspect();
      if (contents === null) return;
      this.#contents = contents;
      await flasher.release();
    });
  }

  /** Opens the line alone, for a board whose loader is not to be entered, or cannot be. */
  async listen(): Promise<void> {
    await this.session.open();
    this.#notBeforeMs = 0;
    await this.refresh();
  }

  async disconnect(): Promise<void> {
    if (this.busy) return;
    this.provisioning.stop();
    this.upload.cancel();
    await this.session.close();
    this.#chip = null;
    this.#contents = null;
    this.#device = null;
    this.#status = null;
    this.#flash = { kind: 'idle' };
  }

  install(image: FlashImage, eraseAll: boolean): Promise<unknown> {
    return this.#flashing('install', (flasher) => flasher.install(image, { eraseAll }));
  }

  eraseAll(): Promise<unknown> {
    return this.#flashing('erase', (flasher) => flasher.eraseAll());
  }

  eraseSettings(): Promise<unknown> {
    return this.#flashing('erase settings', (flasher) => flasher.eraseSettings());
  }

  async backUp(save: (backup: Backup) => void): Promise<void> {
    await this.#flashing('back up', async (flasher) => {
      const backup = await flasher.backUp();
      if (backup) save(backup);
    });
  }

  restore(bytes: Uint8Array<ArrayBuffer>): Promise<unknown> {
    return this.#flashing('restore', (flasher) => flasher.restore(bytes));
  }

  /** The job that failed, once more: what is written and verified is not written again. */
  async retry(): Promise<void> {
    await this.#again?.();
  }

  cancel(): void {
    this.#flasher?.flasher.cancel();
  }

  identify(): Promise<void> {
    return this.#ask('The board blinks.', () => this.#commands.identify());
  }

  restartGuest(): Promise<void> {
    return this.#ask('The guest starts anew.', () => this.#commands.restart());
  }

  async restart(): Promise<void> {
    const reset = await this.session.reset();
    this.#notice = reset.ok ? 'The board restarts.' : reset.reason;
  }

  async calibrate(config: NodeConfig): Promise<string> {
    const answer = await this.#commands.calibrate(config);
    if (!answer.ok) return answer.reason;
    const { accepted, inForce, reason } = answer.value;
    const { dry, wet, threshold } = inForce;
    return accepted ? `In force: dry ${dry}, wet ${wet}, threshold ${threshold}.` : `Refused: ${reason ?? 'the board gave no reason.'}`;
  }

  /** Keeps what the firmware says of itself fresh until what it returns is called. */
  watch(): () => void {
    const timer = setInterval(() => void this.refresh(), LOOK_EVERY_MS);
    void this.refresh();
    return () => clearInterval(timer);
  }

  async refresh(): Promise<void> {
    const engaged = ['reading', 'applying', 'following'].includes(this.#setUp.kind) || !['idle', 'running', 'rolled-back', 'refused', 'cancelled', 'failed'].includes(this.#sending.kind);
    if (!this.isOpen || engaged || this.#refreshing || performance.now() < this.#notBeforeMs) return;
    this.#refreshing = true;
    try {
      const device = await this.#improv.device();
      this.#device = device.ok ? device.value : null;
      const status = device.ok ? await this.#commands.status() : null;
      this.#status = status?.ok ? status.value : null;
      // Another firmware is not to be asked all the time what it does not understand.
      this.#notBeforeMs = device.ok ? 0 : performance.now() + SILENT_EVERY_MS;
    } finally {
      this.#refreshing = false;
    }
  }

  /** For a bug report. What the board wrote to its console is in it. */
  logBundle(): string {
    const flasher = this.#flasher?.flasher.logBundle(navigator.userAgent) ?? `Browser: ${navigator.userAgent}\n`;
    return `${flasher}\n--- console\n${this.session.console.text()}`;
  }

  async dispose(): Promise<void> {
    this.cancel();
    this.#improv.dispose();
    await this.session.dispose();
  }

  async #ask(done: string, question: () => Promise<{ ok: true } | { ok: false; reason: string }>): Promise<void> {
    const answer = await question();
    this.#notice = answer.ok ? done : answer.reason;
  }

  async #flashing(job: FlashJob, work: (flasher: Flasher) => Promise<unknown>): Promise<void> {
    if (this.#line.kind === 'lost') await this.session.close();
    this.provisioning.stop();
    const loan = await this.session.lend('the flasher');
    if (!loan.ok) {
      this.#notice = loan.reason;
      return;
    }
    this.#again = () => this.#flashing(job, work);
    this.#job = job;
    this.#notice = '';
    try {
      await work(this.#flasherOn(loan.value.port));
      if (this.#flash.kind === 'done') {
        this.session.console.forgetCrashes();
        if (job !== 'back up') this.#contents = null;
      }
    } finally {
      await loan.value.giveBack();
    }
    if (this.#chip !== null && this.#line.kind === 'closed' && this.#flash.kind !== 'failed') await this.session.open();
    this.#notBeforeMs = 0;
    await this.refresh();
  }

  /** The same board may come back as another port. */
  #flasherOn(port: BoardPort): Flasher {
    if (this.#flasher?.port !== port) {
      const hear = (state: FlashState): void => {
        this.#flash = state;
        if ('chip' in state && state.chip) this.#chip = state.chip;
      };
      this.#flasher = { port, flasher: new Flasher(port, hear, { expectedMac: () => (this.#job === 'connect' ? null : (this.#chip?.mac ?? null)) }) };
    }
    return this.#flasher.flasher;
  }
}
