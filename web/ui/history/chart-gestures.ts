/** Drag, wheel, pinch and press on a chart that fills the view; a drag with Shift selects a stretch. */

export interface ChartGestures {
  /** Share of the width to move by; positive is later. */
  onpan: (share: number) => void;
  /** Factor on the width, around the place at `share` of it. */
  onzoom: (factor: number, share: number) => void;
  /** Both ends as shares of the width while a stretch is drawn, null when it is given up. */
  onselecting: (stretch: [number, number] | null) => void;
  onselected: (fromShare: number, toShare: number) => void;
  /** Where the pointer is, as shares of width and height, when it drags nothing; null when it is elsewhere. */
  onpoint: (place: { x: number; y: number } | null) => void;
  /** A press that was no drag. */
  onpress: () => void;
}

const DRAG_FROM_PX = 4;
const LEAST_SELECTION_PX = 6;
const PER_WHEEL_PX = 0.0016;
/** A pinch on a trackpad comes as a wheel with Ctrl, in smaller steps. */
const PER_PINCH_PX = 0.008;
const LINE_PX = 16;

/** Listens on `surface` until the returned stop is called. */
export function listenToChart(surface: HTMLElement, gestures: ChartGestures): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  const pointers = new Map<number, { x: number; y: number }>();
  let doing: 'nothing' | 'pressing' | 'panning' | 'pinching' | 'selecting' = 'nothing';
  let startX = 0;
  let box = surface.getBoundingClientRect();

  const share = (clientX: number): number => (clientX - box.left) / Math.max(1, box.width);
  const clamped = (clientX: number): number => Math.min(1, Math.max(0, share(clientX)));

  function wheel(event: WheelEvent): void {
    event.preventDefault();
    box = surface.getBoundingClientRect();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    if (event.ctrlKey) gestures.onzoom(Math.exp(dy * PER_PINCH_PX), share(event.clientX));
    else if (event.shiftKey || Math.abs(dx) > Math.abs(dy)) gestures.onpan((dx || dy) / box.width);
    else gestures.onzoom(Math.exp(dy * PER_WHEEL_PX), share(event.clientX));
  }

  function down(event: PointerEvent): void {
    if (event.button !== 0) return;
    box = surface.getBoundingClientRect();
    surface.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    startX = event.clientX;
    if (pointers.size > 1) doing = 'pinching';
    else doing = event.shiftKey ? 'selecting' : 'pressing';
    if (doing === 'pinching') gestures.onpoint(null);
  }

  function move(event: PointerEvent): void {
    const last = pointers.get(event.pointerId);
    if (!last) {
      box = surface.getBoundingClientRect();
      gestures.onpoint({ x: share(event.clientX), y: (event.clientY - box.top) / Math.max(1, box.height) });
      return;
    }
    if (doing === 'pressing' && Math.abs(event.clientX - startX) > DRAG_FROM_PX) {
      doing = 'panning';
      gestures.onpoint(null);
    }
    if (doing === 'panning') gestures.onpan((last.x - event.clientX) / box.width);
    else if (doing === 'selecting') gestures.onselecting([clamped(startX), clamped(event.clientX)]);
    else if (doing === 'pinching') pinch(event);
    if (doing !== 'pressing') pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  }

  function pinch(event: PointerEvent): void {
    const mine = pointers.get(event.pointerId);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (!mine || !other) return;
    const before = Math.max(10, Math.abs(mine.x - other.x));
    const now = Math.max(10, Math.abs(event.clientX - other.x));
    gestures.onpan((mine.x - event.clientX) / 2 / box.width);
    gestures.onzoom(before / now, share((event.clientX + other.x) / 2));
  }

  function up(event: PointerEvent): void {
    if (!pointers.delete(event.pointerId)) return;
    if (doing === 'selecting') {
      gestures.onselecting(null);
      const chosen = event.type === 'pointerup' && Math.abs(event.clientX - startX) >= LEAST_SELECTION_PX;
      if (chosen) gestures.onselected(clamped(startX), clamped(event.clientX));
    } else if (doing === 'pressing' && event.type === 'pointerup') {
      gestures.onpoint({ x: share(event.clientX), y: (event.clientY - box.top) / Math.max(1, box.height) });
      gestures.onpress();
    }
    doing = pointers.size === 0 ? 'nothing' : 'panning';
  }

  // Up and down still scroll the view under a finger.
  surface.style.touchAction = 'pan-y';
  surface.addEventListener('wheel', wheel, { signal, passive: false });
  surface.addEventListener('pointerdown', down, { signal });
  surface.addEventListener('pointermove', move, { signal });
  surface.addEventListener('pointerup', up, { signal });
  surface.addEventListener('pointercancel', up, { signal });
  // A finger leaves as soon as it is lifted; what it pointed at is still being read.
  surface.addEventListener('pointerleave', ({ pointerType }) => pointerType !== 'touch' && gestures.onpoint(null), { signal });
  return () => listening.abort();
}
