/** Turns the texts beside this file into what the page ships: the words of the hostile guests, and the bytes of their modules. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import wabt from 'wabt';
import type { HostileGuest } from '../../../web/lab/isolation/hostile-guest.ts';
import { damagedBytes, damagedVariants } from './damaged-modules.ts';
import { hostSources } from './host-sources.ts';
import { memorySources } from './memory-sources.ts';
import { moduleSources } from './module-sources.ts';
import { pointerSources } from './pointer-sources.ts';
import { runningSources } from './running-sources.ts';
import type { HostileSource, HostileVariant } from './source.ts';

const sources: readonly HostileSource[] = [...memorySources, ...pointerSources, ...runningSources, ...hostSources, ...moduleSources];

const damaged: HostileGuest = {
  id: 'damaged',
  group: 'module',
  title: 'Damaged files',
  tries: 'Is no module at all, or one whose own figures are false: sizes of gigabytes, numbers that never end.',
  contained: 'It is refused with a reason, at once; whoever reads it neither fails nor sets such memory aside.',
  mustStop: true,
  forms: ['env'],
  variants: damagedVariants,
};

type Assembler = Awaited<ReturnType<typeof wabt>>;

function assembled(assembler: Assembler, name: string, text: string): Uint8Array {
  const module = assembler.parseWat(name, text, {});
  try {
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

function filled(text: string, { put = {} }: HostileVariant): string {
  const done = Object.entries(put).reduce((so, [name, value]) => so.replaceAll(`@${name}@`, () => value), text);
  const left = /@[A-Z]+@/.exec(done.replace('@ACT@', ''));
  if (left) throw new Error(`${left[0]} is not given.`);
  return done;
}

const read = (name: string): Promise<string> => readFile(join(import.meta.dirname, `${name}.wat`), 'utf8');

/** The content of web/lab/isolation/hostile-guests.gen.json. */
export async function generateHostileGuests(): Promise<string> {
  const assembler = await wabt();
  const modules: Record<string, string> = {};
  const frames = { env: await read('env.frame'), wasi: await read('wasi.frame') };
  for (const source of sources) {
    const act = await read(source.text);
    for (const variant of source.variants) {
      for (const form of source.forms) {
        const name = `${source.id}/${variant.id}.${form}`;
        try {
          const text = filled(act, variant);
          const bytes = assembled(assembler, name, source.whole ? text : frames[form].replace('@ACT@', () => text));
          modules[name] = Buffer.from(bytes).toString('base64');
        } catch (error) {
          throw new Error(`${name} cannot be assembled: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
        }
      }
    }
  }
  for (const { id } of damagedVariants) modules[`${damaged.id}/${id}.env`] = Buffer.from(damagedBytes(id)).toString('base64');
  const guests = [
    ...sources.map(({ id, group, title, tries, contained, mustStop, variants, forms }) => ({
      ...{ id, group, title, tries, contained, mustStop, forms },
      variants: variants.map((variant) => ({ id: variant.id, what: variant.what })),
    })),
    damaged,
  ];
  return `${JSON.stringify({ guests, modules }, null, 1)}\n`;
}
