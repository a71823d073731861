/// <reference types="vitest/config" />
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// Cross-origin isolation gives the page SharedArrayBuffer: the loop guests' fall-back
// where JSPI is missing needs it.
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  plugins: [svelte()],
  server: { headers: isolation, host: '127.0.0.1' },
  preview: { headers: isolation, host: '127.0.0.1' },
  worker: { format: 'es' },
  build: { target: 'es2023' },
  test: { include: ['web/**/*.test.ts', 'scripts/**/*.test.ts', 'tests/**/*.test.ts'], environment: 'node' },
});
