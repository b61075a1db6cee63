// The table of docs/var.md from what `var --backtest --json` says: amounts as a share of the 100,000 dollars that each account holds.
import { percent } from '../bindings/cli/format.js';

const HELD = 100_000;

interface Tested {
  name: string;
  methods: {
    name: string;
    meanValueAtRisk: number;
    meanShortfall: number;
    exceptions: number;
    basel: { all: { zone: string } };
    christoffersen: Record<'coverage' | 'independence' | 'conditional', { pValue: number | null }>;
    acerbiSzekely: { z1: number | null; z2: number | null };
    procyclicality: { peakToTrough: { ratio: number | null } };
  }[];
}

const chance = (p: number | null): string => (p === null ? '-' : p < 0.001 ? '<0.001' : p.toFixed(3));
const number = (x: number | null): string => (x === null ? '-' : x.toFixed(2));

export function backtestRows(backtests: readonly Tested[]): string {
  const head =
    '| account | method | mean VaR | mean ES | exceptions | Basel | Kupiec | independence | both | Z1 | Z2 | peak/low |';
  const rows = backtests.flatMap(({ name, methods }) =>
    methods.map((m) =>
      [
        ...[name, m.name, percent(m.meanValueAtRisk / HELD, 2), percent(m.meanShortfall / HELD, 2)],
        ...[String(m.exceptions), m.basel.all.zone],
        ...(['coverage', 'independence', 'conditional'] as const).map((test) => chance(m.christoffersen[test].pValue)),
        ...[number(m.acerbiSzekely.z1), number(m.acerbiSzekely.z2), number(m.procyclicality.peakToTrough.ratio)],
      ].join(' | '),
    ),
  );
  return `${head}\n${'|---'.repeat(12)}|\n${rows.map((row) => `| ${row} |\n`).join('')}`;
}
