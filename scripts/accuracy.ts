// Measures the special functions and the options of the built package against exact arithmetic and prints the worst error of each
// function and region, and where it is: `npm run accuracy`, some minutes. An argument is the number of points a region (20000).
import * as numeric from 'margin-kernel/numeric';
import * as options from 'margin-kernel/options';
import { random } from '../tests/exact.ts';
import { optionRegions, worstOf as worstOption } from '../tests/option-regions.ts';
import { pointsOf, regions, worstOf } from '../tests/regions.ts';

const SEED = 20221109;
const points = Number(process.argv[2] ?? 20_000);
const { unit } = random(SEED);
let broken = 0;

const widths = [16, 26, 8, 12];
const row = (...cells: string[]): string =>
  cells
    .map((cell, i) => cell.padEnd(widths[i] ?? 0))
    .join('  ')
    .trimEnd();
console.log(row('function', 'region', 'points', 'worst', 'at'));
for (const region of regions) {
  // A point of Student's distribution costs twenty times one of the others.
  const at = pointsOf(region, region.name.startsWith('student') ? points / 10 : points, unit);
  const worst = worstOf(region, numeric, at);
  const size = region.unit === 'ulp' ? `${worst.error.toFixed(3)} ulp` : worst.error.toExponential(1);
  const verdict = worst.error <= region.bound ? '' : `  more than ${region.bound}`;
  if (verdict !== '') broken++;
  console.log(row(region.name, region.region, String(at.length), size, `${worst.at}${verdict}`));
}
for (const region of optionRegions) {
  // Decimal arithmetic is a hundred times slower.
  const rows = Math.ceil(points / 20);
  const { error, at } = worstOption(region, options, rows, unit);
  const verdict = error <= region.bound ? '' : `  more than ${region.bound}`;
  if (verdict !== '') broken++;
  console.log(row(region.name, region.region, String(rows), error.toExponential(1), `${JSON.stringify(at)}${verdict}`));
}
const all = regions.length + optionRegions.length;
console.log(`${all - broken} of ${all} regions within their bounds, seed ${SEED}`);
process.exitCode = broken > 0 ? 1 : 0;
