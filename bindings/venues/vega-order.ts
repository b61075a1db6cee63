// Vega: margin of a single order or position in isolated margin mode, which looks at neither risk factors nor the book.
// Source: vegaprotocol/specs protocol/0019-MCAL-margin_calculator.md.
import type { Decimal } from '../book/types.js';
import { product } from './decimal.js';
import { Row } from './rows.js';

/**
 * Margin in isolated mode: the party's own margin factor on the value at the order's price.
 * @param order - size, either sign, price (of a limit order its own, of a position its average entry price), margin factor (a
 *   fraction)
 * @returns settlement asset, exact decimal text, >= 0
 * @throws MarginError missing-key, unknown-key, type, range
 * @see vegaprotocol/specs protocol/0019-MCAL-margin_calculator.md
 * @example
 * isolatedMargin({ size: -1, price: 15_900, marginFactor: 0.9 }) // '14310'
 */
export function isolatedMargin(order: { size: Decimal; price: Decimal; marginFactor: Decimal }): string {
  const row = new Row(order, '', ['size', 'price', 'marginFactor'], 'order');
  return product(row.decimal('size'), row.decimal('price'), row.decimal('marginFactor')).replace('-', '');
}
