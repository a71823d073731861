/** A broker may take a request and never answer: resolves after this time, or when the user leaves. */
export function unanswered(signal: AbortSignal, withinMs: number): Promise<{ ok: false; code: null }> {
  return new Promise((resolve) => {
    const end = (): void => resolve({ ok: false, code: null });
    signal.addEventListener('abort', end, { once: true });
    setTimeout(end, withinMs);
  });
}
