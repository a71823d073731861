/** What is wrong with an experiment, in the words of the form instead of those of its file. */

const labels: Record<string, string> = {
  name: 'Name',
  question: 'Question',
  'factors.strategy': 'Strategies',
  'factors.guest': 'Guests',
  'factors.nodes': 'Edge nodes',
  'factors.link': 'Links',
  'factors.periodS': 'Sampling periods',
  'factors.weather': 'Weather',
  replications: 'Replications',
  seed: 'Seed',
  warmUpS: 'Warm-up',
  durationS: 'Measured time',
  qos: 'QoS',
};

/** @param problem a sentence of `checkExperiment` */
export function inFormWords(problem: string): string {
  const [, path, at, says] = /^((?:factors\.)?\w+)(?:\.(\d+))? (.*)$/s.exec(problem) ?? [];
  const label = labels[path ?? ''];
  if (label === undefined || says === undefined) return problem;
  const which = at === undefined ? '' : `, value ${Number(at) + 1},`;
  // What is no number came from a field that is empty or has other characters in it.
  return `${label}${which} ${says.replace('; it is NaN', '')}`;
}
