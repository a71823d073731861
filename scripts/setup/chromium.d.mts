export function findChromium(): Promise<string | null | undefined>;
export const chromiumArgs: string[];
