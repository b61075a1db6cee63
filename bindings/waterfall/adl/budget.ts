// What deleveraging is for: the loss beyond bankruptcy of a position, how much of it is needed and how much is taken, and
// haircuts as they are applied. Sizes are signed lots, prices minor units a lot, amounts minor units rounded toward the fund.
import { MarginError } from '../../errors.js';
import { type Exact, exact, minus, over } from '../../liquidation/exact.js';
import { listOf } from '../../liquidation/list.js';
import { type Integer, integer, magnitude } from '../../venues/integer.js';
import { Row, rowsOf } from '../../venues/rows.js';
import { type Amount, ceilOf, type Ratio, ratio } from '../amount.js';
import { oneOf } from '../words.js';

/** What a lot at one price lacks to another: positive where a defaulter of that side gets too little. */
export function lackOf(size: Amount, due: Exact, got: Exact): Exact {
  return size < 0n ? minus(got, due) : minus(due, got);
}

/** a / b of whole numbers, exactly. @param b - not 0 */
const quotient = (a: Amount, b: Amount): Exact => over(exact(a), exact(b));

/**
 * Bankruptcy price of a position: where its equity is used up.
 * @param size - signed lots, not 0
 * @param mark - minor units a lot
 * @param equity - of the position at the mark, minor units; below 0: it is beyond bankruptcy already
 * @returns minor units a lot, exactly: mark - equity / size
 * @throws MarginError type, inexact, range where the size is 0
 * @example
 * bankruptcyPerLot(-2n, 4_000, -1_500n) // { numerator: 6500n, denominator: 2n }
 */
export function bankruptcyPerLot(size: Integer, mark: Ratio, equity: Integer): Exact {
  const lots = integer(size, 'size');
  if (lots === 0n) throw new MarginError('range', { path: 'size', got: lots, expected: 'not 0' });
  return minus(ratio(mark, 'mark'), quotient(integer(equity, 'equity'), lots));
}

/**
 * Loss beyond bankruptcy: what closing a position leaves open that its account does not have.
 * @param size - signed lots that are closed
 * @param bankruptcy - minor units a lot
 * @param exec - price of the close, minor units a lot
 * @returns minor units, >= 0, rounded up: lots x max(0, bankruptcy - exec) of a long, max(0, exec - bankruptcy) of a short
 * @throws MarginError type, inexact, range
 * @see pluriholonomic/autodeleveraging-analysis paper/liquidation-mechanics.tex (Bad Debt Example)
 * @example
 * badDebt(-100n, '1.151', '1.55') // 40n
 */
export function badDebt(size: Integer, bankruptcy: Ratio, exec: Ratio): Amount {
  return debtOf(integer(size, 'size'), ratio(bankruptcy, 'bankruptcy'), ratio(exec, 'exec'));
}

function debtOf(lots: Amount, bankruptcy: Exact, exec: Exact): Amount {
  const lack = lackOf(lots, bankruptcy, exec);
  return lack.numerator > 0n ? ceilOf(magnitude(lots), lack) : 0n;
}

/** A deleveraging that was decided on an estimate. Prices are minor units a lot. */
export interface AdlEvent {
  /** Signed lots of the defaulter. */
  size: Integer;
  /** Price at which the defaulter's equity is used up, minor units a lot. */
  bankruptcy: Ratio;
  /** At which the position was closed in the end. */
  exec: Ratio;
  /** At which it was thought that it would be. */
  estimated: Ratio;
}

/**
 * What an event needed and what was taken for it, two figures that are easily taken for one.
 * @param event - size, bankruptcy price, real and estimated price of the close
 * @returns minor units: needed, taken; shortfall: needed and not taken; overshoot: taken and not needed
 * @throws MarginError missing-key, unknown-key, type, inexact, range
 * @see arXiv 2602.15182 (budget of an event)
 * @example
 * adlBudget({ size: 100n, bankruptcy: 100, exec: 96, estimated: 99 })
 *   // { needed: 400n, taken: 100n, shortfall: 300n, overshoot: 0n }
 */
export function adlBudget(event: AdlEvent): { needed: Amount; taken: Amount; shortfall: Amount; overshoot: Amount } {
  const row = new Row(event, 'event', ['size', 'bankruptcy', 'exec', 'estimated']);
  const priceOf = (key: string): Exact => ratio(row.need(key, 'a price') as Ratio, row.at(key));
  const [lots, bankruptcy] = [row.integer('size'), priceOf('bankruptcy')];
  const needed = debtOf(lots, bankruptcy, priceOf('exec'));
  const taken = debtOf(lots, bankruptcy, priceOf('estimated'));
  return { needed, taken, ...gap(needed, taken) };
}

/** The two ways in which what is taken is not what is needed. */
export const gap = (needed: Amount, taken: Amount): { shortfall: Amount; overshoot: Amount } => ({
  shortfall: needed > taken ? needed - taken : 0n,
  overshoot: taken > needed ? taken - needed : 0n,
});

/**
 * Haircuts: the share that was taken of what each has.
 * @param taken - minor units, one for each endowment
 * @param endowments - minor units
 * @returns exact fractions; 0 where there is nothing
 * @throws MarginError type, inexact, range where the lists differ in length
 * @example
 * haircutsOf([7n, 0n], [16n, 0n]) // [{ numerator: 7n, denominator: 16n }, { numerator: 0n, denominator: 1n }]
 */
export function haircutsOf(taken: readonly Integer[], endowments: readonly Integer[]): Exact[] {
  sameLength([taken, 'taken'], [endowments, 'endowments']);
  return taken.map((value, i) => {
    const whole = integer(endowments[i] as Integer, `endowments[${i}]`);
    return whole === 0n ? exact(0) : quotient(integer(value, `taken[${i}]`), whole);
  });
}

/** An account that a haircut is applied to, minor units. */
export interface HaircutAccount {
  /** Signed; needed in the space `equity`. */
  equity?: Integer;
  /** Balance without profit and loss, and profit, signed; needed in the space `pnl`. */
  cash?: Integer;
  /** Profit, signed; needed in the space `pnl`. */
  pnl?: Integer;
}

/**
 * Applies haircuts as they are given, account by account. Of equity: its size times the haircut, so that one below 0
 * credits. Of pnl: a profit times the haircut; a loss is neither cut nor credited.
 * @param accounts - equity, or cash and profit, minor units
 * @param haircuts - one for each account, -1 to 1; of pnl 0 to 1
 * @param space - what is cut
 * @returns minor units: seized, rounded toward 0 (below 0: credited), and equity after it
 * @throws MarginError missing-key, type, inexact, range where a haircut is beyond its bounds or the lists differ in length
 * @see pluriholonomic/autodeleveraging-analysis paper/main.tex:1215, paper/main_corrected.tex:1261
 * @example
 * applyHaircuts([{ equity: 10n }, { equity: -5n }], ['0.5', -1], 'equity') // { seized: [5n, -5n], after: [5n, 0n] }
 */
export function applyHaircuts(
  accounts: readonly HaircutAccount[],
  haircuts: readonly Ratio[],
  space: 'equity' | 'pnl',
): { seized: Amount[]; after: Amount[] } {
  const rows = rowsOf(accounts, 'accounts', ['equity', 'cash', 'pnl']);
  const least = oneOf(space, 'space', ['equity', 'pnl'] as const) === 'equity' ? -1n : 0n;
  sameLength([accounts, 'accounts'], [haircuts, 'haircuts']);
  const cuts = rows.map((row, i) => {
    const { numerator, denominator } = ratio(haircuts[i] as Ratio, `haircuts[${i}]`);
    if (numerator > denominator || numerator < least * denominator) {
      throw new MarginError('range', { path: `haircuts[${i}]`, got: haircuts[i], expected: `${least} to 1` });
    }
    const gain = space === 'pnl' ? row.integer('pnl') : row.integer('equity');
    const equity = space === 'pnl' ? row.integer('cash') + gain : gain;
    const base = gain >= 0n ? gain : space === 'pnl' ? 0n : -gain;
    return { equity, seized: (base * numerator) / denominator };
  });
  return { seized: cuts.map(({ seized }) => seized), after: cuts.map(({ equity, seized }) => equity - seized) };
}

/** @param lists - with their names @throws MarginError missing-key, type, range */
function sameLength(...lists: [list: unknown, path: string][]): void {
  const [one, other] = lists.map(([list, path]) => ({ path, length: listOf(list, path).length }));
  if (!one || !other || one.length === other.length) return;
  const expected = `${other.length} entries, as many as ${other.path}`;
  throw new MarginError('range', { path: one.path, got: one.length, expected });
}
