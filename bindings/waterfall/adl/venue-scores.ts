// The scores of venues: what puts a position in front of the deleveraging queue. Profit times leverage everywhere, and
// everywhere other notions of both. Amounts are minor units of the settlement asset; scores are exact fractions.
import { MarginError } from '../../errors.js';
import type { Exact } from '../../liquidation/exact.js';
import { type Integer, larger, magnitude, positive } from '../../venues/integer.js';
import { Row } from '../../venues/rows.js';
import { above0, amountAt, type Ratio, ratioAbove0, ratioFrom0 } from '../amount.js';
import { INFINITE, product, type Score, type Scored } from './score.js';

/** Values of a whole position, minor units: of a short they are negative, so that mark less entry is its profit. */
export interface ValuedPosition {
  /** At the average entry price, not 0. */
  entry: Integer;
  /** At the mark, not 0. */
  mark: Integer;
  /** At the bankruptcy price. */
  bankruptcy: Integer;
}

/** Profit x leverage of a winner, profit / leverage of a loser, whose score is then below 0 and nearer to it the more it risks. */
function leveraged(profit: Exact, risk: Exact): Scored {
  if (profit.numerator > 0n) return { profit, risk, score: product(profit, risk) };
  const score: Score = {
    numerator: profit.numerator * risk.denominator,
    denominator: profit.denominator * risk.numerator,
  };
  return { profit, risk, score };
}

const over = (numerator: bigint, denominator: bigint): Exact => ({ numerator, denominator });
function notZero(row: Row, key: string): bigint {
  const value = row.integer(key);
  if (value !== 0n) return value;
  throw new MarginError('range', { path: row.at(key), got: value, expected: 'not 0' });
}

/** Exposure over what carries it; without anything that carries it there is no bound. */
const leverageOf = (exposure: bigint, margin: bigint): Exact => (margin > 0n ? over(exposure, margin) : INFINITE);

/**
 * BitMEX: the return on the entry value times (a loser: over) the effective leverage, |mark value| / (mark value -
 * bankruptcy value).
 * @param position - values at entry, mark and bankruptcy price, signed
 * @param path - of the position in what a caller gave, for the error; default: it is an argument
 * @returns profit, leverage and their score; at or beyond bankruptcy the leverage is infinite, and so is a winner's score
 * @throws MarginError missing-key, type, inexact, range where the entry or mark value is 0
 * @see BitMEX, Auto-Deleveraging (priority ranking calculation)
 * @example
 * bitmexScore({ entry: 100n, mark: 120n, bankruptcy: 90n }).score // { numerator: 2400n, denominator: 3000n }
 */
export function bitmexScore(position: ValuedPosition, path = ''): Scored {
  const row = new Row(position, path, undefined, 'position');
  const [entry, mark] = [notZero(row, 'entry'), notZero(row, 'mark')];
  return leveraged(over(mark - entry, magnitude(entry)), leverageOf(magnitude(mark), mark - row.integer('bankruptcy')));
}

/** A position and the wallet behind it. */
export interface WalletPosition {
  /** Unrealised profit, minor units, signed. */
  pnl: Integer;
  /** Wallet balance, minor units, signed. */
  wallet: Integer;
  /** Maintenance margin over margin balance, >= 0. */
  marginRatio?: Ratio;
  /** Maintenance margin, minor units, where the ratio is to be made of it: maintenance / (wallet + profit). */
  maintenance?: Integer;
  /** Minor units of one whole unit (of 1 USDT); the wallet counts as at least that. */
  one: Integer;
}

/**
 * Binance: max(0, profit) / max(1, wallet) x margin ratio.
 * @param position - profit, wallet and margin ratio
 * @param path - of the position in what a caller gave, for the error; default: it is an argument
 * @returns profit, margin ratio and their score; 0 without a profit, infinite for a profit of an account without equity
 * @throws MarginError missing-key, type, inexact, range where a ratio or requirement is below 0 or `one` is not above 0
 * @see dev.binance.vision/t/17801 (ADL quantile)
 * @example
 * binanceScore({ pnl: 4020n, wallet: 427n, marginRatio: '0.1342', one: 100n }).score
 *   // { numerator: 5394840n, denominator: 4270000n }
 */
export function binanceScore(position: WalletPosition, path = ''): Scored {
  const row = new Row(position, path, undefined, 'position');
  const [pnl, wallet] = [row.integer('pnl'), row.integer('wallet')];
  const one = positive(row.integer('one'), row.at('one'));
  const profit = over(above0(pnl), larger(wallet, one));
  const risk = row.has('marginRatio')
    ? ratioFrom0(row.raw('marginRatio') as Ratio, row.at('marginRatio'))
    : leverageOf(amountAt(row, 'maintenance'), wallet + pnl);
  return { profit, risk, score: product(profit, risk) };
}

/**
 * Bybit: the family of Binance's score; positions of a delta-neutral account come after all others, among each other by
 * the same score.
 * @param position - profit, wallet and margin ratio; deltaNeutral: whether the account has chosen that mode and meets it
 * @param path - of the position in what a caller gave, for the error; default: it is an argument
 * @returns as `binanceScore`
 * @throws MarginError as `binanceScore`
 * @see Bybit, Introduction to Delta Neutral Mode
 * @example
 * bybitScore({ pnl: 20n, wallet: 100n, maintenance: 6n, one: 1n, deltaNeutral: true }).score
 *   // { numerator: 120n, denominator: 12000n, hedged: true }
 */
export function bybitScore(position: WalletPosition & { deltaNeutral?: boolean }, path = ''): Scored {
  const scored = binanceScore(position, path);
  const row = new Row(position, path, undefined, 'position');
  if (!row.has('deltaNeutral') || !row.flag('deltaNeutral')) return scored;
  return { ...scored, score: { ...scored.score, hedged: true } };
}

/** A position and the margin that carries it, minor units. */
export interface MarginedPosition {
  /** Unrealised profit, signed. */
  pnl: Integer;
  /** Notional at the average entry price, > 0. */
  entry: Integer;
  /** Notional at the mark, > 0. */
  notional: Integer;
  /** Isolated: margin and profit of the position; cross: equity of the account. Signed. */
  margin: Integer;
}

/**
 * OKX: the return on the entry notional times (a loser: over) notional / margin.
 * @param position - profit, notionals and margin
 * @param path - of the position in what a caller gave, for the error; default: it is an argument
 * @returns profit, leverage and their score; without margin the leverage is infinite
 * @throws MarginError missing-key, type, inexact, range where a notional is not above 0
 * @see OKX, Introduction to auto-deleveraging (ADL)
 * @example
 * okxScore({ pnl: 20n, entry: 100n, notional: 120n, margin: 30n }).score // { numerator: 2400n, denominator: 3000n }
 */
export function okxScore(position: MarginedPosition, path = ''): Scored {
  const row = new Row(position, path, undefined, 'position');
  const entry = positive(row.integer('entry'), row.at('entry'));
  const notional = positive(row.integer('notional'), row.at('notional'));
  return leveraged(over(row.integer('pnl'), entry), leverageOf(notional, row.integer('margin')));
}

/** A position with prices and the value of its account. */
export interface PricedPosition {
  /** Price now and at entry, quote, > 0. */
  mark: Ratio;
  /** Average entry price, quote, > 0. */
  entry: Ratio;
  /** At the mark, minor units, >= 0. */
  notional: Integer;
  /** Minor units, signed. */
  accountValue: Integer;
}

/**
 * Hyperliquid: (mark / entry) x (notional / account value), as it is published for both sides; a fallen mark lowers that of a
 * short, too.
 * @param position - prices, notional and account value
 * @param path - of the position in what a caller gave, for the error; default: it is an argument
 * @returns profit (mark / entry), leverage and their score; without account value the leverage is infinite
 * @throws MarginError missing-key, type, inexact, range where a price is not above 0 or the notional below 0
 * @see Hyperliquid docs, Auto-deleveraging
 * @example
 * hyperliquidScore({ mark: 110, entry: 100, notional: 1_100n, accountValue: 200n }).score
 *   // { numerator: 121000n, denominator: 20000n }
 */
export function hyperliquidScore(position: PricedPosition, path = ''): Scored {
  const row = new Row(position, path, undefined, 'position');
  const [mark, entry] = [price(row, 'mark'), price(row, 'entry')];
  const profit = over(mark.numerator * entry.denominator, mark.denominator * entry.numerator);
  const notional = amountAt(row, 'notional');
  const risk = leverageOf(notional, row.integer('accountValue'));
  return { profit, risk, score: product(profit, risk) };
}

const price = (row: Row, key: string): Exact => ratioAbove0(row.need(key, 'a price') as Ratio, row.at(key));

/** By which score positions are ranked, by name; `given`: the caller has it. */
export type ScoreName = 'given' | 'bitmex' | 'binance' | 'bybit' | 'okx' | 'hyperliquid';

/** The scores by name, for rules that are data. */
export const ADL_SCORES: Readonly<Record<Exclude<ScoreName, 'given'>, (position: never, path?: string) => Scored>> = {
  bitmex: bitmexScore,
  binance: binanceScore,
  bybit: bybitScore,
  okx: okxScore,
  hyperliquid: hyperliquidScore,
};

export const SCORES: readonly ScoreName[] = ['given', ...(Object.keys(ADL_SCORES) as (keyof typeof ADL_SCORES)[])];
