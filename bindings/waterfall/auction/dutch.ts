// A Dutch auction of a lot that has to bring in a debt: whoever takes first pays the price of the second. What is taken is cut
// to what the debt needs, and no debt is left that is too small to be bought.
import { MarginError } from '../../errors.js';
import { type Integer, integer, smaller } from '../../venues/integer.js';
import { Row } from '../../venues/rows.js';
import { type Amount, amount, amountAt } from '../amount.js';
import { keeperReward } from './bark.js';
import { auctionPrice, type PriceCurve } from './curve.js';
import { RAY } from './fixed.js';

/** What is for sale, and for how much at most. */
export interface DutchLot {
  /** Units for sale. */
  lot: Integer;
  /** Debt to be raised, in products of a unit and a price (WAD x RAY = RAD). */
  tab: Integer;
  /** Least debt that may be left while something is for sale, as `tab`; default 0. */
  chost?: Integer;
}

/** What a purchase from a Dutch auction comes to. */
export interface DutchTake {
  /** Units that the buyer gets. */
  slice: Amount;
  /** What it pays, as `tab`. */
  owe: Amount;
  /** What is left of both; 0 once the auction has ended. */
  tab: Amount;
  /** Units that are still for sale. */
  lot: Amount;
  /** Whether nothing more is sold. */
  ended: boolean;
  /** Units that go back to whom they were taken from: slice + lot + returned is the lot before. */
  returned: Amount;
  /** Debt that the lot did not bring in: owe + tab + badTab is the debt before. */
  badTab: Amount;
}

const LOT = ['lot', 'tab', 'chost'] as const;

/**
 * Sells from a lot at a price.
 * @param sale - what is left of both
 * @param purchase - units wanted at most, and the price of a unit (RAY where units are WAD and the debt is RAD)
 * @returns units, payment and what is left; the payment never exceeds the debt, nor does it leave one in (0, chost)
 * @throws MarginError range where a part would leave too little debt and the whole lot has to be bought, or a number is
 *   below 0; missing-key, unknown-key, type, inexact
 * @see makerdao/dss src/clip.sol take
 * @example
 * dutchTake({ lot: 40n, tab: 110n, chost: 22n }, { amount: 18n, price: 5n })
 *   // { slice: 17n, owe: 88n, tab: 22n, lot: 23n, ended: false, returned: 0n, badTab: 0n }
 */
export function dutchTake(sale: DutchLot, purchase: { amount: Integer; price: Integer }): DutchTake {
  const row = new Row(sale, 'sale', LOT);
  const wanted = new Row(purchase, 'purchase', ['amount', 'price']);
  return taken(row, amountAt(wanted, 'amount'), amountAt(wanted, 'price'));
}

function taken(row: Row, wanted: Amount, price: bigint): DutchTake {
  const [lot, tab, chost] = [amountAt(row, 'lot'), amountAt(row, 'tab'), amountAt(row, 'chost', 0n)];
  let slice = smaller(lot, wanted);
  let owe = slice * price;
  if (owe > tab) [owe, slice] = [tab, tab / price];
  else if (owe < tab && slice < lot && tab - owe < chost) {
    if (tab <= chost) {
      const hint = `The debt of ${tab} may not be left in part below ${chost}`;
      throw new MarginError('range', { path: 'purchase.amount', got: wanted, expected: `the whole lot, ${lot}`, hint });
    }
    owe = tab - chost;
    slice = owe / price;
  }
  const [open, rest] = [tab - owe, lot - slice];
  const ended = rest === 0n || open === 0n;
  const left = ended ? { tab: 0n, lot: 0n } : { tab: open, lot: rest };
  return { slice, owe, ...left, ended, returned: ended ? rest : 0n, badTab: ended ? open : 0n };
}

/** A Dutch auction that runs. */
export interface DutchAuction extends DutchLot {
  /** How its price falls, RAY. */
  curve: PriceCurve;
  /** Second of its start. */
  started: Integer;
  /** When it has to be started anew; default: never. */
  reset?: ResetRule;
}

/** Stale after more than `tail` seconds, or where the price is below the part `cusp` (RAY) of the top. */
export interface ResetRule {
  /** Seconds after which it has to be started anew. */
  tail: Integer;
  /** Share of the top price below which it has to be started anew, RAY. */
  cusp: Integer;
}

const AUCTION = [...LOT, 'curve', 'started', 'reset'] as const;

/**
 * The price of an auction now, and whether it is stale.
 * @param auction - that runs
 * @param at - second, not before its start
 * @returns price (RAY); whether it has to be started anew before anybody can buy
 * @throws MarginError missing-key, unknown-key, type, inexact, range
 * @see makerdao/dss src/clip.sol status
 * @example
 * dutchStatus({ lot: 1n, tab: 1n, curve: { kind: 'linear', top: 1_000n, tau: 10 }, started: 5,
 *   reset: { tail: 3, cusp: 0n } }, 9) // { price: 600n, stale: true }
 */
export function dutchStatus(auction: DutchAuction, at: Integer): { price: bigint; stale: boolean } {
  const row = new Row(auction, 'auction', AUCTION);
  const seconds = amount(integer(at, 'at') - row.integer('started'), 'at');
  const price = auctionPrice(auction.curve, seconds);
  if (!row.has('reset')) return { price, stale: false };
  const rule = row.row('reset', ['tail', 'cusp']);
  const top = integer(auction.curve.top, 'curve.top');
  return { price, stale: seconds > amountAt(rule, 'tail') || price * RAY < amountAt(rule, 'cusp') * top };
}

/**
 * Buys from an auction at the price of the second.
 * @param auction - that runs
 * @param purchase - second, units wanted at most and the highest price accepted (RAY; default: any)
 * @returns as `dutchTake`, with the price and the auction after it
 * @throws MarginError range where the auction is stale, the price is above the highest accepted, a part would leave too
 *   little debt or a number is below 0; missing-key, unknown-key, type, inexact
 * @see makerdao/dss src/clip.sol take
 * @example
 * dutchBuy({ lot: 40n, tab: 6_000n, curve: { kind: 'linear', top: 200n, tau: 100 }, started: 0 }, { at: 50, amount: 10n }).owe
 *   // 1_000n
 */
export function dutchBuy(
  auction: DutchAuction,
  purchase: { at: Integer; amount: Integer; max?: Integer },
): DutchTake & { price: bigint; auction: DutchAuction } {
  const wanted = new Row(purchase, 'purchase', ['at', 'amount', 'max']);
  const { price, stale } = dutchStatus(auction, wanted.integer('at'));
  if (stale) {
    const expected = 'an auction that is not stale';
    throw new MarginError('range', { path: 'purchase.at', got: purchase.at, expected, hint: 'Start it anew first' });
  }
  const max = wanted.integer('max', price);
  if (price > max) {
    throw new MarginError('range', { path: 'purchase.max', got: max, expected: `at least the price, ${price}` });
  }
  const take = taken(new Row(auction, 'auction', AUCTION), amountAt(wanted, 'amount'), price);
  return { ...take, price, auction: { ...auction, lot: take.lot, tab: take.tab } };
}

/**
 * Starts a stale auction anew at a fresh price; lot and debt stay.
 * @param auction - stale
 * @param restart - second; fresh price of a unit and `buf`, the part of it to start from (RAY, default 1); tip and chip of
 *   the keeper's reward (as in `keeperReward`, default none)
 * @returns the auction, and the reward (as `tab`): none where debt or lot are worth less than chost, so that nobody lives
 *   on resets of dust
 * @throws MarginError range where it is not stale or would start at 0; missing-key, unknown-key, type, inexact
 * @see makerdao/dss src/clip.sol redo
 * @example
 * dutchReset({ lot: 1n, tab: 500n, curve: { kind: 'linear', top: 1_000n, tau: 10 }, started: 0, reset: { tail: 3, cusp: 0n } },
 *   { at: 9, price: 800n, tip: 7n }).reward // 7n
 */
export function dutchReset(
  auction: DutchAuction,
  restart: { at: Integer; price: Integer; buf?: Integer; tip?: Integer; chip?: Integer },
): { auction: DutchAuction; reward: Amount } {
  const row = new Row(restart, 'restart', ['at', 'price', 'buf', 'tip', 'chip']);
  const started = row.integer('at');
  if (!dutchStatus(auction, started).stale) {
    throw new MarginError('range', { path: 'restart.at', got: started, expected: 'a second at which it is stale' });
  }
  const price = amountAt(row, 'price');
  const top = (price * amountAt(row, 'buf', RAY)) / RAY;
  if (top === 0n) throw new MarginError('range', { path: 'restart.price', got: price, expected: 'a start above 0' });
  const left = new Row(auction, 'auction', AUCTION);
  const [lot, tab, chost] = [amountAt(left, 'lot'), amountAt(left, 'tab'), amountAt(left, 'chost', 0n)];
  const paid = keeperReward({ tip: amountAt(row, 'tip', 0n), chip: amountAt(row, 'chip', 0n), tab });
  const reward = tab >= chost && lot * price >= chost ? paid : 0n;
  return { auction: { ...auction, curve: { ...auction.curve, top }, started }, reward };
}
