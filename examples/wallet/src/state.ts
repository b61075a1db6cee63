// All that the page knows: the book as it was entered, where prices stand now, and what is asked of them. A plain value that is
// never changed in place, so that undo keeps the old one, and that packs into a link and back.
import { type AccountJSON, Book, type BookJSON } from 'margin-kernel/reference/var';
import { EXAMPLE_ACCOUNTS, EXAMPLE_VENUE, type Venue } from './venue.ts';

export const ENGINES = ['wasm', 'reference'] as const;
export const SOURCES = ['simulated', 'historical', 'filtered'] as const;
export const CONFIDENCES = ['0.95', '0.975', '0.99'] as const;
export const HORIZONS = [1, 10] as const;
export const RULES = ['okx', 'bybit', 'binance', 'bitmex', 'hyperliquid'] as const;
export const SIDES = ['buy', 'sell'] as const;

export type EngineName = (typeof ENGINES)[number];
export type Rule = (typeof RULES)[number];

/** How value at risk is asked. */
export interface RiskQuestion {
  source: (typeof SOURCES)[number];
  confidence: (typeof CONFIDENCES)[number];
  horizon: (typeof HORIZONS)[number];
  /** A table of daily closes that was pasted; read where the source is not `simulated`. */
  closes: string;
}

/** An order that is tried. */
export interface Ticket {
  market: string;
  side: (typeof SIDES)[number];
  size: number;
}

export interface State {
  venue: Venue;
  accounts: AccountJSON[];
  /** Place of the account on view. */
  account: number;
  /** Price now by driver (drivers.ts), where it is not the book's. */
  prices: Record<string, number>;
  /** Driver of the chart of health; '' is the first. */
  focus: string;
  /** Driver that the heat map and the curve move; '' is all of them by the same share. */
  moves: string;
  engine: EngineName;
  risk: RiskQuestion;
  rule: Rule;
  ticket: Ticket;
}

export const START: State = {
  venue: EXAMPLE_VENUE,
  accounts: EXAMPLE_ACCOUNTS,
  account: 0,
  prices: {},
  focus: '',
  moves: '',
  engine: 'wasm',
  risk: { source: 'simulated', confidence: '0.99', horizon: 1, closes: '' },
  rule: 'okx',
  ticket: { market: 'BTC-PERP', side: 'buy', size: 0.1 },
};

/** The book as it was entered. */
export const bookOf = ({ venue, accounts }: State): BookJSON => ({
  format: 'margin-kernel/book@1',
  ...venue,
  accounts,
});

/** The account on view. */
export const accountOf = ({ accounts, account }: State): AccountJSON => accounts[account] ?? { id: 'me' };

/** The same state with another account in place of the one on view. */
export const withAccount = (state: State, account: AccountJSON): State => ({
  ...state,
  accounts: state.accounts.map((old, i) => (i === state.account ? account : old)),
});

/** A state that a link, or who wrote it, got wrong. */
export class StateError extends Error {}

type Packed = Record<string, unknown>;
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What differs from the first page, under one letter each: this is what a link carries. */
export function pack(state: State): Packed {
  const all: [string, unknown, unknown][] = [
    ['v', state.venue, START.venue],
    ['a', state.accounts, START.accounts],
    ['i', state.account, 0],
    ['p', state.prices, {}],
    ['f', state.focus, ''],
    ['m', state.moves, ''],
    ['e', state.engine, START.engine],
    ['r', Object.values(riskInOrder(state.risk)), Object.values(START.risk)],
    ['s', state.rule, START.rule],
    ['t', [state.ticket.market, state.ticket.side, state.ticket.size], Object.values(START.ticket)],
  ];
  return Object.fromEntries(all.filter(([, value, first]) => !same(value, first)).map(([key, value]) => [key, value]));
}

const riskInOrder = ({ source, confidence, horizon, closes }: RiskQuestion): RiskQuestion => ({
  source,
  confidence,
  horizon,
  closes,
});

const KEYS = ['v', 'a', 'i', 'p', 'f', 'm', 'e', 'r', 's', 't'];

function fail(what: string): never {
  throw new StateError(what);
}

function wordOf<T extends string | number>(value: unknown, words: readonly T[], what: string): T {
  return words.includes(value as T) ? (value as T) : fail(`${what} is not one of ${words.join(', ')}`);
}

const text = (value: unknown, what: string): string =>
  typeof value === 'string' ? value : fail(`${what} is not a text`);

const record = (value: unknown, what: string): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : fail(`${what} is not an object`);

const list = (value: unknown, what: string): unknown[] =>
  Array.isArray(value) ? value : fail(`${what} is not a list`);

function pricesOf(value: unknown): Record<string, number> {
  const prices = record(value, 'the prices');
  for (const [id, price] of Object.entries(prices)) {
    if (typeof price !== 'number' || !(price > 0) || price > 1e30) fail(`the price of ${id} is not a number above 0`);
  }
  return prices as Record<string, number>;
}

/**
 * What `pack` wrote, checked to the last field; the book by the book's own reader.
 * @throws StateError; MarginError where the book is refused
 */
export function unpack(value: unknown): State {
  const packed = record(value, 'the state');
  const unknown = Object.keys(packed).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) fail(`nothing is known of "${unknown}"`);
  const or = <T>(key: string, read: (value: unknown) => T, first: T): T =>
    Object.hasOwn(packed, key) ? read(packed[key]) : first;
  const accounts = or('a', (a) => list(a, 'the list of accounts') as AccountJSON[], START.accounts);
  const risk = or('r', (r) => list(r, 'the question of risk'), Object.values(START.risk));
  const ticket = or('t', (t) => list(t, 'the order'), Object.values(START.ticket));
  const state: State = {
    venue: or('v', (v) => record(v, 'the venue') as unknown as Venue, START.venue),
    accounts,
    account: or('i', (i) => (Number.isInteger(i) ? (i as number) : fail('the account is not a place in the list')), 0),
    prices: or('p', pricesOf, {}),
    focus: or('f', (f) => text(f, 'the chart’s market'), ''),
    moves: or('m', (m) => text(m, 'what moves'), ''),
    engine: or('e', (e) => wordOf(e, ENGINES, 'the engine'), START.engine),
    risk: {
      source: wordOf(risk[0], SOURCES, 'the source of scenarios'),
      confidence: wordOf(risk[1], CONFIDENCES, 'the confidence'),
      horizon: wordOf(risk[2], HORIZONS, 'the horizon'),
      closes: text(risk[3], 'the table of closes'),
    },
    rule: or('s', (s) => wordOf(s, RULES, 'the score'), START.rule),
    ticket: {
      market: text(ticket[0], 'the market of the order'),
      side: wordOf(ticket[1], SIDES, 'the side of the order'),
      size: typeof ticket[2] === 'number' && ticket[2] >= 0 ? ticket[2] : fail('the size of the order is below 0'),
    },
  };
  if (risk.length !== 4 || ticket.length !== 3) fail('a list has another length');
  if (accounts.length === 0) fail('there is no account');
  if (state.account < 0 || state.account >= accounts.length) fail('the account on view is not in the list');
  Book.fromJSON(bookOf(state));
  return state;
}
