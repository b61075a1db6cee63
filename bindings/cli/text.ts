// The report for people: header, totals, counts by status, the riskiest accounts, exposure by market, who is to be liquidated.
import { STATUS } from '../layout.js';
import type { Exposure } from './exposure.js';
import { count, heading, many, money, percent, quantity, seconds, short, signedPercent, wrap } from './format.js';
import type { NextInLine, Report, Risky } from './model.js';
import type { Reach } from './reach.js';
import { reachText } from './reach-text.js';
import { modelledText } from './scenario/text.js';
import { pairs, type RowColour, table } from './table.js';
import { type Terminal, widthOf } from './terminal.js';

/** A speed over fewer units is noise of the clock. */
const TIMED_UNITS = 10_000;
/** Names of what was left out, unless more rows are asked for. */
const FEW_NAMES = 10;

const title = (text: string, colour: boolean): string => `\n${heading(text, colour)}`;

function header({ title: name, time, numeraire, size, seconds: took }: Report): string {
  const facts = [
    many(size.accounts, 'account'),
    `${many(size.units, 'margin unit')}, ${many(size.positions, 'position')}`,
    `${many(size.markets, 'market')}, ${many(size.assets, 'asset')}`,
  ];
  const rate = size.units < TIMED_UNITS ? '' : ` (${short(size.units / Math.max(took.margin, 1e-6))} units/s)`;
  return [
    `${name}${time ? `, ${time}` : ''}, values in ${numeraire}`,
    facts.join('; '),
    `book built in ${seconds(took.build)}, margined in ${seconds(took.margin)}${rate}`,
    '',
  ].join('\n');
}

function house({ totals, numeraire }: Report): string {
  const { equity, collateral, initialMargin, maintenanceMargin, notional, deficit } = totals;
  return pairs([
    ['equity', money(equity), numeraire],
    [
      'collateral',
      money(collateral),
      collateral > 0 ? `maintenance uses ${percent(maintenanceMargin / collateral)}` : '',
    ],
    ['initial margin', money(initialMargin)],
    ['maintenance margin', money(maintenanceMargin)],
    ['notional', money(notional), equity > 0 ? `${(notional / equity).toFixed(2)} x equity` : ''],
    ['deficit', money(deficit), deficit > 0 ? 'negative equity, to be covered' : ''],
  ]);
}

function statuses({ counts, size }: Report): string {
  return pairs(
    STATUS.map((status) => [status, count(counts[status]), percent(counts[status] / Math.max(1, size.accounts), 2)]),
  );
}

/** An isolated position may be lost while its account is not: then the bucket is named. */
export const statusOf = ({ status, bucket }: Risky): string => (bucket === null ? status : `${status} in ${bucket}`);

function riskiest(report: Report, colour: boolean): string {
  const modelled = report.riskiest.some(({ model }) => model !== null);
  const columns = [
    ...['Account', 'Status', ...(modelled ? ['Model'] : [])],
    ...['Equity', 'Collateral', 'Maintenance', 'Ratio', 'Notional', 'Largest position'],
  ];
  const rows = report.riskiest.map((r) => [
    r.id,
    statusOf(r),
    ...(modelled ? [r.model ?? '-'] : []),
    money(r.equity),
    money(r.collateral),
    money(r.maintenanceMargin),
    r.marginRatio === null ? '-' : percent(r.marginRatio),
    money(r.notional),
    r.largest ? `${quantity(r.largest.size)} ${r.largest.market}` : '',
  ]);
  const shade = (i: number): RowColour => {
    const status = report.riskiest[i]?.status;
    return status === 'bankrupt' ? 'red' : status === 'liquidatable' ? 'yellow' : undefined;
  };
  const left = new Set(['Account', 'Status', 'Model', 'Largest position']);
  const isolated = report.riskiest.some((r) => r.bucket !== null);
  const note = isolated
    ? " in n: the isolated bucket that is so; the ratio is the riskiest unit's, the amounts are the whole account's\n"
    : '';
  return (
    table(
      columns.map((name) => ({ title: name, left: left.has(name) })),
      rows,
      colour,
      shade,
    ) + note
  );
}

/** Who is next, as a table: the ratio that is nearest to 100 %, and the price that is nearest to the mark. */
export function nextRows(next: readonly NextInLine[]): { titles: string[]; rows: string[][] } {
  const rows = next.map(({ id, marginRatio, notional, nearest: n }) => [
    id,
    ...(n ? [`${quantity(n.size)} ${n.market}`] : ['']),
    marginRatio === null ? '-' : percent(marginRatio),
    money(notional),
    ...(n ? [quantity(n.mark), quantity(n.price), signedPercent((n.price - n.mark) / n.mark)] : ['-', '-', '-']),
  ]);
  return { titles: ['Account', 'Nearest position', 'Ratio', 'Notional', 'Mark', 'Liquidated at', 'Move'], rows };
}

function nextInLine({ next }: Report, colour: boolean): string {
  const { titles, rows } = nextRows(next);
  return table(
    titles.map((name, i) => ({ title: name, left: i < 2 })),
    rows,
    colour,
  );
}

function exposure(report: Report, top: number, colour: boolean): string {
  const shown = report.exposure.slice(0, top);
  const rest = report.exposure.length - shown.length;
  const untraded = report.size.markets - report.exposure.length;
  const beyond = [
    ...(rest > 0 ? [`and ${many(rest, 'more market')}`] : []),
    ...(untraded > 0 ? [`left out: ${count(untraded)} without positions`] : []),
  ].join('; ');
  const { titles, rows } = exposureRows(shown);
  return (
    table(
      titles.map((name, i) => ({ title: name, left: i < 2 })),
      rows,
      colour,
    ) + (beyond === '' ? '' : ` ${beyond}\n`)
  );
}

/** Exposure as a table. Everything that is long is short with somebody, so the net is shown only where it is not 0. */
export function exposureRows(shown: readonly Exposure[]): { titles: string[]; rows: string[][] } {
  const netOf = (e: Exposure): string => count(e.long - e.short);
  const net = shown.some((e) => netOf(e) !== '0');
  const rows = shown.map((e) => [
    e.market,
    e.kind,
    quantity(e.mark),
    count(e.long),
    count(e.short),
    ...(net ? [netOf(e)] : []),
    count(e.accounts),
  ]);
  return { titles: ['Market', 'Kind', 'Mark', 'Long', 'Short', ...(net ? ['Net'] : []), 'Accounts'], rows };
}

/**
 * The report, in pieces.
 * @param reach - null: too many positions to ask for their prices
 * @param top - rows of each table, ids of the list
 */
export function* reportText(report: Report, reach: Reach | null, top: number, terminal: Terminal): Generator<string> {
  const { colour } = terminal;
  const width = widthOf(terminal.columns);
  yield header(report);
  yield title('House', colour) + house(report);
  yield title('Accounts by status', colour) + statuses(report);
  if (report.riskiest.length > 0) yield title('Riskiest accounts', colour) + riskiest(report, colour);
  if (report.next.length > 0) yield title('Next in line, by margin ratio', colour) + nextInLine(report, colour);
  if (report.modelled.length > 0) {
    const { modelled, modelledUnits, numeraire } = report;
    const rest = modelledUnits > modelled.length ? ', largest requirements first' : '';
    yield title(`Margined by models: ${many(modelledUnits, 'margin unit')}${rest}, ${numeraire}`, colour);
    yield modelledText(modelled, terminal);
  }
  if (report.exposure.length > 0 && top > 0) {
    yield title(`Exposure by market, ${report.numeraire} at the mark`, colour) + exposure(report, top, colour);
  }
  yield* reachText(report, reach, top, terminal);
  const { liquidatable } = report;
  yield title(`To liquidate: ${many(liquidatable.length, 'account')}`, colour);
  if (liquidatable.length > 0 && top > 0) {
    const ids = Array.from(liquidatable.subarray(0, top), report.idOf).join(', ');
    const more = liquidatable.length > top ? ` and ${count(liquidatable.length - top)} more` : '';
    yield `${wrap(ids + more, width, '  ')}\n`;
  }
  if (report.notes.length > 0)
    yield `${title('Notes', colour)}${report.notes.map((n) => `${wrap(n, width, '  ')}\n`).join('')}`;
  for (const { reason, names } of report.leftOut) {
    const few = names.slice(0, Math.max(FEW_NAMES, top));
    const more = names.length > few.length ? ` and ${count(names.length - few.length)} more` : '';
    yield `${title(`Left out: ${reason} (${count(names.length)})`, colour)}${wrap(few.join(', ') + more, width, '  ')}\n`;
  }
}
