// Underlyings of a book: one an expiry, whichever door its markets come through; numbers that the rows alone decide.
import { describe, expect, it } from 'vitest';
import { crc32 } from '../bindings/book/crc.js';
import { margin } from '../bindings/margin.js';
import type { BookBase, BookJSON, MarketJSON } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import { Book } from '../bindings/scenario.js';
import { Random } from './random-book.js';
import { refusedWith } from './refusal.js';

const DOORS = [Book, ReferenceBook] as const;
const NO_BRACKETS = [{ upTo: null, maintenanceRate: 0 }];

const option = (id: string, more: Partial<MarketJSON> = {}): MarketJSON => {
  return { id, kind: 'call', expiry: 'near', strike: 100, volatility: 0.5, settle: 'USD', ...more };
};
const future = (id: string, more: Partial<MarketJSON> = {}): MarketJSON => {
  const terms = { kind: 'linear', base: 'BTC', settle: 'USD', mark: 100, brackets: NO_BRACKETS } as const;
  return { id, ...terms, expiry: 'near', ...more };
};
const json = (...markets: MarketJSON[]): BookJSON => ({
  format: 'margin-kernel/book@1',
  assets: [
    { id: 'USD', price: 1 },
    { id: 'BTC', price: 100 },
  ],
  expiries: [
    { id: 'near', asset: 'BTC', seconds: 864_000, forward: 101 },
    { id: 'far', asset: 'BTC', seconds: 8_640_000, forward: 102 },
  ],
  markets,
  accounts: [],
});

/** An encoded book, its contents and columns changed, with the checksum of what it holds now. */
function changed(bytes: Uint8Array, change: (contents: { underlyings: string[] }, underlying: Uint32Array) => void) {
  const length = new DataView(bytes.buffer).getUint32(8, true);
  const contents = JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + length)));
  const columns = bytes.slice(Math.ceil((16 + length) / 8) * 8);
  const entry = contents.columns.find(([s, c]: unknown[]) => s === 'market' && c === 'underlying');
  change(contents, new Uint32Array(columns.buffer, entry[5], entry[4]));
  const text = new TextEncoder().encode(JSON.stringify(contents));
  const start = Math.ceil((16 + text.length) / 8) * 8;
  const out = new Uint8Array(start + columns.length);
  out.set(bytes.subarray(0, 16));
  out.set(text, 16);
  out.set(columns, start);
  const head = new DataView(out.buffer);
  head.setUint32(8, text.length, true);
  head.setUint32(12, crc32(out.subarray(16)), true);
  return out;
}

describe('an expiry', () => {
  const other = { underlying: 'OTHER' };
  const conflict = (path: string, got: string, wanted: string) => ({
    code: 'conflict',
    path,
    got,
    expected: `"${wanted}", as the other markets of its expiry`,
    hint: 'Give what is on another underlying an expiry of its own',
  });

  it.each([
    ['options', option('A'), option('B', other)],
    ['futures', future('A'), future('B', other)],
    ['an option and a future', option('A'), future('B', other)],
  ])('has one underlying: %s', (_name, a, b) => {
    for (const Door of DOORS) {
      const refused = conflict('markets[1].underlying', 'OTHER', 'BTC');
      expect(refusedWith(() => Door.fromJSON(json(a, b)))).toMatchObject(refused);
      const book = Door.fromJSON(json(a));
      expect(refusedWith(() => book.addMarket(b))).toMatchObject(conflict('market.underlying', 'OTHER', 'BTC'));
      expect(book.toJSON()).toEqual(Door.fromJSON(json(a)).toJSON());
      book.addMarket({ ...b, expiry: 'far' });
      book.addMarket(future('P', { ...other, expiry: undefined } as object));
    }
  });

  it('keeps it when a market is replaced, unless that is its only one', () => {
    for (const Door of DOORS) {
      const book = Door.fromJSON(json(option('A')));
      book.replaceMarket(option('A', other));
      expect(refusedWith(() => book.addMarket(option('B')))).toMatchObject(
        conflict('market.underlying', 'BTC', 'OTHER'),
      );
      book.addMarket(option('B', other));
      const replaced = () => book.replaceMarket(option('A'));
      expect(refusedWith(replaced)).toMatchObject(conflict('market.underlying', 'BTC', 'OTHER'));
      book.replaceMarket(option('A', { ...other, volatility: 1 }));
      expect(book.markets).toBe(2);
    }
  });

  it('has one in bytes too', () => {
    const bytes = Book.fromJSON(json(option('A'), option('B', { ...other, expiry: 'far' }), option('C'))).encode();
    const mixed = changed(bytes, (_contents, underlying) => {
      underlying[2] = 1;
    });
    for (const Door of DOORS) {
      expect(refusedWith(() => Door.decode(mixed))).toMatchObject({
        code: 'corrupt',
        path: 'market.underlying',
        index: 2,
        got: 1,
        expected: '0, as the other markets of its expiry',
      });
      const book = Door.decode(bytes);
      expect(refusedWith(() => book.addMarket(option('D', other)))).toMatchObject({ code: 'conflict' });
    }
  });
});

describe('numbers of underlyings', () => {
  const coins = ['X', 'Y', 'Z'];

  /** A book that is asked of before its markets come, or is not. */
  function asked(Door: (typeof DOORS)[number], early: boolean): BookBase {
    const book = Door.create({ numeraire: 'USD' });
    for (const id of ['USD', ...coins]) book.addAsset({ id, price: 1.1 });
    book.addAsset({ id: 'H', price: 1.1, hedges: 'Z' });
    book.addModel({
      id: 'm',
      scenarios: [{ price: 0.1 }, { price: -0.1 }],
      requirement: { each: { scan: 'scan' } },
    });
    if (early) margin(book);
    for (const base of coins) {
      book.addMarket({ id: `${base}-P`, kind: 'linear', base, settle: 'USD', mark: 1.1, brackets: NO_BRACKETS });
    }
    const r = new Random(7);
    for (let i = 0; i < 200; i++) {
      const positions = coins.map((coin) => ({ market: `${coin}-P`, size: r.wide(0.1, 1e5), entry: 1.1 }));
      book.addAccount({ id: `a${i}`, model: 'm', balances: { USD: 1e4, H: r.wide(1, 1e4) }, positions });
    }
    return book;
  }
  const figures = (book: BookBase): object => {
    const { initialMargin, maintenanceMargin, equity } = margin(book).copy();
    return { initialMargin, maintenanceMargin, equity };
  };

  it('do not depend on what was asked before', () => {
    for (const Door of DOORS) {
      const book = asked(Door, true);
      const of = figures(book);
      expect(figures(asked(Door, false))).toEqual(of);
      expect(figures(Door.decode(book.encode()))).toEqual(of);
      expect(figures(Door.fromJSON(JSON.stringify(book.toJSON())))).toEqual(of);
      expect(coins.map((coin) => book.underlying(coin))).toEqual([0, 1, 2]);
    }
    expect(figures(asked(Book, true))).toEqual(figures(asked(ReferenceBook, true)));
  });

  it('nor on what markets were on before they were replaced', () => {
    for (const Door of DOORS) {
      const book = asked(Door, true);
      const x = book.marketJSON('X-P');
      book.replaceMarket({ ...x, underlying: 'other' });
      margin(book);
      expect(book.underlying('other')).toBe(0);
      book.replaceMarket(x);
      expect(book.underlying('X')).toBe(0);
      expect(refusedWith(() => book.underlying('other'))).toMatchObject({ code: 'unknown-id' });
      expect(figures(book)).toEqual(figures(asked(Door, false)));
    }
  });

  it('are known before any question, also of what only a balance follows', () => {
    for (const Door of DOORS) {
      const book = Door.create({ numeraire: 'USD' });
      book.addAsset({ id: 'A', price: 2, hedges: 'A' });
      expect(book.underlying('A')).toBe(0);
      expect(book.underlyingId(0)).toBe('A');
    }
  });

  it('are written in one way', () => {
    const bytes = asked(Book, true).encode();
    const unused = changed(bytes, ({ underlyings }) => underlyings.push('zz'));
    const turned = changed(bytes, ({ underlyings }, underlying) => {
      underlyings.reverse();
      underlying.reverse();
    });
    for (const Door of DOORS) {
      expect(refusedWith(() => Door.decode(unused))).toMatchObject({
        code: 'corrupt',
        path: 'contents.underlyings',
        index: 3,
        got: 'zz',
        expected: 'no underlying without a market',
      });
      expect(refusedWith(() => Door.decode(turned))).toMatchObject({
        code: 'corrupt',
        path: 'market.underlying',
        index: 0,
        got: 2,
        expected: 'at most 0: names by first use',
      });
      expect(Buffer.compare(Door.decode(bytes).encode(), bytes)).toBe(0);
    }
  });
});
