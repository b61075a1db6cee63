// Hyperliquid: liquidation prices with today's margin tier kept, and the estimate that wallets show before an order. Source:
// hyperliquid docs, trading/liquidations; MetaMask/core perps-controller (isolated); OneKeyHQ/app-monorepo
// packages/shared/src/utils/perpsUtils.ts (estimate).
import type { Decimal } from '../book/types.js';
import { linearRoot } from './frozen-tier.js';
import { Row, type Side } from './rows.js';

/** Half of the initial rate at the largest leverage. */
const rateOf = (row: Row): number => 1 / (2 * row.positive('maxLeverage'));

/**
 * Liquidation price of a position that is open: (szi mark - margin) / (szi - |szi| rate). The entry price does not enter.
 * @param position - szi (base, long positive), markPx and, in USDC at that mark, margin: the equity of an isolated position,
 *   or the account value in cross margin; maintenanceRate (fraction) and deduction of its tier; otherMaintenance: what other
 *   cross positions need
 * @returns USDC; null where there is none. The tier is kept: optimistic where the price crosses into a higher one
 * @throws MarginError missing-key, unknown-key, type, range
 * @example
 * liquidationPrice({ szi: 1, markPx: 2_000, margin: 400, maintenanceRate: 0.2 }) // 2000
 */
export function liquidationPrice(position: {
  szi: Decimal;
  markPx: Decimal;
  margin: Decimal;
  maintenanceRate: Decimal;
  deduction?: Decimal;
  otherMaintenance?: Decimal;
}): number | null {
  const keys = ['szi', 'markPx', 'margin', 'maintenanceRate', 'deduction', 'otherMaintenance'];
  const row = new Row(position, '', keys, 'liquidationPrice');
  return linearRoot(row.number('margin') - row.number('otherMaintenance', 0), [
    {
      size: row.number('szi'),
      price: row.positive('markPx'),
      rate: row.rate('maintenanceRate'),
      deduction: row.number('deduction', 0),
    },
  ]);
}

/**
 * Liquidation price of an isolated position as it is opened, with entry value / leverage as its margin.
 * @param position - side, entryPx (USDC), leverage, maxLeverage of the tier, whose maintenance rate is 1 / (2 maxLeverage)
 * @returns USDC; null where there is none. The tier is kept: optimistic where the price crosses into a higher one
 * @throws MarginError missing-key, unknown-key, type, range
 * @example
 * openingLiquidationPrice({ side: 'long', entryPx: 50_000, leverage: 4, maxLeverage: 2 }) // 50_000
 */
export function openingLiquidationPrice(position: {
  side: Side;
  entryPx: Decimal;
  leverage: Decimal;
  maxLeverage: Decimal;
}): number | null {
  const row = new Row(position, '', ['side', 'entryPx', 'leverage', 'maxLeverage'], 'openingLiquidationPrice');
  const price = row.positive('entryPx');
  const rate = rateOf(row);
  return linearRoot(price / row.positive('leverage'), [{ size: row.sign('side'), price, rate }]);
}

/** An order and what it meets. */
export interface OrderPreview {
  /** Of the order. */
  side: Side;
  /** Base, unsigned. */
  size: Decimal;
  /** Limit, or the price that a market order is expected to get. */
  price: Decimal;
  /** A limit beyond the mark fills at the mark; without one the price counts. */
  markPx?: Decimal | null;
  /** Of the position. */
  marginMode: 'cross' | 'isolated';
  /** That the user has chosen. */
  leverage: Decimal;
  /** Largest of the asset: maintenance is half of its inverse. */
  maxLeverage: Decimal;
  /** USDC, cross margin only; default 0. */
  crossMarginUsed?: Decimal;
  /** USDC, cross margin only; default 0. */
  crossMaintenanceMarginUsed?: Decimal;
  /** The coin's position before the order: signed base; default none. */
  szi?: Decimal;
  /** Its entry price; needed where it has a size. */
  entryPx?: Decimal | null;
}

const PREVIEW = [
  'side',
  'size',
  'price',
  'markPx',
  'marginMode',
  'leverage',
  'maxLeverage',
  'crossMarginUsed',
  'crossMaintenanceMarginUsed',
  'szi',
  'entryPx',
] as const;

/**
 * What a wallet shows before an order is sent. It mixes fill and entry price (requirements at the fill, the result from the
 * average entry), so it is an estimate and no root of the account.
 * @param preview - order, margin mode, what the account uses, the coin's position
 * @returns USDC; null for an order of nothing, one that closes the position, and where there is no price
 * @throws MarginError missing-key, unknown-key, type, range
 * @example
 * estimatedLiquidationPrice({ side: 'long', size: 1, price: 110, markPx: 100, marginMode: 'isolated', leverage: 4,
 *   maxLeverage: 1 }) // 150
 */
export function estimatedLiquidationPrice(preview: OrderPreview): number | null {
  const row = new Row(preview, '', PREVIEW, 'estimatedLiquidationPrice');
  const sign = row.sign('side');
  const limit = row.positive('price');
  const mark = row.has('markPx') ? row.positive('markPx') : limit;
  const fill = sign > 0 ? Math.min(limit, mark) : Math.max(limit, mark);
  const order = sign * Math.abs(row.number('size'));
  const held = row.number('szi', 0);
  const size = held + order;
  const rate = rateOf(row);
  const leverage = row.positive('leverage');
  const backing =
    row.word('marginMode', ['cross', 'isolated']) === 'isolated'
      ? (Math.abs(size) * fill) / leverage
      : row.number('crossMarginUsed', 0) + Math.abs(held) * fill * rate - row.number('crossMaintenanceMarginUsed', 0);
  const entry = held === 0 ? fill : entryAfter(held, row.positive('entryPx'), order, fill);
  // The requirement of the result is taken at the fill, so the line from its entry starts that much higher.
  const equity = backing + Math.abs(size) * rate * (entry - fill);
  return order === 0 ? null : linearRoot(equity, [{ size, price: entry, rate }]);
}

/** Average entry of a larger position, the old one of a smaller, the fill of a turned one. */
function entryAfter(held: number, entry: number, order: number, fill: number): number {
  const size = held + order;
  if (held > 0 === order > 0) return (held * entry + order * fill) / size;
  return held > 0 === size > 0 ? entry : fill;
}
