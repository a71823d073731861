/** The rule a calibration must keep before it is sent, told field by field. */
import { MAX_ADC, MAX_PERIOD_MS, MIN_PERIOD_MS } from '../../protocol/config-ranges.ts';
import type { NodeConfig } from '../../protocol/node-config.ts';

export type Calibration = NodeConfig;

/** What each field may be, both ends included. */
export function fieldRange(field: CalibrationField): { min: number; max: number; unit: string } {
  return field === 'periodMs'
    ? { min: MIN_PERIOD_MS, max: MAX_PERIOD_MS, unit: 'milliseconds' }
    : { min: 0, max: MAX_ADC, unit: 'counts' };
}

export const calibrationFields = ['dry', 'wet', 'threshold', 'periodMs', 'hysteresis'] as const;
export type CalibrationField = (typeof calibrationFields)[number];
export type CalibrationTexts = Record<CalibrationField, string>;

export const fieldWords: Record<CalibrationField, string> = {
  dry: 'Dry',
  wet: 'Wet',
  threshold: 'Threshold',
  periodMs: 'Sampling period',
  hysteresis: 'Hysteresis',
};

export type CalibrationCheck =
  | { ok: true; values: Required<Calibration> }
  | { ok: false; field: CalibrationField; sentence: string };

/** Reads what was typed. The first broken rule comes back as a sentence that says what to type instead. */
export function checkCalibration(texts: CalibrationTexts): CalibrationCheck {
  const values = {} as Required<Calibration>;
  for (const field of calibrationFields) {
    const { min, max, unit } = fieldRange(field);
    const text = texts[field].trim();
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < min || value > max) {
      const sentence = `${fieldWords[field]} must be a whole number from ${min} to ${max} ${unit}.`;
      return { ok: false, field, sentence };
    }
    values[field] = value;
  }
  const { wet, threshold, dry } = values;
  if (wet >= dry) {
    return { ok: false, field: 'wet', sentence: `Wet (${wet}) must be below dry (${dry}): wet soil reads lower.` };
  }
  if (threshold <= wet) {
    return { ok: false, field: 'threshold', sentence: `Threshold (${threshold}) must be above wet (${wet}).` };
  }
  if (threshold >= dry) {
    return { ok: false, field: 'threshold', sentence: `Threshold (${threshold}) must be below dry (${dry}).` };
  }
  return { ok: true, values };
}
