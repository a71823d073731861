/** Generated from abi/guest-abi.json by scripts/abi.ts: edit that file, then run `npm run abi`. */

/** In force until a configuration arrives. */
export const configDefaults = {
  dry: 2600,
  wet: 1100,
  threshold: 1700,
  periodMs: 3000,
  hysteresis: 0,
} as const;
