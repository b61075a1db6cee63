// Where options are measured: regions of distance from the money and of s = vol sqrt(t), the error of an answer against
// tests/exact-options.ts, and the bound that docs/numerics.md states. tests/options-accuracy.test.ts takes few points of each,
// scripts/accuracy.ts many.
import type * as options from '../bindings/reference/options.ts';
import type { Greek, Option } from '../bindings/reference/options.ts';
import { scenarioLogs, scenarioPrices } from '../bindings/reference/scenario/black76.ts';
import { errorOf, exactly, type Row, volError } from './exact-options.ts';

export type Calls = typeof options;

export interface OptionRegion {
  name: string;
  region: string;
  bound: number;
  /** A row of the region. @param unit - random numbers in [0, 1) */
  row: (unit: () => number) => Row;
  /** The relative error of the answer; what it is relative to, `relative` says. */
  error: (calls: Calls, row: Row) => number;
  relative: string;
}

interface Where {
  /** |ln(F/K)| / s. */
  h: [from: number, to: number];
  /** Of s, as powers of ten. */
  s: [from: number, to: number];
  side: 'out' | 'in' | 'any';
  spot: boolean;
}

const between = ([from, to]: [number, number], u: number): number => from + (to - from) * u;

function rowOf({ h, s, side, spot }: Where, unit: () => number): Row {
  const sd = 10 ** between(s, unit());
  const distance = between(h, unit());
  const type = unit() < 0.5 ? 1 : -1;
  const out = side === 'any' ? unit() < 0.5 : side === 'out';
  const time = 10 ** (4 * unit() - 3);
  const underlying = 100 * (0.5 + unit());
  const [rate, dividendYield] = [0.2 * unit() - 0.05, 0.2 * unit() - 0.05];
  const carried = spot ? (rate - dividendYield) * time : 0;
  const strike = underlying * Math.exp(carried + (out ? type : -type) * distance * sd);
  return {
    spot,
    type,
    underlying,
    strike,
    vol: sd / Math.sqrt(time),
    time,
    discount: spot ? rate : 0.5 + unit() / 2,
    dividendYield: spot ? dividendYield : 0,
  };
}

/** The row as the public calls take it. */
export function optionOf(row: Row): Option {
  const { type, strike, vol, time, underlying, discount, dividendYield } = row;
  const terms = { type: type === 1 ? 'call' : 'put', strike, vol, time } as const;
  return row.spot
    ? { ...terms, spot: underlying, rate: discount, dividendYield }
    : { ...terms, forward: underlying, discount };
}

/** Below, prices are subnormal or not far from it. */
const LEAST = 1e-290;

function priceError(calls: Calls, row: Row): number {
  const { price } = exactly(row);
  return price.lt(LEAST) ? 0 : errorOf(calls.optionPrice(optionOf(row)).price, price);
}

const prices = (region: string, where: Where, bound = 4e-15): OptionRegion => ({
  name: 'optionPrice',
  region,
  bound,
  row: (unit) => rowOf(where, unit),
  error: priceError,
  relative: 'itself',
});

const everywhere = (spot: boolean): Where => ({ h: [0, 15], s: [-3.5, 1.2], side: 'any', spot });

function greek(name: Greek, spot: boolean): OptionRegion {
  const cancels = name === 'theta' || name === 'vanna' || name === 'volga';
  return {
    name,
    region: spot ? 'spot' : 'forward',
    bound: name === 'rho' || name === 'elasticity' ? 4e-15 : 2e-15,
    row: (unit) => rowOf(everywhere(spot), unit),
    error: (calls, row) => {
      const exact = exactly(row);
      const got = calls.optionGreeks(optionOf(row))[name];
      return errorOf(got, exact[name], cancels ? exact.sizes[name] : exact[name].abs());
    },
    relative: cancels ? 'its terms' : 'itself',
  };
}

const digital = (name: 'cash' | 'asset', spot: boolean): OptionRegion => ({
  name,
  region: spot ? 'spot' : 'forward',
  bound: 2e-15,
  row: (unit) => rowOf(everywhere(spot), unit),
  error: (calls, row) => errorOf(calls.digitalPrice(optionOf(row))[name], exactly(row)[name]),
  relative: 'itself',
});

/** The vol of the option's own price as a double, which is another one than it was made from. */
function impliedError(calls: Calls, row: Row): number {
  const { vol: _, ...terms } = optionOf(row);
  const { price } = calls.optionPrice(optionOf(row));
  const { vol, condition, status } = calls.impliedVol({ ...terms, price });
  // Where rounding has left the intrinsic value or the maximum there is no vol to find.
  if (status !== 'ok' || vol === 0) return 0;
  const exact = volError({ ...row, vol }, price);
  const off = Math.abs(condition / exact.condition - 1);
  return off < 1e-11 ? exact.error / (1 + exact.condition) : Infinity;
}

const implied = (region: string, where: Where): OptionRegion => ({
  name: 'impliedVol',
  region,
  bound: 2e-15,
  row: (unit) => rowOf(where, unit),
  error: impliedError,
  relative: '(1 + condition) itself',
});

const scenario = (region: string, where: Where): OptionRegion => ({
  name: 'scenarioPrices',
  region,
  bound: 2e-15,
  row: (unit) => ({ ...rowOf(where, unit), discount: 1 }),
  error: (_, row) => {
    const exact = exactly(row);
    const price = scenarioPrice(row);
    const size = exact.least.gt(exact.price) ? exact.least : exact.price;
    return errorOf(price, exact.price, size);
  },
  relative: 'min(F, K), or itself if larger',
});

/** One scenario of the scenario kernel. */
export function scenarioPrice({ type, underlying, strike, vol, time }: Omit<Row, 'spot'>): number {
  const logs = new Float64Array(2);
  const into = new Float64Array(1);
  const forwards = Float64Array.of(underlying);
  scenarioLogs(forwards, logs);
  scenarioPrices(type === 1, strike, Math.sqrt(time), forwards, logs, Float64Array.of(vol), into);
  return into[0]!;
}

const names: Greek[] = ['delta', 'forwardDelta', 'gamma', 'vega', 'theta', 'rho', 'dividendRho', 'vanna'];

export const optionRegions: OptionRegion[] = [
  prices('out, h < 3', { h: [0, 3], s: [-4, 0.5], side: 'out', spot: false }),
  prices('out, 3 to 15', { h: [3, 15], s: [-4, 1], side: 'out', spot: false }),
  prices('out, 15 to 37', { h: [15, 37], s: [-4, 1], side: 'out', spot: false }),
  prices('out, s 1 to 60', { h: [0, 30], s: [0, 1.8], side: 'out', spot: false }),
  prices('at the money', { h: [0, 1e-3], s: [-9, 0], side: 'any', spot: false }),
  prices('in', { h: [0, 15], s: [-4, 1], side: 'in', spot: false }),
  prices('out, spot', { h: [0, 15], s: [-3.5, 1], side: 'out', spot: true }),
  prices('in, spot', { h: [0, 15], s: [-3.5, 1], side: 'in', spot: true }),
  ...[false, true].flatMap((spot) =>
    [...names, 'volga' as const, 'elasticity' as const]
      .filter((name) => spot || name !== 'dividendRho')
      .map((name) => greek(name, spot)),
  ),
  ...[false, true].flatMap((spot) => [digital('cash', spot), digital('asset', spot)]),
  implied('out, h < 3', { h: [0, 3], s: [-4, 0.5], side: 'out', spot: false }),
  implied('out, 3 to 37', { h: [3, 37], s: [-4, 1], side: 'out', spot: false }),
  implied('out, s 1 to 20', { h: [0, 10], s: [0, 1.3], side: 'out', spot: false }),
  implied('in, h < 5', { h: [0, 5], s: [-3, 0.5], side: 'in', spot: false }),
  implied('out, spot', { h: [0, 5], s: [-3, 0.5], side: 'out', spot: true }),
  scenario('h < 5', { h: [0, 5], s: [-4, 0.5], side: 'any', spot: false }),
  scenario('h < 40, s to 100', { h: [0, 40], s: [-5, 2], side: 'any', spot: false }),
  scenario('at the money', { h: [0, 1e-6], s: [-7, 2], side: 'any', spot: false }),
];

/** The worst of n rows. */
export function worstOf(
  region: OptionRegion,
  calls: Calls,
  n: number,
  unit: () => number,
): { error: number; at: Row | undefined } {
  let worst: { error: number; at: Row | undefined } = { error: 0, at: undefined };
  for (let i = 0; i < n; i++) {
    const row = region.row(unit);
    // Beyond 1e290 the numbers of a formula leave the doubles before its value does.
    if (!(row.strike > 1e-140 && row.strike < 1e140)) continue;
    const error = region.error(calls, row);
    if (!(error <= worst.error)) worst = { error, at: row };
  }
  return worst;
}
