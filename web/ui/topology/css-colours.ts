/** Resolves colour tokens of the style sheet for canvases, which cannot read `var()` or `light-dark()`. */

/**
 * Each token's colour as the browser computes it under `host` (`rgb(...)`). A custom property alone
 * reads back as its unresolved text, so a probe element wears each token as its `color`.
 */
export function readColours<Token extends string>(
  host: HTMLElement,
  tokens: readonly Token[],
): Record<Token, string> {
  const probe = document.createElement('span');
  probe.hidden = true;
  host.append(probe);
  const style = getComputedStyle(probe);
  const colours = {} as Record<Token, string>;
  for (const token of tokens) {
    probe.style.color = `var(--${token})`;
    colours[token] = style.color;
  }
  probe.remove();
  return colours;
}

/** Calls back when the system's or the page's colour scheme changes, until the returned stop is called. */
export function watchScheme(onchange: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', onchange);
  const page = new MutationObserver(onchange);
  page.observe(document.documentElement, { attributeFilter: ['data-scheme', 'class', 'style'] });
  return () => {
    system.removeEventListener('change', onchange);
    page.disconnect();
  };
}
