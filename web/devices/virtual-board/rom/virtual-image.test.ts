import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { chipModels } from './chip-model.ts';
import { decodeEspImage } from './esp-image.ts';
import { decodePartitionTable } from './partition-table.ts';
import { buildVirtualImage, isVirtualImage, nodePartitions } from './virtual-image.ts';

it('has the layout of the real firmware, so that what is tried here fits there', () => {
  const rows = readFileSync(new URL('../../../../firmware/partitions.csv', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').map((cell) => cell.trim()));
  expect(rows.map(([name, , , offset, size]) => [name, Number(offset), Number(size)])).toEqual(nodePartitions.map(({ name, offset, bytes }) => [name, offset, bytes]));
});

it.each(['esp32', 'esp32s3', 'esp32c3'] as const)('is whole, for an %s, and says that it is virtual', (chip) => {
  const [bootloader, table, app, guest] = buildVirtualImage({ chip, version: '2.0.1', appBytes: 10_000, guestSlot: new Uint8Array(5000) });
  expect(bootloader!.offset).toBe(chipModels[chip].bootloaderOffset);
  expect(decodeEspImage(bootloader!.bytes)).toMatchObject({ chipId: chipModels[chip].imageChipId, app: null });
  expect(decodePartitionTable(table!.bytes)).toEqual(nodePartitions);
  const image = decodeEspImage(app!.bytes);
  expect(image).toMatchObject({ bytes: app!.bytes.length, app: { projectName: 'continuum-node', version: '2.0.1-virtual' } });
  expect(isVirtualImage('2.0.1-virtual')).toBe(true);
  expect(isVirtualImage('2.0.1')).toBe(false);
  expect(guest!.offset).toBe(0x200000);
});
