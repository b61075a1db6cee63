// Questions along one ray, as the TypeScript side asks them: open it for a unit, solve it one way or both, margin a point of it.
// Prices stand where they stood after every call.
import * as abi from '../abi';
import { collateralA, collateralB, marginUnit, notional, requirementA } from '../margin/account';
import { column, readF64 } from '../memory';
import { concaveRay, grainOf } from './concave';
import {
  collateral,
  evaluations,
  healthAt,
  ill as isIll,
  openHealth,
  PRICES,
  requirement,
  TRADE,
  WITHDRAWAL,
} from './health';
import * as move from './move';
import * as bracket from './bracket';
import * as grid from './grid';
import * as ray from './ray';
import { heldAmount, heldSize, openTrade, openWithdrawal, trade } from './trade';
import * as trial from './trial';

let book: usize = 0;
let concave: bool = false;
let grain: f64 = 0;

/**
 * Opens the ray of a market's mark, or (NONE) of all prices that have a `shift`, led by a factor that stands at 1.
 * @param level - 0 initial, 1 maintenance, 2 liquidation end, 3 equity
 */
export function openRay(header: usize, u: u32, market: u32, level: i32): void {
  if (market == abi.NONE) move.openShifts(header, u);
  else move.openMarket(header, u, market);
  openHealth(header, u, level, PRICES, 0);
  book = header;
  concave = concaveRay(header, u, level);
  grain = grainOf(header, u, level);
  const answer = column(header, abi.HOUSE_ANSWER);
  store<f64>(answer, move.low, abi.ANSWER_LOW);
  store<f64>(answer, move.high, abi.ANSWER_HIGH);
  store<f64>(answer, grain, abi.ANSWER_GRAIN);
}

function writeRoot(): void {
  const answer = column(book, abi.HOUSE_ANSWER);
  store<f64>(answer, bracket.ill, abi.ANSWER_ILL);
  store<f64>(answer, bracket.well, abi.ANSWER_WELL);
  store<f64>(answer, bracket.illHealth, abi.ANSWER_ILL_HEALTH);
  store<f64>(answer, bracket.wellHealth, abi.ANSWER_WELL_HEALTH);
  store<f64>(answer, <f64>ray.iterations, abi.ANSWER_ITERATIONS);
  store<f64>(answer, <f64>evaluations, abi.ANSWER_EVALUATIONS);
  store<f64>(answer, <f64>grid.visits, abi.ANSWER_VISITS);
  for (let i = 0; i < 2 * grid.visits; i++) {
    store<f64>(answer + ((<usize>i) << 3), grid.visitedAt(i >> 1, i & 1), abi.ANSWER_VISIT);
  }
}

/** The end of the healthy part of the ray on one side, whether the unit is in it now or not. */
function boundary(upper: bool): i32 {
  healthAt(move.lead);
  if (!isIll) return ray.solvePrice(move.lead, upper ? move.high : move.low, concave, grain, true);
  // The healthy part is looked for above, then below. A long that is under water has its lower price above the mark.
  const above = ray.solvePrice(move.lead, move.high, concave, grain, true);
  if ((above & abi.ROOT_NONE) == 0) {
    return upper ? abi.ROOT_LIQUIDATABLE | ray.solvePrice(bracket.well, move.high, concave, grain, false) : above;
  }
  const below = ray.solvePrice(move.lead, move.low, concave, grain, false);
  if (upper || (below & abi.ROOT_NONE) != 0) return below;
  return abi.ROOT_LIQUIDATABLE | ray.solvePrice(bracket.well, move.low, concave, grain, false);
}

/**
 * Solves the ray: the healthy part of it is above the lower price and below the upper one.
 * @returns ROOT bits; the rest is in house.answer
 */
export function solveRay(upper: bool): i32 {
  const code = boundary(upper);
  move.moveBack();
  writeRoot();
  return code;
}

function writeParts(): void {
  const answer = column(book, abi.HOUSE_ANSWER);
  store<f64>(answer, collateral, abi.ANSWER_COLLATERAL);
  store<f64>(answer, requirement, abi.ANSWER_REQUIREMENT);
}

/** Health at a point of the ray, and its parts in house.answer: collateral and requirement. */
export function rayHealth(x: f64): f64 {
  const health = healthAt(x);
  move.moveBack();
  writeParts();
  return health;
}

/**
 * Opens sizes of a trade on a copy of unit `u`, or with market NONE amounts of a withdrawal of `asset`.
 * @param side - of the position key
 * @param fee - rate on the traded value
 * @param level - at which health is asked for
 * @param aim - health that must be left
 * @returns what is held now: signed contracts, or units of the asset
 */
export function openSize(
  header: usize,
  u: u32,
  market: u32,
  asset: u32,
  side: u32,
  buys: bool,
  price: f64,
  fee: f64,
  level: i32,
  aim: f64,
): f64 {
  book = header;
  if (market == abi.NONE) openWithdrawal(header, u, asset);
  else openTrade(header, u, market, side, buys, price, fee);
  openHealth(header, trial.unit, level, market == abi.NONE ? WITHDRAWAL : TRADE, aim);
  return market == abi.NONE ? heldAmount() : heldSize();
}

/**
 * Solves sizes from `from` to `end`.
 * @param shape - of health in the size: SHAPE codes
 * @returns ROOT bits; the rest is in house.answer
 */
export function solveSize(from: f64, end: f64, shape: i32): i32 {
  const code = ray.solveSize(from, end, shape);
  writeRoot();
  return code;
}

/** Health of the copy after a trade or withdrawal of `x`, and its parts in house.answer: collateral and requirement. */
export function sizeHealth(x: f64): f64 {
  const health = healthAt(x);
  writeParts();
  return health;
}

function writeRisk(to: usize): void {
  store<f64>(to, f64x2.extract_lane(collateralB, 1));
  store<f64>(to, f64x2.extract_lane(collateralA, 0), 8);
  store<f64>(to, f64x2.extract_lane(requirementA, 0), 16);
  store<f64>(to, f64x2.extract_lane(collateralA, 1), 24);
  store<f64>(to, f64x2.extract_lane(requirementA, 1), 32);
  store<f64>(to, notional, 40);
}

/** Risk of unit `u` before and after a trade: twice equity, then collateral and requirement at initial and maintenance, notional. */
export function tryTrade(
  header: usize,
  u: u32,
  market: u32,
  side: u32,
  buys: bool,
  size: f64,
  price: f64,
  fee: f64,
): f64 {
  const answer = column(header, abi.HOUSE_ANSWER);
  openTrade(header, u, market, side, buys, price, fee);
  openHealth(header, u, 0, TRADE, 0);
  const multiplier = readF64(header, abi.UNIT_MULTIPLIER, u);
  const buffer = readF64(header, abi.UNIT_BUFFER, u);
  const floor = readF64(header, abi.UNIT_RATE_FLOOR, u);
  marginUnit(u, multiplier, buffer, floor);
  writeRisk(answer + abi.ANSWER_BEFORE);
  trade(size);
  marginUnit(trial.unit, multiplier, buffer, floor);
  writeRisk(answer + abi.ANSWER_AFTER);
  return heldSize();
}
