/**
 * Serves firmware/dist under `firmware/` beside the page, and copies it there when the page is built. Where no firmware
 * was built the page gets a 404 for it, also from servers that answer every other address with the page itself.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const images = fileURLToPath(new URL('../../firmware/dist', import.meta.url));
const FOLDER = 'firmware';

export function servedFirmware(): Plugin {
  return {
    name: 'served-firmware',
    configureServer(server) {
      server.middlewares.use(`/${FOLDER}/`, answer);
    },
    configurePreviewServer(server) {
      // What was built with the page would do, but is older than a firmware that was built since.
      server.middlewares.use(`/${FOLDER}/`, answer);
    },
    generateBundle() {
      for (const file of filesBelow(images)) {
        this.emitFile({ type: 'asset', fileName: `${FOLDER}/${file}`, source: readFileSync(path.join(images, file)) });
      }
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const wanted = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
  // Joined to the root first, `..` cannot lead out of the folder.
  const file = path.join(images, path.posix.join('/', wanted));
  if (!existsSync(file) || !statSync(file).isFile()) {
    response.statusCode = 404;
    response.end('No such image. "npm run firmware" builds them.\n');
    return;
  }
  response.setHeader('Content-Type', file.endsWith('.json') ? 'application/json' : 'application/octet-stream');
  response.setHeader('Cache-Control', 'no-cache');
  response.end(readFileSync(file));
}

/** Paths with slashes, relative to `folder`; none when it is not there. */
function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(path.join(folder, file)).isFile())
    .map((file) => file.replaceAll('\\', '/'));
}
