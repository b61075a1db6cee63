// Liquidation prices of many positions, as columns by position row: at any level, a stretch of units at a time, so that a million
// accounts can say how far they are. Certificates are asked for row by row (bindings/liquidation.ts).
import type { BookBase } from '../book/book.js';
import { ensureRay, RAY_LEVEL, type RayLevel } from '../certificate.js';
import { KIND } from '../layout.js';
import { ANSWER, ROOT } from '../reference/lanes.js';
import { leadPrice } from '../watch/views/held.js';

export type LevelName = RayLevel;

/** Copies, so that they stay while certificates are made. */
export interface PriceColumns {
  /** 0 where there is none. */
  down: Float64Array;
  /** Infinity where there is none. */
  up: Float64Array;
  /** ROOT bits, those of `up` in the second byte. */
  code: Uint32Array;
}

/** Units solved between two signs of life. */
const STRETCH = 1024;

/** Price that the liquidation prices of a market are to be compared with: its mark; of an option the price of what it is on. */
export const priceNow = (book: BookBase, id: string | number): number => leadPrice(book.store.columns, book.market(id));

/** The columns' answer for a row, as JSON has it. */
export const priceAt = ({ down, up }: PriceColumns, row: number): { down: number | null; up: number | null } => {
  const [low, high] = [down[row] as number, up[row] as number];
  return { down: low > 0 ? low : null, up: Number.isFinite(high) ? high : null };
};

/** Rows of a unit that have prices, which those of spot orders have not; in the order in which `explain` tells positions. */
export function contractRows(book: BookBase, unit: number): number[] {
  const { unit: units, position, market } = book.store.columns;
  const first = units.positionStart[unit] as number;
  const rows: number[] = [];
  for (let p = first; p < first + (units.positionCount[unit] as number); p++) {
    if (market.kind[(position.key[p] as number) >>> 2] !== KIND.spot) rows.push(p);
  }
  return rows;
}

/** Those of them that hold something: the others carry orders alone. */
export const heldRows = (book: BookBase, unit: number): number[] =>
  contractRows(book, unit).filter((p) => book.store.columns.position.size[p] !== 0);

/** Makes room for the columns, and for the longest ray of any of the units. */
function prepare(book: BookBase, units: readonly number[] | null): void {
  const { store } = book;
  if (units) for (const u of units) ensureRay(book, u, u + 1);
  else ensureRay(book, 0, book.units);
  store.setCount('price', store.count('position'));
}

/** At another level than maintenance every position is solved on its ray. */
function solveUnit(book: BookBase, unit: number, level: number): void {
  const { engine, columns } = book.store;
  const { price, position, house } = columns;
  for (const p of heldRows(book, unit)) {
    const market = (position.key[p] as number) >>> 2;
    const side = (upper: boolean): [price: number, code: number] => {
      engine.openRay(book.store, unit, market, level);
      const code = engine.solveRay(upper);
      return [code & ROOT.none ? (upper ? Number.POSITIVE_INFINITY : 0) : (house.answer[ANSWER.ill] as number), code];
    };
    const [down, downCode] = side(false);
    const [up, upCode] = side(true);
    price.down[p] = down;
    price.up[p] = up;
    price.code[p] = downCode | (upCode << 8);
  }
}

/**
 * Prices of the positions of some units, or of all; after a margin call on the book.
 * @param done - told how many units are solved
 */
export function pricesOf(
  book: BookBase,
  units: readonly number[] | null = null,
  level: LevelName = 'maintenance',
  done: (units: number) => void = () => {},
): PriceColumns {
  const { store } = book;
  prepare(book, units);
  const solve = (from: number, to: number): void => {
    if (level === 'maintenance') store.engine.liquidationPrices(store, from, to);
    else for (let u = from; u < to; u++) solveUnit(book, u, RAY_LEVEL[level]);
  };
  // Neighbours together: each call looks at all markets first.
  const count = units ? units.length : book.units;
  for (let from = 0, to = 0; from < count; from = to) {
    const first = units ? (units[from] as number) : from;
    for (to = from + 1; to < Math.min(count, from + STRETCH); to++) if (units && units[to] !== first + to - from) break;
    solve(first, first + to - from);
    done(from);
  }
  const { down, up, code } = store.columns.price;
  const rows = store.count('position');
  return { down: down.slice(0, rows), up: up.slice(0, rows), code: code.slice(0, rows) };
}
