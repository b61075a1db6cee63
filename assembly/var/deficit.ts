// What all margin units together lack in each scenario: equity and gain below zero, unit by unit. Lanes hold scenarios, so each has its
// own sum in the order of the units. bindings/reference/var/deficit.ts is the definition.
import * as abi from '../abi';
import { column, f64At, u32At } from '../memory';
import * as holding from './holding';
import * as sums from './sums';

/** Adds the units `[from, to)`; their equity is fresh and their gains are open. */
export function deficits(header: usize, from: u32, to: u32): void {
  const terms = column(header, abi.MEASURE_TERM);
  const bytes = (<usize>load<f64>(terms, abi.MEASURE_WIDTH)) << 3;
  holding.openHoldings(header, bytes);
  sums.openSums(header, <u32>load<f64>(terms, abi.MEASURE_SCENARIOS), bytes, 0, 1, 1);
  const b0 = column(header, abi.UNIT_BALANCE_START);
  const balances = column(header, abi.UNIT_BALANCE_COUNT);
  const p0 = column(header, abi.UNIT_POSITION_START);
  const equities = column(header, abi.UNIT_EQUITY);
  const amounts = column(header, abi.DEFICIT_AMOUNT);
  const units = column(header, abi.DEFICIT_UNITS);
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  for (let u = from; u < to; u++) {
    holding.clear();
    holding.addUnit(u32At(b0, u), u32At(balances, u), u32At(p0, u));
    sums.addUp();
    const equity = f64x2.splat(f64At(equities, u));
    for (let at: usize = 0; at < bytes; at += 16) {
      const lacks = f64x2.sub(zero, f64x2.add(equity, v128.load(sums.sums + at)));
      const below = f64x2.gt(lacks, zero);
      v128.store(amounts + at, f64x2.add(v128.load(amounts + at), v128.and(below, lacks)));
      v128.store(units + at, f64x2.add(v128.load(units + at), v128.and(below, one)));
    }
  }
}
