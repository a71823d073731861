/** Hostile modules that are too large to be shipped: made where they are tried. */

const preamble = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

function u32(value: number): number[] {
  const bytes: number[] = [];
  do {
    const low = value & 0x7f;
    value >>>= 7;
    bytes.push(value > 0 ? low | 0x80 : low);
  } while (value > 0);
  return bytes;
}

type Chunk = readonly number[] | Uint8Array;

function joined(chunks: readonly Chunk[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function section(id: number, ...content: Chunk[]): Uint8Array {
  const body = joined(content);
  return joined([[id], u32(body.length), body]);
}

const mainType = section(1, [1, 0x60, 0, 1, 0x7f]);
const onePage = section(5, [1, 1, 1, 1]);
const exportsMain = section(7, [2, 4, ...new TextEncoder().encode('main'), 0, 0, 6, ...new TextEncoder().encode('memory'), 2, 0]);
const zero = [0x41, 0, 0x0b];

/** A module whose `main` has this body; further functions and sections as given. */
function module(body: Chunk, { functions = 0, data = null, custom = 0 }: { functions?: number; data?: Uint8Array | null; custom?: number } = {}): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(functions * 4);
  // Each further function has a body of four bytes: no locals, the constant 0, the end; its length stands before it.
  const bodies = new Uint8Array(functions * 5);
  for (let index = 0; index < functions; index += 1) bodies.set([4, 0, ...zero], index * 5);
  return joined([
    preamble,
    mainType,
    section(3, u32(functions + 1), [0], more.subarray(0, functions)),
    onePage,
    exportsMain,
    section(10, u32(functions + 1), u32(body.length), body, bodies),
    ...(data ? [section(11, [1, 0, 0x41, 0, 0x0b], u32(data.length), data)] : []),
    ...(custom > 0 ? [section(0, [4, ...new TextEncoder().encode('ball')], new Uint8Array(custom))] : []),
  ]);
}

function nested(depth: number): Uint8Array {
  const blocks = new Uint8Array(depth * 2);
  for (let index = 0; index < depth; index += 1) blocks.set([0x02, 0x40], index * 2);
  return joined([[0], blocks, new Uint8Array(depth).fill(0x0b), zero]);
}

function wideTable(labels: number): Uint8Array {
  return joined([[0, 0x02, 0x40, 0x41, 0, 0x0e], u32(labels), new Uint8Array(labels + 1), [0x0b], zero]);
}

export const largeModules = {
  ballast: () => module([0, ...zero], { custom: 5 * 1024 * 1024 }),
  'deep-blocks': () => module(nested(200_000)),
  'many-functions': () => module([0, ...zero], { functions: 400_000 }),
  'large-data': () => module([0, ...zero], { data: new Uint8Array(3 * 1024 * 1024).fill(0x5a) }),
  'wide-table': () => module(wideTable(1_000_000)),
} as const;
export type LargeModule = keyof typeof largeModules;
