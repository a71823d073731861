/** Whose topic is whose: `ROOT/NODE/KIND`. */
import { checkTopicName } from './topic-syntax.ts';
import { utf8Bytes } from './utf8.ts';

export { checkTopicFilter, checkTopicName, matchesFilter } from './topic-syntax.ts';

export const DEFAULT_ROOT = 'ic';

/** UTF-8 bytes of a topic as a guest writes it; `topicBytes` of the guest ABI. */
export const MAX_GUEST_TOPIC_BYTES = 128;

export const topicKinds = [
  'data',
  'status',
  'config',
  'config/ack',
  'presence',
  'metrics',
  'guest',
  'guest/state',
  'cmd',
  'reply',
  'processed',
  'analytics',
] as const;
export type TopicKind = (typeof topicKinds)[number];

export function isTopicKind(text: string): text is TopicKind {
  return (topicKinds as readonly string[]).includes(text);
}

/** `ic/esp32/data`. `node` may be `+` to subscribe to all nodes. */
export function nodeTopic(root: string, node: string, kind: TopicKind): string {
  return `${root}/${node}/${kind}`;
}

/** Null for topics outside the root, of no valid node, or of a kind that the protocol does not know. */
export function parseNodeTopic(root: string, topic: string): { node: string; kind: TopicKind } | null {
  if (!topic.startsWith(`${root}/`)) return null;
  const nodeEnd = topic.indexOf('/', root.length + 1);
  if (nodeEnd < 0) return null;
  const node = topic.slice(root.length + 1, nodeEnd);
  const kind = topic.slice(nodeEnd + 1);
  return checkNodeId(node) === null && isTopicKind(kind) ? { node, kind } : null;
}

/** Why `id` cannot name a node, as a sentence; null when it can. It also serves as MQTT client id. */
export function checkNodeId(id: string): string | null {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/.test(id)) return null;
  return 'A node id has 1 to 32 letters (a to z), digits, - and _, and begins with a letter or digit.';
}

/** Why `root` cannot be the topic root, as a sentence; null when it can. It may have several levels. */
export function checkRoot(root: string): string | null {
  const broken = checkTopicName(root);
  if (broken !== null) return broken;
  if (root.startsWith('$')) return 'The topic root may not begin with $: such topics are the broker\'s own.';
  if (root.split('/').includes('')) return 'The topic root may not begin or end with /, nor contain //.';
  return utf8Bytes(root) > 64 ? 'The topic root may have at most 64 bytes.' : null;
}

/** What modules in the field have compiled in: whatever node one runs on, it means "myself". */
const MYSELF = 'ic/esp32/';

export type ResolvedTopic = { ok: true; topic: string } | { ok: false; reason: string };

/**
 * Where a guest's message goes: `ic/esp32/data` and `data` both to `ROOT/NODE/data`, the node's own full
 * topic as it stands. A guest may not speak for another node, so other topics under the root are refused.
 */
export function resolveGuestTopic(root: string, nodeId: string, topic: string): ResolvedTopic {
  const bytes = utf8Bytes(topic);
  if (bytes > MAX_GUEST_TOPIC_BYTES) {
    const reason = `The guest's topic has ${bytes} bytes; at most ${MAX_GUEST_TOPIC_BYTES} are allowed.`;
    return { ok: false, reason };
  }
  const broken = checkTopicName(topic);
  if (broken !== null) return { ok: false, reason: broken };

  const own = `${root}/${nodeId}/`;
  let rest = topic;
  if (topic.startsWith(MYSELF)) {
    rest = topic.slice(MYSELF.length);
  } else if (topic.startsWith(own)) {
    rest = topic.slice(own.length);
  } else if (isUnder(root, topic) || isUnder(DEFAULT_ROOT, topic)) {
    const reason = `The guest of ${nodeId} may publish under ${own} only, not to "${topic}".`;
    return { ok: false, reason };
  }
  if (isTopicKind(rest) && rest !== 'data' && rest !== 'status') {
    return { ok: false, reason: `Under "${rest}" the host speaks, not the guest; a guest may use data, status and names of its own.` };
  }
  if (rest.split('/').includes('')) {
    const reason = `The topic "${topic}" has an empty level; write it like "data" or "${own}data".`;
    return { ok: false, reason };
  }
  return { ok: true, topic: own + rest };
}

function isUnder(root: string, topic: string): boolean {
  return topic === root || topic.startsWith(`${root}/`);
}
