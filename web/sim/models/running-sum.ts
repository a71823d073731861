/**
 * Sum of many small numbers without the rounding that piles up in millions of additions
 * (Neumaier 1974, the improved Kahan-Babuska sum).
 */
export class RunningSum {
  #sum = 0;
  #lost = 0;

  get value(): number {
    return this.#sum + this.#lost;
  }

  add(term: number): void {
    const sum = this.#sum + term;
    this.#lost += Math.abs(this.#sum) >= Math.abs(term) ? this.#sum - sum + term : term - sum + this.#sum;
    this.#sum = sum;
  }
}
