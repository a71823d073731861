/** What happened, in order, one line an event; its hash tells whether two runs were the same. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** The hash covers every line; of the text only the last lines are kept. */
const KEPT_BLOCKS = 64;
const BLOCK_CHARACTERS = 65_536;

export class EventLog {
  readonly #hash = sha256.create();
  readonly #encoder = new TextEncoder();
  readonly #blocks: string[] = [];
  #open = '';
  #lines = 0;
  #last = '';
  #dropped = false;

  /** The last line, without its time. */
  get last(): string {
    return this.#last;
  }

  get lines(): number {
    return this.#lines;
  }

  /** `detail` must not contain a line break. */
  append(timeUs: number, node: string, kind: string, detail: string): void {
    this.#last = `${node} ${kind} ${detail}`;
    this.#open += `${timeUs}\t${node}\t${kind}\t${detail}\n`;
    this.#lines += 1;
    if (this.#open.length >= BLOCK_CHARACTERS) this.#close();
  }

  /** SHA-256 of all lines so far, lower-case hex. */
  digest(): string {
    const hash = this.#hash.clone();
    hash.update(this.#encoder.encode(this.#open));
    return bytesToHex(hash.digest());
  }

  /** The lines still kept, the oldest first; says at its head when earlier ones are gone. */
  text(): string {
    const head = this.#dropped ? '# earlier lines are no longer kept; the digest covers them\n' : '';
    return `# sha256 of all lines that do not begin with #: ${this.digest()}\n${head}# time_us\tnode\tkind\tdetail\n${this.#blocks.join('')}${this.#open}`;
  }

  #close(): void {
    this.#hash.update(this.#encoder.encode(this.#open));
    this.#blocks.push(this.#open);
    this.#open = '';
    if (this.#blocks.length > KEPT_BLOCKS) {
      this.#blocks.shift();
      this.#dropped = true;
    }
  }
}
