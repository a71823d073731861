/** Which lines of a console pass, and what to highlight in them. */
import { type Parsed, refused } from '../../../protocol/parsed.ts';
import type { Level } from './log-line.ts';

export interface ConsoleFilter {
  /** Lines of these levels pass; null stands for lines that no log wrote. */
  levels: ReadonlySet<Level | null>;
  /** Exactly this tag; empty: any. */
  tag: string;
  /** Empty: any line. */
  search: string;
  /** Whether `search` is a regular expression of JavaScript. */
  regex: boolean;
  caseSensitive: boolean;
}

export const everyLevel: ReadonlySet<Level | null> = new Set([null, 'error', 'warning', 'info', 'debug', 'verbose']);

export const passesAll: ConsoleFilter = { levels: everyLevel, tag: '', search: '', regex: false, caseSensitive: false };

export interface Search {
  passes(text: string): boolean;
  /** Where it occurs in `text`, from and to behind, in order; none where `search` is empty. */
  ranges(text: string): [from: number, to: number][];
}

const MOST_RANGES = 200;

/** Refuses, with a sentence, what is no regular expression. */
export function compileSearch({ search, regex, caseSensitive }: Pick<ConsoleFilter, 'search' | 'regex' | 'caseSensitive'>): Parsed<Search> {
  if (search === '') return { ok: true, value: { passes: () => true, ranges: () => [] } };
  const source = regex ? search : search.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  let expression: RegExp;
  try {
    expression = new RegExp(source, caseSensitive ? 'gu' : 'giu');
  } catch (error) {
    return refused(`This is no regular expression: ${detailOf(error)}. Correct it, or search for plain text.`);
  }
  const single = new RegExp(source, caseSensitive ? 'u' : 'iu');
  return {
    ok: true,
    value: {
      passes: (text) => single.test(text),
      ranges(text) {
        const found: [number, number][] = [];
        for (const match of text.matchAll(expression)) {
          if (match[0] !== '') found.push([match.index, match.index + match[0].length]);
          if (found.length === MOST_RANGES) break;
        }
        return found;
      },
    },
  };
}

/** What the engine found, without the expression, which the user has before them. */
function detailOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split(': ').at(-1) ?? message).replace(/\.$/, '').toLowerCase();
}
