// A Dutch auction of a whole account that is still worth something: bidders buy a share of everything in it at a discount,
// and what they pay stays in the account as reserved cash until its margin is whole again.
import { MarginError } from '../../errors.js';
import { type Integer, smaller } from '../../venues/integer.js';
import { Row } from '../../venues/rows.js';
import { type Amount, amount, amountAt } from '../amount.js';
import { auctionPrice, type DiscountCurve } from './curve.js';
import { WAD, wadTimes } from './fixed.js';

/** Marks of the whole account, reserved cash included; minor units, signed. */
export interface PortfolioMarks {
  /** Mark-to-market value. */
  mtm: Integer;
  /** Value less maintenance margin. */
  mm: Integer;
}

export interface Portfolio extends PortfolioMarks {
  /** By how much more than the maintenance margin the account is to be brought up, of mm - mtm, 1e18. */
  buffer: Integer;
  /** Cash that earlier bidders have paid into the account; it is not for sale. Default 0. */
  reserved?: Integer;
}

/** What a bid for a share of an account comes to; minor units unless said otherwise. */
export interface PortfolioBid {
  /** Buffered margin before: mm + (mm - mtm) buffer. */
  bm: Amount;
  /** Of all that is for sale, minor units; below 0 the bidder is paid. */
  price: Amount;
  /** Most that may be bought: with it the buffered margin is 0, 1e18. */
  fMax: Amount;
  /** What is bought, 1e18. */
  share: Amount;
  /** What the bidder pays. */
  cash: Amount;
  /** Marks and reserved cash after it. */
  mtm: Amount;
  /** Value less maintenance margin after it. */
  mm: Amount;
  /** Reserved cash after it. */
  reserved: Amount;
}

/**
 * A bid for a share of an account.
 * @param portfolio - marks and reserved cash R; minor units, 1e18 of them for one where shares are to be exact
 * @param discount - share d of the value that is asked, 1e18
 * @param want - share wanted, 1e18; null asks for the price alone and buys nothing
 * @returns price (mtm - R) d, the most that may be bought, bm / (bm - mtm d - R (1 - d)), what is bought and the account after
 *   it; products and quotients are cut toward zero
 * @throws MarginError range where the share or the discount is below 0, mm is above mtm, or no share brings the margin to 0;
 *   missing-key, unknown-key, type, inexact
 * @see derivexyz/v2-core src/liquidation/DutchAuction.sol _bidOnSolventAuction
 * @example
 * portfolioBid({ mtm: 300n, mm: -100n, buffer: 100_000_000_000_000_000n }, 1_000_000_000_000_000_000n,
 *   1_000_000_000_000_000_000n).fMax // 318_181_818_181_818_181n
 */
export function portfolioBid(portfolio: Portfolio, discount: Integer, want: Integer | null): PortfolioBid {
  const row = new Row(portfolio, 'portfolio', ['mtm', 'mm', 'buffer', 'reserved']);
  const { mtm, mm } = marksOf(row);
  const reserved = amountAt(row, 'reserved', 0n);
  const d = amount(discount, 'discount');
  const wanted = want === null ? 0n : amount(want, 'want');
  const bm = mm + wadTimes(mm - mtm, amountAt(row, 'buffer'));
  const price = wadTimes(mtm - reserved, d);
  const fMax = mostOf(bm, wadTimes(mtm, d) + wadTimes(reserved, WAD - d));
  const share = smaller(wanted, fMax);
  const cash = wadTimes(price, share);
  const after = (mark: Amount): Amount => wadTimes(mark - reserved, WAD - share) + reserved + cash;
  return { bm, price, fMax, share, cash, mtm: after(mtm), mm: after(mm), reserved: reserved + cash };
}

/** Marks of an account. @throws MarginError range where a maintenance margin would be below 0; missing-key, type, inexact */
export function marksOf(row: Row): { mtm: Amount; mm: Amount } {
  const [mtm, mm] = [row.integer('mtm'), row.integer('mm')];
  if (mm <= mtm) return { mtm, mm };
  const hint = 'mm must not be above mtm: it is mtm less the maintenance margin';
  throw new MarginError('range', { path: row.at('mm'), got: mm, expected: `at most ${mtm}`, hint });
}

/** Share at which a margin below 0 is made up for by what comes in. */
function mostOf(bm: Amount, asked: Amount): Amount {
  if (bm >= 0n) return 0n;
  if (bm - asked < 0n) return (bm * WAD) / (bm - asked);
  const expected = 'a margin that a sale at this discount can bring to 0';
  throw new MarginError('range', {
    path: 'portfolio.mm',
    got: bm,
    expected,
    hint: 'insolventBid sells what is worth less than nothing',
  });
}

/** An auction of an account that runs. */
export interface PortfolioAuction {
  /** Share of the value that is asked, by seconds. */
  curve: DiscountCurve;
  /** Second of its start. */
  started: Integer;
  /** As in `Portfolio`. */
  buffer: Integer;
  /** Reserved cash, minor units; default 0. */
  reserved?: Integer;
}

/**
 * A bid in an auction at the discount of the second. The next bidder of the same second finds the cash of this one reserved,
 * so it neither buys that cash back nor more than the margin still needs.
 * @param auction - that runs
 * @param marks - of the account now, reserved cash included
 * @param bid - second, and the share wanted (1e18; null asks for the price alone)
 * @returns as `portfolioBid`, with the discount and the auction after it
 * @throws MarginError range, missing-key, unknown-key, type, inexact
 * @see derivexyz/v2-core src/liquidation/DutchAuction.sol bid
 * @example
 * portfolioBuy({ curve: { kind: 'twoSegment', start: 10n ** 18n, cutoff: 8n * 10n ** 17n, fast: 600, slow: 7200 }, started: 0,
 *   buffer: 0 }, { mtm: 6_000n, mm: -10_000n }, { at: 600, share: 300_000_000_000_000_000n }).cash // 1_440n
 */
export function portfolioBuy(
  auction: PortfolioAuction,
  marks: PortfolioMarks,
  bid: { at: Integer; share: Integer | null },
): PortfolioBid & { discount: bigint; auction: PortfolioAuction } {
  const row = new Row(auction, 'auction', ['curve', 'started', 'buffer', 'reserved']);
  const now = new Row(marks, 'marks', ['mtm', 'mm']);
  const wanted = new Row(bid, 'bid', ['at', 'share']);
  const share = wanted.raw('share') === null ? null : wanted.integer('share');
  const discount = auctionPrice(auction.curve, wanted.integer('at') - row.integer('started'));
  const account = {
    ...marksOf(now),
    buffer: row.integer('buffer'),
    reserved: row.integer('reserved', 0n),
  };
  const result = portfolioBid(account, discount, share);
  return { ...result, discount, auction: { ...auction, reserved: result.reserved } };
}
