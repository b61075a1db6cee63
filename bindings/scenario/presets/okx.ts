// OKX portfolio margin by risk unit (an underlying): the worst of a grid (MR1), of a day (MR2) and of an extreme move (MR6), the basis
// (MR4), and a minimum charge in tiers (MR7). Sources: docs.okx.com position builder (2025-01-15), the notices of 2025-01-02 and
// 2021-12-24. Moves of volatility, MR3, MR5 and MR9 are not published: the caller says them, or they are not there.
import type { ModelJSON, PartJSON, ScenarioJSON, VolatilityMoveJSON } from '../types.js';
import { checked, fields, HEAD, listOf, moves, number, object, orNull, rowsOf } from './options.js';
import { type ByUnderlying, complete, withOwn } from './parameters.js';

/** A tier of the minimum charge: the part of it up to `upTo` (USD) counts `rate` times. */
export interface OkxTier {
  /** Minimum charge up to which it holds, numeraire; null: no end. */
  upTo: number | null;
  /** Factor of the charge in this tier. */
  rate: number;
}

/** Figures of an underlying. */
export interface OkxFigures {
  /** Three moves of the price each way (MR1), and the extreme one (MR6). */
  moves: readonly [number, number, number];
  /** Extreme move of the price each way (MR6), a fraction. */
  extreme: number;
  /** Basis (MR4): least rate of a net delta, and that of a year. */
  least: number;
  /** Rate of a net delta for each year to expiry (MR4). */
  perYear: number;
  /** Minimum charge (MR7) of perpetuals and futures, a share of what they are worth, and its tiers. */
  charge: number;
  /** Marginal factors of the minimum charge. */
  tiers: readonly OkxTier[];
}

const tiersOf = (...bounds: number[]): OkxTier[] =>
  [...bounds, null].map((upTo, i) => ({ upTo, rate: [1, 2, 4, 6, 8, 10, 12][i] ?? 12 }));

/** Tiers of BTC and ETH since 2025-01-15, and before. */
export const okxTiers: readonly OkxTier[] = tiersOf(250_000, 500_000, 1_000_000, 2_000_000, 3_000_000, 4_000_000);
export const okxTiersBefore: readonly OkxTier[] = tiersOf(10_000, 70_000, 170_000, 300_000, 470_000, 700_000);

type Known = Partial<OkxFigures>;
const MAJOR: Known = { moves: [0.04, 0.08, 0.12], extreme: 0.24, perYear: 0.05, tiers: okxTiers };
const MIDDLE: Known = { moves: [0.06, 0.12, 0.18], extreme: 0.36, perYear: 0.15 };
const OTHER: Known = { moves: [0.08, 0.16, 0.25], extreme: 0.5, perYear: 0.3 };
/** In the middle group for one of the moves only. */
const GRID_ONLY: Known = { ...OTHER, moves: [0.06, 0.12, 0.18] };
const EXTREME_ONLY: Known = { ...MIDDLE, moves: [0.08, 0.16, 0.25] };

/** Figures since 2025-01-06. Least rates and charges are those that the position builder's answers show (BTC, LTC). */
export const okxFigures: ByUnderlying<Known> = {
  BTC: { ...MAJOR, least: 0.002, charge: 0.0045 },
  ETH: MAJOR,
  LTC: { ...MIDDLE, least: 0.008, charge: 0.007 },
  BCH: MIDDLE,
  ADA: MIDDLE,
  XRP: MIDDLE,
  ...Object.fromEntries(['EOS', 'OKB', 'DOT', 'BSV', 'LINK', 'FIL', 'TRX', 'UNI'].map((name) => [name, GRID_ONLY])),
  ...Object.fromEntries(['SOL', 'DOGE', 'PEPE', 'BNB', 'SHIB', 'ORDI', 'WLD'].map((name) => [name, EXTREME_ONLY])),
  '*': OTHER,
};

/** What `presets.okx` takes. */
export interface OkxOptions {
  /** Name of the model; default `okx`. */
  id?: string;
  /** Asset that margin is paid in: no collateral of its own. Default none. */
  cash?: string;
  /** Moves of volatility up and down (MR1); null: accounts hold no options. */
  volatility: { up: VolatilityMoveJSON; down: VolatilityMoveJSON } | null;
  /**
   * Figures by underlying where they differ, and those that are not published: `*` has to say least, charge and tiers. An underlying
   * without them has those of `*`.
   */
  underlyings: ByUnderlying<Partial<OkxFigures>>;
  /** Minimum charge of short options, a share of the spot (MR7); 0: not counted. */
  shortOptionCharge: number;
  /** Days of which the loss is MR2; the page says that it is the time value of money. */
  thetaDays?: number;
  /** Parts that are added to MR4 in each risk unit: MR3, MR5. */
  more?: readonly PartJSON[];
  /** Share of the extreme loss that counts. */
  extremeFactor?: number;
  /** Initial over maintenance margin. */
  initialFactor?: number;
}

const KEYS = ['moves', 'extreme', 'least', 'perYear', 'charge', 'tiers'] as const;

/** Seven prices by three volatilities, the extreme moves, and a day. */
function table(options: boolean, thetaDays: number): ScenarioJSON[] {
  const volatilities = options ? ([undefined, 'down', 'up'] as const) : [undefined];
  const moves = ['-3', '-2', '-1', '', '+1', '+2', '+3'];
  return [
    ...moves.flatMap((name) =>
      volatilities.map((volatility) => ({
        set: 'mr1',
        ...(name === '' ? {} : { price: Math.sign(Number(name)), range: `move${name.slice(1)}` }),
        ...(volatility ? { volatility } : {}),
      })),
    ),
    { set: 'mr6', price: 1, range: 'extreme' },
    { set: 'mr6', price: -1, range: 'extreme' },
    { set: 'mr2', days: thetaDays },
  ];
}

/** Tables of tiers and the underlyings that have each: 1 under its name, 0 under the others. */
function tierGroups(rows: ByUnderlying<OkxFigures>): { name: string; tiers: readonly OkxTier[] }[] {
  const texts = [...new Set(Object.values(rows).map(({ tiers }) => JSON.stringify(tiers)))];
  return texts.map((text, i) => ({ name: `tiers${i + 1}`, tiers: JSON.parse(text) as OkxTier[] }));
}

const FIGURES = fields<OkxFigures>({
  moves: listOf(number, 3),
  extreme: number,
  least: number,
  perYear: number,
  charge: number,
  tiers: listOf(fields<OkxTier>({ upTo: orNull(number), rate: number }, ['upTo', 'rate'])),
});
const OPTIONS = fields<OkxOptions>(
  {
    ...HEAD,
    volatility: moves,
    underlyings: rowsOf(FIGURES),
    shortOptionCharge: number,
    thetaDays: number,
    more: listOf(object),
    extremeFactor: number,
    initialFactor: number,
  },
  ['volatility', 'underlyings', 'shortOptionCharge'],
);

/**
 * The model of OKX.
 * @param options - volatility, shortOptionCharge and the figures of `*`, which are not published
 * @throws MarginError missing-key, with the figure that nobody has said
 * @example
 * const model = presets.okx({ volatility: null, shortOptionCharge: 0, underlyings: { '*': { least: 0.008, charge: 0.007,
 *   tiers: [{ upTo: null, rate: 1 }] } } });
 * console.log(scenarioTable(model, 'BTC').map(({ move }) => move)); // [ -0.12, -0.08, -0.04, 0, 0.04, 0.08, 0.12, 0.24, -0.24, 0 ]
 */
export function okx(options: OkxOptions): ModelJSON {
  const {
    id = 'okx',
    cash,
    volatility,
    underlyings,
    shortOptionCharge,
    thetaDays = 1,
    more = [],
    extremeFactor = 0.5,
    initialFactor = 1.3,
  } = checked(options, OPTIONS);
  const unpublished = { '*': {}, ...underlyings }['*'] as Known;
  const known = withOwn<Known>(okxFigures, underlyings);
  const filled = Object.fromEntries(Object.entries(known).map(([name, row]) => [name, { ...unpublished, ...row }]));
  const rows = complete<OkxFigures>(filled, KEYS, 'underlyings');
  const groups = tierGroups(rows);
  const minimum = (name: string): PartJSON => ({
    sum: [
      { gross: 'linear', factor: 'charge' },
      ...(shortOptionCharge === 0 ? [] : [{ short: 'options' as const, factor: shortOptionCharge }]),
    ],
    factor: name,
  });
  return {
    id,
    title: 'OKX portfolio margin',
    version: 'risk units, parameters of 2025-01',
    asOf: '2025-01-21',
    source: 'https://www.okx.com/help/portfolio-margin-mode-cross-margin-trading-risk-unit-merge',
    ...(cash === undefined ? {} : { cash }),
    ...(volatility ? { volatility } : { options: false }),
    scenarios: table(volatility !== null, thetaDays),
    parameters: Object.fromEntries(
      Object.entries(rows).map(([name, { moves, tiers, extreme, least, perYear, charge }]) => [
        name,
        {
          move1: moves[0],
          move2: moves[1],
          move3: moves[2],
          extreme,
          least,
          perYear,
          charge,
          ...Object.fromEntries(
            groups.map((group) => [group.name, JSON.stringify(group.tiers) === JSON.stringify(tiers) ? 1 : 0]),
          ),
        },
      ]),
    ),
    requirement: {
      id: 'risk units',
      each: {
        max: [
          {
            id: 'risk',
            sum: [
              {
                max: [
                  { id: 'mr1', scan: 'mr1' },
                  { id: 'mr2', scan: 'mr2' },
                  { id: 'mr6', scan: 'mr6', factor: extremeFactor },
                ],
              },
              { id: 'mr4', roll: { least: 'least', perYear: 'perYear' } },
              ...more,
            ],
          },
          {
            id: 'mr7',
            sum: groups.map(({ name, tiers }) => ({ tiers: [...tiers], of: minimum(name) })),
          },
        ],
      },
      factor: { initial: initialFactor, maintenance: 1 },
    },
  };
}
