// What can be wrong with a price, and which flag forbids which action: a table, so that a venue replaces what it sees
// differently.
import type { Row } from '../venues/rows.js';
import { ACTIONS, type Action, actionsOf } from './actions.js';

/**
 * By falling severity:
 * - `noPrice`: no source gave a usable price
 * - `nonPositive`: a price of 0 or below
 * - `atFloor`, `atCeiling`: the price stands at a bound of its aggregator, the market may be anywhere beyond it
 * - `ahead`: a quote from the future
 * - `tooVolatile`: too far from its own average
 * - `deviates`: too far from an anchor: another venue, a stable price
 * - `tooUncertain`: confidence too large beside the price
 * - `stale`: too old for margin
 * - `fewSources`: fewer fresh sources than wanted
 * - `delayed`: too old for a fill at this price
 * - `capped`: cut down to the ceiling of a growing price
 */
export type Flag =
  | 'noPrice'
  | 'nonPositive'
  | 'atFloor'
  | 'atCeiling'
  | 'ahead'
  | 'tooVolatile'
  | 'deviates'
  | 'tooUncertain'
  | 'stale'
  | 'fewSources'
  | 'delayed'
  | 'capped';

/** Everything that can be wrong with a price, by falling severity. */
export const FLAGS: readonly Flag[] = [
  'noPrice',
  'nonPositive',
  'atFloor',
  'atCeiling',
  'ahead',
  'tooVolatile',
  'deviates',
  'tooUncertain',
  'stale',
  'fewSources',
  'delayed',
  'capped',
];

/** Actions that each flag forbids. */
export type ValidityMatrix = Readonly<Record<Flag, readonly Action[]>>;

/**
 * Drift's table, from protocol-v2 programs/drift/src/math/oracle.rs is_oracle_valid_for_action: a margin calculation admits
 * neither a stale nor an uncertain price, a liquidation both. To open stands for MarginCalc and FillOrderAmm, to withdraw for
 * MarginCalc, to close for FillOrderMatch. Drift knows neither bounds of an aggregator nor anchors, `adl` and auctions: the
 * first are worth as much as no price, the second forbid what moves value out, and ADL needs a price as good as margin does.
 */
export const DRIFT_MATRIX: ValidityMatrix = {
  noPrice: ACTIONS,
  nonPositive: ACTIONS,
  atFloor: ACTIONS,
  atCeiling: ACTIONS,
  ahead: ACTIONS,
  tooVolatile: ACTIONS,
  deviates: ['open', 'withdraw', 'settle', 'adl', 'funding'],
  tooUncertain: ['open', 'close', 'withdraw', 'settle', 'adl', 'funding'],
  stale: ['open', 'withdraw', 'adl'],
  fewSources: ['open'],
  delayed: ['open'],
  capped: [],
};

/** A caller's table over Drift's. @throws MarginError type, unknown-key */
export function matrixAt(row: Row, key: string): ValidityMatrix {
  if (!row.has(key)) return DRIFT_MATRIX;
  const own = row.row(key, FLAGS);
  const rows = FLAGS.map((flag) => [flag, own.has(flag) ? actionsOf(own.raw(flag), own.at(flag)) : DRIFT_MATRIX[flag]]);
  return Object.fromEntries(rows) as ValidityMatrix;
}
