/**
 * The house stands on these rules: without them one careless import ties the simulation to the page,
 * and one `Math.random` makes two runs of the same experiment differ.
 */
import { ESLint } from 'eslint';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const eslint = new ESLint({ cwd: root });
const houseRules = ['house/arrows', 'house/file-names', 'no-console', 'max-lines'];

/** Ids of the house's rules that the code breaks when it stands at `file`. */
async function broken(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: path.join(root, file) });
  const messages = result?.messages ?? [];
  expect(messages.filter((message) => message.fatal)).toEqual([]);
  return messages
    .map((message) => message.ruleId ?? '')
    .filter((id) => houseRules.includes(id) || id.startsWith('no-restricted-'));
}

// The first run loads the parsers, which takes seconds on a busy machine.
beforeAll(() => broken('web/ui/Warm.svelte', '<p>warm</p>\n'), 60_000);

const importing = (target: string) => `import { thing } from '${target}';\nexport const other = thing;\n`;

describe('arrows between layers', () => {
  const order = ['app', 'ui', 'lab', 'sim', 'guest', 'protocol'];
  const pairs = order.flatMap((from) => order.filter((to) => to !== from).map((to) => [from, to] as const));

  it.each(pairs)('web/%s -> web/%s is allowed exactly when it points down', async (from, to) => {
    const down = order.indexOf(from) < order.indexOf(to);
    const found = await broken(`web/${from}/probe.ts`, importing(`../${to}/thing.ts`));
    expect(found).toEqual(down ? [] : ['house/arrows']);
  });

  const siblings = ['lab', 'devices', 'history', 'mqtt'];
  it.each(siblings)('web/%s imports none of its siblings', async (from) => {
    for (const to of siblings.filter((name) => name !== from)) {
      expect(await broken(`web/${from}/probe.ts`, importing(`../${to}/thing.ts`))).toEqual(['house/arrows']);
    }
    expect(await broken(`web/${from}/probe.ts`, importing('../sim/thing.ts'))).toEqual([]);
    expect(await broken(`web/${from}/deep/probe.ts`, importing('../thing.ts'))).toEqual([]);
  });

  it.each([
    ['a type import', "import type { T } from '../ui/thing.ts';\nexport type U = T;\n"],
    ['an inline type import', "export type U = import('../ui/thing.ts').T;\n"],
    ['a dynamic import', "export const load = () => import('../ui/thing.ts');\n"],
    ['a re-export', "export { thing } from '../ui/thing.ts';\n"],
    ['a re-export of everything', "export * from '../ui/thing.ts';\n"],
    ['a worker address', "export const at = new URL('../ui/thing.ts', import.meta.url);\n"],
    ['a path from the root', "export { thing } from '/web/ui/thing.ts';\n"],
    ['a script', "export { thing } from '../../scripts/thing.ts';\n"],
  ])('no way round by %s', async (_, code) => {
    expect(await broken('web/sim/probe.ts', code)).toEqual(['house/arrows']);
  });

  it('sees imports inside components', async () => {
    const code = "<script lang=\"ts\">\n  import { wire } from '../app/wire.ts';\n  wire();\n</script>\n";
    expect(await broken('web/ui/Probe.svelte', code)).toEqual(['house/arrows']);
  });

  const impure = ['svelte', 'svelte/store', 'dexie', 'node:fs', 'comlink', '@lucide/svelte'];
  it.each(impure)('keeps %s out of the simulation', async (name) => {
    expect(await broken('web/sim/probe.ts', importing(name))).toEqual(['house/arrows']);
    expect(await broken('web/app/probe.ts', importing(name))).toEqual([]);
  });

  it('lets tests and scripts import what they need', async () => {
    expect(await broken('web/sim/probe.test.ts', importing('../app/thing.ts'))).toEqual([]);
    expect(await broken('scripts/probe.ts', importing('../web/app/thing.ts'))).toEqual([]);
    expect(await broken('tests/browser/probe.ts', importing('../../web/ui/thing.ts'))).toEqual([]);
  });
});

describe('purity', () => {
  const impure: [code: string, rule: string][] = [
    ['export const t = Date.now();', 'no-restricted-properties'],
    ['export const t = new Date();', 'no-restricted-syntax'],
    ['export const t = performance.now();', 'no-restricted-globals'],
    ['export const t = globalThis.performance.now();', 'no-restricted-globals'],
    ['setTimeout(() => {}, 1);', 'no-restricted-globals'],
    ['setInterval(() => {}, 1);', 'no-restricted-globals'],
    ['export const x = Math.random();', 'no-restricted-properties'],
    ['const { random } = Math;\nexport const x = random();', 'no-restricted-properties'],
    ['export const x = crypto.randomUUID();', 'no-restricted-globals'],
    ['export const x = document.title;', 'no-restricted-globals'],
    ['export const x = window.name;', 'no-restricted-globals'],
  ];

  it.each(impure)('refuses %s in every pure layer and nowhere else', async (code, rule) => {
    for (const layer of ['sim', 'guest', 'protocol']) {
      expect(await broken(`web/${layer}/probe.ts`, code)).toEqual([rule]);
      expect(await broken(`web/${layer}/deep/probe.ts`, code)).toEqual([rule]);
    }
    for (const file of ['web/sim/probe.test.ts', 'web/app/probe.ts', 'web/ui/probe.ts']) {
      expect(await broken(file, code)).toEqual([]);
    }
  });

  it.each([
    ['export const x = Math.log(2);', 'no-restricted-properties'],
    ['export const x = Math.sin(2);', 'no-restricted-properties'],
    ['export const x = Math.pow(2, 0.5);', 'no-restricted-properties'],
    ['export const x = 2 ** 0.5;', 'no-restricted-syntax'],
  ])('refuses %s in the simulation, where engines may differ in the last bit', async (code, rule) => {
    expect(await broken('web/sim/probe.ts', code)).toEqual([rule]);
    expect(await broken('web/lab/probe.ts', code)).toEqual([]);
  });

  it.each([
    'export const x = Math.sqrt(2) + Math.floor(1.5) + Math.imul(3, 4) + Math.fround(0.1);',
    'export const day = new Date(0).toISOString();',
  ])('allows what is the same everywhere: %s', async (code) => {
    expect(await broken('web/sim/probe.ts', code)).toEqual([]);
  });
});

describe('file style', () => {
  const refused = ['soilModel.ts', 'SoilModel.ts', 'soil-utils.ts', 'helpers.ts'];
  it.each(refused)('refuses the file name %s', async (name) => {
    expect(await broken(`web/sim/${name}`, 'export {};')).toEqual(['house/file-names']);
  });

  const taken = ['soil-model.ts', 'soil-model.test.ts', 'lab-store.svelte.ts', 'esp32.ts'];
  it.each(taken)('takes the file name %s', async (name) => {
    expect(await broken(`web/ui/${name}`, 'export {};')).toEqual([]);
  });

  it('names components in PascalCase', async () => {
    expect(await broken('web/ui/NodeCard.svelte', '<p>soil</p>\n')).toEqual([]);
    expect(await broken('web/ui/node-card.svelte', '<p>soil</p>\n')).toEqual(['house/file-names']);
  });

  it('stops a file that grew past 400 lines and a forgotten console.log', async () => {
    const lines = (count: number) =>
      Array.from({ length: count }, (_, i) => `export const a${i} = ${i};`).join('\n');
    expect(await broken('web/lab/probe.ts', lines(400))).toEqual([]);
    expect(await broken('web/lab/probe.ts', lines(401))).toEqual(['max-lines']);
    expect(await broken('web/lab/probe.ts', 'console.log(1);')).toEqual(['no-console']);
  });
});
