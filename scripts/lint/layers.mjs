/** The layers of web/ and what each may import; arrows point down only. */
const sideDoors = ['lab', 'devices', 'history', 'mqtt'];
const pureLayers = ['sim', 'guest', 'protocol'];

/** Layer -> the other layers it may import. */
export const arrows = {
  app: ['ui', ...sideDoors, ...pureLayers],
  ui: [...sideDoors, ...pureLayers],
  ...Object.fromEntries(sideDoors.map((layer) => [layer, pureLayers])),
  sim: ['guest', 'protocol'],
  guest: ['protocol'],
  protocol: [],
};

/** Layers that know neither the platform nor a clock. */
export const pure = pureLayers;

/** Packages that bring the platform, a user interface or storage into a layer. */
export const impurePackages = /^(node:|virtual:|workbox-)|^(svelte|comlink|dexie|uplot|vite|@lucide)(\/|$)/;
