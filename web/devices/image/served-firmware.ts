/**
 * The firmware that is served with the page: `manifest.json` in the format of ESP Web Tools
 * (https://esphome.github.io/esp-web-tools/), in which each part of ours has its `sha256` in hexadecimal too.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { familyOf } from './chip-names.ts';
import { composeImage, type RawPart } from './compose-image.ts';
import { ImageProblem, type ChipFamily, type FlashImage } from './flash-image.ts';
import { looksMerged, splitMerged } from './merged-image.ts';

export interface ServedFirmware {
  name: string;
  version: string;
  /** Of the builds that are there. */
  families: readonly ChipFamily[];
  /** Fetches and verifies one; rejects with an `ImageProblem`. */
  load(family: ChipFamily): Promise<FlashImage>;
}

const Part = v.object({ path: v.string(), offset: v.number(), sha256: v.optional(v.string()) });
const Manifest = v.object({
  name: v.string(),
  version: v.string(),
  builds: v.array(v.object({ chipFamily: v.string(), parts: v.array(Part) })),
});
type Build = v.InferOutput<typeof Manifest>['builds'][number];

/** Rejects with an `ImageProblem` when there is none or it cannot be read. */
export async function readServedFirmware(manifestUrl: string): Promise<ServedFirmware> {
  // Redirects count: parts lie beside the manifest where it was found.
  const { bytes, url } = await fetchBytes(manifestUrl, 'The list of the served firmware');
  const manifest = v.safeParse(Manifest, parseJson(bytes));
  if (!manifest.success) throw new ImageProblem('The list of the served firmware cannot be read. Choose a build folder or files instead.');
  const { name, version, builds } = manifest.output;
  return {
    name,
    version,
    families: builds.map((build) => familyOf(build.chipFamily)),
    load: async (family) => {
      const build = builds.find((candidate) => familyOf(candidate.chipFamily) === family);
      if (!build) throw new ImageProblem(`${name} ${version} is not built for this chip.`);
      return composeImage(await fetchParts(url, build), { title: name, version, familyName: build.chipFamily });
    },
  };
}

async function fetchParts(manifestUrl: string, build: Build): Promise<RawPart[]> {
  const parts = await Promise.all(
    build.parts.map(async ({ path, offset, sha256: expected }) => {
      const { bytes } = await fetchBytes(new URL(path, manifestUrl).href, path);
      if (expected !== undefined && bytesToHex(sha256(bytes)) !== expected.toLowerCase()) {
        throw new ImageProblem(`${path} arrived damaged: its SHA-256 is not that of the manifest. Load the page again.`);
      }
      return { name: path.slice(path.lastIndexOf('/') + 1), offset, bytes };
    }),
  );
  return parts.flatMap((part) => (part.offset === 0 && looksMerged(part.bytes) ? splitMerged(part.bytes) : [part]));
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // A server that answers every address with the page gives HTML here.
    throw new ImageProblem('No firmware is served with this page. Build it with `npm run firmware`, or choose a build folder or files.');
  }
}

async function fetchBytes(url: string, name: string): Promise<{ bytes: Uint8Array<ArrayBuffer>; url: string }> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch {
    throw new ImageProblem(`${name} could not be fetched. Check the connection and try again.`);
  }
  if (response.status === 404) throw new ImageProblem(`${name} is not served with this page.`);
  if (!response.ok) throw new ImageProblem(`${name} could not be fetched: the server answered ${response.status}.`);
  return { bytes: new Uint8Array(await response.arrayBuffer()), url: response.url };
}
