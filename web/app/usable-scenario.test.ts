/** What of a scenario gives way when guests that cannot share a memory are too many. */
import { beforeAll, expect, test } from 'vitest';
import { assemble, simdGuest } from '../../tests/guests/assemble.ts';
import { builtBytes } from '../../tests/guests/built.ts';
import { loadGuest } from '../guest/loaded-guest.ts';
import type { DailyWeather } from '../sim/models/daily-weather.ts';
import { defaultScenario, type Scenario } from '../sim/scenario.ts';
import { guestLimits } from './guest-limits.ts';
import { GuestLibrary } from './guest-library.ts';
import { usableScenario } from './usable-scenario.ts';

const weather = [{ date: defaultScenario.start }] as DailyWeather[];
const library = new GuestLibrary(() => Promise.resolve(null), { admit: () => Promise.resolve(null) });
const ids = { simd: '', tailCall: '' };

async function added(name: string, bytes: Uint8Array): Promise<string> {
  const answer = await library.add(name, bytes);
  if (!answer.ok) throw new Error(answer.reason);
  return answer.id;
}

beforeAll(async () => {
  for (const id of ['c', 'rust'] as const) {
    const loaded = await loadGuest(id, builtBytes(`irrigation-${id}`), guestLimits);
    if (loaded.ok) library.addBuiltIn(id, loaded.guest);
  }
  ids.simd = await added('simd.wasm', await simdGuest());
  ids.tailCall = await added('tail.wasm', await assemble('tail-call'));
});

async function usable(asked: Partial<Scenario>): Promise<{ scenario: Scenario; problems: string[] }> {
  const problems: string[] = [];
  const scenario = await usableScenario({ ...defaultScenario, ...asked }, library, Infinity, weather, problems);
  return { scenario, problems };
}

const each = (count: number, id: string) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`esp32-${index + 1}`, id]));

test('up to 32 edge nodes run such a guest, with metered ones beside them', async () => {
  const fleet = await usable({ nodes: 32, guest: ids.tailCall });
  expect(fleet).toMatchObject({ problems: [], scenario: { guest: ids.tailCall } });
  const some = await usable({ nodes: 500, guests: each(32, ids.tailCall) });
  expect(some).toMatchObject({ problems: [], scenario: { guests: each(32, ids.tailCall) } });
});

test('a fleet that asks for more runs the C guest, and is told which feature and how many', async () => {
  const { scenario, problems } = await usable({ nodes: 40, guest: ids.tailCall });
  expect(scenario).toMatchObject({ nodes: 40, guest: 'c' });
  expect(problems).toEqual([
    expect.stringMatching(
      /^tail\.wasm uses tail calls \(at byte 0x[0-9a-f]+\), so it cannot share a memory with others: at most 32 edge nodes can run it; 40 were asked for\. The C guest runs instead\.$/,
    ),
  ]);
});

test('of single nodes that ask for more none runs it, and those with metered guests keep theirs', async () => {
  const { scenario, problems } = await usable({ nodes: 40, guests: { ...each(33, ids.tailCall), 'esp32-40': 'rust' } });
  expect(scenario.guests).toEqual({ 'esp32-40': 'rust' });
  expect(problems).toEqual([expect.stringMatching(/33 were asked for\. The nodes that were given it run what all run\.$/)]);
});

test('streams count by their memories: one for each edge node on the fog, two on the cloud', async () => {
  expect((await usable({ nodes: 25, guest: ids.simd })).problems).toEqual([]);
  const { scenario, problems } = await usable({ nodes: 60, guests: { cloud: ids.simd } });
  expect(scenario.guests).toEqual({});
  expect(problems).toEqual([expect.stringMatching(/^simd\.wasm uses SIMD.*has room for 100: 120 were asked for, 0 by edge nodes, 0 by .* fog, 120 by .* cloud/)]);
  // Without what the fog and the cloud call, the C guest runs there.
  expect((await usable({ nodes: 32, guest: ids.tailCall })).problems).toEqual([]);
});

test('where no memory can be shared with a thread, the module is refused with the reason and what it uses', async () => {
  const apart = new GuestLibrary(() => Promise.resolve(null), { admit: () => Promise.resolve('It needs a thread.') });
  expect(await apart.add('simd.wasm', await simdGuest())).toEqual({ ok: false, reason: expect.stringMatching(/^simd\.wasm uses SIMD.* It needs a thread\.$/) });
});
