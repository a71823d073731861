/** Finds the compilers that build the guests. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export interface Toolchain {
  clang: string;
  rustc: string;
  wasmLd: string;
  /** First line of each tool's `--version`, to be compared when bytes differ. */
  versions: { clang: string; rustc: string; wasmLd: string };
}

/** Says in plain words which tool is missing and what to type. */
export class MissingToolError extends Error {}

interface Tool {
  name: string;
  variable: string;
  candidates: string[];
  install: string;
  accepts: (command: string) => boolean;
}

// Link-time optimisation hands LLVM bitcode from clang to the linker, so both must be of one release.
const tools: Record<'clang' | 'rustc' | 'wasmLd', Tool> = {
  clang: {
    name: 'clang with the wasm32 target',
    variable: 'CC',
    candidates: ['clang-22', 'clang'],
    install: 'apt-get install clang-22',
    accepts: (command) => output(command, ['--print-targets']).includes('wasm32'),
  },
  rustc: {
    name: 'rustc with the wasm32-unknown-unknown target',
    variable: 'RUSTC',
    // Debian's before rustup's: the committed modules were built by it.
    candidates: ['/usr/bin/rustc', 'rustc'],
    install: 'apt-get install rustc libstd-rust-dev-wasm32',
    accepts: (command) => {
      const folder = output(command, ['--print', 'target-libdir', '--target', 'wasm32-unknown-unknown']);
      return folder !== '' && existsSync(folder.trim());
    },
  },
  wasmLd: {
    name: 'wasm-ld',
    variable: 'WASM_LD',
    candidates: ['wasm-ld-22', 'wasm-ld'],
    install: 'apt-get install lld-22',
    accepts: () => true,
  },
};

function output(command: string, parameters: string[]): string {
  const result = spawnSync(command, parameters, { encoding: 'utf8' });
  return result.status === 0 ? result.stdout : '';
}

function find(tool: Tool): { command: string; version: string } | null {
  const chosen = process.env[tool.variable];
  for (const command of chosen === undefined ? tool.candidates : [chosen]) {
    const version = output(command, ['--version']).split('\n')[0]?.trim() ?? '';
    if (version !== '' && tool.accepts(command)) return { command, version };
  }
  return null;
}

/** The tools named by CC, RUSTC and WASM_LD, or known ones. Throws `MissingToolError`. */
export function findToolchain(): Toolchain {
  const found = { clang: find(tools.clang), rustc: find(tools.rustc), wasmLd: find(tools.wasmLd) };
  const { clang, rustc, wasmLd } = found;
  if (clang === null || rustc === null || wasmLd === null) {
    const missing = (['clang', 'rustc', 'wasmLd'] as const).filter((name) => found[name] === null);
    throw new MissingToolError(
      missing
        .map((name) => {
          const { name: title, variable, install } = tools[name];
          return `${title} was not found. Type: ${install} (or set ${variable} to its path).`;
        })
        .join('\n'),
    );
  }
  return {
    clang: clang.command,
    rustc: rustc.command,
    wasmLd: wasmLd.command,
    versions: { clang: clang.version, rustc: rustc.version, wasmLd: wasmLd.version },
  };
}
