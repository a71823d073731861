/** Debian's packages that the host tests of the firmware need, beside cargo. */
export const firmwarePackages: readonly string[];
/** What is missing, as a sentence; null when the firmware can be built for this machine. */
export function missingForFirmware(): string | null;
/** Folder of WAMR's sources. */
export function fetchWamr(): string;
/** Assembles the guests that are kept as text; returns the folder. */
export function assembleGuests(): Promise<string>;
/** Folder of the build. Throws an error with a sentence. */
export function buildFirmware(options?: { sanitize?: boolean; target?: string | null }): Promise<string>;
/** Throws an error with a sentence when it cannot be built. */
export function firmwareTests(pattern?: string | null): Promise<{ passed: number; failed: number; skipped: number }>;
