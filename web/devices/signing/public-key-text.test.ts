import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesToBase64 } from '../../protocol/base64.ts';
import { parsePublicKey, publicKeyLine } from './public-key-text.ts';

const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });

it('a public key comes back from either text, or a board would trust another key than was meant', () => {
  fc.assert(
    fc.property(keys, fc.constantFrom('Ana', 'field lab 2', 'ed25519'), (publicKey, name) => {
      expect(parsePublicKey(`${publicKeyLine({ name, publicKey })}\n`)).toEqual({ ok: true, value: { publicKey, name } });
      expect(parsePublicKey(`  ${bytesToBase64(publicKey)} `)).toEqual({ ok: true, value: { publicKey, name: null } });
    }),
  );
});

it('what is no key is refused in words, whatever was pasted', () => {
  const others = fc.oneof(fc.string(), fc.base64String(), fc.constantFrom('', 'ed25519', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA== ana'));
  fc.assert(
    fc.property(others, (text) => {
      const parsed = parsePublicKey(text);
      if (!parsed.ok) expect(parsed.reason).toContain('44 characters');
      else expect(parsed.value.publicKey).toHaveLength(32);
    }),
  );
});
