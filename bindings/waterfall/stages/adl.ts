// Auto-deleveraging of positions: what a defaulter still holds is closed against the other side, in the order of a score, at
// the price that uses up the defaulter's equity or at the mark. Lots move in whole and sum to zero; what the other side gives
// against the mark is told as needed, taken, taken too much and left.
import { MarginError } from '../../errors.js';
import { type Exact, exact, over, times } from '../../liquidation/exact.js';
import { ceilDiv, type Integer, magnitude } from '../../venues/integer.js';
import type { Row } from '../../venues/rows.js';
import { RankQueue } from '../adl/rank-queue.js';
import type { Score } from '../adl/score.js';
import { relieved, stateScore } from '../adl/state-scores.js';
import { ADL_SCORES, type ScoreName } from '../adl/venue-scores.js';
import { shareColumns } from '../allocate.js';
import { type Amount, above0, amount, byId, fractionText } from '../amount.js';
import { Asked } from '../asked.js';
import type { RowScores } from '../event.js';
import { Holdings } from '../holdings.js';
import { type Market, worthOf } from '../market.js';
import { namesOf } from '../participants.js';
import { type ClosePrice, type DuePosition, positionValues } from '../position-values.js';
import type { Running } from '../running.js';
import { type Done, doneIf, type Work } from '../step.js';
import { writeTrade } from '../trade.js';
import { oneOf } from '../words.js';

/** A stage that closes positions of others against the defaulter's. */
export interface Adl {
  /** Names the stage's kind. */
  kind: 'adl';
  /** Its name, unique among the stages. */
  id: string;
  /** Who is first; `given`: the ranks of the state. Scores of the event come before either. Default given. */
  score?: ScoreName;
  /**
   * By score (default), by ascending id from a place that the seed names (dYdX: nobody is ranked), or everybody in proportion to
   * its lots (partial tear-up).
   */
  allocate?: 'queue' | 'rotation' | 'cappedProRata';
  /** Where a rotation starts, >= 0; default 0. */
  seed?: Integer;
  /** Where the defaulter's equity is used up (default), the mark before the move, or the mark: which leave deficits open. */
  price?: ClosePrice;
}

export const ADL_KEYS = ['kind', 'id', 'score', 'allocate', 'seed', 'price'] as const;

interface Rule {
  score: ScoreName;
  allocate: 'queue' | 'rotation' | 'cappedProRata';
  seed: Amount;
  price: ClosePrice;
}

export function adlStage(row: Row): Work {
  const word = <W extends string>(key: string, words: readonly W[], otherwise: W): W =>
    oneOf(row.has(key) ? row.raw(key) : otherwise, row.at(key), words);
  const names = ['given', ...(Object.keys(ADL_SCORES) as ScoreName[])] as const;
  const rule: Rule = {
    score: word<ScoreName>('score', names, 'given'),
    allocate: word('allocate', ['queue', 'rotation', 'cappedProRata'], 'queue'),
    seed: amount(row.integer('seed', 0n), row.at('seed')),
    price: word('price', ['bankruptcy', 'previous', 'mark'], 'bankruptcy'),
  };
  return {
    kind: 'adl',
    id: row.text('id'),
    path: row.path,
    always: true,
    absorbs: true,
    check: (run) => {
      if (rule.score !== 'binance' && rule.score !== 'bybit') return;
      if (
        !run.event.defaulters.some((row) => run.held(row).length > 0) ||
        run.draft.columns.measures.has('maintenance') ||
        run.event.scores.size > 0
      )
        return;
      const expected = 'a measure "maintenance" of the accounts, which this score divides by';
      throw new MarginError('missing-key', { path: row.at('score'), expected });
    },
    run: (run) => deleverage(run, rule),
  };
}

/** Lots that a counterparty takes of a need, unsigned. */
interface Fill {
  need: DuePosition;
  row: number;
  lots: Amount;
}

function deleverage(run: Running, rule: Rule): Done {
  const before = run.need();
  const due = positionValues(run, rule.price);
  const held = run.event.markets.filter((id) => (due.get(id) as DuePosition[]).length > 0);
  const markets = held.filter((id) => run.allows(id, 'adl'));
  if (markets.length === 0)
    return { status: 'idle', because: held.length > 0 ? 'guarded' : 'noPositions', capacity: 0n };
  const parties = new Set<number>();
  const closed: Record<string, Amount> = Object.create(null);
  const unfilled: Record<string, Amount> = Object.create(null);
  let taken = 0n;
  for (const id of markets) {
    const market = run.draft.market(id);
    for (const side of [1n, -1n]) {
      const needs = (due.get(id) as DuePosition[]).filter(({ lots }) => lots * side > 0n);
      if (needs.length === 0) continue;
      const fills = fillsOf(run, market, side, needs, rule);
      taken += close(run, market, side, fills, rule);
      for (const { row } of fills) parties.add(row);
      const filled = fills.reduce((sum, { lots }) => sum + lots, 0n);
      const left = needs.reduce((sum, { lots }) => sum + lots * side, 0n) - filled;
      closed[id] = (closed[id] ?? 0n) + filled;
      if (left > 0n) unfilled[id] = (unfilled[id] ?? 0n) + left;
    }
  }
  run.remeasure();
  const open = run.need();
  const needed = before - open;
  const overshoot = taken > needed ? taken - needed : 0n;
  // A counterparty that the price has ruined is nobody's residual: it is told, and defaults next.
  const takers = [...parties];
  const equities = run.equities(takers);
  const ruined = takers.filter((_, i) => (equities[i] as Amount) < 0n).map((row) => run.draft.id(row));
  const detail = { needed: before, taken, overshoot, shortfall: open, closed, unfilled, ruined };
  return { ...doneIf(parties.size > 0, () => 'nobody'), capacity: above0(needed), participants: parties.size, detail };
}

/** Who takes what: counterparties in their order, needs in that of the event. */
function fillsOf(run: Running, market: Market, side: bigint, needs: readonly DuePosition[], rule: Rule): Fill[] {
  const total = needs.reduce((sum, { lots }) => sum + lots * side, 0n);
  const fills: Fill[] = [];
  let [at, left] = [0, total === 0n ? 0n : (needs[0] as DuePosition).lots * side];
  for (const { row, lots } of takers(run, market, side, total, rule)) {
    if (rule.allocate === 'rotation' && !bears(run, market, side, needs[at] as DuePosition, { row, lots, left }))
      continue;
    let room = lots;
    while (room > 0n && at < needs.length) {
      const part = room < left ? room : left;
      fills.push({ need: needs[at] as DuePosition, row, lots: part });
      room -= part;
      left -= part;
      if (left === 0n && ++at < needs.length) left = (needs[at] as DuePosition).lots * side;
    }
    if (at === needs.length) break;
  }
  return fills;
}

/** Whether somebody would have its own equity left after taking what it can of a need (dYdX: prices that do not overlap). */
function bears(
  run: Running,
  market: Market,
  side: bigint,
  need: DuePosition,
  { row, lots, left }: { row: number; lots: Amount; left: Amount },
): boolean {
  const part = lots < left ? lots : left;
  const loss = ceilDiv(need.value * part, need.lots * side) - worthOf(market, part * side, market.mark);
  return run.draft.equityAt(row, run.asset) >= loss;
}

/** Holders of the other side with the lots they give, in the order in which they are asked. */
function* takers(
  run: Running,
  market: Market,
  side: bigint,
  total: Amount,
  rule: Rule,
): Generator<{ row: number; lots: Amount }> {
  const { holdings, house } = run.draft.columns;
  const { accounts, lots } = holdings.get(market.id) ?? Holdings.none();
  const [rows, places]: [number[], number[]] = [[], []];
  for (let place = 0; place < accounts.length; place++) {
    const row = accounts[place] as number;
    const has = lots.at(place);
    if ((side > 0n ? has >= 0n : has <= 0n) || house[row] || run.isDefaulter(row)) continue;
    rows.push(row);
    places.push(place);
  }
  const held = (i: number): Amount => magnitude(lots.at(places[i] as number));
  const id = (i: number): string => run.draft.id(rows[i] as number);
  const ascending = (): number[] => rows.map((_, i) => i).sort((a, b) => byId(id(a), id(b)));
  if (rule.allocate === 'cappedProRata') {
    // By id, so that the order of the state decides nothing.
    const order = ascending();
    const asked = new Asked(namesOf(run), rows.length);
    for (const i of order) asked.add(rows[i] as number, held(i), held(i));
    const { shares } = shareColumns(total, asked, 'cappedProRata', 'largestRemainder');
    for (const [place, row] of asked.keys.entries()) {
      if (shares.at(place) !== 0n) yield { row, lots: shares.at(place) };
    }
    return;
  }
  const order =
    rule.allocate === 'rotation'
      ? rotated(ascending(), rule.seed)
      : new RankQueue(scoresOf(run, market, rows, rule), id);
  for (const i of order) yield { row: rows[i] as number, lots: held(i) };
}

/** From the place that the seed names, and round to it (dYdX). */
function rotated(order: readonly number[], seed: Amount): number[] {
  const start = order.length === 0 ? 0 : placeOf(seed, order.length);
  return [...order.slice(start), ...order.slice(0, start)];
}

/** A place in a list that a seed of any size names. */
const placeOf = (seed: Amount, count: number): number => Number(seed % BigInt(count));

/** Scores of the event where it has some, else by the rule from the state; hedges of the event stand behind in either. */
function scoresOf(run: Running, market: Market, rows: readonly number[], { score }: Rule): Float64Array | Score[] {
  const { draft, event } = run;
  const reliefs = event.reliefs.get(market.id);
  const given = event.scores.get(market.id);
  if (!given && score !== 'given') return rows.map((row) => stateScore(draft, market, row, score, reliefs));
  const scores = !given
    ? Float64Array.from(rows, (row) => draft.columns.ranks[row] as number)
    : 'rows' in given
      ? scoresAt(given, rows)
      : Float64Array.from(rows, (row) => given[row] ?? 0);
  return reliefs ? rows.map((row, i) => relieved(scores[i] as number, draft.id(row), reliefs)) : scores;
}

/** Scores of rows that rise, as those that are given do. */
function scoresAt(given: RowScores, rows: readonly number[]): Float64Array {
  const scores = new Float64Array(rows.length);
  let at = 0;
  for (const [i, row] of rows.entries()) {
    while ((given.rows[at] ?? row) < row) at += 1;
    if (given.rows[at] === row) scores[i] = given.scores[at] as number;
  }
  return scores;
}

/** Posts the fills, each at its part of what the whole position fetches. @returns what the takers gave against the mark */
function close(run: Running, market: Market, side: bigint, fills: readonly Fill[], { allocate, score }: Rule): Amount {
  let taken = 0n;
  const ruleText = `adl, ${allocate}${allocate === 'queue' ? ` by ${score} score` : ''}`;
  // Fills of one need follow one another: an entry for each, since each has a price of its own.
  for (let from = 0; from < fills.length; ) {
    const { need } = fills[from] as Fill;
    const price = priceOf(market, need);
    let [lots, value] = [0n, 0n];
    run.journal.enter({ code: 'traded', rule: ruleText, price: fractionText(price) }, (pen) => {
      for (; fills[from]?.need === need; from++) {
        const fill = fills[from] as Fill;
        lots += fill.lots;
        // Rounded up, so that closing a part opens no unit of a deficit that was covered.
        const upTo = ceilDiv(need.value * lots, need.lots * side);
        const [moved, part] = [fill.lots * side, upTo - value];
        value = upTo;
        taken += part - worthOf(market, moved, market.mark);
        writeTrade(pen, run.draft, { market, from: need.row, to: fill.row, lots: moved, value: part });
      }
    });
  }
  return taken;
}

/** At which a position fetches what it is due; an inverse one that fetches nothing has no price but the mark. */
function priceOf({ kind, lotValue, mark }: Market, { lots, value }: DuePosition): Exact {
  if (kind === 'linear') return over(exact(value), times(lotValue, exact(lots)));
  return value === 0n ? mark : over(times(lotValue, exact(-lots)), exact(value));
}
