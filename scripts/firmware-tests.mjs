/**
 * The host tests of the firmware: fetches WAMR, builds the components with it under sanitizers, and runs every test that
 * CTest knows of. `node scripts/firmware-tests.mjs [NAME...]` runs all, or those whose names match.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram } from './setup/mosquitto.mjs';
import { giveUp, root, run } from './setup/project.mjs';

const cache = join(root, '.cache', 'firmware');
const crates = join(cache, 'crates');
const guests = join(cache, 'guests');

/** Debian's packages; cargo comes from rustup, because that of Debian 12 is too old for the crate. */
export const firmwarePackages = ['cmake', 'clang', 'libsodium-dev', 'libcjson-dev', 'libmosquitto-dev'];

function findCompiler() {
  const named = ['clang', ...Array.from({ length: 12 }, (_, index) => `clang-${25 - index}`), 'gcc'];
  return named.find((name) => findProgram(name) !== undefined);
}

/** The least that the manifest of the crate asks for (edition 2024). */
function cargoIsNewEnough() {
  const { status, stdout } = spawnSync('cargo', ['--version'], { encoding: 'utf8' });
  const [, minor = 0] = /^cargo 1\.(\d+)/.exec(stdout ?? '') ?? [];
  return status === 0 && Number(minor) >= 85;
}

function findHeader(name) {
  const compiler = findCompiler();
  if (compiler === undefined) return false;
  const { status } = spawnSync(compiler, ['-E', '-x', 'c', '-'], { input: `#include <${name}>\n`, stdio: ['pipe', 'ignore', 'ignore'] });
  return status === 0;
}

/** What is missing for these tests, as a sentence that says how to get it; null when they can run. */
export function missingForFirmware() {
  const missing = [
    findProgram('cmake') === undefined && 'cmake',
    findCompiler() === undefined && 'clang or gcc',
    !findHeader('sodium.h') && 'libsodium',
    !findHeader('cjson/cJSON.h') && 'cJSON',
    !findHeader('mosquitto.h') && 'libmosquitto',
    !cargoIsNewEnough() && 'cargo 1.85',
  ].filter((part) => part !== false);
  if (missing.length === 0) return null;
  const cargo = missing.includes('cargo 1.85') ? ' cargo: https://rustup.rs' : '';
  return `missing: ${missing.join(', ')}. On Debian: apt-get install ${firmwarePackages.join(' ')}.${cargo}`;
}

/** Runs a command; its output is shown only when it fails. Throws an error with a sentence then. */
function quietly(what, command, args, options = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26, ...options });
  if (status === 0) return;
  console.error(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`);
  throw new Error(`${what} failed; its message is above.`);
}

/** Folder of WAMR's sources, which Cargo fetches with their digest. */
export function fetchWamr() {
  const folder = join(root, 'firmware', 'tests', 'wamr');
  const stamp = join(crates, 'fetched');
  const digest = createHash('sha256').update(readFileSync(join(folder, 'Cargo.lock'))).digest('hex');
  const wamr = join(crates, 'wamrx-sys', 'wasm-micro-runtime');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest && existsSync(wamr)) return wamr;
  console.log('Fetching WAMR (cargo vendor)...');
  rmSync(crates, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const manifest = join(folder, 'Cargo.toml');
  quietly('Fetching WAMR', 'cargo', ['vendor', '--quiet', '--locked', '--manifest-path', manifest, crates]);
  writeFileSync(stamp, digest);
  return wamr;
}

/** Assembles tests/guests/*.wat; returns the folder. */
export async function assembleGuests() {
  const { default: openWabt } = await import('wabt');
  const wabt = await openWabt();
  const features = { simd: true, threads: true, tail_call: true, exceptions: true };
  const folders = [join(root, 'tests', 'guests'), join(root, 'firmware', 'tests', 'guest', 'guests')];
  mkdirSync(guests, { recursive: true });
  for (const folder of folders) {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.wat'))) {
      const module = wabt.parseWat(file, readFileSync(join(folder, file), 'utf8'), features);
      writeFileSync(join(guests, file.replace('.wat', '.wasm')), module.toBinary({}).buffer);
      module.destroy();
    }
  }
  return guests;
}

/** CMake refuses a build of a checkout that has been moved or copied since. */
function removeIfBegunElsewhere(build) {
  const cacheFile = join(build, 'CMakeCache.txt');
  if (!existsSync(cacheFile)) return;
  const [, begunIn = ''] = /^CMAKE_CACHEFILE_DIR:INTERNAL=(.*)$/m.exec(readFileSync(cacheFile, 'utf8')) ?? [];
  if (!existsSync(begunIn) || realpathSync(begunIn) !== realpathSync(build)) rmSync(build, { recursive: true });
}

/**
 * Builds the firmware for this machine.
 * @param sanitize under AddressSanitizer and UndefinedBehaviorSanitizer; a build of its own
 * @param target what CMake calls it; null for everything
 * @returns the folder of the build, in which `guest/event_log` and the like lie
 */
export async function buildFirmware({ sanitize = true, target = null } = {}) {
  const missing = missingForFirmware();
  if (missing !== null) throw new Error(`The firmware cannot be built for this machine: ${missing}`);
  const build = join(cache, sanitize ? 'sanitized' : 'plain');
  const options = [`-DWAMR_SOURCE_DIR=${fetchWamr()}`, `-DGUEST_WASM_DIR=${await assembleGuests()}`, `-DFIRMWARE_SANITIZE=${sanitize ? 'ON' : 'OFF'}`];
  removeIfBegunElsewhere(build);
  const compiler = `-DCMAKE_C_COMPILER=${findCompiler()}`;
  quietly('CMake', 'cmake', ['-S', join(root, 'firmware', 'tests'), '-B', build, compiler, ...options]);
  const jobs = ['--parallel', String(availableParallelism())];
  quietly('Building the firmware for this machine', 'cmake', ['--build', build, ...jobs, ...(target === null ? [] : ['--target', target])]);
  return build;
}

/** Counts and failures of CTest's own report. */
function counted(report) {
  const attribute = (name) => Number(new RegExp(`<testsuite[^>]*\\b${name}="(\\d+)"`, 's').exec(report)?.[1] ?? 0);
  const failed = attribute('failures');
  const skipped = attribute('skipped') + attribute('disabled');
  const failures = [...report.matchAll(/<testcase name="([^"]+)"[^>]*status="fail"/g)].map(([, name]) => `CTest › ${name}`);
  return { passed: attribute('tests') - failed - skipped, failed, skipped, failures };
}

/** Builds and runs; for `npm test`. Throws an error with a sentence when it cannot be built. */
export async function firmwareTests(pattern = null) {
  const build = await buildFirmware();
  const report = join(build, 'report.xml');
  rmSync(report, { force: true });
  const status = run('ctest', ['--test-dir', build, '--output-on-failure', '--output-junit', report, ...(pattern === null ? [] : ['-R', pattern])], {
    env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=1', UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1' },
  });
  const counts = existsSync(report) ? counted(readFileSync(report, 'utf8')) : { passed: 0, failed: 0, skipped: 0 };
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  if (counts.passed + counts.failed === 0) console.error('CTest ran no test.');
  return counts;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const missing = missingForFirmware();
  if (missing !== null) giveUp(missing);
  const names = process.argv.slice(2);
  try {
    const { passed, failed } = await firmwareTests(names.length > 0 ? names.join('|') : null);
    process.exit(failed > 0 || passed === 0 ? 1 : 0);
  } catch (error) {
    giveUp(error.message);
  }
}
