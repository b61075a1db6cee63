// A rolling backtest in one call: every method forecasts every day from the days before it, and all tests look at what came. Days
// are forecast in order, methods one after the other; nothing of a day is known to its forecast.
import { MarginError } from '../../errors.js';
import { type Confidence, tailShare } from '../confidence.js';
import { given } from '../given.js';
import { type AcerbiSzekely, acerbiSzekely } from './acerbi-szekely.js';
import { baselZone, startsOf, type TrafficLight, type Zone, type ZoneStarts } from './basel.js';
import { type Christoffersen, christoffersen } from './christoffersen.js';
import { type Increase, largestIncrease, type MarginSwing, marginSwing, marginVolatility } from './drawdown.js';
import {
  historyOf,
  type Portfolio,
  readPortfolio,
  type TailForecast,
  type TailHistory,
  type TailMethod,
} from './history.js';
import { beyond, countOf, type Rate } from './read.js';
import { affordablePaths, chancesOf, type ShortfallChances, simulateNull } from './shortfall-null.js';

/** Returns, holdings and methods of a rolling backtest. */
export interface RollingOptions {
  /** Daily returns by column, oldest first, or one column of returns or P&L. LOSSES NEGATIVE. A day a row, in all columns. */
  returns: ArrayLike<number> | readonly ArrayLike<number>[];
  /**
   * What is held of each column: one number for all days, or one a day. P&L is the sum of holding times return. Default 1, for one
   * column; needed for several.
   */
  holdings?: readonly (number | ArrayLike<number>)[];
  /** By name: what forecasts. */
  methods: Readonly<Record<string, TailMethod>>;
  /** Days that a method sees; default 250. */
  window?: number;
  /** Default 0.99. */
  confidence?: Confidence;
  /** Names of all days, for reports; as many as rows of returns. */
  labels?: readonly string[];
  /** Days that the traffic light of a day looks back; default 250. */
  zoneDays?: number;
  /** Days of the largest increase of margin; default 5. */
  increaseDays?: number;
}

/** Basel's traffic light of a method. */
export interface RollingZones {
  /** Of all days together. */
  readonly all: TrafficLight;
  /** Of the last `zoneDays` days. */
  readonly last: TrafficLight;
  /** By day: of the days up to it, at most `zoneDays`; null while even no exception would be no proof. */
  readonly byDay: readonly (Zone | null)[];
  /** Days in each zone. */
  readonly days: Readonly<Record<Zone, number>>;
}

/** How restless the margin is: VaR by day, at least 0. */
export interface Procyclicality {
  /** Largest margin over least. */
  readonly peakToTrough: MarginSwing;
  /** Largest rise over a number of days. */
  readonly increase: Increase;
  /** Of daily logarithmic changes; null where there is none. */
  readonly volatility: number | null;
}

/** Forecasts of one method, and what the tests say of them. */
export interface MethodBacktest {
  /** As the options have it. */
  readonly name: string;
  /** By day, unit of the P&L. LOSSES POSITIVE. */
  readonly valueAtRisk: Float64Array;
  /** By day, unit of the P&L. LOSSES POSITIVE. */
  readonly shortfall: Float64Array;
  /** By day: 1 where the loss was larger than VaR. */
  readonly hits: Uint8Array;
  /** Days with a loss larger than VaR. */
  readonly exceptions: number;
  /** Coverage (Kupiec), independence and both. */
  readonly christoffersen: Christoffersen;
  /** Traffic light of each day. */
  readonly basel: RollingZones;
  /** Tests of the shortfall. */
  readonly acerbiSzekely: AcerbiSzekely;
  /** How likely a right model with normal P&L has as low a Z1, a Z2: simulated; null where a statistic is, or of very many days. */
  readonly shortfallChances: ShortfallChances;
  /** Of VaR as a margin. */
  readonly procyclicality: Procyclicality;
  /** What forecasts were flagged with, and on how many days. */
  readonly flags: readonly { readonly flag: string; readonly days: number }[];
  /** Mean over the days. LOSSES POSITIVE. */
  readonly meanValueAtRisk: number;
  /** Mean over the days. LOSSES POSITIVE. */
  readonly meanShortfall: number;
}

/** A rolling backtest of several methods. */
export interface RollingBacktest {
  /** Level of the forecasts. */
  readonly confidence: Confidence;
  /** Days that a method sees. */
  readonly window: number;
  /** Days that the traffic light looks back. */
  readonly zoneDays: number;
  /** Days of the largest increase of margin. */
  readonly increaseDays: number;
  /** Row of the first day that was forecast; everything by day starts there. */
  readonly first: number;
  /** Days that were forecast. */
  readonly days: number;
  /** Exceptions of a right model: days (1 - confidence). */
  readonly expected: number;
  /** By day. LOSSES NEGATIVE. */
  readonly pnl: Float64Array;
  /** By day; none where none were given. */
  readonly labels: readonly string[];
  /** In the order of the options. */
  readonly methods: readonly MethodBacktest[];
}

const KEYS = ['returns', 'holdings', 'methods', 'window', 'confidence', 'labels', 'zoneDays', 'increaseDays'];
const DAYS = 250;
const INCREASE_DAYS = 5;
const MOST_WINDOW = 1e7;
/** Of the paths that Z1 and Z2 are compared with. */
const SEED = 1;

/**
 * Forecasts every day after the first `window` ones from the `window` days before it, by every method, and tests the forecasts.
 * An exception is a day with P&L < -VaR.
 * @throws MarginError type, not-finite; range, for fewer than window + 1 days among others; missing-key; what a method throws, with
 *   its name and the day
 * @example
 * const worst = ({ pnl }) => { const loss = -Math.min(...pnl); return { valueAtRisk: loss, shortfall: loss }; };
 * const { methods } = rollingBacktest({ returns: [1, -1, 2, -3, 1], window: 2, methods: { worst } });
 * // methods[0].hits: Uint8Array.of(0, 1, 0)
 */
export function rollingBacktest(options: RollingOptions): RollingBacktest {
  given(options, 'options', KEYS);
  const { confidence = '0.99' } = options;
  const portfolio = readPortfolio(options.returns, options.holdings);
  const window = countOf(options.window ?? DAYS, 'window', 1, MOST_WINDOW);
  const zoneDays = countOf(options.zoneDays ?? DAYS, 'zoneDays', 1, MOST_WINDOW);
  const increaseDays = countOf(options.increaseDays ?? INCREASE_DAYS, 'increaseDays', 1, MOST_WINDOW);
  const rate = beyond(confidence);
  if (portfolio.days <= window) {
    throw new MarginError('range', {
      path: 'returns',
      got: portfolio.days,
      expected: `more days than the window: at least ${window + 1}`,
      hint: 'Shorten the window, or give more days',
    });
  }
  const labels = readLabels(options.labels, portfolio.days).slice(window);
  const pnl = portfolio.pnl.slice(window);
  const starts = startsByDays(Math.min(zoneDays, pnl.length), rate);
  const paths = affordablePaths(pnl.length, rate);
  const right = simulateNull(pnl.length, rate, paths, SEED);
  const level = { confidence, tail: tailShare(confidence) };
  const methods = methodsOf(options.methods).map(([name, method]) => {
    const { valueAtRisk, shortfall, flags } = forecastAll(portfolio, window, level, name, method, labels);
    const shortfallTest = acerbiSzekely(pnl, valueAtRisk, shortfall, fraction(rate));
    const hits = Uint8Array.from(pnl, (gain, day) => (gain < -(valueAtRisk[day] ?? 0) ? 1 : 0));
    return {
      name,
      valueAtRisk,
      shortfall,
      hits,
      exceptions: sum(hits),
      christoffersen: christoffersen(hits, fraction(rate)),
      basel: zonesOf(hits, zoneDays, starts, rate),
      acerbiSzekely: shortfallTest,
      shortfallChances: chancesOf(right, shortfallTest),
      procyclicality: procyclicalityOf(valueAtRisk, increaseDays),
      flags,
      meanValueAtRisk: sum(valueAtRisk) / pnl.length,
      meanShortfall: sum(shortfall) / pnl.length,
    };
  });
  const expected = pnl.length * rate.p;
  return {
    confidence,
    window,
    zoneDays,
    increaseDays,
    first: window,
    days: pnl.length,
    expected,
    pnl,
    labels,
    methods,
  };
}

const fraction = ({ share: { numerator, denominator } }: Rate): string => `${numerator}/${denominator}`;

function sum(column: Float64Array | Uint8Array): number {
  let total = 0;
  for (const value of column) total += value;
  return total;
}

function methodsOf(methods: Readonly<Record<string, TailMethod>>): [string, TailMethod][] {
  const all = typeof methods === 'object' && methods !== null ? Object.entries(methods) : [];
  const wrong = all.find(([, method]) => typeof method !== 'function');
  if (all.length > 0 && !wrong) return all;
  throw new MarginError('type', {
    path: wrong ? `methods.${wrong[0]}` : 'methods',
    got: wrong ? wrong[1] : methods,
    expected: wrong ? 'a function of a history' : 'at least one method by name',
  });
}

function readLabels(labels: readonly string[] | undefined, days: number): readonly string[] {
  if (labels === undefined) return [];
  if (Array.isArray(labels) && labels.length === days && labels.every((label) => typeof label === 'string'))
    return labels;
  const got = Array.isArray(labels) ? labels.length : labels;
  throw new MarginError('range', { path: 'labels', got, expected: `a text a day: ${days}` });
}

function forecastAll(
  portfolio: Portfolio,
  window: number,
  level: Pick<TailHistory, 'confidence' | 'tail'>,
  name: string,
  method: TailMethod,
  labels: readonly string[],
): Pick<MethodBacktest, 'valueAtRisk' | 'shortfall' | 'flags'> {
  const days = portfolio.days - window;
  const valueAtRisk = new Float64Array(days);
  const shortfall = new Float64Array(days);
  const flagged = new Map<string, number>();
  for (let day = 0; day < days; day++) {
    const where = `methods.${name}, day ${labels[day] ?? window + day}`;
    const forecast = asked(method, historyOf(portfolio, window + day, window, level), where);
    valueAtRisk[day] = forecast.valueAtRisk;
    shortfall[day] = forecast.shortfall;
    if (forecast.flag) flagged.set(forecast.flag, (flagged.get(forecast.flag) ?? 0) + 1);
  }
  return { valueAtRisk, shortfall, flags: Array.from(flagged, ([flag, count]) => ({ flag, days: count })) };
}

/** A forecast, or a refusal that names method and day. */
function asked(method: TailMethod, history: TailHistory, where: string): TailForecast {
  let forecast: TailForecast;
  try {
    forecast = method(history);
  } catch (error) {
    if (!(error instanceof MarginError)) throw error;
    throw error.with({ path: error.path === undefined ? where : `${where}: ${error.path}` });
  }
  for (const key of ['valueAtRisk', 'shortfall'] as const) {
    const got: unknown = forecast?.[key];
    if (typeof got === 'number' && Number.isFinite(got)) continue;
    const code = typeof got === 'number' ? 'not-finite' : 'type';
    throw new MarginError(code, { path: `${where}: ${key}`, got, expected: 'a finite number, losses positive' });
  }
  return forecast;
}

/** Starts of the zones for 0, 1, 2 ... days. */
function startsByDays(most: number, rate: Rate): readonly ZoneStarts[] {
  return Array.from({ length: most + 1 }, (_, days) => startsOf(days, rate));
}

function zonesOf(hits: Uint8Array, zoneDays: number, starts: readonly ZoneStarts[], rate: Rate): RollingZones {
  const days = { green: 0, yellow: 0, red: 0 };
  let recent = 0;
  const byDay = Array.from(hits, (hit, day) => {
    recent += hit - (hits[day - zoneDays] ?? 0);
    const { yellow, red } = starts[Math.min(day + 1, zoneDays)] ?? { yellow: 0, red: 0 };
    if (yellow === 0) return null;
    const zone: Zone = recent >= red ? 'red' : recent >= yellow ? 'yellow' : 'green';
    days[zone] += 1;
    return zone;
  });
  return {
    all: baselZone(hits.length, sum(hits), fraction(rate)),
    last: baselZone(Math.min(hits.length, zoneDays), recent, fraction(rate)),
    byDay,
    days,
  };
}

function procyclicalityOf(valueAtRisk: Float64Array, increaseDays: number): Procyclicality {
  const margins = valueAtRisk.map((margin) => Math.max(0, margin));
  return {
    peakToTrough: marginSwing(margins),
    increase: largestIncrease(margins, increaseDays),
    volatility: marginVolatility(margins),
  };
}
