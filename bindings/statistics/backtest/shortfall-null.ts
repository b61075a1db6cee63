// How Z1 and Z2 scatter where the model is right: simulated, because no closed form is known. Of a path only its breaches matter:
// how many there are is binomial, and each is a draw from the tail beyond VaR, whatever VaR was on that day.
import { decimal } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { normalDensity, normalQuantile } from '../../reference/numeric/normal.js';
import type { Confidence, TailShare } from '../confidence.js';
import { given } from '../given.js';
import type { AcerbiSzekely } from './acerbi-szekely.js';
import { cumulative } from './binomial.js';
import { countOf, type Rate, rateOf } from './read.js';
import { STREAM, uniformSource, wordSource } from './words.js';

/** How a right model is simulated. */
export interface ShortfallNullOptions {
  /** Days, 1 to 1,000,000. */
  observations: number;
  /** Share of the tail: 1 - confidence. */
  p: Confidence;
  /** 1,000 to 1e7; default 50,000. */
  paths?: number;
  /** Of the random numbers; default 1. */
  seed?: number;
}

/** Statistics of simulated paths in rising order. */
export interface ShortfallNull {
  /** Of paths with a breach. */
  readonly z1: Float64Array;
  readonly z2: Float64Array;
}

const MOST_DAYS = 1_000_000;
const LEAST_PATHS = 1000;
const MOST_PATHS = 1e7;
const PATHS = 50_000;
/** Breaches of all paths together: a minute. */
const MOST_BREACHES = 5e8;
/** Of a backtest that simulates by the way. */
const QUICK_BREACHES = 5e6;
const QUICK_PATHS = 20_000;
/** A chance that no path has. */
const NEVER = 1e-15;

/** Paths of a right model with normal P&L. */
export function simulateNull(days: number, rate: Rate, paths: number, seed: number): ShortfallNull {
  const { p } = rate;
  const uniform = uniformSource(wordSource(seed, STREAM.shortfall));
  const counts = cumulativeCounts(days, rate);
  const shortfall = normalDensity(normalQuantile(p)) / p;
  const z1: number[] = [];
  const z2 = new Float64Array(paths);
  for (let path = 0; path < paths; path++) {
    const breaches = firstAtLeast(counts, uniform(path, 0));
    let sum = 0;
    for (let i = 1; i <= breaches; i++) sum += normalQuantile(p * uniform(path, i)) / shortfall;
    if (breaches > 0) z1.push(sum / breaches + 1);
    z2[path] = sum / (days * p) + 1;
  }
  return { z1: Float64Array.from(z1).sort(), z2: z2.sort() };
}

/** P(X <= k) for k = 0, 1 ... until nothing is left. */
function cumulativeCounts(days: number, rate: Rate): Float64Array {
  const counts: number[] = [];
  let below = 0;
  for (let k = 0; k <= days && (below < 1 - NEVER || k <= days * rate.p); k++) {
    below = cumulative(days, k, rate);
    counts.push(below);
  }
  return Float64Array.from(counts);
}

/** Where a rising column first reaches a value; the last place where it does not. */
function firstAtLeast(column: Float64Array, value: number): number {
  let low = 0;
  let high = column.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((column[middle] ?? 1) >= value) high = middle;
    else low = middle + 1;
  }
  return low;
}

function simulated(options: ShortfallNullOptions): ShortfallNull {
  given(options, 'options', ['observations', 'p', 'paths', 'seed']);
  const days = countOf(options.observations, 'observations', 1, MOST_DAYS);
  const rate = rateOf(options.p);
  const paths = countOf(options.paths ?? PATHS, 'paths', LEAST_PATHS, MOST_PATHS);
  if (days * rate.p * paths > MOST_BREACHES) {
    const expected = `at most ${MOST_BREACHES} breaches in all paths`;
    throw new MarginError('too-many', { path: 'paths', got: paths, expected, hint: 'Take fewer paths' });
  }
  return simulateNull(days, rate, paths, options.seed ?? 1);
}

/** The value that a share of the paths is at or below: the ceil(share n)-th. */
function lowest(column: Float64Array, { numerator, denominator }: TailShare): number | null {
  const rank = (BigInt(column.length) * numerator + denominator - 1n) / denominator;
  return column[Number(rank) - 1] ?? null;
}

/** Below these a right model is rejected. */
export interface ShortfallCritical {
  /** Null where no path had a breach. */
  readonly z1: number | null;
  /** Null where no path had a breach. */
  readonly z2: number | null;
}

/**
 * Critical values of Z1 and Z2, simulated for normal P&L: a right model is below them with the chance `significance`. Published ones
 * are in `PUBLISHED_Z2`.
 * @param significance - default 0.05
 * @throws MarginError type, not-finite, range; too-many where it would take minutes
 * @see C. Acerbi and B. Szekely, Backtesting expected shortfall (2014)
 * @example
 * acerbiSzekelyCritical({ observations: 250, p: '0.025' }).z2 // -0.6967451319...
 */
export function acerbiSzekelyCritical(
  options: ShortfallNullOptions,
  significance: Confidence = '0.05',
): ShortfallCritical {
  const { z1, z2 } = simulated(options);
  const { share } = rateOf(significance, 'significance');
  return { z1: lowest(z1, share), z2: lowest(z2, share) };
}

/** Of `acerbiSzekely`, which may be handed over as it is. */
const STATISTICS = ['z1', 'z2', 'breaches', 'undetermined'];

/** How likely a right model looks worse, by either statistic. */
export interface ShortfallChances {
  /** Share of paths with as low a Z1; null where the statistic is missing. */
  readonly z1: number | null;
  /** Share of paths with as low a Z2; null where the statistic is missing. */
  readonly z2: number | null;
}

/** Of m paths, k of which are as bad: (k + 1) / (m + 1), which is never 0. */
function chance(column: Float64Array, value: number | null): number | null {
  if (value === null || column.length === 0) return null;
  let as = 0;
  while (as < column.length && (column[as] ?? 0) <= value) as += 1;
  return (as + 1) / (column.length + 1);
}

/** Chances from paths that are there. */
export const chancesOf = (paths: ShortfallNull, { z1, z2 }: Pick<AcerbiSzekely, 'z1' | 'z2'>): ShortfallChances => {
  return { z1: chance(paths.z1, z1), z2: chance(paths.z2, z2) };
};

/**
 * The chance that a right model with normal P&L has a Z1, a Z2 that is as low: small ones reject.
 * @returns null beside a statistic that is missing
 * @throws MarginError type, not-finite, range; too-many where it would take minutes
 * @example
 * acerbiSzekelyChances({ z1: -0.2, z2: -1.42 }, { observations: 250, p: '0.025' }).z2 // 0.0010999780...
 */
export function acerbiSzekelyChances(
  statistics: Pick<AcerbiSzekely, 'z1' | 'z2'>,
  options: ShortfallNullOptions,
): ShortfallChances {
  given(statistics, 'statistics', STATISTICS);
  for (const key of ['z1', 'z2'] as const)
    if (statistics[key] !== null) decimal(statistics[key], `statistics.${key}`, { most: Number.MAX_VALUE });
  return chancesOf(simulated(options), statistics);
}

/** Paths of a backtest that has other things to do: as many as a second has; 0 where that is too few. */
export function affordablePaths(days: number, rate: Rate): number {
  const paths = Math.floor(QUICK_BREACHES / (1 + days * rate.p));
  return days > MOST_DAYS || paths < LEAST_PATHS ? 0 : Math.min(paths, QUICK_PATHS);
}
