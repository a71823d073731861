/** An experiment while it is put together: fields as they are typed, and what is wrong with them. */
import { factorNames, type Experiment, type FactorName, type Factors } from '../../../lab/experiment/experiment.ts';
import { checkExperiment } from '../../../lab/experiment/experiment-file.ts';
import type { KeptExperiment } from '../../../lab/experiment/lab-port.ts';
import { extentOf, type Extent } from '../../../lab/experiment/matrix.ts';
import { choices } from '../../../lab/experiment/open-file.ts';
import type { ParameterOverrides } from '../../../sim/parameters.ts';
import { inFormWords } from './form-words.ts';
import { presets } from './presets.ts';

/** Numbers of a list as it is typed: `10, 50 200`. What is no number stays NaN, for the check to name. */
function numbersIn(text: string): number[] {
  return text
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map(Number);
}

export class Draft {
  #experiment = $state.raw<Experiment>(presets[0].experiment);
  #nodes = $state('');
  #periods = $state('');

  #copyOf: string | null = null;

  /** @param copyOf to begin with; null for the first preset */
  constructor(copyOf: Pick<KeptExperiment, 'id' | 'experiment'> | null) {
    this.take(copyOf?.experiment ?? presets[0].experiment);
    this.#copyOf = copyOf?.id ?? null;
  }

  /** The experiment that it was made from; null for one that begins from a preset. */
  get copyOf(): string | null {
    return this.#copyOf;
  }

  /** Begins anew with this one. */
  take(like: Experiment): void {
    this.#copyOf = null;
    this.#experiment = like;
    this.#nodes = like.factors.nodes.join(', ');
    this.#periods = like.factors.periodS.join(', ');
  }

  get experiment(): Experiment {
    return this.#experiment;
  }

  get live(): boolean {
    return this.#experiment.live === true;
  }

  get nodesText(): string {
    return this.#nodes;
  }

  get periodsText(): string {
    return this.#periods;
  }

  /** Sentences; none when it can be run. */
  readonly problems: readonly string[] = $derived.by(() => {
    const checked = checkExperiment(this.#experiment, choices);
    return checked.ok ? [] : checked.problems.map(inFormWords);
  });

  /** Null while it cannot be run. */
  readonly extent: Extent | null = $derived(this.problems.length > 0 ? null : extentOf(this.#experiment));

  /** Factors with more than one level: those that can be compared. */
  readonly varying: readonly FactorName[] = $derived(factorNames.filter((name) => this.#experiment.factors[name].length > 1));

  set(part: Partial<Omit<Experiment, 'factors' | 'baseline'>>): void {
    this.#experiment = { ...this.#experiment, ...part };
  }

  /** Takes a level in, or out. */
  toggle<Name extends FactorName>(name: Name, level: Factors[Name][number], order: readonly Factors[Name][number][]): void {
    const levels = this.#experiment.factors[name] as Factors[Name][number][];
    const next = levels.includes(level) ? levels.filter((each) => each !== level) : [...levels, level].sort((a, b) => order.indexOf(a) - order.indexOf(b));
    this.#setFactor(name, next as unknown as Factors[Name]);
  }

  typeNodes(text: string): void {
    this.#nodes = text;
    this.#setFactor('nodes', numbersIn(text));
  }

  typePeriods(text: string): void {
    this.#periods = text;
    this.#setFactor('periodS', numbersIn(text));
  }

  /** Takes a board's costs in place of those that were taken before; null for the models' own. */
  takeCosts(costs: ParameterOverrides | null): void {
    const kept = Object.entries(this.#experiment.parameters).filter(([id]) => !id.startsWith('cost.esp32.') && id !== 'cost.edge.runtime');
    this.set({ parameters: { ...Object.fromEntries(kept), ...costs } });
  }

  /** @param level null to compare nothing along this factor */
  compareWith<Name extends FactorName>(name: Name, level: Factors[Name][number] | null): void {
    const { [name]: _, ...others } = this.#experiment.baseline;
    this.#experiment = { ...this.#experiment, baseline: level === null ? others : { ...others, [name]: level } };
  }

  #setFactor<Name extends FactorName>(name: Name, levels: Factors[Name]): void {
    const experiment = { ...this.#experiment, factors: { ...this.#experiment.factors, [name]: levels } };
    const { [name]: base, ...others } = experiment.baseline;
    // A baseline that is no level any more goes with it.
    const kept = base !== undefined && (levels as unknown[]).includes(base) ? experiment.baseline : others;
    this.#experiment = { ...experiment, baseline: kept };
  }
}
