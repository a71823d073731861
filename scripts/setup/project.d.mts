import type { SpawnSyncOptions } from 'node:child_process';

/** Of the project, with a slash at its end. */
export const root: string;
export const inCi: boolean;
/** Prints a sentence and ends. */
export function giveUp(sentence: string): never;
/** Runs a command with its output shown, in `root` when not told otherwise; returns its exit code. */
export function run(command: string, args: readonly string[], options?: SpawnSyncOptions): number;
export function requireNode(): void;
export function installPackages(): void;
export function buildIfStale(): void;
