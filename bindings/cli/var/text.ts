// Value at risk for people: the portfolio, its tail by day, its parts, the methods side by side, the riskiest accounts.
import type { RiskComponent } from '../../var.js';
import { count, heading, many, money, percent, quantity, wrap } from '../format.js';
import { pairs, type RowColour, type TableColumn, table } from '../table.js';
import { type Terminal, widthOf } from '../terminal.js';
import { type AccountRisk, byRisk, type Measured, shareOf } from './measured.js';
import { levelText } from './methods.js';

/** Shortfall over equity from which an account is worth a colour. */
const HALF = 0.5;

export const title = (text: string, colour: boolean): string => `\n${heading(text, colour)}`;
export const MEASURES = { 'value-at-risk': 'value at risk', 'expected-shortfall': 'expected shortfall' } as const;

/** What was measured, in a line. */
export function whatText({ confidence, horizon, method, returns }: Measured): string {
  const [from, to] = [returns.dates[0], returns.dates.at(-1)];
  const days = `${many(returns.dates.length, 'return')} ${from} to ${to}`;
  return `${levelText(confidence)}, ${many(horizon, 'day')}, ${method.label}; ${days}`;
}

export const whoseText = ({ account, accounts }: Measured): string =>
  account === null
    ? accounts.length === 1
      ? `Account ${accounts[0]?.id}`
      : 'All accounts as one portfolio'
    : `Account ${account}`;

/** A part of equity, where there is any. */
const ofEquity = (value: number, equity: number): string => (equity > 0 ? `${percent(value / equity)} of equity` : '');

function summary(measured: Measured): string {
  const { portfolio, equity, confidence, numeraire } = measured;
  const [worst] = portfolio.tail;
  const parametric = measured.method.parametric !== null;
  const { deficit } = measured;
  return pairs([
    ['equity', money(equity), numeraire],
    [`value at risk, ${levelText(confidence)}`, money(portfolio.var), ofEquity(portfolio.var, equity)],
    [`expected shortfall, ${levelText(confidence)}`, money(portfolio.es), ofEquity(portfolio.es, equity)],
    ...(worst && !parametric ? [['worst scenario', money(worst.loss), scenarioText(worst.label)] as const] : []),
    ...(deficit ? [['left unpaid, shortfall', money(deficit.es), deficitText(deficit)] as const] : []),
  ]);
}

/** What accounts may leave unpaid, in words. */
export const deficitText = ({ chance, worst }: NonNullable<Measured['deficit']>): string =>
  chance === 0
    ? 'no margin unit lacks anything in any scenario'
    : `in ${percent(chance)} of scenarios; at worst ${money(worst.deficit)} by ${many(worst.units, 'margin unit')}, ${scenarioText(worst.label)}`;

/** Paths have numbers, days have dates. */
export const scenarioText = (label: string): string => (/^\d+$/.test(label) ? `path ${label}` : label);

const nameOf = ({ market, asset }: RiskComponent): string => market ?? `${asset} balance`;

/** Titles and cells of the parts of the portfolio. */
export function componentTable({ portfolio }: Measured): { columns: TableColumn[]; cells: string[][] } {
  const { components, total } = portfolio;
  const shown = components
    .filter(({ component, size }) => component !== 0 || size !== 0)
    .sort((a, b) => Math.abs(b.component) - Math.abs(a.component));
  const incremental = shown.some((one) => one.incremental !== undefined);
  const titles = ['Holding', 'Size', 'Component', 'Share', 'Per unit', ...(incremental ? ['Without it'] : [])];
  const key = portfolio.measure === 'value-at-risk' ? 'var' : 'es';
  return {
    columns: titles.map((name, i) => ({ title: name, left: i === 0 })),
    cells: shown.map((one) => [
      nameOf(one),
      quantity(one.size),
      money(one.component),
      total === 0 ? '-' : percent(one.component / total),
      quantity(Number(one.marginal.toPrecision(5))),
      ...(incremental ? [money(portfolio[key] - (one.incremental?.[key] ?? 0))] : []),
    ]),
  };
}

/** Titles and cells of the scenarios of the tail. */
export function tailTable({ portfolio }: Measured, most: number): { columns: TableColumn[]; cells: string[][] } {
  return {
    columns: ['Scenario', 'Loss', 'Weight'].map((name, i) => ({ title: name, left: i === 0 })),
    cells: portfolio.tail
      .slice(0, most)
      .map(({ label, loss, weight }) => [scenarioText(label), money(loss), weight === 0 ? '-' : percent(weight, 2)]),
  };
}

export function methodTable({ methods, equity }: Measured): { columns: TableColumn[]; cells: string[][] } {
  return {
    columns: ['Method', 'Value at risk', 'Expected shortfall', 'ES of equity', 'Scenarios'].map((name, i) => ({
      title: name,
      left: i === 0,
    })),
    cells: methods.map(({ label, scenarios, var: risk, es }) => [
      label,
      money(risk),
      money(es),
      equity > 0 ? percent(es / equity) : '-',
      count(scenarios),
    ]),
  };
}

const shareText = (account: AccountRisk): string => (account.equity > 0 ? percent(shareOf(account)) : '-');

export function accountTable(
  accounts: readonly AccountRisk[],
  dated: boolean,
): { columns: TableColumn[]; cells: string[][] } {
  const titles = ['Account', 'Equity', 'Value at risk', 'Expected shortfall', 'ES of equity'];
  return {
    columns: [...titles, ...(dated ? ['Worst scenario'] : [])].map((name, i) => ({
      title: name,
      left: i === 0 || name === 'Worst scenario',
    })),
    cells: accounts.map((one) => [
      one.id,
      money(one.equity),
      money(one.var),
      money(one.es),
      shareText(one),
      ...(dated ? [one.worst ?? ''] : []),
    ]),
  };
}

/** What of the data a reader should know. */
export function notesOf({ returns, portfolio, methods, options }: Measured): string[] {
  const { report } = returns;
  const lent = (report?.coins ?? []).filter(({ proxied }) => proxied > 0);
  const carried = (report?.coins ?? []).filter((coin) => coin.carried > 0);
  return [
    ...(report && report.dropped > 0
      ? [`${many(report.dropped, 'day')} left out, on which a coin had no return: ${lacking(report.coins)}.`]
      : []),
    ...lent.map(({ name, proxied, by }) => `${name}: ${many(proxied, 'return')} of ${by} stand in for its own.`),
    ...carried.map((coin) => `${coin.name}: ${many(coin.carried, 'close')} carried over a gap.`),
    ...(options ? ['Options are revalued at moved prices; their volatilities stay.'] : []),
    ...(portfolio.still.length > 0 ? [`Without a move in any scenario: ${portfolio.still.join(', ')}.`] : []),
    ...methods.flatMap(({ label, flags }) => flags.map((flag) => `${label}: ${flag}.`)),
  ];
}

const lacking = (coins: readonly { name: string; lacking: number }[]): string =>
  coins
    .filter((coin) => coin.lacking > 0)
    .map((coin) => `${coin.name} on ${count(coin.lacking)}`)
    .join(', ');

/** The report, in pieces. @param top - rows of each table */
export function* varText(measured: Measured, top: number, { colour, columns }: Terminal): Generator<string> {
  const { portfolio, methods, accounts, method, numeraire } = measured;
  const width = widthOf(columns);
  yield `${measured.title}${measured.time ? `, ${measured.time}` : ''}, values in ${numeraire}, losses positive\n`;
  yield `${wrap(whatText(measured), width)}\n`;
  yield title(whoseText(measured), colour) + summary(measured);
  if (methods.length > 1) {
    const { columns: titles, cells } = methodTable(measured);
    yield title('By method', colour) + table(titles, cells, colour);
  }
  if (method.parametric === null) {
    const tail = tailTable(measured, top);
    const of = MEASURES[portfolio.measure];
    const more = portfolio.tail.length - tail.cells.length;
    yield title(`Tail of ${count(portfolio.tail.length)}, with weights in the ${of}`, colour);
    yield table(tail.columns, tail.cells, colour) + (more > 0 ? ` and ${count(more)} more\n` : '');
    const parts = componentTable(measured);
    yield title(`What the ${of} is made of`, colour) +
      table(parts.columns, parts.cells.slice(0, top || parts.cells.length), colour);
    if (parts.cells.length > top && top > 0) yield ` and ${count(parts.cells.length - top)} more\n`;
  }
  if (accounts.length > 1 && top > 0) {
    const riskiest = [...accounts].sort(byRisk).slice(0, top);
    const { columns: titles, cells } = accountTable(riskiest, method.parametric === null);
    const shade = (row: number): RowColour => {
      const one = riskiest[row];
      if (one === undefined) return undefined;
      return one.var > one.equity ? 'red' : shareOf(one) > HALF ? 'yellow' : undefined;
    };
    yield title('Accounts, the riskiest first', colour) + table(titles, cells, colour, shade);
    if (accounts.length > riskiest.length) yield ` and ${many(accounts.length - riskiest.length, 'more account')}\n`;
  }
  const notes = notesOf(measured);
  if (notes.length > 0) yield title('Notes', colour) + notes.map((note) => `${wrap(note, width, '  ')}\n`).join('');
}
