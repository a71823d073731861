import { webcrypto } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { bytesToBase64 } from '../../protocol/base64.ts';
import { encodeGuestOffer, type GuestOffer, parseGuestOffer } from '../../protocol/guest-offer.ts';
import { ALGORITHM, keyId } from './ed25519.ts';
import { type Signer, signOffer } from './sign-offer.ts';
import { type TrustedKey, verifyOffer } from './verify-offer.ts';

const module = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

async function pair(): Promise<{ signer: Signer; trusted: TrustedKey }> {
  const { privateKey, publicKey } = (await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify'])) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  const id = await keyId(raw);
  return { signer: { id, privateKey }, trusted: { id, publicKey: raw } };
}

let mine: Awaited<ReturnType<typeof pair>>;
let other: Awaited<ReturnType<typeof pair>>;
let offer: GuestOffer;
beforeAll(async () => {
  [mine, other] = [await pair(), await pair()];
  offer = await signOffer(module, 'irrigation', mine.signer);
});

const verify = (change: Partial<GuestOffer>, bytes = module, trusted = [other.trusted, mine.trusted]) =>
  verifyOffer(bytes, { ...offer, ...change }, trusted);

describe('a signed module', () => {
  it('is taken as it was signed, through the wire and back', async () => {
    const received = parseGuestOffer(encodeGuestOffer(offer));
    expect(received).toEqual({ ok: true, value: offer });
    expect(await verify({})).toEqual({ ok: true });
  });

  it('is refused from a key that nobody gave the node, or anyone on the broker could program the fleet', async () => {
    const reason = expect.stringContaining(`key ${mine.signer.id}, which this node does not trust`);
    expect(await verify({}, module, [other.trusted])).toEqual({ ok: false, reason });
    expect(await verify({}, module, [])).toEqual({ ok: false, reason });
  });

  it('is refused when another key signed than the one it names', async () => {
    const forged = await signOffer(module, 'irrigation', { ...other.signer, id: mine.signer.id });
    expect(await verifyOffer(module, forged, [mine.trusted])).toMatchObject({ ok: false, reason: expect.stringContaining('signature is not one of') });
  });

  it('is refused under another name or digest', async () => {
    expect(await verify({ name: 'irrigation 2' })).toMatchObject({ ok: false, reason: expect.stringContaining('signature is not') });
    expect(await verify({ sha256: '00'.repeat(32) })).toMatchObject({ ok: false, reason: expect.stringContaining('signature is not') });
  });

  it('is refused when a bit of it or of its signature changed on the way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(7), fc.nat(511), async (bit, at) => {
        const signature = offer.signature.slice();
        signature[at % 64]! ^= 1 << bit;
        expect((await verify({ signature })).ok).toBe(false);
        const bytes = module.slice();
        bytes[at % bytes.length]! ^= 1 << bit;
        expect(await verify({}, bytes)).toMatchObject({ ok: false, reason: expect.stringContaining('send the module again') });
      }),
      { numRuns: 50 },
    );
  });

  it('is refused, not thrown at, for a trusted key that is no key', async () => {
    const publicKey = new Uint8Array(31);
    expect((await verifyOffer(module, offer, [{ id: offer.key, publicKey }])).ok).toBe(false);
  });

  it('is refused in words that fit into the state a node reports', async () => {
    const verdicts = [await verify({}, module, []), await verify({ name: 'x' }), await verify({}, new Uint8Array(9))];
    for (const verdict of verdicts) {
      expect(verdict).toEqual({ ok: false, reason: expect.stringMatching(/^[A-Z].{20,199}\.$/) });
    }
  });
});

/** The key of RFC 8032, section 7.1, test 1. Firmware tests itself against the same figures. */
it('signs what boards expect, bit for bit', async () => {
  const seed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
  const publicKey = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex');
  const pkcs8 = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex');
  const privateKey = (await webcrypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, false, ['sign'])) as CryptoKey;
  const id = await keyId(publicKey);
  const signed = await signOffer(module, 'irrigation', { id, privateKey });
  expect({ ...signed, signature: bytesToBase64(signed.signature) }).toEqual({
    name: 'irrigation',
    key: '21fe31dfa154a261',
    sha256: '93a44bbb96c751218e4c00d479e4c14358122a389acca16205b1e4d0dc5f9476',
    signature: 'FT+0xG/QzMpX3FOR6xbyZJwkSdBjPlnh8yJSKKGlOP5ZzqriPtF06A5HuGQ+JNNzk0b8cQ0Obbb4KMPUPkV6Cw==',
  });
});
