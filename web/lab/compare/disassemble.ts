/** A module's code as text, by wasmparser, which is loaded when it is first asked for. */
import type { Disassembly } from './compare-port.ts';
import { inspect } from './inspect.ts';

/** One with a body: imported functions stand in a line of their own. */
const TOP_FUNCTION = /^ {2}\(func (?!.*\(import )/;
const CHUNK_END = /^ {2}\)|^ {2}\(|^\)/;

/** Rejects with a sentence. */
export async function disassemble(bytes: Uint8Array): Promise<Disassembly> {
  const inspection = inspect(bytes);
  const [{ BinaryReader }, { DevToolsNameGenerator, WasmDisassembler }] = await Promise.all([
    import('wasmparser/dist/esm/WasmParser.js'),
    import('wasmparser/dist/esm/WasmDis.js'),
  ]);
  // It reads a buffer from its first byte.
  const buffer = bytes.slice().buffer;
  const parser = () => {
    const reader = new BinaryReader();
    reader.setData(buffer, 0, buffer.byteLength);
    return reader;
  };
  const text = new WasmDisassembler();
  let lines: string[];
  try {
    const names = new DevToolsNameGenerator();
    names.read(parser());
    text.nameResolver = names.getNameResolver();
    text.exportMetadata = names.getExportMetadata();
    text.disassembleChunk(parser());
    lines = text.getResult().lines;
  } catch (error) {
    throw new Error(`This module cannot be shown as text: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
  return { lines, functions: functionsIn(lines, inspection) };
}

function functionsIn(lines: readonly string[], { functions }: ReturnType<typeof inspect>): Disassembly['functions'] {
  const inOrder = functions.toSorted((a, b) => a.index - b.index);
  const starts = lines.flatMap((line, at) => (TOP_FUNCTION.test(line) ? [at] : []));
  return starts.map((firstLine, at) => {
    const { index, name, sizeBytes } = inOrder[at]!;
    let end = firstLine + 1;
    while (end < lines.length && !CHUNK_END.test(lines[end]!)) end += 1;
    if (/^ {2}\)/.test(lines[end] ?? '')) end += 1;
    return { index, name: name ?? nameIn(lines[firstLine]!) ?? `function ${index}`, firstLine, lineCount: end - firstLine, sizeBytes };
  });
}

/** What wasmparser calls it. */
function nameIn(line: string): string | null {
  return /\(func \$(\S+)/.exec(line)?.[1] ?? null;
}

/** Places of the lines that hold the text, letters of either case alike; none for an empty text. */
export function findLines({ lines }: Disassembly, text: string): number[] {
  const wanted = text.trim().toLowerCase();
  return wanted === '' ? [] : lines.flatMap((line, at) => (line.toLowerCase().includes(wanted) ? [at] : []));
}
