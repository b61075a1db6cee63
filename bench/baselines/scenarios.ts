// PMRM_2 as anyone would write it in JavaScript: over plain typed arrays with the same risk arrays, and repricing every option of
// every account with Hart's normal distribution in line. Both for books of one underlying, without confidence add-ons and basis peg.

import { pmrm2Parameters, pmrm2Scenarios } from '../../bindings/scenario/presets/derive-pmrm2.js';
import type { Book } from '../../bindings/scenario.js';

const YEAR = 31_536_000;
const MONTH = 2_592_000;
const DAY = 86_400;
const { Margin: M, BasisContingency: B, OtherContingency: O, VolShock: V, SkewShock: S } = pmrm2Parameters;

export interface ScenarioBaseline {
  /** Initial requirement of the first units. */
  run(): Float64Array;
}

/** Normal distribution after Hart (West, "Better approximations to cumulative normal functions", 2005). */
function cdf(x: number): number {
  const z = Math.abs(x);
  if (z > 37) return x > 0 ? 1 : 0;
  const e = Math.exp((-z * z) / 2);
  let c: number;
  if (z < 7.07106781186547) {
    let n = 3.52624965998911e-2 * z + 0.700383064443688;
    n = n * z + 6.37396220353165;
    n = n * z + 33.912866078383;
    n = n * z + 112.079291497871;
    n = n * z + 221.213596169931;
    n = n * z + 220.206867912376;
    let d = 8.83883476483184e-2 * z + 1.75566716318264;
    d = d * z + 16.064177579207;
    d = d * z + 86.7807322029461;
    d = d * z + 296.564248779674;
    d = d * z + 637.333633378831;
    d = d * z + 793.826512519948;
    d = d * z + 440.413735824752;
    c = (e * n) / d;
  } else {
    c = e / (z + 1 / (z + 2 / (z + 3 / (z + 4 / (z + 0.65))))) / 2.506628274631;
  }
  return x > 0 ? 1 - c : c;
}

function black(isCall: boolean, forward: number, strike: number, sd: number): number {
  if (sd === 0 || forward <= 0) return Math.max(0, isCall ? forward - strike : strike - forward);
  const d1 = Math.log(forward / strike) / sd + sd / 2;
  const d2 = d1 - sd;
  return isCall ? forward * cdf(d1) - strike * cdf(d2) : strike * cdf(-d2) - forward * cdf(-d1);
}

/** What an option is worth in a scenario; the last two rows are the basis contingency's. */
interface Universe {
  scenarios: number;
  value(market: number, scenario: number): number;
  base(market: number): number;
  /** Static discounts of an expiry: of a positive and of a negative value. */
  discounts: [number, number][];
  basisFactor: number[];
}

function universe(book: Book): Universe {
  const { market, expiry, asset } = book.store.columns;
  const rows: (readonly [number, string, number])[] = [
    ...pmrm2Scenarios,
    [B.SCENARIO_SPOT_UP, 'None', 1],
    [B.SCENARIO_SPOT_DOWN, 'None', 1],
  ];
  const spot = asset.price[2]!;
  const moved = (m: number, move: string, seconds: number, forward: number): number => {
    const vol = market.volatility[m]!;
    const power = seconds <= MONTH ? V.SHORTTERMPOWER : V.LONGTERMPOWER;
    const term = (MONTH / Math.max(seconds, DAY * V.DTE_FLOOR)) ** power;
    if (move === 'Up') return Math.max(V.MIN_VOL_EVAL_SHOCKED, vol * (1 + V.VOLRANGEUP * term));
    if (move === 'Down') return vol * Math.max(0, 1 - V.VOLRANGEDOWN * term);
    if (move === 'None') return vol;
    const root = Math.sqrt(seconds / YEAR);
    const linear = move === 'LINEAR';
    const cap = (linear ? S.LINEAR_CBASE : S.ABS_CBASE) * root + (linear ? S.LINEAR_SCALE_CAP : S.ABS_SCALE_CAP);
    const width = Math.max(S.MIN_K_STAR, root * S.MIN_WIDTH_SCALE * (S.VOL_PARAM_STATIC + S.VOL_PARAM_SCALE * root));
    const k = Math.log(market.strike[m]! / forward);
    const x = ((linear ? k : Math.abs(k)) * cap) / width;
    return vol * Math.max(0, 1 + (linear && k < 0 ? Math.max(-cap, x) : Math.min(cap, x)));
  };
  const priced = (m: number, multiple: number, move: string): number => {
    const e = market.expiry[m]!;
    const seconds = expiry.seconds[e]!;
    const forward = expiry.carry[e]! * spot;
    const years = seconds / YEAR;
    const sd = moved(m, move, seconds, forward) * Math.sqrt(years);
    return Math.exp(-expiry.rate[e]! * years) * black(market.kind[m] === 5, forward * multiple, market.strike[m]!, sd);
  };
  const isSkew = (move: string): boolean => move === 'LINEAR' || move === 'ABS';
  return {
    scenarios: rows.length,
    value: (m, s) => priced(m, isSkew(rows[s]![1]) ? 1 : rows[s]![0], rows[s]![1]),
    base: (m) => priced(m, 1, 'None'),
    discounts: Array.from({ length: book.store.count('expiry') }, (_, e) => {
      const years = expiry.seconds[e]! / YEAR;
      const rate = expiry.rate[e]!;
      const long = M.BASE_STATIC_DISCOUNT * Math.exp(-years * (rate * M.LONG_RATE_MULTSCALE + M.LONG_RATE_ADDSCALE));
      const short = Math.exp(years * (rate * M.SHORT_RATE_MULTSCALE + M.SHORT_RATE_ADDSCALE));
      return [long, Math.min(Math.exp(rate * years), M.BASE_STATIC_DISCOUNT_NEG * short)];
    }),
    basisFactor: Array.from(
      { length: book.store.count('expiry') },
      (_, e) => B.BASIS_CONT_ADD_FACTOR + (B.BASIS_CONT_MULT_FACTOR * expiry.seconds[e]!) / YEAR,
    ),
  };
}

/** Requirements of the first units, from values by market and scenario that `value` has or makes. */
function losses(
  book: Book,
  units: number,
  u: Universe,
  value: (m: number, s: number) => number,
  base: (m: number) => number,
): ScenarioBaseline {
  const { unit, position, market, asset } = book.store.columns;
  const expiries = book.store.count('expiry');
  const count = u.scenarios;
  const main = count - 2;
  const multiples = pmrm2Scenarios.map(([x, move]) => (move === 'LINEAR' || move === 'ABS' ? 0 : x - 1));
  const weights = pmrm2Scenarios.map(([, , weight]) => weight);
  const skew = pmrm2Scenarios.map(([, move]) => move === 'LINEAR' || move === 'ABS');
  const sums = new Float64Array(expiries * count);
  const bases = new Float64Array(expiries);
  const net = new Float64Array(book.markets);
  const gains = new Float64Array(main);
  const out = new Float64Array(units);
  const spot = asset.price[2]!;
  const run = (): Float64Array => {
    for (let i = 0; i < units; i++) {
      sums.fill(0);
      bases.fill(0);
      gains.fill(0);
      let perpetual = 0;
      let naked = 0;
      const p0 = unit.positionStart[i]!;
      const end = p0 + unit.positionCount[i]!;
      for (let p = p0; p < end; p++) {
        const m = position.key[p]! >>> 2;
        const size = position.size[p]!;
        if (market.kind[m]! < 5) {
          perpetual += Math.abs(size) * spot;
          for (let s = 0; s < main; s++) gains[s] = gains[s]! + size * market.mark[m]! * multiples[s]! * weights[s]!;
          continue;
        }
        const at = market.expiry[m]! * count;
        for (let s = 0; s < count; s++) sums[at + s] = sums[at + s]! + size * value(m, s);
        bases[market.expiry[m]!] = bases[market.expiry[m]!]! + size * base(m);
        net[market.twin[m]!] = net[market.twin[m]!]! + size;
      }
      for (let p = p0; p < end; p++) {
        const twin = market.twin[position.key[p]! >>> 2]!;
        naked += Math.max(0, -net[twin]!) * spot;
        net[twin] = 0;
      }
      let basis = 0;
      for (let e = 0; e < expiries; e++) {
        const at = e * count;
        const [long, short] = u.discounts[e]!;
        for (let s = 0; s < main; s++) {
          const total = sums[at + s]!;
          const gain = total * (total >= 0 ? long : short) - bases[e]!;
          gains[s] = gains[s]! + (skew[s] ? -Math.abs(gain) : gain) * weights[s]!;
        }
        const up = sums[at + main]! - bases[e]!;
        const down = sums[at + main + 1]! - bases[e]!;
        basis -= Math.min(up, down, 0) * u.basisFactor[e]!;
      }
      let loss = basis;
      for (let s = 0; s < main; s++) if (-gains[s]! > loss) loss = -gains[s]!;
      out[i] =
        loss * M.IM_LOSS_FACTOR +
        perpetual * (O.IM_PERP_PERCENT + O.MM_PERP_PERCENT) +
        naked * (O.IM_OPTION_PERCENT + O.MM_OPTION_PERCENT);
    }
    return out;
  };
  return { run };
}

/** The fold over plain typed arrays, risk arrays made before: what the kernel does, without it. */
export function typedLosses(book: Book): ScenarioBaseline {
  book.refresh();
  const u = universe(book);
  const { market } = book.store.columns;
  const values = new Float64Array(book.markets * u.scenarios);
  const bases = new Float64Array(book.markets);
  for (let m = 0; m < book.markets; m++) {
    if (market.kind[m]! < 5) continue;
    for (let s = 0; s < u.scenarios; s++) values[m * u.scenarios + s] = u.value(m, s);
    bases[m] = u.base(m);
  }
  return losses(
    book,
    book.units,
    u,
    (m, s) => values[m * u.scenarios + s]!,
    (m) => bases[m]!,
  );
}

/** Every option of every account priced in every scenario, as a manager without shared arrays does. */
export function repricedLosses(book: Book, units: number): ScenarioBaseline {
  book.refresh();
  const u = universe(book);
  return losses(book, Math.min(units, book.units), u, u.value, u.base);
}
