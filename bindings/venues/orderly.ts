// Orderly: margin rates that grow with notional^0.8, collateral that is discounted likewise. Symbols, tokens and positions of
// its API as parts of a book. Source: @orderly.network/perp, positions and account. All functions take rows as the API sends
// them; keys that are not named here are not read.
import type { AccountJSON, AssetJSON, Decimal, MarketJSON, PositionJSON } from '../book/types.js';
import { POWER } from './orderly-prices.js';
import { balancesOf, fraction, Row, rowsOf } from './rows.js';

/** Numerator of the collateral ratio, 1.2 / (1 + factor * value^0.8). */
const COLLATERAL_NUMERATOR = 1.2;

/** A row of GET /v1/public/info, with those of /v1/public/futures. */
export interface Symbol {
  /** Market, as the venue names it. */
  symbol: string;
  /** USDC. */
  mark_price: Decimal;
  /** Fractions. */
  base_mmr: Decimal;
  /** Least initial rate, a fraction. */
  base_imr: Decimal;
  /** Of the account and symbol: GET /v1/client/info. */
  imr_factor: Decimal;
  /** Exponent of the notional, if another than 0.8. */
  power?: Decimal;
  /** Sum of unitary funding, USDC for each unit: a row of GET /v1/public/futures. Needed where positions have theirs. */
  sum_unitary_funding?: Decimal;
}

/** A row of GET /v1/positions. */
export interface Position {
  /** Market, as the venue names it. */
  symbol: string;
  /** Signed base. */
  position_qty: Decimal;
  /** Average entry price, USDC. */
  average_open_price: Decimal;
  /** Entry notional since the last settlement, USDC, with the sign of the size: what the holding has not been paid yet. */
  cost_position?: Decimal;
  /** That the user has chosen; its inverse is the position's own initial rate. */
  leverage?: Decimal;
  /** Sum of unitary funding at the last settlement, USDC for each unit. */
  last_sum_unitary_funding?: Decimal;
}

/**
 * A symbol as a market: initial rate max(base, f N^0.8), maintenance rate max(base, base_mmr / base_imr * f N^0.8).
 * @param symbol - rates and factor
 * @returns a linear market that settles in USDC
 * @throws MarginError missing-key, type, range
 * @example
 * market({ symbol: 'PERP_BTC_USDC', mark_price: 60_000, base_mmr: 0.05, base_imr: 0.1, imr_factor: 2.5e-7 }).curve.factor
 *   // { initial: 2.5e-7, maintenance: 1.25e-7 }
 */
export function market(symbol: Symbol): MarketJSON {
  const row = new Row(symbol, '', undefined, 'market');
  const initial = row.number('imr_factor');
  const share = row.number('base_mmr') / row.number('base_imr');
  return {
    id: row.text('symbol'),
    kind: 'linear',
    settle: 'USDC',
    mark: row.decimal('mark_price'),
    brackets: [{ upTo: null, maintenanceRate: fraction(row, 'base_mmr'), initialRate: fraction(row, 'base_imr') }],
    curve: {
      kind: 'power',
      of: 'notional',
      base: 0,
      exponent: row.has('power') ? row.decimal('power') : POWER,
      factor: { initial, maintenance: share * initial },
    },
    ...row.some('sum_unitary_funding', 'fundingIndex'),
  };
}

/**
 * A collateral token.
 * @param token - price (USDC), base weight (fraction), discount factor and cap (amount) of GET /v1/public/token
 * @returns an asset whose weight falls with its value
 * @throws MarginError missing-key, type, range
 * @example
 * asset({ token: 'ETH', index_price: 2_000, base_weight: 0.9, discount_factor: 1e-7, user_max_qty: 50 }).cap // 100_000
 */
export function asset(token: {
  token: string;
  index_price: Decimal;
  base_weight: Decimal;
  discount_factor?: Decimal | null;
  /** Most that counts as collateral, in the token; -1 or absent: all. */
  user_max_qty?: Decimal;
}): AssetJSON {
  const row = new Row(token, '', undefined, 'asset');
  const cap = row.number('user_max_qty', -1);
  const curve = (factor: Decimal): AssetJSON['curve'] & object => {
    return { kind: 'power', factor, numerator: COLLATERAL_NUMERATOR, exponent: POWER };
  };
  return {
    id: row.text('token'),
    price: row.decimal('index_price'),
    assetWeight: fraction(row, 'base_weight'),
    ...(cap < 0 ? {} : { cap: cap * row.number('index_price') }),
    ...(row.has('discount_factor') ? { curve: curve(row.decimal('discount_factor')) } : {}),
  };
}

/**
 * An account: holdings and positions. Positions of size 0 and holdings of 0 are left out. A position that has been settled
 * counts from its settlement (`cost_position`), as the holding has been paid the rest.
 * @param id - of the account
 * @param state - `holding` of GET /v1/client/holding and `rows` of /v1/positions
 * @param symbols - where funding since the last settlement is to count: what the markets were made from, with their
 *   `sum_unitary_funding`
 * @returns an account
 * @throws MarginError missing-key, type, duplicate
 * @example
 * account('a', { holding: [{ token: 'USDC', holding: '1000' }], rows: [] }).balances // { USDC: '1000' }
 */
export function account(
  id: string,
  state: { holding: readonly { token: string; holding: Decimal }[]; rows: readonly Position[] },
  symbols: readonly Pick<Symbol, 'symbol' | 'sum_unitary_funding'>[] = [],
): AccountJSON {
  const row = new Row(state, '', undefined, 'account');
  const indexed = new Set(
    rowsOf(symbols, 'symbols').flatMap((symbol) => (symbol.has('sum_unitary_funding') ? [symbol.text('symbol')] : [])),
  );
  const holding = row.rows('holding', undefined, 'GET /v1/client/holding has it in data');
  const rows = row.rows('rows', undefined, 'GET /v1/positions has it in data');
  return {
    id,
    balances: balancesOf(holding, 'token', 'holding'),
    positions: rows
      .filter((position) => position.number('position_qty') !== 0)
      .map((position): PositionJSON => {
        const market = position.text('symbol');
        return {
          market,
          size: position.decimal('position_qty'),
          ...(position.has('cost_position')
            ? position.some('cost_position', 'cost')
            : { entry: position.decimal('average_open_price') }),
          ...position.some('leverage', 'leverage'),
          ...(indexed.has(market) ? position.some('last_sum_unitary_funding', 'fundingIndex') : {}),
        };
      }),
  };
}

export * from './orderly-order.js';
export * from './orderly-prices.js';
