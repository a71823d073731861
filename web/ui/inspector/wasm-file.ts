const magic = [0x00, 0x61, 0x73, 0x6d];

/** Why `file` cannot be a wasm module, in words for people; null when it may be one. */
export async function wasmFileProblem(file: Blob & { name: string }): Promise<string | null> {
  const head = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  if (head.length < 8 || magic.some((byte, i) => head[i] !== byte)) {
    return `${file.name} is not a WebAssembly module (it does not begin with \\0asm). Choose a compiled .wasm file.`;
  }
  // Components share the magic number and differ in the layer field.
  if (head[6] !== 0) {
    return `${file.name} is a WebAssembly component. Nodes run core modules: compile for wasm32-unknown-unknown.`;
  }
  return null;
}
