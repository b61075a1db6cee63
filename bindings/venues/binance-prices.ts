// Binance: liquidation prices as the venue publishes them, with the bracket of today's notional kept. Source: Binance FAQ
// b3c689c1f50a44cabb3a84e663b81d93 (USD-M) and ceccfcfb4e3a45e3b48b0b1bb1a8ae46 (COIN-M).
import { nearest } from '../book/nearest.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { type FrozenTerm, inverseRoot, linearRoot } from './frozen-tier.js';
import { Row } from './rows.js';

/** A row of positionRisk with the bracket that its notional is in; other keys are not read. */
export interface BracketedPosition {
  /** Market, as the venue names it. */
  symbol: string;
  /** Contracts; negative for a short position. */
  positionAmt: Decimal;
  /** Average entry price, USD. */
  entryPrice: Decimal;
  /** Needed where another symbol is asked for. */
  markPrice?: Decimal;
  /** Rate of the bracket, a fraction. */
  maintMarginRatio: Decimal;
  /** Maintenance amount of the bracket: USD, COIN-M coin. */
  cum: Decimal;
}

/** A wallet and everything that it backs. */
export interface Backed<P> {
  /** crossWalletBalance with all cross positions of the margin asset, or isolatedWallet with the one position. */
  walletBalance: Decimal;
  /** That stand on this wallet. */
  positions: readonly P[];
}

/**
 * Liquidation price of a USD-M symbol; the other symbols stay at their marks. In hedge mode both sides of the symbol move.
 * @param symbol - of the market that moves
 * @param state - wallet (margin asset) and positions with their brackets
 * @returns quote; null where there is none. The bracket is kept: optimistic where the price crosses into a higher one
 * @throws MarginError missing-key, type, range; unknown-id where no row has the symbol
 * @example
 * usdmLiquidationPrice('X', { walletBalance: 20, positions: [
 *   { symbol: 'X', positionAmt: 1, entryPrice: 100, maintMarginRatio: 0.2, cum: 0 }] }) // 100
 */
export function usdmLiquidationPrice(symbol: string, state: Backed<BracketedPosition>): number | null {
  const { wallet, own, others } = split(symbol, state, 'usdmLiquidationPrice');
  const equity = others.reduce((sum, row) => {
    const { size, price, rate, deduction } = term(row, 1);
    const mark = row.positive('markPrice');
    return sum + size * (mark - price) - (Math.abs(size) * mark * rate - deduction);
  }, wallet);
  return linearRoot(
    equity,
    own.map((row) => term(row, 1)),
  );
}

/**
 * Liquidation price of a COIN-M symbol; the coin's other symbols stay at their marks.
 * @param symbol - of the market that moves
 * @param state - wallet (coin) and positions with their brackets; contractSize: USD of one contract
 * @returns USD; null where there is none, as for a short position that its coins cover. The bracket is kept: optimistic where
 *   the price crosses into a higher one
 * @throws MarginError missing-key, type, range; unknown-id where no row has the symbol
 * @example
 * coinmLiquidationPrice('X', { walletBalance: 1, positions: [{ symbol: 'X', positionAmt: -2, contractSize: 100,
 *   entryPrice: 100, maintMarginRatio: 0.25, cum: 0 }] }) // 150
 */
export function coinmLiquidationPrice(
  symbol: string,
  state: Backed<BracketedPosition & { contractSize: Decimal }>,
): number | null {
  const { wallet, own, others } = split(symbol, state, 'coinmLiquidationPrice');
  const coinTerm = (row: Row): Required<FrozenTerm> => term(row, row.positive('contractSize'));
  const equity = others.reduce((sum, row) => {
    const { size, price, rate, deduction } = coinTerm(row);
    const mark = row.positive('markPrice');
    return sum + size / price - size / mark - ((Math.abs(size) / mark) * rate - deduction);
  }, wallet);
  return inverseRoot(equity, own.map(coinTerm));
}

function split(symbol: string, state: unknown, name: string): { wallet: number; own: Row[]; others: Row[] } {
  const row = new Row(state, '', ['walletBalance', 'positions'], name);
  const rows = row.rows('positions');
  const symbols = rows.map((position) => position.text('symbol'));
  if (!symbols.includes(symbol)) {
    const near = nearest(symbol, symbols);
    throw new MarginError('unknown-id', {
      path: row.at('positions'),
      got: symbol,
      expected: 'a row of this symbol',
      ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
    });
  }
  return {
    wallet: row.number('walletBalance'),
    own: rows.filter((_, index) => symbols[index] === symbol),
    others: rows.filter((_, index) => symbols[index] !== symbol),
  };
}

function term(row: Row, contractSize: number): Required<FrozenTerm> {
  return {
    size: row.number('positionAmt') * contractSize,
    price: row.positive('entryPrice'),
    rate: row.rate('maintMarginRatio'),
    deduction: row.number('cum'),
  };
}
