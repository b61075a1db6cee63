// Functions of many numbers: n doubles from one address to another, two at a time. The last one of an odd count goes alone,
// which gives the same bits. The two places may be the same, not overlap otherwise.

import { erf, erfPair, erfc, erfcPair, erfcx, erfcxPair } from './erf';
import { exp, expPair } from './exp';
import { log, logPair } from './log';
import {
  normalCdf,
  normalCdfPair,
  normalDensity,
  normalDensityPair,
  normalLogCdf,
  normalLogCdfPair,
  normalQuantile,
  normalQuantilePair,
} from './normal';
import { pow } from './pow';
import { studentCdf, studentQuantile } from './student';

// @ts-ignore: decorator
@inline
function map(from: usize, to: usize, n: i32, pair: (x: v128) => v128, one: (x: f64) => f64): void {
  const end = from + ((<usize>n) << 3);
  for (; from + 8 < end; from += 16, to += 16) v128.store(to, pair(v128.load(from)));
  if (from < end) store<f64>(to, one(load<f64>(from)));
}

// @ts-ignore: decorator
@inline
function mapWith(from: usize, to: usize, n: i32, y: f64, one: (x: f64, y: f64) => f64): void {
  for (let i: usize = 0; i < (<usize>n) << 3; i += 8) store<f64>(to + i, one(load<f64>(from + i), y));
}

export function expMap(from: usize, to: usize, n: i32): void {
  map(from, to, n, (x) => expPair(x), exp);
}
export function logMap(from: usize, to: usize, n: i32): void {
  map(from, to, n, (x) => logPair(x), log);
}
export function erfMap(from: usize, to: usize, n: i32): void {
  map(from, to, n, erfPair, erf);
}
export function erfcMap(from: usize, to: usize, n: i32): void {
  map(from, to, n, erfcPair, erfc);
}
export function erfcxMap(from: usize, to: usize, n: i32): void {
  map(from, to, n, erfcxPair, erfcx);
}
export function normalCdfMap(from: usize, to: usize, n: i32): void {
  map(from, to, n, normalCdfPair, normalCdf);
}
export function normalLogCdfMap(from: usize, to: usize, n: i32): void {
  map(from, to, n, normalLogCdfPair, normalLogCdf);
}
export function normalDensityMap(from: usize, to: usize, n: i32): void {
  map(from, to, n, normalDensityPair, normalDensity);
}
export function normalQuantileMap(from: usize, to: usize, n: i32): void {
  map(from, to, n, normalQuantilePair, normalQuantile);
}
export function powMap(from: usize, to: usize, n: i32, y: f64): void {
  mapWith(from, to, n, y, pow);
}
export function studentCdfMap(from: usize, to: usize, n: i32, dof: f64): void {
  mapWith(from, to, n, dof, studentCdf);
}
export function studentQuantileMap(from: usize, to: usize, n: i32, dof: f64): void {
  mapWith(from, to, n, dof, studentQuantile);
}
