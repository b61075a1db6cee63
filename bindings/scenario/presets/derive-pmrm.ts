// Derive's first portfolio risk manager (PMRM): a grid of spot and volatility moves, a static discount of what is won, basis and
// naked-option contingencies. Source: derivexyz/v2-core @7736900d PMRM.sol, PMRMLib.sol; figures of scripts/config-mainnet.sol.
import type { ModelJSON } from '../types.js';
import { type DeriveMove, type DeriveOptions, type DeriveScenario, deriveOptions } from './derive-pmrm2.js';
import { checked } from './options.js';

/** Parameters by the manager's own names, in short. */
export interface PmrmParameters {
  /** Moves of the spot that the basis contingency looks at, its factor and what a year adds. */
  basis: { spotUp: number; spotDown: number; add: number; mult: number };
  /** Peg of the cash, confidence of feeds, and static rates on base, perpetuals and naked options. */
  other: {
    pegThr: number;
    pegFac: number;
    confThr: number;
    confMargin: number;
    base: number;
    perp: number;
    opt: number;
  };
  /** Initial over maintenance loss; static discount of gains: its base, factor of the rate, and rate that is added. */
  margin: { imFactor: number; disc: number; rmult: number; radd: number };
  /** Moves of volatility up and down, exponents below and above 30 days, and the time (seconds) below which they grow no more. */
  vol: { up: number; down: number; sp: number; lp: number; floor: number };
}

export const pmrmParameters: PmrmParameters = {
  basis: { spotUp: 1.05, spotDown: 0.95, add: 1, mult: 1.2 },
  other: { pegThr: 0.99, pegFac: 4, confThr: 0.55, confMargin: 1, base: 0.03, perp: 0.03, opt: 0.02 },
  margin: { imFactor: 1.25, disc: 0.95, rmult: 1, radd: 0.12 },
  vol: { up: 0.6, down: 0.3, sp: 0.3, lp: 0.13, floor: 86_400 },
};

const MOVES: readonly DeriveMove[] = ['Up', 'None', 'Down'];

/** 23 scenarios: seven moves of the spot by three of volatility, and one further each way. */
export const pmrmScenarios: readonly DeriveScenario[] = [
  [1.2, 'Up', 1],
  ...[1.15, 1.1, 1.05, 1, 0.95, 0.9, 0.85].flatMap((x) => MOVES.map((move): DeriveScenario => [x, move, 1])),
  [0.8, 'Up', 1],
];

const SECONDS_PER_DAY = 86_400;

const OPTIONS = deriveOptions(pmrmParameters);

/**
 * The model of PMRM.
 * @param options - cash, spot and stable: assets of the book; parameters and scenarios where they differ
 * @example
 * const model = presets.derivePmrm({ cash: 'USDC', spot: 'ETH', stable: 'USDC/USD' });
 * console.log(model.scenarios?.length); // 25
 */
export function derivePmrm(options: DeriveOptions<PmrmParameters>): ModelJSON {
  const {
    id = 'derive-pmrm',
    cash,
    spot,
    stable,
    parameters = pmrmParameters,
    scenarios = pmrmScenarios,
  } = checked(options, OPTIONS);
  const { basis, other, margin, vol } = parameters;
  const term = { days: 30, floorDays: vol.floor / SECONDS_PER_DAY, short: vol.sp, long: vol.lp };
  const confidence = { threshold: other.confThr, factor: other.confMargin, linked: true, feed: spot };
  const initialOnly = { initial: 1, maintenance: 0 };
  return {
    id,
    title: 'Derive PMRM',
    version: 'v2-core 7736900d',
    asOf: '2026-11-21',
    source: 'https://github.com/derivexyz/v2-core src/risk-managers/PMRM.sol',
    cash,
    volatility: { Up: { scale: vol.up, term }, Down: { scale: -vol.down, term } },
    scenarios: [
      ...scenarios.map(([multiple, move, weight]) => ({
        price: multiple - 1,
        ...(move === 'None' ? {} : { volatility: move }),
        weight,
        operation: 'discount' as const,
      })),
      { id: 'basis up', set: 'basis', price: basis.spotUp - 1 },
      { id: 'basis down', set: 'basis', price: basis.spotDown - 1 },
    ],
    discount: { base: margin.disc, rateFactor: margin.rmult, rateAdd: margin.radd },
    requirement: {
      sum: [
        {
          id: 'losses and contingencies',
          sum: [
            {
              id: 'loss',
              max: [
                {
                  id: 'basis',
                  scan: 'basis',
                  by: 'expiry',
                  expiryFactor: { base: basis.add, perYear: basis.mult },
                },
                { scan: 'scan' },
              ],
            },
            { id: 'perpetuals', gross: 'linear', factor: other.perp },
            { id: 'base', gross: 'collateral', factor: other.base },
            { id: 'naked options', netShort: 'options', factor: other.opt },
          ],
          factor: { initial: margin.imFactor, maintenance: 1 },
          peg: { asset: stable, threshold: other.pegThr, factor: { initial: other.pegFac, maintenance: 0 } },
        },
        { id: 'confidence of perpetuals', gross: 'linear', confidence, factor: initialOnly },
        { id: 'confidence of base', gross: 'collateral', confidence, factor: initialOnly },
        { id: 'confidence of options', gross: 'options', confidence, factor: initialOnly },
      ],
    },
  };
}
