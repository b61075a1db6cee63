// ISDA SIMM 2.6 as data: interest rates, in USD. Figures of ISDA's methodology of that version (effective 2023-12-02) as Open
// Source Risk Engine holds them; what each comes from is in docs/sensitivities.md. ISDA licenses the commercial use of SIMM.
import type { SensitivityModelJSON } from './sensitivity-types.js';

const MILLION = 1e6;
const WELL_TRADED = ['USD', 'EUR', 'GBP'];
const LESS_TRADED = ['AUD', 'CAD', 'CHF', 'DKK', 'HKD', 'KRW', 'NOK', 'NZD', 'SEK', 'SGD', 'TWD'];
const LOW_VOLATILITY = ['JPY'];

/** Basis points, by tenor; ten days. */
const REGULAR = [109, 105, 90, 71, 66, 66, 64, 60, 60, 61, 61, 67];
const LOW = [15, 18, 9, 11, 13, 15, 19, 23, 23, 22, 22, 23];
const HIGH = [163, 109, 87, 89, 102, 96, 101, 97, 97, 102, 106, 101];
/** One day. */
const REGULAR_DAY = [19, 15, 12, 13, 15, 18, 18, 18, 18, 18, 17, 18];
const LOW_DAY = [1.7, 2.9, 1.7, 2, 3.4, 4.8, 5.8, 7.3, 7.8, 7.5, 8, 9];
const HIGH_DAY = [55, 29, 18, 21, 26, 25, 34, 33, 34, 31, 34, 28];

/**
 * ISDA SIMM 2.6, risk class interest rates, ten days and one. Delta, inflation and basis in USD per basis point, vega in
 * USD times volatility. Currencies that are in no list have high volatility.
 * @see docs/sensitivities.md
 */
export const simm26: SensitivityModelJSON = {
  id: 'simm-rates',
  title: 'ISDA SIMM, interest-rate risk class',
  version: '2.6',
  asOf: '2023-12-02',
  source: 'OpenSourceRisk/Engine OREAnalytics/orea/simm: simmconfigurationisdav2_6.cpp, simmconcentrationisdav2_6.cpp',
  tenors: ['2w', '1m', '3m', '6m', '1y', '2y', '3y', '5y', '10y', '15y', '20y', '30y'],
  tenorCorrelation: [
    [1, 0.77, 0.67, 0.59, 0.48, 0.39, 0.34, 0.3, 0.25, 0.23, 0.21, 0.2],
    [0.77, 1, 0.84, 0.74, 0.56, 0.43, 0.36, 0.31, 0.26, 0.21, 0.19, 0.19],
    [0.67, 0.84, 1, 0.88, 0.69, 0.55, 0.47, 0.4, 0.34, 0.27, 0.25, 0.25],
    [0.59, 0.74, 0.88, 1, 0.86, 0.73, 0.65, 0.57, 0.49, 0.4, 0.38, 0.37],
    [0.48, 0.56, 0.69, 0.86, 1, 0.94, 0.87, 0.79, 0.68, 0.6, 0.57, 0.55],
    [0.39, 0.43, 0.55, 0.73, 0.94, 1, 0.96, 0.91, 0.8, 0.74, 0.7, 0.69],
    [0.34, 0.36, 0.47, 0.65, 0.87, 0.96, 1, 0.97, 0.88, 0.81, 0.77, 0.76],
    [0.3, 0.31, 0.4, 0.57, 0.79, 0.91, 0.97, 1, 0.95, 0.9, 0.86, 0.85],
    [0.25, 0.26, 0.34, 0.49, 0.68, 0.8, 0.88, 0.95, 1, 0.97, 0.94, 0.94],
    [0.23, 0.21, 0.27, 0.4, 0.6, 0.74, 0.81, 0.9, 0.97, 1, 0.98, 0.97],
    [0.21, 0.19, 0.25, 0.38, 0.57, 0.7, 0.77, 0.86, 0.94, 0.98, 1, 0.99],
    [0.2, 0.19, 0.25, 0.37, 0.55, 0.69, 0.76, 0.85, 0.94, 0.97, 0.99, 1],
  ],
  curves: ['OIS', 'Libor1m', 'Libor3m', 'Libor6m', 'Libor12m', 'Prime', 'Municipal'],
  subCurveCorrelation: 0.993,
  currencyCorrelation: 0.32,
  inflationCorrelation: 0.24,
  basisCorrelation: 0.04,
  confidence: 0.995,
  horizons: [
    {
      days: 10,
      vegaRiskWeight: 0.23,
      hvr: 0.47,
      inflationRiskWeight: 61,
      basisRiskWeight: 21,
      groups: [
        {
          id: 'regular, well traded',
          currencies: WELL_TRADED,
          riskWeights: REGULAR,
          concentration: { delta: 330 * MILLION, vega: 4900 * MILLION },
        },
        {
          id: 'regular, less traded',
          currencies: LESS_TRADED,
          riskWeights: REGULAR,
          concentration: { delta: 130 * MILLION, vega: 520 * MILLION },
        },
        {
          id: 'low',
          currencies: LOW_VOLATILITY,
          riskWeights: LOW,
          concentration: { delta: 61 * MILLION, vega: 970 * MILLION },
        },
        { id: 'high', riskWeights: HIGH, concentration: { delta: 30 * MILLION, vega: 74 * MILLION } },
      ],
    },
    {
      days: 1,
      vegaRiskWeight: 0.046,
      hvr: 0.51,
      inflationRiskWeight: 15,
      basisRiskWeight: 6,
      groups: [
        { id: 'regular', currencies: [...WELL_TRADED, ...LESS_TRADED], riskWeights: REGULAR_DAY },
        { id: 'low', currencies: LOW_VOLATILITY, riskWeights: LOW_DAY },
        { id: 'high', riskWeights: HIGH_DAY },
      ],
    },
  ],
};
