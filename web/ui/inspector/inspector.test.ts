import { render } from 'svelte/server';
import { describe, expect, it } from 'vitest';
import type { NodeDetail } from '../../sim/snapshot.ts';
import CalibrationForm from './CalibrationForm.svelte';
import { CalibrationDraft } from './calibration-draft.svelte.ts';
import { cloudDetail, edgeDetail, fleetInfo, fogDetail, freshDetail } from './detail-fixture.ts';
import EnergyUse from './EnergyUse.svelte';
import Inspector from './Inspector.svelte';
import { tabsFor } from './inspector-tabs.ts';
import { keptSince } from './kept-words.ts';
import LatencyTable from './LatencyTable.svelte';
import MessagesTab from './MessagesTab.svelte';
import { NodeView } from './node-view.svelte.ts';
import SiteTab from './SiteTab.svelte';
import TrafficTable from './TrafficTable.svelte';
import TwinsTab from './TwinsTab.svelte';

const nothing = () => undefined;
const actions = {
  calibrate: nothing,
  inject: nothing,
  restart: nothing,
  power: nothing,
  replaceGuest: async () => undefined,
  useBuiltinGuest: nothing,
  setMode: nothing,
  command: nothing,
  alignTwin: nothing,
  exportConsole: nothing,
};
/** What a person reads: tags, and comments that hydration needs, left out. */
const read = (html: string) => html.replace(/<!--.*?-->/g, '').replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const inspect = (detail: NodeDetail | null, info = fleetInfo) =>
  read(render(Inspector, { props: { detail, info, actions } }).body);

describe('Inspector', () => {
  it('never shows NaN, Infinity, null or undefined: a user would take them for results', () => {
    const site = { ...edgeDetail.site!, waterContent: NaN, temperatureC: NaN, rainMmPerHour: NaN, rainMm: NaN };
    const texts = [
      ...[edgeDetail, fogDetail, cloudDetail, freshDetail].map((detail) => inspect(detail)),
      read(render(SiteTab, { props: { site, sensor: freshDetail.sensor, inject: nothing } }).body),
      read(render(TwinsTab, { props: { twins: cloudDetail.twins!, info: fleetInfo } }).body),
      ...[edgeDetail, freshDetail].flatMap(({ energy, latency, traffic }) => [
        read(render(EnergyUse, { props: { energy: energy!, counted: true } }).body),
        read(render(LatencyTable, { props: { latency, keptSince: null } }).body),
        read(render(TrafficTable, { props: { traffic } }).body),
      ]),
    ];
    for (const text of texts) expect(text).not.toMatch(/NaN|Infinity|null|undefined/);
  });

  it('says "not measured yet" before the first step', () => {
    const text = inspect(freshDetail);
    expect(text).toMatch(/CPU per step not measured yet/);
    expect(text).toMatch(/Energy not measured yet/);
    expect(text).toMatch(/Latency not measured yet/);
  });

  it('says that nothing was counted where nothing can be: a figure that never comes looks like a fault', () => {
    const text = inspect({ ...edgeDetail, guest: { ...edgeDetail.guest!, metered: false }, instructionsPerStep: 0, cpuUsPerStep: 0 });
    expect(text).toMatch(/Instructions per step not counted CPU per step not counted/);
    expect(inspect(edgeDetail)).not.toMatch(/not counted/);
    const energy = (counted: boolean) => read(render(EnergyUse, { props: { energy: edgeDetail.energy!, counted } }).body);
    expect(energy(false)).toMatch(/Without what the guest computes/);
    expect(energy(true)).not.toMatch(/Without what/);
  });

  it('says since when the past of a node in a very large fleet is kept, and of an edge node alone', () => {
    const large = Array.from({ length: 1001 }, () => fleetInfo[0]!);
    const latency = (keptSince: string | null) => read(render(LatencyTable, { props: { latency: [], keptSince } }).body);
    expect(latency(keptSince('latencies are', large))).toMatch(/In a fleet of more than 1,000 nodes a node's latencies are kept/);
    expect(latency(null)).toMatch(/not measured yet/);
    const messages = (keptSince: string | null) =>
      read(render(MessagesTab, { props: { messages: [], topic: '', keptSince } }).body);
    expect(messages('Kept from now.')).toMatch(/0 messages.*Kept from now\./);
    expect(messages(null)).toMatch(/No message has come or gone yet/);
  });

  it('says in words what lamps and colours show', () => {
    const text = inspect(edgeDetail);
    expect(text).toMatch(/Red on Green off Blue on Pump watering/);
    expect(inspect(fogDetail)).toMatch(/Restarting.*used up its 5,000,000 instructions/);
  });

  it('tells what to do while nothing is selected', () => {
    expect(inspect(null)).toMatch(/Select a node/);
  });

  it('offers only the tabs that have something to show', () => {
    const ids = (detail: NodeDetail) => tabsFor(detail).map((tab) => tab.id);
    expect(ids(edgeDetail)).toEqual(['overview', 'site', 'calibration', 'console', 'messages', 'guest']);
    expect(ids(cloudDetail)).toEqual(['overview', 'twins', 'console', 'messages', 'guest']);
  });
});

describe('CalibrationDraft', () => {
  const config = edgeDetail.config!;
  const form = (draft: CalibrationDraft, inForce = config) =>
    read(render(CalibrationForm, { props: { config: inForce, rawAdc: 1830, draft, send: nothing } }).body);

  it('keeps what was typed when the node reports meanwhile: typing would be undone ten times a second', () => {
    const draft = new CalibrationDraft();
    draft.type('dry', '2500');
    const later = { ...config, dry: 2700, wet: 1000 };
    expect(draft.texts(later)).toMatchObject({ dry: '2500', wet: '1000' });
    expect(draft.changed(later)).toBe(true);
    draft.discard();
    expect(draft.texts(later).dry).toBe('2700');
    expect(draft.changed(later)).toBe(false);
  });

  it('waits from sending to the answer and then shows the answer', () => {
    const draft = new CalibrationDraft();
    draft.type('threshold', '1600');
    expect(draft.send(config)).toMatchObject({ threshold: 1600 });
    expect(form(draft)).toMatch(/Waiting for the node/);
    const waiting = { ...config, pending: true };
    expect(form(draft, waiting)).toMatch(/Waiting for the node/);
    const answered = { ...config, threshold: 1600, lastAck: 'Accepted.' };
    expect(form(draft, answered)).toMatch(/The node answered: Accepted\./);
    expect(draft.changed(answered)).toBe(false);
  });

  it('sends nothing that breaks the rule, and says why', () => {
    const draft = new CalibrationDraft();
    draft.type('wet', '2700');
    expect(draft.send(config)).toBeNull();
    expect(form(draft)).toMatch(/Wet \(2700\) must be below dry \(2600\)/);
  });
});

it('keeps the streams of a node that is looked at, each record once', () => {
  const view = new NodeView();
  view.take(edgeDetail);
  view.take(edgeDetail);
  expect(view.console).toHaveLength(3);
  expect(view.messages.map(({ item }) => item.topic)).toContain('ic/edge-1/data');
});
