import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Fifo } from './fifo.ts';

it('gives back what an array would, in any mix of steps, or messages would swap or vanish', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer()), { maxLength: 200 }), (steps) => {
      const fifo = new Fifo<number>();
      const model: number[] = [];
      for (const step of steps) {
        if (step === null) {
          expect(fifo.shift()).toBe(model.shift());
        } else {
          fifo.push(step);
          model.push(step);
        }
        expect(fifo.length).toBe(model.length);
      }
    }),
  );
});
