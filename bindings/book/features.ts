// Which parts of the model a book uses. A scan that leaves the others out gives the same bits, faster.
import { BASIS, CURVE, FEATURE, KIND, NO_LIMIT, PNL, WINDOW_WIDTH } from '../layout.js';
import type { Columns, Store } from '../memory.js';
import { WINDOW } from '../reference/lanes.js';

const unguarded = (
  c: { guard: Uint32Array; confidence: Float64Array; confidenceThreshold: Float64Array },
  i: number,
): boolean => c.guard[i] === 0 && (c.confidence[i] ?? 1) >= (c.confidenceThreshold[i] ?? 0);

/** Counts at its price, at every level. */
function plainAsset(columns: Columns, a: number): boolean {
  const c = columns.asset;
  const { weight } = columns.tier;
  const one = (start: number, count: number): boolean =>
    count === 1 && [0, 1, 2].every((k) => weight[start * 4 + k] === 1);
  return (
    unguarded(c, a) &&
    one(c.tierStart[a] ?? 0, c.tierCount[a] ?? 0) &&
    one(c.debtStart[a] ?? 0, c.debtCount[a] ?? 0) &&
    (c.cap[a] ?? 0) >= NO_LIMIT &&
    c.curveKind[a] === CURVE.none &&
    (c.depositScaleStart[a] ?? 0) >= NO_LIMIT &&
    (c.borrowScaleStart[a] ?? 0) >= NO_LIMIT &&
    c.depositIndex[a] === 1 &&
    c.borrowIndex[a] === 1
  );
}

/** Whether three levels of two bits each are the same. */
const sameLevels = (packed: number): boolean =>
  (packed & 3) === ((packed >>> 2) & 3) && (packed & 3) === ((packed >>> 4) & 3);

/** One marginal table for both sides, PnL at full weight, liquidation end as maintenance: what the plain scan can do. */
function plainMarket(columns: Columns, m: number): boolean {
  const c = columns.market;
  const { rate } = columns.line;
  const start = c.lineStart[m] ?? 0;
  const count = c.lineCount[m] ?? 0;
  const kind = c.kind[m];
  const form = c.form[m] ?? 0;
  const all = (view: Float64Array, value: number): boolean => [0, 1, 2].every((k) => view[m * 3 + k] === value);
  const endAsMaintenance = Array.from({ length: count }, (_, i) => (start + i) * 3).every(
    (r) => rate[r + 1] === rate[r + 2],
  );
  return (
    kind !== KIND.spot &&
    kind !== KIND.prediction &&
    unguarded(c, m) &&
    c.shortStart[m] === start &&
    c.curveKind[m] === CURVE.none &&
    (c.openInterestUpper[m] ?? 0) >= NO_LIMIT &&
    all(c.pnlWeight, 1) &&
    all(c.pnlCap, NO_LIMIT) &&
    c.pnlCurve[m] === 0 &&
    all(c.closingFee, 0) &&
    c.pnlMode[m] === PNL.pooled &&
    c.rounding[m] === 0 &&
    [0, 2, 4].every((s) => (((c.basis[m] ?? 0) >>> s) & 3) !== BASIS.entry) &&
    (count === 1 || form === 0) &&
    sameLevels(c.basis[m] ?? 0) &&
    sameLevels(c.unit[m] ?? 0) &&
    endAsMaintenance
  );
}

/** FEATURE bits of assets and markets; what accounts use comes on top. */
export function featuresOf(store: Store): number {
  const { columns } = store;
  let features = 0;
  for (let a = 0; a < store.count('asset'); a++) if (!plainAsset(columns, a)) features |= FEATURE.full;
  for (let m = 0; m < store.count('market'); m++) {
    if (columns.market.kind[m] === KIND.spot && columns.market.spotOrders[m] !== 0) features |= FEATURE.reserve;
    // A spot market matters only through orders, which are a feature of their accounts.
    if (columns.market.kind[m] !== KIND.spot && !plainMarket(columns, m)) features |= FEATURE.full;
    if ((columns.market.lineCount[m] ?? 0) > 1) features |= FEATURE.brackets;
    if (columns.market.window[m * WINDOW_WIDTH + WINDOW.fits] === 0) features |= FEATURE.walk;
    if (columns.market.fundingIndex[m] !== 0) features |= FEATURE.funding;
  }
  return features;
}

/** FEATURE bits of what accounts hold. */
export function heldFeatures(store: Store): number {
  const { position, unit } = store.columns;
  let held = 0;
  for (let p = 0; p < store.count('position'); p++) {
    if (position.funding[p] !== 0) held |= FEATURE.funding;
    if (position.ownRate[p] !== 0 || position.order[p] !== 0) held |= FEATURE.full;
  }
  for (let u = 0; u < store.count('unit'); u++) {
    if (unit.model[u] !== 0 || unit.multiplier[u] !== 1 || unit.buffer[u] !== 0 || unit.rateFloor[u] !== 0)
      held |= FEATURE.full;
  }
  return held;
}
