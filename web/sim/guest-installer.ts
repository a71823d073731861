/** Takes modules that come over the air; `web/app` implements it with the keys that the user trusts. */
import type { LoadedGuest } from '../guest/loaded-guest.ts';
import type { GuestOffer } from '../protocol/control-payloads.ts';

export type Installed = { ok: true; guest: LoadedGuest } | { ok: false; reason: string };

export interface GuestInstaller {
  /** Checks signature, digest and module; an edge node can run what is answered. Does not reject. */
  install(bytes: Uint8Array, offer: GuestOffer): Promise<Installed>;
}
