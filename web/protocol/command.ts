/**
 * A request to a node, under `cmd`. Over MQTT 5 its response topic says where the answer goes and its correlation data
 * which one it is; over 3.1.1 the answer goes to the node's `reply` and repeats `id`.
 */
import * as v from 'valibot';
import { orNull, parseJson, text } from './json-payload.ts';
import type { Parsed } from './parsed.ts';

export const commandNames = ['ping', 'bench', 'identify', 'restart'] as const;

/** `ping` asks for the clock, `bench` what a step costs, `identify` makes it known where it stands (a board blinks). */
export type CommandName = (typeof commandNames)[number];

export interface Command {
  cmd: CommandName;
  /** Repeated in the answer, so that a client without MQTT 5 can tell its requests apart; at most 64 characters. */
  id: string | null;
}

export function commandName() {
  return v.picklist(commandNames, 'must be "ping", "bench", "identify" or "restart"');
}

const command = v.pipe(
  v.object({ cmd: commandName(), id: orNull(text(64)) }),
  v.transform((wire): Command => wire),
);

export function parseCommand(payload: string | Uint8Array): Parsed<Command> {
  return parseJson(payload, command);
}

/** Leaves out an `id` that is null. */
export function encodeCommand(value: Command): string {
  return JSON.stringify({ cmd: value.cmd, id: value.id ?? undefined });
}
