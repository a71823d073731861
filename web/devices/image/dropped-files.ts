/** Files that were dropped on the page or chosen, folders opened. */
import type { ImageFile } from './flash-image.ts';

/** To be called in the drop's own turn: a drop's items are gone after it. */
export function filesOfDrop(items: DataTransferItemList): Promise<ImageFile[]> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return Promise.all(entries.map(filesOfEntry)).then((lists) => lists.flat());
}

/** Of an `<input type="file">`, also with `webkitdirectory`. */
export function filesOfInput(files: Iterable<File>): ImageFile[] {
  return [...files].map((file) => imageFile(file.webkitRelativePath || file.name, file));
}

async function filesOfEntry(entry: FileSystemEntry): Promise<ImageFile[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [imageFile(entry.fullPath.replace(/^\//, ''), file)];
  }
  if (!isFolder(entry)) return [];
  const reader = entry.createReader();
  const files: ImageFile[] = [];
  // A call gives at most 100 entries; an empty answer is the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return files;
    files.push(...(await Promise.all(some.map(filesOfEntry))).flat());
  }
}

function imageFile(path: string, file: File): ImageFile {
  return { path, bytes: async () => new Uint8Array(await file.arrayBuffer()) };
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
