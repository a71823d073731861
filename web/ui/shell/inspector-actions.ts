/** What the inspector's buttons do, in terms of the session. */
import type { InspectorActions } from '../inspector/actions.ts';
import { formatClock } from '../parts/format.ts';
import { saveText } from '../parts/save-text.ts';
import type { GuestShelf } from '../session/guest-shelf.svelte.ts';
import type { Session } from '../session/session.svelte.ts';

export function inspectorActions(session: () => Session, shelf: () => GuestShelf): InspectorActions {
  return {
    calibrate: (index, calibration) => session().configure(index, calibration),
    inject: (index, fault) => session().inject(index, fault),
    restart: (index) => session().restart(index),
    setMode: (index, mode) => session().askOutside((port) => port.setMode(index, mode)),
    command: (index, command) => session().askOutside((port) => port.command(index, command)),
    alignTwin: (index) => session().askOutside((port) => port.alignTwin(index)),
    power: (index, on) => session().power(index, on),
    replaceGuest: (index, file) => shelf().replace(index, file),
    useBuiltinGuest: (index, language) => void session().setGuest(index, language),
    exportConsole: () => {
      const { detail } = session();
      if (!detail) return;
      const lines = detail.console.map(({ timeUs, stream, text }) => `${formatClock(timeUs)}\t${stream}\t${text}`);
      saveText(`${detail.id}-console.tsv`, `${lines.join('\n')}\n`);
    },
  };
}
