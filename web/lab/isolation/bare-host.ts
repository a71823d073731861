/** A host for one guest without a simulation around it: the guards of a node, and a record of what came through them. */
import { configDefaults, Pin, Sensor } from '../../guest/abi.gen.ts';
import type { HostCalls, Pause } from '../../guest/types.ts';
import { DEFAULT_ROOT, resolveGuestTopic } from '../../protocol/topics.ts';
import { parameter } from '../../sim/parameters.ts';
import { PASSED } from './hostile-guest.ts';

export const HOSTILE_NODE = 'hostile';
/** Of a probe in moist soil, ADC counts. */
export const READING = 1500;

const pins: readonly number[] = Object.values(Pin);
const configByKey = Object.values(configDefaults);
const MOST_KEPT = 3;

export class BareHost implements HostCalls {
  readonly #mostPublishes = parameter('node.maxPublishesPerSlice').value;
  #published = 0;
  pause: Pause = { kind: 'returned' };
  passed = false;
  readonly refusals: string[] = [];
  readonly breaches: string[] = [];
  readonly answers: string[] = [];

  /** Lets the guest's pause pass; returns what it gets for it. */
  rest(): number {
    this.#published = 0;
    const { pause } = this;
    if (pause.kind !== 'sensor') return 0;
    return pause.sensor === Sensor.soilMoisture ? READING : -1;
  }

  setOutput(pin: number, _level: number): void {
    if (pins.includes(pin)) return;
    this.#refuse(`set_output: pin ${pin} is not one a guest may drive (${pins.join(', ')}).`);
  }

  log(_text: string): void {}

  logInt(value: number): void {
    if (value === PASSED) this.passed = true;
    else if (this.answers.length < MOST_KEPT) this.answers.push(String(value));
  }

  publish(topic: string, _payload: string): number {
    this.#published += 1;
    if (this.#published > this.#mostPublishes) {
      this.#refuse(`mqtt_publish: more than ${this.#mostPublishes} messages without a pause; the rest is refused.`);
      return -2;
    }
    const resolved = resolveGuestTopic(DEFAULT_ROOT, HOSTILE_NODE, topic);
    if (!resolved.ok) {
      this.#refuse(`mqtt_publish refused: ${resolved.reason}`);
      return -1;
    }
    const breach = topicBreach(HOSTILE_NODE, resolved.topic);
    if (breach !== null && this.breaches.length < MOST_KEPT) this.breaches.push(breach);
    return 0;
  }

  config(key: number): number {
    return configByKey[key] ?? 0;
  }

  paused(pause: Pause): void {
    this.pause = pause;
  }

  #refuse(said: string): void {
    if (this.refusals.length < MOST_KEPT) this.refusals.push(said);
  }
}

const hostsOwn = /^(config|config\/ack|presence|metrics|guest|guest\/state|cmd|reply|processed|analytics)$/;

/** What is wrong with a topic under which a guest's message went out; asked of the message, not of the guard. */
export function topicBreach(node: string, topic: string): string | null {
  const own = `${DEFAULT_ROOT}/${node}/`;
  const rest = topic.slice(own.length);
  if (!topic.startsWith(own) || rest === '' || /[+#]/.test(topic) || hostsOwn.test(rest)) return `It published under "${topic}".`;
  // MQTT 5.0, 1.5.4: a broker may close the connection for it, which may be that of many nodes. Mosquitto 2.0 does.
  if (/[\p{Cc}\p{Noncharacter_Code_Point}]/u.test(topic)) return 'It published under a topic with a control character or none at all, for which a broker may close the connection of the whole page.';
  return null;
}
