/** Guests that give their host pointers which are none. */
import type { HostileSource, HostileVariant } from './source.ts';

interface BadText {
  id: string;
  what: string;
  pointer: number;
  /** What stands at 1024. */
  text?: string;
}

const TEXT = 1024;
const badTexts: readonly BadText[] = [
  { id: 'behind', what: 'the first byte behind the memory', pointer: 65_536 },
  { id: 'next', what: 'a page further, where in a shared memory a neighbour is', pointer: 131_072 },
  { id: 'far', what: '2 GiB away', pointer: 0x7fff_fff0 },
  { id: 'negative', what: 'a negative address', pointer: -1 },
  { id: 'last', what: 'the last byte, no NUL behind it', pointer: 65_535 },
  { id: 'unterminated', what: 'sixty kilobytes without a NUL', pointer: 2048 },
  { id: 'invalid-utf8', what: 'bytes that no UTF-8 has', pointer: TEXT, text: '\\ff\\fe\\00' },
  { id: 'overlong-utf8', what: 'a NUL in two bytes', pointer: TEXT, text: 'a\\c0\\80b\\00' },
  { id: 'surrogate', what: 'half of a surrogate pair', pointer: TEXT, text: 'a\\ed\\a0\\80\\00' },
  { id: 'cut-utf8', what: 'a character that ends too soon', pointer: TEXT, text: 'a\\e2\\82\\00' },
  { id: 'too-long', what: 'a proper text of 600 bytes', pointer: TEXT, text: `${'A'.repeat(600)}\\00` },
];

function variants(call: (pointer: string) => string): HostileVariant[] {
  return badTexts.map(({ id, what, pointer, text = '' }) => ({
    id,
    what,
    put: { TEXT: text, CALL: call(`(i32.const ${pointer})`) },
  }));
}

const given = { group: 'pointers', mustStop: true, text: 'pointer', forms: ['env'] } as const;
const contained = 'The host reads no byte outside the memory of the guest, passes nothing on, and ends the guest for it.';

/** Bytes of a vector as WASI's functions take it: address and length, little-endian. */
function vector(address: number, bytes: number): string {
  const words = new Uint8Array(Uint32Array.of(address, bytes).buffer);
  return [...words].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
}

const wasi = (id: string, what: string, call: string, iov = vector(4096, 4)): HostileVariant => ({ id, what, put: { CALL: call, VECTOR: iov } });
const constants = (...values: number[]): string => values.map((value) => `(i32.const ${value})`).join(' ');

export const pointerSources: readonly HostileSource[] = [
  { ...given, id: 'log-pointer', title: 'Bad text for wasm_log', tries: 'Lets the host log text at an address, of a length or in bytes that are no text.', contained, variants: variants((pointer) => `(call $wasm_log ${pointer})`) },
  { ...given, id: 'topic-pointer', title: 'Bad topic for mqtt_publish', tries: 'Lets the host publish under a topic at an address, of a length or in bytes that are no text.', contained, variants: variants((pointer) => `(drop (call $mqtt_publish ${pointer} (i32.const 64)))`) },
  { ...given, id: 'payload-pointer', title: 'Bad payload for mqtt_publish', tries: 'Lets the host publish a payload at an address, of a length or in bytes that are no text.', contained, variants: variants((pointer) => `(drop (call $mqtt_publish (i32.const 16) ${pointer}))`) },
  {
    group: 'pointers',
    id: 'wasi-pointer',
    title: 'Bad pointers into WASI',
    tries: 'Gives functions of WASI addresses and lengths that leave its memory, for them to read or to write.',
    contained: 'Nothing outside the memory of the program is read or written: the call answers with an error, or the program ends.',
    mustStop: false,
    text: 'wasi-pointer',
    forms: ['wasi'],
    variants: [
      wasi('write-vectors-behind', 'fd_write with vectors behind the memory', `(call $fd_write ${constants(1, 65_536, 1, 264)})`),
      wasi('write-vectors-negative', 'fd_write with vectors at a negative address', `(call $fd_write ${constants(1, -8, 1, 264)})`),
      wasi('write-too-many', 'fd_write with half a thousand million vectors', `(call $fd_write ${constants(1, 512, 0x1fff_ffff, 264)})`),
      wasi('write-text-behind', 'fd_write of text behind the memory', `(call $fd_write ${constants(1, 528, 1, 264)})`, vector(65_536, 16)),
      wasi('write-text-straddling', 'fd_write of text of which one byte is outside', `(call $fd_write ${constants(1, 528, 1, 264)})`, vector(65_521, 16)),
      wasi('write-text-endless', 'fd_write of 4 GiB less one', `(call $fd_write ${constants(1, 528, 1, 264)})`, vector(4096, 0xffff_ffff)),
      wasi('write-count-behind', 'fd_write with its count behind the memory', `(call $fd_write ${constants(1, 512, 0, 65_536)})`),
      wasi('read-to-behind', 'fd_read to behind the memory', `(call $fd_read ${constants(0, 528, 1, 264)})`, vector(65_536, 16)),
      wasi('random-to-behind', 'random_get to behind the memory', `(call $random_get ${constants(65_536, 64)})`),
      wasi('random-straddling', 'random_get to a range of which one byte is outside', `(call $random_get ${constants(65_473, 64)})`),
      wasi('random-endless', 'random_get of 4 GiB less one', `(call $random_get ${constants(0, -1)})`),
      wasi('clock-to-behind', 'clock_time_get to behind the memory', `(call $clock_time_get (i32.const 0) (i64.const 0) (i32.const 65536))`),
      wasi('args-to-behind', 'args_get to behind the memory', `(call $args_get ${constants(65_536, -4)})`),
    ],
  },
];
