import { render } from 'svelte/server';
import { describe, expect, it } from 'vitest';
import { slotModes } from '../../../sim/bridge-snapshot.ts';
import { Asking } from './asking.svelte.ts';
import { board, elsewhere, newBoard, newTwin, plainBoard, twin } from './mixed-fixture.ts';
import ConfigEvidence from './ConfigEvidence.svelte';
import RemoteCard from './RemoteCard.svelte';
import RemoteFacts from './RemoteFacts.svelte';
import SlotModeSwitch from './SlotModeSwitch.svelte';
import TwinTab from './TwinTab.svelte';

const nothing = () => undefined;
/** What a person reads: tags, and comments that hydration needs, left out. */
const read = (html: string) => html.replace(/<!--.*?-->/g, '').replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ').trim();
const card = (remote: typeof board) =>
  render(RemoteCard, { props: { remote, id: 'esp32-1', ping: nothing, identify: nothing, restart: nothing } }).body;
const tab = (detail: typeof twin) => render(TwinTab, { props: { twin: detail, id: 'esp32-1', align: nothing } }).body;

describe('nodes of others', () => {
  it('never show NaN, Infinity, null or undefined: a user would take them for results', () => {
    const remotes = [board, plainBoard, newBoard, elsewhere, { ...board, clock: null, silentS: NaN }];
    const texts = [
      ...remotes.flatMap((remote) => [card(remote), render(RemoteFacts, { props: { remote } }).body]),
      ...[twin, newTwin, { ...newTwin, comparisons: 1 }].map(tab),
    ].map(read);
    for (const text of texts) expect(text).not.toMatch(/NaN|Infinity|null|undefined/);
  });

  it('leave out what a node cannot measure: a zero would be believed', () => {
    expect(read(card(board))).toMatch(/Wi-Fi signal −61 dBm, good/);
    expect(read(card(elsewhere))).not.toMatch(/Wi-Fi signal|stack/);
    expect(read(card(plainBoard))).toMatch(/It sends no figures of itself/);
  });

  it('cannot be asked when they answer nothing, and say so to a screen reader too', () => {
    const buttons = card(plainBoard).match(/<button[^>]*>/g)!;
    expect(buttons).toHaveLength(3);
    for (const button of buttons) expect(button).toMatch(/aria-disabled="true" aria-describedby="([^"]+)-reason"/);
    expect(read(card(plainBoard))).toMatch(/cannot be pinged, identified or restarted from here/);
    expect(card(board)).not.toMatch(/aria-disabled="true"/);
  });
});

describe('an edge slot', () => {
  const can = { simulated: null, real: 'No board of this name was heard.', twin: 'No board of this name was heard.' };
  const html = render(SlotModeSwitch, { props: { mode: 'simulated', can, set: nothing } }).body;

  it('shows one mode as chosen and why the others cannot be', () => {
    const radios = html.match(/<button[^>]*>/g)!;
    expect(radios.map((radio) => /aria-checked="true"/.test(radio))).toEqual([true, false, false]);
    expect(radios.map((radio) => /aria-disabled="true"/.test(radio))).toEqual([false, true, true]);
    expect(radios.map((radio) => /tabindex="0"/.test(radio))).toEqual([true, false, false]);
    expect(read(html)).toMatch(/Real is not possible: No board of this name was heard/);
    expect(slotModes).toHaveLength(radios.length);
  });
});

it('evidence stays away from nodes that acknowledge: two verdicts could differ', () => {
  const told = (plain: boolean) => read(render(ConfigEvidence, { props: { evidence: 'agrees', pending: true, plain } }).body);
  expect(told(false)).toBe('');
  expect(told(true)).toMatch(/agree with what was sent, so dry, wet and threshold are in force/);
});

it('a twin without comparisons shows no figures and no button that would do nothing', () => {
  expect(read(tab(newTwin))).toMatch(/^Nothing compared yet/);
  expect(tab(newTwin)).not.toMatch(/<button|<table/);
  expect(read(tab(twin))).toMatch(/ADC counts −18\.0 −3\.4 12\.4 31\.0/);
});

describe('asking', () => {
  it('tells what came back, and why nothing did', async () => {
    const asking = new Asking();
    await asking.ask('Restart', async () => 'It restarts.');
    expect(asking.state).toEqual({ kind: 'answered', what: 'Restart', sentence: 'It restarts.' });
    await asking.ask('Restart', () => Promise.reject(new Error('No answer within 5 s.')));
    expect(asking.state).toEqual({ kind: 'failed', what: 'Restart', sentence: 'No answer within 5 s.' });
  });

  it('asks one thing at a time: an answer would be taken for that of another question', async () => {
    const asking = new Asking();
    let answer: (sentence: string) => void = nothing;
    const first = asking.ask('Identify', () => new Promise<string>((resolve) => (answer = resolve)));
    let asked = false;
    await asking.ask('Restart', () => void (asked = true));
    expect(asked).toBe(false);
    answer('It blinks.');
    await first;
    expect(asking.state).toEqual({ kind: 'answered', what: 'Identify', sentence: 'It blinks.' });
  });
});
