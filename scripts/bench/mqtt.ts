/**
 * How many messages a second the page takes in from a real broker, beside a bare mqtt.js client in the same browser:
 * decoded, filtered by fog and cloud, stored and charted.
 */
import type { Page } from '@playwright/test';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { joinBroker } from '../../tests/browser/support/broker.ts';
import { startMosquitto, type RunningMosquitto } from '../setup/mosquitto.mjs';
import type { ServedPage } from '../setup/served-page.ts';
import { quantile, round } from './statistics.ts';

const BOARDS = 100;
const ROUNDS = 2;
const WARM_UP_MS = 3000;
const MEASURE_MS = 6000;
/** Messages on the way at any time: enough to keep every part busy, too few for the broker to drop any. */
const ON_THE_WAY = 4000;
const ASK_EVERY_MS = 20;

declare global {
  interface Window {
    mqtt: typeof import('mqtt').default;
    bareReceived: number;
  }
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

interface Flow {
  perSecond: number;
  received: number;
}

/** Floods the broker as fast as the receiver takes it in, and measures that after a while of warming up. */
async function flood(broker: RunningMosquitto, received: () => Promise<number>, meanwhile: () => Promise<void> = async () => undefined): Promise<Flow> {
  const before = await received();
  const publisher = fork(path('./flood.mjs'), [broker.mqttUrl, String(BOARDS)]);
  await new Promise<void>((resolve, reject) => {
    publisher.once('message', () => resolve());
    publisher.once('exit', (code) => reject(new Error(`The publisher ended at once, with exit code ${code}.`)));
  });
  let running = true;
  const feeding = (async () => {
    while (running) {
      publisher.send((await received()) - before + ON_THE_WAY);
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
  })();
  await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
  const [from, startMs] = [await received(), performance.now()];
  await Promise.all([meanwhile(), new Promise((resolve) => setTimeout(resolve, MEASURE_MS))]);
  const [to, endMs] = [await received(), performance.now()];
  running = false;
  await feeding;
  publisher.kill();
  return { perSecond: ((to - from) * 1000) / (endMs - startMs), received: to - before };
}

async function bare(served: ServedPage, broker: RunningMosquitto): Promise<Flow> {
  const page = await served.browser.newPage();
  // A text of the same origin: the client has the tab to itself, and the browser lets it open what the page may open.
  await page.goto(`${served.url}sw.js`);
  await page.addScriptTag({ path: path('../../node_modules/mqtt/dist/mqtt.min.js') });
  await page.evaluate(async (url) => {
    window.bareReceived = 0;
    const client = await window.mqtt.connectAsync(url, { protocolVersion: 5 });
    client.on('message', () => (window.bareReceived += 1));
    await client.subscribeAsync('ic/#', { qos: 1 });
  }, broker.url);
  const flow = await flood(broker, () => page.evaluate(() => window.bareReceived));
  await page.close();
  return flow;
}

interface Joined extends Flow {
  frameMs: number[];
  /** Of the boards' raw readings. */
  stored: number;
}

/** @param qos of what fog and cloud make of the readings, which goes to the broker, too */
async function joined(served: ServedPage, broker: RunningMosquitto, qos: 0 | 1): Promise<Joined> {
  const page = await served.browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${served.url}#nodes=1&qos=${qos}`);
  await joinBroker(page, broker.url);
  await page.addScriptTag({ path: path('./sample-frames.js') });
  let frameMs: number[] = [];
  const received = (): Promise<number> => page.evaluate(() => window.continuumLab.latestFrame()?.bridge?.received ?? 0);
  const flow = await flood(broker, received, async () => {
    ({ frameMs } = await page.evaluate((ms) => window.sampleFrames(ms), MEASURE_MS));
  });
  const result = { ...flow, frameMs, stored: await stored(page) };
  await page.close();
  return result;
}

/** Samples that history has of the boards' raw readings. */
const stored = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const { history } = await window.continuumLab.openHistory();
    await history.flush();
    const series = await history.series();
    return series.filter(({ node, quantity }) => node.startsWith('board-') && quantity === 'raw').reduce((sum, { samples }) => sum + samples, 0);
  });

export async function benchMqtt(served: ServedPage) {
  const broker = await startMosquitto();
  try {
    const [raw, app]: [Flow[], Joined[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      // Alternating, since the speed of a machine wanders, and never both at once.
      raw.push(await bare(served, broker));
      app.push(await joined(served, broker, 0));
    }
    // The boards send at QoS 0; where the page's own results go out at QoS 1, each is kept until it is acknowledged.
    const acknowledged = await joined(served, broker, 1);
    const median = (flows: Flow[]): number => quantile(flows.map(({ perSecond }) => perSecond), 0.5);
    return {
      rawMsgsPerSec: Math.round(median(raw)),
      appMsgsPerSec: Math.round(median(app)),
      ratio: round(median(app) / median(raw), 2),
      frameP95Ms: round(Math.max(...app.map(({ frameMs }) => quantile(frameMs, 0.95)))),
      boards: BOARDS,
      /** Messages the page took in while it was measured and before, and raw samples it had stored then. */
      received: app.reduce((sum, flow) => sum + flow.received, 0),
      storedRawSamples: app.reduce((sum, flow) => sum + flow.stored, 0),
      atQos1: { appMsgsPerSec: Math.round(acknowledged.perSecond), frameP95Ms: round(quantile(acknowledged.frameMs, 0.95)) },
      rounds: { raw: raw.map(({ perSecond }) => Math.round(perSecond)), app: app.map(({ perSecond }) => Math.round(perSecond)) },
    };
  } finally {
    await broker.stop();
  }
}
