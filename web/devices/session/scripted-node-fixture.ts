/** A board for tests that answers as firmware/SERIAL.md says, with faults that tests choose. */
import { createHash } from 'node:crypto';
import { command, improvError, improvState } from './commands.ts';
import { encodeFrame, encodeResult, frameType, type Request } from './frame.ts';
import { ScriptedPort } from './scripted-port-fixture.ts';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

export class ScriptedNode {
  readonly port = new ScriptedPort();
  readonly settings = new Map([['node', 'node-a1b2c3'], ['root', 'ic'], ['broker', ''], ['user', ''], ['password', ''], ['ca', ''], ['keys', '']]);
  readonly pending = new Map<string, Uint8Array>();
  readonly status = new Map([['wifi', 'idle'], ['broker', 'none'], ['guest', 'running'], ['guest.name', 'old.wasm'], ['guest.sha256', '00'.repeat(32)], ['uptime', '1200']]);
  /** SSID -> its password. */
  readonly reachable = new Map([['barn', 'hay-and-straw']]);
  readonly stored: string[] = [];
  /** Answers to be swallowed before the next that goes out. */
  swallow = 0;
  /** Refuses what is not Improv's own, as other firmware does. */
  improvOnly = false;
  /** What is wanted of the guest's trial. */
  trial: 'accepted' | 'rolled-back' = 'accepted';
  readonly guest = { sha256: '', name: '', size: 0, bytes: [] as number[] };

  constructor() {
    this.port.answer = (request) => this.#answer(request);
  }

  result(number: number, ...strings: string[]): void {
    if (this.swallow > 0) this.swallow--;
    else this.port.send(encodeResult(number, strings));
  }

  state(state: number): void {
    this.port.send(encodeFrame(frameType.state, Uint8Array.of(state)));
  }

  error(error: number): void {
    this.port.send(encodeFrame(frameType.error, Uint8Array.of(error)));
  }

  #answer({ command: number, data }: Request): void {
    if (number >= 0xa0 && this.improvOnly) return this.error(improvError.unknown);
    switch (number) {
      case command.device:
        return this.result(number, this.improvOnly ? 'esphome' : 'continuum-node', '1.0.0', 'ESP32', this.settings.get('node')!);
      case command.state:
        return this.state(improvState.ready);
      case command.scan:
        this.result(number, 'yard', '-80', 'NO');
        this.result(number, 'barn', '-71', 'YES');
        this.result(number, 'barn', '-48', 'YES');
        return this.result(number);
      case command.wifi:
        return this.#wifi(text(data.subarray(1, 1 + data[0]!)), text(data.subarray(2 + data[0]!)));
      case command.set:
        return this.#set(data);
      case command.apply:
        for (const [key, value] of this.pending) this.settings.set(key, text(value));
        this.pending.clear();
        if (this.settings.get('broker') !== '') this.status.set('broker', 'connecting');
        return this.result(number, 'ok');
      case command.settings:
        for (const [key, value] of this.settings) this.#setting(key, ['password', 'ca'].includes(key) && value !== '' ? 'set' : value);
        return this.result(number, 'ok');
      case command.status:
        for (const [key, value] of this.status) this.result(number, 'item', key, value);
        return this.result(number, 'ok');
      case command.networks:
        for (const ssid of this.stored) this.result(number, 'item', ssid);
        return this.result(number, 'ok');
      case command.guestBegin:
      case command.guestData:
      case command.guestEnd:
        return this.#guest(number, data);
      case command.command:
        this.result(number, 'item', '{"cmd":"ping","ok":1,');
        return this.result(number, 'ok', '"time_us":1700}');
      case command.calibrate:
        return this.result(number, 'ok', '{"ok":0,"seco":2600,"molhado":1100,"limiar":1700,"reason":"The probe is not calibrated so."}');
      default:
        return this.result(number, 'ok');
    }
  }

  /** A long value in several items, cut wherever a frame is full. */
  #setting(key: string, value: string): void {
    const bytes = new TextEncoder().encode(value);
    for (let at = 0; at === 0 || at < bytes.length; at += 200) {
      this.port.send(encodeResult(command.settings, ['item', key, bytes.subarray(at, at + 200)]));
    }
  }

  #wifi(ssid: string, password: string): void {
    this.state(improvState.provisioning);
    if (this.reachable.get(ssid) === password) {
      this.stored.push(ssid);
      this.status.set('wifi', 'online').set('ip', '192.168.1.7').set('rssi', '-48');
      this.state(improvState.provisioned);
      return this.result(command.wifi, 'http://192.168.1.7/');
    }
    this.status.set('wifi', 'failed').set('wifi.reason', this.reachable.has(ssid) ? 'wrong password' : 'not found');
    this.state(improvState.ready);
    this.error(improvError.unableToConnect);
  }

  #set(data: Uint8Array): void {
    const keyEnd = 1 + data[0]!;
    const key = text(data.subarray(1, keyEnd));
    const offset = data[keyEnd]! | (data[keyEnd + 1]! << 8);
    const value = data.subarray(keyEnd + 3, keyEnd + 3 + data[keyEnd + 2]!);
    const before = offset === 0 ? new Uint8Array(0) : this.pending.get(key)!;
    if (!this.settings.has(key) || before.length !== offset) return this.result(command.set, 'refused', 'No such setting or offset.');
    this.pending.set(key, Uint8Array.of(...before, ...value));
    this.result(command.set, 'ok');
  }

  #guest(number: number, data: Uint8Array): void {
    const { guest, status } = this;
    if (number === command.guestBegin) {
      const sha256 = Buffer.from(data.subarray(4, 36)).toString('hex');
      if (sha256 !== guest.sha256) guest.bytes = [];
      guest.sha256 = sha256;
      guest.size = Buffer.from(data).readUInt32LE(0);
      guest.name = text(data.subarray(109));
    } else if (number === command.guestData) {
      if (Buffer.from(data).readUInt32LE(0) === guest.bytes.length) guest.bytes.push(...data.subarray(4));
    } else {
      const whole = createHash('sha256').update(Uint8Array.from(guest.bytes)).digest('hex') === guest.sha256;
      if (!whole) {
        guest.bytes = [];
        return this.result(number, 'refused', 'The module arrived damaged.');
      }
      status.set('guest', 'trying').set('guest.name', guest.name).set('guest.sha256', guest.sha256).set('guest.steps', '1');
      setTimeout(() => this.#endTrial(), 2000);
      return this.result(number, 'ok');
    }
    this.result(number, 'ok', String(guest.bytes.length));
  }

  #endTrial(): void {
    this.status.set('guest', 'running');
    if (this.trial === 'rolled-back') {
      this.status.set('guest.name', 'old.wasm').set('guest.sha256', '00'.repeat(32)).set('guest.reason', 'The guest trapped: unreachable.');
    }
  }
}
