// The simulation of factor moves: the kernel against its definition, bit by bit, over generators, seeds, sizes and splits.
import { describe, expect, it } from 'vitest';
import { openUnit, philox } from '../bindings/reference/numeric/philox.ts';
import { directionsOf, reversed } from '../bindings/reference/numeric/sobol.ts';
import { simulate } from '../bindings/reference/var/simulate.ts';
import { simulateOnKernel } from '../bindings/var/sources/kernel-simulator.ts';
import type { Simulation, Simulator } from '../bindings/var/sources/simulator.ts';
import { random } from './exact.ts';

const SEED = 20111115;
const { unit } = random(SEED);

function simulationOf(factors: number, generator: 'philox' | 'sobol', log: boolean): Simulation {
  const word = (): number => Math.floor(unit() * 2 ** 32);
  const lower = Float64Array.from({ length: (factors * (factors + 1)) / 2 }, () => (unit() - 0.4) * 0.1);
  const means = Float64Array.from({ length: factors }, () => (unit() - 0.5) * 0.01);
  if (generator === 'philox')
    return { factors, lower, means, log, draw: { generator, key: Uint32Array.of(word(), word()) } };
  const directions = new Uint32Array(32 * factors);
  for (let i = 0; i < factors; i++) directions.set(directionsOf(i)!.map(reversed), 32 * i);
  const seeds = Uint32Array.from({ length: factors }, word);
  return { factors, lower, means, log, draw: { generator, directions, seeds } };
}

function moved(run: Simulator, simulation: Simulation, first: number, count: number, mixes?: Float64Array) {
  const moves = Array.from({ length: simulation.factors }, () => new Float64Array(count));
  run(simulation, first, count, mixes, moves);
  return moves;
}

const bits = (columns: readonly Float64Array[]) =>
  columns.map((x) => Array.from(new BigUint64Array(x.buffer, x.byteOffset, x.length)));

describe.each(['philox', 'sobol'] as const)('%s', (generator) => {
  it.each([
    [1, 1],
    [1, 17],
    [2, 64],
    [3, 5],
    [4, 9],
    [5, 100],
    [7, 8],
    [14, 1003],
    [40, 333],
    [130, 50],
  ])('%i factors, %i paths: the bits of the reference', (factors, count) => {
    for (const log of [true, false]) {
      for (const first of [0, 1, 6, 123_457, 2 ** 32 - 2000]) {
        const simulation = simulationOf(factors, generator, log);
        expect(bits(moved(simulateOnKernel, simulation, first, count))).toEqual(
          bits(moved(simulate, simulation, first, count)),
        );
        const mixes = Float64Array.from({ length: count }, () => 0.5 + 3 * unit());
        expect(bits(moved(simulateOnKernel, simulation, first, count, mixes))).toEqual(
          bits(moved(simulate, simulation, first, count, mixes)),
        );
      }
    }
  });

  it('gives a path the same numbers in any split', () => {
    const simulation = simulationOf(6, generator, true);
    const whole = moved(simulateOnKernel, simulation, 0, 5000);
    for (const run of [simulate, simulateOnKernel]) {
      for (const [first, count] of [
        [0, 1],
        [1, 2],
        [4999, 1],
        [2047, 130],
        [7, 4993],
      ] as const) {
        const part = moved(run, simulation, first, count);
        expect(bits(part)).toEqual(bits(whole.map((x) => x.slice(first, first + count))));
      }
    }
  });

  it('has the moments of a normal distribution', () => {
    const simulation = {
      ...simulationOf(2, generator, false),
      lower: Float64Array.of(1, 0.6, 0.8),
      means: new Float64Array(2),
    };
    const count = 1 << 16;
    const [x, y] = moved(simulateOnKernel, { ...simulation, lower: simulation.lower.map((l) => l / 100) }, 0, count);
    const mean = (f: (i: number) => number): number =>
      Array.from({ length: count }, (_, i) => f(i)).reduce((a, b) => a + b) / count;
    const within = generator === 'philox' ? 4 / Math.sqrt(count) : 0.002;
    expect(Math.abs(100 * mean((i) => x![i]!))).toBeLessThan(within);
    expect(Math.abs(1e4 * mean((i) => x![i]! ** 2) - 1)).toBeLessThan(within * Math.SQRT2);
    expect(Math.abs(1e4 * mean((i) => x![i]! * y![i]!) - 0.6)).toBeLessThan(within * 1.2);
    expect(Math.abs(1e8 * mean((i) => y![i]! ** 4) - 3)).toBeLessThan(within * 10);
  });
});

it('carries the counter into its second word', () => {
  const simulation = simulationOf(3, 'philox', true);
  const first = 2 ** 32 - 3;
  expect(bits(moved(simulateOnKernel, simulation, first, 9))).toEqual(bits(moved(simulate, simulation, first, 9)));
  expect(bits(moved(simulate, simulation, 2 ** 32, 1))).not.toEqual(bits(moved(simulate, simulation, 0, 1)));
  expect(bits(moved(simulateOnKernel, simulation, 2 ** 52, 1))).toEqual(bits(moved(simulate, simulation, 2 ** 52, 1)));
});

it('never lets a price fall below 0 or leave the doubles', () => {
  for (const log of [true, false]) {
    const wide = { ...simulationOf(2, 'philox', log), lower: Float64Array.of(1e6, 1e6, 1e6) };
    for (const run of [simulate, simulateOnKernel]) {
      const moves = moved(run, wide, 0, 64).flatMap((x) => Array.from(x));
      expect(Math.min(...moves)).toBe(-1);
      expect(Math.max(...moves)).toBeLessThan(log ? 1e30 : 1e8);
    }
  }
});

it('draws numbers that are never 0 nor 1', () => {
  expect(openUnit(0, 0)).toBe(2 ** -53);
  expect(openUnit(0xffffffff, 0xffffffff)).toBe(1 - 2 ** -53);
  expect(openUnit(0x80000000, 0) + openUnit(0x7fffffff, 0xffffffff)).toBe(1);
  expect(philox([0, 0, 0, 0], [0, 0], new Uint32Array(4), 0)).toEqual(new Uint32Array(4));
});
