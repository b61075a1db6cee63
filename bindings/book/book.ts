// The book: assets, markets and accounts in the packed memory of one engine, with their names; this file is its doors.
// JSON, binary and live updates all end in the same rows; the engine's calls (margin.ts ...) are functions on a book.
import type { ModelJSON } from '../scenario/types.js';
import { accountJSON, type Names } from './account.js';
import { BookAccounts } from './book-accounts.js';
import type { Ref } from './book-rows.js';
import { countRows, type DecodeOptions, slackOf } from './capacity.js';
import { decodeBook, encodeBook, isEncoded } from './codec.js';
import { compacted } from './compact.js';
import { heldFeatures } from './features.js';
import { readHead, readJSON } from './json.js';
import type { AccountJSON, AssetJSON, BookJSON, ExpiryJSON, MarketJSON } from './types.js';
import { usedNames } from './underlyings.js';

export type { FillInput, OrderInput, Place } from './book-accounts.js';
export type { BookOptions, Capacity, DecodeOptions } from './capacity.js';

/** What every Book can do, whichever entry it is of. */
export abstract class BookBase extends BookAccounts {
  /** The whole book as `book@1`. Reading it again gives the same columns. */
  toJSON(): BookJSON {
    const { columns } = this.store;
    const rows = <T>(n: number, of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i));
    const names = this.#names;
    const { models } = this;
    return {
      format: 'margin-kernel/book@1',
      numeraire: this.numeraire,
      ...(this.time === undefined ? {} : { time: this.time }),
      ...(this.head.liquidatableWhen === '<' ? {} : { liquidatableWhen: this.head.liquidatableWhen }),
      assets: rows(this.assets, (a) => this.assetJSON(a)),
      ...(this.store.count('expiry') === 0 ? {} : { expiries: this.#expiries() }),
      ...(models.length === 0 ? {} : { models: models.map(({ json }) => structuredClone(json)) }),
      markets: rows(this.markets, (m) => this.marketJSON(m)),
      accounts: rows(this.accounts, (a) => accountJSON(columns, a, this.accountId(a), names)),
    };
  }

  /** One account as JSON. */
  accountJSON(account: Ref): AccountJSON {
    const a = this.account(account);
    return accountJSON(this.store.columns, a, this.accountId(a), this.#names);
  }

  readonly #names: Names = {
    asset: (row) => this.assetId(row),
    market: (row) => this.marketId(row),
    model: (row) => this.modelId(row),
  };

  #expiries(): ExpiryJSON[] {
    const { doors } = this.scenarios('expiries');
    const { columns } = this.store;
    return this.expiryIds.names.map((id, e) => doors.expiryJSON(columns, e, id, this.#names.asset));
  }

  /** The book in one buffer, rows in canonical order: a file, a message and a worker carry the same bytes. */
  encode(): Uint8Array<ArrayBuffer> {
    const packed = compacted(this.store);
    return encodeBook(packed, {
      head: this.head,
      assets: this.assetIds.names,
      markets: this.marketIds.names,
      accounts: this.accountIds.names,
      underlyings: usedNames(packed.market.underlying as Uint32Array, this.underlyingIds.names),
      expiries: this.expiryIds.names,
      models: this.models.map(({ json }) => json),
    });
  }

  protected load(json: unknown): this {
    const book = readHead(readJSON(json));
    this.head = book.head;
    this.store.columns.house.rule[0] = book.head.liquidatableWhen === '<=' ? 1 : 0;
    this.reserve({ accounts: book.accounts.length, ...countRows(book.accounts) });
    book.assets.forEach((a, i) => {
      this.addAsset(a as AssetJSON, `assets[${i}]`);
    });
    book.expiries.forEach((e, i) => {
      this.addExpiry(e as ExpiryJSON, `expiries[${i}]`);
    });
    book.models.forEach((m, i) => {
      this.addModel(m as ModelJSON, `models[${i}]`);
    });
    book.markets.forEach((m, i) => {
      this.addMarket(m as MarketJSON, `markets[${i}]`);
    });
    book.accounts.forEach((a, i) => {
      this.addAccount(a as AccountJSON, `accounts[${i}]`);
    });
    return this;
  }

  protected loadEncoded(bytes: Uint8Array, options: DecodeOptions): this {
    const names = decodeBook(this.store, bytes, slackOf(options), (path) => this.scenarios(path));
    this.head = names.head;
    for (const [ids, list] of [
      [this.assetIds, names.assets],
      [this.marketIds, names.markets],
      [this.accountIds, names.accounts],
      [this.underlyingIds, names.underlyings],
      [this.expiryIds, names.expiries],
    ] as const) {
      for (const id of list) {
        ids.free(id, 'names');
        ids.add(id);
      }
    }
    names.models.forEach((model, i) => {
      this.addModel(model, `contents.models[${i}]`);
    });
    this.models.forEach((model, i) => {
      this.checkHolders(model, i, 'corrupt', `contents.models[${i}]`);
    });
    this.held = heldFeatures(this.store);
    this.touch();
    return this;
  }

  /** Whether bytes begin as those of `encode` do. What follows them is checked by `decode`. */
  static isEncoded(bytes: Uint8Array): boolean {
    return isEncoded(bytes);
  }
}
