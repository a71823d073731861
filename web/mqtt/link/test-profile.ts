/** Tries a profile from the address to a message that comes back, and says where it fails and why. */
import type { IPublishPacket } from 'mqtt';
import { checkProfile } from './check-profile.ts';
import type { Connection, Outcome } from './connection.ts';
import { echoMissing, publishRefused, subscribeRefused } from './diagnoses.ts';
import type { OpenSocket } from './gathering-socket.ts';
import { explainFailure, openBroker } from './open-broker.ts';
import { hostPlace } from './host-place.ts';
import { pageAccess } from './page-access.ts';
import type { ProbeParts } from './probe.ts';
import type { BrokerProfile } from './profile.ts';
import type { Diagnosis, TestResult, TestStep } from './report.ts';

export interface TestParts extends ProbeParts {
  openSocket: OpenSocket;
}

const accessWords = {
  opens: 'The browser lets this page open it.',
  asks: 'The browser asks whether this page may reach the local network: allow it.',
  unsure: 'Whether the browser lets this page open it shows when it is tried.',
} as const;

const CONNECT_MS = 8000;
const ANSWER_MS = 3000;

/** Begins what a test publishes to itself; no link takes it for a node's message. */
export const ECHO_MARK = 'continuum lab test ';

/** @param clientId of the test alone, or it would end the connection that stands */
export async function testProfile(
  profile: BrokerProfile,
  password: string,
  clientId: string,
  parts: TestParts,
): Promise<TestResult> {
  const steps: TestStep[] = [];
  const passed = (name: TestStep['name'], text: string) => steps.push({ name, text, ok: true });
  const failed = (name: TestStep['name'], problem: Diagnosis): TestResult => {
    steps.push({ name, text: problem.sentence, ok: false });
    return { ok: false, steps, problem };
  };

  const unfit = checkProfile(profile);
  if (unfit !== null) return failed('address', { kind: 'bad-address', sentence: unfit, advice: ['Correct it and test again.'] });
  passed('address', `${profile.url} is an address of a WebSocket.`);

  const url = new URL(profile.url);
  const access = pageAccess(url, parts.page, await parts.localNetworkPermission(hostPlace(url.hostname)));
  if (access.kind === 'refused') return failed('browser', access.problem);
  passed('browser', accessWords[access.kind]);

  let echo: ((packet: IPublishPacket) => void) | null = null;
  const opened = await openBroker(
    {
      url: profile.url,
      username: profile.username,
      password,
      clientId,
      sessionS: 0,
      openSocket: parts.openSocket,
      timeoutMs: CONNECT_MS,
      onMessage: (packet) => echo?.(packet),
    },
    null,
  );
  if (!opened.ok) {
    const { opened: socket } = opened.failure;
    if (socket) passed('socket', 'The WebSocket opened.');
    const { problem } = await explainFailure(opened.failure, profile, clientId, parts);
    return failed(socket ? 'mqtt' : 'socket', problem);
  }
  const { connection } = opened;
  passed('socket', 'The WebSocket opened.');
  passed('mqtt', `The broker speaks MQTT ${connection.version === 5 ? '5' : '3.1.1'} and lets ${profile.username || 'clients without a user'} in.`);
  try {
    const filter = `${profile.root}/#`;
    const subscribed = await within(connection.subscribe(filter, 1, false));
    if (subscribed === null) return failed('subscribe', noAnswer('subscription'));
    if (!subscribed.ok) return failed('subscribe', subscribeRefused(filter, profile.username));
    passed('subscribe', `${filter} may be read.`);

    const topic = `${profile.root}/${clientId}/echo`;
    const text = ECHO_MARK + clientId;
    const startMs = performance.now();
    const cameBack = new Promise<number>((resolve) => {
      echo = (packet) => {
        if (packet.topic === topic && String(packet.payload) === text) resolve(performance.now() - startMs);
      };
    });
    const published = await within(publish(connection, topic, text));
    if (published === null) return failed('publish', noAnswer('message'));
    if (!published.ok) return failed('publish', publishRefused(topic, profile.username));
    passed('publish', `The broker took a message to ${topic}.`);

    const rttMs = await within(cameBack);
    // MQTT 3.1.1 brokers acknowledge what they do not let pass.
    if (rttMs === null) return failed('echo', echoMissing(topic, profile.username, connection.version === 5));
    passed('echo', `It came back after ${rttMs.toFixed(0)} ms.`);
    return { ok: true, steps, mqtt: connection.version, rttMs, notes: notesOn(connection) };
  } finally {
    await connection.end(true);
  }
}

function publish(connection: Connection, topic: string, text: string): Promise<Outcome> {
  return new Promise((resolve) => connection.publish(topic, text, { qos: 1, retain: false }, resolve));
}

function noAnswer(to: string): Diagnosis {
  return {
    kind: 'timed-out',
    sentence: `The broker did not answer to a ${to} within ${ANSWER_MS / 1000} s.`,
    advice: ['Test again; if it stays so, the broker or the network is overloaded.'],
  };
}

/** What works, but not as well as it might. */
function notesOn({ version, maximumPacketBytes, retains }: Connection): string[] {
  const notes: string[] = [];
  if (version === 4) {
    notes.push('The broker speaks MQTT 3.1.1 only: messages carry no times, so latencies are not measured, and deliveries that repeat after an outage cannot all be told.');
  }
  if (!retains) notes.push('The broker keeps no retained messages: nodes are seen only while they speak.');
  if (maximumPacketBytes !== null && maximumPacketBytes < 100_000) {
    notes.push(`The broker takes at most ${maximumPacketBytes} bytes in a message: larger guests cannot be sent to nodes.`);
  }
  return notes;
}

function within<T>(promise: Promise<T>): Promise<T | null> {
  return Promise.race([promise, new Promise<null>((resolve) => setTimeout(resolve, ANSWER_MS, null))]);
}
