// Markets and assets of a book, made of ccxt's when a position or a balance asks for them.
import { POSITIVE, PRICE, decimal as real } from '../book/fields.js';
import { nearest } from '../book/nearest.js';
import type { AssetJSON, Decimal, ExpiryJSON, MarketJSON } from '../book/types.js';
import type { Gaps } from '../cells/gaps.js';
import { MarginError } from '../errors.js';
import type { Row } from '../venues/rows.js';
import { Rules } from './conventions.js';
import { expiryOf, kindOf, marketOf } from './market.js';
import { type StepOf, stepReader } from './precision.js';
import { bySymbol, filled, within } from './read.js';
import type { CcxtSources } from './sources.js';
import { tiersOf } from './tiers.js';

/** What is asked for twice is made once; what cannot be made is null, and a gap once. */
export class Maker {
  readonly assets = new Map<string, AssetJSON | null>();
  readonly markets = new Map<string, MarketJSON | null>();
  readonly expiries = new Map<string, ExpiryJSON>();
  readonly rules: Rules;
  readonly #sources: CcxtSources;
  readonly #gaps: Gaps;
  readonly #rows: Map<string, Row>;
  readonly #prices: Map<string, Row>;
  readonly #greeks: Map<string, Row>;
  readonly #tiers: ReturnType<typeof tiersOf>;
  readonly #stepOf: StepOf;

  constructor(sources: CcxtSources, gaps: Gaps) {
    this.#sources = sources;
    this.#gaps = gaps;
    this.rules = new Rules(sources.venue, sources.conventions);
    this.#rows = bySymbol(sources.markets, 'markets');
    this.#prices = bySymbol(sources.prices, 'prices');
    this.#greeks = bySymbol(sources.greeks, 'greeks');
    this.#tiers = tiersOf(sources.tiers, gaps);
    this.#stepOf = stepReader(sources.precisionMode, gaps);
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
    const { brackets, time } = this.#sources;
    const own = brackets?.[symbol];
    const greeks = this.#greeks.get(symbol);
    const ticker = this.#prices.get(symbol);
    const index = ticker && filled(ticker, 'indexPrice') ? within(ticker, 'indexPrice', POSITIVE) : undefined;
    const market = marketOf(
      row,
      {
        mark: this.#markOf(symbol, position, greeks),
        index,
        brackets: own ?? this.#tiers(symbol),
        greeks,
        rules: this.rules,
        stepOf: this.#stepOf,
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
