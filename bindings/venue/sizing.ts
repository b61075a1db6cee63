// How large a guarantee fund has to be and who pays it in: for the largest defaulters of the worst scenario, or for the loss
// at which holding more costs more than it saves. Minor units; confidences are exact fractions.

import { MarginError } from '../errors.js';
import { type Exact, exact, lowest, minus, over, ZERO } from '../liquidation/exact.js';
import { listOf } from '../liquidation/list.js';
import { checkKeys } from '../trial.js';
import { ceilDiv, type Integer } from '../venues/integer.js';
import { share } from '../waterfall/allocate.js';
import { type Amount, amount, type Ratio, ratioAbove0 } from '../waterfall/amount.js';
import { byOwner, type Cover, cover, type Owners } from './stress.js';

/** Losses of one scenario, each account once. */
export type Scenario = readonly { id: string; loss: Integer }[];

/** A fund for the defaults of the largest owners. */
export interface CoverRule {
  /** How many default at once: 1, or 2 (Cover-2). */
  cover: number;
  /** Who owns which accounts; default: each its own. */
  owners?: Owners;
}

/** A fund that costs least: capital at `capitalCost` a unit against losses beyond it at `lossWeight` a unit. */
export interface QuantileRule {
  /** Cost of a unit in the fund, > 0. */
  capitalCost: Ratio;
  /** Harm of a unit of loss that the fund does not meet, > 0. */
  lossWeight: Ratio;
}

export interface CoverSize extends Cover {
  /** Minor units. */
  size: Amount;
  /** Index of the worst scenario; null without scenarios. */
  scenario: number | null;
}

/** A fund by its cost. */
export interface QuantileSize {
  /** Minor units. */
  size: Amount;
  /** Which of the losses it is, counted from 1 for the smallest; 0: no fund. */
  rank: number;
  /** 1 - capitalCost / lossWeight, at least 0. */
  confidence: Exact;
}

/**
 * The size of a fund. By `cover`: the largest sum, over all scenarios, of the n owners who lack most. By cost: the quantile
 * VaR of the losses at 1 - capitalCost / lossWeight, which is the smallest loss of the sample that at least that share of it
 * does not exceed: of n losses by rising size the ceil(confidence x n)-th. Without a sample, or where capital costs as much
 * as it saves, there is no fund.
 * @param losses - scenarios (see `stressLosses`), or a sample of losses of the venue, minor units
 * @param rule - which
 * @returns the size and what decides it
 * @throws MarginError missing-key, type, inexact, duplicate, range
 * @see arXiv 2512.01112 (fund size VaR_{1 - r/kappa}); CPSS-IOSCO principle 4
 * @example
 * sizeFund([5n, 1n, 9n, 3n], { capitalCost: '0.1', lossWeight: '0.4' })
 *   // { size: 5n, rank: 3, confidence: { numerator: 3n, denominator: 4n } }
 */
export function sizeFund(losses: readonly Scenario[], rule: CoverRule): CoverSize;
export function sizeFund(losses: readonly Integer[], rule: QuantileRule): QuantileSize;
export function sizeFund(
  losses: readonly Scenario[] | readonly Integer[],
  rule: CoverRule | QuantileRule,
): CoverSize | QuantileSize {
  listOf(losses, 'losses');
  checkKeys(rule, 'rule', ['cover', 'owners', 'capitalCost', 'lossWeight']);
  if ('cover' in rule) return coverSize(losses as readonly Scenario[], rule);
  return quantileSize(losses as readonly Integer[], rule);
}

function coverSize(scenarios: readonly Scenario[], { cover: n, owners }: CoverRule): CoverSize {
  let worst: CoverSize = { size: 0n, scenario: null, amount: 0n, owners: [] };
  scenarios.forEach((losses, scenario) => {
    const found = cover(losses, n, owners);
    if (worst.scenario === null || found.amount > worst.size) worst = { size: found.amount, scenario, ...found };
  });
  return worst;
}

function quantileSize(sample: readonly Integer[], rule: QuantileRule): QuantileSize {
  const above0 = (key: keyof QuantileRule): Exact => {
    if (rule[key] === undefined)
      throw new MarginError('missing-key', { path: `rule.${key}`, expected: 'a number > 0' });
    return ratioAbove0(rule[key], `rule.${key}`);
  };
  const [cost, weight] = [above0('capitalCost'), above0('lossWeight')];
  const losses = sample.map((loss, i) => amount(loss, `losses[${i}]`)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const confidence = lessFrom1(cost, weight);
  const rank = Number(ceilDiv(confidence.numerator * BigInt(losses.length), confidence.denominator));
  return { size: rank === 0 ? 0n : (losses[rank - 1] as Amount), rank, confidence };
}

/** max(0, 1 - cost / weight), in lowest terms. */
function lessFrom1(cost: Exact, weight: Exact): Exact {
  const rest = minus(exact(1), over(cost, weight));
  return rest.numerator > 0n ? lowest(rest) : ZERO;
}

/**
 * What members pay into a fund: in proportion to what each would lack by itself.
 * @param size - of the fund, minor units
 * @param losses - of the scenario that decides, see `stressLosses`
 * @param owners - who owns accounts, by account
 * @returns by owner, the largest first; they add up to the size
 * @throws MarginError duplicate, missing-key, type, inexact, range where nobody has a loss and the size is not 0
 * @example
 * fundContributions(100n, [{ id: 'a', loss: 2n }, { id: 'b', loss: 1n }]) // [{ id: 'a', amount: 67n }, { id: 'b', amount: 33n }]
 */
export function fundContributions(
  size: Integer,
  losses: Scenario,
  owners: Owners = {},
): { id: string; amount: Amount }[] {
  const fund = amount(size, 'size');
  const members = byOwner(losses, owners);
  if (fund > 0n && members.every(({ loss }) => loss === 0n)) {
    throw new MarginError('range', { path: 'losses', got: losses.length, expected: 'a loss above 0 to pay by' });
  }
  const asked = members.map(({ id, loss }) => ({ id, weight: loss }));
  const { shares } = share(fund, asked, 'proRata', 'largestRemainder');
  return members.map(({ id }, i) => ({ id, amount: shares[i] as Amount }));
}
