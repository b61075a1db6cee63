// What deleveraging is asked for: a position that has to go, or a loss that has to be met; and what it comes to in the space
// and at the price of a rule.
import { MarginError } from '../../errors.js';
import type { Exact } from '../../liquidation/exact.js';
import { type Integer, magnitude } from '../../venues/integer.js';
import { Row } from '../../venues/rows.js';
import { type Amount, amountAt, floorOf, fraction, type Ratio, ratio } from '../amount.js';
import { badDebt, lackOf } from './budget.js';
import type { CheckedRule } from './candidate.js';

/** A position that has to go; prices are minor units a lot. */
export interface PositionNeed {
  /** The defaulter; it may not be among the candidates. */
  account?: string;
  /** Signed lots, not 0. */
  size: Integer;
  /** Minor units a lot. */
  mark: Ratio;
  /** Where the defaulter's equity is used up; see `bankruptcyPerLot`. */
  bankruptcy: Ratio;
  /** Where the rule closes at the oracle's price. */
  oracle?: Ratio;
  /** What the position fetches in the end, which says what was needed; default: the mark. */
  exec?: Ratio;
}

/** A loss that has to be met, minor units. */
export interface LossNeed {
  /** The defaulter; it may not be among the candidates. */
  account?: string;
  /** >= 0. */
  loss: Integer;
  /** What layers before have met, >= 0; default 0. */
  covered?: Integer;
  /** Part of the rest that is asked for, 0 to 1; default 1. */
  severity?: Ratio;
}

/** Of the space `contracts` a position, of the others a loss. */
export type AdlNeed = PositionNeed | LossNeed;

/** A need as it is worked with. */
export interface Task {
  asked: Amount;
  needed: Amount;
  /** Sign of the defaulter's position, 0n where a loss is met. */
  sign: bigint;
  price: Exact | null;
  /** What a lot costs its counterparty against the mark. */
  perLot: Exact | null;
}

const POSITION = ['account', 'size', 'mark', 'bankruptcy', 'oracle', 'exec'] as const;
const LOSS = ['account', 'loss', 'covered', 'severity'] as const;

/** @throws MarginError missing-key, unknown-key, type, inexact, range */
export function taskOf(need: AdlNeed, rule: CheckedRule): Task {
  return rule.space === 'contracts'
    ? positionTask(new Row(need, 'need', POSITION), rule)
    : lossTask(new Row(need, 'need', LOSS));
}

function lossTask(row: Row): Task {
  const loss = amountAt(row, 'loss');
  const covered = amountAt(row, 'covered', 0n);
  const needed = loss > covered ? loss - covered : 0n;
  const severity = fraction((row.has('severity') ? row.raw('severity') : 1) as Ratio, row.at('severity'));
  return { asked: floorOf(needed, severity), needed, sign: 0n, price: null, perLot: null };
}

function positionTask(row: Row, rule: CheckedRule): Task {
  const size = row.integer('size');
  if (size === 0n) throw new MarginError('range', { path: row.at('size'), got: size, expected: 'not 0' });
  const priceOf = (key: string): Exact => ratio(row.need(key, 'a price') as Ratio, row.at(key));
  const mark = priceOf('mark');
  const price = priceOf(rule.price);
  const needed = badDebt(size, priceOf('bankruptcy'), row.has('exec') ? priceOf('exec') : mark);
  return { asked: magnitude(size), needed, sign: size < 0n ? -1n : 1n, price, perLot: lackOf(size, price, mark) };
}
