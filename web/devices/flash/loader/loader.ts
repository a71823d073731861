/** All that needs esptool-js, in one chunk that is fetched when a board is first connected. */
export { compressInBrowser } from './deflated.ts';
export type { Compress } from './deflated.ts';
export type { JobContext, PartialBackup } from './flash-jobs.ts';
export { eraseSettings, eraseWhole, partsToWrite, readWhole, writeImage, writeWhole } from './flash-jobs.ts';
export { LoaderSession } from './loader-session.ts';
export { readContents } from './read-contents.ts';
export { Recovery } from './recovery.ts';
