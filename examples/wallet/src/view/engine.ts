// The switch between the engines, and the proof that it changes nothing: all numbers of the page on both, bit by bit.
import type { App, View } from '../app.ts';
import { byId, fill, h } from '../dom.ts';
import { numbersOf } from '../measure.ts';
import type { EngineName } from '../state.ts';

export class EngineView implements View {
  readonly #element = byId('engine');
  readonly #said = byId('engine-said');
  #app: App | null = null;

  update(app: App): void {
    this.#app = app;
    if (this.#element.childElementCount === 0) this.#show(app);
    for (const radio of this.#element.querySelectorAll('input')) radio.checked = radio.value === app.engine.name;
    document.documentElement.dataset.engine = app.engine.name;
  }

  #show(app: App): void {
    const { wasm } = app.engines;
    const radio = (name: EngineName, label: string, there: boolean): HTMLElement => {
      const input = h('input', {
        type: 'radio',
        name: 'engine',
        value: name,
        disabled: !there,
        onchange: () => this.#switch(name),
      });
      return h('label', { class: 'radio' }, input, label);
    };
    fill(
      this.#element,
      h('legend', {}, 'Computed by'),
      radio('wasm', 'WebAssembly', wasm !== undefined),
      radio('reference', 'plain TypeScript', true),
    );
    if (wasm) return;
    const forbidden = document.documentElement.dataset.page === 'reference';
    this.#said.textContent = forbidden
      ? 'This page has no WebAssembly, and its policy allows none.'
      : 'This browser has no WebAssembly with SIMD: computed in plain TypeScript, to the same bits.';
  }

  #switch(name: EngineName): void {
    const app = this.#app as App;
    app.look({ ...app.state, engine: name });
    const { wasm, reference } = app.engines;
    if (!wasm) return;
    this.#said.textContent = 'Comparing both engines…';
    // After a paint, as the slower of the two takes a moment.
    setTimeout(() => {
      const [a, b] = [numbersOf(app.on(wasm)), numbersOf(app.on(reference))];
      const differ = [...a].filter(([key, value]) => !Object.is(value, b.get(key)));
      const count = a.size.toLocaleString('en');
      const same = differ.length === 0 && a.size === b.size;
      this.#said.dataset.differ = String(same ? 0 : Math.max(differ.length, 1));
      this.#said.dataset.compared = String(a.size);
      this.#said.textContent = same
        ? `${count} numbers on both engines: the same to the last bit.`
        : `${differ.length} of ${count} numbers differ, ${differ[0]?.[0] ?? 'their count'} first. Please report it.`;
    }, 30);
  }
}
