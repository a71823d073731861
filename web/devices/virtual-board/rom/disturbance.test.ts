import { expect, it, vi } from 'vitest';
import { stream } from '../../../sim/random.ts';
import { Disturbance } from './disturbance.ts';

const BAUD = 115_200;
const some = Uint8Array.from({ length: 10_000 }, (_, i) => i & 0xff);

function disturb(seed = 1) {
  const board = { cableCameOff: vi.fn(), supplyDropped: vi.fn() };
  const disturbance = new Disturbance(stream(seed, 'test'), board);
  return { board, disturbance, pass: (bytes = some, sent = BAUD, heard = sent, host = heard) => disturbance.pass(bytes, sent, heard, host) };
}

it('changes nothing without a fault, and after one', () => {
  const { disturbance, pass } = disturb();
  expect(pass()).toEqual(some);
  disturbance.fault = { kind: 'noise', perByte: 1 };
  expect(pass()).not.toEqual(some);
  disturbance.fault = null;
  expect(pass()).toEqual(some);
});

it('flips single bits and loses bytes as often as said, the same ones for the same seed', () => {
  const { disturbance, pass } = disturb(9);
  disturbance.fault = { kind: 'noise', perByte: 0.01 };
  const noisy = pass();
  const flips = [...noisy].map((byte, i) => byte ^ some[i]!).filter((flip) => flip !== 0);
  expect(flips.every((flip) => (flip & (flip - 1)) === 0)).toBe(true);
  expect(flips.length).toBeGreaterThan(60);
  expect(flips.length).toBeLessThan(140);
  const again = disturb(9);
  again.disturbance.fault = { kind: 'noise', perByte: 0.01 };
  expect(again.pass()).toEqual(noisy);
  disturbance.fault = { kind: 'loss', perByte: 0.5 };
  expect(pass().length / some.length).toBeCloseTo(0.5, 1);
});

it('pulls the cable, drops the supply or falls silent after exactly so many bytes', () => {
  const { board, disturbance, pass } = disturb();
  disturbance.fault = { kind: 'pulled', afterBytes: 12 };
  expect(pass(some.subarray(0, 10))).toHaveLength(10);
  expect(board.cableCameOff).not.toHaveBeenCalled();
  expect(pass(some.subarray(0, 10))).toHaveLength(2);
  expect(board.cableCameOff).toHaveBeenCalledOnce();

  disturbance.fault = { kind: 'brownout', afterBytes: 5 };
  pass(some.subarray(0, 5));
  expect(board.supplyDropped).toHaveBeenCalledOnce();
  expect(pass(some.subarray(0, 5))).toHaveLength(5);
  expect(board.supplyDropped).toHaveBeenCalledOnce();

  disturbance.fault = { kind: 'silent', afterBytes: 5 };
  expect(pass(some.subarray(0, 8))).toHaveLength(5);
  expect(pass(some.subarray(0, 8))).toHaveLength(0);
});

it('garbles what goes faster than the bridge can, and what is heard at another baud rate', () => {
  const { disturbance, pass } = disturb();
  expect(pass(some, 115_200, 117_000)).toEqual(some);
  expect(pass(some, 115_200, 921_600).length).toBe(80_000);
  disturbance.fault = { kind: 'slow-bridge', maxBaud: 460_800 };
  expect(pass(some, 460_800)).toEqual(some);
  expect(pass(some, 921_600).length).toBeLessThan(some.length);
});
