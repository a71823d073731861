/** What the C guest retires in each slice: counted by running it alone, without clock, network or field. */
import { Pin } from '../../web/guest/abi.gen.ts';
import type { HostCalls } from '../../web/guest/types.ts';
import type { RunParts } from '../../web/lab/measure/run-experiment-run.ts';
import { parameter } from '../../web/sim/parameters.ts';

/** Instructions and calls of the host, each up to a point of the slice. */
export interface Cost {
  instructions: number;
  calls: number;
}

export interface GuestCosts {
  /** From the start to the first read of the probe. */
  start: Cost;
  /** Of the next cycle, with this reading: from the read to the pump, to the telemetry and to the pause; then to the next read. */
  cycle(raw: number): Promise<{ pump: Cost; data: Cost; pause: Cost; toNextRead: Cost }>;
  /** Instructions of `filter_value`, and of `detect_anomaly`, for each reading of a stream in turn. */
  filters(readings: readonly number[]): number[];
  anomalies(readings: readonly number[]): number[];
  /** Bytes of its linear memory that the guest uses, and that it declares. */
  usedBytes: number;
  declaredBytes: number;
  stop(): void;
}

/** Of `irrigation-c.wasm`, with the default configuration and a pause of 15 minutes. */
export async function guestCosts({ engine, guests }: RunParts): Promise<GuestCosts> {
  const guest = guests.get('c')!;
  const budget = parameter('node.sliceBudgetInstructions').value;
  const config = [2600, 1100, 1700, 900_000, 0];
  const counted = (readings: readonly number[], call: 'filterValue' | 'detectAnomaly'): number[] => {
    const stream = engine.stream(guest, budget);
    const counts = readings.map((raw) => {
      stream[call](raw);
      return stream.retired();
    });
    stream.stop();
    return counts;
  };

  let calls = 0;
  let pump: Cost = { instructions: 0, calls: 0 };
  let data: Cost = { instructions: 0, calls: 0 };
  let pause: Cost = { instructions: 0, calls: 0 };
  let ended = (): void => undefined;
  const now = (): Cost => ({ instructions: loop.retired(), calls });
  const host: HostCalls = {
    setOutput: (pin) => {
      calls += 1;
      if (pin === Pin.pump) pump = { instructions: loop.retired(), calls };
    },
    log: () => void (calls += 1),
    logInt: () => void (calls += 1),
    publish: (topic) => {
      calls += 1;
      if (topic.endsWith('data')) data = { instructions: loop.retired(), calls };
      return 0;
    },
    config: (key) => {
      calls += 1;
      return config[key]!;
    },
    paused: () => {
      pause = now();
      ended();
    },
  };
  const slice = async (run: () => void | Promise<void>): Promise<void> => {
    calls = 0;
    const end = new Promise<void>((resolve) => (ended = resolve));
    await run();
    await end;
  };
  const loop = engine.loop(guest, budget, host);
  await slice(() => loop.start());
  const start = pause;
  return {
    start,
    filters: (readings) => counted(readings, 'filterValue'),
    anomalies: (readings) => counted(readings, 'detectAnomaly'),
    ...loop.memory(),
    async cycle(raw) {
      await slice(() => loop.resume(raw));
      const first = { pump, data, pause };
      await slice(() => loop.resume(0));
      return { ...first, toNextRead: pause };
    },
    stop: () => loop.stop(),
  };
}
