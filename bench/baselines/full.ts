// The scan with every feature of the `full` portfolio as the best loop over typed arrays that we know: one flat loop, one
// row of numbers a market and an asset, tables and haircut tiers searched from the bottom, no objects and no calls.
// It leaves out what that portfolio does not use (guarded marks, spot orders, rounding ...); the kernel does not.
import type { BookBase } from '../../bindings/public.js';
import { type Baseline, columnsOf, type Sums } from './scan.js';

/** Slots of a market row: three numbers are by level. */
const WEIGHT = 2;
const CAP = 5;
const FEE = 8;
const FACTOR = 11;
const UNIT = 14;
const BASE = 15;
const INTEREST = 16;
const MARKET = 20;
/** Slots of an asset row: prices of assets and of debts and the liability weight, by level; then the unguarded price. */
const LOW = 0;
const HIGH = 3;
const DEBT = 6;
const PRICE = 9;
const ASSET = 12;
/** Slots of a line (rates, deductions) and of a tier (weights, offsets) by level. */
const LINE = 6;

/** Initial rates under open interest by market: linear from the table's first rate to 1 between the limits. */
export function interestRates(book: BookBase): Float64Array {
  const { market: c, line } = book.store.columns;
  return new Float64Array(book.markets).map((_, m) => {
    const open = c.openInterest[m]! * c.mark[m]! * c.multiplier[m]!;
    const lower = c.openInterestLower[m]!;
    const upper = c.openInterestUpper[m]!;
    const first = line.rate[c.lineStart[m]! * 3]!;
    if (open <= lower) return 0;
    return open >= upper ? 1 : first + ((open - lower) * (1 - first)) / (upper - lower);
  });
}

function marketRows(book: BookBase): Float64Array {
  const { market: c } = book.store.columns;
  const interest = interestRates(book);
  const rows = new Float64Array(book.markets * MARKET);
  for (let m = 0; m < book.markets; m++) {
    const at = m * MARKET;
    rows[at] = c.mark[m]! * c.multiplier[m]!;
    rows[at + 1] = c.fundingIndex[m]!;
    for (let k = 0; k < 3; k++) {
      rows[at + WEIGHT + k] = c.pnlWeight[m * 3 + k]!;
      rows[at + CAP + k] = c.pnlCap[m * 3 + k]!;
      rows[at + FEE + k] = c.closingFee[m * 3 + k]! * rows[at]!;
      rows[at + FACTOR + k] = c.curveFactor[m * 3 + k]!;
    }
    // Below 0: no curve.
    rows[at + UNIT] = c.curveKind[m] === 0 ? -1 : c.multiplier[m]!;
    rows[at + BASE] = c.curveBase[m]!;
    rows[at + INTEREST] = interest[m]!;
  }
  return rows;
}

function assetRows(book: BookBase): Float64Array {
  const { asset: c, tier } = book.store.columns;
  const rows = new Float64Array(book.assets * ASSET);
  for (let a = 0; a < book.assets; a++) {
    const prices = [c.price[a]!, c.twap[a]!, c.stable[a]!];
    for (let k = 0; k < 3; k++) {
      const guarded = (c.guard[a]! >>> k) & 1;
      rows[a * ASSET + LOW + k] = guarded ? Math.min(...prices) : c.price[a]!;
      rows[a * ASSET + HIGH + k] = guarded ? Math.max(...prices) : c.price[a]!;
      rows[a * ASSET + DEBT + k] = tier.weight[c.debtStart[a]! * 4 + k]!;
    }
    rows[a * ASSET + PRICE] = c.price[a]!;
  }
  return rows;
}

/** Bounds of a section of steps, and slopes and offsets of each by level. */
function stepsOf(
  upTo: Float64Array,
  slope: Float64Array,
  offset: Float64Array,
  width: number,
  offsets: number,
): [Float64Array, Float64Array] {
  const lines = new Float64Array(upTo.length * LINE);
  for (let row = 0; row < upTo.length; row++) {
    for (let k = 0; k < 3; k++) {
      lines[row * LINE + k] = slope[row * width + k]!;
      lines[row * LINE + 3 + k] = offset[row * offsets + k]!;
    }
  }
  return [upTo.slice(), lines];
}

export function fullScan(book: BookBase): Baseline {
  const { columns: c } = book.store;
  const { units, start, market, size, cost, out } = columnsOf(book);
  const { equity, initial, maintenance, notional, status, list } = out;
  const rows = book.store.count('position');
  const entryFunding = c.position.funding.slice(0, rows);
  const order = c.position.order.slice(0, rows);
  const ownRate = c.position.ownRate.slice(0, rows);
  const multiplier = c.unit.multiplier.slice(0, units);
  const buffer = c.unit.buffer.slice(0, units);
  const bid = c.order.bidSize.slice();
  const ask = c.order.askSize.slice();
  const balanceStart = new Uint32Array(units + 1);
  balanceStart.set(c.unit.balanceStart.subarray(0, units));
  balanceStart[units] = book.store.count('balance');
  const asset = c.balance.asset.slice();
  const amount = c.balance.amount.slice();
  const settled = c.balance.positions.slice();
  const mk = marketRows(book);
  const as = assetRows(book);
  const lineStart = c.market.lineStart.slice();
  const tierStart = c.asset.tierStart.slice();
  const [upTo, lines] = stepsOf(c.line.upTo, c.line.rate, c.line.deduction, 3, 3);
  // The last bracket goes on for ever, as the kernel's last line does.
  for (let m = 0; m < book.markets; m++) upTo[c.market.lineStart[m]! + c.market.lineCount[m]! - 1] = Number.MAX_VALUE;
  const [tierUpTo, tiers] = stepsOf(c.tier.upTo, c.tier.weight, c.tier.offset, 4, 4);
  const initialCollateral = new Float64Array(units);
  const collateral = new Float64Array(units);
  const endCollateral = new Float64Array(units);
  const endMargin = new Float64Array(units);

  const run = (): Sums => {
    let listed = 0;
    let house = 0;
    let houseI = 0;
    let houseM = 0;
    for (let u = 0; u < units; u++) {
      let value = 0;
      let haveI = 0;
      let haveM = 0;
      let haveE = 0;
      let needI = 0;
      let needM = 0;
      let needE = 0;
      let gross = 0;
      let p = start[u]!;
      const lastBalance = balanceStart[u + 1]!;
      for (let b = balanceStart[u]!; b < lastBalance; b++) {
        let total = amount[b]!;
        let totalI = total;
        let totalM = total;
        let totalE = total;
        for (const last = p + settled[b]!; p < last; p++) {
          const m = market[p]!;
          const at = m * MARKET;
          const mark = mk[at]!;
          const q = size[p]!;
          const pnl = q * (mark - (mk[at + 1]! - entryFunding[p]!)) - cost[p]!;
          total += pnl;
          if (pnl > 0) {
            const countedI = pnl * mk[at + WEIGHT]!;
            totalI += countedI < mk[at + CAP]! ? countedI : mk[at + CAP]!;
            const countedM = pnl * mk[at + WEIGHT + 1]!;
            totalM += countedM < mk[at + CAP + 1]! ? countedM : mk[at + CAP + 1]!;
            const countedE = pnl * mk[at + WEIGHT + 2]!;
            totalE += countedE < mk[at + CAP + 2]! ? countedE : mk[at + CAP + 2]!;
          } else {
            totalI += pnl;
            totalM += pnl;
            totalE += pnl;
          }
          gross += Math.abs(q) * mark;
          // Without orders the position as it is; with orders the worse of all asks and all bids filled, level by level.
          const o = order[p]!;
          let contracts = Math.abs(o === 0 ? q : q - ask[o - 1]!);
          let worstI = 0;
          let worstM = 0;
          let worstE = 0;
          for (let outcome = o === 0 ? 1 : 0; outcome < 2; outcome++) {
            const base = contracts * mark;
            let row = lineStart[m]!;
            while (base > upTo[row]!) row++;
            row *= LINE;
            let i = base * lines[row]! - lines[row + 3]!;
            let n = base * lines[row + 1]! - lines[row + 4]!;
            let e = base * lines[row + 2]! - lines[row + 5]!;
            const unit = mk[at + UNIT]!;
            if (unit > 0) {
              const steep = Math.sqrt(contracts * unit) * base;
              const kept = mk[at + BASE]!;
              const curveI = kept * i + mk[at + FACTOR]! * steep;
              const curveM = kept * n + mk[at + FACTOR + 1]! * steep;
              const curveE = kept * e + mk[at + FACTOR + 2]! * steep;
              if (curveI > i) i = curveI;
              if (curveM > n) n = curveM;
              if (curveE > e) e = curveE;
            }
            const interest = mk[at + INTEREST]! * base;
            if (interest > i) i = interest;
            const own = ownRate[p]! * base;
            if (own > i) i = own;
            i += contracts * mk[at + FEE]!;
            n += contracts * mk[at + FEE + 1]!;
            e += contracts * mk[at + FEE + 2]!;
            if (i > worstI) worstI = i;
            if (n > worstM) worstM = n;
            if (e > worstE) worstE = e;
            if (outcome === 0) contracts = Math.abs(q + bid[o - 1]!);
          }
          needI += worstI;
          needM += worstM;
          needE += worstE;
        }
        const a = asset[b]!;
        const at = a * ASSET;
        const first = tierStart[a]!;
        value += total * as[at + PRICE]!;
        for (let k = 0; k < 3; k++) {
          const held = k === 0 ? totalI : k === 1 ? totalM : totalE;
          let worth = 0;
          let short = 0;
          if (held < 0) {
            worth = held * as[at + HIGH + k]!;
            short = -worth * (as[at + DEBT + k]! - 1);
          } else {
            const counted = held * as[at + LOW + k]!;
            let tier = first;
            while (counted > tierUpTo[tier]!) tier++;
            worth = counted * tiers[tier * LINE + k]! + tiers[tier * LINE + 3 + k]!;
          }
          if (k === 0) {
            haveI += worth;
            needI += short;
          } else if (k === 1) {
            haveM += worth;
            needM += short;
          } else {
            haveE += worth;
            needE += short;
          }
        }
      }
      const factor = multiplier[u]!;
      needI *= factor;
      needM *= factor;
      needE = needE * factor + buffer[u]! * gross;
      equity[u] = value;
      initialCollateral[u] = haveI;
      collateral[u] = haveM;
      endCollateral[u] = haveE;
      initial[u] = needI;
      maintenance[u] = needM;
      endMargin[u] = needE;
      notional[u] = gross;
      house += value;
      houseI += needI;
      houseM += needM;
      const liquidatable = haveM < needM;
      status[u] = liquidatable ? (value < 0 ? 3 : 2) : haveI < needI ? 1 : 0;
      if (liquidatable) list[listed++] = u;
    }
    return { liquidatable: listed, equity: house, initial: houseI, maintenance: houseM };
  };
  return { run, columns: out };
}
