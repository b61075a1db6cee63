// Scores of the deleveraging queue as a column of doubles, for all who hold one side of a market: the formulas of
// waterfall/adl/venue-scores.ts over the kernel's columns. A score is a rank and no money: nothing is paid by it.
import type { BookBase } from '../book/book.js';
import { findBalance } from '../book/rows.js';
import { FEATURE, KIND } from '../layout.js';
import { exact } from '../liquidation/exact.js';
import type { Margin } from '../margin.js';
import type { AdlCandidate } from '../waterfall/adl/candidate.js';
import { topCandidates } from '../waterfall/adl/rank-queue.js';
import { INFINITE } from '../waterfall/adl/score.js';
import type { ScoreName } from '../waterfall/adl/venue-scores.js';
import type { State } from '../waterfall/state.js';
import { oneOf } from '../waterfall/words.js';
import { type Holders, holdersOf } from './holders.js';
import { unitName } from './unit-names.js';

/** Scores that the columns of a book give. */
export type ColumnScore = Exclude<ScoreName, 'given'>;

/** Those who hold one side of a market, in the order of a ledger. */
export interface ScoreColumns {
  /** Id of the market. */
  market: string;
  /** Side of the positions. */
  side: 'long' | 'short';
  /** Margin unit of each. */
  unit: Uint32Array;
  /** Contracts, > 0. */
  size: Float64Array;
  /** The largest is closed first; infinite for an account without equity. */
  score: Float64Array;
}

/** What a score is made of, in units of the settle asset. */
interface Facts {
  /** Unrealised profit, entry notional and notional at the mark; a position without a cost has its notional for entry. */
  pnl: number;
  entry: number;
  notional: number;
  /** Of the margin unit: equity and maintenance requirement. */
  equity: number;
  maintenance: number;
  /** Its balance in the settle asset, which few scores ask for and which takes a search. */
  wallet: () => number;
  /** Mark over entry price. */
  move: number;
}

/** Exposure over what carries it; without anything that carries it there is no bound. */
const over = (exposure: number, margin: number): number => (margin > 0 ? exposure / margin : Number.POSITIVE_INFINITY);

/** 0 of nothing, whatever the other is. */
const product = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b);

const leveraged = (profit: number, risk: number): number =>
  profit > 0 ? product(profit, risk) : profit === 0 || risk === Number.POSITIVE_INFINITY ? 0 : profit / risk;

const binance = ({ pnl, wallet, maintenance, equity }: Facts): number =>
  product(Math.max(0, pnl) / Math.max(1, wallet()), over(maintenance, equity));

const returnTimesLeverage = ({ pnl, entry, notional, equity }: Facts): number =>
  leveraged(pnl / entry, over(notional, equity));

const FORMULAS: Readonly<Record<ColumnScore, (facts: Facts) => number>> = {
  bitmex: returnTimesLeverage,
  binance,
  bybit: binance,
  okx: returnTimesLeverage,
  hyperliquid: ({ move, notional, equity }) => product(move, over(notional, equity)),
};

/**
 * Scores of all who hold one side of a market.
 * @param book - the book
 * @param market - id or row
 * @param side - of those who would be deleveraged: the other one than the defaulter's
 * @param score - whose formula; `bybit` is Binance's, since a book does not know who is in delta-neutral mode. Margin, wallet
 *   and equity are those of the margin unit, so that an isolated bucket stands for itself
 * @param holders - a snapshot, where several queues are read from one book
 * @returns columns, for `topCandidates(columns.score, k)`
 * @throws MarginError unknown-id, type
 * @see margin-kernel/waterfall hyperliquidScore, binanceScore, bitmexScore, bybitScore, okxScore
 * @example
 * scoresOf(book, 'BTC-PERP', 'long', 'okx').size // new Float64Array([0.5])
 */
export function scoresOf(
  book: BookBase,
  market: string | number,
  side: 'long' | 'short',
  score: ColumnScore,
  holders: Holders = holdersOf(book),
): ScoreColumns {
  const m = book.market(market);
  const long = oneOf(side, 'side', ['long', 'short']) === 'long';
  const { size } = book.store.columns.position;
  const places: number[] = [];
  for (let at = holders.start[m] as number; at < (holders.start[m + 1] as number); at++) {
    if ((size[holders.position[at] as number] as number) > 0 === long) places.push(at);
  }
  const scoreAt = scoreOf(book, m, score, holders.risk);
  const unit = Uint32Array.from(places, (at) => holders.unit[at] as number);
  const position = Uint32Array.from(places, (at) => holders.position[at] as number);
  return {
    market: book.marketId(m),
    side,
    unit,
    size: Float64Array.from(position, (p) => Math.abs(size[p] as number)),
    score: Float64Array.from(position, (p, i) => scoreAt(unit[i] as number, p)),
  };
}

/** The score of positions of a market, by unit and position. @throws MarginError type */
export function scoreOf(
  book: BookBase,
  m: number,
  score: ColumnScore,
  risk: Margin,
): (unit: number, position: number) => number {
  const formula = FORMULAS[oneOf(score, 'score', Object.keys(FORMULAS) as ColumnScore[])];
  const factsAt = factsOf(book, m, risk);
  return (unit, position) => formula(factsAt(unit, position));
}

/** What a score is made of, by unit and position. */
function factsOf(book: BookBase, m: number, risk: Margin): (unit: number, position: number) => Facts {
  const { store } = book;
  const { equity, maintenanceMargin } = risk;
  const { market, asset, balance, position } = store.columns;
  const owed = (book.refresh() & FEATURE.funding) !== 0;
  const fundingIndex = market.fundingIndex[m] as number;
  const kind = market.kind[m];
  const settle = market.settle[m] as number;
  // An asset without a price carries nothing.
  const price = (asset.price[settle] as number) || Number.POSITIVE_INFINITY;
  const [multiplier, mark] = [market.multiplier[m] as number, market.mark[m] as number];
  const inverse = kind === KIND.inverse;
  const unitValue = inverse ? -multiplier / mark : multiplier * mark;
  const shortNotional = kind === KIND.prediction ? multiplier * (1 - mark) : Math.abs(unitValue);
  let u = 0;
  const wallet = (): number => {
    const b = findBalance(store, u, settle);
    const amount = b < 0 ? 0 : (balance.amount[b] as number);
    return amount * ((amount < 0 ? asset.borrowIndex[settle] : asset.depositIndex[settle]) as number);
  };
  // One object for all: a million holders leave nothing to the garbage collector.
  const facts: Facts = { pnl: 0, entry: 0, notional: 0, equity: 0, maintenance: 0, wallet, move: 0 };
  return (unit, p) => {
    u = unit;
    const size = position.size[p] as number;
    const cost = position.cost[p] as number;
    const value = size * unitValue;
    const paid = owed ? cost + size * (fundingIndex - (position.funding[p] as number)) : cost;
    facts.pnl = value - paid;
    facts.entry = Math.abs(cost === 0 ? value : cost);
    facts.notional = Math.abs(size) * (size < 0 ? shortNotional : Math.abs(unitValue));
    facts.equity = (equity[u] as number) / price;
    facts.maintenance = (maintenanceMargin[u] as number) / price;
    facts.move = inverse ? facts.entry / Math.abs(value) : Math.abs(value) / facts.entry;
    return facts;
  };
}

/**
 * The first of a queue as candidates for `adl`: the score from the book, lots and equity from its ledger.
 * @param book - the book
 * @param state - its ledger, see `ledgerOf`
 * @param columns - of `scoresOf`
 * @param most - how many at most
 * @returns candidates in the order of the queue; an account that holds both sides stands on that of its net position
 * @throws MarginError unknown-id, range
 * @example
 * candidatesOf(book, ledgerOf(book, { decimals: 2 }), scoresOf(book, 'BTC-PERP', 'long', 'okx'), 9)[0].lots // 500n
 */
export function candidatesOf(book: BookBase, state: State, columns: ScoreColumns, most: number): AdlCandidate[] {
  const ids = Array.from(columns.unit, (u) => unitName(book, u));
  const { id: market, settle } = state.market(columns.market);
  const sign = columns.side === 'long' ? 1n : -1n;
  const candidates: AdlCandidate[] = [];
  for (const place of topCandidates(columns.score, most, ids)) {
    const id = ids[place] as string;
    const lots = sign * state.position(id, market).lots;
    const score = columns.score[place] as number;
    if (lots <= 0n) continue;
    const exactly = score === Number.POSITIVE_INFINITY ? INFINITE : exact(score);
    candidates.push({ id, lots, equity: state.equity(id, settle), score: exactly });
  }
  return candidates;
}
