// dYdX v4 before a trade: a subaccount as an update would leave it, and whether that is allowed.
// Source: v4-chain x/subaccounts/keeper/subaccount.go, lib/margin/risk.go.
import { MarginError } from '../errors.js';
import type { Integer } from './integer.js';
import { Row } from './rows.js';

/** Quote balance and positions, or changes of them. */
export interface Subaccount {
  /** Quote quantums. */
  usdcQuantums: Integer;
  /** Base quantums, signed; the funding index is not read. */
  positions: readonly { ticker: string; baseQuantums: Integer; fundingIndex?: Integer }[];
}

function quantumsOf(state: Subaccount, name: string): { usdc: bigint; sizes: Map<string, bigint> } {
  const row = new Row(state, name, ['usdcQuantums', 'positions']);
  const sizes = new Map<string, bigint>();
  for (const position of row.rows('positions', ['ticker', 'baseQuantums', 'fundingIndex'])) {
    const ticker = position.text('ticker');
    if (sizes.has(ticker)) {
      const expected = 'one position for each market';
      throw new MarginError('duplicate', { path: position.at('ticker'), got: ticker, expected });
    }
    sizes.set(ticker, position.integer('baseQuantums'));
  }
  return { usdc: row.integer('usdcQuantums'), sizes };
}

/**
 * A subaccount after an update, so that its risk can be asked for before it is made.
 * @param subaccount - as it is
 * @param update - what is added; a market without a position opens one
 * @returns quote and base quantums; a position that is closed stays with a size of 0
 * @throws MarginError missing-key, unknown-key, type, inexact, duplicate
 * @see v4-chain protocol/x/subaccounts/keeper/subaccount.go GetNetCollateralAndMarginRequirements
 * @example
 * updated({ usdcQuantums: 5, positions: [{ ticker: 'BTC-USD', baseQuantums: 100 }] },
 *   { usdcQuantums: 1, positions: [{ ticker: 'BTC-USD', baseQuantums: -200 }] })
 *   // { usdcQuantums: 6n, positions: [{ ticker: 'BTC-USD', baseQuantums: -100n }] }
 */
export function updated(
  subaccount: Subaccount,
  update: Subaccount,
): { usdcQuantums: bigint; positions: { ticker: string; baseQuantums: bigint }[] } {
  const [now, change] = [quantumsOf(subaccount, 'subaccount'), quantumsOf(update, 'update')];
  const tickers = new Set([...now.sizes.keys(), ...change.sizes.keys()]);
  return {
    usdcQuantums: now.usdc + change.usdc,
    positions: Array.from(tickers, (ticker) => ({
      ticker,
      baseQuantums: (now.sizes.get(ticker) ?? 0n) + (change.sizes.get(ticker) ?? 0n),
    })),
  };
}

/**
 * Whether an account has its initial margin, which every new risk needs.
 * @param risk - quote quantums
 * @returns true where net collateral is at least the initial margin
 * @throws MarginError missing-key, type, inexact
 * @see v4-chain protocol/lib/margin/risk.go IsInitialCollateralized
 * @example
 * isInitialCollateralized({ netCollateral: 100n, initialMargin: 100n }) // true
 */
export function isInitialCollateralized(risk: { netCollateral: Integer; initialMargin: Integer }): boolean {
  const row = new Row(risk, 'risk');
  return row.integer('netCollateral') >= row.integer('initialMargin');
}
