// A default event: who can not pay, in which asset, and what the caller knows that the state does not: losses of a close-out,
// values for triggers, bids.
import { nearest } from '../book/nearest.js';
import { MarginError } from '../errors.js';
import type { Exact } from '../liquidation/exact.js';
import type { Integer } from '../venues/integer.js';
import { Row } from '../venues/rows.js';
import type { Reliefs } from './adl/state-scores.js';
import { type Amount, amount, byId, type Ratio, ratio, ratioAbove0 } from './amount.js';
import { type GivenScores, type RowScores, scoresOf } from './given-scores.js';
import type { MarketQuotes } from './stages/guard.js';
import type { DepthBook } from './stages/liquidate.js';
import { DUST, OUTSIDE, type State } from './state.js';
import { oneOf } from './words.js';

export type { RowScores } from './given-scores.js';

/** Who can not pay, and what the state does not know. */
export interface DefaultEvent {
  /** Asset of the loss; default: the only one that the state has. */
  asset?: string;
  /** Who defaults; or several, each once. */
  defaulter?: string;
  /** Several, each once; instead of `defaulter`. */
  defaulters?: readonly string[];
  /** Losses of closing out, by defaulter, minor units: posted first, from its balance to `outside`. */
  losses?: Readonly<Record<string, Integer>>;
  /** Markets whose positions are meant; default: all that settle in the asset. */
  markets?: readonly string[];
  /** Numbers for conditions and capacities, by name: a drawdown, a stress ratio. */
  values?: Readonly<Record<string, Ratio>>;
  /** Order books that positions are sold into, by market. */
  depth?: Readonly<Record<string, DepthBook>>;
  /** Lots to close at most, unsigned, by defaulter and market: from the margin kernel. Default: all. */
  closes?: Readonly<Record<string, Readonly<Record<string, Integer>>>>;
  /** Price sources by market, for guards. */
  quotes?: Readonly<Record<string, MarketQuotes>>;
  /** Prices of other assets in the asset of the loss, minor units for a minor unit: own resources are sold at them in turn. */
  prices?: Readonly<Record<string, Ratio>>;
  /** Marks before the move, by market: what a deleveraging at `previous` closes at. */
  previous?: Readonly<Record<string, Ratio>>;
  /**
   * Scores of deleveraging by market, the largest first: a column with one for each row of the state, or `rows`, rising, with the
   * `scores` of these; all others have 0. Lists or typed arrays, or what JSON makes of either with infinities as text.
   */
  scores?: Readonly<Record<string, GivenScores>>;
  /** What closing a leg would do to requirements, by market and account: hedges are deleveraged last. */
  reliefs?: Readonly<Record<string, Reliefs>>;
  /**
   * Defaulters whose equity is not below 0, such as those below their maintenance margin alone: `skip` leaves their positions
   * alone (default, so that a solvent state stays as it is), `take` closes them like those of the others.
   */
  solvent?: 'skip' | 'take';
  /** Refuse a run that would leave something open; default false. */
  mustCover?: boolean;
  /** What bidders offer, by the id of the auction's stage. */
  bids?: Readonly<Record<string, unknown>>;
}

/** An event as it is worked with. */
export interface ReadEvent {
  asset: string;
  defaulters: number[];
  losses: ReadonlyMap<number, Amount>;
  markets: readonly string[];
  values: ReadonlyMap<string, Exact>;
  /** By market, then by side of the position that is closed: bids for longs (1n). */
  depth: ReadonlyMap<string, ReadonlyMap<bigint, readonly { price: Exact; lots: Amount }[]>>;
  closes: ReadonlyMap<number, ReadonlyMap<string, Amount>>;
  quotes: ReadonlyMap<string, MarketQuotes>;
  previous: ReadonlyMap<string, Exact>;
  prices: ReadonlyMap<string, Exact>;
  scores: ReadonlyMap<string, ArrayLike<number> | RowScores>;
  reliefs: ReadonlyMap<string, Reliefs>;
  solvent: 'skip' | 'take';
  mustCover: boolean;
  bids: ReadonlyMap<string, unknown>;
}

const EVENT = [
  ...['asset', 'defaulter', 'defaulters', 'losses', 'markets', 'values', 'depth', 'closes', 'quotes', 'scores'],
  ...['previous', 'prices', 'reliefs', 'solvent', 'mustCover', 'bids'],
] as const;

/** @throws MarginError type, missing-key, unknown-key, unknown-id, duplicate, conflict, range, not-finite */
export function eventOf(value: DefaultEvent, state: State): ReadEvent {
  const row = new Row(value, 'event', EVENT);
  const path = (key: string): string => row.at(key);
  const asset = row.has('asset') ? row.text('asset') : onlyAsset(state);
  const entries = (key: string): [string, unknown][] => (row.has(key) ? row.row(key).entries() : []);
  const markets = row.has('markets') ? (row.raw('markets') as readonly string[]) : undefined;
  if (markets !== undefined && !Array.isArray(markets)) {
    throw new MarginError('type', { path: path('markets'), got: markets, expected: 'a list of markets' });
  }
  const meant = new Set<string>();
  markets?.forEach((id, i) => {
    const at = `${path('markets')}[${i}]`;
    const { settle } = state.market(id, at);
    if (settle !== asset)
      throw new MarginError('conflict', { path: at, got: id, expected: `a market that settles in ${asset}` });
    if (meant.has(id)) throw new MarginError('duplicate', { path: at, got: id, expected: 'each market once' });
    meant.add(id);
  });
  const settled = [...state.columns.markets.values()].filter(({ settle }) => settle === asset).map(({ id }) => id);
  knownAsset(asset, state);
  return {
    asset,
    defaulters: defaultersOf(row, state),
    losses: new Map(
      entries('losses').map(([id, loss]) => [
        state.row(id, `${path('losses')}.${id}`),
        lossOf(loss as Integer, `${path('losses')}.${id}`),
      ]),
    ),
    // By id, so that the order of the state's markets decides nothing.
    markets: [...(markets ?? settled)].sort(byId),
    values: new Map(entries('values').map(([id, number]) => [id, ratio(number as Ratio, `${path('values')}.${id}`)])),
    depth: new Map(
      entries('depth').map(([id, book]) => [
        state.market(id, path('depth')).id,
        depthOf(new Row(book, `${path('depth')}.${id}`, ['bids', 'asks'])),
      ]),
    ),
    closes: new Map(
      entries('closes').map(([id, lots]) => [
        state.row(id, path('closes')),
        new Map(
          new Row(lots, `${path('closes')}.${id}`)
            .entries()
            .map(([market, size]) => [
              state.market(market, `${path('closes')}.${id}`).id,
              amount(size as Integer, `${path('closes')}.${id}.${market}`),
            ]),
        ),
      ]),
    ),
    quotes: new Map(
      entries('quotes').map(([id, quotes]) => [state.market(id, path('quotes')).id, quotes as MarketQuotes]),
    ),
    previous: new Map(
      entries('previous').map(([id, mark]) => [
        state.market(id, path('previous')).id,
        ratioAbove0(mark as Ratio, `${path('previous')}.${id}`),
      ]),
    ),
    prices: new Map(
      entries('prices').map(([id, price]) => [id, ratioAbove0(price as Ratio, `${path('prices')}.${id}`)]),
    ),
    scores: new Map(
      entries('scores').map(([id, column]) => {
        state.market(id, path('scores'));
        return [id, scoresOf(column, `${path('scores')}.${id}`)];
      }),
    ),
    reliefs: new Map(
      entries('reliefs').map(([id, reliefs]) => [state.market(id, path('reliefs')).id, reliefs as Reliefs]),
    ),
    solvent: oneOf(row.has('solvent') ? row.raw('solvent') : 'skip', path('solvent'), ['skip', 'take'] as const),
    mustCover: row.has('mustCover') && row.flag('mustCover'),
    bids: new Map(entries('bids')),
  };
}

/** Levels by the side of the position that they close. */
function depthOf(book: Row): ReadonlyMap<bigint, readonly { price: Exact; lots: Amount }[]> {
  const side = (key: 'bids' | 'asks'): { price: Exact; lots: Amount }[] => {
    const levels = book.has(key) ? book.raw(key) : [];
    if (!Array.isArray(levels)) throw new MarginError('type', { path: book.at(key), got: levels, expected: 'a list' });
    return levels.map((level: unknown, i) => {
      const path = `${book.at(key)}[${i}]`;
      if (!Array.isArray(level) || level.length !== 2) {
        throw new MarginError('type', { path, got: level, expected: 'a price and lots' });
      }
      return { price: ratioAbove0(level[0] as Ratio, `${path}[0]`), lots: amount(level[1] as Integer, `${path}[1]`) };
    });
  };
  return new Map([
    [1n, side('bids')],
    [-1n, side('asks')],
  ]);
}

function lossOf(value: Integer, path: string): Amount {
  const loss = amount(value, path);
  if (loss > 0n) return loss;
  throw new MarginError('range', { path, got: value, expected: '> 0; a defaulter without a loss is left out' });
}

/** An asset that somebody has, or that a market settles in. @throws MarginError unknown-id */
function knownAsset(asset: string, state: State): void {
  const known = new Set([...state.columns.purses.values()].map((purse) => purse.asset));
  for (const { settle } of state.columns.markets.values()) known.add(settle);
  if (known.has(asset) || known.size === 0) return;
  const near = nearest(asset, [...known]);
  throw new MarginError('unknown-id', {
    path: 'event.asset',
    got: asset,
    expected: `an asset of the state: ${[...known].join(', ')}`,
    ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
  });
}

function onlyAsset(state: State): string {
  const assets = new Set([...state.columns.purses.values()].map(({ asset }) => asset));
  for (const { settle } of state.columns.markets.values()) assets.add(settle);
  const [asset] = assets;
  if (asset !== undefined && assets.size === 1) return asset;
  const expected = `the asset of the loss: one of ${[...assets].join(', ')}`;
  throw new MarginError('missing-key', { path: 'event.asset', expected });
}

function defaultersOf(row: Row, state: State): number[] {
  if (row.has('defaulter') && row.has('defaulters')) {
    throw new MarginError('conflict', { path: 'event.defaulter', expected: 'defaulter or defaulters, not both' });
  }
  const list = row.has('defaulter')
    ? [row.raw('defaulter')]
    : row.need('defaulters', 'who can not pay: a list of accounts, or `defaulter`');
  if (!Array.isArray(list)) {
    throw new MarginError('type', { path: 'event.defaulters', got: list, expected: 'a list of accounts' });
  }
  const seen = new Set<number>();
  return list.map((id: unknown, i) => {
    const path = row.has('defaulter') ? 'event.defaulter' : `event.defaulters[${i}]`;
    if (typeof id !== 'string') throw new MarginError('type', { path, got: id, expected: 'the id of an account' });
    const account = state.row(id, path);
    if (seen.has(account)) throw new MarginError('duplicate', { path, got: id, expected: 'each defaulter once' });
    if (id === DUST || id === OUTSIDE) {
      throw new MarginError('conflict', { path, got: id, expected: 'an account of the venue, not one of the system' });
    }
    seen.add(account);
    return account;
  });
}

/** An event with the bids alone that are for some stages: others of it belong to another list. */
export function withBidsOf(event: DefaultEvent, stages: readonly { id: string }[]): DefaultEvent {
  if (event.bids === undefined) return event;
  const ids = new Set(stages.map(({ id }) => id));
  return { ...event, bids: Object.fromEntries(Object.entries(event.bids).filter(([id]) => ids.has(id))) };
}
