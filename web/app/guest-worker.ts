/** A guest's thread: blocks in the guest from its start to its end. */
import { serveGuest } from '../guest/blocking-guest.ts';
import type { ThreadStart } from '../guest/guest-threads.ts';

self.onmessage = ({ data }: MessageEvent<ThreadStart>) => serveGuest(data);
