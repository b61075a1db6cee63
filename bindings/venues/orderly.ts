// Orderly: margin rates that grow with notional^0.8, collateral that is discounted likewise. Symbols, tokens and positions of
// its API as parts of a book. Source: @orderly.network/perp, positions and account.
import { decimal as real } from '../book/fields.js';
import type { AccountJSON, AssetJSON, Decimal, MarketJSON } from '../book/types.js';

/** Numerator of the collateral ratio, 1.2 / (1 + factor * value^0.8). */
const COLLATERAL_NUMERATOR = 1.2;
/** Exponent of every size term. */
export const POWER = 0.8;

/** A row of GET /v1/public/info. */
export interface Symbol {
  symbol: string;
  mark_price: Decimal;
  /** Fractions. */
  base_mmr: Decimal;
  base_imr: Decimal;
  /** Of the account and symbol: GET /v1/client/info. */
  imr_factor: Decimal;
  /** Exponent of the notional, if another than 0.8. */
  power?: Decimal;
  /** Sum of unitary funding, USDC for each unit. */
  sum_unitary_funding?: Decimal;
}

/** A row of GET /v1/positions. */
export interface Position {
  symbol: string;
  position_qty: Decimal;
  average_open_price: Decimal;
  leverage?: Decimal;
  last_sum_unitary_funding?: Decimal;
}

/**
 * A symbol as a market: initial rate max(base, f N^0.8), maintenance rate max(base, base_mmr / base_imr * f N^0.8).
 * @param symbol - rates and factor
 * @returns a linear market that settles in USDC
 * @throws MarginError type, not-finite
 * @example
 * market({ symbol: 'PERP_BTC_USDC', mark_price: 60_000, base_mmr: 0.05, base_imr: 0.1, imr_factor: 2.5e-7 }).curve.factor
 *   // { initial: 2.5e-7, maintenance: 1.25e-7 }
 */
export function market(symbol: Symbol): MarketJSON {
  const initial = real(symbol.imr_factor, 'imr_factor');
  const share = real(symbol.base_mmr, 'base_mmr') / real(symbol.base_imr, 'base_imr');
  return {
    id: symbol.symbol,
    kind: 'linear',
    settle: 'USDC',
    mark: symbol.mark_price,
    brackets: [{ upTo: null, maintenanceRate: symbol.base_mmr, initialRate: symbol.base_imr }],
    curve: {
      kind: 'power',
      of: 'notional',
      base: 0,
      exponent: symbol.power ?? POWER,
      factor: { initial, maintenance: share * initial },
    },
    ...(symbol.sum_unitary_funding === undefined ? {} : { fundingIndex: symbol.sum_unitary_funding }),
  };
}

/**
 * A collateral token.
 * @param token - price (USDC), base weight (fraction), discount factor and cap (amount) of GET /v1/public/token
 * @returns an asset whose weight falls with its value
 * @throws MarginError type, not-finite
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
  const cap = real(token.user_max_qty ?? -1, 'user_max_qty');
  const factor = token.discount_factor ?? null;
  return {
    id: token.token,
    price: token.index_price,
    assetWeight: token.base_weight,
    ...(cap < 0 ? {} : { cap: cap * real(token.index_price, 'index_price') }),
    ...(factor === null ? {} : { curve: { kind: 'power', factor, numerator: COLLATERAL_NUMERATOR, exponent: POWER } }),
  };
}

/**
 * An account: holdings and positions.
 * @param id - of the account
 * @param state - rows of GET /v1/client/holding and /v1/positions
 * @returns an account
 * @example
 * account('a', { holding: [{ token: 'USDC', holding: '1000' }], rows: [] }).balances // { USDC: '1000' }
 */
export function account(
  id: string,
  state: { holding: readonly { token: string; holding: Decimal }[]; rows: readonly Position[] },
): AccountJSON {
  return {
    id,
    balances: Object.fromEntries(state.holding.map(({ token, holding }) => [token, holding])),
    positions: state.rows.map((row) => ({
      market: row.symbol,
      size: row.position_qty,
      entry: row.average_open_price,
      ...(row.leverage === undefined ? {} : { leverage: row.leverage }),
      ...(row.last_sum_unitary_funding === undefined ? {} : { fundingIndex: row.last_sum_unitary_funding }),
    })),
  };
}
