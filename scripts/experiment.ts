/** `npm run experiment`: runs an experiment's file in the built page, or reruns one and compares. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { divergenceText } from '../web/lab/experiment/rerun-match.ts';
import { readOptions, type Options } from './experiment/options.ts';
import { PageLab } from './experiment/page-lab.ts';
import { duration, TerminalProgress } from './experiment/terminal-progress.ts';
import { servePage } from './setup/served-page.ts';

/** The code of a process that Ctrl+C ended. */
const INTERRUPTED = 130;

async function experiment(options: Options): Promise<number> {
  const text = await readFile(options.file, 'utf8').catch((error: Error) => {
    throw new Error(`${options.file} could not be read: ${error.message}`, { cause: error });
  });
  const { browser, url, close } = await servePage({ reuse: !options.build });
  // Playwright would end the browser, and with it what was done.
  process.removeAllListeners('SIGINT');
  try {
    const page = await browser.newPage();
    await page.goto(`${url}#nodes=1`);
    await page.waitForFunction(() => 'continuumLab' in window && window.continuumLab.latestFrame() !== null);
    // The page's own simulation would take its share of the processor.
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    return await work(new PageLab(page), text, options);
  } finally {
    await close();
  }
}

async function work(lab: PageLab, text: string, { file, out, check, replications, workers, report }: Options): Promise<number> {
  const opened = await lab.open(text, replications);
  if (check && !opened.withResults) throw new Error(`${file} has no results to compare with: run it without --check first.`);
  for (const note of opened.notes) console.error(note);

  let interrupted = false;
  // npm and tsx pass on the Ctrl+C that this process has had from the terminal already: more of them mean nothing.
  process.on('SIGINT', () => {
    if (!interrupted) void lab.cancel(opened.id);
    interrupted = true;
  });
  const progress = new TerminalProgress(process.stderr);
  const beganMs = performance.now();
  const state = await lab.run(opened.id, workers, (each) => progress.show(each));
  progress.end();
  console.error(`${state.done} of ${state.total} runs done in ${duration((performance.now() - beganMs) / 1000)}.`);
  if (state.kind === 'failed') throw new Error(state.reason);
  for (const { cell, replication, reason } of await lab.failures(opened.id)) console.error(`Cell ${cell}, replication ${replication} failed: ${reason}`);

  const stem = path.basename(file).replace(/(\.continuum)?\.json$/, '');
  const folder = out ?? path.join(path.dirname(file), `${stem}-results`);
  if (!check) await writeReproduction(lab, opened.id, folder, `${stem}.continuum.json`);
  if (!check && report) await writeReport(lab, opened.id, folder);
  const fine = opened.withResults ? await compare(lab, opened.id) : state.failed === 0;
  if (interrupted) return INTERRUPTED;
  return fine ? 0 : 1;
}

async function compare(lab: PageLab, id: string): Promise<boolean> {
  const match = await lab.match(id);
  if (!match) return true;
  const { compared, same, total, first } = match;
  if (compared === 0) {
    console.error('The file has no run that could be compared: run its experiment again and save it.');
    return false;
  }
  console.log(`${same} of ${compared} reruns came out as the file says, to the last bit; the file has ${total} runs.`);
  if (first) console.log(`First difference: ${divergenceText(first)}`);
  return first === null && compared === total;
}

async function writeReproduction(lab: PageLab, id: string, folder: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, name), await lab.reproduction(id));
  console.log(path.join(folder, name));
}

async function writeReport(lab: PageLab, id: string, folder: string): Promise<void> {
  await mkdir(path.join(folder, 'plots'), { recursive: true });
  const files = await lab.reportFiles(id);
  for (const { name, bytes } of files) await writeFile(path.join(folder, name), bytes);
  const tables = files.filter(({ name }) => !name.startsWith('plots/'));
  for (const { name } of tables) console.log(path.join(folder, name));
  console.log(`${path.join(folder, 'plots')}: ${files.length - tables.length} pictures`);
}

try {
  process.exitCode = await experiment(readOptions(process.argv.slice(2)));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
