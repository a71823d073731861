/** What the browser calls itself, with its major version. */

interface Brands {
  brands: readonly { brand: string; version: string }[];
}

/** Chromium tells it plainly; the others hide it in a line that all have in common. */
export function browserName(): string {
  const { userAgent, userAgentData } = navigator as Navigator & { userAgentData?: Brands };
  // One brand is made up, so that nobody relies on the list.
  const known = userAgentData?.brands.filter(({ brand }) => !/not.*brand/i.test(brand)) ?? [];
  const own = known.find(({ brand }) => brand !== 'Chromium') ?? known[0];
  if (own) return `${own.brand} ${own.version}`;
  const named = /(Firefox|Version|Chrome)\/(\d+)/.exec(userAgent);
  return named ? `${named[1] === 'Version' ? 'Safari' : named[1]} ${named[2]}` : 'this browser';
}
