// Paradex portfolio margin: 24 weighted scenarios or a minimum on deltas, whichever is larger, by underlying. Source:
// https://github.com/tradeparadex/paradex-docs docs/pages/risk-system/portfolio-margin.mdx @f0ba8b68; the first table, with one set of
// figures, is https://docs.paradex.trade/risk/portfolio-margin before it.
import type { ModelJSON, PartJSON, ScenarioJSON } from '../types.js';
import { checked, fields, HEAD, like, listOf, number, object, rowsOf, word } from './options.js';
import { type ByUnderlying, parametersOf, withOwn } from './parameters.js';

/** Figures of an underlying, as the pages print them. */
export interface ParadexFigures {
  /** Moves of the spot in the rows of +100, 75, 50 and 25 % of the range, then of -25 to -100 %. */
  moves: readonly [number, number, number, number, number, number, number, number];
  /** Move of volatilities up, a share of them. */
  up: number;
  /** Move of volatilities down, a share of them; below 0. */
  down: number;
  /** Least volatility after a move up; 0: none. */
  leastVolatility: number;
  /** Weights of the tails. */
  weights: readonly number[];
  /** Unhedged and hedged margin factor. */
  unhedged: number;
  /** Rate of the hedged delta, a share of its value. */
  hedged: number;
}

export const paradexTails: readonly number[] = [-0.66, -0.33, 0.5, 1, 2, 3, 4, 5];

/** Moves of rows that are quarters of one range. */
const quarters = (range: number): ParadexFigures['moves'] => [
  range,
  0.75 * range,
  0.5 * range,
  0.25 * range,
  -0.25 * range,
  -0.5 * range,
  -0.75 * range,
  -range,
];

/** Kinds of underlying share volatilities and margin factors. */
const CALM = { up: 0.4, down: -0.22, leastVolatility: 0.4, unhedged: 0.002, hedged: 0.001 };
const LIVELY = { up: 0.64, down: -0.352, leastVolatility: 0.6, unhedged: 0.003, hedged: 0.0015 };
const WILD = { up: 0.96, down: -0.528, leastVolatility: 0.9, unhedged: 0.005, hedged: 0.0025 };

const BTC: ParadexFigures = {
  ...CALM,
  moves: quarters(0.14),
  weights: [0.1061, 0.2121, 0.14, 0.07, 0.0175, 0.0078, 0.0044, 0.0028],
};
/** The upper half of its table is printed with other moves than the lower. */
const US100: ParadexFigures = {
  ...CALM,
  moves: [0.14, 0.105, 0.08, 0.04, -0.04, -0.08, -0.12, -0.16],
  weights: [0.18, 0.36, 0.24, 0.12, 0.06, 0.04, 0.03, 0.024],
};
const ZEC: ParadexFigures = {
  ...WILD,
  moves: quarters(0.56),
  weights: [0.42, 0.84, 0.56, 0.28, 0.07, 0.031, 0.018, 0.011],
};

/** By underlying; others have the widest figures. */
export const paradexFigures: ByUnderlying<ParadexFigures> = {
  BTC,
  US500: BTC,
  ETH: {
    ...CALM,
    moves: quarters(0.16),
    weights: [0.1212, 0.2424, 0.16, 0.08, 0.02, 0.0089, 0.005, 0.0032],
  },
  HYPE: { ...LIVELY, moves: quarters(0.28), weights: [0.21, 0.42, 0.28, 0.14, 0.035, 0.0156, 0.0088, 0.0056] },
  META: { ...LIVELY, moves: quarters(0.28), weights: [0.2121, 0.4242, 0.28, 0.14, 0.035, 0.0156, 0.0088, 0.0056] },
  SOL: { ...LIVELY, moves: quarters(0.24), weights: [0.1818, 0.3636, 0.24, 0.12, 0.03, 0.0133, 0.0075, 0.0048] },
  SPCX: { ...LIVELY, moves: quarters(0.35), weights: [0.2652, 0.5303, 0.35, 0.175, 0.0438, 0.0194, 0.0109, 0.007] },
  ZEC,
  CL: { ...WILD, moves: quarters(0.47), weights: [0.3561, 0.7121, 0.47, 0.235, 0.0587, 0.0261, 0.0147, 0.0094] },
  US100,
  XAU: US100,
  '*': ZEC,
};

/** The figures of the first page, for every underlying. */
export const paradexFirst: ByUnderlying<ParadexFigures> = {
  '*': {
    moves: quarters(0.16),
    up: 0.4,
    down: -0.22,
    leastVolatility: 0,
    weights: [0.24, 0.48, 0.32, 0.16, 0.08, 0.0533, 0.04, 0.032],
    unhedged: 0.02,
    hedged: 0.01,
  },
};

/** Spot move, volatility move at 30 days, weight. */
export type ParadexScenario = readonly [spot: number, volatility: number, weight: number];

/** What `presets.paradex` takes. */
export interface ParadexOptions {
  /** Name of the model; default `paradex`. */
  id?: string;
  /** Asset that margin is paid in: no collateral of its own. Default none. */
  cash?: string;
  /** Figures of today (default), or of the page before. */
  version?: 'current' | 'first';
  /** Figures by underlying where they differ. */
  underlyings?: ByUnderlying<Partial<ParadexFigures>>;
  /** A table in place of the 24 rows, for all underlyings. */
  scenarios?: readonly ParadexScenario[];
  /** Exponents below and from 30 days on. */
  vegaPower?: { dteBelow30: number; dteFrom30: number };
  /** Days to expiry below which moves of volatility grow no more. */
  dteFloor?: number;
  /** Maintenance as a share of the initial requirement. */
  maintenanceFactor?: number;
  /** Rate of the fee provision, a share of what perpetuals are worth, in both requirements; its formula is not published. */
  feeProvision?: number;
  /** Parts that are added to both requirements, as a funding provision is. */
  provisions?: readonly PartJSON[];
}

const MOVE_NAMES = ['+100', '+75', '+50', '+25', '-25', '-50', '-75', '-100'] as const;

/** The 16 rows by quarters of the range; the outermost have volatilities up only. */
function rows(tails: readonly number[]): ScenarioJSON[] {
  const row = (range: string | undefined, volatility: 'up' | 'down'): ScenarioJSON => ({
    ...(range === undefined ? {} : { price: 1, range }),
    volatility,
  });
  const both = (range: string | undefined): ScenarioJSON[] => [row(range, 'up'), row(range, 'down')];
  return [
    row('+100', 'up'),
    ...['+75', '+50', '+25', undefined, '-25', '-50', '-75'].flatMap(both),
    row('-100', 'up'),
    ...tails.map((price, i) => ({ price, volatility: 'up', weight: `weight ${i + 17}` })),
  ];
}

/** A table by the caller: one move of volatility for each size. */
function ownTable(scenarios: readonly ParadexScenario[], term: object): Pick<ModelJSON, 'volatility' | 'scenarios'> {
  const sizes = [...new Set(scenarios.map(([, size]) => size))].filter((size) => size !== 0);
  return {
    volatility: Object.fromEntries(sizes.map((size) => [`${size}`, { scale: size, term }])) as never,
    scenarios: scenarios.map(([price, size, weight]) => ({
      price,
      weight,
      ...(size === 0 ? {} : { volatility: `${size}` }),
    })),
  };
}

/** The minimum on deltas, a part of the requirement. */
export const paradexMinimumDelta = (net: number | string, hedged: number | string): PartJSON => ({
  id: 'minimum delta',
  delta: { net, hedged },
});

const FIGURES = fields<ParadexFigures>({
  moves: listOf(number, MOVE_NAMES.length),
  up: number,
  down: number,
  leastVolatility: number,
  weights: listOf(number, paradexTails.length),
  unhedged: number,
  hedged: number,
});
const OPTIONS = fields<ParadexOptions>({
  ...HEAD,
  version: word('current', 'first'),
  underlyings: rowsOf(FIGURES),
  scenarios: listOf(listOf(number, 3)),
  vegaPower: like({ dteBelow30: 0, dteFrom30: 0 }),
  dteFloor: number,
  maintenanceFactor: number,
  feeProvision: number,
  provisions: listOf(object),
});

/**
 * The model of Paradex. Positions of one underlying offset one another, underlyings do not.
 * @param options - version, figures by underlying, provisions
 * @example
 * const model = presets.paradex();
 * console.log(model.scenarios?.length, scenarioTable(model, 'SOL')[0]?.move); // 24 0.24
 */
export function paradex(options: ParadexOptions = {}): ModelJSON {
  const {
    id = 'paradex',
    cash,
    version = 'current',
    underlyings,
    scenarios,
    vegaPower = { dteBelow30: 0.3, dteFrom30: 0.13 },
    dteFloor = 1,
    maintenanceFactor = 0.5,
    feeProvision = 0,
    provisions = [],
  } = checked(options, OPTIONS);
  const first = version === 'first';
  const term = { days: 30, floorDays: dteFloor, short: vegaPower.dteBelow30, long: vegaPower.dteFrom30 };
  const fees: PartJSON[] =
    feeProvision === 0 ? [] : [{ id: 'fee provision', gross: 'linear', at: 'value', factor: feeProvision }];
  const net: PartJSON = {
    id: 'net requirement',
    // A minimum of 0 or more stands beside the scan, so gains in every scenario are cut off there.
    max: [{ id: 'scan', scan: 'scan', signed: true }, paradexMinimumDelta('unhedged', 'hedged')],
    factor: { initial: 1, maintenance: maintenanceFactor },
  };
  return {
    id,
    title: 'Paradex portfolio margin',
    version: first ? 'one table for all, minimum delta 2 % and 1 %' : 'paradex-docs f0ba8b68',
    asOf: '2026-11-21',
    source: first
      ? 'https://docs.paradex.trade/risk/portfolio-margin'
      : 'https://github.com/tradeparadex/paradex-docs docs/pages/risk-system/portfolio-margin.mdx',
    ...(cash === undefined ? {} : { cash }),
    volatility: {
      up: { scale: 1, range: 'up', least: 'leastVolatility', term },
      down: { scale: 1, range: 'down', term },
    },
    scenarios: rows(paradexTails),
    ...(scenarios ? ownTable(scenarios, term) : {}),
    parameters: parametersOf(withOwn(first ? paradexFirst : paradexFigures, underlyings), (row) => ({
      ...Object.fromEntries(MOVE_NAMES.map((name, i) => [name, row.moves[i] ?? 0])),
      ...Object.fromEntries(paradexTails.map((_, i) => [`weight ${i + 17}`, row.weights[i] ?? 0])),
      up: row.up,
      down: row.down,
      leastVolatility: row.leastVolatility,
      unhedged: row.unhedged,
      hedged: row.hedged,
    })),
    requirement: { each: { sum: [net, ...fees, ...provisions] } },
  };
}
