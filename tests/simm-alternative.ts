// The interest-rate margin of ISDA SIMM a second time, by hand: sums over all pairs of rows as the rule is printed, in 50 decimal
// digits, without what the library shares between its parts (netting, row sums, slopes).
import { Decimal as Base } from 'decimal.js';
import type { SensitivityJSON, SensitivityModelJSON } from '../bindings/scenario/sensitivities.js';

const Decimal = Base.clone({ precision: 50 });
type Decimal = Base;
/** Quantile of the standard normal distribution at 0.995. */
const Q = new Decimal('2.5758293035489007609785767486');
const ZERO = new Decimal(0);
const sum = (list: readonly Decimal[]): Decimal => list.reduce((total, x) => total.plus(x), ZERO);
const rootOf = (square: Decimal): Decimal => (square.isNeg() ? ZERO : square.sqrt());

export interface Alternative {
  delta: number;
  vega: number;
  curvatureBucket: number;
  call: number;
  post: number;
  /** Sums of magnitudes, which rounding errors are measured by. */
  scale: { delta: number; vega: number; curvature: number };
}

interface Term {
  row: SensitivityJSON;
  value: Decimal;
}

/** Days of a tenor: 14 for 2w, 365 / 12 a month, 365 a year. */
function daysOf(tenor: string): Decimal {
  const count = new Decimal(tenor.slice(0, -1));
  if (tenor.endsWith('w')) return count.times(7);
  return tenor.endsWith('m') ? count.times(365).div(12) : count.times(365);
}

export function alternative(rows: readonly SensitivityJSON[], model: SensitivityModelJSON, days: number): Alternative {
  const horizon = model.horizons.find((h) => Number(h.days) === days)!;
  const groupOf = (currency: string) =>
    horizon.groups.find(({ currencies }) => currencies?.includes(currency)) ??
    horizon.groups.find(({ currencies }) => currencies === undefined)!;
  const currencies = [...new Set(rows.map(({ currency }) => currency))];
  const of = (currency: string, kinds: readonly string[]): SensitivityJSON[] =>
    rows.filter((row) => row.currency === currency && kinds.includes(row.kind));
  const tenorOf = (row: SensitivityJSON): number => ('tenor' in row ? model.tenors.indexOf(row.tenor) : -1);

  function correlation(a: SensitivityJSON, b: SensitivityJSON): Decimal {
    const inflation = (row: SensitivityJSON): boolean => row.kind.startsWith('inflation');
    if (a.kind === 'basis' || b.kind === 'basis') return new Decimal(a.kind === b.kind ? 1 : model.basisCorrelation!);
    if (inflation(a) || inflation(b))
      return new Decimal(inflation(a) && inflation(b) ? 1 : model.inflationCorrelation!);
    const tenors = new Decimal(model.tenorCorrelation[tenorOf(a)]![tenorOf(b)]!);
    return 'curve' in a && 'curve' in b && a.curve !== b.curve ? tenors.times(model.subCurveCorrelation) : tenors;
  }

  /** Root over currencies of the squares over pairs; correlations to a power. */
  function root(buckets: readonly { terms: Term[]; factor: Decimal }[], power: 1 | 2): Decimal {
    const parts = buckets.map(({ terms, factor }) => {
      const square = sum(
        terms.flatMap((a) => terms.map((b) => a.value.times(b.value).times(correlation(a.row, b.row).pow(power)))),
      );
      const k = rootOf(square);
      const net = sum(terms.map(({ value }) => value));
      return { k, s: Decimal.max(Decimal.min(net, k), k.neg()), factor };
    });
    const gamma = new Decimal(model.currencyCorrelation ?? 0).pow(power);
    const cross = parts.flatMap((b, i) =>
      parts.flatMap((c, j) => {
        if (i === j) return [];
        const g = Decimal.min(b.factor, c.factor).div(Decimal.max(b.factor, c.factor));
        return [gamma.times(g).times(b.s).times(c.s)];
      }),
    );
    return rootOf(sum([...parts.map(({ k }) => k.times(k)), ...cross]));
  }

  const concentrated = (list: readonly SensitivityJSON[], threshold: unknown): Decimal => {
    if (threshold === null || threshold === undefined) return new Decimal(1);
    const net = sum(list.filter(({ kind }) => kind !== 'basis').map(({ amount }) => new Decimal(amount)));
    return Decimal.max(
      1,
      net
        .abs()
        .div(new Decimal(threshold as number))
        .sqrt(),
    );
  };

  const deltas = currencies.map((currency) => {
    const list = of(currency, ['delta', 'inflation', 'basis']);
    const group = groupOf(currency);
    const factor = concentrated(list, group.concentration?.delta);
    const terms = list.map((row): Term => {
      if (row.kind === 'basis') return { row, value: new Decimal(row.amount).times(horizon.basisRiskWeight!) };
      const weight = row.kind === 'inflation' ? horizon.inflationRiskWeight! : group.riskWeights[tenorOf(row)]!;
      return { row, value: new Decimal(row.amount).times(weight).times(factor) };
    });
    return { terms, factor };
  });
  const vegas = currencies.map((currency) => {
    const list = of(currency, ['vega', 'inflationVega']);
    const factor = concentrated(list, groupOf(currency).concentration?.vega);
    const value = (row: SensitivityJSON): Decimal =>
      new Decimal(row.amount).times(horizon.vegaRiskWeight).times(factor);
    return { terms: list.map((row): Term => ({ row, value: value(row) })), factor };
  });
  const curvatures = currencies.map((currency) => ({
    factor: new Decimal(1),
    terms: of(currency, ['vega', 'inflationVega']).map((row): Term => {
      const tenor = daysOf((row as { tenor: string }).tenor);
      const scale = Decimal.min(1, new Decimal('1.4').times(days).div(tenor)).div(2);
      return { row, value: new Decimal(row.amount).times(scale) };
    }),
  }));

  const all = curvatures.flatMap(({ terms }) => terms);
  // A risk factor counts once in the sum of magnitudes: an expiry of a currency, and its inflation volatility over all expiries.
  const factors = new Map<string, Decimal>();
  for (const { row, value } of all) {
    const name = `${row.currency} ${row.kind === 'vega' ? row.tenor : row.kind}`;
    factors.set(name, (factors.get(name) ?? ZERO).plus(value));
  }
  const gross = sum([...factors.values()].map((value) => value.abs()));
  const k = root(curvatures, 2);
  const side = (sign: number): Decimal => {
    if (gross.isZero()) return ZERO;
    const net = sum(all.map(({ value }) => value)).times(sign);
    const theta = Decimal.min(net.div(gross), 0);
    const lambda = Q.times(Q).minus(1).times(theta.plus(1)).minus(theta);
    return Decimal.max(0, net.plus(lambda.times(k))).div(new Decimal(horizon.hvr).pow(2));
  };
  const magnitude = (buckets: readonly { terms: Term[] }[]): Decimal =>
    sum(buckets.flatMap(({ terms }) => terms.map(({ value }) => value.abs())));
  return {
    delta: root(deltas, 1).toNumber(),
    vega: root(vegas, 1).toNumber(),
    curvatureBucket: k.toNumber(),
    call: side(1).toNumber(),
    post: side(-1).toNumber(),
    scale: {
      delta: magnitude(deltas).toNumber(),
      vega: magnitude(vegas).toNumber(),
      curvature: magnitude(curvatures).times(8).div(new Decimal(horizon.hvr).pow(2)).toNumber(),
    },
  };
}
