/** Guests that ask their host for what is not theirs, or for too much of what is. */
import { plain, type HostileSource, type HostileVariant } from './source.ts';

const env = ['env'] as const;
const flood = { group: 'floods', text: 'flood', mustStop: false, forms: env } as const;

function topic(id: string, what: string, written: string): HostileVariant {
  return { id, what, put: { TOPIC: written } };
}
function call(id: string, what: string, code: string): HostileVariant {
  return { id, what, put: { CALL: code } };
}

export const hostSources: readonly HostileSource[] = [
  { ...flood, id: 'publish-flood', title: 'Flood of messages', tries: 'Publishes a hundred thousand messages before each pause.', contained: 'At most 32 messages leave the node between two pauses; the broker and the others lose nothing.', variants: [call('plain', 'mqtt_publish', '(drop (call $mqtt_publish (i32.const 16) (i32.const 64)))')] },
  { ...flood, id: 'log-flood', title: 'Flood of log lines', tries: 'Logs a hundred thousand lines before each pause.', contained: 'Its console keeps the newest lines only; others run on and lose nothing.', variants: [call('text', 'wasm_log', '(call $wasm_log (i32.const 64))'), call('number', 'log_int', '(call $note (local.get $left))')] },
  { ...flood, id: 'output-flood', title: 'Flood of switching', tries: 'Switches an output on and off a hundred thousand times before each pause.', contained: 'It switches its own outputs only; others run on and lose nothing.', variants: [call('plain', 'set_output', '(call $set_output (i32.const 18) (i32.and (local.get $left) (i32.const 1)))')] },
  { ...flood, id: 'refusal-flood', title: 'Flood of refusals', tries: 'Asks a hundred thousand times before each pause for a pin that it may not drive, so that the host complains as often.', contained: 'No pin moves; others run on and lose nothing.', variants: [call('plain', 'set_output', '(call $set_output (i32.const 5) (i32.const 1))')] },
  { ...flood, text: 'restless', id: 'restless', title: 'No rest at all', tries: 'Pauses for 0 ms, for ever.', contained: 'Each pause takes a tick at least, in which others have their turn.', variants: plain },
  { group: 'floods', text: 'output-flood', id: 'print-flood', title: 'Flood of output', tries: 'Prints four kilobytes at a time, without end.', contained: 'It is ended, and the page that reads it stays usable.', mustStop: true, forms: ['wasi'], variants: plain },
  {
    group: 'rights',
    id: 'foreign-topics',
    text: 'topic',
    title: 'Topics of others',
    tries: 'Publishes under the name of another node, of the broker, of its own host, or under what is no topic.',
    contained: 'Nothing is published outside the topics that a guest of this node may use.',
    mustStop: false,
    forms: env,
    variants: [
      topic('other-node', 'another node', 'ic/other/data'),
      topic('neighbour', 'the neighbour by its name', 'ic/esp32-1/data'),
      topic('broker', "the broker's own", '$SYS/broker/uptime'),
      topic('plus', 'a wildcard for one level', 'ic/+/data'),
      topic('hash', 'a wildcard for all', '#'),
      topic('empty', 'an empty one', ''),
      topic('overlong', '200 bytes', 'a'.repeat(200)),
      topic('slash', 'a leading slash', '/ic/other/data'),
      topic('parent', 'two dots', 'ic/esp32/../other/data'),
      topic('root', 'the root alone', 'ic'),
      topic('config', 'its own calibration', 'config'),
      topic('guest', 'a new guest for itself', 'ic/esp32/guest'),
      topic('processed', 'what only the fog says', 'processed'),
      topic('presence', 'its own presence', 'presence'),
      topic('control', 'a control character, for which a broker closes the connection', 'data\\01'),
      topic('noncharacter', 'a code point that is no character, for which a broker closes the connection', 'data\\ef\\bf\\bf'),
    ],
  },
  { group: 'rights', id: 'start-publishes', text: 'start-publishes', title: 'Publishes while it starts', tries: "Publishes another node's reading from its start function, before the host could look at it.", contained: 'Nothing is published; the module does not start.', mustStop: false, forms: env, variants: plain },
  { group: 'rights', id: 'start-delays', text: 'start-delays', title: 'Pauses while it starts', tries: 'Calls `delay_ms` from its start function, where it cannot be suspended.', contained: 'The module does not start, or rests alone: nobody else waits for it.', mustStop: false, forms: env, variants: plain },
  {
    group: 'rights',
    id: 'forbidden-pins',
    text: 'host-call',
    title: 'Pins of others',
    tries: 'Drives a pin that is not one of its four.',
    contained: 'No pin moves.',
    mustStop: false,
    forms: env,
    variants: [5, 0, -1, 34, 256 + 23, 2_147_483_647].map((pin) => call(`pin${pin}`, `pin ${pin}`, `(call $set_output (i32.const ${pin}) (i32.const 1))`)),
  },
  {
    group: 'rights',
    id: 'odd-numbers',
    text: 'host-call',
    title: 'Numbers that mean nothing',
    tries: 'Asks for sensors and settings that do not exist, and rests for negative and enormous times.',
    contained: 'It gets -1 for a sensor, 0 for a setting, and rests; others notice nothing.',
    mustStop: false,
    forms: env,
    variants: [
      ...[1, -1, 2_147_483_647].map((kind) => call(`sensor${kind}`, `sensor ${kind}`, `(call $note (call $read_sensor (i32.const ${kind})))`)),
      ...[99, -1, -2_147_483_648].map((key) => call(`setting${key}`, `setting ${key}`, `(call $note (call $get_config (i32.const ${key})))`)),
      ...[-1, -2_147_483_648, 2_147_483_647].map((ms) => call(`rest${ms}`, `a rest of ${ms} ms`, `(call $delay_ms (i32.const ${ms}))`)),
    ],
  },
  {
    group: 'rights',
    id: 'foreign-files',
    text: 'wasi-path',
    title: 'Files of others',
    tries: 'Opens files that nobody has given it.',
    contained: 'Nothing is opened: each call answers with an error.',
    mustStop: false,
    forms: ['wasi'],
    variants: [3, 4].flatMap((fd) =>
      ['/etc/passwd', '../../etc/passwd', '/proc/self/mem'].map((path) => ({
        id: `${path.replaceAll(/[^a-z]+/g, '-').replaceAll(/^-|-$/g, '')}${path.startsWith('.') ? '-up' : ''}-${fd}`,
        what: `${path} from descriptor ${fd}`,
        put: { PATH: path, LENGTH: String(path.length), FD: String(fd) },
      })),
    ),
  },
];
