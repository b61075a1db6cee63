// The layer of a book that adds assets, markets and accounts, replaces parameters and reserves rows.
import { MarginError } from '../errors.js';
import { FEATURE, NONE } from '../layout.js';
import type { Rows } from '../memory.js';
import type { Model } from '../scenario/model.js';
import type { ModelJSON } from '../scenario/types.js';
import { type AccountRow, readAccount } from './account.js';
import { type AssetRow, assetJSON, readAsset, writeAsset } from './asset.js';
import { BookRows, type Ref } from './book-rows.js';
import { type AccountColumns, addColumns, readColumns } from './bulk.js';
import { type Capacity, rowsOf, withUnits } from './capacity.js';
import { dropUnusedTables } from './compact.js';
import { ExpiryMarkets } from './expiry-markets.js';
import type { Directory } from './holdings.js';
import { type MarketDirectory, type MarketRow, marketJSON, readMarket, writeMarket } from './market.js';
import { writeRow } from './parameters.js';
import { ensureAccount, makeRoom, writeAccount } from './rows.js';
import { MOST_BUCKETS } from './tables.js';
import type { AccountJSON, AssetJSON, ExpiryJSON, MarketJSON } from './types.js';

export abstract class BookBuilding extends BookRows {
  readonly #expiryMarkets = new ExpiryMarkets();

  /** Adds an asset and returns its row. @throws MarginError; the book is unchanged */
  addAsset(json: AssetJSON, path = 'asset'): number {
    const row = this.said(path, () => readAsset(json, path, this.#assetOr(json, this.assets)));
    this.assetIds.free(row.id, `${path}.id`);
    this.#ensureTables(row, undefined);
    this.store.ensure('asset', 1);
    const index = this.store.append('asset');
    writeAsset(this.store, index, row);
    this.touch();
    return this.assetIds.add(row.id);
  }

  /** Adds a market and returns its row. @throws MarginError; the book is unchanged */
  addMarket(json: MarketJSON, path = 'market'): number {
    const row = this.said(path, () => readMarket(json, path, this.directory));
    this.marketIds.free(row.id, `${path}.id`);
    this.#oneUnderlying(row, 0, path);
    this.store.engine.scenarios?.doors.movedMarket(this, row, NONE, path);
    this.#ensureTables(undefined, row);
    this.store.ensure('market', 1);
    const index = this.store.append('market');
    writeMarket(this.store, index, row, this.#underlying(row.underlying));
    this.touch();
    return this.marketIds.add(row.id);
  }

  /** Adds an expiry of options and returns its row. @throws MarginError; the book is unchanged */
  addExpiry(json: ExpiryJSON, path = 'expiry'): number {
    const { doors } = this.scenarios(path);
    const row = this.said(path, () => doors.readExpiry(json, path, (id, p) => this.asset(id, p)));
    this.expiryIds.free(row.id, `${path}.id`);
    this.store.ensure('expiry', 1);
    writeRow(this.store.columns.expiry, this.store.append('expiry'), row.row);
    this.touch();
    return this.expiryIds.add(row.id);
  }

  /** Adds a scenario model and returns its row. @throws MarginError; the book is unchanged */
  addModel(json: ModelJSON, path = 'model'): number {
    const { doors } = this.scenarios(path);
    const model = this.said(path, () => doors.readModel(json, path, this.directory));
    this.modelIds.free(model.id, `${path}.id`);
    this.models.push(model);
    this.touch();
    return this.modelIds.add(model.id);
  }

  /** Replaces a model by one of the same id: new parameters. Accounts keep it. @throws MarginError; the book is unchanged */
  replaceModel(json: ModelJSON, path = 'model'): void {
    const { doors } = this.scenarios(path);
    const model = this.said(path, () => doors.readModel(json, path, this.directory));
    const row = this.model(model.id, `${path}.id`);
    this.checkHolders(model, row, 'conflict', path);
    this.models[row] = model;
    this.touch();
  }

  /** Refuses published arrays without one of a market that an account of the model has. */
  protected checkHolders(model: Model, row: number, code: 'conflict' | 'corrupt', path: string): void {
    const { arrays } = model;
    this.store.engine.scenarios?.doors.namedHolders(this, model, row, code, `${path}.parameters`);
    if (arrays.size === 0) return;
    const { unit, position } = this.store.columns;
    for (let u = 0; u < this.units; u++) {
      if (unit.model[u] !== row + 1) continue;
      const first = unit.positionStart[u] ?? 0;
      for (let p = first; p < first + (unit.positionCount[u] ?? 0); p++) {
        const market = this.marketId((position.key[p] ?? 0) >>> 2);
        const has = position.size[p] !== 0 || position.order[p] !== 0;
        if (!has || arrays.has(market)) continue;
        throw new MarginError(code, {
          path: `${path}.arrays`,
          got: [...arrays.keys()],
          expected: `one of "${market}", which account "${this.accountId(this.unitAccount(u))}" has`,
        });
      }
    }
  }

  /** Adds an account with all it holds and returns its row. @throws MarginError; the book is unchanged */
  addAccount(json: AccountJSON, path = 'account'): number {
    const row = this.said(path, () => readAccount(json, path, this.store, this.directory));
    this.accountIds.free(row.id, `${path}.id`);
    ensureAccount(this.store, row);
    writeAccount(this.store, row);
    this.hold(row);
    this.touchRows();
    return this.accountIds.add(row.id);
  }

  /**
   * Adds many cross accounts from typed arrays, copied once; rows sorted by account.
   * @returns row of the first
   * @throws MarginError with column and index; the book is unchanged
   */
  addColumns(given: AccountColumns): number {
    const columns = readColumns(given);
    const { ids } = columns;
    const had = this.accounts;
    this.accountIds.fit(columns.accounts, 'accounts');
    const idOf = (i: number): string => (ids ? (ids[i] as string) : String(had + i));
    const seen = new Set<string>();
    for (let i = 0; i < columns.accounts; i++) {
      const id = idOf(i);
      if (typeof id !== 'string' || id === '')
        throw new MarginError('type', { path: 'ids', index: i, got: id, expected: 'a text that is not empty' });
      if (seen.has(id))
        throw new MarginError('duplicate', {
          path: 'ids',
          index: i,
          got: id,
          expected: 'an id of its own for each account',
        });
      this.accountIds.free(id, `ids[${i}]`);
      seen.add(id);
    }
    const model = (columns.model ?? null) === null ? 0 : this.model(columns.model as Ref, 'model') + 1;
    const first = addColumns(
      this.store,
      columns,
      model,
      (market, path) => this.margined(market, model, path),
      (asset, path) => this.hedged(asset, model, path),
    );
    if (model !== 0) this.held |= FEATURE.full;
    for (let i = 0; i < columns.accounts; i++) this.accountIds.add(idOf(i));
    if (columns.positions.fundingIndex || this.#anyFunding()) this.held |= FEATURE.funding;
    if (columns.positions.initialRate?.some((rate) => rate !== 0)) this.held |= FEATURE.full;
    this.touchRows();
    return first;
  }

  #anyFunding(): boolean {
    return this.store.columns.market.fundingIndex.subarray(0, this.markets).some((index) => index !== 0);
  }

  /** Replaces a market's parameters and tables. Kind, multiplier and assets stay as long as the market is there. */
  replaceMarket(json: MarketJSON, path = 'market'): void {
    const row = this.said(path, () => readMarket(json, path, this.directory));
    const m = this.market(row.id, `${path}.id`);
    const c = this.store.columns.market;
    for (const key of ['kind', 'multiplier', 'base', 'quote', 'settle', 'expiry', 'strike'] as const) {
      if (c[key][m] !== row.row[key]) {
        const had: { readonly [K in keyof MarketJSON]?: unknown } = this.marketJSON(m);
        throw new MarginError('conflict', {
          path: `${path}.${key}`,
          got: json[key],
          expected: `${had[key] ?? (key === 'multiplier' ? 1 : 'none')}, as the positions of the market are counted`,
          hint: 'Add a new market instead',
        });
      }
    }
    this.#oneUnderlying(row, 1, path);
    this.store.engine.scenarios?.doors.movedMarket(this, row, m, path);
    this.#ensureTables(undefined, row);
    writeMarket(this.store, m, row, this.#underlying(row.underlying));
    dropUnusedTables(this.store);
    this.touch();
  }

  /** Replaces an asset's price, weights and tables. @throws MarginError; the book is unchanged */
  replaceAsset(json: AssetJSON, path = 'asset'): void {
    const row = this.said(path, () => readAsset(json, path, (id, p) => this.asset(id, p)));
    const a = this.asset(row.id, `${path}.id`);
    this.store.engine.scenarios?.doors.movedAsset(this, a, row.row.hedges as number, path);
    this.#ensureTables(row, undefined);
    writeAsset(this.store, a, row);
    dropUnusedTables(this.store);
    this.touch();
  }

  /** Makes room, so that nothing grows until it is used up. @throws MarginError too-many, memory */
  reserve(capacity: Capacity): void {
    for (const [name, rows = 0] of Object.entries(withUnits(rowsOf(capacity, 'capacity')))) {
      const section = name as keyof Rows;
      makeRoom(this.store, section, Math.max(0, rows - this.store.count(section)));
    }
  }

  protected readonly directory: Directory & MarketDirectory = {
    asset: (id, path) => this.asset(id, path),
    market: (id, path) => this.market(id, path),
    expiry: (id, path) => this.expiry(id, path),
    model: (id, path) => this.model(id, path),
    assetOf: (expiry) => this.store.columns.expiry.asset[expiry] ?? 0,
    assetId: (row) => this.assetId(row),
    scenarios: (path) => this.scenarios(path),
    margined: (market, model, path) => this.margined(market, model, path),
    hedged: (asset, model, path) => this.hedged(asset, model, path),
  };

  /** One asset as JSON. */
  assetJSON(asset: Ref): AssetJSON {
    const a = this.asset(asset);
    return assetJSON(this.store.columns, a, this.assetId(a), (row) => this.assetId(row));
  }

  /** One market as JSON. */
  marketJSON(market: Ref): MarketJSON {
    const m = this.market(market);
    const { columns } = this.store;
    const underlying = this.underlyingId(columns.market.underlying[m] ?? 0);
    const assetId = (a: number): string => this.assetId(a);
    return marketJSON(columns, m, this.marketId(m), assetId, underlying, (e) => this.expiryId(e));
  }

  /** Row of an asset, or that which one that is being added will have. */
  #assetOr(json: AssetJSON, next: number): (id: string, path: string) => number {
    return (id, path) => (id === json.id ? next : this.asset(id, path));
  }

  #oneUnderlying({ underlying, row }: MarketRow, replaced: 0 | 1, path: string): void {
    const market = { underlying, expiry: row.expiry as number };
    this.#expiryMarkets.check(this.store, market, replaced, (u) => this.underlyingId(u), path);
  }

  #underlying(name: string): number {
    return this.underlyingIds.has(name) ? this.underlyingIds.row(name, 'underlying') : this.underlyingIds.add(name);
  }

  #ensureTables(asset: AssetRow | undefined, market: MarketRow | undefined): void {
    if (asset) this.store.ensure('tier', asset.assetTiers.length + asset.debtTiers.length);
    if (market) {
      this.store.ensure('line', market.lines.length + market.shortLines.length);
      this.store.ensure('bucket', MOST_BUCKETS);
    }
  }

  protected hold(account: AccountRow): void {
    if (account.model !== 0 || account.multiplier !== 1 || account.buffer !== 0 || account.rateFloor !== 0)
      this.held |= FEATURE.full;
    for (const unit of account.units) {
      for (const b of unit.balances) {
        for (const p of b.positions) {
          if (p.funding !== 0) this.held |= FEATURE.funding;
          if (p.ownRate !== 0 || p.order) this.held |= FEATURE.full;
        }
      }
    }
  }
}
