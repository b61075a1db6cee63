// The bar: undo, redo, copy the link. Undo has its keys too, but in a text field they are the field's.
import type { App, View } from '../app.ts';
import { byId } from '../dom.ts';
import { hashOf } from '../url.ts';

const SAID = 4_000;

export class Bar implements View {
  readonly #undo = byId<HTMLButtonElement>('undo');
  readonly #redo = byId<HTMLButtonElement>('redo');
  readonly #said = byId('bar-said');
  #timer = 0;

  constructor(app: App) {
    this.#undo.addEventListener('click', () => app.undo());
    this.#redo.addEventListener('click', () => app.redo());
    byId('copy-link').addEventListener('click', () => this.#copy(app));
    document.addEventListener('keydown', (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const { target } = event;
      const text =
        target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type === 'text');
      const key = event.key.toLowerCase();
      if (text || (key !== 'z' && key !== 'y')) return;
      event.preventDefault();
      if (key === 'y' || event.shiftKey) app.redo();
      else app.undo();
    });
  }

  update(app: App): void {
    this.#undo.disabled = !app.canUndo;
    this.#redo.disabled = !app.canRedo;
  }

  async #copy(app: App): Promise<void> {
    const link = new URL(location.href);
    link.hash = await hashOf(app.state);
    try {
      await navigator.clipboard.writeText(link.href);
      this.#say('Link copied. It holds everything you see.');
    } catch {
      history.replaceState(null, '', link.hash);
      this.#say('The browser keeps the clipboard to itself: copy the address of this page, it holds everything.');
    }
  }

  #say(text: string): void {
    this.#said.textContent = text;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.#said.textContent = '';
    }, SAID);
  }
}
