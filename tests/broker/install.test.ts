import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findMosquitto, freePort } from '../../scripts/setup/mosquitto.mjs';
import { Client } from './client.ts';

const dir = mkdtempSync(join(tmpdir(), 'continuum-install-'));
const root = join(dir, 'pi');
const page = join(dir, 'dist');
const scripts = fileURLToPath(new URL('../../broker/', import.meta.url));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function run(script: string, ...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync('sh', [join(scripts, script), ...parameters, '--root', root], { encoding: 'utf8', input: '' });
  return { status, stdout, stderr };
}
const install = (...parameters: string[]) => run('install', '--no-apt', '--no-systemd', '--page', page, ...parameters);

/** Every file below the root with its bytes and mode. */
function everything(): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map(({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [path.slice(root.length), `${(statSync(path).mode & 0o777).toString(8)} ${readFileSync(path, 'utf8')}`];
  }));
}

beforeAll(() => {
  mkdirSync(page);
  writeFileSync(join(page, 'index.html'), 'the page');
  mkdirSync(root);
});

describe('broker/install', () => {
  let first: ReturnType<typeof install>;
  let files: Record<string, string>;

  it('--dry-run says what it would do and does nothing', () => {
    const { status, stdout } = install('--dry-run', '--names', 'pi.local 127.0.0.1');
    expect(status).toBe(0);
    expect(stdout).toContain('make passwords for: lab fog cloud');
    expect(stdout).toContain('would be written');
    expect(readdirSync(root)).toEqual([]);
  });

  it('does nothing unasked where nobody can answer', () => {
    const { status, stderr } = install();
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/--yes/);
    expect(readdirSync(root)).toEqual([]);
  });

  it('writes the configuration, the certificate and the page; what is secret is for its owner alone', () => {
    first = install('--yes', '--names', 'pi.local 127.0.0.1');
    expect(first.stderr).toBe('');
    expect(first.status).toBe(0);
    files = everything();
    expect(files['/srv/continuum/page/index.html']).toBe('644 the page');
    const secret = ['/etc/continuum/ca/ca.key', '/etc/caddy/continuum/server.key', ...['server.key', 'passwords', 'acl'].map((name) => `/etc/mosquitto/continuum/${name}`)];
    for (const path of secret) expect(files[path]?.slice(0, 3), path).toBe('600');
    expect(Object.keys(files).some((path) => path.startsWith('/srv') && path.endsWith('.key'))).toBe(false);
  });

  it('makes a password for each user, prints it once and keeps its hash only', () => {
    const printed = [...first.stdout.matchAll(/^ {2}(lab|fog|cloud) {2}(\S+)$/gm)];
    expect(printed.map(([, user]) => user)).toEqual(['lab', 'fog', 'cloud']);
    for (const [, , password] of printed) {
      expect(password).toMatch(/^[a-z2-9]{20}$/);
      for (const text of Object.values(files)) expect(text).not.toContain(password);
    }
  });

  it('run again it changes no file and no password, with what it was told the first time', () => {
    const { status, stdout } = install('--yes');
    expect(status).toBe(0);
    expect(stdout).toContain('All passwords are as they were.');
    expect(everything()).toEqual(files);
  });

  it('takes a new page, and says when none was built', () => {
    writeFileSync(join(page, 'index.html'), 'a newer page');
    expect(install('--yes').stdout).toContain('copied');
    expect(everything()).toEqual({ ...files, '/srv/continuum/page/index.html': '644 a newer page' });
    const { status, stderr } = run('install', '--no-apt', '--no-systemd', '--yes', '--page', join(dir, 'none'));
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/npm run build/);
  });

  it('stops before another configuration that opens ports, rather than clash with it', () => {
    const other = join(root, 'etc/mosquitto/conf.d/mine.conf');
    writeFileSync(other, 'listener 1883\n');
    const { status, stderr } = install('--yes');
    expect(status).not.toBe(0);
    expect(stderr).toContain(other);
    rmSync(other);
  });

  it('add-board gives a board its password, which Mosquitto takes with the rest of what was installed', async () => {
    const added = run('add-board', 'esp32-a');
    expect(added.stderr).toBe('');
    const board = /^Password: (\S+)$/m.exec(added.stdout)![1]!;
    const lab = /^ {2}lab {2}(\S+)$/m.exec(first.stdout)![1]!;
    expect(run('add-board', 'esp32-a').stdout).toContain('its password stays');
    for (const name of ['a b', '+', '#', '../x', 'ic/a']) expect(run('add-board', name).status, name).not.toBe(0);

    const { mosquitto, url } = await startInstalled();
    try {
      const [page, esp32] = await Promise.all([
        Client.open(url, { username: 'lab', password: lab }),
        Client.open(url, { username: 'esp32-a', password: board }),
      ]);
      await page.subscribe('ic/#');
      await esp32.publish('ic/esp32-b/data');
      await esp32.publish('ic/esp32-a/data');
      await page.saw('ic/esp32-a/data');
      expect(page.topics).toEqual(['ic/esp32-a/data']);

      // Mosquitto cuts off who is no longer among the users as soon as it is told to look.
      const cut = new Promise<void>((resolve) => esp32.mqtt.once('close', () => resolve()));
      expect(run('add-board', 'esp32-a', '--remove').status).toBe(0);
      mosquitto.kill('SIGHUP');
      await cut;
      await page.close();
    } finally {
      mosquitto.kill('SIGKILL');
    }
    expect(everything()['/etc/mosquitto/continuum/acl']).toBe(files['/etc/mosquitto/continuum/acl']);
  });

  /** Mosquitto as Debian starts it, but below the root and at free ports. */
  async function startInstalled() {
    const ports = [await freePort(), await freePort(), await freePort(), await freePort()];
    const url = `mqtt://127.0.0.1:${ports[0]}`;
    const continuum = readFileSync(join(root, 'etc/mosquitto/conf.d/continuum.conf'), 'utf8')
      .replaceAll('/etc/', `${root}/etc/`)
      .replace(/^listener \d+ *$/gm, () => `listener ${ports.shift()} 127.0.0.1`);
    const debian = [`persistence true`, `persistence_location ${dir}/`, 'log_dest stderr'];
    if (process.getuid?.() === 0) debian.push('user root');
    const file = join(dir, 'mosquitto.conf');
    writeFileSync(file, `${debian.join('\n')}\n${continuum}`);
    const mosquitto = spawn(findMosquitto()!, ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    mosquitto.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    await expect.poll(() => said, { timeout: 10_000 }).toMatch(/version \S+ running/);
    return { mosquitto, url };
  }
});
