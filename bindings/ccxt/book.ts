// All of it together: markets, tiers, prices, positions and balances of ccxt as a whole `book@1`, with the gaps beside it.
import { POSITIVE, PRICE, decimal as real } from '../book/fields.js';
import { nearest } from '../book/nearest.js';
import type { AccountJSON, AssetJSON, BookJSON, Bracket, Decimal, ExpiryJSON, MarketJSON } from '../book/types.js';
import { type Gap, Gaps } from '../cells/gaps.js';
import { MarginError } from '../errors.js';
import type { ModelJSON } from '../scenario/types.js';
import { Row, rowsOf } from '../venues/rows.js';
import { balanceRows, crossWallet, type Shares } from './balance.js';
import { type Conventions, Rules } from './conventions.js';
import { expiryOf, kindOf, marketOf } from './market.js';
import { doubtOf, type Held, heldOf, isFlat, profitOf, signOf, walletOf } from './position.js';
import { bySymbol, filled, within } from './read.js';
import type { Balances, BySymbol, Greeks, LeverageTier, Market, Position, Prices } from './shapes.js';
import { bracketsFromTiers } from './tiers.js';

/** One account as ccxt hands it out. */
export interface CcxtAccount {
  /** What the account is to be called in the book. */
  id: string;
  /** `fetchBalance`. */
  balances?: Balances | undefined;
  /** `fetchPositions`. */
  positions?: readonly Position[] | undefined;
  /** Margin mode of positions that do not say theirs (Bybit: it is a setting of the account). */
  marginMode?: 'cross' | 'isolated' | undefined;
  /** Id of the scenario model that margins it; an account with options needs one. */
  model?: string | undefined;
}

/** Answers of ccxt, and what it does not say. */
export interface CcxtSources {
  /** `exchange.id`: what ccxt's fields mean differs by venue. */
  venue: string;
  /** What is known better than the table of venues, or for a venue that it does not have. */
  conventions?: Partial<Conventions> | undefined;
  /** Unit of all values in the book, such as USDT; its own price is 1. */
  numeraire: string;
  /** `exchange.markets`, once they are loaded. */
  markets: BySymbol<Market | undefined> | undefined;
  /** `fetchLeverageTiers`. */
  tiers?: { readonly [symbol: string]: readonly LeverageTier[] } | undefined;
  /** Own tables by symbol, in the units of a book; they come before tiers. */
  brackets?: { readonly [symbol: string]: Bracket[] } | undefined;
  /** `fetchMarkPrices`, `fetchFundingRates` or `fetchTickers`; spot tickers (`BTC/USDT`) price coins. */
  prices?: BySymbol<Prices | undefined> | undefined;
  /** Mark prices (quote) by symbol; they come before those of `prices`. */
  marks?: { readonly [symbol: string]: Decimal } | undefined;
  /** Prices of assets in the numeraire; they come before spot tickers. */
  assets?: { readonly [asset: string]: Decimal } | undefined;
  /** `fetchAllGreeks`, for options. */
  greeks?: BySymbol<Greeks | undefined> | undefined;
  /** Each becomes an account of the book. */
  accounts: readonly CcxtAccount[];
  /** Markets to have beside those that positions are in. */
  symbols?: readonly string[] | undefined;
  /** Scenario models of the book, for accounts that name one. */
  models?: ModelJSON[] | undefined;
  /** Now, in milliseconds since 1970; needed for options only. */
  time?: number | undefined;
  /** Sizes of rows without contracts from their notional and mark; default false: such a row is a gap. */
  sizeFromNotional?: boolean | undefined;
  /** Throw the first gap instead of reporting it. */
  strict?: boolean | undefined;
}

/** A book made of ccxt's answers, and what is missing in it. */
export interface CcxtBook {
  /** Without the rows that have gaps. `Book.fromJSON` takes it. */
  book: BookJSON;
  /** What could not be taken over, where, and how to mend it: the first thousand; `gapCount` has all. */
  gaps: Gap[];
  /** How many gaps there are in all. */
  gapCount: number;
  /** Accounts that are not whole because of a gap: their margin says nothing yet. */
  incomplete: string[];
  /** Rows that hold nothing: flat positions. */
  flat: number;
  /** Which row of `fetchPositions` each position of the book is. */
  rows: PositionRow[];
}

/** Where a position of the book came from, with the figures that the venue gives. */
export interface PositionRow {
  /** Id of the account. */
  account: string;
  /** 0 is cross. */
  bucket: number;
  /** Id of the market in the book. */
  market: string;
  /** net, or the side of a hedged position. */
  side: 'net' | 'long' | 'short';
  /** Place in the account's `positions`. */
  index: number;
  /** As the venue says; null where it says none (0 and nothing are both none). */
  liquidationPrice: number | null;
  /** In the settle asset. */
  maintenanceMargin: number | null;
}

const MODES = ['cross', 'isolated'] as const;

/** Markets and assets of a book, made when a position or a balance asks for them. */
class Maker {
  readonly assets = new Map<string, AssetJSON | null>();
  readonly markets = new Map<string, MarketJSON | null>();
  readonly expiries = new Map<string, ExpiryJSON>();
  readonly rules: Rules;
  readonly #sources: CcxtSources;
  readonly #gaps: Gaps;
  readonly #rows: Map<string, Row>;
  readonly #prices: Map<string, Row>;
  readonly #greeks: Map<string, Row>;

  constructor(sources: CcxtSources, gaps: Gaps) {
    this.#sources = sources;
    this.#gaps = gaps;
    this.rules = new Rules(sources.venue, sources.conventions);
    this.#rows = bySymbol(sources.markets, 'markets');
    this.#prices = bySymbol(sources.prices, 'prices');
    this.#greeks = bySymbol(sources.greeks, 'greeks');
  }

  /** The asset, or null where it has no price: the gap is reported once. */
  asset(id: string): AssetJSON | null {
    const known = this.assets.get(id);
    if (known !== undefined) return known;
    const price = this.#gaps.try('row', () => this.#priceOf(id));
    const asset = price === undefined ? null : { id, price };
    this.assets.set(id, asset);
    return asset;
  }

  #priceOf(id: string): Decimal {
    const { assets, numeraire } = this.#sources;
    const given = assets?.[id];
    if (given !== undefined) {
      real(given, `assets.${id}`, PRICE);
      return given;
    }
    if (id === numeraire) return 1;
    const ticker = this.#prices.get(`${id}/${numeraire}`);
    const key = ['indexPrice', 'last', 'close'].find((name) => ticker && filled(ticker, name));
    if (ticker && key) return within(ticker, key, POSITIVE);
    throw new MarginError('missing-key', {
      path: `assets.${id}`,
      expected: `a price in ${numeraire}`,
      hint: `Give assets: { "${id}": price }, or the ticker of ${id}/${numeraire} in prices`,
    });
  }

  /** The market, or null where something of it is missing: the gap is reported once. */
  market(symbol: string, position?: Row): MarketJSON | null {
    const known = this.markets.get(symbol);
    if (known !== undefined) return known;
    const market = this.#gaps.try('row', () => this.#make(symbol, position)) ?? null;
    const whole = market !== null && (market.settle === undefined || this.asset(market.settle) !== null);
    this.markets.set(symbol, whole ? market : null);
    return whole ? market : null;
  }

  #make(symbol: string, position?: Row): MarketJSON {
    const row = this.#rows.get(symbol);
    if (row === undefined) {
      const near = nearest(symbol, this.#rows.keys());
      throw new MarginError('unknown-id', {
        path: position === undefined ? 'symbols' : position.at('symbol'),
        got: symbol,
        expected: 'a symbol of markets',
        hint: near === undefined ? 'Load the markets again (exchange.loadMarkets)' : `Did you mean "${near}"?`,
      });
    }
    const { tiers, brackets, time } = this.#sources;
    const own = brackets?.[symbol];
    const steps = tiers?.[symbol];
    const greeks = this.#greeks.get(symbol);
    const ticker = this.#prices.get(symbol);
    const index = ticker && filled(ticker, 'indexPrice') ? within(ticker, 'indexPrice', POSITIVE) : undefined;
    const market = marketOf(
      row,
      {
        mark: this.#markOf(symbol, position, greeks),
        index,
        brackets: own ?? (steps === undefined ? undefined : bracketsFromTiers(steps, `tiers["${symbol}"]`)),
        greeks,
        rules: this.rules,
      },
      own !== undefined,
    );
    if (market.expiry !== undefined && greeks !== undefined) {
      if (time === undefined) {
        throw new MarginError('missing-key', {
          path: 'time',
          expected: 'now, in milliseconds since 1970: options have expiries',
        });
      }
      const expiry = expiryOf(row, greeks, time);
      if (this.asset(expiry.asset) === null) {
        throw new MarginError('missing-key', {
          path: `assets.${expiry.asset}`,
          expected: 'a price: the option is on it',
        });
      }
      if (!this.expiries.has(expiry.id)) this.expiries.set(expiry.id, expiry);
    }
    return market;
  }

  #markOf(symbol: string, position?: Row, greeks?: Row): Decimal | undefined {
    const given = this.#sources.marks?.[symbol];
    if (given !== undefined) {
      real(given, `marks["${symbol}"]`, POSITIVE);
      return given;
    }
    for (const row of [this.#prices.get(symbol), position, greeks]) {
      if (row && filled(row, 'markPrice')) return within(row, 'markPrice', POSITIVE);
    }
    return undefined;
  }

  /** Whether it is a derivative that trades, as far as the row says. */
  trades(symbol: string): boolean {
    const row = this.#rows.get(symbol);
    return row !== undefined && row.raw('active') !== false && kindOf(row) !== 'spot';
  }
}

/**
 * A whole book from what ccxt hands out. Markets are those that positions are in, and `symbols`.
 * @param sources - answers of ccxt, as they are; prices where it has none
 * @returns the book and, row by row, what is missing in it; sizes in contracts, long positive, money in each market's settle asset
 * @throws MarginError type where a source has another shape than ccxt's; in strict mode the first gap
 * @example
 * const { book, gaps } = ccxtBook({ venue: 'binance', numeraire: 'USDT', markets: exchange.markets,
 *   tiers: await exchange.fetchLeverageTiers(), accounts: [{ id: 'me', balances: await exchange.fetchBalance(),
 *   positions: await exchange.fetchPositions() }] });
 */
export function ccxtBook(sources: CcxtSources): CcxtBook {
  const top = new Row(sources, '', undefined, 'ccxtBook');
  const numeraire = top.text('numeraire', 'Name the asset that all values are counted in, such as USDT');
  const venue = top.text('venue', 'exchange.id of ccxt');
  top.need('markets', 'exchange.markets', 'Load them first: await exchange.loadMarkets()');
  const gaps = new Gaps(sources.strict === true);
  const maker = new Maker({ ...sources, venue }, gaps);
  maker.asset(numeraire);
  for (const { cash } of sources.models ?? []) if (typeof cash === 'string') maker.asset(cash);
  for (const symbol of sources.symbols ?? []) if (maker.trades(symbol)) maker.market(symbol);
  const result: Pick<CcxtBook, 'flat' | 'rows'> = { flat: 0, rows: [] };
  const accounts = top.rows('accounts').map((row) => accountOf(row, sources, maker, gaps, result));
  const expiries = [...maker.expiries.values()];
  const there = <T>(all: Map<string, T | null>): T[] => [...all.values()].filter((value) => value !== null);
  return {
    book: {
      format: 'margin-kernel/book@1',
      numeraire,
      ...(sources.time === undefined ? {} : { time: new Date(sources.time).toISOString() }),
      assets: there(maker.assets),
      ...(expiries.length === 0 ? {} : { expiries }),
      ...(sources.models === undefined ? {} : { models: sources.models }),
      markets: there(maker.markets),
      accounts,
    },
    ...gaps.result(),
    ...result,
  };
}

function accountOf(
  row: Row,
  sources: CcxtSources,
  maker: Maker,
  gaps: Gaps,
  result: Pick<CcxtBook, 'flat' | 'rows'>,
): AccountJSON {
  const id = row.text('id');
  const all = row.has('positions') ? rowsOf(row.raw('positions'), row.at('positions')) : [];
  const helds: { held: Held; index: number }[] = [];
  const sides = sidesOf(all);
  const seen = new Set<string>();
  all.forEach((position, index) => {
    const held = gaps.try(
      'row',
      () => {
        if (isFlat(position)) {
          result.flat += 1;
          return null;
        }
        return readPosition(position, row, sources, maker, gaps, sides, seen);
      },
      id,
    );
    if (held) helds.push({ held, index });
  });
  const cross = helds.filter(({ held }) => held.mode === 'cross');
  const isolated = helds.filter(({ held }) => held.mode === 'isolated');
  const keep = ({ held, index }: { held: Held; index: number }, bucket: number): void => {
    const figure = (key: string): number | null => (filled(held.row, key) ? held.row.number(key) : null);
    result.rows.push({
      account: id,
      bucket,
      market: held.market.id,
      side: held.position.side ?? 'net',
      index,
      liquidationPrice: figure('liquidationPrice'),
      maintenanceMargin: figure('maintenanceMargin'),
    });
  };
  for (const entry of cross) keep(entry, 0);
  const buckets = isolated.flatMap((entry) => {
    const wallet = gaps.try('row', () => walletOf(entry.held, maker.rules), id);
    return wallet === undefined ? [] : [{ entry, wallet }];
  });
  for (const [i, { entry }] of buckets.entries()) keep(entry, i + 1);
  const model = row.has('model') ? { model: row.text('model') } : {};
  return {
    id,
    ...model,
    balances: balancesOf(
      row,
      maker,
      gaps,
      helds.map(({ held }) => held),
      id,
    ),
    positions: cross.map(({ held }) => held.position),
    ...(buckets.length === 0
      ? {}
      : {
          buckets: buckets.map(({ entry: { held }, wallet }, i) => ({
            bucket: i + 1,
            balances: { [held.market.settle ?? '']: wallet },
            positions: [held.position],
          })),
        }),
  };
}

/** Signs of the positions that each market has, as far as rows say them. */
function sidesOf(rows: readonly Row[]): Map<string, Set<number>> {
  const sides = new Map<string, Set<number>>();
  for (const row of rows) {
    const symbol = row.raw('symbol');
    const quiet = new Gaps();
    const sign = quiet.try('nothing', () => (isFlat(row) ? undefined : signOf(row)));
    if (typeof symbol !== 'string' || sign === undefined) continue;
    const of = sides.get(symbol) ?? new Set();
    sides.set(symbol, of.add(sign));
  }
  return sides;
}

/** The position, or null where its market is not in the book: that gap has been reported. */
function readPosition(
  position: Row,
  account: Row,
  sources: CcxtSources,
  maker: Maker,
  gaps: Gaps,
  sides: Map<string, Set<number>>,
  seen: Set<string>,
): Held {
  const symbol = position.text(
    'symbol',
    'ccxt leaves it out where it does not know the market; load the markets first',
  );
  const market = maker.market(symbol, position);
  if (market === null) {
    throw new MarginError('conflict', {
      path: position.at('symbol'),
      got: symbol,
      expected: 'a market that is whole',
      hint: 'Its own gap, reported before, says what is missing',
    });
  }
  const option = market.kind === 'call' || market.kind === 'put';
  if (option && !account.has('model')) {
    const hint = 'Give models: [presets.deribit(...)] of margin-kernel/scenario, and their id as model of the account';
    throw new MarginError('missing-key', {
      path: account.at('model'),
      expected: 'a scenario model: options need one',
      hint,
    });
  }
  const held = heldOf(position, market, maker.rules, {
    bothSides: (sides.get(symbol)?.size ?? 0) > 1,
    mode: account.has('marginMode') ? account.word('marginMode', MODES) : undefined,
    fromNotional: sources.sizeFromNotional === true,
  });
  const key = `${held.mode} ${held.position.side ?? 'net'} ${symbol}`;
  if (seen.has(key)) {
    throw new MarginError('duplicate', {
      path: position.at('symbol'),
      got: symbol,
      expected: 'one position for each market, side and margin mode',
      hint: 'Rows of several accounts or of several calls may have been put together',
    });
  }
  const doubt = doubtOf(held);
  if (doubt?.wrong) throw doubt.error;
  if (doubt) gaps.add(doubt.error, 'nothing', account.text('id'));
  seen.add(key);
  return held;
}

function balancesOf(row: Row, maker: Maker, gaps: Gaps, helds: readonly Held[], id: string): Record<string, Decimal> {
  const rows = row.has('balances')
    ? balanceRows(row.raw('balances') as Balances, row.at('balances'))
    : new Map<string, Row>();
  const balances: [string, Decimal][] = [];
  for (const [asset, balance] of rows) {
    const amount = gaps.try('row', () => crossWallet(balance, maker.rules, sharesOf(asset, helds, maker.rules)), id);
    if (amount === undefined || real(amount, balance.path) === 0) continue;
    const priced = gaps.try(
      'row',
      () => {
        if (maker.asset(asset) !== null) return true;
        const hint = 'Its own gap, reported before, says what is missing';
        throw new MarginError('missing-key', { path: balance.path, expected: `a price of ${asset}`, hint });
      },
      id,
    );
    if (priced) balances.push([asset, amount]);
  }
  const without = helds.find(({ market, mode }) => mode === 'cross' && !rows.has(market.settle ?? ''));
  if (without) {
    const asset = without.market.settle ?? '';
    gaps.add(
      new MarginError('missing-key', {
        path: `${row.at('balances')}.${asset}`,
        expected: `the balance that ${without.market.id} is margined with`,
        hint: 'Give fetchBalance of the same account and wallet; where there is really none, give it as 0',
      }),
      'field',
      id,
    );
  }
  return Object.fromEntries(balances);
}

function sharesOf(asset: string, helds: readonly Held[], rules: Rules): Shares {
  const own = helds.filter(({ market }) => market.settle === asset);
  const of = (mode: Held['mode']): Held[] => own.filter((held) => held.mode === mode);
  return {
    cross: of('cross').length > 0,
    isolated: of('isolated').length > 0,
    crossProfits: () => of('cross').map((held) => profitOf(held, rules)),
    isolatedProfits: () => of('isolated').map((held) => profitOf(held, rules)),
    isolatedWallets: () => of('isolated').map((held) => walletOf(held, rules)),
  };
}
