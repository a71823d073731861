/** `npm run broker`: the Pi's broker on this machine, for development. Installs nothing. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findMosquitto, mosquittoAdvice, startMosquitto } from './setup/mosquitto.mjs';
import { giveUp, requireNode, root } from './setup/project.mjs';

const usage = `npm run broker -- [options]

  --secure           asks for user and password and holds each user to its topics, as on a Pi;
                     the passwords are made for this run and printed
  --topic-root ROOT  first part of all topics, for --secure (ic when not given)
  --mqtt-port PORT   for boards (1883, or the next that is free)
  --ws-port PORT     for pages (9001, or the next that is free)
  --data DIR         where retained messages and queues are kept (node_modules/.cache/broker)
  --log              shows what Mosquitto logs`;

function parameters() {
  try {
    return parseArgs({
      options: {
        secure: { type: 'boolean', default: false },
        'topic-root': { type: 'string', default: 'ic' },
        'mqtt-port': { type: 'string' },
        'ws-port': { type: 'string' },
        data: { type: 'string', default: join(root, 'node_modules', '.cache', 'broker') },
        log: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return giveUp(`${error.message}\n\n${usage}`);
  }
}

requireNode();
const chosen = parameters();
if (chosen.help) {
  console.log(usage);
  process.exit(0);
}
if (findMosquitto() === undefined) {
  giveUp(`Mosquitto was not found. Nothing is installed for you; type:\n  ${mosquittoAdvice.replaceAll(/\. (?=macOS|Windows)/g, '\n  ')}`);
}

const mqttPort = await choosePort('mqtt-port', 1883);
const wsPort = await choosePort('ws-port', 9001);
const users = chosen.secure ? throwAwayUsers() : undefined;

// Open and secure apart: what one kept, the other's access rules would not have let in.
const dir = resolve(chosen.data, chosen.secure ? 'secure' : 'open');
const lock = join(dir, 'running.json');
refuseSecond();

let broker;
try {
  broker = await startMosquitto({
    dir,
    mqttPort,
    wsPort,
    users,
    topicRoot: chosen['topic-root'],
    persistence: true,
    ownGroup: true,
    onLog: chosen.log ? (text) => process.stdout.write(text) : undefined,
    onUnasked: () => {
      rmSync(lock, { force: true });
      giveUp(`Mosquitto has ended by itself. It last said:\n${broker?.log().trim().split('\n').slice(-5).join('\n')}`);
    },
  });
} catch (error) {
  giveUp(error.message);
}
writeFileSync(lock, JSON.stringify({ pid: process.pid, wsPort }));

console.log(`
  The broker runs (Mosquitto, process ${broker.pid}).
  Type into the page:      ws://localhost:${wsPort}
  Boards on this machine:  mqtt://localhost:${mqttPort}
  It listens to this machine alone${users ? '.' : ', and asks nobody for a password.'}
  Retained messages and queues are kept in ${dir}
`);
if (users) {
  console.log('  User      Password      May, by the rules of a Pi');
  const may = { lab: 'everything', fog: 'read boards, write processed', cloud: 'read processed, write analytics', board: 'its own topics' };
  for (const { name, password, role } of users) console.log(`  ${name.padEnd(10)}${password.padEnd(14)}${may[role]}`);
  console.log('');
}
console.log('  Press Ctrl-C to stop it.');

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    broker.stop().finally(() => {
      rmSync(lock, { force: true });
      console.log('\n  The broker has stopped; what it holds is saved.');
      process.exit(0);
    });
  });
}

function throwAwayUsers() {
  const password = () => randomBytes(5).toString('hex');
  return [
    { name: 'lab', password: password(), role: 'lab' },
    { name: 'fog', password: password(), role: 'fog' },
    { name: 'cloud', password: password(), role: 'cloud' },
    { name: 'esp32', password: password(), role: 'board' },
  ];
}

function isFree(port) {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
}

async function choosePort(option, usual) {
  const asked = chosen[option];
  if (asked !== undefined) {
    const port = Number(asked);
    if (!Number.isInteger(port) || port < 1 || port > 65535) giveUp(`--${option} takes a number from 1 to 65535, not "${asked}".`);
    if (!(await isFree(port))) giveUp(`Port ${port} is taken by another program. Stop it, or give another --${option}.`);
    return port;
  }
  for (let port = usual; port < usual + 20; port += 1) {
    if (!(await isFree(port))) continue;
    if (port !== usual) {
      const likely = usual === 1883 ? ', often a Mosquitto that the system started (sudo systemctl stop mosquitto)' : '';
      console.log(`Port ${usual} is taken by another program${likely}: ${port} is used instead.`);
    }
    return port;
  }
  return giveUp(`The ports ${usual} to ${usual + 19} are all taken. Give another by --${option}.`);
}

/** Two brokers in one folder would overwrite each other's database. */
function refuseSecond() {
  mkdirSync(dir, { recursive: true });
  if (!existsSync(lock)) return;
  const other = JSON.parse(readFileSync(lock, 'utf8'));
  try {
    process.kill(other.pid, 0);
  } catch {
    return;
  }
  giveUp(`This broker runs already, at ws://localhost:${other.wsPort} (process ${other.pid}). If that is another program by now, delete ${lock}.`);
}
