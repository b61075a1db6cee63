// Curvature of a sensitivity model from scaled vegas: what options lose when rates move far, and its derivatives.

import type { QuadraticRoot } from './quadratic-root.js';
import type { Horizon, SensitivityModel } from './sensitivity-model.js';
import type { Factor } from './sensitivity-rows.js';

/** Curvature of one side: its value, and derivatives by the scaled vegas as they were given. */
export interface Curvature {
  value: number;
  slopes: Map<Factor, number>;
}

/**
 * max(0, sum + lambda root) / hvr^2 with lambda = (q^2 - 1)(1 + theta) - theta and theta the sum's share of magnitudes, at most 0.
 * @param root - of the scaled vegas of all currencies
 * @param sign - 1 for the side whose sensitivities they are, -1 for the other
 */
export function curvatureOf(
  { quantile }: SensitivityModel,
  { hvr }: Horizon,
  lists: readonly (readonly Factor[])[],
  root: QuadraticRoot,
  sign: 1 | -1,
): Curvature {
  const all = lists.flat();
  const sum = all.reduce((total, { curvature }) => total + sign * curvature, 0);
  const gross = all.reduce((total, { curvature }) => total + Math.abs(curvature), 0);
  const ratio = gross === 0 ? 0 : sum / gross;
  const theta = Math.min(ratio, 0);
  const lambda = (quantile * quantile - 1) * (1 + theta) - theta;
  const margin = sum + lambda * root.value;
  if (gross === 0 || margin <= 0) return { value: 0, slopes: new Map() };
  const scale = hvr * hvr;
  // theta moves with what it is the share of; by homogeneity its moves cancel in the sum over all vegas.
  const byTheta = theta < 0 ? ((quantile * quantile - 2) * root.value) / gross : 0;
  const slopes = new Map(
    lists.flatMap((list, b) =>
      list.map((factor, i) => {
        const own = sign * factor.curvature < 0 ? -1 : 1;
        const slope = sign + lambda * (root.slopes[b]?.[i] ?? 0) + byTheta * sign * (1 - ratio * own);
        return [factor, slope / scale] as const;
      }),
    ),
  );
  return { value: margin / scale, slopes };
}
