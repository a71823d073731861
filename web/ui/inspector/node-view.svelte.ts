import { untrack } from 'svelte';
import type { ConsoleLine, MessageRecord, NodeDetail } from '../../sim/snapshot.ts';
import { mergeWindow, type Entry } from './backlog.ts';
import type { CalibrationDraft } from './calibration-draft.svelte.ts';

/** What the page keeps of one node while it is looked at: its streams, and what a person typed or chose. */
export class NodeView {
  consoleFilter = $state('');
  topic = $state('');
  #draft: CalibrationDraft | null = null;
  #console = $state.raw<Entry<ConsoleLine>[]>([]);
  #messages = $state.raw<Entry<MessageRecord>[]>([]);

  /** What is typed into the calibration's form. The class comes with the form, which the first screen does without. */
  draft(Draft: new () => CalibrationDraft): CalibrationDraft {
    return (this.#draft ??= new Draft());
  }

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
