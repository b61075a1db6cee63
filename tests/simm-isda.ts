// ISDA's own unit tests of SIMM 2.5A, interest-rate class, as OpenSourceRisk/Engine holds them in OREAnalytics/test/input/
// simmisdaunittests: sensitivities of 2.5/sensitivity_inputs.csv, results of 2.5A/sensitivity_combinations_10.csv and _1.csv; and
// the model of that version (simmconfigurationisdav2_5a.cpp, simmconcentrationisdav2_5a.cpp).
import type { SensitivityJSON, SensitivityModelJSON } from '../bindings/scenario/sensitivities.js';

const WELL = ['USD', 'EUR', 'GBP'];
const LESS = ['AUD', 'CAD', 'CHF', 'DKK', 'HKD', 'KRW', 'NOK', 'NZD', 'SEK', 'SGD', 'TWD'];
const REGULAR = [109, 105, 90, 71, 66, 66, 64, 60, 60, 61, 61, 67];
const MILLION = 1e6;

export const simm25a: SensitivityModelJSON = {
  id: 'simm-rates',
  version: '2.5A',
  asOf: '2023-07-15',
  tenors: ['2w', '1m', '3m', '6m', '1y', '2y', '3y', '5y', '10y', '15y', '20y', '30y'],
  tenorCorrelation: [
    [1, 0.74, 0.63, 0.55, 0.45, 0.36, 0.32, 0.28, 0.23, 0.2, 0.18, 0.16],
    [0.74, 1, 0.8, 0.69, 0.52, 0.41, 0.35, 0.29, 0.24, 0.18, 0.17, 0.16],
    [0.63, 0.8, 1, 0.85, 0.67, 0.53, 0.45, 0.39, 0.32, 0.24, 0.22, 0.22],
    [0.55, 0.69, 0.85, 1, 0.83, 0.71, 0.62, 0.54, 0.45, 0.36, 0.35, 0.33],
    [0.45, 0.52, 0.67, 0.83, 1, 0.94, 0.86, 0.78, 0.65, 0.58, 0.55, 0.53],
    [0.36, 0.41, 0.53, 0.71, 0.94, 1, 0.95, 0.89, 0.78, 0.72, 0.68, 0.67],
    [0.32, 0.35, 0.45, 0.62, 0.86, 0.95, 1, 0.96, 0.87, 0.8, 0.77, 0.74],
    [0.28, 0.29, 0.39, 0.54, 0.78, 0.89, 0.96, 1, 0.94, 0.89, 0.86, 0.84],
    [0.23, 0.24, 0.32, 0.45, 0.65, 0.78, 0.87, 0.94, 1, 0.97, 0.95, 0.94],
    [0.2, 0.18, 0.24, 0.36, 0.58, 0.72, 0.8, 0.89, 0.97, 1, 0.98, 0.98],
    [0.18, 0.17, 0.22, 0.35, 0.55, 0.68, 0.77, 0.86, 0.95, 0.98, 1, 0.99],
    [0.16, 0.16, 0.22, 0.33, 0.53, 0.67, 0.74, 0.84, 0.94, 0.98, 0.99, 1],
  ],
  curves: ['OIS', 'Libor1m', 'Libor3m', 'Libor6m', 'Libor12m', 'Prime', 'Municipal'],
  subCurveCorrelation: 0.99,
  currencyCorrelation: 0.24,
  inflationCorrelation: 0.37,
  basisCorrelation: 0.01,
  horizons: [
    {
      days: 10,
      vegaRiskWeight: 0.18,
      hvr: 0.44,
      inflationRiskWeight: 63,
      basisRiskWeight: 21,
      groups: [
        {
          id: 'well',
          currencies: WELL,
          riskWeights: REGULAR,
          concentration: { delta: 230 * MILLION, vega: 3300 * MILLION },
        },
        {
          id: 'less',
          currencies: LESS,
          riskWeights: REGULAR,
          concentration: { delta: 44 * MILLION, vega: 470 * MILLION },
        },
        {
          id: 'low',
          currencies: ['JPY'],
          riskWeights: [15, 18, 9, 11, 13, 15, 19, 23, 23, 22, 22, 23],
          concentration: { delta: 70 * MILLION, vega: 570 * MILLION },
        },
        {
          id: 'high',
          riskWeights: [163, 109, 87, 89, 102, 96, 101, 97, 97, 102, 106, 101],
          concentration: { delta: 33 * MILLION, vega: 120 * MILLION },
        },
      ],
    },
    {
      days: 1,
      vegaRiskWeight: 0.047,
      hvr: 0.51,
      inflationRiskWeight: 15,
      basisRiskWeight: 5.9,
      groups: [
        {
          id: 'regular',
          currencies: [...WELL, ...LESS],
          riskWeights: [19, 15, 12, 13, 15, 18, 18, 18, 18, 18, 17, 18],
        },
        { id: 'low', currencies: ['JPY'], riskWeights: [1.7, 2.9, 1.7, 2, 3.4, 4.8, 5.8, 7.3, 7.8, 7.5, 8, 9] },
        { id: 'high', riskWeights: [55, 29, 18, 21, 26, 25, 34, 33, 34, 31, 34, 28] },
      ],
    },
  ],
};

/** `currency tenor curve millions`, with the kind in front where it is not delta or vega. */
function read(text: string, kind: 'delta' | 'vega'): SensitivityJSON[] {
  const lines = text.trim().split(/\s*\n\s*/);
  return lines.map((line) => {
    const words = line.split(' ');
    const amount = Number(words.pop()) * MILLION;
    const [a = '', b = '', c = ''] = words;
    if (a === 'inflation' || a === 'basis') return { kind: a, currency: b, amount };
    if (a === 'inflationVega') return { kind: a, currency: b, tenor: c, amount };
    return kind === 'vega'
      ? { kind, currency: a, tenor: b, amount }
      : { kind, currency: a, tenor: b, curve: c, amount };
  });
}

/** S_IR_1 to S_IR_46. Those from 41 on are of the product class Credit. */
export const deltas = read(
  `USD 2w OIS 4
  USD 3m Municipal -3
  USD 1y Municipal 2
  USD 1y Prime 3
  USD 1y Prime -1
  EUR 3y Libor3m -2
  EUR 3y Libor6m 5
  EUR 5y Libor12m 10
  EUR 5y Libor12m 25
  EUR 10y Libor12m 35
  AUD 1m Libor3m 2
  AUD 6m Libor3m 3
  AUD 2y Libor3m -2
  CHF 15y Libor6m -4
  CHF 20y Libor6m 10
  CHF 30y Libor6m 18
  inflation CHF -10
  basis CHF 30
  JPY 2w Libor1m -1
  JPY 1m Libor1m -1.5
  JPY 3m Libor3m 1.5
  JPY 6m Libor3m 2
  JPY 1y Libor6m 3
  JPY 2y Libor6m 4
  JPY 3y Libor6m 5
  JPY 5y Libor12m 20
  JPY 10y Libor12m 30
  JPY 15y Libor12m -1
  JPY 20y Libor12m -2
  JPY 30y Libor12m 3
  inflation JPY 5
  basis JPY 0.5
  CNY 2w OIS 1
  CNY 1m OIS 1.5
  CNY 3m Libor1m -0.5
  CNY 6m Libor3m -1
  MXN 1y Libor6m 9
  MXN 2y Libor12m 10
  MXN 3y OIS -0.5
  MXN 5y OIS -1
  BRL 10y Libor6m 14
  BRL 15y Libor6m 30
  BRL 20y Libor12m -0.8
  BRL 30y Libor12m -0.8
  inflation BRL 2
  basis BRL -1`,
  'delta',
);

/** S_IRV_1 to S_IRV_22. */
export const vegas = read(
  `USD 30y 700
  JPY 20y 200
  CAD 15y 250
  JPY 10y 200
  INR 5y 80
  EUR 3y 50
  CNY 2y 50
  RUB 1y 20
  USD 6m 100
  JPY 3m 100
  CAD 1m 100
  JPY 2w 100
  EUR 30y -100
  EUR 2y -100
  JPY 15y -100
  inflationVega USD 30y 80
  inflationVega JPY 20y 40
  inflationVega CAD 20y 20
  inflationVega CAD 10y 10
  inflationVega INR 5y 10
  inflationVega USD 2w -80
  inflationVega CAD 30y -10`,
  'vega',
);

/** Results of C1 to C46, one sensitivity each, at ten days and at one. */
export const singles: readonly (readonly [tenDays: number, oneDay: number])[] = [
  [436e6, 76e6],
  [270e6, 36e6],
  [132e6, 30e6],
  [198e6, 45e6],
  [66e6, 15e6],
  [128e6, 36e6],
  [320e6, 90e6],
  [600e6, 180e6],
  [1500e6, 450e6],
  [2100e6, 630e6],
  [210e6, 30e6],
  [213e6, 39e6],
  [132e6, 36e6],
  [244e6, 72e6],
  [610e6, 170e6],
  [1206e6, 324e6],
  [630e6, 150e6],
  [630e6, 177e6],
  [15e6, 1.7e6],
  [27e6, 4.35e6],
  [13.5e6, 2.55e6],
  [22e6, 4e6],
  [39e6, 10.2e6],
  [60e6, 19.2e6],
  [95e6, 29e6],
  [460e6, 146e6],
  [690e6, 234e6],
  [22e6, 7.5e6],
  [44e6, 16e6],
  [69e6, 27e6],
  [315e6, 75e6],
  [10.5e6, 2.95e6],
  [163e6, 55e6],
  [163.5e6, 43.5e6],
  [43.5e6, 9e6],
  [89e6, 21e6],
  [918e6, 234e6],
  [960e6, 250e6],
  [50.5e6, 17e6],
  [97e6, 33e6],
  [1358e6, 476e6],
  [3060e6, 930e6],
  [84.8e6, 27.2e6],
  [80.8e6, 22.4e6],
  [126e6, 30e6],
  [21e6, 5.9e6],
];

/** Delta of combinations: the test, its sensitivities (as often as they are named), ten days, one day. */
export const combinations: readonly [test: string, rows: number[], tenDays: number, oneDay: number][] = [
  ['C47', [8, 9], 2_100_000_000, 630_000_000],
  ['C48', [4, 5], 132_000_000, 30_000_000],
  ['C49', [8, 9, 10, 8, 9, 10, 8, 9, 10, 8, 9, 10, 8, 9, 10], 25_513_807_003.77909, 6_204_780_415.131546],
  ['C50', [14, 15, 16, 14, 15, 16, 14, 15, 16], 6_036_401_573.484292, 1_267_140_907.7131083],
  ['C51', [14, 15, 16, 14, 15, 16, 14, 15, 16, 17, 18], 5_412_628_413.476314, 1_234_058_232.0133843],
  ['C52', [26, 27, 28, 26, 27, 28, 26, 27, 28], 4_836_061_153.4594965, 1_102_281_692.6720684],
  ['C53', [26, 27, 28, 26, 27, 28, 26, 27, 28, 31, 32], 5_110_043_111.476392, 1_132_585_643.560786],
  ['C54', [41, 42, 43, 44], 4_794_710_441.345053, 1_348_709_702.3155131],
  ['C55', [41, 42, 43, 44, 45, 46], 4_962_537_603.43011, 1_360_110_714.581721],
  ['C56', [3, 4], 329_207_047.312174, 74_819_783.48003955],
  ['C57', [6, 7], 194_121_611.36771968, 54_596_703.19717117],
  ['C58', [2, 5], 317_641_326.0266995, 47_300_782.23454661],
  ['C59', [11, 12], 388_839_812.77641827, 63_526_372.47631884],
  ['C60', [12, 13], 151_222_617.35600266, 28_693_553.282924023],
  ['C61', [19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30], 1_306_724_705.6285422, 428_885_829.4476515],
  ['C62', [19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32], 1_455_913_085.07754, 462_774_765.7349091],
  ['C63', [1, 22, 33], 507_530_373.4753222, 105_237_445.80708903],
  ['C64', [1, 19, 33], 496_678_809.6949577, 103_457_208.54536913],
  ['C65', [2, 19, 35], 287_944_525.90733516, 39_650_094.5774408],
  ['C66', [3, 21, 37, 38, 37, 38], 3_994_723_019.942448, 959_347_501.0129212],
];

/** C67: all of them, the sum over both product classes. */
export const allDeltas = [11_604_415_684.974514, 3_263_558_223.225975] as const;

type Two = readonly [vega: number, curvature: number];
/** Vega and curvature: the test, its sensitivities, ten days, one day. */
export const volatilities: readonly [test: string, rows: number[], tenDays: Two, oneDay: Two][] = [
  ['C299', [1], [126e6, 15_335_952.934546554], [32.9e6, 1_141_499.6109681712]],
  ['C300', [2], [36e6, 6_572_551.2576628085], [9.4e6, 489_214.118986359]],
  ['C301', [3], [45e6, 10_954_252.096104683], [11.75e6, 815_356.864977265]],
  ['C302', [4], [36e6, 13_145_102.515325617], [9.4e6, 978_428.237972718]],
  ['C303', [5], [14.4e6, 10_516_082.012260493], [3.76e6, 782_742.5903781743]],
  ['C304', [6], [9e6, 10_954_252.096104683], [2.35e6, 815_356.864977265]],
  ['C305', [7], [9e6, 16_431_378.14415702], [2.35e6, 1_223_035.2974658974]],
  ['C306', [8], [3.6e6, 13_145_102.515325619], [0.94e6, 978_428.237972718]],
  ['C307', [9], [18e6, 131_451_025.15325616], [4.7e6, 9_784_282.37972718]],
  ['C308', [10], [18e6, 262_902_050.30651233], [4.7e6, 19_568_564.75945436]],
  ['C309', [11], [18e6, 788_706_150.9195371], [4.7e6, 58_705_694.27836307]],
  ['C310', [12], [18e6, 1_713_558_006.4620895], [4.7e6, 127_545_109.59287217]],
  ['C311', [13], [18e6, 0], [4.7e6, 0]],
  ['C312', [14], [18e6, 0], [4.7e6, 0]],
  ['C313', [15], [18e6, 0], [4.7e6, 0]],
  ['C314', [16], [14.4e6, 1_752_680.3353767493], [3.76e6, 130_457.09839636243]],
  ['C315', [17], [7.2e6, 1_314_510.2515325616], [1.88e6, 97_842.82379727179]],
  ['C316', [18], [3.6e6, 657_255.1257662808], [0.94e6, 48_921.411898635895]],
  ['C317', [19], [1.8e6, 657_255.1257662808], [0.47e6, 48_921.411898635895]],
  ['C318', [1, 1, 1, 1, 1], [648_810_099.6859909, 76_679_764.67273277], [164.5e6, 5_707_498.054840855]],
  ['C319', [3, 3], [92_827_912.16329141, 21_908_504.192209367], [23.5e6, 1_630_713.72995453]],
  ['C320', [3, 3, 18], [96_131_718.14777136, 22_092_162.003647003], [23_863_784.276597876, 1_644_383.9153810306]],
  ['C321', [2, 2, 2, 2, 2], [238_415_824.2717079, 32_862_756.28831404], [47e6, 2_446_070.594931795]],
  [
    'C322',
    [2, 2, 2, 2, 2, 17],
    [246_901_199.0761956, 33_235_492.261250574],
    [47_727_568.55319575, 2_473_814.4182153447],
  ],
  ['C323', [5, 5], [33_255_375.50532244, 21_032_164.024520986], [7.52e6, 1_565_485.1807563487]],
  ['C324', [5, 5, 20], [35_127_988.84080898, 21_417_029.431828868], [7_706_280.295966401, 1_594_131.833141895]],
  ['C325', [1, 9], [133_029_620.76169352, 135_919_727.5820518], [34_735_512.08777553, 10_116_900.907299204]],
  ['C326', [13, 14], [32_896_200.38849472, 0], [8_589_563.43477362, 0]],
  ['C327', [6, 14], [9_859_006.03509299, 8_425_946.70296905], [2_574_296.0202742806, 627_167.7361379501]],
  ['C328', [2, 15], [18_706_148.721743874, 2_590_105.036267224], [4_884_383.277344234, 192_789.05614045917]],
  ['C329', [2, 15, 17], [22_308_384.07415472, 3_159_335.1709860344], [5_824_966.952695955, 235_158.51176581928]],
  ['C330', [16, 21], [0, 0], [0, 0]],
  ['C331', [19, 22], [0, 438_170.08384418715], [0, 32_614.2745990906]],
  ['C332', [1, 2], [139_101_689.42180392, 17_764_798.869665187], [36_320_996.68235992, 1_322_285.6828785778]],
  ['C333', [1, 5, 5], [136_834_732.4329609, 28_185_944.821513765], [35_464_295.28413049, 2_097_961.9059765725]],
  ['C334', [1, 2, 3], [157_713_284.15831053, 22_719_947.772461154], [41_180_690.86355886, 1_691_111.837273541]],
  [
    'C335',
    Array.from({ length: 22 }, (_, i) => i + 1),
    [192_184_005.04219422, 2_254_360_814.613427],
    [50_181_379.0943507, 167_798_636.5663819],
  ],
];
