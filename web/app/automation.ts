/** `window.continuumLab`: what scripts (benchmarks, tests, a reader of the console) ask of the running page. */
import type { Frame, NodeDetail } from '../sim/snapshot.ts';
import type { LabPort } from '../lab/experiment/lab-port.ts';
import type { Session } from '../ui/session/session.svelte.ts';
import type { OpenHistory } from './open-history.ts';
import type { ExportedLog } from '../ui/simulation-port.ts';

export interface Automation {
  latestFrame(): Frame | null;
  /** Of the selected node. */
  latestDetail(): NodeDetail | null;
  /** Pauses, then runs to this virtual time as fast as it goes. */
  advanceTo(timeUs: number): Promise<void>;
  log(): Promise<ExportedLog>;
  /** The history of this browser. */
  openHistory(): Promise<OpenHistory>;
  /** The lab's experiments. */
  openLab(): Promise<LabPort>;
}

declare global {
  interface Window {
    continuumLab: Automation;
  }
}

export function automate(session: Session): void {
  window.continuumLab = {
    latestFrame: () => session.frame,
    latestDetail: () => session.detail,
    advanceTo: (timeUs) => session.advanceTo(timeUs),
    log: () => session.log(),
    openHistory: async () => (await import('./open-history.ts')).openHistory(),
    openLab: async () => (await import('./lab-open.ts')).openLab(),
  };
}
