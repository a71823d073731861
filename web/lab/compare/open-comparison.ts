/** Opens what compares modules, in threads of its own. */
import type { RuntimeId } from '../runtimes/runtime.ts';
import { runtimeFacts, runtimeIds } from '../runtimes/runtime-facts.ts';
import { ComparisonThread, HungError } from './comparison-thread.ts';
import type { ComparisonSetup } from './comparison.ts';
import type { ComparedModule, ComparePort, Portability, PortabilityRow, Work } from './compare-port.ts';

/** @param makeWorker makes a worker that calls `serveComparison` */
export function openComparison(makeWorker: () => Worker, setup: ComparisonSetup): ComparePort {
  const measuring = new ComparisonThread(makeWorker, setup);
  const reading = new ComparisonThread(makeWorker, setup);
  return {
    runtimes: () =>
      runtimeIds.map((id) => {
        const { title, about } = runtimeFacts[id];
        return id === 'wasmer' ? { id, title: `${title} ${setup.wasmer.version}`, about, loadsBytes: setup.wasmer.sizeBytes } : { id, title, about, loadsBytes: 0 };
      }),
    inspect: ({ bytes }) => reading.run('inspect', [bytes]),
    disassemble: ({ bytes }) => reading.run('disassemble', [bytes]),
    cost: (module, order, work) => measuring.run('cost', [module, order], work),
    behaviour: (a, b, order, work) => measuring.run('behaviour', [a, b, order], work),
    times: (modules, order, work) => measuring.run('times', [modules, order], work),
    coldStarts: (modules, order, work) => measuring.run('coldStarts', [modules, order], work),
    portability: (modules, work) => tryAll(measuring, modules, work ?? {}),
    close() {
      measuring.close();
      reading.close();
    },
  };
}

/** One order for each place of the matrix: a module that hangs costs its thread, and no other place. */
async function tryAll(thread: ComparisonThread, modules: readonly ComparedModule[], { signal, told }: Work): Promise<PortabilityRow[]> {
  const tried = modules.flatMap(({ id, name, bytes, wasi }) => [{ id, name, bytes }, ...(wasi ? [{ id, name: wasi.name, bytes: wasi.bytes }] : [])]);
  const rows: PortabilityRow[] = [];
  let done = 0;
  for (const { id, name, bytes } of tried) {
    const cells: { runtime: RuntimeId; found: Portability }[] = [];
    for (const runtime of runtimeIds) {
      told?.({ share: done / (tried.length * runtimeIds.length), what: `${name} on ${runtimeFacts[runtime].title}` });
      cells.push({ runtime, found: await tryOne(thread, runtime, name, bytes, signal) });
      done += 1;
    }
    rows.push({ module: id, name, cells });
  }
  return rows;
}

async function tryOne(thread: ComparisonThread, runtime: RuntimeId, name: string, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<Portability> {
  try {
    return await thread.run<Portability>('tryModule', [runtime, name, bytes], { signal });
  } catch (error) {
    if (error instanceof HungError) return { kind: 'faulted', reason: error.message };
    throw error;
  }
}
