// Bybit portfolio margin by risk unit (an underlying): the largest loss of 33 scenarios and contingencies. Sources: the help centre's
// "Margin Calculations under Portfolio Margin" (copies of 2024) and Bybit Learn (2025-02-10). The law of volatility moves and the
// factors stand on pages that are not stored, so the caller says them.
import type { ModelJSON, PartJSON, VolatilityMoveJSON } from '../types.js';
import { checked, fields, HEAD, like, listOf, moves, object, rowsOf } from './options.js';
import { type ByUnderlying, complete, withOwn } from './parameters.js';

/** Figures of an underlying. */
export interface BybitFigures {
  /** Largest move of the price, in steps of a fifth. */
  range: number;
  /** Of the index price, for each option that is net short at a strike. */
  shortOption: number;
  /** Basis risk of deltas hedged between expiries, a year between them. */
  basis: number;
  /** Of the index price, for each unit of base in perpetuals and futures. */
  futures: number;
  /** Initial over maintenance margin. */
  initialFactor: number;
}

/** The range of BTC and ETH since 2025-01-10; all else is not known. */
export const bybitFigures: ByUnderlying<Partial<BybitFigures>> = { BTC: { range: 0.1 }, ETH: { range: 0.1 } };

/** What `presets.bybit` takes. */
export interface BybitOptions {
  /** Name of the model; default `bybit`. */
  id?: string;
  /** Asset that margin is paid in: no collateral of its own. Default none. */
  cash?: string;
  /** Moves of volatility up and down; null: accounts hold no options. */
  volatility: { up: VolatilityMoveJSON; down: VolatilityMoveJSON } | null;
  /** Figures by underlying; `*` has to say all of them, BTC and ETH all but the range. */
  underlyings: ByUnderlying<Partial<BybitFigures>>;
  /** Parts that are added in each risk unit: spreads of vega, of USDT against USDC. */
  more?: readonly PartJSON[];
}

const KEYS = ['range', 'shortOption', 'basis', 'futures', 'initialFactor'] as const;
const STEPS = 5;

const FIGURES = Object.fromEntries(KEYS.map((key) => [key, 0]));
const OPTIONS = fields<BybitOptions>(
  { ...HEAD, volatility: moves, underlyings: rowsOf(like(FIGURES, false)), more: listOf(object) },
  ['volatility', 'underlyings'],
);

/**
 * The model of Bybit.
 * @param options - volatility and factors, which are not known here
 * @throws MarginError missing-key, with the figure that nobody has said
 * @example
 * const model = presets.bybit({ volatility: { up: { scale: 0.3 }, down: { scale: -0.3 } },
 *   underlyings: { '*': { range: 0.2, shortOption: 0.01, basis: 0.5, futures: 0.005, initialFactor: 1.2 } } });
 * console.log(model.scenarios?.length, model.parameters?.ETH?.range); // 33 0.1
 */
export function bybit(options: BybitOptions): ModelJSON {
  const { id = 'bybit', cash, volatility, underlyings, more = [] } = checked(options, OPTIONS);
  const others = underlyings['*'] ?? {};
  const known = withOwn<Partial<BybitFigures>>({ ...bybitFigures, '*': {} }, underlyings);
  const filled = Object.fromEntries(Object.entries(known).map(([name, row]) => [name, { ...others, ...row }]));
  const steps = Array.from({ length: 2 * STEPS + 1 }, (_, i) => (i - STEPS) / STEPS);
  const moves = volatility ? (['down', undefined, 'up'] as const) : [undefined];
  const rows = complete<BybitFigures>(filled, KEYS, 'underlyings');
  return {
    id,
    title: 'Bybit portfolio margin',
    version: 'price ranges of 2025-01-10',
    asOf: '2025-02-10',
    source: 'https://learn.bybitglobal.com/en/trading/bybit-portfolio-margin-risk-parameter-adjustment',
    ...(cash === undefined ? {} : { cash }),
    ...(volatility ? { volatility } : { options: false }),
    scenarios: steps.flatMap((price) =>
      moves.map((move) => ({ price, range: 'range', ...(move ? { volatility: move } : {}) })),
    ),
    parameters: Object.fromEntries(
      Object.entries(rows).map(([name, row]) => [name, Object.fromEntries(KEYS.map((key) => [key, row[key]]))]),
    ),
    requirement: {
      id: 'risk units',
      each: {
        sum: [
          { id: 'largest loss', scan: 'scan' },
          { id: 'net short options', netShort: 'options', factor: 'shortOption' },
          { id: 'basis', calendar: { rate: 'basis' } },
          { id: 'perpetuals and futures', gross: 'linear', factor: 'futures' },
          ...more,
        ],
        factor: { initial: 'initialFactor', maintenance: 1 },
      },
    },
  };
}
