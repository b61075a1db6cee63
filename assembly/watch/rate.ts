// How steeply a table asks for more: bounds on what the requirement of some contracts changes by, per numeraire of notional, while
// the notional stays below so many times what it is; and how far it may move where a table of whole form jumps.
import * as abi from '../abi';
import { level } from '../margin/lanes';
import { getSide } from '../margin/side';
import { column, f64At, readF64, readU32 } from '../memory';

let book: usize = 0;
let upTos: usize = 0;

/** Of the contracts asked about last: rate up to the reach, rate at most as the notional falls, largest rate of the table. */
export let rising: f64 = 0;
export let falling: f64 = 0;
export let largest: f64 = 0;
/** Shares by which the notional may rise and fall before a table of whole form jumps. */
export let riseLimit: f64 = Infinity;
export let fallLimit: f64 = Infinity;
/** The rate depends on the notional at all. */
export let bends: bool = false;

export function open(header: usize): void {
  book = header;
  upTos = column(header, abi.LINE_UP_TO);
}

/** Kept before a jump: bounds are compared with rounded notionals. */
const SHORT: f64 = 1 - 1.0 / 1073741824.0;

/**
 * @param side - row of the market's longs or shorts
 * @param k - level
 * @param grow - notionals up to so many times that of now are meant
 * @param own - least rate of the account at the initial level
 */
export function rate(m: u32, side: usize, short: bool, k: i32, contracts: f64, grow: f64, own: f64): void {
  const start = readU32(book, short ? abi.MARKET_SHORT_START : abi.MARKET_LINE_START, m);
  const count = readU32(book, short ? abi.MARKET_SHORT_COUNT : abi.MARKET_LINE_COUNT, m);
  const last = start + count - 1;
  riseLimit = Infinity;
  fallLimit = Infinity;
  rising = falling = largest = 0;
  bends = count > 1;
  if (count > 0) {
    largest = level(book, abi.LINE_RATE, last, k);
    rising = falling = largest;
  }
  if (count > 1) {
    const notional = contracts * getSide(side, abi.SIDE_NOTIONAL, k);
    let line = start;
    while (line < last && f64At(upTos, line) < notional) line++;
    falling = level(book, abi.LINE_RATE, line, k);
    const whole = ((readU32(book, abi.MARKET_FORM, m) >>> k) & 1) != 0;
    if (whole && line > start) fallLimit = max(0, 1 - f64At(upTos, line - 1) / notional) * SHORT;
    const reach = notional * grow;
    if (whole && line < last) {
      // Beyond the reach too: where profit pays for every rate it does not pay for a jump.
      riseLimit = max(0, f64At(upTos, line) / notional - 1) * SHORT;
      rising = falling;
    } else {
      while (line < last && f64At(upTos, line) < reach) line++;
      rising = level(book, abi.LINE_RATE, line, k);
    }
  }
  if (readU32(book, abi.MARKET_CURVE_KIND, m) != 0) {
    // Of the size: it does not move with a price.
    const steep = getSide(side, abi.SIDE_CURVE_FACTOR, k) * sqrt(contracts * getSide(side, abi.SIDE_CURVE_UNIT, 0));
    const kept = readF64(book, abi.MARKET_CURVE_BASE, m);
    rising = max(rising, kept * rising + steep);
    falling = max(falling, kept * falling + steep);
    largest = max(largest, kept * largest + steep);
  }
  const floor = k == 0 ? own : 0;
  const fee = level(book, abi.MARKET_CLOSING_FEE, m, k);
  rising = max(rising, floor) + fee;
  falling = max(falling, floor) + fee;
  largest = max(largest, floor) + fee;
}
