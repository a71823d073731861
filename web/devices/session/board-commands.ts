/** What can be asked of a running board over its line, beside its setting up. Answers never reject; reasons are sentences. */
import { type ConfigAck, parseConfigAck } from '../../protocol/config-ack.ts';
import { type CommandName, encodeCommand } from '../../protocol/command.ts';
import { checkNodeConfig, encodeNodeConfig, type NodeConfig } from '../../protocol/node-config.ts';
import type { Parsed } from '../../protocol/parsed.ts';
import { parseReply, type Reply } from '../../protocol/reply.ts';
import type { BoardStatus, Settings } from './board-facts.ts';
import { type SandboxFigures, sandboxFigures } from './bench-figures.ts';
import { settingsOf, statusOf } from './board-status.ts';
import { command } from './commands.ts';
import { type Answer, type Answered, failure } from './exchange.ts';
import { MAX_REQUEST_BYTES, prefixed } from './frame.ts';
import type { ImprovClient } from './improv-client.ts';

const encoder = new TextEncoder();

export class BoardCommands {
  readonly #client: ImprovClient;

  constructor(client: ImprovClient) {
    this.#client = client;
  }

  async status(): Promise<Answered<BoardStatus>> {
    return mapped(await this.#client.request(command.status), ({ rawItems }) => statusOf(rawItems));
  }

  async settings(): Promise<Answered<Settings>> {
    return mapped(await this.#client.request(command.settings), ({ rawItems }) => settingsOf(rawItems));
  }

  /** SSIDs that the board knows the password of. */
  async networks(): Promise<Answered<string[]>> {
    return mapped(await this.#client.request(command.networks), ({ items }) => items.map(([ssid = '']) => ssid));
  }

  async forget(ssid: string): Promise<Answered<null>> {
    return mapped(await this.#client.request(command.forget, prefixed(ssid)), () => null);
  }

  /** A setting's value takes force with `apply`; an empty one takes it away. */
  async set(key: string, value: string): Promise<Answered<null>> {
    const bytes = encoder.encode(value);
    const pieceBytes = MAX_REQUEST_BYTES - prefixed(key).length - 3;
    for (let offset = 0; offset === 0 || offset < bytes.length; offset += pieceBytes) {
      const piece = prefixed(bytes.subarray(offset, offset + pieceBytes));
      const data = Uint8Array.of(...prefixed(key), offset & 0xff, offset >> 8, ...piece);
      const answer = await this.#client.request(command.set, data);
      if (!answer.ok) return answer;
    }
    return { ok: true, value: null };
  }

  async apply(): Promise<Answered<null>> {
    return mapped(await this.#client.request(command.apply), () => null);
  }

  ping(): Promise<Answered<Reply>> {
    return this.#command('ping');
  }

  /** Takes some seconds; refused while no guest runs. */
  async bench(): Promise<Answered<Reply & { sandbox: SandboxFigures }>> {
    const answer = await this.#ask('bench');
    return answer.ok ? mapped(replyIn(answer.value), (reply) => ({ ...reply, sandbox: sandboxFigures(answer.value.text) })) : answer;
  }

  /** The board blinks. */
  identify(): Promise<Answered<Reply>> {
    return this.#command('identify');
  }

  /** The guest starts anew, also one that was given up; the board goes on. For the chip there is `SerialSession.reset`. */
  restart(): Promise<Answered<Reply>> {
    return this.#command('restart');
  }

  /** What is in force afterwards; refused values change nothing. */
  async calibrate(config: NodeConfig): Promise<Answered<ConfigAck>> {
    const broken = checkNodeConfig(config);
    if (broken !== null) return failure('refused', broken);
    const answer = await this.#client.request(command.calibrate, encoder.encode(encodeNodeConfig(config)));
    return answer.ok ? read(parseConfigAck(answer.value.text)) : answer;
  }

  /** Networks, broker, keys and calibration are forgotten; guests stay, and the board restarts. */
  async eraseSettings(): Promise<Answered<null>> {
    return mapped(await this.#client.request(command.eraseSettings, encoder.encode('erase')), () => null);
  }

  async #command(cmd: CommandName): Promise<Answered<Reply>> {
    const answer = await this.#ask(cmd);
    return answer.ok ? replyIn(answer.value) : answer;
  }

  #ask(cmd: CommandName): Promise<Answered<Answer>> {
    return this.#client.request(command.command, encoder.encode(encodeCommand({ cmd, id: null })), { long: true });
  }
}

function replyIn({ text }: Answer): Answered<Reply> {
  const reply = read(parseReply(text));
  return reply.ok && !reply.value.ok ? failure('refused', reply.value.reason ?? 'The board refused, and gave no reason.') : reply;
}

function mapped<T, U>(answer: Answered<T>, map: (value: T) => U): Answered<U> {
  return answer.ok ? { ok: true, value: map(answer.value) } : answer;
}

/** What a board writes and this page cannot read is the board's mistake. */
function read<T>(parsed: Parsed<T>): Answered<T> {
  return parsed.ok ? parsed : failure('disturbed', `The board's answer cannot be read: ${parsed.reason}`);
}
