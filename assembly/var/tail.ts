// Value at risk and expected shortfall without a matrix of profits: the scenarios of a unit or account are summed over all that is held,
// in the order of the holdings (sums.ts), and only the worst are kept (worst.ts). bindings/reference/var/tail.ts is the definition.
import * as abi from '../abi';
import { column, f64At, u32At } from '../memory';
import * as holding from './holding';
import * as sums from './sums';
import * as worst from './worst';

/** What is left over after rounding when weights are summed in the order of the scenarios instead of that of losses. */
const SLACK: f64 = 1 + 1e-9;

let book: usize = 0;
let gains: usize = 0;
let terms: usize = 0;
let weights: usize = 0;
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
  rowBytes = (<usize>term(abi.MEASURE_WIDTH)) << 3;
  component = <u32>term(abi.MEASURE_COMPONENT);
  weighted = term(abi.MEASURE_WEIGHTED) != 0;
  const keep = <u32>term(abi.MEASURE_KEEP);
  const chances = weighted ? column(header, abi.CHANCE_WEIGHT) : 0;
  // Weights may be summed in another order; what is kept has to be enough all the same.
  const wanted = weighted ? term(abi.MEASURE_TAIL) * SLACK : <f64>keep;
  holding.openHoldings(header, rowBytes);
  sums.openSums(header, <u32>term(abi.MEASURE_SCENARIOS), rowBytes, chances, keep, wanted);
  worst.openWorst(column(header, abi.TAIL_GAIN), column(header, abi.TAIL_SCENARIO), keep, chances, wanted);
}

/** Sums all scenarios over the holdings and keeps the worst. */
function fold(): void {
  sums.addUp();
  worst.take(sums.candidates, sums.candidateScenarios, sums.find(sums.bound()));
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
