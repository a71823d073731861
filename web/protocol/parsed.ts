/** What a parser of untrusted input answers; `reason` is a sentence for people. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; reason: string };

export function refused(reason: string): { ok: false; reason: string } {
  return { ok: false, reason };
}
