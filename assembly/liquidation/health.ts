// Health of a unit at a point of the ray that is open, by the margin fold itself: what margin() would say if the market stood
// there. Nothing else in this room knows how a requirement is made.
import * as abi from '../abi';
import { collateralA, collateralB, marginUnit, openAccounts, requirementA, requirementB } from '../margin/account';
import * as at from '../margin/state';
import { resetDoubt } from '../margin/whole-units';
import { readF64, readU32 } from '../memory';
import { moveTo } from './move';
import { trade, withdraw } from './trade';

/** What moves along the ray: prices, the size of a trade, or the amount of a withdrawal. */
export const PRICES: i32 = 0;
export const TRADE: i32 = 1;
export const WITHDRAWAL: i32 = 2;

let kind: i32 = 0;
/** Health that is aimed for. */
let target: f64 = 0;

let unit: u32 = 0;
let lane: i32 = 1;
let multiplier: f64 = 1;
let buffer: f64 = 0;
let floor: f64 = 0;
let orEqual: bool = false;

/** Of the last point: health, collateral and requirement at the level, and whether the unit is liquidatable (below its requirement). */
export let last: f64 = 0;
export let collateral: f64 = 0;
export let requirement: f64 = 0;
export let ill: bool = false;
/** Points margined since the ray was opened. */
export let evaluations: i32 = 0;

/**
 * @param moves - PRICES, TRADE or WITHDRAWAL
 * @param level - 0 initial, 1 maintenance, 2 liquidation end, 3 equity
 * @param aim - below this health the unit counts as ill
 */
export function openHealth(header: usize, u: u32, level: i32, moves: i32, aim: f64): void {
  kind = moves;
  target = aim;
  at.open(header);
  openAccounts(header);
  unit = u;
  lane = level;
  multiplier = readF64(header, abi.UNIT_MULTIPLIER, u);
  buffer = readF64(header, abi.UNIT_BUFFER, u);
  floor = readF64(header, abi.UNIT_RATE_FLOOR, u);
  orEqual = level == 1 && moves == PRICES && (readU32(header, abi.HOUSE_RULE, 0) & 1) != 0;
  evaluations = 0;
}

// @ts-ignore: decorator
@inline
function laneOf(a: v128, b: v128): f64 {
  if (lane == 3) return f64x2.extract_lane(b, 1);
  if (lane == 2) return f64x2.extract_lane(b, 0);
  return lane == 1 ? f64x2.extract_lane(a, 1) : f64x2.extract_lane(a, 0);
}

/** Collateral less requirement, and less the health that is aimed for, at point `x`. */
export function healthAt(x: f64): f64 {
  if (kind == TRADE) trade(x);
  else if (kind == WITHDRAWAL) withdraw(x);
  else moveTo(x);
  resetDoubt();
  marginUnit(unit, multiplier, buffer, floor);
  evaluations++;
  collateral = laneOf(collateralA, collateralB);
  requirement = laneOf(requirementA, requirementB);
  const health = collateral - requirement - target;
  last = health;
  ill = orEqual ? health <= 0 && requirement > 0 : health < 0;
  return health;
}
