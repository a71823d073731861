import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScriptedPort } from './scripted-port-fixture.ts';
import { SerialSession } from './serial-session.ts';

let port: ScriptedPort;
let session: SerialSession;

beforeEach(() => {
  vi.useFakeTimers();
  port = new ScriptedPort();
  session = new SerialSession(port);
});
afterEach(async () => {
  await session.dispose();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('a serial session', () => {
  it('says why a port does not open, and opens it later', async () => {
    port.obstacle = Object.assign(new Error('Failed to open serial port.'), { name: 'NetworkError' });
    await session.open();
    expect(session.state).toMatchObject({ kind: 'failed', diagnosis: { cause: 'port-taken', steps: expect.any(Array) } });
    port.obstacle = null;
    await session.open();
    expect(session.state).toMatchObject({ kind: 'open', baud: 115_200 });
  });

  it('survives a pulled cable: says so, and is open again when it is back', async () => {
    await session.open();
    port.send('I (1) node: before\nhalf a li');
    await pass(10);
    port.unplug();
    await pass(5000);
    expect(session.state.kind).toBe('lost');
    expect(await session.write(Uint8Array.of(1))).toMatchObject({ ok: false, reason: expect.stringContaining('plug its cable in') });
    port.plug();
    await pass(1500);
    expect(session.state.kind).toBe('open');
    port.send('I (2) node: after\n');
    await pass(10);
    expect(session.console.text()).toMatch(/before\nhalf a li\n-- The board is gone.*\n-- The board is back\.\nI \(2\) node: after\n$/);
  });

  it('takes the same board back under another port, and no other board', async () => {
    await session.open();
    port.unplug();
    await pass(0);
    const other = Object.assign(new ScriptedPort(), { info: { usbVendorId: 0x303a, usbProductId: 0x1001 } });
    expect(session.arrived(other)).toBe(false);
    const same = new ScriptedPort();
    expect(session.arrived(same)).toBe(true);
    await pass(10);
    expect(session.state.kind).toBe('open');
    expect(same.opened).toBe(1);
  });

  it('takes it back also where the line was closed or lent meanwhile, or it would stay a second board', async () => {
    await session.open();
    port.unplug();
    await pass(0);
    await session.close();
    const again = new ScriptedPort();
    expect(session.arrived(again)).toBe(true);
    const loan = await session.lend('the flasher');
    expect(loan.ok && loan.value.port).toBe(again);
    again.unplug();
    const third = new ScriptedPort();
    expect(session.arrived(third)).toBe(true);
    if (loan.ok) await loan.value.giveBack();
    expect(session.port).toBe(third);
    expect(session.arrived(new ScriptedPort())).toBe(true);
    await session.open();
    expect(session.arrived(new ScriptedPort())).toBe(false);
  });

  it('resets the board by EN alone, so that it does not land in download mode', async () => {
    await session.open();
    const reset = session.reset();
    await pass(200);
    expect(await reset).toEqual({ ok: true, value: null });
    expect(port.signals).toEqual([{ dataTerminalReady: false, requestToSend: true }, { requestToSend: false }]);
  });

  it('lends the port to one at a time, closed, and opens it again', async () => {
    await session.open();
    const loan = await session.lend('the flasher');
    expect(loan.ok && loan.value.port).toBe(port);
    expect(port.readable).toBeNull();
    expect(session.state).toEqual({ kind: 'lent', to: 'the flasher' });
    expect(await session.lend('another')).toEqual({ ok: false, reason: 'The line to the board is in use by the flasher: wait until it is done, or cancel it there.' });
    await port.open();
    if (loan.ok) await loan.value.giveBack();
    expect(session.state.kind).toBe('open');
    port.send('back\n');
    await pass(10);
    expect(session.console.text()).toBe('back\n');
  });

  it('seeks a board whose cable was pulled while the flasher had it', async () => {
    await session.open();
    const loan = await session.lend('the flasher');
    port.unplug();
    if (loan.ok) await loan.value.giveBack();
    expect(session.state.kind).toBe('lost');
    port.plug();
    await pass(1100);
    expect(session.state.kind).toBe('open');
  });

  it('goes on after an error that the line survives', async () => {
    await session.open();
    port.send('one\n');
    await pass(10);
    port.disturb('BufferOverrunError');
    await pass(10);
    port.send('two\n');
    await pass(10);
    expect(session.state.kind).toBe('open');
    expect(session.console.text()).toBe('one\n-- The board wrote faster than this page could read: some of it is lost.\ntwo\n');
  });

  it('shows what looked like a frame and is none, though nothing follows', async () => {
    await session.open();
    port.send('name? IMPROV');
    await pass(1000);
    expect(session.console.partial).toBe('name? IMPROV');
  });

  it('can be closed and opened as often as one likes', async () => {
    for (let i = 0; i < 5; i++) {
      await session.open();
      port.send(`${i}\n`);
      await pass(1);
      await session.close();
      expect(port.readable).toBeNull();
    }
    expect(session.console.text()).toBe('0\n1\n2\n3\n4\n');
  });

  it('keeps a page alive under a flood of a megabyte a second', async () => {
    vi.useRealTimers();
    await session.open();
    const chunk = new TextEncoder().encode('I (123456) wifi: a line of the flood that goes on and on\n'.repeat(150));
    for (let i = 0; i < 600; i++) port.send(chunk);
    let turns = 0;
    let longestMs = 0;
    let before = performance.now();
    const started = before;
    while (session.console.end < 90_000) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      turns++;
      longestMs = Math.max(longestMs, performance.now() - before);
      before = performance.now();
    }
    expect(session.console.end).toBe(90_000);
    expect(turns).toBeGreaterThan(5);
    const megabytesPerS = (600 * chunk.length) / 1000 / (performance.now() - started);
    expect(megabytesPerS).toBeGreaterThan(1);
    expect(longestMs).toBeLessThan(500);
  });
});
