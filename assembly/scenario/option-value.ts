// Black-76 values of options at the prices of now, and their marks: without one of its own an option's mark is its value, with
// one what is between the two stays while prices move. bindings/reference/scenario/arrays.ts is the definition.
import * as abi from '../abi';
import { column, larger, readF64, readU32 } from '../memory';
import { scenarioLogs, scenarioPrices } from './black76';
import { book, expiries, forwardOf, grown, inCoins, isOption, markets, openTerms, paysCoin, yearsOf } from './terms';

/** Two lanes each: forwards, their logarithms in high and low parts, volatilities times the root of time, prices. */
const forwards = memory.data(10 << 3);
const LOGS: usize = 2 << 3;
const VOLS: usize = 6 << 3;
const PRICES: usize = 8 << 3;

/** Black-76 value of an option at the prices of now, in the asset that it pays. */
function optionValue(m: u32): f64 {
  const e = readU32(book, abi.MARKET_EXPIRY, m);
  const years = yearsOf(readF64(book, abi.EXPIRY_SECONDS, e));
  const forward = f64x2.splat(forwardOf(e, 1));
  v128.store(forwards, forward);
  scenarioLogs(2, forwards, forwards + LOGS);
  v128.store(forwards, f64x2.splat(readF64(book, abi.MARKET_VOLATILITY, m) * sqrt(years)), VOLS);
  const isCall = readU32(book, abi.MARKET_KIND, m) == abi.KIND_CALL;
  const strike = readF64(book, abi.MARKET_STRIKE, m);
  scenarioPrices(isCall, strike, 1, 2, forwards, forwards + LOGS, forwards + VOLS, forwards + PRICES);
  const discounted = readU32(book, abi.EXPIRY_DISCOUNTED, e) != 0;
  const discount = discounted ? grown(-(readF64(book, abi.EXPIRY_RATE, e) * years)) : 1;
  const value = discount * load<f64>(forwards, PRICES);
  return paysCoin(m) ? inCoins(value, readF64(book, abi.ASSET_PRICE, readU32(book, abi.EXPIRY_ASSET, e))) : value;
}

function put(word: i32, row: u32, value: f64): void {
  store<f64>(column(book, word) + ((<usize>row) << 3), value);
}

/** Sets an option's prices to its value, and what stays between the two. */
function setOption(m: u32, value: f64): void {
  const price = larger(0, value + readF64(book, abi.MARKET_GAP, m));
  put(abi.MARKET_MARK, m, price);
  put(abi.MARKET_INDEX, m, price);
  put(abi.MARKET_TWAP, m, price);
  put(abi.MARKET_STABLE, m, price);
}

/** Values one option anew after prices have moved. */
export function valueOption(header: usize, m: u32): void {
  openTerms(header);
  setOption(m, optionValue(m));
}

/** Keeps how far an option's own mark is from its value. */
export function quoteOption(header: usize, m: u32): void {
  openTerms(header);
  put(abi.MARKET_GAP, m, readF64(book, abi.MARKET_MARK, m) - optionValue(m));
}

/** Values options without a mark of their own, and keeps how far the others are from their values. */
export function valueOptions(header: usize): void {
  openTerms(header);
  for (let e: u32 = 0; e < expiries; e++) {
    const spot = readF64(book, abi.ASSET_PRICE, readU32(book, abi.EXPIRY_ASSET, e));
    const moving = readF64(book, abi.EXPIRY_FORWARD, e) - readF64(book, abi.EXPIRY_SETTLED, e);
    put(abi.EXPIRY_CARRY, e, spot > 0 ? moving / spot : 0);
  }
  for (let m: u32 = 0; m < markets; m++) {
    if (!isOption(m)) continue;
    if (readU32(book, abi.MARKET_VALUED, m) == 0) quoteOption(header, m);
    else {
      put(abi.MARKET_GAP, m, 0);
      valueOption(header, m);
    }
  }
}
