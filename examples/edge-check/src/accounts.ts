// What happens to accounts: states of a ledger, deposits, fills, orders, own terms. One update is one object with a `kind`.
import { type AccountJSON, type Book, type FillInput, MarginError, type OrderInput } from 'margin-kernel';
import { at, list, object, type Shape, text, without } from './validation.js';

const MOST = 1000;
const PLACE = ['bucket', 'positionSide'] as const;
const ORDER = ['market', 'side', 'size', 'price', 'notional', 'worst', 'count', ...PLACE] as const;

/** An update, and how it is made on an account of a book. */
export interface Update {
  path: string;
  account: string;
  /** Whether the account may be new. */
  sets: boolean;
  apply(book: Book, account: string): void;
}

type Read = (shape: Shape) => (book: Book, account: string) => void;
type Amount = number | string;
type Place = { bucket?: number };

/** Keys beside `kind` and `account`, and what to call. */
const KINDS: Record<string, { keys: readonly string[]; read: Read }> = {
  deposit: {
    keys: ['asset', 'amount', 'bucket'],
    read: (s) => (book, a) =>
      book.deposit(a, s.asset as string, s.amount as Amount, without(s, 'asset', 'amount') as Place),
  },
  fill: {
    keys: ['market', 'size', 'price', 'fee', ...PLACE],
    read: (s) => (book, a) => book.fill(a, s as unknown as FillInput),
  },
  place: { keys: ORDER, read: (s) => (book, a) => book.placeOrder(a, s as unknown as OrderInput) },
  cancel: {
    keys: [...ORDER, 'remaining'],
    read: (s) => (book, a) => book.cancelOrder(a, s as unknown as OrderInput),
  },
  leverage: {
    keys: ['market', 'leverage', ...PLACE],
    read: (s) => (book, a) =>
      book.setLeverage(a, s.market as string, s.leverage as Amount, without(s, 'market', 'leverage')),
  },
  terms: {
    keys: ['marginMultiplier', 'liquidationBuffer', 'initialRateFloor'],
    read: (s) => (book, a) => book.setTerms(a, s),
  },
};
const WORDS = ['set', ...Object.keys(KINDS)];

/** Reads what has the shape of an update; what it means is asked of a book. @throws MarginError */
export function readUpdates(body: Shape): Update[] {
  return list(body, 'body', 'updates', MOST).map((entry, i) => {
    const path = `updates[${i}]`;
    const kind = object(entry, path, Object.keys(Object(entry))).kind;
    if (typeof kind !== 'string' || !WORDS.includes(kind))
      throw new MarginError('type', { path: `${path}.kind`, got: kind, expected: `one of ${WORDS.join(', ')}` });
    if (kind === 'set') return setUpdate(object(entry, path, ['kind', 'account']), path);
    const { keys, read } = KINDS[kind] as { keys: readonly string[]; read: Read };
    const shape = object(entry, path, ['kind', 'account', ...keys]);
    const account = text(shape, path, 'account');
    for (const id of ['market', 'asset']) if (keys.includes(id)) text(shape, path, id);
    const run = read(without(shape, 'kind', 'account'));
    return { path, account, sets: false, apply: (book, a) => at(path, () => run(book, a)) };
  });
}

/** The whole state of an account, new or not. */
function setUpdate(shape: Shape, path: string): Update {
  const inside = `${path}.account`;
  const json = shape.account;
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new MarginError('type', { path: inside, got: json, expected: 'an account as the book has it' });
  const account = text(json as Shape, inside, 'id');
  const apply = (book: Book, id: string): void => {
    const state = { ...json, id } as AccountJSON;
    if (has(book, id)) book.replaceAccount(state, inside);
    else book.addAccount(state, inside);
  };
  return { path, account, sets: true, apply };
}

/** Whether there is such an account, without a search for those that are called alike. */
export const has = (book: Book, id: string): boolean => book.accountIds.has(id);

/** @throws MarginError unknown-id */
export function known(book: Book, id: string, path: string): string {
  if (has(book, id)) return id;
  throw new MarginError('unknown-id', { path, got: id, expected: 'the id of an account' });
}
