// The columns of numbers that `margin` gives, by name.

/** A column of numbers of `margin`, one an entry a margin unit; numeraire. */
export type MarginColumn =
  | 'equity'
  | 'collateral'
  | 'initialCollateral'
  | 'endCollateral'
  | 'initialMargin'
  | 'maintenanceMargin'
  | 'endMargin'
  | 'notional';

export const MARGIN_COLUMNS = [
  'equity',
  'collateral',
  'initialCollateral',
  'endCollateral',
  'initialMargin',
  'maintenanceMargin',
  'endMargin',
  'notional',
] as const satisfies readonly MarginColumn[];
