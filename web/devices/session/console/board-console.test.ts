import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BoardConsole } from './board-console.ts';
import { passesAll } from './console-search.ts';
import { ConsoleView } from './console-view.ts';
import { MAX_LINE_CHARACTERS } from './line-assembler.ts';
import { parseLogLine } from './log-line.ts';
import { wallClock } from '../clock.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const bytes = (text: string) => new TextEncoder().encode(text);
const textsOf = (console: BoardConsole) => Array.from({ length: console.end - console.first }, (_, i) => console.line(console.first + i)!.text);

function shown(view: ConsoleView, console: BoardConsole): string[] {
  return Array.from({ length: view.length }, (_, i) => console.line(view.lineAt(i))!.text);
}

describe('a console', () => {
  it('reads lines whatever the pieces they come in, or words would be torn apart', () => {
    const words = fc.array(fc.constantFrom('I (312) wifi: joined', 'umidade 51 %', 'ligação', '', 'a\u20acb'), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(words, fc.constantFrom('\n', '\r\n'), fc.array(fc.nat(300)), (lines, ending, cuts) => {
        const wire = bytes(lines.map((line) => line + ending).join(''));
        const console = new BoardConsole();
        let from = 0;
        for (const end of [...cuts.map((cut) => cut % (wire.length + 1)).sort((a, b) => a - b), wire.length]) {
          console.push(wire.subarray(from, end));
          from = end;
        }
        // A board ends its line before each frame, which says nothing.
        expect(textsOf(console)).toEqual(lines.filter((line) => line !== ''));
      }),
    );
  });

  it('survives any noise, and a line without an end', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (chunks) => {
        const console = new BoardConsole();
        for (const chunk of chunks) console.push(chunk);
        // eslint-disable-next-line no-control-regex
        for (const text of textsOf(console)) expect(text).not.toMatch(/[\u0000-\u0008\u001b\u007f-\u009f]/);
      }),
    );
    const console = new BoardConsole();
    console.push(bytes('x'.repeat(3 * MAX_LINE_CHARACTERS + 1)));
    console.endLine();
    expect(textsOf(console).join('')).toHaveLength(3 * MAX_LINE_CHARACTERS + 1);
  });

  it('says how many lines it could not keep', () => {
    const console = new BoardConsole(wallClock, { lines: 10, characters: 1000 });
    for (let i = 0; i < 25; i++) console.push(bytes(`line ${i}\n`));
    expect([console.first, console.end, console.lost]).toEqual([15, 25, 15]);
    expect(console.line(14)).toBeNull();
    expect(console.text()).toBe(`[15 older lines were not kept]\n${Array.from({ length: 10 }, (_, i) => `line ${i + 15}\n`).join('')}`);
    for (let i = 0; i < 8; i++) console.push(bytes(`${'y'.repeat(300)}\n`));
    expect(console.end - console.first).toBe(3);
  });

  it('loses nothing while it is paused', () => {
    const console = new BoardConsole();
    console.push(bytes('before\n'));
    console.pause();
    console.push(bytes('meanwhile\n'));
    expect([console.shownEnd, console.end]).toEqual([1, 2]);
    console.resume();
    expect(console.shownEnd).toBe(2);
    expect(textsOf(console)).toEqual(['before', 'meanwhile']);
  });

  it('tells of a flood seldom enough for a page to draw', () => {
    const console = new BoardConsole();
    let told = 0;
    console.subscribe(() => told++);
    for (let ms = 0; ms < 1000; ms++) {
      console.push(bytes('a line of the flood\n'.repeat(50)));
      vi.advanceTimersByTime(1);
    }
    expect(told).toBeGreaterThan(10);
    expect(told).toBeLessThanOrEqual(21);
    expect(console.end).toBe(50_000);
  });
});

describe('a line of a log', () => {
  it.each([
    ['\u001b[0;32mI (312) wifi: joined\u001b[0m', { level: 'info', bootMs: 312, tag: 'wifi', message: 'joined' }],
    ['E (9120) guest: fault: out of bounds', { level: 'error', bootMs: 9120, tag: 'guest', message: 'fault: out of bounds' }],
    ['W (12:00:01.5) app: hm', { level: 'warning', bootMs: null, tag: 'app', message: 'hm' }],
    ['[   312][D][WiFi.cpp:42] begin(): x', { level: 'debug', bootMs: 312, tag: 'WiFi.cpp', message: 'begin(): x' }],
    ['[12:00:01][C][logger:294]: Logger', { level: 'info', bootMs: null, tag: 'logger', message: 'Logger' }],
    ['\u001b[31mplain red\u001b[0m', { level: 'error', bootMs: null, tag: '', message: 'plain red' }],
    ['I am no log', { level: null, bootMs: null, tag: '', message: 'I am no log' }],
  ])('%s', (raw, expected) => {
    const { text, messageAt, level, bootMs, tag } = parseLogLine(raw);
    expect({ level, bootMs, tag, message: text.slice(messageAt) }).toEqual(expected);
  });
});

describe('a view of a console', () => {
  const filled = () => {
    const console = new BoardConsole();
    console.push(bytes('I (1) wifi: joined\nE (2) guest: fault\nplain\nI (3) guest: runs\n'));
    return console;
  };

  it('shows what passes, of old lines and new', () => {
    const console = filled();
    const view = new ConsoleView(console);
    expect(shown(view, console)).toHaveLength(4);
    expect(view.setFilter({ ...passesAll, tag: 'guest' })).toEqual({ ok: true, value: null });
    expect(shown(view, console)).toEqual(['E (2) guest: fault', 'I (3) guest: runs']);
    console.push(bytes('D (4) guest: more\nnothing\n'));
    vi.advanceTimersByTime(100);
    expect(shown(view, console)).toHaveLength(3);
    view.setFilter({ ...passesAll, levels: new Set(['error']) });
    expect(shown(view, console)).toEqual(['E (2) guest: fault']);
    view.setFilter({ ...passesAll, search: 'JOIN' });
    expect(shown(view, console)).toEqual(['I (1) wifi: joined']);
    expect(view.ranges('joined, join')).toEqual([[0, 4], [8, 12]]);
    view.setFilter({ ...passesAll, search: 'JOIN', caseSensitive: true });
    expect(view.length).toBe(0);
    view.setFilter({ ...passesAll, search: '^I .*(runs|joined)$', regex: true });
    expect(view.length).toBe(2);
  });

  it('says what is wrong with a regular expression, and keeps the filter before', () => {
    const view = new ConsoleView(filled());
    const broken = view.setFilter({ ...passesAll, search: '(', regex: true });
    expect(broken).toEqual({ ok: false, reason: expect.stringMatching(/^This is no regular expression: .*search for plain text\.$/) });
    expect(view.length).toBe(4);
    expect(view.setFilter({ ...passesAll, search: '(' }).ok).toBe(true);
  });

  it('stands still while the console is paused, and drops what fell out', () => {
    const console = new BoardConsole(wallClock, { lines: 5, characters: 1000 });
    const view = new ConsoleView(console);
    view.setFilter({ ...passesAll, search: 'a' });
    console.push(bytes('a1\nb\n'));
    console.pause();
    console.push(bytes('a2\n'));
    vi.advanceTimersByTime(100);
    expect(shown(view, console)).toEqual(['a1']);
    console.resume();
    vi.advanceTimersByTime(100);
    expect(shown(view, console)).toEqual(['a1', 'a2']);
    console.push(bytes('a3\na4\na5\n'));
    vi.advanceTimersByTime(100);
    expect(shown(view, console)).toEqual(['a2', 'a3', 'a4', 'a5']);
    console.clear();
    vi.advanceTimersByTime(100);
    expect(view.length).toBe(0);
    view.stop();
  });
});
