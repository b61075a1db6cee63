// When a stage acts: comparisons as data, because venues disagree even about `<` and `<=`, joined by all, any and not.
import { MarginError } from '../errors.js';
import type { Exact } from '../liquidation/exact.js';
import { Row } from '../venues/rows.js';
import { type Amount, holds, OPERATORS, type Operator, type Ratio, ratio } from './amount.js';
import { oneOf } from './words.js';

/**
 * - `value`: a number of the event (`values`), such as a drawdown; `otherwise` where the event has none
 * - `balance`: what an account has in a purse, minor units of the event's asset
 * - `need`: what is still open, minor units
 */
export type Condition =
  | { value: string; otherwise?: Ratio; operator: Operator; level: Ratio }
  | { balance: string; purse?: string; operator: Operator; level: Ratio }
  | { need: true; operator: Operator; level: Ratio }
  | { all: readonly Condition[] }
  | { any: readonly Condition[] }
  | { not: Condition };

/** What a condition looks at. */
const FORMS = ['value', 'balance', 'need', 'all', 'any', 'not'] as const;

/** A path this long leads into a nesting that nobody has written. */
const MOST_PATH = 1_000;

/** What a condition may look at. */
export interface Facts {
  /** @throws MarginError missing-key */
  value(name: string, path: string, otherwise?: Exact): Exact;
  /** @throws MarginError unknown-id */
  balance(account: string, purse: string | undefined, path: string): Amount;
  need(): Amount;
}

/** A condition that has been read; asks for the facts each time. */
export type Test = (facts: Facts) => boolean;

/** @throws MarginError type, missing-key, unknown-key */
export function conditionOf(value: unknown, path: string): Test {
  if (path.length > MOST_PATH)
    throw new MarginError('range', { path: path.slice(0, 60), expected: 'fewer conditions inside each other' });
  const row = new Row(value, path, [
    ...['value', 'otherwise', 'balance', 'purse', 'need', 'operator', 'level', 'all', 'any', 'not'],
  ]);
  const forms = FORMS.filter((form) => row.has(form));
  if (forms.length > 1) {
    throw new MarginError('conflict', { path: row.at(forms[1] as string), expected: `one of ${FORMS.join(', ')}` });
  }
  if (row.has('not')) {
    const test = conditionOf(row.raw('not'), row.at('not'));
    return (facts) => !test(facts);
  }
  for (const join of ['all', 'any'] as const) {
    if (!row.has(join)) continue;
    const tests = listAt(row, join).map((part, i) => conditionOf(part, `${row.at(join)}[${i}]`));
    return (facts) => (join === 'all' ? tests.every((test) => test(facts)) : tests.some((test) => test(facts)));
  }
  const operator = oneOf(row.raw('operator'), row.at('operator'), OPERATORS);
  const level = ratio(row.need('level', 'a number') as Ratio, row.at('level'));
  const left = leftOf(row);
  return (facts) => holds(left(facts), operator, level);
}

function leftOf(row: Row): (facts: Facts) => Exact {
  if (row.has('value')) {
    const name = row.text('value');
    const otherwise = row.has('otherwise') ? ratio(row.raw('otherwise') as Ratio, row.at('otherwise')) : undefined;
    return (facts) => facts.value(name, row.at('value'), otherwise);
  }
  if (row.has('balance')) {
    const [account, purse] = [row.text('balance'), row.has('purse') ? row.text('purse') : undefined];
    return (facts) => whole(facts.balance(account, purse, row.at('balance')));
  }
  if (row.has('need')) return (facts) => whole(facts.need());
  throw new MarginError('missing-key', {
    path: row.at('value'),
    expected: `one of ${FORMS.join(', ')}`,
  });
}

const whole = (amount: Amount): Exact => ({ numerator: amount, denominator: 1n });

function listAt(row: Row, key: string): unknown[] {
  const list = row.raw(key);
  if (Array.isArray(list) && list.length > 0) return list;
  throw new MarginError('type', { path: row.at(key), got: list, expected: 'a list of conditions' });
}
