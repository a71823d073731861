/** The colour scheme in force, and what the user wants it to be. */
import { MediaQuery } from 'svelte/reactivity';

export type SchemeWish = 'system' | 'light' | 'dark';

const KEY = 'continuum-scheme';

class Scheme {
  readonly #systemDark = new MediaQuery('(prefers-color-scheme: dark)');
  #wish = $state<SchemeWish>(remembered());

  constructor() {
    this.#show();
  }

  get wish(): SchemeWish {
    return this.#wish;
  }

  set wish(wish: SchemeWish) {
    this.#wish = wish;
    this.#show();
    try {
      localStorage.setItem(KEY, wish);
    } catch {
      // A browser that keeps nothing forgets the choice; it still holds for this visit.
    }
  }

  get now(): 'light' | 'dark' {
    if (this.#wish !== 'system') return this.#wish;
    return this.#systemDark.current ? 'dark' : 'light';
  }

  #show(): void {
    if (this.#wish === 'system') delete document.documentElement.dataset.scheme;
    else document.documentElement.dataset.scheme = this.#wish;
  }
}

function remembered(): SchemeWish {
  try {
    const wish = localStorage.getItem(KEY);
    return wish === 'light' || wish === 'dark' ? wish : 'system';
  } catch {
    return 'system';
  }
}

export const schemeWish = new Scheme();
