/** Takes modules that come over MQTT: a trusted key has to vouch for them, and an edge node has to be able to run them. */
import type { TrustedKey } from '../devices/signing/verify-offer.ts';
import type { GuestOffer } from '../protocol/control-payloads.ts';
import type { GuestInstaller, Installed } from '../sim/guest-installer.ts';
import { guestProblem } from './guest-fit.ts';
import type { GuestLibrary } from './guest-library.ts';

export type TrustedKeys = () => Promise<readonly TrustedKey[]>;

/** @param edgePages memory that an edge node gives a guest */
export function guestInstaller(library: GuestLibrary, trustedKeys: TrustedKeys, edgePages: () => number): GuestInstaller {
  let last: { bytes: Uint8Array; offer: GuestOffer; answer: Promise<Installed> } | null = null;

  async function check(bytes: Uint8Array, offer: GuestOffer): Promise<Installed> {
    try {
      const { verifyOffer } = await import('../devices/signing/verify-offer.ts');
      const verdict = await verifyOffer(bytes, offer, await trustedKeys());
      if (!verdict.ok) return verdict;
      const answer = await library.add(offer.name, bytes);
      if (!answer.ok) return answer;
      const guest = library.guests.get(answer.id)!;
      const problem = guestProblem(guest, 'edge', edgePages());
      if (problem !== null) return { ok: false, reason: problem };
      if (guest.metered) return { ok: true, guest };
      return { ok: false, reason: `${offer.name} cannot be metered, and nodes take only metered modules over the air.` };
    } catch (error) {
      return { ok: false, reason: `The module could not be checked: ${error instanceof Error ? error.message : String(error)}` };
    }
  }

  return {
    install(bytes, offer) {
      // A rollout hands the same module to one node after the other.
      const same = last?.bytes === bytes && String(last.offer.signature) === String(offer.signature) && last.offer.name === offer.name;
      if (!same) last = { bytes, offer, answer: check(bytes, offer) };
      return last!.answer;
    },
  };
}
