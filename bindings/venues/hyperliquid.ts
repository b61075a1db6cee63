// Hyperliquid: margin tables, clearinghouse state and funding of its info endpoint as parts of a book. Maintenance is half
// of the initial rate at the tier's largest leverage. Source: hyperliquid docs, trading/margin-tiers and liquidations. `market`
// and `account` take rows as the API sends them; keys that are not named here are not read.
import { decimal as real } from '../book/fields.js';
import type { AccountJSON, Decimal, MarketJSON, PositionJSON } from '../book/types.js';
import { MarginError } from '../errors.js';
import { Row } from './rows.js';
import { tierAt, upperBounds } from './tiers.js';

/** A row of `marginTables` in the answer to `meta`. */
export interface MarginTier {
  /** USD, lower bound of the notional. */
  lowerBound: Decimal;
  /** Largest leverage from the bound on. */
  maxLeverage: Decimal;
}

/** `position` of `assetPositions` in the answer to `clearinghouseState`. */
export interface Position {
  /** Market, as the venue names it. */
  coin: string;
  /** Signed size, units of base. */
  szi: Decimal;
  /** Not read: what is paid for positions has left the balance. */
  entryPx?: Decimal | null;
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
  return rateAt(maxLeverage, 'maxLeverage');
}

function rateAt(maxLeverage: Decimal, path: string): number {
  const leverage = real(maxLeverage, path);
  if (leverage <= 0) throw new MarginError('range', { path, got: maxLeverage, expected: '> 0' });
  return 1 / (2 * leverage);
}

/**
 * A perpetual as a market.
 * @param perpetual - name and margin table of `meta`, prices and cumulative funding of `metaAndAssetCtxs`
 * @returns a linear market that settles in USDC
 * @throws MarginError missing-key, type, range
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
  const row = new Row(perpetual, '', undefined, 'market');
  const tiers = row.rows('marginTiers', undefined, 'marginTables of meta has it, by marginTableId');
  const upTo = upperBounds(
    tiers.map((tier) => tier.decimal('lowerBound')),
    (index) => tiers[index]?.at('lowerBound') ?? 'marginTiers',
  );
  return {
    id: row.text('name'),
    kind: 'linear',
    settle: 'USDC',
    mark: row.decimal('markPx'),
    ...row.some('oraclePx', 'index'),
    brackets: tiers.map((tier, index) => ({
      upTo: upTo[index] ?? null,
      maintenanceRate: rateAt(tier.decimal('maxLeverage'), tier.at('maxLeverage')),
      maxLeverage: tier.decimal('maxLeverage'),
    })),
  };
}

/** What an account is made from: the answer to `clearinghouseState`, or its two parts by name. */
export type ClearinghouseState =
  | {
      /** USDC. */
      crossMarginSummary: { totalRawUsd: Decimal };
      assetPositions: readonly { position: Position }[];
    }
  | { totalRawUsd: Decimal; positions: readonly Position[] };

/**
 * A user's perpetual account. `totalRawUsd` has already paid for the positions, so they have no cost; equity is the
 * venue's account value. Positions of size 0 are left out.
 * @param id - of the account
 * @param state - the answer to `clearinghouseState`, or `crossMarginSummary.totalRawUsd` (USDC; `marginSummary` counts
 *   isolated positions too) and the positions
 * @returns an account; each isolated position is a bucket of its own, numbered from 1
 * @throws MarginError missing-key, type
 * @example
 * account('0xa', { totalRawUsd: '-4000', positions: [
 *   { coin: 'SOL', szi: '100', entryPx: '50', leverage: { type: 'cross', value: 10 } }] }).positions[0].cost // 0
 */
export function account(id: string, state: ClearinghouseState): AccountJSON {
  const row = new Row(state, '', undefined, 'account');
  const summary = row.has('crossMarginSummary') ? row.row('crossMarginSummary') : row;
  const positions = row.has('assetPositions')
    ? row.rows('assetPositions').map((entry) => entry.row('position'))
    : row.rows('positions');
  const open = positions.filter((position) => position.number('szi') !== 0);
  const isolated = open.filter(isIsolated);
  return {
    id,
    balances: { USDC: summary.decimal('totalRawUsd') },
    positions: open.filter((position) => !isIsolated(position)).map(positionOf),
    buckets: isolated.map((position, index) => ({
      bucket: index + 1,
      balances: { USDC: position.row('leverage').decimal('rawUsd') },
      positions: [positionOf(position)],
    })),
  };
}

const isIsolated = (position: Row): boolean =>
  position.row('leverage').word('type', ['cross', 'isolated']) === 'isolated';

function positionOf(row: Row): PositionJSON {
  return {
    market: row.text('coin'),
    size: row.decimal('szi'),
    cost: 0,
    leverage: row.row('leverage').decimal('value'),
  };
}

export * from './hyperliquid-prices.js';
