// The auction of an account that is worth less than nothing: the bidder is paid to take it, more with every second, by the
// fund first and by everybody else for what the fund lacks.
import { type Integer, smaller } from '../../venues/integer.js';
import { Row } from '../../venues/rows.js';
import { type Amount, amountAt, ceilOf, floorOf, fraction, type Ratio } from '../amount.js';
import { marksOf } from './portfolio.js';

/** An auction that pays whoever takes an insolvent account. */
export interface InsolventAuction {
  /** Value less maintenance margin, minor units, signed: where the price ends. */
  mm: Integer;
  /** Mark-to-market value, minor units, signed: where the price starts, or 0 where it is above. */
  mtm: Integer;
  /** Seconds until the price has reached mm. */
  length: Integer;
}

/** What a bidder is paid, and by whom. */
export interface InsolventBid {
  /** Of the whole account, <= 0, minor units. */
  price: Amount;
  /** What the bidder gets for its share. */
  paid: Amount;
  /** Of that: out of the fund, and out of nothing (for others to bear). */
  fromFund: Amount;
  /** Out of nothing, for others to bear; minor units. */
  printed: Amount;
}

/**
 * What a bidder is paid for a share of an insolvent account.
 * @param auction - marks and length
 * @param bid - seconds since the start, share of the account (0 to 1), balance of the fund (minor units, default 0)
 * @returns price, min(mtm, 0) at first and mm at the end, and the payment, both rounded toward 0; 0 where mm is not below 0
 * @throws MarginError range where mm is above mtm, so that the price would fall back, or a number is below 0; missing-key,
 *   unknown-key, type, inexact
 * @see derivexyz/v2-core src/liquidation/DutchAuction.sol _bidOnInsolventAuction
 * @example
 * insolventBid({ mm: -300n, mtm: -100n, length: 600 }, { seconds: 12, share: '1/2', fund: 40n })
 *   // { price: -104n, paid: 52n, fromFund: 40n, printed: 12n }
 */
export function insolventBid(
  auction: InsolventAuction,
  bid: { seconds: Integer; share: Ratio; fund?: Integer },
): InsolventBid {
  const row = new Row(auction, 'auction', ['mm', 'mtm', 'length']);
  const wanted = new Row(bid, 'bid', ['seconds', 'share', 'fund']);
  const { mtm, mm } = marksOf(row);
  const length = amountAt(row, 'length');
  const seconds = amountAt(wanted, 'seconds');
  const share = fraction(bid.share, 'bid.share');
  const start = smaller(mtm, 0n);
  let price = mm;
  if (mm >= 0n) price = 0n;
  else if (seconds < length) price = start + ceilOf(mm - start, { numerator: seconds, denominator: length });
  const paid = floorOf(-price, share);
  const fromFund = smaller(amountAt(wanted, 'fund', 0n), paid);
  return { price, paid, fromFund, printed: paid - fromFund };
}
