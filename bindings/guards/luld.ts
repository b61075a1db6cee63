// Limit up, limit down: a band around the mean price of the last minutes. A quote at its edge is a limit state; one that lasts
// stops trading for some minutes.
import { compare, type Exact, fractionText, magnitude, minus, over, plus } from '../liquidation/exact.js';
import { listOf } from '../liquidation/list.js';
import type { Row } from '../venues/rows.js';
import { type Ratio, ratio } from '../waterfall/amount.js';
import { oneOf } from '../waterfall/words.js';
import { type Allowed, allowedBut, TRADING } from './actions.js';
import { BlockList, type Blocks } from './blocks.js';
import { priceBand } from './moves.js';
import { argument, countAt, laterAt, priceAt, priceOf, shareAt, timeAt } from './read.js';
import { duration } from './window.js';

/** The band of a market, and how long a limit state and a pause last. */
export interface BandRules {
  /** Half of the band, a fraction of the reference. */
  percent: Ratio;
  /** Time whose trades make the reference: their mean. */
  window: number;
  /** The reference follows the mean when it is this far away, a fraction of it, and not more often than `every`. */
  change: Ratio;
  /** Time between two moves of the reference, at least. */
  every: number;
  /** Time that a limit state may last. */
  limit: number;
  /** Time that trading stops after it. */
  pause: number;
}

/** US plan, Tier 1 above 3 USD, in seconds. The percentage is another by tier, by price and at the close. */
export const US_LULD: BandRules = { percent: '0.05', window: 300, change: '0.01', every: 30, limit: 15, pause: 300 };

/** Where a market stands: trading, a quote at the band's edge, or stopped. */
export type BandPhase = 'open' | 'limit' | 'paused';

/** A trade in the window of a band. */
export interface BandTrade {
  /** Units of time. */
  readonly at: number;
  /** Quote, exactly. */
  readonly price: string;
}

/** What a band knows between two steps; plain JSON. */
export interface BandState {
  /** Phase since the last step. */
  phase: BandPhase;
  /** Begin of the phase. */
  since: number;
  /** Quote; null before the first trade. */
  reference: string | null;
  /** Time at which the reference last moved. */
  referenceAt: number;
  /** Whether the next trade is the reference: at the opening, and after a pause. */
  opening: boolean;
  /** Trades of the window, in blocks. */
  trades: Blocks<BandTrade>;
  /** Time of the last step; null at first. */
  at: number | null;
}

/** A market before its first trade. */
export const UNTRADED: BandState = {
  phase: 'open',
  since: 0,
  reference: null,
  referenceAt: 0,
  opening: true,
  trades: [],
  at: null,
};

/** What a band is told at a step. */
export interface BandObservation {
  /** Units of time; not before the last one. */
  now: number;
  /** Best bid and offer of the whole market, quote; null: there is none. */
  bid?: Ratio | null;
  /** Best offer, quote; null: there is none. */
  ask?: Ratio | null;
  /** Prices of the trades at this time, quote. */
  trades?: readonly Ratio[];
}

/** What a step of a band says. */
export interface BandStep {
  /** Phase after the step. */
  phase: BandPhase;
  /** Quote, exactly; null before the first trade. */
  reference: string | null;
  /** Edges of the band; null while the next trade is the reference, as the one before says nothing of the market any more. */
  lower: string | null;
  /** Upper edge, quote, exactly; null with `lower`. */
  upper: string | null;
  /** Whether each action may be done. */
  allowed: Allowed;
  /** When the phase ends by itself: a limit state in a pause, a pause with trading; null where it does not. */
  until: number | null;
  /** To be given to the next step. */
  state: BandState;
}

const STATE = ['phase', 'since', 'reference', 'referenceAt', 'opening', 'trades', 'at'] as const;
const RULES = ['percent', 'window', 'change', 'every', 'limit', 'pause'] as const;

/**
 * Where a market stands in its band. What held at the last step holds until this one, so a limit state that nobody looked at
 * lasts too; in it and in a pause the reference stays. The first trade after a pause is the new one, and until it there is no
 * band, so that no quote can close a market again that has not reopened.
 * @param state - `UNTRADED` at first
 * @param observation - time, best bid and offer, trades
 * @param rules - percentage and times
 * @returns phase, reference, band, what is allowed, and the state to keep
 * @throws MarginError range where time runs backwards, missing-key, type, unknown-key
 * @see US National Market System plan to address extraordinary market volatility, sections V to VII
 * @example
 * bandStep(UNTRADED, { now: 0, trades: [100], bid: 99, ask: 101 }, US_LULD).lower // '95'
 */
export function bandStep(state: BandState, observation: BandObservation, rules: BandRules): BandStep {
  const before = argument(state, 'state', STATE);
  const row = argument(observation, 'observation', ['now', 'bid', 'ask', 'trades']);
  const rule = argument(rules, 'rules', RULES);
  const now = laterAt(row, 'now', before.has('at') ? timeAt(before, 'at') : null);
  const [limit, pause, every] = [countAt(rule, 'limit'), countAt(rule, 'pause'), countAt(rule, 'every')];
  const [percent, change] = [shareAt(rule, 'percent'), shareAt(rule, 'change')];
  const [bid, ask] = [edgeOf(row, 'bid'), edgeOf(row, 'ask')];
  const prices = row.has('trades')
    ? listOf(row.raw('trades'), row.at('trades')).map((price, i) => priceOf(price, `${row.at('trades')}[${i}]`))
    : [];

  let phase = oneOf(before.raw('phase'), before.at('phase'), ['open', 'limit', 'paused']);
  let begun = timeAt(before, 'since');
  let opening = before.flag('opening');
  let trades = TRADES.from(TRADES.read(before, 'trades'), now - countAt(rule, 'window'));
  if (phase === 'limit' && now >= begun + limit) [phase, begun] = ['paused', begun + limit];
  if (phase === 'paused' && now >= begun + pause) {
    [phase, begun, opening, trades] = ['open', begun + pause, true, []];
  }

  const traded = prices.map((price) => ({ at: now, price: fractionText(price) }));
  if (phase !== 'paused') trades = TRADES.with(trades, traded);
  let reference = before.has('reference') ? priceAt(before, 'reference') : null;
  let referenceAt = timeAt(before, 'referenceAt');
  const mean = meanOf(trades);
  if (mean && phase === 'open') {
    const moved = reference !== null && compare(distance(mean, reference), change) >= 0;
    if (opening || (moved && now >= referenceAt + every)) {
      reference = opening ? (prices[0] ?? mean) : mean;
      [referenceAt, opening] = [now, false];
    }
  }

  const text = reference && fractionText(reference);
  const banded = text !== null && !opening;
  const band = banded ? priceBand(text, percent) : { lower: null, upper: null };
  if (phase !== 'paused') {
    const sold = band.lower !== null && ask !== null && compare(ask, ratio(band.lower)) <= 0;
    const bought = band.upper !== null && bid !== null && compare(bid, ratio(band.upper)) >= 0;
    const next = sold || bought ? 'limit' : 'open';
    if (next !== phase) [phase, begun] = [next, now];
  }
  const until = phase === 'open' ? null : begun + (phase === 'limit' ? limit : pause);
  const allowed = allowedBut(phase === 'paused' ? TRADING : []);
  const next = { phase, since: begun, reference: text, referenceAt, opening, trades, at: now };
  return { phase, reference: text, ...band, allowed, until, state: next };
}

/** A best quote; null where there is none. */
const edgeOf = (row: Row, key: 'bid' | 'ask'): Exact | null => (row.has(key) ? priceAt(row, key) : null);

/** Trades with the sum of a block's prices. */
const TRADES = new BlockList<BandTrade, Exact>(
  ['price'],
  (row) => ({ price: fractionText(priceAt(row, 'price')) }),
  (block) => block.map(({ price }) => ratio(price)).reduce(plus),
);

function meanOf(trades: Blocks<BandTrade>): Exact | null {
  const [first, ...others] = trades.map((block) => TRADES.sum(block));
  const count = trades.reduce((sum, { length }) => sum + length, 0);
  return first ? over(others.reduce(plus, first), duration(count)) : null;
}

/** How far a price is from another, a fraction of that. */
const distance = (price: Exact, from: Exact): Exact => over(magnitude(minus(price, from)), from);
