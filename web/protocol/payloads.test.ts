import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_JSON_BYTES } from './json-payload.ts';
import { encodeCommand, encodeGuestState, encodeReply, parseCommand, parseGuestState, parseReply } from './control-payloads.ts';
import {
  encodeAnalytics,
  encodeConfigAck,
  encodeMetrics,
  encodeNodeConfig,
  encodePresence,
  encodeProcessed,
  encodeTelemetry,
  parseAnalytics,
  parseConfigAck,
  parseMetrics,
  parseNodeConfig,
  parsePresence,
  parseProcessed,
  parseTelemetry,
  type AnomalyCode,
  type NodeConfig,
  type Parsed,
} from './payloads.ts';

const parsers = {
  telemetry: parseTelemetry,
  config: parseNodeConfig,
  'config ack': parseConfigAck,
  presence: parsePresence,
  metrics: parseMetrics,
  processed: parseProcessed,
  analytics: parseAnalytics,
  'guest state': parseGuestState,
  command: parseCommand,
  reply: parseReply,
} satisfies Record<string, (payload: string | Uint8Array) => Parsed<unknown>>;

const wireNames = [
  'raw', 'pct', 'irrigar', 'seq', 'umidade', 'seco', 'molhado', 'limiar', 'periodo_ms', 'histerese', 'ok',
  'reason', 'online', 'tier', 'kind', 'guest', 'name', 'sha256', 'heap_free', 'timestamp', 'device', 'source',
  'ema', 'anomaly', 'samples', 'ema_raw', 'latency_ms', 'owner', 'phase', 'progress', 'cmd', 'id', 'time_us',
  'steps', 'us_per_step', 'instructions_per_step', '__proto__', 'constructor', 'toString', 'length',
];
const nasty = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(0, 1, -1, 1e308, 1.5, true, null, '', '1e999', [], {}, [[[]]], 'x'.repeat(100)),
);
const nastyObject = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...wireNames), nasty), { selector: ([name]) => name })
  .map((fields) => fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`))
  .map((fields) => `{${fields.join()}}`);
const anything = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.string({ unit: 'binary' }),
  fc.json(),
  nastyObject,
  nastyObject.map((text) => text.replaceAll('1e+308', '1e999')),
);

/** Numbers that JSON cannot hold, at any depth. */
function hasUnreal(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasUnreal);
}

describe.each(Object.entries(parsers))('the %s parser', (_, parse) => {
  it('answers to anything with real numbers or a sentence, or one bad board would stop the page', () => {
    fc.assert(
      fc.property(anything, (payload) => {
        const parsed = parse(payload);
        if (parsed.ok) expect(hasUnreal(parsed.value)).toBe(false);
        else expect(parsed.reason).toMatch(/^[A-Z].*\.$/su);
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'it is empty'],
    ['an array', '[]', 'must be a JSON object'],
    ['null', 'null', 'must be a JSON object'],
    ['a bare number', '51', 'must be a JSON object'],
    ['wrong UTF-8', Uint8Array.of(0x7b, 0xc3, 0x28, 0x7d), 'not valid UTF-8'],
    ['a cut-off object', '{"raw":18', 'not JSON'],
    ['NaN', '{"raw":NaN}', 'not JSON'],
    ['bottomless nesting', '['.repeat(8000), 'not JSON'],
    ['more than is read', `{"x":"${'y'.repeat(MAX_JSON_BYTES)}"}`, `at most ${MAX_JSON_BYTES}`],
  ])('refuses %s', (_, payload, words) => {
    expect(parse(payload)).toEqual({ ok: false, reason: expect.stringContaining(words) });
  });
});

it('a payload cannot hide its fields in a prototype', () => {
  expect(parseTelemetry('{"__proto__":{"raw":1,"pct":2,"irrigar":0}}').ok).toBe(false);
  parsePresence('{"online":true,"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
  expect('polluted' in {}).toBe(false);
});

describe('telemetry', () => {
  it('is read from today\'s guests and from the older boards alike', () => {
    const value = { raw: 1830, percent: 51, irrigate: true, sequence: null };
    expect(parseTelemetry('{"raw":1830,"pct":51,"irrigar":1}')).toEqual({ ok: true, value });
    expect(parseTelemetry('{"umidade":1830,"pct":51,"seco":1}')).toEqual({ ok: true, value });
    const bytes = new TextEncoder().encode('{"raw":1830,"pct":51,"irrigar":true,"seq":7,"x":[]}');
    expect(parseTelemetry(bytes)).toEqual({ ok: true, value: { ...value, sequence: 7 } });
  });

  it.each([
    ['{"raw":1830,"irrigar":1}', 'The field "pct" is missing.'],
    ['{"pct":51,"irrigar":1}', 'The field "raw" is missing.'],
    ['{"umidade":"wet","pct":51,"seco":1}', 'The field "umidade" must be a whole number'],
    ['{"raw":1.5,"pct":51,"irrigar":1}', 'The field "raw" must be a whole number'],
    ['{"raw":1830,"pct":101,"irrigar":1}', 'The field "pct" must be a number from 0 to 100, not 101.'],
    ['{"raw":1830,"pct":51,"irrigar":2}', 'The field "irrigar" must be 0 or 1, not 2.'],
    ['{"raw":1e999,"pct":51,"irrigar":1}', 'The field "raw" must be a whole number'],
  ])('%s is refused by name', (payload, reason) => {
    expect(parseTelemetry(payload)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });

  it('shows the fog a reading that no ADC gives, since that is how a broken probe looks', () => {
    expect(parseTelemetry('{"raw":-1,"pct":100,"irrigar":0}')).toMatchObject({ value: { raw: -1 } });
  });
});

describe('config', () => {
  it('goes onto the wire under the names that boards know', () => {
    const levels = { dry: 2600, wet: 1100, threshold: 1700 };
    expect(encodeNodeConfig(levels)).toBe('{"seco":2600,"molhado":1100,"limiar":1700}');
    expect(encodeNodeConfig({ ...levels, periodMs: 3000, hysteresis: 0 })).toBe(
      '{"seco":2600,"molhado":1100,"limiar":1700,"periodo_ms":3000,"histerese":0}',
    );
  });

  it.each([
    [{ seco: 1100 }, 'wet value (molhado, 1100) must be below the dry value (seco, 1100)'],
    [{ seco: 1000, molhado: 2000, limiar: 1500 }, 'must be below the dry value'],
    [{ limiar: 2600 }, 'threshold (limiar, 2600) must be between'],
    [{ limiar: 1100 }, 'threshold (limiar, 1100) must be between'],
    [{ seco: 4096 }, 'dry value (seco) must be a whole number from 0 to 4095, not 4096'],
    [{ molhado: -1 }, 'wet value (molhado) must be a whole number'],
    [{ limiar: 1700.5 }, 'threshold (limiar) must be a whole number'],
    [{ periodo_ms: 99 }, 'period (periodo_ms) must be a whole number from 100'],
    [{ histerese: 5000 }, 'hysteresis (histerese) must be a whole number from 0 to 4095'],
    [{ seco: '2600' }, 'The field "seco" must be a number, not "2600".'],
    [{ seco: undefined }, 'The field "seco" is missing.'],
  ])('%o is refused with the rule it breaks, or a pump would run on nonsense', (change, words) => {
    const payload = JSON.stringify({ seco: 2600, molhado: 1100, limiar: 1700, ...change });
    expect(parseNodeConfig(payload)).toEqual({ ok: false, reason: expect.stringContaining(words) });
  });
});

const text = fc.string({ maxLength: 64 });
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary);
const adc = fc.integer({ min: 0, max: 4095 });
const real = fc.double({ min: 0, max: 4095, noNaN: true }).map((value) => value + 0);
const config: fc.Arbitrary<NodeConfig> = fc
  .tuple(
    fc.uniqueArray(adc, { minLength: 3, maxLength: 3 }),
    fc.record({ periodMs: fc.integer({ min: 100, max: 86_400_000 }), hysteresis: adc }, { requiredKeys: [] }),
  )
  .map(([levels, optional]) => {
    const [wet, threshold, dry] = levels.sort((a, b) => a - b) as [number, number, number];
    return { dry, wet, threshold, ...optional };
  });
const anomaly = fc.constantFrom<AnomalyCode>(0, 1, 2, 3);
const sha256 = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
const reason = fc.string({ minLength: 1, maxLength: 200 });
const timestampUs = fc.integer({ min: 0, max: 4_294_967_296_000_000 });

describe('what is encoded comes back the same', () => {
  type Parse<T> = (payload: string) => Parsed<T>;
  function roundTrip<T>(values: fc.Arbitrary<T>, encode: (value: T) => string, parse: Parse<T>) {
    fc.assert(fc.property(values, (value) => void expect(parse(encode(value))).toEqual({ ok: true, value })));
  }

  it('telemetry', () => {
    const telemetry = fc.record({
      raw: adc,
      percent: fc.integer({ min: 0, max: 100 }),
      irrigate: fc.boolean(),
      sequence: orNull(fc.nat()),
    });
    roundTrip(telemetry, encodeTelemetry, parseTelemetry);
  });

  it('config', () => roundTrip(config, encodeNodeConfig, parseNodeConfig));

  it('config ack', () => {
    const ack = fc
      .tuple(config, orNull(reason))
      .map(([inForce, why]) => ({ accepted: why === null, inForce, reason: why }));
    roundTrip(ack, encodeConfigAck, parseConfigAck);
  });

  it('presence', () => {
    const presence = fc.record({
      online: fc.boolean(),
      tier: orNull(fc.constantFrom('edge', 'fog', 'cloud')),
      kind: orNull(fc.constantFrom('simulated', 'real')),
      runtime: orNull(text),
      firmware: orNull(text),
      guest: orNull(fc.record({ name: text, sha256 }, { noNullPrototype: true })),
      owner: orNull(text),
    }, { noNullPrototype: true });
    roundTrip(presence, encodePresence, parsePresence);
  });

  it('metrics', () => {
    const metrics = fc.record({
      heapFreeBytes: orNull(fc.nat()),
      stackFreeBytes: orNull(fc.nat()),
      stepUs: orNull(real),
      stepInstructions: orNull(fc.nat()),
      rssiDbm: orNull(fc.integer({ min: -120, max: 0 })),
      bytesSent: orNull(fc.nat()),
      energyMj: orNull(real),
    });
    roundTrip(metrics, encodeMetrics, parseMetrics);
  });

  it('processed', () => {
    const processed = fc.record({
      timestampUs,
      device: text,
      source: text,
      raw: adc,
      percent: fc.integer({ min: 0, max: 100 }),
      irrigate: fc.boolean(),
      ema: orNull(real),
      anomaly: orNull(anomaly),
      wasmMs: orNull(real),
      nativeMs: orNull(real),
    });
    roundTrip(processed, encodeProcessed, parseProcessed);
  });

  it('analytics', () => {
    const analytics = fc.record({
      timestampUs,
      device: text,
      samples: fc.nat(),
      emaRaw: real,
      emaFiltered: orNull(real),
      divergence: orNull(real),
      anomaly,
      latencyMs: orNull(real),
      wasmMs: orNull(real),
      nativeMs: orNull(real),
    });
    roundTrip(analytics, encodeAnalytics, parseAnalytics);
  });

  it('guest state', () => {
    const state = fc.record({
      phase: fc.constantFrom('verifying', 'trying', 'accepted', 'refused', 'rolled-back'),
      name: text,
      sha256: fc.oneof(sha256, fc.constant('')),
      progress: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
      reason,
    });
    roundTrip(state, encodeGuestState, parseGuestState);
  });

  it('command', () => {
    const command = fc.record({ cmd: fc.constantFrom('ping', 'bench', 'identify', 'restart'), id: orNull(text) });
    roundTrip(command, encodeCommand, parseCommand);
  });

  it('reply', () => {
    const bench = fc.record({ steps: fc.integer({ min: 1 }), usPerStep: real, instructionsPerStep: orNull(real) });
    const reply = fc
      .record({
        cmd: orNull(fc.constantFrom('ping', 'bench', 'identify', 'restart')),
        id: orNull(text),
        timeUs: orNull(fc.maxSafeNat()),
        bench: orNull(bench),
        reason: orNull(reason),
      })
      .map((rest) => ({ ...rest, ok: rest.reason === null }));
    roundTrip(reply, encodeReply, parseReply);
  });
});

describe('presence and acknowledgements of strangers', () => {
  it('take a bare last will, or a node that says little would never look offline', () => {
    expect(parsePresence('{"online":0}')).toEqual({
      ok: true,
      value: { online: false, tier: null, kind: null, runtime: null, firmware: null, guest: null, owner: null },
    });
  });

  it('refuse a guest without a whole SHA-256, by which people compare nodes', () => {
    const refused = parsePresence('{"online":1,"guest":{"name":"irrigation","sha256":"abc"}}');
    const reason = 'The field "guest.sha256" must be a SHA-256 in hexadecimal, not "abc".';
    expect(refused).toEqual({ ok: false, reason });
  });

  it('always give a reason with a refusal', () => {
    const parsed = parseConfigAck('{"ok":0,"seco":2600,"molhado":1100,"limiar":1700}');
    expect(parsed).toMatchObject({ ok: true, value: { accepted: false, reason: 'No reason given.' } });
  });
});

describe('presence of a node that a page runs', () => {
  const presence = { online: true, tier: 'edge', kind: 'simulated', runtime: null, firmware: null, guest: null } as const;

  it('names the page, or two pages on one broker would both speak for the node', () => {
    const wire = encodePresence({ ...presence, owner: 'lab-1' });
    expect(JSON.parse(wire)).toMatchObject({ owner: 'lab-1' });
    expect(parsePresence(wire)).toMatchObject({ ok: true, value: { owner: 'lab-1' } });
    const tooLong = parsePresence(`{"online":1,"owner":"${'x'.repeat(65)}"}`);
    expect(tooLong).toEqual({ ok: false, reason: expect.stringContaining('"owner" must be text of at most 64') });
  });

  it('says nothing of an owner it has not, so that event logs stay what they were', () => {
    expect(encodePresence({ ...presence, owner: null })).toBe(encodePresence(presence));
    expect(encodePresence(presence)).not.toContain('owner');
  });
});

describe('guest state of boards that say little', () => {
  it('ends the progress with the update, and gives a failure a reason', () => {
    const bare = { name: '', sha256: '', reason: null };
    expect(parseGuestState('{"phase":"trying"}')).toEqual({ ok: true, value: { ...bare, phase: 'trying', progress: 0 } });
    expect(parseGuestState('{"phase":"accepted"}')).toEqual({ ok: true, value: { ...bare, phase: 'accepted', progress: 1 } });
    for (const phase of ['refused', 'rolled-back']) {
      expect(parseGuestState(`{"phase":"${phase}"}`)).toMatchObject({ value: { reason: 'No reason given.', progress: 1 } });
    }
  });

  it.each([
    ['{"phase":"sent"}', 'The field "phase" must be "verifying"'],
    ['{"progress":1}', 'The field "phase" is missing.'],
    ['{"phase":"trying","progress":1.01}', 'The field "progress" must be a number from 0 to 1'],
    ['{"phase":"trying","sha256":"abc"}', 'The field "sha256" must be a SHA-256 in hexadecimal'],
  ])('%s is refused, since only the sender may say that it was sent and nobody that it is more than done', (payload, words) => {
    expect(parseGuestState(payload)).toEqual({ ok: false, reason: expect.stringContaining(words) });
  });

  it('has its reason cut to what parsers take, or a long one would hide the failure', () => {
    const wire = encodeGuestState({ phase: 'refused', name: 'a', sha256: '', progress: 1, reason: 'x'.repeat(999) });
    expect(parseGuestState(wire)).toMatchObject({ value: { reason: 'x'.repeat(200) } });
  });
});

describe('command and reply', () => {
  it('stand on the wire as boards write and read them', () => {
    expect(encodeCommand({ cmd: 'ping', id: null })).toBe('{"cmd":"ping"}');
    expect(encodeCommand({ cmd: 'ping', id: '7' })).toBe('{"cmd":"ping","id":"7"}');
    expect(parseReply('{"cmd":"ping","id":"7","ok":1,"time_us":1500000}')).toEqual({
      ok: true,
      value: { cmd: 'ping', id: '7', ok: true, timeUs: 1_500_000, bench: null, reason: null },
    });
    expect(parseReply('{"cmd":"bench","ok":true,"steps":100,"us_per_step":41.5}')).toMatchObject({
      value: { bench: { steps: 100, usPerStep: 41.5, instructionsPerStep: null } },
    });
    expect(parseReply('{"ok":0}')).toMatchObject({ value: { cmd: null, ok: false, reason: 'No reason given.' } });
  });

  it.each([
    [parseCommand('{"cmd":"format"}'), 'The field "cmd" must be "ping", "bench", "identify" or "restart", not "format".'],
    [parseCommand('{}'), 'The field "cmd" is missing.'],
    [parseCommand('{"cmd":"ping","id":7}'), 'The field "id" must be text of at most 64 characters, not 7.'],
    [parseReply('{"cmd":"ping"}'), 'The field "ok" is missing.'],
    [parseReply('{"ok":1,"time_us":1.5}'), 'The field "time_us" must be a whole number'],
    [parseReply('{"ok":1,"steps":0,"us_per_step":1}'), 'The field "steps" must be a whole number from 1'],
  ])('what a node cannot do is refused by name', (parsed, words) => {
    expect(parsed).toEqual({ ok: false, reason: expect.stringContaining(words) });
  });
});

describe('timestamps of scripts in the field', () => {
  const at = (timestamp: unknown) =>
    parseProcessed(JSON.stringify({ timestamp, device: 'a', source: 'b', raw: 1, pct: 1, irrigar: 0 }));

  it.each([
    [1_700_000_000.123456, 1_700_000_000_123_456],
    ['2023-11-14T22:13:20Z', 1_700_000_000_000_000],
    ['2023-11-14T22:13:20.123456Z', 1_700_000_000_123_456],
    ['2023-11-14 19:13:20.5-03:00', 1_700_000_000_500_000],
    ['2023-11-14T22:13:20', 1_700_000_000_000_000],
  ])('%s is read to the microsecond', (timestamp, timestampUs) => {
    expect(at(timestamp)).toMatchObject({ ok: true, value: { timestampUs } });
  });

  it.each([-1, 1e10, 'yesterday', '2023-13-45T99:99:99Z', null, '17000'])('%s is refused', (timestamp) => {
    expect(at(timestamp)).toEqual({ ok: false, reason: expect.stringContaining('"timestamp"') });
  });
});
