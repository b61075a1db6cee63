// Profit over the price, now and at each expiry that is held.
import type { App, View } from '../app.ts';
import { byId, fill, h, table } from '../dom.ts';
import { compact, price as priceText, signed, signedPercent } from '../format.ts';
import { Chart } from './chart.ts';
import { priceOf } from './prices.ts';

const COLOURS = ['--accent', '--warn', '--violet', '--soft'];

export class CurveView implements View {
  readonly #chart = new Chart();
  readonly #table = byId('curve-table');

  constructor() {
    byId('curve-chart').append(this.#chart.element);
  }

  update(app: App): void {
    if (!app.fresh) return;
    const { curve } = app.ahead;
    const { moves } = app.state;
    const flat = curve.curves.every(({ profit }) => profit.every((x) => x === 0));
    byId('curve-over').hidden = flat;
    byId('curve-empty').hidden = !flat;
    if (flat) return;
    const driver =
      app.opened.drivers.length === 1 ? app.opened.drivers[0] : app.opened.drivers.find(({ id }) => id === moves);
    const at = driver ? priceOf(app.state, driver) : 100;
    const x = Float64Array.from(curve.prices, (move) => at * (1 + move * (driver?.beta ?? 1)));
    const shown = curve.curves.slice(0, COLOURS.length);
    const name = (days: number): string => (days === 0 ? 'Now' : `In ${Math.round(days)} days`);
    const axis = driver ? driver.lead : 'all prices, now 100';
    byId('curve-axis').textContent = axis;
    this.#chart.show({
      x,
      series: shown.map(({ days, profit }, i) => ({
        label: name(days),
        colour: COLOURS[i] ?? '--soft',
        values: profit,
        ...(i === 0 ? { width: 2.5 } : { dash: [6, 4] }),
      })),
      marks: [{ at, label: `now ${priceText(at)}`, colour: '--accent' }],
      bands: [],
      told: `Profit over ${axis}: ${shown.map(({ days, profit }) => `${name(days)} from ${compact(profit[0] ?? 0)} to ${compact(profit.at(-1) ?? 0)}`).join(', ')}. The table below has the numbers.`,
    });
    const rows = Array.from(curve.prices, (_, i) => i).filter((i) => i % 16 === 0);
    fill(
      this.#table,
      table(
        `Profit over ${axis}`,
        ['Move', ...shown.map(({ days }) => name(days))],
        rows.map((i) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, signedPercent(curve.prices[i] ?? 0)),
            ...shown.map(({ profit }) =>
              h('td', { class: (profit[i] ?? 0) < 0 ? 'loss' : '' }, signed(profit[i] ?? 0)),
            ),
          ),
        ),
        'numbers',
      ),
    );
  }
}
