/** What the benchmark of the transform runs inside the browser. */
import { ByteReader } from '../../../web/guest/wasm/byte-reader.ts';
import { ByteWriter } from '../../../web/guest/wasm/byte-writer.ts';
import { readModule } from '../../../web/guest/wasm/read-module.ts';
import { Section } from '../../../web/guest/wasm/sections.ts';
import { transformModule } from '../../../web/guest/wasm/transform.ts';
import { transformedExports, turnExports } from '../../../web/guest/wasm/transformed-names.ts';

export interface KernelTimes {
  kernel: string;
  originalMs: number[];
  transformedMs: number[];
}

type Kernel = (rounds: number) => number;

/** As much work as a kernel is given at a time. */
const SLICE_MS = 15;
const WARM_UP_MS = 300;
/** Where the window lies, so that its base is a number that cannot be folded away. */
const BASE_PAGES = 3;
const PLENTY = 0x7fff_ffff;

/** Each kernel as it is and transformed, by turns. */
export function timeKernels(bytes: Uint8Array<ArrayBuffer>, repeats: number): KernelTimes[] {
  const original = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  const { exports: transformed, fuel } = startInWindow(bytes);
  const names = Object.keys(original).filter((name) => typeof original[name] === 'function');
  const time = (kernel: Kernel, rounds: number) => {
    fuel.value = PLENTY;
    const startMs = performance.now();
    kernel(rounds);
    return performance.now() - startMs;
  };
  const prepared = names.map((kernel) => {
    const [plain, metered] = [original[kernel] as Kernel, transformed[kernel] as Kernel];
    fuel.value = PLENTY;
    if (plain(3) !== metered(3)) throw new Error(`The kernel ${kernel} computes something else when transformed.`);
    let rounds = 1;
    for (let spentMs = 0; spentMs < WARM_UP_MS; ) {
      const tookMs = time(plain, rounds);
      spentMs += tookMs + time(metered, rounds);
      if (tookMs < SLICE_MS / 2) rounds *= 2;
    }
    rounds = Math.max(1, Math.round((rounds * SLICE_MS) / time(plain, rounds)));
    return { kernel, plain, metered, rounds, originalMs: [] as number[], transformedMs: [] as number[] };
  });
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const { plain, metered, rounds, originalMs, transformedMs } of prepared) {
      // Neither is always the first.
      if (repeat % 2 > 0) originalMs.push(time(plain, rounds));
      transformedMs.push(time(metered, rounds));
      if (repeat % 2 === 0) originalMs.push(time(plain, rounds));
    }
  }
  return prepared.map(({ kernel, originalMs, transformedMs }) => ({ kernel, originalMs, transformedMs }));
}

function startInWindow(bytes: Uint8Array): { exports: WebAssembly.Exports; fuel: WebAssembly.Global } {
  const result = transformModule(bytes, { window: true, ceilingPages: 16 });
  if (!result.ok) throw new Error(result.reason);
  const memory = new WebAssembly.Memory({ initial: result.maxPages + BASE_PAGES + 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(result.bytes), { continuum: { memory } });
  (exports[turnExports.begin] as (base: number, fuel: number) => void)(BASE_PAGES * 65_536, PLENTY);
  return { exports, fuel: exports[transformedExports.fuel] as WebAssembly.Global };
}

/** Milliseconds that a transform takes for each 100 KB. */
export function timeTransform(bytes: Uint8Array<ArrayBuffer>, repeats: number): number[] {
  const large = withRepeatedFunctions(bytes, 100_000);
  new WebAssembly.Module(large);
  return Array.from({ length: repeats }, () => {
    const startMs = performance.now();
    const result = transformModule(large, { window: true, ceilingPages: 16 });
    const tookMs = performance.now() - startMs;
    if (!result.ok) throw new Error(result.reason);
    return (tookMs * 100_000) / large.length;
  });
}

/** The module with its functions again and again until it has `targetBytes`. */
function withRepeatedFunctions(bytes: Uint8Array, targetBytes: number): Uint8Array<ArrayBuffer> {
  const { sections, functions, imported } = readModule(bytes);
  const own = functions.slice(imported.function);
  const code = sections.find(({ id }) => id === Section.code)!;
  const copies = Math.ceil(targetBytes / (code.end - code.start));
  const out = new ByteWriter(targetBytes * 2);
  out.copy(bytes, 0, 8);
  for (const { id, start, end } of sections) {
    const content = new ByteWriter(targetBytes);
    if (id === Section.function || id === Section.code) {
      content.u32(own.length * copies);
      const reader = new ByteReader(bytes, start, end, 'the code');
      reader.u32();
      for (let copy = 0; copy < copies; copy++) content.copy(bytes, reader.offset, end);
    } else if (id !== Section.custom) content.copy(bytes, start, end);
    else continue;
    out.u8(id);
    out.u32(content.length);
    out.append(content);
  }
  return out.toBytes();
}
