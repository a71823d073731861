/** The image that is to be installed: where it comes from, and what is in it. */
import { filesOfDrop, filesOfInput } from '../../devices/image/dropped-files.ts';
import type { ChipFamily, FlashImage, ImageFile } from '../../devices/image/flash-image.ts';
import { guessOffset, readImage, readParts } from '../../devices/image/read-image.ts';
import { readServedFirmware } from '../../devices/image/served-firmware.ts';
import { isVirtualImage } from '../../devices/virtual-board/rom/virtual-image.ts';
import type { DevicesPort } from './devices-port.ts';

export type ImageSource = 'virtual' | 'served' | 'files';

export interface PlacedFile {
  file: ImageFile;
  /** As typed: decimal, or hexadecimal behind `0x`. */
  offset: string;
}

const MANIFEST = 'firmware/manifest.json';

export class InstallDraft {
  readonly #port: DevicesPort;
  readonly #virtual: boolean;
  #source = $state<ImageSource>('served');
  #image = $state.raw<FlashImage | null>(null);
  #problem = $state<string | null>(null);
  #reading = $state(false);
  #placed = $state.raw<PlacedFile[]>([]);
  #eraseAll = $state(false);
  /** What was asked for before the latest question is not shown any more. */
  #turn = 0;

  constructor(port: DevicesPort, virtual: boolean) {
    this.#port = port;
    this.#virtual = virtual;
    this.#source = virtual ? 'virtual' : 'served';
  }

  get source(): ImageSource {
    return this.#source;
  }

  get image(): FlashImage | null {
    return this.#image;
  }

  /** Why there is no image, a sentence, or null. */
  get problem(): string | null {
    return this.#problem;
  }

  get reading(): boolean {
    return this.#reading;
  }

  /** Files whose offsets the user can set; empty unless needed. */
  get placed(): PlacedFile[] {
    return this.#placed;
  }

  get eraseAll(): boolean {
    return this.#eraseAll;
  }

  set eraseAll(eraseAll: boolean) {
    this.#eraseAll = eraseAll;
  }

  async choose(source: ImageSource, family: ChipFamily): Promise<void> {
    this.#source = source;
    this.#placed = [];
    if (source === 'files') {
      this.#turn++;
      this.#image = null;
      this.#problem = null;
      return;
    }
    await this.#read(async () => {
      const firmware = source === 'virtual' ? await this.#port.virtualFirmware() : await readServedFirmware(MANIFEST);
      return firmware.load(family);
    });
  }

  takeInput(files: Iterable<File>): Promise<void> {
    return this.#take(filesOfInput(files));
  }

  async takeDrop(items: DataTransferItemList): Promise<void> {
    await this.#take(await filesOfDrop(items));
  }

  place(index: number, offset: string): void {
    this.#placed = this.#placed.map((each, i) => (i === index ? { ...each, offset } : each));
  }

  usePlaces(): Promise<void> {
    return this.#read(() => readParts(this.#placed.map(({ file, offset }) => ({ file, offset: Number(offset.trim() || NaN) }))));
  }

  async #take(files: ImageFile[]): Promise<void> {
    this.#source = 'files';
    this.#placed = [];
    await this.#read(() => readImage(files));
    const single = files.filter(({ path }) => path.toLowerCase().endsWith('.bin'));
    if (this.#image !== null || single.length === 0 || single.length !== files.length) return;
    this.#placed = await Promise.all(
      single.map(async (file) => {
        const offset = guessOffset(await file.bytes());
        return { file, offset: offset === null ? '' : `0x${offset.toString(16)}` };
      }),
    );
  }

  async #read(read: () => Promise<FlashImage>): Promise<void> {
    const turn = ++this.#turn;
    this.#image = null;
    this.#problem = null;
    this.#reading = true;
    try {
      const image = await read();
      if (turn !== this.#turn) return;
      if (!this.#virtual && isVirtualImage(image.version)) {
        this.#problem = 'This image is for virtual boards and has no machine code in it. Choose one that was built for a real board.';
      } else this.#image = image;
    } catch (error) {
      if (turn === this.#turn) this.#problem = error instanceof Error ? error.message : String(error);
    } finally {
      if (turn === this.#turn) this.#reading = false;
    }
  }
}
