/** Wheel, drag, pinch and double press on the picture of a large fleet. */
import type { Camera, View } from './camera.ts';
import type { FleetLayout } from './fleet-layout.ts';

export interface FleetGestures {
  layout: () => FleetLayout;
  /** Moves the camera. */
  look: (next: (camera: Camera) => View, gliding: boolean) => void;
  /** A press that was no drag, at a place of the stage. */
  press: (x: number, y: number) => void;
  /** The pointer at a place of the stage, or away or dragging (null). */
  hover: (place: { x: number; y: number } | null) => void;
}

/** Shorter ways of the pointer are a trembling hand. */
const dragFromPx = 4;
const perWheelPx = 0.0016;
/** A pinch on a trackpad comes as a wheel with Ctrl, in smaller steps. */
const perPinchPx = 0.01;
const doublePressFactor = 2.5;

/** Listens until the returned stop is called. */
export function listenToGestures(surface: HTMLElement, gestures: FleetGestures): () => void {
  const down = new Map<number, { x: number; y: number }>();
  let dragging = false;
  let pressed: { x: number; y: number } | null = null;

  const placeOf = (event: MouseEvent) => {
    const box = surface.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const inField = ({ x, y }: { x: number; y: number }): boolean => {
    const { viewport } = gestures.layout();
    return x >= viewport.left && y >= viewport.top && x < viewport.left + viewport.width && y < viewport.top + viewport.height;
  };
  const zoom = (factor: number, { x, y }: { x: number; y: number }, gliding: boolean): void => {
    const { viewport } = gestures.layout();
    gestures.look((camera) => camera.zoomed(factor, x - viewport.left, y - viewport.top), gliding);
  };

  function wheel(event: WheelEvent): void {
    const place = placeOf(event);
    if (!inField(place)) return;
    const { camera } = gestures.layout();
    // At the end of the zoom the page scrolls on, or the pointer would be caught here.
    if (!event.ctrlKey && (event.deltaY > 0 ? camera.fitted : camera.closest)) return;
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    zoom(Math.exp(-event.deltaY * lines * (event.ctrlKey ? perPinchPx : perWheelPx)), place, false);
  }

  function start(event: PointerEvent): void {
    if (event.button !== 0) return;
    const place = placeOf(event);
    down.set(event.pointerId, place);
    if (down.size === 1) {
      dragging = false;
      pressed = place;
    } else pressed = null;
  }

  function move(event: PointerEvent): void {
    const place = placeOf(event);
    const before = down.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== 'touch') gestures.hover(place);
      return;
    }
    if (down.size === 1) {
      if (!dragging && pressed && Math.hypot(place.x - pressed.x, place.y - pressed.y) < dragFromPx) return;
      if (!dragging && pressed && !inField(pressed)) return;
      if (!dragging) {
        dragging = true;
        pressed = null;
        gestures.hover(null);
        surface.setPointerCapture(event.pointerId);
      }
      gestures.look((camera) => camera.panned(place.x - before.x, place.y - before.y), false);
    } else if (down.size === 2) {
      const [other] = [...down].filter(([id]) => id !== event.pointerId).map(([, each]) => each);
      const from = Math.hypot(before.x - other!.x, before.y - other!.y);
      const to = Math.hypot(place.x - other!.x, place.y - other!.y);
      const middle = { x: (place.x + other!.x) / 2, y: (place.y + other!.y) / 2 };
      gestures.look((camera) => camera.panned((place.x - before.x) / 2, (place.y - before.y) / 2), false);
      if (from > 0 && inField(middle)) zoom(to / from, middle, false);
    }
    down.set(event.pointerId, place);
  }

  function end(event: PointerEvent): void {
    const place = down.get(event.pointerId);
    down.delete(event.pointerId);
    if (event.type === 'pointerup' && place && pressed && !dragging) gestures.press(pressed.x, pressed.y);
    pressed = null;
    dragging = false;
  }

  const leave = (): void => gestures.hover(null);
  const twice = (event: MouseEvent): void => {
    const place = placeOf(event);
    if (inField(place)) zoom(doublePressFactor, place, true);
  };

  surface.addEventListener('wheel', wheel, { passive: false });
  surface.addEventListener('pointerdown', start);
  surface.addEventListener('pointermove', move);
  surface.addEventListener('pointerup', end);
  surface.addEventListener('pointercancel', end);
  surface.addEventListener('pointerleave', leave);
  surface.addEventListener('dblclick', twice);
  return () => {
    surface.removeEventListener('wheel', wheel);
    surface.removeEventListener('pointerdown', start);
    surface.removeEventListener('pointermove', move);
    surface.removeEventListener('pointerup', end);
    surface.removeEventListener('pointercancel', end);
    surface.removeEventListener('pointerleave', leave);
    surface.removeEventListener('dblclick', twice);
  };
}
