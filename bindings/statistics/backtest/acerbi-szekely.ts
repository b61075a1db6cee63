// Backtests of expected shortfall: how large are losses beyond VaR (Z1), and how large and how many (Z2)? Both are 0 on average for
// a right model and negative for one that says too little. C. Acerbi, B. Szekely, Backtesting expected shortfall (MSCI, 2014).
import type { Confidence } from '../confidence.js';
import { columnOf, perDay, rateOf } from './read.js';

/**
 * Critical values of Z2 for 97.5 % and 250 days, by significance, as Acerbi and Szekely (2014) publish them: nearly the same for normal
 * numbers and for Student's t.
 */
export const PUBLISHED_Z2: Readonly<Record<'0.05' | '0.0001', number>> = { '0.05': -0.7, '0.0001': -1.8 };

/** Below, a quotient of inputs may leave the doubles. */
const LEAST_SHORTFALL = 1e-250;

/** Both statistics of a backtest of expected shortfall. */
export interface AcerbiSzekely {
  /** Mean over breaches of P&L / ES, + 1; null where there is no breach. */
  readonly z1: number | null;
  /** Sum over breaches of P&L / (T p ES), + 1; null where there is no day, or a breach with an ES that is not above 0. */
  readonly z2: number | null;
  /** Days with a loss beyond value at risk. */
  readonly breaches: number;
  /** Why a statistic is missing, in words; null where none is. */
  readonly undetermined: string | null;
}

const missing = (why: string, breaches: number, z2: number | null): AcerbiSzekely => {
  return { z1: null, z2, breaches, undetermined: why };
};

/**
 * Z1 and Z2 of a series of days. A breach is a day with P&L < -VaR. Sums go by day.
 * @param pnl - returns or P&L by day, LOSSES NEGATIVE
 * @param valueAtRisk - VaR by day, or one for all, LOSSES POSITIVE, unit of the P&L
 * @param shortfall - expected shortfall by day, or one for all, LOSSES POSITIVE
 * @param p - share of the tail: 1 - confidence
 * @throws MarginError type, not-finite, range
 * @example
 * acerbiSzekely([-3, 1, 1, 1], 2, 2.5, '0.25').z1 // -0.19999999999999996
 */
export function acerbiSzekely(
  pnl: ArrayLike<number>,
  valueAtRisk: number | ArrayLike<number>,
  shortfall: number | ArrayLike<number>,
  p: Confidence,
): AcerbiSzekely {
  const gains = columnOf(pnl, 'pnl');
  const days = gains.length;
  const limits = perDay(valueAtRisk, days, 'valueAtRisk');
  const tails = perDay(shortfall, days, 'shortfall');
  const rate = rateOf(p);
  if (days === 0) return missing('no day was observed', 0, null);
  let sum = 0;
  let breaches = 0;
  let endless = false;
  gains.forEach((gain, day) => {
    if (!(gain < -(limits[day] ?? 0))) return;
    breaches += 1;
    const tail = tails[day] ?? 0;
    if (tail >= LEAST_SHORTFALL) sum += gain / tail;
    else endless = true;
  });
  if (endless) return missing('a loss beyond VaR on a day whose expected shortfall is not above 0', breaches, null);
  if (breaches === 0) return missing('no loss was beyond VaR: Z1 has nothing to look at', 0, 1);
  return { z1: sum / breaches + 1, z2: sum / (days * rate.p) + 1, breaches, undetermined: null };
}
