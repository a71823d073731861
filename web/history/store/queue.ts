/** Runs tasks one after another. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve();

  /** Settles as the task does; a task that fails does not stop the next. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const run = this.#last.then(task);
    this.#last = run.catch(() => {});
    return run;
  }
}
