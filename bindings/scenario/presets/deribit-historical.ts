// Deribit's first portfolio margin: prices within a range, volatilities by points, a contingency on what is net short at a strike and
// one on offsetting futures. Source: https://www.deribit.com/pages/docs/portfoliomargin (undated; replaced in 2024).
import type { ModelJSON } from '../types.js';
import { checked, fields, HEAD, number, steps } from './options.js';

/** What `presets.deribitHistorical` takes. */
export interface DeribitHistoricalOptions {
  /** Name of the model; default `deribit-historical`. */
  id?: string;
  /** Asset that margin is paid in: no collateral of its own. Default none. */
  cash?: string;
  /** Largest move of the price, and its steps each way, which are not published. */
  range?: number;
  /** Prices on each side of the spot. */
  steps?: number;
  /** Largest move of volatilities at 30 days, in points: 0.38; and how it grows below. */
  points?: number;
  /** Exponent of (30 days / time) below 30 days. */
  power?: number;
  /** Of the underlying's value, for each option that is net short at a strike. */
  perShortOption?: number;
  /** Of the underlying's value, for futures held long and short. */
  offsettingFutures?: number;
  /** Initial over maintenance margin, which is not published. */
  initialFactor: number;
}

const OPTIONS = fields<DeribitHistoricalOptions>(
  {
    ...HEAD,
    range: number,
    steps,
    points: number,
    power: number,
    perShortOption: number,
    offsettingFutures: number,
    initialFactor: number,
  },
  ['initialFactor'],
);

/**
 * The model of Deribit before 2024. Its least equity (0.5 BTC) is an admission rule and no part of it.
 * @param options - initialFactor, and what differs
 * @example
 * const model = presets.deribitHistorical({ initialFactor: 1.3 });
 * console.log(volatilityMove(model, 'up', { days: 30 })); // 0.38
 */
export function deribitHistorical(options: DeribitHistoricalOptions): ModelJSON {
  const {
    id = 'deribit-historical',
    cash,
    range = 0.1,
    steps = 4,
    points = 0.38,
    power = 0.3,
    perShortOption = 0.01,
    offsettingFutures = 0.01,
    initialFactor,
  } = checked(options, OPTIONS);
  const term = { days: 30, short: power };
  const moves = Array.from({ length: 2 * steps + 1 }, (_, i) => ((i - steps) / steps) * range);
  return {
    id,
    title: 'Deribit portfolio margin before 2024',
    version: 'price 10 %, volatility 38 points',
    asOf: '2026-11-21',
    source: 'https://www.deribit.com/pages/docs/portfoliomargin',
    ...(cash === undefined ? {} : { cash }),
    volatility: { up: { shift: points, term }, down: { shift: -points, term } },
    scenarios: moves.flatMap((price) => [{ price, volatility: 'down' }, { price }, { price, volatility: 'up' }]),
    requirement: {
      each: {
        sum: [
          { id: 'worst case', scan: 'scan' },
          { id: 'net short options', netShort: 'options', factor: perShortOption },
          { id: 'offsetting futures', offset: 'linear', factor: offsettingFutures },
        ],
      },
      factor: { initial: initialFactor, maintenance: 1 },
    },
  };
}
