// Steps of sizes and prices, in whichever of ccxt's ways an exchange writes its `precision`.
import { POSITIVE, decimal as real } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import type { Gaps } from '../cells/gaps.js';
import { MarginError } from '../errors.js';
import { decimal } from '../venues/decimal.js';
import type { Row } from '../venues/rows.js';
import { filled, within } from './read.js';

/** ccxt's numbers of them (base/functions/number). 3 is SIGNIFICANT_DIGITS: a step that moves with the price. */
const DECIMAL_PLACES = 2;
const TICK_SIZE = 4;

/** The step under a key of `precision`; nothing where there is none. */
export type StepOf = (precision: Row, key: string) => Decimal | undefined;

const tick: StepOf = (row, key) => (filled(row, key) ? within(row, key, POSITIVE) : undefined);

/** 0 digits are a step of 1, and below 0 they are tens. @throws MarginError type, not-finite, range */
function places(row: Row, key: string): Decimal | undefined {
  if (!row.has(key)) return undefined;
  const digits = real(row.decimal(key), row.at(key), { min: -30, max: 30 });
  if (Number.isInteger(digits)) return decimal(1n, digits);
  throw new MarginError('type', {
    path: row.at(key),
    got: row.raw(key),
    expected: 'a whole number of digits, as precisionMode is 2 (DECIMAL_PLACES)',
  });
}

/** How precision is read where an exchange has this mode; a mode without steps is a gap. */
export function stepReader(mode: unknown, gaps: Gaps): StepOf {
  if (mode === undefined || mode === null || mode === TICK_SIZE) return tick;
  if (mode === DECIMAL_PLACES) return places;
  const hint = 'Ticks and lots are left out; give the precision as steps, with 4';
  const expected = '2 (DECIMAL_PLACES) or 4 (TICK_SIZE)';
  gaps.add(new MarginError('range', { path: 'precisionMode', got: mode, expected, hint }), 'field');
  return () => undefined;
}
