// Bracket tables as a maximum of lines, two levels in two lanes. The table of the examples, (initial, maintenance):
// up to 1000 at (1/4, 1/8), up to 3000 at (1/2, 1/4), beyond at (1, 1/2).
import { requirementOf } from '../margin/brackets';

/** Rates, then deductions: 1000 * 1/4 = 250 and 250 + 3000 * 1/2 = 1750; half of that for maintenance. */
const marginal = StaticArray.fromArray<f64>([0.25, 0.125, 0, 0, 0.5, 0.25, 250, 125, 1, 0.5, 1750, 875]);
/** The same rates on the whole notional: no deductions, each line counts above its lower bound. */
const whole = StaticArray.fromArray<f64>([0.25, 0.125, 0, 0, 0.5, 0.25, 0, 0, 1, 0.5, 0, 0]);
const wholeAbove = StaticArray.fromArray<f64>([-1, -1, -1, -1, 1000, 1000, -1, -1, 3000, 3000, -1, -1]);
/** Initial whole, maintenance marginal. */
const mixed = StaticArray.fromArray<f64>([0.25, 0.125, 0, 0, 0.5, 0.25, 0, 125, 1, 0.5, 0, 875]);
const mixedAbove = StaticArray.fromArray<f64>([-1, -1, -1, -1, 1000, -1, -1, -1, 3000, -1, -1, -1]);

function needs(
  lines: StaticArray<f64>,
  above: StaticArray<f64> | null,
  start: usize,
  count: usize,
  notional: v128,
  initial: f64,
  maintenance: f64,
): void {
  const bounds: usize = above === null ? 0 : changetype<usize>(above);
  const need = requirementOf(changetype<usize>(lines), bounds, start, count, notional);
  expect<f64>(f64x2.extract_lane(need, 0)).toBe(initial, 'initial');
  expect<f64>(f64x2.extract_lane(need, 1)).toBe(maintenance, 'maintenance');
}

describe('marginal table', () => {
  it('takes the first line below the first bound', () => {
    // 800 / 4 = 200, 800 / 8 = 100
    needs(marginal, null, 0, 3, f64x2.splat(800), 200, 100);
  });
  it('is continuous at a kink, where two lines meet', () => {
    // 1000 / 4 = 250 = 1000 / 2 - 250
    needs(marginal, null, 0, 3, f64x2.splat(1000), 250, 125);
    // 3000 / 2 - 250 = 1250 = 3000 - 1750
    needs(marginal, null, 0, 3, f64x2.splat(3000), 1250, 625);
  });
  it('charges each part of the notional at its own rate', () => {
    // 1000 / 4 + 1000 / 2 = 750; 1000 / 4 + 2000 / 2 + 1000 = 2250
    needs(marginal, null, 0, 3, f64x2.splat(2000), 750, 375);
    needs(marginal, null, 0, 3, f64x2.splat(4000), 2250, 1125);
  });
  it('takes each lane at its own notional', () => {
    needs(marginal, null, 0, 3, f64x2(2000, 4000), 750, 1125);
    needs(marginal, null, 0, 3, f64x2(4000, 800), 2250, 100);
  });
  it('requires nothing of nothing, and never less than nothing', () => {
    needs(marginal, null, 0, 3, f64x2.splat(0), 0, 0);
    // The last line alone at 800: 800 - 1750 < 0.
    needs(marginal, null, 2, 1, f64x2.splat(800), 0, 0);
    needs(marginal, null, 0, 0, f64x2.splat(800), 0, 0);
  });
  it('reads its own lines only', () => {
    // Lines 1 and 2 at 800: 800 / 2 - 250 = 150. Line 0 alone at 4000: 1000.
    needs(marginal, null, 1, 2, f64x2.splat(800), 150, 75);
    needs(marginal, null, 0, 1, f64x2.splat(4000), 1000, 500);
  });
});

describe('whole table', () => {
  it('charges the whole notional at the rate of its tier', () => {
    needs(whole, wholeAbove, 0, 3, f64x2.splat(800), 200, 100);
    needs(whole, wholeAbove, 0, 3, f64x2.splat(2000), 1000, 500);
    needs(whole, wholeAbove, 0, 3, f64x2.splat(4000), 4000, 2000);
  });
  it('counts a notional on a bound to the lower tier and jumps right above', () => {
    needs(whole, wholeAbove, 0, 3, f64x2.splat(1000), 250, 125);
    needs(whole, wholeAbove, 0, 3, f64x2.splat(1000.5), 500.25, 250.125);
    needs(whole, wholeAbove, 0, 3, f64x2.splat(3000), 1500, 750);
    needs(whole, wholeAbove, 0, 3, f64x2.splat(3000.5), 3000.5, 1500.25);
  });
  it('takes each lane on its own side of a bound', () => {
    needs(whole, wholeAbove, 0, 3, f64x2(1000, 1000.5), 250, 250.125);
  });
  it('reads its own lines and bounds only', () => {
    needs(whole, wholeAbove, 1, 2, f64x2.splat(1000), 0, 0);
    needs(whole, wholeAbove, 1, 1, f64x2.splat(4000), 2000, 1000);
  });
});

describe('a table of one form by level', () => {
  it('jumps at one level and bends at the other', () => {
    // Initial: 1000.5 / 2. Maintenance: 1000.5 / 4 - 125.
    needs(mixed, mixedAbove, 0, 3, f64x2.splat(1000), 250, 125);
    needs(mixed, mixedAbove, 0, 3, f64x2.splat(1000.5), 500.25, 125.125);
    needs(mixed, mixedAbove, 0, 3, f64x2.splat(4000), 4000, 1125);
  });
});
