// SPAN as NSE Clearing uses it: ranges that follow from volatilities, with floors, and a calendar charge on the far month. Exposure
// margins are beside it. Source: https://www.nseclearing.in/risk-management/equity-derivatives/span-risk-parameters (2024-07-04).
import { MarginError } from '../../errors.js';
import type { ModelJSON, SpreadsJSON } from '../types.js';
import { checked, fields, HEAD, like, listOf, number, object, rowsOf, text, word } from './options.js';
import type { ByUnderlying } from './parameters.js';
import { span } from './span.js';

/** Floors and rates of a kind of underlying. */
export interface NseFigures {
  /** Least price scan range, a share of the price. */
  leastPrice: number;
  /** Least volatility scan range. */
  leastVolatility: number;
  /** Charge of a calendar spread, a share of the far month's value. */
  calendar: number;
}

export const nseFigures: Record<'index' | 'stock', NseFigures> = {
  index: { leastPrice: 0.093, leastVolatility: 0.04, calendar: 0.0175 },
  stock: { leastPrice: 0.142, leastVolatility: 0.1, calendar: 0.022 },
};

/** Price range in daily deviations over two days, and volatility range as a share of the yearly volatility. */
const SIGMAS = 6;
const ROOT_2 = Math.sqrt(2);
const VOLATILITY_SHARE = 0.25;

/** Volatilities and months of an underlying. */
export interface NseUnderlying {
  /** Which of the figures hold. */
  kind: 'index' | 'stock';
  /** Exponentially weighted deviation of a day's return, and that of a year. */
  daily: number;
  /** Deviation of a year's return, a fraction. */
  yearly: number;
  /** Expiries from the nearest on, with their futures prices (numeraire a unit): between any two there is a calendar spread. */
  months?: readonly { expiry: string; price: number }[];
}

/** What `presets.nse` takes. */
export interface NseOptions {
  /** Name of the model; default `nse`. */
  id?: string;
  /** Asset that margin is paid in: no collateral of its own. Default none. */
  cash?: string;
  /** Volatilities and months by underlying. */
  underlyings: ByUnderlying<NseUnderlying>;
  /** What is said of `*` if nothing is: ranges of all others. */
  others?: { price: number; volatility: number };
  /** Floors and rates by kind; default those of 2024-07-04. */
  figures?: Record<'index' | 'stock', NseFigures>;
  /** Published risk arrays by market, as `arrays` of a model. */
  arrays?: NonNullable<ModelJSON['arrays']>;
}

/** Calendar spreads of an underlying, the nearest months first. */
function calendars({ months = [], kind }: NseUnderlying, figures: Record<string, NseFigures>): SpreadsJSON['months'] {
  return months.flatMap((near, i) =>
    months.slice(i + 1).map((far) => ({
      charge: (figures[kind]?.calendar ?? 0) * far.price,
      legs: [
        { side: 'A' as const, expiries: [near.expiry], ratio: 1 },
        { side: 'B' as const, expiries: [far.expiry], ratio: 1 },
      ],
    })),
  );
}

const UNDERLYING = fields<NseUnderlying>(
  {
    kind: word('index', 'stock'),
    daily: number,
    yearly: number,
    months: listOf(fields({ expiry: text, price: number }, ['expiry', 'price'])),
  },
  ['kind', 'daily', 'yearly'],
);
const OPTIONS = fields<NseOptions>(
  {
    ...HEAD,
    underlyings: rowsOf(UNDERLYING),
    others: like({ price: 0, volatility: 0 }),
    figures: like(nseFigures),
    arrays: object,
  },
  ['underlyings'],
);

/**
 * The model of NSE Clearing. No credit between underlyings, no delivery charge, no minimum for short options.
 * @param options - volatilities and months by underlying
 * @example
 * const model = presets.nse({ underlyings: { NIFTY: { kind: 'index', daily: 0.012, yearly: 0.19 } }, others: { price: 0.3, volatility: 0.1 } });
 * console.log(model.parameters?.NIFTY?.price.toFixed(6)); // 0.101823
 */
export function nse(options: NseOptions): ModelJSON {
  const { id = 'nse', cash, underlyings, others, figures = nseFigures, arrays } = checked(options, OPTIONS);
  if (!others && !arrays && !underlyings['*'])
    throw new MarginError('missing-key', { path: 'others', expected: 'ranges of all other underlyings' });
  const ranges = Object.fromEntries(
    Object.entries(underlyings).map(([name, { kind, daily, yearly }]) => [
      name,
      {
        price: Math.max(SIGMAS * ROOT_2 * daily, figures[kind].leastPrice),
        volatility: Math.max(VOLATILITY_SHARE * yearly, figures[kind].leastVolatility),
      },
    ]),
  );
  const months = Object.values(underlyings).flatMap((row) => calendars(row, figures) ?? []);
  return {
    ...span({
      id,
      ...(cash === undefined ? {} : { cash }),
      ranges: others ? { ...ranges, '*': others } : ranges,
      extremeMultiple: 2,
      extremeWeight: 0.35,
      ...(arrays ? { arrays } : {}),
      ...(months.length > 0 ? { spreads: { months } } : {}),
    }),
    title: 'NSE Clearing, SPAN',
    version: 'equity derivatives 2024-07-04',
    asOf: '2024-07-04',
    source: 'https://www.nseclearing.in/risk-management/equity-derivatives/span-risk-parameters',
  };
}
