/** Tells the inner size of an element, now and whenever it changes; for `{@attach}`. */
import type { Attachment } from 'svelte/attachments';

export function sizeOf(tell: (widthPx: number, heightPx: number) => void): Attachment<HTMLElement> {
  return (element) => {
    const sizes = new ResizeObserver(() => tell(element.clientWidth, element.clientHeight));
    sizes.observe(element);
    return () => sizes.disconnect();
  };
}
