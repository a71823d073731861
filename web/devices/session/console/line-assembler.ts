/** Text of a serial line, in whatever pieces it comes, as lines. */

/** Longer lines are cut in two: noise has no newlines. */
export const MAX_LINE_CHARACTERS = 4096;

// Everything that would move the cursor or be invisible, but tab and the escapes that `log-line.ts` takes out.
// eslint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g;

export class LineAssembler {
  #decoder = new TextDecoder();
  #partial = '';

  /** What is there of the line that is still being written. */
  get partial(): string {
    return printable(this.#partial);
  }

  /** The lines that these bytes end. Invalid UTF-8 becomes U+FFFD. */
  push(bytes: Uint8Array): string[] {
    const lines = (this.#partial + this.#decoder.decode(bytes, { stream: true })).split('\n');
    this.#partial = lines.pop()!;
    if (this.#partial.length >= MAX_LINE_CHARACTERS) {
      lines.push(this.#partial);
      this.#partial = '';
    }
    return lines.flatMap(inPieces).map(printable);
  }

  /** The unfinished line, if any, when nothing will follow. */
  end(): string[] {
    const rest = this.#partial + this.#decoder.decode();
    this.#partial = '';
    this.#decoder = new TextDecoder();
    return rest === '' ? [] : inPieces(rest).map(printable);
  }
}

function inPieces(line: string): string[] {
  if (line.length <= MAX_LINE_CHARACTERS) return [line];
  const count = Math.ceil(line.length / MAX_LINE_CHARACTERS);
  return Array.from({ length: count }, (_, i) => line.slice(i * MAX_LINE_CHARACTERS, (i + 1) * MAX_LINE_CHARACTERS));
}

function printable(line: string): string {
  return line.replace(/\r+$/, '').replace(unprintable, '\ufffd');
}
