/** The board's end of a serial port that is used in another thread. */
import type { BoardPort } from '../devices/port/board-port.ts';
import { toWire, type FromBoardPort, type ToBoardPort } from './board-port-wire.ts';

export function serveBoardPort(port: BoardPort, wire: MessagePort): void {
  const say = (message: FromBoardPort, transfer: Transferable[] = []): void => wire.postMessage(message, transfer);
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  let writer: WritableStreamDefaultWriter<Uint8Array> | null = null;
  let pumping: Promise<void> = Promise.resolve();

  async function pump(): Promise<void> {
    // A stream that failed may be followed by another, as with a real port.
    while (port.readable) {
      const own = (reader = port.readable.getReader());
      try {
        for (;;) {
          const { done, value } = await own.read();
          if (done) return;
          say({ kind: 'bytes', bytes: value });
        }
      } catch (error) {
        say({ kind: 'failed', error: toWire(error) });
      } finally {
        own.releaseLock();
        if (reader === own) reader = null;
      }
    }
  }

  async function obey(order: ToBoardPort): Promise<void> {
    switch (order.kind) {
      case 'open':
        await port.open(order.options);
        pumping = pump();
        return;
      case 'close':
        await reader?.cancel().catch(() => undefined);
        writer?.releaseLock();
        writer = null;
        await pumping;
        await port.close();
        return;
      case 'signals':
        await port.setSignals(order.signals);
        return;
      case 'write':
        if (!port.writable) throw new DOMException('The port is closed.', 'InvalidStateError');
        writer ??= port.writable.getWriter();
        try {
          await writer.write(order.bytes);
        } catch (error) {
          writer?.releaseLock();
          writer = null;
          throw error;
        }
    }
  }

  port.addEventListener('disconnect', () => {
    writer?.releaseLock();
    writer = null;
    say({ kind: 'disconnect' });
  });
  wire.onmessage = ({ data }: MessageEvent<ToBoardPort>) => {
    obey(data).then(
      () => say({ kind: 'answer', id: data.id, error: null }),
      (error: unknown) => say({ kind: 'answer', id: data.id, error: toWire(error) }),
    );
  };
}
