// Backtests of value at risk and expected shortfall: counts and series in, statistics out. A table of inputs has an answer a row.
import {
  acerbiSzekely,
  backtestErrors,
  baselStarts,
  baselZone,
  type Christoffersen,
  christoffersen,
  christoffersenFrom,
  independence,
  kupiec,
  kupiecRegion,
  type StoplightBounds,
  stoplightBounds,
  type TestResult,
} from 'margin-kernel/statistics';
import { type Adapter, type Adapters, type Answer, adapter, answers } from './adapter.js';

type Table = { fields: string[]; rows: number[][] };

/** An answer to one set of inputs, or to each row of a table of them. */
function table<Inputs>(answer: (inputs: Inputs) => Answer): Adapter {
  return adapter<Inputs | Table>((inputs) => {
    const { fields, rows } = inputs as Table;
    if (!fields || !rows) return answer(inputs as Inputs);
    const named = rows.map((row) => Object.fromEntries(fields.map((field, i) => [field, row[i]])));
    return answers(named, (row) => answer(row as Inputs));
  });
}

const kupiecPof = table<{ T: number; N: number; p: number }>(({ T, N, p }) => {
  const { statistic, pValue } = kupiec(T, N, p);
  return { LR: statistic, pValue };
});

type Counts = { N00: number; N01: number; N10: number; N11: number };
type Cells = Counts & { T?: number; N?: number; p?: number };
type Days = { T: number; p: number; hits: number[] };

const independent = ({ statistic, pValue }: TestResult): Answer => ({ LRind: statistic, pInd: pValue });

function tests({ transitions, coverage, independence: order, conditional }: Christoffersen): Answer {
  return {
    N00: transitions.n00,
    N01: transitions.n01,
    N10: transitions.n10,
    N11: transitions.n11,
    LRuc: coverage.statistic,
    pUc: coverage.pValue,
    LRcc: conditional.statistic,
    pCc: conditional.pValue,
    ...independent(order),
  };
}

const clusters = table<Cells | Days>((inputs) => {
  if ('hits' in inputs) {
    const days = Array.from({ length: inputs.T }, (_, day) => inputs.hits.includes(day + 1));
    return tests(christoffersen(days, inputs.p));
  }
  const { N00: n00, N01: n01, N10: n10, N11: n11, T, N, p } = inputs;
  const cells = { n00, n01, n10, n11 };
  if (T === undefined || N === undefined || p === undefined) return independent(independence(cells));
  return tests(christoffersenFrom(cells, { observations: T, exceptions: N, p }));
});

const binomial = table<{ T: number; pTrue: [number, number]; cutoff: number }>(
  ({ T, pTrue: [right, wrong], cutoff }) => ({ ...backtestErrors(T, cutoff, right, wrong) }),
);

const trafficLight = table<{ T: number; p: number; exceptions?: number | number[] }>(({ T, p, exceptions }) => {
  const { yellow, red } = baselStarts(T, p);
  const starts = { yellowStart: yellow, redStart: red };
  if (exceptions === undefined) return starts;
  const zones = answers(exceptions, (count) => {
    const { zone, probability, cumulative, typeI, plusFactor, multiplier } = baselZone(T, count, p);
    return { zone, probability, cumulative, typeI, plusFactor1996: plusFactor, multiplierMAR99: multiplier };
  });
  return { ...zones, ...starts };
});

const regions = adapter<{ T: number[]; p: number[]; testLevel: number }>(({ T, p, testLevel }) => {
  const rows = T.map((days) => p.map((rate) => kupiecRegion(days, rate, testLevel)));
  return { minN: rows.map((row) => row.map(({ min }) => min)), maxN: rows.map((row) => row.map(({ max }) => max)) };
});

type Windows = { obs: number; days: number; portfolios: number; rho: number };
type Overlapping = { p: number; levels: [number, number]; iid?: { obs: number }; cases?: Windows[] };

const overlapping = adapter<Overlapping>(({ p, levels, iid, cases = [] }) => {
  const bounds = cases.map(({ obs, days, portfolios, rho }) =>
    stoplightBounds({ observations: obs, days, portfolios, correlation: rho, confidence: p, levels }),
  );
  const independently = iid ? stoplightBounds({ observations: iid.obs, confidence: p, levels }) : undefined;
  const all = (key: 'maxGreen' | 'maxAmber') => bounds.map((bound: StoplightBounds) => bound[key]);
  return {
    maxGreen: all('maxGreen'),
    maxAmber: all('maxAmber'),
    ...(independently ? { maxGreenIid: independently.maxGreen, maxAmberIid: independently.maxAmber } : {}),
  };
});

type Shortfall = { returns: number[]; var: number | number[]; es: number | number[]; alpha: number };

const shortfall = adapter<Shortfall>(({ returns, var: valueAtRisk, es, alpha }) => {
  const { z1, z2, breaches } = acerbiSzekely(returns, valueAtRisk, es, alpha);
  return { Z1: z1, Z2: z2, breaches };
});

/** Of numbers of exceptions. */
export const counts: Adapters = {
  binomial,
  christoffersen: clusters,
  'kupiec-pof': kupiecPof,
  'kupiec-regions': regions,
  'basel-traffic-light': trafficLight,
};

export const es: Adapters = { 'es-backtest': shortfall };
export const stoplight: Adapters = { 'stoplight-overlapping': overlapping };
