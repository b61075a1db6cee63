// An English auction of a lot that has to bring in a debt: bids rise until one meets the debt, then the lot that is asked for
// it falls. Who is outbid is paid back by who outbids, at once.
import { MarginError } from '../../errors.js';
import { type Integer, integer } from '../../venues/integer.js';
import { Row } from '../../venues/rows.js';
import { type Amount, amountAt, type Ratio, ratio } from '../amount.js';
import { afterBid, type BidClock, isOpen, isWon, renewed } from './clock.js';
import { type AuctionTransfer, transfer } from './transfer.js';

/** An auction of a lot with rising bids. */
export interface EnglishAuction {
  /** Debt to be raised: no bid is above it, minor units of money. */
  tab: Integer;
  /** What the leader gets, minor units of what is sold. */
  lot: Integer;
  /** Factor by which a bid has to better the last, >= 1. */
  beg: Ratio;
  /** Last bid, minor units of money; default 0. */
  bid?: Integer;
  /** Who bid it; null or left out: nobody yet. */
  leader?: string | null;
  /** Account that gets the proceeds; the one that gets back what is not sold; the one that holds the lot. */
  receiver: string;
  /** Account that gets back what is not sold. */
  owner: string;
  /** Account that holds the lot. */
  holder: string;
  /** Default: no end. */
  clock?: BidClock;
}

/** An answer to a bid; a refused one changes nothing. */
export interface BidAnswer<A> {
  /** Whether the bid is taken. */
  accepted: boolean;
  /** Why not; null where it is accepted. */
  reason: 'closed' | 'aboveTab' | 'belowTab' | 'notBetter' | 'stepTooSmall' | null;
  /** After the bid; as it was where the bid is refused. */
  auction: A;
  /** Balanced: what is refunded and paid. */
  transfers: AuctionTransfer[];
}

const KEYS = ['tab', 'lot', 'beg', 'bid', 'leader', 'receiver', 'owner', 'holder', 'clock'] as const;

/** Whether more >= beg x less. @throws MarginError type, range where the factor is below 1 */
export function betters(more: Amount, less: Amount, beg: Ratio): boolean {
  const { numerator, denominator } = ratio(beg, 'auction.beg');
  if (numerator < denominator) throw new MarginError('range', { path: 'auction.beg', got: beg, expected: '>= 1' });
  return more * denominator >= less * numerator;
}

/** A bid that changes nothing. */
export const refused = <A>(auction: A, reason: BidAnswer<A>['reason']): BidAnswer<A> => {
  return { accepted: false, reason, auction, transfers: [] };
};

const leaderOf = (row: Row): string | null => (row.has('leader') ? row.text('leader') : null);

/**
 * A higher bid for the whole lot.
 * @param auction - that runs
 * @param offer - bidder, what it bids (minor units of money) and the second, where the auction has a clock
 * @returns whether it is taken: not above the debt, above the last bid and by the factor `beg`, which a bid of the whole debt
 *   need not meet; the new leader pays the last its bid, and the receiver the rest
 * @throws MarginError missing-key, unknown-key, type, inexact, range
 * @see makerdao/dss src/flip.sol tend
 * @example
 * englishTend({ tab: 50n, lot: 100n, beg: '1.05', bid: 1n, leader: 'ali', receiver: 'gal', owner: 'usr', holder: 'flip' },
 *   { bidder: 'bob', bid: 2n }).transfers
 *   // [{ from: 'bob', to: 'ali', asset: 'money', amount: 1n }, { from: 'bob', to: 'gal', asset: 'money', amount: 1n }]
 */
export function englishTend(
  auction: EnglishAuction,
  offer: { bidder: string; bid: Integer; at?: Integer },
): BidAnswer<EnglishAuction> {
  const row = new Row(auction, 'auction', KEYS);
  const wanted = new Row(offer, 'offer', ['bidder', 'bid', 'at']);
  const [tab, last, leader] = [amountAt(row, 'tab'), amountAt(row, 'bid', 0n), leaderOf(row)];
  const [bidder, bid] = [wanted.text('bidder'), amountAt(wanted, 'bid')];
  const enough = betters(bid, last, auction.beg);
  if (!isOpen(auction.clock, offer.at)) return refused(auction, 'closed');
  if (bid > tab) return refused(auction, 'aboveTab');
  if (bid <= last) return refused(auction, 'notBetter');
  if (!enough && bid !== tab) return refused(auction, 'stepTooSmall');
  const refund = leader === null ? [] : transfer(bidder, leader, 'money', last);
  const transfers = [...refund, ...transfer(bidder, row.text('receiver'), 'money', bid - last)];
  return {
    accepted: true,
    reason: null,
    auction: { ...auction, ...led(auction.clock, bidder, offer.at), bid },
    transfers,
  };
}

/**
 * The same money for less of the lot, once the debt is met.
 * @param auction - that runs
 * @param offer - bidder, the lot it asks for and the second, where the auction has a clock
 * @returns whether it is taken: less than the last lot, by the factor `beg`; the new leader pays the last its bid, and the
 *   difference of the lots goes back to the owner
 * @throws MarginError missing-key, unknown-key, type, inexact, range
 * @see makerdao/dss src/flip.sol dent
 * @example
 * englishDent({ tab: 50n, lot: 100n, beg: '1.05', bid: 50n, leader: 'bob', receiver: 'gal', owner: 'usr', holder: 'flip' },
 *   { bidder: 'ali', lot: 95n }).auction.lot // 95n
 */
export function englishDent(
  auction: EnglishAuction,
  offer: { bidder: string; lot: Integer; at?: Integer },
): BidAnswer<EnglishAuction> {
  const row = new Row(auction, 'auction', KEYS);
  const wanted = new Row(offer, 'offer', ['bidder', 'lot', 'at']);
  const [bid, last, leader] = [amountAt(row, 'bid', 0n), amountAt(row, 'lot'), leaderOf(row)];
  const [bidder, lot] = [wanted.text('bidder'), amountAt(wanted, 'lot')];
  const enough = betters(last, lot, auction.beg);
  if (!isOpen(auction.clock, offer.at)) return refused(auction, 'closed');
  if (bid < amountAt(row, 'tab')) return refused(auction, 'belowTab');
  if (lot >= last) return refused(auction, 'notBetter');
  if (!enough) return refused(auction, 'stepTooSmall');
  const refund = leader === null ? [] : transfer(bidder, leader, 'money', bid);
  const transfers = [...refund, ...transfer(row.text('holder'), row.text('owner'), 'lot', last - lot)];
  return {
    accepted: true,
    reason: null,
    auction: { ...auction, ...led(auction.clock, bidder, offer.at), lot },
    transfers,
  };
}

/** The new leader, and the clock that its bid has set. */
export function led(clock: BidClock | undefined, leader: string, at?: Integer): { leader: string; clock?: BidClock } {
  return clock === undefined ? { leader } : { leader, clock: afterBid(clock, at) };
}

/**
 * Hands the lot to the leader.
 * @param auction - whose last bid has won
 * @param at - second, where the auction has a clock
 * @returns the transfer of the lot
 * @throws MarginError range where nobody has bid or bids are still taken; missing-key, unknown-key, type, inexact
 * @see makerdao/dss src/flip.sol deal
 * @example
 * englishDeal({ tab: 50n, lot: 95n, beg: '1.05', bid: 50n, leader: 'ali', receiver: 'gal', owner: 'usr', holder: 'flip' })
 *   // [{ from: 'flip', to: 'ali', asset: 'lot', amount: 95n }]
 */
export function englishDeal(auction: EnglishAuction, at?: Integer): AuctionTransfer[] {
  const row = new Row(auction, 'auction', KEYS);
  const winner = winnerOf(leaderOf(row), auction.clock, at);
  return transfer(row.text('holder'), winner, 'lot', amountAt(row, 'lot'));
}

/**
 * Starts an auction anew in which nobody has bid.
 * @param auction - with a clock that has run out
 * @param restart - second, and the length tau of the new auction in seconds
 * @returns the same with a later end
 * @throws MarginError range where somebody has bid or it has not ended; conflict without a clock; missing-key, unknown-key,
 *   type, inexact
 * @see makerdao/dss src/flip.sol tick
 * @example
 * englishRestart({ tab: 50n, lot: 100n, beg: '1.05', receiver: 'gal', owner: 'usr', holder: 'flip',
 *   clock: { end: 10, ttl: 3 } }, { at: 11, tau: 10 }).clock // { end: 21n, ttl: 3 }
 */
export function englishRestart(auction: EnglishAuction, restart: { at: Integer; tau: Integer }): EnglishAuction {
  const row = new Row(auction, 'auction', KEYS);
  const { clock } = auction;
  if (clock === undefined)
    throw new MarginError('conflict', { path: row.at('clock'), expected: 'an auction with an end' });
  return { ...auction, clock: renewed(clock, new Row(restart, 'restart', ['at', 'tau'])) };
}

/** @throws MarginError range where nobody has won yet */
export function winnerOf(leader: string | null, clock: BidClock | undefined, at?: Integer): string {
  if (leader !== null && isWon(clock, at)) return leader;
  const got = at === undefined ? {} : { got: integer(at, 'at') };
  throw new MarginError('range', { path: 'at', ...got, expected: 'an auction that somebody has won' });
}
