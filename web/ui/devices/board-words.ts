/** How a board is, in a few words for the list. */
import type { BoardStore } from './board-store.svelte.ts';

export function boardWords({ flash, line, status, facts, chip, busy }: BoardStore): string {
  if (flash.kind === 'working') {
    const { doneBytes, totalBytes } = flash.progress;
    return `At work, ${Math.floor((doneBytes / Math.max(1, totalBytes)) * 100)} %`;
  }
  if (busy) return 'Connecting';
  if (line.kind === 'lost') return 'Gone';
  if (flash.kind === 'failed' || line.kind === 'failed') return 'Failed';
  if (status?.broker === 'online') return 'Online';
  if (status?.wifi === 'online') return 'In the network';
  if (facts?.online) return 'Online';
  switch (facts?.activity.kind) {
    case 'off':
      return 'Without power';
    case 'empty':
      return 'Nothing installed';
    case 'download':
      return 'Waits for a flasher';
    case 'running':
      return 'Runs';
    default:
      return chip === null ? 'Not connected' : 'Connected';
  }
}
