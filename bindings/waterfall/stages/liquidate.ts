// Positions of defaulters are sold into the order book that the event brings, best price first, down to a floor; what the book
// does not take stays for the next stage. Several defaulters use up one book, in the order of the event.
import { MarginError } from '../../errors.js';
import type { Exact } from '../../liquidation/exact.js';
import { type Integer, magnitude, smaller } from '../../venues/integer.js';
import type { Row } from '../../venues/rows.js';
import { type Amount, above0, floorOf, fraction, fractionText, type Ratio } from '../amount.js';
import { type Market, worthOfLot } from '../market.js';
import { positionValues } from '../position-values.js';
import type { Running } from '../running.js';
import { OUTSIDE } from '../state.js';
import { type Because, type Done, doneIf, type Work } from '../step.js';
import { writeTrade } from '../trade.js';
import { oneOf } from '../words.js';

/** One side of a book as [price, lots], best first. */
export type DepthLevels = readonly (readonly [price: Ratio, lots: Integer])[];

/** An order book of the event, by market; bids for closing longs, asks for shorts. */
export interface DepthBook {
  /** Best first; for closing longs. */
  bids?: DepthLevels;
  /** Best first; for closing shorts. */
  asks?: DepthLevels;
}

/** A stage that sells positions of defaulters into the order book. */
export interface Liquidate {
  /** Names the stage's kind. */
  kind: 'liquidate';
  /** Its name, unique among the stages. */
  id: string;
  /** Worst price: none (default), or where the defaulter's equity is used up. */
  floor?: 'none' | 'bankruptcy';
  /** Of the value traded, a fraction; never more than the equity left. Default 0. */
  fee?: Ratio;
  /** Who gets the fee. */
  feeTo?: string;
}

export const LIQUIDATE_KEYS = ['kind', 'id', 'floor', 'fee', 'feeTo'] as const;

export function liquidateStage(row: Row): Work {
  const floor = oneOf(row.has('floor') ? row.raw('floor') : 'none', row.at('floor'), ['none', 'bankruptcy'] as const);
  const fee = row.has('fee') ? fraction(row.raw('fee') as Ratio, row.at('fee')) : undefined;
  const feeTo = fee ? row.text('feeTo') : undefined;
  return {
    kind: 'liquidate',
    id: row.text('id'),
    path: row.path,
    always: true,
    check: (run) => {
      if (feeTo !== undefined) run.other(feeTo, row.at('feeTo'));
    },
    run: (run) => {
      const any = run.givesAny;
      const done = sell(run, floor);
      if (fee && feeTo !== undefined) charge(run, fee, run.draft.row(feeTo), done.traded);
      run.remeasure();
      const { sold, unsold, traded } = done;
      const detail = { sold, unsold };
      const idle = (): Because => (!any ? 'noPositions' : run.event.depth.size === 0 ? 'noBook' : 'refused');
      return { ...doneIf(traded.size > 0, idle), participants: traded.size, detail } satisfies Done;
    },
  };
}

interface Level {
  price: Exact;
  lots: Amount;
}

interface Sold {
  /** Lots by market, unsigned. */
  sold: Record<string, Amount>;
  unsold: Record<string, Amount>;
  /** Value traded by defaulter, minor units. */
  traded: Map<number, Amount>;
}

function sell(run: Running, floor: 'none' | 'bankruptcy'): Sold {
  const outside = run.draft.row(OUTSIDE);
  const limits = floor === 'bankruptcy' ? positionValues(run, 'bankruptcy') : undefined;
  const result: Sold = { sold: Object.create(null), unsold: Object.create(null), traded: new Map() };
  const add = (record: Record<string, Amount>, id: string, lots: Amount): void => {
    if (lots > 0n) record[id] = (record[id] ?? 0n) + lots;
  };
  for (const id of run.event.markets.filter((market) => run.allows(market, 'liquidate'))) {
    const market = run.draft.market(id);
    const book = run.event.depth.get(id);
    const floors = new Map(limits?.get(id)?.map((due) => [due.row, due]));
    const sides = new Map([1n, -1n].map((side) => [side, { levels: levelsOf(book, side, id), next: 0 }]));
    for (const row of run.event.defaulters) {
      const { lots } = run.draft.positionAt(row, id);
      if (lots === 0n || !run.takes(row)) continue;
      const side = lots > 0n ? 1n : -1n;
      const asked = smaller(run.event.closes.get(row)?.get(id) ?? magnitude(lots), magnitude(lots));
      const limit = floors.get(row);
      let left = asked;
      run.journal.enter({ code: 'traded', rule: 'orderBook' }, (pen) => {
        const offered = sides.get(side) as { levels: Level[]; next: number };
        // Levels that are used up are passed once, not by every defaulter.
        for (; left > 0n && offered.next < offered.levels.length; offered.next++) {
          const level = offered.levels[offered.next] as Level;
          if (limit && isBeyond(market, level.price, limit)) break;
          const part = smaller(left, level.lots);
          const value = floorOf(part * side, worthOfLot(market, level.price));
          writeTrade(pen, run.draft, { market, from: row, to: outside, lots: part * side, value });
          level.lots -= part;
          left -= part;
          result.traded.set(row, (result.traded.get(row) ?? 0n) + magnitude(value));
          if (level.lots > 0n) break;
        }
      });
      add(result.sold, id, asked - left);
      add(result.unsold, id, left);
    }
  }
  return result;
}

/** Whether a lot at this price fetches less than its part of what the position has to. */
function isBeyond(market: Market, price: Exact, limit: { value: Amount; lots: Amount }): boolean {
  const { numerator, denominator } = worthOfLot(market, price);
  // lots x worth < value, where both are of the whole position.
  return limit.lots * numerator < limit.value * denominator;
}

/** Levels of the side that closes, as a list that is used up. @throws MarginError range where they do not stand best first */
function levelsOf(book: ReadonlyMap<bigint, readonly Level[]> | undefined, side: bigint, id: string): Level[] {
  const levels = (book?.get(side) ?? []).map((level) => ({ ...level }));
  levels.forEach((level, i) => {
    const before = levels[i - 1];
    if (!before) return;
    const rise = level.price.numerator * before.price.denominator - before.price.numerator * level.price.denominator;
    if (rise * side <= 0n) return;
    const path = `event.depth.${id}.${side > 0n ? 'bids' : 'asks'}[${i}]`;
    const expected = `a price not better than ${fractionText(before.price)}, the one before it`;
    throw new MarginError('range', { path, got: fractionText(level.price), expected, hint: 'Sort levels, best first' });
  });
  return levels.filter(({ lots }) => lots > 0n);
}

/** A fee of the value traded, as far as there is equity left: it never makes a deficit. */
function charge(run: Running, fee: Exact, to: number, traded: ReadonlyMap<number, Amount>): void {
  run.journal.enter({ code: 'charged', rule: 'liquidation fee' }, (pen) => {
    for (const [row, value] of traded) {
      const due = smaller(floorOf(value, fee), above0(run.draft.equityAt(row, run.asset)));
      pen.money(row, run.asset, -due);
      pen.money(to, run.asset, due);
    }
  });
}
