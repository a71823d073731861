import { expect, it } from 'vitest';
import { readPayload } from './payload.ts';

it('lays JSON out over lines', () => {
  expect(readPayload('{"raw":1830,"pct":51}')).toEqual({ kind: 'json', text: '{\n  "raw": 1830,\n  "pct": 51\n}' });
});

it('shows broken JSON as it came: the user would not see why a node was misread', () => {
  expect(readPayload('{"raw":18')).toEqual({ kind: 'text', text: '{"raw":18' });
  expect(readPayload('online')).toEqual({ kind: 'text', text: 'online' });
  expect(readPayload('')).toEqual({ kind: 'empty', text: '' });
});
