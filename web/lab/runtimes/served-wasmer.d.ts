/** Written by scripts/setup/served-wasmer.ts. */
declare module 'virtual:served-wasmer' {
  /** `path` is relative to the page; `sizeBytes` is what is loaded at the first use, before it is compressed. */
  const served: { path: string; version: string; sizeBytes: number };
  export default served;
}
