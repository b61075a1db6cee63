// Analytic value at risk and shortfall: names and signs of the systems that print them. PerformanceAnalytics says results as returns,
// ORE as quantiles of the profit and loss; the library says losses.
import {
  complement,
  covariance,
  deltaGammaExact,
  deltaGammaRisk,
  deltaNormal,
  type FactorModel,
  gaussianComponents,
  liquidityAdjusted,
  modifiedComponents,
  modifiedRisk,
  type NormalLevel,
  normalRisk,
  paretoRisk,
  paretoShortfalls,
  sampleShortfall,
  sampleVar,
  studentRisk,
} from 'margin-kernel/statistics';
import { type Adapters, type Answer, adapter, answers } from './adapter.js';

type Level = number | string;
type Rows = number[][];

const list = (values: Float64Array | readonly number[]): number[] => Array.from(values);
const negated = (x: number | null): number | null => (x === null ? null : -x);
/** Rows by period into columns by asset. */
const columnsOf = (rows: Rows): Rows => (rows[0] ?? []).map((_, i) => rows.map((row) => Number(row[i])));

/** Means and covariance of a table of returns, as positions are asked with. */
function momentsOf(rows: Rows) {
  const { matrix, means } = covariance(columnsOf(rows));
  return { covariance: matrix, means };
}

// --- delta-normal -----------------------------------------------------------------------------------------------------

interface TwoAssets {
  positions: number[];
  vol: number[];
  rho: number | Rows;
}

export const hull: Adapters = {
  'delta-normal': adapter<TwoAssets & { confidence: Level; days: number }>(
    ({ positions, vol, rho, confidence, days }) => {
      const moments = { volatilities: vol, correlation: rho };
      const { sigma, individual, valueAtRisk } = deltaNormal(positions, moments, confidence, {
        horizon: days,
        scaling: 'square-root',
      });
      return { sigma, VaR: { individual: list(individual), portfolio: valueAtRisk } };
    },
  ),
  'evt-pot': adapter<{ n: number; nu: number; u: number; beta: number; xi: number; q: Level[] }>(
    ({ n, nu, u, beta, xi, q }) =>
      answers(q, (level) => {
        const tail = { threshold: u, scale: beta, shape: xi, count: n, exceedances: nu };
        const { valueAtRisk, shortfall } = paretoRisk(tail, level);
        return { VaR: valueAtRisk, ES: shortfall };
      }),
  ),
};

const componentsOf = ({ positions, vol, rho, z }: TwoAssets & { z: number }) =>
  gaussianComponents(positions, { volatilities: vol, correlation: rho }, { z });

export const jorion: Adapters = {
  'component-var': adapter<TwoAssets & { z: number }>((inputs) => {
    const { individual, undiversified, valueAtRisk } = componentsOf(inputs);
    const { value, marginal, component } = valueAtRisk;
    return {
      portfolioVaR: value,
      individual: list(individual),
      undiversified,
      marginal: list(marginal),
      component: list(component),
    };
  }),
};

export const bionicTurtle: Adapters = {
  'component-var': adapter<{ cases: (TwoAssets & { z: number })[] }>(({ cases }) =>
    answers(cases, (inputs) => {
      const { individual, valueAtRisk } = componentsOf(inputs);
      const { value, component, incremental } = valueAtRisk;
      return {
        individual: list(individual),
        portfolio: value,
        component: list(component),
        incremental: incremental && list(incremental),
      };
    }),
  ),
};

export const formula: Adapters = {
  'component-var': adapter<{ returns: Rows; weights: number[]; p: Level; z?: number }>(({ returns, weights, p, z }) => {
    const level: NormalLevel = z === undefined ? p : { z };
    const { value, component, incremental } = gaussianComponents(weights, momentsOf(returns), level).valueAtRisk;
    return { VaR: value, component: list(component), incrementalRemove: incremental && list(incremental) };
  }),
  'parametric-es': adapter<{ alpha: Level[]; dof: number[] }>(({ alpha, dof }) => {
    const confidences = alpha.map((level) => complement(level));
    return {
      normal: confidences.map((confidence) => normalRisk({ deviation: 1 }, confidence).shortfall),
      student: dof.map((degrees) =>
        confidences.map((confidence) => studentRisk({ degrees: Number(degrees), scale: 1 }, confidence).shortfall),
      ),
    };
  }),
};

// --- liquidity, extremes ----------------------------------------------------------------------------------------------

interface Liquidity {
  value: number;
  sigma: number;
  spread: number;
  z: number;
  days: number[];
}

export const lvar: Adapters = {
  'liquidity-adjusted-var': adapter<{ cases: Liquidity[] }>(({ cases }) =>
    answers(cases, ({ value, sigma, spread, z, days }) =>
      answers(days, (horizon) => {
        const moments = { volatilities: [sigma], correlation: 1 };
        const { valueAtRisk } = deltaNormal([value], moments, { z }, { horizon, scaling: 'square-root' });
        return { VaR: valueAtRisk, LVaR: liquidityAdjusted(valueAtRisk, value, spread).adjusted };
      }),
    ),
  ),
};

type Point = [level: number, figure: number];

/** Shortfalls of one tail, from the two levels where they are known. */
function tailOf(risks: Point[], known: Point[]) {
  const at = (k: number) => {
    const [level, shortfall] = known[k] ?? [0, 0];
    return { valueAtRisk: risks.find(([l]) => l === level)?.[1] ?? 0, shortfall };
  };
  const { shape, shortfalls } = paretoShortfalls(
    risks.map(([, figure]) => figure),
    [at(0), at(1)],
  );
  return { shape, shortfalls: shortfalls && list(shortfalls) };
}

export const evtPaper: Adapters = {
  'evt-pot': adapter<{ rightTail: Point[]; leftTail: Point[]; knownES: { right: Point[]; left: Point[] } }>(
    ({ rightTail, leftTail, knownES }) => {
      const [right, left] = [tailOf(rightTail, knownES.right), tailOf(leftTail, knownES.left)];
      return { rightES: right.shortfalls, leftES: left.shortfalls, xiRight: right.shape, xiLeft: left.shape };
    },
  ),
};

// --- moments ----------------------------------------------------------------------------------------------------------

interface Table {
  returns: Rows;
  p: Level;
  weights?: number[];
  /** Names of the columns. */
  assets?: string[];
}

/** Value at risk and shortfall of each column, as returns. */
function tables({ returns, p, weights }: Table): Answer {
  const columns = columnsOf(returns);
  const modified = columns.map((column) => modifiedRisk(column, p));
  const gaussian = modified.map(({ mean, deviation }) => normalRisk({ mean, deviation }, p));
  return {
    VaR: {
      historical: columns.map((column) => -sampleVar(column, p, { type: 7 }).valueAtRisk),
      gaussian: gaussian.map(({ valueAtRisk }) => -valueAtRisk),
      modified: modified.map(({ valueAtRisk }) => -valueAtRisk),
    },
    ES: {
      historical: columns.map((column) =>
        negated(sampleShortfall(column, p, { convention: 'beyond-type-7' }).shortfall),
      ),
      gaussian: gaussian.map(({ shortfall }) => negated(shortfall)),
      modified: modified.map(({ shortfall }) => -shortfall),
    },
    skew: modified.map(({ skewness }) => skewness),
    excessKurtosis: modified.map(({ excessKurtosis }) => excessKurtosis),
    cornishFisherMonotone: modified.map(({ monotone }) => monotone),
    ...(weights ? { portfolioGaussianVaR: deltaNormal(weights, momentsOf(returns), p).valueAtRisk } : {}),
  };
}

/** A case with weights and without names of columns asks for the first column alone, and for the portfolio. */
const firstOf = (answer: unknown): unknown =>
  Array.isArray(answer)
    ? answer.slice(0, 1)
    : typeof answer === 'object' && answer !== null
      ? Object.fromEntries(Object.entries(answer).map(([key, value]) => [key, firstOf(value)]))
      : answer;

export const performanceAnalytics: Adapters = {
  'var-es-table': adapter<Table>((inputs) => {
    const answer = tables(inputs);
    return inputs.weights && !inputs.assets ? (firstOf(answer) as Answer) : answer;
  }),
  'component-es': adapter<{ returns: Rows; weights: number[]; p: Level }>(({ returns, weights, p }) => {
    const { valueAtRisk, shortfall } = modifiedComponents(columnsOf(returns), weights, p);
    return {
      MES: shortfall.total,
      contribution: list(shortfall.component),
      pctContribution: shortfall.share && list(shortfall.share),
      MVaR: valueAtRisk.total,
      MVaRcontribution: list(valueAtRisk.component),
    };
  }),
};

// --- delta-gamma ------------------------------------------------------------------------------------------------------

export const ore: Adapters = {
  'delta-gamma-var': adapter<FactorModel & { p: Level[] }>(({ omega, delta, gamma, p }) => {
    const model = { omega, delta, gamma };
    const quantiles = answers(p, (level) => {
      const confidence = complement(level);
      const risk = deltaGammaRisk(model, confidence);
      const exact = negated(deltaGammaExact(model, confidence).valueAtRisk);
      return {
        exactQuantile: exact,
        cornishFisher: -risk.cornishFisher.valueAtRisk,
        deltaNormal: -risk.deltaNormal.valueAtRisk,
        deltaGammaNormal: -risk.deltaGammaNormal.valueAtRisk,
        monteCarloQuantile: exact,
      };
    });
    return { ...quantiles, moments: deltaGammaRisk(model, '0.99').moments };
  }),
};
