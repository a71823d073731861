/** From bytes to a checked, metered, compiled guest. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { checkGuest, type CheckedGuest } from './check.ts';
import { transformModule } from './wasm/transform.ts';

export interface GuestLimits {
  maxPages: number;
  maxBytes: number;
}

export interface LoadedGuest {
  /** File name without its path. */
  name: string;
  /** Of the bytes as they came, in lower-case hex. */
  sha256: string;
  sizeBytes: number;
  /** As they came: what a board would be sent. */
  bytes: Uint8Array;
  checked: CheckedGuest;
  /** The transformed module. */
  module: WebAssembly.Module;
  /** Size of its window in the arena. */
  maxPages: number;
}

export type LoadResult = { ok: true; guest: LoadedGuest } | { ok: false; reason: string };

/** Checks, transforms and compiles. Never throws for what is in the bytes: the reason is a sentence. */
export async function loadGuest(name: string, bytes: Uint8Array, limits: GuestLimits): Promise<LoadResult> {
  const check = checkGuest(bytes, limits);
  if (!check.ok) return check;
  const transformed = transformModule(bytes, { window: true, ceilingPages: limits.maxPages });
  if (!transformed.ok) return { ok: false, reason: transformed.reason };
  const module = await WebAssembly.compile(transformed.bytes);
  return {
    ok: true,
    guest: {
      name,
      sha256: bytesToHex(sha256(bytes)),
      sizeBytes: bytes.byteLength,
      bytes,
      checked: check.guest,
      module,
      maxPages: transformed.maxPages,
    },
  };
}
