/** The runtimes that hostile guests are tried on, in words. */
import type { IsolationRuntime } from './isolation-port.ts';

export interface RuntimeNames {
  /** `Chromium 156` or what the browser calls itself. */
  browser: string;
  /** Version of @wasmer/sdk. */
  wasmer: string;
  /** Of the outcomes that the tests kept. */
  wamr: { version: string; measuredOn: string };
}

export function isolationRuntimes({ browser, wasmer, wamr }: RuntimeNames): IsolationRuntime[] {
  return [
    {
      id: 'transformed',
      title: `Shared memory, on ${browser}`,
      about:
        'The module is rewritten so that it counts its instructions and stays within its window of one memory that all guests share. Two honest guests lie directly before and behind it; every byte of theirs, and every byte between the windows, is compared before and after each of its slices.',
      basis: 'here',
    },
    {
      id: 'browser',
      title: `A memory of its own, on ${browser}`,
      about:
        'The module as it is, in a worker, on the engine alone: it is how guests run that cannot be rewritten. Nothing counts its instructions; a clock ends its worker. The neighbour is an honest guest in another worker.',
      basis: 'here',
    },
    {
      id: 'node',
      title: 'A whole simulated continuum',
      about:
        'One of three edge nodes runs it. The same continuum with an honest guest in its place is the comparison: what the two other edge nodes, the fog and the cloud do, and when, in virtual time.',
      basis: 'here',
    },
    {
      id: 'wasmer',
      title: `@wasmer/sdk ${wasmer}`,
      about:
        'A WASI program with the same act, in a sandbox without files and network. An honest program beside it answers line by line. Guests that act through the functions of the guest ABI have no WASI form and are not tried here.',
      basis: 'here',
    },
    {
      id: 'wamr',
      title: `WAMR ${wamr.version}, the host of the firmware`,
      about:
        "The firmware's guest host, compiled for a computer under AddressSanitizer and UndefinedBehaviorSanitizer, with two honest guests in threads of the same process. Timing there is that of the computer under sanitizers, not that of a board.",
      basis: 'tests',
      measuredOn: wamr.measuredOn,
    },
    {
      id: 'native',
      title: 'Native TypeScript',
      about: 'The guest as a part of the page. It is not isolated; this column is stated, not measured.',
      basis: 'stated',
    },
  ];
}
