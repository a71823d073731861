import type { Parsed } from '../../protocol/parsed.ts';
import type { Frame } from './frame.ts';

/** A line that carries frames, as the clients of a board use it. */
export interface FrameLine {
  /** Never rejects; the reason is a sentence. Resolves when the bytes are on their way. */
  write(bytes: Uint8Array): Promise<Parsed<null>>;
  onFrame(listener: (frame: Frame) => void): () => void;
  /** The line was closed, lent or lost: no answer will come any more. `reason` is a sentence. */
  onCut(listener: (reason: string) => void): () => void;
}
