// Paradex cross margin: markets, balances and positions of its API as parts of a book. Source: docs.paradex.trade, cross
// margin requirement and risk checks.
import { decimal as real } from '../book/fields.js';
import type { AccountJSON, AssetJSON, Decimal, MarketJSON } from '../book/types.js';

/** A perpetual of GET /v1/markets. */
export interface Perpetual {
  symbol: string;
  settlement_currency: string;
  mark_price: Decimal;
  /** Initial margin fraction of the market. */
  imf_base: Decimal;
  /** Maintenance as a share of the initial margin; default 1. */
  mmf_factor?: Decimal;
  /** Factor of the fee provision, a fraction of the notional in both requirements. */
  fee_provision?: Decimal;
}

/** A row of GET /v1/positions. */
export interface Position {
  market: string;
  /** Signed size, units of base. */
  size: Decimal;
  average_entry_price: Decimal;
  /** Funding index at the last settlement, quote for each unit of base. */
  cached_funding_index?: Decimal;
}

/**
 * A perpetual as a market.
 * @param perpetual - mark price (USD) and margin fractions
 * @returns a linear market
 * @throws MarginError type, not-finite
 * @example
 * market({ symbol: 'BTC-USD-PERP', settlement_currency: 'USDC', mark_price: 98, imf_base: 0.1, mmf_factor: 0.5 }).brackets
 *   // [{ upTo: null, maintenanceRate: 0.05, initialRate: 0.1 }]
 */
export function market(perpetual: Perpetual): MarketJSON {
  const { imf_base: initialRate, mmf_factor: factor = 1, fee_provision: closingFee } = perpetual;
  const maintenanceRate = real(initialRate, 'imf_base') * real(factor, 'mmf_factor');
  return {
    id: perpetual.symbol,
    kind: 'linear',
    settle: perpetual.settlement_currency,
    mark: perpetual.mark_price,
    brackets: [{ upTo: null, maintenanceRate, initialRate }],
    ...(closingFee === undefined ? {} : { closingFee }),
  };
}

/**
 * The settlement currency, counted at face value.
 * @param id - token
 * @returns asset of price 1
 * @example
 * cash('USDC').price // 1
 */
export function cash(id: string): AssetJSON {
  return { id, price: 1 };
}

/**
 * An account: balances and positions.
 * @param id - of the account
 * @param state - rows of GET /v1/balance and /v1/positions
 * @returns an account
 * @example
 * account('a', { balances: [{ token: 'USDC', size: '100' }], positions: [] }).balances // { USDC: '100' }
 */
export function account(
  id: string,
  state: { balances: readonly { token: string; size: Decimal }[]; positions: readonly Position[] },
): AccountJSON {
  return {
    id,
    balances: Object.fromEntries(state.balances.map(({ token, size }) => [token, size])),
    positions: state.positions.map((position) => ({
      market: position.market,
      size: position.size,
      entry: position.average_entry_price,
      ...(position.cached_funding_index === undefined ? {} : { fundingIndex: position.cached_funding_index }),
    })),
  };
}
