// One price out of several sources, with what is wrong with it and what may be done at it. Sources that can not be right are
// dropped, the median of the rest is the price, and its flags forbid actions by a table.
import { MarginError } from '../errors.js';
import { compare, type Exact, fractionText, magnitude, minus, over, plus, times, ZERO } from '../liquidation/exact.js';
import { listOf } from '../liquidation/list.js';
import { type Row, rowsOf } from '../venues/rows.js';
import { holds, type Ratio, ratio } from '../waterfall/amount.js';
import { oneOf } from '../waterfall/words.js';
import { ACTIONS, type Action, type Allowed, allowedBut } from './actions.js';
import { FLAGS, type Flag, matrixAt } from './flags.js';
import { capAt, type GrowthCap } from './freshness.js';
import { MIDDLES, type Middle, medianOf } from './median.js';
import {
  argument,
  countAt,
  priceAt,
  type ReadThreshold,
  ratioAt,
  shareAt,
  type Threshold,
  thresholdAt,
  timeAt,
} from './read.js';
import { duration } from './window.js';

/** A price as one source has it. */
export interface Quote {
  /** Name, each once. */
  source: string;
  /** Quote; null: the source has none. */
  price: Ratio | null;
  /** When the source saw it, units of time. */
  at: number;
  /** Half of the interval that the source vouches for, quote; default 0. */
  confidence?: Ratio;
  /** Above 0; default 1. */
  weight?: Ratio;
  /** Least and most that its aggregator can report, quote: Chainlink's `minAnswer` and `maxAnswer`. */
  min?: Ratio;
  /** Most that its aggregator can report, quote. */
  max?: Ratio;
}

/** What is checked; a rule that is left out checks nothing. */
export interface PriceRules {
  /** Age, units of time, at which a price is too old for margin, and for a fill. */
  stale?: Threshold;
  /** Age at which a price is too old for a fill. */
  delayed?: Threshold;
  /** Units of time that a quote may lie ahead of the clock; default 0. */
  ahead?: number;
  /** Confidence over price. */
  uncertain?: Threshold;
  /** The larger of price and time-weighted average over the smaller. */
  volatile?: Threshold;
  /** Distance from the anchor over the anchor. */
  deviation?: Threshold;
  /** Sources that are neither dropped nor stale, at least; default 1. */
  minSources?: number;
  /** A price this near to a bound of its aggregator counts as at it, a fraction of the bound; default 0. */
  boundMargin?: Ratio;
  /** Ceiling of a price that grows at a known speed. */
  growth?: GrowthCap;
  /** The median of an even number of sources; default `mean`. */
  middle?: Middle;
  /** Actions that a flag forbids, where it is not as in `DRIFT_MATRIX`. */
  forbids?: Partial<Record<Flag, readonly Action[]>>;
}

/** Drift's own limits, in slots: a fill within 10, margin within 120, confidence of 2 %, five times the average. */
export const DRIFT_RULES: PriceRules = {
  stale: { operator: '>', level: 120 },
  delayed: { operator: '>', level: 10 },
  uncertain: { operator: '>', level: '0.02' },
  volatile: { operator: '>', level: 5 },
};

/** What the price is compared with now. */
export interface PriceContext {
  /** Units of time. */
  now: number;
  /** Its own time-weighted average, quote. */
  twap?: Ratio;
  /** Another price to stay near to, quote: a stable price, another venue. */
  anchor?: Ratio;
}

/** One price out of several, and what may be done at it. */
export interface GuardedPrice {
  /** Quote, exactly; null where no source is usable. */
  price: string | null;
  /** Median of the sources' distances from the price, each with its own confidence; quote, exactly. */
  confidence: string | null;
  /** By falling severity; none: nothing is wrong. */
  flags: Flag[];
  /** Whether each action may be done at this price. */
  actions: Allowed;
  /** Sources that the price is made of, in their order, and all others: each with why it does not count. */
  used: string[];
  /** Sources that do not count, each with why. */
  dropped: { source: string; flag: Flag }[];
}

interface ReadQuote {
  source: string;
  price: Exact;
  at: number;
  confidence: Exact;
  weight: Exact;
  /** Why it can not be right. */
  flag: Flag | null;
}

const QUOTE = ['source', 'price', 'at', 'confidence', 'weight', 'min', 'max'] as const;
const RULES = [
  'stale',
  'delayed',
  'ahead',
  'uncertain',
  'volatile',
  'deviation',
  'minSources',
  'boundMargin',
  'growth',
  'middle',
  'forbids',
] as const;
/** Rules that compare something with a limit. */
const LIMITS = ['stale', 'delayed', 'uncertain', 'volatile', 'deviation'] as const;
const ONE: Exact = { numerator: 1n, denominator: 1n };

type Limits = Readonly<Record<(typeof LIMITS)[number], ReadThreshold | null>>;

/**
 * The price of several sources, and what may be done at it. Dropped are sources without a price, with one of 0 or below, at a
 * bound of their aggregator, or from the future, and stale ones where one is not; where all are, they make the price. The
 * order of sources does not matter.
 * @param quotes - each source once
 * @param rules - what is checked
 * @param context - time, and prices to compare with
 * @returns price between the lowest and the highest used source (or at the growth cap), its confidence, flags and actions;
 *   without a usable source no price, and no action
 * @throws MarginError duplicate, range, missing-key, type, unknown-key
 * @see drift-labs/protocol-v2 programs/drift/src/math/oracle.rs; Chainlink AggregatorV3Interface minAnswer, maxAnswer
 * @example
 * guardPrice([{ source: 'feed', price: '0.10', at: 0, min: '0.10' }], {}, { now: 1 }).flags // ['noPrice', 'atFloor']
 */
export function guardPrice(quotes: readonly Quote[], rules: PriceRules, context: PriceContext): GuardedPrice {
  const row = argument(rules, 'rules', RULES);
  const around = argument(context, 'context', ['now', 'twap', 'anchor']);
  const now = timeAt(around, 'now');
  const matrix = matrixAt(row, 'forbids');
  const middle = oneOf(row.raw('middle') ?? 'mean', row.at('middle'), MIDDLES);
  const minSources = countAt(row, 'minSources', 1);
  const limits = limitsOf(row);
  const cap = row.has('growth') ? capAt(row.raw('growth'), now, row.at('growth'), around.at('now')) : null;
  const [twap, anchor] = [comparedAt(around, 'twap'), comparedAt(around, 'anchor')];
  const all = readQuotes(quotes, row, now);
  const valid = all.filter(({ flag }) => flag === null);
  const fresh = valid.filter(({ at }) => !older(limits.stale, now, at));
  const used = fresh.length > 0 ? fresh : valid;
  const flags = new Set<Flag>();
  const counted = new Set(used);
  const dropped = all
    .filter((quote) => !counted.has(quote))
    .map(({ source, flag }) => ({ source, flag: flag ?? ('stale' as const) }));
  const names = used.map(({ source }) => source);
  const answer = (price: Exact | null, confidence: Exact | null): GuardedPrice => {
    const shown = FLAGS.filter((flag) => flags.has(flag));
    const forbidden = price === null ? ACTIONS : shown.flatMap((flag) => matrix[flag]);
    return {
      price: price && fractionText(price),
      confidence: confidence && fractionText(confidence),
      flags: shown,
      actions: allowedBut(forbidden),
      used: names,
      dropped,
    };
  };
  if (used.length === 0) {
    flags.add('noPrice');
    for (const { flag } of dropped) flags.add(flag);
    return answer(null, null);
  }

  if (fresh.length === 0) flags.add('stale');
  if (fresh.length < minSources) flags.add('fewSources');
  if (used.every(({ at }) => older(limits.delayed, now, at))) flags.add('delayed');
  let price = medianOf(
    used.map(({ price: value, weight }) => ({ value, weight })),
    middle,
  );
  if (cap && compare(price, cap) > 0) {
    price = cap;
    flags.add('capped');
  }
  const distances = used.map(({ price: value, confidence, weight }) => ({
    value: plus(magnitude(minus(value, price)), confidence),
    weight,
  }));
  const confidence = medianOf(distances, 'upper');
  if (crosses(limits.uncertain, over(confidence, price))) flags.add('tooUncertain');
  if (twap) {
    const spread = compare(price, twap) > 0 ? over(price, twap) : over(twap, price);
    if (crosses(limits.volatile, spread)) flags.add('tooVolatile');
  }
  if (anchor && crosses(limits.deviation, over(magnitude(minus(price, anchor)), anchor))) flags.add('deviates');
  return answer(price, confidence);
}

function limitsOf(rules: Row): Limits {
  const limits = LIMITS.map((key) => [key, rules.has(key) ? thresholdAt(rules, key) : null]);
  return Object.fromEntries(limits) as Limits;
}

/** A price to compare with; null where there is none. */
const comparedAt = (context: Row, key: 'twap' | 'anchor'): Exact | null =>
  context.has(key) ? priceAt(context, key) : null;

const older = (limit: ReadThreshold | null, now: number, at: number): boolean =>
  crosses(limit, duration(at > now ? 0 : now - at));

/** Whether a value is beyond a limit; no value is beyond none. */
const crosses = (limit: ReadThreshold | null, value: Exact): boolean =>
  limit !== null && holds(value, limit.operator, limit.level);

function readQuotes(quotes: unknown, rules: Row, now: number): ReadQuote[] {
  const margin = shareAt(rules, 'boundMargin', 0);
  const latest = now + timeAt(rules, 'ahead', 0);
  const sources = new Set<string>();
  return rowsOf(listOf(quotes, 'quotes'), 'quotes', QUOTE).map((row) => {
    const source = row.text('source');
    if (sources.has(source)) throw new MarginError('duplicate', { path: row.at('source'), got: source });
    sources.add(source);
    const at = timeAt(row, 'at');
    const weight = row.has('weight') ? priceAt(row, 'weight') : ONE;
    const confidence = shareAt(row, 'confidence', 0);
    const price = row.has('price') ? ratio(row.raw('price') as Ratio, row.at('price')) : null;
    const wrong = flagOf(row, price, margin);
    const flag = at > latest ? 'ahead' : wrong;
    return { source, price: price ?? ZERO, at, confidence, weight, flag };
  });
}

function flagOf(row: Row, price: Exact | null, margin: Exact): Flag | null {
  const floor = row.has('min') ? times(ratioAt(row, 'min'), plus(ONE, margin)) : null;
  const ceiling = row.has('max') ? times(ratioAt(row, 'max'), minus(ONE, margin)) : null;
  if (price === null) return 'noPrice';
  if (price.numerator <= 0n) return 'nonPositive';
  if (floor && compare(price, floor) <= 0) return 'atFloor';
  return ceiling && compare(price, ceiling) >= 0 ? 'atCeiling' : null;
}
