// Dederi portfolio margin: eleven prices by three volatilities, a contingency on futures.
// Source: https://wiki.dederi.io/RiskControlRules/portfolio_margin (early 2024). The figures of its volatility moves and of its option
// contingency are not on the page, so the caller says them.
import type { ModelJSON, PartJSON, VolatilityMoveJSON } from '../types.js';
import { checked, fields, HEAD, listOf, moves, number } from './options.js';

/** What `presets.dederi` takes. */
export interface DederiOptions {
  /** Name of the model; default `dederi`. */
  id?: string;
  /** Asset that margin is paid in: no collateral of its own. Default none. */
  cash?: string;
  /** Moves of volatility up and down; null: accounts hold futures only. */
  volatility: { up: VolatilityMoveJSON; down: VolatilityMoveJSON } | null;
  /** Relative moves of the price; default `dederiShocks`. */
  shocks?: readonly number[];
  /** Of the index, for each unit of base in futures. */
  futureContingencyFactor?: number;
  /** Of the index, for each option that is net short at a strike; default: none. */
  optionContingencyFactor?: number;
  /** Initial over maintenance margin. */
  initialFactor: number;
}

/** -15 to 15 % by three. */
export const dederiShocks: readonly number[] = [-0.15, -0.12, -0.09, -0.06, -0.03, 0, 0.03, 0.06, 0.09, 0.12, 0.15];

const OPTIONS = fields<DederiOptions>(
  {
    ...HEAD,
    volatility: moves,
    shocks: listOf(number),
    futureContingencyFactor: number,
    optionContingencyFactor: number,
    initialFactor: number,
  },
  ['volatility', 'initialFactor'],
);

/**
 * The model of Dederi.
 * @param options - volatility and initialFactor, which are not published
 * @example
 * const model = presets.dederi({ volatility: null, initialFactor: 1 });
 * console.log(model.scenarios?.length); // 11
 */
export function dederi(options: DederiOptions): ModelJSON {
  const {
    id = 'dederi',
    cash,
    volatility,
    shocks = dederiShocks,
    futureContingencyFactor = 0.006,
    optionContingencyFactor = 0,
    initialFactor,
  } = checked(options, OPTIONS);
  const moves = volatility ? (['up', undefined, 'down'] as const) : [undefined];
  const contingencies: PartJSON[] = [
    { id: 'future contingency', gross: 'linear', factor: futureContingencyFactor },
    ...(optionContingencyFactor === 0
      ? []
      : [{ id: 'option contingency', netShort: 'options' as const, factor: optionContingencyFactor }]),
  ];
  return {
    id,
    title: 'Dederi portfolio margin',
    version: 'wiki of early 2024',
    asOf: '2026-11-21',
    source: 'https://wiki.dederi.io/RiskControlRules/portfolio_margin',
    ...(cash === undefined ? {} : { cash }),
    ...(volatility ? { volatility } : { options: false }),
    scenarios: shocks.flatMap((price) => moves.map((move) => (move ? { price, volatility: move } : { price }))),
    requirement: {
      each: { sum: [{ id: 'largest loss', scan: 'scan' }, ...contingencies] },
      factor: { initial: initialFactor, maintenance: 1 },
    },
  };
}
