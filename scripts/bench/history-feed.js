/**
 * Runs in the page: readings of many nodes, three seconds apart and noisy, with their means and decisions, sent to
 * history as the simulation's worker sends them, as fast as they are kept.
 */
window.feedHistory = async (nodes, steps, stepsPerBatch) => {
  const { history, connect, compact } = await window.continuumLab.openHistory();
  const port = await connect();
  const quantities = ['raw', 'percent', 'irrigate', 'fogEma', 'cloudEma'];
  const ids = Array.from({ length: nodes }, (_, n) => `field-${n + 1}`);
  port.postMessage({ kind: 'declare', series: ids.flatMap((node) => quantities.map((quantity) => ({ node, quantity }))) });

  let seed = 1;
  const random = () => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const plots = ids.map(() => ({ raw: 1500 + random() * 500, fog: 1700, cloud: 1700, offsetMs: Math.floor(random() * 3000) }));
  const startMs = Date.now() - steps * 3000;
  const batch = (from, to) => {
    const rows = (to - from) * nodes * quantities.length;
    const columns = { series: new Uint32Array(rows), timeMs: new Float64Array(rows), value: new Float32Array(rows) };
    let at = 0;
    for (let step = from; step < to; step += 1) {
      for (const [n, plot] of plots.entries()) {
        plot.raw += gauss() * 0.5;
        const raw = Math.max(0, Math.min(4095, Math.round(plot.raw + gauss() * 8)));
        plot.fog = Math.fround(plot.fog + 0.2 * (raw - plot.fog));
        plot.cloud = Math.fround(plot.cloud + 0.05 * (plot.fog - plot.cloud));
        const percent = Math.max(0, Math.min(100, Math.trunc(100 - ((raw - 1100) * 100) / 1500)));
        const readMs = startMs + step * 3000 + plot.offsetMs + Math.floor(Math.abs(gauss()) * 3);
        const hopsMs = [0, 0, 0, 12 + Math.floor(random() * 4), 30 + Math.floor(random() * 8)];
        for (const [q, value] of [raw, percent, raw > 1700 ? 1 : 0, plot.fog, plot.cloud].entries()) {
          columns.series[at] = n * quantities.length + q;
          columns.timeMs[at] = readMs + hopsMs[q];
          columns.value[at] = value;
          at += 1;
        }
      }
    }
    return columns;
  };

  const kept = async () => (await history.series()).filter(({ node }) => node.startsWith('field-')).reduce((sum, { samples }) => sum + samples, 0);
  let [makingMs, sent] = [0, 0];
  const beganMs = performance.now();
  for (let from = 0; from < steps; from += stepsPerBatch) {
    const makeMs = performance.now();
    const { series, timeMs, value } = batch(from, Math.min(steps, from + stepsPerBatch));
    makingMs += performance.now() - makeMs;
    sent += series.length;
    port.postMessage({ kind: 'samples', series, timeMs, value }, [series.buffer, timeMs.buffer, value.buffer]);
    await history.flush();
  }
  while ((await kept()) < sent) await new Promise((resolve) => setTimeout(resolve, 20));
  await history.flush();
  const journalMs = performance.now() - beganMs - makingMs;
  await compact();
  const writeMs = performance.now() - beganMs - makingMs;
  const { usedBytes, problem } = await history.storage();
  return { sent, journalMs, writeMs, usedBytes, problem };
};
