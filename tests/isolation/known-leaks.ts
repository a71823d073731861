/**
 * What is not contained, and known: the page says so. A leak that is not listed here fails the tests, and so does one that is
 * listed and has been closed.
 */
import type { IsolationRuntimeId } from '../../web/lab/isolation/isolation-port.ts';

/** `GUEST/VARIANT`, or `GUEST/*`. */
export const knownLeaks: Readonly<Partial<Record<IsolationRuntimeId, readonly string[]>>> = {
  wasmer: [
    // A module that fails while it is instantiated ends the thread pool of @wasmer/sdk 0.16: no other program can be started.
    ...['data-outside/*', 'element-outside/*', 'start-trap/*', 'start-recursion/*'],
    // It knows no ceiling below what WebAssembly itself allows.
    ...['large-declarations/memory', 'large-declarations/table', 'table-growth/*'],
    ...['memory-growth/at-once', 'memory-growth/bit-by-bit', 'memory-growth/undeclared'],
  ],
};
