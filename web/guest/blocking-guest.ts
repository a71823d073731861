/** The worker's side of a `BlockingLoop`: runs `main` on the worker's own stack. */
import { Arena } from './arena.ts';
import { BlockingChannel, Call } from './blocking-channel.ts';
import type { BlockingStart } from './blocking-loop.ts';
import { GuestInstance, immediateImports } from './guest-instance.ts';

/** Prepares the guest, then returns the function that runs it; that one blocks until the guest ends. */
export function prepareBlockingGuest({ buffer, guest, budget }: BlockingStart): () => void {
  const channel = new BlockingChannel(buffer);
  const entry = guest.checked.entry;
  if (!entry) throw new Error('A guest without `main` cannot run as a loop.');
  const ask = (call: number, first = 0, second = 0, texts: [string, string] = ['', '']): number =>
    channel.callSimulation({ call, first, second, retired: instance.retired(), texts });
  /** A pause ends the slice, so the next one starts with a whole budget. */
  const pause = (call: number, value: number): number => {
    const answer = ask(call, value);
    instance.refuel();
    return answer;
  };
  const host = {
    setOutput: (pin: number, level: number) => void ask(Call.setOutput, pin, level),
    log: (text: string) => void ask(Call.log, 0, 0, [text, '']),
    logInt: (value: number) => void ask(Call.logInt, value),
    publish: (topic: string, payload: string) => ask(Call.publish, 0, 0, [topic, payload]),
    config: (key: number) => ask(Call.config, key),
  };
  const instance: GuestInstance = new GuestInstance(guest, new Arena(), budget, {
    ...immediateImports(host, () => instance),
    delay_ms: (ms: number) => void pause(Call.delay, ms),
    read_sensor: (sensor: number) => pause(Call.sensor, sensor),
  });
  return () => {
    channel.awaitStart();
    try {
      instance.function(entry.name)(...new Array<number>(entry.params).fill(0));
      ask(Call.returned);
    } catch (error) {
      ask(Call.fault, 0, 0, [JSON.stringify(instance.fault(error)), '']);
    }
  };
}
