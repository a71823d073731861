/** Guests that reach for memory that is not theirs. */
import { both, type HostileSource, type HostileVariant } from './source.ts';

const PAGE_BYTES = 65_536;

type ValueType = 'i32' | 'i64' | 'f32' | 'f64';
interface Access {
  op: string;
  type: ValueType;
  bytes: number;
}

const access = (op: string, bytes: number): Access => ({ op, type: op.slice(0, 3) as ValueType, bytes });
const loads = [access('i32.load', 4), access('i64.load', 8), access('f32.load', 4), access('f64.load', 8)];
const narrowLoads = [
  ...['i32.load8_s', 'i32.load8_u', 'i64.load8_s', 'i64.load8_u'].map((op) => access(op, 1)),
  ...['i32.load16_s', 'i32.load16_u', 'i64.load16_s', 'i64.load16_u'].map((op) => access(op, 2)),
  ...['i64.load32_s', 'i64.load32_u'].map((op) => access(op, 4)),
];
const stores = [access('i32.store', 4), access('i64.store', 8), access('f32.store', 4), access('f64.store', 8)];
const narrowStores = [access('i32.store8', 1), access('i32.store16', 2), access('i64.store8', 1), access('i64.store16', 2), access('i64.store32', 4)];

interface Place {
  id: string;
  what: string;
  address(bytes: number): number;
  offset: number;
}

const places: readonly Place[] = [
  { id: 'straddling', what: 'its last byte is the first behind the memory', address: (bytes) => PAGE_BYTES - bytes + 1, offset: 0 },
  { id: 'limit', what: 'at the first byte behind the memory', address: () => PAGE_BYTES, offset: 0 },
  { id: 'next', what: 'a page further, where in a shared memory a neighbour is', address: () => 2 * PAGE_BYTES, offset: 0 },
  { id: 'far', what: '2 GiB away', address: () => 0x7fff_fff0, offset: 0 },
  { id: 'negative', what: 'at a negative address', address: () => -8, offset: 0 },
  { id: 'offset', what: 'by an offset of nearly 4 GiB', address: () => 8, offset: 0xffff_fff0 },
  { id: 'wrapped', what: 'address and offset make exactly 4 GiB, 0 in 32 bits', address: () => -16, offset: 16 },
];

function variants(accesses: readonly Access[]): HostileVariant[] {
  return accesses.flatMap(({ op, type, bytes }) =>
    places.map(({ id, what, address, offset }) => {
      const at = `${op} offset=${offset} (i32.const ${address(bytes)})`;
      const code = op.includes('store') ? `(${at} (${type}.const 1))` : `(drop (${at}))`;
      return { id: `${op}-${id}`, what: `${op} ${what}`, put: { ACCESS: code } };
    }),
  );
}

const stopped = { group: 'memory', mustStop: true, forms: both } as const;
const reading = 'The read gives no value: the guest ends there, and no byte of another is seen.';
const writing = 'The write changes no byte outside the memory of the guest, which ends there.';

function range(operation: string, ...operands: number[]): { BULK: string } {
  return { BULK: `(${operation} ${operands.map((operand) => `(i32.const ${operand})`).join(' ')})` };
}

export const memorySources: readonly HostileSource[] = [
  { ...stopped, id: 'read-outside', text: 'access', title: 'Reads outside its memory', tries: 'Loads a whole number from an address that is not its own, with every such instruction, at each edge of the address space.', contained: reading, variants: variants(loads) },
  { ...stopped, id: 'read-outside-narrow', text: 'access', title: 'Narrow reads outside its memory', tries: 'Loads 8, 16 or 32 bits of a wider number from an address that is not its own, with every such instruction.', contained: reading, variants: variants(narrowLoads) },
  { ...stopped, id: 'write-outside', text: 'access', title: 'Writes outside its memory', tries: 'Stores a whole number at an address that is not its own, with every such instruction, at each edge of the address space.', contained: writing, variants: variants(stores) },
  { ...stopped, id: 'write-outside-narrow', text: 'access', title: 'Narrow writes outside its memory', tries: 'Stores 8, 16 or 32 bits of a wider number at an address that is not its own, with every such instruction.', contained: writing, variants: variants(narrowStores) },
  {
    ...stopped,
    id: 'copy-outside',
    text: 'bulk',
    title: 'Copies across its border',
    tries: 'Copies memory with `memory.copy`, from or to a range that begins or ends outside.',
    contained: 'Nothing is copied across the border, and the guest ends there.',
    variants: [
      { id: 'from-beyond', what: 'from behind the memory', put: range('memory.copy', 0, PAGE_BYTES, 16) },
      { id: 'to-beyond', what: 'to behind the memory', put: range('memory.copy', PAGE_BYTES, 0, 16) },
      { id: 'from-straddling', what: 'from a range of which one byte is outside', put: range('memory.copy', 0, PAGE_BYTES - 15, 16) },
      { id: 'to-straddling', what: 'to a range of which one byte is outside', put: range('memory.copy', PAGE_BYTES - 15, 0, 16) },
      { id: 'everything', what: 'a length of 4 GiB less one', put: range('memory.copy', 0, 1, -1) },
      { id: 'wrapped', what: 'address and length make 4 GiB', put: range('memory.copy', -16, 0, 16) },
      { id: 'empty-beyond', what: 'no byte, but beyond the end', put: range('memory.copy', PAGE_BYTES + 1, 0, 0) },
    ],
  },
  {
    ...stopped,
    id: 'fill-outside',
    text: 'bulk',
    title: 'Fills across its border',
    tries: 'Fills memory with `memory.fill`, over a range that begins or ends outside.',
    contained: writing,
    variants: [
      { id: 'beyond', what: 'behind the memory', put: range('memory.fill', PAGE_BYTES, 0x5a, 4096) },
      { id: 'straddling', what: 'a range of which one byte is outside', put: range('memory.fill', PAGE_BYTES - 4095, 0x5a, 4096) },
      { id: 'everything', what: 'a length of 4 GiB less one', put: range('memory.fill', 0, 0x5a, -1) },
      { id: 'wrapped', what: 'address and length make 4 GiB', put: range('memory.fill', -4096, 0x5a, 4096) },
    ],
  },
  {
    ...stopped,
    id: 'init-outside',
    text: 'bulk',
    title: 'Copies a data segment across a border',
    tries: 'Copies with `memory.init` past the end of the segment, past that of its memory, or from a segment it has dropped.',
    contained: 'Nothing is copied, and the guest ends there.',
    variants: [
      { id: 'to-beyond', what: 'to behind the memory', put: range('memory.init $segment', PAGE_BYTES, 0, 12) },
      { id: 'to-straddling', what: 'to a range of which one byte is outside', put: range('memory.init $segment', PAGE_BYTES - 11, 0, 12) },
      { id: 'past-segment', what: 'more bytes than the segment has', put: range('memory.init $segment', 0, 0, 13) },
      { id: 'wrapped', what: 'from an offset of nearly 4 GiB in the segment', put: range('memory.init $segment', 0, -4, 8) },
      { id: 'dropped', what: 'from a dropped segment', put: { BULK: `(data.drop $segment) ${range('memory.init $segment', 0, 0, 12).BULK}` } },
    ],
  },
  {
    ...stopped,
    id: 'data-outside',
    text: 'data-outside',
    title: 'Initial data outside its memory',
    tries: 'Declares initial data that lie outside its memory, so that instantiating it writes there.',
    contained: 'The module does not start, and no byte outside is changed.',
    variants: [
      { id: 'straddling', what: 'one byte outside', put: { ADDRESS: String(PAGE_BYTES - 7) } },
      { id: 'beyond', what: 'behind the memory', put: { ADDRESS: String(PAGE_BYTES) } },
      { id: 'negative', what: 'at a negative address', put: { ADDRESS: '-4' } },
    ],
  },
  {
    ...stopped,
    id: 'element-outside',
    text: 'element-outside',
    title: 'Function references outside its table',
    tries: 'Declares references that lie outside its table, so that instantiating it writes there.',
    contained: 'The module does not start.',
    variants: [
      { id: 'straddling', what: 'one entry outside', put: { INDEX: '1' } },
      { id: 'negative', what: 'at a negative index', put: { INDEX: '-1' } },
    ],
  },
];
