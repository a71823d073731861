/** Control of an edge node by MQTT, beside its configuration: what its host does with `cmd` and `guest`. Few nodes are ever spoken to so. */
import type { MqttMessage } from '../protocol/message.ts';
import { encodeGuestState, encodeReply, parseCommand, type Bench, type Command } from '../protocol/control-payloads.ts';
import { nodeTopic, type TopicKind } from '../protocol/topics.ts';
import type { LoadedGuest } from '../guest/loaded-guest.ts';
import type { EdgeNode } from './edge-node.ts';
import type { GuestInstaller } from './guest-installer.ts';
import { GuestUpdate } from './guest-update.ts';
import type { KernelEvent } from './kernel.ts';

/** What control needs of the node. */
export interface Controlled {
  readonly root: string;
  readonly id: string;
  readonly installer: GuestInstaller;
  guest(): LoadedGuest | null;
  ready(): boolean;
  run(guest: LoadedGuest): void;
  restart(): void;
  identify(): void;
  /** Null before the first step. */
  bench(): Bench | null;
  /** The node's clock, microseconds since 1970, or since the start of a simulation that has a time of its own. */
  clockUs(): number;
  periodMs(): number;
  publish(message: MqttMessage): void;
  say(stream: 'host' | 'error', text: string): void;
  after(delayUs: number, action: () => void): KernelEvent;
}

export class EdgeControl {
  readonly update: GuestUpdate;
  readonly #node: Controlled;

  constructor(node: Controlled) {
    this.#node = node;
    this.update = new GuestUpdate({
      installer: node.installer,
      guest: () => node.guest(),
      ready: () => node.ready(),
      run: (guest) => node.run(guest),
      periodMs: () => node.periodMs(),
      after: (delayUs, action) => node.after(delayUs, action),
      report: (state) => {
        const why = state.reason === null ? '' : ` ${state.reason}`;
        node.say(state.reason === null ? 'host' : 'error', `Guest ${state.name || 'replacement'}: ${state.phase}.${why}`);
        node.publish({ topic: this.#topic('guest/state'), payload: encodeGuestState(state), qos: 1, retain: false });
      },
    });
  }

  /** Resolves when a module has been verified; the kernel waits for that. */
  async take(message: MqttMessage): Promise<void> {
    if (message.topic === this.#topic('cmd')) this.#command(message);
    else await this.update.take(message);
  }

  #command(message: MqttMessage): void {
    const parsed = parseCommand(message.payload);
    if (!parsed.ok) {
      this.#node.say('error', `Command refused: ${parsed.reason}`);
      this.#reply(message, { cmd: null, id: null }, null, parsed.reason);
      return;
    }
    const { cmd } = parsed.value;
    const bench = cmd === 'bench' ? this.#node.bench() : null;
    const problem = cmd === 'bench' && !bench ? 'No step is complete yet; ask again later.' : null;
    this.#reply(message, parsed.value, bench, problem);
    // Told on the way out: a guest that starts over must not keep the answer.
    if (cmd === 'restart') this.#node.restart();
    else if (cmd === 'identify') this.#node.identify();
  }

  #reply(request: MqttMessage, command: Pick<Command, 'id'> & { cmd: Command['cmd'] | null }, bench: Bench | null, reason: string | null): void {
    const payload = encodeReply({ ...command, ok: reason === null, timeUs: this.#node.clockUs(), bench, reason });
    const { correlationData } = request;
    // Wherever the request wants it: a node speaks under its own name only.
    this.#node.publish({ topic: this.#topic('reply'), payload, qos: 1, retain: false, ...(correlationData !== undefined && { correlationData }) });
  }

  #topic(kind: TopicKind): string {
    return nodeTopic(this.#node.root, this.#node.id, kind);
  }
}

export function controlOf(node: EdgeNode): EdgeControl {
  const { kernel, root, installer, notify, wall } = node.context;
  const { index, id } = node.identity;
  return new EdgeControl({
    root,
    id,
    installer,
    guest: () => node.guest,
    ready: () => node.state !== 'off' && node.state !== 'booting',
    run: (guest) => node.adopt(guest),
    periodMs: () => node.config.periodMs,
    restart: () => node.restart(),
    identify: () => notify('info', index, `${id} was asked to show where it is.`),
    bench: () => benchOf(node),
    clockUs: () => wall.epochUs + kernel.nowUs,
    publish: (message) => node.publish(message),
    say: (stream, text) => node.say(stream, text),
    after: (delayUs, action) => kernel.after(delayUs, action),
  });
}

function benchOf({ runner, native }: EdgeNode): Bench | null {
  if (!runner || runner.steps === 0) return null;
  const { steps, cpuUsPerStep: usPerStep, instructionsPerStep } = runner;
  return { steps, usPerStep, instructionsPerStep: native || !Number.isFinite(instructionsPerStep) ? null : instructionsPerStep };
}
