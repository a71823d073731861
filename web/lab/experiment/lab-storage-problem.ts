/** What keeps the lab from keeping something, in plain words. */
const plainWords: Record<string, string> = {
  QuotaExceededError: 'The disk or the browser’s storage is full',
  MissingAPIError: 'This browser keeps nothing for this page',
  SecurityError: 'This browser forbids this page to keep anything',
  InvalidStateError: 'This browser forbids this page to keep anything',
  OpenFailedError: 'This browser’s storage could not be opened',
};

/** A sentence on results that could not be written. */
export function keepingProblem(error: unknown): string {
  const known = errorNames(error).find((name) => Object.hasOwn(plainWords, name));
  const why = known ? plainWords[known]! : `Results could not be written (${error instanceof Error ? error.message : String(error)})`;
  return `${why}, so results are kept in this tab only. Save the experiment’s file before you close it, or free some space.`;
}

/** Dexie wraps what IndexedDB throws. */
function errorNames(error: unknown): string[] {
  const names: string[] = [];
  for (let each: unknown = error; each instanceof Error; each = (each as { inner?: unknown }).inner) names.push(each.name);
  return names;
}
