// Liquidation prices by the npm package @orderly.network/perp, one call a position over arrays of objects, as its users do.
// It knows no bracket tables, only a base rate that grows with size: it is asked about books of one rate a market.
import { positions } from '@orderly.network/perp';
import { type Book, margin } from '../../bindings/index.js';
import type { PriceBaseline } from './prices.js';

type Inputs = Parameters<typeof positions.liqPrice>[0];

/** What each call is given, made before the clock runs. */
function inputsOf(book: Book): Inputs[] {
  const { unit, position, market, line } = book.store.columns;
  const { equity } = margin(book);
  return Array.from({ length: book.units }, (_, u): Inputs[] => {
    const first = unit.positionStart[u]!;
    const rows = Array.from({ length: unit.positionCount[u]! }, (_, i) => {
      const m = position.key[first + i]! >>> 2;
      return {
        symbol: book.marketId(m),
        position_qty: position.size[first + i]!,
        mark_price: market.mark[m]!,
        mmr: line.rate[market.lineStart[m]! * 3 + 1]!,
      };
    });
    return rows.map((row) => ({
      markPrice: row.mark_price,
      symbol: row.symbol,
      totalCollateral: equity[u]!,
      positionQty: row.position_qty,
      positions: rows,
      MMR: row.mmr,
      baseMMR: row.mmr,
      baseIMR: row.mmr * 2,
      IMRFactor: 0,
      costPosition: 0,
    }));
  }).flat();
}

/** @param book - linear markets of one bracket, positions without holes between their rows */
export function orderlyPrices(book: Book): PriceBaseline {
  const inputs = inputsOf(book);
  const down = new Float64Array(inputs.length);
  const up = new Float64Array(inputs.length);
  const run = (): number => {
    let finite = 0;
    inputs.forEach((input, p) => {
      const price = positions.liqPrice(input);
      const found = price !== null && price > 0;
      const long = input.positionQty > 0;
      down[p] = found && long ? price : 0;
      up[p] = found && !long ? price : Infinity;
      finite += found ? 1 : 0;
    });
    return finite;
  };
  return { run, down, up };
}
