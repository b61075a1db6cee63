// dYdX v4 in its own whole numbers: a book whose amounts are quote quantums and whose sizes are base quantums, rounded by the
// kernel as the protocol rounds. Where a double cannot tell, the unit says `inexact` and dydx-rules.ts (bigint) answers.
import type { AccountJSON, AssetJSON, MarketJSON } from '../book/types.js';
import { decimal } from './decimal.js';
import { PERPETUAL_KEYS, type Perpetual, QUOTE_RESOLUTION } from './dydx-rules.js';
import type { Integer } from './integer.js';
import { Row } from './rows.js';

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
 * @throws MarginError missing-key, unknown-key, type, inexact
 * @example
 * quantumMarket({ ticker: 'BTC-USD', atomicResolution: -8, price: '5000000000', priceExponent: -5, initialMarginPpm: 50_000,
 *   maintenanceFractionPpm: 600_000 }).mark // '500'
 */
export function quantumMarket(perpetual: Perpetual): MarketJSON {
  const row = new Row(perpetual, '', PERPETUAL_KEYS, 'quantumMarket');
  const initial = decimal(row.integer('initialMarginPpm'), PPM_DECIMALS);
  const upper = row.integer('openInterestUpperCap', 0n);
  const lower = row.integer('openInterestLowerCap', 0n);
  return {
    id: row.text('ticker'),
    kind: 'linear',
    settle: 'USDC',
    mark: decimal(
      row.integer('price'),
      QUOTE_RESOLUTION - Number(row.integer('priceExponent')) - Number(row.integer('atomicResolution')),
    ),
    brackets: [{ upTo: null, maintenanceRate: initial, initialRate: initial }],
    rounding: {
      notional: 'trunc',
      requirement: 'ceil',
      maintenanceFraction: decimal(row.integer('maintenanceFractionPpm'), PPM_DECIMALS),
    },
    openInterest: String(row.integer('openInterest', 0n)),
    ...(upper === 0n ? {} : { openInterestLower: String(lower), openInterestUpper: String(upper) }),
  };
}

/**
 * A subaccount in quantums. Positions have no cost: the quote balance has paid for them.
 * @param id - of the account
 * @param subaccount - quote balance in quote quantums, positions in base quantums
 * @returns an account for a book of `quantumMarket`s; collateral is the protocol's net collateral
 * @throws MarginError missing-key, unknown-key, type, inexact
 * @example
 * quantumAccount('alice', { usdcQuantums: 110, positions: [{ ticker: 'BTC-USD', baseQuantums: -25 }] }).balances // { USDC: '110' }
 */
export function quantumAccount(
  id: string,
  subaccount: { usdcQuantums: Integer; positions: readonly { ticker: string; baseQuantums: Integer }[] },
): AccountJSON {
  const row = new Row(subaccount, '', ['usdcQuantums', 'positions'], 'quantumAccount');
  const open = row
    .rows('positions', ['ticker', 'baseQuantums'])
    .filter((position) => position.integer('baseQuantums') !== 0n);
  return {
    id,
    balances: { USDC: String(row.integer('usdcQuantums')) },
    positions: open.map((position) => ({
      market: position.text('ticker'),
      size: String(position.integer('baseQuantums')),
      cost: 0,
    })),
  };
}
