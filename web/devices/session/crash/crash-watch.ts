/** Reads a board's console along and recognises crashes, resets and boards that do not get through their boot. */
import type { ChipName, CrashKind, CrashReport } from './crash.ts';
import { type CrashReason, crashReasons, maybeCrash } from './crash-reasons.ts';
import { addr2lineCommand, backtraceOf } from './backtrace.ts';
import { chipIn, projectIn } from './boot-lines.ts';
import { resetCause } from './reset-causes.ts';

const MOST_REPORTS = 200;
const MOST_LINES = 1000;
/** Registers, stack and backtrace follow within that time, also at 115200 baud. */
const CRASH_MS = 5000;
/** So long after the page's own reset a reset is that one. */
const EXPECTED_MS = 3000;
const LOOP_RESETS = 3;
const LOOP_MS = 30_000;

const reset = /\brst:0x([0-9a-f]+) ?\(?(\w*)/i;

export class CrashWatch {
  #reports: CrashReport[] = [];
  /** Number of a line -> id of the report it belongs to. */
  readonly #byLine = new Map<number, number>();
  #nextId = 1;
  #chip: ChipName | null = null;
  #project: string | null = null;
  /** The crash whose details are being printed. */
  #open: { id: number; reason: CrashReason; untilMs: number } | null = null;
  #resetsMs: number[] = [];
  #expectedUntilMs = -Infinity;
  #loopId: number | null = null;

  get reports(): readonly CrashReport[] {
    return this.#reports;
  }

  get chip(): ChipName | null {
    return this.#chip;
  }

  of(line: number): CrashReport | null {
    const id = this.#byLine.get(line);
    return id === undefined ? null : this.#report(id);
  }

  clear(): void {
    this.#reports = [];
    this.#byLine.clear();
    this.#open = null;
    this.#loopId = null;
  }

  expectReset(nowMs: number): void {
    this.#expectedUntilMs = nowMs + EXPECTED_MS;
    this.#resetsMs = [];
    this.#loopId = null;
    this.#open = null;
  }

  /** The next line, without escape sequences; the report that it begins or adds to, if any. */
  see(text: string, line: number, nowMs: number): CrashReport | null {
    if (this.#open !== null && nowMs > this.#open.untilMs) this.#close();
    this.#chip = chipIn(text) ?? this.#chip;
    this.#project = projectIn(text) ?? this.#project;
    const cause = reset.exec(text);
    if (cause !== null) return this.#sawReset(Number.parseInt(cause[1]!, 16), cause[2]!, line, nowMs);
    if (this.#open !== null) {
      const addresses = backtraceOf(text);
      if (addresses !== null) return this.#add(addresses, line);
    }
    if (!maybeCrash.test(text)) return null;
    for (const reason of crashReasons) {
      const match = reason.pattern.exec(text);
      if (match !== null) return this.#saw(reason, match[1] ?? '', line, nowMs);
    }
    return null;
  }

  #saw(reason: CrashReason, group: string, line: number, nowMs: number): CrashReport | null {
    const words = {
      kind: reason.kind,
      title: filled(reason.title, group),
      meaning: filled(reason.meaning, group),
      steps: reason.steps,
    };
    if (this.#open !== null && reason.kind === 'crash') {
      // ESP_ERROR_CHECK and assertions end in abort(), which says less than they did.
      this.#mark(line, this.#open.id);
      return reason.refines ? this.#change(this.#open.id, words) : this.#report(this.#open.id);
    }
    const report = this.#begin(words, line, nowMs);
    if (reason.kind === 'crash') this.#open = { id: report.id, reason, untilMs: nowMs + CRASH_MS };
    return report;
  }

  #sawReset(number: number, name: string, line: number, nowMs: number): CrashReport | null {
    const explained = this.#open !== null;
    this.#close();
    const expected = nowMs <= this.#expectedUntilMs;
    this.#expectedUntilMs = -Infinity;
    const { title, meaning, steps, usual } = resetCause(this.#chip, number, name);
    const kind: CrashKind = usual || expected || explained ? 'notice' : 'reset';
    const report = this.#begin({ kind, title: `Reset: ${title}`, meaning, steps }, line, nowMs);
    if (expected) return report;
    this.#resetsMs = [...this.#resetsMs.filter((ms) => nowMs - ms <= LOOP_MS), nowMs];
    return this.#resetsMs.length >= LOOP_RESETS ? this.#sawLoop(line, nowMs) : report;
  }

  #sawLoop(line: number, nowMs: number): CrashReport {
    const seconds = Math.max(1, Math.round((nowMs - this.#resetsMs[0]!) / 1000));
    const count = this.#resetsMs.length;
    const words = {
      kind: 'boot-loop' as const,
      title: `Boot loop: ${count} resets in ${seconds} s`,
      meaning: 'The board starts again and again without getting through.',
      steps: [
        'Look at what was recognised before each reset: that is the cause.',
        'Give it a better cable or supply, if it says brownout.',
        'Install the firmware again, with its settings erased if that does not help.',
      ],
    };
    const known = this.#loopId === null ? null : this.#report(this.#loopId);
    if (known !== null && nowMs - known.atMs <= LOOP_MS) {
      this.#mark(line, known.id);
      return this.#change(known.id, { ...words, times: known.times + 1, atMs: nowMs })!;
    }
    const report = this.#begin(words, line, nowMs);
    this.#loopId = report.id;
    return report;
  }

  #begin(words: Pick<CrashReport, 'kind' | 'title' | 'meaning' | 'steps'>, line: number, atMs: number): CrashReport {
    // What a crash adds comes later, so only then is it known whether it is the same again.
    const same = words.kind === 'crash' ? undefined : this.#reports.findLast(({ title }) => title === words.title);
    if (same !== undefined && atMs - same.atMs <= LOOP_MS) {
      this.#mark(line, same.id);
      return this.#change(same.id, { ...words, times: same.times + 1, atMs })!;
    }
    const report: CrashReport = { ...words, id: this.#nextId++, line, atMs, times: 1, chip: this.#chip, backtrace: [], addr2line: null };
    this.#reports = [...this.#reports, report].slice(-MOST_REPORTS);
    this.#mark(line, report.id);
    return report;
  }

  #add(addresses: readonly string[], line: number): CrashReport | null {
    const { id } = this.#open!;
    this.#mark(line, id);
    const known = this.#report(id)?.backtrace ?? [];
    const backtrace = [...known, ...addresses.filter((address) => !known.includes(address))].slice(0, 64);
    return this.#change(id, { backtrace, chip: this.#chip, addr2line: addr2lineCommand(this.#chip, this.#project, backtrace) });
  }

  /** The crash is told whole; if it is the one before once more, that is all there is to say. */
  #close(): void {
    if (this.#open === null) return;
    const crash = this.#report(this.#open.id);
    this.#open = null;
    if (crash === null) return;
    const before = this.#reports.findLast(({ id, title }) => id !== crash.id && title === crash.title);
    if (before?.kind !== 'crash' || before.backtrace.join() !== crash.backtrace.join()) return;
    this.#reports = this.#reports.filter(({ id }) => id !== crash.id);
    for (const [line, id] of this.#byLine) if (id === crash.id) this.#byLine.set(line, before.id);
    this.#change(before.id, { times: before.times + 1, atMs: crash.atMs });
  }

  #report(id: number): CrashReport | null {
    return this.#reports.find((report) => report.id === id) ?? null;
  }

  #change(id: number, change: Partial<CrashReport>): CrashReport | null {
    this.#reports = this.#reports.map((report) => (report.id === id ? { ...report, ...change } : report));
    return this.#report(id);
  }

  #mark(line: number, id: number): void {
    this.#byLine.set(line, id);
    if (this.#byLine.size > MOST_LINES) this.#byLine.delete(this.#byLine.keys().next().value!);
  }
}

function filled(template: string, group: string): string {
  return template.replaceAll('$1', () => group.trim() || 'an unnamed one');
}
