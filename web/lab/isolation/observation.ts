/** What was seen of a hostile guest's run, and what that means. */
import type { GuestFault } from '../../guest/types.ts';
import { parameter } from '../../sim/parameters.ts';
import type { HostileGuest } from './hostile-guest.ts';
import type { NeighbourReport } from './isolation-port.ts';
import type { Noticer, Outcome } from './outcome.ts';

export type End =
  | { kind: 'refused'; said: string }
  | { kind: 'fault'; fault: GuestFault }
  | { kind: 'returned' }
  /** Nothing has ended it by the time that the run was over; it rests or has returned from its act. */
  | { kind: 'goes-on' }
  /** It gave no sign for so long that its thread or process was ended. */
  | { kind: 'silent'; afterMs: number }
  /** What ran it broke. */
  | { kind: 'host-failed'; said: string };

export interface Observation {
  end: End;
  /** Control came past the hostile act. */
  passed: boolean;
  /** What host functions refused it, in their words; the first few. */
  refusals: readonly string[];
  /** What it got and must not have: seen in what reached the outside, not asked of the guards. */
  breaches: readonly string[];
  /** What a call gave it that harms nobody, in words. */
  answers: readonly string[];
  /** Of each run, milliseconds from the act's beginning, or from handing in the bytes, to the end; null where nobody can tell. */
  noticedMs: number | null;
  neighbours: NeighbourReport | null;
}

/** Who tells of a guest's traps and spent budgets on a runtime. */
export interface Noticers {
  outOfBounds: Noticer;
  budget: Noticer;
}

export function judge(guest: HostileGuest, { end, passed, refusals, breaches, answers, neighbours }: Observation, noticers: Noticers): Outcome {
  const harm = breaches[0] ?? tooMuch(guest.id, answers) ?? harmTo(neighbours) ?? (passed && guest.mustStop ? 'Its act had no consequence: the guest went on behind it.' : null);
  if (harm !== null) return { kind: 'not-contained', by: 'nobody', said: harm };
  switch (end.kind) {
    case 'host-failed':
      return { kind: 'not-contained', by: 'nobody', said: `What ran it failed: ${end.said}` };
    case 'refused':
      return { kind: 'refused', by: /does not validate/.test(end.said) ? 'validator' : 'check', said: end.said };
    case 'silent':
      return { kind: 'out-of-budget', by: 'watchdog', said: `It gave no sign for ${end.afterMs / 1000} s and was ended with its thread.` };
    case 'fault':
      return ofFault(end.fault, guest, noticers);
  }
  if (refusals.length > 0) return { kind: 'call-refused', by: 'host function', said: refusals[0] };
  const got = answers.length > 0 ? ` It noted ${answers.join(', ')}.` : '';
  return { kind: 'harmless', said: `It went on, and nothing came of it.${got}` };
}

function ofFault({ kind, reason }: GuestFault, { group }: HostileGuest, { outOfBounds, budget }: Noticers): Outcome {
  switch (kind) {
    case 'budget':
      return { kind: 'out-of-budget', by: budget, said: reason };
    case 'pointer':
    case 'rule':
      return { kind: 'rule', by: 'host function', said: reason };
    case 'trap':
      // An index outside a table is called so, too; the engine alone looks at those.
      return { kind: 'trapped', by: group !== 'control' && /outside its own memory/.test(reason) ? outOfBounds : 'engine', said: reason };
  }
}

/** Most that a guest may have, by the guest that notes what it got. */
const ceilings: Readonly<Record<string, { most: number; unit: string }>> = {
  'memory-growth': { most: parameter('node.edge.memoryCeilingPages').value, unit: 'pages of memory' },
  'table-growth': { most: 65_536, unit: 'table entries' },
};

function tooMuch(guest: string, answers: readonly string[]): string | null {
  const ceiling = ceilings[guest];
  const had = Math.max(0, ...answers.map(Number).filter(Number.isFinite));
  return ceiling && had > ceiling.most ? `It had ${had} ${ceiling.unit}; a guest may have ${ceiling.most}.` : null;
}

function harmTo(neighbours: NeighbourReport | null): string | null {
  if (!neighbours) return null;
  const { who, bytesChanged, resultsChanged, lost } = neighbours;
  if (lost) return `It took others down: ${who}.`;
  if (bytesChanged !== null && bytesChanged > 0) return `It changed ${bytesChanged} bytes of others: ${who}.`;
  return resultsChanged > 0 ? `It changed ${resultsChanged} results of others: ${who}.` : null;
}
