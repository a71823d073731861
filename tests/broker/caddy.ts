/** A real Caddy with the Caddyfile of `broker/`, at free ports of loopback. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../../scripts/setup/mosquitto.mjs';

export interface RunningCaddy {
  httpPort: number;
  httpsPort: number;
  stop(): Promise<void>;
}

/** `dir` is for Caddy's own files, `tlsDir` holds the certificate, `webDir` holds `page/`. */
export async function startCaddy(dir: string, tlsDir: string, webDir: string, wsPort: number): Promise<RunningCaddy> {
  const [httpPort, httpsPort] = [await freePort(), await freePort()];
  const values: Record<string, string | number> = {
    ADMIN: 'off', NAME: 'localhost', HTTP_PORT: httpPort, HTTPS_PORT: httpsPort, WS_PORT: wsPort, TLS: tlsDir, WEB: webDir,
  };
  const template = readFileSync(new URL('../../broker/Caddyfile', import.meta.url), 'utf8');
  const file = join(dir, 'Caddyfile');
  writeFileSync(file, template.replace(/@([A-Z_]+)@/g, (_, key: string) => String(values[key])));
  const env = { ...process.env, HOME: dir, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir };
  const child = spawn('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const deadlineMs = Date.now() + 10_000;
  while (!(await answers(httpsPort))) {
    if (child.exitCode !== null || Date.now() > deadlineMs) {
      child.kill('SIGKILL');
      throw new Error(`Caddy does not listen:\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return {
    httpPort,
    httpsPort,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
