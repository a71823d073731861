/** The thread's side of a guest that blocks in a thread of its own. */
import { Arena } from './arena.ts';
import { BlockingChannel, Call, faultRecord, noRecord, type CallRecord } from './blocking-channel.ts';
import { GuestInstance, immediateImports, ownKind } from './guest-instance.ts';
import type { ThreadStart } from './guest-threads.ts';
import type { LoadedGuest } from './loaded-guest.ts';
import { OwnMemoryInstance } from './own-memory-instance.ts';
import { serveStreams } from './stream-server.ts';
import type { GuestFaultError } from './types.ts';

type Instance = GuestInstance | OwnMemoryInstance;

/** Serves the guest on the thread's own stack, and never returns: the thread is ended from outside. */
export function serveGuest({ buffer, guest, serves, budget }: ThreadStart): void {
  const channel = new BlockingChannel(buffer);
  if (serves === 'streams') serveStreams(channel, guest);
  else runLoop(channel, guest, budget);
}

function runLoop(channel: BlockingChannel, guest: LoadedGuest, budget: number): void {
  const { entry } = guest.checked;
  if (!entry) throw new Error('A guest without `main` cannot run as a loop.');
  let instance: Instance | null = null;
  const send = (record: CallRecord): number => {
    const now = instance && { retired: instance.retired(), ...instance.memory() };
    return channel.call({ ...record, ...now })[0];
  };
  const ask = (call: number, first = 0, second = 0, texts: [string, string] = ['', '']): number =>
    send({ ...noRecord, call, first, second, texts });
  /** A pause ends the slice, so the next one starts with a whole budget. */
  const pause = (call: number, value: number): number => {
    const answer = ask(call, value);
    instance?.refuel();
    return answer;
  };
  const host = {
    setOutput: (pin: number, level: number) => void ask(Call.setOutput, pin, level),
    log: (text: string) => void ask(Call.log, 0, 0, [text, '']),
    logInt: (value: number) => void ask(Call.logInt, value),
    publish: (topic: string, payload: string) => ask(Call.publish, 0, 0, [topic, payload]),
    config: (key: number) => ask(Call.config, key),
    paused: () => undefined,
  };
  ask(Call.ready);
  try {
    const imports = {
      ...immediateImports(() => host, () => instance ?? undefined),
      delay_ms: (ms: number) => void pause(Call.delay, ms),
      read_sensor: (sensor: number) => pause(Call.sensor, sensor),
    };
    instance = guest.metered ? new GuestInstance(guest, new Arena(), budget, ownKind(imports), null) : new OwnMemoryInstance(guest, imports);
    instance.function(entry.name)(...new Array<number>(entry.params).fill(0));
    ask(Call.returned);
  } catch (error) {
    const fault = instance?.fault(error) ?? (error as GuestFaultError).fault;
    send(faultRecord(fault));
  }
}
