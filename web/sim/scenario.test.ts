import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isParameterId, parameter, parameterGroups, parameterProblem, type ParameterId } from './parameters.ts';
import { defaultScenario, encodeScenario, MAX_NODES, MAX_OWN_MEMORY, type Scenario } from './scenario.ts';
import { decodeScenario } from './scenario-address.ts';

const ids = Object.values(parameterGroups).flatMap((group) => Object.keys(group)).filter(isParameterId);
const guest = fc.oneof(fc.constantFrom('c', 'rust'), fc.stringMatching(/^[0-9a-f]{64}$/));
const inRange = (id: ParameterId) => {
  const { min, max } = parameter(id);
  return fc
    .double({ min, max, noNaN: true })
    .map((value) => [id, parameterProblem(parameter(id), value) ? Math.round(value) : value] as const);
};
const scenarios: fc.Arbitrary<Scenario> = fc.record({
  nodes: fc.integer({ min: 1, max: MAX_NODES }),
  guest,
  guests: fc.dictionary(fc.stringMatching(/^esp32-[1-9]$/), guest),
  strategy: fc.constantFrom('A', 'B', 'C', 'D', 'E'),
  seed: fc.nat(0xffff_ffff),
  start: fc.constantFrom('2012-01-01', '2015-12-31'),
  qos: fc.constantFrom(0, 1),
  ownMemory: fc.nat(MAX_OWN_MEMORY),
  parameters: fc
    .uniqueArray(fc.constantFrom(...ids), { maxLength: 5 })
    .chain((chosen) => fc.tuple(...chosen.map(inRange)))
    .map((entries) => Object.fromEntries(entries)),
});

describe('scenario in the address', () => {
  test('comes back as it was, else a link would show another run', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const { scenario: read, problems } = decodeScenario(encodeScenario(scenario));
        expect(problems).toEqual([]);
        expect(read).toEqual(scenario);
      }),
    );
  });

  test('the default scenario needs no address', () => {
    expect(encodeScenario(defaultScenario)).toBe('');
    expect(decodeScenario('').scenario).toEqual(defaultScenario);
  });

  test('whatever stands in a link, it gives a scenario that can run', () => {
    const keys = fc.constantFrom('nodes', 'guest', 'guests', 'strategy', 'seed', 'start', 'qos', 'p.x', 'p.energy.txMa', '__proto__');
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, fc.string())), (pairs) => {
        const { scenario } = decodeScenario(new URLSearchParams(pairs).toString());
        expect(decodeScenario(encodeScenario(scenario)).problems).toEqual([]);
      }),
    );
  });

  test.each([
    ['nodes=0', /1 to 20000/],
    [`nodes=${MAX_NODES + 1}`, /1 to 20000/],
    ['nodes=ten', /1 to 20000/],
    ['ownMemory=101', /At most 100 nodes/],
    ['guest=java', /c, rust or a module/],
    ['strategy=F', /no strategy "F"/],
    ['seed=-1', /whole number/],
    ['start=yesterday', /no date/],
    ['qos=2', /0 or 1/],
    ['p.energy.txMa=-5', /has to be/],
    ['p.nothing=1', /no parameter/],
    ['guests=esp32-1:java', /no node and guest/],
  ])('%s is named in a sentence and left out', (address, sentence) => {
    const { scenario, problems } = decodeScenario(address);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(sentence);
    expect(scenario).toEqual(defaultScenario);
  });
});
