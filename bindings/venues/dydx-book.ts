// dYdX v4: perpetuals and subaccounts in the protocol's integers as parts of a book, digit for digit. Its rules are in dydx-rules.ts.
import type { AccountJSON, AssetJSON, MarketJSON, PositionJSON } from '../book/types.js';
import { MarginError } from '../errors.js';
import { decimal } from './decimal.js';
import type { Perpetual } from './dydx-rules.js';
import { type Integer, integer } from './integer.js';

/** A quote quantum is 1e-6 USDC, a rate in ppm 1e-6. */
const USDC_DECIMALS = 6;
const PPM_DECIMALS = 6;

/**
 * The one collateral of the protocol.
 * @returns an asset of price 1
 * @example
 * usdc().id // 'USDC'
 */
export function usdc(): AssetJSON {
  return { id: 'USDC', price: 1, decimals: USDC_DECIMALS };
}

/**
 * A perpetual as a market: sizes in units, one rate for every notional, open-interest scaling on the initial level.
 * @param perpetual - the protocol's parameters
 * @returns a linear market that settles in USDC
 * @throws MarginError type, inexact
 * @example
 * market({ ticker: 'BTC-USD', atomicResolution: -8, price: '5000000000', priceExponent: -5, initialMarginPpm: 50_000,
 *   maintenanceFractionPpm: 600_000 }).brackets // [{ upTo: null, maintenanceRate: '0.03', initialRate: '0.05' }]
 */
export function market(perpetual: Perpetual): MarketJSON {
  const initial = integer(perpetual.initialMarginPpm, 'initialMarginPpm');
  const fraction = integer(perpetual.maintenanceFractionPpm, 'maintenanceFractionPpm');
  const upper = integer(perpetual.openInterestUpperCap ?? 0, 'openInterestUpperCap');
  const units = -perpetual.atomicResolution;
  return {
    id: perpetual.ticker,
    kind: 'linear',
    settle: 'USDC',
    mark: decimal(integer(perpetual.price, 'price'), -perpetual.priceExponent),
    brackets: [
      {
        upTo: null,
        maintenanceRate: decimal(initial * fraction, 2 * PPM_DECIMALS),
        initialRate: decimal(initial, PPM_DECIMALS),
      },
    ],
    openInterest: decimal(integer(perpetual.openInterest ?? 0, 'openInterest'), units),
    openInterestLower:
      upper === 0n
        ? null
        : decimal(integer(perpetual.openInterestLowerCap ?? 0, 'openInterestLowerCap'), USDC_DECIMALS),
    openInterestUpper: upper === 0n ? null : decimal(upper, USDC_DECIMALS),
    fundingIndex: fundingIndex(perpetual.fundingIndex ?? 0, perpetual.atomicResolution),
  };
}

/** Index in USDC a unit: 1e-6 of a quote quantum (1e-6 USDC) for each of the 10^-atomicResolution base quantums. */
function fundingIndex(index: Integer, atomicResolution: number): string {
  return decimal(integer(index, 'fundingIndex'), PPM_DECIMALS + USDC_DECIMALS + atomicResolution);
}

/**
 * A subaccount as an account. Positions have no cost: the quote balance has paid for them, so equity is the protocol's
 * net collateral.
 * @param id - of the account
 * @param subaccount - quote balance in quote quantums, positions in base quantums with their funding index
 * @param perpetuals - the markets held
 * @returns an account with sizes in units
 * @throws MarginError type, inexact, unknown-id
 * @example
 * account('alice', { usdcQuantums: 110_000_000, positions: [] }, []).balances // { USDC: '110' }
 */
export function account(
  id: string,
  subaccount: {
    usdcQuantums: Integer;
    positions: readonly { ticker: string; baseQuantums: Integer; fundingIndex?: Integer }[];
  },
  perpetuals: readonly Perpetual[],
): AccountJSON {
  const positions = subaccount.positions.map(({ ticker, baseQuantums, fundingIndex: index }): PositionJSON => {
    const perpetual = perpetuals.find((candidate) => candidate.ticker === ticker);
    if (!perpetual) throw new MarginError('unknown-id', { path: 'positions', got: ticker, expected: 'a known ticker' });
    const { atomicResolution } = perpetual;
    return {
      market: ticker,
      size: decimal(integer(baseQuantums, 'baseQuantums'), -atomicResolution),
      cost: 0,
      ...(index === undefined ? {} : { fundingIndex: fundingIndex(index, atomicResolution) }),
    };
  });
  return {
    id,
    balances: { USDC: decimal(integer(subaccount.usdcQuantums, 'usdcQuantums'), USDC_DECIMALS) },
    positions,
  };
}
