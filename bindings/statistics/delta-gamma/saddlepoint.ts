// The tail of a quadratic form by one evaluation at its saddlepoint: R. Lugannani and S. Rice (Adv. Appl. Probab. 12, 1980), and the
// shortfall that goes with it (R. Martin, The saddlepoint method and portfolio optionalities, Risk 19, 2006). Approximate: the first
// terms of what imhof.ts sums. Results are of the standardised loss of quadratic-form.ts.
import { normalCdf, normalDensity } from '../../reference/numeric/normal.js';
import { cumulantsAt, type QuadraticForm, saddleOf, supportOf } from './quadratic-form.js';

/** Nearer to the mean than this, in deviations, differences of large numbers give way to their limits. */
const NEAR_MEAN = 1e-4;
const MOST_STEPS = 200;

export interface Approximate {
  /** P(loss > y). */
  readonly upper: number;
  /** E max(loss - y, 0). */
  readonly excess: number;
}

/** Third and fourth cumulant of the standardised loss. */
export function higherCumulants({ curves, slopes }: QuadraticForm): { third: number; fourth: number } {
  let [third, fourth] = [0, 0];
  curves.forEach((l, j) => {
    const c2 = (slopes[j] ?? 0) * (slopes[j] ?? 0);
    third += l * (l * l + 3 * c2);
    fourth += 3 * (l * l) * (l * l + 4 * c2);
  });
  return { third, fourth };
}

/** Tail and excess of the standardised loss at y. */
export function approximateAt(form: QuadraticForm, y: number): Approximate {
  const { least, most } = supportOf(form);
  const s = y > least && y < most ? saddleOf(form, y) : Number.NaN;
  if (Number.isNaN(s)) return y <= least || (y < most && y < 0) ? { upper: 1, excess: -y } : { upper: 0, excess: 0 };
  const { value, second } = cumulantsAt(form, s);
  const size = Math.sqrt(Math.max(0, 2 * (s * y - value)));
  const w = s < 0 ? -size : size;
  const density = normalDensity(w);
  // The pole at the mean can be removed: series in s of 1 / u - 1 / w and of 1 / (s u) - y / w^3, with y = K'(s).
  if (Math.abs(s) < NEAR_MEAN) {
    const { third, fourth } = higherCumulants(form);
    const off = -third / 6 + s * ((5 * third * third) / 24 - fourth / 8);
    const slope = 1 + (third * s) / 6;
    return {
      upper: normalCdf(-w) + density * off,
      excess: slope * (density - w * normalCdf(-w)) + (density * (third * third - fourth)) / 24,
    };
  }
  const u = s * Math.sqrt(second);
  const slope = y / w;
  return {
    upper: normalCdf(-w) + density * (1 / u - 1 / w),
    excess: slope * (density - w * normalCdf(-w)) + density * (1 / (s * u) - slope / (w * w)),
  };
}

/** The standardised loss that is exceeded with a chance of `tail`: by halving between F. P. Cantelli's bounds. */
export function approximateQuantile(form: QuadraticForm, tail: number): { y: number; at: Approximate } {
  const { least, most } = supportOf(form);
  let low = Math.max(least, -Math.sqrt(tail / (1 - tail)));
  let high = Math.min(most, Math.sqrt((1 - tail) / tail));
  for (let i = 0; i < MOST_STEPS; i++) {
    const y = 0.5 * (low + high);
    if (y <= low || y >= high) break;
    if (approximateAt(form, y).upper > tail) low = y;
    else high = y;
  }
  return { y: high, at: approximateAt(form, high) };
}
