import { expect, it } from 'vitest';
import { NorFlash } from './nor-flash.ts';

it('shows a write without an erase as the mess that it is on silicon', () => {
  const flash = new NorFlash(0x100000);
  flash.program(100, Uint8Array.of(0b1100_1100));
  flash.program(100, Uint8Array.of(0b1010_1010));
  expect(flash.read(99, 3)).toEqual(Uint8Array.of(0xff, 0b1000_1000, 0xff));
});

it('erases whole sectors around a range, and nothing else', () => {
  const flash = new NorFlash(0x100000, new Uint8Array(0x100000));
  flash.erase(0x1fff, 2);
  expect(flash.read(0xfff, 2)).toEqual(Uint8Array.of(0, 0xff));
  expect(flash.read(0x2fff, 2)).toEqual(Uint8Array.of(0xff, 0));
});

it('takes the time of the data sheet, so that a client that does not wait is found', () => {
  const flash = new NorFlash(0x400000);
  expect(flash.erase(0x10000, 0x10000)).toBe(150);
  expect(flash.erase(0x1000, 0x2000)).toBe(90);
  expect(flash.program(0x10080, new Uint8Array(256))).toBeCloseTo(0.8);
  expect(flash.eraseAll()).toBe(10_000);
});

it('refuses what lies outside instead of wrapping around', () => {
  const flash = new NorFlash(0x100000);
  expect(() => flash.program(0xfffff, new Uint8Array(2))).toThrow(RangeError);
  expect(() => flash.erase(0x100000, 1)).toThrow(RangeError);
  expect(() => new NorFlash(0x180000)).toThrow(RangeError);
});

it('tells its size in its id, as clients read it', () => {
  expect(new NorFlash(0x400000).jedecId).toBe(0x1640ef);
  expect(new NorFlash(0x1000000).jedecId >> 16).toBe(0x18);
});
