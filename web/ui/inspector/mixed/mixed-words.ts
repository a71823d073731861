/** Sentences on nodes that others run, on twins, and on what an edge slot can be. */
import type { NodeState } from '../../../sim/snapshot.ts';
import type { RemoteDetail, SlotMode } from '../../../sim/bridge-snapshot.ts';
import { formatDuration, formatPlural, formatSi, measured, notMeasured } from '../../parts/format.ts';
import type { Tone } from '../node-words.ts';

export const modeWords: Record<SlotMode, { word: string; meaning: string }> = {
  simulated: { word: 'Simulated', meaning: 'This page runs the node, and fog and cloud work with what it sends.' },
  real: { word: 'Real', meaning: 'Fog and cloud work with what the board sends; this page runs nothing in its place.' },
  twin: {
    word: 'Twin',
    meaning: 'Fog and cloud work with what the board sends; a simulated twin runs beside it and is only compared.',
  },
};

export const kindWords: Record<RemoteDetail['kind'], string> = { real: 'Board', simulated: 'Simulated elsewhere' };

/** Who runs a node that this page does not run. */
export function ownerWords({ kind, owner }: Pick<RemoteDetail, 'kind' | 'owner'>): string {
  if (kind === 'real') return 'the board itself';
  return owner === null ? 'a virtual board' : `another page, ${owner}`;
}

/** So many times what nearly all of its intervals stay under, without any message, is silence. */
const SILENT_TIMES = 3;

/** Whether a node sends nothing although it used to; false as long as its interval is not known. */
export function isSilent({ silentS, intervalS }: Pick<RemoteDetail, 'silentS' | 'intervalS'>): boolean {
  return silentS > SILENT_TIMES * intervalS.p95;
}

export interface ConnectionWords {
  word: string;
  tone: Tone;
  shape: NodeState;
  /** A sentence. */
  meaning: string;
}

/** Whether a node is there, as far as can be known from here. */
export function connectionWords(remote: Pick<RemoteDetail, 'online' | 'silentS' | 'intervalS'>): ConnectionWords {
  const silent = isSilent(remote);
  if (remote.online === false) {
    const meaning = 'Its presence says that it is gone: it left, or the broker announced its last will.';
    return { word: 'Offline', tone: 'bad', shape: 'off', meaning };
  }
  if (remote.online === null) {
    const readings = silent ? 'its messages have stopped' : 'only its messages tell that it is there';
    const word = silent ? 'Presence unknown, silent' : 'Presence unknown';
    return { word, tone: silent ? 'warn' : 'plain', shape: 'idle', meaning: `It announces no presence; ${readings}.` };
  }
  if (silent) {
    const meaning = 'It announced itself, but sends nothing. A broker notices only after a while that a node has vanished.';
    return { word: 'Online, silent', tone: 'warn', shape: 'booting', meaning };
  }
  return { word: 'Online', tone: 'good', shape: 'running', meaning: 'It announced itself, and its last will did not come.' };
}

/** How long ago a node was heard, in whole seconds: tenths would only flicker. */
export function agoWords(seconds: number): string {
  if (!Number.isFinite(seconds)) return notMeasured;
  if (seconds < 1) return 'just now';
  return `${seconds < 60 ? `${Math.floor(seconds)} s` : formatDuration(seconds)} ago`;
}

/** An interval with three digits below a minute, where tenths of a second would hide a difference. */
export function intervalWords(seconds: number): string {
  return measured(seconds, (s) => (s < 60 ? formatSi(s, 's') : formatDuration(s)));
}

/**
 * A Wi-Fi signal with what it is good for. Limits as in MetaGeek's "Wi-Fi signal strength basics":
 * -67 dBm for voice and video, -70 for web and mail, -80 for a connection at all.
 */
export function signalWords(dbm: number): string {
  const word = dbm >= -67 ? 'good' : dbm >= -70 ? 'fair' : dbm >= -80 ? 'weak' : 'barely there';
  return `${Math.round(dbm).toString().replace('-', '−')} dBm, ${word}`;
}

const YEAR_MS = 365.25 * 86_400_000;

/** How a node's clock stands to this machine's; null for one that was not measured. */
export function clockWords(clock: RemoteDetail['clock']): string {
  if (clock === null) return 'Not measured yet.';
  const { offsetMs, errorMs, samples } = clock;
  const apart = Math.abs(offsetMs);
  const side = offsetMs < 0 ? 'behind' : 'ahead of';
  const from = `from ${formatPlural(samples, 'ping')}`;
  const digits = errorMs < 0.1 ? 2 : errorMs < 100 ? 1 : 0;
  const error = `± ${errorMs.toFixed(digits)} ms`;
  if (apart <= errorMs) return `Agrees with this machine's to ${error}, ${from}.`;
  if (apart < 1000) return `${apart.toFixed(digits)} ${error} ${side} this machine's, ${from}.`;
  const far = `${formatDuration(apart / 1000)} ${side} this machine's (${error}), ${from}.`;
  return offsetMs < -YEAR_MS ? `Probably never set: ${far}` : far;
}

/** Why a node cannot be asked for anything, a sentence; null when it can. */
export function unaskableReason({ plain, online, kind }: Pick<RemoteDetail, 'plain' | 'online' | 'kind'>): string | null {
  if (plain) {
    const who = kind === 'real' ? 'This board' : 'This node';
    return `${who} sends readings and answers nothing, so it cannot be pinged, identified or restarted from here.`;
  }
  if (online === false) return 'It is offline: nothing would answer.';
  return null;
}

/**
 * What readings tell of a calibration, for nodes that acknowledge none. They show percent and decision, which come
 * from dry, wet and threshold; of period and hysteresis they say nothing.
 */
export function evidenceWords(evidence: RemoteDetail['evidence'], pending: boolean): { text: string; tone: Tone } {
  if (evidence === 'agrees') {
    const what = pending ? 'what was sent' : 'the values above';
    const text = `Its readings agree with ${what}, so dry, wet and threshold are in force.`;
    return { tone: 'good', text };
  }
  if (evidence === 'disagrees') {
    const what = pending ? 'what was sent' : 'the values above';
    return { tone: 'bad', text: `Its readings contradict ${what}: the board still computes with other values.` };
  }
  if (pending) return { tone: 'warn', text: 'Sent. Waiting for readings that tell whether the board computes with it.' };
  return { tone: 'plain', text: 'Its readings have not told yet with which values the board computes.' };
}
