// SPAN: 16 scenarios of price and volatility, charges between months and at delivery, credits between commodities, a minimum for
// short options. Source: CME Clearing, SPAN methodology (2019), https://www.cmegroup.com/clearing/files/span-methodology.pdf.
import type { ModelJSON, PartJSON, ScenarioJSON, SpreadsJSON } from '../types.js';
import { checked, fields, HEAD, like, number, object, rowsOf, word } from './options.js';
import { type ByUnderlying, complete, parametersOf, withOwn } from './parameters.js';

/** What is scanned of a commodity. */
export interface SpanRanges {
  /** Price scan range, a share of the price. */
  price: number;
  /** Volatility scan range, in volatility: 0.05 is five points. */
  volatility: number;
  /** Minimum of a short option, numeraire a contract; default 0. */
  shortOption?: number;
}

/** What `presets.span` takes. */
export interface SpanOptions {
  /** Name of the model; default `span`. */
  id?: string;
  /** Asset that margin is paid in: no collateral of its own. */
  cash?: string;
  /** Scan ranges by commodity (underlying); `*` for all others. Needed where no arrays are given. */
  ranges?: ByUnderlying<SpanRanges>;
  /** Moves of the two extreme scenarios as a multiple of the range, and the share of their loss that counts. */
  extremeMultiple?: number;
  /** Share of the loss of the two extreme scenarios that counts. */
  extremeWeight?: number;
  /** Days that pass in every scenario; default 0. */
  days?: number;
  /** Published risk arrays by market: what a long contract gains (positive) in the 16 scenarios, extremes weighted. */
  arrays?: NonNullable<ModelJSON['arrays']>;
  /** Unit that arrays are rounded to, numeraire; default: none. */
  quantum?: number;
  /** Between months, at delivery, between commodities; default: none. */
  spreads?: SpreadsJSON;
  /** What the minimum counts: calls and puts, or the more numerous of the two; default `sum`. */
  shortOptions?: 'sum' | 'max';
  /** Initial over maintenance requirement: 1 for members and hedgers (default), 1.1 for others at CME. */
  initialFactor?: number;
}

/** The 16 scenarios in the order of the published arrays. */
export function spanScenarios(extremeMultiple: number, extremeWeight: number, days = 0): ScenarioJSON[] {
  const passing = days === 0 ? {} : { days };
  const moves = [0, 1 / 3, -1 / 3, 2 / 3, -2 / 3, 1, -1];
  return [
    ...moves.flatMap((price) =>
      (['up', 'down'] as const).map((volatility) => ({ price, range: 'price', volatility, ...passing })),
    ),
    ...[extremeMultiple, -extremeMultiple].map((price) => ({
      price,
      range: 'price',
      weight: extremeWeight,
      ...passing,
    })),
  ];
}

/** Short options of a unit, times their minimum. */
function shortMinimum(count: 'sum' | 'max'): PartJSON {
  const of = (short: 'options' | 'calls' | 'puts'): PartJSON => ({ short, at: 'contract', factor: 'shortOption' });
  return { id: 'short option minimum', ...(count === 'sum' ? of('options') : { max: [of('calls'), of('puts')] }) };
}

const OPTIONS = fields<SpanOptions>({
  ...HEAD,
  ranges: rowsOf(like({ price: 0, volatility: 0, shortOption: 0 }, false)),
  extremeMultiple: number,
  extremeWeight: number,
  days: number,
  arrays: object,
  quantum: number,
  spreads: object,
  shortOptions: word('sum', 'max'),
  initialFactor: number,
});

/**
 * The model of SPAN. An option's mark is part of equity, so premiums offset the requirement as net option value does.
 * @param options - scan ranges by commodity or published arrays; spreads; extremes (3 and 0.33 at CME, 2 and 0.35 elsewhere)
 * @example
 * const model = presets.span({ ranges: { '*': { price: 0.05, volatility: 0.04 } } });
 * console.log(model.scenarios?.length); // 16
 */
export function span(options: SpanOptions): ModelJSON {
  const {
    id = 'span',
    cash,
    ranges,
    extremeMultiple = 3,
    extremeWeight = 0.33,
    days = 0,
    arrays,
    quantum,
    spreads,
    shortOptions = 'sum',
    initialFactor = 1,
  } = checked(options, OPTIONS);
  // Published arrays are not made of ranges.
  const others: ByUnderlying<Partial<SpanRanges>> = arrays ? { '*': { price: 0, volatility: 0 } } : {};
  const rows = complete<SpanRanges>(withOwn(others, ranges), ['price', 'volatility'], 'ranges');
  const charges: PartJSON[] = [
    ...(spreads?.months ? [{ id: 'between months', spreads: 'months' as const }] : []),
    ...(spreads?.delivery ? [{ id: 'delivery', spreads: 'delivery' as const }] : []),
    ...(spreads?.credits ? [{ id: 'between commodities', spreads: 'credit' as const, factor: -1 }] : []),
  ];
  return {
    id,
    title: 'SPAN, 16 scenarios',
    version: 'methodology of 2019',
    asOf: '2026-11-21',
    source: 'https://www.cmegroup.com/clearing/files/span-methodology.pdf',
    ...(cash === undefined ? {} : { cash }),
    volatility: { up: { shift: 1, range: 'volatility' }, down: { shift: -1, range: 'volatility' } },
    scenarios: spanScenarios(extremeMultiple, extremeWeight, days),
    ...(arrays ? { arrays } : {}),
    ...(quantum === undefined ? {} : { quantum }),
    ...(spreads ? { spreads } : {}),
    parameters: parametersOf(rows, ({ price, volatility, shortOption = 0 }) => ({ price, volatility, shortOption })),
    requirement: {
      id: 'commodities',
      each: {
        max: [{ id: 'risk', sum: [{ id: 'scan', scan: 'scan' }, ...charges] }, shortMinimum(shortOptions)],
      },
      factor: { initial: initialFactor, maintenance: 1 },
    },
  };
}
