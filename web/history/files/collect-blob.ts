/** Gathers an export into a file of the browser, which may keep it on disk: it need not fit in memory. */
import type { Progress } from '../history-port.ts';
import type { Piece } from './export-source.ts';

const PART_CHARACTERS = 2 ** 20;

/** @param signal aborting makes it reject with the signal's reason */
export async function collectBlob(
  pieces: AsyncIterable<Piece>,
  type: string,
  total: number,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Blob> {
  const parts: Blob[] = [];
  let [texts, characters, done]: [string[], number, number] = [[], 0, 0];
  const close = (): void => {
    parts.push(new Blob(texts));
    [texts, characters] = [[], 0];
    onProgress({ done, total: Math.max(done, total) });
  };
  for await (const { text, samples } of pieces) {
    signal.throwIfAborted();
    texts.push(text);
    characters += text.length;
    done += samples;
    if (characters < PART_CHARACTERS) continue;
    close();
    // A message that cancels gets its turn.
    await new Promise((resolve) => setTimeout(resolve));
  }
  signal.throwIfAborted();
  close();
  return new Blob(parts, { type });
}
