// One return: between two prices, lent by another coin, as a move of the price.
import { exp } from '../../reference/numeric/exp.js';
import { log, log1p } from '../../reference/numeric/log.js';

/** `simple`: price after / price before - 1. `log`: ln(price after / price before), which adds up over days. */
export type ReturnKind = 'simple' | 'log';

/** Returns over `horizon` rows; NaN where there is no price at either end. The first belongs to row `horizon`. */
export function between(prices: Float64Array, horizon: number, kind: ReturnKind): Float64Array {
  return Float64Array.from({ length: prices.length - horizon }, (_, t) => {
    const ratio = (prices[t + horizon] ?? Number.NaN) / (prices[t] ?? Number.NaN);
    return kind === 'log' ? log(ratio) : ratio - 1;
  });
}

/** A return that a coin lends: its own, or `beta` times its logarithm, so that no coin loses more than all. */
export function lent(x: number, beta: number, kind: ReturnKind): number {
  if (beta === 1 || Number.isNaN(x)) return x;
  if (kind === 'log') return beta * x;
  // A return of -1 is one that was rounded: no price is 0.
  const far = beta * (x > -1 ? log1p(x) : -MOST_LOG);
  return exp(far > MOST_LOG ? MOST_LOG : far) - 1;
}

/** What a return does to a price: price after / price before - 1, never below -1. A log return beyond `MOST_LOG` counts as that. */
export function moveOf(x: number, kind: ReturnKind): number {
  return kind === 'log' ? exp(x > MOST_LOG ? MOST_LOG : x) - 1 : x < -1 ? -1 : x;
}

/** A price times 1e30, the largest that a book takes. */
export const MOST_LOG = 69;
