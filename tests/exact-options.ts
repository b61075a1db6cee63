// European options in decimal arithmetic of 55 digits, formula by formula as textbooks have them: what prices, Greeks and vols
// are measured against. Arguments are the exact doubles.
import { Decimal } from 'decimal.js';

const D = Decimal.clone({ precision: 55, toExpNeg: -9e15, toExpPos: 9e15 });
type Real = Decimal;

/** The double itself, and not the shortest decimal that is read as it. */
export const real = (x: number): Real => new D(x.toPrecision(60));
const ONE = new D(1);
const HALF = new D('0.5');
const ROOT_TWO_PI = D.acos(-1).times(2).sqrt();
/** From here on the continued fraction, below the series. */
const FAR = 6;
const FRACTIONS = 300;
const NOTHING = new D('1e-58');

/** e^(-x^2 / 2) / sqrt(2 pi). */
export const density = (x: Real): Real => x.times(x).times(-0.5).exp().div(ROOT_TWO_PI);

/** The standard normal distribution, relative to its own size in both tails. */
export function cdf(x: Real): Real {
  const size = x.abs();
  const upper = size.lt(FAR) ? HALF.minus(inner(size)) : density(size).times(mills(size));
  return x.lte(0) ? upper : ONE.minus(upper);
}

/** Phi(x) - 1/2 = phi(x) (x + x^3 / 3 + x^5 / 15 + ...), all positive. */
function inner(x: Real): Real {
  const x2 = x.times(x);
  let term = x;
  let sum = x;
  for (let n = 3; term.gt(NOTHING); n += 2) {
    term = term.times(x2).div(n);
    sum = sum.plus(term);
  }
  return sum.times(density(x));
}

/** (1 - Phi(x)) / phi(x) = 1 / (x + 1 / (x + 2 / (x + ...))). */
function mills(x: Real): Real {
  let tail = x;
  for (let n = FRACTIONS; n > 0; n--) tail = x.plus(new D(n).div(tail));
  return ONE.div(tail);
}

/** An option as a row of a block has it; `discount` is a rate in the spot form. */
export interface Row {
  spot: boolean;
  type: number;
  underlying: number;
  strike: number;
  vol: number;
  time: number;
  discount: number;
  dividendYield: number;
}

/** Everything about an option with vol and time above 0, and the sizes that errors of sums are relative to. */
export function exactly(row: Row) {
  const w = row.type;
  const [s, k, vol, t] = [row.underlying, row.strike, row.vol, row.time].map(real) as [Real, Real, Real, Real];
  const given = real(row.discount);
  const r = row.spot ? given : given.ln().neg().div(t);
  const q = row.spot ? real(row.dividendYield) : r;
  const discount = row.spot ? r.times(t).neg().exp() : given;
  const carry = row.spot ? q.times(t).neg().exp() : given;
  const root = t.sqrt();
  const sd = vol.times(root);
  const forward = s.times(carry);
  const strike = k.times(discount);
  const d1 = forward.div(strike).ln().div(sd).plus(sd.div(2));
  const d2 = d1.minus(sd);
  const received = forward.times(cdf(d1.times(w))).times(w);
  const paid = strike.times(cdf(d2.times(w))).times(w);
  const price = received.minus(paid);
  const peak = forward.times(density(d1));
  const vega = peak.times(root);
  const decay = peak.times(vol).div(root.times(2));
  const theta = q.times(received).minus(r.times(paid)).minus(decay);
  const steps = d1.abs().plus(sd).times(d2.abs().plus(sd));
  return {
    price,
    cash: paid.div(k).times(w),
    asset: received.times(w),
    delta: received.div(s),
    forwardDelta: cdf(d1.times(w)).times(w),
    gamma: peak.div(s).div(s).div(sd),
    vega,
    theta,
    thetaPerDay: theta.div(365),
    rho: row.spot ? t.times(paid) : t.times(price).neg(),
    dividendRho: row.spot ? t.times(received).neg() : new D(0),
    vanna: peak.div(s).times(d2).div(vol).neg(),
    volga: vega.times(d1).times(d2).div(vol),
    elasticity: received.div(price),
    /** What the terms of theta, vanna and volga add up to, where they may cancel. */
    sizes: {
      theta: decay.plus(r.times(paid).abs()).plus(q.times(received).abs()),
      vanna: peak.div(s).times(d2.abs().plus(sd)).div(vol),
      volga: vega.times(steps).div(vol),
    },
    /** The least of forward and strike, discounted. */
    least: D.min(forward, strike),
    inside: D.max(forward.minus(strike).times(w), 0),
  };
}

/** |got - want| / size. */
export const errorOf = (got: number, want: Real, size: Real = want.abs()): number =>
  real(got).minus(want).abs().div(size).toNumber();

/**
 * How far a vol is from that of a price, relative to itself, and the condition price / (vega vol); by Newton's step from the vol.
 * What is in the money is taken off the price first.
 */
export function volError(row: Row, price: number): { error: number; condition: number } {
  const { price: there, vega } = exactly(row);
  const scale = vega.times(real(row.vol));
  const given = real(price);
  return { error: there.minus(given).div(scale).abs().toNumber(), condition: given.div(scale).toNumber() };
}
