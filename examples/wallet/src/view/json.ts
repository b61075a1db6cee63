// The book as text: to look at, to take away, and to paste another into: a book, an account, or what ccxt hands out.
import type { App, View } from '../app.ts';
import { byId, fill, h } from '../dom.ts';
import { type Pasted, PasteProblem, readPaste } from '../paste.ts';
import { refusalText } from '../refusal.ts';
import { accountOf, bookOf } from '../state.ts';

const REST = 250;

export class JsonView implements View {
  readonly #text = byId<HTMLTextAreaElement>('json');
  readonly #problem = byId('json-problem');
  readonly #said = byId('json-said');
  readonly #whole = byId<HTMLInputElement>('json-whole');
  #app: App | null = null;
  /** Of a text that has not been read yet; 0: all of it has. */
  #timer = 0;
  /** Somebody is typing: the text is theirs until it is taken or they leave. */
  #typed = false;

  constructor() {
    this.#text.addEventListener('input', () => {
      this.#typed = true;
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => this.#read(), REST);
    });
    this.#text.addEventListener('blur', () => {
      if (this.#timer !== 0) this.#read();
      if (this.#problem.childElementCount > 0) return;
      this.#typed = false;
      this.#write();
    });
    this.#whole.addEventListener('change', () => {
      this.#typed = false;
      this.#clear();
      this.#write();
    });
    byId('json-copy').addEventListener('click', () => this.#copy());
  }

  update(app: App): void {
    this.#app = app;
    if (!this.#typed) this.#write();
  }

  #write(): void {
    const app = this.#app;
    if (!app) return;
    const text = shown(this.#whole.checked ? bookOf(app.state) : accountOf(app.state));
    if (this.#text.value !== text) this.#text.value = text;
  }

  #read(): void {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const app = this.#app as App;
    const text = this.#text.value;
    let pasted: Pasted;
    try {
      pasted = readPaste(text, app.state);
    } catch (error) {
      if (!(error instanceof PasteProblem)) throw error;
      this.#tell(error);
      return;
    }
    const refused = app.change(pasted.state, 'json');
    if (refused) {
      this.#tell(new PasteProblem(refusalText(refused)));
      return;
    }
    this.#clear();
    fill(
      this.#said,
      `Taken: ${pasted.what}.`,
      ...(pasted.notes ?? []).map((note) => h('span', { class: 'line' }, note)),
    );
  }

  #tell({ message, start, end, mend }: PasteProblem): void {
    this.#said.textContent = '';
    this.#text.setAttribute('aria-invalid', 'true');
    const go = (): void => {
      this.#text.focus();
      this.#text.setSelectionRange(start, end);
      const line = this.#text.value.slice(0, start).split('\n').length;
      this.#text.scrollTop = (line - 4) * Number.parseFloat(getComputedStyle(this.#text).lineHeight);
    };
    const apply = (): void => {
      if (!mend) return;
      this.#text.value = mend.text;
      this.#read();
      this.#text.focus();
    };
    fill(
      this.#problem,
      h('p', {}, message, ' The page still shows the last book that could be read.'),
      h(
        'p',
        { class: 'row' },
        h('button', { type: 'button', onclick: go }, 'Show me where'),
        mend ? h('button', { type: 'button', class: 'mend', onclick: apply }, mend.label) : null,
        h('button', { type: 'button', class: 'quiet', onclick: () => this.#back() }, 'Put the old text back'),
      ),
    );
  }

  #back(): void {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#typed = false;
    this.#clear();
    this.#write();
    this.#text.focus();
  }

  #clear(): void {
    this.#text.removeAttribute('aria-invalid');
    this.#problem.replaceChildren();
    this.#said.textContent = '';
  }

  /** The book at the prices of now: put into the kernel anywhere, it gives the numbers of this page. */
  async #copy(): Promise<void> {
    const app = this.#app as App;
    const text = JSON.stringify(app.opened.book.toJSON(), null, 2);
    try {
      await navigator.clipboard.writeText(text);
      this.#said.textContent = 'Copied: the whole book at the prices of now.';
    } catch {
      this.#text.value = text;
      this.#text.select();
      this.#said.textContent = 'The browser keeps the clipboard to itself: the text stands in the field, selected.';
    }
  }
}

/** JSON with short lists on one line each. */
function shown(value: unknown): string {
  const flat = (x: unknown): string => JSON.stringify(x, null, 1).replace(/\n\s*/g, ' ');
  const write = (x: unknown, indent: string): string => {
    if (typeof x !== 'object' || x === null) return JSON.stringify(x);
    const short = flat(x);
    if (short.length + indent.length < 100) return short;
    const more = `${indent}  `;
    const lines = Array.isArray(x)
      ? x.map((part) => `${more}${write(part, more)}`)
      : Object.entries(x)
          .filter(([, part]) => part !== undefined)
          .map(([key, part]) => `${more}${JSON.stringify(key)}: ${write(part, more)}`);
    const [open, close] = Array.isArray(x) ? ['[', ']'] : ['{', '}'];
    return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
  };
  return write(value, '');
}
