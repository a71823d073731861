/** How a payload is shown: JSON laid out over lines, all else as it came. */
export interface PayloadText {
  kind: 'json' | 'text' | 'empty';
  text: string;
}

export function readPayload(payload: string): PayloadText {
  if (payload === '') return { kind: 'empty', text: '' };
  // A bare number or word is valid JSON too, but nobody means it so.
  if (!/^\s*[[{]/.test(payload)) return { kind: 'text', text: payload };
  try {
    return { kind: 'json', text: JSON.stringify(JSON.parse(payload), null, 2) };
  } catch {
    return { kind: 'text', text: payload };
  }
}
