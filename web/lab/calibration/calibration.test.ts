/** What a user would lose: costs that are not the board's, applied to every simulated node of a study. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Parameters } from '../../sim/parameters.ts';
import { readBench, type BenchFigures } from './bench-figures.ts';
import { boundProblems, costsOf, modelUs, type Costs } from './edge-costs.ts';
import { fitCosts, fittedOverrides, type FitInput } from './fit-costs.ts';
import { decodeProfile, encodeProfile, PROFILE_FORMAT, type MeasuredProfile } from './measured-profile.ts';
import { predict, relativeError } from './predict.ts';
import type { WorkCounts } from './work-counts.ts';

const work: WorkCounts = { processInstructions: 27.5, stepInstructions: 1866, stepHostCalls: 21 };
const none: BenchFigures = { steps: null, usPerStep: null, instructionsPerStep: null, wasmCallUs: null, nativeCallUs: null, wasmHostCallUs: null, nativeHostCallUs: null };
const model = new Parameters();
const before = { wasm: costsOf(model, 'fast'), native: costsOf(model, 'native') };
const input = (benches: BenchFigures[], more: Partial<FitInput> = {}): FitInput => ({ benches, work, runtime: 'fast', nativeSteps: false, before, ...more });

/** What a board with these costs would answer, were the model true. */
function boardWith(wasm: Costs, native: Costs): BenchFigures {
  return {
    steps: 100,
    usPerStep: modelUs(wasm, work.stepInstructions!, work.stepHostCalls!),
    instructionsPerStep: work.stepInstructions,
    wasmCallUs: modelUs(wasm, work.processInstructions!, 1),
    nativeCallUs: modelUs(native, work.processInstructions!, 1),
    wasmHostCallUs: modelUs(wasm, 1, 1),
    nativeHostCallUs: modelUs(native, 1, 1),
  };
}

const costs = (most: number) =>
  fc.record({ nsPerInstruction: fc.double({ min: 0.5, max: most, noNaN: true }), nsPerHostCall: fc.double({ min: 10, max: most * 50, noNaN: true }) });

describe('solving for a board\'s costs', () => {
  it('finds the costs of a board that behaves as the model says, and then predicts its step', () => {
    fc.assert(
      fc.property(costs(2000), costs(100), (wasm, native) => {
        const figures = boardWith(wasm, native);
        const fit = fitCosts(input([figures]));
        if (!fit.ok) throw new Error(fit.reason);
        const [one, other] = fit.fits;
        expect(one).toMatchObject({ side: 'wasm', method: 'solved' });
        expect(one.nsPerInstruction.value).toBeCloseTo(wasm.nsPerInstruction, 5);
        expect(one.nsPerHostCall.value).toBeCloseTo(wasm.nsPerHostCall, 4);
        expect(other.nsPerInstruction.value).toBeCloseTo(native.nsPerInstruction, 5);
        expect(other.nsPerHostCall.value).toBeCloseTo(native.nsPerHostCall, 4);
        const rows = predict({ benches: [figures], work, nativeSteps: false, before, fits: fit.fits });
        const step = rows.find(({ quantity }) => quantity === 'usPerStep')!;
        expect(step.role).toBe('predicted');
        expect(relativeError(step.after, step.measured)).toBeCloseTo(0, 6);
        expect(rows.filter(({ role }) => role === 'fitted').map(({ quantity }) => quantity)).toEqual(['wasmCallUs', 'wasmHostCallUs', 'nativeCallUs', 'nativeHostCallUs']);
      }),
    );
  });

  it('says how far noise leaves the costs open, and covers the truth about as often as it claims', () => {
    const truth = { nsPerInstruction: 200, nsPerHostCall: 9000 };
    const seed = 6;
    let state = seed;
    const uniform = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
    const gaussian = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    let covered = 0;
    const rounds = 400;
    for (let round = 0; round < rounds; round++) {
      const benches = Array.from({ length: 5 }, () => {
        const figures = boardWith(truth, { nsPerInstruction: 3, nsPerHostCall: 100 });
        return { ...figures, wasmCallUs: figures.wasmCallUs! * (1 + 0.02 * gaussian()), wasmHostCallUs: figures.wasmHostCallUs! * (1 + 0.02 * gaussian()) };
      });
      const fit = fitCosts(input(benches));
      if (!fit.ok) throw new Error(fit.reason);
      const { interval, n } = fit.fits[0].nsPerInstruction;
      expect(n).toBe(5);
      if (interval!.low <= 200 && 200 <= interval!.high) covered++;
    }
    expect(covered / rounds, `seed ${seed}`).toBeGreaterThan(0.92);
    expect(covered / rounds, `seed ${seed}`).toBeLessThan(0.98);
  });

  it('gives a single bench no interval', () => {
    const fit = fitCosts(input([boardWith({ nsPerInstruction: 150, nsPerHostCall: 8000 }, { nsPerInstruction: 3, nsPerHostCall: 90 })]));
    expect(fit.ok && fit.fits[0].nsPerInstruction.interval).toBeNull();
  });

  it('scales both costs where only a step was measured, and says that nothing is left to check it with', () => {
    const half = { nsPerInstruction: before.wasm.nsPerInstruction / 2, nsPerHostCall: before.wasm.nsPerHostCall / 2 };
    const { usPerStep, instructionsPerStep, steps } = boardWith(half, half);
    const figures = { ...none, usPerStep, instructionsPerStep, steps };
    const fit = fitCosts(input([figures]));
    if (!fit.ok) throw new Error(fit.reason);
    expect(fit.fits).toHaveLength(1);
    expect(fit.fits[0]).toMatchObject({ method: 'scaled', from: ['usPerStep'] });
    expect(fit.fits[0].nsPerHostCall.value).toBeCloseTo(half.nsPerHostCall, 6);
    const rows = predict({ benches: [figures], work, nativeSteps: false, before, fits: fit.fits });
    expect(rows.map(({ role }) => role)).toEqual(['fitted', 'counted']);
  });

  it('takes the steps of a native board for the native costs alone', () => {
    const fit = fitCosts(input([{ ...none, steps: 9, usPerStep: 12 }], { nativeSteps: true }));
    expect(fit.ok && fit.fits.map(({ side }) => side)).toEqual(['native']);
  });
});

describe('figures that no board can have', () => {
  const refusal = (figures: Partial<BenchFigures>): string => {
    const fit = fitCosts(input([{ ...none, ...figures }]));
    if (fit.ok) throw new Error('It was taken.');
    return fit.reason;
  };

  it('refuses a call that is quicker than a host call, a host call that is quicker than an instruction, and no time at all', () => {
    expect(refusal({ wasmCallUs: 8, wasmHostCallUs: 12 })).toMatch(/nothing is left for the 28 instructions/);
    expect(refusal({ wasmCallUs: 500, wasmHostCallUs: 1 })).toMatch(/longer than a whole host call/);
    expect(refusal({ wasmCallUs: 0, wasmHostCallUs: 0 })).toMatch(/takes no time/);
    expect(refusal({ wasmHostCallUs: 8 })).toMatch(/Nothing can be solved for/);
  });

  it('solves for the one side where the other cannot be, and says why', () => {
    const fit = fitCosts(input([{ ...none, wasmCallUs: 1, wasmHostCallUs: 0.05, nativeCallUs: 0.008, nativeHostCallUs: 0.012 }]));
    if (!fit.ok) throw new Error(fit.reason);
    expect(fit.fits.map(({ side }) => side)).toEqual(['wasm']);
    expect(fit.problems).toEqual([expect.stringMatching(/^Native: .*cannot be told apart/)]);
    const rows = predict({ benches: [{ ...none, nativeCallUs: 0.008 }], work, nativeSteps: false, before, fits: fit.fits });
    expect(rows[0]).toMatchObject({ quantity: 'nativeCallUs', after: null, role: 'predicted' });
  });

  it('lets one bench that was disturbed make the interval wide, not the calibration fail', () => {
    const calm = boardWith({ nsPerInstruction: 150, nsPerHostCall: 500 }, { nsPerInstruction: 3, nsPerHostCall: 90 });
    const fit = fitCosts(input([calm, calm, calm, calm, { ...calm, wasmHostCallUs: 5 }]));
    if (!fit.ok) throw new Error(fit.reason);
    const { value, interval } = fit.fits[0].nsPerInstruction;
    expect(value).toBeLessThan(150);
    expect(interval!.high).toBeGreaterThan(150);
  });

  it('does not let costs beyond the models\' bounds pass for an ESP32\'s', () => {
    const fit = fitCosts(input([boardWith({ nsPerInstruction: 5000, nsPerHostCall: 9000 }, { nsPerInstruction: 3, nsPerHostCall: 90 })]));
    if (!fit.ok) throw new Error(fit.reason);
    expect(boundProblems(fittedOverrides(fit.fits, 'fast'))).toEqual([expect.stringMatching(/fast interpreter.*5000 was measured/)]);
  });
});

describe('reading a bench', () => {
  const wire = '{"cmd":"bench","ok":1,"time_us":5,"steps":40,"us_per_step":353.1,"instructions_per_step":1866,"wasm_call_us":12.5,"native_call_us":0.2,"wasm_host_call_us":8.1,"native_host_call_us":0.1}';

  it('reads what the firmware writes', () => {
    const read = readBench(wire);
    expect(read).toMatchObject({ ok: true, value: { steps: 40, usPerStep: 353.1, wasmHostCallUs: 8.1, nativeHostCallUs: 0.1 } });
  });

  it.each([
    ['', /not JSON: it is empty/],
    ['[1]', /must be a JSON object/],
    ['{"cmd":"bench","ok":0,"reason":"No step is complete yet; ask again later."}', /refused the bench: No step/],
    ['{"cmd":"ping","ok":1,"time_us":5}', /answer to "ping"/],
    ['{"cmd":"bench","ok":1}', /no figure of a bench/],
    ['{"wasm_call_us":-3}', /"wasm_call_us" must be a number from 0/],
    ['{"wasm_call_us":"12"}', /"wasm_call_us" must be a number/],
    ['{"wasm_call_us":1e12}', /"wasm_call_us" must be a number from 0 to 10000000/],
  ])('refuses %j with a sentence', (text, sentence) => {
    const read = readBench(text);
    expect(read.ok ? '' : read.reason).toMatch(sentence);
  });
});

describe('a profile\'s file', () => {
  const profile: MeasuredProfile = {
    format: PROFILE_FORMAT,
    id: 'b1 2026',
    board: 'b1',
    kind: 'real',
    firmware: '1.0',
    measuredAt: '2026-01-31T12:00:00.000Z',
    runtime: 'fast',
    nativeSteps: false,
    guest: { name: 'irrigation-c.wasm', sha256: 'ab'.repeat(32) },
    work,
    benches: [boardWith({ nsPerInstruction: 150, nsPerHostCall: 8000 }, { nsPerInstruction: 3, nsPerHostCall: 90 })],
    parameters: { 'cost.esp32.fast.nsPerInstruction': 150 },
  };

  it('comes back as it was saved', () => {
    expect(decodeProfile(encodeProfile(profile))).toEqual({ ok: true, value: profile });
  });

  it.each([
    ['nonsense', /not JSON/],
    ['{}', /"format" is missing/],
    [encodeProfile({ ...profile, benches: [] }), /"benches" must hold at least one/],
    [JSON.stringify({ ...profile, parameters: { 'cost.of.nothing': 1 } }), /no parameter "cost.of.nothing"/],
    [JSON.stringify({ ...profile, measuredAt: 'today' }), /must be a date/],
  ])('is refused with a sentence when it is another file', (text, sentence) => {
    const read = decodeProfile(text);
    expect(read.ok ? '' : read.reason).toMatch(sentence);
  });
});
