// The special functions: the exact arithmetic against published digits, every region of tests/regions.ts within its bound,
// special values, the kernel's bits against the reference's (one at a time, in pairs, in blocks), and the doors of both entries.
import { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import * as kernelEntry from '../bindings/numeric.ts';
import * as referenceEntry from '../bindings/reference/numeric.ts';
import { around, random, range } from './exact.ts';
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
import { refusal } from './refusal.ts';
import { pointsOf, regions, worstOf } from './regions.ts';

// Copies: a namespace that is asked by name is a warning.
const kernel = { ...kernelEntry };
const reference = { ...referenceEntry };

const SEED = 20221109;
const POINTS = 600;
const STUDENT_POINTS = 40;
const SAME_BITS_POINTS = 30_000;
const TINY = Number.MIN_VALUE;
const MAX = Number.MAX_VALUE;

// --- the oracle -------------------------------------------------------------------------------------------------------

describe('exact arithmetic', () => {
  const Exact = Decimal.clone({ precision: 60 });
  const digits = ({ m, k }: Value): Decimal => new Exact(m.toString()).mul(new Exact(2).pow(k - 200));

  // mpmath 1.3.0 with 40 digits: erf, erfc, exp(x^2) erfc(x), erfc(-x / sqrt 2) / 2, betainc.
  it.each<[(x: number) => Value, number, string]>([
    [erfOf, 0.5, '0.520499877813046537682746653892'],
    [erfOf, 3, '0.99997790950300141455862722387'],
    [erfcOf, 0.25, '0.723673609831763067014931732235'],
    [erfcOf, 10, '2.08848758376254475700078629496e-45'],
    [erfcOf, 27, '5.23704892378925568501606768285e-319'],
    [erfcxOf, 6, '0.0927765678005383543894867053247'],
    [erfcxOf, -3, '16205.9888539995866254695740841'],
    [normalCdfOf, -10, '7.6198530241605260659733432516e-24'],
    [normalCdfOf, -38, '2.88542836006878430835097048157e-316'],
    [normalDensityOf, 2, '0.0539909665131880519505642004107'],
    [normalLogCdfOf, -38.5, '-745.695270290411081329610250352'],
    [normalLogCdfOf, 9, '-1.12858840595384064779918766547e-19'],
  ])('%o of %d is %s', (f, x, published) => {
    expect(digits(f(x)).div(published).sub(1).abs().toNumber()).toBeLessThan(1e-28);
  });

  it.each([
    [1, 1, '0.25'],
    [2.5, 2.5, '0.0522849815390776936268573543945'],
    [1e6, 0.3, '0.00553921317251293928174351876706'],
    [10, 30, '2.28762570411480659630489542806e-11'],
    [3, 1000, '0.00138335452211909623209930415945'],
  ])("Student's tail beyond %d of %d degrees of freedom is %s", (t, dof, published) => {
    expect(digits(studentTail(t, dof).tail).div(published).sub(1).abs().toNumber()).toBeLessThan(1e-28);
  });

  it('sees an error of one unit in the last place', () => {
    const [before = 0, , after = 0] = around(kernel.normalQuantile(0.01), 1);
    expect(quantileUlps(before, 0.01) + quantileUlps(after, 0.01)).toBeCloseTo(2, 6);
    expect(quantileUlps(-kernel.normalQuantile(0.01), 0.99)).toBeLessThan(2.5);
  });
});

// --- accuracy ---------------------------------------------------------------------------------------------------------

describe('accuracy', () => {
  const { unit } = random(SEED);

  it.each(regions)('$name, $region: below $bound $unit', (region) => {
    const points = pointsOf(region, region.unit === 'ulp' ? POINTS : STUDENT_POINTS, unit);
    const { error, at } = worstOf(region, kernel, points);
    expect(error, `at ${at}`).toBeLessThan(region.bound);
  });

  it('a quantile and its distribution lead back to each other', () => {
    for (const p of [1e-300, 1e-20, 0.01, 0.3, 0.5, 0.7, 0.999]) {
      expect(kernel.normalCdf(kernel.normalQuantile(p)) / p).toBeCloseTo(1, 11);
      for (const dof of [1, 2, 7, 40, 1e6]) {
        expect(kernel.studentCdf(kernel.studentQuantile(p, dof), dof) / p).toBeCloseTo(1, 11);
      }
    }
  });
});

// --- special values ---------------------------------------------------------------------------------------------------

type Row = [x: number, y: number];
const special: {
  [name in 'erf' | 'erfc' | 'erfcx' | 'normalCdf' | 'normalLogCdf' | 'normalDensity' | 'normalQuantile']: Row[];
} = {
  erf: [
    [0, 0],
    [-0, -0],
    [TINY, TINY],
    [6, 1],
    [-6, -1],
    [MAX, 1],
    [Infinity, 1],
    [-Infinity, -1],
    [NaN, NaN],
  ],
  erfc: [
    [0, 1],
    [-0, 1],
    [TINY, 1],
    [6, 2.1519736712498913e-17],
    [-6, 2],
    [27.3, 0],
    [27.226017111108362, TINY],
    [MAX, 0],
    [Infinity, 0],
    [-Infinity, 2],
    [NaN, NaN],
  ],
  erfcx: [
    [0, 1],
    [-0, 1],
    [MAX, 3.138408733985445e-309],
    [Infinity, 0],
    [-26.63, Infinity],
    [-Infinity, Infinity],
    [NaN, NaN],
  ],
  normalCdf: [
    [0, 0.5],
    [-0, 0.5],
    [TINY, 0.5],
    [-38.485, TINY],
    [-38.6, 0],
    [-MAX, 0],
    [-Infinity, 0],
    [8.5, 1],
    [Infinity, 1],
    [NaN, NaN],
  ],
  normalLogCdf: [
    [0, -Math.LN2],
    [-0, -Math.LN2],
    [-1e200, -Infinity],
    [-1.8e154, -1.62e308],
    [-Infinity, -Infinity],
    [39, 0],
    [Infinity, 0],
    [NaN, NaN],
  ],
  normalDensity: [
    [0, 0.3989422804014327],
    [-0, 0.3989422804014327],
    [38.57, TINY],
    [-38.7, 0],
    [Infinity, 0],
    [-Infinity, 0],
    [NaN, NaN],
  ],
  normalQuantile: [
    [0, -Infinity],
    [-0, -Infinity],
    [1, Infinity],
    [0.5, 0],
    [TINY, -38.467405617144344],
    [-TINY, NaN],
    [1.0000000000000002, NaN],
    [Infinity, NaN],
    [-Infinity, NaN],
    [NaN, NaN],
  ],
};

const student: [f: 'studentCdf' | 'studentQuantile', x: number, dof: number, y: number][] = [
  ['studentCdf', 0, 3, 0.5],
  ['studentCdf', -0, 3, 0.5],
  ['studentCdf', Infinity, 3, 1],
  ['studentCdf', -Infinity, 3, 0],
  ['studentCdf', -1, Infinity, 0.15865525393145705],
  ['studentCdf', -1e200, 5, 0],
  ['studentCdf', -1e160, 20_000, 0],
  ['studentCdf', -1e308, 0.5, 3.2070097541422283e-155],
  ['studentCdf', -1, 1e-300, 0.5],
  ['studentCdf', 1, 0, NaN],
  ['studentCdf', 1, -1, NaN],
  ['studentCdf', NaN, 3, NaN],
  ['studentCdf', 1, NaN, NaN],
  ['studentQuantile', 0.5, 3, 0],
  ['studentQuantile', 0, 3, -Infinity],
  ['studentQuantile', 1, 3, Infinity],
  ['studentQuantile', 0.01, Infinity, -2.326347874040841],
  ['studentQuantile', 1e-310, 1, -Infinity],
  ['studentQuantile', 0.3, 1e-300, -Infinity],
  ['studentQuantile', TINY, 3, -5.94715248043245e107],
  ['studentQuantile', -TINY, 3, NaN],
  ['studentQuantile', 2, 3, NaN],
  ['studentQuantile', NaN, 3, NaN],
  ['studentQuantile', 0.3, 0, NaN],
  ['studentQuantile', 0.3, -2, NaN],
  ['studentQuantile', 0.3, NaN, NaN],
];

describe.each([
  ['kernel', kernel],
  ['reference', reference],
])('special values of the %s', (_, f) => {
  it.each(Object.entries(special))('%s', (name, rows) => {
    for (const [x, y] of rows) expect(f[name as keyof typeof special](x), `${name}(${x})`).toBe(y);
  });

  it('studentCdf, studentQuantile', () => {
    for (const [name, x, dof, y] of student) expect(f[name](x, dof), `${name}(${x}, ${dof})`).toBe(y);
  });

  it('closed forms of one and two degrees of freedom', () => {
    // QuantLib, test-suite/distributions.cpp: -1 / tan(pi p) and (2 p - 1) / sqrt(2 p (1 - p)).
    expect(f.studentQuantile(1e-12, 1) / -318309886183.79065).toBeCloseTo(1, 14);
    expect(f.studentQuantile(0.999, 1) / 318.30883898555015).toBeCloseTo(1, 14);
    expect(f.studentQuantile(0.75, 1)).toBeCloseTo(1, 14);
    expect(f.studentCdf(1, 1)).toBeCloseTo(0.75, 14);
    for (const p of [1e-12, 1e-6, 0.01, 0.25, 0.4, 0.9, 0.999]) {
      expect(f.studentQuantile(p, 2) / ((2 * p - 1) / Math.sqrt(2 * p * (1 - p)))).toBeCloseTo(1, 14);
    }
  });
});

// --- the kernel's bits ------------------------------------------------------------------------------------------------

const unaries = [
  'exp',
  'log',
  'erf',
  'erfc',
  'erfcx',
  'normalCdf',
  'normalLogCdf',
  'normalDensity',
  'normalQuantile',
] as const;
const binaries = ['pow', 'studentCdf', 'studentQuantile'] as const;

/** Where some function changes its way, for x and for p. */
const BREAKPOINTS = [
  0.5,
  6,
  26,
  27.3,
  26.63,
  37,
  38.6,
  8.5,
  1,
  0.1,
  0.9,
  0.25,
  707,
  709.8,
  745.2,
  1.3887943864964021e-11,
  1e20,
  2 ** -1022,
  TINY,
];
const breakpoints = [
  0,
  -0,
  NaN,
  Infinity,
  -Infinity,
  ...BREAKPOINTS.flatMap((x) => around(x, x === TINY ? 0 : 4)).flatMap((x) => [x, -x]),
];

/** Any bits at all, ranges that occur, breakpoints: mixed, so that neighbours of a pair go different ways. */
function mixture(n: number): Float64Array {
  const { unit, any, word } = random(SEED);
  const kinds = [
    any,
    () => (unit() - 0.5) * 80,
    () => (unit() - 0.5) * 10,
    unit,
    () => 10 ** (-320 * unit()),
    () => breakpoints[word() % breakpoints.length]!,
  ];
  // Stretches of one kind, so that pairs go together as well.
  return Float64Array.from({ length: n }, (_, i) => kinds[((i >> 5) % 12 < 6 ? i >> 5 : word()) % kinds.length]!());
}

const differences = (x: Float64Array, a: Float64Array, b: (x: number) => number): string[] =>
  Array.from(x)
    .flatMap((value, i) => (Object.is(a[i], b(value)) ? [] : [`${value}: ${a[i]} and ${b(value)}`]))
    .slice(0, 5);

describe('the kernel gives the bits of the reference', () => {
  const x = mixture(SAME_BITS_POINTS);

  it.each(unaries)('%s, one at a time and in pairs', (name) => {
    expect(differences(x, x.map(kernel[name]), reference[name])).toEqual([]);
    expect(differences(x, kernel[`${name}Into`](x), reference[name])).toEqual([]);
    // The other neighbour, and pairs of two equal numbers.
    expect(differences(x.subarray(1), kernel[`${name}Into`](x.subarray(1)), reference[name])).toEqual([]);
    const twice = Float64Array.from({ length: 2 * breakpoints.length }, (_, i) => breakpoints[i >> 1]!);
    expect(differences(twice, kernel[`${name}Into`](twice), reference[name])).toEqual([]);
  });

  it.each(binaries)('%s', (name) => {
    const { unit } = random(SEED);
    for (const parameter of [
      0.01,
      0.7,
      1,
      2,
      3,
      4.5,
      30,
      1000,
      10_000,
      10_001,
      1e9,
      Infinity,
      0,
      -1,
      NaN,
      ...range(30).map(() => 10 ** (6 * unit() - 2)),
    ]) {
      const some =
        name === 'studentQuantile'
          ? Float64Array.from({ length: 200 }, (_, i) => (i & 1 ? unit() : 10 ** (-300 * unit())))
          : mixture(200);
      const f = (y: number): number => reference[name](y, parameter);
      expect(
        differences(
          some,
          some.map((y) => kernel[name](y, parameter)),
          f,
        ),
        `${parameter}`,
      ).toEqual([]);
      expect(differences(some, kernel[`${name}Into`](some, parameter), f), `${parameter}`).toEqual([]);
    }
  });

  it('NaN has one form', () => {
    const bits = new BigUint64Array(2);
    const y = new Float64Array(bits.buffer);
    for (const name of unaries) {
      kernel[`${name}Into`](new Float64Array(new BigUint64Array([0xfff8000000000123n, 0x7ff0000000000001n]).buffer), y);
      expect(
        Array.from(bits, (b) => b.toString(16)),
        name,
      ).toEqual(['7ff8000000000000', '7ff8000000000000']);
    }
  });
});

// --- doors ------------------------------------------------------------------------------------------------------------

describe('entries', () => {
  it('have the same names', () => {
    expect(Object.keys(kernel).sort()).toEqual(Object.keys(reference).sort());
    for (const name of [...unaries, ...binaries]) expect(Object.keys(kernel)).toContain(`${name}Into`);
  });
});

describe.each([
  ['kernel', kernel],
  ['reference', reference],
])('functions of many numbers of the %s', (_, f) => {
  it('take any length', () => {
    for (const n of [0, 1, 2, 3, 2047, 2048, 2049, 4096, 6145]) {
      const x = Float64Array.from({ length: n }, (_, i) => i / 1000 - 3);
      const y = f.normalCdfInto(x);
      expect(y).toHaveLength(n);
      expect(differences(x, y, f.normalCdf)).toEqual([]);
    }
  });

  it('write where they are told, and no further', () => {
    const x = Float64Array.of(0, 1, 2);
    const into = new Float64Array(5).fill(7);
    expect(f.expInto(x, into)).toBe(into);
    expect(Array.from(into)).toEqual([1, Math.E, f.exp(2), 7, 7]);
    expect(f.expInto(x, x)).toBe(x);
    expect(Array.from(x)).toEqual([1, Math.E, f.exp(2)]);
    expect(f.powInto(x, 2, into)).toBe(into);
    expect(Array.from(into)).toEqual([1, f.pow(Math.E, 2), f.pow(f.exp(2), 2), 7, 7]);
  });

  it.each([1, 3, 2048, 5000])('read what they overlap before they write it: %d numbers apart', (apart) => {
    const n = 7000;
    const start = Float64Array.from({ length: n }, (_, i) => i / 1000);
    for (const [from, to] of [
      [0, apart],
      [apart, 0],
    ] as const) {
      const cells = new Float64Array(n + apart);
      const x = cells.subarray(from, from + n);
      x.set(start);
      expect(differences(start, f.erfcInto(x, cells.subarray(to, to + n)), f.erfc)).toEqual([]);
    }
  });

  it('refuse what is no array of numbers, and too short a place', () => {
    const x = new Float64Array(3);
    expect(refusal(() => f.expInto([1, 2, 3] as unknown as Float64Array))).toContain(
      'type at x: got [1,2,3], expected a Float64Array',
    );
    expect(refusal(() => f.expInto(x, new Float32Array(3) as unknown as Float64Array))).toContain('type at into');
    expect(refusal(() => f.studentCdfInto(x, 3, new Float64Array(2)))).toContain(
      'range at into: got 2, expected at least 3',
    );
  });

  it('refuse one number that is none; of NaN they are NaN', () => {
    const x = Float64Array.of(0.25, 0.5);
    for (const [path, call] of [
      ['y', f.powInto],
      ['dof', f.studentCdfInto],
      ['dof', f.studentQuantileInto],
    ] as const) {
      for (const wrong of [undefined, null, '2', [2], x])
        expect(refusal(() => call(x, wrong as unknown as number))).toContain(`type at ${path}: got `);
      expect(Array.from(call(x, Number.NaN))).toEqual([Number.NaN, Number.NaN]);
    }
  });
});
