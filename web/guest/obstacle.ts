/** Why a guest is not metered. */

/** A feature that cannot be rewritten so as to be counted and to share a memory. */
export interface Obstacle {
  feature: string;
  /** Byte offset in the file. */
  offset: number;
}

/** `SIMD (at byte 0x123)` */
export function describeObstacle({ feature, offset }: Obstacle): string {
  return `${feature} (at byte 0x${offset.toString(16)})`;
}
