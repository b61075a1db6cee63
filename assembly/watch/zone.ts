// Zones: where a unit stands between the lines, from its result columns. bindings/watch/lines.ts is the definition.
import * as abi from '../abi';
import { column, f64At, readU32 } from '../memory';

export const HEALTHY: u32 = 0;
export const WARNING: u32 = 1;
export const LIQUIDATABLE: u32 = 2;
export const BACKSTOP: u32 = 3;

export let warning: f64 = 0;
export let initial: bool = false;
export let backstop: f64 = 0;
export let orEqual: bool = false;

let collaterals: usize = 0;
let initialCollaterals: usize = 0;
let requirements: usize = 0;
let initials: usize = 0;
let notionals: usize = 0;

export function open(header: usize): void {
  const terms = column(header, abi.WATCH_TERM);
  warning = load<f64>(terms, abi.WATCH_WARNING);
  initial = load<f64>(terms, abi.WATCH_INITIAL) != 0;
  backstop = load<f64>(terms, abi.WATCH_BACKSTOP);
  orEqual = load<f64>(terms, abi.WATCH_OR_EQUAL) != 0;
  const full = (readU32(header, abi.HOUSE_FEATURES, 0) & abi.FEATURE_FULL) != 0;
  collaterals = column(header, full ? abi.UNIT_COLLATERAL : abi.UNIT_EQUITY);
  initialCollaterals = column(header, full ? abi.UNIT_INITIAL_COLLATERAL : abi.UNIT_EQUITY);
  requirements = column(header, abi.UNIT_MAINTENANCE_MARGIN);
  initials = column(header, abi.UNIT_INITIAL_MARGIN);
  notionals = column(header, abi.UNIT_NOTIONAL);
}

/** At level 0 initial, 1 maintenance. */
// @ts-ignore: decorator
@inline
export function collateralOf(u: u32, level: i32): f64 {
  return f64At(level == 0 ? initialCollaterals : collaterals, u);
}

// @ts-ignore: decorator
@inline
export function requirementOf(u: u32, level: i32): f64 {
  return f64At(level == 0 ? initials : requirements, u);
}

// @ts-ignore: decorator
@inline
export function notionalOf(u: u32): f64 {
  return f64At(notionals, u);
}

export function zoneOf(u: u32): u32 {
  const collateral = f64At(collaterals, u);
  const requirement = f64At(requirements, u);
  const health = collateral - requirement;
  if (orEqual ? health <= 0 && requirement > 0 : health < 0) {
    return backstop > 0 && collateral < backstop * requirement ? BACKSTOP : LIQUIDATABLE;
  }
  if (initial) return f64At(initialCollaterals, u) - f64At(initials, u) < 0 ? WARNING : HEALTHY;
  return collateral < warning * requirement ? WARNING : HEALTHY;
}
