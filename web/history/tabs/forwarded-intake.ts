/** What one sender has said, kept until the tab that keeps history has written it. */
import type { SeriesKey, ToHistory } from '../history-port.ts';

/** Samples kept while no keeper answers. */
const MOST_SAMPLES = 2_000_000;

export interface Delivery {
  batch: number;
  /** The first of a new numbering of series. */
  anew: boolean;
  message: ToHistory;
}

export class ForwardedIntake {
  readonly #declared: SeriesKey[] = [];
  #unwritten: Delivery[] = [];
  #samples = 0;
  #batches = 0;

  /** What is to be sent now. */
  take(message: ToHistory): Delivery {
    this.#batches += 1;
    const delivery = { batch: this.#batches, anew: this.#batches === 1, message };
    if (message.kind === 'declare') this.#declared.push(...message.series);
    else {
      this.#unwritten.push(delivery);
      this.#samples += samplesOf(delivery);
      while (this.#samples > MOST_SAMPLES) this.#samples -= samplesOf(this.#unwritten.shift()!);
    }
    return delivery;
  }

  /** Everything up to `batch` needs to be sent no more. */
  written(batch: number): void {
    this.#unwritten = this.#unwritten.filter((delivery) => delivery.batch > batch);
    this.#samples = this.#unwritten.reduce((sum, delivery) => sum + samplesOf(delivery), 0);
  }

  /** All that a new keeper has to know. What the old one had written comes twice, and replaces itself. */
  anew(): Delivery[] {
    return [{ batch: 0, anew: true, message: { kind: 'declare', series: this.#declared } }, ...this.#unwritten];
  }
}

function samplesOf({ message }: Delivery): number {
  return message.kind === 'samples' ? message.series.length : 0;
}
