/** What the dialog of updates does, in terms of the session. */
import type { GuestShelf } from '../ui/session/guest-shelf.svelte.ts';
import type { Session } from '../ui/session/session.svelte.ts';
import type { ModuleChoice, UpdateActions } from '../ui/updates/updates-port.ts';

const titles: Record<string, string> = { c: 'C guest', rust: 'Rust guest' };

export function updateActions(session: Session, shelf: GuestShelf): UpdateActions {
  const choice = async (id: string, name: string): Promise<ModuleChoice | null> => {
    const module = await (await session.port.outside()).module(id);
    return module && { id, name, sha256: module.sha256, bytes: module.bytes };
  };
  return {
    async modules() {
      const known = [...Object.entries(titles), ...shelf.added.map(({ id, name }) => [id, name] as const)];
      const choices = await Promise.all(known.map(([id, name]) => choice(id, name)));
      return choices.filter((each) => each !== null);
    },
    async addModule(file) {
      const added = await shelf.take(file);
      if (!added) return { ok: false, reason: session.problems.at(-1) ?? `${file.name} could not be added.` };
      const module = await choice(added.id, added.name);
      return module ? { ok: true, module, note: added.note ?? null } : { ok: false, reason: `${file.name} could not be kept.` };
    },
    async startRollout({ offer, bytes, targets, waves, maxFailures, atOnce, timeoutS }) {
      const timeoutUs = Math.round(timeoutS * 1e6);
      const { name, sha256 } = offer;
      try {
        const port = await session.port.outside();
        await port.startRollout({ targets, name, sha256, waves, maxFailures, atOnce, timeoutUs }, bytes, offer);
        return null;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    pauseRollout: () => session.askOutside((port) => port.steerRollout('pause')),
    resumeRollout: () => session.askOutside((port) => port.steerRollout('resume')),
    cancelRollout: () => session.askOutside((port) => port.steerRollout('cancel')),
  };
}
