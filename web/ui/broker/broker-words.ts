/** The connection to the user's broker in words. Times are milliseconds since 1970. */
import type { BrokerProfile } from '../../mqtt/link/profile.ts';
import type { LinkReport, LinkState, TestResult } from '../../mqtt/link/report.ts';
import type { BridgeSnapshot } from '../../sim/bridge-snapshot.ts';
import { formatBytes, formatCount, formatDuration, formatPlural } from '../parts/format.ts';
import { hostOf } from './host-of.ts';
import { visibleText } from './visible-text.ts';

/** What a figure or an icon beside the words may tell by its colour as well. */
export type StateTone = 'plain' | 'good' | 'warn' | 'bad';

/** What the user calls the broker: the profile's name, or else the host. */
export function brokerName(profile: Pick<BrokerProfile, 'name' | 'url'> | null): string {
  if (!profile) return 'the broker';
  const name = profile.name.trim();
  if (name !== '') return visibleText(name, 60);
  return hostOf(profile.url) || 'the broker';
}

/** A span in whole units: a countdown with tenths would not stand still to be read. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  return seconds < 60 ? `${Math.floor(seconds)} s` : formatDuration(seconds);
}

/** Time until something, rounded up, so that it never says 0 s while there is some left. */
export function formatCountdown(ms: number): string {
  return formatSpan(Math.ceil(Math.max(0, ms) / 1000) * 1000);
}

/** A clock of the wall, `14:03:59`, in the time zone of this machine. */
export function formatWallClock(atMs: number): string {
  return new Date(atMs).toLocaleTimeString('en-GB');
}

export function stateTone(state: LinkState): StateTone {
  const tones = { left: 'plain', joining: 'warn', joined: 'good', waiting: 'warn', refused: 'bad' } as const;
  return tones[state.kind];
}

/** Messages that a joined page may have on the way at any time; more of them are what an outage has left. */
const ALWAYS_ON_THE_WAY = 200;

/** The state at a glance, with figures that change all the time. */
export function chipWords(report: LinkReport, nowMs: number): string {
  const { state, outbox } = report;
  const name = brokerName(report.profile);
  const waiting = outbox.messages > 0 ? `, ${formatCount(outbox.messages)} waiting` : '';
  switch (state.kind) {
    case 'left':
      return 'Broker: not joined';
    case 'joining':
      return `Joining ${name}${waiting}`;
    case 'joined':
      return outbox.messages > ALWAYS_ON_THE_WAY ? `Joined ${name}${waiting}` : `Joined ${name}`;
    case 'waiting':
      return nowMs < state.retryAtMs
        ? `Reconnecting in ${formatCountdown(state.retryAtMs - nowMs)}${waiting}`
        : `Reconnecting now${waiting}`;
    case 'refused':
      return `Refused by ${name}`;
  }
}

/**
 * What is said aloud when the state has changed. It holds no figures and no attempts, so it changes with the state
 * alone and nobody is told of every message.
 */
export function announcement(report: LinkReport): string {
  const name = brokerName(report.profile);
  switch (report.state.kind) {
    case 'left':
      return 'No broker is joined.';
    case 'joining':
    case 'waiting':
      return report.state.kind === 'joining' && report.state.attempt <= 1
        ? `Joining ${name}.`
        : `No connection to ${name}. It is tried again.`;
    case 'joined':
      return `Joined ${name}.`;
    case 'refused':
      return `Refused by ${name}. ${report.state.problem.sentence}`;
  }
}

/** The heading of the joined face. */
export function stateSentence(report: LinkReport, nowMs: number): string {
  const { state } = report;
  const name = brokerName(report.profile);
  switch (state.kind) {
    case 'left':
      return 'Not joined to a broker.';
    case 'joining':
      return state.attempt > 1 ? `Trying to reach ${name} again, try ${state.attempt}.` : `Joining ${name}.`;
    case 'joined':
      return `Joined ${name} for ${formatSpan(nowMs - state.sinceMs)}.`;
    case 'waiting':
      return `No connection to ${name}.`;
    case 'refused':
      return `The connection to ${name} was refused.`;
  }
}

/** What an outage means while it lasts; `sinceMs` is when the broker was last there, or was first sought. */
export function outageSentence(report: LinkReport, sinceMs: number, nowMs: number): string {
  const { state, outbox } = report;
  const parts = [`The broker has not answered for ${formatSpan(nowMs - sinceMs)}`];
  if (outbox.messages > 0) {
    const wait = outbox.messages === 1 ? 'waits' : 'wait';
    parts.push(`${formatPlural(outbox.messages, 'message')} ${wait} and will be sent in order`);
  }
  parts.push('simulated nodes go on');
  if (state.kind === 'waiting') {
    parts.push(nowMs < state.retryAtMs ? `next try in ${formatCountdown(state.retryAtMs - nowMs)}` : 'trying now');
  } else parts.push('trying now');
  return `${parts.join('; ')}.`;
}

/** What waits in the outbox, since when, and whether it outlives the tab. */
export function outboxSentences(outbox: LinkReport['outbox'], nowMs: number): string[] {
  const sentences: string[] = [];
  if (outbox.messages === 0) sentences.push('Nothing waits: the broker has acknowledged all.');
  else {
    const age = outbox.oldestMs === null ? '' : `, the oldest for ${formatSpan(nowMs - outbox.oldestMs)}`;
    const wait = outbox.messages === 1 ? 'waits' : 'wait';
    sentences.push(`${formatPlural(outbox.messages, 'message')} (${formatBytes(outbox.bytes)}) ${wait}${age}.`);
  }
  if (outbox.stored) sentences.push('What waits is kept in this browser and outlives the tab.');
  else {
    const reason = outbox.storeProblem ? ` ${outbox.storeProblem}` : '';
    sentences.push(`What waits is lost when this tab is closed: this browser does not store it.${reason}`);
  }
  if (outbox.dropped > 0) {
    const were = outbox.dropped === 1 ? 'was' : 'were';
    sentences.push(`${formatPlural(outbox.dropped, 'message')} ${were} given up because the outbox was full.`);
  }
  return sentences;
}

/** Who runs a node of this page in its place. */
export function cededSentence({ node, owner }: BridgeSnapshot['ceded'][number]): string {
  const by = owner === null ? 'a board' : `another page (${visibleText(owner, 40)})`;
  return `${visibleText(node, 40)} is run by ${by}: shown here, not run.`;
}

/** What the page and the others on the broker make up together. */
export function nodesSentence(bridge: BridgeSnapshot): string {
  const parts = [
    `This page runs ${formatPlural(bridge.owned, 'node')} on the broker`,
    `it shows ${formatCount(bridge.remote)} of others`,
  ];
  if (bridge.turnedAway > 0) parts.push(`${formatCount(bridge.turnedAway)} more were found than a page shows`);
  return `${parts.join('; ')}.`;
}

/** Nodes of this page whose last will the broker holds, each over a connection of its own. */
export function heldSentence(held: number): string {
  if (held === 0) return 'No node of this page has a connection of its own with a last will.';
  const have = held === 1 ? 'has a connection of its own with a last will' : 'have connections of their own with last wills';
  return `${formatPlural(held, 'node')} of this page ${have}: the broker tells all when one goes.`;
}

export function rttWords(rtt: LinkReport['rtt']): string {
  return rtt ? `median ${rtt.medianMs.toFixed(1)} ms, p95 ${rtt.p95Ms.toFixed(1)} ms` : 'not measured yet';
}

/** The outcome of a test. */
export function testSentence(result: TestResult): string {
  if (!result.ok) return `The test failed: ${visibleText(result.problem.sentence, 400)}`;
  return `The broker works: ${mqttWords(result.mqtt)}, there and back in ${result.rttMs.toFixed(1)} ms.`;
}

export function mqttWords(version: 5 | 4): string {
  return version === 5 ? 'MQTT 5' : 'MQTT 3.1.1';
}
