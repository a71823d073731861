/** Runs in the page, as `sample-frames.js`: how fast the engine alone wakes so many suspended stacks. */
const workerSource = `onmessage = async ({ data: { bytes, stacks, rounds } }) => {
  const module = new WebAssembly.Module(bytes);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const wake = new Array(stacks);
  let suspended = () => {};
  const next = () => new Promise((resolve) => { suspended = resolve; });
  for (let stack = 0; stack < stacks; stack += 1) {
    const wait = new WebAssembly.Suspending(() => new Promise((resolve) => { wake[stack] = resolve; suspended(); }));
    const { main } = new WebAssembly.Instance(module, { env: { memory, wait } }).exports;
    const first = next();
    WebAssembly.promising(main)();
    await first;
  }
  // In the order of a simulation: a stack is resumed when the one before it has come to rest.
  const inTurn = async () => { for (const resume of wake.slice()) { const rest = next(); resume(0); await rest; } };
  // All at once, which no order of events allows.
  const atOnce = async () => {
    let left = stacks;
    const all = new Promise((resolve) => { suspended = () => { left -= 1; if (left === 0) resolve(); }; });
    for (const resume of wake.slice()) resume(0);
    await all;
  };
  const perSec = async (round) => {
    const rates = [];
    for (let i = 0; i < rounds; i += 1) {
      const startMs = performance.now();
      await round();
      rates.push((stacks / (performance.now() - startMs)) * 1000);
    }
    return rates;
  };
  postMessage({ inTurn: await perSec(inTurn), atOnce: await perSec(atOnce) });
};`;

window.bareJspi = (bytes, stacks, rounds) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' })));
    worker.onmessage = ({ data }) => {
      worker.terminate();
      resolve(data);
    };
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage({ bytes: new Uint8Array(bytes), stacks, rounds });
  });
