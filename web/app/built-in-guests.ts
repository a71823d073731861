/** The guests that ship with the page: checked and metered when it was built, so that only compiling is left. */
import type { LoadedGuest, ShippedGuest } from '../guest/loaded-guest.ts';
import c from '../guest/modules/irrigation-c.wasm?prepared';
import rust from '../guest/modules/irrigation-rust.wasm?prepared';
import { fetchBytes } from './fetch-bytes.ts';

async function compiled({ url, meteredUrl, guest }: ShippedGuest): Promise<LoadedGuest> {
  const [bytes, metered] = await Promise.all([fetchBytes(url), fetchBytes(meteredUrl)]);
  return { ...guest, bytes, module: await WebAssembly.compile(metered) };
}

export async function loadBuiltInGuests(): Promise<{ c: LoadedGuest; rust: LoadedGuest }> {
  const [fromC, fromRust] = await Promise.all([compiled(c), compiled(rust)]);
  return { c: fromC, rust: fromRust };
}
