// dYdX v4: perpetuals and subaccounts in the protocol's integers as parts of a book, digit for digit. Its rules are in dydx-rules.ts.
import { nearest } from '../book/nearest.js';
import type { AccountJSON, AssetJSON, MarketJSON, PositionJSON } from '../book/types.js';
import { MarginError } from '../errors.js';
import { decimal } from './decimal.js';
import { PERPETUAL_KEYS, type Perpetual } from './dydx-rules.js';
import type { Integer } from './integer.js';
import { Row, rowsOf } from './rows.js';

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
 * @throws MarginError missing-key, unknown-key, type, inexact
 * @example
 * market({ ticker: 'BTC-USD', atomicResolution: -8, price: '5000000000', priceExponent: -5, initialMarginPpm: 50_000,
 *   maintenanceFractionPpm: 600_000 }).brackets // [{ upTo: null, maintenanceRate: '0.03', initialRate: '0.05' }]
 */
export function market(perpetual: Perpetual): MarketJSON {
  const row = new Row(perpetual, '', PERPETUAL_KEYS, 'market');
  const initial = row.integer('initialMarginPpm');
  const fraction = row.integer('maintenanceFractionPpm');
  const upper = row.integer('openInterestUpperCap', 0n);
  const resolution = Number(row.integer('atomicResolution'));
  return {
    id: row.text('ticker'),
    kind: 'linear',
    settle: 'USDC',
    mark: decimal(row.integer('price'), -Number(row.integer('priceExponent'))),
    brackets: [
      {
        upTo: null,
        maintenanceRate: decimal(initial * fraction, 2 * PPM_DECIMALS),
        initialRate: decimal(initial, PPM_DECIMALS),
      },
    ],
    openInterest: decimal(row.integer('openInterest', 0n), -resolution),
    openInterestLower: upper === 0n ? null : decimal(row.integer('openInterestLowerCap', 0n), USDC_DECIMALS),
    openInterestUpper: upper === 0n ? null : decimal(upper, USDC_DECIMALS),
    fundingIndex: fundingIndex(row.integer('fundingIndex', 0n), resolution),
  };
}

/** Index in USDC a unit: 1e-6 of a quote quantum (1e-6 USDC) for each of the 10^-atomicResolution base quantums. */
function fundingIndex(index: bigint, atomicResolution: number): string {
  return decimal(index, PPM_DECIMALS + USDC_DECIMALS + atomicResolution);
}

/**
 * A subaccount as an account. Positions have no cost: the quote balance has paid for them, so equity is the protocol's
 * net collateral.
 * @param id - of the account
 * @param subaccount - quote balance in quote quantums, positions in base quantums with their funding index
 * @param perpetuals - the markets held
 * @returns an account with sizes in units; positions of size 0 are left out
 * @throws MarginError missing-key, unknown-key, type, inexact, unknown-id
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
  const row = new Row(subaccount, '', ['usdcQuantums', 'positions'], 'account');
  const markets = new Map(
    rowsOf(perpetuals, 'perpetuals', PERPETUAL_KEYS).map((perpetual) => [perpetual.text('ticker'), perpetual]),
  );
  const open = row
    .rows('positions', ['ticker', 'baseQuantums', 'fundingIndex'])
    .filter((position) => position.integer('baseQuantums') !== 0n);
  return {
    id,
    balances: { USDC: decimal(row.integer('usdcQuantums'), USDC_DECIMALS) },
    positions: open.map((position): PositionJSON => {
      const ticker = position.text('ticker');
      const perpetual = markets.get(ticker);
      if (!perpetual) {
        const near = nearest(ticker, markets.keys());
        throw new MarginError('unknown-id', {
          path: position.at('ticker'),
          got: ticker,
          expected: 'a ticker of the perpetuals given',
          ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
        });
      }
      const resolution = Number(perpetual.integer('atomicResolution'));
      return {
        market: ticker,
        size: decimal(position.integer('baseQuantums'), -resolution),
        cost: 0,
        ...(position.has('fundingIndex')
          ? { fundingIndex: fundingIndex(position.integer('fundingIndex'), resolution) }
          : {}),
      };
    }),
  };
}
