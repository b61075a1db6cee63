// Numbers of underlyings, and what moves with an asset's price: the underlying that bears its name, or else that of the first market
// it is the base of. Sums go by these numbers, so the rows alone decide them: a book read again has the same.
import { KIND, NONE } from '../layout.js';
import type { Store } from '../memory.js';
import type { Ids } from './ids.js';

/** Names of the underlyings that markets use, by first use; renumbers the column. Replaced markets may leave unused ones. */
export function usedNames(underlying: Uint32Array, names: readonly string[]): string[] {
  const order = new Map<number, number>();
  underlying.forEach((u, m) => {
    if (!order.has(u)) order.set(u, order.size);
    underlying[m] = order.get(u) ?? 0;
  });
  return [...order.keys()].map((u) => names[u] ?? '');
}

/**
 * Numbers underlyings anew, those of markets by first use, behind them those that only a balance follows, by asset; fills
 * `asset.underlying`. The settle asset of an inverse market is its base.
 */
export function deriveUnderlyings(store: Store, assets: Ids, underlyings: Ids): void {
  const { asset, market } = store.columns;
  const count = store.count('asset');
  underlyings.become(usedNames(market.underlying.subarray(0, store.count('market')), underlyings.names));
  asset.underlying.fill(NONE, 0, count);
  for (let m = 0; m < store.count('market'); m++) {
    const base = (market.kind[m] === KIND.inverse ? market.settle : market.base)[m] ?? NONE;
    if (base !== NONE && asset.underlying[base] === NONE) asset.underlying[base] = market.underlying[m] ?? NONE;
  }
  for (let a = 0; a < count; a++) {
    const id = assets.name(a);
    if (underlyings.has(id)) asset.underlying[a] = underlyings.row(id, 'underlying');
  }
  // What a balance follows has an underlying even where no market is on it.
  for (let a = 0; a < count; a++) {
    const hedged = asset.hedges[a] ?? NONE;
    if (hedged === NONE) continue;
    if (asset.underlying[hedged] === NONE) asset.underlying[hedged] = underlyings.add(assets.name(hedged));
    asset.underlying[a] = asset.underlying[hedged] ?? NONE;
  }
}
