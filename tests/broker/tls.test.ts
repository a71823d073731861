import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMosquitto, type RunningMosquitto } from '../../scripts/setup/mosquitto.mjs';
import { Client } from './client.ts';

describe('TLS with a certificate of the local authority', () => {
  let broker: RunningMosquitto;
  let ca: Buffer;
  beforeAll(async () => {
    broker = await startMosquitto({ tls: true });
    ca = readFileSync(broker.caFile!);
  });
  afterAll(() => broker.stop());

  it.each(['mqtts', 'wss'])('%s carries, for a client that trusts the authority', async (scheme) => {
    const port = scheme === 'wss' ? broker.wssPort : broker.mqttsPort;
    for (const host of ['localhost', '127.0.0.1']) {
      // ws has no address to fall back on; the broker listens on IPv4 alone.
      const client = await Client.open(`${scheme}://${host}:${port}`, { ca, family: 4 } as object);
      await client.subscribe('ic/#');
      await client.publish('ic/esp32/data', 'by TLS');
      await client.saw('ic/esp32/data');
      await client.close();
    }
  });

  it('a client that does not trust the authority stays away', async () => {
    await expect(Client.open(`mqtts://127.0.0.1:${broker.mqttsPort}`)).rejects.toThrow(/certificate/);
    await expect(Client.open(`wss://127.0.0.1:${broker.wssPort}`)).rejects.toThrow(/certificate/);
  });

  it('and so does one that called another name than the certificate has', async () => {
    const options = { ca, servername: 'other.local' };
    await expect(Client.open(`mqtts://127.0.0.1:${broker.mqttsPort}`, options)).rejects.toThrow(/other\.local/);
    const told = spawnSync('openssl', [
      's_client', '-connect', `127.0.0.1:${broker.wssPort}`, '-CAfile', broker.caFile!, '-verify_hostname', 'other.local', '-verify_return_error',
    ], { input: '', encoding: 'utf8' });
    expect(told.status).not.toBe(0);
    expect(told.stderr).toMatch(/hostname mismatch/i);
  });
});

describe('broker/local-ca', () => {
  const script = fileURLToPath(new URL('../../broker/local-ca', import.meta.url));
  const dir = mkdtempSync(join(tmpdir(), 'continuum-ca-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const run = (...names: string[]) => spawnSync('sh', [script, '--dir', dir, ...names], { encoding: 'utf8' });
  const read = (name: string) => readFileSync(join(dir, name), 'utf8');
  const verified = (option: string, name: string) =>
    spawnSync('openssl', ['verify', '-CAfile', join(dir, 'ca.crt'), option, name, join(dir, 'server.crt')]).status === 0;

  it('run again it changes nothing; with other names only the certificate is new, so devices go on trusting', () => {
    expect(run('pi.local', '192.168.1.10').status).toBe(0);
    const [ca, key, certificate] = [read('ca.crt'), read('ca.key'), read('server.crt')];
    expect(run('pi.local', '192.168.1.10').status).toBe(0);
    expect([read('ca.crt'), read('ca.key'), read('server.crt')]).toEqual([ca, key, certificate]);
    expect(verified('-verify_hostname', 'pi.local')).toBe(true);
    expect(verified('-verify_ip', '192.168.1.10')).toBe(true);
    expect(verified('-verify_hostname', 'garden.lan')).toBe(false);

    expect(run('garden.lan', 'fd00::5').status).toBe(0);
    expect([read('ca.crt'), read('ca.key')]).toEqual([ca, key]);
    expect(verified('-verify_hostname', 'garden.lan')).toBe(true);
    expect(verified('-verify_ip', 'fd00::5')).toBe(true);
    expect(verified('-verify_hostname', 'pi.local')).toBe(false);
  });

  it('keys are for their owner alone', () => {
    for (const name of ['ca.key', 'server.key']) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
  });

  it('lasts no longer than iOS takes', () => {
    const { validFrom, validTo } = spawnDates();
    expect((validTo - validFrom) / 86_400_000).toBeLessThanOrEqual(825);
  });

  function spawnDates() {
    const { stdout } = spawnSync('openssl', ['x509', '-in', join(dir, 'server.crt'), '-noout', '-dates'], { encoding: 'utf8' });
    const [validFrom, validTo] = [/notBefore=(.*)/, /notAfter=(.*)/].map((line) => Date.parse(line.exec(stdout)![1]!));
    return { validFrom: validFrom!, validTo: validTo! };
  }

  it.each(['ws://pi.local', 'pi.local:9001', 'pi local', '-x'])('refuses "%s" with a sentence', (name) => {
    const { status, stderr } = run(name);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/^local-ca: .*\.$/m);
  });
});
