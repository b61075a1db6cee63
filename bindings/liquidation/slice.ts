// A close in slices: the disposal of a network position by share and by book, and a first slice with a cooldown.
import { AT_LEAST_0, decimal, Fields, POSITIVE } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { exact, times, whole } from './exact.js';

/** A schedule of more trades than this is a rule gone wrong. */
const MOST_SLICES = 100_000;

/** How a network position is disposed of. */
export interface DisposalRule {
  /** Share of what is held that one trade closes, (0, 1]. */
  fraction: Decimal;
  /** At or below this many contracts all is closed. */
  fullSize: Decimal;
  /** Share of the volume on the book that one trade may take, (0, 1]. */
  bookShare: Decimal;
  /** Time from one trade to the next. */
  every: Decimal;
}

const SHARE = { above: 0, max: 1 };

interface Rule {
  fraction: number;
  fullSize: number;
  bookShare: number;
  every: number;
}

function ruleOf(rule: DisposalRule): Rule {
  const fields = new Fields(rule, 'rule', ['fraction', 'fullSize', 'bookShare', 'every']);
  return {
    fraction: fields.number('fraction', SHARE),
    fullSize: fields.number('fullSize', AT_LEAST_0),
    bookShare: fields.number('bookShare', SHARE),
    every: fields.number('every', AT_LEAST_0),
  };
}

/** Contracts of a position without its sign. @throws MarginError type where it is not whole */
function contracts(position: Decimal): number {
  const held = Math.abs(decimal(position, 'position'));
  if (Number.isSafeInteger(held)) return held;
  throw new MarginError('type', { path: 'position', got: position, expected: 'a whole number of contracts' });
}

const partOf = (share: number, size: number): number => Number(whole(times(exact(share), exact(size)), 'ceil'));

function slice(held: number, { fraction, fullSize, bookShare }: Rule, volume: number): number {
  const wanted = held <= fullSize ? held : partOf(fraction, held);
  return Math.min(wanted, partOf(bookShare, volume));
}

/**
 * Contracts of the next trade: a share of the position rounded up, all of a small one, and no more than a share of the
 * book.
 * @param position - signed whole contracts
 * @param rule - shares and full size
 * @param bookVolume - contracts that the book offers within the permitted prices
 * @returns contracts, >= 0
 * @throws MarginError range, type, not-finite, unknown-key
 * @see vegaprotocol/vega core/execution/liquidation/engine.go
 * @example
 * disposalSlice(-280, { fraction: 0.5, fullSize: 50, bookShare: 0.01, every: 10 }, 10_000) // 100
 */
export function disposalSlice(position: Decimal, rule: DisposalRule, bookVolume: Decimal): number {
  return slice(contracts(position), ruleOf(rule), decimal(bookVolume, 'bookVolume', AT_LEAST_0));
}

/**
 * All trades of a disposal into a book that always offers the same volume again.
 * @param position - signed whole contracts
 * @param rule - shares, full size and time step
 * @param bookVolume - contracts on the book at each trade; 0: there are no trades
 * @param start - time of the first trade; default 0
 * @returns trades: contracts in order; times of them; left: contracts that no trade takes
 * @throws MarginError range, type, not-finite, unknown-key, too-many beyond 100,000 trades
 * @see vegaprotocol/specs protocol/0012-POSR-position_resolution.md, 0012-POSR-013
 * @example
 * disposalSchedule(280, { fraction: 0.5, fullSize: 50, bookShare: 0.01, every: 10 }, 10_000)
 *   // { trades: [100, 90, 45, 45], times: [0, 10, 20, 30], left: 0 }
 */
export function disposalSchedule(
  position: Decimal,
  rule: DisposalRule,
  bookVolume: Decimal,
  start: Decimal = 0,
): { trades: number[]; times: number[]; left: number } {
  const rules = ruleOf(rule);
  const volume = decimal(bookVolume, 'bookVolume', AT_LEAST_0);
  const first = decimal(start, 'start');
  const trades: number[] = [];
  let left = contracts(position);
  while (left > 0) {
    const trade = slice(left, rules, volume);
    if (trade === 0) break;
    if (trades.length === MOST_SLICES) {
      throw new MarginError('too-many', {
        path: 'position',
        got: position,
        expected: `at most ${MOST_SLICES} trades`,
        hint: 'Ask for one at a time with disposalSlice',
      });
    }
    trades.push(trade);
    left -= trade;
  }
  return { trades, times: trades.map((_, i) => first + i * rules.every), left };
}

/** A first slice of large positions. */
export interface FirstSlice {
  /** Share of the position, (0, 1]. */
  fraction: Decimal;
  /** Notional above which (not at which) only this is closed, quote. */
  above: Decimal;
  /** Time after a slice in which the whole position is closed; the unit of `now`. */
  cooldown: Decimal;
}

/**
 * Hyperliquid: 20 % of what is worth more than 100,000 USDC, 30 s, times in ms. Source: its docs,
 * trading/liquidations.
 */
export const HYPERLIQUID_SLICE: FirstSlice = { fraction: 0.2, above: 100_000, cooldown: 30_000 };

/**
 * The first liquidation order of a large position takes a part of it; an order within the cooldown takes all.
 * @param position - size: signed contracts; price: mark, quote; last: time of the user's last slice, null for none
 * @param now - time, in the unit of the cooldown
 * @param rule - default Hyperliquid's
 * @returns size: contracts to close; partial: whether it is a slice; cooldownEnd: until when the next order takes all,
 *   or null
 * @throws MarginError range, missing-key, type, not-finite, unknown-key
 * @example
 * firstSlice({ size: 5, price: 60_000, last: null }, 1_000) // { size: 1, partial: true, cooldownEnd: 31_000 }
 */
export function firstSlice(
  position: { size: Decimal; price: Decimal; last: number | null },
  now: Decimal,
  rule: FirstSlice = HYPERLIQUID_SLICE,
): { size: number; partial: boolean; cooldownEnd: number | null } {
  const fields = new Fields(position, 'position', ['size', 'price', 'last']);
  const rules = new Fields(rule, 'rule', ['fraction', 'above', 'cooldown']);
  const time = decimal(now, 'now');
  const held = Math.abs(fields.number('size', {}));
  const cooldown = rules.number('cooldown', AT_LEAST_0);
  const last = fields.has('last') ? fields.number('last', { max: time }) : null;
  const fraction = rules.number('fraction', SHARE);
  const large = held * fields.number('price', POSITIVE) > rules.number('above', AT_LEAST_0);
  const cooling = last !== null && time - last < cooldown;
  const partial = large && !cooling && fraction < 1;
  const cooldownEnd = partial ? time + cooldown : cooling ? (last ?? 0) + cooldown : null;
  return { size: partial ? held * fraction : held, partial, cooldownEnd };
}
