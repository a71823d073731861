import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KeptProfile } from '../../mqtt/link/profile-store.ts';
import type { LinkReport, TestResult } from '../../mqtt/link/report.ts';
import type { BrokerLinkPort } from '../broker-port.ts';
import { BrokerStore, type ProfileShelf } from './broker-store.svelte.ts';
import { lostFixture as problem, profileFixture as profile, reportFixture } from './link-report-fixture.ts';

const passed: TestResult = { ok: true, steps: [], mqtt: 5, rttMs: 2, notes: [] };

/** A connection that is in whatever state the test puts it. */
class ScriptedLink implements BrokerLinkPort {
  current: LinkReport = reportFixture();
  looks = 0;
  calls: string[] = [];
  results: Promise<TestResult>[] = [Promise.resolve(passed)];

  test(): Promise<TestResult> {
    return this.results.shift()!;
  }
  join(_: unknown, password: string): Promise<void> {
    this.calls.push(`join ${password}`);
    this.current = reportFixture({ state: { kind: 'joining', attempt: 1 } });
    return Promise.resolve();
  }
  leave(): Promise<void> {
    this.current = reportFixture();
    return Promise.resolve();
  }
  retryNow(): Promise<void> {
    this.calls.push('retry');
    return Promise.resolve();
  }
  report(): Promise<LinkReport> {
    this.looks++;
    return Promise.resolve(this.current);
  }
  discardOutbox(): Promise<void> {
    this.current = { ...this.current, outbox: reportFixture().outbox };
    return Promise.resolve();
  }
}

/** Keeps profiles as long as the test runs. */
class ShortShelf implements ProfileShelf {
  kept: KeptProfile[] = [];

  list(): Promise<KeptProfile[]> {
    return Promise.resolve([...this.kept]);
  }
  save(saved: KeptProfile['profile'], password: string | null): Promise<void> {
    this.kept = [...this.kept.filter((each) => each.profile.id !== saved.id), { profile: saved, password, usedAtMs: null }];
    return Promise.resolve();
  }
  remove(id: string): Promise<void> {
    this.kept = this.kept.filter((each) => each.profile.id !== id);
    return Promise.resolve();
  }
  used(id: string): Promise<void> {
    this.kept = this.kept.map((each) => (each.profile.id === id ? { ...each, usedAtMs: 1 } : each));
    return Promise.resolve();
  }
}

let link: ScriptedLink;
let shelf: ShortShelf;
let store: BrokerStore;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
  link = new ScriptedLink();
  shelf = new ShortShelf();
  store = new BrokerStore(() => Promise.resolve(link), shelf);
});
afterEach(() => vi.useRealTimers());

describe('looking', () => {
  it('starts no worker for a page that only shows that nothing is joined', async () => {
    const open = vi.fn(() => Promise.resolve(link));
    const idle = new BrokerStore(open, shelf);
    const stop = idle.watch();
    await vi.advanceTimersByTimeAsync(2000);
    expect(open).not.toHaveBeenCalled();
    stop();
  });

  it('looks four times a second while joined, and rests once left and unwatched', async () => {
    await store.join(profile, '');
    const before = link.looks;
    await vi.advanceTimersByTimeAsync(1000);
    expect(link.looks - before).toBe(4);
    await store.leave();
    const left = link.looks;
    await vi.advanceTimersByTimeAsync(2000);
    expect(link.looks).toBe(left);
  });

  it('counts an outage from when the broker was last there, through every try', async () => {
    await store.join(profile, '');
    link.current = reportFixture({ state: { kind: 'joined', sinceMs: Date.now(), mqtt: 5, resumed: false } });
    await vi.advanceTimersByTimeAsync(1000);
    expect(store.soughtSinceMs).toBeNull();
    link.current = reportFixture({ state: { kind: 'waiting', attempt: 1, retryAtMs: Date.now() + 500, problem } });
    await vi.advanceTimersByTimeAsync(5000);
    link.current = reportFixture({ state: { kind: 'joining', attempt: 2 } });
    await vi.advanceTimersByTimeAsync(5000);
    expect(store.lookedAtMs - store.soughtSinceMs!).toBe(10_000);
  });
});

describe('what fails is told in a sentence and throws nothing: the page would stand still', () => {
  it('when the worker does not start, and tries anew the next time', async () => {
    const open = vi.fn<() => Promise<BrokerLinkPort>>().mockRejectedValueOnce(new Error('The script is missing')).mockResolvedValue(link);
    store = new BrokerStore(open, shelf);
    await store.join(profile, '');
    expect(store.problem).toContain('The broker could not be joined: The script is missing.');
    expect(store.busy).toBeNull();
    await store.join(profile, '');
    expect(store.state.kind).toBe('joining');
  });

  it('when the worker dies, once and not four times a second', async () => {
    await store.join(profile, '');
    link.report = () => Promise.reject(new Error('gone'));
    await vi.advanceTimersByTimeAsync(250);
    expect(store.problem).toContain('gone');
    store.dismissProblem();
    await vi.advanceTimersByTimeAsync(2000);
    expect(store.problem).toBeNull();
  });

  it('when the browser stores nothing: the profile is still in force', async () => {
    shelf.save = () => Promise.reject(new Error('QuotaExceededError'));
    expect(await store.save(profile, 'x', true)).toBe(false);
    expect(store.problem).toContain('it can be joined all the same');
  });
});

describe('tests', () => {
  it('drops the outcome of a test that another has replaced: the wrong profile would be saved as tested', async () => {
    let late!: (result: TestResult) => void;
    link.results = [new Promise((resolve) => (late = resolve)), Promise.resolve(passed)];
    const first = store.test(profile, '', 'first');
    await store.test(profile, '', 'second');
    late({ ok: false, steps: [], problem });
    await first;
    expect(store.testRun).toMatchObject({ kind: 'done', key: 'second', result: { ok: true } });
  });
});

describe('what has been joined is saved, or the outbox would not find its broker after a reload', () => {
  it('but not before, and without the password unless asked for', async () => {
    await store.join(profile, 'secret', false);
    await vi.advanceTimersByTimeAsync(300);
    expect(shelf.kept).toEqual([]);
    link.current = reportFixture({ state: { kind: 'joined', sinceMs: 0, mqtt: 5, resumed: false } });
    await vi.advanceTimersByTimeAsync(300);
    expect(shelf.kept).toEqual([{ profile, password: null, usedAtMs: 1 }]);
    expect(store.saved).toHaveLength(1);
  });
});

describe('passwords', () => {
  it('are not kept unless asked for, and known for this visit all the same', async () => {
    await store.save(profile, 'secret', false);
    expect(JSON.stringify(shelf.kept)).not.toContain('secret');
    expect(store.passwordOf(profile.id)).toBe('secret');
    await store.save(profile, 'secret', true);
    expect(shelf.kept[0]?.password).toBe('secret');
  });

  it('stay where they were when a profile is joined again after a reload', async () => {
    shelf.kept = [{ profile, password: 'secret', usedAtMs: null }];
    await store.join(profile, 'secret');
    link.current = reportFixture({ state: { kind: 'joined', sinceMs: 0, mqtt: 5, resumed: false } });
    await vi.advanceTimersByTimeAsync(300);
    expect(shelf.kept).toEqual([{ profile, password: 'secret', usedAtMs: 1 }]);
  });

  it('are forgotten with the profile', async () => {
    await store.save(profile, 'secret', true);
    await store.remove(profile.id);
    expect(store.passwordOf(profile.id)).toBe('');
  });

  it('go with a profile that is joined again after a refusal', async () => {
    await store.join(profile, 'secret');
    link.current = reportFixture({ state: { kind: 'refused', problem } });
    await vi.advanceTimersByTimeAsync(250);
    await store.joinAgain();
    expect(link.calls).toEqual(['join secret', 'join secret']);
  });
});
