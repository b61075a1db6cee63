// Health: bars of collateral against what maintenance and opening ask for, and the same over the price, by which it can be dragged.
import type { AccountMargin } from 'margin-kernel/reference/var';
import type { App, View } from '../app.ts';
import { byId, choice, figure, fill, h, svg, table } from '../dom.ts';
import { money, percent, price as priceText } from '../format.ts';
import { focusOf } from '../measure.ts';
import { Chart } from './chart.ts';
import { STATUS_WORDS, unitName } from './names.ts';
import { priceOf, rounded, withPrice } from './prices.ts';

type Unit = AccountMargin['units'][number];

export class HealthView implements View {
  readonly #bars = byId('bars');
  readonly #tools = byId('health-tools');
  readonly #table = byId('health-table');
  readonly #chart: Chart;
  #app: App | null = null;
  #bucket = 0;
  #shape = '';

  constructor() {
    this.#chart = new Chart((x) => this.#drag(x));
    byId('health-chart').append(this.#chart.element);
  }

  update(app: App, structure: boolean): void {
    this.#app = app;
    const { units } = app.now.margin;
    const most = Math.max(
      ...units.map((unit) => Math.max(unit.collateral, unit.initialMargin, unit.maintenanceMargin)),
      1,
    );
    fill(this.#bars, ...units.map((unit, i) => barOf(unit, i, most, decidesIn(app, i))));
    if (!units.some(({ bucket }) => bucket === this.#bucket)) this.#bucket = 0;
    // A row may have opened or closed a margin of its own.
    const shape = units.map(({ bucket }) => bucket).join(' ');
    if (structure || shape !== this.#shape) this.#showTools(app);
    this.#shape = shape;
    this.#showChart(app, app.fresh);
  }

  #showTools(app: App): void {
    const drivers = app.opened.drivers.map(({ id, lead }) => [id, lead] as const);
    const units = app.now.margin.units.map(({ bucket }) => [String(bucket), unitName(bucket)] as const);
    const over = choice(
      {
        'aria-label': 'Price on the chart',
        id: 'focus',
        onchange: () => app.look({ ...app.state, focus: over.value }),
      },
      drivers,
      focusOf(app.opened.drivers, app.state)?.id ?? '',
    );
    const of = choice(
      {
        'aria-label': 'Margin on the chart',
        onchange: () => {
          this.#bucket = Number(of.value);
          this.#showChart(app, true);
        },
      },
      units,
      String(this.#bucket),
    );
    fill(
      this.#tools,
      drivers.length > 0 && h('label', {}, 'over ', over),
      units.length > 1 && h('label', {}, 'of ', of),
    );
  }

  /** @param numbers - whether its table is to be written anew */
  #showChart(app: App, numbers: boolean): void {
    const { health, exits } = app.ahead;
    const driver = app.opened.drivers.find(({ id }) => id === health.driver);
    const curve = health.units.find(({ bucket }) => bucket === this.#bucket) ?? health.units[0];
    const flat = curve?.collateral.every((x) => x === 0) && curve.initial.every((x) => x === 0);
    byId('health-over').hidden = !driver || !curve || flat === true;
    if (!driver || !curve || flat) return;
    const exit = exits.find((e) => e.bucket === this.#bucket && e.driver === driver.id);
    // Prices of an option's coin are put on the axis of the lead.
    const onLead = (price: number): number => (exit ? (price * priceOf(app.state, driver)) / exit.mark : price);
    const { prices } = health;
    const [first, last] = [prices[0] ?? 0, prices.at(-1) ?? 0];
    const bands = [];
    if (exit?.down) bands.push({ from: first, to: onLead(exit.down), colour: '--loss' });
    if (exit?.up) bands.push({ from: onLead(exit.up), to: last, colour: '--loss' });
    const at = priceOf(app.state, driver);
    const marks = [
      ...(exit?.down ? [{ at: onLead(exit.down), label: `≤ ${priceText(exit.down)}`, colour: '--loss' }] : []),
      ...(exit?.up ? [{ at: onLead(exit.up), label: `≥ ${priceText(exit.up)}`, colour: '--loss' }] : []),
      { at, label: `now ${priceText(at)}`, colour: '--accent' },
    ];
    const name = unitName(this.#bucket);
    this.#chart.show({
      x: prices,
      series: [
        { label: 'Collateral', colour: '--accent', values: curve.collateral, width: 2.5 },
        { label: 'Maintenance', colour: '--loss', values: curve.maintenance },
        { label: 'Initial', colour: '--warn', values: curve.initial, dash: [6, 4] },
      ],
      marks,
      bands,
      told: `${name}: collateral and requirements over the price of ${driver.lead}, ${priceText(first)} to ${priceText(last)}. The slider of ${driver.lead} moves the price; the table below has the numbers.`,
    });
    if (!numbers) return;
    const rows = Array.from(prices, (_, i) => i).filter((i) => i % 16 === 0);
    fill(
      this.#table,
      table(
        `${name} over the price of ${driver.lead}`,
        [driver.lead, 'Collateral', 'Maintenance', 'Initial', 'Health'],
        rows.map((i) => {
          const [c, m, n] = [curve.collateral[i] ?? 0, curve.maintenance[i] ?? 0, curve.initial[i] ?? 0];
          return h(
            'tr',
            {},
            h('th', { scope: 'row' }, priceText(prices[i] ?? 0)),
            h('td', {}, money(c)),
            h('td', {}, money(m)),
            h('td', {}, money(n)),
            h('td', { class: c < m ? 'loss' : '' }, money(c - m)),
          );
        }),
        'numbers',
      ),
    );
  }

  #drag(x: number): void {
    const app = this.#app;
    const driver = app?.opened.drivers.find(({ id }) => id === app.ahead.health.driver);
    if (!app || !driver) return;
    app.change(
      withPrice(app.state, driver, Math.max(rounded(driver, x), driver.start / 1000)),
      `price ${driver.id}`,
      false,
    );
  }
}

/** What decides a requirement that a model makes. */
function decidesIn(app: App, i: number): string {
  const scenarios = app.now.explanation.units[i]?.scenarios;
  if (!scenarios || scenarios.deciding.length === 0) return '';
  return scenarios.deciding
    .map(({ index, underlying }) => {
      const model = app.state.venue.models?.find(({ id }) => id === scenarios.model.id);
      const row = model?.scenarios?.[index];
      const range =
        row?.range === undefined
          ? 1
          : Number(model?.parameters?.[underlying ?? '']?.[row.range] ?? model?.parameters?.['*']?.[row.range] ?? 1);
      const move = Number(row?.price ?? 0) * range;
      const vol = row?.volatility ? `, volatility ${row.volatility}` : '';
      const what = row?.id ? `${row.id} of ` : '';
      return `${what}${underlying ?? 'all'} ${move > 0 ? '+' : ''}${percent(move, 0)}${vol}`;
    })
    .join('; ');
}

function barOf(unit: Unit, i: number, most: number, decides: string): HTMLElement {
  const { bucket, status, collateral, maintenanceMargin, initialMargin, health, marginRatio } = unit;
  const name = unitName(bucket);
  const used = marginRatio === null ? 'no collateral' : `${percent(marginRatio)} used`;
  const told = `${name}: collateral ${money(collateral)}, maintenance ${money(maintenanceMargin)}, initial ${money(initialMargin)}`;
  const x = (value: number): number => (100 * Math.max(value, 0)) / (most * 1.04);
  const bars = svg(
    'svg',
    { viewBox: '0 0 100 18', preserveAspectRatio: 'none', role: 'img', 'aria-label': told, class: 'bar' },
    svg('rect', { class: 'track', x: 0, y: 0, width: 100, height: 18 }),
    svg('rect', { class: `fill ${status}`, x: 0, y: 0, width: x(collateral), height: 18 }),
    svg('rect', { class: 'need', x: 0, y: 5, width: x(maintenanceMargin), height: 8 }),
    svg('rect', {
      class: 'open',
      x: Math.max(x(initialMargin) - 0.4, 0),
      y: 0,
      width: initialMargin > 0 ? 0.8 : 0,
      height: 18,
    }),
  );
  const at = `margin.units.${i}`;
  const item = (label: string, value: HTMLElement, className: string): HTMLElement =>
    h('div', { class: className }, h('dt', {}, label), h('dd', {}, value));
  return h(
    'article',
    { class: 'unit', 'aria-label': name },
    h(
      'h3',
      {},
      name,
      h('span', { class: `chip ${status}`, 'data-unit-status': bucket }, STATUS_WORDS[status]),
      h('span', { class: 'soft' }, used),
    ),
    bars,
    h(
      'dl',
      { class: 'legend' },
      item('Collateral', figure(`${at}.collateral`, collateral, money(collateral)), `key-fill ${status}`),
      item('Maintenance', figure(`${at}.maintenanceMargin`, maintenanceMargin, money(maintenanceMargin)), 'key-need'),
      item('Initial', figure(`${at}.initialMargin`, initialMargin, money(initialMargin)), 'key-open'),
      item(
        health.maintenance < 0 ? 'Lacks' : 'Cushion',
        figure(
          `${at}.health.maintenance`,
          health.maintenance,
          money(Math.abs(health.maintenance)),
          health.maintenance < 0 ? 'loss' : '',
        ),
        '',
      ),
    ),
    decides !== '' && h('p', { class: 'note' }, `Decided by ${decides}.`),
  );
}
