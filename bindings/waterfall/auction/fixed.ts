// Fixed point of the auctions that are defined in integers: 18 digits for shares and tokens (WAD), 27 for prices (RAY), and
// their product of 45 for debt (RAD), so that a quantity times a price is exact.
import type { Integer } from '../../venues/integer.js';
import { amount } from '../amount.js';

/** 1 with 18 digits: shares, tokens. */
export const WAD = 10n ** 18n;
/** 1 with 27 digits: prices, rates. */
export const RAY = 10n ** 27n;

/** x y / 1e18, cut toward zero. */
export const wadTimes = (x: bigint, y: bigint): bigint => (x * y) / WAD;

/**
 * A power in RAY by repeated squaring, every product rounded to the nearest unit, halves up. Squaring rounds, so the value is
 * not the power rounded once; it is the one that the contracts have.
 * @param base - RAY, >= 0
 * @param exponent - whole, >= 0
 * @returns RAY
 * @throws MarginError type, inexact, range
 * @see makerdao/dss src/abaci.sol rpow
 * @example
 * rayPower(990_000_000_000_000_000_000_000_000n, 2) // 980_100_000_000_000_000_000_000_000n
 */
export function rayPower(base: Integer, exponent: Integer): bigint {
  let x = amount(base, 'base');
  let n = amount(exponent, 'exponent');
  let z = n % 2n === 1n ? x : RAY;
  for (n /= 2n; n > 0n; n /= 2n) {
    x = (x * x + RAY / 2n) / RAY;
    if (n % 2n === 1n) z = (z * x + RAY / 2n) / RAY;
  }
  return z;
}
