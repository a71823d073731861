/**
 * A board's serial port on a TCP socket, with baud rate and control lines, as RFC 2217 has it and esptool's `rfc2217://`
 * speaks it. One client at a time. https://www.rfc-editor.org/rfc/rfc2217
 */
import { createServer, type Socket } from 'node:net';
import type { BoardPort } from '../../web/devices/port/board-port.ts';
import { type Bridge, listenOnLoopback } from './bridge.ts';
import { escapeData, subnegotiation, Telnet, TelnetReader } from './telnet.ts';

const BINARY = 0;
const SUPPRESS_GO_AHEAD = 3;
const COM_PORT = 44;
const ACCEPTED = new Set([BINARY, SUPPRESS_GO_AHEAD, COM_PORT]);

const SET_BAUD = 1;
const SET_CONTROL = 5;
const PURGE = 12;
/** The server's answer to a command has this much more. */
const ANSWER = 100;
const Control = { dtrOn: 8, dtrOff: 9, rtsOn: 11, rtsOff: 12 } as const;
const FIRST_BAUD = 115_200;

/** `port` 0 takes any that is free. Loopback only. */
export async function serveRfc2217(board: BoardPort, port = 0): Promise<Bridge> {
  const clients = new Set<Client>();
  const server = createServer((socket) => {
    if (clients.size > 0) {
      socket.destroy();
      return;
    }
    const client = new Client(board, socket);
    clients.add(client);
    socket.on('close', () => void client.end().finally(() => clients.delete(client)));
  });
  const tcpPort = await listenOnLoopback(server, port);
  return {
    url: `rfc2217://127.0.0.1:${tcpPort}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const client of clients) client.drop();
      await closed;
    },
  };
}

class Client {
  readonly #board: BoardPort;
  readonly #socket: Socket;
  readonly #reader: TelnetReader;
  readonly #signals = { dataTerminalReady: true, requestToSend: true };
  #baud = FIRST_BAUD;
  #portReader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  #pumping: Promise<void> = Promise.resolve();
  /** What was asked for, one after the other. */
  #work: Promise<void>;

  constructor(board: BoardPort, socket: Socket) {
    this.#board = board;
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    this.#reader = new TelnetReader({
      data: (bytes) => this.#then(() => this.#write(bytes)),
      option: (verb, option) => this.#negotiate(verb, option),
      subnegotiation: (body) => this.#then(() => this.#command(body)),
    });
    this.#work = this.#open();
    this.#work.catch((error: unknown) => socket.destroy(error as Error));
    socket.on('data', (chunk) => this.#reader.push(chunk));
  }

  drop(): void {
    this.#socket.destroy();
  }

  async end(): Promise<void> {
    await this.#work.catch(() => undefined);
    if (this.#board.readable !== null || this.#board.writable !== null) await this.#close();
  }

  #then(step: () => Promise<void>): void {
    this.#work = this.#work.then(step);
    this.#work.catch((error: unknown) => this.#socket.destroy(error as Error));
  }

  async #open(): Promise<void> {
    await this.#board.open({ baudRate: this.#baud });
    await this.#board.setSignals(this.#signals);
    this.#pumping = this.#pump();
  }

  async #close(): Promise<void> {
    await this.#portReader?.cancel().catch(() => undefined);
    await this.#pumping;
    await this.#board.close();
  }

  async #pump(): Promise<void> {
    const reader = this.#board.readable!.getReader();
    this.#portReader = reader;
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        if (this.#socket.writable) this.#socket.write(escapeData(next.value));
      }
    } catch (error) {
      this.#socket.destroy(error as Error);
    } finally {
      reader.releaseLock();
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const writer = this.#board.writable!.getWriter();
    try {
      await writer.write(bytes);
    } finally {
      writer.releaseLock();
    }
  }

  #negotiate(verb: number, option: number): void {
    const yes = ACCEPTED.has(option);
    if (verb === Telnet.will) this.#send([Telnet.iac, yes ? Telnet.do : Telnet.dont, option]);
    else if (verb === Telnet.do) this.#send([Telnet.iac, yes ? Telnet.will : Telnet.wont, option]);
  }

  async #command(body: Uint8Array): Promise<void> {
    if (body[0] !== COM_PORT) return;
    const [, command, ...value] = body;
    if (command === SET_BAUD) {
      const baud = new DataView(Uint8Array.from(value).buffer).getUint32(0);
      if (baud !== 0 && baud !== this.#baud) {
        this.#baud = baud;
        await this.#close();
        await this.#open();
      }
    } else if (command === SET_CONTROL) {
      await this.#control(value[0]!);
    }
    // All else (bits, parity, stop bits, masks) is agreed to: a board knows 8N1 only.
    if (command! <= PURGE) this.#socket.write(subnegotiation([COM_PORT, command! + ANSWER, ...value]));
  }

  async #control(value: number): Promise<void> {
    if (value === Control.dtrOn || value === Control.dtrOff) this.#signals.dataTerminalReady = value === Control.dtrOn;
    else if (value === Control.rtsOn || value === Control.rtsOff) this.#signals.requestToSend = value === Control.rtsOn;
    else return;
    await this.#board.setSignals(this.#signals);
  }

  #send(bytes: readonly number[]): void {
    this.#socket.write(Uint8Array.from(bytes));
  }
}
