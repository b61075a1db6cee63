// Value at risk and expected shortfall without a matrix of profits: sixteen scenarios at a time are summed in registers over all that
// is held, in the order of the holdings, and only the worst are kept. bindings/reference/var/tail.ts is the definition.
import * as abi from '../abi';
import { column, f64At, rows, u32At } from '../memory';
import * as holding from './holding';
import * as worst from './worst';

/** Bytes of the scenarios that are taken at once. */
const BLOCK: usize = 128;

let book: usize = 0;
let gains: usize = 0;
let terms: usize = 0;
/** Sums of a block that has a candidate. */
let block: usize = 0;
let weights: usize = 0;
let chances: usize = 0;
let scenarios: u32 = 0;
let rowBytes: usize = 0;
let component: u32 = 0;
let weighted: bool = false;

// @ts-ignore: decorator
@inline
function term(slot: usize): f64 {
  return load<f64>(terms + slot);
}

function open(header: usize): void {
  book = header;
  gains = column(header, abi.GAIN_VALUE);
  terms = column(header, abi.MEASURE_TERM);
  weights = column(header, abi.TAIL_WEIGHT);
  chances = column(header, abi.CHANCE_WEIGHT);
  block = column(header, abi.QUOTE_COLUMN);
  scenarios = <u32>term(abi.MEASURE_SCENARIOS);
  rowBytes = (<usize>term(abi.MEASURE_WIDTH)) << 3;
  component = <u32>term(abi.MEASURE_COMPONENT);
  weighted = term(abi.MEASURE_WEIGHTED) != 0;
  holding.openHoldings(header, rowBytes);
  worst.openWorst(
    column(header, abi.TAIL_GAIN),
    column(header, abi.TAIL_SCENARIO),
    <u32>term(abi.MEASURE_KEEP),
    weighted ? chances : 0,
    term(abi.MEASURE_TAIL),
  );
}

/** Two bits: which lanes are not above the bound. */
// @ts-ignore: decorator
@inline
function below(sums: v128, bound: v128): u32 {
  return i64x2.bitmask(f64x2.le(sums, bound));
}

/** Offers sums of a block, the first scenario first. @param candidates a bit for each that may be taken */
function offer(first: u32, candidates: u32): void {
  // Behind the last scenario there is nothing but padding.
  if (scenarios - first < abi.SCENARIO_BLOCK) candidates &= (1 << (scenarios - first)) - 1;
  while (candidates != 0) {
    const s = <u32>ctz(candidates);
    const gain = f64At(block, s);
    if (gain <= worst.bound) worst.takeGain(gain, first + s);
    candidates &= candidates - 1;
  }
}

/** Sums all scenarios over the holdings and keeps the worst. */
function fold(): void {
  worst.clearWorst();
  const count = holding.count;
  const held = holding.held;
  const heldEnd = held + ((<usize>count) << 2);
  const bytes = (<usize>scenarios) << 3;
  for (let at: usize = 0; at < bytes; at += BLOCK) {
    const column = gains + at;
    let a: v128 = f64x2.splat(0);
    let b: v128 = f64x2.splat(0);
    let c: v128 = f64x2.splat(0);
    let d: v128 = f64x2.splat(0);
    let e: v128 = f64x2.splat(0);
    let f: v128 = f64x2.splat(0);
    let g: v128 = f64x2.splat(0);
    let h: v128 = f64x2.splat(0);
    let amounts = holding.heldAmounts;
    for (let row = held; row < heldEnd; row += 4, amounts += 8) {
      const from = column + <usize>load<u32>(row);
      const amount = v128.load_splat<f64>(amounts);
      a = f64x2.add(a, f64x2.mul(amount, v128.load(from)));
      b = f64x2.add(b, f64x2.mul(amount, v128.load(from, 16)));
      c = f64x2.add(c, f64x2.mul(amount, v128.load(from, 32)));
      d = f64x2.add(d, f64x2.mul(amount, v128.load(from, 48)));
      e = f64x2.add(e, f64x2.mul(amount, v128.load(from, 64)));
      f = f64x2.add(f, f64x2.mul(amount, v128.load(from, 80)));
      g = f64x2.add(g, f64x2.mul(amount, v128.load(from, 96)));
      h = f64x2.add(h, f64x2.mul(amount, v128.load(from, 112)));
    }
    const bound = f64x2.splat(worst.bound);
    const candidates =
      below(a, bound) |
      (below(b, bound) << 2) |
      (below(c, bound) << 4) |
      (below(d, bound) << 6) |
      (below(e, bound) << 8) |
      (below(f, bound) << 10) |
      (below(g, bound) << 12) |
      (below(h, bound) << 14);
    if (candidates == 0) continue;
    v128.store(block, a);
    v128.store(block, b, 16);
    v128.store(block, c, 32);
    v128.store(block, d, 48);
    v128.store(block, e, 64);
    v128.store(block, f, 80);
    v128.store(block, g, 96);
    v128.store(block, h, 112);
    offer(<u32>(at >> 3), candidates);
  }
  worst.sortWorst();
}

// @ts-ignore: decorator
@inline
function weigh(i: u32, weight: f64): void {
  store<f64>(weights + ((<usize>i) << 3), weight);
}

/** Weights of the first losses, all the same. */
function weighFirst(count: u32, weight: f64): void {
  for (let i: u32 = 0; i < count; i++) weigh(i, weight);
}

/** Mean of the losses beyond a bound; the bound where there are none, which is the largest loss then. */
function meanBeyond(bound: f64, weighs: bool): f64 {
  const count = worst.beyond(bound);
  if (weighs) {
    weighFirst(count, 1 / <f64>count);
    if (count == 0) weigh(0, 1);
  }
  return count == 0 ? bound : worst.sumOf(count) / <f64>count;
}

/** Expected shortfall by the convention that is asked for. @param weighs write what each loss weighs in it */
function shortfall(weighs: bool): f64 {
  const mass = term(abi.MEASURE_TAIL);
  const code = <u32>term(abi.MEASURE_SHORTFALL);
  const whole = <u32>term(abi.MEASURE_WHOLE);
  const rest = term(abi.MEASURE_REST);
  if (code == abi.SHORTFALL_ACERBI_TASCHE) {
    if (weighs) {
      weighFirst(whole, 1 / mass);
      if (rest > 0) weigh(whole, rest / mass);
    }
    const sum = worst.sumOf(whole);
    return (rest > 0 ? sum + rest * worst.lossAt(whole) : sum) / mass;
  }
  const kth = rest > 0 ? whole : whole - 1;
  const bound = worst.lossAt(kth);
  if (code == abi.SHORTFALL_ROCKAFELLAR_URYASEV) {
    const count = worst.beyond(bound);
    let excess: f64 = 0;
    for (let i: u32 = 0; i < count; i++) excess += worst.lossAt(i) - bound;
    if (weighs) {
      weighFirst(count, 1 / mass);
      weigh(kth, 1 - <f64>count / mass);
    }
    return bound + excess / mass;
  }
  if (code == abi.SHORTFALL_BEYOND) return meanBeyond(bound, weighs);
  if (code == abi.SHORTFALL_BEYOND_TYPE7) {
    const between = worst.lossAtRank(<u32>term(abi.MEASURE_EXCEL_RANK), term(abi.MEASURE_EXCEL_SHARE));
    return meanBeyond(between, weighs);
  }
  const last = worst.size - 1;
  let count = kth + 1;
  while (count <= last && worst.lossAt(count) == bound) count++;
  const outside: f64 = worst.lossAt(last) == bound ? <f64>worst.ties : 0;
  const all = <f64>count + outside;
  if (weighs) {
    weighFirst(count, 1 / all);
    weigh(kth, f64At(weights, kth) + outside / all);
  }
  return (worst.sumOf(count) + outside * bound) / all;
}

/** Of scenarios with weights: the loss at which they reach the tail, and the mean of the tail. */
function weightedTail(into: u32): void {
  const wanted = term(abi.MEASURE_TAIL);
  const shares = component == abi.COMPONENT_SHORTFALL;
  let reached: f64 = 0;
  let sum: f64 = 0;
  let last: u32 = 0;
  for (; last < worst.size - 1; last++) {
    const weight = worst.weightAt(last);
    if (reached + weight >= wanted) break;
    reached += weight;
    sum += weight * worst.lossAt(last);
    weigh(last, shares ? weight / wanted : 0);
  }
  const rest = wanted - reached;
  weigh(last, shares ? rest / wanted : 1);
  worst.cutWorst(last + 1);
  write(into, worst.lossAt(last), (sum + rest * worst.lossAt(last)) / wanted);
}

function write(into: u32, risk: f64, mean: f64): void {
  store<f64>(column(book, abi.LOSS_RISK) + ((<usize>into) << 3), risk);
  store<f64>(column(book, abi.LOSS_SHORTFALL) + ((<usize>into) << 3), mean);
}

/** Keeps the scenarios of the tail. */
function keepTail(into: u32): void {
  const keep = <u32>term(abi.MEASURE_KEEP);
  const to = column(book, abi.WORST_SCENARIO) + ((<usize>into * <usize>keep) << 2);
  for (let i: u32 = 0; i < keep; i++)
    store<u32>(to + ((<usize>i) << 2), i < worst.size ? worst.scenarioAt(i) : abi.NONE);
}

function tail(into: u32): void {
  fold();
  if (component != abi.COMPONENT_NONE) weighFirst(worst.size, 0);
  if (weighted) weightedTail(into);
  else {
    const rank = <u32>term(abi.MEASURE_RANK);
    const share = term(abi.MEASURE_SHARE);
    if (component == abi.COMPONENT_RISK) {
      weigh(rank, 1 - share);
      if (share > 0) weigh(rank + 1, share);
    }
    write(into, worst.lossAtRank(rank, share), shortfall(component == abi.COMPONENT_SHORTFALL));
  }
  if (term(abi.MEASURE_TAILS) != 0) keepTail(into);
}

/** Tail of the first `count` holdings of the list, into row `into` of `loss`. @returns losses that are in it */
export function tailOf(header: usize, count: u32, into: u32): u32 {
  open(header);
  holding.take(count);
  tail(into);
  return worst.size;
}

/** Loss of an amount of a row of gains in the tail that is open, by its weights, the worst first. */
function lossOf(row: u32, amount: f64): f64 {
  const from = gains + <usize>row * rowBytes;
  let sum: f64 = 0;
  for (let i: u32 = 0; i < worst.size; i++) sum += f64At(weights, i) * (0 - amount * f64At(from, worst.scenarioAt(i)));
  return sum;
}

/** Parts of a unit's positions and balances in the tail that is open; adds them to `sum` in row order. */
function components(b0: u32, balances: u32, p0: u32, sum: f64): f64 {
  const positionParts = column(book, abi.POSITION_RISK_COMPONENT);
  const balanceParts = column(book, abi.BALANCE_RISK_COMPONENT);
  let p = p0;
  for (let b = b0; b < b0 + balances; b++) {
    const asset = holding.assetMover(b);
    for (const end = p + holding.positionsOf(b); p < end; p++) {
      const row = holding.moverOf(p);
      let part: f64 = row == 0 ? 0 : lossOf(row - 1, holding.sizeOf(p));
      if (asset != 0) part -= lossOf(asset - 1, holding.paidOf(p));
      store<f64>(positionParts + ((<usize>p) << 3), part);
      sum += part;
    }
    const part: f64 = asset == 0 ? 0 : lossOf(asset - 1, holding.amountOf(b));
    store<f64>(balanceParts + ((<usize>b) << 3), part);
    sum += part;
  }
  return sum;
}

/** Tails of units, or of accounts, `[from, to)`. */
export function tails(header: usize, from: u32, to: u32): void {
  open(header);
  const byAccount = <u32>term(abi.MEASURE_BY) == abi.BY_ACCOUNT;
  const firstUnits = column(header, abi.ACCOUNT_FIRST_UNIT);
  const nexts = column(header, abi.UNIT_NEXT);
  const b0 = column(header, abi.UNIT_BALANCE_START);
  const balances = column(header, abi.UNIT_BALANCE_COUNT);
  const p0 = column(header, abi.UNIT_POSITION_START);
  const totals = column(header, abi.LOSS_TOTAL);
  for (let i = from; i < to; i++) {
    const first = byAccount ? u32At(firstUnits, i) : i;
    holding.clear();
    for (let u = first; u != abi.NONE; u = byAccount ? u32At(nexts, u) : abi.NONE)
      holding.addUnit(u32At(b0, u), u32At(balances, u), u32At(p0, u));
    tail(i);
    let sum: f64 = 0;
    if (component != abi.COMPONENT_NONE)
      for (let u = first; u != abi.NONE; u = byAccount ? u32At(nexts, u) : abi.NONE)
        sum = components(u32At(b0, u), u32At(balances, u), u32At(p0, u), sum);
    store<f64>(totals + ((<usize>i) << 3), sum);
  }
}
