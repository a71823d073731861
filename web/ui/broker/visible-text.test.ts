import { expect, it } from 'vitest';
import { visibleText } from './visible-text.ts';

it('writes out what would hide or turn a text: a stranger could pass one topic off as another', () => {
  expect(visibleText('ic/\u202Egnp.exe/data\u0000', 80)).toBe('ic/<202E>gnp.exe/data<0000>');
  expect(visibleText('a\u200Bb\nc\u001B[31m', 80)).toBe('a<200B>b<000A>c<001B>[31m');
});

it('leaves alone what can be seen, other scripts and emoji included', () => {
  expect(visibleText('umidade 58 % – землЯ 🌱 <script>', 80)).toBe('umidade 58 % – землЯ 🌱 <script>');
});

it('cuts to whole characters and says so: half of a pair would be shown as a box', () => {
  expect(visibleText('🌱🌱🌱', 2)).toBe('🌱🌱…');
  expect(visibleText('abc', 3)).toBe('abc');
  expect(visibleText('abcd', 3)).toBe('abc…');
});

it('stands lone surrogates and a megabyte', () => {
  expect(visibleText('a\uD800b', 10)).toBe('a<D800>b');
  expect(visibleText('\u0000'.repeat(1e6), 20)).toHaveLength(21);
});
