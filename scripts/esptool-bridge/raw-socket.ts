/**
 * A board's serial port on a TCP socket as mere bytes, esptool's `socket://`: quick, but neither baud rate nor control
 * lines get through, so whoever holds the board presses its buttons.
 */
import { createServer, type Socket } from 'node:net';
import type { BoardPort } from '../../web/devices/port/board-port.ts';
import { type Bridge, listenOnLoopback } from './bridge.ts';

const BAUD = 115_200;

/** `port` 0 takes any that is free. Loopback only; one client at a time. */
export async function serveRawSocket(board: BoardPort, port = 0): Promise<Bridge> {
  await board.open({ baudRate: BAUD });
  const reader = board.readable!.getReader();
  const writer = board.writable!.getWriter();
  const clients = new Set<Socket>();
  const pumping = (async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      for (const client of clients) if (client.writable) client.write(next.value);
    }
  })().catch(() => {
    for (const client of clients) client.destroy();
  });
  const server = createServer((socket) => {
    if (clients.size > 0) {
      socket.destroy();
      return;
    }
    clients.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => void writer.write(bytes).catch(() => socket.destroy()));
    socket.on('close', () => clients.delete(socket));
  });
  const tcpPort = await listenOnLoopback(server, port);
  return {
    url: `socket://127.0.0.1:${tcpPort}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const client of clients) client.destroy();
      await closed;
      await reader.cancel().catch(() => undefined);
      await pumping;
      reader.releaseLock();
      writer.releaseLock();
      await board.close();
    },
  };
}
