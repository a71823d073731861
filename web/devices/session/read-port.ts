/** Reads a port for as long as it gives bytes, without holding up the page. */
import type { BoardPort } from '../port/board-port.ts';
import { type Clock, pause } from './clock.ts';

export interface ReadParts {
  onBytes(bytes: Uint8Array): void;
  /** Bytes were lost, but the line stands. A sentence. */
  onTrouble(sentence: string): void;
}

/** Longer without a pause would make the page miss frames. */
const WORK_MS = 8;
/** Chunks that are decoded and split at a time. */
const MOST_BYTES = 16_384;
const MOST_TROUBLES = 20;

/** Resolves, never rejects: `lost` when the port gives nothing any more, `aborted` when that was wanted. */
export async function readPort(port: BoardPort, clock: Clock, signal: AbortSignal, parts: ReadParts): Promise<'lost' | 'aborted'> {
  const pace = paced(clock);
  // After an error that the line survives (a break, a full buffer), the port has another stream.
  for (let troubles = 0; port.readable !== null && troubles < MOST_TROUBLES && !signal.aborted; troubles++) {
    const reader = port.readable.getReader();
    const cancel = () => void reader.cancel().catch(() => undefined);
    signal.addEventListener('abort', cancel);
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (signal.aborted) return 'aborted';
        if (done) return 'lost';
        troubles = 0;
        for (let at = 0; at < value.length; at += MOST_BYTES) {
          await pace(() => parts.onBytes(value.subarray(at, at + MOST_BYTES)));
          if (signal.aborted) return 'aborted';
        }
      }
    } catch (error) {
      if (signal.aborted) return 'aborted';
      if (error instanceof Error && error.name === 'NetworkError') return 'lost';
      if (port.readable !== null) parts.onTrouble(troubleSentence(error));
    } finally {
      signal.removeEventListener('abort', cancel);
      reader.releaseLock();
    }
  }
  return signal.aborted ? 'aborted' : 'lost';
}

/** Does a piece of work, and lets the page draw when much of it was done; a stream that has more at hand would not. */
function paced(clock: Clock): (work: () => void) => Promise<void> | undefined {
  let workedMs = 0;
  return (work) => {
    const fromMs = clock.nowMs();
    work();
    workedMs += clock.nowMs() - fromMs;
    if (workedMs < WORK_MS) return undefined;
    workedMs = 0;
    return pause(clock, 0);
  };
}

function troubleSentence(error: unknown): string {
  switch (error instanceof Error ? error.name : '') {
    case 'BufferOverrunError':
      return 'The board wrote faster than this page could read: some of it is lost.';
    case 'BreakError':
      return 'The line was interrupted for a moment.';
    case 'FramingError':
    case 'ParityError':
      return 'The line was disturbed: some of what the board wrote is lost.';
    default:
      return 'Something the board wrote could not be read.';
  }
}
