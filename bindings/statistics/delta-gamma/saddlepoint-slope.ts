// How value at risk and shortfall of the saddlepoint move with deltas and gammas: the derivatives of the formulas of Lugannani and Rice
// and of Martin themselves (saddlepoint.ts), not the exact parts, so that they sum to what those formulas say. All goes through the
// cumulant function: G = dK/dw, its derivatives G' and G'' at the saddle, and s, w, u that move with them.
import { normalCdf, normalDensity } from '../../reference/numeric/normal.js';
import { type Conditional, type Lift, liftOf, mirror } from './conditional.js';
import { cumulantsAt, type Directions, type QuadraticForm, saddleOf } from './quadratic-form.js';

/** Nearer to the mean, in s, differences of large numbers are replaced by a polynomial through saddles on both sides. */
const NEAR_MEAN = 0.01;
const NODES = [-0.08, -0.06, -0.04, -0.02, 0.02, 0.04, 0.06, 0.08];

/** Of G, G' and G''. */
type Weights = readonly [number, number, number];

interface Slopes {
  readonly valueAtRisk: Weights;
  readonly shortfall: Weights;
}

/** K'''(s). */
function thirdAt({ curves, slopes }: QuadraticForm, s: number): number {
  let third = 0;
  curves.forEach((l, j) => {
    const q = 1 / (1 - s * l);
    const c2 = (slopes[j] ?? 0) * (slopes[j] ?? 0);
    third += l * q * q * q * (l * l + 3 * c2 * q);
  });
  return third;
}

/** Derivatives of the quantile and of the shortfall by G, G' and G'' at a saddle that is not at the mean. */
function slopesAt(form: QuadraticForm, s: number, tail: number): Slopes {
  const { value, first: y, second } = cumulantsAt(form, s);
  const size = Math.sqrt(Math.max(0, 2 * (s * y - value)));
  const w = s < 0 ? -size : size;
  const root = Math.sqrt(second);
  const u = s * root;
  const [density, upper] = [normalDensity(w), normalCdf(-w)];
  const slope = y / w;
  const pole = 1 / (s * u) - slope / (w * w);
  // Of the tail, and of the excess, for what y, w, s and u move by.
  const moved = (dy: number, dw: number, ds: number, du: number): readonly [tail: number, excess: number] => {
    const dSlope = (dy - slope * dw) / w;
    const dPole = 0 - (ds / s + du / u) / (s * u) - dSlope / (w * w) + (2 * slope * dw) / (w * w * w);
    return [
      density * (dw * (1 / (w * w) - w / u) - du / (u * u)),
      dSlope * (density - w * upper) - slope * upper * dw - w * density * dw * pole + density * dPole,
    ];
  };
  const onward = root + (s * thirdAt(form, s)) / (2 * root);
  const [tailByY, excessByY] = moved(1, s / w, 1 / second, onward / second);
  const by = [
    moved(0, -1 / w, 0, 0),
    moved(0, 0, -1 / second, 0 - onward / second),
    moved(0, 0, 0, s / (2 * root)),
  ] as const;
  const quantile = ([off]: readonly [number, number]): number => 0 - off / tailByY;
  const shortfall = (one: readonly [number, number]): number => quantile(one) * (1 + excessByY / tail) + one[1] / tail;
  return {
    valueAtRisk: [quantile(by[0]), quantile(by[1]), quantile(by[2])],
    shortfall: [shortfall(by[0]), shortfall(by[1]), shortfall(by[2])],
  };
}

/**
 * Adds the part of G, G' and G'' in means and second moments: G = s E with E the tilted mean of a position's loss less its own mean, in
 * which the mean is m = s c q, the covariance 1 + v with v = s l q, q = 1 / (1 - s l).
 */
function addTilted({ first, second }: Lift, { curves, slopes }: Directions, s: number, weights: Weights): void {
  const n = curves.length;
  const [byG, byFirst, bySecond] = weights;
  // Of E, E' and E''.
  const [e0, e1, e2] = [byG * s + byFirst, byFirst * s + 2 * bySecond, bySecond * s];
  const [m0, m1, m2] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  curves.forEach((l, j) => {
    const q = 1 / (1 - s * l);
    const c = slopes[j] ?? 0;
    m0[j] = s * c * q;
    m1[j] = c * q * q;
    m2[j] = 2 * l * c * q * q * q;
    first[j] = (first[j] ?? 0) + e0 * (m0[j] ?? 0) + e1 * (m1[j] ?? 0) + e2 * (m2[j] ?? 0);
    second[j * n + j] = (second[j * n + j] ?? 0) + l * q * (e0 * s + e1 * q + 2 * e2 * l * q * q);
  });
  for (let j = 0; j < n; j++) {
    for (let k = j; k < n; k++) {
      const [a0, a1, a2] = [m0[j] ?? 0, m1[j] ?? 0, m2[j] ?? 0];
      const [b0, b1, b2] = [m0[k] ?? 0, m1[k] ?? 0, m2[k] ?? 0];
      const product = e0 * a0 * b0 + e1 * (a1 * b0 + a0 * b1) + e2 * (a2 * b0 + 2 * a1 * b1 + a0 * b2);
      second[j * n + k] = (second[j * n + k] ?? 0) + product;
    }
  }
}

const scaled = ([a, b, c]: Weights, by: number): Weights => [a * by, b * by, c * by];

/** Weight of one of the nodes for a polynomial at s (J. L. Lagrange). */
const shareOf = (node: number, s: number): number =>
  NODES.reduce((share, other) => (other === node ? share : (share * (s - other)) / (node - other)), 1);

/**
 * What stands in for conditional moments where the saddlepoint's formulas stand in for the distribution.
 * @param y - the quantile in deviations
 * @returns null where it is at an end of the distribution
 */
export function saddlepointConditional(directions: Directions, y: number, tail: number): Conditional | null {
  const { form, curves } = directions;
  const saddle = saddleOf(form, y);
  if (Number.isNaN(saddle)) return null;
  const [at, beyond] = [liftOf(curves.length), liftOf(curves.length)];
  const addAt = (s: number, share: number): void => {
    const { valueAtRisk, shortfall } = slopesAt(form, s, tail);
    addTilted(at, directions, s, scaled(valueAtRisk, share));
    addTilted(beyond, directions, s, scaled(shortfall, share));
  };
  if (Math.abs(saddle) >= NEAR_MEAN) addAt(saddle, 1);
  else for (const node of NODES) addAt(node, shareOf(node, saddle));
  mirror(at);
  mirror(beyond);
  const finite = [at, beyond].every((lift) => lift.first.every(Number.isFinite) && lift.second.every(Number.isFinite));
  return finite ? { at, beyond } : null;
}
