/** From bytes to a checked, metered, compiled guest. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { checkGuest, type CheckedGuest } from './check.ts';
import { describeObstacle, type Obstacle } from './obstacle.ts';
import { MAX_LOOP_THREADS, threadLimits } from './thread-limits.ts';
import { capGrowth } from './wasm/cap-growth.ts';
import { InvalidModuleError } from './wasm/invalid-module.ts';
import { transformModule, type TransformResult } from './wasm/transform.ts';

export interface GuestLimits {
  maxPages: number;
  maxBytes: number;
}

/** What is known of a guest before it is compiled: plain data, which can be made ahead of time. */
export interface PreparedGuest {
  /** File name without its path. */
  name: string;
  /** Of the bytes as they came, in lower-case hex. */
  sha256: string;
  sizeBytes: number;
  checked: CheckedGuest;
  /** Most memory it may have, in pages: the size of its window in the arena, if it is metered. */
  maxPages: number;
  /** Whether its instructions are counted; else it runs as it came, alone in a thread and a memory of its own. */
  metered: boolean;
  /** Whether guests of this module can take turns in one instance of it. */
  shareable: boolean;
  /** Why it is not metered. */
  obstacle: Obstacle | null;
}

export interface LoadedGuest extends PreparedGuest {
  /** As they came: what a board would be sent. */
  bytes: Uint8Array;
  /** The transformed module; as it came, its growth capped, when it is not metered. */
  module: WebAssembly.Module;
  /** Metered like `module`, but with its memory as it came; where it is there, instances have a memory of their own. */
  alone?: WebAssembly.Module;
}

/** A prepared guest with where its bytes are. */
export interface ShippedGuest {
  guest: PreparedGuest;
  /** Of the bytes as they came. */
  url: string;
  /** Of the transformed module. */
  meteredUrl: string;
}

interface Refusal {
  ok: false;
  /** A sentence. */
  reason: string;
}
export type PrepareResult = { ok: true; guest: PreparedGuest; metered: Uint8Array<ArrayBuffer> } | Refusal;
export type LoadResult = { ok: true; guest: LoadedGuest } | Refusal;

/** Checks and transforms; refuses what cannot be metered. Never throws for what is in the bytes. */
export function prepareGuest(name: string, bytes: Uint8Array, limits: GuestLimits): PrepareResult {
  const check = checkGuest(bytes, limits);
  return check.ok ? meter(name, bytes, limits, check.guest) : check;
}

/** Checks, transforms where that can be done, and compiles. Never throws for what is in the bytes. */
export async function loadGuest(name: string, bytes: Uint8Array, limits: GuestLimits): Promise<LoadResult> {
  const check = checkGuest(bytes, limits);
  if (!check.ok) return check;
  const prepared = meter(name, bytes, limits, check.guest);
  if (prepared.ok) return { ok: true, guest: { ...prepared.guest, bytes, module: await WebAssembly.compile(prepared.metered) } };
  const { obstacle } = prepared;
  if (!obstacle) return prepared;
  const reason = textProblem(check.guest);
  if (reason) return { ok: false, reason: `It uses ${describeObstacle(obstacle)}, so it runs as it is. ${reason}` };
  const about = describe(name, bytes, check.guest);
  const capped = withinBounds(bytes, about.maxPages);
  if (typeof capped === 'string') return { ok: false, reason: `It uses ${describeObstacle(obstacle)}, so it runs as it is. ${capped}` };
  const module = await WebAssembly.compile(capped);
  return { ok: true, guest: { ...about, metered: false, shareable: false, obstacle, bytes, module } };
}

/** What follows for a guest that is not metered, in words for the person who brings it; else undefined. */
export function noteOn({ name, obstacle }: LoadedGuest): string | undefined {
  if (!obstacle) return undefined;
  return (
    `${name} uses ${describeObstacle(obstacle)}, so it cannot be rewritten to be counted and to share a memory with others. ` +
    `It runs as it is, in a thread and a memory of its own, on at most ${MAX_LOOP_THREADS} edge nodes. Its instructions are ` +
    `not counted: its CPU time and what that costs in energy are not known. It is stopped when it runs for ${threadLimits.sliceMs / 1000} s without a pause.`
  );
}

type Metering = Extract<PrepareResult, { ok: true }> | (Refusal & { obstacle: Obstacle | null });

function meter(name: string, bytes: Uint8Array, limits: GuestLimits, checked: CheckedGuest): Metering {
  const transformed = transformModule(bytes, { window: true, lean: true, ceilingPages: limits.maxPages });
  if (!transformed.ok) return { ...transformed, obstacle: obstacleOf(transformed) };
  const about = describe(name, bytes, checked);
  return {
    ok: true,
    guest: { ...about, maxPages: transformed.maxPages, metered: true, shareable: transformed.shareable, obstacle: null },
    metered: transformed.bytes,
  };
}

function describe(name: string, bytes: Uint8Array, checked: CheckedGuest) {
  return {
    name,
    sha256: bytesToHex(sha256(bytes)),
    sizeBytes: bytes.byteLength,
    checked,
    maxPages: checked.memory.maxPages,
  };
}

/** Null when the module is damaged rather than beyond the transform. */
function obstacleOf({ feature, offset }: Extract<TransformResult, { ok: false }>): Obstacle | null {
  return feature === 'invalid module' ? null : { feature, offset };
}

/** The bytes with its growth capped, or a sentence. */
function withinBounds(bytes: Uint8Array, maxPages: number): Uint8Array<ArrayBuffer> | string {
  try {
    return capGrowth(bytes, maxPages);
  } catch (error) {
    if (error instanceof InvalidModuleError) return `But how much it takes cannot be kept in bounds. ${error.message}`;
    throw error;
  }
}

/** The host can look into a module's own memory only where that is exported. */
function textProblem({ imports, exports }: CheckedGuest): string | null {
  if (exports.some(({ kind }) => kind === 'memory')) return null;
  const giver = imports.find(({ name }) => name === 'wasm_log' || name === 'mqtt_publish');
  return giver ? `But it exports no memory, so the host cannot read what it gives to \`${giver.name}\`. Export it as \`memory\`.` : null;
}

/** The same guest, metered, for instances that have a memory of their own; a process has room for about a hundred. */
export async function withOwnMemory(guest: LoadedGuest): Promise<LoadedGuest> {
  const transformed = transformModule(guest.bytes, { window: false, ceilingPages: guest.maxPages });
  if (!transformed.ok) throw new Error(`${guest.name} was taken before and is not now: ${transformed.reason}`);
  return { ...guest, alone: await WebAssembly.compile(transformed.bytes) };
}
