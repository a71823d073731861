/** ESP-IDF as the user has it: installed, or in its container. */
import { spawnSync } from 'node:child_process';
import { findProgram } from '../setup/mosquitto.mjs';

/** What the firmware is written for, and the container that CI uses. */
export const IDF_SERIES = '5.5';
export const IDF_IMAGE = 'espressif/idf:v5.5.5';

/** A program and its first parameters; `idf.py`'s own follow. */
export interface IdfCommand {
  command: string;
  args: readonly string[];
  /** How this command sees a file of the project: by a path relative to the project's root. */
  pathOf(relative: string): string;
}

const install = `Install ESP-IDF ${IDF_SERIES} as https://docs.espressif.com/projects/esp-idf/en/v5.5.5/esp32/get-started/ says, then type in the same shell:
  . ~/esp/esp-idf/export.sh
  npm run firmware
Or, with Docker or Podman and nothing installed:
  npm run firmware -- --container`;

/** Throws an `Error` that says what to type when there is none of the right version. */
export function installedIdf(root: string): IdfCommand {
  if (!process.env.IDF_PATH) throw new Error(`ESP-IDF was not found: IDF_PATH is not set.\n${install}`);
  if (findProgram('idf.py') === undefined) {
    throw new Error(`ESP-IDF lies in ${process.env.IDF_PATH}, but this shell does not know its tools. Type:\n  . "$IDF_PATH/export.sh"\n  npm run firmware`);
  }
  const { stdout } = spawnSync('idf.py', ['--version'], { encoding: 'utf8', shell: process.platform === 'win32' });
  const version = idfVersion(stdout ?? '');
  if (version === null) throw new Error(`"idf.py --version" does not tell its version.\n${install}`);
  if (!isFitting(version)) throw new Error(`This is ESP-IDF ${version}; the firmware is written for ${IDF_SERIES}.\n${install}`);
  return { command: 'idf.py', args: [], pathOf: (relative) => `${root.replace(/[\\/]$/, '')}/${relative}` };
}

/** From `ESP-IDF v5.5.5` or `ESP-IDF v5.5-dirty`: `5.5.5`; null when there is none. */
export function idfVersion(output: string): string | null {
  return /ESP-IDF v(\d+\.\d+(?:\.\d+)?)/.exec(output)?.[1] ?? null;
}

export function isFitting(version: string): boolean {
  return version === IDF_SERIES || version.startsWith(`${IDF_SERIES}.`);
}

/** Throws an `Error` that says what to type when there is neither Docker nor Podman. */
export function containedIdf(root: string): IdfCommand {
  const program = ['docker', 'podman'].find((name) => findProgram(name) !== undefined);
  if (program === undefined) {
    throw new Error(`Neither docker nor podman was found. On Debian: apt-get install podman. Without a container:\n${install}`);
  }
  // Docker's files would else belong to root; Podman's root is the user already.
  const user = program === 'docker' && process.getuid ? ['--user', `${process.getuid()}:${process.getgid?.()}`, '--env', 'HOME=/tmp'] : [];
  return {
    command: program,
    args: [
      ...['run', '--rm', '--volume', `${root}:/project`, '--workdir', '/project/firmware'],
      ...['--env', 'IDF_GIT_SAFE_DIR=/project', ...user, IDF_IMAGE, 'idf.py'],
    ],
    pathOf: (relative) => `/project/${relative}`,
  };
}
