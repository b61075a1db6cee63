// Options over typed arrays as a careful JavaScript programmer writes them: the cumulative normal distribution of J. F. Hart as
// G. West gives it (Wilmott, May 2005), inline, host exp and log, d1 and d2 sharing one exponential; Newton's steps for vols.

const SPLIT = 7.07106781186547;
const ROOT_TWO_PI = Math.sqrt(2 * Math.PI);

/** Phi(-z) / e^(-z^2 / 2) for z >= 0: Hart's algorithm 5666 below 7.07, a continued fraction above. */
function ratio(z: number): number {
  if (z < SPLIT) {
    const n =
      (((((0.0352624965998911 * z + 0.700383064443688) * z + 6.37396220353165) * z + 33.912866078383) * z +
        112.079291497871) *
        z +
        221.213596169931) *
        z +
      220.206867912376;
    const d =
      ((((((0.0883883476483184 * z + 1.75566716318264) * z + 16.064177579207) * z + 86.7807322029461) * z +
        296.564248779674) *
        z +
        637.333633378831) *
        z +
        793.826512519948) *
        z +
      440.413735824752;
    return n / d;
  }
  return 1 / ((z + 1 / (z + 2 / (z + 3 / (z + 4 / (z + 0.65))))) * ROOT_TWO_PI);
}

/** Undiscounted price; `e1` = e^(-d1^2 / 2), and F e1 = K e2. */
function call(forward: number, strike: number, d1: number, sd: number, e1: number): number {
  const d2 = d1 - sd;
  const first = e1 * ratio(Math.abs(d1));
  const n1 = d1 > 0 ? 1 - first : first;
  const second = ((e1 * forward) / strike) * ratio(Math.abs(d2));
  const n2 = d2 > 0 ? 1 - second : second;
  return forward * n1 - strike * n2;
}

/** Prices of one option over scenarios, logarithms of the forwards given. */
export function scenarioPrices(
  isCall: boolean,
  strike: number,
  rootTime: number,
  forwards: Float64Array,
  logs: Float64Array,
  vols: Float64Array,
  into: Float64Array,
): void {
  const ln = Math.log(strike);
  for (let s = 0; s < forwards.length; s++) {
    const forward = forwards[s]!;
    const sd = vols[s]! * rootTime;
    const d1 = (logs[s]! - ln) / sd + 0.5 * sd;
    const price = call(forward, strike, d1, sd, Math.exp(-0.5 * d1 * d1));
    into[s] = isCall ? price : price + strike - forward;
  }
}

export interface Options {
  type: Int8Array;
  forward: Float64Array;
  strike: Float64Array;
  vol: Float64Array;
  time: Float64Array;
  discount: number;
}

export function prices({ type, forward, strike, vol, time, discount }: Options, into: Float64Array): void {
  for (let i = 0; i < into.length; i++) {
    const [f, k] = [forward[i]!, strike[i]!];
    const sd = vol[i]! * Math.sqrt(time[i]!);
    const d1 = Math.log(f / k) / sd + 0.5 * sd;
    const price = call(f, k, d1, sd, Math.exp(-0.5 * d1 * d1));
    into[i] = discount * (type[i]! > 0 ? price : price + k - f);
  }
}

/** The six that are asked for most. */
export interface Greeks {
  price: Float64Array;
  delta: Float64Array;
  gamma: Float64Array;
  vega: Float64Array;
  theta: Float64Array;
  rho: Float64Array;
}

export function greeks({ type, forward, strike, vol, time, discount }: Options, into: Greeks): void {
  for (let i = 0; i < type.length; i++) {
    const [f, k, t] = [forward[i]!, strike[i]!, time[i]!];
    const root = Math.sqrt(t);
    const sd = vol[i]! * root;
    const d1 = Math.log(f / k) / sd + 0.5 * sd;
    const d2 = d1 - sd;
    const e1 = Math.exp(-0.5 * d1 * d1);
    const first = e1 * ratio(Math.abs(d1));
    const n1 = d1 > 0 ? 1 - first : first;
    const second = ((e1 * f) / k) * ratio(Math.abs(d2));
    const n2 = d2 > 0 ? 1 - second : second;
    const sign = type[i]!;
    const value = discount * (sign > 0 ? f * n1 - k * n2 : k * (1 - n2) - f * (1 - n1));
    const peak = (discount * f * e1) / ROOT_TWO_PI;
    into.price[i] = value;
    into.delta[i] = discount * (sign > 0 ? n1 : n1 - 1);
    into.gamma[i] = peak / (f * f * sd);
    into.vega[i] = peak * root;
    into.theta[i] = (-Math.log(discount) / t) * value - (peak * vol[i]!) / (2 * root);
    into.rho[i] = -t * value;
  }
}

const STEPS = 50;

/** Newton's steps on the price from the point where vega is greatest (S. Manaster and G. Koehler, J. Finance 37, 1982). */
export function impliedVols({ type, forward, strike, vol: price, time, discount }: Options, into: Float64Array): void {
  for (let i = 0; i < into.length; i++) {
    const [f, k, root] = [forward[i]!, strike[i]!, Math.sqrt(time[i]!)];
    const x = Math.log(f / k);
    const wanted = price[i]! / discount + (type[i]! > 0 ? 0 : f - k);
    let sd = Math.sqrt(2 * Math.abs(x)) || Math.sqrt(2 * Math.PI) * (wanted / f);
    for (let step = 0; step < STEPS; step++) {
      const d1 = x / sd + 0.5 * sd;
      const e1 = Math.exp(-0.5 * d1 * d1);
      const change = ((wanted - call(f, k, d1, sd, e1)) * ROOT_TWO_PI) / (f * e1);
      sd += change;
      if (Math.abs(change) < 1e-12 * sd) break;
    }
    into[i] = sd / root;
  }
}
