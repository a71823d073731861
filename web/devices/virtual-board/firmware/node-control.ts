/** What a node does for those who write to it: takes its calibration, answers commands, tries new guests. */
import { configDefaults } from '../../../guest/abi.gen.ts';
import { encodeReply, parseCommand, parseGuestOffer, type Bench, type Command } from '../../../protocol/control-payloads.ts';
import type { MqttMessage } from '../../../protocol/message.ts';
import { encodeConfigAck, encodeNodeConfig, parseNodeConfig, type NodeConfig } from '../../../protocol/payloads.ts';
import { verifyOffer, type TrustedKey } from '../../signing/verify-offer.ts';
import type { Guests } from './guests.ts';
import type { Log } from './log.ts';
import type { Nvs } from './nvs.ts';

export interface NodeControlParts {
  nvs: Nvs;
  log: Log;
  guests: Guests;
  bench(): Bench | null;
  trustedKeys(): Promise<TrustedKey[]>;
  /** Microseconds since 1970. */
  epochUs(): number;
  identify(): void;
  /** Soon, so that the answer is on its way. */
  restartSoon(): void;
}

const STORED_AS = 'config';

export class NodeControl {
  readonly #parts: NodeControlParts;
  readonly config: Required<NodeConfig>;

  constructor(parts: NodeControlParts) {
    this.#parts = parts;
    const stored = parts.nvs.get(STORED_AS);
    const parsed = stored && parseNodeConfig(stored);
    this.config = { ...configDefaults, ...(parsed?.ok ? parsed.value : {}) };
  }

  /** Takes a payload of `config`; the answer is one of `config/ack`. */
  configure(payload: string): string {
    const { log, nvs } = this.#parts;
    const parsed = parseNodeConfig(payload);
    if (parsed.ok) {
      Object.assign(this.config, parsed.value);
      nvs.set(STORED_AS, new TextEncoder().encode(encodeNodeConfig(this.config)));
      log.info('node', 'new configuration in force');
    } else log.warn('node', `configuration refused: ${parsed.reason}`);
    return encodeConfigAck({ accepted: parsed.ok, inForce: this.config, reason: parsed.ok ? null : parsed.reason });
  }

  /** Takes a payload of `cmd`; the answer is one of `reply`. */
  command(payload: string): string {
    const { log, restartSoon, identify } = this.#parts;
    const parsed = parseCommand(payload);
    if (!parsed.ok) {
      log.warn('node', `command refused: ${parsed.reason}`);
      return this.#reply({ cmd: null, id: null }, null, parsed.reason);
    }
    const { cmd } = parsed.value;
    const bench = cmd === 'bench' ? this.#parts.bench() : null;
    if (cmd === 'bench' && !bench) return this.#reply(parsed.value, null, 'No step is complete yet; ask again later.');
    if (cmd === 'restart') restartSoon();
    else if (cmd === 'identify') identify();
    return this.#reply(parsed.value, bench, null);
  }

  /** Takes a message of `guest`. */
  async takeGuest({ binary, userProperties }: MqttMessage): Promise<void> {
    const { guests, trustedKeys } = this.#parts;
    const offer = parseGuestOffer(userProperties);
    if (!offer.ok) {
      guests.refuse({ name: '', sha256: '' }, offer.reason);
      return;
    }
    const { name, sha256, key, signature } = offer.value;
    const module = binary ?? new Uint8Array(0);
    await guests.install({ module, name, sha256, signer: { key, signature } }, async () => {
      const verdict = await verifyOffer(module, offer.value, await trustedKeys());
      return verdict.ok ? null : verdict.reason;
    });
  }

  #reply(command: { cmd: Command['cmd'] | null; id: string | null }, bench: Bench | null, reason: string | null): string {
    return encodeReply({ ...command, ok: reason === null, timeUs: this.#parts.epochUs(), bench, reason });
  }
}
