/** Progress on a terminal: one line that is written over; in a log a line for every tenth. */
import type { ExperimentState } from '../../web/lab/experiment/lab-port.ts';

export class TerminalProgress {
  readonly #out: NodeJS.WriteStream;
  #tenth = -1;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  show(state: ExperimentState): void {
    const { done, total, failed } = state;
    const running = state.kind === 'running' ? state : null;
    const begun = running ? running.now.reduce((sum, { share }) => sum + share, 0) : 0;
    const percent = total === 0 ? 100 : Math.floor(((done + begun) / total) * 100);
    const left = running?.leftS == null ? '' : `, ${duration(running.leftS)} left`;
    const text = `${percent} %: ${done} of ${total} runs${failed > 0 ? `, ${failed} failed` : ''}${left}`;
    if (this.#out.isTTY) this.#out.write(`\r\u001b[K${text}`);
    else if (Math.floor(percent / 10) > this.#tenth) {
      this.#tenth = Math.floor(percent / 10);
      this.#out.write(`${text}\n`);
    }
  }

  end(): void {
    if (this.#out.isTTY) this.#out.write('\n');
  }
}

/** `1 h 5 min`, `3 min 20 s`, `12 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}
