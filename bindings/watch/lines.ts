// The lines that a watch keeps: at what share of the requirement a unit is warned, liquidated, taken over. Zones lie between them.
import { decimal, Fields } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import type { Columns } from '../memory.js';

/** Names of zones, by rising risk. */
export const ZONES = ['healthy', 'warning', 'liquidatable', 'backstop'] as const;
/** Where a unit stands between the lines: a word of `ZONES`. */
export type Zone = (typeof ZONES)[number];
export const ZONE = { healthy: 0, warning: 1, liquidatable: 2, backstop: 3 } as const;

/** Where a unit is warned, and where it is taken over; a liquidation is at its maintenance margin. */
export interface WatchLevels {
  /**
   * Where a unit is warned (a margin call): at collateral below so many times its maintenance margin (at least 1, default 1.25: a
   * margin ratio of 80 %), or `'initial'`: at collateral below its initial margin. `null`: never.
   */
  warning?: Decimal | 'initial' | null;
  /** Where a liquidatable unit is taken over: at collateral below this share of its maintenance margin, at most 1; default 2/3. `null`: never. */
  backstop?: Decimal | null;
}

/** Lines as numbers. Collateral below `warning` times maintenance, or below initial margin; Infinity and 0 are never reached. */
export interface Lines {
  /** 0: none. */
  readonly warning: number;
  /** The warning line is that of the initial margin. */
  readonly initial: boolean;
  /** 0: none, since collateral is compared with 0 times the requirement only where it is liquidatable already. */
  readonly backstop: number;
  /** Liquidatable at health 0 too, where anything is required. */
  readonly orEqual: boolean;
}

const TWO_THIRDS = 2 / 3;

/** @throws MarginError type, range, unknown-key */
export function linesOf(levels: WatchLevels, orEqual: boolean, path = 'levels'): Lines {
  new Fields(levels, path, ['warning', 'backstop']);
  const { warning = 1.25, backstop = TWO_THIRDS } = levels;
  const initial = warning === 'initial';
  return {
    warning: initial || warning === null ? 0 : decimal(warning, `${path}.warning`, { min: 1, max: 1e6 }),
    initial,
    backstop: backstop === null ? 0 : decimal(backstop, `${path}.backstop`, { above: 0, max: 1 }),
    orEqual,
  };
}

/**
 * Zone of unit `u` from the result columns as they stand.
 * @param full - whether collateral by level was written; otherwise all collateral is equity
 */
export function zoneOf({ unit }: Columns, u: number, full: boolean, lines: Lines): number {
  const collateral = ((full ? unit.collateral : unit.equity)[u] ?? 0) as number;
  const requirement = unit.maintenanceMargin[u] ?? 0;
  const health = collateral - requirement;
  if (lines.orEqual ? health <= 0 && requirement > 0 : health < 0)
    return lines.backstop > 0 && collateral < lines.backstop * requirement ? ZONE.backstop : ZONE.liquidatable;
  if (lines.initial) {
    const initial = ((full ? unit.initialCollateral : unit.equity)[u] ?? 0) as number;
    return initial - (unit.initialMargin[u] ?? 0) < 0 ? ZONE.warning : ZONE.healthy;
  }
  return collateral < lines.warning * requirement ? ZONE.warning : ZONE.healthy;
}
