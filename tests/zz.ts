import * as calls from '../bindings/reference/options.ts';
import { random } from './exact.ts';
import { optionRegions, worstOf } from './option-regions.ts';

const { unit } = random(Number(process.argv[3] ?? 7));
for (const r of optionRegions) {
  const w = worstOf(r, calls, Number(process.argv[2] ?? 200), unit);
  console.log(
    r.name.padEnd(15),
    r.region.padEnd(20),
    w.error.toExponential(2),
    r.bound,
    w.error > r.bound ? JSON.stringify(w.at) : '',
  );
}
