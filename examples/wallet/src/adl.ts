// Where a position would stand in a deleveraging queue. Nobody can see a venue's queue, so the others are made up: a fixed crowd
// by market and side, whose profits move with the price. The scores are the venues' own formulas.
import { ADL_SCORES, type AdlCandidate, type QueuePlace, rankOf, type Scored } from 'margin-kernel/waterfall';
import type { Rule } from './state.ts';

/** A position as scores read it, in the numeraire; `margin` is what carries it: of cross positions the account's equity. */
export interface Scorable {
  size: number;
  entry: number;
  mark: number;
  /** Value of a contract at a price of 1. */
  pnl: number;
  notional: number;
  margin: number;
  maintenance: number;
}

export interface AdlPlace {
  profit: number;
  leverage: number;
  score: number;
  place: QueuePlace;
  /** Lamps that are lit, 1 to 5: by how much of the queue stands in front, so the first has all. */
  lit: number;
  of: number;
}

export const LAMPS = 5;
const OTHERS = 999;
const LOTS = 1_000;
const cents = (amount: number): bigint => BigInt(Math.round(amount * 100));
/** At least a cent: a value that scores divide by. */
const centsAbove0 = (amount: number): bigint => (cents(amount) > 0n ? cents(amount) : 1n);

const of = ({ numerator, denominator }: Scored['score']): number =>
  denominator === 0n ? Number.POSITIVE_INFINITY : Number(numerator) / Number(denominator);

/** The score of a position by the rule of a venue. */
export function scoreOf(rule: Rule, { size, entry, mark, pnl, notional, margin, maintenance }: Scorable): Scored {
  const way = size < 0 ? -1 : 1;
  const atEntry = notional * (entry / mark);
  const given = {
    okx: { pnl: cents(pnl), entry: centsAbove0(atEntry), notional: centsAbove0(notional), margin: cents(margin) },
    bybit: { pnl: cents(pnl), wallet: cents(margin - pnl), maintenance: cents(maintenance), one: 100n },
    binance: { pnl: cents(pnl), wallet: cents(margin - pnl), maintenance: cents(maintenance), one: 100n },
    bitmex: bitmexValues(way, atEntry, notional, margin),
    hyperliquid: { mark: String(mark), entry: String(entry), notional: cents(notional), accountValue: cents(margin) },
  };
  return ADL_SCORES[rule](given[rule] as never);
}

/** Values of a short are negative; at the bankruptcy price nothing is left of the margin. */
function bitmexValues(way: number, atEntry: number, notional: number, margin: number) {
  const mark = (way < 0 ? -1n : 1n) * centsAbove0(notional);
  return { entry: (way < 0 ? -1n : 1n) * centsAbove0(atEntry), mark, bankruptcy: mark - cents(margin) };
}

/** Numbers in [0, 1) from a text, the same everywhere (FNV-1a, then Marsaglia's xorshift). */
function randomOf(seed: string): () => number {
  let x = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) x = Math.imul(x ^ seed.charCodeAt(i), 0x01000193);
  x = x === 0 ? 1 : x;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

/** The made-up crowd on a side of a market: entries within 15 % of the start, leverage from 1 to 25, most of them low. */
export function crowdOf(market: string, side: 'long' | 'short', start: number, mark: number): Scorable[] {
  const random = randomOf(`${market} ${side}`);
  const way = side === 'long' ? 1 : -1;
  return Array.from({ length: OTHERS }, () => {
    const entry = start * (0.85 + 0.3 * random());
    const u = random();
    const leverage = 1 + 24 * u * u * u;
    const worth = 500 + 50_000 * random() * random();
    const size = (way * worth) / entry;
    const notional = Math.abs(size) * mark;
    const pnl = size * (mark - entry);
    return { size, entry, mark, pnl, notional, margin: worth / leverage + pnl, maintenance: 0.005 * notional };
  }).filter(({ margin }) => margin > 0);
}

const candidate = (rule: Rule, id: string, one: Scorable): AdlCandidate => ({
  id,
  lots: BigInt(Math.max(Math.round(Math.abs(one.size) * LOTS), 1)),
  score: scoreOf(rule, one).score,
});

/** The place of a position among the crowd of its side; 1 is closed first. */
export function adlPlace(rule: Rule, market: string, start: number, own: Scorable): AdlPlace {
  const side = own.size < 0 ? 'short' : 'long';
  const others = crowdOf(market, side, start, own.mark);
  const scored = scoreOf(rule, own);
  const candidates = others.map((one, i) => candidate(rule, `crowd ${String(i).padStart(3, '0')}`, one));
  const queue = [...candidates, candidate(rule, 'you', own)];
  const { closedIf: _, ...place } = rankOf('you', queue, { space: 'contracts' });
  const all = queue.reduce((sum, { lots }) => sum + BigInt(lots ?? 0), 0n);
  return {
    profit: of(scored.profit),
    leverage: of(scored.risk),
    score: of(scored.score),
    place,
    lit: LAMPS - Number((BigInt(LAMPS) * place.ahead) / all),
    of: queue.length,
  };
}
