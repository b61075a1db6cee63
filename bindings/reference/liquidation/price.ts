// Liquidation prices of every position, down and up. Where nothing but one mark moves and health is a maximum of lines, the
// root is one too: the largest of the lines' own roots for a long, the least for a short. Anything else is solved on its ray.
import { BASIS, FEATURE, KIND, NONE, PLAIN_VALUE_WIDTH } from '../../layout.js';
import type { Columns, Store } from '../../memory.js';
import { scan } from '../account.js';
import { requirementOf } from '../brackets.js';
import { ANSWER, larger, PLAINVALUE, ROOT } from '../lanes.js';
import { MARGIN, REACH } from './move.js';
import { Question } from './question.js';

/** `market.closed`: prices of its positions have a closed form, and no other market or asset shares the underlying. */
const CLOSED = 1;
const ALONE = 2;
const MAINTENANCE = 1;
/** Slots of a row of line.root. */
const ROOT_WIDTH = 8;

/**
 * Maintenance lines of a table in pairs, an odd last one twice: deductions, 1 / (1 - rate), 1 / (1 + rate).
 * @returns whether all rates are below 1, so that the root of the line that binds is the unit's
 */
function rootLines({ market, line }: Columns, m: number): boolean {
  const start = market.lineStart[m]!;
  const count = market.lineCount[m]!;
  for (let i = 0; i < count + (count & 1); i++) {
    const row = start + Math.min(i, count - 1);
    const rate = line.rate[row * 3 + MAINTENANCE]!;
    if (rate >= 1) return false;
    const root = (start + i - (i & 1)) * ROOT_WIDTH + (i & 1);
    line.root[root] = line.longPair[row * 4 + 3]!;
    line.root[root + 2] = 1 / (1 - rate);
    line.root[root + 4] = 1 / (1 + rate);
  }
  return true;
}

/** Whether a price of `m` is led by nothing else: no other market, no asset. */
function alone(store: Store, m: number): boolean {
  const { asset, market } = store.columns;
  const underlying = market.underlying[m];
  if (asset.underlying.subarray(0, store.count('asset')).includes(underlying!)) return false;
  return !market.underlying.subarray(0, store.count('market')).some((other, o) => o !== m && other === underlying);
}

function closedForm(store: Store, m: number): number {
  const { market, asset } = store.columns;
  const kind = market.kind[m];
  if (kind !== KIND.linear && kind !== KIND.quanto) return 0;
  const basis = (market.basis[m]! >>> 2) & 3;
  if (basis !== BASIS.notional && market.lineCount[m]! > 1) return 0;
  if (asset.underlying[market.settle[m]!] === market.underlying[m]) return 0;
  if (!rootLines(store.columns, m)) return 0;
  return alone(store, m) ? CLOSED | ALONE : CLOSED;
}

/** Whether row `p` alone moves when its market's underlying does. */
function movesAlone({ unit, position, balance, market, asset }: Columns, u: number, p: number): boolean {
  const underlying = market.underlying[position.key[p]! >>> 2];
  const first = unit.positionStart[u]!;
  for (let q = first; q < first + unit.positionCount[u]!; q++) {
    if (q !== p && market.underlying[position.key[q]! >>> 2] === underlying) return false;
  }
  const start = unit.balanceStart[u]!;
  const assets = balance.asset.subarray(start, start + unit.balanceCount[u]!);
  return !assets.some((a) => asset.underlying[a] === underlying);
}

function write({ price }: Columns, p: number, down: number, up: number, code: number): void {
  price.down[p] = down;
  price.up[p] = up;
  price.code[p] = code;
}

/** The largest of what the lines' roots are, times the side: the largest root of a long, the least of a short. */
function largestRoot({ line }: Columns, start: number, count: number, long: boolean, rest: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const root = (start + i - (i & 1)) * ROOT_WIDTH + (i & 1);
    most = larger(most, (-rest - line.root[root]!) * line.root[root + (long ? 2 : 4)]!);
  }
  return most;
}

/**
 * By the lines of the market's table: health is rest + side * notional - max(rate * notional - deduction).
 * @param health - of the unit, at maintenance
 */
function closed(columns: Columns, p: number, m: number, health: number, liquidatable: boolean): void {
  const { market, position } = columns;
  const row = m * PLAIN_VALUE_WIDTH;
  const held = position.size[p]!;
  const contracts = Math.abs(held);
  const notional = contracts * market.plain[row + PLAINVALUE.value]!;
  const one = ROOT.closed | (liquidatable ? ROOT.liquidatable : 0);
  const none = ROOT.none;
  const codes = (down: number, up: number): number => one | down | ((one | up) << 8);
  if (notional === 0) {
    write(columns, p, 0, Number.POSITIVE_INFINITY, codes(none, none));
    return;
  }
  const start = market.lineStart[m]!;
  const count = market.lineCount[m]!;
  const read = contracts * market.plain[row + PLAINVALUE.notional]!;
  const table = { start, count, short: false, notional: read, x: contracts };
  const side = held > 0 ? 1 : -1;
  const rest = health + requirementOf(columns, MAINTENANCE, table) - side * notional;
  const mark = market.mark[m]!;
  const price = largestRoot(columns, start, count, held > 0, rest) * side * (mark / notional);
  // Where prices end, as on any other ray.
  const found = price > mark * MARGIN && price < mark * REACH;
  if (!found) write(columns, p, 0, Number.POSITIVE_INFINITY, codes(none, none));
  else if (held > 0) write(columns, p, price, Number.POSITIVE_INFINITY, codes(0, none));
  else write(columns, p, 0, price, codes(none, 0));
}

/** A row of the unit before `p` of an option on the same asset: both have the prices of that. NONE: there is none. */
function alikeOf({ unit, position, market }: Columns, u: number, p: number, m: number): number {
  if (market.kind[m]! < KIND.call) return NONE;
  for (let q = unit.positionStart[u]!; q < p; q++) {
    const other = position.key[q]! >>> 2;
    if (market.kind[other]! >= KIND.call && market.base[other] === market.base[m]) return q;
  }
  return NONE;
}

function solved(store: Store, u: number, p: number, m: number): void {
  const { price } = store.columns;
  if (store.columns.market.kind[m] === KIND.spot) {
    write(store.columns, p, 0, Number.POSITIVE_INFINITY, ROOT.none | (ROOT.none << 8));
    return;
  }
  const q = alikeOf(store.columns, u, p, m);
  if (q !== NONE) {
    write(store.columns, p, price.down[q]!, price.up[q]!, price.code[q]!);
    return;
  }
  const { answer } = store.columns.house;
  const down = new Question(store, u, m, MAINTENANCE).solve(false);
  const low = down & ROOT.none ? 0 : answer[ANSWER.ill]!;
  const up = new Question(store, u, m, MAINTENANCE).solve(true);
  const high = up & ROOT.none ? Number.POSITIVE_INFINITY : answer[ANSWER.ill]!;
  write(store.columns, p, low, high, down | (up << 8));
}

/** Margins units `[from, to)` and gives the prices of their positions. */
export function liquidationPrices(store: Store, from: number, to: number): void {
  const { columns } = store;
  const { market, unit, position, house } = columns;
  const plain = (house.features[0]! & FEATURE.full) === 0;
  for (let m = 0; m < store.count('market'); m++) market.closed[m] = plain ? closedForm(store, m) : 0;
  scan(store, from, to, false);
  for (let u = from; u < to; u++) {
    const first = unit.positionStart[u]!;
    const health = unit.equity[u]! - unit.maintenanceMargin[u]!;
    const liquidatable = (unit.status[u]! & 3) >= 2;
    // One side of a hedged position: its market may have another row in the unit.
    const hedged = position.key.subarray(first, first + unit.positionCount[u]!).some((key) => (key & 3) !== 0);
    for (let p = first; p < first + unit.positionCount[u]!; p++) {
      const m = position.key[p]! >>> 2;
      const form = market.closed[m]!;
      if ((form === (CLOSED | ALONE) && !hedged) || (form !== 0 && movesAlone(columns, u, p))) {
        closed(columns, p, m, health, liquidatable);
      } else solved(store, u, p, m);
    }
  }
}
