import { describe, expect, it } from 'vitest';
import { IDF_IMAGE, IDF_SERIES, idfVersion, isFitting } from './esp-idf.ts';

describe('the version of ESP-IDF', () => {
  it.each([
    ['ESP-IDF v5.5.5\n', '5.5.5'],
    ['ESP-IDF v5.5-dirty', '5.5'],
    ['Checking Python dependencies...\nESP-IDF v5.5.1-221-gabcdef', '5.5.1'],
    ['idf.py: command not found', null],
  ])('is read from %j', (output, version) => {
    expect(idfVersion(output)).toBe(version);
  });

  // Another series builds something that nobody has tried, or fails after minutes.
  it('must be of the series that the firmware is written for', () => {
    expect(['5.5', '5.5.0', '5.5.12'].map(isFitting)).toEqual([true, true, true]);
    expect(['5.4.2', '5.50', '6.0'].map(isFitting)).toEqual([false, false, false]);
    expect(IDF_IMAGE).toContain(`:v${IDF_SERIES}.`);
  });
});
