/** Runs in a page before its own scripts: a board behind `navigator.serial`, which no test browser has a real one for. */
import { VirtualBoard } from '../../../web/devices/virtual-board/rom/virtual-board.ts';

const board = new VirtualBoard({
  chip: 'esp32c3',
  seed: 7,
  clock: {
    nowMs: () => performance.now(),
    setTimer(delayMs, fire) {
      const timer = setTimeout(fire, delayMs);
      return () => clearTimeout(timer);
    },
  },
});

Object.defineProperty(navigator, 'serial', {
  configurable: true,
  value: Object.assign(new EventTarget(), {
    requestPort: () => Promise.resolve(board.port),
    getPorts: () => Promise.resolve([]),
  }),
});
