/** Where an experiment stands, in words. */
import type { ExperimentState } from '../../../lab/experiment/lab-port.ts';
import { formatCount, formatDuration } from '../../parts/format.ts';

export function stateWords(state: ExperimentState): string {
  const runs = `${formatCount(state.done)} of ${formatCount(state.total)} runs`;
  switch (state.kind) {
    case 'idle':
      return `not begun, ${formatCount(state.total)} runs`;
    case 'running':
      return state.leftS === null ? `running, ${runs}` : `running, ${runs}, ${formatDuration(Math.ceil(state.leftS))} left`;
    case 'paused':
      return `paused, ${runs}`;
    case 'elsewhere':
      return `runs in another tab, ${runs}`;
    case 'done':
      return `done, ${formatCount(state.total)} runs in ${formatDuration(state.elapsedS)}`;
    case 'cancelled':
      return `cancelled, ${runs}`;
    case 'failed':
      return `stopped, ${runs}`;
  }
}
