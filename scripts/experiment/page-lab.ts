/** The lab of the page in a browser, seen from Node. */
import type { Page } from '@playwright/test';
import type { ExperimentState, OpenedFile } from '../../web/lab/experiment/lab-port.ts';
import type { RerunMatch } from '../../web/lab/experiment/rerun-match.ts';

declare global {
  interface Window {
    tellExperimentState(state: ExperimentState): Promise<void>;
  }
}

export interface WrittenFile {
  name: string;
  bytes: Uint8Array;
}

/** Rejects with the page's own sentence. */
async function asked<T>(question: Promise<T>): Promise<T> {
  try {
    return await question;
  } catch (error) {
    const message = (error as Error).message.split('\n')[0]!.replace(/^page\.evaluate: (\w*Error: )?/, '');
    throw new Error(message, { cause: error });
  }
}

export class PageLab {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  open(text: string, replications: number | null): Promise<OpenedFile> {
    return asked(
      this.#page.evaluate(
        async ([content, most]) => {
          const lab = await window.continuumLab.openLab();
          return lab.open(new Blob([content]), most === null ? {} : { replications: most });
        },
        [text, replications] as const,
      ),
    );
  }

  /** Resolves when it has come to an end. */
  async run(id: string, workers: number | null, told: (state: ExperimentState) => void): Promise<ExperimentState> {
    await this.#page.exposeFunction('tellExperimentState', told);
    return asked(
      this.#page.evaluate(
        async ([experiment, most]) => {
          const lab = await window.continuumLab.openLab();
          // Nobody looks at the page, whose pictures would take their share of the processor.
          document.body.style.visibility = 'hidden';
          await lab.resume(experiment, most === null ? {} : { workers: most });
          return new Promise<ExperimentState>((resolve) => {
            const stop = lab.watch(experiment, (state) => {
              void window.tellExperimentState(state);
              if (state.kind === 'running') return;
              stop();
              resolve(state);
            });
          });
        },
        [id, workers] as const,
      ),
    );
  }

  cancel(id: string): Promise<void> {
    return this.#page.evaluate(async (experiment) => (await window.continuumLab.openLab()).cancel(experiment), id);
  }

  /** Null for an experiment that brought no results. */
  match(id: string): Promise<RerunMatch | null> {
    return asked(this.#page.evaluate(async (experiment) => (await window.continuumLab.openLab()).match(experiment), id));
  }

  failures(id: string) {
    return asked(this.#page.evaluate(async (experiment) => (await window.continuumLab.openLab()).failures(experiment), id));
  }

  reproduction(id: string): Promise<string> {
    return asked(this.#page.evaluate(async (experiment) => (await (await window.continuumLab.openLab()).reproduction(experiment)).text(), id));
  }

  async reportFiles(id: string): Promise<WrittenFile[]> {
    const files = await asked(
      this.#page.evaluate(async (experiment) => {
        const files = await (await window.continuumLab.openLab()).reportFiles(experiment);
        // No function here may have a name: what runs TypeScript in Node would mark it with a function that the page lacks.
        return Promise.all(
          files.map(async ({ name, content }) => {
            const url = await new Promise<string>((resolve, reject) => {
              const reader = new FileReader();
              reader.onload = () => resolve(reader.result as string);
              reader.onerror = () => reject(new Error(`${name} could not be read.`));
              reader.readAsDataURL(content);
            });
            return [name, url.slice(url.indexOf(',') + 1)] as const;
          }),
        );
      }, id),
    );
    return files.map(([name, text]) => ({ name, bytes: Buffer.from(text, 'base64') }));
  }
}
