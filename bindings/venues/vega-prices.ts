// Vega: maintenance margin with linear and quadratic slippage, and the liquidation price of a position alone and with its open
// orders. Where there is no price these print 0, as the protocol does. Source: vegaprotocol/vega core/risk/
// liquidation_calculation.go and margins_calculation.go.
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { Row } from './rows.js';

const KEYS = [
  'openVolume',
  'markPrice',
  'linearSlippageFactor',
  'quadraticSlippageFactor',
  'riskFactors',
  'fundingPaymentPerUnit',
] as const;

/** A position and the factors of its market. */
export interface OpenPosition {
  /** Units, long positive. */
  openVolume: Decimal;
  /** Settlement asset for a unit. */
  markPrice: Decimal;
  /** Fraction of the price; quadratic: for each unit. Default of the latter 0. */
  linearSlippageFactor: Decimal;
  /** Fraction of the price for each unit; default 0. */
  quadraticSlippageFactor?: Decimal;
  /** Of the model by side, fractions. */
  riskFactors: { long: Decimal; short: Decimal };
  /** What a unit pays at the next funding; negative: receives, which does not count. Default 0. */
  fundingPaymentPerUnit?: Decimal;
}

/** An order that is open. */
export interface OpenOrder {
  /** Which way it trades. */
  side: 'buy' | 'sell';
  /** Units, unsigned. */
  size: Decimal;
  /** null or absent: a market order, which fills at the mark. */
  price?: Decimal | null;
}

interface Factors {
  linear: number;
  quadratic: number;
  long: number;
  short: number;
  funding: number;
}

function factorsOf(row: Row): Factors {
  const factors = row.row('riskFactors', ['long', 'short']);
  return {
    linear: row.number('linearSlippageFactor'),
    quadratic: row.number('quadraticSlippageFactor', 0),
    long: factors.number('long'),
    short: factors.number('short'),
    funding: row.number('fundingPaymentPerUnit', 0),
  };
}

/** Requirement for each unit of price: slippage and risk factor of the side. */
function exposure(volume: number, { linear, quadratic, long, short }: Factors): number {
  const size = Math.abs(volume);
  return size * linear + volume * volume * quadratic + size * (volume > 0 ? long : short);
}

const fundingOf = (volume: number, { funding }: Factors): number => Math.max(0, volume * funding);

/**
 * Maintenance margin of a position: mark price times slippage and risk factor, and the funding that it is about to pay.
 * @param position - open volume, mark price, factors
 * @returns settlement asset
 * @throws MarginError missing-key, unknown-key, type
 * @example
 * maintenanceMargin({ openVolume: -4, markPrice: 100, linearSlippageFactor: 0.25, quadraticSlippageFactor: 0.125,
 *   riskFactors: { long: 0.25, short: 0.5 } }) // 500
 */
export function maintenanceMargin(position: OpenPosition): number {
  const row = new Row(position, '', KEYS, 'maintenanceMargin');
  const factors = factorsOf(row);
  const volume = row.number('openVolume');
  return row.positive('markPrice') * exposure(volume, factors) + fundingOf(volume, factors);
}

/**
 * Price at which the collateral is the maintenance margin. Slippage and risk factor have no tiers, so none is crossed.
 * @param position - open volume, mark price, factors; collateral (settlement asset, at the mark)
 * @returns settlement asset for a unit; 0 without a position, and where a long one is never closed out
 * @throws MarginError missing-key, unknown-key, type; range where slippage and risk factor together are 1 for a long position:
 *   then no price changes anything
 * @example
 * liquidationPrice({ openVolume: 1, markPrice: 100, collateral: 40, linearSlippageFactor: 0,
 *   riskFactors: { long: 0.25, short: 0.5 } }) // 80
 */
export function liquidationPrice(position: OpenPosition & { collateral: Decimal }): number {
  const row = new Row(position, '', [...KEYS, 'collateral'], 'liquidationPrice');
  return priceAt(row.number('openVolume'), row.positive('markPrice'), row.number('collateral'), factorsOf(row));
}

function priceAt(volume: number, mark: number, collateral: number, factors: Factors): number {
  if (volume === 0) return 0;
  const slope = exposure(volume, factors) - volume;
  if (slope === 0) {
    throw new MarginError('range', {
      path: 'riskFactors.long',
      got: factors.long,
      expected: 'slippage and risk factor that are not 1 together',
      hint: 'The position and its requirement move alike: there is no liquidation price',
    });
  }
  return Math.max(0, (collateral - volume * mark - fundingOf(volume, factors)) / slope);
}

/**
 * Liquidation prices of a position alone, with its buy orders and with its sell orders. Orders fill one after the other at
 * their own prices, the nearest first, and the collateral is marked at each fill; what lies beyond the liquidation price
 * reached so far is not filled.
 * @param position - open volume, mark price, factors; collateral (settlement asset, at the mark); orders
 * @returns settlement asset for a unit, 0 where there is none
 * @throws MarginError as `liquidationPrice`
 * @example
 * liquidationRange({ openVolume: 1, markPrice: 100, collateral: 40, linearSlippageFactor: 0,
 *   riskFactors: { long: 0.25, short: 0.5 }, orders: [{ side: 'sell', size: 2, price: 120 }] })
 *   // { positionOnly: 80, withBuyOrders: 80, withSellOrders: 120 }
 */
export function liquidationRange(position: OpenPosition & { collateral: Decimal; orders: readonly OpenOrder[] }): {
  positionOnly: number;
  withBuyOrders: number;
  withSellOrders: number;
} {
  const row = new Row(position, '', [...KEYS, 'collateral', 'orders'], 'liquidationRange');
  const volume = row.number('openVolume');
  const mark = row.positive('markPrice');
  const collateral = row.number('collateral');
  const factors = factorsOf(row);
  const positionOnly = priceAt(volume, mark, collateral, factors);
  const orders = row.rows('orders', ['side', 'size', 'price']).map((order) => ({
    sign: order.word('side', ['buy', 'sell']) === 'sell' ? -1 : 1,
    size: Math.abs(order.number('size')),
    price: order.has('price') ? order.positive('price') : mark,
  }));
  const walk = (sign: number): number => {
    const side = orders.filter((order) => order.sign === sign).sort((a, b) => sign * (b.price - a.price));
    let [held, last, money, reached] = [volume, mark, collateral, positionOnly];
    for (const { size, price } of side) {
      if (held * sign > 0 && sign * price < sign * reached) break;
      money += held * (price - last);
      held += sign * size;
      last = price;
      reached = priceAt(held, last, money, factors);
    }
    return reached;
  };
  return { positionOnly, withBuyOrders: walk(1), withSellOrders: walk(-1) };
}
