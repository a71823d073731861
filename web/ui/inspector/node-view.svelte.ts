import { untrack } from 'svelte';
import type { ConsoleLine, MessageRecord, NodeDetail } from '../../sim/snapshot.ts';
import { mergeWindow, type Entry } from './backlog.ts';
import { CalibrationDraft } from './calibration-draft.svelte.ts';

/** What the page keeps of one node while it is looked at: its streams, and what a person typed or chose. */
export class NodeView {
  readonly draft = new CalibrationDraft();
  consoleFilter = $state('');
  topic = $state('');
  #console = $state.raw<Entry<ConsoleLine>[]>([]);
  #messages = $state.raw<Entry<MessageRecord>[]>([]);

  get console(): Entry<ConsoleLine>[] {
    return this.#console;
  }

  get messages(): Entry<MessageRecord>[] {
    return this.#messages;
  }

  /** Adds what is new in a detail of this node. */
  take(detail: NodeDetail): void {
    untrack(() => {
      this.#console = mergeWindow(this.#console, detail.console);
      this.#messages = mergeWindow(this.#messages, detail.messages);
    });
  }
}
