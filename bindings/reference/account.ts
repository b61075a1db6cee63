// One margin unit (account, bucket): balances, each with the positions that settle in it, folded in row order.
// Health at a level = collateral - margin. This is the definition that the kernel must match bit for bit.
import { ASSET_VALUE_WIDTH, INEXACT, SCRATCH_WIDTH } from '../layout.js';
import type { Columns, Store } from '../memory.js';
import { assetWorth, debtWorth, guardedValue } from './collateral.js';
import { ASSET, FLAG, larger, PLAIN, SIDEVALUE, smaller } from './lanes.js';
import { type PositionTerms, positionOf, positionTerms } from './position.js';
import { sideRow } from './side.js';
import { ARRIVING, fillSpot, type Holding, reservedFunds, reserveEffect } from './spot.js';
import { doubt } from './whole-units.js';

/** Sums of a unit by lane. `collateral[3]` is equity. */
export interface UnitTerms {
  collateral: Float64Array;
  margin: Float64Array;
  notional: number;
}

/** Receives every row as it is added; explain.ts takes a unit apart with it. */
export interface Trace {
  position(row: number, terms: PositionTerms): void;
  balance(row: number, total: Float64Array, held: Holding, collateral: Float64Array, margin: Float64Array): void;
  orderMargin(row: number, margin: number): void;
  /** A spot order row of the fill kind: what was held before it, after it, and the outcome by lane. */
  spot(row: number, before: Holding, after: Holding, outcome: Uint8Array): void;
  reserve(row: number, worth: Float64Array): void;
}

export const unitTerms = (): UnitTerms => ({
  collateral: new Float64Array(4),
  margin: new Float64Array(4),
  notional: 0,
});

const terms = positionTerms();
const held: Holding = { value: new Float64Array(4), amount: new Float64Array(4), cash: new Float64Array(4) };
const total = new Float64Array(4);
const copyOf = (h: Holding): Holding => ({ value: h.value.slice(), amount: h.amount.slice(), cash: h.cash.slice() });

/** Balance and profit that pools with it, by lane, in units of the asset; adds what does not pool to `out`. */
function foldPositions(columns: Columns, unit: number, b: number, p0: number, out: UnitTerms, trace?: Trace): boolean {
  const asset = columns.balance.asset[b]!;
  const v = columns.asset.value;
  const amount = columns.balance.amount[b]!;
  const index = amount < 0 ? columns.asset.borrowIndex[asset]! : columns.asset.depositIndex[asset]!;
  const rateFloor = columns.unit.rateFloor[unit]!;
  // Where a model margins the unit, its markets' own tables ask for nothing.
  const modelled = columns.unit.model[unit]! !== 0;
  const settleHigh = (lane: number): number => v[asset * ASSET_VALUE_WIDTH + ASSET.high + lane]!;
  total.fill(amount * index);
  let spot = false;
  for (let p = p0; p < p0 + columns.balance.positions[b]!; p++) {
    const market = columns.position.key[p]! >>> 2;
    const row = sideRow(market, columns.position.size[p]!);
    const side = columns.market.value;
    const order = columns.position.order[p]!;
    const orderMargin = order === 0 ? 0 : side[row + SIDEVALUE.orderMargin]! * columns.order.count[order - 1]!;
    if (order !== 0 && !modelled) {
      for (let lane = 0; lane < PLAIN; lane++) out.margin[lane] = out.margin[lane]! + orderMargin;
      trace?.orderMargin(p, orderMargin);
    }
    const flags = side[row + SIDEVALUE.flags]!;
    if (flags & (FLAG.spotFill | FLAG.spotReserve)) {
      spot = true;
      continue;
    }
    positionOf(columns, p, rateFloor, settleHigh, modelled, terms);
    const separate = (flags & FLAG.separate) !== 0;
    for (let lane = 0; lane < 4; lane++) {
      const pnl = terms.pnl[lane]!;
      if (separate) out.collateral[lane] = out.collateral[lane]! + guardedValue(columns, asset, lane, pnl);
      else total[lane] = total[lane]! + pnl;
      out.margin[lane] = out.margin[lane]! + terms.margin[lane]!;
    }
    out.notional = out.notional + terms.notional;
    trace?.position(p, terms);
  }
  return spot;
}

/** Weighs one balance with its profits and its spot orders of the fill kind. */
function foldBalance(
  columns: Columns,
  unit: number,
  b: number,
  p0: number,
  s: number,
  out: UnitTerms,
  trace?: Trace,
): boolean {
  const asset = columns.balance.asset[b]!;
  const rateFloor = columns.unit.rateFloor[unit]!;
  const spot = foldPositions(columns, unit, b, p0, out, trace);
  let reserves = false;
  for (let lane = 0; lane < 4; lane++) {
    held.amount[lane] = total[lane]!;
    held.value[lane] = guardedValue(columns, asset, lane, total[lane]!);
    held.cash[lane] = 0;
    columns.scratch.held[s * SCRATCH_WIDTH + lane] = total[lane]!;
  }
  columns.scratch.held[s * SCRATCH_WIDTH + ARRIVING] = 0;
  if (spot) {
    for (let p = p0; p < p0 + columns.balance.positions[b]!; p++) {
      const order = columns.position.order[p]!;
      const market = columns.position.key[p]! >>> 2;
      const flags = columns.market.value[sideRow(market, 0) + SIDEVALUE.flags]!;
      if (order !== 0 && flags & FLAG.spotFill) {
        const before = trace && copyOf(held);
        const chosen = trace && new Uint8Array(4);
        fillSpot(columns, asset, market, order - 1, rateFloor, held, chosen);
        if (trace && before && chosen) trace.spot(p, before, copyOf(held), chosen);
      }
      if (order !== 0 && flags & FLAG.spotReserve) reserves = true;
    }
  }
  const before = trace && { collateral: out.collateral.slice(), margin: out.margin.slice() };
  for (let lane = 0; lane < 4; lane++) {
    const value = held.value[lane]!;
    const amount = Math.abs(held.amount[lane]!);
    if (value < 0) {
      const owed = -value;
      const worth = debtWorth(columns, asset, lane, owed, amount, rateFloor);
      out.collateral[lane] = out.collateral[lane]! + (held.cash[lane]! - owed);
      out.margin[lane] = out.margin[lane]! + (worth - owed);
    } else {
      const worth = assetWorth(columns, asset, lane, value, amount, rateFloor);
      out.collateral[lane] = out.collateral[lane]! + (held.cash[lane]! + worth);
    }
  }
  if (trace && before) {
    trace.balance(
      b,
      total,
      held,
      out.collateral.map((x, k) => x - before.collateral[k]!),
      out.margin.map((x, k) => x - before.margin[k]!),
    );
  }
  return reserves;
}

/** Adds spot orders of the reserve kind: first what could arrive in each asset, then the worse side of each market. */
function foldReserves(columns: Columns, unit: number, out: UnitTerms, trace?: Trace): void {
  const { balanceStart, balanceCount, positionStart, positionCount } = columns.unit;
  const b0 = balanceStart[unit]!;
  const find = (asset: number): number => {
    let s = 0;
    while (s < balanceCount[unit]! - 1 && columns.balance.asset[b0 + s] !== asset) s++;
    return s;
  };
  for (const pass of [0, 1]) {
    for (let p = positionStart[unit]!; p < positionStart[unit]! + positionCount[unit]!; p++) {
      const market = columns.position.key[p]! >>> 2;
      const order = columns.position.order[p]!;
      const flags = columns.market.value[sideRow(market, 0) + SIDEVALUE.flags]!;
      if (order === 0 || !(flags & FLAG.spotReserve)) continue;
      const funds = reservedFunds(columns, market, order - 1);
      const base = find(columns.market.base[market]!);
      const quote = find(columns.market.quote[market]!);
      const { held: rows } = columns.scratch;
      if (pass === 0) {
        rows[base * SCRATCH_WIDTH + ARRIVING] = rows[base * SCRATCH_WIDTH + ARRIVING]! + funds.base;
        rows[quote * SCRATCH_WIDTH + ARRIVING] = rows[quote * SCRATCH_WIDTH + ARRIVING]! + funds.quote;
      } else {
        const worth = new Float64Array(4);
        const counts = funds.base !== 0 && funds.quote !== 0;
        for (let lane = 0; counts && lane < 4; lane++) {
          const asBase = reserveEffect(columns, columns.market.base[market]!, base, lane, funds.base);
          const asQuote = reserveEffect(columns, columns.market.quote[market]!, quote, lane, funds.quote);
          worth[lane] = smaller(asBase, asQuote);
          out.collateral[lane] = out.collateral[lane]! + worth[lane]!;
        }
        trace?.reserve(p, worth);
      }
    }
  }
}

/** Margins unit `u` into `out`, account-wide factors included. */
export function marginUnit(store: Store, u: number, out: UnitTerms, trace?: Trace): void {
  const { columns } = store;
  out.collateral.fill(0);
  out.margin.fill(0);
  out.notional = 0;
  doubt.inexact = false;
  const { unit } = columns;
  let p = unit.positionStart[u]!;
  let reserves = false;
  for (let s = 0; s < unit.balanceCount[u]!; s++) {
    const b = unit.balanceStart[u]! + s;
    if (foldBalance(columns, u, b, p, s, out, trace)) reserves = true;
    p += columns.balance.positions[b]!;
  }
  if (reserves) foldReserves(columns, u, out, trace);
  if (unit.model[u] !== 0) {
    store.engine.scenarios?.requirement(store, u);
    for (let lane = 0; lane < PLAIN; lane++) out.margin[lane] = out.margin[lane]! + columns.house.required[lane]!;
  }
  for (let lane = 0; lane < PLAIN; lane++) out.margin[lane] = out.margin[lane]! * unit.multiplier[u]!;
  out.margin[2] = out.margin[2]! + unit.buffer[u]! * out.notional;
}

/** 0 healthy, 1 warning (below the initial requirement), 2 liquidatable, 3 bankrupt (liquidatable and equity below 0). */
export function statusOf(out: UnitTerms, rule: number): number {
  const health = out.collateral[1]! - out.margin[1]!;
  const liquidatable = rule & 1 ? health <= 0 && out.margin[1]! > 0 : health < 0;
  if (liquidatable) return out.collateral[PLAIN]! < 0 ? 3 : 2;
  return out.collateral[0]! - out.margin[0]! < 0 ? 1 : 0;
}

const sum = unitTerms();

/** Scans units `[from, to)`; see Engine.scan. House totals fold in unit order. */
export function scan(store: Store, from: number, to: number, whole: boolean): void {
  const { unit, house } = store.columns;
  if (whole) {
    house.totals.fill(0);
    house.liquidatable[0] = 0;
  }
  for (let u = from; u < to; u++) {
    marginUnit(store, u, sum);
    const { collateral, margin } = sum;
    unit.initialCollateral[u] = collateral[0]!;
    unit.collateral[u] = collateral[1]!;
    unit.endCollateral[u] = collateral[2]!;
    unit.equity[u] = collateral[3]!;
    unit.initialMargin[u] = margin[0]!;
    unit.maintenanceMargin[u] = margin[1]!;
    unit.endMargin[u] = margin[2]!;
    unit.notional[u] = sum.notional;
    const status = statusOf(sum, house.rule[0]!);
    unit.status[u] = status + (doubt.inexact ? INEXACT : 0);
    if (!whole) continue;
    if (status >= 2) {
      unit.list[house.liquidatable[0]!] = u;
      house.liquidatable[0] = house.liquidatable[0]! + 1;
    }
    const add = [collateral[3]!, collateral[1]!, margin[0]!, margin[1]!, sum.notional, larger(-collateral[3]!, 0)];
    add.forEach((x, i) => {
      house.totals[i] = house.totals[i]! + x;
    });
  }
}
