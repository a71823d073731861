import { beforeEach, expect, it } from 'vitest';
import { profileFixture as saved } from './link-report-fixture.ts';
import { ProfileDraft } from './profile-draft.svelte.ts';

const page = { protocol: 'http:', hostname: 'localhost', secureContext: true };
let draft: ProfileDraft;
beforeEach(() => {
  draft = new ProfileDraft();
});

it('is complete with an address alone: name and root fill themselves', () => {
  draft.type('url', ' ws://pi.local:9001/mqtt ');
  expect(draft.problems(page)).toEqual({});
  expect(draft.profile).toEqual({
    id: draft.id, name: 'pi.local', url: 'ws://pi.local:9001/mqtt', username: '', root: 'ic', clientId: '',
  });
});

it('says what is wrong by field: a wrong root would join a silent broker', () => {
  draft.type('url', 'pi.local');
  draft.type('root', 'ic/#');
  draft.type('password', 'x');
  expect(Object.keys(draft.problems(page)).sort()).toEqual(['root', 'url', 'username']);
});

it('asks for a client id that brokers take', () => {
  draft.fill({ ...saved, clientId: 'a/b' }, '', false);
  expect(Object.keys(draft.problems(page))).toEqual(['clientId']);
});

it('is another profile to a test as soon as anything that a broker sees has changed', () => {
  draft.fill(saved, 'secret', false);
  const { key } = draft;
  draft.type('name', 'other');
  expect(draft.key).toBe(key);
  draft.type('password', 'Secret');
  expect(draft.key).not.toBe(key);
});

it('begins a new profile instead of overwriting the one it showed', () => {
  draft.fill(saved, 'secret', true);
  expect(draft.untouched).toBe(false);
  draft.clear();
  expect(draft.id).not.toBe(saved.id);
  expect(draft).toMatchObject({ password: '', remember: false, untouched: true });
});
