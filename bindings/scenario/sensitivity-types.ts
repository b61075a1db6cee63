// A sensitivity model as JSON (weights, correlations, thresholds), the sensitivities that it margins, and what comes of it.
// docs/sensitivities.md explains every key.
import type { Decimal } from '../book/types.js';

/** Currencies that share weights and thresholds. */
export interface CurrencyGroupJSON {
  /** Name in reports. */
  id: string;
  /** ISO codes; one group of a horizon may leave them out: it has all others. */
  currencies?: readonly string[];
  /** Of delta, by tenor: basis points of move in the order of `tenors`. */
  riskWeights: readonly Decimal[];
  /** Net sensitivity of a currency beyond which a factor above 1 is due; null or left out: none. Units of the sensitivities. */
  concentration?: { delta?: Decimal | null; vega?: Decimal | null } | null;
}

/** What is calibrated to one time to close a portfolio. */
export interface HorizonJSON {
  /** Length of the horizon. */
  days: Decimal;
  /** Factor of a vega. */
  vegaRiskWeight: Decimal;
  /** Historical volatility ratio: curvature is divided by its square. */
  hvr: Decimal;
  /** Basis points; with `inflationCorrelation`, else neither. */
  inflationRiskWeight?: Decimal;
  /** Basis points; with `basisCorrelation`, else neither. */
  basisRiskWeight?: Decimal;
  /** Currencies that share weights. */
  groups: readonly CurrencyGroupJSON[];
}

/** A model of sensitivities: tenors, correlations, and figures by horizon. */
export interface SensitivityModelJSON {
  /** Name of the model. */
  id: string;
  /** Where the figures come from and since when they hold. Carried. */
  title?: string;
  /** Of the calibration. Carried. */
  version?: string;
  /** Day since which the figures hold. Carried. */
  asOf?: string;
  /** Where they were read. Carried. */
  source?: string;
  /** Lengths such as `2w`, `1m`, `30y`. */
  tenors: readonly string[];
  /** Symmetric, 1 on the diagonal, positive semi-definite. */
  tenorCorrelation: readonly (readonly Decimal[])[];
  /** Names that a `curve` may have; default any. */
  curves?: readonly string[];
  /** Of two curves of one currency; multiplies the tenors' correlation. */
  subCurveCorrelation: Decimal;
  /** Of two currencies; needed where sensitivities have more than one. */
  currencyCorrelation?: Decimal;
  /** Of inflation with every tenor, and of their volatilities. */
  inflationCorrelation?: Decimal;
  /** Of cross-currency basis with every tenor and with inflation. */
  basisCorrelation?: Decimal;
  /** Of the quantile in curvature; default 0.995. */
  confidence?: Decimal;
  /** Correlations that are not semi-definite: refused (default), or squares below 0 count as 0. */
  indefinite?: 'refuse' | 'floor';
  /** At least one; the first is the default. */
  horizons: readonly HorizonJSON[];
}

/**
 * A sensitivity. Amounts are in the currency of the margin, one for all rows; rows of the same risk factor are netted.
 * `delta`: change of value for one basis point at a tenor of a curve; `inflation`, `basis`: the same for the inflation rates
 * of a currency and its cross-currency basis spread; `vega`, `inflationVega`: vega times volatility, by expiry.
 */
export type SensitivityJSON =
  | { kind: 'delta'; currency: string; tenor: string; curve: string; amount: Decimal }
  | { kind: 'inflation' | 'basis'; currency: string; amount: Decimal }
  | { kind: 'vega' | 'inflationVega'; currency: string; tenor: string; amount: Decimal };

/** Part of a margin that a row makes, or that no row makes alone. */
export interface SensitivityComponent {
  /** Index of the sensitivity; null: what concentration adds to all of them. */
  row: number | null;
  /** What of the margin it is a part of. */
  part: 'delta' | 'vega' | 'curvature' | 'deltaConcentration' | 'vegaConcentration';
  /** Currency of the rows; below 0: it lessens the margin. */
  amount: number;
}

/** Margin that one of the two parties calls from the other. */
export interface SensitivitySide {
  /** Delta margin with concentration, at least 0. */
  delta: number;
  /** Vega margin with concentration, at least 0. */
  vega: number;
  /** Curvature margin, at least 0. */
  curvature: number;
  /** Root of curvature's quadratic form, before its scale: of one currency K, of several across them. */
  curvatureBucket: number;
  /** delta + vega + curvature. */
  total: number;
  /** `total` is the sum of the components in their order, and the margin up to rounding. */
  attribution: { components: SensitivityComponent[]; total: number };
}

/** A currency: roots of its quadratic forms, and the factors that concentration makes. */
export interface SensitivityBucket {
  /** ISO code. */
  currency: string;
  /** Name of the group whose weights hold. */
  group: string;
  /** Delta of this currency by itself. */
  delta: number;
  /** Vega of this currency by itself. */
  vega: number;
  /** Curvature of this currency by itself, for the party that calls. */
  curvature: number;
  /** Factor of its delta, at least 1. */
  deltaConcentration: number;
  /** Factor of its vega, at least 1. */
  vegaConcentration: number;
}

/** Margin of sensitivities for both parties; currency of the rows. */
export interface SensitivityMargin {
  /** Name of the model. */
  model: string;
  /** Of the model; null where it says none. */
  version: string | null;
  /** Horizon that the figures are of. */
  horizonDays: number;
  /** Of the party whose sensitivities they are: what it calls from the other. */
  call: SensitivitySide;
  /** What it posts: the same with all signs turned, which changes curvature alone. */
  post: SensitivitySide;
  /** By currency, in alphabetical order. */
  buckets: SensitivityBucket[];
}

/** Margin without and with some sensitivities; `incremental` is with minus without. */
export interface SensitivityWhatIf {
  /** Without the added rows. */
  before: SensitivityMargin;
  /** With them. */
  after: SensitivityMargin;
  /** after - before, by party and part; negative: they lessen the margin. */
  incremental: Record<'call' | 'post', Record<'delta' | 'vega' | 'curvature' | 'total', number>>;
}
