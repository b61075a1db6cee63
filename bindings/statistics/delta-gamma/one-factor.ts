// A loss that is one square, c Y + l Y^2 / 2 of one standard normal Y: its tail is two tails of the normal distribution, so that value
// at risk and shortfall need no integral. Money in, money out.
import { exp } from '../../reference/numeric/exp.js';
import { normalCdf, normalDensity, normalQuantile } from '../../reference/numeric/normal.js';

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

/** Where the tail of |l| Y^2 / 2 + |c| Y, or of minus that, begins: outside of u and -far, or inside. */
interface Edges {
  readonly u: number;
  readonly far: number;
  /** The chance of what is outside. */
  readonly outside: number;
}

function edgesOf(curve: number, slope: number, tail: number): Edges {
  // Losses that bend upwards are large outside of two edges, those that bend downwards inside of them.
  const outside = curve > 0 ? tail : 1 - tail;
  const m = Math.abs(slope) / Math.abs(curve);
  const u = edgeOf(outside, m);
  return { u, far: u + 2 * m, outside };
}

/**
 * What is lost with a chance of `tail` or less, and on average beyond.
 * @param curve - l, not 0
 * @param slope - c
 */
export function oneFactorRisk(curve: number, slope: number, tail: number): { valueAtRisk: number; shortfall: number } {
  const [l, c] = [Math.abs(curve), Math.abs(slope)];
  const { u, far, outside } = edgesOf(curve, slope, tail);
  const edge = 0.5 * l * u * u + c * u;
  const beyond =
    c * (normalDensity(u) - normalDensity(far)) + 0.5 * l * (u * normalDensity(u) + far * normalDensity(far) + outside);
  return curve > 0
    ? { valueAtRisk: edge, shortfall: beyond / tail }
    : { valueAtRisk: 0 - edge, shortfall: (beyond - 0.5 * l) / tail };
}

/** E Y and E Y^2 - 1 where the loss is its value at risk, and where it is that or more. */
export function oneFactorMoments(
  curve: number,
  slope: number,
  tail: number,
): Record<'at' | 'beyond', { first: number; second: number }> {
  const { u, far } = edgesOf(curve, slope, tail);
  const [side, sign] = [curve > 0 ? 1 : -1, curve * slope < 0 ? -1 : 1];
  // Of both edges the loss has the same slope, so that densities weigh them.
  const share = exp(0.5 * (u - far) * (u + far));
  const [near, other] = [1 / (1 + share), share === 0 ? 0 : share / (1 + share)];
  return {
    at: { first: sign * (near * u - other * far), second: near * (u * u) + other * (far * far) - 1 },
    beyond: {
      first: (sign * side * (normalDensity(u) - normalDensity(far))) / tail,
      second: (side * (u * normalDensity(u) + far * normalDensity(far))) / tail,
    },
  };
}
