// Hyperliquid: margin tables, clearinghouse state and funding of its info endpoint as parts of a book. Maintenance is half
// of the initial rate at the tier's largest leverage. Source: hyperliquid docs, trading/margin-tiers and liquidations.
import { decimal as real } from '../book/fields.js';
import type { AccountJSON, Decimal, MarketJSON, PositionJSON } from '../book/types.js';
import { MarginError } from '../errors.js';
import { tierAt, upperBounds } from './tiers.js';

/** A row of `marginTables` in the answer to `meta`. */
export interface MarginTier {
  /** USD, lower bound of the notional. */
  lowerBound: Decimal;
  maxLeverage: Decimal;
}

/** `position` of `assetPositions` in the answer to `clearinghouseState`. */
export interface Position {
  coin: string;
  /** Signed size, units of base. */
  szi: Decimal;
  entryPx: Decimal;
  /** rawUsd: for isolated positions the USDC beside the position, its purchase already paid. */
  leverage: { type: 'cross' | 'isolated'; value: Decimal; rawUsd?: Decimal };
}

/**
 * Maintenance leverage of a notional: twice the largest leverage of its tier.
 * @param tiers - rows by rising lower bound, the first at 0
 * @param notional - USD; on a bound the upper tier holds
 * @returns leverage
 * @throws MarginError range
 * @example
 * maintenanceLeverage([{ lowerBound: 0, maxLeverage: 40 }, { lowerBound: 150_000_000, maxLeverage: 20 }], 2e8) // 40
 */
export function maintenanceLeverage(tiers: readonly MarginTier[], notional: Decimal): number {
  return 2 * real(tierAt(tiers, (tier) => tier.lowerBound, notional).maxLeverage, 'maxLeverage');
}

/**
 * Maintenance rate at a largest leverage: half of the initial rate.
 * @param maxLeverage - of the asset or tier, > 0
 * @returns fraction
 * @throws MarginError range
 * @example
 * maintenanceRate(50) // 0.01
 */
export function maintenanceRate(maxLeverage: Decimal): number {
  const leverage = real(maxLeverage, 'maxLeverage');
  if (leverage <= 0) throw new MarginError('range', { path: 'maxLeverage', got: maxLeverage, expected: '> 0' });
  return 1 / (2 * leverage);
}

/**
 * A perpetual as a market.
 * @param perpetual - name and margin table of `meta`, prices and cumulative funding of `metaAndAssetCtxs`
 * @returns a linear market that settles in USDC
 * @throws MarginError range
 * @example
 * market({ name: 'SOL', markPx: '150', marginTiers: [{ lowerBound: 0, maxLeverage: 20 }] }).brackets
 *   // [{ upTo: null, maintenanceRate: 0.025, maxLeverage: 20 }]
 */
export function market(perpetual: {
  name: string;
  markPx: Decimal;
  oraclePx?: Decimal;
  marginTiers: readonly MarginTier[];
}): MarketJSON {
  const upTo = upperBounds(perpetual.marginTiers.map((tier) => tier.lowerBound));
  return {
    id: perpetual.name,
    kind: 'linear',
    settle: 'USDC',
    mark: perpetual.markPx,
    ...(perpetual.oraclePx === undefined ? {} : { index: perpetual.oraclePx }),
    brackets: perpetual.marginTiers.map(({ maxLeverage }, row) => ({
      upTo: upTo[row] ?? null,
      maintenanceRate: maintenanceRate(maxLeverage),
      maxLeverage,
    })),
  };
}

/**
 * A user's perpetual account. `totalRawUsd` has already paid for the positions, so they have no cost; equity is the
 * venue's account value.
 * @param id - of the account
 * @param state - `crossMarginSummary.totalRawUsd` (USDC) and the positions
 * @returns an account; each isolated position is a bucket of its own, numbered from 1
 * @example
 * account('0xa', { totalRawUsd: '-4000', positions: [
 *   { coin: 'SOL', szi: '100', entryPx: '50', leverage: { type: 'cross', value: 10 } }] }).positions[0].cost // 0
 */
export function account(id: string, state: { totalRawUsd: Decimal; positions: readonly Position[] }): AccountJSON {
  const isolated = state.positions.filter((position) => position.leverage.type === 'isolated');
  return {
    id,
    balances: { USDC: state.totalRawUsd },
    positions: state.positions.filter((position) => position.leverage.type === 'cross').map(positionOf),
    buckets: isolated.map((position, index) => ({
      bucket: index + 1,
      balances: { USDC: position.leverage.rawUsd ?? 0 },
      positions: [positionOf(position)],
    })),
  };
}

function positionOf({ coin, szi, leverage }: Position): PositionJSON {
  return { market: coin, size: szi, cost: 0, leverage: leverage.value };
}
