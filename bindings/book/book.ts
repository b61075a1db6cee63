// The book: assets, markets and accounts in the packed memory of one engine, with their names.
// Doors in (JSON, binary, live updates) all end in the same rows; the engine's calls (margin.ts ...) are functions on it.
import type { Engine } from '../engine.js';
import { MarginError } from '../errors.js';
import { FEATURE, KIND, NONE } from '../layout.js';
import { type Rows, Store } from '../memory.js';
import { type AccountRow, accountJSON, readAccount } from './account.js';
import { type AssetRow, assetJSON, readAsset, writeAsset } from './asset.js';
import { decodeBook, encodeBook, isEncoded } from './codec.js';
import { type AccountColumns, addColumns } from './bulk.js';
import { compacted, usedNames } from './compact.js';
import { featuresOf } from './features.js';
import { ANY, AT_LEAST_0, decimal, Fields, FRACTION, LEVERAGE, POSITIVE, PRICE, type Range, SIZE, wordOf } from './fields.js';
import { type Directory, entryPrice, ORDER_KEYS, readOrder } from './holdings.js';
import { Ids } from './ids.js';
import { type BookHead, headOf, readHead, readJSON } from './json.js';
import { type MarketRow, marketJSON, readMarket, writeMarket } from './market.js';
import { appendUnit, ensureAccount, makeRoom, writeAccount } from './rows.js';
import { MOST_BUCKETS } from './tables.js';
import type { AccountJSON, AssetJSON, BookJSON, Decimal, MarketJSON, OrderJSON } from './types.js';
import * as update from './update.js';

/** Rows to make room for at once, and the most that may ever be. */
export interface BookOptions {
  numeraire?: string;
  time?: string;
  liquidatableWhen?: '<' | '<=';
  /** Rows to reserve: no growth, hence no copying, until they are full. */
  reserve?: Capacity;
  /** Rows never to exceed: an error (`too-many`) instead of a surprise growth. */
  maximum?: Capacity;
}
export interface Capacity {
  accounts?: number;
  units?: number;
  balances?: number;
  positions?: number;
  orders?: number;
}

/** Where an update goes; the cross unit and the net side where nothing is said. */
export interface Place {
  bucket?: number;
  positionSide?: 'net' | 'long' | 'short';
}
export interface FillInput extends Place {
  market: string | number;
  /** Signed contracts, bought positive. */
  size: Decimal;
  /** Price in quote. */
  price: Decimal;
  /** Settle units (quote for spot), paid positive. */
  fee?: Decimal;
}
export type OrderInput = Omit<OrderJSON, 'market' | 'positionSide'> & Place & { market: string | number };

type Ref = string | number;
const PLACE_KEYS = ['bucket', 'positionSide'] as const;
const SIDES = { net: 0, long: 1, short: 2 } as const;

const SECTIONS = { accounts: 'account', units: 'unit', balances: 'balance', positions: 'position', orders: 'order' } as const;
const MOST_ROWS = 0xffffffff;

/** Rows by section. Room for accounts is room for their cross units. */
function rowsOf(capacity: Capacity | undefined, path: string): Rows {
  const f = new Fields(capacity ?? {}, path, Object.keys(SECTIONS));
  const rows: Rows = {};
  for (const [key, section] of Object.entries(SECTIONS)) {
    if (!f.has(key)) continue;
    const n = f.number(key, AT_LEAST_0);
    if (!Number.isInteger(n)) throw new MarginError('type', { path: f.at(key), got: n, expected: 'a whole number' });
    if (n > MOST_ROWS) throw new MarginError('too-many', { path: f.at(key), got: n, expected: `at most ${MOST_ROWS} rows` });
    rows[section] = n;
  }
  return rows;
}

/** What a new book reserves, within its maximum. */
function reserved(options: BookOptions, maximum: Rows): Rows {
  const rows = rowsOf(options.reserve, 'options.reserve');
  for (const [key, section] of Object.entries(SECTIONS)) {
    const [n, most] = [rows[section] ?? 0, maximum[section] ?? MOST_ROWS];
    if (n > most) throw new MarginError('too-many', { path: `options.reserve.${key}`, got: n, expected: `at most ${most}, the maximum` });
  }
  return withUnits(rows);
}

const withUnits = (rows: Rows): Rows => (rows.account === undefined ? rows : { ...rows, unit: rows.unit ?? rows.account });

export abstract class BookBase {
  /** The packed memory; for the modules of this package and for those who read columns in place. */
  readonly store: Store;
  readonly #assets = new Ids('asset');
  readonly #markets = new Ids('market');
  readonly #accounts = new Ids('account');
  readonly #underlyings = new Ids('underlying');
  #head: BookHead;
  #freeOrders: update.FreeOrders = [];
  /** Feature bits of what accounts hold; only ever added, since a superfluous bit costs time and no correctness. */
  #held = 0;
  /** Feature bits of assets and markets, and whether parameters have changed since they were taken. */
  #features = 0;
  #tables = true;
  /** Unit values are older than prices. */
  #stale = true;

  protected constructor(engine: Engine, options: BookOptions = {}) {
    this.#head = headOf(new Fields(options, 'options', ['numeraire', 'time', 'liquidatableWhen', 'reserve', 'maximum']));
    const maximum = rowsOf(options.maximum, 'options.maximum');
    this.store = new Store(engine, reserved(options, maximum), maximum);
    this.store.columns.house.rule[0] = this.#head.liquidatableWhen === '<=' ? 1 : 0;
  }

  get numeraire(): string {
    return this.#head.numeraire;
  }
  get time(): string | undefined {
    return this.#head.time;
  }
  /** Numbers of rows. A margin unit is an account's cross bucket or one of its isolated ones. */
  get assets(): number {
    return this.store.count('asset');
  }
  get markets(): number {
    return this.store.count('market');
  }
  get accounts(): number {
    return this.store.count('account');
  }
  get units(): number {
    return this.store.count('unit');
  }

  assetId(row: number): string {
    return this.#assets.name(row);
  }
  marketId(row: number): string {
    return this.#markets.name(row);
  }
  accountId(row: number): string {
    return this.#accounts.name(row);
  }
  underlyingId(row: number): string {
    return this.#underlyings.name(row);
  }
  /** Row of an id (or of a row number in use). @throws MarginError unknown-id, with the nearest id */
  asset(id: Ref, path = 'asset'): number {
    return this.#assets.row(id, path);
  }
  market(id: Ref, path = 'market'): number {
    return this.#markets.row(id, path);
  }
  account(id: Ref, path = 'account'): number {
    return this.#accounts.row(id, path);
  }
  unitAccount(unit: number): number {
    return this.store.columns.unit.account[unit] ?? 0;
  }
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
    throw new MarginError('unknown-id', { path: 'bucket', got: bucket, expected: `a bucket of account "${this.accountId(this.account(account))}"` });
  }

  // Building

  /** Adds an asset and returns its row. @throws MarginError; the book is unchanged */
  addAsset(json: AssetJSON, path = 'asset'): number {
    const row = readAsset(json, path);
    this.#assets.free(row.id, `${path}.id`);
    this.#ensureTables(row, undefined);
    this.store.ensure('asset', 1);
    const index = this.store.append('asset');
    writeAsset(this.store, index, row);
    this.touch();
    return this.#assets.add(row.id);
  }

  /** Adds a market and returns its row. @throws MarginError; the book is unchanged */
  addMarket(json: MarketJSON, path = 'market'): number {
    const row = readMarket(json, path, (id, p) => this.asset(id, p));
    this.#markets.free(row.id, `${path}.id`);
    this.#ensureTables(undefined, row);
    this.store.ensure('market', 1);
    const index = this.store.append('market');
    writeMarket(this.store, index, row, this.#underlying(row.underlying));
    this.touch();
    return this.#markets.add(row.id);
  }

  /** Adds an account with all it holds and returns its row. @throws MarginError; the book is unchanged */
  addAccount(json: AccountJSON, path = 'account'): number {
    const row = readAccount(json, path, this.store.columns, this.#directory);
    this.#accounts.free(row.id, `${path}.id`);
    ensureAccount(this.store, row);
    writeAccount(this.store, row);
    this.#hold(row);
    return this.#accounts.add(row.id);
  }

  /**
   * Adds many cross accounts from typed arrays, copied once; rows sorted by account.
   * @returns row of the first
   * @throws MarginError with column and index; the book is unchanged
   */
  addColumns(columns: AccountColumns): number {
    const { ids } = columns;
    const had = this.accounts;
    this.#accounts.fit(columns.accounts, 'accounts');
    const idOf = (i: number): string => ids?.[i] ?? String(had + i);
    const seen = new Set<string>();
    for (let i = 0; i < columns.accounts; i++) {
      const id = idOf(i);
      if (seen.has(id)) throw new MarginError('duplicate', { path: 'ids', index: i, got: id, expected: 'an id of its own for each account' });
      this.#accounts.free(id, `ids[${i}]`);
      seen.add(id);
    }
    const first = addColumns(this.store, columns);
    for (let i = 0; i < columns.accounts; i++) this.#accounts.add(idOf(i));
    if (columns.positions.fundingIndex || this.#anyFunding()) this.#held |= FEATURE.funding;
    if (columns.positions.initialRate?.some((rate) => rate !== 0)) this.#held |= FEATURE.full;
    return first;
  }

  #anyFunding(): boolean {
    return this.store.columns.market.fundingIndex.subarray(0, this.markets).some((index) => index !== 0);
  }

  /** Replaces a market's parameters and tables. Kind, multiplier and assets stay as long as the market is there. */
  replaceMarket(json: MarketJSON, path = 'market'): void {
    const row = readMarket(json, path, (id, p) => this.asset(id, p));
    const m = this.market(row.id, `${path}.id`);
    const c = this.store.columns.market;
    for (const key of ['kind', 'multiplier', 'base', 'quote', 'settle'] as const) {
      if (c[key][m] !== row.row[key]) {
        const had = marketJSON(this.store.columns, m, row.id, (a) => this.assetId(a), row.underlying);
        throw new MarginError('conflict', {
          path: `${path}.${key}`,
          got: json[key],
          expected: `${had[key] ?? (key === 'multiplier' ? 1 : 'none')}, as the positions of the market are counted`,
          hint: 'Add a new market instead',
        });
      }
    }
    this.#ensureTables(undefined, row);
    writeMarket(this.store, m, row, this.#underlying(row.underlying));
    this.touch();
  }

  /** Replaces an asset's price, weights and tables. @throws MarginError; the book is unchanged */
  replaceAsset(json: AssetJSON, path = 'asset'): void {
    const row = readAsset(json, path);
    const a = this.asset(row.id, `${path}.id`);
    this.#ensureTables(row, undefined);
    writeAsset(this.store, a, row);
    this.touch();
  }

  /** Makes room, so that nothing grows until it is used up. @throws MarginError too-many, memory */
  reserve(capacity: Capacity): void {
    for (const [name, rows = 0] of Object.entries(withUnits(rowsOf(capacity, 'capacity')))) {
      const section = name as keyof Rows;
      makeRoom(this.store, section, Math.max(0, rows - this.store.count(section)));
    }
  }

  // Live updates

  /** Sets a market's mark (quote), and where given its index and guard prices. Without new guards, those that followed the mark still do. */
  setMark(market: Ref, mark: Decimal, more: { index?: Decimal; twap?: Decimal; stable?: Decimal } = {}): void {
    const m = this.market(market);
    const c = this.store.columns.market;
    const range: Range = c.kind[m] === KIND.prediction ? { above: 0, below: 1 } : POSITIVE;
    this.#prices(c, m, 'mark', ['index', 'twap', 'stable'], mark, more, range);
  }

  /** Sets an asset's price (numeraire), and where given its guard prices. */
  setPrice(asset: Ref, price: Decimal, more: { twap?: Decimal; stable?: Decimal } = {}): void {
    this.#prices(this.store.columns.asset, this.asset(asset), 'price', ['twap', 'stable'], price, more, PRICE);
  }

  /** Sets cumulative funding per contract (settle units). A position pays since its own index, at the next fill. */
  setFundingIndex(market: Ref, index: Decimal): void {
    this.#set('market', this.#derivative(market), { fundingIndex: decimal(index, 'index') });
  }

  /** Sets open interest (contracts), which scales initial rates where the market says so. */
  setOpenInterest(market: Ref, contracts: Decimal): void {
    this.#set('market', this.#derivative(market), { openInterest: decimal(contracts, 'contracts', AT_LEAST_0) });
  }

  /** Sets venue-wide deposits and borrows (amounts) and the indices that balances are multiplied with. */
  setTotals(asset: Ref, totals: { deposits?: Decimal; borrows?: Decimal; depositIndex?: Decimal; borrowIndex?: Decimal }): void {
    const f = new Fields(totals, 'totals', ['deposits', 'borrows', 'depositIndex', 'borrowIndex']);
    const a = this.asset(asset);
    const c = this.store.columns.asset;
    this.#set('asset', a, {
      deposits: f.number('deposits', AT_LEAST_0, c.deposits[a] ?? 0),
      borrows: f.number('borrows', AT_LEAST_0, c.borrows[a] ?? 0),
      depositIndex: f.number('depositIndex', POSITIVE, c.depositIndex[a] ?? 1),
      borrowIndex: f.number('borrowIndex', POSITIVE, c.borrowIndex[a] ?? 1),
    });
  }

  /** Sets the confidence of an asset's price, in [0, 1]. */
  setConfidence(section: 'asset' | 'market', id: Ref, confidence: Decimal): void {
    const row = section === 'asset' ? this.asset(id) : this.market(id);
    this.#set(section, row, { confidence: decimal(confidence, 'confidence', FRACTION) });
  }

  /** Adds a signed amount to an account's balance: a deposit, or a withdrawal if negative. Whether it may is `check`'s question. */
  deposit(account: Ref, asset: Ref, amount: Decimal, place: Place = {}): void {
    const a = this.asset(asset);
    const x = decimal(amount, 'amount', ANY);
    this.#update(account, new Fields(place, 'place', PLACE_KEYS), (u) => update.deposit(this.store, u, a, x, 'amount'));
  }

  /** Books a fill: realised PnL, funding and fee go to the settle balance, the rest to the position. */
  fill(account: Ref, input: FillInput): void {
    const f = new Fields(input, 'fill', ['market', 'size', 'price', 'fee', ...PLACE_KEYS]);
    const fill = {
      market: this.market(input.market, 'fill.market'),
      side: wordOf(input.positionSide ?? 'net', 'fill.positionSide', SIDES),
      size: f.number('size', SIZE),
      price: f.number('price', POSITIVE),
      fee: f.number('fee', ANY, 0),
    };
    this.#update(account, f, (u) => update.fill(this.store, u, this.#freeOrders, fill, 'fill'));
    if (this.store.columns.market.fundingIndex[fill.market] !== 0) this.#held |= FEATURE.funding;
  }

  /** Adds an open order. A spot order also opens a balance of its quote asset. */
  placeOrder(account: Ref, input: OrderInput): void {
    const f = new Fields(input, 'order', [...ORDER_KEYS, 'bucket']);
    const market = this.market(input.market, 'order.market');
    const side = wordOf(input.positionSide ?? 'net', 'order.positionSide', SIDES);
    const row = readOrder(f);
    this.#update(account, f, (u) => update.placeOrder(this.store, u, this.#freeOrders, market, side, row, 'order'));
    this.#held |= FEATURE.full;
  }

  /** Takes an order out again: the same size and price. `remaining` names the extreme price that is left, where it is known. */
  cancelOrder(account: Ref, input: OrderInput & { remaining?: Decimal }): void {
    const f = new Fields(input, 'order', [...ORDER_KEYS, 'bucket', 'remaining']);
    const market = this.market(input.market, 'order.market');
    const side = wordOf(input.positionSide ?? 'net', 'order.positionSide', SIDES);
    const row = readOrder(f);
    const worst = f.has('remaining') ? f.number('remaining', AT_LEAST_0) : undefined;
    const u = this.unit(account, input.bucket ?? 0);
    update.cancelOrder(this.store, u, this.#freeOrders, market, side, input.side === 'buy', row, worst, 'order');
  }

  /** Sets an account's own leverage in a market: its initial rate is at least 1 / leverage. */
  setLeverage(account: Ref, market: Ref, leverage: Decimal, place: Place = {}): void {
    const f = new Fields(place, 'place', PLACE_KEYS);
    const m = this.#derivative(market);
    const rate = 1 / decimal(leverage, 'leverage', LEVERAGE);
    const side = wordOf(place.positionSide ?? 'net', 'place.positionSide', SIDES);
    this.#update(account, f, (u) => update.setOwnRate(this.store, u, this.#freeOrders, m, side, rate));
    this.#held |= FEATURE.full;
  }

  /** Sets an account's terms in all its buckets. */
  setTerms(account: Ref, terms: Pick<AccountJSON, 'marginMultiplier' | 'liquidationBuffer' | 'initialRateFloor'>): void {
    const f = new Fields(terms, 'terms', ['marginMultiplier', 'liquidationBuffer', 'initialRateFloor']);
    const { unit } = this.store.columns;
    const units = this.unitsOf(account);
    const u0 = units[0] ?? 0;
    const multiplier = f.number('marginMultiplier', POSITIVE, unit.multiplier[u0] ?? 1);
    const buffer = f.number('liquidationBuffer', { min: 0, max: 1000 }, unit.buffer[u0] ?? 0);
    const rateFloor = f.number('initialRateFloor', { min: 0, max: 1000 }, unit.rateFloor[u0] ?? 0);
    for (const u of units) {
      unit.multiplier[u] = multiplier;
      unit.buffer[u] = buffer;
      unit.rateFloor[u] = rateFloor;
    }
    this.#held |= FEATURE.full;
  }

  // Reading

  /** What a position row holds, as a person would write it. */
  position(row: number): { market: number; side: 'net' | 'long' | 'short'; size: number; entry: number | null } {
    const { position } = this.store.columns;
    const key = position.key[row] ?? 0;
    const size = position.size[row] ?? 0;
    const side = (['net', 'long', 'short'] as const)[key & 3] ?? 'net';
    const entry = entryPrice(this.store.columns, key >>> 2, size, position.cost[row] ?? 0);
    return { market: key >>> 2, side, size, entry };
  }

  /** The whole book as `book@1`. Reading it again gives the same columns. */
  toJSON(): BookJSON {
    const { columns } = this.store;
    const rows = <T>(n: number, of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i));
    const names = { asset: (a: number): string => this.assetId(a), market: (m: number): string => this.marketId(m) };
    return {
      format: 'margin-kernel/book@1',
      numeraire: this.numeraire,
      ...(this.time === undefined ? {} : { time: this.time }),
      ...(this.#head.liquidatableWhen === '<' ? {} : { liquidatableWhen: this.#head.liquidatableWhen }),
      assets: rows(this.assets, (a) => assetJSON(columns, a, this.assetId(a))),
      markets: rows(this.markets, (m) =>
        marketJSON(columns, m, this.marketId(m), names.asset, this.underlyingId(columns.market.underlying[m] ?? 0)),
      ),
      accounts: rows(this.accounts, (a) => accountJSON(columns, a, this.accountId(a), names)),
    };
  }

  /** One account as JSON. */
  accountJSON(account: Ref): AccountJSON {
    const a = this.account(account);
    const names = { asset: (i: number): string => this.assetId(i), market: (m: number): string => this.marketId(m) };
    return accountJSON(this.store.columns, a, this.accountId(a), names);
  }

  /** The book in one buffer, rows in canonical order: a file, a message and a worker carry the same bytes. */
  encode(): Uint8Array<ArrayBuffer> {
    const packed = compacted(this.store);
    return encodeBook(packed, {
      head: this.#head,
      assets: this.#assets.names,
      markets: this.#markets.names,
      accounts: this.#accounts.names,
      underlyings: usedNames(packed.market.underlying as Uint32Array, this.#underlyings.names),
    });
  }

  // For the modules of this package

  /** Brings unit values up to date and returns the features in use. */
  refresh(): number {
    if (this.#tables) {
      this.#features = featuresOf(this.store);
      this.#tables = false;
    }
    if (this.#stale) {
      this.store.engine.values(this.store);
      this.#stale = false;
    }
    const features = this.#features | this.#held;
    this.store.columns.house.features[0] = features;
    return features;
  }

  /** Says that prices or parameters were written into the columns directly, so that what derives from them is old. */
  touch(): void {
    this.#stale = true;
    this.#tables = true;
  }

  protected load(json: unknown): this {
    const book = readHead(readJSON(json));
    this.#head = book.head;
    this.store.columns.house.rule[0] = book.head.liquidatableWhen === '<=' ? 1 : 0;
    this.reserve({ accounts: book.accounts.length, ...countRows(book.accounts) });
    book.assets.forEach((a, i) => {
      this.addAsset(a as AssetJSON, `assets[${i}]`);
    });
    book.markets.forEach((m, i) => {
      this.addMarket(m as MarketJSON, `markets[${i}]`);
    });
    book.accounts.forEach((a, i) => {
      this.addAccount(a as AccountJSON, `accounts[${i}]`);
    });
    return this;
  }

  protected loadEncoded(bytes: Uint8Array): this {
    const names = decodeBook(this.store, bytes);
    this.#head = names.head;
    for (const [ids, list] of [
      [this.#assets, names.assets],
      [this.#markets, names.markets],
      [this.#accounts, names.accounts],
      [this.#underlyings, names.underlyings],
    ] as const) {
      for (const id of list) {
        ids.free(id, 'names');
        ids.add(id);
      }
    }
    this.#held = heldFeatures(this.store);
    this.touch();
    return this;
  }

  #prices<C extends object>(
    columns: C,
    row: number,
    main: keyof C & string,
    others: readonly (keyof C & string)[],
    price: Decimal,
    more: Record<string, Decimal | undefined>,
    range: Range,
  ): void {
    const f = new Fields({ ...more }, main, others);
    const view = (key: keyof C): Float64Array => columns[key] as unknown as Float64Array;
    const now = decimal(price, main, range);
    const had = view(main)[row] ?? 0;
    const next = others.map((key) => {
      const before = view(key)[row] ?? 0;
      return f.number(key, range, before === had ? now : before);
    });
    view(main)[row] = now;
    others.forEach((key, i) => {
      view(key)[row] = next[i] ?? now;
    });
    this.#stale = true;
  }

  #set(section: 'asset' | 'market', row: number, values: Record<string, number>): void {
    const columns = this.store.columns[section] as unknown as Record<string, Float64Array>;
    for (const [name, value] of Object.entries(values)) {
      const view = columns[name];
      if (view) view[row] = value;
    }
    this.touch();
  }

  readonly #directory: Directory = {
    asset: (id, path) => this.asset(id, path),
    market: (id, path) => this.market(id, path),
  };

  #underlying(name: string): number {
    return this.#underlyings.has(name) ? this.#underlyings.row(name, 'underlying') : this.#underlyings.add(name);
  }

  #ensureTables(asset: AssetRow | undefined, market: MarketRow | undefined): void {
    if (asset) this.store.ensure('tier', asset.assetTiers.length + asset.debtTiers.length);
    if (market) {
      this.store.ensure('line', market.lines.length + market.shortLines.length);
      this.store.ensure('bucket', MOST_BUCKETS);
    }
  }

  /** Runs an update on the unit of a place. A bucket that is not there is opened for it, and closed again if it is refused. */
  #update(account: Ref, place: Fields, run: (unit: number) => void): void {
    const units = this.units;
    const u = this.#place(account, place.has('bucket') ? place.integer('bucket', 0, NONE - 1, 0) : 0);
    try {
      run(u);
    } catch (e) {
      if (this.units > units) {
        const { next } = this.store.columns.unit;
        for (const before of this.unitsOf(account)) if (next[before] === u) next[before] = next[u] ?? NONE;
        this.store.setCount('unit', units);
      }
      throw e;
    }
  }

  /** Row of a market that has positions. */
  #derivative(market: Ref): number {
    const m = this.market(market);
    if (this.store.columns.market.kind[m] !== KIND.spot) return m;
    throw new MarginError('conflict', { path: 'market', got: market, expected: 'a derivative: a spot market has balances, no positions' });
  }

  /** Unit of an account and bucket; a bucket that is not there yet is opened. */
  #place(account: Ref, bucket: number): number {
    const units = this.unitsOf(account);
    const found = units.find((u) => this.unitBucket(u) === bucket);
    if (found !== undefined) return found;
    makeRoom(this.store, 'unit', 1);
    const u = appendUnit(this.store, this.account(account), bucket);
    const { unit } = this.store.columns;
    const first = units[0] ?? 0;
    const before = units.filter((x) => this.unitBucket(x) < bucket).pop() ?? first;
    unit.next[u] = unit.next[before] ?? NONE;
    unit.next[before] = u;
    unit.multiplier[u] = unit.multiplier[first] ?? 1;
    unit.buffer[u] = unit.buffer[first] ?? 0;
    unit.rateFloor[u] = unit.rateFloor[first] ?? 0;
    return u;
  }

  #hold(account: AccountRow): void {
    if (account.multiplier !== 1 || account.buffer !== 0 || account.rateFloor !== 0) this.#held |= FEATURE.full;
    for (const unit of account.units) {
      for (const b of unit.balances) {
        for (const p of b.positions) {
          if (p.funding !== 0) this.#held |= FEATURE.funding;
          if (p.ownRate !== 0 || p.order) this.#held |= FEATURE.full;
        }
      }
    }
  }

  static isEncoded(bytes: Uint8Array): boolean {
    return isEncoded(bytes);
  }
}

function heldFeatures(store: Store): number {
  const { position, unit } = store.columns;
  let held = 0;
  for (let p = 0; p < store.count('position'); p++) {
    if (position.funding[p] !== 0) held |= FEATURE.funding;
    if (position.ownRate[p] !== 0 || position.order[p] !== 0) held |= FEATURE.full;
  }
  for (let u = 0; u < store.count('unit'); u++) {
    if (unit.multiplier[u] !== 1 || unit.buffer[u] !== 0 || unit.rateFloor[u] !== 0) held |= FEATURE.full;
  }
  return held;
}

/** Rows of a list of accounts, for one reservation; a guess that need not be right. */
function countRows(accounts: unknown[]): Capacity {
  const length = (x: unknown): number => (Array.isArray(x) ? x.length : 0);
  let balances = 0;
  let positions = 0;
  for (const a of accounts as Partial<AccountJSON>[]) {
    balances += Object.keys(a?.balances ?? {}).length;
    positions += length(a?.positions);
  }
  return { balances, positions };
}
