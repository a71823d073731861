/** The `build/` folder of ESP-IDF, by its `flasher_args.json`. */
import * as v from 'valibot';
import { composeImage, type RawPart } from './compose-image.ts';
import { ImageProblem, type FlashImage, type ImageFile } from './flash-image.ts';

const FlasherArgs = v.object({
  flash_files: v.record(v.string(), v.string()),
  extra_esptool_args: v.optional(v.object({ chip: v.optional(v.string()) })),
});

/** The one nearest to the top, since components in a build folder may hold their own. */
export function findFlasherArgs(files: readonly ImageFile[]): ImageFile | null {
  const found = files.filter((file) => /(^|\/)flasher_args\.json$/.test(file.path));
  return found.sort((a, b) => depth(a) - depth(b))[0] ?? null;
}

export async function readBuild(files: readonly ImageFile[], flasherArgs: ImageFile): Promise<FlashImage> {
  const args = parse(new TextDecoder().decode(await flasherArgs.bytes()));
  const folder = flasherArgs.path.slice(0, flasherArgs.path.lastIndexOf('/') + 1);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const parts: RawPart[] = [];
  for (const [offset, path] of Object.entries(args.flash_files)) {
    const wanted = folder + path.replaceAll('\\', '/');
    const file = byPath.get(wanted);
    if (!file) throw new ImageProblem(`${path}, which flasher_args.json names, is not there. Choose the whole build folder.`);
    parts.push({ name: path.slice(path.lastIndexOf('/') + 1), offset: Number(offset), bytes: await file.bytes() });
  }
  return composeImage(parts, { title: 'Build of ESP-IDF', familyName: args.extra_esptool_args?.chip?.toUpperCase() ?? null });
}

function parse(text: string): v.InferOutput<typeof FlasherArgs> {
  try {
    return v.parse(FlasherArgs, JSON.parse(text));
  } catch {
    throw new ImageProblem('flasher_args.json cannot be read. Build the project again with ESP-IDF.');
  }
}

function depth(file: ImageFile): number {
  return file.path.split('/').length;
}
