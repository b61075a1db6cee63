// The innermost layer of a book: the packed rows with their names, and what derives from them. Layers: rows (here), building
// (book-building.ts), prices (book-prices.ts), accounts (book-accounts.ts), doors (book.ts).
import type { Engine, ScenarioEngine } from '../engine.js';
import { MarginError } from '../errors.js';
import { KIND, NONE } from '../layout.js';
import { Store } from '../memory.js';
import type { Model } from '../scenario/model.js';
import { type BookOptions, reserved, rowsOf } from './capacity.js';
import { featuresOf } from './features.js';
import { Fields } from './fields.js';
import { entryPrice } from './holdings.js';
import { Ids } from './ids.js';
import { type BookHead, headOf } from './json.js';
import { deriveUnderlyings } from './underlyings.js';

/** What helps where an account holds an option that no model margins. */
export const NEEDS_MODEL = 'Give the account a "model" of the book';

/** An id, or the number of a row in use. */
export type Ref = string | number;

/** More marks than this in one tick: all unit values are computed again. */
const FEW = 16;

/** Who follows a book is told what may have changed the margin of whom; see watch.ts. */
export interface BookObserver {
  /** Rows or terms of a margin unit have changed. Of new units nothing is said: `units` has grown. */
  unit(unit: number): void;
  /** A price, guard price or index of an asset or market has changed. */
  moved(section: 'asset' | 'market', row: number): void;
  /** Anything may have. */
  all(): void;
}

export abstract class BookRows {
  /** The packed memory; for the modules of this package and for those who read columns in place. */
  readonly store: Store;
  protected readonly assetIds: Ids = new Ids('asset');
  protected readonly marketIds: Ids = new Ids('market');
  /** Names of accounts. @internal */
  readonly accountIds: Ids = new Ids('account');
  protected readonly underlyingIds: Ids = new Ids('underlying');
  protected readonly expiryIds: Ids = new Ids('expiry');
  protected readonly modelIds: Ids = new Ids('model');
  /** Scenario models in the order of their rows. */
  protected readonly models: Model[] = [];
  /** Who follows the book; one at a time. @internal */
  observer: BookObserver | undefined;
  protected head: BookHead;
  /** Feature bits of what accounts hold; only ever added, since a superfluous bit costs time and no correctness. */
  protected held = 0;
  /** Feature bits of assets and markets, and whether parameters have changed since they were taken. */
  #features = 0;
  #tables = true;
  /** Whether numbers of underlyings are those of markets and assets as they are now. */
  #numbered = false;
  /** Grows with every change, and with every question, which uses what others have opened. */
  #version = 0;
  /** Grows with every change alone. */
  #changes = 0;
  /** Unit values are older than prices; or, where only a few marks have moved, those of these markets are. */
  #stale = true;
  readonly #moved: number[] = [];

  protected constructor(engine: Engine, options: BookOptions = {}) {
    // `protected` is a word of TypeScript: in JavaScript anybody may write `new Book()`.
    if (typeof engine?.scan !== 'function')
      throw new MarginError('type', {
        path: 'new Book',
        expected: 'Book.create(options), Book.fromJSON(json) or Book.decode(bytes)',
      });
    this.head = headOf(new Fields(options, 'options', ['numeraire', 'time', 'liquidatableWhen', 'reserve', 'maximum']));
    const maximum = rowsOf(options.maximum, 'options.maximum');
    this.store = new Store(engine, reserved(options, maximum), maximum);
    this.store.columns.house.rule[0] = this.head.liquidatableWhen === '<=' ? 1 : 0;
  }

  /** Another number after every change of the book and every question that was asked of it. @internal */
  get version(): number {
    return this.#version;
  }

  /** Another number after every change of the book. @internal */
  get changes(): number {
    return this.#changes;
  }

  /** Another number after every question, each of which may have written results. @internal */
  get scans(): number {
    return this.#version - this.#changes;
  }

  /** Name of the unit that every value is in. */
  get numeraire(): string {
    return this.head.numeraire;
  }
  /** When the book is of, as it was given: ISO 8601. undefined: nobody has said. */
  get time(): string | undefined {
    return this.head.time;
  }
  /** Numbers of rows. A margin unit is an account's cross bucket or one of its isolated ones. */
  get assets(): number {
    return this.store.count('asset');
  }
  /** Number of markets. */
  get markets(): number {
    return this.store.count('market');
  }
  /** Number of accounts. */
  get accounts(): number {
    return this.store.count('account');
  }
  /** Number of margin units. */
  get units(): number {
    return this.store.count('unit');
  }

  /** Id of an asset's row. */
  assetId(row: number): string {
    return this.assetIds.name(row);
  }
  /** Id of a market's row. */
  marketId(row: number): string {
    return this.marketIds.name(row);
  }
  /** Id of an account's row. */
  accountId(row: number): string {
    return this.accountIds.name(row);
  }
  /** Name of an underlying by its number. */
  underlyingId(row: number): string {
    return this.underlyingIds.name(row);
  }
  /** Row of an id (or of a row number in use). @throws MarginError unknown-id, with the nearest id */
  asset(id: Ref, path = 'asset'): number {
    return this.assetIds.row(id, path);
  }
  /** Row of a market. @throws MarginError unknown-id, with the nearest id */
  market(id: Ref, path = 'market'): number {
    return this.marketIds.row(id, path);
  }
  /** Row of an account. @throws MarginError unknown-id, with the nearest id */
  account(id: Ref, path = 'account'): number {
    return this.accountIds.row(id, path);
  }
  /** Number of an underlying, until rows change. @throws MarginError unknown-id, with the nearest name */
  underlying(name: Ref, path = 'underlying'): number {
    this.#number();
    return this.underlyingIds.row(name, path);
  }
  /** Id of an expiry's row. */
  expiryId(row: number): string {
    return this.expiryIds.name(row);
  }
  /** Id of a scenario model's row. */
  modelId(row: number): string {
    return this.modelIds.name(row);
  }
  /** Row of an expiry, and of a scenario model. @throws MarginError unknown-id, with the nearest id */
  expiry(id: Ref, path = 'expiry'): number {
    return this.expiryIds.row(id, path);
  }
  /** Row of a scenario model. @throws MarginError unknown-id, with the nearest id */
  model(id: Ref, path = 'model'): number {
    return this.modelIds.row(id, path);
  }
  /** Scenario model of a row. @internal */
  scenarioModel(row: number): Model | undefined {
    return this.models[row];
  }
  /** What margins by scenarios. @throws MarginError engine, where the book has nothing for it */
  protected scenarios(path: string): ScenarioEngine {
    const { scenarios } = this.store.engine;
    if (scenarios) return scenarios;
    throw new MarginError('engine', {
      path,
      expected: 'nothing of options and scenario models',
      hint: "Books with them are made by the Book of 'margin-kernel/scenario'",
    });
  }
  /** Refuses an option where no model margins it, or the model refuses options. @param model - of the unit, plus 1 @internal */
  margined(market: number, model: number, path: string): void {
    const option = (this.store.columns.market.kind[market] ?? 0) >= KIND.call;
    if (model === 0 && !option) return;
    const terms = this.models[model - 1];
    if (option && terms?.options === false) {
      throw new MarginError('conflict', {
        path,
        got: this.marketId(market),
        expected: `no option: the model "${this.modelId(model - 1)}" says "options": false`,
        hint: 'Give the account a model that margins options',
      });
    }
    if (terms && terms.arrays.size > 0 && !terms.arrays.has(this.marketId(market))) {
      throw new MarginError('conflict', {
        path,
        got: this.marketId(market),
        expected: `a market that the model "${this.modelId(model - 1)}" has a risk array of`,
      });
    }
    this.store.engine.scenarios?.doors.namedMarket(this, terms, market, path);
    if (model !== 0) return;
    throw new MarginError('conflict', {
      path,
      got: this.marketId(market),
      expected: 'a market with tables of its own: options are margined by the scenarios of a model',
      hint: NEEDS_MODEL,
    });
  }
  /** Refuses a balance that a model of named underlyings does not margin. @param model - of the unit, plus 1 @internal */
  hedged(asset: number, model: number, path: string): void {
    this.store.engine.scenarios?.doors.namedBalance(this, this.models[model - 1], asset, path);
  }
  /** Name of the underlying that an asset's price is. @internal */
  underlyingOf(asset: number): string {
    this.#number();
    const row = this.store.columns.asset.underlying[asset] ?? NONE;
    return row === NONE ? this.assetId(asset) : this.underlyingId(row);
  }
  /** Row of the account that a margin unit is of. */
  unitAccount(unit: number): number {
    return this.store.columns.unit.account[unit] ?? 0;
  }
  /** Bucket of a margin unit: 0 cross, isolated from 1. */
  unitBucket(unit: number): number {
    return this.store.columns.unit.bucket[unit] ?? 0;
  }

  /** Margin units of an account, cross first, then by bucket. */
  unitsOf(account: Ref): number[] {
    const { account: accounts, unit } = this.store.columns;
    const units: number[] = [];
    for (let u = accounts.firstUnit[this.account(account)] ?? NONE; u !== NONE; u = unit.next[u] ?? NONE) units.push(u);
    return units;
  }

  /** Margin unit of an account and bucket. @throws MarginError unknown-id */
  unit(account: Ref, bucket = 0): number {
    const found = this.unitsOf(account).find((u) => this.unitBucket(u) === bucket);
    if (found !== undefined) return found;
    throw new MarginError('unknown-id', {
      path: 'bucket',
      got: bucket,
      expected: `a bucket of account "${this.accountId(this.account(account))}"`,
    });
  }

  /** What a position row holds, as a person would write it. */
  position(row: number): { market: number; side: 'net' | 'long' | 'short'; size: number; entry: number | null } {
    const { position } = this.store.columns;
    const key = position.key[row] ?? 0;
    const size = position.size[row] ?? 0;
    const side = (['net', 'long', 'short'] as const)[key & 3] ?? 'net';
    const entry = entryPrice(this.store.columns, key >>> 2, size, position.cost[row] ?? 0);
    return { market: key >>> 2, side, size, entry };
  }

  /** Numbers underlyings as the next question will. */
  #number(): void {
    if (this.#numbered) return;
    deriveUnderlyings(this.store, this.assetIds, this.underlyingIds);
    this.#numbered = true;
  }

  /** What derives from parameters alone. Apart from `refresh`, which must not allocate. */
  #derive(): void {
    this.#features = featuresOf(this.store);
    this.#number();
    const rowOf = (ids: Ids) => (id: string) => (ids.has(id) ? ids.row(id, 'id') : NONE);
    this.store.engine.scenarios?.doors.compileModels(this.store, this.models, this.underlyingIds.names, {
      market: rowOf(this.marketIds),
      expiry: rowOf(this.expiryIds),
      underlying: rowOf(this.underlyingIds),
    });
    this.#tables = false;
  }

  /** Values options and makes risk arrays: all where a price may be another, or those of the marks that have moved. */
  #reprice(scenarios: ScenarioEngine): void {
    if (this.#stale) {
      scenarios.valueOptions(this.store);
      scenarios.riskArrays(this.store);
      return;
    }
    for (const market of this.#moved) {
      if ((this.store.columns.market.kind[market] ?? 0) >= KIND.call) scenarios.quoteOption(this.store, market);
      scenarios.repriceMarket(this.store, market, NONE);
    }
  }

  /** Whether marks of options or arrays of models follow prices. @internal */
  get hasScenarios(): boolean {
    return this.models.length + this.store.count('expiry') > 0;
  }

  /** Takes in what accounts hold, where unit values are brought up to date elsewhere. @internal */
  refreshFeatures(): void {
    this.store.columns.house.features[0] = this.#features | this.held;
  }

  /** Brings unit values up to date and returns the features in use. @internal */
  refresh(): number {
    this.#version++;
    if (this.#tables) this.#derive();
    const { scenarios } = this.store.engine;
    if (scenarios && this.hasScenarios) this.#reprice(scenarios);
    if (this.#stale) this.store.engine.values(this.store);
    else for (const market of this.#moved) this.store.engine.marketValues(this.store, market);
    this.#stale = false;
    this.#moved.length = 0;
    const features = this.#features | this.held;
    this.store.columns.house.features[0] = features;
    return features;
  }

  /**
   * Reads an argument with parts of its own, whose getters are the caller's code. One that changes the book makes old what was read
   * before it, so it is refused.
   */
  protected said<T>(path: string, read: () => T): T {
    const before = this.#changes;
    const row = read();
    if (before === this.#changes) return row;
    throw new MarginError('conflict', {
      path,
      expected: 'an argument that leaves the book alone while it is read',
      hint: 'A getter in it has changed the book: copy the argument before the call',
    });
  }

  /** Says that prices or parameters were written into the columns directly, so that what derives from them is old. */
  touch(): void {
    this.#change();
    this.#stale = true;
    this.#tables = true;
    this.#numbered = false;
    this.observer?.all();
  }

  /** Says that the price or an index of an asset has changed, or (undefined) of many: unit values are old, tables are not. */
  protected touchPrices(asset?: number): void {
    this.#change();
    this.#stale = true;
    if (asset === undefined) this.observer?.all();
    else this.observer?.moved('asset', asset);
  }

  /** Says that rows (of this unit, where one is named) have changed, which nothing is derived from. */
  protected touchRows(unit?: number): void {
    this.#change();
    if (unit !== undefined) this.observer?.unit(unit);
  }

  /** Says of a market's mark or funding that it has changed: only its own unit values are old. */
  protected touchMark(market: number): void {
    this.#change();
    this.observer?.moved('market', market);
    if (this.#stale || this.#moved.includes(market)) return;
    if (this.#moved.length < FEW) this.#moved.push(market);
    else this.#stale = true;
  }

  #change(): void {
    this.#version++;
    this.#changes++;
  }
}
