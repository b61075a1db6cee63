// Orderly: liquidation prices as its SDK prints them: of a position (the root), of an order before it is sent (an estimate) and
// of isolated margin (rate kept at the reference price). Source: OrderlyNetwork/js-sdk packages/perp/src/positions/liqPrice.ts,
// positions/liquidationPriceIsolated.ts, order.ts (estLiqPrice).
import { decimal as real } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { pow } from '../reference/numeric/pow.js';
import { linearRoot, priceOf } from './frozen-tier.js';
import { Row } from './rows.js';

/** Exponent of every size term. */
export const POWER = 0.8;

/** A symbol's margin parameters, as `market` takes them. */
export interface Rates {
  /** Fractions. */
  base_mmr: Decimal;
  /** Least initial rate, a fraction. */
  base_imr: Decimal;
  /** Of the account and symbol. */
  imr_factor: Decimal;
  /** Exponent of the notional, if another than 0.8. */
  power?: Decimal;
}

/** A position with its maintenance rate. */
export interface RatedPosition {
  /** Needed where it may be that of the order. */
  symbol?: string;
  /** Signed base. */
  position_qty: Decimal;
  /** USDC. */
  mark_price: Decimal;
  /** Fraction. */
  mmr: Decimal;
}

interface Curve {
  base: number;
  /** base_mmr / base_imr * imr_factor. */
  factor: number;
  power: number;
}

function curveOf(symbol: Row): Curve {
  const base = symbol.rate('base_mmr');
  const factor = (base / symbol.positive('base_imr')) * symbol.number('imr_factor');
  return { base, factor, power: symbol.number('power', POWER) };
}

const rateAt = ({ base, factor, power }: Curve, notional: number): number =>
  Math.max(base, factor * pow(Math.abs(notional), power));

/**
 * Maintenance rate of a notional: max(base_mmr, base_mmr / base_imr * imr_factor * notional^0.8).
 * @param symbol - rates and factor
 * @param notional - USDC, either sign
 * @returns fraction
 * @throws MarginError missing-key, type, range
 * @example
 * maintenanceRate({ base_mmr: 0.05, base_imr: 0.1, imr_factor: 2.5e-7 }, 1_000) // 0.05
 */
export function maintenanceRate(symbol: Rates, notional: Decimal): number {
  const curve = curveOf(new Row(symbol, '', undefined, 'maintenanceRate'));
  return rateAt(curve, real(notional, 'notional'));
}

/**
 * Liquidation price of a position in cross margin: the root of collateral + qty (P - mark) = requirement, whose rate grows
 * with the price; other positions stay at their marks. The SDK stops its bisection at 1e-4 of the price, this goes on to the
 * last bit.
 * @param symbol - mark price (USDC), rates and factor
 * @param state - position_qty (long positive), total_collateral_value (USDC, at the mark), positions of other symbols
 * @returns USDC, the last price at which the account is healthy; null without a position, where a long one is healthy at every
 *   price, and where the account is below maintenance at the mark
 * @throws MarginError missing-key, unknown-key, type, range
 * @example
 * liquidationPrice({ mark_price: 100, base_mmr: 0.2, base_imr: 0.4, imr_factor: 0 },
 *   { position_qty: 1, total_collateral_value: 40, positions: [] }) // 75
 */
export function liquidationPrice(
  symbol: Rates & { mark_price: Decimal },
  state: { position_qty: Decimal; total_collateral_value: Decimal; positions: readonly RatedPosition[] },
): number | null {
  const market = new Row(symbol, '', undefined, 'liquidationPrice');
  const curve = curveOf(market);
  const mark = market.positive('mark_price');
  const row = new Row(state, '', ['position_qty', 'total_collateral_value', 'positions'], 'liquidationPrice');
  const size = row.number('position_qty');
  const others = row
    .rows('positions')
    .reduce(
      (sum, other) => sum + Math.abs(other.number('position_qty')) * other.positive('mark_price') * other.rate('mmr'),
      0,
    );
  const equity = row.number('total_collateral_value') - others;
  const isHealthy = (price: number): boolean => {
    const notional = Math.abs(size) * price;
    return equity + size * (price - mark) >= notional * rateAt(curve, notional);
  };
  if (size === 0 || !isHealthy(mark)) return null;
  // The base rate is the least, so its root is not healthy, or just so.
  const beyond = linearRoot(equity, [{ size, price: mark, rate: curve.base }]);
  return beyond === null ? null : lastHealthy(mark, beyond, isHealthy);
}

/** Bisects until no double lies between a price that is healthy and one that is not. */
function lastHealthy(healthy: number, beyond: number, isHealthy: (price: number) => boolean): number {
  if (isHealthy(beyond)) return beyond;
  for (let near = healthy, far = beyond; ; ) {
    const middle = near + (far - near) / 2;
    if (middle === near || middle === far) return near;
    if (isHealthy(middle)) near = middle;
    else far = middle;
  }
}

/**
 * What the venue shows before an order is sent. It mixes the mark and the order's price and takes the power of the whole
 * product of factor and notional, so it is an estimate and no root of the account.
 * @param symbol - of the order: its name, mark price (USDC), rates and factor
 * @param state - total_collateral_value (USDC), all positions, the order with signed qty, price and fee (USDC)
 * @returns USDC; 0 where there is none, as the venue prints it
 * @throws MarginError missing-key, unknown-key, type, range
 * @example
 * estimatedLiquidationPrice({ symbol: 'BTC', mark_price: 90, base_mmr: 0.5, base_imr: 1, imr_factor: 0 },
 *   { total_collateral_value: 52, positions: [], order: { qty: 1, price: 100, fee: 2 } }) // 100
 */
export function estimatedLiquidationPrice(
  symbol: Rates & { symbol: string; mark_price: Decimal },
  state: {
    total_collateral_value: Decimal;
    positions: readonly RatedPosition[];
    order: { qty: Decimal; price: Decimal; fee: Decimal };
  },
): number {
  const market = new Row(symbol, '', undefined, 'estimatedLiquidationPrice');
  const { base, factor, power } = curveOf(market);
  const row = new Row(state, '', ['total_collateral_value', 'positions', 'order'], 'estimatedLiquidationPrice');
  const order = row.row('order', ['qty', 'price', 'fee']);
  const price = order.positive('price');
  const value = order.number('qty') * price;
  const id = market.text('symbol');
  const positions = row.rows('positions').map((position) => {
    const qty = position.number('position_qty');
    const notional = qty * position.positive('mark_price');
    return { own: position.raw('symbol') === id, qty, notional, mmr: position.rate('mmr') };
  });
  const held = positions.find(({ own }) => own);
  const maintenance = positions.reduce(
    (sum, { own, notional, mmr }) => sum + Math.abs(own ? notional + value : notional) * mmr,
    held ? 0 : value * base,
  );
  const rate = Math.max(base, pow(factor * Math.abs(value + (held?.notional ?? 0)), power));
  const from = positions.some(({ qty }) => qty > 0) ? market.positive('mark_price') : price;
  const qty = order.number('qty') + (held?.qty ?? 0);
  const slope = Math.abs(qty) * rate - qty;
  if (slope === 0) return 0;
  const free = row.number('total_collateral_value') - maintenance - order.number('fee');
  return Math.max(0, from + free / slope);
}

const ISOLATED = [
  'position_qty',
  'isolated_margin',
  'cost_position',
  'order_qty',
  'reference_price',
  'leverage',
  'fee_buffer',
  'unsettled_funding',
] as const;

/**
 * Liquidation price of isolated margin, with or without an order. The rate is that of the notional at the reference price.
 * @param symbol - rates and factor
 * @param state - position_qty and order_qty (signed base), isolated_margin and cost_position (USDC, the cost with the sign of
 *   the size), reference_price (of the order, or the mark), leverage; fee_buffer: share of an order's value that is set aside
 *   for fees; unsettled_funding: USDC for each unit since the last settlement, paid by longs where positive
 * @returns USDC; null where the order closes the position and where there is no price above 0. The rate is kept: optimistic
 *   for a short position that outgrows it
 * @throws MarginError missing-key, unknown-key, type, range
 * @example
 * isolatedLiquidationPrice({ base_mmr: 0.2, base_imr: 0.4, imr_factor: 0 }, { position_qty: 0, isolated_margin: 0,
 *   cost_position: 0, order_qty: 1, reference_price: 100, leverage: 5 }) // 100
 */
export function isolatedLiquidationPrice(
  symbol: Rates,
  state: {
    position_qty: Decimal;
    isolated_margin: Decimal;
    cost_position: Decimal;
    order_qty?: Decimal;
    reference_price: Decimal;
    leverage: Decimal;
    fee_buffer?: Decimal;
    unsettled_funding?: Decimal;
  },
): number | null {
  const curve = curveOf(new Row(symbol, '', undefined, 'isolatedLiquidationPrice'));
  const row = new Row(state, '', ISOLATED, 'isolatedLiquidationPrice');
  const held = row.number('position_qty');
  const order = row.number('order_qty', 0);
  const price = row.positive('reference_price');
  const rate = 1 / row.positive('leverage') + row.rate('fee_buffer', 0);
  const margin = row.number('isolated_margin');
  const qty = held + order;
  let paid = row.number('cost_position') + order * price;
  let left = margin + Math.abs(order) * price * rate;
  if (held !== 0 && held > 0 !== qty > 0) {
    paid = qty * price;
    left = Math.abs(qty) * price * rate;
  } else if (held !== 0 && held > 0 !== order > 0) {
    left = (margin * qty) / held;
  }
  const owed = paid + qty * row.number('unsettled_funding', 0) - left;
  return priceOf(owed, qty - Math.abs(qty) * rateAt(curve, qty * price)) || null;
}
