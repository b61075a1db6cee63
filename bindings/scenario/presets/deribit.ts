// Deribit portfolio margin of one currency (S:PM): a grid of nine prices by three volatilities, an extended table that is scaled to the
// edge of the grid and dampened, roll and delta shocks. Figures: public/pme/get_params as printed in docs.deribit.com (BTC and
// USDC, 2024-06-17) and as the venue gave them on 2026-02-15 (ETH). How options and linear contracts enter the extended
// table is read out of third parties' copies: docs/scenarios.md says what is exact.
import type { ModelJSON, PartJSON, ScenarioJSON } from '../types.js';
import { checked, fields, flag, HEAD, like, listOf, number, rowsOf, steps, word } from './options.js';
import { type ByUnderlying, parametersOf, withOwn } from './parameters.js';

/** Figures of a currency, by the names of `public/pme/get_params`. */
export interface DeribitFigures {
  /** Largest move of the price in the grid, a fraction. */
  price_range: number;
  /** Move of volatilities up at 30 days, a share of them. */
  volatility_range_up: number;
  /** Move of volatilities down at 30 days, a share of them. */
  volatility_range_down: number;
  /** Least volatility after a move up, per root of a year. */
  min_volatility_for_shock_up: number;
  /** Factor of what the extended table loses, scaled to the edge of the grid. */
  extended_table_factor: number;
  /** USD. */
  extended_dampener: number;
  /** Rate of the delta shock for each coin beyond the threshold (USD), and its most. */
  m_inc: number;
  /** Net delta from which the delta shock counts, USD. */
  delta_total_liq_shock_threshold: number;
  /** Most of the delta shock's rate, a fraction. */
  max_delta_shock: number;
  /** Least rate of the roll shock, a fraction of the delta. */
  min_annualised_move: number;
  /** Rate of the roll shock for each year to expiry. */
  annualised_move_risk: number;
  /** Share of gains that counts against losses of other currencies (X:PM). */
  pnl_offset: number;
}

const COMMON = {
  volatility_range_down: 0.25,
  min_volatility_for_shock_up: 0.5,
  extended_table_factor: 1,
  delta_total_liq_shock_threshold: 20_000_000,
  max_delta_shock: 0.1,
};

const BTC: DeribitFigures = {
  ...COMMON,
  price_range: 0.16,
  volatility_range_up: 0.5,
  extended_dampener: 100_000,
  m_inc: 0.000_05,
  min_annualised_move: 0.01,
  annualised_move_risk: 0.075,
  pnl_offset: 0,
};
const ETH: DeribitFigures = {
  ...COMMON,
  price_range: 0.18,
  volatility_range_up: 0.4,
  extended_dampener: 200_000,
  m_inc: 0.000_004,
  min_annualised_move: 0.005,
  annualised_move_risk: 0.05,
  pnl_offset: 0.6,
};

/** By currency. Others have the wider figures of the two, until the caller says theirs. */
export const deribitFigures: ByUnderlying<DeribitFigures> = {
  BTC,
  ETH,
  '*': { ...BTC, price_range: ETH.price_range },
};

/** What USDC margins its linear instruments with instead (2024-06-17). */
export const deribitLinear: Partial<DeribitFigures> = {
  extended_dampener: 25_000,
  min_annualised_move: 0.01,
  annualised_move_risk: 0.1,
};

export const deribitTails: readonly number[] = [-0.66, -0.33, 0.5, 1, 2, 3, 4, 5];

/** What `presets.deribit` takes. */
export interface DeribitOptions {
  /** Name of the model; default `deribit`. */
  id?: string;
  /** Asset that margin is paid in: no collateral of its own. Default none. */
  cash?: string;
  /** Figures by currency (underlying) where they differ from the published ones. */
  currencies?: ByUnderlying<Partial<DeribitFigures>>;
  /** What contracts pay: their coin (default), or USDC. */
  settlement?: 'coin' | 'linear';
  /** Buckets of the grid on each side. */
  buckets?: number;
  /** Relative moves of the price in the extended table. */
  tails?: readonly number[];
  /** Exponents below and from 30 days on, and the days below which moves grow no more. */
  power?: { short: number; long: number };
  /** Days below which moves of volatility grow no more. */
  floorDays?: number;
  /** Maintenance as a share of initial margin. */
  maintenanceFactor?: number;
  /** One grid over all currencies, gains by pnl_offset (X:PM without its correlation contingency); default: each on its own. */
  netting?: boolean;
}

/** Name of a parameter of a tail: +300 or -66. */
const tailName = (kind: string, move: number): string => `${kind} ${move > 0 ? '+' : ''}${Math.round(move * 100)}`;

/** Nine prices by three volatilities, then the tails; the first of equal losses decides. */
function table(buckets: number, tails: readonly number[]): ScenarioJSON[] {
  const steps = Array.from({ length: 2 * buckets + 1 }, (_, i) => i - buckets);
  return [
    ...steps.flatMap((j) =>
      (['down', 'same', 'up'] as const).map((move) => ({
        id: `${j} ${move}`,
        price: j / buckets,
        range: 'price_range',
        ...(move === 'same' ? {} : { volatility: move }),
      })),
    ),
    ...tails.map((move) => ({
      id: tailName('tail', move),
      price: move,
      volatility: 'up',
      weight: tailName('weight', move),
      coinWeight: tailName('coin', move),
      dampener: tailName('dampener', move),
    })),
  ];
}

/**
 * Parameters of the tails of a currency: the P&L is scaled to the edge of the grid, that of a coin is told at the price of the edge, and
 * the dampener grows with the distance.
 */
function tailFigures(figures: DeribitFigures, tails: readonly number[], coin: boolean): Record<string, number> {
  const range = figures.price_range;
  return Object.fromEntries(
    tails.flatMap((move) => {
      const edge = 1 + Math.sign(move) * range;
      const far = Math.max(Math.abs(move) / range, 1) - 1;
      return [
        [tailName('weight', move), (figures.extended_table_factor * range) / Math.abs(move)],
        [tailName('coin', move), coin ? (1 + move) / edge : 1],
        [tailName('dampener', move), (far * figures.extended_dampener) / (coin ? edge : 1)],
      ];
    }),
  );
}

const OPTIONS = fields<DeribitOptions>({
  ...HEAD,
  currencies: rowsOf(like(BTC, false)),
  settlement: word('coin', 'linear'),
  buckets: steps,
  tails: listOf(number),
  power: like({ short: 0, long: 0 }),
  floorDays: number,
  maintenanceFactor: number,
  netting: flag,
});

/**
 * The model of Deribit's segregated portfolio margin. Requirements are in the numeraire; divided by the index they are the coin that the
 * venue prints.
 * @param options - settlement; figures by currency where they differ
 * @example
 * const model = presets.deribit();
 * console.log(model.scenarios?.length, model.parameters?.BTC?.price_range); // 35 0.16
 */
export function deribit(options: DeribitOptions = {}): ModelJSON {
  const {
    id = 'deribit',
    cash,
    currencies,
    settlement = 'coin',
    buckets = 4,
    tails = deribitTails,
    power = { short: 0.3, long: 0.13 },
    floorDays = 1,
    maintenanceFactor = 0.8,
    netting = false,
  } = checked(options, OPTIONS);
  const coin = settlement === 'coin';
  const published = Object.fromEntries(
    Object.entries(deribitFigures).map(([name, row]) => [name, coin ? row : { ...row, ...deribitLinear }]),
  );
  const term = { days: 30, floorDays, ...power };
  const shocks: PartJSON[] = [
    { id: 'roll shock', roll: { least: 'min_annualised_move', perYear: 'annualised_move_risk' } },
    {
      id: 'delta shock',
      deltaShock: { threshold: 'delta_total_liq_shock_threshold', slope: 'm_inc', most: 'max_delta_shock' },
    },
  ];
  const grid: PartJSON = { id: 'worst case', scan: 'scan', gains: 'pnl_offset' };
  const requirement: PartJSON = netting
    ? { sum: [grid, ...shocks.map((each) => ({ each }))] }
    : { each: { sum: [grid, ...shocks] } };
  return {
    id,
    title: netting ? 'Deribit X:PM' : 'Deribit S:PM',
    version: 'extended risk matrix, BTC 2024-06-17, ETH 2026-02-15',
    asOf: '2026-02-15',
    source: 'https://docs.deribit.com/api-reference/account-management/private-simulate',
    ...(cash === undefined ? {} : { cash }),
    volatility: {
      up: { scale: 1, range: 'volatility_range_up', least: 'min_volatility_for_shock_up', term },
      down: { scale: -1, range: 'volatility_range_down', term },
    },
    scenarios: table(buckets, tails),
    parameters: parametersOf(withOwn(published, currencies), (row) => ({ ...row, ...tailFigures(row, tails, coin) })),
    requirement: { ...requirement, id: 'risk matrix', factor: { initial: 1, maintenance: maintenanceFactor } },
  };
}
