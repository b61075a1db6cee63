// How long an open auction waits: until a while after the last bid, and no longer than until its end.
import { MarginError } from '../../errors.js';
import { type Integer, integer } from '../../venues/integer.js';
import { Row } from '../../venues/rows.js';

/** Times in seconds. */
export interface BidClock {
  /** Last second of the auction, exclusive. */
  end: Integer;
  /** A bid stands this long, then it wins. */
  ttl: Integer;
  /** When the last bid wins; null or left out: nobody has bid. */
  expires?: Integer | null;
}

const read = (clock: BidClock): { row: Row; end: bigint; expires: bigint | null } => {
  const row = new Row(clock, 'clock', ['end', 'ttl', 'expires']);
  return { row, end: row.integer('end'), expires: row.has('expires') ? row.integer('expires') : null };
};

/** Whether bids are taken: strictly before the end and before the last bid wins. @throws MarginError missing-key, type */
export function isOpen(clock: BidClock | undefined, at: Integer | undefined): boolean {
  if (clock === undefined) return true;
  const { end, expires } = read(clock);
  const now = secondOf(at);
  return now < end && (expires === null || now < expires);
}

/** The clock after a bid. */
export function afterBid(clock: BidClock, at: Integer | undefined): BidClock {
  return { ...clock, expires: secondOf(at) + read(clock).row.integer('ttl') };
}

/** Whether the leader has won: strictly after its bid has stood long enough, or after the end. */
export function isWon(clock: BidClock | undefined, at: Integer | undefined): boolean {
  if (clock === undefined) return true;
  const { end, expires } = read(clock);
  const now = secondOf(at);
  return expires !== null && (now > expires || now > end);
}

/**
 * The clock of an auction in which nobody has bid, started anew.
 * @param restart - with `at` and `tau`
 * @throws MarginError range where it has not ended, missing-key, type
 */
export function renewed(clock: BidClock, restart: Row): BidClock {
  const { end, expires } = read(clock);
  const now = restart.integer('at');
  if (expires === null && now > end) return { ...clock, end: now + restart.integer('tau') };
  throw new MarginError('range', { path: restart.at('at'), got: now, expected: 'after the end, and nobody has bid' });
}

function secondOf(at: Integer | undefined): bigint {
  if (at === undefined)
    throw new MarginError('missing-key', { path: 'at', expected: 'a second: the auction has a clock' });
  return integer(at, 'at');
}
