/** WebAssembly text to bytes, for tests. */
import loadWabt from 'wabt';

const wabt = await loadWabt();

const features = {
  mutable_globals: true,
  sat_float_to_int: true,
  sign_extension: true,
  multi_value: true,
  bulk_memory: true,
  reference_types: true,
  extended_const: true,
  simd: true,
  threads: true,
  tail_call: true,
  exceptions: true,
  memory64: true,
  multi_memory: true,
};

/** `text` is a whole module or what stands inside one. */
export function assemble(text: string, options: { names?: boolean } = {}): Uint8Array<ArrayBuffer> {
  const module = wabt.parseWat('test.wat', /^\s*\(module/.test(text) ? text : `(module ${text})`, features);
  try {
    const { buffer } = module.toBinary({ write_debug_names: options.names ?? false });
    return Uint8Array.from(buffer);
  } finally {
    module.destroy();
  }
}
