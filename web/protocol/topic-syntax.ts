/** Names of topics and filters over them: MQTT 5, sections 1.5.4 and 4.7. */
import { utf8Bytes } from './utf8.ts';

/** MQTT gives a string's length two bytes. */
const MAX_BYTES = 65_535;

/** What MQTT 5 (section 1.5.4) has or lets a receiver close the connection for, as Mosquitto does: surrogates are halves of pairs here. */
const forbidden = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u;

function checkText(what: string, text: string): string | null {
  if (text === '') return `A ${what} needs at least one character.`;
  if (forbidden.test(text)) return `A ${what} may not contain control characters, noncharacters or surrogates: brokers end the connection of whoever sends one.`;
  // One UTF-16 unit is at most three bytes.
  const bytes = text.length * 3 > MAX_BYTES ? utf8Bytes(text) : 0;
  return bytes > MAX_BYTES ? `A ${what} may have ${MAX_BYTES} bytes; this one has ${bytes}.` : null;
}

/** Why `topic` cannot be published to, as a sentence; null when it can. */
export function checkTopicName(topic: string): string | null {
  const broken = checkText('topic', topic);
  if (broken !== null) return broken;
  return /[+#]/.test(topic)
    ? `The topic "${topic}" contains a wildcard (+ or #); those belong in subscriptions only.`
    : null;
}

/** Why `filter` cannot be subscribed to, as a sentence; null when it can. */
export function checkTopicFilter(filter: string): string | null {
  const broken = checkText('topic filter', filter);
  if (broken !== null) return broken;
  const levels = filter.split('/');
  for (const [index, level] of levels.entries()) {
    if (level.includes('#') && (level !== '#' || index !== levels.length - 1)) {
      return `In "${filter}" the wildcard # must stand alone in the last level.`;
    }
    if (level.includes('+') && level !== '+') {
      return `In "${filter}" the wildcard + must fill its level: "a/+/b", not "a/x+/b".`;
    }
  }
  return null;
}

/**
 * Whether a valid filter covers a valid topic. A leading wildcard does not cover topics that begin
 * with `$` (section 4.7.2): those are the broker's own.
 */
export function matchesFilter(filter: string, topic: string): boolean {
  if (topic.startsWith('$') && (filter.startsWith('+') || filter.startsWith('#'))) return false;
  const filterLevels = filter.split('/');
  const topicLevels = topic.split('/');
  for (const [index, level] of filterLevels.entries()) {
    // `a/#` covers `a` too: # includes the parent level (section 4.7.1.2).
    if (level === '#') return true;
    if (index >= topicLevels.length || (level !== '+' && level !== topicLevels[index])) return false;
  }
  return filterLevels.length === topicLevels.length;
}
