/** Waves as people type them: `1, 10 %` is first one node, then a tenth of all, then all. */
import { type Parsed, refused } from '../../protocol/parsed.ts';
import type { WaveGoal } from '../../sim/rollout.ts';

export const wavesHint = '1, 10 %';

/** Goals must grow among those of one kind; which of a count and a part is more depends on the fleet. */
export function parseWaves(text: string): Parsed<WaveGoal[]> {
  const words = text.split(',').map((word) => word.trim()).filter((word) => word !== '');
  const goals: WaveGoal[] = [];
  for (const word of words) {
    const [, figure, percent] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(word) ?? [];
    const value = Number(figure);
    if (figure === undefined || value === 0 || (percent === '' && !Number.isInteger(value)) || (percent === '%' && value > 100)) {
      return refused(`"${word}" is no size of a wave: write numbers of nodes or parts of all, such as ${wavesHint}.`);
    }
    goals.push(percent === '%' ? { share: value / 100 } : { nodes: value });
  }
  for (const kind of ['nodes', 'share'] as const) {
    const sizes = goals.flatMap((goal) => (kind in goal ? [(goal as Record<string, number>)[kind]!] : []));
    if (sizes.some((size, i) => i > 0 && size <= sizes[i - 1]!)) {
      return refused('Each wave must reach more nodes than the one before it, which it includes.');
    }
  }
  return { ok: true, value: goals };
}
