/** A board played by mosquitto_pub and mosquitto_sub alone, which knows only readings and configurations. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface PlainConfig {
  seco: number;
  molhado: number;
  limiar: number;
}

export class PlainBoard {
  readonly id: string;
  readonly #port: number;
  readonly #listener: ChildProcess;
  #timer: NodeJS.Timeout | null = null;
  /** In force. */
  config: PlainConfig = { seco: 2600, molhado: 1100, limiar: 1700 };
  /** ADC counts of the next readings. */
  raw = 1830;
  sent = 0;

  constructor(id: string, port: number) {
    this.id = id;
    this.#port = port;
    this.#listener = spawn('mosquitto_sub', ['-h', '127.0.0.1', '-p', String(port), '-i', `${id}-listener`, '-t', `ic/${id}/config`]);
    this.#listener.stdout!.on('data', (bytes: Buffer) => {
      for (const line of String(bytes).split('\n')) if (line !== '') this.config = JSON.parse(line) as PlainConfig;
    });
  }

  /** As the guest computes it. */
  get reading(): { umidade: number; seco: number; pct: number } {
    const { seco, molhado, limiar } = this.config;
    const percent = 100 - Math.trunc(((this.raw - molhado) * 100) / (seco - molhado));
    return { umidade: this.raw, seco: this.raw > limiar ? 1 : 0, pct: Math.min(100, Math.max(0, percent)) };
  }

  async publish(): Promise<void> {
    const payload = JSON.stringify(this.reading);
    this.sent += 1;
    await run('mosquitto_pub', ['-h', '127.0.0.1', '-p', String(this.#port), '-q', '1', '-t', `ic/${this.id}/data`, '-m', payload]);
  }

  start(everyMs: number): void {
    this.#timer = setInterval(() => void this.publish().catch(() => undefined), everyMs);
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#listener.kill();
  }
}
