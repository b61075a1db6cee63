// What is held: in all, what of it is short, what is net short at a strike, what long and short offset. At the spot, at the mark, or
// counted; where a confidence is asked for, only the part that is missing to it.
// bindings/reference/scenario/exposure.ts is the definition.
import * as abi from '../abi';
import { column, larger, readF64, readU32, smaller } from '../memory';
import * as fold from './fold';
import { amountOf, baseOf, book, hedgedUnderlying, isOption, markValue } from './terms';

/** Below this confidence what is missing to 1 counts; a threshold above 1 stands for: always in full. */
const ALWAYS: f64 = 1;

/** Terms of the part that is being charged, the confidence that bounds all others, and that of linear markets held. */
let terms: usize = 0;
let feed: f64 = 1;
let linked: f64 = 1;

/** Share of an exposure that counts at a confidence. */
function doubtOf(confidence: f64): f64 {
  const threshold = load<f64>(terms, abi.NODE_TERM_THRESHOLD);
  if (threshold > ALWAYS) return 1;
  return confidence < threshold ? (1 - confidence) * load<f64>(terms, abi.NODE_TERM_SLACK) : 0;
}

/** Least confidence of the linear markets that the unit holds in a scope; 1 where there is none. */
function linkedConfidence(scope: u32): f64 {
  let least: f64 = 1;
  if (load<f64>(terms, abi.NODE_TERM_LINKED) == 0) return least;
  for (let p = fold.p0; p < fold.pEnd; p++) {
    const m = fold.marketOf(p);
    if (isOption(m) || fold.sizeOf(p) == 0 || !fold.holds(m, scope)) continue;
    least = smaller(least, readF64(book, abi.MARKET_CONFIDENCE, m));
  }
  return least;
}

function openPart(n: u32, scope: u32): void {
  terms = column(book, abi.NODE_TERMS) + <usize>n * abi.NODE_ROW;
  const row = readU32(book, abi.NODE_FEED, n);
  feed = row == abi.NONE ? 1 : readF64(book, abi.ASSET_CONFIDENCE, row);
  linked = linkedConfidence(scope);
}

/** Confidence of what a market's value rests on. */
function confidenceOf(m: u32): f64 {
  if (!isOption(m)) {
    const base = readU32(book, abi.MARKET_BASE, m);
    const spot: f64 = base == abi.NONE ? 1 : readF64(book, abi.ASSET_CONFIDENCE, base);
    return smaller(smaller(feed, spot), readF64(book, abi.MARKET_CONFIDENCE, m));
  }
  const e = readU32(book, abi.MARKET_EXPIRY, m);
  const spot = smaller(feed, readF64(book, abi.ASSET_CONFIDENCE, baseOf(m)));
  return smaller(smaller(spot, readF64(book, abi.EXPIRY_CONFIDENCE, e)), linked);
}

/** Sum over the balances of collateral: what is held, at its value or at the spot that it moves with. */
function collateral(n: u32, scope: u32): f64 {
  const atSpot = readU32(book, abi.NODE_AT, n) == abi.AT_SPOT;
  const cash = readU32(book, abi.MODEL_CASH, fold.k);
  const b0 = readU32(book, abi.UNIT_BALANCE_START, fold.unit);
  const end = b0 + readU32(book, abi.UNIT_BALANCE_COUNT, fold.unit);
  let sum: f64 = 0;
  for (let b = b0; b < end; b++) {
    const a = readU32(book, abi.BALANCE_ASSET, b);
    const amount = amountOf(b);
    const hedged = readU32(book, abi.ASSET_HEDGES, a);
    if (a == cash || amount <= 0) continue;
    if (scope != abi.NONE && (hedged == abi.NONE || !fold.counts(hedgedUnderlying(a), scope))) continue;
    if (atSpot && hedged == abi.NONE) continue;
    const price = readF64(book, abi.ASSET_PRICE, atSpot ? hedged : a);
    sum += amount * price * doubtOf(smaller(smaller(feed, readF64(book, abi.ASSET_CONFIDENCE, a)), linked));
  }
  return sum;
}

/** What the part counts, and at what: INSTRUMENT and AT codes. */
let instrument: u32 = 0;
let at: u32 = 0;

function openCount(n: u32): void {
  instrument = readU32(book, abi.NODE_OF, n);
  at = readU32(book, abi.NODE_AT, n);
}

/** Whether a market is what the part counts. */
// @ts-ignore: decorator
@inline
function isCounted(m: u32, scope: u32): bool {
  if (!fold.holds(m, scope)) return false;
  const kind = readU32(book, abi.MARKET_KIND, m);
  if (instrument == abi.INSTRUMENT_CALLS) return kind == abi.KIND_CALL;
  if (instrument == abi.INSTRUMENT_PUTS) return kind == abi.KIND_PUT;
  return kind >= abi.KIND_CALL == (instrument == abi.INSTRUMENT_OPTIONS);
}

/** What a contract counts, before its confidence. */
// @ts-ignore: decorator
@inline
function eachCounts(m: u32): f64 {
  if (at == abi.AT_SPOT) return fold.spotOfContract(m);
  if (at == abi.AT_VALUE) return markValue(m);
  return at == abi.AT_CONTRACT ? 1 : readF64(book, abi.MARKET_MULTIPLIER, m);
}

/** Sum over positions of a kind: of |size|, or of what is short. */
export function exposure(n: u32, scope: u32): f64 {
  openPart(n, scope);
  openCount(n);
  if (instrument == abi.INSTRUMENT_COLLATERAL) return collateral(n, scope);
  const gross = readU32(book, abi.NODE_KIND, n) == abi.NODE_GROSS;
  let sum: f64 = 0;
  for (let p = fold.p0; p < fold.pEnd; p++) {
    const m = fold.marketOf(p);
    if (!isCounted(m, scope)) continue;
    const size = fold.sizeOf(p);
    const held = gross ? abs(size) : larger(0 - size, 0);
    if (held != 0) sum += held * eachCounts(m) * doubtOf(confidenceOf(m));
  }
  return sum;
}

/** What is long where `sign` is 1, and short where it is -1. */
function sideOf(scope: u32, sign: f64): f64 {
  let sum: f64 = 0;
  for (let p = fold.p0; p < fold.pEnd; p++) {
    const held = sign * fold.sizeOf(p);
    const m = fold.marketOf(p);
    if (held > 0 && isCounted(m, scope)) sum += held * eachCounts(m);
  }
  return sum;
}

/** The lesser of all that is long and all that is short. */
export function offset(n: u32, scope: u32): f64 {
  openCount(n);
  return smaller(sideOf(scope, 1), sideOf(scope, -1));
}

/** What is net short at each strike of an expiry, calls and puts together, at the spot. */
export function netShort(scope: u32): f64 {
  const nets = column(book, abi.MARKET_NET);
  let sum: f64 = 0;
  for (let p = fold.p0; p < fold.pEnd; p++) {
    const m = fold.marketOf(p);
    if (!isOption(m)) continue;
    const net = nets + ((<usize>readU32(book, abi.MARKET_TWIN, m)) << 3);
    store<f64>(net, load<f64>(net) + fold.sizeOf(p) * fold.spotOfContract(m));
  }
  for (let p = fold.p0; p < fold.pEnd; p++) {
    const m = fold.marketOf(p);
    if (!isOption(m)) continue;
    const net = nets + ((<usize>readU32(book, abi.MARKET_TWIN, m)) << 3);
    if (fold.holds(m, scope)) sum += larger(0 - load<f64>(net), 0);
    store<f64>(net, 0);
  }
  return sum;
}
