/** A virtual ESP32: its board, its guest, its place on the network. */
import { configDefaults, ConfigKey, Sensor } from '../guest/abi.gen.ts';
import type { LoadedGuest } from '../guest/loaded-guest.ts';
import { createNativeLoop } from '../guest/native-loop.ts';
import type { HostCalls, LoopGuest } from '../guest/types.ts';
import { Place, Stamps } from '../protocol/latency.ts';
import { Message, type MqttMessage } from '../protocol/message.ts';
import { encodeConfigAck, encodeMetrics, parseNodeConfig, type NodeConfig } from '../protocol/payloads.ts';
import { outputBit, type EdgeBoard } from './edge-board.ts';
import type { EdgeControl } from './edge-control.ts';
import { GuestRunner, type Effect, type RunnerHost } from './guest-runner.ts';
import type { KernelEvent } from './kernel.ts';
import { NetworkedNode } from './networked-node.ts';
import { guestTitle, type NodeContext, type NodeIdentity } from './node-context.ts';
import { runtimeProfile, type RuntimeProfile } from './runtime-profile.ts';
import { PinSwitch } from './pin-switch.ts';
import { Publication } from './publication.ts';
import { Series } from './series.ts';
import { faultKinds, type FaultKind } from './snapshot.ts';
import { WrittenTopics, type WrittenTopic } from './written-topics.ts';

/** Answers of `mqtt_publish`, beside 0. */
const Refused = { topic: -1, tooMany: -2 } as const;

const ms = 1000;

export class EdgeNode extends NetworkedNode implements RunnerHost {
  readonly board: EdgeBoard;
  readonly series: Series;
  readonly config: Required<NodeConfig> = { ...configDefaults };
  /** Made when it is first spoken to: few nodes of a fleet are. */
  #control: EdgeControl | null = null;
  #guest: LoadedGuest;
  #native = false;
  #profile: RuntimeProfile;
  #runner: GuestRunner | null = null;
  #pending: KernelEvent | null = null;
  #metrics: KernelEvent | null = null;
  #sampledAtUs: number | null = null;
  /** Outputs as the guest has asked for them; the board follows at the virtual time of the call. */
  #askedOutputs = 0;
  /** By bit and level: the same few again and again. */
  readonly #switches: PinSwitch[] = [];
  /** Where the topics that the guest writes lead. */
  readonly #topics = new WrittenTopics(this.context.root, this.identity.id);
  readonly #dataTopic = this.topic('data');
  #bootedUs = 0;
  readonly #mostPublishes: number;
  /** Messages the guest has published in the slice that runs now. */
  readonly #publishedInSlice = { atUs: -1, count: 0 };
  fault: FaultKind | null = null;
  lastRaw = NaN;

  constructor(context: NodeContext, identity: NodeIdentity, board: EdgeBoard, guest: LoadedGuest) {
    super(context, identity);
    this.board = board;
    this.series = new Series(context.kept.seriesRows);
    this.#guest = guest;
    this.#profile = this.#profileOf(false);
    this.#mostPublishes = context.parameters.get('node.maxPublishesPerSlice');
  }

  #configure(payload: string): void {
    const parsed = parseNodeConfig(payload);
    const reason = parsed.ok ? null : parsed.reason;
    if (parsed.ok) Object.assign(this.config, parsed.value);
    this.say('host', parsed.ok ? 'New configuration in force.' : `Configuration refused: ${parsed.reason}`);
    const ack = encodeConfigAck({ accepted: parsed.ok, inForce: this.config, reason });
    this.publish({ topic: this.topic('config/ack'), payload: ack, qos: 1, retain: false });
  }

  get threshold(): number {
    return this.config.threshold;
  }

  get pumpOn(): boolean {
    return this.board.pumpOn;
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
      if (this.context.controlled) this.listenForControl();
      this.#scheduleMetrics();
      return this.#startGuest();
    });
  }

  /** Takes requests and new guests over MQTT from now on. */
  listenForControl(): void {
    this.subscribe(this.topic('cmd'), 1);
    this.subscribe(this.topic('guest'), 1);
  }

  /** Cuts the power: everything stops at once and the broker finds out by its keep-alive. */
  powerOff(): void {
    this.#switchOff(() => this.disconnect(), 'The power is cut.');
  }

  /** Leaves in order, with a goodbye to the broker. */
  withdraw(reason: string): void {
    this.#switchOff(() => this.leave(), reason);
  }

  #switchOff(part: () => void, reason: string): void {
    if (this.state === 'off') return;
    this.#halt();
    const before = this.#control?.update.powerLost();
    if (before) {
      this.#guest = before;
      this.context.onGuestReplaced(this.identity.index, before);
    }
    if (this.#metrics) this.#metrics.cancelled = true;
    part();
    this.board.powerOff(this.context.kernel.nowUs);
    this.setState('off', reason);
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
    this.#control?.update.overtaken();
    this.#change(guest, native);
  }

  /** Runs a guest that came over MQTT, and keeps to it. */
  adopt(guest: LoadedGuest): void {
    this.#change(guest, this.#native);
    this.context.onGuestReplaced(this.identity.index, guest);
  }

  #change(guest: LoadedGuest, native: boolean): void {
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
    this.context.columns.fault[this.identity.index] = fault ? 1 + faultKinds.indexOf(fault) : 0;
    this.board.probe.inject(fault, this.context.kernel.nowUs);
    this.say('host', fault ? `Sensor fault injected: ${fault}.` : 'Sensor fault cleared.');
  }

  protected override receive(message: MqttMessage): void {
    if (message.topic === this.topic('config')) this.#configure(message.payload);
    // An event of its own: the kernel waits for it, which a receiver cannot.
    else this.context.kernel.after(0, () => this.#obey(message));
  }

  async #obey(message: MqttMessage): Promise<void> {
    try {
      this.#control ??= (await import('./edge-control.ts')).controlOf(this);
    } catch {
      this.say('error', 'A request was not obeyed, because a part of this page did not load. Reload the page.');
      return;
    }
    await this.#control.take(message);
  }

  protected override onAir(direction: 'up' | 'down', airtimeUs: number): void {
    this.board.energy.addPulse(direction === 'up' ? 'transmit' : 'receive', airtimeUs);
  }

  #profileOf(native: boolean): RuntimeProfile {
    return runtimeProfile('edge', native ? 'native' : 'wasm', this.context.parameters) as RuntimeProfile;
  }

  #halt(): void {
    if (this.#pending) this.#pending.cancelled = true;
    this.#pending = null;
    this.#runner?.stop();
    this.#runner = null;
    this.context.columns.instructionsPerStep[this.identity.index] = NaN;
    this.#allOff();
  }

  /** No guest, no watering: the relay falls and the LEDs go dark. */
  #allOff(): void {
    this.#askedOutputs = 0;
    if (this.board.outputs === 0) return;
    this.board.allOff(this.context.kernel.nowUs);
    this.context.columns.outputs[this.identity.index] = 0;
    this.logEvent('output', 'all=0');
  }

  #startGuest(): void | Promise<void> {
    const { kernel, restart, kept, totals } = this.context;
    this.setState('running');
    this.#runner = new GuestRunner(kernel, this, this.#profile, restart, kept.readings, totals, (host) =>
      this.#create(host),
    );
    return this.#runner.start();
  }

  #create(host: HostCalls): LoopGuest {
    // What a fresh guest publishes before it has read must not carry the stamp of the guest before it.
    this.#sampledAtUs = null;
    if (!this.#native) return this.context.engine.loop(this.#guest, this.context.budget, host);
    const instructions = this.context.parameters.get('cost.reference.sliceInstructions');
    return { ...createNativeLoop(host), retired: () => instructions };
  }

  get native(): boolean {
    return this.#native;
  }

  guestLog(text: string): Effect {
    return { bring: () => this.say('out', text) };
  }

  guestSenseUs(sensor: number): number {
    return sensor === Sensor.soilMoisture ? this.context.samplingUs : 0;
  }

  guestSense(sensor: number): number {
    if (sensor !== Sensor.soilMoisture) return -1;
    const { nowUs } = this.context.kernel;
    this.#sampledAtUs = nowUs;
    this.lastRaw = this.board.read(nowUs);
    this.context.meter?.sensed(this.identity.index, this.lastRaw);
    this.logEvent('sense', this.lastRaw);
    return this.lastRaw;
  }

  guestBusy(durationUs: number): void {
    this.board.energy.addPulse('active', durationUs);
  }

  guestRestarted(): void {
    this.setState('running');
  }

  guestStepped(instructions: number): void {
    this.context.columns.instructionsPerStep[this.identity.index] = instructions;
    this.#control?.update.stepped();
  }

  guestOutput(pin: number, level: number): Effect | null {
    const bit = outputBit(pin);
    if (bit === null) {
      const bring = (): void => {
        this.board.refused += 1;
        this.say('error', `set_output: pin ${pin} is not one a guest may drive (18, 19, 21, 23).`);
      };
      return { bring };
    }
    const on = level !== 0;
    const asked = on ? this.#askedOutputs | bit : this.#askedOutputs & ~bit;
    if (asked === this.#askedOutputs) return null;
    this.#askedOutputs = asked;
    return this.#switches[bit * 2 + (on ? 1 : 0)] ??= new PinSwitch(this, pin, bit, on);
  }

  /** What the guest has asked of a pin, now that its virtual time has come. */
  switchTo(bit: number, on: boolean, words: string): void {
    this.board.setOutput(this.context.kernel.nowUs, bit, on);
    this.context.columns.outputs[this.identity.index] = this.board.outputs;
    this.logEvent('output', words);
  }

  guestConfig(key: number): number {
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

  /** Decides at once; the message goes out at the virtual time of the call. */
  guestPublish(topic: string, payload: string, runner: GuestRunner): number {
    const { kernel } = this.context;
    const slice = this.#publishedInSlice;
    if (slice.atUs !== kernel.nowUs) {
      slice.atUs = kernel.nowUs;
      slice.count = 0;
    }
    const count = (slice.count += 1);
    const most = this.#mostPublishes;
    if (count > most) {
      const text = `mqtt_publish: more than ${most} messages without a pause; the rest is refused.`;
      runner.bringAbout(count === most + 1 ? this.#complaint(text) : null);
      return Refused.tooMany;
    }
    const known = this.#topics.resolve(topic);
    const { resolved } = known;
    if (!resolved.ok) {
      runner.bringAbout(this.#complaint(`mqtt_publish refused: ${resolved.reason}`));
      return Refused.topic;
    }
    runner.bringAbout(new Publication(this, known, payload, this.#sampledAtUs));
    return 0;
  }

  #complaint(text: string): Effect {
    return { bring: () => this.say('error', text) };
  }

  /** What the guest has asked to publish, now that its virtual time has come. */
  send({ topic, route }: WrittenTopic, payload: string, sampledAtUs: number | null): void {
    const { kernel, qos } = this.context;
    const sampled = sampledAtUs === null ? null : new Stamps(null, Place.sampledAt, sampledAtUs);
    const stamps = new Stamps(sampled, Place.publishedAt, kernel.nowUs);
    const origin = topic === this.#dataTopic ? this.identity.index : -1;
    this.publish(new Message(topic, payload, qos, false, stamps, origin, route));
  }

  guestEnded(reason: string | null, restartInUs: number | null): void {
    this.#allOff();
    if (reason === null) {
      this.say('host', 'The guest returned from main; nothing runs now.');
      this.setState('idle', 'The guest returned from main.');
      this.#control?.update.failed('it returned from main.');
      return;
    }
    this.say('error', reason);
    this.setState('faulted', reason);
    const again = restartInUs === null ? '' : ` It restarts in ${restartInUs / 1e6} s.`;
    this.context.notify('error', this.identity.index, `${this.identity.id}: ${reason}${again}`);
    this.#control?.update.failed(reason);
  }

  #scheduleMetrics(): void {
    const { kernel, parameters } = this.context;
    this.#metrics = kernel.after(parameters.us('node.metricsPeriodS', 1e6), () => {
      const { runner } = this;
      const heap = parameters.get('node.edge.heapBytes') - this.#profile.runtimeBytes - (runner?.memory()?.usedBytes ?? 0);
      const payload = encodeMetrics({
        heapFreeBytes: heap,
        stackFreeBytes: null,
        stepUs: finite(runner?.cpuUsPerStep),
        stepInstructions: this.#native ? null : finite(runner?.instructionsPerStep),
        rssiDbm: null,
        bytesSent: this.journal.traffic.bytesOut,
        energyMj: Math.round(this.board.energy.totalJ(kernel.nowUs) * 1000),
      });
      this.publish({ topic: this.topic('metrics'), payload, qos: 0, retain: false });
      this.#scheduleMetrics();
    });
  }
}

const finite = (value = NaN): number | null => (Number.isFinite(value) ? value : null);
