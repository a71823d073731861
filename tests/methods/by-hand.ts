/**
 * The calculation of docs/methods/hand-calculation.md, step by step. Numbers are written here as the document gives them,
 * with the parameter each comes from; nothing of the simulator is used.
 */
import type { Cost, GuestCosts } from './guest-costs.ts';

/** By metric id. */
export type ByHand = Record<string, number>;

// web/sim/params/cost.json: nanoseconds per instruction and per call between host and guest.
const costs = {
  E: { edge: [2.7, 100], fog: [0.163, 2], cloud: [0.0702, 1] },
  C: { edge: [169, 8500], fog: [0.31, 70], cloud: [0.134, 30] },
} as const;
// web/sim/params/reference.json: what native code is charged.
const SLICE = 880;
const FILTER = 20;
const ANOMALY = 42;

// web/sim/params/link.json, and the scenario's own median of the LAN.
const wifi = { mbps: 24, overheadBytes: 96, frameUs: 154, medianUs: 8100 };
const lan = { mbps: 1000, overheadBytes: 52, frameUs: 0, medianUs: 50 };
const wan = { mbps: 10, overheadBytes: 92, frameUs: 0, medianUs: 25_000 };

// The window: 12:01 to 13:00.
const FROM_US = 43_260e6;
const TO_US = 46_800e6;
const HOUR_US = 3600e6;
const PERIOD_US = 900e6;
/** 16 samples, 10 ms apart. */
const SENSE_US = 160_000;

// Loam of 0.3 m.
const SATURATED_MM = 0.463 * 300;
const INITIAL_MM = 0.493 * SATURATED_MM;
const PUMP_MM_PER_HOUR = 24.5;

function airtimeUs(bytes: number, { mbps, overheadBytes, frameUs }: typeof wifi): number {
  return Math.ceil(((bytes + overheadBytes) * 8) / mbps + frameUs);
}

/** MQTT 5, 3.3: fixed header, topic, packet identifier, user properties, payload. */
function publishBytes(topic: string, payload: string, qos: 0 | 1, stamps: Record<string, number>): number {
  const variable = (n: number): number => (n < 128 ? 1 : 2);
  const properties = Object.entries(stamps).reduce((sum, [name, value]) => sum + 5 + name.length + String(value).length, 0);
  const rest = 2 + topic.length + (qos === 1 ? 2 : 0) + variable(properties) + properties + payload.length;
  return 1 + variable(rest) + rest;
}
const PUBACK = 4;

/** Hours of equal rate: what evaporates of the day by FAO-56, equations 21 to 25 and 52, by the sun's height at half past. */
export function hourlyEtMm(dayOfYear: number, minC: number, maxC: number): number[] {
  const latitude = (47.6 * Math.PI) / 180;
  const year = (2 * Math.PI * dayOfYear) / 365;
  const declination = 0.409 * Math.sin(year - 1.39);
  const sunset = Math.acos(-Math.tan(latitude) * Math.tan(declination));
  const [a, b] = [Math.sin(latitude) * Math.sin(declination), Math.cos(latitude) * Math.cos(declination)];
  const ra = ((24 * 60) / Math.PI) * 0.082 * (1 + 0.033 * Math.cos(year)) * (sunset * a + b * Math.sin(sunset));
  const et0 = 0.0023 * ((minC + maxC) / 2 + 17.8) * Math.sqrt(maxC - minC) * 0.408 * ra;
  const light = Array.from({ length: 24 }, (_, hour) => Math.max(0, a + b * Math.cos((Math.PI / 12) * (hour + 0.5 - 12))));
  const sum = light.reduce((total, each) => total + each, 0);
  // Kc is 1, and the crop is not stressed at any time of this day: Ks is 1.
  return light.map((each) => (et0 * each) / sum);
}

function adc(waterMm: number): number {
  const share = waterMm / SATURATED_MM;
  return 2600 - (1500 * 2.6 * share) / (1.6 + share);
}

/** EMA in single precision, as in C. */
function emaOf(values: readonly number[]): number {
  const f = Math.fround;
  return values.reduce((ema, value, index) => (index === 0 ? f(value) : f(ema + f(f(f(value) - ema) * f(0.2)))), 0);
}

const rounded = (value: number, decimals: number): number => Math.round(value * 10 ** decimals) / 10 ** decimals;

interface Reading {
  atUs: number;
  waterMm: number;
  raw: number;
  irrigates: boolean;
  /** Whether the guest says under `status` that it has changed its mind. */
  changed: boolean;
  pump: Cost;
  data: Cost;
  pause: Cost;
  toNextRead: Cost;
}

/** @param guest the C guest's instruction counts; null for the native code of strategy E */
export async function readingsByHand(strategy: 'C' | 'E', guest: GuestCosts | null): Promise<Reading[]> {
  const [nsPerInstruction, nsPerCall] = costs[strategy].edge;
  const us = ({ instructions, calls }: Cost): number => Math.ceil((instructions * nsPerInstruction + calls * nsPerCall) / 1000);
  const hours = hourlyEtMm(205, 11.1, 18.9);
  const evaporatedBy = (timeUs: number): number => {
    const hour = Math.floor(timeUs / HOUR_US);
    return hours.slice(0, hour).reduce((sum, each) => sum + each, 0) + hours[hour]! * (timeUs / HOUR_US - hour);
  };
  const native = (calls: number): Cost => ({ instructions: SLICE, calls });
  const start = guest ? guest.start : native(1);
  const readings: Reading[] = [];
  // Powered at 0, booted after 2.5 s; the guest runs to its first read.
  let atUs = 2_500_000 + us(start) + SENSE_US;
  let irrigatedMm = 0;
  let pumpSinceUs: number | null = null;
  while (atUs <= TO_US) {
    const pumpedMm = pumpSinceUs === null ? 0 : ((atUs - pumpSinceUs) / HOUR_US) * PUMP_MM_PER_HOUR;
    const waterMm = INITIAL_MM + irrigatedMm + pumpedMm - evaporatedBy(atUs);
    const raw = Math.floor(adc(waterMm) + 0.5);
    const irrigates = raw > 1700;
    const before = readings.at(-1);
    const changed = irrigates !== before?.irrigates;
    // Five get_config, four set_output, one mqtt_publish; a change costs two logs and another publish.
    const cost = guest
      ? await guest.cycle(raw)
      : { pump: native(6), data: native(10), pause: native(changed ? 13 : 10), toNextRead: native(0) };
    readings.push({ atUs, waterMm, raw, irrigates, changed, ...cost });
    const switchedUs = atUs + us(cost.pump);
    if (irrigates && pumpSinceUs === null) pumpSinceUs = switchedUs;
    if (!irrigates && pumpSinceUs !== null) {
      irrigatedMm += ((switchedUs - pumpSinceUs) / HOUR_US) * PUMP_MM_PER_HOUR;
      pumpSinceUs = null;
    }
    atUs += us(cost.pause) + PERIOD_US + us(cost.toNextRead) + SENSE_US;
  }
  return readings;
}

export async function calculateByHand(strategy: 'C' | 'E', guest: GuestCosts | null): Promise<ByHand> {
  const all = await readingsByHand(strategy, guest);
  const measured = all.filter(({ atUs }) => atUs > FROM_US);
  const spanUs = TO_US - FROM_US;
  const [edgeNs, edgeCallNs] = costs[strategy].edge;
  const exactUs = ({ instructions, calls }: Cost): number => (instructions * edgeNs + calls * edgeCallNs) / 1000;
  const tierUs = (tier: 'fog' | 'cloud', instructions: number, calls: number): number =>
    (instructions * costs[strategy][tier][0] + calls * costs[strategy][tier][1]) / 1000;
  const raws = all.map(({ raw }) => raw);
  const fogEmas = raws.map((_, index) => rounded(emaOf(raws.slice(0, index + 1)), 3));
  const cloudInputs = fogEmas.map((ema) => Math.round(ema));
  const filters = guest?.filters(raws) ?? raws.map(() => FILTER);
  const anomalies = guest?.anomalies(raws) ?? raws.map(() => ANOMALY);
  const cloudFilters = guest?.filters(cloudInputs) ?? raws.map(() => FILTER);
  const msOf = (cpuUs: number): [wasm: number | null, native: number | null] =>
    strategy === 'C' ? [rounded(cpuUs / 1000, 6), null] : [null, rounded(cpuUs / 1000, 6)];

  const hops: Record<string, number[]> = { guest: [], edgeToBroker: [], brokerToFog: [], fogCompute: [], fogToBroker: [], brokerToCloud: [], cloudCompute: [] };
  const endToEnd: number[] = [];
  const air = { upBytes: 0, upUs: 0, downBytes: 0, downUs: 0 };
  const lanUs = { up: 0, down: 0 };
  const wanSum = { up: 0, down: 0, bytes: 0 };
  let activeUs = 0;
  const cpuUs = { fog: 0, cloud: 0 };

  for (const reading of measured) {
    const { atUs, raw, irrigates, changed } = reading;
    const index = all.indexOf(reading);
    const percent = Math.trunc(100 - Math.trunc(((raw - 1100) * 100) / 1500));
    const irrigar = irrigates ? 1 : 0;
    activeUs += exactUs(reading.pause) + exactUs(all[index - 1]!.toNextRead);

    // Edge: read, computed, sent.
    const publishedAt = atUs + Math.ceil(exactUs(reading.data));
    const data = `{"raw":${raw},"pct":${percent},"irrigar":${irrigar},"seq":${index}}`;
    const dataStamps = { sampledAt: atUs, publishedAt };
    const dataBytes = publishBytes('ic/esp32-1/data', data, 1, dataStamps);
    const brokerAt = publishedAt + airtimeUs(dataBytes, wifi) + wifi.medianUs;
    air.upBytes += dataBytes + wifi.overheadBytes;
    air.upUs += airtimeUs(dataBytes, wifi);
    let wifiAcks = 1;
    if (changed) {
      const sentUs = atUs + Math.ceil(exactUs(reading.pause));
      const statusBytes = publishBytes('ic/esp32-1/status', irrigates ? 'irrigating' : 'moist enough', 1, { sampledAt: atUs, publishedAt: sentUs });
      air.upBytes += statusBytes + wifi.overheadBytes;
      air.upUs += airtimeUs(statusBytes, wifi);
      wifiAcks += 1;
    }
    air.downBytes += wifiAcks * (PUBACK + wifi.overheadBytes);
    air.downUs += wifiAcks * airtimeUs(PUBACK, wifi);

    // Broker to fog, and the same telemetry to the cloud.
    const relayed = { ...dataStamps, brokerAt };
    const relayedBytes = publishBytes('ic/esp32-1/data', data, 1, relayed);
    const fogReceivedAt = brokerAt + airtimeUs(relayedBytes, lan) + lan.medianUs;
    lanUs.down += airtimeUs(relayedBytes, lan) + airtimeUs(PUBACK, lan);
    const cloudMediumFreeUs = brokerAt + airtimeUs(relayedBytes, wan);

    // Fog: detect_anomaly and filter_value; its acknowledgement has left the medium when the result is ready.
    const fogUs = tierUs('fog', anomalies[index]! + filters[index]!, 2);
    cpuUs.fog += fogUs;
    const fogPublishedAt = fogReceivedAt + Math.ceil(fogUs);
    const [fogWasmMs, fogNativeMs] = msOf(fogUs);
    const processed = JSON.stringify({
      timestamp: fogPublishedAt / 1e6,
      device: 'esp32-1',
      source: 'simulated',
      raw,
      pct: percent,
      irrigar,
      ema: fogEmas[index],
      anomaly: 0,
      t_wasm_ms: fogWasmMs,
      t_native_ms: fogNativeMs,
    });
    const fogStamps = { ...relayed, fogReceivedAt, fogPublishedAt };
    const processedBytes = publishBytes('ic/fog/processed', processed, 1, fogStamps);
    const fogBrokerAt = fogPublishedAt + airtimeUs(processedBytes, lan) + lan.medianUs;
    lanUs.up += airtimeUs(processedBytes, lan) + airtimeUs(PUBACK, lan);

    // Broker to cloud: the telemetry is still on the medium.
    const stamped = { ...fogStamps, fogBrokerAt };
    const resultBytes = publishBytes('ic/fog/processed', processed, 1, stamped);
    const cloudReceivedAt = Math.max(fogBrokerAt, cloudMediumFreeUs) + airtimeUs(resultBytes, wan) + wan.medianUs;
    const cloudUs = tierUs('cloud', cloudFilters[index]!, 1);
    cpuUs.cloud += tierUs('cloud', anomalies[index]! + filters[index]!, 2) + cloudUs;
    const cloudPublishedAt = cloudReceivedAt + Math.ceil(cloudUs);
    wanSum.down += airtimeUs(relayedBytes, wan) + airtimeUs(resultBytes, wan);

    const [cloudWasmMs, cloudNativeMs] = msOf(cloudUs);
    const emaFiltered = rounded(emaOf(cloudInputs.slice(0, index + 1)), 3);
    const analytics = JSON.stringify({
      timestamp: cloudPublishedAt / 1e6,
      device: 'esp32-1',
      samples: index + 1,
      ema_raw: fogEmas[index],
      ema_filtered: emaFiltered,
      divergence: rounded(fogEmas[index]! - emaFiltered, 3),
      anomaly: 0,
      latency_ms: (cloudPublishedAt - atUs) / 1000,
      t_wasm_ms: cloudWasmMs,
      t_native_ms: cloudNativeMs,
    });
    const analyticsBytes = publishBytes('ic/cloud/analytics', analytics, 0, { ...stamped, cloudReceivedAt, cloudPublishedAt });
    wanSum.up += 2 * airtimeUs(PUBACK, wan) + airtimeUs(analyticsBytes, wan);
    wanSum.bytes += relayedBytes + resultBytes + 2 * PUBACK + analyticsBytes + 5 * wan.overheadBytes;

    const times = [atUs, publishedAt, brokerAt, fogReceivedAt, fogPublishedAt, fogBrokerAt, cloudReceivedAt, cloudPublishedAt];
    Object.values(hops).forEach((durations, at) => durations.push(times[at + 1]! - times[at]!));
    endToEnd.push(cloudPublishedAt - atUs);
  }

  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.ceil(values.length / 2) - 1]!;
  const latencies = Object.fromEntries(
    [['latency', endToEnd] as const, ...Object.entries(hops).map(([name, values]) => [`hop.${name}`, values] as const)].flatMap(([id, values]) => [
      [`${id}.meanMs`, mean(values) / 1000],
      [`${id}.medianMs`, median(values) / 1000],
    ]),
  );

  // web/sim/params/energy.json: milliamperes of the whole chip; milliamperes x volts x microseconds are nanojoules.
  const joules = (ma: number, us: number): number => (ma * 3.3 * us) / 1e9;
  const perDay = 86_400e6 / spanUs;
  const waitingJ = joules(31.12, spanUs - activeUs - air.upUs - air.downUs);
  const parts = { computing: joules(49, activeUs), receiving: joules(97.5, air.downUs), transmitting: joules(210, air.upUs) };
  const useJ = parts.computing + parts.receiving + parts.transmitting;
  const meanMa = (1e9 * (waitingJ + useJ)) / 3.3 / spanUs;

  const perReading = (sum: number): number => sum / measured.length;
  const on = measured.find(({ irrigates }) => irrigates)!;
  const off = all[all.indexOf(on) + 1]!;
  const switched = ({ atUs, pump }: Reading): number => atUs + Math.ceil(exactUs(pump));
  // Drier than the threshold at the second of the three readings alone.
  const dry = measured.filter(({ waterMm }) => adc(waterMm) > 1700);
  if (dry.length !== 1 || dry[0] !== on) throw new Error('The scenario is to cross the threshold once.');
  const dryUs = (off.atUs - all[all.indexOf(on) - 1]!.atUs) / 2;
  const runtime = strategy === 'E' ? 4096 : 18_837;

  return {
    ...latencies,
    'memory.edge.usedBytes': runtime + (guest?.usedBytes ?? 0),
    'memory.edge.declaredBytes': runtime + (guest?.declaredBytes ?? 0),
    'cpu.edge.share': activeUs / spanUs,
    'cpu.edge.usPerReading': perReading(activeUs),
    'cpu.fog.usPerReading': perReading(cpuUs.fog),
    'cpu.cloud.usPerReading': perReading(cpuUs.cloud),
    'energy.edge.jPerDay': (waitingJ + useJ) * perDay,
    'energy.edge.waitingJPerDay': waitingJ * perDay,
    'energy.edge.computingJPerDay': parts.computing * perDay,
    'energy.edge.receivingJPerDay': parts.receiving * perDay,
    'energy.edge.transmittingJPerDay': parts.transmitting * perDay,
    'energy.edge.mJPerReading': perReading(useJ * 1000),
    'energy.edge.meanMa': meanMa,
    'energy.edge.batteryDays': 2500 / meanMa / 24,
    'link.wifi.upShare': air.upUs / spanUs,
    'link.wifi.downShare': air.downUs / spanUs,
    'link.lan.upShare': lanUs.up / spanUs,
    'link.lan.downShare': lanUs.down / spanUs,
    'link.wan.upShare': wanSum.up / spanUs,
    'link.wan.downShare': wanSum.down / spanUs,
    'air.bytesPerNodeDay': (air.upBytes + air.downBytes) * perDay,
    'air.bytesPerReading': perReading(air.upBytes + air.downBytes),
    'wan.bytesPerReading': perReading(wanSum.bytes),
    'results.perReading': 1,
    'water.irrigationMm': ((switched(off) - switched(on)) / HOUR_US) * PUMP_MM_PER_HOUR,
    'water.drainedMm': 0,
    'water.belowThresholdShare': dryUs / spanUs,
    'water.stressShare': 0,
    readings: measured.length,
  };
}
