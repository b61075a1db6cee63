// sin, cos, atan and atan2 against series in 200 fractional bits, their special values and ranges; the density of Student's t against
// closed forms.
import { describe, expect, it } from 'vitest';
import { studentCdf } from '../bindings/reference/numeric/student.js';
import { studentDensity } from '../bindings/reference/numeric/student-density.js';
import { atan, atan2, cos, sin } from '../bindings/reference/numeric/trigonometry.js';
import { ONE, P, random, ulps } from './exact.ts';
import { fixed, PI } from './exact-normal.ts';

const B = BigInt(P);
const times = (a: bigint, b: bigint): bigint => (a * b) >> B;
const halved = (x: bigint): bigint => x >> 1n;

/** sin and cos of a fixed-point angle, reduced exactly to 200 bits. */
function circle(x: bigint): { sin: bigint; cos: bigint } {
  const quarter = halved(PI);
  // To the nearest multiple of pi / 2; angles below 2^21 leave 180 bits of it.
  const n = (2n * x + quarter) / (2n * quarter) - (2n * x + quarter < 0n ? 1n : 0n);
  const r = x - n * quarter;
  const series = (first: bigint, from: bigint): bigint => {
    let sum = 0n;
    for (let term = first, k = from; term !== 0n && term !== -1n; k += 2n) {
      sum += term;
      term = -times(times(term, r), r) / (k * (k + 1n));
    }
    return sum;
  };
  const [s, c] = [series(r, 2n), series(ONE, 1n)];
  const turn = ((n % 4n) + 4n) % 4n;
  return turn === 0n
    ? { sin: s, cos: c }
    : turn === 1n
      ? { sin: c, cos: -s }
      : turn === 2n
        ? { sin: -s, cos: -c }
        : { sin: -c, cos: s };
}

/** atan of a quotient of fixed-point numbers, 0 <= n <= d: halved four times, then its series. */
function arctan(n: bigint, d: bigint): bigint {
  let x = (n << B) / d;
  const root = (y: bigint): bigint => {
    let r = 1n << BigInt(((y << B).toString(2).length >> 1) + 1);
    for (;;) {
      const better = (r + (y << B) / r) >> 1n;
      if (better >= r) return r;
      r = better;
    }
  };
  for (let i = 0; i < 4; i++) x = (x << B) / (ONE + root(ONE + times(x, x)));
  let sum = 0n;
  for (let term = x, k = 1n; term !== 0n && term !== -1n; term = -times(times(term, x), x), k += 2n) sum += term / k;
  return sum << 4n;
}

const atanOf = (x: number): bigint => {
  const size = fixed(Math.abs(x));
  const angle = size <= ONE ? arctan(size, ONE) : halved(PI) - arctan(ONE, size);
  return x < 0 ? -angle : angle;
};

function atan2Of(y: number, x: number): bigint {
  const [up, along] = [fixed(Math.abs(y)), fixed(Math.abs(x))];
  const slope = up <= along ? arctan(up, along) : halved(PI) - arctan(along, up);
  const turned = x < 0 ? PI - slope : slope;
  return y < 0 ? -turned : turned;
}

const { unit } = random(20240229);
const points = <T>(count: number, point: () => T): T[] => Array.from({ length: count }, point);
const signed = (): number => 2 * unit() - 1;

describe('sine and cosine', () => {
  const angles = [
    ...points(1500, () => signed() * 4),
    ...points(1500, () => signed() * 1.6e6),
    ...Array.from({ length: 400 }, (_, n) => n * Math.fround(1.5707963267948966)),
    // Doubles next to multiples of a quarter turn, where the result is what reduction leaves.
    ...Array.from({ length: 400 }, (_, n) => (n + 1) * 2617 * 1.5707963267948966),
    1e-30,
    -1e-300,
    1647099,
  ];

  it('are within 0.8 ulp', () => {
    for (const x of angles) {
      const exact = circle(fixed(x));
      expect(ulps(sin(x), exact.sin, 0), `sin ${x}`).toBeLessThan(Math.abs(x) < 1e-20 ? Number.POSITIVE_INFINITY : 0.8);
      expect(ulps(cos(x), exact.cos, 0), `cos ${x}`).toBeLessThan(0.8);
    }
  });

  it('have special values, and none beyond their range', () => {
    expect([sin(0), cos(0), sin(-0)]).toEqual([0, 1, 0]);
    expect([sin(1e-300), sin(-1e-300)]).toEqual([1e-300, -1e-300]);
    for (const x of [NaN, Infinity, -Infinity, 1647100, -1e7]) expect([sin(x), cos(x)]).toEqual([NaN, NaN]);
  });
});

describe('arcs', () => {
  it('are within 1.5 ulp', () => {
    const slopes = [
      ...points(1500, signed),
      ...points(1500, () => 1 / signed()),
      ...points(500, () => signed() * 1e-6),
    ];
    for (const x of [...slopes, 1, -1, 0.0625, 0.0687, 1e10])
      expect(ulps(atan(x), atanOf(x), 0), `${x}`).toBeLessThan(1.5);
  });

  it('of two coordinates are within 2 ulp', () => {
    for (const [y, x] of points(2500, () => [signed(), signed() * 2 ** (20 * signed())] as const))
      expect(ulps(atan2(y, x), atan2Of(y, x), 0), `${y} ${x}`).toBeLessThan(2);
  });

  it('have special values', () => {
    expect([atan(0), atan(-0), atan(Infinity), atan(-Infinity), atan(NaN)]).toEqual([
      0,
      0,
      1.5707963267948966,
      -1.5707963267948966,
      NaN,
    ]);
    expect([atan2(0, 0), atan2(0, 1), atan2(0, -1), atan2(1, 0), atan2(-1, 0), atan2(1, Infinity)]).toEqual([
      0,
      0,
      Math.PI,
      1.5707963267948966,
      -1.5707963267948966,
      0,
    ]);
    expect([atan2(NaN, 1), atan2(1, NaN), atan2(0, NaN), atan2(Infinity, Infinity)]).toEqual([NaN, NaN, NaN, NaN]);
  });
});

describe("density of Student's t", () => {
  const closed: readonly [dof: number, density: (t: number) => number][] = [
    [1, (t) => 1 / (Math.PI * (1 + t * t))],
    [2, (t) => 1 / ((2 + t * t) * Math.sqrt(2 + t * t))],
    [3, (t) => (6 * Math.sqrt(3)) / (Math.PI * (3 + t * t) * (3 + t * t))],
  ];
  it.each(closed)('of %d degrees of freedom', (dof, density) => {
    for (const t of [0, 0.3, -1, 2.5, 30, -1e4]) expect(studentDensity(t, dof) / density(t)).toBeCloseTo(1, 13);
  });

  it('is the slope of the distribution, and the normal one in the limit', () => {
    for (const dof of [0.5, 4, 17.5, 300, 1e5]) {
      for (const t of [-3, -0.4, 1.7]) {
        const slope = (studentCdf(t + 1e-4, dof) - studentCdf(t - 1e-4, dof)) / 2e-4;
        expect(studentDensity(t, dof) / slope).toBeCloseTo(1, 6);
      }
    }
    expect(studentDensity(1, 1e10) / studentDensity(1, Infinity)).toBeCloseTo(1, 9);
    expect([studentDensity(NaN, 3), studentDensity(1, 0), studentDensity(1, -1)]).toEqual([NaN, NaN, NaN]);
  });
});
