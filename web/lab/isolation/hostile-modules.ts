/** All hostile guests, and the bytes of their modules. */
import kept from './hostile-guests.gen.json';
import type { HostileForm, HostileGuest } from './hostile-guest.ts';
import { largeModules, type LargeModule } from './large-modules.ts';

const shipped = kept as { guests: HostileGuest[]; modules: Record<string, string> };

/** Beside what is shipped: modules that are made here. */
const oversized: HostileGuest = {
  id: 'oversized',
  group: 'module',
  title: 'Enormous modules',
  tries: 'Is made so large, so deeply nested or so wide that reading, checking or compiling it takes for ever or fails.',
  contained: 'It is refused, or runs as any other; whoever reads it neither fails nor hangs.',
  mustStop: false,
  forms: ['env'],
  variants: [
    { id: 'ballast', what: '5 MB of ballast' },
    { id: 'deep-blocks', what: '200,000 blocks, each in the other' },
    { id: 'many-functions', what: '400,000 functions' },
    { id: 'large-data', what: '3 MB of data for one page of memory' },
    { id: 'wide-table', what: 'a jump with a million targets' },
  ],
};

export const hostileGuests: readonly HostileGuest[] = [...shipped.guests, oversized];

/** Throws for a guest, variant or form that there is not. */
export function hostileBytes(guest: string, variant: string, form: HostileForm): Uint8Array<ArrayBuffer> {
  if (guest === oversized.id && form === 'env') return largeModules[variant as LargeModule]();
  const base64 = shipped.modules[`${guest}/${variant}.${form}`];
  if (base64 === undefined) throw new Error(`There is no hostile guest ${guest}/${variant} for ${form}.`);
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
