/** All hostile guests on the firmware's host, built for this machine with real WAMR under sanitizers. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFirmware } from '../../../scripts/firmware-tests.mjs';
import { topicBreach } from '../../../web/lab/isolation/bare-host.ts';
import { hostileBytes, hostileGuests } from '../../../web/lab/isolation/hostile-modules.ts';
import type { VariantFinding } from '../../../web/lab/isolation/isolation-port.ts';
import { judge, type End, type Observation } from '../../../web/lab/isolation/observation.ts';
import { worstOf } from '../../../web/lab/isolation/outcome.ts';
import { spreadOf } from '../../../web/lab/isolation/spread.ts';
import type { WamrOutcomes } from '../../../web/lab/isolation/wamr-outcomes.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const modules = join(root, 'web/guest/modules');
const NODE = 'hostile';
/** A process of the host takes a while for all its modules; for one that hangs this is the end. */
const PROCESS_MS = 400_000;

/** One line of the program. */
interface Printed {
  state: 'running' | 'returned' | 'faulted' | 'stopped';
  fault: 'none' | 'refused' | 'trap' | 'budget' | 'pointer' | 'board';
  reason: string;
  passed: boolean;
  mostPublishes: number;
  said: string[];
  refusals: string[];
  topics: string[];
  pins: string[];
  tookUs: number[];
  passes: number;
  changed: number;
  extraUs: number;
}

interface Module {
  guest: string;
  variant: string;
  path: string;
}

/** Path of the program, compiled like the firmware's own tests. */
async function build(folder: string): Promise<string> {
  const built = await buildFirmware({ target: 'event_log' });
  const [, compiler = 'cc'] = /^CMAKE_C_COMPILER:\w+=(.+)$/m.exec(readFileSync(join(built, 'CMakeCache.txt'), 'utf8')) ?? [];
  const program = join(folder, 'beside_neighbours');
  const libraries = ['components/guest_host/libguest_host.a', 'wamr/libwamr.a', 'components/protocol/libprotocol.a', 'components/guest_store/libguest_store.a'];
  const { status, stderr } = spawnSync(
    compiler,
    [
      ...['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-g', '-O1', '-fsanitize=address,undefined', '-fno-omit-frame-pointer'],
      join(root, 'tests/isolation/wamr/beside_neighbours.c'),
      ...['firmware/test-support', 'firmware/components/guest_host/include', 'guest-c/src'].map((include) => `-I${join(root, include)}`),
      ...['-o', program, join(built, 'test-support/libtest_support.a')],
      ...['-Wl,--start-group', ...libraries.map((library) => join(built, library)), '-Wl,--end-group'],
      ...['-lcjson', '-lsodium', '-lpthread', '-lm'],
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`beside_neighbours.c does not compile:\n${stderr}`);
  return program;
}

/** By path of the module; for one that the process did not survive, what it said last. */
function execute(program: string, repeats: number, paths: readonly string[]): Map<string, Printed | string> {
  const results = new Map<string, Printed | string>();
  let left = [...paths];
  while (left.length > 0) {
    const honest = ['irrigation-c.wasm', 'irrigation-rust.wasm'].map((name) => join(modules, name));
    const { stdout, stderr, signal, status } = spawnSync(program, [String(repeats), ...honest, ...left], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      timeout: PROCESS_MS,
      env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=1', UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1' },
    });
    let begun: string | null = null;
    for (const line of stdout.split('\n')) {
      if (line.startsWith('begin ')) begun = line.slice('begin '.length);
      else if (line.startsWith('{') && begun !== null) {
        results.set(begun, JSON.parse(line) as Printed);
        begun = null;
      }
    }
    if (status === 0) break;
    if (begun === null) throw new Error(`beside_neighbours ended with ${signal ?? status}:\n${stderr.slice(-4000)}`);
    const [said = ''] = /ERROR: .*|runtime error: .*/.exec(stderr) ?? [];
    results.set(begun, `the process ended with ${signal ?? status}. ${said}`);
    left = left.slice(left.indexOf(begun) + 1);
  }
  return results;
}

function observation(printed: Printed | string): Observation {
  if (typeof printed === 'string') {
    return { end: { kind: 'host-failed', said: printed }, passed: false, refusals: [], breaches: [], answers: [], noticedMs: null, neighbours: null };
  }
  const { passes, changed, extraUs, topics, pins, said, refusals, passed, mostPublishes } = printed;
  const breaches = [...topics.map((topic) => topicBreach(NODE, topic)).filter((breach) => breach !== null), ...pins.map((pin) => `It drove pin ${pin}.`)];
  if (mostPublishes > 32) breaches.push(`It published ${mostPublishes} messages between two pauses.`);
  return {
    end: endOf(printed),
    passed,
    refusals: refusals.slice(0, 3),
    breaches,
    answers: said.slice(0, 3),
    noticedMs: null,
    neighbours: {
      who: 'two honest guests in threads of the same process',
      bytesChanged: null,
      bytesCompared: null,
      resultsChanged: changed,
      resultsCompared: passes,
      longestExtraWaitMs: extraUs / 1000,
      clock: 'wall',
      lost: false,
    },
  };
}

function endOf({ state, fault, reason }: Printed): End {
  switch (fault) {
    case 'refused':
      return { kind: 'refused', said: reason };
    case 'trap':
    case 'budget':
    case 'pointer':
      return { kind: 'fault', fault: { kind: fault, reason } };
    case 'board':
      return { kind: 'refused', said: reason };
    case 'none':
      return { kind: state === 'returned' ? 'returned' : 'goes-on' };
  }
}

function version(): string {
  const header = readFileSync(join(root, '.cache/firmware/crates/wamrx-sys/wasm-micro-runtime/core/version.h'), 'utf8');
  return ['MAJOR', 'MINOR', 'PATCH'].map((part) => new RegExp(`WAMR_VERSION_${part} (\\d+)`).exec(header)?.[1] ?? '?').join('.');
}

export async function runOnWamr(repeats: number): Promise<WamrOutcomes> {
  const folder = mkdtempSync(join(tmpdir(), 'continuum-isolation-'));
  try {
    const program = await build(folder);
    const guests = hostileGuests.filter(({ forms }) => forms.includes('env'));
    const all: Module[] = guests.flatMap(({ id, variants }) => variants.map((variant) => ({ guest: id, variant: variant.id, path: join(folder, `${id}__${variant.id}.wasm`) })));
    for (const { guest, variant, path } of all) writeFileSync(path, hostileBytes(guest, variant, 'env'));
    const results = execute(program, repeats, all.map(({ path }) => path));
    const findings = guests.map((guest) => {
      const variants = all.filter((module) => module.guest === guest.id).map(({ variant, path }): VariantFinding => {
        const printed = results.get(path) ?? 'it was not run.';
        const seen = observation(printed);
        const outcome = judge(guest, seen, { outOfBounds: 'engine', budget: 'engine' });
        const timesMs = typeof printed === 'string' ? [] : printed.tookUs.map((us) => us / 1000);
        return { variant, outcome, noticed: spreadOf(timesMs), neighbours: seen.neighbours };
      });
      return { guest: guest.id, runtime: 'wamr' as const, outcome: worstOf(variants.map(({ outcome }) => outcome)), variants };
    });
    return { wamr: version(), measuredOn: `${process.platform} ${process.arch}, AddressSanitizer and UndefinedBehaviorSanitizer, ${new Date().toISOString().slice(0, 10)}`, findings };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
