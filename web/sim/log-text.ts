/** The log as a file. In a module of its own, since few who open the page save it. */
import type { EventLog } from './event-log.ts';
import { words } from './log-words.ts';

/** The events still kept as lines, the oldest first; says at its head when earlier ones are gone. */
export function logText(log: EventLog): string {
  const { kept } = log;
  const gone = log.lines - kept.length;
  const head = gone > 0 ? `# ${gone} earlier events are no longer kept; the digest covers them\n` : '';
  const lines = kept.map(({ timeUs, node, kind, detail }) => `${timeUs}\t${node}\t${kind}\t${words(detail)}\n`);
  return `# digest of all events: ${log.digest()}\n${head}# time_us\tnode\tkind\tdetail\n${lines.join('')}`;
}
