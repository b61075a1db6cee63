// Exposure by market: what accounts hold long and short, in the numeraire at the mark, straight from the packed columns.
import type { BookBase } from '../book/book.js';
import { KIND, SIDE_VALUE_WIDTH } from '../layout.js';
import { SIDEVALUE } from '../reference/lanes.js';

export interface Exposure {
  market: string;
  kind: string;
  mark: number;
  long: number;
  /** Positive. */
  short: number;
  accounts: number;
}

const KINDS = Object.keys(KIND);

/** Visits every position that is held (rows of orders alone are passed over). */
export function eachPosition(
  book: BookBase,
  unit: number,
  visit: (market: number, size: number, value: number) => void,
): void {
  const { unit: units, position, market: markets } = book.store.columns;
  const start = units.positionStart[unit] as number;
  const end = start + (units.positionCount[unit] as number);
  for (let p = start; p < end; p++) {
    const size = position.size[p] as number;
    if (size === 0) continue;
    const market = (position.key[p] as number) >>> 2;
    const side = (market * 2 + (size < 0 ? 1 : 0)) * SIDE_VALUE_WIDTH;
    visit(market, size, Math.abs(size) * (markets.value[side + SIDEVALUE.value] as number));
  }
}

/** Markets with positions, largest first, and the number of positions; after a margin call on the book. */
export function exposureOf(book: BookBase): { exposure: Exposure[]; positions: number } {
  const { market: markets } = book.store.columns;
  const long = new Float64Array(book.markets);
  const short = new Float64Array(book.markets);
  const accounts = new Uint32Array(book.markets);
  const counted = new Uint32Array(book.markets);
  let positions = 0;
  for (let u = 0; u < book.units; u++) {
    // One more than the row: 0 is nobody. Buckets of an account that were added later count again, which live books may have.
    const account = book.unitAccount(u) + 1;
    eachPosition(book, u, (m, size, value) => {
      const side = size > 0 ? long : short;
      side[m] = (side[m] as number) + value;
      positions += 1;
      if (counted[m] === account) return;
      counted[m] = account;
      accounts[m] = (accounts[m] as number) + 1;
    });
  }
  const exposure = Array.from(
    accounts,
    (holders, m): Exposure => ({
      market: book.marketId(m),
      kind: KINDS[markets.kind[m] as number] ?? '',
      mark: markets.mark[m] as number,
      long: long[m] as number,
      short: short[m] as number,
      accounts: holders,
    }),
  );
  const gross = (e: Exposure): number => e.long + e.short;
  return { exposure: exposure.filter((e) => e.accounts > 0).sort((a, b) => gross(b) - gross(a)), positions };
}
