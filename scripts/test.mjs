/** `npm test`: sets up, then runs every check; `npm test -- --only=unit,lint` runs some. */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from './setup/chromium.mjs';
import { firmwarePackages, firmwareTests, missingForFirmware } from './firmware-tests.mjs';
import { brokerPackages, findMosquitto, findProgram, mosquittoAdvice, mosquittoPackages } from './setup/mosquitto.mjs';
import { buildIfStale, giveUp, inCi, installPackages, requireNode, run } from './setup/project.mjs';
import { wasmTools } from './setup/wasm-tools.mjs';
import { readPlaywrightReport, readVitestReport } from './test-reports.mjs';

requireNode();
installPackages();

const reports = mkdtempSync(join(tmpdir(), 'continuum-test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };
/** Said again in the end, where it is looked for. */
const failures = [];
const browserPackages = ['chromium', 'fonts-dejavu-core'];
const compilers = ['clang-22', 'lld-22', 'rustc', 'libstd-rust-dev-wasm32'];

/** What a missing part is called and how to get it: installed in CI, else said. */
function aptInstall(packages) {
  if (!inCi || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  return (
    run('apt-get', ['update', '-qq']) === 0 &&
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages]) === 0
  );
}

function exitCode(command, ...args) {
  return { passed: run(command, args) === 0 ? 1 : 0 };
}

/** Counts of a runner's JSON report; a runner that ran no test has failed. */
function counted(status, read) {
  let counts;
  try {
    counts = read();
  } catch (error) {
    console.error(`The runner left no report: ${error.message}`);
    return { passed: 0 };
  }
  if (counts.failed > 0) return counts;
  if (counts.passed === 0) console.error('The runner ran no test.');
  if (counts.passed === 0 || status !== 0) counts.failed = 1;
  return counts;
}

function guests() {
  let status = run('npx', ['tsx', 'scripts/guests.ts', '--check']);
  if (status === 2 && aptInstall(compilers)) status = run('npx', ['tsx', 'scripts/guests.ts', '--check']);
  if (status === 2 && !inCi) {
    const reason = `the guests were not rebuilt, because a compiler is missing. On Debian: apt-get install ${compilers.join(' ')}`;
    return { skipped: 1, reason };
  }
  return { passed: status === 0 ? 1 : 0 };
}

function unit(...parameters) {
  const report = join(reports, 'vitest.json');
  const status = run('npx', ['vitest', 'run', ...parameters, '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`]);
  return { ...counted(status, () => readVitestReport(report)), reason: markedSo() };
}

/** Why the tools that the transform is tested against cannot be had, or null. */
function missingWasmTools() {
  try {
    wasmTools();
    return null;
  } catch (error) {
    return error.message;
  }
}

function wasm() {
  let missing = missingWasmTools();
  if (missing !== null && aptInstall(['python3-venv'])) missing = missingWasmTools();
  if (missing === null) return unit('--config', 'tests/wasm/vitest.config.ts');
  const reason = `the transform was not compared with Wasmtime and on random modules. ${missing}`;
  if (!inCi) return { skipped: 1, reason };
  console.error(reason);
  return { passed: 0 };
}

/** Tests that join a real broker skip themselves where there is none. */
function provideMosquitto() {
  if (findMosquitto() === undefined) aptInstall(mosquittoPackages);
}

/** The reason of tests that were skipped. */
function markedSo() {
  return findMosquitto() === undefined ? `Mosquitto was not found. ${mosquittoAdvice}` : 'marked so in the test';
}

/**
 * Work that needs programs of this machine, which CI installs.
 * @param missing what is not there, as a sentence that says how to get it; null when all is
 * @param untried what is left out without them
 */
async function withPrograms(missing, packages, untried, work) {
  if ((await missing()) !== null) aptInstall(packages);
  const lacks = await missing();
  if (lacks === null) return work();
  const reason = `${untried} was not tried: ${lacks}`;
  if (!inCi) return { skipped: 1, reason };
  console.error(reason);
  return { passed: 0 };
}

/** Tests that need a real broker, and what stands beside it on a Pi. */
function onBroker(config) {
  const missing = () => {
    const lacking = ['mosquitto', 'caddy', 'openssl'].filter((program) => findProgram(program) === undefined);
    return lacking.length === 0 ? null : `${lacking.join(', ')} not found. On Debian: apt-get install ${brokerPackages.join(' ')}`;
  };
  return withPrograms(missing, brokerPackages, 'what needs a real broker', () => unit('--config', config));
}

/** The firmware's components under sanitizers, then its guests beside the browser's, then its process on a real broker. */
function firmware() {
  const missing = () => missingForFirmware() ?? (findMosquitto() === undefined ? `Mosquitto was not found. ${mosquittoAdvice}` : null);
  return withPrograms(missing, [...firmwarePackages, ...mosquittoPackages], 'the firmware on this machine', async () => {
    const parts = [await firmwareTests(), unit('--config', 'tests/firmware/vitest.config.ts'), unit('--config', 'tests/board/vitest.config.ts')];
    const sum = (of) => parts.reduce((total, { [of]: count = 0 }) => total + count, 0);
    const failures = parts.flatMap((part) => part.failures ?? []);
    return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped'), failures, reason: 'marked so in the test' };
  });
}

/** The virtual board under Espressif's own client. */
function esptool() {
  const missing = () => (run('python3', ['-c', 'import ensurepip, venv'], { stdio: 'ignore' }) === 0 ? null : 'Python 3 with venv was not found. On Debian: apt-get install python3-venv');
  return withPrograms(missing, ['python3-venv'], 'the virtual board under esptool', () => unit('--config', 'tests/esptool/vitest.config.ts'));
}

/** In the page's runtimes, and on the firmware's WAMR. */
function isolation() {
  const missing = async () => missingForFirmware() ?? ((await findChromium()) === undefined ? 'no Chromium was found. Type: npx playwright install chromium' : null);
  return withPrograms(missing, [...firmwarePackages, ...browserPackages], 'hostile guests on every runtime', () => unit('--config', 'tests/isolation/vitest.config.ts'));
}

/** A replication of each cell of the example, against what the repository has of it. */
async function experiment() {
  if (built === false) {
    console.error('The example did not run, because the build failed.');
    return { passed: 0 };
  }
  const missing = async () => ((await findChromium()) === undefined ? 'no Chromium was found. Type: npx playwright install chromium' : null);
  return withPrograms(missing, browserPackages, 'the example experiment', () =>
    exitCode('node', '--import', 'tsx', 'scripts/experiment.ts', '--check', 'examples/strategies.continuum.json', '--replications', '1', ...(built ? ['--no-build'] : [])),
  );
}

let built = null;

function build() {
  built = run('npx', ['vite', 'build', '--logLevel', 'warn']) === 0;
  return { passed: built ? 1 : 0 };
}

async function browser() {
  if (built === false) {
    console.error('The browser tests did not run, because the build failed.');
    return { passed: 0 };
  }
  if (built === null) buildIfStale();
  let chromium = await findChromium();
  if (chromium === undefined && aptInstall(browserPackages)) chromium = await findChromium();
  if (chromium === undefined) {
    const reason = 'no Chromium was found. Type: npx playwright install chromium';
    if (!inCi) return { skipped: 1, reason };
    console.error(`The browser tests cannot run: ${reason}`);
    return { passed: 0 };
  }
  provideMosquitto();
  const report = join(reports, 'playwright.json');
  const status = run('npx', ['playwright', 'test', '--reporter=list,json'], {
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
  });
  return { ...counted(status, () => readPlaywrightReport(report)), reason: markedSo() };
}

const steps = {
  abi: ['Generated ABI files are up to date', () => exitCode('npx', 'tsx', 'scripts/abi.ts', '--check')],
  guests: ['Guests rebuild to the same bytes', guests],
  lint: ['Lint', () => exitCode('npm', 'run', '--silent', 'lint')],
  check: ['Types', () => exitCode('npm', 'run', '--silent', 'check')],
  unit: ['Unit, property and simulation tests', () => (provideMosquitto(), unit())],
  wasm: ['The transform on random modules, and its counts against Wasmtime', wasm],
  broker: ["The broker's configuration, on a real Mosquitto", () => onBroker('tests/broker/vitest.config.ts')],
  link: ['The connection to a broker, on a real Mosquitto', () => onBroker('tests/link/vitest.config.ts')],
  firmware: ["The firmware's components under sanitizers, and its process on a real broker", firmware],
  esptool: ['The virtual board under esptool', esptool],
  isolation: ['Hostile guests on every runtime', isolation],
  flash: ['A thousand disturbed installations', () => unit('--config', 'tests/flash/vitest.config.ts')],
  build: ['Build', build],
  experiment: ['The example experiment comes out the same', experiment],
  browser: ['Browser tests', browser],
};

const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length).split(',');
const unknown = only?.filter((name) => !(name in steps)) ?? [];
if (unknown.length > 0) giveUp(`There is no step ${unknown.join(', ')}; there are ${Object.keys(steps).join(', ')}.`);

/** A step that throws has failed; the others still run. */
async function outcomeOf(work) {
  try {
    return await work();
  } catch (error) {
    console.error(error);
    return { failed: 1, failures: [error.message] };
  }
}

for (const [name, [title, work]] of Object.entries(steps)) {
  if (only && !only.includes(name)) continue;
  console.log(`\n=== ${title}`);
  const startMs = Date.now();
  const { passed = 0, skipped = 0, reason = '', ...rest } = await outcomeOf(work);
  // In CI a missing part fails.
  const failed = inCi && skipped > 0 ? 1 : (rest.failed ?? (passed + skipped === 0 ? 1 : 0));
  totals.passed += passed;
  totals.failed += failed;
  totals.skipped += skipped;
  if (failed > 0) failures.push(title, ...(rest.failures ?? []).map((text) => `  ${text.replaceAll('\n', '\n  ')}`));
  const seconds = ((Date.now() - startMs) / 1000).toFixed(1);
  console.log(`=== ${title}: ${failed > 0 ? 'FAILED' : skipped > 0 && passed === 0 ? 'skipped' : 'passed'} after ${seconds} s`);
  if (skipped > 0) console.log(`SKIPPED ${skipped}: ${reason}`);
}

if (failures.length > 0) console.log(`\nFailed:\n${failures.join('\n')}`);
console.log('');
console.log(
  `${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}`,
);
process.exit(totals.failed > 0 ? 1 : 0);
