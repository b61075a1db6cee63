// exp, log and pow: error in ulp against exact integer arithmetic, special values, the tables' last bits, published
// vectors, and the kernel's bits against the reference's. The oracle is BigInt fixed point with 200 fractional bits.
import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { exp } from '../bindings/reference/numeric/exp.ts';
import { log } from '../bindings/reference/numeric/log.ts';
import { pow } from '../bindings/reference/numeric/pow.ts';
import { around, exact, expFixed, LN2, lnFixed, next, ONE, P, random, range, shift, ulps } from './exact.ts';

const SEED = 20221109;
const POINTS = 20_000;
const SAME_BITS_POINTS = 200_000;
const MAX = Number.MAX_VALUE;
const TINY = Number.MIN_VALUE;
const MIN_NORMAL = 2 ** -1022;

const expError = (x: number): number => {
  const { n, e } = exact(x);
  const { m, k } = expFixed(shift(n, e + P));
  return ulps(exp(x), m, k);
};
const logError = (x: number): number => ulps(log(x), lnFixed(x), 0);
const powError = (x: number, y: number): number => {
  const { n, e } = exact(y);
  const { m, k } = expFixed(shift(lnFixed(x) * n, e));
  return ulps(pow(x, y), m, k);
};

function worst<T>(points: T[], error: (point: T) => number): { error: number; at: T } {
  return points.map((at) => ({ error: error(at), at })).reduce((a, b) => (b.error > a.error ? b : a));
}

/** Prints the largest error and where it is, for docs/numerics.md. */
function report<T>(name: string, points: T[], error: (point: T) => number): number {
  const found = worst(points, error);
  console.log(`${name}: ${found.error.toFixed(4)} ulp at ${found.at}, ${points.length} points, seed ${SEED}`);
  return found.error;
}

// --- accuracy ---------------------------------------------------------------------------------------------------------

describe('accuracy against exact arithmetic', () => {
  const { unit } = random(SEED);

  it('exp stays below 0.52 ulp, subnormal results included', () => {
    const everywhere = range(POINTS).map(() => -745 + unit() * (745 + 709.78));
    const small = range(POINTS).map(() => (unit() - 0.5) * 2 ** -Math.floor(unit() * 40));
    const subnormal = range(POINTS).map(() => -745.1 + unit() * 37);
    const halfway = range(4000).flatMap((i) => around(((i - 2000 + 0.5) * Math.LN2) / 64, 1));
    const edges = [709.782712893384, -708.3964185322641, -745.1332191019411, -707, 707].flatMap((x) => around(x, 50));
    expect(report('exp', [...everywhere, ...small, ...halfway, ...edges], expError)).toBeLessThan(0.52);
    expect(report('exp, subnormal results', subnormal, expError)).toBeLessThan(0.52);
  });

  it('log stays below 0.501 ulp', () => {
    const everywhere = range(POINTS).map(() => pow(2, -1073 + unit() * 2096));
    const nearOne = range(POINTS).map(() => 1 + (unit() - 0.5) * 2 ** -Math.floor(unit() * 50));
    const cells = range(512).flatMap((i) => around((i + 256) / 512, 4));
    const edges = [...around(1, 200), ...around(MIN_NORMAL, 50), ...range(100).map((i) => (i + 1) * TINY), MAX];
    const points = [...everywhere, ...nearOne, ...cells, ...edges].filter((x) => x !== 1);
    expect(report('log', points, logError)).toBeLessThan(0.501);
  });

  it('pow stays below 0.53 ulp for x in (1e-300, 1e300), y in [-4, 4]', () => {
    const points = range(POINTS).map((): [number, number] => [pow(10, (unit() - 0.5) * 600), (unit() - 0.5) * 8]);
    const usual = range(POINTS).map((): [number, number] => [
      unit() * 1000,
      [0.5, 1.8, -1, 2, 3, -0.5][(unit() * 6) | 0]!,
    ]);
    expect(report('pow', [...points, ...usual], ([x, y]) => powError(x, y))).toBeLessThan(0.53);
  });

  it('pow stays below 0.53 ulp for every other exponent, where |y ln x| is largest', () => {
    const points = range(POINTS).map((): [number, number] => {
      const x = 1 + (unit() - 0.4) * 2 ** -Math.floor(unit() * 45);
      return [x, ((unit() < 0.5 ? -745 : 709.7) * (1 - unit() / 16)) / log(x)];
    });
    const subnormal = points.filter(([x, y]) => y * log(x) < -708);
    expect(report('pow, far exponents', points, ([x, y]) => powError(x, y))).toBeLessThan(0.53);
    expect(report('pow, subnormal results', subnormal, ([x, y]) => powError(x, y))).toBeLessThan(0.53);
  });

  it('pow gives exact results exactly', () => {
    for (let i = 1; i < 3000; i++) {
      expect(pow(i, 2)).toBe(i * i);
      expect(pow(i, 3)).toBe(i * i * i);
      expect(pow(i * i, 0.5)).toBe(i);
    }
    for (let k = -1074; k <= 1023; k++) expect(pow(2, k)).toBe(2 ** k);
    for (let k = 0; k <= 22; k++) expect(pow(10, k)).toBe(Number(`1e${k}`));
  });
});

// --- special values ---------------------------------------------------------------------------------------------------

const specialExp: [number, number][] = [
  [0, 1],
  [-0, 1],
  [TINY, 1],
  [-TINY, 1],
  [1, Math.E],
  [709.782712893384, 1.7976931348622732e308],
  [next(709.782712893384, 1), Infinity],
  [1000, Infinity],
  [MAX, Infinity],
  [Infinity, Infinity],
  [-745.1332191019411, TINY],
  [next(-745.1332191019411, 1), 0],
  [-MAX, 0],
  [-Infinity, 0],
  [NaN, NaN],
];

const specialLog: [number, number][] = [
  [1, 0],
  [0, -Infinity],
  [-0, -Infinity],
  [-TINY, NaN],
  [-1, NaN],
  [-Infinity, NaN],
  [Infinity, Infinity],
  [NaN, NaN],
  [2, Math.LN2],
  [10, Math.LN10],
  [TINY, -744.4400719213812],
  [MAX, 709.782712893384],
];

const specialPow: [number, number, number][] = [
  ...[0, -0, TINY, 0.5, 1, 7, MAX, Infinity].flatMap((x): [number, number, number][] => [
    [x, 0, 1],
    [x, -0, 1],
    [x, 1, Math.abs(x)],
    [x, NaN, NaN],
  ]),
  ...[-Infinity, -MAX, -1, -TINY, 0.5, 1, 3, Infinity].map((y): [number, number, number] => [1, y, 1]),
  ...[-Infinity, -2, -0.5, 0, 1, 2, 3, Infinity].flatMap((y): [number, number, number][] => [
    [NaN, y, NaN],
    [-2, y, NaN],
    [-TINY, y, NaN],
    [-Infinity, y, NaN],
  ]),
  ...[TINY, 0.5, 3, MAX, Infinity].flatMap((y): [number, number, number][] => [
    [0, y, 0],
    [-0, y, 0],
    [0, -y, Infinity],
    [-0, -y, Infinity],
    [Infinity, y, Infinity],
    [Infinity, -y, 0],
  ]),
  ...[Infinity, MAX].flatMap((y): [number, number, number][] => [
    [next(1, 1), y, Infinity],
    [next(1, 1), -y, 0],
    [next(1, -1), y, 0],
    [next(1, -1), -y, Infinity],
  ]),
  [MAX, TINY, 1],
  [2, 1024, Infinity],
  [2, -1075, 0],
  [MAX, 2, Infinity],
  [MAX, -2, 0],
  [TINY, -1, Infinity],
  [0.5, 1074, TINY],
];

function checkSpecial(f: { exp: typeof exp; log: typeof log; pow: typeof pow }): void {
  for (const [x, y] of specialExp) expect(f.exp(x), `exp(${x})`).toBe(y);
  for (const [x, y] of specialLog) expect(f.log(x), `log(${x})`).toBe(y);
  for (const [x, y, z] of specialPow) expect(f.pow(x, y), `pow(${x}, ${y})`).toBe(z);
}

describe('special values', () => {
  it('are as documented', () => checkSpecial({ exp, log, pow }));
});

// --- tables -----------------------------------------------------------------------------------------------------------

/** The tables and the named numbers of a source file. */
function literals(file: string): { tables: number[][]; constants: Record<string, number> } {
  const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8').replaceAll(/^\s*\/\/.*$/gm, '');
  const tables = [...text.matchAll(/\(\[\n([^\]]*)\]/g)].map(([, list]) => list!.split(',').map(Number).slice(0, -1));
  const named = [...text.matchAll(/^const (\w+)(?:: f64)? = (-?[\d.e-]+);$/gm)];
  return { tables, constants: Object.fromEntries(named.map(([, name, value]) => [name, Number(value)])) };
}

const fixed = (x: number): bigint => shift(exact(x).n, exact(x).e + P);
const bitsOf = (n: bigint): number => (n < 0n ? -n : n).toString(2).length - P;

describe('tables and constants', () => {
  it.each(['exp', 'log', 'pow', 'tail', 'erf', 'normal', 'student'])(
    '%s: kernel and reference hold the same numbers',
    (name) => {
      const kernel = literals(`assembly/numeric/${name}.ts`);
      const reference = literals(`bindings/reference/numeric/${name}.ts`);
      expect(kernel.tables).toEqual(reference.tables);
      expect(reference.tables.map((table) => table.length)).toEqual(
        { exp: [64, 64], log: [128, 128, 128], pow: [], tail: [27, 27], erf: [9], normal: [16, 16, 16], student: [] }[
          name
        ],
      );
      for (const [key, value] of Object.entries(kernel.constants)) {
        if (!/BIAS|BITS|SHIFT|MASK|LIMIT|INTEGERS|^(ADD|HALF|Q)$/.test(key))
          expect(reference.constants[key], key).toBe(value);
      }
    },
  );

  it('exp: 2^(j/64) to 105 bits, ln 2 / 64 to 95', () => {
    const { tables, constants } = literals('assembly/numeric/exp.ts');
    const [powers, tails] = tables as [number[], number[]];
    for (let j = 0; j < 64; j++) {
      const { m, k } = expFixed((LN2 * BigInt(j)) / 64n);
      expect(ulps(powers[j]!, m, k)).toBeLessThanOrEqual(0.5);
      const sum = (fixed(powers[j]!) * (ONE + fixed(tails[j]!))) >> BigInt(P);
      expect(bitsOf(sum - shift(m, k)), `2^(${j}/64)`).toBeLessThan(-104);
    }
    expect(bitsOf(fixed(constants.STEP_HIGH!) + fixed(constants.STEP_LOW!) - LN2 / 64n)).toBeLessThan(-95);
  });

  it('log: ln(4096 / c) and ln 2 to 95 bits, the high parts multiples of 2^-42', () => {
    const { tables, constants } = literals('assembly/numeric/log.ts');
    const [reciprocals, high, low] = tables as [number[], number[], number[]];
    for (let i = 0; i < 128; i++) {
      expect(high[i]! * 2 ** 42).toBe(Math.round(high[i]! * 2 ** 42));
      const error = fixed(high[i]!) + fixed(low[i]!) - (12n * LN2 - lnFixed(reciprocals[i]!));
      expect(bitsOf(error), `cell ${i}`).toBeLessThan(-95);
    }
    expect((constants.LN2_HIGH! * 2 ** 42) % 1).toBe(0);
    expect(bitsOf(fixed(constants.LN2_HIGH!) + fixed(constants.LN2_LOW!) - LN2)).toBeLessThan(-95);
  });
});

// --- published numbers ------------------------------------------------------------------------------------------------

const vectors = new URL('../../shared/vectors/var.json', import.meta.url);

describe.skipIf(!existsSync(vectors))('published values', () => {
  type Case = {
    id: string;
    kind: string;
    inputs: { x: number[] };
    expected: { y: number[] };
    tolerances: { y: { ulp: number } };
  };
  it.each([
    ['exp', exp],
    ['log', log],
  ] as const)('%s', (kind, f) => {
    const cases = (JSON.parse(readFileSync(vectors, 'utf8')) as Case[]).filter((c) => c.kind === kind);
    expect(cases.length).toBeGreaterThan(0);
    for (const { id, inputs, expected, tolerances } of cases) {
      inputs.x.forEach((x, i) => {
        const want = Math.abs(expected.y[i]!);
        const allowed = tolerances.y.ulp * (next(want, 1) - want);
        expect(Math.abs(f(x) - expected.y[i]!), `${id}: ${kind}(${x})`).toBeLessThanOrEqual(allowed);
      });
    }
  });
});

// --- the kernel -------------------------------------------------------------------------------------------------------

describe('kernel', () => {
  let kernel: { exp: typeof exp; log: typeof log; pow: typeof pow };

  beforeAll(() => {
    const bytes = readFileSync(new URL('../dist/margin.wasm', import.meta.url));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
      model: { requirement() {}, valueOption() {}, repriceMarket() {}, repriceAsset() {} },
    });
    const of = (name: string): ((x: number, y?: number) => number) => exports[name] as () => number;
    kernel = { exp: of('numericExp'), log: of('numericLog'), pow: of('numericPow') as typeof pow };
  });

  it('gives the documented special values', () => checkSpecial(kernel));

  it('gives the same bits as the reference', () => {
    const { unit, any } = random(SEED);
    const differ: string[] = [];
    const same = (name: string, a: number, b: number): void => {
      if (!Object.is(a, b)) differ.push(`${name}: kernel ${a}, reference ${b}`);
    };
    for (let i = 0; i < SAME_BITS_POINTS; i++) {
      // Thirds: any bit pattern at all; subnormals and powers near the ends; the ranges that occur in a book.
      const x = i % 3 === 0 ? any() : i % 3 === 1 ? pow(2, -1075 + unit() * 60 + (i % 2) * 2030) : unit() * 1e5;
      const e = i % 3 === 0 ? any() : i % 3 === 1 ? -746 + unit() * 40 + (i % 2) * 1440 : (unit() - 0.5) * 40;
      const y = i % 3 === 0 ? any() : i % 3 === 1 ? e / log(x) : (unit() - 0.5) * 8;
      same(`exp(${e})`, kernel.exp(e), exp(e));
      same(`log(${x})`, kernel.log(x), log(x));
      same(`pow(${x}, ${y})`, kernel.pow(x, y), pow(x, y));
    }
    expect(differ.slice(0, 5)).toEqual([]);
  });
});
