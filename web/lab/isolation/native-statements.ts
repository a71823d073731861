/** What is known of native code without a run: it is not isolated. */
import type { Finding } from './isolation-port.ts';
import type { HostileGroup, HostileGuest } from './hostile-guest.ts';
import { hostileGuests } from './hostile-modules.ts';
import type { Outcome } from './outcome.ts';

const notTried: (said: string) => Outcome = (said) => ({ kind: 'not-run', said });
const open: (said: string) => Outcome = (said) => ({ kind: 'not-contained', by: 'nobody', said });

/** TypeScript of the page as a guest. https://html.spec.whatwg.org/multipage/workers.html#the-worker's-lifetime for ending a worker. */
const byGroup: Readonly<Record<HostileGroup, Outcome>> = {
  memory: notTried('TypeScript has no addresses, so this cannot be written in it. Native code on a board has them, and nothing stands between it and all of its memory: see the comparison.'),
  pointers: notTried('TypeScript has no pointers: a host function gets a text, or it is not called. In native code on a board the host reads whatever it is pointed to.'),
  time: open('Nothing ends it but the end of its thread, and whoever shares that thread stands still until then, and ends with it. Nobody counts its instructions.'),
  stack: { kind: 'trapped', by: 'engine', said: 'The engine of JavaScript throws a RangeError. On a board a native overflow writes over what lies below the stack.' },
  growth: open('It can take as much memory as the browser gives the tab; the whole tab ends when that is used up.'),
  floods: open('It can reach the broker and the console without their host functions, so that no limit of theirs holds it.'),
  rights: open('It has all rights of the page: any topic, any node, the storage of the page and the network.'),
  imports: open('It can import any module and any function that the page can.'),
  control: { kind: 'trapped', by: 'engine', said: 'It throws, and the exception ends what called it unless that catches it.' },
  module: notTried('The page is compiled from its own sources: it takes no native code from others.'),
};

function stated(guest: HostileGuest): Finding {
  const outcome = byGroup[guest.group];
  return { guest: guest.id, runtime: 'native', outcome, variants: [] };
}

export function nativeFindings(): Finding[] {
  return hostileGuests.filter(({ forms }) => forms.includes('env')).map(stated);
}
