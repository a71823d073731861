/** Wires the lab's tabs about guests: side by side, calibration, isolation. Made when one of them is first shown. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import manifest from '../../package.json' with { type: 'json' };
import type { ShippedGuest } from '../guest/loaded-guest.ts';
import cWasiUrl from '../guest/modules/irrigation-c-wasi.wasm?url';
import c from '../guest/modules/irrigation-c.wasm?prepared';
import rustWasiUrl from '../guest/modules/irrigation-rust-wasi.wasm?url';
import rust from '../guest/modules/irrigation-rust.wasm?prepared';
import type { ComparedModule } from '../lab/compare/compare-port.ts';
import { openComparison } from '../lab/compare/open-comparison.ts';
import { Isolation } from '../lab/isolation/isolation.ts';
import type { IsolationPort } from '../lab/isolation/isolation-port.ts';
import { isolationRuntimes } from '../lab/isolation/isolation-runtimes.ts';
import { nativeFindings } from '../lab/isolation/native-statements.ts';
import { wamrOutcomes } from '../lab/isolation/wamr-outcomes.ts';
import { WasmerCell } from '../lab/isolation/wasmer-cell.ts';
import { parameter } from '../sim/parameters.ts';
import type { BoardStore } from '../ui/devices/board-store.svelte.ts';
import type { CalibrationPort } from '../ui/lab/calibration/calibration-port.ts';
import type { GuestsPort } from '../ui/lab/guests/guests-port.ts';
import type { GuestShelf } from '../ui/session/guest-shelf.svelte.ts';
import type { Session } from '../ui/session/session.svelte.ts';
import { browserName } from './browser-name.ts';
import { fetchBytes } from './fetch-bytes.ts';
import { guestLimits } from './guest-limits.ts';
import { labBoardBench } from './lab-board-bench.ts';
import { labCalibration } from './lab-calibration.ts';
import { updateActions } from './update-actions.ts';

export interface LabGuestsParts {
  session: Session;
  shelf: GuestShelf;
  /** The boards of the devices view; none before it was opened. */
  cables(): readonly BoardStore[];
}

export interface LabGuests {
  guests: GuestsPort;
  calibration: CalibrationPort;
  isolation: IsolationPort;
}

const wasmerVersion = manifest.dependencies['@wasmer/sdk'];
const wasmerAddress = new URL('wasmer/dist/index.js', document.baseURI).href;
const shipped: { id: string; name: string; module: ShippedGuest; wasiName: string; wasiUrl: string }[] = [
  { id: 'c', name: 'irrigation-c.wasm', module: c, wasiName: 'irrigation-c-wasi.wasm', wasiUrl: cWasiUrl },
  { id: 'rust', name: 'irrigation-rust.wasm', module: rust, wasiName: 'irrigation-rust-wasi.wasm', wasiUrl: rustWasiUrl },
];

let opened: Promise<LabGuests> | null = null;

/** The same for every caller. Rejects with a sentence when a part of it does not load; the next call tries again. */
export function openLabGuests(parts: LabGuestsParts): Promise<LabGuests> {
  opened ??= open(parts).catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

async function open({ session, shelf, cables }: LabGuestsParts): Promise<LabGuests> {
  const bench = labBoardBench(session, cables);
  const actions = updateActions(session, shelf);
  const [compare, isolation] = await Promise.all([openCompare(), openIsolation()]);
  return {
    guests: { compare, bench, modules: () => comparedModules(session, shelf), read: readModule },
    calibration: labCalibration(bench, () => actions.modules()),
    isolation,
  };
}

async function openCompare() {
  const sizeBytes = await wasmerBytes();
  return openComparison(() => new Worker(new URL('./lab-compare-worker.ts', import.meta.url), { type: 'module', name: 'compare' }), {
    limits: guestLimits,
    budget: parameter('node.sliceBudgetInstructions').value,
    wasmer: { address: wasmerAddress, version: wasmerVersion, sizeBytes },
  });
}

/** As the server tells it; 0 where it does not, or where the page is offline. */
async function wasmerBytes(): Promise<number> {
  try {
    const { headers } = await fetch(new URL('../pkg/wasmer_sdk_js_bg.wasm', wasmerAddress), { method: 'HEAD' });
    return Number(headers.get('Content-Length')) || 0;
  } catch {
    return 0;
  }
}

async function openIsolation(): Promise<IsolationPort> {
  const { wamr, measuredOn, findings } = await wamrOutcomes();
  return new Isolation({
    newCell: () => new Worker(new URL('./lab-cell-worker.ts', import.meta.url), { type: 'module', name: 'hostile guests' }),
    wasmer: new WasmerCell({
      newWorker: () => new Worker(new URL('./lab-wasmer-worker.ts', import.meta.url), { type: 'module', name: 'hostile programs' }),
      address: wasmerAddress,
      nowMs: () => performance.now(),
    }),
    runtimes: isolationRuntimes({ browser: browserName(), wasmer: wasmerVersion, wamr: { version: wamr, measuredOn } }),
    known: () => Promise.resolve([...findings, ...nativeFindings()]),
    nowMs: () => performance.now(),
  });
}

async function comparedModules(session: Session, shelf: GuestShelf): Promise<ComparedModule[]> {
  const builtIn = shipped.map(async ({ id, name, module: { url }, wasiName, wasiUrl }): Promise<ComparedModule> => {
    const [bytes, wasi] = await Promise.all([fetchBytes(url), fetchBytes(wasiUrl)]);
    return { id, name, bytes, url: absolute(url), wasi: { name: wasiName, bytes: wasi, url: absolute(wasiUrl) } };
  });
  const outside = shelf.added.length > 0 ? await session.port.outside() : null;
  const added = shelf.added.map(async ({ id, name }): Promise<ComparedModule | null> => {
    const module = await outside?.module(id);
    return module ? { id, name, bytes: module.bytes, url: null, wasi: null } : null;
  });
  return (await Promise.all([...builtIn, ...added])).filter((each) => each !== null);
}

/** A worker's base is its own script. */
function absolute(url: string): string {
  return new URL(url, document.baseURI).href;
}

/** `\0asm`, and version 1. */
const wasmHeader = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

async function readModule(file: File): Promise<ComparedModule> {
  const bytes = new Uint8Array(await file.arrayBuffer().catch(() => {
    throw new Error(`${file.name} could not be read: it may have been moved or be a folder. Choose it again.`);
  }));
  if (!wasmHeader.every((byte, at) => bytes[at] === byte)) throw new Error(`${file.name} is no WebAssembly module: it does not begin as one.`);
  return { id: bytesToHex(sha256(bytes)), name: file.name, bytes, url: null, wasi: null };
}
