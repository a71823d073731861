/** What the runtimes are called and what is measured when it is measured there. */
import type { RuntimeId } from './runtime.ts';

export const runtimeFacts: Readonly<Record<RuntimeId, { title: string; about: string }>> = {
  browser: {
    title: "The browser's engine",
    about:
      'The module byte for byte as it came, compiled by this browser, in a memory of its own. Nothing counts its instructions, so only a clock from outside can stop it.',
  },
  transformed: {
    title: 'The transformed module',
    about:
      'The module rewritten so that its instructions are counted and limited and its memory is a window of a shared one: how the simulation runs guests. Compiled by this browser.',
  },
  wasmer: {
    title: '@wasmer/sdk',
    about:
      'The WASI build of the same logic as a process of Wasmer, compiled by this browser: lines on standard input, lines on standard output. One line calls all three functions.',
  },
  native: {
    title: 'Native TypeScript',
    about:
      "The irrigation guest's own logic, written in TypeScript. It runs none of a module's code, so it stands beside modules that have the irrigation guest's exports and can replace no other.",
  },
};
export const runtimeIds = Object.keys(runtimeFacts) as RuntimeId[];
