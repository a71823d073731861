/** Tells a core module from the other things that people drop onto a page. */
import { InvalidModuleError } from './invalid-module.ts';

export const headerBytes = 8;

/** Beginnings of files that are often mistaken for a module. */
const lookalikes: readonly [bytes: readonly number[], sentence: string][] = [
  [
    [0x7f, 0x45, 0x4c, 0x46],
    'This is an ELF program for a processor, not a WebAssembly module: build it for wasm32.',
  ],
  [
    [0x42, 0x43, 0xc0, 0xde],
    'This is LLVM bitcode, not a WebAssembly module: compile and link it for wasm32.',
  ],
  [
    [0xe9],
    'This looks like an ESP firmware image, not a WebAssembly module: choose the guest, a .wasm file.',
  ],
  [
    [0x50, 0x4b, 0x03, 0x04],
    'This is a ZIP archive, not a WebAssembly module: unpack it and choose the .wasm file.',
  ],
  [[0x1f, 0x8b], 'This is gzip-compressed, not a WebAssembly module: unpack it first.'],
];

/** Throws `InvalidModuleError` unless `bytes` begins with the header of a core module, version 1. */
export function checkHeader(bytes: Uint8Array): void {
  if (bytes.length === 0) throw new InvalidModuleError('The file is empty: choose a WebAssembly module.', 0);
  if (!startsWith(bytes, [0x00, 0x61, 0x73, 0x6d].slice(0, bytes.length))) {
    throw new InvalidModuleError(describeOther(bytes), 0);
  }
  if (bytes.length < headerBytes) {
    throw new InvalidModuleError(
      `The file is cut off in its header: it has ${bytes.length} of at least ${headerBytes} bytes. Copy it again.`,
      bytes.length,
    );
  }
  const version = bytes[4]! | (bytes[5]! << 8);
  const layer = bytes[6]! | (bytes[7]! << 8);
  if (layer === 1) {
    throw new InvalidModuleError(
      'This is a WebAssembly component (component model), not a core module: build it for wasm32 without ' +
        'componentising it (Rust: target wasm32-unknown-unknown).',
      4,
    );
  }
  if (version !== 1 || layer !== 0) {
    throw new InvalidModuleError(
      `The module says version ${version}, layer ${layer} at byte 4; only version 1 of the core format is known here.`,
      4,
    );
  }
}

function describeOther(bytes: Uint8Array): string {
  for (const [start, sentence] of lookalikes) if (startsWith(bytes, start)) return sentence;
  const text = leadingText(bytes);
  if (text !== null && /^\uFEFF?(\s|;;[^\n]*\n|\(;[^]*?;\))*\(\s*(module|component)\b/.test(text)) {
    return 'This is WebAssembly text (WAT), not a binary module: assemble it first, for example with wat2wasm.';
  }
  if (text !== null) {
    return 'This is a text file, not a WebAssembly module: choose the .wasm file that the compiler wrote.';
  }
  const found = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `This is not a WebAssembly module: it begins with the bytes ${found}, a module with 00 61 73 6d.`;
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return bytes.length >= start.length && start.every((byte, index) => bytes[index] === byte);
}

/** The first KiB as text, or null when it holds control characters or is not UTF-8. */
function leadingText(bytes: Uint8Array): string | null {
  const head = bytes.slice(0, 1024);
  if (head.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)) return null;
  try {
    // `stream` lets a character that the cut splits pass.
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
  } catch {
    return null;
  }
}
