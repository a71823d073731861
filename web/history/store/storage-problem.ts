/** Why the browser does not store, in a sentence for people. */
const names: Record<string, string> = {
  QuotaExceededError: 'The disk or the browser’s storage is full, so new history is kept in this tab only; free some space or lower the limit.',
  VersionError: 'A newer version of this page has already written the history; reload this page.',
  DatabaseClosedError: 'A newer version of this page has opened the history; reload this page.',
  NotKeeperError: 'Another tab of this page keeps the history now, so what this one sees is not stored; reload it to join in.',
};

/** Stored data may be read and written by one worker at a time: another one took over. */
export class NotKeeperError extends Error {
  override readonly name = 'NotKeeperError';
}

export function storageProblem(error: unknown): string {
  for (const name of errorNames(error)) if (names[name]) return names[name];
  const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
  return `The browser does not store history here (${why}); it is kept in this tab only. Private windows and blocked site data do this.`;
}

export function isStorageFull(error: unknown): boolean {
  return errorNames(error).includes('QuotaExceededError');
}

/** No other try can help. */
export function isFinal(error: unknown): boolean {
  return errorNames(error).some((name) => ['VersionError', 'DatabaseClosedError', 'NotKeeperError'].includes(name));
}

/** Dexie wraps what the browser threw. */
function errorNames(error: unknown): string[] {
  const names: string[] = [];
  for (let at = error as { name?: string; inner?: unknown } | null | undefined; at && names.length < 5; at = at.inner as typeof at) {
    if (typeof at.name === 'string') names.push(at.name);
  }
  return names;
}
