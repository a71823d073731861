/** Files in zips, unpacked only when they are wanted. */
import { ImageProblem, type ImageFile } from './flash-image.ts';

/** A build's images are a few megabytes; its object files, which may be in the zip too, are never unpacked. */
const mostBytes = 64 * 1024 * 1024;

/** The same files, with those of each zip in place of it. */
export async function openZips(files: readonly ImageFile[]): Promise<ImageFile[]> {
  const opened = await Promise.all(files.map((file) => (file.path.toLowerCase().endsWith('.zip') ? openZip(file) : [file])));
  return opened.flat();
}

async function openZip(zip: ImageFile): Promise<ImageFile[]> {
  const { unzipSync } = await import('fflate');
  const packed = await zip.bytes();
  const paths: { name: string; bytes: number }[] = [];
  try {
    unzipSync(packed, {
      filter: ({ name, originalSize }) => {
        if (!name.endsWith('/')) paths.push({ name, bytes: originalSize });
        return false;
      },
    });
  } catch {
    throw new ImageProblem(`${zip.path} is no zip, or is damaged.`);
  }
  return paths.map(({ name, bytes }) => ({
    path: name.replaceAll('\\', '/'),
    bytes: () => {
      if (bytes > mostBytes) return Promise.reject(new ImageProblem(`${name} is larger than any flash.`));
      const unpacked = unpack(() => unzipSync(packed, { filter: (file) => file.name === name })[name]);
      if (!unpacked) return Promise.reject(new ImageProblem(`${name} in ${zip.path} is damaged.`));
      return Promise.resolve(new Uint8Array(unpacked));
    },
  }));
}

function unpack<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
