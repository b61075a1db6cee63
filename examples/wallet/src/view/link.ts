// Keeps the address of the page at what it shows, once something was changed.
import type { App } from '../app.ts';
import type { State } from '../state.ts';
import { hashOf } from '../url.ts';

/** Browsers refuse addresses that change too often, milliseconds. */
const REST = 250;

export class Link {
  #written = location.hash;
  #state: State;
  #timer = 0;

  constructor(app: App) {
    this.#state = app.state;
    app.onSettled(() => {
      if (app.state === this.#state) return;
      clearTimeout(this.#timer);
      delete document.documentElement.dataset.link;
      this.#timer = window.setTimeout(() => void this.#write(app.state), REST);
    });
  }

  /** Whether a hash is the one that was written here last. */
  isOwn(hash: string): boolean {
    return hash === this.#written;
  }

  /** Somebody else has changed the address. */
  forget(): void {
    this.#written = location.hash;
    clearTimeout(this.#timer);
  }

  async #write(state: State): Promise<void> {
    const hash = `#${await hashOf(state)}`;
    this.#state = state;
    this.#written = hash;
    history.replaceState(null, '', hash);
    document.documentElement.dataset.link = hash;
  }
}
