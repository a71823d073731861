import { expect, test } from 'vitest';
import { defaultScenario } from '../../web/sim/scenario.ts';
import { openSimulation } from './open-simulation.ts';

test('the pipeline carries readings from the guest to the cloud, else the first screen stays empty', async () => {
  const simulation = await openSimulation();
  await simulation.load({ ...defaultScenario, nodes: 3 });
  await simulation.advanceTo(60e6);
  const text = await simulation.logText();
  console.log(text.slice(0, 6000));
  const frame = await simulation.frame({ epoch: -1, selected: 0, watched: 0, seriesAfterS: -1, lastNotice: 0, wantDetail: true });
  console.log(JSON.stringify(frame.health), frame.detail?.latency, frame.detail?.energy, frame.detail?.instructionsPerStep, frame.detail?.cpuUsPerStep);
  expect(frame.health.messages).toBeGreaterThan(20);
});
