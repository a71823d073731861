/** What a run is measured by. One number each, so that every table, test and plot treats them alike. */
import { Place } from '../../protocol/latency.ts';
import { hopNames } from '../../sim/latency-book.ts';

export interface Metric {
  label: string;
  unit: string;
  /** How it is measured, a sentence. */
  meaning: string;
  better: 'less' | 'more' | 'neither';
  group: MetricGroup;
}

export const metricGroups = ['Latency', 'Hops', 'Memory', 'Energy', 'Processor', 'Links', 'Messages', 'Water', 'Extent'] as const;
export type MetricGroup = (typeof metricGroups)[number];

/**
 * By metric id; NaN where a run has no such number (the fog's CPU under strategy A). The ids are those of `metrics`,
 * all of them, in their order.
 */
export type RunMeasures = Record<string, number>;

/** Latency of each hop: `hop.NAME.medianMs` and so on. */
export const hopMetricPrefix = 'hop.';

/** The hops in the order of the way: name in metric ids, and the place of the stamp that ends it. */
export const measuredHops = [
  { name: 'guest', place: Place.publishedAt },
  { name: 'edgeToBroker', place: Place.brokerAt },
  { name: 'brokerToFog', place: Place.fogReceivedAt },
  { name: 'fogCompute', place: Place.fogPublishedAt },
  { name: 'fogToBroker', place: Place.fogBrokerAt },
  { name: 'brokerToCloud', place: Place.cloudReceivedAt },
  { name: 'cloudCompute', place: Place.cloudPublishedAt },
] as const;

/** The numbers that a distribution of durations is told by. */
export const latencyFigures = ['meanMs', 'medianMs', 'p95Ms', 'p99Ms'] as const;

const figureWords: Record<(typeof latencyFigures)[number], { label: string; meaning: string }> = {
  meanMs: { label: 'mean', meaning: 'Arithmetic mean' },
  medianMs: { label: 'median', meaning: 'Median (nearest rank)' },
  p95Ms: { label: '95th percentile', meaning: '95th percentile (nearest rank)' },
  p99Ms: { label: '99th percentile', meaning: '99th percentile (nearest rank)' },
};

const tiers = ['edge', 'fog', 'cloud'] as const;
const title = { edge: 'Edge', fog: 'Fog', cloud: 'Cloud' } as const;

type Catalogue = Record<string, Metric>;

function latencyMetrics(): Catalogue {
  const wanted: Catalogue = {};
  for (const figure of latencyFigures) {
    const { label, meaning } = figureWords[figure];
    wanted[`latency.${figure}`] = {
      label: `End-to-end latency, ${label}`,
      unit: 'ms',
      meaning: `${meaning} over all results that came to their end in the measured time, from the end of the sensor's reading to the last tier that works on it: the cloud's result, or under A and B the cloud's receipt.`,
      better: 'less',
      group: 'Latency',
    };
  }
  for (const { name, place } of measuredHops) {
    for (const figure of latencyFigures) {
      const { label, meaning } = figureWords[figure];
      wanted[`${hopMetricPrefix}${name}.${figure}`] = {
        label: `${hopNames[place]}, ${label}`,
        unit: 'ms',
        meaning: `${meaning} of this hop over the same results; the hop ends with the stamp of its name and begins with the stamp before.`,
        better: 'less',
        group: 'Hops',
      };
    }
  }
  return wanted;
}

function tierMetrics(): Catalogue {
  const wanted: Catalogue = {};
  for (const tier of tiers) {
    const per = tier === 'edge' ? ', mean over the nodes' : '';
    wanted[`memory.${tier}.usedBytes`] = {
      label: `${title[tier]} memory, used`,
      unit: 'bytes',
      meaning: `Runtime, and what the node's guests use of their linear memories, at the end of the run${per}. Native code is charged the task stack alone.`,
      better: 'less',
      group: 'Memory',
    };
    wanted[`memory.${tier}.declaredBytes`] = {
      label: `${title[tier]} memory, declared`,
      unit: 'bytes',
      meaning: `Runtime, and the linear memories that the node's guests declare, at the end of the run${per}.`,
      better: 'less',
      group: 'Memory',
    };
  }
  for (const tier of tiers) {
    wanted[`cpu.${tier}.share`] = {
      label: `${title[tier]} processor, share of time busy`,
      unit: 'fraction',
      meaning: `CPU time of guests (or their native twins) by the measured time${tier === 'edge' ? ', mean over the nodes' : ''}: instructions and host calls times their costs.`,
      better: 'less',
      group: 'Processor',
    };
    wanted[`cpu.${tier}.usPerReading`] = {
      label: `${title[tier]} processor time per reading`,
      unit: 'us',
      meaning: `The same CPU time by the readings taken on the edge in the measured time.`,
      better: 'less',
      group: 'Processor',
    };
  }
  return wanted;
}

/** The states of `energyStates` by what the chip does; a node waits in one state, which `energy.idleMode` picks. */
export const energyUses = {
  waiting: ['deepSleep', 'lightSleep', 'modemSleepDfs', 'modemSleep'],
  computing: ['active'],
  receiving: ['receive'],
  transmitting: ['transmit'],
} as const;

function energyMetrics(): Catalogue {
  const wanted: Catalogue = {
    'energy.edge.jPerDay': {
      label: 'Edge energy per node and day',
      unit: 'J',
      meaning: 'Sum over the states of current, voltage and time, scaled from the measured time to a day, mean over the nodes; the pump is apart.',
      better: 'less',
      group: 'Energy',
    },
  };
  for (const use of Object.keys(energyUses)) {
    wanted[`energy.edge.${use}JPerDay`] = {
      label: `Edge energy per node and day, ${use}`,
      unit: 'J',
      meaning: `The part of the edge energy that is spent ${use}.`,
      better: 'less',
      group: 'Energy',
    };
  }
  wanted['energy.edge.mJPerReading'] = {
    label: 'Edge energy per reading, without waiting',
    unit: 'mJ',
    meaning: 'Energy of computing, receiving and transmitting by the readings taken in the measured time.',
    better: 'less',
    group: 'Energy',
  };
  wanted['energy.edge.meanMa'] = {
    label: 'Edge mean current',
    unit: 'mA',
    meaning: 'Charge by measured time, mean over the nodes.',
    better: 'less',
    group: 'Energy',
  };
  wanted['energy.edge.batteryDays'] = {
    label: 'Edge battery life',
    unit: 'days',
    meaning: 'Capacity of the battery by the mean current.',
    better: 'more',
    group: 'Energy',
  };
  return wanted;
}

/** Both directions of the media: each node has a Wi-Fi link of its own, the fog has the LAN, the cloud the WAN. */
export const measuredMedia = {
  wifi: { label: 'Wi-Fi', per: ', mean over the nodes' },
  lan: { label: 'LAN', per: '' },
  wan: { label: 'WAN', per: '' },
} as const;

function linkMetrics(): Catalogue {
  const wanted: Catalogue = {};
  for (const [medium, { label, per }] of Object.entries(measuredMedia)) {
    for (const [direction, words] of [['up', 'to'], ['down', 'from']] as const) {
      wanted[`link.${medium}.${direction}Share`] = {
        label: `${label} ${words} the broker, share of time busy`,
        unit: 'fraction',
        meaning: `Time that messages and acknowledgements of the measured time take the medium, by that time${per}; above 1 when more is sent than it can carry.`,
        better: 'less',
        group: 'Links',
      };
    }
  }
  wanted['air.bytesPerNodeDay'] = {
    label: 'Bytes on the air per node and day',
    unit: 'bytes',
    meaning: 'Bytes with all headers that a node\'s Wi-Fi carries in both directions, tries that were lost included, scaled to a day, mean over the nodes.',
    better: 'less',
    group: 'Links',
  };
  wanted['air.bytesPerReading'] = {
    label: 'Bytes on the air per reading',
    unit: 'bytes',
    meaning: 'The same bytes of all nodes by the readings taken.',
    better: 'less',
    group: 'Links',
  };
  wanted['wan.bytesPerReading'] = {
    label: 'Bytes to and from the cloud per reading',
    unit: 'bytes',
    meaning: 'Bytes with all headers that the cloud\'s link carries in both directions, by the readings taken.',
    better: 'less',
    group: 'Links',
  };
  return wanted;
}

const others: Catalogue = {
  'messages.lostPerThousand': {
    label: 'Messages lost per thousand readings',
    unit: 'messages',
    meaning: 'Messages that a link lost, each try counted, on all links, by thousands of readings taken.',
    better: 'less',
    group: 'Messages',
  },
  'messages.resentPerThousand': {
    label: 'Messages sent again per thousand readings',
    unit: 'messages',
    meaning: 'Further tries of QoS 1 messages on all links, by thousands of readings taken.',
    better: 'less',
    group: 'Messages',
  },
  'results.perReading': {
    label: 'Results delivered per reading',
    unit: 'fraction',
    meaning: 'Results that came to their end in the measured time by the readings taken in it; what was under way at its beginning and end makes it differ from 1 by a few readings.',
    better: 'more',
    group: 'Messages',
  },
  'water.irrigationMm': {
    label: 'Water used per node',
    unit: 'mm',
    meaning: 'What the pump gave in the measured time, mean over the nodes.',
    better: 'less',
    group: 'Water',
  },
  'water.drainedMm': {
    label: 'Water lost below and beside the roots per node',
    unit: 'mm',
    meaning: 'Drainage and run-off in the measured time, mean over the nodes.',
    better: 'less',
    group: 'Water',
  },
  'water.belowThresholdShare': {
    label: 'Share of time drier than the threshold',
    unit: 'fraction',
    meaning: 'Time in which a probe without noise or wander would read more than the node\'s threshold, by the measured time, mean over the nodes; between two readings the state changes half-way.',
    better: 'less',
    group: 'Water',
  },
  'water.stressShare': {
    label: 'Share of time under water stress',
    unit: 'fraction',
    meaning: 'Time in which FAO-56\'s stress coefficient Ks is below 1, by the measured time, mean over the nodes; between two readings the state changes half-way.',
    better: 'less',
    group: 'Water',
  },
  readings: {
    label: 'Readings taken',
    unit: 'readings',
    meaning: 'Reads of the soil probe in the measured time, all nodes together.',
    better: 'neither',
    group: 'Extent',
  },
};

/** All metrics by id, in the order in which they are shown. */
export const metrics: Readonly<Catalogue> = {
  ...latencyMetrics(),
  ...tierMetrics(),
  ...energyMetrics(),
  ...linkMetrics(),
  ...others,
};

/** Of these a strategy with sandboxes is compared with E, which has none: what the sandbox can cost. */
export const overheadMetrics: readonly string[] = [
  'cpu.edge.usPerReading',
  'cpu.fog.usPerReading',
  'cpu.cloud.usPerReading',
  'latency.medianMs',
  'latency.p95Ms',
  'hop.guest.medianMs',
  'energy.edge.jPerDay',
  'energy.edge.computingJPerDay',
  'memory.edge.usedBytes',
  'memory.fog.usedBytes',
  'memory.cloud.usedBytes',
];
