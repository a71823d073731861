/// <reference types="vitest/config" />
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { CompileOptions } from 'svelte/compiler';
import { fileURLToPath } from 'node:url';
import { minify } from 'terser';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { preparedGuests } from './scripts/setup/prepared-guests.ts';
import { servedFirmware } from './scripts/setup/served-firmware.ts';
import { servedWasmer } from './scripts/setup/served-wasmer.ts';

// Cross-origin isolation gives the page SharedArrayBuffer: the loop guests' fall-back
// where JSPI is missing needs it.
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

const pwa = VitePWA({
  registerType: 'prompt',
  manifest: {
    name: 'Continuum Lab',
    short_name: 'Continuum',
    description: 'A whole WebAssembly Edge-Fog-Cloud continuum in one browser tab.',
    start_url: '.',
    display: 'standalone',
    background_color: '#101412',
    theme_color: '#0b6b4f',
    icons: [
      { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: 'icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
      { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' },
    ],
  },
  workbox: {
    globPatterns: ['**/*.{js,css,html,wasm,csv,svg,png}'],
    // Five megabytes that few ask for: kept when they have been asked for once.
    globIgnores: ['wasmer/**'],
    runtimeCaching: [{ urlPattern: /\/wasmer\/(dist|pkg)\//, handler: 'StaleWhileRevalidate', options: { cacheName: 'wasmer' } }],
    cleanupOutdatedCaches: true,
  },
});

/** The worker computes with the parameters and never shows their words, which are most of their bytes. */
const parametersWithoutWords = (): Plugin => ({
  name: 'parameters-without-words',
  enforce: 'pre',
  transform(code, id) {
    if (!/\/web\/sim\/params\/[a-z]+\.json$/.test(id)) return null;
    return JSON.stringify(JSON.parse(code), (key, value: unknown) =>
      ['source', 'label', 'unit'].includes(key) ? undefined : value,
    );
  },
});

/** Lucide's icons, drawn by a component that can do less and weighs less than Lucide's. */
const plainIcons = (): Plugin => ({
  name: 'plain-icons',
  enforce: 'pre',
  resolveId(source, importer) {
    if (source !== '../Icon.svelte' || !importer?.includes('/@lucide/svelte/')) return null;
    return fileURLToPath(new URL('web/ui/parts/PlainIcon.svelte', import.meta.url));
  },
  // Each icon hands on all attributes it is given, for which Svelte brings proxies that nothing else needs.
  transform(code, id) {
    if (!/\/@lucide\/svelte\/dist\/icons\/[^/]+\.svelte$/.test(id)) return null;
    const plain = code.replace('let props = $props();', 'let { size } = $props();').replace('<Icon {...props} ', '<Icon {size} ');
    if (plain.includes('props}') || plain === code) this.error('Lucide writes its icons in another way now.');
    return { code: plain, map: null };
  },
});

/** uPlot hangs all it can do on one object, where no bundler sees that the charts draw lines alone, and call two of its functions by name. */
const plotOfLines = (): Plugin => ({
  name: 'plot-of-lines',
  transform: {
    filter: { id: /\/uplot\/dist\/uPlot\.esm\.js$/ },
    handler(code) {
      const lines = code.replaceAll(/^\t?(\(paths\.(stepped|bars|spline)|uPlot\.(?!tzDate|pxRatio)\w+) +=.*$/gm, '');
      if (lines === code) this.error('uPlot assigns what it can do in another way now: plot-of-lines has nothing to take out.');
      // Lines were emptied, none moved.
      return { code: lines, map: null };
    },
  },
});

/** Svelte spreads one list of names into another, and no bundler drops a spread although nothing here reads that list. */
const unreadNames = (): Plugin => ({
  name: 'unread-names',
  transform: {
    filter: { id: /\/svelte\/src\/utils\.js$/ },
    handler(code) {
      const pure = code.replace(/(const DOM_PROPERTIES = )(\[[^\]]*\]);/, '$1/* @__PURE__ */ (() => $2)();');
      if (pure === code) this.error('Svelte lists the properties of elements in another way now: unread-names has nothing to mark.');
      return { code: pure, map: null };
    },
  },
});

/** Terser still finds a kilobyte in what Vite's own minifier leaves of the first screen's scripts; it is slow, so no others pass it. */
const minifiedTwice = (): Plugin => ({
  name: 'minified-twice',
  apply: 'build',
  async generateBundle(_options, files) {
    for (const file of Object.values(files)) {
      if (file.type !== 'chunk' || !['page', 'simulation-worker'].includes(file.name)) continue;
      const { code } = await minify(file.code, { module: true, ecma: 2020, compress: { passes: 2 } });
      if (code) file.code = code;
    }
  },
});

/** Four characters tell a hundred components apart; the first screen's scripts hold each of these names many times. */
const shortScope: NonNullable<CompileOptions['cssHash']> = ({ hash, filename, css }) => `s${hash(filename ?? css).slice(-4)}`;

export default defineConfig({
  // Relative, so that the built page can be served from any folder.
  base: './',
  plugins: [plainIcons(), plotOfLines(), unreadNames(), svelte({ compilerOptions: { cssHash: shortScope, discloseVersion: false } }), preparedGuests(), servedFirmware(), servedWasmer(), minifiedTwice(), pwa],
  // Bundled ahead of time they would escape `plainIcons`.
  optimizeDeps: { exclude: ['@lucide/svelte', '@wasmer/sdk'] },
  server: { headers: isolation, host: '127.0.0.1' },
  preview: { headers: isolation, host: '127.0.0.1' },
  worker: {
    format: 'es',
    plugins: () => [parametersWithoutWords(), preparedGuests(), minifiedTwice()],
    // Vite takes them out of the page's scripts alone.
    rolldownOptions: { output: { comments: false } },
  },
  build: {
    target: 'es2023',
    // The worker fetches its modules and weather by address; inlined as data they would swell its script.
    assetsInlineLimit: 0,
    modulePreload: {
      // Every browser that can run a guest knows modulepreload.
      polyfill: false,
      // Only the first screen's scripts are fetched side by side. The list of what each later part imports would weigh
      // on the first screen, and what it saves is little: the service worker has kept those parts by then.
      resolveDependencies: (_part, files, { hostId, hostType }) =>
        hostType === 'html' || hostId.startsWith('assets/index-') ? files : files.filter((file) => file.endsWith('.css')),
    },
    rolldownOptions: {
      // Svelte does not say so itself: importing these does nothing, so what is not used of them may go.
      treeshake: {
        moduleSideEffects: [
          { test: /\/svelte\/src\/(reactivity\/|.*\/custom-element\.js$)/, sideEffects: false },
        ],
      },
      output: {
        codeSplitting: {
          groups: [
            // Apart from the page, since the script that starts the worker needs it before the page is there.
            { name: 'preload-helper', test: /vite\/preload-helper/, priority: 1 },
            // What the first screen needs travels as one file: many small ones compress worse.
            { name: 'page', test: /\/web\/app\/page\.ts$/ },
          ],
        },
      },
    },
  },
  test: {
    include: ['web/**/*.test.ts', 'scripts/**/*.test.ts', 'tests/**/*.test.ts'],
    // Steps of their own: they need tools.
    exclude: ['wasm', 'broker', 'link', 'firmware', 'board', 'esptool', 'flash', 'isolation'].map((step) => `tests/${step}/**`),
    environment: 'node',
    // On a machine with two cores the runner would leave one to itself.
    maxWorkers: '100%',
    // Some tests simulate an hour, on machines that are busy with other tests.
    testTimeout: 60_000,
  },
});
