// Bankruptcy prices: where an account's equity is 0 if one position moves, and what a close must bring so that every
// position bears its share of the equity left. The integer form of the second is in venues/dydx. A price is rounded
// toward the fund.
import { Fields, POSITIVE, SIZE } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { toStep } from './exact.js';
import { notZero, SIDES, type Side, sideOf } from './side.js';

/** How the profit of a position depends on the price; as `kind` of a market. */
export type Kind = 'linear' | 'inverse' | 'prediction';

/** Numbers of the kinds, for `Fields.word`. */
const KINDS: Readonly<Record<Kind, number>> = { linear: 0, inverse: 1, prediction: 2 };

const HOLDING = ['kind', 'size', 'mark', 'equity', 'multiplier'] as const;

/** A position and the equity of the account (or bucket) that bears its loss. */
export interface Holding {
  /** Default linear. */
  kind?: Kind;
  /** Signed contracts, not 0. */
  size: Decimal;
  /** Quote. */
  mark: Decimal;
  /** At the mark, with all profit and loss; settle units, negative when already bankrupt. */
  equity: Decimal;
  /** Units of base in a contract (of quote for inverse); default 1. */
  multiplier?: Decimal;
}

/**
 * The price at which the equity is 0 if this position moves and nothing else does.
 * @param position - position and equity
 * @returns quote, kept within the prices that there are: at least 0, of a prediction at most 1. null: an inverse
 *   position whose equity has one sign at every price
 * @throws MarginError range where the size is 0 or the mark is not positive, type, not-finite, unknown-key
 * @see pluriholonomic/autodeleveraging-analysis paper/liquidation-mechanics.tex (Bankruptcy Price Example)
 * @example
 * bankruptcyPrice({ size: -4, mark: 1, equity: 2 }) // 1.5
 */
export function bankruptcyPrice(position: Holding): number | null {
  const fields = new Fields(position, 'position', HOLDING);
  const kind = fields.word('kind', KINDS, 'linear');
  const mark = fields.number('mark', kind === KINDS.prediction ? { above: 0, below: 1 } : POSITIVE);
  const units = notZero(fields.number('size', SIZE), fields.at('size')) * fields.number('multiplier', POSITIVE, 1);
  const move = fields.number('equity', {}) / units;
  if (kind === KINDS.inverse) {
    const inverse = 1 / mark + move;
    return inverse > 0 ? 1 / inverse : null;
  }
  const price = Math.max(0, mark - move);
  return kind === KINDS.prediction ? Math.min(1, price) : price;
}

const SHARE = ['size', 'close', 'price', 'equity', 'maintenance', 'released', 'multiplier'] as const;

/** A linear position that is closed, and what its account has and needs. */
export interface ProRata {
  /** Signed contracts, not 0. */
  size: Decimal;
  /** Contracts closed, at most the position; default all. */
  close?: Decimal;
  /** Oracle or mark, quote. */
  price: Decimal;
  /** Of the account before the close, settle units. */
  equity: Decimal;
  /** Maintenance requirement of all its positions, settle units. */
  maintenance: Decimal;
  /** Requirement that the close takes away, settle units, at most `maintenance`. */
  released: Decimal;
  /** Units of base in a contract; default 1. */
  multiplier?: Decimal;
}

/**
 * Bankruptcy price of a close when the equity is shared over positions by their maintenance requirement: closing all of
 * them at these prices leaves nothing, whatever the order.
 * @param close - position, account and the requirement that goes
 * @returns quote: settle units that the account must receive (positive) or can at most pay (negative) for the close;
 *   price: the same for a unit of base, below 0 where the equity is worth more than the position
 * @throws MarginError range where the size or the requirement is 0 or more is closed than there is, type, not-finite
 * @see dydxprotocol/v4-chain x/clob/keeper/liquidations.go (GetBankruptcyPriceInQuoteQuantums)
 * @example
 * proRataBankruptcyPrice({ size: -1, price: 50_000, equity: 800, maintenance: 8_000, released: 5_000 })
 *   // { quote: -50_500, price: 50_500 }
 */
export function proRataBankruptcyPrice(close: ProRata): { quote: number; price: number } {
  const fields = new Fields(close, 'close', SHARE);
  const size = notZero(fields.number('size', SIZE), fields.at('size'));
  const closed = fields.number('close', { above: 0, max: Math.abs(size) }, Math.abs(size));
  const maintenance = fields.number('maintenance', POSITIVE);
  const released = fields.number('released', { min: 0, max: maintenance });
  const units = SIDES[sideOf(size)] * closed * fields.number('multiplier', POSITIVE, 1);
  const share = (fields.number('equity', {}) * released) / maintenance;
  const quote = units * fields.number('price', POSITIVE) - share;
  return { quote, price: quote / units };
}

/**
 * A closing price on the tick that costs the fund nothing: a long is closed no lower, a short no higher.
 * @param price - quote
 * @param tick - step of prices, > 0
 * @param side - of the position that is closed
 * @returns the next multiple of the tick, as a decimal: 7735.5, not 7735.500000000001
 * @throws MarginError range, type, not-finite
 * @see Bybit help centre, "What is Bankruptcy Price": a long is rounded up, a short down
 * @example
 * towardFund(7735.372549, 0.5, 'long') // 7735.5
 */
export function towardFund(price: Decimal, tick: Decimal, side: Side): number {
  const fields = new Fields({ price, tick, side }, '', ['price', 'tick', 'side']);
  const long = fields.word('side', SIDES) === SIDES.long;
  return toStep(fields.number('price', {}), fields.number('tick', POSITIVE), long ? 'ceil' : 'floor');
}
