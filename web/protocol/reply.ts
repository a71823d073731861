/** A node's answer to a command, under `reply` or where the request's response topic says. */
import * as v from 'valibot';
import { type CommandName, commandName } from './command.ts';
import { decimal, flag, integer, orNull, parseJson, text } from './json-payload.ts';
import type { Parsed } from './parsed.ts';

export interface Bench {
  /** Steps that were measured. */
  steps: number;
  /** CPU time, microseconds, mean. */
  usPerStep: number;
  /** Mean; null where the runtime does not count instructions. */
  instructionsPerStep: number | null;
}

export interface Reply {
  /** Null where the node could not read which command it was. */
  cmd: CommandName | null;
  /** The request's, null when it had none. */
  id: string | null;
  ok: boolean;
  /** The node's clock when it answered, microseconds since 1970 where it knows the date, else since boot; null where it did not say. */
  timeUs: number | null;
  /** The answer to `bench`, else null. */
  bench: Bench | null;
  /** Why it was not done, for people; null when it was. */
  reason: string | null;
}

const reply = v.pipe(
  v.object({
    cmd: orNull(commandName()),
    id: orNull(text(64)),
    ok: flag(),
    time_us: orNull(integer(0, Number.MAX_SAFE_INTEGER)),
    steps: orNull(integer(1, Number.MAX_SAFE_INTEGER)),
    us_per_step: orNull(decimal(0, Number.MAX_SAFE_INTEGER)),
    instructions_per_step: orNull(decimal(0, Number.MAX_SAFE_INTEGER)),
    reason: orNull(text(200)),
  }),
  v.transform((wire): Reply => ({
    cmd: wire.cmd,
    id: wire.id,
    ok: wire.ok,
    timeUs: wire.time_us,
    bench:
      wire.steps === null || wire.us_per_step === null
        ? null
        : { steps: wire.steps, usPerStep: wire.us_per_step, instructionsPerStep: wire.instructions_per_step },
    reason: wire.ok ? null : (wire.reason ?? 'No reason given.'),
  })),
);

export function parseReply(payload: string | Uint8Array): Parsed<Reply> {
  return parseJson(payload, reply);
}

/** Leaves out what is null. The reason is cut to 200 characters, which is what a parser takes. */
export function encodeReply(value: Reply): string {
  return JSON.stringify({
    cmd: value.cmd ?? undefined,
    id: value.id ?? undefined,
    ok: value.ok ? 1 : 0,
    time_us: value.timeUs ?? undefined,
    steps: value.bench?.steps,
    us_per_step: value.bench?.usPerStep,
    instructions_per_step: value.bench?.instructionsPerStep ?? undefined,
    reason: value.reason?.slice(0, 200),
  });
}
