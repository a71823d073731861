/** The platform's own deflate (RFC 1951), bytes in, bytes out. */
type Bytes = Uint8Array<ArrayBuffer>;

export function deflate(bytes: Bytes): Promise<Bytes> {
  return through(new CompressionStream('deflate-raw'), bytes);
}

/** Rejects when the bytes were not deflated. */
export function inflate(bytes: Bytes): Promise<Bytes> {
  return through(new DecompressionStream('deflate-raw'), bytes);
}

async function through(stream: CompressionStream | DecompressionStream, bytes: Bytes): Promise<Bytes> {
  const writer = stream.writable.getWriter();
  const written = Promise.all([writer.write(bytes), writer.close()]);
  // A broken input fails on both ends; the reading end is the one that is awaited first.
  written.catch(() => {});
  const reader = stream.readable.getReader() as ReadableStreamDefaultReader<Bytes>;
  const parts: Bytes[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
  }
  await written;
  return parts.length === 1 ? parts[0]! : joined(parts);
}

function joined(parts: Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
