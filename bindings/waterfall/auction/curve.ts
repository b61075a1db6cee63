// How a Dutch auction's price falls with the seconds since its start: three curves of a price, and the two segments of a share
// of value. No curve ever rises.
import { MarginError } from '../../errors.js';
import { type Integer, positive } from '../../venues/integer.js';
import { Row } from '../../venues/rows.js';
import { amount, amountAt } from '../amount.js';
import { oneOf } from '../words.js';
import { RAY, rayPower, WAD } from './fixed.js';

/**
 * Of a price, RAY (1e27), from `top` down:
 * - `linear`: to 0 in `tau` seconds
 * - `exponential`: by the factor `cut` (RAY, at most 1) every second
 * - `stairstep`: by the factor `cut` every `step` seconds, flat between
 */
export type PriceCurve =
  | { kind: 'linear'; top: Integer; tau: Integer }
  | { kind: 'exponential'; top: Integer; cut: Integer }
  | { kind: 'stairstep'; top: Integer; cut: Integer; step: Integer };

/** Of a share of value, 1e18: from `start` to `cutoff` in `fast` seconds, then to 0 in `slow` seconds. */
export interface DiscountCurve {
  /** From `start` to `cutoff` in `fast` seconds, then to 0 in `slow` seconds. */
  kind: 'twoSegment';
  /** Share of the value that is asked at first, 1e18. */
  start: Integer;
  /** Share at which the second segment starts, 1e18. */
  cutoff: Integer;
  /** Length of the first segment, seconds. */
  fast: Integer;
  /** Length of the second segment, seconds. */
  slow: Integer;
}

/** How the price of a Dutch auction falls. */
export type Curve = PriceCurve | DiscountCurve;

const KEYS: Readonly<Record<Curve['kind'], readonly string[]>> = {
  linear: ['kind', 'top', 'tau'],
  exponential: ['kind', 'top', 'cut'],
  stairstep: ['kind', 'top', 'cut', 'step'],
  twoSegment: ['kind', 'start', 'cutoff', 'fast', 'slow'],
};
const KINDS = Object.keys(KEYS) as readonly Curve['kind'][];

/**
 * What a Dutch auction asks at a second.
 * @param curve - its shape
 * @param seconds - whole, since the start, >= 0
 * @returns RAY (1e27) of a price; 1e18 of the value with `twoSegment`
 * @throws MarginError missing-key, unknown-key, type, inexact, range where a number is below 0 or the curve would rise
 * @see makerdao/dss src/abaci.sol; derivexyz/v2-core src/liquidation/DutchAuction.sol _getDiscountPercentage
 * @example
 * auctionPrice({ kind: 'twoSegment', start: 960_000_000_000_000_000n, cutoff: 800_000_000_000_000_000n, fast: 300, slow: 7200 },
 *   6780) // 80_000_000_000_000_000n
 */
export function auctionPrice(curve: Curve, seconds: Integer): bigint {
  const kind = oneOf(curve?.kind, 'curve.kind', KINDS);
  const row = new Row(curve, 'curve', KEYS[kind]);
  const t = amount(seconds, 'seconds');
  if (kind === 'twoSegment') return discountAt(row, t);
  const top = amountAt(row, 'top');
  if (kind === 'linear') {
    const tau = amountAt(row, 'tau');
    return t >= tau ? 0n : (top * (((tau - t) * RAY) / tau)) / RAY;
  }
  const cut = atMost(row, 'cut', RAY);
  return (top * rayPower(cut, kind === 'exponential' ? t : t / positive(row.integer('step'), row.at('step')))) / RAY;
}

/** Where the slow segment begins the fraction of cutoff x seconds is dropped before it is divided. */
function discountAt(row: Row, t: bigint): bigint {
  const start = amountAt(row, 'start');
  const cutoff = atMost(row, 'cutoff', start);
  const [fast, slow] = [amountAt(row, 'fast'), amountAt(row, 'slow')];
  if (t < fast) return start - ((start - cutoff) * t) / fast;
  if (t >= fast + slow) return 0n;
  return cutoff - (((cutoff * (t - fast)) / WAD) * WAD) / slow;
}

function atMost(row: Row, key: string, most: bigint): bigint {
  const value = amountAt(row, key);
  if (value <= most) return value;
  throw new MarginError('range', {
    path: row.at(key),
    got: value,
    expected: `at most ${most}`,
    hint: 'No curve rises',
  });
}
