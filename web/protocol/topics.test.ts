import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import abi from '../../abi/guest-abi.json' with { type: 'json' };
import {
  checkNodeId,
  checkRoot,
  MAX_GUEST_TOPIC_BYTES,
  nodeTopic,
  parseNodeTopic,
  resolveGuestTopic,
  topicKinds,
} from './topics.ts';
import { utf8Bytes } from './utf8.ts';

describe('node topics', () => {
  it('come back as they were built, under any root', () => {
    for (const kind of topicKinds) {
      expect(parseNodeTopic('ic', nodeTopic('ic', 'esp32', kind))).toEqual({ node: 'esp32', kind });
      expect(parseNodeTopic('my/farm', nodeTopic('my/farm', 'n-1', kind))).toEqual({ node: 'n-1', kind });
    }
  });

  const others = ['ic/esp32', 'ic/esp32/', 'ic//data', 'icx/n1/data', 'ic/n1/data/more', 'ic/n 1/data', ''];
  it.each(others)('are not seen in "%s"', (topic) => {
    expect(parseNodeTopic('ic', topic)).toBeNull();
  });

  it('are refused for ids and roots that would break them', () => {
    for (const id of ['esp32', 'pi-5', 'a', '9_x', 'A'.repeat(32)]) expect(checkNodeId(id)).toBeNull();
    const badIds = ['', '-a', 'a/b', 'a+', 'ç', 'a b', 'A'.repeat(33), 'a\n'];
    for (const id of badIds) expect(checkNodeId(id)).toContain('1 to 32 letters');
    for (const root of ['ic', 'farm/north', 'çã']) expect(checkRoot(root)).toBeNull();
    const badRoots = ['', '/ic', 'ic/', 'a//b', '$SYS', 'a/+', 'x'.repeat(65)];
    for (const root of badRoots) expect(checkRoot(root)).toMatch(/\.$/);
  });
});

describe('resolveGuestTopic', () => {
  it.each([
    ['ic', 'n7', 'ic/esp32/data', 'ic/n7/data'],
    ['ic', 'n7', 'data', 'ic/n7/data'],
    ['ic', 'n7', 'a/b', 'ic/n7/a/b'],
    ['ic', 'n7', 'ic/n7/data', 'ic/n7/data'],
    ['ic', 'esp32', 'ic/esp32/data', 'ic/esp32/data'],
    ['farm/north', 'n7', 'ic/esp32/data', 'farm/north/n7/data'],
    ['farm/north', 'n7', 'farm/north/n7/data', 'farm/north/n7/data'],
    ['farm/north', 'n7', 'data', 'farm/north/n7/data'],
    ['ic', 'n7', 'icebox', 'ic/n7/icebox'],
  ])('under %s on %s sends "%s" to %s', (root, node, topic, resolved) => {
    expect(resolveGuestTopic(root, node, topic)).toEqual({ ok: true, topic: resolved });
  });

  it.each([
    ['ic/n8/data', 'n7 may publish under ic/n7/ only'],
    ['ic/n77/data', 'n7 may publish under ic/n7/ only'],
    ['ic/esp32', 'n7 may publish under ic/n7/ only'],
    ['ic', 'n7 may publish under ic/n7/ only'],
    ['ic/n7/', 'empty level'],
    ['ic/esp32/', 'empty level'],
    ['/data', 'empty level'],
    ['', 'at least one character'],
    ['ic/+/data', 'wildcard'],
    ['#', 'wildcard'],
    ['a\0', 'control characters'],
    ['é'.repeat(65), '130 bytes; at most 128'],
  ])('refuses "%s" in words, or a guest could speak for another node', (topic, words) => {
    const resolved = resolveGuestTopic('ic', 'n7', topic);
    expect(resolved).toEqual({ ok: false, reason: expect.stringContaining(words) });
  });

  it('refuses another node of the field\'s root also where the lab uses its own', () => {
    expect(resolveGuestTopic('farm', 'n7', 'ic/n8/data').ok).toBe(false);
    expect(resolveGuestTopic('farm', 'n7', 'farm/n8/data').ok).toBe(false);
  });

  it('lets nothing out from under the node\'s own prefix, whatever a guest writes', () => {
    const unit = fc.constantFrom('ic', 'esp32', 'n7', 'n8', '/', '//', '..', '+', '#', '$SYS', '\0', 'é', '😀');
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit }), fc.string({ unit: 'binary' })), (topic) => {
        const resolved = resolveGuestTopic('ic', 'n7', topic);
        if (resolved.ok) expect(resolved.topic).toMatch(/^ic\/n7\/[^+#\0]+$/u);
        else expect(resolved.reason).toMatch(/\.$/);
      }),
      { numRuns: 2000 },
    );
  });

  it('holds guests to the limit that the guest ABI promises them', () => {
    expect(MAX_GUEST_TOPIC_BYTES).toBe(abi.limits.topicBytes.value);
    expect(resolveGuestTopic('ic', 'n7', 'x'.repeat(128)).ok).toBe(true);
    expect(resolveGuestTopic('ic', 'n7', 'x'.repeat(129)).ok).toBe(false);
  });
});

describe('utf8Bytes', () => {
  it('counts what an encoder writes, or the byte totals of a run would be off', () => {
    const encoder = new TextEncoder();
    // Around the surrogates, U+D800 to U+DFFF.
    const unit = fc.integer({ min: 0xd700, max: 0xe100 });
    const halves = fc.array(unit).map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), halves), (text) => {
        expect(utf8Bytes(text)).toBe(encoder.encode(text).length);
      }),
    );
  });
});
