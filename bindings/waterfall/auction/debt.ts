// A debt auction: the last resort that prints. A fixed sum is needed, bidders compete in how few new tokens they take for it,
// and the tokens are minted at the end: holders bear the loss as dilution.
import { MarginError } from '../../errors.js';
import type { Exact } from '../../liquidation/exact.js';
import { type Integer, positive } from '../../venues/integer.js';
import { Row } from '../../venues/rows.js';
import { type Amount, amount, amountAt, floorOf, type Ratio, ratio } from '../amount.js';
import { type BidClock, isOpen, renewed } from './clock.js';
import { type BidAnswer, betters, led, refused, winnerOf } from './english.js';
import { transfer } from './transfer.js';

/** An auction of new tokens for a fixed sum. */
export interface DebtAuction {
  /** Sum that is needed, minor units of money. */
  bid: Integer;
  /** New tokens offered for it, minor units. */
  lot: Integer;
  /** Factor by which a bid has to better the last, >= 1. */
  beg: Ratio;
  /** Null or left out: nobody has bid. */
  leader?: string | null;
  /** Account whose debt is paid. */
  system: string;
  /** Default: no end. */
  clock?: BidClock;
}

const KEYS = ['bid', 'lot', 'beg', 'leader', 'system', 'clock'] as const;

/**
 * Whether new tokens may be sold: no surplus is left, and the debt is worth an auction.
 * @param house - surplus, debt that no auction runs for, and the size of an auction (minor units)
 * @returns surplus = 0 and debt >= sump
 * @throws MarginError missing-key, unknown-key, type, inexact, range
 * @see makerdao/dss src/vow.sol flop
 * @example
 * debtAuctionDue({ surplus: 0n, debt: 50_000n, sump: 50_000n }) // true
 */
export function debtAuctionDue(house: { surplus: Integer; debt: Integer; sump: Integer }): boolean {
  const row = new Row(house, 'house', ['surplus', 'debt', 'sump']);
  return amountAt(row, 'surplus') === 0n && amountAt(row, 'debt') >= amountAt(row, 'sump');
}

/**
 * An offer to take fewer new tokens.
 * @param auction - that runs
 * @param offer - bidder, tokens (minor units) and the second, where the auction has a clock
 * @returns whether it is taken: fewer than the last, by the factor `beg`; the first bidder pays the system, each later one
 *   pays back the one before
 * @throws MarginError missing-key, unknown-key, type, inexact, range
 * @see makerdao/dss src/flop.sol dent
 * @example
 * debtBid({ bid: 10n, lot: 100n, beg: '1.05', leader: 'ali', system: 'vow' }, { bidder: 'bob', lot: 80n }).transfers
 *   // [{ from: 'bob', to: 'ali', asset: 'money', amount: 10n }]
 */
export function debtBid(
  auction: DebtAuction,
  offer: { bidder: string; lot: Integer; at?: Integer },
): BidAnswer<DebtAuction> {
  const row = new Row(auction, 'auction', KEYS);
  const wanted = new Row(offer, 'offer', ['bidder', 'lot', 'at']);
  const [bidder, lot, last] = [wanted.text('bidder'), amountAt(wanted, 'lot'), amountAt(row, 'lot')];
  const enough = betters(last, lot, auction.beg);
  if (!isOpen(auction.clock, offer.at)) return refused(auction, 'closed');
  if (lot >= last) return refused(auction, 'notBetter');
  if (!enough) return refused(auction, 'stepTooSmall');
  const paid = row.has('leader') ? row.text('leader') : row.text('system');
  const transfers = transfer(bidder, paid, 'money', amountAt(row, 'bid'));
  return {
    accepted: true,
    reason: null,
    auction: { ...auction, ...led(auction.clock, bidder, offer.at), lot },
    transfers,
  };
}

/**
 * Offers more tokens where nobody has bid.
 * @param auction - without a bid
 * @param restart - pad: factor of the tokens; second and length tau of the new auction, where it has a clock
 * @returns the auction with floor(lot x pad) tokens
 * @throws MarginError range where somebody has bid or it has not ended; missing-key, unknown-key, type, inexact
 * @see makerdao/dss src/flop.sol tick
 * @example
 * debtRestart({ bid: 10n, lot: 200n, beg: '1.05', system: 'vow' }, { pad: '1.5' }).lot // 300n
 */
export function debtRestart(
  auction: DebtAuction,
  restart: { pad: Ratio; at?: Integer; tau?: Integer },
): DebtAuction & { lot: Amount } {
  const row = new Row(auction, 'auction', KEYS);
  if (row.has('leader')) {
    throw new MarginError('range', {
      path: 'auction.leader',
      got: auction.leader,
      expected: 'an auction without a bid',
    });
  }
  const { clock } = auction;
  const given = new Row(restart, 'restart', ['pad', 'at', 'tau']);
  const again = clock === undefined ? {} : { clock: renewed(clock, given) };
  const pad = ratio(restart.pad, 'restart.pad');
  return { ...auction, ...again, lot: amount(floorOf(amountAt(row, 'lot'), pad), 'restart.pad') };
}

/**
 * Mints the tokens for the leader.
 * @param auction - whose last bid has won
 * @param at - second, where the auction has a clock
 * @returns winner, tokens minted and money raised, minor units
 * @throws MarginError range where nobody has bid or bids are still taken; missing-key, unknown-key, type, inexact
 * @see makerdao/dss src/flop.sol deal
 * @example
 * debtDeal({ bid: 10n, lot: 80n, beg: '1.05', leader: 'bob', system: 'vow' }) // { winner: 'bob', minted: 80n, raised: 10n }
 */
export function debtDeal(auction: DebtAuction, at?: Integer): { winner: string; minted: Amount; raised: Amount } {
  const row = new Row(auction, 'auction', KEYS);
  const winner = winnerOf(row.has('leader') ? row.text('leader') : null, auction.clock, at);
  return { winner, minted: amountAt(row, 'lot'), raised: amountAt(row, 'bid') };
}

/**
 * What part of all tokens the new ones are: by how much everybody's part has shrunk.
 * @param minted - new tokens, minor units, >= 0
 * @param supply - tokens before, minor units, > 0
 * @returns minted / (supply + minted), exactly
 * @throws MarginError type, inexact, range
 * @example
 * dilution(80n, 920n) // { numerator: 80n, denominator: 1_000n }
 */
export function dilution(minted: Integer, supply: Integer): Exact {
  const added = amount(minted, 'minted');
  return { numerator: added, denominator: positive(supply, 'supply') + added };
}
