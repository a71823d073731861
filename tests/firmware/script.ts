/** What a scripted board answers its guest; as text it is what firmware/test-support/scripted_board.h reads. */
import { configDefaults } from '../../web/guest/abi.gen.ts';

export interface Cycle {
  /** ADC count; -1 for a missing probe. */
  raw: number;
  /** By configuration key. */
  config: readonly number[];
  /** The board takes no messages. */
  refuse: boolean;
}

export interface Script {
  root: string;
  node: string;
  /** Each holds from one read of the sensor to the next; the first also before the first read. */
  cycles: readonly Cycle[];
}

export const defaultConfig: readonly number[] = Object.values(configDefaults);

/** `count` cycles under the defaults, all with one reading. */
export function steadyScript(raw: number, count: number): Script {
  return { root: 'ic', node: 'esp32-7', cycles: Array.from({ length: count }, () => ({ raw, config: defaultConfig, refuse: false })) };
}

export function scriptText({ root, node, cycles }: Script): string {
  const lines = cycles.map(({ raw, config, refuse }) => ['cycle', raw, ...config, ...(refuse ? ['refuse'] : [])].join(' '));
  return [`root ${root}`, `node ${node}`, ...lines, ''].join('\n');
}
