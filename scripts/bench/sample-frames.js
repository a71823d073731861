/** Runs in the page: the intervals between animation frames, and how far the simulation came meanwhile. */
window.sampleFrames = (measureMs) =>
  new Promise((resolve) => {
    const virtualNowMs = () => (window.continuumLab.latestFrame()?.timeUs ?? 0) / 1000;
    const [startMs, startVirtualMs] = [performance.now(), virtualNowMs()];
    const frameMs = [];
    let lastMs = NaN;
    const tick = (nowMs) => {
      if (!Number.isNaN(lastMs)) frameMs.push(nowMs - lastMs);
      lastMs = nowMs;
      if (nowMs - startMs < measureMs) requestAnimationFrame(tick);
      else resolve({ frameMs, virtualMs: virtualNowMs() - startVirtualMs, wallMs: performance.now() - startMs });
    };
    requestAnimationFrame(tick);
  });
