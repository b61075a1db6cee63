// A slider for each price, with the price itself to type, and how far it is from where the book has it.
import type { App, View } from '../app.ts';
import { byId, fill, h } from '../dom.ts';
import { type Driver, heldOf } from '../drivers.ts';
import { price as priceText, signedPercent } from '../format.ts';
import { readGrouped, whyNot } from '../number.ts';
import { accountOf, type State } from '../state.ts';

/** A slider reaches this far both ways, in thousandths. */
const REACH = 500;
/** Of more prices than these only what is held is shown at first. */
const MOST = 12;

/** The price now. */
export const priceOf = (state: State, driver: Driver): number => state.prices[driver.id] ?? driver.start;

/** The state with a price put somewhere; on its start it is not moved at all. */
export function withPrice(state: State, driver: Driver, price: number): State {
  const { [driver.id]: _, ...prices } = state.prices;
  const kept = Math.min(price, driver.most);
  if (kept !== driver.start) prices[driver.id] = kept;
  return { ...state, prices };
}

/** A price on the tick; without one on a thousandth of where it started. */
export function rounded(driver: Driver, price: number): number {
  const step = driver.tick > 0 ? driver.tick : 0;
  if (step === 0) return Number(price.toPrecision(6));
  // Ticks as they are written: 3 ticks of 0.1 are 0.3.
  return Number((Math.round(price / step) * step).toFixed(decimals(step)));
}

/** Digits behind the point as a number is written: of 1e-7 they are 7. */
function decimals(step: number): number {
  const [digits = '', exponent = '0'] = String(step).split('e');
  return Math.max((digits.split('.')[1] ?? '').length - Number(exponent), 0);
}

interface Row {
  driver: Driver;
  slider: HTMLInputElement;
  field: HTMLInputElement;
  moved: HTMLElement;
  problem: HTMLElement;
}

export class PricesView implements View {
  readonly #list = byId('prices');
  readonly #reset = byId<HTMLButtonElement>('reset-prices');
  #rows: Row[] = [];
  #app: App | null = null;
  #all = false;

  constructor() {
    this.#reset.addEventListener('click', () => {
      if (this.#app) this.#app.change({ ...this.#app.state, prices: {} });
    });
  }

  update(app: App, structure: boolean): void {
    this.#app = app;
    const every = app.opened.drivers;
    const held = every.length > MOST && !this.#all ? heldOf(every, accountOf(app.state)) : every;
    const drivers = held.length > 0 ? held : every.slice(0, MOST);
    if (
      structure ||
      this.#rows.length !== drivers.length ||
      this.#rows.some(({ driver }, i) => driver.id !== drivers[i]?.id)
    ) {
      this.#rows = drivers.map((driver, i) => this.#row(app, driver, i));
      fill(this.#list, ...this.#rows.map((row) => this.#element(row)));
      const more = every.length - drivers.length;
      if (more > 0) this.#list.append(this.#moreButton(app, more));
      if (drivers.length === 0)
        fill(this.#list, h('p', { class: 'empty' }, 'Nothing in this book has a price that moves.'));
    }
    this.#reset.disabled = Object.keys(app.state.prices).length === 0;
    for (const [i, row] of this.#rows.entries()) {
      row.driver = drivers[i] as Driver;
      const price = priceOf(app.state, row.driver);
      const move = price / row.driver.start - 1;
      if (document.activeElement !== row.field) {
        row.field.value = String(price);
        row.problem.textContent = '';
        row.field.removeAttribute('aria-invalid');
      }
      row.slider.value = String(Math.round(1000 * move));
      row.slider.dataset.price = String(price);
      const told = move === 0 ? 'as in the book' : signedPercent(move);
      row.slider.setAttribute('aria-valuetext', `${priceText(price)}, ${told}`);
      row.moved.textContent = told;
      row.moved.className = move > 0 ? 'moved gain' : move < 0 ? 'moved loss' : 'moved soft';
    }
  }

  #moreButton(app: App, more: number): HTMLElement {
    const show = (): void => {
      this.#all = true;
      this.update(app, true);
    };
    return h('button', { type: 'button', onclick: show }, `Show ${more} more prices`);
  }

  #row(app: App, driver: Driver, i: number): Row {
    const id = `price-${i}`;
    const slide = (): void => {
      const { driver: at } = this.#rows[i] as Row;
      const move = Number(slider.value) / 1000;
      const price = move === 0 ? at.start : rounded(at, at.start * (1 + move));
      app.change(withPrice(app.state, at, price), `price ${at.id}`, false);
    };
    const type = (): void => {
      const { driver: at, problem } = this.#rows[i] as Row;
      const typed = readGrouped(field.value);
      const price = typeof typed === 'number' ? typed : Number.NaN;
      const good = price > 0 && price <= Math.min(at.most, 1e30);
      field.toggleAttribute('aria-invalid', !good);
      if (!good) field.setAttribute('aria-invalid', 'true');
      const wanted = at.most < 1 ? 'A price between 0 and 1.' : 'A price is a number above 0.';
      problem.textContent = good ? '' : typeof typed === 'number' ? wanted : whyNot(typed);
      if (good) app.change(withPrice(app.state, at, price), `price ${at.id}`, false);
    };
    const slider = h('input', {
      type: 'range',
      min: -REACH,
      max: REACH,
      step: 1,
      'aria-label': `Price of ${driver.lead}`,
      'data-driver': driver.id,
      oninput: slide,
    });
    const field = h('input', {
      id,
      type: 'text',
      inputmode: 'decimal',
      autocomplete: 'off',
      'data-price-of': driver.id,
      'aria-describedby': `${id}-problem`,
      oninput: type,
      onblur: () => this.update(app, false),
    });
    return {
      driver,
      slider,
      field,
      moved: h('span', {}),
      problem: h('span', { id: `${id}-problem`, class: 'problem', role: 'alert' }),
    };
  }

  #element({ driver, slider, field, moved, problem }: Row): HTMLElement {
    const others = driver.markets.length + driver.options.length - 1;
    const more = others > 0 ? h('span', { class: 'soft' }, ` and ${others} more on ${driver.id}`) : null;
    const label = h('label', { for: field.id }, driver.lead, more);
    return h('div', { class: 'price' }, label, h('span', { class: 'price-now' }, field, moved), slider, problem);
  }
}
