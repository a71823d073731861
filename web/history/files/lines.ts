/** A file's lines, without their ends, read as they are needed. */

/** No line that this page writes comes near; a longer one is of some other kind of file. */
const MOST_CHARACTERS = 2 ** 23;

export interface Line {
  text: string;
  /** From 1. */
  number: number;
}

/** Many lines at a time. Throws a RangeError with a sentence where a line never ends. */
export async function* linesOf(file: Blob, onBytes: (read: number) => void): AsyncGenerator<Line[]> {
  const reader = file.stream().getReader();
  const decoder = new TextDecoder();
  let [rest, number, read] = ['', 0, 0];
  const numbered = (texts: string[]): Line[] => texts.map((text) => ({ text: text.endsWith('\r') ? text.slice(0, -1) : text, number: (number += 1) }));
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const texts = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = texts.pop()!;
      if (rest.length > MOST_CHARACTERS) throw new RangeError(`Line ${number + texts.length + 1} is longer than any that this page writes.`);
      onBytes((read += value.length));
      if (texts.length > 0) yield numbered(texts);
    }
    rest += decoder.decode();
    if (rest !== '') yield numbered([rest]);
  } finally {
    await reader.cancel();
  }
}
