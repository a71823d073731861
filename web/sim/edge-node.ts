/** A virtual ESP32: its board, its guest, its place on the network. */
import { configDefaults, ConfigKey, Sensor } from '../guest/abi.gen.ts';
import type { LoadedGuest } from '../guest/loaded-guest.ts';
import { createNativeLoop } from '../guest/native-loop.ts';
import type { HostCalls, LoopGuest } from '../guest/types.ts';
import { encodeStamps } from '../protocol/latency.ts';
import type { MqttMessage } from '../protocol/message.ts';
import {
  encodeConfigAck,
  encodeMetrics,
  parseNodeConfig,
  type NodeConfig,
} from '../protocol/payloads.ts';
import { resolveGuestTopic } from '../protocol/topics.ts';
import type { EdgeBoard } from './edge-board.ts';
import { GuestRunner, type RunnerHost } from './guest-runner.ts';
import type { Scheduled } from './kernel.ts';
import { NetworkedNode } from './networked-node.ts';
import { guestTitle, type NodeContext, type NodeIdentity } from './node-context.ts';
import { runtimeProfile, type RuntimeProfile } from './runtime-profile.ts';
import { Series } from './series.ts';
import type { FaultKind } from './snapshot.ts';

/** Answers of `mqtt_publish`, beside 0. */
const Refused = { topic: -1, tooMany: -2 } as const;

const ms = 1000;

export class EdgeNode extends NetworkedNode {
  readonly board: EdgeBoard;
  readonly series = new Series();
  readonly config: Required<NodeConfig> = { ...configDefaults };
  #guest: LoadedGuest;
  #native = false;
  #profile: RuntimeProfile;
  #runner: GuestRunner | null = null;
  #pending: Scheduled | null = null;
  #metrics: Scheduled | null = null;
  #sampledAtUs: number | null = null;
  #bootedUs = 0;
  /** Messages the guest has published in the slice that runs now. */
  #publishedInSlice = { atUs: -1, count: 0 };
  fault: FaultKind | null = null;
  lastRaw = NaN;

  constructor(context: NodeContext, identity: NodeIdentity, board: EdgeBoard, guest: LoadedGuest) {
    super(context, identity);
    this.board = board;
    this.#guest = guest;
    this.#profile = this.#profileOf(false);
  }

  get runtimeLabel(): string {
    return this.#profile.label;
  }

  get runtimeBytes(): number {
    return this.#profile.runtimeBytes;
  }

  get guest(): LoadedGuest | null {
    return this.#native ? null : this.#guest;
  }

  get runner(): GuestRunner | null {
    return this.#runner;
  }

  get uptimeUs(): number {
    return this.state === 'off' || this.state === 'booting' ? 0 : this.context.kernel.nowUs - this.#bootedUs;
  }

  /** Boots after the board's boot time; `extraUs` staggers a fleet that is switched on at once. */
  powerOn(extraUs = 0): void {
    if (this.state !== 'off') return;
    const { kernel, parameters } = this.context;
    this.setState('booting');
    this.board.powerOn(kernel.nowUs);
    this.#pending = kernel.after(parameters.us('node.bootMs', ms) + extraUs, () => {
      this.#bootedUs = kernel.nowUs;
      this.connect('wifi', { [this.topic('config')]: 1 });
      this.#scheduleMetrics();
      return this.#startGuest();
    });
  }

  /** Cuts the power: everything stops at once and the broker finds out by its keep-alive. */
  powerOff(): void {
    if (this.state === 'off') return;
    this.#halt();
    if (this.#metrics) this.context.kernel.cancel(this.#metrics);
    this.disconnect();
    this.board.powerOff(this.context.kernel.nowUs);
    this.setState('off', 'The power is cut.');
  }

  /** Ends the guest and starts it afresh. */
  restart(): void {
    if (this.state === 'off' || this.state === 'booting') return;
    this.#halt();
    this.say('host', 'Restarting the guest.');
    this.setState('restarting');
    this.#pending = this.context.kernel.after(this.context.restart.initialUs, () => this.#startGuest());
  }

  /** What runs from now on; a running node restarts with it. */
  run(guest: LoadedGuest, native: boolean): void {
    if (guest === this.#guest && native === this.#native) return;
    this.#guest = guest;
    this.#native = native;
    this.#profile = this.#profileOf(native);
    if (this.state === 'off' || this.state === 'booting') return;
    this.say('host', `Runs ${native ? 'native code' : guestTitle(guest)} from now on.`);
    this.restart();
    this.announce();
  }

  inject(fault: FaultKind | null): void {
    this.fault = fault;
    this.board.probe.inject(fault, this.context.kernel.nowUs);
    this.say('host', fault ? `Sensor fault injected: ${fault}.` : 'Sensor fault cleared.');
  }

  protected override receive(message: MqttMessage): void {
    if (message.topic !== this.topic('config')) return;
    const parsed = parseNodeConfig(message.payload);
    if (parsed.ok) Object.assign(this.config, parsed.value);
    this.say('host', parsed.ok ? 'New configuration in force.' : `Configuration refused: ${parsed.reason}`);
    const payload = encodeConfigAck({
      accepted: parsed.ok,
      inForce: this.config,
      reason: parsed.ok ? null : parsed.reason,
    });
    this.publish({ topic: this.topic('config/ack'), payload, qos: 1, retain: false });
  }

  protected override onAir(direction: 'up' | 'down', airtimeUs: number): void {
    this.board.energy.addPulse(direction === 'up' ? 'transmit' : 'receive', airtimeUs);
  }

  #profileOf(native: boolean): RuntimeProfile {
    return runtimeProfile('edge', native ? 'native' : 'wasm', this.context.parameters) as RuntimeProfile;
  }

  #halt(): void {
    if (this.#pending) this.context.kernel.cancel(this.#pending);
    this.#pending = null;
    this.#runner?.stop();
    this.#runner = null;
    this.#allOff();
  }

  /** No guest, no watering: the relay falls and the LEDs go dark. */
  #allOff(): void {
    if (this.board.outputs === 0) return;
    this.board.allOff(this.context.kernel.nowUs);
    this.logEvent('output', 'all=0');
  }

  #startGuest(): Promise<void> {
    const { kernel, restart } = this.context;
    this.setState('running');
    this.#runner = new GuestRunner(kernel, this.#runnerHost(), this.#profile, restart, (host) => this.#create(host));
    return this.#runner.start();
  }

  #create(host: HostCalls): LoopGuest {
    // What a fresh guest publishes before it has read must not carry the stamp of the guest before it.
    this.#sampledAtUs = null;
    if (!this.#native) return this.context.engine.loop(this.#guest, this.context.budget, host);
    const instructions = this.context.parameters.get('cost.reference.sliceInstructions');
    return { ...createNativeLoop(host), retired: () => instructions };
  }

  #runnerHost(): RunnerHost {
    const { kernel, parameters } = this.context;
    const samplingUs = Math.round(parameters.get('node.sensor.samples') * parameters.get('node.sensor.sampleIntervalMs') * ms);
    return {
      setOutput: (pin, level) => this.#setOutput(pin, level),
      log: (text) => this.say('out', text),
      logInt: (value) => this.say('out', String(value)),
      publish: (topic, payload) => this.#publishFromGuest(topic, payload),
      config: (key) => this.#configValue(key),
      senseUs: (sensor) => (sensor === Sensor.soilMoisture ? samplingUs : 0),
      sense: (sensor) => {
        if (sensor !== Sensor.soilMoisture) return -1;
        this.#sampledAtUs = kernel.nowUs;
        this.lastRaw = this.board.read(kernel.nowUs);
        this.logEvent('sense', String(this.lastRaw));
        return this.lastRaw;
      },
      busy: (durationUs) => this.board.energy.addPulse('active', durationUs),
      ended: (reason, restartInUs) => this.#guestEnded(reason, restartInUs),
      restarted: () => this.setState('running'),
    };
  }

  #setOutput(pin: number, level: number): void {
    const changed = this.board.setOutput(this.context.kernel.nowUs, pin, level);
    if (changed === null) this.say('error', `set_output: pin ${pin} is not one a guest may drive (18, 19, 21, 23).`);
    else if (changed) this.logEvent('output', `${pin}=${level === 0 ? 0 : 1}`);
  }

  #configValue(key: number): number {
    switch (key) {
      case ConfigKey.dry:
        return this.config.dry;
      case ConfigKey.wet:
        return this.config.wet;
      case ConfigKey.threshold:
        return this.config.threshold;
      case ConfigKey.periodMs:
        return this.config.periodMs;
      case ConfigKey.hysteresis:
        return this.config.hysteresis;
      default:
        return 0;
    }
  }

  #publishFromGuest(topic: string, payload: string): { status: number; send: (() => void) | null } {
    const { kernel, root, qos, parameters } = this.context;
    const refuse = (status: number, text: string) => ({ status, send: () => this.say('error', text) });
    const slice = this.#publishedInSlice;
    if (slice.atUs !== kernel.nowUs) this.#publishedInSlice = { atUs: kernel.nowUs, count: 0 };
    const count = (this.#publishedInSlice.count += 1);
    const most = parameters.get('node.maxPublishesPerSlice');
    if (count > most) {
      if (count > most + 1) return { status: Refused.tooMany, send: null };
      return refuse(Refused.tooMany, `mqtt_publish: more than ${most} messages without a pause; the rest is refused.`);
    }
    const resolved = resolveGuestTopic(root, this.identity.id, topic);
    if (!resolved.ok) return refuse(Refused.topic, `mqtt_publish refused: ${resolved.reason}`);
    const sampledAt = this.#sampledAtUs ?? undefined;
    return {
      status: 0,
      send: () =>
        this.publish({
          topic: resolved.topic,
          payload,
          qos,
          retain: false,
          userProperties: encodeStamps({ sampledAt, publishedAt: kernel.nowUs }),
        }),
    };
  }

  #guestEnded(reason: string | null, restartInUs: number | null): void {
    this.#allOff();
    if (reason === null) {
      this.say('host', 'The guest returned from main; nothing runs now.');
      this.setState('idle', 'The guest returned from main.');
      return;
    }
    this.say('error', reason);
    this.setState('faulted', reason);
    const again = restartInUs === null ? '' : ` It restarts in ${restartInUs / 1e6} s.`;
    this.context.notify('error', this.identity.index, `${this.identity.id}: ${reason}${again}`);
  }

  #scheduleMetrics(): void {
    const { kernel, parameters } = this.context;
    this.#metrics = kernel.after(parameters.us('node.metricsPeriodS', 1e6), () => {
      const memory = this.#runner?.memory();
      const heap = parameters.get('node.edge.heapBytes') - this.#profile.runtimeBytes - (memory?.usedBytes ?? 0);
      const payload = encodeMetrics({
        heapFreeBytes: heap,
        stackFreeBytes: null,
        stepUs: finite(this.#runner?.cpuUsPerStep),
        stepInstructions: this.#native ? null : finite(this.#runner?.instructionsPerStep),
        rssiDbm: null,
        bytesSent: this.journal.traffic.bytesOut,
        energyMj: Math.round(this.board.energy.totalJ(kernel.nowUs) * 1000),
      });
      this.publish({ topic: this.topic('metrics'), payload, qos: 0, retain: false });
      this.#scheduleMetrics();
    });
  }
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
