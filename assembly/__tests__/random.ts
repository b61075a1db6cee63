// Random numbers and markets for the specs that compare two ways to the bit. The seed is fixed: every run is the same.
import * as abi from '../abi';
import * as book from './book';

let state: u64 = 88172645463325252;

/** xorshift64, in [0, 1). */
export function random(): f64 {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return <f64>(state >> 11) / 9007199254740992.0;
}

/** Features that `randomMarket` knows. */
export const FEATURES: i32 = 12;

/** A market that settles in asset 0, with the feature of this number, fees and funding by chance. */
export function randomMarket(feature: i32): u32 {
  const m = book.market(feature % 4, 0, 0.1 + random() * 0.8);
  book.set(abi.MARKET_MULTIPLIER, m, 1 + random());
  if (feature == 4) book.setIndex(abi.MARKET_FORM, m, 0b011);
  if (feature == 5) book.setIndex(abi.MARKET_BASIS, m, 0b100110);
  book.table(m, [10, 0.01, 0.005, 0.006, 30, 0.03, 0.02, 0.02, abi.NO_LIMIT, 0.05, 0.04, 0.05]);
  if (feature == 6) book.shortTable(m, [abi.NO_LIMIT, random(), random(), random()]);
  if (feature == 7) {
    book.setIndex(abi.MARKET_CURVE_KIND, m, 1 + <u32>(random() * 2));
    book.set(abi.MARKET_CURVE_EXPONENT, m, 0.8);
    book.setLevels(abi.MARKET_CURVE_FACTOR, m, random() / 9, random() / 9, random() / 9);
  }
  if (feature == 8) {
    book.set(abi.MARKET_TWAP, m, random());
    book.setIndex(abi.MARKET_GUARD, m, 0b101);
  }
  if (feature == 9) book.setLevels(abi.MARKET_PNL_WEIGHT, m, random(), random(), random());
  if (feature == 10) book.setLevels(abi.MARKET_PNL_CAP, m, random(), random(), random());
  if (feature == 11) book.set(abi.MARKET_PNL_CURVE, m, random());
  if (random() < 0.5) book.setLevels(abi.MARKET_CLOSING_FEE, m, random(), random(), random());
  if (random() < 0.5) book.set(abi.MARKET_FUNDING_INDEX, m, random());
  return m;
}
