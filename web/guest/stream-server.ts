/** The thread's side of stream guests that cannot be metered: many instances, each with a memory of its own. */
import { Call, faultRecord, noRecord, type BlockingChannel, type CallRecord } from './blocking-channel.ts';
import type { LoadedGuest } from './loaded-guest.ts';
import { OwnMemoryInstance } from './own-memory-instance.ts';
import { openStream } from './stream-guest.ts';
import { GuestFaultError } from './types.ts';

/** Requests; the second number names the instance. */
export const StreamRequest = { open: 0, call: 1, close: 2 } as const;
/** The third number of a call; its arguments follow. */
export const streamFunctions = ['process', 'filter_value', 'detect_anomaly'] as const;

export function serveStreams(channel: BlockingChannel, guest: LoadedGuest): void {
  const instances = new Map<number, OwnMemoryInstance>();
  let answer: CallRecord = { ...noRecord, call: Call.ready };
  for (;;) {
    const [request, id, index, ...values] = channel.call(answer);
    if (request === StreamRequest.open) answer = open(guest, id, instances);
    else if (request === StreamRequest.call) answer = call(instances.get(id) as OwnMemoryInstance, index, values);
    else {
      instances.delete(id);
      answer = { ...noRecord, call: Call.result };
    }
  }
}

function open(guest: LoadedGuest, id: number, instances: Map<number, OwnMemoryInstance>): CallRecord {
  try {
    const instance = openStream((imports) => new OwnMemoryInstance(guest, imports));
    instances.set(id, instance);
    return { ...noRecord, call: Call.result, ...instance.memory() };
  } catch (error) {
    if (!(error instanceof GuestFaultError)) throw error;
    return faultRecord(error.fault);
  }
}

function call(instance: OwnMemoryInstance, index: number, values: number[]): CallRecord {
  try {
    const result = instance.function(streamFunctions[index])(...values);
    return { ...noRecord, call: Call.result, result, ...instance.memory() };
  } catch (error) {
    return { ...faultRecord(instance.fault(error)), ...instance.memory() };
  }
}
