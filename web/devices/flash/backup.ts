/** A copy of a whole flash. */
export interface Backup {
  /** For the file: `esp32-aabbccddeeff-4MB.bin`. */
  fileName: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** Hexadecimal, lower case; the board's own MD5 was equal. */
  md5: string;
}
