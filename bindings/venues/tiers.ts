// Tables as venues print them: rows by lower bound, deductions beside the rates (Binance `cum`, Hyperliquid deduction,
// Bybit mmDeduction). The kernel derives its own deductions from the rates; `tierAccounts` lets explain show them.
import { decimal as real } from '../book/fields.js';
import type { AccountJSON, Decimal, MarketJSON } from '../book/types.js';
import { MarginError } from '../errors.js';

/**
 * Upper bounds of rows that are listed by their lower bound; the last row has no end.
 * @param lower - lower bounds, rising from 0, in any one unit
 * @param pathOf - what to call the bound of a row in errors
 * @returns for each row the lower bound of the next, null for the last
 * @throws MarginError type, range
 * @example
 * upperBounds([0, 50_000, 250_000]) // [50_000, 250_000, null]
 */
export function upperBounds(
  lower: readonly Decimal[],
  pathOf: (row: number) => string = (row) => `lower[${row}]`,
): (Decimal | null)[] {
  if (lower.length === 0 || real(lower[0], pathOf(0)) !== 0) {
    throw new MarginError('range', { path: pathOf(0), got: lower[0], expected: 'a first bound of 0' });
  }
  lower.forEach((bound, row) => {
    if (row > 0 && real(bound, pathOf(row)) <= real(lower[row - 1], pathOf(row - 1))) {
      const expected = `more than ${lower[row - 1]}, the bound of the row before it`;
      throw new MarginError('range', { path: pathOf(row), got: bound, expected });
    }
  });
  return lower.map((_, row) => lower[row + 1] ?? null);
}

/**
 * The row that a value is in; a value on a bound belongs to the row above it.
 * @param rows - rows with their lower bounds, one of them 0, in any order
 * @param lowerOf - lower bound of a row, in the unit of `value`
 * @param value - not negative
 * @returns the row with the largest lower bound that is not above `value`
 * @throws MarginError range
 * @example
 * tierAt([{ from: 0 }, { from: 100 }], (row) => row.from, 100) // { from: 100 }
 */
export function tierAt<T>(rows: readonly T[], lowerOf: (row: T) => Decimal, value: Decimal): T {
  const x = real(value, 'value');
  const reached = rows.map((row) => ({ row, lower: real(lowerOf(row), 'lower') })).filter(({ lower }) => lower <= x);
  const row = reached.sort((a, b) => a.lower - b.lower).at(-1)?.row;
  if (row === undefined)
    throw new MarginError('range', { path: 'value', got: value, expected: 'a value in the table' });
  return row;
}

/**
 * Deduction (maintenance amount) of a tier from the one below it, so that `notional * rate - deduction` is continuous.
 * @param below - rate (fraction) and deduction of the tier below
 * @param bound - lower bound of the tier, in the table's unit
 * @param rate - rate of the tier, a fraction
 * @returns deduction, in the table's unit
 * @throws MarginError type, not-finite
 * @example
 * nextDeduction({ rate: 0.005, deduction: 50 }, 250_000, 0.01) // 1300
 */
export function nextDeduction(below: { rate: Decimal; deduction: Decimal }, bound: Decimal, rate: Decimal): number {
  return (
    real(below.deduction, 'below.deduction') +
    real(bound, 'bound') * (real(rate, 'rate') - real(below.rate, 'below.rate'))
  );
}

/**
 * One account inside every tier of a linear or inverse market: the margin explained for the n-th names the rate and the
 * deduction of the n-th tier.
 * @param market - market with brackets by notional in settle units
 * @returns accounts `tier-0`, `tier-1`, ... each with one long position in the middle of its tier
 * @throws MarginError conflict where the market has another kind of table
 * @example
 * tierAccounts({ id: 'X', kind: 'linear', settle: 'USD', mark: 2, brackets: [{ upTo: 10, maintenanceRate: 0.1 },
 *   { upTo: null, maintenanceRate: 0.2 }] }).map((account) => account.positions[0].size) // [2.5, 10.25]
 */
export function tierAccounts(market: MarketJSON): AccountJSON[] {
  if ((market.kind !== 'linear' && market.kind !== 'inverse') || market.tables?.basis || market.tables?.unit) {
    throw new MarginError('conflict', {
      path: 'market',
      got: market.kind,
      expected: 'a linear or inverse market with brackets by notional in settle units',
    });
  }
  const mark = real(market.mark, 'market.mark');
  const multiplier = real(market.multiplier ?? 1, 'market.multiplier');
  const value = market.kind === 'linear' ? multiplier * mark : multiplier / mark;
  let lower = 0;
  return (market.brackets ?? []).map(({ upTo }, tier) => {
    const upper = upTo === null ? 3 * lower + 1 : real(upTo, `market.brackets[${tier}].upTo`);
    const middle = (lower + upper) / 2;
    lower = upper;
    return { id: `tier-${tier}`, positions: [{ market: market.id, size: middle / value, entry: mark }] };
  });
}
