/** What a guest does on the host of the page, line by line as firmware/tests/guest/event_log.c prints it. */
import { guestLimits } from '../../web/app/guest-limits.ts';
import { Pin, Sensor } from '../../web/guest/abi.gen.ts';
import { createEngine } from '../../web/guest/engine.ts';
import { loadGuest } from '../../web/guest/loaded-guest.ts';
import { createNativeLoop } from '../../web/guest/native-loop.ts';
import type { HostCalls, LoopGuest, Pause } from '../../web/guest/types.ts';
import { resolveGuestTopic } from '../../web/protocol/topics.ts';
import { nodeGuestThreads } from '../node/node-guest-threads.ts';
import type { Script } from './script.ts';

const BUDGET = 5_000_000;
const PUBLISHES_PER_SLICE = 32;
const SAMPLING_US = 160_000;
const pins: readonly number[] = Object.values(Pin);

/** A board in virtual time: guests take none, pauses take as long as they say. */
class ScriptedBoard implements HostCalls {
  readonly lines: string[] = [];
  pause: Pause = { kind: 'returned' };
  readonly #script: Script;
  #nowUs = 0;
  #readings = 0;
  #published = 0;

  constructor(script: Script) {
    this.#script = script;
  }

  line(text: string): void {
    this.lines.push(`${this.#nowUs} ${text}`);
  }

  /** Lets the pause pass; returns what the guest gets, or null when the script is over. */
  rest(): number | null {
    const { pause } = this;
    this.#published = 0;
    if (pause.kind === 'delay') {
      this.#nowUs += Math.max(1, pause.ms) * 1000;
      return 0;
    }
    if (pause.kind !== 'sensor' || pause.sensor !== Sensor.soilMoisture) throw new Error(`The guest does not pause: ${pause.kind}.`);
    if (this.#readings === this.#script.cycles.length) return null;
    this.#readings += 1;
    this.#nowUs += SAMPLING_US;
    this.line(`read_sensor -> ${this.#cycle.raw}`);
    return this.#cycle.raw;
  }

  get #cycle() {
    return this.#script.cycles[Math.max(0, this.#readings - 1)]!;
  }

  setOutput(pin: number, level: number): void {
    if (pins.includes(pin)) this.line(`set_output ${pin} ${level === 0 ? 0 : 1}`);
    else this.line(`refused set_output: pin ${pin} is not one a guest may drive (18, 19, 21, 23).`);
  }

  log(text: string): void {
    this.line(`log ${text}`);
  }

  logInt(value: number): void {
    this.line(`log ${value}`);
  }

  publish(topic: string, payload: string): number {
    this.#published += 1;
    if (this.#published > PUBLISHES_PER_SLICE) {
      if (this.#published === PUBLISHES_PER_SLICE + 1) {
        this.line(`refused mqtt_publish: more than ${PUBLISHES_PER_SLICE} messages without a pause; the rest is refused.`);
      }
      return -2;
    }
    const resolved = resolveGuestTopic(this.#script.root, this.#script.node, topic);
    if (!resolved.ok) {
      this.line(`refused mqtt_publish refused: ${resolved.reason}`);
      return -1;
    }
    const status = this.#cycle.refuse ? -1 : 0;
    this.line(`publish ${resolved.topic} ${payload} -> ${status}`);
    return status;
  }

  config(key: number): number {
    const value = this.#cycle.config[key] ?? 0;
    this.line(`get_config ${key} -> ${value}`);
    return value;
  }

  paused(pause: Pause): void {
    this.pause = pause;
  }
}

async function runToEnd(board: ScriptedBoard, guest: LoopGuest): Promise<void> {
  await guest.start();
  for (;;) {
    if (board.pause.kind === 'fault') {
      const { kind, reason } = board.pause.fault;
      board.line(`end ${kind}: ${reason}`);
      return;
    }
    if (board.pause.kind === 'returned') {
      board.line('end returned');
      return;
    }
    const value = board.rest();
    if (value === null) {
      board.line('end stopped');
      return;
    }
    await guest.resume(value);
  }
}

/** Opens the engine of the page once; each call of the result runs one guest. `bytes` null: the page's native guest. */
export async function openBrowserHost(): Promise<(script: Script, bytes: Uint8Array | null) => Promise<string>> {
  const engine = await createEngine('workers', nodeGuestThreads);
  if (typeof engine === 'string') throw new Error(engine);
  return async (script, bytes) => {
    const board = new ScriptedBoard(script);
    let guest: LoopGuest;
    if (bytes === null) {
      guest = createNativeLoop(board);
    } else {
      const loaded = await loadGuest('guest.wasm', bytes, guestLimits);
      if (!loaded.ok) throw new Error(loaded.reason);
      guest = engine.loop(loaded.guest, BUDGET, board);
    }
    try {
      await runToEnd(board, guest);
    } finally {
      guest.stop();
    }
    return `${board.lines.join('\n')}\n`;
  };
}
