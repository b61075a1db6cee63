// Where each special function is measured: regions with points of a jittered grid and both sides of every breakpoint, the
// error of an answer, and the bound that docs/numerics.md states. tests/special-functions.test.ts takes few points of each,
// scripts/accuracy.ts many.
import type * as numeric from '../bindings/reference/numeric.ts';
import { around, exact, expFixed, lnFixed, P, shift, ulps } from './exact.ts';
import {
  erfcOf,
  erfcxOf,
  erfOf,
  normalCdfOf,
  normalDensityOf,
  normalLogCdfOf,
  quantileUlps,
  type Value,
} from './exact-normal.ts';
import { studentTail } from './exact-student.ts';

export type Functions = typeof numeric;

export interface Region {
  name: string;
  region: string;
  /** Of a number in [0, 1), in order; `at` are added. */
  point: (u: number) => number;
  at: number[];
  /** Error in `unit` of the functions' answer at x. */
  error: (f: Functions, x: number) => number;
  unit: 'ulp' | 'relative';
  bound: number;
}

/** Evenly over an interval, evenly over the exponents of one. */
const even = (from: number, to: number) => (u: number) => from + (to - from) * u;
const decades =
  (from: number, to: number, sign = 1) =>
  (u: number) =>
    sign * Number(`1e${Math.floor(from + (to - from) * u)}`) * (1 + 9 * ((u * 7919) % 1));
/** Both sides of some points, three doubles deep. */
const beside = (...points: number[]): number[] => points.flatMap((x) => around(x));
const both = (...points: number[]): number[] => beside(...points, ...points.map((x) => -x));

type Unary = 'exp' | 'log' | 'erf' | 'erfc' | 'erfcx' | 'normalCdf' | 'normalDensity' | 'normalLogCdf';

const exactly: Record<Unary, (x: number) => Value> = {
  exp: (x) => expFixed(shift(exact(x).n, exact(x).e + P)),
  log: (x) => ({ m: lnFixed(x), k: 0 }),
  erf: erfOf,
  erfc: erfcOf,
  erfcx: erfcxOf,
  normalCdf: normalCdfOf,
  normalDensity: normalDensityOf,
  normalLogCdf: normalLogCdfOf,
};

function unary(
  name: Unary,
  bound: number,
  rows: [region: string, point: (u: number) => number, at?: number[]][],
): Region[] {
  const error = (f: Functions, x: number): number => {
    const { m, k } = exactly[name](x);
    return ulps(f[name](x), m, k);
  };
  return rows.map(([region, point, at = []]) => ({ name, region, point, at, error, unit: 'ulp', bound }));
}

function quantile(region: string, point: (u: number) => number, at: number[] = []): Region {
  const error = (f: Functions, p: number): number => quantileUlps(f.normalQuantile(p), p);
  return { name: 'normalQuantile', region, point, at, error, unit: 'ulp', bound: 2.5 };
}

const ratio = (a: Value, b: Value): number => Number((shift(a.m, a.k - b.k) << BigInt(P)) / b.m) / 2 ** P;
const less = (a: Value, b: Value): Value => ({
  m: shift(a.m, a.k - Math.min(a.k, b.k)) - shift(b.m, b.k - Math.min(a.k, b.k)),
  k: Math.min(a.k, b.k),
});
const value = (x: number): Value => ({ m: shift(exact(x).n, P - 52), k: exact(x).e + 52 });

/** Where the map to a normal number takes over from the continued fraction. */
const dofs = [0.3, 1, 2, 2.5, 3, 4, 5, 8, 30, 100, 1000, 10_000, 10_001, 100_000];

const student = dofs.flatMap((dof): Region[] => {
  // From the body far into the tail, where power laws go on and the others are below 1e-30.
  const far = dof < 10 ? 15 : dof < 500 ? 3 : 1.3;
  const meet = Math.sqrt((3 * dof) / (dof + 2));
  return [
    {
      name: 'studentCdf',
      region: `${dof} degrees of freedom`,
      point: (u) => -(10 ** (-2 + (far + 2) * u)),
      at: beside(-meet),
      error: (f, t) => {
        const { tail } = studentTail(-t, dof);
        return Math.abs(ratio(less(value(f.studentCdf(t, dof)), tail), tail));
      },
      unit: 'relative',
      bound: 1e-12,
    },
    {
      name: 'studentQuantile',
      region: `${dof} degrees of freedom`,
      point: (u) => (u < 0.5 ? 10 ** (-12 * (1 - 2 * u) - 0.4) : 0.4 + 0.2 * (u - 0.5)),
      at: [...beside(0.25), 0.499999, 0.5 - 2 ** -40],
      error: (f, p) => {
        const { tail, front } = studentTail(-f.studentQuantile(p, dof), dof);
        return Math.abs(ratio(less(value(p), tail), front));
      },
      unit: 'relative',
      bound: 1e-12,
    },
  ];
});

export const regions: Region[] = [
  ...unary('exp', 0.52, [
    ['-708 to 709.78', even(-708, 709.78), both(707)],
    ['subnormal results', even(-745.1, -708.4), around(-745.1332191019411)],
  ]),
  ...unary('log', 0.501, [
    ['1e-308 to 1e308', decades(-308, 308), beside(2.2250738585072014e-308)],
    ['0.7 to 1.42', (u) => 0.7 + 0.72 * u, beside(0.705078125)],
  ]),
  ...unary('erf', 1.2, [
    ['below 0.5', even(-0.5, 0.5), both(0.5)],
    ['1e-320 to 1e-8', decades(-320, -8)],
    ['0.5 to 6.2', even(0.5, 6.2), both(0.5, 6)],
  ]),
  ...unary('erfc', 1.6, [
    ['0 to 0.5', even(0, 0.5)],
    ['0.5 to 6', even(0.5, 6), beside(1.25)],
    ['6 to 26.5', even(6, 26.5), beside(26)],
    ['subnormal results', even(26.55, 27.22), beside(27.2)],
    ['-6.2 to 0', even(-6.2, 0), [...beside(-6), -1e-300]],
  ]),
  ...unary('erfcx', 3, [
    ['0 to 4', even(0, 4), beside(1.25)],
    ['4 to 1e300', decades(0.6, 300)],
    ['-26.6 to 0', even(-26.6, 0), beside(-26.6287)],
  ]),
  ...unary('normalCdf', 1.4, [
    ['-3 to 0', even(-3, 0)],
    ['-37.5 to -3', even(-37.5, -3), beside(-37)],
    ['subnormal results', even(-38.48, -37.55), beside(-38)],
    ['0 to 9', even(0, 9), beside(8.5)],
  ]),
  ...unary('normalDensity', 0.52, [['-38.5 to 38.5', even(-38.5, 38.5), both(37, 38.5)]]),
  ...unary('normalLogCdf', 3.2, [
    ['-5 to 0', even(-5, 0)],
    ['-1e150 to -5', decades(0.7, 150, -1)],
    ['0 to 38.4', even(0, 38.4), beside(38.4)],
  ]),
  quantile('0.1 to 0.9', even(0.1, 0.9), beside(0.1, 0.9)),
  quantile('1e-11 to 0.1', decades(-11, -1), beside(1.3887943864964021e-11)),
  quantile('1e-307 to 1e-11', decades(-307, -11)),
  quantile('0.9 to 1', (u) => 1 - 10 ** (-1 - 14 * u), [1 - 2 ** -53]),
  quantile('near 0.5', (u) => 0.5 + (u - 0.5) * 10 ** (-14 * ((u * 7919) % 1))),
  ...student,
];

/** n points of a region: one somewhere in each of n equal parts, and those beside its breakpoints. */
export function pointsOf({ point, at }: Region, n: number, unit: () => number): number[] {
  return [...Array.from({ length: n }, (_, i) => point((i + unit()) / n)), ...at].filter((x) => x !== 0 && x !== 0.5);
}

/** The worst of some points. */
export function worstOf(region: Region, f: Functions, points: number[]): { error: number; at: number } {
  let worst = { error: 0, at: NaN };
  for (const at of points) {
    const error = region.error(f, at);
    if (!(error <= worst.error)) worst = { error, at };
  }
  return worst;
}
