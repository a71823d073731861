/** Moves and scales a plot's window by wheel, touch and shift-drag; a plain wheel still scrolls the page. */

export interface Gestures {
  /** Share of the width to move by; positive is later. */
  onpan: (share: number) => void;
  /** Factor on the width, around the place at `share` of it. */
  onzoom: (factor: number, share: number) => void;
  /** A pointer went down on the plot, or the last one came up. */
  onhold: (held: boolean) => void;
}

/** Listens on `surface` until the returned stop is called. */
export function listenToGestures(surface: HTMLElement, gestures: Gestures): () => void {
  const listening = new AbortController();
  const options = { signal: listening.signal };
  let panning = false;
  let lastX = 0;

  surface.style.touchAction = 'pan-y';
  surface.addEventListener(
    'wheel',
    (event) => {
      const width = surface.clientWidth || 1;
      if (event.ctrlKey) {
        event.preventDefault();
        gestures.onzoom(Math.exp(event.deltaY * 0.004), event.offsetX / width);
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        gestures.onpan((event.deltaX || event.deltaY) / width);
      }
    },
    { ...options, passive: false },
  );
  surface.addEventListener(
    'pointerdown',
    (event) => {
      gestures.onhold(true);
      panning = event.pointerType === 'touch' || event.shiftKey;
      lastX = event.clientX;
    },
    options,
  );
  window.addEventListener(
    'pointermove',
    (event) => {
      if (!panning) return;
      gestures.onpan((lastX - event.clientX) / (surface.clientWidth || 1));
      lastX = event.clientX;
    },
    options,
  );
  for (const type of ['pointerup', 'pointercancel'] as const) {
    window.addEventListener(
      type,
      () => {
        panning = false;
        gestures.onhold(false);
      },
      options,
    );
  }
  return () => listening.abort();
}
