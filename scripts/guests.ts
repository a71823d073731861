/**
 * Builds the guest modules into web/guest/modules and the foreign ones into tests/guests.
 * `--check` builds them into a temporary folder and fails when a committed byte differs.
 * Exit status: 1 when a build fails or differs, 2 when a compiler is missing.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build, foreignRecipes, recipes, type Recipe } from './guests/recipes.ts';
import { findToolchain, MissingToolError, type Toolchain } from './guests/toolchain.ts';

const root = join(import.meta.dirname, '..');
const modulesFolder = 'web/guest/modules';
const indexFile = join(root, modulesFolder, 'modules.json');

/** What modules.json says of one module. */
function describe(recipe: Recipe, bytes: Buffer, { versions }: Toolchain) {
  return {
    name: recipe.name,
    file: basename(recipe.file),
    language: recipe.language,
    kind: recipe.kind,
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    toolchain: {
      compiler: recipe.language === 'C' ? versions.clang : versions.rustc,
      linker: versions.wasmLd,
    },
    flags: { compiler: recipe.compilerFlags.join(' '), linker: recipe.linkerFlags.join(' ') },
  };
}

function readIfThere(file: string): Buffer {
  return existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
}

/** A sentence about the difference, or null when there is none. */
function difference(recipe: Recipe, bytes: Buffer, tools: Toolchain): string | null {
  if (readIfThere(join(root, recipe.file)).equals(bytes)) return null;
  return (
    `${recipe.file} is not what its sources give: run \`npm run guests\` and commit the result. ` +
    `Built here with ${Object.values(tools.versions).join(', ')}; another release of a compiler may ` +
    `give other bytes (modules.json names those that were used).`
  );
}

function run(check: boolean): boolean {
  const tools = findToolchain();
  const scratch = mkdtempSync(join(tmpdir(), 'guests-'));
  try {
    const built = [...recipes, ...foreignRecipes].map((recipe) => ({
      recipe,
      bytes: build(recipe, tools, root, scratch),
    }));
    const entries = built
      .filter(({ recipe }) => recipes.includes(recipe))
      .map(({ recipe, bytes }) => describe(recipe, bytes, tools));
    const index = `${JSON.stringify(entries, null, 2)}\n`;
    if (!check) {
      mkdirSync(join(root, modulesFolder), { recursive: true });
      for (const { recipe, bytes } of built) {
        writeFileSync(join(root, recipe.file), bytes);
        console.log(`${recipe.file}: ${bytes.length} bytes`);
      }
      writeFileSync(indexFile, index);
      return true;
    }
    const differences = built
      .map(({ recipe, bytes }) => difference(recipe, bytes, tools))
      .filter((sentence) => sentence !== null);
    if (differences.length === 0 && readIfThere(indexFile).toString() !== index) {
      differences.push(`${modulesFolder}/modules.json is stale: run \`npm run guests\` and commit it.`);
    }
    for (const sentence of differences) console.error(sentence);
    return differences.length === 0;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

try {
  process.exitCode = run(process.argv.includes('--check')) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof MissingToolError ? 2 : 1;
}
