// Rows of a market's side: the unit values of its longs or of its shorts. Their lanes stand in two halves, so that what every
// position reads of lanes initial and maintenance lies in two cache lines.
import * as abi from '../abi';
import { u32At } from '../memory';
import * as at from './state';

/** 1 where a signed size needs the unit values of shorts: it is negative and they are not those of longs. */
// @ts-ignore: decorator
@inline
export function shortOf(market: u32, size: f64): u32 {
  return u32At(at.marketSided, market) & (size < 0 ? 1 : 0);
}

/** Unit values of a side of a market. */
// @ts-ignore: decorator
@inline
export function sideOf(market: u32, short: u32): usize {
  return at.marketValue + <usize>(market * 2 + short) * abi.SIDE_ROW;
}

// @ts-ignore: decorator
@inline
function laneOffset(lane: i32): usize {
  return lane < 2 ? (<usize>lane) << 3 : abi.SIDE_END + ((<usize>(lane - 2)) << 3);
}

/** One lane of a slot, or the one number there (lane 0). */
// @ts-ignore: decorator
@inline
export function getSide(side: usize, slot: usize, lane: i32): f64 {
  return load<f64>(side + slot + laneOffset(lane));
}

// @ts-ignore: decorator
@inline
export function putSide(side: usize, slot: usize, lane: i32, value: f64): void {
  store<f64>(side + slot + laneOffset(lane), value);
}
