/** The firmware `continuum-node` as a virtual board runs it, from its first line to its last. */
import { configDefaults } from '../../../guest/abi.gen.ts';
import type { GuestState } from '../../../protocol/control-payloads.ts';
import { encodeGuestState } from '../../../protocol/control-payloads.ts';
import { messageBytes } from '../../../protocol/message-bytes.ts';
import type { MqttMessage } from '../../../protocol/message.ts';
import { encodeMetrics, encodePresence } from '../../../protocol/payloads.ts';
import { nodeTopic, resolveGuestTopic, type TopicKind } from '../../../protocol/topics.ts';
import { EnergyMeter, idleState } from '../../../sim/models/energy.ts';
import { linkProfile } from '../../../sim/models/link.ts';
import { Parameters } from '../../../sim/parameters.ts';
import { FrameSplitter } from '../../session/frame-splitter.ts';
import type { FirmwareStart, ResetReason, RunningFirmware } from '../rom/firmware-port.ts';
import { BoardTime } from './board-time.ts';
import { GuestRun } from './guest-run.ts';
import { GuestSlots } from './guest-slots.ts';
import { Guests } from './guests.ts';
import { Log } from './log.ts';
import { NodeControl } from './node-control.ts';
import { Nvs, type NvsPlace } from './nvs.ts';
import { Radio } from './radio.ts';
import { SerialService } from './serial-service.ts';
import { Settings } from './settings.ts';
import { StoredNetworks } from './stored-networks.ts';
import type { Surroundings } from './surroundings.ts';
import { Uplink } from './uplink.ts';

/** ESP-IDF's log counts from the reset: so long take ROM and bootloader. */
const BOOTED_MS = 300;
const IDENTIFY_US = 5e6;
/** An answer is on its way by then. */
const RESTART_US = 300_000;
const BOOTS = 'boots';

export class ContinuumNode implements RunningFirmware {
  readonly #start: FirmwareStart;
  readonly #surroundings: Surroundings;
  readonly #time: BoardTime;
  readonly #log: Log;
  readonly #nvs: Nvs;
  readonly #parameters = new Parameters();
  readonly #energy: EnergyMeter;
  readonly #settings: Settings;
  readonly #networks: StoredNetworks;
  readonly #radio: Radio;
  readonly #uplink: Uplink;
  readonly #run: GuestRun;
  readonly #guests: Guests;
  readonly #control: NodeControl;
  readonly #serial: SerialService;
  readonly #splitter: FrameSplitter;
  readonly #boots: number;
  readonly #reset: ResetReason;
  #identifying = false;
  #stopped = false;
  #ip: string | null = null;

  constructor(start: FirmwareStart, nvs: NvsPlace, surroundings: Surroundings) {
    this.#start = start;
    this.#surroundings = surroundings;
    this.#reset = start.reset;
    this.#time = new BoardTime(start.clock, (error) => this.#panic(error));
    const { kernel } = this.#time;
    const write = (bytes: Uint8Array): void => {
      if (!this.#stopped) start.line.write(bytes);
    };
    this.#log = new Log(write, () => start.line.pendingBytes(), () => BOOTED_MS + kernel.nowUs / 1000);
    this.#nvs = new Nvs(start.flash, nvs);
    this.#energy = new EnergyMeter(this.#parameters, idleState(this.#parameters));
    this.#settings = new Settings(this.#nvs, start.mac);
    this.#networks = new StoredNetworks(this.#nvs);
    this.#boots = this.#countBoot();
    this.#radio = new Radio(kernel, start.mac, () => this.#radioChanged());
    this.#uplink = this.#newUplink();
    const slots = GuestSlots.in(start.flash, start.partitions, this.#nvs);
    this.#guests = new Guests({
      kernel,
      engine: surroundings.engine,
      parameters: this.#parameters,
      slots,
      log: this.#log,
      run: () => this.#run,
      periodMs: () => this.#control.config.periodMs,
      report: (state) => this.#reportGuest(state),
      changed: () => this.#announce(),
    });
    this.#run = new GuestRun({
      kernel,
      engine: surroundings.engine,
      parameters: this.#parameters,
      plot: surroundings.plot,
      energy: this.#energy,
      log: this.#log,
      config: () => this.#control?.config ?? configDefaults,
      resolve: (topic) => resolveGuestTopic(this.#settings.root, this.#settings.node, topic),
      publish: (topic, payload, sampledAtUs) => this.#publishReading(topic, payload, sampledAtUs),
      stepped: () => this.#guests.stepped(),
      failed: (reason) => this.#guests.failed(reason),
    });
    this.#control = new NodeControl({
      nvs: this.#nvs,
      log: this.#log,
      guests: this.#guests,
      bench: () => this.#run.bench,
      trustedKeys: () => this.#settings.trustedKeys(),
      epochUs: () => this.#epochUs(),
      identify: () => this.#identify(),
      restartSoon: () => this.#restartSoon(),
    });
    this.#serial = new SerialService({
      identity: [start.projectName, start.version, start.chip],
      settings: this.#settings,
      networks: this.#networks,
      radio: this.#radio,
      control: this.#control,
      guests: this.#guests,
      mostGuestBytes: slots?.mostBytes ?? 0,
      trustedKeys: () => this.#settings.trustedKeys(),
      status: () => this.#status(),
      goOnline: (first) => this.#goOnline(first),
      eraseSettings: () => {
        this.#nvs.eraseAll();
        this.#log.warn('node', 'settings erased; restarting');
        this.#restartSoon();
      },
      write,
    });
    this.#splitter = new FrameSplitter({ onText: () => undefined, onFrame: (frame) => void this.#time.now(() => this.#serial.take(frame)) });
    void this.#time.now(() => this.#boot());
  }

  receive(bytes: Uint8Array): void {
    this.#splitter.push(bytes);
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#time.stop();
    this.#uplink.cut();
    this.#run.stop();
  }

  async #boot(): Promise<void> {
    const { projectName, version, chip, idfVersion } = this.#start;
    this.#log.info('main', `ESP-IDF ${idfVersion}, a virtual board: this firmware runs in the page`);
    this.#log.info('node', `${projectName} ${version} on ${chip}, ${this.#settings.node}`);
    this.#scheduleMetrics();
    await this.#guests.boot();
    this.#goOnline(null);
    this.#tell();
  }

  #countBoot(): number {
    const stored = this.#nvs.get(BOOTS);
    const boots = (stored?.length === 4 ? new DataView(stored.buffer).getUint32(0, true) : 0) + 1;
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, boots, true);
    this.#nvs.set(BOOTS, bytes);
    return boots;
  }

  #goOnline(first: string | null): void {
    this.#uplink.close();
    this.#radio.join(this.#networks.all, first);
    this.#tell();
  }

  #radioChanged(): void {
    const { state } = this.#radio;
    if (state.kind === 'connecting') this.#log.info('wifi', `joining ${state.ssid}`);
    if (state.kind === 'failed') this.#log.warn('wifi', `${state.ssid}: ${state.reason}`);
    if (state.kind === 'online') {
      this.#log.info('wifi', `online at ${state.ssid}, address ${state.ip}, ${state.rssiDbm} dBm`);
      this.#uplink.open();
    } else if (this.#ip !== null) this.#uplink.cut();
    this.#ip = state.kind === 'online' ? state.ip : null;
    this.#serial.radioChanged();
  }

  #newUplink(): Uplink {
    return new Uplink({
      kernel: this.#time.kernel,
      network: this.#surroundings.network,
      log: this.#log,
      keepAliveS: this.#parameters.get('node.keepaliveS'),
      settings: this.#settings,
      will: () => this.#presence(false),
      topics: () => (['config', 'cmd', 'guest'] as const).map((kind) => this.#topic(kind)),
      onMessage: (message) => this.#hear(message),
      onOnline: () => this.#announce(),
      changed: () => this.#tell(),
      now: (work) => void this.#time.now(work),
    });
  }

  #hear(message: MqttMessage): void | Promise<void> {
    const { topic, payload, retain, correlationData } = message;
    if (topic === this.#topic('config')) {
      this.#uplink.publish({ topic: this.#topic('config/ack'), payload: this.#control.configure(payload), qos: 1, retain: false });
    } else if (retain) {
      // It would strike again at each connection.
      this.#log.warn('node', `a retained message under ${topic} is not obeyed`);
    } else if (topic === this.#topic('cmd')) {
      const answer = this.#control.command(payload);
      this.#uplink.publish({ topic: this.#topic('reply'), payload: answer, qos: 1, retain: false, ...(correlationData !== undefined && { correlationData }) });
    } else if (topic === this.#topic('guest')) return this.#control.takeGuest(message);
  }

  #publishReading(topic: string, payload: string, sampledAtUs: number | null): void {
    const publishedAt = this.#epochUs();
    const { nowUs } = this.#time.kernel;
    const userProperties = {
      ...(sampledAtUs !== null && { sampledAt: String(publishedAt - (nowUs - sampledAtUs)) }),
      publishedAt: String(publishedAt),
    };
    const message: MqttMessage = { topic, payload, qos: 1, retain: false, userProperties };
    const { overheadBytes, bandwidthMbps, frameOverheadUs } = linkProfile(this.#parameters, 'wifi');
    this.#energy.addPulse('transmit', ((messageBytes(message) + overheadBytes) * 8) / bandwidthMbps + frameOverheadUs);
    this.#uplink.publish(message);
  }

  #reportGuest(state: GuestState): void {
    this.#uplink.publish({ topic: this.#topic('guest/state'), payload: encodeGuestState(state), qos: 1, retain: false });
  }

  /** Says who it is; again when its guest has changed. */
  #announce(): void {
    this.#uplink.say(this.#presence(true));
    this.#tell();
  }

  #presence(online: boolean): MqttMessage {
    const { version, chip } = this.#start;
    const guest = this.#guests.running;
    const payload = encodePresence({
      online,
      tier: 'edge',
      kind: 'simulated',
      runtime: `WebAssembly in a page, virtual ${chip}`,
      firmware: version,
      guest: guest && { name: guest.name, sha256: guest.sha256 },
    });
    return { topic: this.#topic('presence'), payload, qos: 1, retain: true };
  }

  #scheduleMetrics(): void {
    const { kernel } = this.#time;
    kernel.after(this.#parameters.us('node.metricsPeriodS', 1e6), () => {
      const { bench, runtimeBytes, usedBytes } = this.#run;
      const { state } = this.#radio;
      const payload = encodeMetrics({
        heapFreeBytes: this.#parameters.get('node.edge.heapBytes') - runtimeBytes - usedBytes,
        stackFreeBytes: null,
        stepUs: bench?.usPerStep ?? null,
        stepInstructions: bench?.instructionsPerStep ?? null,
        rssiDbm: state.kind === 'online' ? state.rssiDbm : null,
        bytesSent: this.#uplink.bytesSent,
        energyMj: Math.round(this.#energy.totalJ(kernel.nowUs) * 1000),
      });
      this.#uplink.publish({ topic: this.#topic('metrics'), payload, qos: 0, retain: false });
      this.#scheduleMetrics();
    });
  }

  #status(): [string, string][] {
    const { state: radio } = this.#radio;
    const { state: uplink } = this.#uplink;
    const guest = this.#guests.running;
    return [
      ['wifi', radio.kind],
      ['wifi.reason', radio.kind === 'failed' ? radio.reason : ''],
      ['ip', radio.kind === 'online' ? radio.ip : ''],
      ['rssi', radio.kind === 'online' ? String(radio.rssiDbm) : ''],
      ['broker', uplink.kind],
      ['broker.reason', uplink.kind === 'failed' ? uplink.reason : ''],
      ['guest', this.#guests.trying ? 'trying' : this.#run.phase],
      ['guest.name', guest?.name ?? ''],
      ['guest.sha256', guest?.sha256 ?? ''],
      ['guest.reason', this.#guests.reason ?? ''],
      ['guest.steps', String(this.#run.steps)],
      ['outbox', String(this.#uplink.waiting)],
      ['boots', String(this.#boots)],
      ['reset', this.#reset],
      ['safe-mode', this.#run.safeMode ? '1' : '0'],
      ['uptime', String(Math.floor(this.#time.kernel.nowUs / 1000))],
    ];
  }

  #identify(): void {
    this.#log.info('node', 'blinks to show where it is');
    this.#identifying = true;
    this.#tell();
    this.#time.kernel.after(IDENTIFY_US, () => {
      this.#identifying = false;
      this.#tell();
    });
  }

  #restartSoon(): void {
    this.#time.kernel.after(RESTART_US, () => {
      this.#uplink.close();
      this.#start.restart('software');
    });
  }

  /** What should not have happened ends as it would on a chip. */
  #panic(error: unknown): void {
    this.#log.error('main', `panic: ${error instanceof Error ? error.message : String(error)}`);
    this.#start.restart('panic');
  }

  #tell(): void {
    if (this.#stopped) return;
    const { node, broker } = this.#settings;
    this.#surroundings.news({ node, broker, online: this.#uplink.state.kind === 'online', identifying: this.#identifying });
  }

  #epochUs(): number {
    return Math.round(this.#surroundings.epochUs());
  }

  #topic(kind: TopicKind): string {
    return nodeTopic(this.#settings.root, this.#settings.node, kind);
  }
}
