/** From bytes to a checked, metered, compiled guest. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { checkGuest, type CheckedGuest } from './check.ts';
import { transformModule } from './wasm/transform.ts';

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
  /** Size of its window in the arena. */
  maxPages: number;
}

export interface LoadedGuest extends PreparedGuest {
  /** As they came: what a board would be sent. */
  bytes: Uint8Array;
  /** The transformed module. */
  module: WebAssembly.Module;
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

/** Checks and transforms. Never throws for what is in the bytes. */
export function prepareGuest(name: string, bytes: Uint8Array, limits: GuestLimits): PrepareResult {
  const check = checkGuest(bytes, limits);
  if (!check.ok) return check;
  const transformed = transformModule(bytes, { window: true, ceilingPages: limits.maxPages });
  if (!transformed.ok) return { ok: false, reason: transformed.reason };
  return {
    ok: true,
    guest: {
      name,
      sha256: bytesToHex(sha256(bytes)),
      sizeBytes: bytes.byteLength,
      checked: check.guest,
      maxPages: transformed.maxPages,
    },
    metered: transformed.bytes,
  };
}

/** Checks, transforms and compiles. Never throws for what is in the bytes. */
export async function loadGuest(name: string, bytes: Uint8Array, limits: GuestLimits): Promise<LoadResult> {
  const prepared = prepareGuest(name, bytes, limits);
  if (!prepared.ok) return prepared;
  const module = await WebAssembly.compile(prepared.metered);
  return { ok: true, guest: { ...prepared.guest, bytes, module } };
}
