// Takes an account apart: equity and each requirement row by row, with the bracket, weight or rule that binds.
// The numbers come from the reference engine over the book's own columns, so they are the kernel's to the last bit.
import type { BookBase } from './book/book.js';
import type {
  BalanceExplanation,
  Binding,
  ByLevel,
  Explanation,
  PositionExplanation,
  SpotOrdersExplanation,
  UnitExplanation,
} from './explanation.js';
import { ASSET_VALUE_WIDTH, STATUS } from './layout.js';
import { addRisks, checkBook, type Risk } from './margin.js';
import { marginUnit, statusOf, type Trace, type UnitTerms, unitTerms } from './reference/account.js';
import { ASSET, FLAG, SIDEVALUE, sideSlot } from './reference/lanes.js';
import { entryAfter } from './reference/position.js';
import { type RequirementParts, requirement } from './reference/requirement.js';
import { sideRow } from './reference/side.js';
import { doubt } from './reference/whole-units.js';

const byLevel = <T>(of: (lane: number) => T): ByLevel<T> => ({
  initial: of(0),
  maintenance: of(1),
  liquidationEnd: of(2),
});
/** The outcome of a code; the side that was taken may be empty: then no fill is worse. */
function outcomeOf(code: number, bids: number, asks: number): 'bids' | 'asks' | 'none' {
  if (code === 1 && bids !== 0) return 'bids';
  return code === 2 && asks !== 0 ? 'asks' : 'none';
}

/** Explains one margin unit. */
class UnitExplainer implements Trace {
  readonly balances: BalanceExplanation[] = [];
  readonly positions: PositionExplanation[] = [];
  readonly spotOrders: SpotOrdersExplanation[] = [];
  readonly #book: BookBase;
  readonly #unit: number;
  #orderMargin = 0;

  constructor(book: BookBase, unit: number) {
    this.#book = book;
    this.#unit = unit;
  }

  get #columns(): BookBase['store']['columns'] {
    return this.#book.store.columns;
  }

  #assetValue(asset: number, slot: number, lane: number): number {
    return this.#columns.asset.value[asset * ASSET_VALUE_WIDTH + slot + lane] ?? 0;
  }

  orderMargin(_row: number, margin: number): void {
    this.#orderMargin = margin;
  }

  #takeOrderMargin(): number {
    const margin = this.#orderMargin;
    this.#orderMargin = 0;
    return margin;
  }

  position(p: number, terms: { pnl: Float64Array; margin: Float64Array; notional: number; outcome: Uint8Array }): void {
    const { position, market, unit, order } = this.#columns;
    const { market: m, side, size, entry } = this.#book.position(p);
    const cost = position.cost[p] ?? 0;
    const v = market.value;
    const row = sideRow(m, size);
    const settle = market.settle[m] ?? 0;
    const price = this.#assetValue(settle, ASSET.low, 3);
    const pnl = size * (v[row + sideSlot(SIDEVALUE.pnl, 3)] ?? 0) - cost;
    const o = (position.order[p] ?? 0) - 1;
    const ownRate = Math.max(position.ownRate[p] ?? 0, unit.rateFloor[this.#unit] ?? 0);
    const sizeOf = (lane: number): number =>
      terms.outcome[lane] === 1
        ? size + (order.bidSize[o] ?? 0)
        : terms.outcome[lane] === 2
          ? size - (order.askSize[o] ?? 0)
          : size;
    const worth = Math.abs(v[row + sideSlot(SIDEVALUE.pnl, 3)] ?? 0);
    const net = ((v[row + SIDEVALUE.flags] ?? 0) & FLAG.net) !== 0;
    const modelled = unit.model[this.#unit] !== 0;
    const taken = [0, 1, 2].map((lane) => {
      const after = sizeOf(lane);
      const spent = o < 0 ? Math.abs(cost) : entryAfter(size, cost, after, worth);
      return this.#binding(m, lane, after, spent, ownRate, net ? this.#assetValue(settle, ASSET.high, lane) : 1);
    });
    const target: PositionExplanation = {
      market: this.#book.marketId(m),
      side,
      size,
      entry,
      mark: market.mark[m] ?? 0,
      notional: terms.notional,
      unrealizedPnl: pnl * price,
      fundingPnl: 0 - ((v[row + SIDEVALUE.funding] ?? 0) - (position.funding[p] ?? 0)) * size * price,
      countedPnl: byLevel((lane) => {
        const x = terms.pnl[lane] ?? 0;
        return x * this.#assetValue(settle, x < 0 ? ASSET.high : ASSET.low, lane);
      }),
      requirement: byLevel((lane) => (net && !modelled ? (taken[lane]?.requirement ?? 0) : (terms.margin[lane] ?? 0))),
      binding: byLevel((lane) => (taken[lane] as (typeof taken)[number]).binding),
    };
    if (o >= 0) {
      const bids = order.bidSize[o] ?? 0;
      const asks = order.askSize[o] ?? 0;
      target.orders = {
        bids,
        asks,
        outcome: outcomeOf(terms.outcome[0] ?? 0, bids, asks),
        sizeAfter: sizeOf(0),
        orderMargin: this.#takeOrderMargin(),
      };
    }
    this.positions.push(target);
  }

  #binding(
    m: number,
    lane: number,
    size: number,
    entry: number,
    ownRate: number,
    price: number,
  ): { binding: Binding; requirement: number } {
    const parts = {} as RequirementParts;
    const need = requirement(this.#columns, sideRow(m, size), lane, Math.abs(size), entry, ownRate, parts);
    const most = Math.max(parts.table, parts.curve, parts.openInterest, parts.ownRate);
    const rule =
      most === parts.table
        ? 'bracket'
        : most === parts.curve
          ? 'curve'
          : most === parts.openInterest
            ? 'openInterest'
            : 'ownRate';
    return {
      requirement: need * price,
      binding: {
        rule,
        bracket: parts.bracket,
        rate: rule === 'bracket' ? parts.rate : most / parts.base,
        deduction: rule === 'bracket' ? parts.deduction : 0,
        notional: parts.notional,
      },
    };
  }

  balance(
    b: number,
    total: Float64Array,
    held: { value: Float64Array; cash: Float64Array },
    collateral: Float64Array,
    margin: Float64Array,
  ): void {
    const { balance, asset: assets } = this.#columns;
    const asset = balance.asset[b] ?? 0;
    const principal = balance.amount[b] ?? 0;
    const amount = principal * ((principal < 0 ? assets.borrowIndex[asset] : assets.depositIndex[asset]) ?? 1);
    const price = this.#assetValue(asset, ASSET.low, 3);
    this.balances.push({
      asset: this.#book.assetId(asset),
      amount,
      pnl: (total[3] ?? 0) - amount,
      total: total[3] ?? 0,
      price,
      value: (total[3] ?? 0) * price,
      guardedValue: byLevel((lane) => held.value[lane] ?? 0),
      collateral: byLevel((lane) => collateral[lane] ?? 0),
      requirement: byLevel((lane) => margin[lane] ?? 0),
      weight: byLevel((lane) => {
        const value = held.value[lane] ?? 0;
        if (value === 0) return null;
        const counted = value < 0 ? (margin[lane] ?? 0) - value : (collateral[lane] ?? 0) - (held.cash[lane] ?? 0);
        return counted / Math.abs(value);
      }),
    });
  }

  #spotRow(p: number): { m: number; o: number; row: SpotOrdersExplanation } {
    const { position, order, market } = this.#columns;
    const m = (position.key[p] ?? 0) >>> 2;
    const o = (position.order[p] ?? 0) - 1;
    const zero = byLevel(() => 0);
    return {
      m,
      o,
      row: {
        market: this.#book.marketId(m),
        base: this.#book.assetId(market.base[m] ?? 0),
        quote: this.#book.assetId(market.quote[m] ?? 0),
        form: 'fill',
        bids: order.bidSize[o] ?? 0,
        asks: order.askSize[o] ?? 0,
        orderMargin: (market.orderMargin[m] ?? 0) * (order.count[o] ?? 0),
        outcome: byLevel(() => 'none' as const),
        valueBefore: zero,
        valueAfter: zero,
        ordersValue: zero,
        amountAfter: zero,
        collateral: zero,
      },
    };
  }

  spot(
    p: number,
    before: { value: Float64Array; cash: Float64Array },
    after: { value: Float64Array; amount: Float64Array; cash: Float64Array },
    outcome: Uint8Array,
  ): void {
    const { row } = this.#spotRow(p);
    this.spotOrders.push({
      ...row,
      outcome: byLevel((lane) => outcomeOf(outcome[lane] ?? 0, row.bids, row.asks)),
      valueBefore: byLevel((lane) => before.value[lane] ?? 0),
      valueAfter: byLevel((lane) => after.value[lane] ?? 0),
      ordersValue: byLevel((lane) => (after.cash[lane] ?? 0) - (before.cash[lane] ?? 0) + 0),
      amountAfter: byLevel((lane) => after.amount[lane] ?? 0),
    });
  }

  reserve(p: number, worth: Float64Array): void {
    const { row } = this.#spotRow(p);
    this.spotOrders.push({ ...row, form: 'reserve', collateral: byLevel((lane) => worth[lane] ?? 0) });
  }
}

function riskOf(book: BookBase, t: UnitTerms): Risk {
  const at = (x: Float64Array, lane: number): number => x[lane] ?? 0;
  const { collateral: c, margin: m } = t;
  return {
    status: STATUS[statusOf(t, book.store.columns.house.rule[0] ?? 0)] ?? 'healthy',
    inexact: doubt.inexact,
    equity: at(c, 3),
    collateral: at(c, 1),
    initialMargin: at(m, 0),
    maintenanceMargin: at(m, 1),
    notional: t.notional,
    marginRatio: at(c, 1) > 0 ? at(m, 1) / at(c, 1) : null,
    health: byLevel((lane) => at(c, lane) - at(m, lane)),
  };
}

function scenariosOf(book: BookBase, unit: number): Pick<UnitExplanation, 'scenarios'> {
  const model = book.scenarioModel((book.store.columns.unit.model[unit] ?? 0) - 1);
  const { scenarios } = book.store.engine;
  return model && scenarios ? { scenarios: scenarios.doors.explainUnit(book, unit, model) } : {};
}

/**
 * Takes an account's equity, collateral and requirements apart, row by row; numeraire unless said otherwise.
 * @param account - id or row of the account
 * @returns one part a margin unit (cross, then isolated buckets); rows fold in their order to the unit's numbers
 * @throws MarginError unknown-id
 * @example
 * const { units: [cross] } = explain(book, 'a1');
 * console.log(cross.positions[0].binding.maintenance); // { rule: 'bracket', bracket: 2, rate: 0.01, deduction: 1300, ... }
 */
export function explain(book: BookBase, account: string | number): Explanation {
  checkBook(book);
  const units = book.unitsOf(account);
  book.refresh();
  const parts = units.map((u): UnitExplanation => {
    const terms = unitTerms();
    const trace = new UnitExplainer(book, u);
    marginUnit(book.store, u, terms, trace);
    const { unit } = book.store.columns;
    return {
      bucket: book.unitBucket(u),
      ...riskOf(book, terms),
      initialCollateral: terms.collateral[0] ?? 0,
      endCollateral: terms.collateral[2] ?? 0,
      endMargin: terms.margin[2] ?? 0,
      multiplier: unit.multiplier[u] ?? 1,
      buffer: (unit.buffer[u] ?? 0) * terms.notional,
      balances: trace.balances,
      positions: trace.positions,
      spotOrders: trace.spotOrders,
      ...scenariosOf(book, u),
    };
  });
  return {
    account: book.accountId(book.account(account)),
    numeraire: book.numeraire,
    ...addRisks(parts),
    units: parts,
  };
}
