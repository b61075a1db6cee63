// dYdX v4 in its own whole numbers: a book whose amounts are quote quantums and whose sizes are base quantums, rounded by the
// kernel as the protocol rounds. Where a double cannot tell, the unit says `inexact` and dydx-rules.ts (bigint) answers.
import type { AccountJSON, AssetJSON, MarketJSON } from '../book/types.js';
import { decimal } from './decimal.js';
import { type Perpetual, QUOTE_RESOLUTION } from './dydx-rules.js';
import { type Integer, integer } from './integer.js';

const PPM_DECIMALS = 6;

/**
 * The collateral, counted in quote quantums (1e-6 USDC): the numeraire of such a book is the quote quantum.
 * @returns an asset of price 1
 * @example
 * quoteQuantum().price // 1
 */
export function quoteQuantum(): AssetJSON {
  return { id: 'USDC', price: 1, decimals: 0 };
}

/**
 * A perpetual whose numbers are exact: notional truncated, requirements rounded up, maintenance as a share of the rounded
 * initial requirement, the open-interest rate floored to a ppm.
 * @param perpetual - the protocol's parameters
 * @returns a linear market; sizes and open interest in base quantums, money in quote quantums
 * @throws MarginError type
 * @example
 * quantumMarket({ ticker: 'BTC-USD', atomicResolution: -8, price: '5000000000', priceExponent: -5, initialMarginPpm: 50_000,
 *   maintenanceFractionPpm: 600_000 }).mark // '500'
 */
export function quantumMarket(perpetual: Perpetual): MarketJSON {
  const initial = decimal(integer(perpetual.initialMarginPpm, 'initialMarginPpm'), PPM_DECIMALS);
  const upper = integer(perpetual.openInterestUpperCap ?? 0, 'openInterestUpperCap');
  const lower = integer(perpetual.openInterestLowerCap ?? 0, 'openInterestLowerCap');
  return {
    id: perpetual.ticker,
    kind: 'linear',
    settle: 'USDC',
    mark: decimal(
      integer(perpetual.price, 'price'),
      QUOTE_RESOLUTION - perpetual.priceExponent - perpetual.atomicResolution,
    ),
    brackets: [{ upTo: null, maintenanceRate: initial, initialRate: initial }],
    rounding: {
      notional: 'trunc',
      requirement: 'ceil',
      maintenanceFraction: decimal(integer(perpetual.maintenanceFractionPpm, 'maintenanceFractionPpm'), PPM_DECIMALS),
    },
    openInterest: String(integer(perpetual.openInterest ?? 0, 'openInterest')),
    ...(upper === 0n ? {} : { openInterestLower: String(lower), openInterestUpper: String(upper) }),
  };
}

/**
 * A subaccount in quantums. Positions have no cost: the quote balance has paid for them.
 * @param id - of the account
 * @param subaccount - quote balance in quote quantums, positions in base quantums
 * @returns an account for a book of `quantumMarket`s; collateral is the protocol's net collateral
 * @throws MarginError type
 * @example
 * quantumAccount('alice', { usdcQuantums: 110, positions: [{ ticker: 'BTC-USD', baseQuantums: -25 }] }).balances // { USDC: '110' }
 */
export function quantumAccount(
  id: string,
  subaccount: { usdcQuantums: Integer; positions: readonly { ticker: string; baseQuantums: Integer }[] },
): AccountJSON {
  return {
    id,
    balances: { USDC: String(integer(subaccount.usdcQuantums, 'usdcQuantums')) },
    positions: subaccount.positions.map(({ ticker, baseQuantums }) => ({
      market: ticker,
      size: String(integer(baseQuantums, 'baseQuantums')),
      cost: 0,
    })),
  };
}
