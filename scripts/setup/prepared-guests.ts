/**
 * `import guest from './x.wasm?prepared'`: a guest that was checked and metered when the page was built, by the same
 * code that does it in the page. A page that runs only such guests need not load that code.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'vite';
import { guestLimits } from '../../web/app/guest-limits.ts';
import { prepareGuest } from '../../web/guest/loaded-guest.ts';

const QUERY = '?prepared';

/** Fails the build, with the reason, for a module that the page would refuse. */
export function preparedGuests(): Plugin {
  let building = true;
  return {
    name: 'prepared-guests',
    enforce: 'pre',
    configResolved({ command }) {
      building = command === 'build';
    },
    async load(id) {
      if (!id.endsWith(`.wasm${QUERY}`)) return null;
      const file = id.slice(0, -QUERY.length);
      this.addWatchFile(file);
      const name = path.basename(file);
      const prepared = prepareGuest(name, await readFile(file), guestLimits);
      if (!prepared.ok) return this.error(`${name} cannot ship with the page. ${prepared.reason}`);
      const { guest, metered } = prepared;
      const meteredName = name.replace(/\.wasm$/, '-metered.wasm');
      // The development server emits no files.
      const meteredUrl = building
        ? `import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: 'asset', name: meteredName, source: metered })}`
        : JSON.stringify(`data:application/wasm;base64,${Buffer.from(metered).toString('base64')}`);
      return [
        `import url from ${JSON.stringify(`${file}?url`)};`,
        `export default { url, meteredUrl: ${meteredUrl}, guest: ${JSON.stringify(guest)} };`,
      ].join('\n');
    },
  };
}
