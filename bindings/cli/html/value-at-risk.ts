// Value at risk as one page that needs nothing but itself: tiles, the profits of all scenarios with the measures on them, the parts,
// the tail, the accounts, and the backtests where they were asked for.
import { axisX, axisY, barX, gridY, rectY, ruleX, ruleY, text } from '@observablehq/plot';
import type { RollingBacktest } from '../../statistics.js';
import { count, many, money, percent, short } from '../format.js';
import { type AccountRisk, byRisk, type Measured, shareOf } from '../var/measured.js';
import { levelText } from '../var/methods.js';
import {
  accountTable,
  componentTable,
  deficitText,
  MEASURES,
  methodTable,
  notesOf,
  tailTable,
  whatText,
  whoseText,
} from '../var/text.js';
import { backtestCards } from './backtest.js';
import type { Chart, Width } from './draw.js';
import { card, head, legend, markup, TAIL, tableFrom, tile } from './parts.js';

const MOST_LISTED = 200;
const MOST_BARS = 20;
const BINS = 60;

function tiles(measured: Measured): string {
  const { portfolio, equity, numeraire, confidence, accounts, deficit } = measured;
  const share = (value: number): string => (equity > 0 ? `${percent(value / equity)} of equity` : '');
  const level = levelText(confidence);
  const over = accounts.filter((one) => one.var > one.equity).length;
  return `<div class="tiles">
${tile(`Value at risk, ${level}`, short(portfolio.var), share(portfolio.var), portfolio.var > equity)}
${tile(`Expected shortfall, ${level}`, short(portfolio.es), share(portfolio.es), portfolio.es > equity)}
${tile(`Equity (${numeraire})`, short(equity), many(accounts.length, 'account'))}
${tile('Scenarios', count(measured.methods[0]?.scenarios ?? 0), measured.method.label)}
${deficit ? tile('Left unpaid, shortfall', short(deficit.es), deficitText(deficit), deficit.es > 0) : ''}
${accounts.length > 1 ? tile('Value at risk above equity', many(over, 'account'), '', over > 0) : ''}
</div>`;
}

interface Bin {
  from: number;
  to: number;
  count: number;
  lost: boolean;
}

/** Profits in bins of equal width, cut where value at risk is. */
function binsOf(profits: Float64Array, cut: number): Bin[] {
  let [low, high] = [profits[0] as number, profits[0] as number];
  for (const profit of profits) {
    if (profit < low) low = profit;
    if (profit > high) high = profit;
  }
  if (!(high > low)) return [];
  const width = (high - low) / BINS;
  // Bins are counted from the cut, so that none of them lies on both sides.
  const first = Math.floor((low - cut) / width);
  const bins = Array.from({ length: Math.floor((high - cut) / width) - first + 1 }, (_, i): Bin => {
    const from = cut + (first + i) * width;
    return { from, to: from + width, count: 0, lost: from + width / 2 < cut };
  });
  for (const profit of profits) {
    const bin = bins[Math.min(bins.length - 1, Math.max(0, Math.floor((profit - cut) / width) - first))] as Bin;
    bin.count += 1;
  }
  return bins;
}

/** A vertical line with its name. */
interface Line {
  at: number;
  name: string;
}

function histogram({ portfolio, numeraire, confidence, horizon, method }: Measured): Chart | null {
  const profits = portfolio.profits ?? new Float64Array(0);
  const bins = profits.length === 0 ? [] : binsOf(profits, 0 - portfolio.var);
  if (bins.length === 0) return null;
  const most = Math.max(...bins.map((bin) => bin.count));
  const lines: Line[] = [
    { at: 0 - portfolio.var, name: `value at risk ${short(portfolio.var)}` },
    { at: 0 - portfolio.es, name: `shortfall ${short(portfolio.es)}` },
  ];
  const beyond = profits.reduce((sum, profit) => sum + (profit < 0 - portfolio.var ? 1 : 0), 0);
  return {
    id: 'profits',
    title: `Profit and loss over ${many(horizon, 'day')} in ${many(profits.length, 'scenario')} (${numeraire})`,
    description: `What the portfolio gains or loses in each scenario (${method.label}). Below the value at risk at ${levelText(confidence)} are ${count(beyond)}; the expected shortfall is the mean of the tail. Heights are square roots, so that few can be seen beside many.`,
    draw: ({ narrow }: Width) => ({
      height: narrow ? 260 : 320,
      marginLeft: narrow ? 40 : 56,
      marginRight: narrow ? 14 : 24,
      marginBottom: 42,
      marginTop: 34,
      x: { label: null },
      y: { type: 'sqrt' as const, label: null, domain: [0, most * 1.25] },
      color: { type: 'identity' as const },
      marks: [
        gridY({ ticks: narrow ? 4 : 6 }),
        axisY({ ticks: narrow ? 4 : 6, label: '↑ scenarios' }),
        axisX({
          ticks: narrow ? 4 : 9,
          label: `profit (${numeraire}) →`,
          tickFormat: (v: number) => short(v).replace('-', '−'),
        }),
        rectY(bins, {
          x1: 'from',
          x2: 'to',
          y: 'count',
          fill: (bin: Bin) => (bin.lost ? 'var(--liquidatable)' : 'var(--layer-0)'),
          insetLeft: 0.5,
          insetRight: 0.5,
        }),
        ruleY([0], { stroke: 'currentColor' }),
        ruleX([0], { stroke: 'currentColor', strokeDasharray: '2 3', strokeOpacity: 0.7 }),
        ruleX(lines, { x: 'at', stroke: 'currentColor', strokeWidth: 1.5, strokeDasharray: '5 4' }),
        ...lines.map((line, i) =>
          text([line], {
            x: 'at',
            y: () => most * 1.25,
            text: ({ name }: Line) => (narrow ? (name.split(' ')[0] ?? '') : name),
            textAnchor: i === 0 ? ('start' as const) : ('end' as const),
            dx: i === 0 ? 6 : -6,
            dy: 8,
            fill: 'currentColor',
            fontWeight: 600,
            stroke: 'var(--plot-background)',
            strokeWidth: 4,
          }),
        ),
      ],
    }),
  };
}

interface Part {
  name: string;
  component: number;
}

function componentBars({ portfolio, numeraire }: Measured): Chart | null {
  const parts = portfolio.components
    .filter(({ component }) => component !== 0)
    .map(({ market, asset, component }): Part => ({ name: market ?? `${asset} balance`, component }))
    .sort((a, b) => b.component - a.component);
  if (parts.length === 0) return null;
  const shown = parts.length <= MOST_BARS ? parts : [...parts.slice(0, MOST_BARS / 2), ...parts.slice(-MOST_BARS / 2)];
  const longest = Math.max(...shown.map(({ name }) => name.length));
  const ends = shown.map(({ component }) => component);
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const room = 0.14 * (high - low);
  const of = MEASURES[portfolio.measure];
  return {
    id: 'components',
    title: `What the ${of} is made of (${numeraire})`,
    description: `Weighted losses of each holding in the scenarios of the tail; their sum is the ${of}. Those to the left hedge the others.${parts.length > shown.length ? ` The ${count(shown.length)} largest of ${count(parts.length)}.` : ''}`,
    draw: ({ narrow }: Width) => ({
      height: 48 + shown.length * 24,
      marginLeft: Math.min(narrow ? 110 : 220, 24 + longest * 7),
      marginRight: 24,
      marginBottom: 36,
      x: { domain: [low - (low < 0 ? room : 0), high + (high > 0 ? room : 0)], label: null },
      y: { domain: shown.map(({ name }) => name), label: null, tickSize: 0 },
      color: { type: 'identity' as const },
      marks: [
        axisX({ ticks: narrow ? 3 : 7, label: null, tickFormat: (v: number) => short(v).replace('-', '−') }),
        barX(shown, {
          x: 'component',
          y: 'name',
          fill: ({ component }: Part) => (component > 0 ? 'var(--loss)' : 'var(--gain)'),
          insetTop: 3,
          insetBottom: 3,
        }),
        ruleX([0], { stroke: 'currentColor' }),
        ...[1, -1].map((sign) =>
          text(
            shown.filter(({ component }) => component * sign > 0),
            {
              x: 'component',
              y: 'name',
              text: ({ component }: Part) => short(component).replace('-', '−'),
              textAnchor: sign > 0 ? ('start' as const) : ('end' as const),
              dx: 6 * sign,
              fill: 'currentColor',
            },
          ),
        ),
      ],
    }),
  };
}

interface Dot {
  name: string;
  share: number;
  over: boolean;
}

function accountBars({ accounts }: Measured): Chart | null {
  const shown = [...accounts]
    .filter(({ equity }) => equity > 0)
    .sort(byRisk)
    .slice(0, MOST_BARS)
    .map((one: AccountRisk): Dot => ({ name: one.id, share: Math.min(2, shareOf(one)), over: one.var > one.equity }));
  if (accounts.length < 2 || shown.length === 0) return null;
  const longest = Math.max(...shown.map(({ name }) => name.length));
  return {
    id: 'accounts-bars',
    title: 'Expected shortfall over equity, the riskiest accounts',
    description: `Of ${many(accounts.length, 'account')} those with the largest share; ${percent(2, 0)} stands for all beyond. Accounts without equity are in the table.`,
    draw: ({ narrow }: Width) => ({
      height: 48 + shown.length * 22,
      marginLeft: Math.min(narrow ? 110 : 220, 24 + longest * 7),
      marginRight: 56,
      x: {
        domain: [0, Math.max(1, ...shown.map(({ share }) => share))],
        label: null,
        tickFormat: (v: number) => percent(v, 0),
        ticks: narrow ? 3 : 6,
        grid: true,
      },
      y: { domain: shown.map(({ name }) => name), label: null, tickSize: 0 },
      color: { type: 'identity' as const },
      marks: [
        barX(shown, {
          x: 'share',
          y: 'name',
          fill: ({ over }: Dot) => (over ? 'var(--liquidatable)' : 'var(--layer-0)'),
          insetTop: 3,
          insetBottom: 3,
        }),
        ruleX([0], { stroke: 'currentColor' }),
        text(shown, {
          x: 'share',
          y: 'name',
          text: ({ share }: Dot) => percent(share),
          textAnchor: 'start' as const,
          dx: 6,
          fill: 'currentColor',
        }),
      ],
    }),
  };
}

const section = (id: string, title: string, body: string): string =>
  `<section class="card" aria-labelledby="${id}"><h2 id="${id}">${markup(title)}</h2>\n${body}</section>\n`;

/** The page, in pieces. */
export function* varPage(measured: Measured, backtests: ReadonlyMap<string, RollingBacktest>): Generator<string> {
  const { accounts, methods, portfolio, numeraire, method } = measured;
  yield head(`Value at risk: ${measured.title}`, [
    ...(measured.time ? [measured.time] : []),
    whoseText(measured),
    whatText(measured),
    `values in ${numeraire}, losses positive`,
  ]);
  yield `${tiles(measured)}\n`;
  const colours = legend([
    ['liquidatable', 'beyond the value at risk'],
    ['layer-0', 'within it'],
  ]);
  yield card(histogram(measured), colours);
  if (methods.length > 1) {
    const table = methodTable(measured);
    // Long names turn lines: on a telephone figures would be out of sight.
    const named = table.cells.map(([name = '', ...rest]) => [
      `<span class="wrap">${markup(name)}</span>`,
      ...rest.map(markup),
    ]);
    yield section('methods', 'By method', tableFrom('Measures by method', table, named));
  }
  if (method.parametric === null) {
    yield card(componentBars(measured), tableFrom('Parts of the measure', componentTable(measured)));
    const tail = tailTable(measured, MOST_LISTED);
    const first = tail.cells.length < portfolio.tail.length ? `The first ${count(tail.cells.length)} of ` : '';
    yield section(
      'tail',
      'The tail',
      `<p class="soft">${first}${many(portfolio.tail.length, 'scenario')}, the worst first; the weight is that in the ${MEASURES[portfolio.measure]}.</p>\n${tableFrom('Scenarios of the tail', tail)}`,
    );
  }
  if (accounts.length > 1) {
    yield card(accountBars(measured));
    const riskiest = [...accounts].sort(byRisk).slice(0, MOST_LISTED);
    const first = riskiest.length < accounts.length ? `The first ${count(riskiest.length)} of ` : '';
    yield section(
      'accounts',
      'Accounts, the riskiest first',
      `<p class="soft">${first}${many(accounts.length, 'account')}.</p>\n${tableFrom('Accounts', accountTable(riskiest, method.parametric === null))}`,
    );
  }
  for (const [name, test] of backtests) yield* backtestCards(test, { title: name, unit: numeraire });
  const notes = notesOf(measured);
  if (notes.length > 0)
    yield section('notes', 'Notes', `<ul>${notes.map((note) => `<li>${markup(note)}</li>`).join('')}</ul>`);
  yield `<footer><p>Equity ${money(measured.equity)} ${markup(numeraire)}; measured by margin-kernel.</p></footer>`;
  yield TAIL;
}
