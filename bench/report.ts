// What a bench says: rows of medians and ratios, the table of them, and the machine that they were measured on.
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { table } from '../bindings/cli/table.js';

/** Baselines that the kernel is compared with. */
export type Rival = 'c' | 'typed' | 'naive' | 'bisection' | 'peer' | 'rescan';

export interface Row {
  name: string;
  median: number;
  unit: string;
  /** Time of the baseline by that of the kernel: above 1 the kernel is faster. Empty in rows of baselines. */
  ratios: Partial<Record<Rival, number>>;
}

export interface Options {
  accounts: number;
  rounds: number;
}

/** A part of the bench; `name` is what a filter is matched with. */
export interface Group {
  name: string;
  /** Ratios that must be reached. */
  targets?: Partial<Record<Rival, number>>;
  /** Median that the group's own row must reach; it depends on the machine, as ratios do not. */
  least?: number;
  run(options: Options): Promise<Row[]>;
}

export function timed(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

export const progress = (text: string): void => void process.stderr.write(`${text}\n`);

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Median over the rounds of what two measurements of one round have to each other: a drift of the machine hits both. */
export const ratio = (baseline: readonly number[], kernel: readonly number[]): number =>
  median(baseline.map((ms, i) => ms / kernel[i]!));

const firstLine = (command: string, ...args: string[]): string | undefined => {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 ? stdout.split('\n')[0] : undefined;
};

export function machine(): string[] {
  const cores = cpus();
  const commit = firstLine('git', 'rev-parse', '--short', 'HEAD');
  const changed = firstLine('git', 'status', '--porcelain', '--untracked-files=no');
  return [
    `${cores[0]?.model.trim() ?? 'unknown processor'}, ${cores.length} cores, ${process.platform} ${process.arch}`,
    `Node ${process.versions.node}, V8 ${process.versions.v8}, engine wasm (SIMD, one thread)`,
    `C: ${firstLine('cc', '--version') ?? 'no compiler'}`,
    ...(commit ? [`commit ${commit}${changed ? ' with changes' : ''}`] : []),
  ];
}

const TITLES: Record<Rival, string> = {
  c: 'x C',
  typed: 'x typed JS',
  naive: 'x naive',
  bisection: 'x bisection',
  rescan: 'rescans',
  peer: 'x peer',
};
const RIVALS: readonly Rival[] = ['c', 'typed', 'naive', 'bisection', 'peer', 'rescan'];

function number(x: number): string {
  if (x === 0 || Math.abs(x) >= 1000) return Math.round(x).toLocaleString('en');
  return x.toPrecision(3);
}

function aim(value: number, target: number | undefined): string {
  return target === undefined ? '' : ` (>= ${target}${value < target ? ', missed' : ''})`;
}

function ratioCell(value: number | undefined, target: number | undefined): string {
  if (value === undefined) return '';
  return (value < 100 ? value.toFixed(2) : number(value)) + aim(value, target);
}

/** The table of one group; the columns of ratios only where there are any. */
export function render(group: Group, rows: readonly Row[]): string {
  const rivals = RIVALS.filter((rival) => rows.some((row) => row.ratios[rival] !== undefined));
  const columns = [{ title: 'name', left: true }, { title: 'median' }, { title: 'unit', left: true }];
  return table(
    [...columns, ...rivals.map((rival) => ({ title: TITLES[rival], left: true }))],
    rows.map((row) => [
      row.name.replace(`${group.name}: `, '  '),
      number(row.median),
      row.unit + (row.name === group.name ? aim(row.median, group.least) : ''),
      ...rivals.map((rival) => ratioCell(row.ratios[rival], group.targets?.[rival])),
    ]),
  );
}
