/** What all bridges from a board to a TCP socket have in common. */
import type { Server } from 'node:net';

export interface Bridge {
  /** For esptool's `--port`. */
  url: string;
  close(): Promise<void>;
}

/** Resolves with the TCP port. */
export async function listenOnLoopback(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The bridge got no TCP port.');
  return address.port;
}
