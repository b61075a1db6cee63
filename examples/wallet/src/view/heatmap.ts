// Profit by price and volatility, as a table whose cells are coloured: the picture and its numbers are one thing.
import type { App, View } from '../app.ts';
import { byId, choice, figure, fill, h } from '../dom.ts';
import { compact, percent, price as priceText, signed, signedPercent } from '../format.ts';
import { priceOf } from './prices.ts';

/** Depths of colour, both ways. */
const DEPTHS = 6;

export class HeatmapView implements View {
  readonly #element = byId('heatmap');
  readonly #tools = byId('moves-tools');
  readonly #note = byId('heatmap-note');

  update(app: App, structure: boolean): void {
    if (structure || this.#tools.childElementCount === 0) this.#showTools(app);
    this.#element.setAttribute('aria-busy', String(app.pending));
    if (!app.fresh) return;
    const { surface, ill } = app.ahead;
    const { prices, volatilities, profit } = surface;
    if (profit.every((x) => x === 0)) {
      fill(this.#element, h('p', { class: 'empty' }, 'Nothing is held that these prices move.'));
      this.#note.textContent = '';
      return;
    }
    const most = Math.max(...Array.from(profit, Math.abs), 1);
    const driver =
      app.opened.drivers.length === 1
        ? app.opened.drivers[0]
        : app.opened.drivers.find(({ id }) => id === app.state.moves);
    const cell = (p: number, v: number): HTMLElement => {
      const i = v * prices.length + p;
      const gain = profit[i] ?? 0;
      const depth = gain === 0 ? 0 : Math.ceil((DEPTHS * Math.abs(gain)) / most);
      const dead = ill[i] === 1;
      const hidden = dead ? h('span', { class: 'aside' }, ', liquidated') : null;
      const shown = figure(`surface.profit.${i}`, gain, compact(gain));
      const tone = depth === 0 ? 'flat' : gain > 0 ? `gain-${depth}` : `loss-${depth}`;
      const title = `${signed(gain)} at ${signedPercent(prices[p] ?? 0, 0)}, volatility ${signedPercent(volatilities[v] ?? 0, 0)}${dead ? ': liquidated' : ''}`;
      return h('td', { class: dead ? `${tone} dead` : tone, title }, shown, hidden);
    };
    const rows = Array.from(prices, (move, p) => {
      const at = driver ? h('small', {}, priceText(priceOf(app.state, driver) * (1 + move * driver.beta))) : null;
      const head = h('th', { scope: 'row' }, move === 0 ? 'now' : signedPercent(move, 0), at);
      return h(
        'tr',
        { class: move === 0 ? 'here' : undefined },
        head,
        ...Array.from(volatilities, (_, v) => cell(p, v)),
      );
    });
    const heads = Array.from(volatilities, (v) => h('th', { scope: 'col' }, v === 0 ? 'now' : signedPercent(v, 0)));
    const what = app.state.moves === '' ? 'every price by the same share' : `the price of ${app.state.moves}`;
    fill(
      this.#element,
      h(
        'table',
        { class: 'heat' },
        h('caption', { class: 'aside' }, `Profit against now by moves of ${what} (rows) and of volatility (columns)`),
        h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Price'), ...heads)),
        h('tbody', {}, ...rows),
      ),
    );
    const worst = profit.reduce((low, x, i) => (x < (profit[low] ?? 0) ? i : low), 0);
    const [p, v] = [worst % prices.length, Math.floor(worst / prices.length)];
    const dead = ill.reduce((sum, x) => sum + x, 0);
    const options = app.now.explanation.units.some((unit) =>
      unit.positions.some(({ market }) => isOption(app, market)),
    );
    this.#note.textContent =
      (profit[worst] ?? 0) < 0
        ? `Worst: ${signed(profit[worst] ?? 0)} where prices move ${signedPercent(prices[p] ?? 0, 0)} and volatility ${signedPercent(volatilities[v] ?? 0, 0)}. ` +
          (dead > 0
            ? `Liquidated in ${percent(dead / ill.length, 0)} of the points, marked ✕.`
            : 'Liquidated in none of the points.')
        : 'No point of it loses anything.';
    if (!options) this.#note.textContent += ' No option is held, so volatility changes nothing.';
  }

  #showTools(app: App): void {
    const drivers = app.opened.drivers.map(({ id }) => [id, `${id} alone`] as const);
    const moves = choice(
      { id: 'moves', onchange: () => app.look({ ...app.state, moves: moves.value }) },
      [['', 'every price'], ...drivers],
      app.state.moves,
    );
    fill(this.#tools, h('label', {}, 'Moves ', moves));
  }
}

const isOption = (app: App, id: string): boolean => {
  const kind = app.state.venue.markets.find((market) => market.id === id)?.kind;
  return kind === 'call' || kind === 'put';
};
