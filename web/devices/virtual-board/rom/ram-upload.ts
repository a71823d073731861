/** What a client has put into RAM with MEM_BEGIN and MEM_DATA. */
interface Segment {
  start: number;
  bytes: number;
  received: number;
}

export class RamUpload {
  readonly #segments: Segment[] = [];

  begin(address: number, bytes: number): void {
    this.#segments.push({ start: address, bytes, received: 0 });
  }

  /** False when nothing was begun. */
  add(bytes: number): boolean {
    const segment = this.#segments.at(-1);
    if (segment === undefined) return false;
    segment.received += bytes;
    return true;
  }

  /** Whether there is a whole program at this address: anything else would crash the chip. */
  holdsProgram(entry: number): boolean {
    return (
      this.#segments.every(({ bytes, received }) => bytes === received) &&
      this.#segments.some(({ start, bytes }) => entry >= start && entry < start + bytes)
    );
  }
}
