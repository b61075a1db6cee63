// What the doors of a venue refuse, and that nothing has happened then: ledgers that are not the book's any more, options that
// nobody would read, amounts that two options name.
import { describe, expect, it } from 'vitest';
import { Book, type BookJSON } from '../bindings/index.js';
import {
  defaultsOf,
  hedgeReliefs,
  ledgerOf,
  previewParameters,
  projectInto,
  type ResolveOptions,
  resolveDefaults,
  sizeFund,
  stressLosses,
} from '../bindings/venue/index.js';
import { type DefaultEvent, presets, run, type Stage } from '../bindings/waterfall/index.js';
import { refusal } from './refusal.js';

const venue = (): BookJSON => ({
  format: 'margin-kernel/book@1',
  assets: [{ id: 'USDT', price: 1, decimals: 2 }],
  markets: [
    {
      id: 'BTC-PERP',
      kind: 'linear',
      settle: 'USDT',
      mark: 50_000,
      lot: 0.001,
      brackets: [{ upTo: null, maintenanceRate: 0.01, initialRate: 0.02 }],
    },
  ],
  accounts: [
    { id: 'long', balances: { USDT: 1000 }, positions: [{ market: 'BTC-PERP', size: 0.3, entry: 60_000 }] },
    { id: 'short', balances: { USDT: 9000 }, positions: [{ market: 'BTC-PERP', size: -0.3, entry: 60_000 }] },
    { id: 'saver', balances: { USDT: 700 } },
  ],
});
const funds = [{ id: 'insurance', balances: { USDT: 500n } }];
const everybody: Stage[] = [{ id: 'all', who: 'survivors', whenEmpty: 'skip' }];

describe('resolving', () => {
  const refused = (change: (book: Book) => void, options: Partial<ResolveOptions> = {}, stages = everybody): string => {
    const book = Book.fromJSON(venue());
    const ledger = ledgerOf(book, { funds });
    change(book);
    const before = JSON.stringify(book.toJSON());
    const message = refusal(() => resolveDefaults(book, ledger, stages, options));
    expect(JSON.stringify(book.toJSON())).toBe(before);
    return message;
  };

  it('takes a ledger that is the book’s', () => {
    const book = Book.fromJSON(venue());
    const { rounds, residual } = resolveDefaults(book, ledgerOf(book, { funds }), everybody, {});
    expect(rounds.length).toBe(1);
    expect(residual).toEqual({});
  });

  it.each<[string, (book: Book) => void, RegExp]>([
    [
      'a fill',
      (book) => book.fill('saver', { market: 'BTC-PERP', size: 0.1, price: 50_000 }),
      /conflict at state\.saver\.positions\.BTC-PERP\.lots: got 0n, expected 100, as the book has it now\. Make the ledger after/,
    ],
    [
      'a close',
      (book) => book.fill('short', { market: 'BTC-PERP', size: 0.3, price: 50_000 }),
      /state\.short\.positions.*got -300n, expected 0/,
    ],
    [
      'a deposit',
      (book) => book.deposit('saver', 'USDT', 0.01),
      /conflict at state\.saver\.balances\.USDT: got 70000n, expected 70001/,
    ],
    [
      'an account',
      (book) => book.addAccount({ id: 'new', balances: { USDT: 5 } }),
      /conflict at state\[3\]: got "insurance", expected "new"/,
    ],
  ])('refuses one from before %s', (_name, change, message) => {
    expect(refused(change)).toMatch(message);
  });

  it('refuses one in other units, also where nobody defaults', () => {
    const json = venue();
    json.accounts = json.accounts.slice(2);
    const book = Book.fromJSON(json);
    const hint = /conflict at state\.markets\.BTC-PERP: .*Pass the `decimals` and `lots` that ledgerOf had/;
    expect(refusal(() => resolveDefaults(book, ledgerOf(book, { decimals: 6 }), everybody, {}))).toMatch(hint);
    expect(refusal(() => projectInto(book, ledgerOf(book, { decimals: 6 }), ['saver']))).toMatch(hint);
  });

  it('refuses what it would not read', () => {
    const nothing = (): void => {};
    expect(refused(nothing, { close: 'al' as 'all' })).toMatch(/type at options\.close: got "al".*"all"/);
    expect(refused(nothing, { assets: ['USDT', 'USDT'] })).toMatch(/duplicate at options\.assets\[1\]/);
    expect(refused(nothing, { assets: ['USD'] })).toMatch(/unknown-id at options\.assets\[0\].*"USDT"/);
    expect(refused(nothing, { assets: 'USDT' as never })).toMatch(/type at options\.assets/);
    expect(refused(nothing, {}, [{ id: 'x' }] as never)).toMatch(/stages\[0\]\.who/);
  });

  it('names stages as the caller has them, and where their accounts belong', () => {
    const stages: Stage[] = [
      { kind: 'liquidate', id: 'book' },
      { id: 'fund', who: ['insurance'] },
      { id: 'x', who: ['xx'] },
    ];
    expect(refused(() => {}, {}, stages)).toMatch(/unknown-id at stages\[2\]\.who\[0\]: got "xx".*`funds` of ledgerOf/);
    expect(refused(() => {}, {}, [...presets.hyperliquid])).toMatch(/unknown-id at stages\[1\]\.to: got "vault"/);
  });
});

describe('a ledger', () => {
  const made = (options: object): string => refusal(() => ledgerOf(Book.fromJSON(venue()), options));

  it('has each amount from one option', () => {
    const ccp = [{ id: 'ccp', purses: { fund: { USDT: 5n } } }];
    expect(made({ funds: ccp, purses: { fund: { USDT: { ccp: 7n } } } })).toMatch(
      /conflict at purses\.fund\.USDT\.ccp: got 7n/,
    );
    expect(made({ funds: ccp, purses: { fund: { USDT: [0n, 0n, 0n, 7n] } } })).toMatch(/purses\.fund\.USDT\[3\]/);
    const state = ledgerOf(Book.fromJSON(venue()), { funds: ccp, purses: { fund: { USDT: [1n, 0n, 0n, 0n] } } });
    expect([state.amount('ccp', 'USDT', 'fund'), state.amount('long', 'USDT', 'fund')]).toEqual([5n, 1n]);
  });

  it('has a clock of whole numbers', () => {
    expect(made({ time: 'x' })).toMatch(/range at options\.time/);
    expect(made({ block: -1 })).toMatch(/range at options\.block/);
    expect(made({ purses: { fund: { USDT: ['x'] } } })).toMatch(/type at purses\.fund\.USDT\[0\]/);
  });
});

describe('other doors', () => {
  const book = Book.fromJSON(venue());

  it.each([2.5, Number.NaN, -1, 31, '2'])('refuse %s digits', (decimals) => {
    const options = { decimals: decimals as number };
    const digits = /range at options\.decimals.*0 to 30 digits/;
    expect(refusal(() => stressLosses(book, {}, options))).toMatch(digits);
    expect(refusal(() => hedgeReliefs(book, 'BTC-PERP', ['short'], options))).toMatch(digits);
    expect(refusal(() => previewParameters(book, {}, options))).toMatch(digits);
    expect(refusal(() => ledgerOf(book, options))).toMatch(/(range|type) at decimals/);
  });

  it('refuse what they would not read', () => {
    expect(refusal(() => stressLosses(book, { markets: 7 as never }))).toMatch(/type at moves\.markets/);
    expect(refusal(() => sizeFund([], undefined as never))).toMatch(/type at rule/);
    expect(refusal(() => sizeFund([1n], { capitalCost: 1, lossWeight: 2, cove: 2 } as never))).toMatch(
      /unknown-key at rule\.cove/,
    );
    expect(refusal(() => defaultsOf(book, undefined as never))).toMatch(/type at risk/);
    expect(refusal(() => projectInto(book, ledgerOf(book), [], { missing: 'Add' as 'add' }))).toMatch(
      /type at options\.missing/,
    );
  });
});

describe('a run', () => {
  it('refuses an event without anybody by its name', () => {
    const event = { asset: 'USDT' } as DefaultEvent;
    expect(refusal(() => run(ledgerOf(Book.fromJSON(venue())), everybody, event))).toMatch(
      /missing-key at event\.defaulters/,
    );
  });
});
