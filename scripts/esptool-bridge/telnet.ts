/** Telnet as RFC 2217 needs it: bytes, options and subnegotiations taken apart, and put together. */
export const Telnet = { se: 240, sb: 250, will: 251, wont: 252, do: 253, dont: 254, iac: 255 } as const;

export interface TelnetEvents {
  data(bytes: Uint8Array): void;
  /** `verb` is one of WILL, WONT, DO, DONT. */
  option(verb: number, option: number): void;
  subnegotiation(body: Uint8Array): void;
}

type State = 'data' | 'iac' | 'option' | 'body' | 'body-iac';

export class TelnetReader {
  readonly #events: TelnetEvents;
  #state: State = 'data';
  #verb = 0;
  #body: number[] = [];

  constructor(events: TelnetEvents) {
    this.#events = events;
  }

  push(chunk: Uint8Array): void {
    const data: number[] = [];
    const flush = () => {
      if (data.length > 0) this.#events.data(Uint8Array.from(data.splice(0)));
    };
    for (const byte of chunk) {
      switch (this.#state) {
        case 'data':
          if (byte === Telnet.iac) this.#state = 'iac';
          else data.push(byte);
          break;
        case 'iac':
          this.#state = 'data';
          if (byte === Telnet.iac) data.push(byte);
          else if (byte === Telnet.sb) {
            this.#state = 'body';
            this.#body = [];
          } else if (byte >= Telnet.will) {
            this.#verb = byte;
            this.#state = 'option';
          }
          break;
        case 'option':
          this.#state = 'data';
          flush();
          this.#events.option(this.#verb, byte);
          break;
        case 'body':
          if (byte === Telnet.iac) this.#state = 'body-iac';
          else this.#body.push(byte);
          break;
        case 'body-iac':
          this.#state = byte === Telnet.se ? 'data' : 'body';
          if (byte === Telnet.iac) this.#body.push(byte);
          else if (byte === Telnet.se) {
            flush();
            this.#events.subnegotiation(Uint8Array.from(this.#body));
          }
          break;
      }
    }
    flush();
  }
}

export function escapeData(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from([...bytes].flatMap((byte) => (byte === Telnet.iac ? [byte, byte] : [byte])));
}

export function subnegotiation(body: readonly number[]): Uint8Array {
  return Uint8Array.from([Telnet.iac, Telnet.sb, ...escapeData(Uint8Array.from(body)), Telnet.iac, Telnet.se]);
}
