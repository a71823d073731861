/** Which app of a virtual board's flash can run in the page. */
import type { FirmwareStart, RunningFirmware, StartFirmware } from '../rom/firmware-port.ts';
import { ContinuumNode } from './continuum-node.ts';
import type { Surroundings } from './surroundings.ts';

/** Of the app's descriptor, also in a real ESP-IDF build. */
export const PROJECT_NAME = 'continuum-node';

const NVS_TYPE = 1;
const NVS_SUBTYPE = 2;

/** What a virtual board starts: the one firmware it knows, found by the project's name in the app's descriptor. */
export function firmwareIn(surroundings: Surroundings): StartFirmware {
  return (start: FirmwareStart): RunningFirmware | string => {
    const { projectName, version, partitions } = start;
    if (projectName !== PROJECT_NAME) {
      const name = projectName === '' ? 'an app without a name' : `${projectName} ${version}`;
      return `This is ${name}. A virtual board executes no machine code: of all firmware it runs ${PROJECT_NAME} alone. Flash that, or take a real board.`;
    }
    const nvs = partitions.find(({ type, subtype }) => type === NVS_TYPE && subtype === NVS_SUBTYPE);
    if (!nvs) return `The partition table has no nvs, in which ${PROJECT_NAME} keeps its settings. Flash the partition table that belongs to it.`;
    return new ContinuumNode(start, nvs, surroundings);
  };
}
