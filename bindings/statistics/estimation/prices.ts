// What `returnsOf` reads of a table of closes: names, days, prices with gaps bridged, and who lends returns to whom.
import type { Closes } from '../../adapters/closes.js';
import { decimal, isObject, knownKeys } from '../../book/fields.js';
import { nearest } from '../../book/nearest.js';
import { MarginError } from '../../errors.js';
import { MAX_INPUT, MIN_INPUT } from '../../layout.js';

/** Prices of one coin over a window of days; NaN where there is none. */
export interface Prices {
  readonly column: Float64Array;
  /** Days with the first and the last price of its own; -1 without any. */
  readonly first: number;
  readonly last: number;
  /** How many were carried over. */
  readonly carried: number;
}

/** A coin that lends its returns. */
export interface Lender {
  readonly by: string;
  readonly beta: number;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

const isTexts = (list: unknown): boolean =>
  Array.isArray(list) && list.length > 0 && !Array.from(list).some((text) => typeof text !== 'string');

/** Checks a table of closes, but for the prices themselves. @throws MarginError type, range */
export function closesGiven(closes: Closes): void {
  const path = 'closes';
  if (!isObject(closes)) throw new MarginError('type', { path, got: closes, expected: 'what parseCloses returns' });
  const { dates, symbols, prices } = closes;
  for (const [key, list] of Object.entries({ dates, symbols }))
    if (!isTexts(list))
      throw new MarginError('type', { path: `${path}.${key}`, got: list, expected: 'a list of texts' });
  if (!Array.isArray(prices) || prices.length !== symbols.length)
    throw new MarginError('type', { path: `${path}.prices`, got: prices, expected: 'a column a symbol' });
  Array.from(prices).forEach((column: unknown, i) => {
    if (column instanceof Float64Array && column.length === dates.length) return;
    const expected = `a Float64Array of ${dates.length} prices, one a day`;
    throw new MarginError('type', { path: `${path}.prices[${i}]`, got: column, expected });
  });
}

function known(closes: Closes, name: unknown, path: string): string {
  if (typeof name === 'string' && closes.symbols.includes(name)) return name;
  const near = typeof name === 'string' ? nearest(name, closes.symbols) : undefined;
  throw new MarginError(typeof name === 'string' ? 'unknown-id' : 'type', {
    path,
    got: name,
    expected: `a symbol of the table: ${closes.symbols.join(', ')}`,
    ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
  });
}

/** @throws MarginError type, unknown-id, duplicate, range */
export function namesOf(closes: Closes, names: readonly string[] | undefined): readonly string[] {
  if (names === undefined) return [...closes.symbols];
  if (!Array.isArray(names) || names.length === 0)
    throw new MarginError('type', { path: 'options.names', got: names, expected: 'a list of at least one symbol' });
  Array.from(names).forEach((name: string, i) => {
    known(closes, name, `options.names[${i}]`);
    if (names.indexOf(name) < i)
      throw new MarginError('duplicate', { path: `options.names[${i}]`, got: name, expected: 'each symbol once' });
  });
  return [...names];
}

/** @throws MarginError type, unknown-id, unknown-key, range; conflict, where a coin would lend to itself */
export function proxiesOf(closes: Closes, names: readonly string[], proxies: unknown): Map<string, Lender> {
  const path = 'options.proxies';
  if (proxies !== undefined && !isObject(proxies))
    throw new MarginError('type', { path, got: proxies, expected: 'an object such as { SOL: "ETH" }' });
  if (proxies) knownKeys(proxies, path, names);
  return new Map(
    Object.entries(proxies ?? {}).map(([name, proxy]): [string, Lender] => {
      const at = `${path}.${name}`;
      if (isObject(proxy)) knownKeys(proxy, at, ['by', 'beta']);
      const by = known(closes, isObject(proxy) ? proxy.by : proxy, isObject(proxy) ? `${at}.by` : at);
      const given = isObject(proxy) ? proxy.beta : undefined;
      const beta = given === undefined ? 1 : decimal(given, `${at}.beta`, { min: -10, max: 10 });
      if (by === name) throw new MarginError('conflict', { path: at, got: by, expected: 'another coin' });
      return [name, { by, beta }];
    }),
  );
}

/** The first row on or after `from`, or the last one on or before `to`. @throws MarginError type, range */
export function dayIn(closes: Closes, day: string | undefined, key: 'from' | 'to'): number {
  const { dates } = closes;
  if (day === undefined) return key === 'from' ? 0 : dates.length - 1;
  const path = `options.${key}`;
  if (typeof day !== 'string' || !DAY.test(day))
    throw new MarginError('type', { path, got: day, expected: 'a day as YYYY-MM-DD' });
  const after = dates.findIndex((date) => date >= day);
  const row = key === 'from' ? after : after < 0 ? dates.length - 1 : dates[after] === day ? after : after - 1;
  if (row < 0)
    throw new MarginError('range', {
      path,
      got: day,
      expected: `a day from ${dates[0]} to ${dates[dates.length - 1]}, those of the table`,
    });
  return row;
}

/** Prices from row `first` to before row `end`; gaps of at most `carry` days keep the last price. @throws MarginError range */
export function pricesOf(closes: Closes, name: string, first: number, end: number, carry: number): Prices {
  const column = (closes.prices[closes.symbols.indexOf(name)] ?? new Float64Array(0)).slice(first, end);
  const found = { first: -1, last: -1, carried: 0 };
  column.forEach((price, day) => {
    if (Number.isNaN(price)) return;
    if (!(price >= MIN_INPUT && price <= MAX_INPUT))
      throw new MarginError('range', {
        path: `closes.${name}`,
        got: price,
        expected: `${price > 0 ? `a price from ${MIN_INPUT} to ${MAX_INPUT}` : 'a price above 0'} on ${closes.dates[first + day]}, or NaN where there is none`,
      });
    const gap = day - found.last - 1;
    if (found.last >= 0 && gap > 0 && gap <= carry) {
      column.fill(column[found.last] ?? 0, found.last + 1, day);
      found.carried += gap;
    }
    if (found.first < 0) found.first = day;
    found.last = day;
  });
  return { column, ...found };
}
