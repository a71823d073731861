/** A real Mosquitto for tests, benches and `npm run broker`, on loopback, with the configuration of `broker/`. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { aclText, mosquittoConf } from '../../broker/configuration.mjs';

const loopback = '127.0.0.1';
const startWithinMs = 10_000;
const logCharactersKept = 1_000_000;

/** Debian's packages: what any test with a broker needs, and what the tests of `broker/` need. */
export const mosquittoPackages = ['mosquitto', 'mosquitto-clients'];
export const brokerPackages = [...mosquittoPackages, 'caddy', 'openssl'];

/** What to type to get Mosquitto. */
export const mosquittoAdvice =
  'Debian, Ubuntu, Raspberry Pi OS: sudo apt-get install mosquitto (and, to keep it from starting by itself: ' +
  'sudo systemctl disable --now mosquitto). macOS: brew install mosquitto. Windows: winget install EclipseFoundation.Mosquitto';

const usualFolders = {
  linux: ['/usr/sbin', '/usr/local/sbin'],
  darwin: ['/opt/homebrew/sbin', '/opt/homebrew/bin', '/usr/local/sbin', '/usr/local/bin'],
  win32: ['C:\\Program Files\\mosquitto', 'C:\\Program Files (x86)\\mosquitto'],
};

/** Path of an installed program, or undefined. */
export function findProgram(name) {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...(usualFolders[process.platform] ?? [])];
  return folders.filter((folder) => folder !== '').map((folder) => join(folder, file)).find((path) => existsSync(path));
}

/** Path of Mosquitto, or undefined. */
export function findMosquitto() {
  if (process.env.MOSQUITTO_PATH) return process.env.MOSQUITTO_PATH;
  return findProgram('mosquitto');
}

/** A port of loopback that nothing listens on now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, loopback, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Hashes the passwords and writes what only the broker may read. */
function writeAccess(dir, mosquitto, topicRoot, users) {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const passwords = join(dir, 'passwords');
  rmSync(passwords, { force: true });
  writeFileSync(passwords, users.map(({ name, password }) => `${name}:${password}\n`).join(''), { mode: 0o600 });
  const program = findProgram('mosquitto_passwd') ?? join(dirname(mosquitto), 'mosquitto_passwd');
  const { status, error, stderr } = spawnSync(program, ['-U', passwords], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program}, which hashes the passwords, failed: ${error?.message ?? stderr.trim()}`);
  chmodSync(passwords, 0o600);
  writeFileSync(join(dir, 'acl'), aclText(topicRoot, users), { mode: 0o600 });
}

/** Makes a certificate authority and a certificate for loopback with `broker/local-ca`. */
function writeCertificates(dir) {
  const script = fileURLToPath(new URL('../../broker/local-ca', import.meta.url));
  const { status, error, stderr } = spawnSync('sh', [script, '--dir', dir, 'localhost', loopback], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`broker/local-ca failed: ${error?.message ?? stderr.trim()}`);
}

/** See mosquitto.d.mts. */
export async function startMosquitto(options = {}) {
  const program = findMosquitto();
  if (program === undefined) throw new Error(`Mosquitto was not found. ${mosquittoAdvice}`);
  const ownDir = options.dir === undefined;
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'continuum-mosquitto-'));
  const dataDir = join(dir, 'data');
  mkdirSync(dataDir, { recursive: true });
  const accessDir = options.users === undefined ? undefined : join(dir, 'access');
  if (accessDir !== undefined) writeAccess(accessDir, program, options.topicRoot ?? 'ic', options.users);
  const caDir = join(dir, 'ca');
  if (options.tls) writeCertificates(caDir);

  const ports = {};
  async function choosePorts() {
    ports.mqtt = options.mqttPort ?? (await freePort());
    ports.ws = options.wsPort ?? (await freePort());
    if (!options.tls) return;
    ports.mqtts = options.mqttsPort ?? (await freePort());
    ports.wss = options.wssPort ?? (await freePort());
  }

  let child = null;
  let log = '';
  const keep = (text) => {
    log = (log + text).slice(-logCharactersKept);
    options.onLog?.(text);
  };
  const alive = () => child !== null && child.exitCode === null && child.signalCode === null;
  const endWithThis = () => alive() && child.kill('SIGKILL');

  function writeConf() {
    const conf = join(dir, 'mosquitto.conf');
    const extraLines = [
      // Started by root it would become another user, who may not read this folder.
      ...(process.getuid?.() === 0 ? ['user root'] : []),
      ...(options.persistence ? [] : ['persistence false']),
      ...(options.extraLines ?? []),
    ];
    const tls = options.tls ? { mqttsPort: ports.mqtts, wssPort: ports.wss, dir: caDir } : undefined;
    const bind = options.bind ?? loopback;
    writeFileSync(conf, mosquittoConf({ bind, mqttPort: ports.mqtt, wsPort: ports.ws, tls, accessDir, dataDir, extraLines }));
    return conf;
  }

  let ready = false;

  async function launch() {
    log = '';
    ready = false;
    child = spawn(program, ['-c', writeConf()], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: options.ownGroup ?? false,
      windowsHide: true,
    });
    child.once('close', () => ready && options.onUnasked?.());
    let unstarted = null;
    child.once('error', (error) => (unstarted = error));
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    const deadlineMs = Date.now() + startWithinMs;
    const said = () => log.trim() || '(it said nothing)';
    for (;;) {
      if (unstarted) throw new Error(`${program} could not be started: ${unstarted.message}`);
      if (!alive()) throw new Error(`Mosquitto ended at once:\n${said()}`);
      // It says so once all its ports listen. Whether a port answers would tell less: another broker may.
      if (/mosquitto version \S+ running/.test(log)) return void (ready = true);
      if (Date.now() > deadlineMs) {
        await end('SIGKILL');
        throw new Error(`Mosquitto does not listen after ${startWithinMs / 1000} s:\n${said()}`);
      }
      await delay(20);
    }
  }

  async function end(signal) {
    ready = false;
    if (!alive()) return;
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill(signal);
    await ended;
  }

  async function saveNow() {
    if (!options.persistence) throw new Error('saveNow needs the option persistence.');
    const database = join(dataDir, 'mosquitto.db');
    const version = () => (existsSync(database) ? statSync(database).ino : 0);
    const before = version();
    child.kill('SIGUSR1');
    const deadlineMs = Date.now() + startWithinMs;
    while (version() === before) {
      if (Date.now() > deadlineMs) throw new Error('Mosquitto did not save its database.');
      await delay(10);
    }
  }

  process.once('exit', endWithThis);
  for (let attempt = 1; ; attempt += 1) {
    await choosePorts();
    try {
      await launch();
      break;
    } catch (error) {
      // Somebody else took a free port between the choice and its use.
      if (attempt < 5 && options.mqttPort === undefined && /Address already in use/.test(error.message)) continue;
      process.off('exit', endWithThis);
      if (ownDir) rmSync(dir, { recursive: true, force: true });
      throw error;
    }
  }

  return {
    mqttPort: ports.mqtt,
    wsPort: ports.ws,
    mqttsPort: ports.mqtts,
    wssPort: ports.wss,
    url: `ws://${loopback}:${ports.ws}`,
    mqttUrl: `mqtt://${loopback}:${ports.mqtt}`,
    caFile: options.tls ? join(caDir, 'ca.crt') : undefined,
    dir,
    get pid() {
      return alive() ? child.pid : undefined;
    },
    log: () => log,
    kill: (signal = 'SIGKILL') => end(signal),
    async restart() {
      await end('SIGTERM');
      await launch();
    },
    saveNow,
    async stop() {
      await end('SIGTERM');
      process.off('exit', endWithThis);
      if (ownDir) rmSync(dir, { recursive: true, force: true });
    },
  };
}
