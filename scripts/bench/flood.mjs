/**
 * Publishes readings of many boards as fast as it is allowed to, in a process of its own. Packets are encoded once, so
 * that of two cores the publisher takes as little as it can.
 * Usage: node flood.mjs MQTT_URL BOARDS; over IPC it takes how many messages it may send, and tells how many it has sent.
 */
import mqtt from 'mqtt';
import { generate } from 'mqtt-packet';

const [url, boards] = process.argv.slice(2);
const PAYLOADS = 64;
const CHUNK = 50;
const client = await mqtt.connectAsync(url, { protocolVersion: 5 });

/** Readings that differ, so that nothing downstream can take them for copies. */
function packet(index) {
  const board = index % Number(boards);
  const raw = 1500 + ((index * 37) % 500);
  const pct = Math.trunc(100 - ((raw - 1100) * 100) / 1500);
  const payload = JSON.stringify({ raw, pct, irrigar: raw > 1700 ? 1 : 0 });
  return generate({ cmd: 'publish', topic: `ic/board-${board + 1}/data`, payload, qos: 0, retain: false, dup: false }, { protocolVersion: 5 });
}

const chunks = [];
for (let first = 0; first < Number(boards) * PAYLOADS; first += CHUNK) {
  chunks.push(Buffer.concat(Array.from({ length: CHUNK }, (_, each) => packet(first + each))));
}

let allowed = 0;
let sent = 0;
let draining = false;

function send() {
  while (!draining && sent + CHUNK <= allowed) {
    sent += CHUNK;
    if (client.stream.write(chunks[(sent / CHUNK) % chunks.length])) continue;
    draining = true;
    client.stream.once('drain', () => {
      draining = false;
      send();
    });
  }
}

process.on('message', (upTo) => {
  allowed = upTo;
  send();
  process.send(sent);
});
process.send(0);
