/** What a board's first words after a reset say about why it does not answer a loader. */
import { FlashFailure } from '../flash-failure.ts';

const waitsForDownload = /waiting for download|DOWNLOAD[_(]/;
const romStarted = /\brst:0x|\bboot:0x|ESP-ROM:|\bets [A-Z]/;
/** ESP-IDF's log, Arduino's, or a boot loop for want of an app. */
const appRuns = /\b[EWIDV] \(\d+\) |entry 0x|invalid header|No bootable app/;

export { waitsForDownload };

export type BootState = 'download' | 'app' | 'garbled' | 'silent';

export function bootStateOf(text: string): BootState {
  if (waitsForDownload.test(text)) return 'download';
  if (romStarted.test(text) || appRuns.test(text)) return 'app';
  if (text.length === 0) return 'silent';
  const readable = [...text].filter((char) => (char >= ' ' && char <= '~') || char === '\r' || char === '\n' || char === '\t').length;
  return readable > text.length * 0.97 ? 'app' : 'garbled';
}

/** The failure of a board that answered no attempt, from what was seen in all of them. */
export function noSync(seen: ReadonlySet<BootState>): FlashFailure {
  if (seen.has('download')) return new FlashFailure('no-answer', 'The ROM waits for download but answers nothing.', 'download');
  if (seen.has('app')) return new FlashFailure('not-in-download-mode', 'The chip restarts into its app.');
  if (seen.has('garbled')) return new FlashFailure('garbled', 'What the board says after a reset is unreadable.');
  return new FlashFailure('no-answer', 'The board says nothing at all.');
}

/** The ROM's own lines only: what an app prints may hold secrets. */
export function romLines(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => romStarted.test(line) || waitsForDownload.test(line));
}
