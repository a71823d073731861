import type { NodeDetail } from '../../sim/snapshot.ts';
import {
  calibrationFields, checkCalibration, type Calibration, type CalibrationField, type CalibrationTexts,
} from './calibration.ts';

export type ConfigDetail = NonNullable<NodeDetail['config']>;

/**
 * A calibration being typed. Fields that nobody touched follow what is in force; the others keep what
 * was typed, whatever the node reports meanwhile.
 */
export class CalibrationDraft {
  #typed = $state<Partial<CalibrationTexts>>({});
  #sentDuring = $state.raw<ConfigDetail | null>(null);

  type(field: CalibrationField, text: string): void {
    this.#typed[field] = text;
  }

  discard(): void {
    this.#typed = {};
  }

  texts(inForce: ConfigDetail): CalibrationTexts {
    const text = (field: CalibrationField) => this.#typed[field] ?? String(inForce[field]);
    return Object.fromEntries(calibrationFields.map((field) => [field, text(field)])) as CalibrationTexts;
  }

  /** Whether any field differs from what is in force. */
  changed(inForce: ConfigDetail): boolean {
    return calibrationFields.some((field) => {
      const typed = this.#typed[field];
      return typed !== undefined && (typed.trim() === '' || Number(typed) !== inForce[field]);
    });
  }

  /** The values to send, or null while the rule is broken. */
  send(inForce: ConfigDetail): Required<Calibration> | null {
    const check = checkCalibration(this.texts(inForce));
    if (!check.ok) return null;
    this.#sentDuring = inForce;
    return check.values;
  }

  /** From sending until the node answers; the simulation takes over with the first detail after sending. */
  pending(inForce: ConfigDetail): boolean {
    return inForce.pending || inForce === this.#sentDuring;
  }
}
