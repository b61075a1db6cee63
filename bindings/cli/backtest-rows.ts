// What the table of a rolling backtest says, a row a method: text and page only lay it out.
import type { MethodBacktest, RollingBacktest, TestResult } from '../statistics.js';
import { count, many, percent, quantity } from './format.js';
import type { Rows } from './waterfall-rows.js';

export interface BacktestView {
  /** What was held, for titles. */
  title?: string;
  /** `%`: P&L are shares and shown as per cent; anything else is what they are in (USD). Default `%`. */
  unit?: string;
}

/** A test is said to reject below this chance. */
export const REJECTED = 0.05;
/** Chances below are all the same to a reader. */
const LEAST_CHANCE = 0.001;
const WHOLE_FROM = 1000;
const DIGITS = 4;

export const NOTHING = '-';

/** Amounts of a view: per cent with two decimals, or numbers of four digits. */
export function amountText({ unit = '%' }: BacktestView): (value: number) => string {
  if (unit === '%') return (value) => percent(value, 2);
  return (value) => (Math.abs(value) >= WHOLE_FROM ? count(value) : quantity(Number(value.toPrecision(DIGITS))));
}

export const chanceText = (chance: number | null): string =>
  chance === null ? NOTHING : chance < LEAST_CHANCE ? `<${LEAST_CHANCE}` : chance.toFixed(3);

export const isRejected = ({ pValue }: { pValue: number | null }): boolean => pValue !== null && pValue < REJECTED;

/** Two decimals; a zero keeps no sign. */
const decimals = (value: number | null): string =>
  value === null ? NOTHING : value.toFixed(2).replace(/^-(0\.00)$/, '$1');

interface Column {
  title: string | ((result: RollingBacktest) => string);
  left?: boolean;
  text(method: MethodBacktest, result: RollingBacktest, view: BacktestView): string;
  /** The test that the cell is of. */
  test?(method: MethodBacktest): { pValue: number | null };
  /** The zone that the cell names. */
  zone?(method: MethodBacktest): MethodBacktest['basel']['all']['zone'];
}

const chance = (title: string, of: (method: MethodBacktest) => TestResult): Column => {
  return { title, text: (method) => chanceText(of(method).pValue), test: of };
};

const COLUMNS: readonly Column[] = [
  { title: 'Method', left: true, text: ({ name }) => name },
  { title: 'Mean VaR', text: ({ meanValueAtRisk }, _, view) => amountText(view)(meanValueAtRisk) },
  { title: 'Mean ES', text: ({ meanShortfall }, _, view) => amountText(view)(meanShortfall) },
  { title: 'Exceptions', text: ({ exceptions }) => count(exceptions) },
  { title: 'Basel', left: true, text: ({ basel }) => basel.all.zone, zone: ({ basel }) => basel.all.zone },
  { title: 'Latest', left: true, text: ({ basel }) => basel.last.zone, zone: ({ basel }) => basel.last.zone },
  chance('Kupiec', ({ christoffersen }) => christoffersen.coverage),
  chance('Order', ({ christoffersen }) => christoffersen.independence),
  chance('Both', ({ christoffersen }) => christoffersen.conditional),
  {
    title: 'Z1',
    text: ({ acerbiSzekely }) => decimals(acerbiSzekely.z1),
    test: ({ shortfallChances }) => ({ pValue: shortfallChances.z1 }),
  },
  {
    title: 'Z2',
    text: ({ acerbiSzekely }) => decimals(acerbiSzekely.z2),
    test: ({ shortfallChances }) => ({ pValue: shortfallChances.z2 }),
  },
  { title: 'Peak/low', text: ({ procyclicality }) => decimals(procyclicality.peakToTrough.ratio) },
  {
    title: ({ increaseDays }) => `${increaseDays}-day rise`,
    text: ({ procyclicality: { increase } }, _, view) =>
      increase.amount === null ? NOTHING : amountText(view)(increase.amount),
  },
];

/** A cell and what it says beside its words. */
export interface Cell {
  text: string;
  rejected: boolean;
  zone: MethodBacktest['basel']['all']['zone'] | null;
}

/** Titles and cells, a row a method. */
export function backtestTable(result: RollingBacktest, view: BacktestView = {}): Rows & { marked: Cell[][] } {
  const marked = result.methods.map((method) =>
    COLUMNS.map(({ text, test, zone }) => ({
      text: text(method, result, view),
      rejected: test ? isRejected(test(method)) : false,
      zone: zone ? zone(method) : null,
    })),
  );
  return {
    columns: COLUMNS.map(({ title, left }) => ({
      title: typeof title === 'string' ? title : title(result),
      left: left ?? false,
    })),
    cells: marked.map((row) => row.map(({ text }) => text)),
    marked,
  };
}

/** Confidence as people write it: 99 %. */
export function levelText({ confidence }: RollingBacktest): string {
  const share = Number(confidence);
  return Number.isFinite(share) ? `${quantity(100 * share)} %` : String(confidence);
}

/** What the columns mean, once for all rows. */
export function columnNotes(result: RollingBacktest): string {
  const { days, zoneDays, increaseDays, expected } = result;
  const latest = Math.min(days, zoneDays);
  return [
    `${quantity(Number(expected.toPrecision(DIGITS)))} exceptions are expected of ${many(days, 'day')}.`,
    `Basel is the zone of all days, latest that of the last ${count(latest)}.`,
    `Kupiec (how many exceptions), order (Christoffersen: whether they follow each other) and both are chances of a right model to look worse: below ${percent(REJECTED, 0)} it is rejected.`,
    'Z1 and Z2 (Acerbi and Szekely) are 0 for a right expected shortfall and negative for one that is too small; those that a right model with normal P&L has as rarely are rejected.',
    `Peak/low is the largest VaR over the smallest, the rise is the largest one of VaR within ${many(increaseDays, 'day')}.`,
  ].join(' ');
}

/** Why a test says nothing of a method, and what its forecasts were flagged with. */
export function methodNotes({ methods, days }: RollingBacktest): string[] {
  return methods.flatMap(({ name, christoffersen, acerbiSzekely, flags }) => {
    const whys = [christoffersen.independence.undetermined, acerbiSzekely.undetermined].filter((why) => why !== null);
    const flagged = flags.map((each) => `${each.flag} on ${count(each.days)} of ${many(days, 'day')}`);
    return whys.length + flagged.length > 0 ? [`${name}: ${[...whys, ...flagged].join('; ')}.`] : [];
  });
}
