import { beforeAll, describe, expect, test } from 'vitest';
import type { Simulation } from '../../web/app/simulation.ts';
import { defaultScenario, type Scenario } from '../../web/sim/scenario.ts';
import { nodeStates, type Frame, type Strategy } from '../../web/sim/snapshot.ts';
import { assemble, foreignGuest, type HostileGuest } from '../guests/assemble.ts';
import { openSimulation } from './open-simulation.ts';

const MINUTE_US = 60e6;
const small: Scenario = { ...defaultScenario, nodes: 3 };

let simulation: Simulation;
beforeAll(async () => {
  simulation = await openSimulation();
});

const frame = (selected = 0, watched = 0): Promise<Frame> =>
  simulation.frame({ epoch: -1, roster: 0, selected, watched, seriesAfterS: -1, lastNotice: 0, wantDetail: true });

async function runFor(scenario: Scenario, timeUs = MINUTE_US): Promise<Frame> {
  expect((await simulation.load(scenario)).problems).toEqual([]);
  await simulation.advanceTo(timeUs);
  return frame();
}

const stateOf = (shown: Frame, index: number): string => nodeStates[shown.nodes.state[index]];

describe('pipeline', () => {
  test('readings reach the cloud and come back as series, else the first screen stays empty', async () => {
    const shown = await runFor(small);
    expect(shown.health).toMatchObject({ running: 5, faulted: 0 });
    const { series } = shown;
    expect(series.timeS.length).toBeGreaterThan(10);
    for (const column of ['raw', 'percent', 'fogEma', 'cloudEma', 'threshold', 'rain', 'pump'] as const) {
      expect(series[column].every(Number.isFinite), column).toBe(true);
    }
    expect(shown.health.latencyMedianMs).toBeGreaterThan(10);
  });

  test('a relaying tier computes nothing, else strategies A and B would be C in disguise', async () => {
    const filtered: Record<Strategy, [fog: boolean, cloud: boolean]> = {
      A: [false, false],
      B: [true, false],
      C: [true, true],
      D: [true, true],
      E: [true, true],
    };
    for (const [strategy, [fog, cloud]] of Object.entries(filtered) as [Strategy, [boolean, boolean]][]) {
      const { series, health } = await runFor({ ...small, strategy });
      expect(series.fogEma.some(Number.isFinite), `${strategy} fog`).toBe(fog);
      expect(series.cloudEma.some(Number.isFinite), `${strategy} cloud`).toBe(cloud);
      expect(health.latencyMedianMs, strategy).toBeGreaterThan(10);
    }
  });

  test('wasm and native tiers compute the same readings and results', async () => {
    const [c, e] = [await runFor({ ...small, strategy: 'C' }), await runFor({ ...small, strategy: 'E' })];
    // Native code is faster, so the readings are taken some microseconds earlier, but of the same noise and soil.
    expect(e.series.raw).toEqual(c.series.raw);
    expect(e.series.fogEma).toEqual(c.series.fogEma);
    expect(e.series.cloudEma).toEqual(c.series.cloudEma);
  });

  test('a live change of strategy takes effect without a reset', async () => {
    await runFor({ ...small, strategy: 'A' });
    await simulation.setStrategy('E');
    await simulation.advanceTo(2 * MINUTE_US);
    const shown = await frame();
    expect(shown.detail?.runtime).toBe('native');
    expect(shown.series.cloudEma.some(Number.isFinite)).toBe(true);
    expect(shown.timeUs).toBe(2 * MINUTE_US);
  });

  test('the pump waters the soil that the node measures', async () => {
    // Threshold below any reading: the pump runs all the time.
    await simulation.load(small);
    await simulation.configure(0, { dry: 2600, wet: 1100, threshold: 1200 });
    await simulation.advanceTo(60 * MINUTE_US);
    const { detail, series } = await frame();
    expect(detail?.outputs?.pump).toBe(true);
    expect(detail?.site?.irrigationMm).toBeGreaterThan(5);
    const { raw } = series;
    expect(raw[raw.length - 1]).toBeLessThan(raw[0] - 20);
  });
});

describe('reproducibility', () => {
  async function log(scenario: Scenario): Promise<{ digest: string; text: string }> {
    await runFor(scenario, 3 * MINUTE_US);
    return simulation.log();
  }

  test('one seed gives one event log, byte for byte; another seed another', async () => {
    const [first, second] = [await log(small), await log(small)];
    expect(second.text).toBe(first.text);
    expect(second.digest).toBe(first.digest);
    expect((await log({ ...small, seed: 2 })).digest).not.toBe(first.digest);
  });

  test('running in many small pieces gives the log of one run', async () => {
    const whole = await log(small);
    await simulation.load(small);
    for (let timeUs = 0; timeUs < 3 * MINUTE_US; timeUs += 777_777) await simulation.advanceTo(timeUs);
    await simulation.advanceTo(3 * MINUTE_US);
    expect((await simulation.log()).digest).toBe(whole.digest);
  });
});

describe('links', () => {
  const lossy = { 'link.wifi.lossProbability': 0.3, 'link.wan.lossProbability': 0.3 } as const;
  const published = (text: string): string[] => text.match(/^\d+\tesp32-\d\tpublish\tic\/esp32-\d\/data .*$/gm) ?? [];
  const received = (text: string): string[] => text.match(/^\d+\tfog\treceive\tic\/esp32-\d\/data$/gm) ?? [];

  test('QoS 1 brings every reading to the fog once over links that lose a third', async () => {
    // Enough tries that none is given up: 0.3^20 of all messages.
    const { health } = await runFor({ ...small, qos: 1, parameters: { ...lossy, 'link.maxRetries': 20 } }, 5 * MINUTE_US);
    // The last ones may still be on their way.
    await simulation.pause();
    const text = (await simulation.log()).text;
    expect(health.lost).toBeGreaterThan(50);
    expect(received(text).length).toBeGreaterThan(250);
    expect(published(text).length - received(text).length).toBeLessThanOrEqual(6);
    expect(published(text).length - received(text).length).toBeGreaterThanOrEqual(0);
  });

  test('given-up messages do not stall the cloud, else half an hour of bad network ends its analysis', async () => {
    await runFor({ ...small, qos: 1, parameters: { 'link.wan.lossProbability': 0.4 } }, 30 * MINUTE_US);
    const before = (await frame(4)).detail?.traffic.messagesIn ?? 0;
    await simulation.advanceTo(35 * MINUTE_US);
    const after = (await frame(4)).detail?.traffic.messagesIn ?? 0;
    expect(after - before).toBeGreaterThan(200);
  }, 120_000);

  test('QoS 0 loses what the link loses', async () => {
    await runFor({ ...small, qos: 0, parameters: lossy }, 5 * MINUTE_US);
    const text = (await simulation.log()).text;
    const share = received(text).length / published(text).length;
    expect(share).toBeGreaterThan(0.6);
    expect(share).toBeLessThan(0.8);
  });
});

describe('control', () => {
  test('a calibration is in force at the next get_config without a restart, and acknowledged', async () => {
    await runFor(small);
    await simulation.configure(0, { dry: 2700, wet: 1000, threshold: 1500 });
    await simulation.advanceTo(MINUTE_US + 10e6);
    const { detail } = await frame();
    expect(detail?.config).toMatchObject({ dry: 2700, wet: 1000, threshold: 1500, pending: false });
    expect(detail?.config?.lastAck).toMatch(/accepted/i);
    expect(detail?.outputs?.pump).toBe(true);
    // One boot, one start, and the samples are counted on.
    const { text } = await simulation.log();
    expect(text.match(/\tesp32-1\tstate\t.*/g)).toEqual(['\tesp32-1\tstate\tbooting', '\tesp32-1\tstate\trunning']);
    expect(detail?.messages.at(-1)?.payload).toMatch(/"seq":(19|2\d)\b/);
  });

  test('a calibration that breaks the rule is refused with the rule, and the old one stays', async () => {
    await runFor(small);
    await simulation.configure(0, { dry: 1000, wet: 2000, threshold: 1500 });
    await simulation.advanceTo(MINUTE_US + 10e6);
    const { detail } = await frame();
    expect(detail?.config).toMatchObject({ dry: 2600, wet: 1100, threshold: 1700 });
    expect(detail?.config?.lastAck).toMatch(/refused.*below the dry value/i);
  });

  test.each([
    ['spike', 1],
    ['stuck', 2],
  ] as const)('an injected %s is seen by the fog', async (fault, code) => {
    await runFor(small);
    await simulation.inject(1, fault);
    await simulation.advanceTo(5 * MINUTE_US);
    const text = (await simulation.log()).text;
    const seen = text.split('\n').filter((line) => line.includes('esp32-2') && line.includes(`"anomaly":${code}`));
    expect(seen.length).toBeGreaterThan(0);
  });

  test('a drop-out stops the data and the pump, and heals', async () => {
    await runFor(small);
    await simulation.inject(0, 'dropout');
    await simulation.advanceTo(2 * MINUTE_US);
    let { detail } = await frame();
    expect(detail?.sensor?.rawAdc).toBe(-1);
    expect(detail?.outputs?.pump).toBe(false);
    await simulation.inject(0, null);
    await simulation.advanceTo(3 * MINUTE_US);
    ({ detail } = await frame());
    expect(detail?.sensor?.rawAdc).toBeGreaterThan(0);
  });

  test('a node without power falls silent, is announced by its last will, and comes back', async () => {
    await runFor(small);
    await simulation.power(0, false);
    await simulation.advanceTo(6 * MINUTE_US);
    const shown = await frame();
    expect(stateOf(shown, 0)).toBe('off');
    expect(stateOf(shown, 1)).toBe('running');
    expect(shown.notices.at(-1)?.text).toMatch(/lost esp32-1: its last will/);
    await simulation.power(0, true);
    await simulation.advanceTo(7 * MINUTE_US);
    expect(stateOf(await frame(), 0)).toBe('running');
  });
});

describe('what a stopped guest leaves behind', () => {
  test('a board that loses its power between two events pumps no more', async () => {
    await simulation.load(small);
    await simulation.configure(0, { dry: 2600, wet: 1100, threshold: 1200 });
    for (let step = 0; step < 200; step += 1) {
      await simulation.stepEvent();
      const { text } = await simulation.log();
      if (/esp32-1\tsense/.test(text)) break;
    }
    // The guest has asked for the pump; the relay would close some microseconds later.
    await simulation.power(0, false);
    await simulation.advanceTo(10 * MINUTE_US);
    const shown = await frame();
    expect(stateOf(shown, 0)).toBe('off');
    expect(shown.detail?.outputs?.pump).toBe(false);
    expect(shown.detail?.site?.irrigationMm).toBe(0);
  });

  test('wasm and native are told apart in cost on fog and cloud, else the comparison is void', async () => {
    const cost = async (strategy: Strategy): Promise<number> => {
      await runFor({ ...small, strategy });
      return (await frame(3)).detail?.cpuUsPerStep ?? NaN;
    };
    const [wasm, native] = [await cost('C'), await cost('D')];
    expect(native).toBeGreaterThan(0);
    expect(wasm).toBeGreaterThan(1.2 * native);
  });

  test('the same module under another file name gives the same log', async () => {
    const bytes = await foreignGuest();
    const digests: string[] = [];
    for (const name of ['a.wasm', 'quite-another-name.wasm']) {
      const fresh = await openSimulation();
      const added = await fresh.addGuest(name, bytes);
      if (!added.ok) throw new Error(added.reason);
      await fresh.load({ ...small, guest: added.id });
      await fresh.advanceTo(MINUTE_US);
      digests.push((await fresh.log()).digest);
    }
    expect(digests[1]).toBe(digests[0]);
  });
});

describe('guests of others', () => {
  async function runOnFirst(name: string, bytes: Uint8Array): Promise<Frame> {
    await runFor(small);
    const added = await simulation.addGuest(name, bytes);
    if (!added.ok) throw new Error(added.reason);
    expect(await simulation.setGuest(0, added.id)).toBeNull();
    await simulation.advanceTo(2 * MINUTE_US);
    return frame();
  }

  test('a module built with --export-all, two pages and an endless loop runs unmodified', async () => {
    const shown = await runOnFirst('foreign.wasm', await foreignGuest());
    expect(stateOf(shown, 0)).toBe('running');
    expect(shown.detail?.messages.at(-1)?.payload).toMatch(/umidade/);
    expect(shown.detail?.memory?.declaredBytes).toBe(2 * 65_536);
    expect(shown.nodes.raw[0]).toBeGreaterThan(0);
  });

  const faults: [HostileGuest, RegExp][] = [
    ['endless-loop', /instructions without a pause/],
    ['out-of-bounds', /outside its own memory/],
    ['trap', /unreachable/],
    ['bad-pointer', /outside the guest's memory/],
    ['unterminated-string', /no closing NUL/],
    ['deep-recursion', /nested too deeply|instructions without a pause|stack/i],
  ];
  test.each(faults)('%s faults its own node alone and says why', async (name, reason) => {
    const shown = await runOnFirst(`${name}.wasm`, await assemble(name));
    expect(shown.notices.at(-1)?.text).toMatch(reason);
    expect(shown.detail?.restarts).toBeGreaterThan(0);
    expect(shown.detail?.outputs?.pump).toBe(false);
    expect([stateOf(shown, 1), stateOf(shown, 2), stateOf(shown, 3)]).toEqual(['running', 'running', 'running']);
    // The others have lost nothing: a reading every 3.2 seconds, two messages and their pause.
    const data = ((await simulation.log()).text).split('\n').filter((line) => line.includes('\tpublish\tic/esp32-2/data'));
    expect(data.length).toBeGreaterThan(33);
  });

  const refusals: [HostileGuest, RegExp][] = [
    ['foreign-topic', /may publish under ic\/esp32-1\/ only/],
    ['foreign-processed', /the host speaks, not the guest/],
    ['forbidden-pin', /pin 5 is not one/],
    ['flood', /more than 32 messages without a pause/],
  ];
  test.each(refusals)('%s is refused, logged, and harms nobody', async (name, said) => {
    const shown = await runOnFirst(`${name}.wasm`, await assemble(name));
    expect(shown.detail?.console.some(({ text }) => said.test(text))).toBe(true);
    expect(stateOf(shown, 1)).toBe('running');
  });

  test.each([
    ['unknown import', async () => assemble('unknown-import'), /launch_missiles/],
    ['truncated file', async () => (await foreignGuest()).slice(0, 700), /truncated|ends|cut/i],
    ['text file', async () => new TextEncoder().encode('hello, this is no module'), /text file/],
    ['empty file', async () => new Uint8Array(), /empty/],
  ])('an %s is refused with a sentence before it runs', async (_what, bytes, reason) => {
    const answer = await simulation.addGuest('bad.wasm', await bytes());
    expect(answer.ok).toBe(false);
    if (!answer.ok) expect(answer.reason).toMatch(reason);
  });
});
