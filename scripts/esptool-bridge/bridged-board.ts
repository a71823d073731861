/** A virtual board behind a TCP socket. */
import type { BoardClock } from '../../web/devices/virtual-board/rom/board-clock.ts';
import { VirtualBoard, type VirtualBoardOptions } from '../../web/devices/virtual-board/rom/virtual-board.ts';
import type { Bridge } from './bridge.ts';
import { serveRawSocket } from './raw-socket.ts';
import { serveRfc2217 } from './rfc2217.ts';

/**
 * Over RFC 2217 each change of a control line waits for its answer, 50 ms in pyserial. EN has to rise so slowly that IO0
 * is low by then, as with a large capacitor.
 */
const EN_RISE_MS = 120;

const systemClock: BoardClock = {
  nowMs: () => performance.now(),
  setTimer: (delayMs, fire) => {
    const timer = setTimeout(fire, delayMs);
    return () => clearTimeout(timer);
  },
};

export interface BridgedBoard {
  board: VirtualBoard;
  bridge: Bridge;
}

export interface BridgedBoardOptions extends Omit<VirtualBoardOptions, 'clock' | 'enRiseMs'> {
  /** TCP port on loopback; any that is free unless given. */
  port?: number;
  /** Mere bytes on the socket, without baud rate and control lines. */
  raw?: boolean;
}

export async function openBridgedBoard({ port = 0, raw = false, ...options }: BridgedBoardOptions): Promise<BridgedBoard> {
  const board = new VirtualBoard({ ...options, clock: systemClock, enRiseMs: EN_RISE_MS });
  const bridge = await (raw ? serveRawSocket(board.port, port) : serveRfc2217(board.port, port));
  return { board, bridge };
}
