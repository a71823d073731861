/** What a board was told must outlast power cuts at any moment. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NorFlash } from '../rom/nor-flash.ts';
import type { FirmwareFlash } from '../rom/firmware-port.ts';
import { Nvs } from './nvs.ts';

const PLACE = { offset: 0x9000, bytes: 0x6000 };
const SEED = 20_260_101;

class PowerCut extends Error {}

/** Loses power after so many bytes were written: the write that is cut off stays half done. */
class CuttableFlash implements FirmwareFlash {
  readonly #nor = new NorFlash(0x100000);
  readonly bytes = 0x100000;
  leftBytes = Infinity;

  read(offset: number, bytes: number): Uint8Array {
    return this.#nor.read(offset, bytes);
  }

  write(offset: number, data: Uint8Array): void {
    const part = data.subarray(0, Math.min(data.length, this.leftBytes));
    this.leftBytes -= part.length;
    if (part.length > 0) this.#nor.program(offset, part);
    if (part.length < data.length) throw new PowerCut();
  }

  erase(offset: number, bytes: number): void {
    this.#nor.erase(offset, bytes);
  }
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array | null): string | null => bytes && new TextDecoder().decode(bytes);

describe('a board’s NVS', () => {
  it('keeps what was set across a restart, the last value of each, and nothing that was removed', () => {
    const flash = new CuttableFlash();
    const nvs = new Nvs(flash, PLACE);
    for (let i = 0; i < 2000; i += 1) nvs.set(`key${i % 7}`, bytesOf(`value ${i}`));
    nvs.remove('key3');
    const again = new Nvs(flash, PLACE);
    expect(textOf(again.get('key1'))).toBe('value 1996');
    expect(again.get('key3')).toBeNull();
    again.eraseAll();
    expect(new Nvs(flash, PLACE).get('key1')).toBeNull();
  });

  it('says so when there is no room, and keeps what it had', () => {
    const flash = new CuttableFlash();
    const nvs = new Nvs(flash, PLACE);
    nvs.set('small', bytesOf('here'));
    expect(nvs.set('large', new Uint8Array(13_000))).toBe(false);
    expect(nvs.get('large')).toBeNull();
    expect(textOf(new Nvs(flash, PLACE).get('small'))).toBe('here');
  });

  it('takes what it did not write for empty', () => {
    const flash = new CuttableFlash();
    flash.write(PLACE.offset, new Uint8Array(PLACE.bytes).fill(0x5a));
    const nvs = new Nvs(flash, PLACE);
    expect(nvs.get('node')).toBeNull();
    nvs.set('node', bytesOf('bench-1'));
    expect(textOf(new Nvs(flash, PLACE).get('node'))).toBe('bench-1');
  });

  it('cut off at any byte, it holds each value as before the cut or as after it', () => {
    const key = fc.constantFrom('a', 'b', 'c');
    const step = fc.record({ key, value: fc.string({ maxLength: 900 }) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), fc.nat({ max: 30_000 }), (steps, cutAfter) => {
        const flash = new CuttableFlash();
        const nvs = new Nvs(flash, PLACE);
        const kept = new Map<string, string>();
        let cut: { key: string; value: string } | null = null;
        flash.leftBytes = cutAfter;
        for (const each of steps) {
          try {
            nvs.set(each.key, bytesOf(each.value));
          } catch (error) {
            if (!(error instanceof PowerCut)) throw error;
            cut = each;
            break;
          }
          kept.set(each.key, each.value);
        }
        flash.leftBytes = Infinity;
        const again = new Nvs(flash, PLACE);
        for (const name of ['a', 'b', 'c']) {
          const found = textOf(again.get(name));
          const allowed: (string | null)[] = [kept.get(name) ?? null];
          if (cut?.key === name) allowed.push(cut.value);
          expect(allowed).toContain(found);
        }
        again.set('after', bytesOf('the cut'));
        expect(textOf(new Nvs(flash, PLACE).get('after'))).toBe('the cut');
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});
