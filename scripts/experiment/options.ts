/** What was typed after `npm run experiment --`. */
import { parseArgs } from 'node:util';

export const usage = `npm run experiment -- FILE [--out DIR] [--replications N] [--workers N] [--no-report]
npm run experiment -- --check FILE [--replications N] [--workers N]

FILE is an experiment's file or a reproduction file. The first form runs it in the built page and writes the
reproduction file, tables and plots to DIR (FILE-results beside the file, when DIR is left out). The second reruns a
reproduction file, writes nothing, and exits with 1 when a run comes out otherwise than the file says.
  --replications N  the first N runs of each cell only
  --workers N       so many runs side by side
  --no-report       writes the reproduction file alone, without tables and plots
  --no-build        uses the page in dist/ as it is`;

export interface Options {
  file: string;
  /** Null for a folder beside the file. */
  out: string | null;
  check: boolean;
  replications: number | null;
  workers: number | null;
  report: boolean;
  build: boolean;
}

/** Throws with a sentence and the usage. */
export function readOptions(args: string[]): Options {
  const { values, positionals } = parsed(args);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new Error(usage);
  return {
    file,
    out: values.out ?? null,
    check: values.check,
    replications: count('replications', values.replications),
    workers: count('workers', values.workers),
    report: !values['no-report'],
    build: !values['no-build'],
  };
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        check: { type: 'boolean', default: false },
        replications: { type: 'string' },
        workers: { type: 'string' },
        'no-report': { type: 'boolean', default: false },
        'no-build': { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${usage}`, { cause: error });
  }
}

function count(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} has to be a whole number from 1 on; it is ${text}.`);
  return number;
}
