// What the tables of markets ask for of the rows of a margin unit, by the reference's definition over the book's own columns: what
// the unit's requirement sums, beside debts, spot orders and models.
import { ASSET_VALUE_WIDTH, SIDE_VALUE_WIDTH } from '../../layout.js';
import type { Columns } from '../../memory.js';
import { ASSET, FLAG, larger, SIDEVALUE } from '../../reference/lanes.js';
import { positionOf, positionTerms } from '../../reference/position.js';
import { requirement } from '../../reference/requirement.js';

const terms = /* @__PURE__ */ positionTerms();

/** Visits rows with their requirements, numeraire, with the account's factor; of a unit that no model margins. */
export function eachRequirement(
  columns: Columns,
  u: number,
  visit: (market: number, initial: number, maintenance: number) => void,
): void {
  const { unit, position, market, order, asset } = columns;
  const v = market.value;
  const factor = unit.multiplier[u] as number;
  const floor = unit.rateFloor[u] as number;
  const first = unit.positionStart[u] as number;
  const end = first + (unit.positionCount[u] as number);
  for (let p = first; p < end; p++) {
    const m = (position.key[p] as number) >>> 2;
    const size = position.size[p] as number;
    const row = (m * 2 + (size < 0 ? 1 : 0)) * SIDE_VALUE_WIDTH;
    const flags = v[row + SIDEVALUE.flags] as number;
    const o = position.order[p] as number;
    const orders = o === 0 ? 0 : (v[row + SIDEVALUE.orderMargin] as number) * (order.count[o - 1] as number);
    let [initial, maintenance] = [orders, orders];
    const isSpot = (flags & (FLAG.spotFill | FLAG.spotReserve)) !== 0;
    if (o !== 0 && !isSpot) {
      const settle = (market.settle[m] as number) * ASSET_VALUE_WIDTH + ASSET.high;
      positionOf(columns, p, floor, (lane) => asset.value[settle + lane] as number, false, terms);
      initial += terms.margin[0] as number;
      maintenance += terms.margin[1] as number;
    } else if (!isSpot && (flags & FLAG.net) === 0) {
      // A position that was closed may still have a cost, by which tables of entry notional go.
      const [contracts, entry] = [Math.abs(size), Math.abs(position.cost[p] as number)];
      const own = larger(position.ownRate[p] as number, floor);
      initial += requirement(columns, row, 0, contracts, entry, own);
      maintenance += requirement(columns, row, 1, contracts, entry, own);
    }
    if (initial !== 0 || maintenance !== 0) visit(m, initial * factor, maintenance * factor);
  }
}
