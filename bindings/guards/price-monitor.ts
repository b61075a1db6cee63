// MonitoredPrice monitoring: a price that leaves what a model expects within a horizon starts an auction instead of a trade. The model is
// the caller's: its quantiles come as factors of the price at the horizon's begin.
import { MarginError } from '../errors.js';
import { compare, fractionText } from '../liquidation/exact.js';
import { listOf } from '../liquidation/list.js';
import { type Row, rowsOf } from '../venues/rows.js';
import { type Ratio, ratio } from '../waterfall/amount.js';
import { type Allowed, allowedBut, TRADING } from './actions.js';
import { BlockList, type Blocks } from './blocks.js';
import { boundsOf, type Factors, factorsOf } from './moves.js';
import { argument, countAt, endAt, endOf, laterAt, priceAt, timeAt } from './read.js';

/** Bounds of a price within a horizon, and how long a breach lasts. */
export interface MonitorTrigger {
  /** How long ago its reference is, units of time. */
  horizon: number;
  /** Quantiles of the price after the horizon as factors of the reference: down at most 1, up at least 1. */
  down: Ratio;
  /** Upper quantile as a factor of the reference, at least 1. */
  up: Ratio;
  /** Time by which a breach prolongs the auction. */
  extension: number;
}

/** A price that a monitor has seen. */
export interface MonitoredPrice {
  /** Units of time. */
  readonly at: number;
  /** Quote, exactly. */
  readonly price: string;
}

/** What a monitor knows between two steps; plain JSON. */
export interface MonitorState {
  /** Prices since the longest horizon, in blocks. */
  prices: Blocks<MonitoredPrice>;
  /** Begin and end of the auction; null: none. */
  since: number | null;
  /** End of the auction, units of time; null: none. */
  until: number | null;
  /** Triggers that have prolonged it, by their place. */
  breached: readonly number[];
  /** Time of the last step; null at first. */
  at: number | null;
}

/** A market before its first price. */
export const UNWATCHED: MonitorState = { prices: [], since: null, until: null, breached: [], at: null };

/** What a step of a monitor says. */
export interface MonitorStep {
  /** Whether the price stands: outside an auction, or as the one that ended it. */
  traded: boolean;
  /** End of the auction, units of time; null: there is none. */
  until: number | null;
  /** Bounds of each trigger, quote, exactly; null before the first price. */
  bounds: { reference: string; lower: string; upper: string }[] | null;
  /** Places of the triggers that this price breaches. */
  breached: number[];
  /** Whether each action may be done. */
  allowed: Allowed;
  /** To be given to the next step. */
  state: MonitorState;
}

/**
 * What a price comes to: a trade within all bounds, or an auction. Each trigger prolongs an auction once; when it is over, a
 * price that breaches no other trigger ends it and is the reference of all.
 * @param state - `UNWATCHED` at first
 * @param observation - now: units of time; price: of the next trade, or at which an auction would clear, quote
 * @param triggers - horizon, factors and extension each
 * @returns whether it trades, the bounds, until when an auction lasts, and the state to keep
 * @throws MarginError range where time runs backwards, missing-key, type, unknown-key
 * @see vegaprotocol/specs protocol/0032-PRIM-price_monitoring.md
 * @example
 * monitorPrice(UNWATCHED, { now: 0, price: 100 }, [{ horizon: 60, down: '0.9', up: '1.1', extension: 300 }]).traded // true
 */
export function monitorPrice(
  state: MonitorState,
  observation: { now: number; price: Ratio },
  triggers: readonly MonitorTrigger[],
): MonitorStep {
  const before = argument(state, 'state', ['prices', 'since', 'until', 'breached', 'at']);
  const row = argument(observation, 'observation', ['now', 'price']);
  const now = laterAt(row, 'now', before.has('at') ? timeAt(before, 'at') : null);
  const price = priceAt(row, 'price');
  const rules = rowsOf(listOf(triggers, 'triggers'), 'triggers', ['horizon', 'down', 'up', 'extension']).map(
    readTrigger,
  );
  const prices = PRICES.read(before, 'prices');
  const until = before.has('until') ? endAt(before, 'until') : null;
  const used = placesOf(before, rules.length);
  const begin = before.has('since') ? timeAt(before, 'since') : now;
  const bounds = rules.map(({ factors, horizon }) => {
    const first = PRICES.since(prices, begin - horizon)[0]?.[0];
    const reference = first ? ratio(first.price) : price;
    return { reference: fractionText(reference), ...boundsOf(reference, factors) };
  });
  const broken = bounds.flatMap(({ lower, upper }, i) =>
    compare(price, ratio(lower)) < 0 || compare(price, ratio(upper)) > 0 ? [i] : [],
  );
  const answer = (traded: boolean, next: MonitorState): MonitorStep => ({
    traded,
    until: next.until,
    bounds: prices.length === 0 ? null : bounds,
    breached: broken,
    allowed: allowedBut(traded ? [] : TRADING),
    state: next,
  });

  const news = broken.filter((i) => !used.includes(i));
  const running = until !== null && now < until;
  if (running || news.length > 0) {
    const end = running
      ? until
      : news.reduce((time, i) => endOf(time, (rules[i] as ReadTrigger).extension, `triggers[${i}].extension`), now);
    const all = running ? used : [...used, ...news];
    return answer(false, { prices, since: begin, until: end, breached: all, at: now });
  }
  const longest = rules.reduce((most, { horizon }) => (horizon > most ? horizon : most), 0);
  // A price that ends an auction is the reference of all: nothing before it counts.
  const told = PRICES.with(until === null ? prices : [], [{ at: now, price: fractionText(price) }]);
  const kept = PRICES.since(told, now - longest);
  return answer(true, { prices: kept, since: null, until: null, breached: [], at: now });
}

/** Prices; nothing is asked of a block as a whole. */
const PRICES = new BlockList<MonitoredPrice, null>(
  ['price'],
  (row) => ({ price: fractionText(priceAt(row, 'price')) }),
  () => null,
);

interface ReadTrigger {
  factors: Factors;
  horizon: number;
  extension: number;
}

function readTrigger(row: Row): ReadTrigger {
  return { factors: factorsOf(row), horizon: countAt(row, 'horizon'), extension: countAt(row, 'extension') };
}

function placesOf(state: Row, triggers: number): number[] {
  return listOf(state.raw('breached'), state.at('breached')).map((place, i) => {
    if (typeof place === 'number' && Number.isInteger(place) && place >= 0 && place < triggers) return place;
    const path = `${state.at('breached')}[${i}]`;
    throw new MarginError('range', { path, got: place, expected: `the place of one of ${triggers} triggers` });
  });
}
