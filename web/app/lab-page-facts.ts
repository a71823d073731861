/** What this page is made of, for the files of the lab. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import weatherUrl from '../../node_modules/vega-datasets/data/seattle-weather.csv?url';
import manifest from '../../package.json' with { type: 'json' };
import type { ShippedGuest } from '../guest/loaded-guest.ts';
import c from '../guest/modules/irrigation-c.wasm?prepared';
import rust from '../guest/modules/irrigation-rust.wasm?prepared';
import builds from '../guest/modules/modules.json' with { type: 'json' };
import { recallModule } from '../history/module-shelf.ts';
import type { KnownModule, PageFacts } from '../lab/experiment/page-facts.ts';
import { fetchBytes } from './fetch-bytes.ts';

const { dependencies, devDependencies } = manifest;

/** The build sets it where it knows: `VITE_COMMIT`. */
const commit = (import.meta.env.VITE_COMMIT as string | undefined) ?? null;

const shipped: Record<string, ShippedGuest> = { c, rust };

export const pageFacts: PageFacts = {
  version: manifest.version,
  commit,
  packages: {
    'pure-rand': dependencies['pure-rand'],
    'vega-datasets': devDependencies['vega-datasets'],
    jstat: dependencies.jstat,
    '@observablehq/plot': dependencies['@observablehq/plot'],
  },
  browser: navigator.userAgent,
  cores: navigator.hardwareConcurrency,
  async weatherRecord() {
    const digest = bytesToHex(sha256(await fetchBytes(weatherUrl)));
    return { name: `seattle-weather.csv of vega-datasets ${devDependencies['vega-datasets']}`, sha256: digest };
  },
  async module(id) {
    const found = Object.entries(shipped).find(([name, { guest }]) => id === name || id === guest.sha256);
    if (found) return shippedModule(found[1]);
    const kept = await recallModule(id);
    return kept ? { name: kept.name, sha256: id, bytes: new Uint8Array(kept.bytes), shipped: false, built: null } : null;
  },
};

async function shippedModule({ guest, url }: ShippedGuest): Promise<KnownModule> {
  const build = builds.find(({ sha256: digest }) => digest === guest.sha256);
  const built = build ? { language: build.language, toolchain: build.toolchain, flags: build.flags } : null;
  return { name: guest.name, sha256: guest.sha256, bytes: await fetchBytes(url), shipped: true, built };
}
