// Orderly before an order: its fee, the largest quantity in isolated margin, and the account's leverage after it.
// Source: @orderly.network/perp, orderUtils and account.
import { decimal as real } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { pow } from '../reference/numeric/pow.js';
import { decimal, decimalParts, product, scaled, sum } from './decimal.js';
import { Row } from './rows.js';

/** The inverse of the exponent of every size term, 1 / 0.8. */
const INVERSE_POWER = 1.25;
/** Digits after the point of a leverage. */
const LEVERAGE_DIGITS = 2;

const unsigned = (value: string): string => value.replace('-', '');

/**
 * Trading fee of an order.
 * @param order - quantity, either sign, price (USDC) and taker fee rate (a fraction; negative: a rebate)
 * @returns USDC, exact decimal text
 * @throws MarginError missing-key, unknown-key, type, range
 * @see OrderlyNetwork/js-sdk packages/perp/src/order.ts orderFee
 * @example
 * orderFee({ qty: 0.1, price: 26_000, takerFeeRate: 0.0006 }) // '1.56'
 */
export function orderFee(order: { qty: Decimal; price: Decimal; takerFeeRate: Decimal }): string {
  const row = new Row(order, '', ['qty', 'price', 'takerFeeRate'], 'order');
  return product(unsigned(product(row.decimal('qty'), row.decimal('price'))), row.decimal('takerFeeRate'));
}

/** What bounds an order in isolated margin; money is USDC. */
export interface IsolatedOrder {
  /** USDC that is free. */
  availableBalance: Decimal;
  /** That the user has chosen. */
  leverage: Decimal;
  /** What is kept for fees, a fraction of the value. */
  feeBuffer: Decimal;
  /** Price by which the order is measured. */
  price: Decimal;
  /** USDC. */
  markPrice: Decimal;
  /** Of the position, in the order's direction or 0; the sign does not matter. */
  positionQty: Decimal;
  /** Notional of other open orders. */
  pendingNotional: Decimal;
  /** Of the account and symbol. */
  imrFactor: Decimal;
  /** Share of the balance that may be used. */
  safetyFactor: Decimal;
  /** Absent or null: none. */
  symbolMaxNotional?: Decimal | null;
}

const ISOLATED_ORDER = [
  ...['availableBalance', 'leverage', 'feeBuffer', 'price', 'markPrice', 'positionQty', 'pendingNotional'],
  ...['imrFactor', 'safetyFactor', 'symbolMaxNotional'],
] as const;

/** A number that is divided by. */
function above0(row: Row, key: string): number {
  const value = row.number(key);
  if (value > 0) return value;
  throw new MarginError('range', { path: row.at(key), got: row.raw(key), expected: 'a number > 0' });
}

/**
 * Largest quantity of an order in isolated margin that opens or enlarges a position: what the balance pays for, and what is left
 * up to the notional at which the initial rate imrFactor * N^0.8 reaches 1 / leverage.
 * @param order - balance, leverage, prices and what is open already
 * @returns base, >= 0
 * @throws MarginError missing-key, unknown-key, type, range where leverage or price are not above 0
 * @see OrderlyNetwork/js-sdk packages/perp/src/account.ts maxQtyForIsolatedMargin
 * @example
 * maxIsolatedQty({ availableBalance: 100, leverage: 10, feeBuffer: 0, price: 50_000, markPrice: 50_000, positionQty: 0,
 *   pendingNotional: 0, imrFactor: 1e-7, safetyFactor: 1, symbolMaxNotional: 500 }) // 0.01
 */
export function maxIsolatedQty(order: IsolatedOrder): number {
  const row = new Row(order, '', ISOLATED_ORDER, 'order');
  const [price, leverage] = [above0(row, 'price'), above0(row, 'leverage')];
  const affordable =
    (row.number('availableBalance') / (1 / leverage + row.number('feeBuffer')) / price) * row.number('safetyFactor');
  const factor = row.number('imrFactor');
  const byRate = factor > 0 ? pow(1 / (leverage * factor), INVERSE_POWER) : Number.POSITIVE_INFINITY;
  const most = Math.min(byRate, row.number('symbolMaxNotional', Number.POSITIVE_INFINITY));
  const open = row.number('markPrice') * Math.abs(row.number('positionQty')) + row.number('pendingNotional');
  return Math.max(0, Math.min(affordable, (most - open) / price));
}

/** Quotient as decimal text, rounded to the nearest, half to even. */
function rounded(above: string, below: string): string {
  const digits = Math.max(0, ...[above, below].map((value) => -decimalParts(value).exponent));
  const [a, b] = [scaled(above, digits + LEVERAGE_DIGITS), scaled(below, digits)];
  const [whole, rest] = [a / b, 2n * (a % b)];
  const up = rest > b || (rest === b && whole % 2n === 1n);
  return decimal(up ? whole + 1n : whole, LEVERAGE_DIGITS);
}

/**
 * Leverage of an account after an order: notional of all positions at their marks, that of the order's symbol with the order at
 * its own price, over the collateral.
 * @param account - collateral (USDC) and positions; several rows of a symbol are one position
 * @param order - symbol, signed quantity and price
 * @returns decimal text of two digits, half to even; null without collateral
 * @throws MarginError missing-key, type, range
 * @see OrderlyNetwork/js-sdk packages/perp/src/order.ts estLeverage
 * @example
 * leverageAfter({ totalCollateral: 1_981.66, positions: [{ symbol: 'PERP_ETH_USDC', position_qty: -3, mark_price: 1_638.41 }] },
 *   { symbol: 'PERP_ETH_USDC', qty: -3, price: 1_638.41 }) // '4.96'
 */
export function leverageAfter(
  account: {
    totalCollateral: Decimal;
    positions: readonly { symbol: string; position_qty: Decimal; mark_price: Decimal }[];
  },
  order: { symbol: string; qty: Decimal; price: Decimal },
): string | null {
  const [row, ordered] = [new Row(account, 'account'), new Row(order, 'order')];
  const notionals = new Map([
    [ordered.text('symbol'), product(ordered.decimal('qty'), ordered.decimal('price'))] as const,
  ]);
  for (const position of row.rows('positions')) {
    const symbol = position.text('symbol');
    const notional = product(position.decimal('position_qty'), position.decimal('mark_price'));
    notionals.set(symbol, sum(notionals.get(symbol) ?? 0, notional));
  }
  const collateral = row.decimal('totalCollateral');
  if (real(collateral, row.at('totalCollateral')) <= 0) return null;
  return rounded(sum(...Array.from(notionals.values(), unsigned)), String(collateral));
}
