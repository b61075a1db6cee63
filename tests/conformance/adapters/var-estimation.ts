// From returns to covariances, volatilities and scenarios: rows of returns in, one column a series to the public API.
import {
  cholesky,
  correlation,
  deltaNormal,
  ellipticalTau,
  ewmaCovariance,
  ewmaVariance,
  filteredReturns,
  fitGarch,
  type GarchParameters,
  garchVariances,
  ledoitWolf,
  quantile,
  quantileStandardError,
  repairPsd,
  studentTailDependence,
} from 'margin-kernel/statistics';
import { type Adapters, type Answer, adapter } from './adapter.js';

type Rows = number[][];

const columnsOf = (rows: Rows): number[][] => (rows[0] ?? []).map((_, i) => rows.map((row) => Number(row[i])));
const flat = (rows: Rows): Float64Array => Float64Array.from(rows.flat(), Number);
/** A packed matrix as rows. */
const rowsOf = (matrix: Float64Array, n: number): Rows =>
  Array.from({ length: n }, (_, i) => Array.from(matrix.subarray(i * n, i * n + n)));
/** Elements of the upper triangle by the name that a case gives them: rho01, rho02 ... */
const pairs = (matrix: Float64Array, n: number, name: string): Answer =>
  Object.fromEntries(
    Array.from(matrix).flatMap((x, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      return i < j ? [[`${name}${i}${j}`, x]] : [];
    }),
  );

export const quantLib: Adapters = {
  covariance: adapter<{ data: Rows }>(({ data }) => {
    const columns = columnsOf(data);
    return pairs(correlation(columns).matrix, columns.length, 'correlation');
  }),
  'psd-repair': adapter<{ correlation: Rows }>(({ correlation: given }) =>
    pairs(repairPsd(flat(given), given.length).matrix, given.length, 'rho'),
  ),
};

export const riskMetrics: Adapters = {
  'ewma-covariance': adapter<{ returns: Rows; lam: number }>(({ returns, lam }) => {
    const { matrix, size } = ewmaCovariance(columnsOf(returns), { decay: lam });
    return { cov: rowsOf(matrix, size) };
  }),
};

export const scikitLearn: Adapters = {
  'shrinkage-covariance': adapter<{ returns: Rows }>(({ returns }) => {
    const { matrix, size, shrinkage } = ledoitWolf(columnsOf(returns));
    return { shrinkage, cov: rowsOf(matrix, size) };
  }),
};

export const rugarch: Adapters = {
  'garch-mle': adapter<{ returns: number[]; parameters: GarchParameters }>(({ returns, parameters }) => {
    const { mu, omega, alpha, beta, standardErrors } = fitGarch(returns);
    const { variances, next, logLikelihood } = garchVariances(returns, parameters);
    return {
      ...{ mu, omega, alpha, beta, standardErrors },
      logLikelihoodAtParameters: logLikelihood,
      sigma2LastThree: Array.from(variances.slice(-3)),
      sigma2Next: next,
    };
  }),
};

export const numpy: Adapters = {
  cholesky: adapter<Record<string, Rows>>((matrices) => {
    const found = Object.entries(matrices).map(([name, rows]) => [name, cholesky(flat(rows), rows.length)] as const);
    const named = (name: string): string => (name === 'spd' ? 'L' : `${name}L`);
    return {
      ...Object.fromEntries(
        found.flatMap(([name, { lower }]) =>
          lower ? [[named(name), rowsOf(lower, matrices[name]?.length ?? 0)]] : [],
        ),
      ),
      status: Object.fromEntries(found.map(([name, { status }]) => [name, status === 'ok' ? 'OK' : 'NOT_PSD'])),
    };
  }),
};

interface Anchors {
  gaussian: { w: number[]; cov: Rows };
  student: { nu: number; rho: number };
  paths: number;
}

export const formula: Adapters = {
  'filtered-historical': adapter<{ returns: Rows; column: number; lam: number }>(({ returns, column, lam }) => {
    const series = columnsOf(returns)[column] ?? [];
    const path = ewmaVariance(series, { decay: lam });
    const scaled = filteredReturns(series, path);
    return {
      sigmaForecast: Math.sqrt(path.next),
      scaledFirst5: Array.from(scaled.slice(0, 5)),
      scaledLast5: Array.from(scaled.slice(-5)),
      VaR99type7: -quantile(scaled, '0.01', 7),
      VaR95type7: -quantile(scaled, '0.05', 7),
      VaR99kth: -quantile(scaled, '0.01', 1),
      unscaledVaR99type7: -quantile(series, '0.01', 7),
    };
  }),
  'monte-carlo-anchor': adapter<Anchors>(({ gaussian: { w, cov }, student: { nu, rho }, paths }) => {
    const [figure, tail] = (['0.99', '0.975'] as const).map((level) => deltaNormal(w, { covariance: cov }, level));
    return {
      gaussianVaR99: figure?.valueAtRisk,
      gaussianES975: tail?.shortfall,
      tailDependence: studentTailDependence(rho, nu),
      kendallTau: ellipticalTau(rho),
      quantileStdError: quantileStandardError('0.99', paths, { deviation: figure?.sigma ?? 0 }),
    };
  }),
};
