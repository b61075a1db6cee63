// `check <book> <order>`: what orders would do to their accounts, before they are sent.
import { type BasketVerdict, checkBasket } from '../basket.js';
import type { BookBase } from '../book/book.js';
import { check, type OrderCheck, type Verdict } from '../check.js';
import { MarginError } from '../errors.js';
import { checkText } from '../explain-check.js';
import type { Command, ExitCode, Input } from './command.js';
import { readText } from './files.js';
import { readBook } from './read-book.js';
import { MODEL_OPTIONS } from './scenario/choose.js';
import { pour, type Terminal } from './terminal.js';

/** An order of an account, or several legs that are one order. */
type Request = { account: string } & (OrderCheck | { legs: OrderCheck[]; bucket?: number });

const KEYS = ['market', 'side', 'size', 'price', 'fee', 'positionSide', 'bucket', 'reduceOnly'];

/** The orders of the argument: JSON itself, a file, or - for stdin. @throws MarginError syntax, type, unknown-key */
function readOrders(text: string): { requests: Request[]; isList: boolean } {
  const json = /^\s*[[{]/.test(text) ? text : readText(text);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new MarginError('syntax', {
      path: 'order',
      expected: 'JSON, e.g. {"account":"a1","market":"BTC-PERP","side":"buy","size":1}',
      hint: (error as Error).message,
    });
  }
  const list = Array.isArray(value) ? value : [value];
  list.forEach((order, i) => {
    checkKeys(order, Array.isArray(value) ? `orders[${i}]` : 'order');
  });
  return { requests: list as Request[], isList: Array.isArray(value) };
}

function checkKeys(order: unknown, path: string): void {
  if (typeof order !== 'object' || order === null || Array.isArray(order))
    throw new MarginError('type', { path, got: order, expected: 'an object' });
  const { account, legs, ...rest } = order as Record<string, unknown>;
  if (typeof account !== 'string')
    throw new MarginError('missing-key', { path: `${path}.account`, got: account, expected: 'the id of an account' });
  if (legs !== undefined && !Array.isArray(legs))
    throw new MarginError('type', { path: `${path}.legs`, got: legs, expected: 'a list of orders' });
  const known = legs === undefined ? KEYS : ['bucket'];
  const wrong = Object.keys(rest).find((key) => !known.includes(key));
  if (wrong !== undefined)
    throw new MarginError('unknown-key', { path: `${path}.${wrong}`, expected: `one of ${known.join(', ')}` });
  (legs as unknown[] | undefined)?.forEach((leg, i) => {
    if (typeof leg !== 'object' || leg === null || Array.isArray(leg))
      throw new MarginError('type', { path: `${path}.legs[${i}]`, got: leg, expected: 'an object' });
    const unknown = Object.keys(leg as object).find((key) => !KEYS.includes(key));
    if (unknown !== undefined)
      throw new MarginError('unknown-key', {
        path: `${path}.legs[${i}].${unknown}`,
        expected: `one of ${KEYS.join(', ')}`,
      });
  });
}

function judge(book: BookBase, { account, ...order }: Request): Verdict | BasketVerdict {
  if (!('legs' in order)) return check(book, account, order);
  const { legs, ...options } = order;
  return checkBasket(book, account, legs, options);
}

const titleOf = (request: Request): string => {
  const leg = ({ side, size, market, price }: OrderCheck): string =>
    `${side} ${size} ${market}${price === undefined ? '' : ` at ${price}`}`;
  return `${request.account}: ${'legs' in request ? request.legs.map(leg).join(' + ') : leg(request)}`;
};

export const checkCommand: Command = {
  name: 'check',
  summary:
    'Says whether an order would be accepted and why, with risk before and after and the new liquidation prices.',
  operands: ['book', 'order'],
  options: {
    json: { help: 'machine output: the verdict as one JSON object (a list of them for a list of orders)' },
    ...MODEL_OPTIONS,
  },
  notes: [
    '<order> is JSON or a file of it, - reads stdin: {"account", "market", "side", "size"} with "price", "fee", "positionSide",\n"bucket" and "reduceOnly" where wanted; {"account", "legs": [...]} is one order of several legs; a list is checked one by one,\neach against the book as it stands.',
    'Exit status: 0 all are accepted, 1 one is refused, 2 bad input.',
  ],
  examples: [
    `check book.json '{"account":"a1","market":"BTC-PERP","side":"buy","size":2,"price":61000}'`,
    'check book.mkb orders.json --json',
  ],
  async run(input: Input, terminal: Terminal): Promise<ExitCode> {
    const [, order] = input.operands as [string, string];
    const { requests, isList } = readOrders(order);
    const book = readBook(input, terminal);
    const verdicts = requests.map((request) => judge(book, request));
    if (input.flag('json')) await pour(terminal.out, [JSON.stringify(isList ? verdicts : verdicts[0], null, 2), '\n']);
    else {
      const texts = verdicts.map((verdict, i) => `${titleOf(requests[i] as Request)}\n${checkText(verdict)}`);
      await pour(terminal.out, [texts.join('\n') || 'no orders\n']);
    }
    return verdicts.every(({ accept }) => accept) ? 0 : 1;
  },
};
