// The network party: at which price it takes a position over, and what its own position then makes. Its ledger is a
// state that each step returns anew.
import { Fields, POSITIVE, SIZE } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { towardFund } from './bankruptcy.js';
import { notZero, sideOf } from './side.js';

/** What is taken over. */
export interface Takeover {
  /** Signed contracts, not 0. */
  size: Decimal;
  /** Quote. */
  mark: Decimal;
  /** Bankruptcy price, quote. */
  bankruptcy: Decimal;
  /** Units of base in a contract; default 1. */
  multiplier?: Decimal;
}

/**
 * The price at which a fund or backstop takes a linear position over.
 * @param position - position and its two prices
 * @param rule - at: the bankruptcy price (default: the account keeps nothing, the fund bears what is beyond) or the
 *   mark; tick: step of prices, to which it is rounded toward the fund
 * @returns price: quote; fundPnl: what the fund makes at the mark, quote, negative where it takes a loss
 * @throws MarginError range, type, not-finite, unknown-key
 * @example
 * takeoverPrice({ size: 2, mark: 95, bankruptcy: 90.03 }, { tick: 0.5 }) // { price: 90.5, fundPnl: 9 }
 */
export function takeoverPrice(
  position: Takeover,
  rule: { at?: 'bankruptcy' | 'mark'; tick?: Decimal } = {},
): { price: number; fundPnl: number } {
  const fields = new Fields(position, 'position', ['size', 'mark', 'bankruptcy', 'multiplier']);
  const rules = new Fields(rule, 'rule', ['at', 'tick']);
  const size = notZero(fields.number('size', SIZE), fields.at('size'));
  const mark = fields.number('mark', POSITIVE);
  const bankruptcy = fields.number('bankruptcy', {});
  const exact = rules.word('at', { bankruptcy: 0, mark: 1 }, 'bankruptcy') === 1 ? mark : bankruptcy;
  const price = rules.has('tick') ? towardFund(exact, rules.number('tick', POSITIVE), sideOf(size)) : exact;
  return { price, fundPnl: size * fields.number('multiplier', POSITIVE, 1) * (mark - price) };
}

/** Position of the network party in one market. */
export interface NetworkPosition {
  /** Signed contracts. */
  position: number;
  /** Average price of what it holds, quote; null without a position. */
  entry: number | null;
  /** Made by what it has closed, quote, cumulative. */
  realizedPnl: number;
  /** Of what it holds, at the last mark, quote. */
  unrealizedPnl: number;
}

/** Before the first takeover. */
export const NO_POSITION: NetworkPosition = { position: 0, entry: null, realizedPnl: 0, unrealizedPnl: 0 };

/**
 * A mark, and what the network party takes over or disposes of at it. What adds to its position moves the average entry
 * and realises nothing; what is of the other sign closes at the price first, and the rest opens a new position.
 * @param state - before the step; `NO_POSITION` at first
 * @param step - mark (quote); size: signed contracts, 0 or left out for a new mark alone; price of the trade, default
 *   the mark
 * @returns the state after it
 * @throws MarginError range, type, not-finite, unknown-key
 * @see vegaprotocol/specs protocol/0012-POSR-position_resolution.md, 0012-POSR-017
 * @example
 * takeOver(takeOver(NO_POSITION, { mark: 100, size: 1 }), { mark: 90, size: 1 })
 *   // { position: 2, entry: 95, realizedPnl: 0, unrealizedPnl: -10 }
 */
export function takeOver(
  state: NetworkPosition,
  step: { mark: Decimal; size?: Decimal; price?: Decimal },
): NetworkPosition {
  const before = new Fields(state, 'state', ['position', 'entry', 'realizedPnl', 'unrealizedPnl']);
  const fields = new Fields(step, 'step', ['mark', 'size', 'price']);
  const held = before.number('position', SIZE);
  const entry = held === 0 ? 0 : before.number('entry', POSITIVE);
  const mark = fields.number('mark', POSITIVE);
  const size = fields.number('size', SIZE, 0);
  const price = fields.number('price', POSITIVE, mark);
  const position = held + size;
  const adds = held === 0 || size === 0 || held > 0 === size > 0;
  const turns = !adds && Math.abs(size) > Math.abs(held);
  const closed = adds ? 0 : turns ? held : -size;
  const average = adds ? (entry * held + price * size) / position : turns ? price : entry;
  return {
    position,
    entry: position === 0 ? null : average,
    realizedPnl: before.number('realizedPnl', {}) + closed * (price - entry),
    unrealizedPnl: position === 0 ? 0 : position * (mark - average),
  };
}
