// Monte Carlo paths of 14 and of 64 factors through the API, Philox and Sobol, normal and Student-t, beside typed arrays with
// Math.random. Rounds as in scans.ts.
import { type MonteCarloOptions, monteCarlo } from '../bindings/var.js';
import { factorOf, typedPaths } from './baselines/paths.js';
import { type Group, median, type Options, progress, type Row, ratio, timed } from './report.js';

const NAME = 'Monte Carlo paths';
const WARM_UP = 2;
const FACTORS = [14, 64];
/** A power of two, as Sobol points want it. */
const PATHS = 1 << 15;
const DOF = 6;
/** Of a covariance of so many paths, as a part of both standard deviations: six times its standard error with heavy tails. */
const TOLERANCE = (6 * Math.sqrt(6)) / Math.sqrt(PATHS);

/** Daily volatilities of 2 to 6 %, all correlations 0.6 but for what their distance takes away. */
function covarianceOf(n: number): number[][] {
  const sd = (i: number): number => 0.02 + (0.04 * i) / n;
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => sd(i) * sd(j) * (i === j ? 1 : 0.6 * 0.99 ** Math.abs(i - j))),
  );
}

/** @throws where moves have another covariance: their time would mean nothing */
function agree(name: string, moves: readonly Float64Array[], covariance: readonly (readonly number[])[]): void {
  const logs = moves.map((column) => column.map((move) => Math.log1p(move)));
  let worst = 0;
  for (const [i, a] of logs.entries()) {
    for (const j of [0, i >> 1, i]) {
      const b = logs[j]!;
      let sum = 0;
      for (let path = 0; path < PATHS; path++) sum += a[path]! * b[path]!;
      const scale = Math.sqrt(covariance[i]![i]! * covariance[j]![j]!);
      const off = Math.abs(sum / PATHS - covariance[i]![j]!) / scale;
      if (!(off <= TOLERANCE)) throw new Error(`${name} disagrees: covariance of ${i} and ${j} is off by ${off}`);
      worst = Math.max(worst, off);
    }
  }
  progress(`  ${name}: covariances as asked for, within ${worst.toExponential(0)} of both deviations`);
}

async function rowsOf({ rounds }: Options): Promise<Row[]> {
  const rows: Row[] = [];
  for (const factors of FACTORS) {
    progress(`${NAME}: ${PATHS} paths of ${factors} factors`);
    const covariance = covarianceOf(factors);
    const names = covariance.map((_, i) => `F${i}`);
    for (const student of [undefined, DOF]) {
      const options = (generator: 'philox' | 'sobol'): MonteCarloOptions => ({
        names,
        covariance,
        paths: PATHS,
        seed: 1,
        generator,
        ...(student === undefined ? {} : { distribution: { student } }),
      });
      const typed = typedPaths({ factors, lower: factorOf(covariance), student }, PATHS);
      const label = `${factors} factors, ${student === undefined ? 'normal' : 'Student-t'}`;
      const runs = {
        philox: () => monteCarlo(options('philox')).moves,
        sobol: () => monteCarlo(options('sobol')).moves,
        typed,
      };
      const times = { philox: [] as number[], sobol: [] as number[], typed: [] as number[] };
      const kinds = ['philox', 'sobol', 'typed'] as const;
      for (const kind of kinds) agree(`${label}, ${kind}`, runs[kind](), covariance);
      for (let round = -WARM_UP; round < rounds; round++) {
        if (round === 0) for (const kind of kinds) times[kind].length = 0;
        for (const kind of kinds) times[kind].push(timed(runs[kind]));
      }
      const row = (name: string, kind: (typeof kinds)[number], ratios: Row['ratios'] = {}): Row => ({
        name: `${NAME}: ${label}, ${name}`,
        median: PATHS / median(times[kind]),
        unit: 'k paths/s',
        ratios,
      });
      rows.push(
        row('Philox', 'philox', { typed: ratio(times.typed, times.philox) }),
        row('Sobol', 'sobol', { typed: ratio(times.typed, times.sobol) }),
        row('typed JavaScript', 'typed'),
      );
    }
  }
  return rows;
}

export const paths: Group = { name: NAME, run: rowsOf };
