// A loss that is one square, c Y + l Y^2 / 2 of one standard normal Y: its tail is two tails of the normal distribution, so that value
// at risk and shortfall need no integral. Money in, money out.
import { normalCdf, normalDensity, normalQuantile } from '../reference/numeric/normal.js';

const MOST_STEPS = 200;

/** The u >= -m with P(Y > u) + P(Y > u + 2 m) = p. */
function edgeOf(p: number, m: number): number {
  // The first of the two is between p / 2 and p.
  let low = Math.max(-m, 0 - normalQuantile(p));
  let high = 0 - normalQuantile(0.5 * p);
  // Without a slope both are alike.
  if (m === 0) return high;
  let u = 0.5 * (low + high);
  for (let i = 0; i < MOST_STEPS; i++) {
    const off = normalCdf(-u) + normalCdf(-u - 2 * m) - p;
    if (off > 0) low = u;
    else high = u;
    const newton = u + off / (normalDensity(u) + normalDensity(u + 2 * m));
    const next = newton > low && newton < high ? newton : 0.5 * (low + high);
    if (Math.abs(next - u) <= 1e-16 * (1 + Math.abs(u))) return next;
    u = next;
  }
  return u;
}

/**
 * What is lost with a chance of `tail` or less, and on average beyond.
 * @param curve - l, not 0
 * @param slope - c
 */
export function oneFactorRisk(curve: number, slope: number, tail: number): { valueAtRisk: number; shortfall: number } {
  const [l, c] = [Math.abs(curve), Math.abs(slope)];
  // Losses that bend upwards are large outside of two edges, those that bend downwards inside of them.
  const outside = curve > 0 ? tail : 1 - tail;
  const m = c / l;
  const u = edgeOf(outside, m);
  const edge = 0.5 * l * u * u + c * u;
  const far = u + 2 * m;
  const beyond =
    c * (normalDensity(u) - normalDensity(far)) + 0.5 * l * (u * normalDensity(u) + far * normalDensity(far) + outside);
  return curve > 0
    ? { valueAtRisk: edge, shortfall: beyond / tail }
    : { valueAtRisk: 0 - edge, shortfall: (beyond - 0.5 * l) / tail };
}
