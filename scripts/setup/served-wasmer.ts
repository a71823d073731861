/**
 * Serves @wasmer/sdk under `wasmer/` beside the page, and copies it there when the page is built. Bundled it does not run:
 * it starts its workers and finds its WebAssembly by addresses of its own, relative to where its scripts are.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const sdk = fileURLToPath(new URL('../../node_modules/@wasmer/sdk', import.meta.url));
const FOLDER = 'wasmer';
/** Where the page learns of it. */
const FACTS = 'virtual:served-wasmer';

/** Scripts of dist/ that a browser asks for; the others are for Node, or for networks that no guest here has. */
const scripts = ['index', 'node-compat', 'browser-worker', 'capi-worker-bridge', 'host-filesystem', 'node-network-rpc'];

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.LICENSE': 'text/plain',
};

export function servedWasmer(): Plugin {
  const files = new Set(servedFiles());
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const wanted = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname).slice(1);
    const type = types[path.extname(wanted)];
    if (!files.has(wanted) || !type) {
      response.statusCode = 404;
      response.end('No such part of @wasmer/sdk.\n');
      return;
    }
    response.setHeader('Content-Type', type);
    response.setHeader('Cache-Control', 'no-cache');
    response.end(readFileSync(path.join(sdk, wanted)));
  };
  return {
    name: 'served-wasmer',
    resolveId: (source) => (source === FACTS ? `\0${FACTS}` : null),
    load: (id) => (id === `\0${FACTS}` ? `export default ${JSON.stringify(facts([...files]))};` : null),
    configureServer(server) {
      // A worker that is isolated like its page has to say so itself.
      server.middlewares.use(`/${FOLDER}/`, (request, response) => {
        response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
        answer(request, response);
      });
    },
    generateBundle() {
      for (const file of files) {
        this.emitFile({ type: 'asset', fileName: `${FOLDER}/${file}`, source: readFileSync(path.join(sdk, file)) });
      }
    },
  };
}

/** `path` is relative to the page; `sizeBytes` is what is loaded at the first use, before it is compressed. */
function facts(files: readonly string[]): { path: string; version: string; sizeBytes: number } {
  const { version } = JSON.parse(readFileSync(path.join(sdk, 'package.json'), 'utf8')) as { version: string };
  const sizeBytes = files.reduce((sum, file) => sum + statSync(path.join(sdk, file)).size, 0);
  return { path: `${FOLDER}/dist/index.js`, version, sizeBytes };
}

/** Paths with slashes, relative to the package. Throws when the package has changed so that its parts are not found. */
function servedFiles(): string[] {
  const snippets = readdirSync(path.join(sdk, 'pkg/snippets'), { recursive: true, encoding: 'utf8' })
    .map((file) => `pkg/snippets/${file.replaceAll('\\', '/')}`)
    .filter((file) => path.extname(file) in types);
  const files = [
    ...['LICENSE', 'pkg/wasmer_sdk_js.js', 'pkg/wasmer_sdk_js_bg.wasm', ...scripts.map((name) => `dist/${name}.js`)],
    ...snippets,
  ];
  const missing = files.find((file) => !existsSync(path.join(sdk, file)));
  if (missing) throw new Error(`@wasmer/sdk has no ${missing} any more: served-wasmer.ts names what of it is served.`);
  return files;
}
