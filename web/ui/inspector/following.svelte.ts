import type { Attachment } from 'svelte/attachments';

/** Pixels from the end that still count as the end. */
const slackPx = 12;

/**
 * A list that follows its newest rows until someone scrolls up or holds it. While held it shows what
 * it showed then, so that nothing moves under the reader; scrolling back to the end lets go again,
 * unless it was held on purpose.
 */
export class Following<T extends { id: number }> {
  #held = $state.raw<{ rows: T[]; onPurpose: boolean } | null>(null);
  readonly #latest: () => T[];

  constructor(latest: () => T[]) {
    this.#latest = latest;
  }

  get rows(): T[] {
    return this.#held?.rows ?? this.#latest();
  }

  get held(): boolean {
    return this.#held !== null;
  }

  /** Rows that came since it was held. */
  get waiting(): number {
    const last = this.#held?.rows.at(-1)?.id ?? -1;
    return this.#held ? this.#latest().filter((row) => row.id > last).length : 0;
  }

  hold(onPurpose = true): void {
    this.#held = { rows: this.#held?.rows ?? this.#latest(), onPurpose };
  }

  follow(): void {
    this.#held = null;
  }

  /** Keeps the scrolled element at its end while following. */
  readonly scroller: Attachment<HTMLElement> = (element) => {
    // Anchoring would move the list by itself; held rows do not change, so nothing needs it.
    element.style.overflowAnchor = 'none';
    const atEnd = () => element.scrollHeight - element.scrollTop - element.clientHeight <= slackPx;
    let lastTop = 0;
    const toEnd = () => {
      if (this.#held) return;
      // New rows may come between a person's scrolling and its event, which a frame delays.
      if (element.scrollTop < lastTop - slackPx && !atEnd()) {
        this.hold(false);
        return;
      }
      element.scrollTop = element.scrollHeight;
      lastTop = element.scrollTop;
    };
    const scrolled = () => {
      if (!atEnd() && !this.#held) this.hold(false);
      else if (atEnd() && this.#held && !this.#held.onPurpose) this.follow();
    };
    const rows = new MutationObserver(toEnd);
    const size = new ResizeObserver(toEnd);
    toEnd();
    rows.observe(element, { childList: true, subtree: true });
    size.observe(element);
    element.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      rows.disconnect();
      size.disconnect();
      element.removeEventListener('scroll', scrolled);
    };
  };
}
