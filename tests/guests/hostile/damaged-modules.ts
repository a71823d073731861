/** Files that are no modules, or modules whose own figures are false. */
import type { HostileVariant } from './source.ts';

const preamble = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const letters = (text: string): number[] => [...new TextEncoder().encode(text)];
const most = [0xff, 0xff, 0xff, 0xff, 0x0f];
const mainType = [1, 5, 1, 0x60, 0, 1, 0x7f];
const declares = [3, 2, 1, 0, 5, 4, 1, 1, 1, 1];
const exportsMain = [7, 8, 1, 4, ...letters('main'), 0, 0];
const code = [10, 6, 1, 4, 0, 0x41, 0, 0x0b];

const damaged: readonly (HostileVariant & { bytes: readonly number[] })[] = [
  { id: 'nothing', what: 'an empty file', bytes: [] },
  { id: 'text', what: 'a text', bytes: letters('This is no module.') },
  { id: 'picture', what: 'the beginning of a picture', bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { id: 'native', what: 'the beginning of a native program', bytes: [0x7f, ...letters('ELF'), 2, 1, 1, 0, ...new Array<number>(56).fill(0)] },
  { id: 'aot', what: "WAMR's ahead-of-time format, which is machine code", bytes: [0, ...letters('aot'), 3, 0, 0, 0, ...new Array<number>(64).fill(0x90)] },
  { id: 'version', what: 'a later version of the format', bytes: [...preamble.slice(0, 4), 2, 0, 0, 0] },
  { id: 'preamble', what: 'a preamble and nothing else', bytes: preamble },
  { id: 'cut', what: 'a module that ends within its code', bytes: [...preamble, ...mainType, ...declares, ...exportsMain, ...code.slice(0, 5)] },
  { id: 'long-section', what: 'a section of 4 GiB', bytes: [...preamble, 1, ...most, 0x60] },
  { id: 'many-types', what: 'four thousand million types', bytes: [...preamble, 1, 6, ...most, 0x60] },
  { id: 'many-functions', what: 'four thousand million functions', bytes: [...preamble, ...mainType, 3, 6, ...most, 0] },
  { id: 'many-locals', what: 'a function with four thousand million variables', bytes: [...preamble, ...mainType, ...declares, ...exportsMain, 10, 12, 1, 10, 1, ...most, 0x7e, 0x41, 0, 0x0b] },
  { id: 'many-parts-of-locals', what: 'variables whose numbers add up to more than 32 bits', bytes: [...preamble, ...mainType, ...declares, ...exportsMain, 10, 18, 1, 16, 2, ...most, 0x7e, ...most, 0x7f, 0x41, 0, 0x0b] },
  { id: 'endless-number', what: 'a number that never ends', bytes: [...preamble, 1, ...new Array<number>(32).fill(0x80)] },
  { id: 'long-name', what: 'an import with a name of 4 GiB', bytes: [...preamble, ...mainType, 2, 7, 1, ...most, 0x61] },
  { id: 'false-name', what: 'an export whose name is not UTF-8', bytes: [...preamble, ...mainType, ...declares, 7, 8, 1, 4, 0xff, 0xfe, 0xfd, 0xfc, 0, 0, ...code] },
  { id: 'no-code', what: 'functions without code', bytes: [...preamble, ...mainType, ...declares, ...exportsMain] },
  { id: 'twice', what: 'two sections of code', bytes: [...preamble, ...mainType, ...declares, ...exportsMain, ...code, ...code] },
  { id: 'order', what: 'sections in a false order', bytes: [...preamble, ...declares, ...mainType, ...exportsMain, ...code] },
  { id: 'same-export', what: 'two exports of one name', bytes: [...preamble, ...mainType, ...declares, 7, 15, 2, 4, ...letters('main'), 0, 0, 4, ...letters('main'), 0, 0, ...code] },
];

export const damagedVariants: readonly HostileVariant[] = damaged.map(({ id, what }) => ({ id, what }));

export function damagedBytes(id: string): Uint8Array {
  const found = damaged.find((each) => each.id === id);
  if (!found) throw new Error(`There is no damaged module ${id}.`);
  return Uint8Array.from(found.bytes);
}
