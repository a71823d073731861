/** The bytes are not a module that can be read; the message says what is wrong and where. */
export class InvalidModuleError extends Error {
  /** Byte offset in the file where reading stopped. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'InvalidModuleError';
    this.offset = offset;
  }
}

/** The module is well formed but uses a WebAssembly feature that is not handled here. */
export class UnsupportedFeatureError extends InvalidModuleError {
  /** Name of the proposal or construct, as people know it: `SIMD`, `threads`. */
  readonly feature: string;

  constructor(feature: string, offset: number) {
    super(`The module uses ${feature} (at byte ${offset}), which is not supported here.`, offset);
    this.name = 'UnsupportedFeatureError';
    this.feature = feature;
  }
}
