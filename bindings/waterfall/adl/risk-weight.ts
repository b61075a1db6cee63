// Risk-aware pro-rata: who has more leverage gives more of what it has. The weight of an account is equity x leverage x
// g(leverage), exactly. Source: arXiv 2512.01112 (RAP).
import { MarginError } from '../../errors.js';
import { type Exact, exact, lowest, minus, times } from '../../liquidation/exact.js';
import { listOf } from '../../liquidation/list.js';
import { type Row, rowsOf } from '../../venues/rows.js';
import { type Ratio, ratio, ratioFrom0 } from '../amount.js';
import { oneOf } from '../words.js';

const SHAPES = ['linear', 'power', 'cvar'] as const;

/** g: how much more leverage counts; `linear` x, `power` x^exponent (default 2), `cvar` max(0, x - threshold). */
export type RiskAversion =
  | { shape: 'linear' }
  | { shape: 'power'; exponent?: number }
  | { shape: 'cvar'; threshold: Ratio };

/** Who is weighed. */
export interface RiskBearer {
  /** What it has, minor units, or its share of a total; >= 0. */
  equity: Ratio;
  /** Notional over equity, >= 0. */
  leverage: Ratio;
}

/** Powers beyond this tell accounts apart no further and only make long numbers. */
const MAX_EXPONENT = 16;

/**
 * The weight of an account: equity x leverage x g(leverage).
 * @param equity - minor units, or a share of a total, >= 0
 * @param leverage - notional over equity, >= 0
 * @param risk - g
 * @returns the exact weight, in the unit of the equity
 * @throws MarginError type, missing-key, range where equity, leverage or exponent is below 0
 * @example
 * riskWeight(60n, 2, { shape: 'linear' }) // { numerator: 240n, denominator: 1n }
 */
export function riskWeight(equity: Ratio, leverage: Ratio, risk: RiskAversion): Exact {
  return weightOf(ratioFrom0(equity, 'equity'), ratioFrom0(leverage, 'leverage'), risk, 'risk');
}

/** As `riskWeight`, of what has been read already. @param path - of the rule, for the error */
export const weightOf = (equity: Exact, leverage: Exact, risk: RiskAversion, path: string): Exact =>
  times(times(equity, leverage), aversion(leverage, risk, path));

/**
 * Parts of accounts in a risk-aware pro-rata split.
 * @param bearers - what they have and their leverage
 * @param risk - g
 * @returns shares in the order of the accounts; they add up to 1
 * @throws MarginError as `riskWeight`; range where all weights are 0
 * @example
 * riskShares([{ equity: 60n, leverage: 2 }, { equity: 40n, leverage: 6 }], { shape: 'linear' })
 *   // [{ numerator: 240n, denominator: 1680n }, { numerator: 1440n, denominator: 1680n }]
 */
export function riskShares(bearers: readonly RiskBearer[], risk: RiskAversion): Exact[] {
  const weights = wholeWeights(
    rowsOf(listOf(bearers, 'bearers'), 'bearers').map((row) =>
      weightOf(partOf(row, 'equity'), partOf(row, 'leverage'), risk, 'risk'),
    ),
  );
  const denominator = weights.reduce((sum, weight) => sum + weight, 0n);
  if (denominator > 0n) return weights.map((numerator) => ({ numerator, denominator }));
  throw new MarginError('range', { path: 'bearers', got: 0n, expected: 'a weight above 0', hint: 'All weights are 0' });
}

const partOf = (row: Row, key: string): Exact => ratioFrom0(row.need(key, 'a ratio') as Ratio, row.at(key));

/** Weights as whole numbers in the same proportions: over their common denominator. */
export function wholeWeights(weights: readonly Exact[]): bigint[] {
  const common = weights.reduce(
    (all, { denominator }) => lowest({ numerator: all, denominator }).numerator * denominator,
    1n,
  );
  return weights.map(({ numerator, denominator }) => numerator * (common / denominator));
}

function aversion(leverage: Exact, risk: RiskAversion, path: string): Exact {
  const shape = oneOf(risk?.shape, `${path}.shape`, SHAPES);
  if (shape === 'linear') return leverage;
  if (shape === 'cvar') {
    const beyond = minus(leverage, ratio((risk as { threshold: Ratio }).threshold, `${path}.threshold`));
    return beyond.numerator > 0n ? beyond : exact(0);
  }
  const { exponent = 2 } = risk as { exponent?: number };
  if (!Number.isInteger(exponent) || exponent < 0 || exponent > MAX_EXPONENT) {
    throw new MarginError('range', {
      path: `${path}.exponent`,
      got: exponent,
      expected: `a whole number to ${MAX_EXPONENT}`,
    });
  }
  return new Array<Exact>(exponent).fill(leverage).reduce(times, exact(1));
}
