// The positions of an account as legs of a liquidation: what margin-kernel/liquidation orders, pairs and plans.
import type { BookBase } from './book/book.js';
import { levelOf, type RayLevel } from './certificate.js';
import { KIND } from './layout.js';
import type { Leg } from './liquidation/leg.js';
import { checkBook } from './margin.js';
import { ANSWER } from './reference/lanes.js';
import { checkKeys, ensureTrial } from './trial.js';

/** Which positions become legs. */
export interface LegOptions {
  /** Margin unit of the account: isolated from 1; default 0, cross. */
  bucket?: number;
  /** The requirement that a close frees; default maintenance. */
  level?: RayLevel;
}

/** A leg with its place, so that a step can be sent to `closeSizes` or to the market. */
export interface BookLeg extends Leg {
  /** Id of the market. */
  market: string;
  /** Side of a hedged account's position. */
  positionSide: 'net' | 'long' | 'short';
  /** Signed contracts, not 0. */
  size: number;
  /** At the mark, numeraire, > 0. */
  notional: number;
  /** Requirement that its close frees by itself, numeraire. */
  requirement: number;
  /** Name of the underlying that it moves with. */
  underlying: string;
  /** Signed, units of the underlying, by the market's beta. */
  delta: number;
  /** Liquidation fee of the market, a fraction of the notional. */
  feeRate: number;
}

/** Units of the underlying that a contract of unit `u` moves like. */
function deltaOf(book: BookBase, u: number, market: number): number {
  const { market: c, unit, model, cell, asset } = book.store.columns;
  const units = (c.multiplier[market] ?? 1) * (c.beta[market] ?? 1);
  if (c.kind[market] === KIND.inverse) return units / (c.mark[market] ?? 1);
  const k = (unit.model[u] ?? 0) - 1;
  if ((c.kind[market] ?? 0) < KIND.call || k < 0) return units;
  // The dollar delta stands behind scenarios and value in the risk array.
  const behind = (model.cell[k] ?? 0) + market * (model.width[k] ?? 0) + (model.scenarios[k] ?? 0);
  const spot = asset.price[c.base[market] ?? 0] ?? 0;
  return spot > 0 ? (cell.value[behind + 1] ?? 0) / spot : 0;
}

/** Requirement that a close of the whole position at the mark frees, with the worst of the open orders before and after it. */
function freedBy(book: BookBase, u: number, market: number, side: number, size: number, level: number): number {
  const { engine, columns } = book.store;
  const price = columns.market.mark[market] ?? 0;
  engine.openTrade(book.store, u, { market, side, buys: size < 0, price, fee: 0 }, level, 0);
  const needed = (x: number): number => {
    engine.sizeHealth(x);
    return columns.house.answer[ANSWER.requirement] ?? 0;
  };
  return Math.max(0, needed(0) - needed(Math.abs(size)));
}

/**
 * The open positions of an account as legs, valued in the numeraire: what a close of each frees by itself, and the net delta that
 * it has with others of its underlying. Orders of them are policies: `orderLegs`, `pairedClose`, `liquidationPlan`.
 * @returns ids are markets, with the side behind a colon where both sides of a market may be held
 * @throws MarginError unknown-id, unknown-key, type
 * @example
 * const steps = orderLegs(legsOf(book, 'a1').map(({ market, positionSide, ...leg }) => leg), 'hedgeSafe');
 */
export function legsOf(book: BookBase, account: string | number, options: LegOptions = {}): BookLeg[] {
  checkBook(book);
  checkKeys(options, 'options', ['bucket', 'level']);
  const level = levelOf(options.level);
  const u = book.unit(account, options.bucket ?? 0);
  book.refresh();
  ensureTrial(book, u);
  const { store } = book;
  const { unit, position, market: markets, asset } = store.columns;
  const first = unit.positionStart[u] ?? 0;
  const rows = Array.from({ length: unit.positionCount[u] ?? 0 }, (_, i) => first + i);
  const open = rows.filter((p) => (position.size[p] ?? 0) !== 0);
  return open.map((p) => {
    const { market, side, size } = book.position(p);
    const settle = asset.price[markets.settle[market] ?? 0] ?? 0;
    const multiplier = markets.multiplier[market] ?? 1;
    const mark = markets.mark[market] ?? 0;
    const each = (markets.kind[market] === KIND.inverse ? multiplier / mark : multiplier * mark) * settle;
    return {
      id: side === 'net' ? book.marketId(market) : `${book.marketId(market)}:${side}`,
      market: book.marketId(market),
      positionSide: side,
      size,
      notional: Math.abs(size) * each,
      requirement: freedBy(book, u, market, (position.key[p] ?? 0) & 3, size, level),
      underlying: book.underlyingId(markets.underlying[market] ?? 0),
      delta: size * deltaOf(book, u, market),
      feeRate: markets.liquidationFee[market] ?? 0,
    };
  });
}
