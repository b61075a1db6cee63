// What a door refuses: for each bad input the whole message that a user reads, its code and path, and a book that is the
// same byte for byte after it.
import { describe, expect, it } from 'vitest';
import { crc32 } from '../bindings/book/crc.js';
import { nearest } from '../bindings/book/nearest.js';
import { accountMargin, Book, explain, MarginError, margin } from '../bindings/index.js';
import type {
  AccountJSON,
  AssetJSON,
  BookJSON,
  BookOptions,
  FillInput,
  MarketJSON,
  OrderInput,
  OrderJSON,
  PositionJSON,
} from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';

const BOOK: BookJSON = {
  format: 'margin-kernel/book@1',
  assets: [
    { id: 'USDT', price: 1 },
    { id: 'BTC', price: 20000 },
  ],
  markets: [
    {
      id: 'BTC-PERP',
      kind: 'linear',
      settle: 'USDT',
      mark: 20000,
      brackets: [
        { upTo: 50000, maintenanceRate: 0.01, initialRate: 0.02 },
        { upTo: null, maintenanceRate: 0.02, initialRate: 0.04 },
      ],
    },
    { id: 'BTC/USDT', kind: 'spot', base: 'BTC', quote: 'USDT', mark: 20000 },
    {
      id: 'UNITS',
      kind: 'linear',
      settle: 'USDT',
      mark: 100,
      brackets: [{ upTo: null, maintenanceRate: 0.1 }],
      rounding: { notional: 'trunc' },
    },
    { id: 'YES', kind: 'prediction', settle: 'USDT', mark: 0.4, brackets: [{ upTo: null, maintenanceRate: 0.5 }] },
  ],
  accounts: [
    {
      id: 'alice',
      balances: { USDT: 1000 },
      positions: [{ market: 'BTC-PERP', size: 1, entry: 20000 }],
      orders: [{ market: 'BTC/USDT', side: 'buy', size: 1, price: 10 }],
      buckets: [{ bucket: 1, balances: { BTC: 1 } }],
    },
    { id: 'bob' },
    {
      id: 'whale',
      balances: { USDT: 1e30 },
      positions: [{ market: 'BTC-PERP', size: 1e30, entry: 1 }],
      orders: [{ market: 'BTC/USDT', side: 'buy', size: 1e30, price: 1e-30 }],
    },
  ],
};

function refusal(call: () => unknown): MarginError {
  try {
    call();
  } catch (e) {
    if (e instanceof MarginError) return e;
    throw e;
  }
  return expect.fail('it was accepted');
}

/** The message is whole, and says code and path as the error's own fields do. */
function expectRefusal(call: () => unknown, message: string): void {
  const { code, path, index, ...error } = refusal(call);
  const where = path === undefined ? '' : ` at ${path}${index === undefined ? '' : `[${index}]`}`;
  expect(refusal(call).message).toBe(message);
  expect(message.startsWith(`${code}${where}: `)).toBe(true);
  expect(error.name).toBe('MarginError');
  expect(path).toBeTruthy();
  // What was got or what was expected: a message never says neither.
  expect(error.expected).toBeTruthy();
}

/** As `expectRefusal`, on a book that must not change. */
function expectUnchanged(call: (book: Book) => unknown, message: string): void {
  for (const Door of [Book, ReferenceBook]) {
    const book = Door.fromJSON(BOOK);
    const before = Buffer.from(book.encode());
    expectRefusal(() => call(book), message);
    expect(Buffer.compare(book.encode(), before)).toBe(0);
  }
}

/** Anything that a caller without types may hand over. */
type Loose<T> = { [K in keyof T]?: unknown } & Record<string, unknown>;

const rows = <T>(cases: [string, T, string][]): [string, T, string][] => cases;

describe('text and head', () => {
  const head = (more: object): string =>
    JSON.stringify({ format: 'margin-kernel/book@1', assets: [], markets: [], accounts: [], ...more });
  it.each(
    // biome-ignore format: one case a line
    rows<string>([
      ['nothing', '', 'syntax at book: expected JSON text: Unexpected end of JSON input'],
      ['text that ends early', '{"format": ', 'syntax at book: expected JSON text: Unexpected end of JSON input'],
      ['null', 'null', 'type at book: got null, expected an object'],
      ['a list', '[]', 'type at book: got [], expected an object'],
      ['no format', '{}', 'missing-key at format: expected "margin-kernel/book@1"'],
      ['another version', '{"format":"margin-kernel/book@2"}', 'format at format: got "margin-kernel/book@2", expected "margin-kernel/book@1"'],
      ['another thing', '{"format":2}', 'format at format: got 2, expected "margin-kernel/book@1"'],
      ['no assets', '{"format":"margin-kernel/book@1"}', 'missing-key at assets: expected a list'],
      ['null for a list', head({ accounts: null }), 'missing-key at accounts: expected a list'],
      ['an object for a list', head({ markets: {} }), 'type at markets: got {}, expected a list'],
      ['an unknown key', head({ acounts: [] }), 'unknown-key at acounts: expected one of format, numeraire, time, liquidatableWhen, assets, expiries, models, markets, accounts. Did you mean "accounts"?'],
      ['a key like no other', head({ zzzzzzzzzzz: [] }), 'unknown-key at zzzzzzzzzzz: expected one of format, numeraire, time, liquidatableWhen, assets, expiries, models, markets, accounts'],
      ['a time in words', head({ time: 'yesterday' }), 'type at time: got "yesterday", expected an ISO 8601 time such as "2022-11-09T00:00:00Z"'],
      ['an empty numeraire', head({ numeraire: '' }), 'type at numeraire: got "", expected a text that is not empty'],
      ['a rule that is none', head({ liquidatableWhen: '=<' }), 'type at liquidatableWhen: got "=<", expected one of <, <=. Did you mean "<"?'],
      ['null for an asset', head({ assets: [null] }), 'type at assets[0]: got null, expected an object'],
      ['a number beyond doubles', '{"format":"margin-kernel/book@1","assets":[{"id":"USDT","price":1e999}],"markets":[],"accounts":[]}', 'not-finite at assets[0].price: got Infinity, expected a finite number'],
      ['a balance that stands twice', '{"format":"margin-kernel/book@1","assets":[{"id":"USDT","price":1}],"markets":[],"accounts":[{"id":"a"},{"id":"b","balances":{"USDT":1,"USDT":2}}]}', 'duplicate at accounts[1].balances.USDT: expected each key once in an object'],
      ['a key that stands twice in other letters', '{"format":"margin-kernel/book@1","assets":[{"id":"U","price":1,"pri\\u0063e":2}],"markets":[],"accounts":[]}', 'duplicate at assets[0].price: expected each key once in an object'],
    ]),
  )('%s', (_name, text, message) => {
    expectRefusal(() => Book.fromJSON(text), message);
    expectRefusal(() => ReferenceBook.fromJSON(text), message);
  });

  it('a text that stands twice as a value, or twice in two objects, is no duplicate', () => {
    const text =
      '{"format":"margin-kernel/book@1","assets":[{"id":"a:b","price":1},{"id":"a:b\\"},{","price":1}],"markets":[],"accounts":[{"id":"a","balances":{"a:b":1}},{"id":"b","balances":{"a:b":1}}]}';
    expect(Book.fromJSON(text).accounts).toBe(2);
  });

  it('texts of many megabytes and deep nesting are read or refused, never more than the stack holds', () => {
    const long = JSON.stringify({ ...BOOK, numeraire: '"\\\n'.repeat(2_000_000) });
    expect(Book.fromJSON(long).numeraire).toHaveLength(6_000_000);
    const deep = head({ assets: [{ id: 'U', price: 'DEEP' }] }).replace(
      '"DEEP"',
      '['.repeat(100_000) + ']'.repeat(100_000),
    );
    expectRefusal(
      () => Book.fromJSON(deep),
      'type at assets[0].price: got a list, expected a number or a decimal string such as "1000.50"',
    );
    const cycle: Record<string, unknown> = { id: 'U' };
    cycle.price = cycle;
    expectRefusal(
      () => Book.fromJSON({ ...BOOK, assets: [cycle] } as unknown as BookJSON),
      'type at assets[0].price: got an object, expected a number or a decimal string such as "1000.50"',
    );
  });
});

describe('assets', () => {
  it.each(
    // biome-ignore format: one case a line
    rows<Loose<AssetJSON>>([
      ['a price that is NaN', { price: NaN }, 'not-finite at assets[2].price: got NaN, expected a finite number'],
      ['an infinite price', { price: Infinity }, 'not-finite at assets[2].price: got Infinity, expected a finite number'],
      ['a negative price', { price: -1 }, 'range at assets[2].price: got -1, expected a number >= 0'],
      ['a price too small to divide by', { price: 1e-31 }, 'range at assets[2].price: got 1e-31, expected 0 or a magnitude from 1e-30 to 1e+30'],
      ['a price too large to multiply with', { price: 1e31 }, 'range at assets[2].price: got 1e+31, expected 0 or a magnitude from 1e-30 to 1e+30'],
      ['no price', { price: undefined }, 'missing-key at assets[2].price: expected a number >= 0'],
      ['null for a price', { price: null }, 'type at assets[2].price: got null, expected a number or a decimal string such as "1000.50"'],
      ['a price with a thousands separator', { price: '1,000' }, 'type at assets[2].price: got "1,000", expected a number or a decimal string such as "1000.50"'],
      ['a hexadecimal price', { price: '0x10' }, 'type at assets[2].price: got "0x10", expected a number or a decimal string such as "1000.50"'],
      ['an empty price', { price: '' }, 'type at assets[2].price: got "", expected a number or a decimal string such as "1000.50"'],
      ['a decimal string beyond doubles', { price: '1e999' }, 'not-finite at assets[2].price: got "1e999", expected a finite number'],
      ['NaN as text', { price: 'NaN' }, 'type at assets[2].price: got "NaN", expected a number or a decimal string such as "1000.50"'],
      ['a price with a blank', { price: ' 1' }, 'type at assets[2].price: got " 1", expected a number or a decimal string such as "1000.50"'],
      ['true for a price', { price: true }, 'type at assets[2].price: got true, expected a number or a decimal string such as "1000.50"'],
      ['a bigint', { price: 1n }, 'type at assets[2].price: got 1n, expected a number or a decimal string such as "1000.50"'],
      ['a bigint inside', { price: { units: 1n } }, 'type at assets[2].price: got an object, expected a number or a decimal string such as "1000.50"'],
      ['a negative guard', { twap: -1 }, 'range at assets[2].twap: got -1, expected a number >= 0'],
      ['an id that is taken', { id: 'BTC' }, 'duplicate at assets[2].id: got "BTC", expected an id that no other asset has'],
      ['no id', { id: undefined }, 'missing-key at assets[2].id: expected a text'],
      ['an empty id', { id: '' }, 'type at assets[2].id: got "", expected a text that is not empty'],
      ['a number for an id', { id: 5 }, 'type at assets[2].id: got 5, expected a text that is not empty'],
      ['an unknown key', { liabilityWeigth: 1 }, 'unknown-key at assets[2].liabilityWeigth: expected one of id, price, twap, stable, guard, confidence, confidenceThreshold, confidenceFactor, assetWeight, liabilityWeight, tiers, liabilityTiers, cap, curve, deposits, depositScaleStart, borrows, borrowScaleStart, depositIndex, borrowIndex, rateFloor, decimals, hedges. Did you mean "liabilityWeight"?'],
      ['an asset weight above 1, hence above the liability weight', { assetWeight: 1.01 }, 'range at assets[2].assetWeight: got 1.01, expected a number >= 0 and <= 1'],
      ['a negative asset weight', { assetWeight: { initial: 0.5, maintenance: -0.1 } }, 'range at assets[2].assetWeight.maintenance: got -0.1, expected a number >= 0 and <= 1'],
      ['a liability weight below 1', { liabilityWeight: 0.99 }, 'range at assets[2].liabilityWeight: got 0.99, expected a number >= 1 and <= 1000'],
      ['an unknown level', { assetWeight: { initial: 0.5, maintenence: 0.6 } }, 'unknown-key at assets[2].assetWeight.maintenence: expected one of initial, maintenance, liquidationEnd. Did you mean "maintenance"?'],
      ['no initial level', { assetWeight: { maintenance: 0.6 } }, 'missing-key at assets[2].assetWeight.initial: expected a value'],
      ['rising tier weights', { tiers: [{ upTo: 10, weight: 0.5 }, { upTo: null, weight: 0.6 }] }, 'not-concave at assets[2].tiers[1].weight: got 0.6, expected at most 0.5: haircut weights must not rise'],
      ['tier weights that rise at one level', { tiers: [{ upTo: 10, weight: 0.5 }, { upTo: null, weight: { initial: 0.4, maintenance: 0.6 } }] }, 'not-concave at assets[2].tiers[1].weight: got 0.6, expected at most 0.5: haircut weights must not rise'],
      ['falling liability weights', { liabilityTiers: [{ upTo: 10, weight: 1.2 }, { upTo: null, weight: 1.1 }] }, 'not-concave at assets[2].liabilityTiers[1].weight: got 1.1, expected at least 1.2: debt weights must not fall'],
      ['tiers out of order', { tiers: [{ upTo: 10, weight: 0.5 }, { upTo: 10, weight: 0.4 }] }, 'range at assets[2].tiers[1].upTo: got 10, expected more than 10. Write the rows by rising upTo'],
      ['an open tier before the last', { tiers: [{ upTo: null, weight: 0.5 }, { upTo: 10, weight: 0.4 }] }, 'missing-key at assets[2].tiers[0].upTo: expected a bound: only the last row of a table may be open'],
      ['a tier without weight', { tiers: [{ upTo: null }] }, 'missing-key at assets[2].tiers[0].weight: expected a weight'],
      ['a tier without end as an infinite number', { tiers: [{ upTo: Infinity, weight: 1 }] }, 'not-finite at assets[2].tiers[0].upTo: got Infinity, expected a finite number. null is no limit'],
      ['a tier that ends at 0', { tiers: [{ upTo: 0, weight: 1 }] }, 'range at assets[2].tiers[0].upTo: got 0, expected a number > 0'],
      ['tiers and a weight', { assetWeight: 1, tiers: [{ upTo: null, weight: 1 }] }, 'conflict at assets[2].tiers: expected either tiers or assetWeight'],
      ['tiers that are no list', { tiers: {} }, 'type at assets[2].tiers: got {}, expected a list'],
      ['a tier that is a number', { tiers: [3] }, 'type at assets[2].tiers[0]: got 3, expected an object'],
      ['a guard at an unknown level', { twap: 1, guard: ['inital'] }, 'type at assets[2].guard[0]: got "inital", expected one of initial, maintenance, liquidationEnd. Did you mean "initial"?'],
      ['a guard that is no list', { twap: 1, guard: 'initial' }, 'type at assets[2].guard: got "initial", expected a list'],
      ['confidence above 1', { confidence: 1.1 }, 'range at assets[2].confidence: got 1.1, expected a number >= 0 and <= 1'],
      ['an unknown curve', { curve: { kind: 'cube', factor: 1 } }, 'type at assets[2].curve.kind: got "cube", expected one of sqrt, power'],
      ['a curve without factor', { curve: { kind: 'sqrt' } }, 'missing-key at assets[2].curve.factor: expected a number >= 0'],
      ['a square root with another exponent', { curve: { kind: 'sqrt', factor: 1, exponent: 0.6 } }, 'conflict at assets[2].curve.exponent: got 0.6, expected 0.5, or kind "power"'],
      ['an exponent above 1', { curve: { kind: 'power', factor: 1, exponent: 2 } }, 'range at assets[2].curve.exponent: got 2, expected a number > 0 and <= 1'],
      ['a deposit index of 0', { depositIndex: 0 }, 'range at assets[2].depositIndex: got 0, expected a number > 0'],
      ['negative deposits', { deposits: -1 }, 'range at assets[2].deposits: got -1, expected a number >= 0'],
      ['half a digit', { decimals: 1.5 }, 'type at assets[2].decimals: got 1.5, expected a whole number'],
      ['too many digits', { decimals: 99 }, 'range at assets[2].decimals: got 99, expected a number >= 0 and <= 30'],
      ['a word for a flag', { rateFloor: 'yes' }, 'type at assets[2].rateFloor: got "yes", expected true or false'],
      ['an infinite cap', { cap: Infinity }, 'not-finite at assets[2].cap: got Infinity, expected a finite number. null is no limit'],
      ['a negative cap', { cap: -5 }, 'range at assets[2].cap: got -5, expected a number >= 0'],
    ]),
  )('%s', (_name, change, message) => {
    const asset = { id: 'X', price: 1, ...change } as unknown as AssetJSON;
    expectRefusal(() => Book.fromJSON({ ...BOOK, assets: [...BOOK.assets, asset] }), message);
    expectUnchanged((book) => book.addAsset(asset), message.replace('assets[2]', 'asset'));
    if ('id' in change) return;
    expectUnchanged((book) => book.replaceAsset({ ...asset, id: 'BTC' }), message.replace('assets[2]', 'asset'));
  });
});

describe('markets', () => {
  it.each(
    // biome-ignore format: one case a line
    rows<Loose<MarketJSON>>([
      ['an unknown kind', { kind: 'liner' }, 'type at markets[4].kind: got "liner", expected one of linear, inverse, quanto, prediction, spot, call, put. Did you mean "linear"?'],
      ['no kind', { kind: undefined }, 'missing-key at markets[4].kind: expected one of linear, inverse, quanto, prediction, spot, call, put'],
      ['an unknown settle asset', { settle: 'USTD' }, 'unknown-id at markets[4].settle: got "USTD", expected the id of an asset. Did you mean "USDT"?'],
      ['no settle asset', { settle: undefined }, 'missing-key at markets[4].settle: expected a text'],
      ['a mark of 0', { mark: 0 }, 'range at markets[4].mark: got 0, expected a number > 0'],
      ['a negative mark', { mark: -3 }, 'range at markets[4].mark: got -3, expected a number > 0'],
      ['a mark that is NaN', { mark: NaN }, 'not-finite at markets[4].mark: got NaN, expected a finite number'],
      ['no mark', { mark: undefined }, 'missing-key at markets[4].mark: expected a number > 0'],
      ['a negative index', { index: -1 }, 'range at markets[4].index: got -1, expected a number > 0'],
      ['a multiplier of 0', { multiplier: 0 }, 'range at markets[4].multiplier: got 0, expected a number > 0'],
      ['a negative multiplier', { multiplier: -1 }, 'range at markets[4].multiplier: got -1, expected a number > 0'],
      ['a multiplier too small to divide by', { multiplier: 1e-40 }, 'range at markets[4].multiplier: got 1e-40, expected a magnitude from 1e-21 to 1e+21'],
      ['a multiplier too large to multiply with', { multiplier: '1e22' }, 'range at markets[4].multiplier: got "1e22", expected a magnitude from 1e-21 to 1e+21'],
      ['an id that is taken', { id: 'YES' }, 'duplicate at markets[4].id: got "YES", expected an id that no other market has'],
      ['an unknown key', { marks: 1 }, 'unknown-key at markets[4].marks: expected one of id, kind, underlying, beta, base, quote, settle, multiplier, tick, lot, minNotional, maxSize, mark, index, twap, stable, guard, confidence, confidenceThreshold, confidenceFactor, brackets, shortBrackets, tables, curve, openInterest, openInterestLower, openInterestUpper, pnlWeight, pnlCap, pnlCurve, pnl, spotOrders, rounding, orderLoss, orderMargin, closingFee, takerFee, makerFee, liquidationFee, fundingIndex, expiry, strike, volatility. Did you mean "mark"?'],
      ['no brackets', { brackets: undefined }, 'missing-key at markets[4].brackets: expected at least one bracket, e.g. [{ "upTo": null, "maintenanceRate": 0.05, "initialRate": 0.1 }]'],
      ['an empty table', { brackets: [] }, 'missing-key at markets[4].brackets: expected at least one bracket, e.g. [{ "upTo": null, "maintenanceRate": 0.05, "initialRate": 0.1 }]'],
      ['falling maintenance rates', { brackets: [{ upTo: 10, maintenanceRate: 0.02 }, { upTo: null, maintenanceRate: 0.01 }] }, 'not-concave at markets[4].brackets[1].maintenanceRate: got 0.01, expected at least 0.02: rates must not fall with size'],
      ['falling initial rates', { brackets: [{ upTo: 10, maintenanceRate: 0.01, initialRate: 0.1 }, { upTo: null, maintenanceRate: 0.02, initialRate: 0.05 }] }, 'not-concave at markets[4].brackets[1].initialRate: got 0.05, expected at least 0.1: rates must not fall with size'],
      ['rising leverage', { brackets: [{ upTo: 10, maintenanceRate: 0.01, maxLeverage: 10 }, { upTo: null, maintenanceRate: 0.02, maxLeverage: 20 }] }, 'not-concave at markets[4].brackets[1].maxLeverage: got 20, expected at most 10: leverage must not rise with size'],
      ['falling rates at the end of a liquidation', { brackets: [{ upTo: 10, maintenanceRate: 0.01, liquidationEndRate: 0.5 }, { upTo: null, maintenanceRate: 0.02 }] }, 'not-concave at markets[4].brackets[1].liquidationEndRate: got 0.02, expected at least 0.5: rates must not fall with size'],
      ['falling rates for shorts', { shortBrackets: [{ upTo: 10, maintenanceRate: 0.02 }, { upTo: null, maintenanceRate: 0.01 }] }, 'not-concave at markets[4].shortBrackets[1].maintenanceRate: got 0.01, expected at least 0.02: rates must not fall with size'],
      ['brackets out of order', { brackets: [{ upTo: 10, maintenanceRate: 0.02 }, { upTo: 5, maintenanceRate: 0.03 }] }, 'range at markets[4].brackets[1].upTo: got 5, expected more than 10. Write the rows by rising upTo'],
      ['an open bracket before the last', { brackets: [{ upTo: null, maintenanceRate: 0.02 }, { upTo: 5, maintenanceRate: 0.03 }] }, 'missing-key at markets[4].brackets[0].upTo: expected a bound: only the last row of a table may be open'],
      ['a negative rate', { brackets: [{ upTo: null, maintenanceRate: -0.02 }] }, 'range at markets[4].brackets[0].maintenanceRate: got -0.02, expected a number >= 0 and <= 1000'],
      ['no rate', { brackets: [{ upTo: null }] }, 'missing-key at markets[4].brackets[0].maintenanceRate: expected a number >= 0 and <= 1000'],
      ['a rate and a leverage', { brackets: [{ upTo: null, maintenanceRate: 0.01, initialRate: 0.1, maxLeverage: 10 }] }, 'conflict at markets[4].brackets[0]: expected either initialRate or maxLeverage'],
      ['a leverage of 0', { brackets: [{ upTo: null, maintenanceRate: 0.01, maxLeverage: 0 }] }, 'range at markets[4].brackets[0].maxLeverage: got 0, expected a number >= 0.001'],
      ['an unknown key of a bracket', { brackets: [{ upTo: null, maintenceRate: 0.01 }] }, 'unknown-key at markets[4].brackets[0].maintenceRate: expected one of upTo, maintenanceRate, initialRate, maxLeverage, liquidationEndRate. Did you mean "maintenanceRate"?'],
      ['a PnL weight above 1', { pnlWeight: 1.5 }, 'range at markets[4].pnlWeight: got 1.5, expected a number >= 0 and <= 1'],
      ['a negative PnL weight', { pnlWeight: { initial: -0.1 } }, 'range at markets[4].pnlWeight.initial: got -0.1, expected a number >= 0 and <= 1'],
      ['a negative PnL cap', { pnlCap: -1 }, 'range at markets[4].pnlCap: got -1, expected a number >= 0'],
      ['an unknown PnL mode', { pnl: 'pool' }, 'type at markets[4].pnl: got "pool", expected one of pooled, separate, net. Did you mean "pooled"?'],
      ['a prediction at 1', { kind: 'prediction', mark: 1 }, 'range at markets[4].mark: got 1, expected a number > 0 and < 1'],
      ['a prediction at 0', { kind: 'prediction', mark: 0 }, 'range at markets[4].mark: got 0, expected a number > 0 and < 1'],
      ['a prediction with an index above 1', { kind: 'prediction', mark: 0.5, index: 1.5 }, 'range at markets[4].index: got 1.5, expected a number > 0 and < 1'],
      ['an unknown form', { tables: { form: 'margin' } }, 'type at markets[4].tables.form: got "margin", expected one of marginal, whole. Did you mean "marginal"?'],
      ['an unknown key of the tables', { tables: { froms: 'whole' } }, 'unknown-key at markets[4].tables.froms: expected one of form, basis, unit. Did you mean "form"?'],
      ['netted requirements by contracts', { pnl: 'net', tables: { basis: 'contracts' } }, 'conflict at markets[4].tables: expected notional or entry in settle units where the requirement is netted (pnl: net)'],
      ['an inverse table by entry in quote', { kind: 'inverse', tables: { basis: 'entry', unit: 'quote' } }, 'conflict at markets[4].tables.unit: got "quote", expected settle or numeraire for a table by entry notional of an inverse market'],
      ['a quanto table in the quote', { kind: 'quanto', quote: 'BTC', tables: { unit: 'quote' } }, 'conflict at markets[4].tables.unit: got "quote", expected settle or numeraire: a quanto contract has no size in its quote asset'],
      ['order loss of an inverse market', { kind: 'inverse', orderLoss: true }, 'conflict at markets[4].orderLoss: got true, expected false: an inverse fill is not linear in its price'],
      ['open-interest limits that cross', { openInterestLower: 10, openInterestUpper: 5 }, 'range at markets[4].openInterestLower: got 10, expected less than openInterestUpper (5)'],
      ['a fee above the price', { takerFee: 2 }, 'range at markets[4].takerFee: got 2, expected a number >= -1 and <= 1'],
      ['whole units with two brackets', { rounding: { notional: 'trunc' }, brackets: [{ upTo: 10, maintenanceRate: 0.01 }, { upTo: null, maintenanceRate: 0.02 }] }, 'conflict at markets[4].rounding: expected a linear market with one bracket, without curve, guards, tables and pnl rules'],
      ['whole units with a rate between millionths', { rounding: { requirement: 'ceil' }, brackets: [{ upTo: null, maintenanceRate: 0.0000015 }] }, 'inexact at markets[4].brackets: got 0.0000015, expected rates of whole millionths where numbers are rounded'],
      ['whole units with another end of a liquidation', { rounding: { requirement: 'ceil' }, brackets: [{ upTo: null, maintenanceRate: 0.01, liquidationEndRate: 0.02 }] }, 'conflict at markets[4].brackets[0].liquidationEndRate: got 0.02, expected the maintenance rate, at which a liquidation ends where numbers are rounded'],
      ['whole units with parts of a limit', { rounding: { requirement: 'ceil' }, openInterestLower: 1.5, openInterestUpper: 3 }, 'inexact at markets[4].openInterestLower: got 1.5, expected whole units below 2^53 where numbers are rounded'],
      ['a share of what is not rounded', { rounding: { maintenanceFraction: 0.5 } }, 'conflict at markets[4].rounding.maintenanceFraction: got 0.5, expected none where nothing is rounded'],
      ['an unknown rounding', { rounding: { notional: 'up' } }, 'type at markets[4].rounding.notional: got "up", expected one of exact, ceil, floor, trunc'],
      ['a spot market that settles', { kind: 'spot', base: 'BTC', quote: 'USDT', brackets: undefined }, 'conflict at markets[4].settle: expected nothing: a spot market has balances, no positions'],
      ['a spot market with brackets', { kind: 'spot', base: 'BTC', quote: 'USDT', settle: undefined }, 'conflict at markets[4].brackets: expected nothing: a spot market has balances, no positions'],
      ['a spot market without base', { kind: 'spot', quote: 'USDT', brackets: undefined, settle: undefined }, 'missing-key at markets[4].base: expected a text'],
      ['a spot market of one asset', { kind: 'spot', base: 'BTC', quote: 'BTC', brackets: undefined, settle: undefined }, 'conflict at markets[4].quote: got "BTC", expected another asset than base'],
    ]),
  )('%s', (_name, change, message) => {
    const brackets = [{ upTo: null, maintenanceRate: 0.01 }];
    const market = { id: 'X', kind: 'linear', settle: 'USDT', mark: 1, brackets, ...change } as unknown as MarketJSON;
    expectRefusal(() => Book.fromJSON({ ...BOOK, markets: [...BOOK.markets, market] }), message);
    expectUnchanged((book) => book.addMarket(market), message.replace('markets[4]', 'market'));
    if ('id' in change) return;
    expectUnchanged(
      (book) => book.replaceMarket({ ...market, id: 'BTC-PERP' }),
      message.replace('markets[4]', 'market'),
    );
  });
});

describe('accounts', () => {
  const position = (change: Loose<PositionJSON>): Loose<AccountJSON> => ({
    positions: [{ market: 'BTC-PERP', size: 1, entry: 1, ...change }],
  });
  const order = (change: Loose<OrderJSON>): Loose<AccountJSON> => ({
    orders: [{ market: 'BTC-PERP', side: 'buy', size: 1, price: 1, ...change }],
  });
  it.each(
    // biome-ignore format: one case a line
    rows<Loose<AccountJSON>>([
      ['an id that is taken', { id: 'alice' }, 'duplicate at accounts[3].id: got "alice", expected an id that no other account has'],
      ['no id', { id: undefined }, 'missing-key at accounts[3].id: expected a text'],
      ['an unknown key', { balanses: {} }, 'unknown-key at accounts[3].balanses: expected one of id, model, marginMultiplier, liquidationBuffer, initialRateFloor, balances, reserved, positions, orders, buckets. Did you mean "balances"?'],
      ['an unknown asset', { balances: { USTD: 1 } }, 'unknown-id at accounts[3].balances.USTD: got "USTD", expected the id of an asset. Did you mean "USDT"?'],
      ['an asset like no other', { balances: { DOGECOIN: 1 } }, 'unknown-id at accounts[3].balances.DOGECOIN: got "DOGECOIN", expected the id of an asset'],
      ['a balance that is NaN', { balances: { USDT: NaN } }, 'not-finite at accounts[3].balances.USDT: got NaN, expected a finite number'],
      ['a balance too large', { balances: { USDT: -1e31 } }, 'range at accounts[3].balances.USDT: got -1e+31, expected a magnitude of at most 1e+30'],
      ['balances in a list', { balances: [1] }, 'type at accounts[3].balances: got [1], expected an object of amounts by asset id'],
      ['a negative reserve', { reserved: { USDT: -1 } }, 'range at accounts[3].reserved.USDT: got -1, expected a number >= 0'],
      ['a multiplier of 0', { marginMultiplier: 0 }, 'range at accounts[3].marginMultiplier: got 0, expected a number > 0 and <= 1000000'],
      ['a multiplier beyond any reason', { marginMultiplier: 1e7 }, 'range at accounts[3].marginMultiplier: got 10000000, expected a number > 0 and <= 1000000'],
      ['a negative buffer', { liquidationBuffer: -1 }, 'range at accounts[3].liquidationBuffer: got -1, expected a number >= 0 and <= 1000'],
      ['a rate floor above any rate', { initialRateFloor: 1001 }, 'range at accounts[3].initialRateFloor: got 1001, expected a number >= 0 and <= 1000'],
      ['an unknown market', position({ market: 'BTC-PREP' }), 'unknown-id at accounts[3].positions[0].market: got "BTC-PREP", expected the id of a market. Did you mean "BTC-PERP"?'],
      ['no market', position({ market: undefined }), 'missing-key at accounts[3].positions[0].market: expected a text'],
      ['a position in a spot market', position({ market: 'BTC/USDT' }), 'conflict at accounts[3].positions[0].market: got "BTC/USDT", expected a derivative: spot holdings are balances'],
      ['an infinite size', position({ size: Infinity }), 'not-finite at accounts[3].positions[0].size: got Infinity, expected a finite number'],
      ['no size', position({ size: undefined }), 'missing-key at accounts[3].positions[0].size: expected a number'],
      ['a size too small to divide by', position({ size: 1e-31 }), 'range at accounts[3].positions[0].size: got 1e-31, expected 0 or a magnitude from 1e-30 to 1e+30'],
      ['an entry and a cost', position({ cost: 1 }), 'conflict at accounts[3].positions[0]: expected either entry or cost'],
      ['neither entry nor cost', position({ entry: undefined }), 'missing-key at accounts[3].positions[0].entry: expected the average entry price, or cost'],
      ['an entry of 0', position({ entry: 0 }), 'range at accounts[3].positions[0].entry: got 0, expected a number > 0'],
      ['a cost beyond any position', position({ entry: undefined, cost: 1e91 }), 'range at accounts[3].positions[0].cost: got 1e+91, expected a magnitude of at most 2e+81'],
      ['a cost beyond any entry price', position({ entry: undefined, cost: -1e31, size: 1e-3 }), 'range at accounts[3].positions[0].cost: got -1e+31, expected the cost of an entry price of at most 1e+30'],
      ['an unknown side', position({ side: 'buy' }), 'type at accounts[3].positions[0].side: got "buy", expected one of net, long, short'],
      ['a short on the long side', position({ side: 'long', size: -1 }), 'conflict at accounts[3].positions[0].size: got -1, expected a size >= 0 on the long side'],
      ['a long on the short side', position({ side: 'short' }), 'conflict at accounts[3].positions[0].size: got 1, expected a size <= 0 on the short side'],
      ['a leverage and a rate', position({ leverage: 2, initialRate: 0.5 }), 'conflict at accounts[3].positions[0]: expected either initialRate or leverage'],
      ['a leverage of 0', position({ leverage: 0 }), 'range at accounts[3].positions[0].leverage: got 0, expected a number >= 0.001'],
      ['a rate above 1000', position({ initialRate: 1001 }), 'range at accounts[3].positions[0].initialRate: got 1001, expected a number >= 0 and <= 1000'],
      ['an unknown key of a position', position({ fundingRate: 1 }), 'unknown-key at accounts[3].positions[0].fundingRate: expected one of market, side, size, entry, cost, fundingIndex, initialRate, leverage. Did you mean "fundingIndex"?'],
      ['a key that sounds like one', position({ sise: 1 }), 'unknown-key at accounts[3].positions[0].sise: expected one of market, side, size, entry, cost, fundingIndex, initialRate, leverage. Did you mean "size"?'],
      ['a position that stands twice', { positions: [{ market: 'YES', size: 1, entry: 1 }, { market: 'YES', size: 2, entry: 1 }] }, 'duplicate at accounts[3].positions[1]: got "YES", expected one row for each market and side'],
      ['positions that are no list', { positions: {} }, 'type at accounts[3].positions: got {}, expected a list'],
      ['null for a position', { positions: [null] }, 'type at accounts[3].positions[0]: got null, expected an object'],
      ['an unknown side of an order', order({ side: 'bid' }), 'type at accounts[3].orders[0].side: got "bid", expected one of buy, sell'],
      ['an order without a price', order({ price: undefined }), 'missing-key at accounts[3].orders[0].price: expected the price of one order, or notional, worst and count of several'],
      ['an order without side', order({ side: undefined }), 'missing-key at accounts[3].orders[0].side: expected one of buy, sell'],
      ['a negative order', order({ size: -1 }), 'range at accounts[3].orders[0].size: got -1, expected a number > 0'],
      ['an order for nothing', order({ size: 0 }), 'range at accounts[3].orders[0].size: got 0, expected a number > 0'],
      ['an order at 0', order({ price: 0 }), 'range at accounts[3].orders[0].price: got 0, expected a number > 0'],
      ['a price and a notional', order({ notional: 5 }), 'conflict at accounts[3].orders[0]: expected price for one order, or notional, worst and count for several'],
      ['a price and a worst price', order({ worst: 5 }), 'conflict at accounts[3].orders[0]: expected price for one order, or notional, worst and count for several'],
      ['half an order', order({ count: 1.5 }), 'type at accounts[3].orders[0].count: got 1.5, expected a whole number'],
      ['an order without size', order({ size: undefined }), 'missing-key at accounts[3].orders[0].size: expected a number > 0'],
      ['an order in an unknown market', order({ market: 'ETH' }), 'unknown-id at accounts[3].orders[0].market: got "ETH", expected the id of a market'],
      ['an unknown key of an order', order({ positionside: 'long' }), 'unknown-key at accounts[3].orders[0].positionside: expected one of market, positionSide, side, size, price, notional, worst, count. Did you mean "positionSide"?'],
      ['more orders than can be counted', { orders: [{ market: 'YES', side: 'buy', size: 1, notional: 1, count: 4294967295 }, { market: 'YES', side: 'sell', size: 1, price: 1 }] }, 'range at accounts[3].orders[1].count: got 4294967296, expected at most 4294967295 in all open orders of a market and side'],
      ['orders too large together', { orders: [{ market: 'YES', side: 'buy', size: 1e30, price: 1 }, { market: 'YES', side: 'buy', size: 1e30, price: 1 }] }, 'range at accounts[3].orders[1].size: got 2e+30, expected at most 1e+30 in all open orders of a market and side'],
      ['a bucket without number', { buckets: [{}] }, 'missing-key at accounts[3].buckets[0].bucket: expected a number from 1'],
      ['bucket 0', { buckets: [{ bucket: 0 }] }, 'range at accounts[3].buckets[0].bucket: got 0, expected a number >= 1 and <= 4294967294'],
      ['half a bucket', { buckets: [{ bucket: 1.5 }] }, 'type at accounts[3].buckets[0].bucket: got 1.5, expected a whole number'],
      ['a bucket past 2^32', { buckets: [{ bucket: 4294967295 }] }, 'range at accounts[3].buckets[0].bucket: got 4294967295, expected a number >= 1 and <= 4294967294'],
      ['a bucket that stands twice', { buckets: [{ bucket: 1 }, { bucket: 1 }] }, 'duplicate at accounts[3].buckets[1].bucket: got 1, expected a number of its own for each bucket'],
      ['an unknown asset in a bucket', { buckets: [{ bucket: 1, balances: { U: 1 } }] }, 'unknown-id at accounts[3].buckets[0].balances.U: got "U", expected the id of an asset'],
    ]),
  )('%s', (_name, change, message) => {
    const account = { id: 'x', ...change } as unknown as AccountJSON;
    expectRefusal(() => Book.fromJSON({ ...BOOK, accounts: [...BOOK.accounts, account] }), message);
    expectUnchanged((book) => book.addAccount(account), message.replace('accounts[3]', 'account'));
  });
});

describe('live updates', () => {
  const fill =
    (change: Loose<FillInput>, account = 'alice') =>
    (book: Book): void =>
      book.fill(account, { market: 'BTC-PERP', size: 1, price: 1, ...change } as FillInput);
  const ORDER = { market: 'BTC/USDT', side: 'buy', size: 1, price: 10 };
  const place =
    (change: Loose<OrderInput>, account = 'alice') =>
    (book: Book): void =>
      book.placeOrder(account, { ...ORDER, ...change } as OrderInput);
  const cancel =
    (change: Loose<OrderInput>) =>
    (book: Book): void =>
      book.cancelOrder('alice', { ...ORDER, ...change } as OrderInput);
  const loose = (x: object): never => x as never;
  const perp = BOOK.markets[0] as MarketJSON;
  it.each(
    // biome-ignore format: one case a line
    rows<(book: Book) => unknown>([
      ['a mark of 0', (b) => b.setMark('BTC-PERP', 0), 'range at mark: got 0, expected a number > 0'],
      ['a mark that is NaN', (b) => b.setMark('BTC-PERP', NaN), 'not-finite at mark: got NaN, expected a finite number'],
      ['a mark of an unknown market', (b) => b.setMark('BTC-PREP', 1), 'unknown-id at market: got "BTC-PREP", expected the id of a market. Did you mean "BTC-PERP"?'],
      ['a mark of a market row that is not there', (b) => b.setMark(9, 1), 'unknown-id at market: got 9, expected a row of markets from 0 to 3'],
      ['a negative guard', (b) => b.setMark('BTC-PERP', 1, { twap: -1 }), 'range at mark.twap: got -1, expected a number > 0'],
      ['an unknown guard', (b) => b.setMark('BTC-PERP', 1, loose({ twpa: 1 })), 'unknown-key at mark.twpa: expected one of index, twap, stable. Did you mean "twap"?'],
      ['a prediction at 1', (b) => b.setMark('YES', 1), 'range at mark: got 1, expected a number > 0 and < 1'],
      ['a guard price of whole units', (b) => b.setMark('UNITS', 100, { twap: 99 }), 'conflict at twap: got 99, expected no guard price: a market in whole units has one price'],
      ['a negative price', (b) => b.setPrice('BTC', -1), 'range at price: got -1, expected a number >= 0'],
      ['a price of an unknown asset', (b) => b.setPrice('BTCC', 1), 'unknown-id at asset: got "BTCC", expected the id of an asset. Did you mean "BTC"?'],
      ['a guard that is not finite', (b) => b.setPrice('BTC', 1, { stable: Infinity }), 'not-finite at price.stable: got Infinity, expected a finite number'],
      ['a funding index with a comma', (b) => b.setFundingIndex('BTC-PERP', '1,5'), 'type at index: got "1,5", expected a number or a decimal string such as "1000.50"'],
      ['funding of a spot market', (b) => b.setFundingIndex('BTC/USDT', 1), 'conflict at market: got "BTC/USDT", expected a derivative: a spot market has balances, no positions'],
      ['negative open interest', (b) => b.setOpenInterest('BTC-PERP', -1), 'range at contracts: got -1, expected a number >= 0'],
      ['open interest of a spot market', (b) => b.setOpenInterest('BTC/USDT', 1), 'conflict at market: got "BTC/USDT", expected a derivative: a spot market has balances, no positions'],
      ['negative deposits', (b) => b.setTotals('BTC', { borrows: 1, deposits: -1 }), 'range at totals.deposits: got -1, expected a number >= 0'],
      ['an unknown total', (b) => b.setTotals('BTC', loose({ deposit: 1 })), 'unknown-key at totals.deposit: expected one of deposits, borrows, depositIndex, borrowIndex. Did you mean "deposits"?'],
      ['a borrow index of 0', (b) => b.setTotals('BTC', { deposits: 1, borrowIndex: 0 }), 'range at totals.borrowIndex: got 0, expected a number > 0'],
      ['confidence above 1', (b) => b.setConfidence('asset', 'BTC', 2), 'range at confidence: got 2, expected a number >= 0 and <= 1'],
      ['a deposit in words', (b) => b.deposit('alice', 'USDT', 'ten'), 'type at amount: got "ten", expected a number or a decimal string such as "1000.50"'],
      ['a deposit to nobody', (b) => b.deposit('alise', 'USDT', 1), 'unknown-id at account: got "alise", expected the id of an account. Did you mean "alice"?'],
      ['a deposit of an unknown asset', (b) => b.deposit('alice', 'USTD', 1, { bucket: 2 }), 'unknown-id at asset: got "USTD", expected the id of an asset. Did you mean "USDT"?'],
      ['a deposit to an unknown place', (b) => b.deposit('alice', 'USDT', 1, loose({ bukcet: 2 })), 'unknown-key at place.bukcet: expected one of bucket, positionSide. Did you mean "bucket"?'],
      ['a deposit to a negative bucket', (b) => b.deposit('alice', 'USDT', 1, { bucket: -1 }), 'range at place.bucket: got -1, expected a number >= 0 and <= 4294967294'],
      ['a deposit to half a bucket', (b) => b.deposit('alice', 'USDT', 1, { bucket: 0.5 }), 'type at place.bucket: got 0.5, expected a whole number'],
      ['a deposit that overflows the balance', (b) => b.deposit('whale', 'USDT', 1e30), 'range at amount: expected an update that leaves a balance of at most 1e+30, not 2e+30'],
      ['a fill of NaN', fill({ size: NaN }), 'not-finite at fill.size: got NaN, expected a finite number'],
      ['a fill at 0', fill({ price: 0 }), 'range at fill.price: got 0, expected a number > 0'],
      ['a fill without price', fill({ price: undefined }), 'missing-key at fill.price: expected a number > 0'],
      ['a fill in an unknown market', fill({ market: 'BTC-PER', bucket: 2 }), 'unknown-id at fill.market: got "BTC-PER", expected the id of a market. Did you mean "BTC-PERP"?'],
      ['an unknown key of a fill', fill({ fees: 1 }), 'unknown-key at fill.fees: expected one of market, size, price, fee, bucket, positionSide. Did you mean "fee"?'],
      ['an unknown side', fill({ positionSide: 'buy' }), 'type at fill.positionSide: got "buy", expected one of net, long, short'],
      ['a sale on the long side, in a bucket that is not open', fill({ size: -1, positionSide: 'long', bucket: 3 }), 'conflict at fill.size: got -1, expected a size >= 0 on the long side. The fill would leave -1'],
      ['a purchase on the short side', fill({ positionSide: 'short' }), 'conflict at fill.size: got 1, expected a size <= 0 on the short side. The fill would leave 1'],
      ['a fill that overflows the size', fill({ size: 1e30 }, 'whale'), 'range at fill: expected an update that leaves a size of at most 1e+30, not 2e+30'],
      ['a profit that overflows the balance', fill({ size: -1, price: 1e30, fee: -1e30 }), 'range at fill: expected an update that leaves a balance of at most 1e+30, not 2e+30'],
      ['a spot fill that overflows, in a bucket that is not open', fill({ market: 'BTC/USDT', size: 1e20, price: 1e20, bucket: 9 }), 'range at fill: expected an update that leaves a balance of at most 1e+30, not 1e+40'],
      ['no fill', (b) => b.fill('alice', loose([])), 'type at fill: got [], expected an object'],
      ['an order for nothing', place({ size: 0 }), 'range at order.size: got 0, expected a number > 0'],
      ['an order at a negative price', place({ price: -1 }), 'range at order.price: got -1, expected a number > 0'],
      ['an order in an unknown market', place({ market: 'BTC/USD', bucket: 2 }), 'unknown-id at order.market: got "BTC/USD", expected the id of a market. Did you mean "BTC/USDT"?'],
      ['an unknown key of an order', place({ prize: 1 }), 'unknown-key at order.prize: expected one of market, positionSide, side, size, price, notional, worst, count, bucket. Did you mean "price"?'],
      ['an order too large beside the open ones, in its bucket', place({ size: 1e30 }, 'whale'), 'range at order.size: got 2e+30, expected at most 1e+30 in all open orders of a market and side'],
      ['no order', (b) => b.placeOrder('alice', loose([])), 'type at order: got [], expected an object'],
      ['cancelling what was never placed', cancel({ market: 'BTC-PERP' }), 'unknown-id at order: expected open orders in this market and side'],
      ['cancelling in a bucket that is not open', cancel({ bucket: 2 }), 'unknown-id at bucket: got 2, expected a bucket of account "alice"'],
      ['cancelling more than is open', cancel({ size: 2 }), 'range at order.size: got 2, expected at most 1, what is open'],
      ['cancelling the other side', cancel({ side: 'sell' }), 'range at order.size: got 1, expected at most 0, what is open'],
      ['cancelling more orders than are open', cancel({ count: 2 }), 'range at order.count: got 2, expected at most 1, the open orders'],
      ['a negative extreme', cancel({ remaining: -1 }), 'range at order.remaining: got -1, expected a number >= 0'],
      ['a leverage of 0', (b) => b.setLeverage('alice', 'BTC-PERP', 0), 'range at leverage: got 0, expected a number >= 0.001'],
      ['a leverage in a spot market', (b) => b.setLeverage('alice', 'BTC/USDT', 5), 'conflict at market: got "BTC/USDT", expected a derivative: a spot market has balances, no positions'],
      ['a leverage on an unknown side, in a bucket that is not open', (b) => b.setLeverage('alice', 'BTC-PERP', 5, loose({ positionSide: 'both', bucket: 5 })), 'type at place.positionSide: got "both", expected one of net, long, short'],
      ['terms with a multiplier of 0', (b) => b.setTerms('alice', { liquidationBuffer: 1, marginMultiplier: 0 }), 'range at terms.marginMultiplier: got 0, expected a number > 0 and <= 1000000'],
      ['unknown terms', (b) => b.setTerms('alice', loose({ multiplier: 2 })), 'unknown-key at terms.multiplier: expected one of marginMultiplier, liquidationBuffer, initialRateFloor'],
      ['terms of nobody', (b) => b.setTerms('carol', {}), 'unknown-id at account: got "carol", expected the id of an account'],
      ['a unit that is not there', (b) => b.unit('alice', 3), 'unknown-id at bucket: got 3, expected a bucket of account "alice"'],
      ['another kind for a market', (b) => b.replaceMarket({ ...perp, kind: 'quanto', quote: 'USDT' }), 'conflict at market.kind: got "quanto", expected linear, as the positions of the market are counted. Add a new market instead'],
      ['another multiplier for a market', (b) => b.replaceMarket({ ...perp, multiplier: 2 }), 'conflict at market.multiplier: got 2, expected 1, as the positions of the market are counted. Add a new market instead'],
      ['another settle asset for a market', (b) => b.replaceMarket({ ...perp, settle: 'BTC', quote: 'USDT' }), 'conflict at market.settle: got "BTC", expected USDT, as the positions of the market are counted. Add a new market instead'],
      ['replacing a market that is not there', (b) => b.replaceMarket({ ...perp, id: 'BTC-PREP' }), 'unknown-id at market.id: got "BTC-PREP", expected the id of a market. Did you mean "BTC-PERP"?'],
      ['replacing an asset that is not there', (b) => b.replaceAsset({ id: 'BTCC', price: 1 }), 'unknown-id at asset.id: got "BTCC", expected the id of an asset. Did you mean "BTC"?'],
      ['reserving past 2^32', (b) => b.reserve({ positions: 2 ** 32 }), 'too-many at capacity.positions: got 4294967296, expected at most 4294967295 rows'],
      ['reserving half a row', (b) => b.reserve({ units: 0.5 }), 'type at capacity.units: got 0.5, expected a whole number'],
    ]),
  )('%s', (_name, update, message) => {
    expectUnchanged(update, message);
  });
});

describe('columns', () => {
  type Columns = { accounts?: number; ids?: string[]; balances?: object; positions?: object };
  const columns = ({ balances, positions, ...more }: Columns): never =>
    ({
      accounts: 2,
      balances: {
        account: Uint32Array.of(0, 1),
        asset: Uint32Array.of(0, 1),
        amount: Float64Array.of(1, 2),
        ...balances,
      },
      positions: {
        account: Uint32Array.of(0),
        market: Uint32Array.of(0),
        size: Float64Array.of(1),
        entry: Float64Array.of(1),
        ...positions,
      },
      ...more,
    }) as never;
  it.each(
    // biome-ignore format: one case a line
    rows<Columns>([
      ['NaN', { balances: { amount: Float64Array.of(1, NaN) } }, 'not-finite at balances.amount[1]: got NaN, expected a finite number'],
      ['an amount too large', { balances: { amount: Float64Array.of(1e31, 1) } }, 'range at balances.amount[0]: got 1e+31, expected a number from -1e+30 to 1e+30'],
      ['an asset row that is not there', { balances: { asset: Uint32Array.of(0, 7) } }, 'unknown-id at balances.asset[1]: got 7, expected a row of assets below 2'],
      ['a negative asset row', { balances: { asset: Int32Array.of(0, -1) } }, 'unknown-id at balances.asset[1]: got -1, expected a row of assets below 2'],
      ['half an account', { balances: { account: [0, 0.5] } }, 'unknown-id at balances.account[1]: got 0.5, expected a row of accounts below 2'],
      ['an asset row that is NaN', { balances: { asset: [Number.NaN, 0] } }, 'unknown-id at balances.asset[0]: got NaN, expected a row of assets below 2'],
      ['half an asset row', { balances: { asset: Float64Array.of(0.5, 1) } }, 'unknown-id at balances.asset[0]: got 0.5, expected a row of assets below 2'],
      ['a negative market row', { positions: { market: Int32Array.of(-1) } }, 'unknown-id at positions.market[0]: got -1, expected a row of markets below 4'],
      ['a negative account', { positions: { account: Int8Array.of(-1) } }, 'unknown-id at positions.account[0]: got -1, expected a row of accounts below 2'],
      ['a row in words', { positions: { market: ['0'] } }, 'type at positions.market[0]: got "0", expected a row of markets below 4'],
      ['a list with a hole', { balances: { asset: new Array(2) } }, 'type at balances.asset[0]: got undefined, expected a row of assets below 2'],
      ['an amount in words', { balances: { amount: [1, '2'] } }, 'type at balances.amount[1]: got "2", expected a finite number'],
      ['bigints', { balances: { amount: BigInt64Array.of(1n, 2n) } }, 'type at balances.amount[0]: got 1n, expected a finite number'],
      ['an object for a column', { balances: { amount: { length: 2 } } }, 'type at balances.amount: got {"length":2}, expected a typed array'],
      ['bytes that are no column', { positions: { size: new DataView(new ArrayBuffer(8)) } }, 'type at positions.size: got {}, expected a typed array'],
      ['rows that are not sorted', { balances: { account: Uint32Array.of(1, 0) } }, 'range at balances.account[1]: got 0, expected account numbers that never fall: sort the rows by account'],
      ['an account past the last', { balances: { account: Uint32Array.of(0, 2) } }, 'unknown-id at balances.account[1]: got 2, expected a row of accounts below 2'],
      ['a short column', { balances: { amount: Float64Array.of(1) } }, 'range at balances.amount: got 1, expected 2 entries, as in the other columns'],
      ['no amounts', { balances: { amount: undefined } }, 'missing-key at balances.amount: expected a typed array'],
      ['an asset that stands twice', { balances: { account: Uint32Array.of(0, 0), asset: Uint32Array.of(1, 1) } }, 'duplicate at balances.asset[1]: got 1, expected one row for each asset of an account'],
      ['a market row that is not there', { positions: { market: Uint32Array.of(4) } }, 'unknown-id at positions.market[0]: got 4, expected a row of markets below 4'],
      ['a position in a spot market', { positions: { market: Uint32Array.of(1) } }, 'conflict at positions.market[0]: got 1, expected a derivative: spot holdings are balances'],
      ['an infinite size', { positions: { size: Float64Array.of(Infinity) } }, 'not-finite at positions.size[0]: got Infinity, expected a finite number'],
      ['a size too small to divide by', { positions: { size: Float64Array.of(1e-31) } }, 'range at positions.size[0]: got 1e-31, expected 0 or a magnitude of at least 1e-30'],
      ['an entry of 0', { positions: { entry: Float64Array.of(0) } }, 'range at positions.entry[0]: got 0, expected a number from 1e-30 to 1e+30'],
      ['a funding index that is NaN', { positions: { fundingIndex: Float64Array.of(NaN) } }, 'not-finite at positions.fundingIndex[0]: got NaN, expected a finite number'],
      ['a rate above 1000', { positions: { initialRate: Float64Array.of(1001) } }, 'range at positions.initialRate[0]: got 1001, expected a number from 0 to 1000'],
      ['a market that stands twice', { positions: { account: Uint32Array.of(0, 0), market: Uint32Array.of(0, 0), size: Float64Array.of(1, 1), entry: Float64Array.of(1, 1) } }, 'duplicate at positions.market[1]: got 0, expected one row for each market of an account'],
      ['a negative count', { accounts: -1 }, 'type at accounts: got -1, expected a whole number >= 0'],
      ['a count past 2^32', { accounts: 2 ** 32 }, 'too-many at accounts: got 4294967299, expected at most 16777216 accounts. Split the accounts over several books'],
      ['ids for one of two', { ids: ['x'] }, 'range at ids: got 1, expected 2 ids'],
      ['an id that stands twice', { ids: ['x', 'x'] }, 'duplicate at ids[1]: got "x", expected an id of its own for each account'],
      ['an id that is taken', { ids: ['x', 'alice'] }, 'duplicate at ids[1]: got "alice", expected an id that no other account has'],
    ]),
  )('%s', (_name, change, message) => {
    expectUnchanged((book) => book.addColumns(columns(change)), message);
  });

  it('no positions at all', () => {
    expectUnchanged(
      (book) => book.addColumns({ accounts: 0, balances: {} } as never),
      'missing-key at balances.account: expected a typed array',
    );
    expectUnchanged(
      (book) => book.addColumns({ ...(columns({}) as object), positions: undefined } as never),
      'missing-key at positions: expected an object of typed arrays: account, market, size, entry',
    );
  });
});

describe('options', () => {
  it.each(
    // biome-ignore format: one case a line
    rows<Loose<BookOptions>>([
      ['an unknown key', { reserved: {} }, 'unknown-key at options.reserved: expected one of numeraire, time, liquidatableWhen, reserve, maximum. Did you mean "reserve"?'],
      ['an unknown row', { reserve: { account: 1 } }, 'unknown-key at options.reserve.account: expected one of accounts, units, balances, positions, orders. Did you mean "accounts"?'],
      ['NaN rows', { reserve: { positions: NaN } }, 'not-finite at options.reserve.positions: got NaN, expected a finite number'],
      ['negative rows', { maximum: { orders: -1 } }, 'range at options.maximum.orders: got -1, expected a number >= 0'],
      ['half a row', { maximum: { accounts: 1.5 } }, 'type at options.maximum.accounts: got 1.5, expected a whole number'],
      ['rows past 2^32', { reserve: { positions: 2 ** 32 } }, 'too-many at options.reserve.positions: got 4294967296, expected at most 4294967295 rows'],
      ['more reserved than ever may be', { reserve: { positions: 6 }, maximum: { positions: 5 } }, 'too-many at options.reserve.positions: got 6, expected at most 5, the maximum'],
      ['a rule that is none', { liquidatableWhen: '>' }, 'type at options.liquidatableWhen: got ">", expected one of <, <='],
      ['a time in words', { time: 'now' }, 'type at options.time: got "now", expected an ISO 8601 time such as "2022-11-09T00:00:00Z"'],
      ['an empty numeraire', { numeraire: '' }, 'type at options.numeraire: got "", expected a text that is not empty'],
    ]),
  )('%s', (_name, options, message) => {
    expectRefusal(() => Book.create(options as BookOptions), message);
    expectRefusal(() => ReferenceBook.create(options as BookOptions), message);
  });
});

describe('a book that no door has made', () => {
  it('names the doors', () => {
    for (const Door of [Book, ReferenceBook] as unknown as (new (
      ...args: unknown[]
    ) => Book)[]) {
      for (const args of [[], [{ numeraire: 'USD' }], [BOOK], [null]]) {
        expectRefusal(
          () => new Door(...args),
          'type at new Book: expected Book.create(options), Book.fromJSON(json) or Book.decode(bytes)',
        );
      }
    }
  });
});

describe('binary books', () => {
  const bytes = Book.fromJSON(BOOK).encode();
  const length = new DataView(bytes.buffer).getUint32(8, true);
  type Contents = {
    head: Record<string, unknown>;
    assets: string[];
    accounts: string[];
    columns: unknown[][];
  } & Record<string, unknown>;
  const contents: Contents = JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + length)));
  const start = Math.ceil((16 + length) / 8) * 8;

  /** With a checksum that fits what was changed. */
  function sealed(changed: Uint8Array): Uint8Array {
    new DataView(changed.buffer).setUint32(12, crc32(changed.subarray(16)), true);
    return changed;
  }
  function with_(change: (changed: Uint8Array) => void): Uint8Array {
    const copy = bytes.slice();
    change(copy);
    return copy;
  }
  /** Another table of contents before the same columns. */
  function withContents(change: (c: Contents) => void): Uint8Array {
    const changed = structuredClone(contents);
    change(changed);
    const text = new TextEncoder().encode(JSON.stringify(changed));
    const at = Math.ceil((16 + text.length) / 8) * 8;
    const out = new Uint8Array(at + bytes.length - start);
    out.set(bytes.subarray(0, 16));
    new DataView(out.buffer).setUint32(8, text.length, true);
    out.set(text, 16);
    out.set(bytes.subarray(start), at);
    return sealed(out);
  }

  it.each(
    // biome-ignore format: one case a line
    rows<unknown>([
      ['nothing', new Uint8Array(0), 'format at bytes: expected a binary book, starting with "MKBOOK"'],
      ['undefined', undefined, 'type at bytes: got undefined, expected a Uint8Array'],
      ['text', 'MKBOOK', 'type at bytes: got "MKBOOK", expected a Uint8Array'],
      ['JSON', new TextEncoder().encode(JSON.stringify(BOOK)), 'format at bytes: expected a binary book, starting with "MKBOOK"'],
      ['ten bytes', bytes.slice(0, 10), 'truncated at bytes: got 10, expected at least 16 bytes'],
      ['a hundred bytes', bytes.slice(0, 100), 'truncated at bytes: got #, expected at least # bytes'],
      ['all but the last bytes', bytes.slice(0, bytes.length - 8), 'truncated at bytes: got #, expected # bytes'],
      ['half of the columns', bytes.slice(0, (start + bytes.length) >> 1), 'truncated at bytes: got #, expected # bytes'],
      ['no column at all', bytes.slice(0, start), 'truncated at bytes: got #, expected # bytes'],
      ['all but the last bytes, with a checksum', sealed(bytes.slice(0, bytes.length - 8)), 'truncated at bytes: got #, expected # bytes'],
      ['another version', with_((b) => b.fill(1, 6, 7)), 'format at version: got 1, expected version 2'],
      ['a flipped bit', with_((b) => b.set([(b[b.length - 9] ?? 0) ^ 1], b.length - 9)), 'corrupt at checksum: got #, expected #. The bytes were changed after they were written'],
      ['damaged contents', with_((b) => b.fill(0x5b, 16, 17)), 'corrupt at checksum: got #, expected #. The bytes were changed after they were written'],
      ['bytes too many', new Uint8Array([...bytes, ...bytes]), 'corrupt at checksum: got #, expected #. The bytes were changed after they were written'],
      ['contents that are no JSON', sealed(with_((b) => b.fill(0x5b, 16, 17))), 'corrupt at contents: expected a table of contents in JSON'],
      ['an unknown key', withContents((c) => Object.assign(c, { header: 1 })), 'unknown-key at contents.header: expected one of head, assets, markets, accounts, underlyings, expiries, models, columns. Did you mean "head"?'],
      ['a name that stands twice', withContents((c) => c.assets.fill('USDT')), 'corrupt at contents.assets[1]: got "USDT", expected a name of its own'],
      ['an empty name', withContents((c) => c.assets.fill('')), 'corrupt at contents.assets[0]: got "", expected a text that is not empty'],
      ['a name too few', withContents((c) => c.accounts.pop()), 'corrupt at contents.accounts: got 2, expected 3 names'],
      ['a time in words', withContents((c) => Object.assign(c.head, { time: 'now' })), 'type at contents.head.time: got "now", expected an ISO # time such as "#-11-09T00:00:00Z"'],
      ['another rule', withContents((c) => Object.assign(c.head, { liquidatableWhen: '<=' })), 'corrupt at house.rule[0]: expected the rule of the head'],
      ['another column', withContents((c) => c.columns[3]?.splice(1, 1, 'prices')), 'corrupt at contents.columns[3]: got ["asset","prices","f64",1,2,40], expected ["asset", "stable", "f64", 1, rows, offset]'],
      ['a column too many', withContents((c) => c.columns.push([])), 'corrupt at contents.columns: got #, expected # columns'],
      ['rows beyond the bytes', withContents((c) => c.columns[1]?.splice(4, 1, 1e9)), 'truncated at contents.columns[1]: got #, expected at least # bytes of columns'],
      ['rows unlike their neighbours', withContents((c) => c.columns[2]?.splice(4, 1, 1)), 'corrupt at contents.columns[2]: got 1, expected 2 rows, as the columns before it'],
      ['an odd offset', withContents((c) => c.columns[1]?.splice(5, 1, 3)), 'corrupt at contents.columns[1]: got ["asset","price","f64",1,2,3], expected whole rows and an offset that is a multiple of 8'],
      ['an offset beyond the bytes', withContents((c) => c.columns[1]?.splice(5, 1, 8e15)), 'truncated at contents.columns[1]: got #, expected at least # bytes of columns'],
      ['two columns at one place', withContents((c) => c.columns[3]?.splice(5, 1, c.columns[2]?.[5])), 'corrupt at contents.columns[3]: got ["asset","stable","f64",1,2,24], expected the offset 40, behind the column before it'],
      ['a gap between columns', withContents((c) => c.columns[1]?.splice(5, 1, 16)), 'corrupt at contents.columns[1]: got ["asset","price","f64",1,2,16], expected the offset 8, behind the column before it'],
    ]),
  )('%s', (_name, bad, message) => {
    // Checksums and lengths hold the whole layout; they are not restated here.
    const plain = (e: MarginError): string => e.message.replace(/\d{3,}/g, '#');
    expect(plain(refusal(() => Book.decode(bad as Uint8Array)))).toBe(message);
    expect(plain(refusal(() => ReferenceBook.decode(bad as Uint8Array)))).toBe(message);
  });

  it('cut anywhere behind its contents says how long it was', () => {
    for (let n = start; n < bytes.length; n++) {
      const { code, got, expected } = refusal(() => Book.decode(bytes.subarray(0, n)));
      expect([code, got, expected]).toEqual(['truncated', n, `${bytes.length} bytes`]);
    }
  });

  /** Writes one number into a column. */
  function put(section: string, column: string, row: number, value: number, lane = 0): Uint8Array {
    const [, , type, width, , offset] = contents.columns.find(([s, c]) => s === section && c === column) as [
      0,
      0,
      string,
      number,
      0,
      number,
    ];
    const copy = bytes.slice();
    const view = new DataView(copy.buffer, start + offset);
    if (type === 'f64') view.setFloat64((row * width + lane) * 8, value, true);
    else view.setUint32((row * width + lane) * 4, value, true);
    return sealed(copy);
  }

  // biome-ignore format: one case a line
  it.each([
    ['asset', 'price', 1, NaN, 0, 'not-finite at assets[1].price: got NaN, expected a finite number'],
    ['asset', 'price', 1, -1, 0, 'range at assets[1].price: got -1, expected a number >= 0'],
    ['asset', 'price', 1, -0, 0, 'corrupt at asset.price[1]: got -0, expected 0'],
    ['asset', 'guard', 0, 9, 0, 'corrupt at asset.guard[0]: got 9, expected 1'],
    ['asset', 'tierStart', 1, 0, 0, 'corrupt at asset.tierStart[1]: got 0, expected 2'],
    ['asset', 'tierCount', 0, 0, 0, 'corrupt at asset.tierCount[0]: got 0, expected at least one tier'],
    ['asset', 'tierCount', 0, 4294967295, 0, 'corrupt at asset.tierStart[0]: got 4294967295, expected rows below 4'],
    ['tier', 'weight', 0, 2, 1, 'range at assets[0].assetWeight.maintenance: got 2, expected a number >= 0 and <= 1'],
    ['tier', 'weight', 0, 0.5, 3, 'corrupt at tier.weight[0]: got 0.5, expected 1'],
    ['tier', 'upTo', 0, Infinity, 0, 'corrupt at tier.upTo[0]: got Infinity, expected 1e+300'],
    ['market', 'kind', 0, 7, 0, 'type at markets[0].kind: got "", expected one of linear, inverse, quanto, prediction, spot, call, put'],
    ['market', 'settle', 0, 9, 0, 'corrupt at market.settle[0]: got 9, expected an asset below 2'],
    ['market', 'base', 1, 4294967295, 0, 'missing-key at markets[1].base: expected a text'],
    ['market', 'underlying', 0, 9, 0, 'corrupt at market.underlying[0]: got 9, expected a known underlying'],
    ['market', 'mark', 0, Infinity, 0, 'not-finite at markets[0].mark: got Infinity, expected a finite number'],
    ['market', 'lineStart', 0, 1, 0, 'corrupt at market.lineStart[0]: got 1, expected 0'],
    ['market', 'lineCount', 1, 1, 0, 'corrupt at market.lineCount[1]: got 1, expected no bracket of a spot market'],
    ['market', 'shortStart', 0, 1, 0, 'corrupt at market.shortStart[0]: got 1, expected 0 or 2'],
    ['market', 'shortCount', 0, 1, 0, 'corrupt at market.shortCount[0]: got 1, expected 2'],
    ['line', 'rate', 1, 0.001, 1, 'not-concave at markets[0].brackets[1].maintenanceRate: got 0.001, expected at least 0.01: rates must not fall with size'],
    ['line', 'upTo', 1, 1e305, 0, 'corrupt at line.upTo[1]: got 1e+305, expected 1e+300'],
    ['account', 'firstUnit', 1, 0, 0, 'corrupt at account.firstUnit[1]: got 0, expected 2'],
    ['unit', 'account', 1, 1, 0, 'corrupt at unit.account[1]: got 1, expected 0'],
    ['unit', 'bucket', 1, 0, 0, 'corrupt at unit.bucket[1]: got 0, expected bucket 0, then rising'],
    ['unit', 'next', 0, 0, 0, 'corrupt at unit.next[0]: got 0, expected 1'],
    ['unit', 'multiplier', 0, 0, 0, 'corrupt at unit.multiplier[0]: got 0, expected a number from 1e-30 to 1000000'],
    ['unit', 'multiplier', 1, 2, 0, 'corrupt at unit.multiplier[1]: got 2, expected 1, as the cross unit of the account'],
    ['unit', 'rateFloor', 0, NaN, 0, 'corrupt at unit.rateFloor[0]: got NaN, expected a number from 0 to 1000'],
    ['unit', 'balanceStart', 1, 0, 0, 'corrupt at unit.balanceStart[1]: got 0, expected 2, behind the rows before'],
    ['unit', 'balanceRoom', 0, 9, 0, 'corrupt at unit.balanceRoom[0]: got 9, expected 2, the count: no slack'],
    ['unit', 'positionCount', 2, 1, 0, 'corrupt at unit.positionRoom[2]: got 0, expected 1, the count: no slack'],
    ['balance', 'asset', 1, 0, 0, 'corrupt at balance.asset[1]: got 0, expected known assets, rising'],
    ['balance', 'asset', 1, 7, 0, 'corrupt at balance.asset[1]: got 7, expected known assets, rising'],
    ['balance', 'positions', 0, 2, 0, 'corrupt at position.key[1]: got 4, expected a market that settles in the asset of its balance'],
    ['balance', 'amount', 0, NaN, 0, 'corrupt at balance.amount[0]: got NaN, expected a number from -1e+30 to 1e+30'],
    ['balance', 'amount', 0, 1e31, 0, 'corrupt at balance.amount[0]: got 1e+31, expected a number from -1e+30 to 1e+30'],
    ['balance', 'reserved', 0, -1, 0, 'corrupt at balance.reserved[0]: got -1, expected a number from 0 to 1e+30'],
    ['position', 'key', 0, 2, 0, 'corrupt at position.size[0]: got 1, expected the sign of its side'],
    ['position', 'key', 0, 3, 0, 'corrupt at position.key[0]: got 3, expected known markets and sides, rising'],
    ['position', 'key', 0, 4000, 0, 'corrupt at position.key[0]: got 4000, expected known markets and sides, rising'],
    ['position', 'order', 0, 1, 0, 'corrupt at position.order[1]: got 1, expected 2'],
    ['position', 'order', 1, 0, 0, 'corrupt at position.key[1]: got 4, expected a spot row with orders alone and a balance of the quote asset'],
    ['position', 'size', 0, -Infinity, 0, 'corrupt at position.size[0]: got -Infinity, expected a number from -1e+30 to 1e+30'],
    ['position', 'size', 0, 1e-40, 0, 'corrupt at position.size[0]: got 1e-40, expected 0 or a magnitude of at least 1e-30'],
    ['position', 'size', 1, 1, 0, 'corrupt at position.key[1]: got 4, expected a spot row with orders alone and a balance of the quote asset'],
    ['position', 'cost', 0, 1e99, 0, 'corrupt at position.cost[0]: got 1e+99, expected the cost of an entry price of at most 1e+30'],
    ['position', 'funding', 0, -0, 0, 'corrupt at position.funding[0]: got -0, expected a number from -1e+30 to 1e+30'],
    ['position', 'ownRate', 0, 1001, 0, 'corrupt at position.ownRate[0]: got 1001, expected a number from 0 to 1000'],
    ['order', 'bidSize', 0, -1, 0, 'corrupt at order.bidSize[0]: got -1, expected a number from 0 to 1e+30'],
    ['order', 'bidNotional', 0, 1e99, 0, 'corrupt at order.bidNotional[0]: got 1e+99, expected a number from 0 to 2e+60'],
    ['order', 'askWorst', 0, 1, 0, 'corrupt at order.askWorst[0]: got 1, expected 0 where nothing is open'],
    ['house', 'rule', 0, 2, 0, 'corrupt at house.rule[0]: expected the rule of the head'],
  ] as const)('%s.%s[%d] = %d', (section, column, row, value, lane, message) => {
    expectRefusal(() => Book.decode(put(section, column, row, value, lane)), message);
    expectRefusal(() => ReferenceBook.decode(put(section, column, row, value, lane)), message);
  });

  it('what is not changed is accepted', () => {
    expect(Book.decode(sealed(bytes.slice())).toJSON()).toEqual(Book.fromJSON(BOOK).toJSON());
    expect(Book.decode(withContents(() => undefined)).units).toBe(4);
    expect(Book.isEncoded(bytes)).toBe(true);
    expect(Book.isEncoded(new TextEncoder().encode('{}'))).toBe(false);
  });
});

describe('the limits of what fits', () => {
  it('is what 32 bits can address', () => {
    const sized = (call: () => unknown): string => refusal(call).message.replace(/got \d+/, 'got more');
    const message =
      'memory at book: got more, expected at most 4294901760 bytes. Split the accounts over several books';
    expect(sized(() => Book.create({ reserve: { positions: 1e9 } }))).toBe(message);
    const book = Book.fromJSON(BOOK);
    const before = Buffer.from(book.encode());
    expect(sized(() => book.reserve({ orders: 4e9 }))).toBe(message);
    expect(Buffer.compare(book.encode(), before)).toBe(0);
  });

  it('holds 16,777,216 accounts and says so', () => {
    const empty = { account: Uint32Array.of(), asset: Uint32Array.of(), amount: Float64Array.of() };
    const none = {
      account: Uint32Array.of(),
      market: Uint32Array.of(),
      size: Float64Array.of(),
      entry: Float64Array.of(),
    };
    expectUnchanged(
      (book) => book.addColumns({ accounts: 2 ** 24 - 1, balances: empty, positions: none }),
      'too-many at accounts: got 16777218, expected at most 16777216 accounts. Split the accounts over several books',
    );
  });

  it('takes the largest and smallest numbers and writes them down again', () => {
    const accounts: AccountJSON[] = [
      {
        id: 'large',
        balances: { USDT: 1e30 },
        positions: [{ market: 'BTC-PERP', size: -1e30, entry: 1e30, leverage: 0.001 }],
      },
      {
        id: 'small',
        balances: { USDT: 5e-324 },
        positions: [{ market: 'BTC-PERP', size: 1e-30, entry: 1e-30, leverage: 1e30 }],
      },
    ];
    const orders: OrderJSON[] = [{ market: 'BTC-PERP', side: 'sell', size: 1e30, price: 1e30 }];
    const book = Book.fromJSON({ ...BOOK, accounts: [...accounts, { id: 'orders', orders }] });
    const again = Book.fromJSON(JSON.stringify(book.toJSON()));
    expect(Buffer.compare(again.encode(), book.encode())).toBe(0);
    expect(Buffer.compare(Book.decode(book.encode()).encode(), book.encode())).toBe(0);
  });
});

describe('the nearest known word', () => {
  // biome-ignore format: one case a line
  it.each([
    ['sise', ['market', 'side', 'size'], 'size'],
    ['sdie', ['market', 'size', 'side'], 'side'],
    ['sid', ['size', 'side'], 'side'],
    ['siez', ['side', 'size'], 'size'],
    ['prise', ['size', 'price'], 'price'],
    ['etnry', ['net', 'entry'], 'entry'],
    ['BTC_PREP', ['BTC-SPOT', 'BTC-PERP'], 'BTC-PERP'],
    ['qty', ['size', 'price'], 'size'],
    ['contractSize', ['size', 'multiplier'], 'multiplier'],
    ['qty', ['side', 'price'], undefined],
  ])('to %s', (word, known, wanted) => {
    expect(nearest(word, known)).toBe(wanted);
  });
});

describe('MarginError', () => {
  it('shows any value shortly', () => {
    const shown = (got: unknown): string => new MarginError('type', { path: 'x', got }).message;
    expect(shown('a'.repeat(100))).toBe(`type at x: got "${'a'.repeat(56)}...`);
    expect(shown(-0)).toBe('type at x: got -0');
    expect(shown(12n)).toBe('type at x: got 12n');
    expect(shown(undefined)).toBe('type at x: got undefined');
    expect(shown(Symbol('s'))).toBe('type at x: got Symbol(s)');
    expect(shown([1n])).toBe('type at x: got a list');
    expect(shown({ toJSON: () => undefined })).toBe('type at x: got [object Object]');
    expect(new MarginError('memory').message).toBe('memory');
    expect(new MarginError('range', { expected: 'more', hint: 'Do more' }).message).toBe(
      'range: expected more. Do more',
    );
  });
});

describe('columns that are no columns', () => {
  const balances = { account: new Uint32Array(), asset: new Uint32Array(), amount: new Float64Array() };
  const numbers = { size: new Float64Array(), entry: new Float64Array() };
  const positions = { account: new Uint32Array(), market: new Uint32Array(), ...numbers };
  const ids = (list: unknown): unknown => ({ accounts: 1, ids: list, balances, positions });
  const noAccounts = { accounts: 0, balances: { ...balances, account: null }, positions };
  it.each([
    ['nothing', undefined, 'type at columns: got undefined, expected an object of typed arrays'],
    ['null for a column', noAccounts, 'missing-key at balances.account: expected a typed array'],
    ['an empty id', ids(['']), 'type at ids[0]: got "", expected a text that is not empty'],
    ['a number for an id', ids([5]), 'type at ids[0]: got 5, expected a text that is not empty'],
    ['null for an id', ids([null]), 'type at ids[0]: got null, expected a text that is not empty'],
    ['a text for ids', ids('a'), 'type at ids: got "a", expected a list of ids'],
  ])('%s', (_, columns, message) => {
    const book = Book.create();
    const before = Buffer.from(book.encode());
    expect(() => book.addColumns(columns as never)).toThrow(message);
    expect(Buffer.compare(book.encode(), before)).toBe(0);
  });
});

describe('what is no book', () => {
  const call = { margin, accountMargin: (b: Book) => accountMargin(b, 'a'), explain: (b: Book) => explain(b, 'a') };
  it.each(Object.entries(call))('%s says how to make one', (_, run) => {
    for (const wrong of [undefined, null, {}, '{}']) {
      expect(() => run(wrong as unknown as Book)).toThrow(
        /^type at book: (got .*, )?expected a Book\. Book\.fromJSON\(json\) and Book\.decode\(bytes\) make one$/,
      );
    }
  });
});
