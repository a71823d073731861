/** Builds the process that stands in for a board when its sources have changed; returns its path. Throws an error with a sentence. */
export function boardProgram(options?: {
  /** Under AddressSanitizer and UndefinedBehaviorSanitizer. */
  sanitize?: boolean;
}): Promise<string>;

/** Command line of the process with what stands for what is not said. */
export function withDefaults(parameters: readonly string[]): string[];
