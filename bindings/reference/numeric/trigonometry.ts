// sin, cos, atan and atan2 in plain TypeScript: + - * / in one written order, so the same bits on every engine. Angles are taken to
// within a quarter of pi by W. J. Cody and W. Waite's subtraction of multiples of pi / 2 in three parts, arguments of atan to within
// 1/16 of a table of eighths; Taylor's series do the rest. Errors are measured against 200 bits in tests/trigonometry.test.ts.

/** pi / 2 in parts: the first two have 33 bits, so that products with 20-bit counts are exact. */
const QUARTER_1 = 1.5707963267341256;
const QUARTER_2 = 6.077100506303966e-11;
const QUARTER_3 = 2.0222662487959506e-21;
const QUARTERS = 0.6366197723675814;
const HALF_PI = 1.5707963267948966;
const HALF_PI_LOW = 6.123233995736766e-17;
// biome-ignore lint/suspicious/noApproximativeNumericConstant: beside its low part, as a pair
const PI = 3.141592653589793;
const PI_LOW = 1.2246467991473532e-16;
/** Largest angle: 2^20 quarters of a turn keep the reduction exact. */
const MOST_ANGLE = 1647099;
/** Taylor coefficients -1/3!, 1/5!, ... -1/17! and 1/4!, -1/6!, ... 1/16!; within pi / 4 the next terms are below 2^-60. */
const SINE: Float64Array = new Float64Array([
  -0.16666666666666666, 0.008333333333333333, -0.0001984126984126984, 2.7557319223985893e-6, -2.505210838544172e-8,
  1.6059043836821613e-10, -7.647163731819816e-13, 2.8114572543455206e-15,
]);
const COSINE: Float64Array = new Float64Array([
  0.041666666666666664, -0.001388888888888889, 2.48015873015873e-5, -2.755731922398589e-7, 2.08767569878681e-9,
  -1.1470745597729725e-11, 4.779477332387385e-14,
]);
/** atan(k / 8), k = 0 .. 8, and what rounding took from it. */
const ARCS: Float64Array = new Float64Array([
  0, 0.12435499454676144, 0.24497866312686414, 0.35877067027057225, 0.4636476090008061, 0.5585993153435624,
  0.6435011087932844, 0.7188299996216245, 0.7853981633974483,
]);
const ARCS_LOW: Float64Array = new Float64Array([
  0, -3.1253241424539383e-18, 1.0698755618734451e-17, -2.4623815582638635e-17, 2.2698777452961687e-17,
  -5.4556305485916264e-18, 1.5834785051444286e-17, -2.1478388444456983e-17, 3.061616997868383e-17,
]);
/** 1.5 * 2^52: adding it and taking it off again rounds to an integer. */
const ROUNDER = 6755399441055744;

/** The reduced angle of the last `reduce`: a sum of two. */
const angle = new Float64Array(2);

/** Leaves x - n pi / 2 in `angle` and returns n mod 4; |x| <= MOST_ANGLE. */
function reduce(x: number): number {
  const n = x * QUARTERS + ROUNDER - ROUNDER;
  // Exact: both are multiples of the last place of x or of the product, and of nearly the same size.
  const first = x - n * QUARTER_1;
  const second = n * QUARTER_2;
  const high = first - second;
  const lost = first - high - second;
  const rest = lost - n * QUARTER_3;
  angle[0] = high + rest;
  angle[1] = high - angle[0]! + rest;
  return n & 3;
}

function sineOf(r: number, low: number): number {
  const r2 = r * r;
  let sum = SINE[7]!;
  for (let i = 6; i >= 0; i--) sum = sum * r2 + SINE[i]!;
  return r + (r * r2 * sum + low * (1 - 0.5 * r2));
}

function cosineOf(r: number, low: number): number {
  const r2 = r * r;
  let sum = COSINE[6]!;
  for (let i = 5; i >= 0; i--) sum = sum * r2 + COSINE[i]!;
  const half = 0.5 * r2;
  const one = 1 - half;
  return one + (1 - one - half + (r2 * r2 * sum - r * low));
}

/** sin x within 0.8 ulp for |x| up to 1.6e6. @returns NaN beyond and for NaN */
export function sin(x: number): number {
  if (!(Math.abs(x) <= MOST_ANGLE)) return NaN;
  const turn = reduce(x);
  const size = (turn & 1) === 0 ? sineOf(angle[0]!, angle[1]!) : cosineOf(angle[0]!, angle[1]!);
  // sin(-0) is 0, as -0 counts as 0 everywhere.
  return turn > 1 ? 0 - size : size + 0;
}

/** cos x within 0.8 ulp for |x| up to 1.6e6. @returns NaN beyond and for NaN */
export function cos(x: number): number {
  if (!(Math.abs(x) <= MOST_ANGLE)) return NaN;
  const turn = reduce(x);
  const size = (turn & 1) === 0 ? cosineOf(angle[0]!, angle[1]!) : sineOf(angle[0]!, angle[1]!);
  return turn === 1 || turn === 2 ? 0 - size : size + 0;
}

/** atan of x in [0, 1]; NaN for NaN. */
function arc(x: number): number {
  const k = Math.floor(8 * x + 0.5);
  const c = 0.125 * k;
  const t = k === 0 ? x : (x - c) / (1 + x * c);
  const t2 = t * t;
  const series =
    t * t2 * (-1 / 3 + t2 * (1 / 5 + t2 * (-1 / 7 + t2 * (1 / 9 + t2 * (-1 / 11 + t2 * (1 / 13 - t2 / 15))))));
  return ARCS[k]! + (t + (series + ARCS_LOW[k]!));
}

/** The angle in [-pi / 2, pi / 2] whose tangent is x, within 1.5 ulp. @returns NaN for NaN */
export function atan(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const size = Math.abs(x);
  const y = size <= 1 ? arc(size) : HALF_PI - (arc(1 / size) - HALF_PI_LOW);
  return x < 0 ? -y : y;
}

/**
 * The angle of the point (x, y) against the x axis, in [-pi, pi], within 2 ulp.
 * @returns 0 for (0, 0), NaN where a coordinate is NaN or both are infinite
 */
export function atan2(y: number, x: number): number {
  const [up, along] = [Math.abs(y), Math.abs(x)];
  if (up === 0) return x < 0 ? PI : Number.isNaN(x) ? NaN : 0;
  const slope = up <= along ? arc(up / along) : HALF_PI - (arc(along / up) - HALF_PI_LOW);
  const turned = x < 0 ? PI - (slope - PI_LOW) : slope;
  return y < 0 ? -turned : turned;
}
