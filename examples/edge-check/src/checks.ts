// The pre-trade check as a request: one order, one order in brief, or several legs at once. It changes nothing.
import {
  type Book,
  CHECK_WIDTH,
  check,
  checkBasket,
  checkInto,
  MarginError,
  type OrderCheck,
  REASONS,
} from 'margin-kernel';
import { known } from './accounts.js';
import { at, flag, list, object, type Shape, text, whole } from './validation.js';

const MOST_LEGS = 32;
const BODY = ['account', 'order', 'legs', 'bucket', 'brief', 'sequence'] as const;
const ORDER = ['market', 'side', 'size', 'price', 'fee', 'positionSide', 'bucket', 'reduceOnly'] as const;
const BRIEF = ['market', 'side', 'size', 'price', 'bucket'] as const;

/** Number of the batch that a check wants to see, where it says one. @throws MarginError */
export const leastOf = (json: unknown): number | undefined => whole(object(json, 'body', BODY), 'body', 'sequence');

/** @throws MarginError; the path is that of the request */
export function checkOf(book: Book, json: unknown): object {
  const body = object(json, 'body', BODY);
  const account = known(book, text(body, 'body', 'account'), 'account');
  if ((body.order === undefined) === (body.legs === undefined))
    throw new MarginError('conflict', { path: 'body', expected: 'either order or legs' });
  if (body.legs !== undefined) return basket(book, account, body);
  if (body.bucket !== undefined)
    throw new MarginError('conflict', {
      path: 'bucket',
      got: body.bucket,
      expected: 'the bucket of one order inside it',
    });
  if (flag(body, 'body', 'brief')) return brief(book, account, body.order);
  return at('order', () => check(book, account, orderOf(body.order, 'order', ORDER) as unknown as OrderCheck));
}

function orderOf(value: unknown, path: string, keys: readonly string[]): Shape {
  const order = object(value, path, keys);
  text(order, path, 'market');
  return order;
}

function basket(book: Book, account: string, body: Shape): object {
  if (body.brief !== undefined)
    throw new MarginError('conflict', { path: 'brief', got: body.brief, expected: 'one order: legs are told in full' });
  const legs = list(body, 'body', 'legs', MOST_LEGS).map((leg, i) => orderOf(leg, `legs[${i}]`, ORDER));
  const options = body.bucket === undefined ? {} : { bucket: body.bucket as number };
  return checkBasket(book, account, legs as unknown as OrderCheck[], options);
}

const out = new Float64Array(CHECK_WIDTH);
const NAMES = ['equity', 'initialCollateral', 'initialMargin', 'collateral', 'maintenanceMargin', 'notional'] as const;

/** Rows for ids and no object inside: about a microsecond; without liquidation prices. */
function brief(book: Book, account: string, value: unknown): object {
  const order = orderOf(value, 'order', BRIEF);
  for (const key of ['size', 'price'] as const) {
    if (typeof order[key] !== 'number')
      throw new MarginError('type', {
        path: `order.${key}`,
        got: order[key],
        expected: 'a JSON number, where a check is brief',
      });
  }
  return at('order', () => {
    const unit = book.unit(account, (order.bucket as number | undefined) ?? 0);
    const market = book.market(order.market as string, 'market');
    const code = checkInto(book, unit, market, order.side as 'buy', order.size as number, order.price as number, out);
    return { accept: code <= 1, reason: REASONS[code], before: riskOf(0), after: riskOf(NAMES.length) };
  });
}

function riskOf(from: number): object {
  const risk = Object.fromEntries(NAMES.map((name, i) => [name, out[from + i]]));
  return { ...risk, available: (out[from + 1] ?? 0) - (out[from + 2] ?? 0) };
}
