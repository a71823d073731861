/** Offers a blob to the user as a file. */
export function saveBlob(fileName: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // A large blob may not have been taken over yet when the click returns.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
