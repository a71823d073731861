/**
 * The lab's own matrix, in the built page, as `npm run experiment` runs it: strategies A to E by the C and the Rust
 * guest, thirty replications, a hundred nodes, one simulated day, sampled every minute.
 * `--replications N` runs fewer and says what thirty would take; `--qos 1`, `--workers N`.
 */
import { readingsOf, cellsOf, extentOf } from '../../web/lab/experiment/matrix.ts';
import { experimentFormat, experimentVersion } from '../../web/lab/experiment/experiment-file.ts';
import type { Experiment } from '../../web/lab/experiment/experiment.ts';
import { PageLab } from '../experiment/page-lab.ts';
import { TerminalProgress } from '../experiment/terminal-progress.ts';
import type { ServedPage } from '../setup/served-page.ts';
import { round } from './statistics.ts';

const REPLICATIONS = 30;
const GOAL_SECONDS = 300;
const DAY_S = 86_400;

const matrix: Experiment = {
  name: 'Benchmark: strategies A to E by the C and the Rust guest',
  question: '',
  factors: { strategy: ['A', 'B', 'C', 'D', 'E'], guest: ['c', 'rust'], nodes: [100], link: ['site'], periodS: [60], weather: ['mixed'] },
  replications: REPLICATIONS,
  seed: 192,
  warmUpS: 600,
  durationS: DAY_S,
  qos: 0,
  parameters: {},
  baseline: { strategy: 'E' },
};

/** The whole number after `--name`; the fallback where it is not given. */
function flag(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? fallback : Number(process.argv[at + 1]);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} needs a whole number after it, as in --${name} ${fallback}.`);
  return value;
}

export async function benchExperiment({ browser, url }: ServedPage) {
  const replications = flag('replications', REPLICATIONS);
  const experiment: Experiment = { ...matrix, replications, qos: flag('qos', 0) === 0 ? 0 : 1 };
  const page = await browser.newPage();
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  const workers = flag('workers', cores);
  await page.goto(`${url}#nodes=1`);
  await page.waitForFunction(() => 'continuumLab' in window && window.continuumLab.latestFrame() !== null);
  // The page's own simulation would take its share of the processor.
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  const lab = new PageLab(page);
  const { id } = await lab.open(JSON.stringify({ format: experimentFormat, version: experimentVersion, experiment }), null);

  const progress = new TerminalProgress(process.stderr);
  const beganMs = performance.now();
  const state = await lab.run(id, workers, (each) => progress.show(each));
  const seconds = (performance.now() - beganMs) / 1000;
  progress.end();
  const [failure] = await lab.failures(id);
  if (state.kind !== 'done' || failure) throw new Error(`The experiment ended as "${state.kind}": ${failure?.reason ?? 'not all runs are done'}.`);
  await page.close();

  const { runs, readings } = extentOf(experiment);
  return {
    runs,
    /** Of the measured day, as the goal counts them; those of the warm-up come on top. */
    readings: cellsOf(experiment).reduce((sum, cell) => sum + readingsOf({ warmUpS: 0, durationS: DAY_S }, cell), 0) * replications,
    readingsWithWarmUp: readings,
    seconds: round(seconds, 1),
    readingsPerSec: Math.round(readings / seconds),
    /** Of one worker's time. */
    usPerReading: round((seconds * workers * 1e6) / readings, 2),
    workers,
    cores,
    qos: experiment.qos,
    goalSeconds: GOAL_SECONDS,
    ...(replications === REPLICATIONS ? {} : { projectedSecondsFor30: round((seconds * REPLICATIONS) / replications, 1) }),
  };
}
