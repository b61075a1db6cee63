// Derive's second portfolio risk manager (PMRM_2): one underlying an account, options repriced by Black-76, scenarios with
// dampened tails and two skews, static discounts, contingencies. Source: derivexyz/v2-core @7736900d PMRM_2.sol, PMRMLib_2.sol.

import type { ModelJSON, PartJSON, ScenarioJSON, VolatilityMoveJSON } from '../types.js';
import { type Check, checked, fields, HEAD, like, listOf, number, text, word } from './options.js';

/** Move of the volatilities in a scenario of Derive's. */
export type DeriveMove = 'Up' | 'Down' | 'None' | 'LINEAR' | 'ABS';
/** Spot multiple, move of the volatilities, dampening. */
export type DeriveScenario = readonly [spotMultiple: number, move: DeriveMove, dampening: number];

/** Parameters by the manager's own names. */
export interface Pmrm2Parameters {
  /** Caps and widths of the two skews, by the contract's names; 1 is a volatility of 100 % of itself. */
  SkewShock: Record<
    | 'LINEAR_SCALE_CAP'
    | 'LINEAR_CBASE'
    | 'ABS_SCALE_CAP'
    | 'ABS_CBASE'
    | 'MIN_K_STAR'
    | 'MIN_WIDTH_SCALE'
    | 'VOL_PARAM_STATIC'
    | 'VOL_PARAM_SCALE',
    number
  >;
  /** Moves of volatility, their exponents, and the time (seconds) below which they grow no more. */
  VolShock: Record<
    'VOLRANGEUP' | 'MIN_VOL_EVAL_SHOCKED' | 'VOLRANGEDOWN' | 'SHORTTERMPOWER' | 'LONGTERMPOWER' | 'DTE_FLOOR',
    number
  >;
  /** Factors of the largest loss by level, and of static discounts. */
  Margin: Record<
    | 'MM_LOSS_FACTOR'
    | 'IM_LOSS_FACTOR'
    | 'SHORT_RATE_MULTSCALE'
    | 'LONG_RATE_MULTSCALE'
    | 'SHORT_RATE_ADDSCALE'
    | 'LONG_RATE_ADDSCALE'
    | 'BASE_STATIC_DISCOUNT'
    | 'BASE_STATIC_DISCOUNT_NEG',
    number
  >;
  /** Moves of the spot that the contingency looks at, its rate, and what a year adds. */
  BasisContingency: Record<
    'SCENARIO_SPOT_UP' | 'SCENARIO_SPOT_DOWN' | 'BASIS_CONT_ADD_FACTOR' | 'BASIS_CONT_MULT_FACTOR',
    number
  >;
  /** Peg of the cash, confidence of feeds, and static rates on perpetuals and naked options. */
  OtherContingency: Record<
    | 'PEG_LOSS_THRESHOLD'
    | 'PEG_LOSS_FACTOR'
    | 'CONF_THRESHOLD'
    | 'CONF_MARGIN'
    | 'MM_PERP_PERCENT'
    | 'IM_PERP_PERCENT'
    | 'MM_OPTION_PERCENT'
    | 'IM_OPTION_PERCENT',
    number
  >;
}

/** As the repository's portfolio cases have them. */
export const pmrm2Parameters: Pmrm2Parameters = {
  SkewShock: {
    LINEAR_SCALE_CAP: 0.15,
    LINEAR_CBASE: -0.05,
    ABS_SCALE_CAP: 0.15,
    ABS_CBASE: -0.05,
    MIN_K_STAR: 0.01,
    MIN_WIDTH_SCALE: 4,
    VOL_PARAM_STATIC: 0.6,
    VOL_PARAM_SCALE: -0.1,
  },
  VolShock: {
    VOLRANGEUP: 0.5,
    MIN_VOL_EVAL_SHOCKED: 0.45,
    VOLRANGEDOWN: 0.275,
    SHORTTERMPOWER: 0.3,
    LONGTERMPOWER: 0.13,
    DTE_FLOOR: 1,
  },
  Margin: {
    MM_LOSS_FACTOR: 0.8,
    IM_LOSS_FACTOR: 1,
    SHORT_RATE_MULTSCALE: 0.5,
    LONG_RATE_MULTSCALE: 1,
    SHORT_RATE_ADDSCALE: 0.08,
    LONG_RATE_ADDSCALE: 0.08,
    BASE_STATIC_DISCOUNT: 0.95,
    BASE_STATIC_DISCOUNT_NEG: 1.04,
  },
  BasisContingency: {
    SCENARIO_SPOT_UP: 1.045,
    SCENARIO_SPOT_DOWN: 0.955,
    BASIS_CONT_ADD_FACTOR: 0.5,
    BASIS_CONT_MULT_FACTOR: 2,
  },
  OtherContingency: {
    PEG_LOSS_THRESHOLD: 0.98,
    PEG_LOSS_FACTOR: 2,
    CONF_THRESHOLD: 0.55,
    CONF_MARGIN: 1,
    MM_PERP_PERCENT: 0.015,
    IM_PERP_PERCENT: 0.005,
    MM_OPTION_PERCENT: 0.003,
    IM_OPTION_PERCENT: 0.002,
  },
};

const REGULAR = [1.135, 1.09, 1.045, 1, 0.955, 0.91, 0.865];

/** 23 regular moves, six dampened tails, two skews. */
export const pmrm2Scenarios: readonly DeriveScenario[] = [
  [1.18, 'Up', 1],
  ...REGULAR.flatMap((x): DeriveScenario[] => [
    [x, 'Down', 1],
    [x, 'None', 1],
    [x, 'Up', 1],
  ]),
  [0.82, 'Up', 1],
  [0.34, 'Up', 0.18 / 3.3],
  [0.67, 'Up', 0.36 / 3.3],
  [1.5, 'Up', 0.072],
  [2, 'Up', 0.036],
  [3, 'Up', 0.018],
  [4, 'Up', 0.012],
  [1, 'LINEAR', 1],
  [1, 'ABS', 1],
];

/** What `presets.derivePmrm` and `presets.derivePmrm2` take. */
export interface DeriveOptions<P> {
  /** Name of the model; default that of the manager. */
  id?: string;
  /** Asset that margin is paid in: no collateral of its own. */
  cash: string;
  /** Asset whose price is the spot: its confidence bounds all others. */
  spot: string;
  /** Asset whose price is that of a dollar of the cash: below its peg initial margin grows. */
  stable: string;
  /** Of the manager; default those of its repository. */
  parameters?: P;
  /** Its table; default that of its repository. */
  scenarios?: readonly DeriveScenario[];
}

const isSkew = (move: DeriveMove): boolean => move === 'LINEAR' || move === 'ABS';

/** A spot multiple as a move: of doubles that are close the difference is exact. */
function scenarioOf([multiple, move, dampening]: DeriveScenario): ScenarioJSON {
  return {
    price: isSkew(move) ? 0 : multiple - 1,
    ...(move === 'None' ? {} : { volatility: move }),
    weight: dampening,
    operation: isSkew(move) ? 'loss' : 'discount',
  };
}

const MOVE = word('Up', 'Down', 'None', 'LINEAR', 'ABS');
const scenario: Check = (value, path) => {
  listOf(() => {}, 3)(value, path);
  const [spot, move, dampening] = value as unknown[];
  number(spot, `${path}[0]`);
  MOVE(move, `${path}[1]`);
  number(dampening, `${path}[2]`);
};

/** What the options of both managers may be. @param parameters - of the manager */
export const deriveOptions = <P extends object>(parameters: P): Check =>
  fields<DeriveOptions<P>>(
    { ...HEAD, spot: text, stable: text, parameters: like(parameters), scenarios: listOf(scenario) },
    ['cash', 'spot', 'stable'],
  );
const OPTIONS = deriveOptions(pmrm2Parameters);

/**
 * The model of PMRM_2.
 * @param options - cash, spot and stable: assets of the book; parameters and scenarios where they differ
 * @example
 * const model = presets.derivePmrm2({ cash: 'USDC', spot: 'BTC', stable: 'USDC/USD' });
 * console.log(model.scenarios?.length); // 33
 */
export function derivePmrm2(options: DeriveOptions<Pmrm2Parameters>): ModelJSON {
  const {
    id = 'derive-pmrm2',
    cash,
    spot,
    stable,
    parameters = pmrm2Parameters,
    scenarios = pmrm2Scenarios,
  } = checked(options, OPTIONS);
  const {
    SkewShock: skew,
    VolShock: vol,
    Margin: margin,
    BasisContingency: basis,
    OtherContingency: other,
  } = parameters;
  const term = { days: 30, floorDays: vol.DTE_FLOOR, short: vol.SHORTTERMPOWER, long: vol.LONGTERMPOWER };
  const skewOf = (cap: number, slope: number, symmetric: boolean): VolatilityMoveJSON => ({
    skew: {
      cap,
      slope,
      width: {
        least: skew.MIN_K_STAR,
        factor: skew.MIN_WIDTH_SCALE,
        level: skew.VOL_PARAM_STATIC,
        rise: skew.VOL_PARAM_SCALE,
      },
      symmetric,
    },
  });
  const confidence = { threshold: other.CONF_THRESHOLD, factor: other.CONF_MARGIN, linked: true, feed: spot };
  const initialOnly = { initial: 1, maintenance: 0 };
  const losses: PartJSON = {
    id: 'loss',
    max: [
      {
        id: 'basis',
        scan: 'basis',
        by: 'expiry',
        expiryFactor: { base: basis.BASIS_CONT_ADD_FACTOR, perYear: basis.BASIS_CONT_MULT_FACTOR },
      },
      { scan: 'scan' },
    ],
    factor: { initial: margin.IM_LOSS_FACTOR, maintenance: margin.MM_LOSS_FACTOR },
    peg: {
      asset: stable,
      threshold: other.PEG_LOSS_THRESHOLD,
      factor: { initial: other.PEG_LOSS_FACTOR, maintenance: 0 },
    },
  };
  return {
    id,
    title: 'Derive PMRM_2',
    version: 'v2-core 7736900d',
    asOf: '2026-11-21',
    source: 'https://github.com/derivexyz/v2-core src/risk-managers/PMRM_2.sol',
    cash,
    volatility: {
      Up: { scale: vol.VOLRANGEUP, least: vol.MIN_VOL_EVAL_SHOCKED, term },
      Down: { scale: -vol.VOLRANGEDOWN, term },
      LINEAR: skewOf(skew.LINEAR_SCALE_CAP, skew.LINEAR_CBASE, false),
      ABS: skewOf(skew.ABS_SCALE_CAP, skew.ABS_CBASE, true),
    },
    scenarios: [
      ...scenarios.map(scenarioOf),
      { id: 'basis up', set: 'basis', price: basis.SCENARIO_SPOT_UP - 1 },
      { id: 'basis down', set: 'basis', price: basis.SCENARIO_SPOT_DOWN - 1 },
    ],
    discount: {
      base: margin.BASE_STATIC_DISCOUNT,
      rateFactor: margin.LONG_RATE_MULTSCALE,
      rateAdd: margin.LONG_RATE_ADDSCALE,
      negative: {
        base: margin.BASE_STATIC_DISCOUNT_NEG,
        rateFactor: margin.SHORT_RATE_MULTSCALE,
        rateAdd: margin.SHORT_RATE_ADDSCALE,
      },
    },
    requirement: {
      sum: [
        losses,
        {
          id: 'perpetuals',
          gross: 'linear',
          factor: { initial: other.IM_PERP_PERCENT + other.MM_PERP_PERCENT, maintenance: other.MM_PERP_PERCENT },
        },
        {
          id: 'naked options',
          netShort: 'options',
          factor: { initial: other.IM_OPTION_PERCENT + other.MM_OPTION_PERCENT, maintenance: other.MM_OPTION_PERCENT },
        },
        { id: 'confidence of perpetuals', gross: 'linear', confidence, factor: initialOnly },
        { id: 'confidence of options', gross: 'options', confidence, factor: initialOnly },
        {
          id: 'confidence of collateral',
          gross: 'collateral',
          at: 'value',
          confidence: { ...confidence, linked: false },
          factor: initialOnly,
        },
      ],
    },
  };
}
