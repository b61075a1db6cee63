// Questions along one ray, as the TypeScript side asks them: open it for a unit, solve it one way or both, margin a point of it.
// Prices stand where they stood after every call.
import * as abi from '../abi';
import { column } from '../memory';
import { concaveRay, grainOf } from './concave';
import { evaluations, healthAt, ill as isIll, openHealth } from './health';
import * as move from './move';
import * as ray from './ray';

let book: usize = 0;
let concave: bool = false;
let grain: f64 = 0;

/**
 * Opens the ray of a market's mark, or (NONE) of all prices that have a `shift`, led by a factor that stands at 1.
 * @param level - 0 initial, 1 maintenance, 2 liquidation end
 */
export function openRay(header: usize, u: u32, market: u32, level: i32): void {
  if (market == abi.NONE) move.openShifts(header, u);
  else move.openMarket(header, u, market);
  openHealth(header, u, level);
  book = header;
  concave = concaveRay(header, u, level);
  grain = grainOf(header, u, level);
  const answer = column(header, abi.HOUSE_ANSWER);
  store<f64>(answer, move.low, abi.ANSWER_LOW);
  store<f64>(answer, move.high, abi.ANSWER_HIGH);
  store<f64>(answer, grain, abi.ANSWER_GRAIN);
}

/** The end of the healthy part of the ray on one side, whether the unit is in it now or not. */
function boundary(upper: bool): i32 {
  const there = upper ? move.high : move.low;
  const back = upper ? move.low : move.high;
  healthAt(move.lead);
  if (!isIll) return ray.solvePrice(move.lead, there, concave, grain);
  // A long that is under water has its lower price above the mark.
  const behind = ray.solvePrice(move.lead, back, concave, grain);
  if ((behind & abi.ROOT_NONE) == 0) return behind;
  const ahead = ray.solvePrice(move.lead, there, concave, grain);
  if ((ahead & abi.ROOT_NONE) != 0) return ahead;
  return abi.ROOT_LIQUIDATABLE | ray.solvePrice(ray.well, there, concave, grain);
}

/**
 * Solves the ray: the healthy part of it is above the lower price and below the upper one.
 * @returns ROOT bits; the rest is in house.answer
 */
export function solveRay(upper: bool): i32 {
  const code = boundary(upper);
  move.moveBack();
  const answer = column(book, abi.HOUSE_ANSWER);
  store<f64>(answer, ray.ill, abi.ANSWER_ILL);
  store<f64>(answer, ray.well, abi.ANSWER_WELL);
  store<f64>(answer, ray.illHealth, abi.ANSWER_ILL_HEALTH);
  store<f64>(answer, ray.wellHealth, abi.ANSWER_WELL_HEALTH);
  store<f64>(answer, <f64>ray.iterations, abi.ANSWER_ITERATIONS);
  store<f64>(answer, <f64>evaluations, abi.ANSWER_EVALUATIONS);
  store<f64>(answer, <f64>ray.visits, abi.ANSWER_VISITS);
  for (let i = 0; i < 2 * ray.visits; i++) {
    store<f64>(answer + ((<usize>i) << 3), ray.visitedAt(i >> 1, i & 1), abi.ANSWER_VISIT);
  }
  return code;
}

/** Health at a point of the ray. */
export function rayHealth(x: f64): f64 {
  const health = healthAt(x);
  move.moveBack();
  return health;
}
