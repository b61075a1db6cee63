// What a book gains with the moves of factors, to the second order: deltas and gammas in the numeraire, by differences of full
// revaluations. What delta-normal and delta-gamma risk start from; scenarios that revalue in full need none of it.
import type { BookBase } from '../book/book.js';
import type { Ref } from '../book/book-rows.js';
import { Fields } from '../book/fields.js';
import { MarginError } from '../errors.js';
import type { Factors } from './factors.js';
import { portfolioRisk } from './portfolio-risk.js';
import type { Scenarios } from './types.js';

/** Whose exposures, and how they are taken. */
export interface ExposureOptions {
  /** The account, or accounts, whose units are the portfolio; default all of the book. */
  account?: Ref | readonly Ref[];
  /** By id of a market, an underlying or an asset: the name that it moves with, or null where it stays. */
  factors?: Factors;
  /** Relative move of the differences; default 0.01. */
  step?: number;
  /** Gives those of each instrument too. */
  positions?: boolean;
}

/** What an instrument as it is held, with what it has cost, gains: as a portfolio's, and the parts of it. */
export interface InstrumentExposure {
  /** Id of the market; of an asset none. */
  market?: string;
  /** Id of the asset; of a market none. */
  asset?: string;
  /** Contracts, or units of the asset: deltas and gammas are of all of them. */
  size: number;
  /** By name: numeraire for a move of 1 (100 %). */
  delta: Float64Array;
  /** n * n, symmetric, row after row: numeraire for moves of 1. */
  gamma: Float64Array;
}

/** Gain = delta' x + x' gamma x / 2 of relative moves x, up to third order; numeraire. */
export interface Exposures {
  /** Factors, in the order of deltas. */
  names: readonly string[];
  /** By name. */
  delta: Float64Array;
  /** n * n, symmetric, row after row. */
  gamma: Float64Array;
  /** Relative move of the differences. */
  step: number;
  /** By instrument, where asked for: as `deltaGammaComponents` of margin-kernel/statistics takes them. */
  positions?: InstrumentExposure[];
}

/** Factors at the most: their pairs are revalued four times each. */
const MOST = 1000;
const STEP = 0.01;
/** Farther apart, differences say nothing of a derivative; nearer, only rounding is left. */
const STEPS = { min: 1e-5, max: 0.25 };

/** Moves of all scenarios of the differences: each factor up and down, then each pair in both directions. */
function stencil(names: readonly string[], step: number): Scenarios {
  const n = names.length;
  const rows: [factor: number, move: number][][] = [];
  for (let i = 0; i < n; i++) for (const sign of [1, -1]) rows.push([[i, sign * step]]);
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++)
      for (const sign of [1, -1])
        rows.push([
          [i, sign * step],
          [j, sign * step],
        ]);
  const moves = names.map(() => new Float64Array(rows.length));
  rows.forEach((row, s) => {
    for (const [factor, move] of row) (moves[factor] as Float64Array)[s] = move;
  });
  return { method: 'differences', names, count: rows.length, moves, horizon: 1 };
}

/** Deltas and gammas of what gains so much in each scenario of the differences. */
function differences(n: number, step: number, profits: Float64Array): { delta: Float64Array; gamma: Float64Array } {
  const at = (s: number): number => profits[s] ?? 0;
  const square = step * step;
  const delta = Float64Array.from({ length: n }, (_, i) => (at(2 * i) - at(2 * i + 1)) / (2 * step));
  const gamma = new Float64Array(n * n);
  for (let i = 0; i < n; i++) gamma[i * n + i] = (at(2 * i) + at(2 * i + 1)) / square;
  let s = 2 * n;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++, s += 2) {
      // f(+,+) + f(-,-) = own second order of both + 2 x mixed.
      const own = ((gamma[i * n + i] ?? 0) + (gamma[j * n + j] ?? 0)) * square;
      const mixed = (at(s) + at(s + 1) - own) / (2 * square);
      gamma[i * n + j] = mixed;
      gamma[j * n + i] = mixed;
    }
  }
  return { delta, gamma };
}

/**
 * Deltas and gammas of an account, or a book, to the relative moves of named factors.
 * @param names - underlyings, markets or assets, as scenarios have them
 * @returns numeraire for a move of 1 (100 %): a long coin worth 20,000 has a delta of 20,000
 * @throws MarginError type, range, unknown-id, too-many with the path of what is wrong
 * @see J. C. Hull, Options, Futures, and Other Derivatives, 22.5: the quadratic model
 * @example
 * const { delta, gamma } = exposures(book, ['BTC', 'ETH'], { account: 'a1' });
 */
export function exposures(book: BookBase, names: readonly string[], options: ExposureOptions = {}): Exposures {
  const f = new Fields(options, 'options', ['account', 'factors', 'step', 'positions']);
  const step = f.number('step', STEPS, STEP);
  const asked = f.boolean('positions', false);
  if (!Array.isArray(names) || names.length > MOST)
    throw new MarginError(Array.isArray(names) ? 'too-many' : 'type', {
      path: 'names',
      got: Array.isArray(names) ? names.length : names,
      expected: `a list of at most ${MOST} names`,
    });
  const scenarios = stencil(Array.from(names), step);
  const { account, factors } = options;
  const { profits = new Float64Array(0), components } = portfolioRisk(book, scenarios, {
    ...(account === undefined ? {} : { account }),
    ...(factors === undefined ? {} : { factors }),
    confidence: '0.5',
    profits: true,
  });
  const n = names.length;
  const whole = { names: [...names], ...differences(n, step, profits), step };
  if (!asked) return whole;
  const positions = components.map(({ market, asset, size, profits: own = new Float64Array(0) }) => {
    const name = market === undefined ? { asset: asset ?? '' } : { market };
    return { ...name, size, ...differences(n, step, own) };
  });
  return { ...whole, positions };
}
