// Waterfalls of lending protocols: Maker, Liquity, Euler v2 and Aave with its Umbrella, from their public sources.
import type { Integer } from '../../venues/integer.js';
import type { Ratio } from '../amount.js';
import type { PriceCurve } from '../auction/curve.js';
import type { Stage } from '../stage.js';
import { rulesOf } from './rules.js';

/** Rules of Maker. */
export interface MakerRules {
  /** Collateral in the purse `collateral`; default `ETH`. */
  collateral?: string;
  /** Falling price, RAY minor units for a minor unit; default: 1 % every 90 seconds from 30 % above `price`. */
  curve?: PriceCurve;
  /** Price of the collateral in the debt's asset, minor units for minor units; default `values.collateralPrice` of the event. */
  price?: Ratio | { value: string };
  /** On top of the debt; default 0.13. */
  penalty?: Ratio;
  /** Account of the surplus; default `vow`. */
  surplus?: string;
  /** Governance token, and what is offered at first (minor units); default MKR, 250 with 18 decimals. */
  token?: string;
  /** Tokens that are offered at first, minor units; default 250 with 18 decimals. */
  lot?: Integer;
  /** Most that one debt auction raises, minor units; default: all that is open. */
  sump?: Integer;
}

/** What is sold, and issued, where the rules name nothing else. */
export const COLLATERAL = 'ETH';
export const MAKER_TOKEN = 'MKR';

/** Falling by 1 % every 90 seconds from where the price starts. */
const STAIRS: PriceCurve = { kind: 'stairstep', top: 10n ** 27n, cut: 99n * 10n ** 25n, step: 90 };

/**
 * Maker: a Dutch auction of the collateral, stale after 140 minutes or below 40 % of its top, with a penalty for the surplus, the surplus, and a debt auction of new tokens.
 * @param rules - where the defaults do not fit
 * @returns stages for `run`
 * @see makerdao/dss src/clip.sol, src/vow.sol, src/flop.sol
 * @throws MarginError type, unknown-key where a rule is none of its own
 * @example
 * maker({ curve: { kind: 'linear', top: 10n ** 27n, tau: 3_600 } }).map(({ id }) => id)
 *   // ['collateralAuction', 'surplus', 'debtAuction']
 */
export function maker(rules: MakerRules = {}): Stage[] {
  const {
    collateral = COLLATERAL,
    curve,
    price = { value: 'collateralPrice' },
    penalty = '0.13',
    surplus = 'vow',
    token = MAKER_TOKEN,
    sump,
  } = rulesOf('maker', rules);
  return [
    {
      kind: 'collateral',
      id: 'collateralAuction',
      asset: collateral,
      ...(curve === undefined ? { curve: STAIRS, price, buf: '1.3' } : { curve }),
      reset: { tail: 8_400, cusp: 4n * 10n ** 26n },
      penalty,
      penaltyTo: surplus,
    },
    { id: 'surplus', who: [surplus] },
    {
      kind: 'mint',
      id: 'debtAuction',
      token,
      lot: rules.lot ?? 250n * 10n ** 18n,
      ...(sump === undefined ? {} : { bid: sump }),
    },
  ];
}

/**
 * Liquity v1: the stability pool takes debt and collateral over, what it does not hold is redistributed to all other borrowers by
 * stake, debt and collateral alike. With `lazy` the pool is a product-sum of the state.
 * @param rules - pool: account of the stability pool; collateral: asset in the purse `collateral`; lazy: spread by an index
 * @returns stages for `run`; borrowers have a measure `stake`
 * @see liquity/dev packages/contracts/contracts/TroveManager.sol
 * @throws MarginError type, unknown-key where a rule is none of its own
 * @example
 * liquity().map(({ id }) => id) // ['stabilityPool', 'redistribution']
 */
export function liquity(rules: { pool?: string; collateral?: string; lazy?: boolean } = {}): Stage[] {
  const { pool = 'stabilityPool', collateral = COLLATERAL, lazy = false } = rulesOf('liquity', rules);
  const seize = { asset: collateral };
  return [
    { id: 'stabilityPool', who: [pool], seize, ...(lazy ? { lazy: 'productSum' } : {}) },
    { id: 'redistribution', who: 'survivors', weight: 'stake', overdraft: true, seize, whenEmpty: 'skip' },
  ];
}

/** Rules of Euler. */
export interface EulerRules {
  /** Collateral in the purse `collateral`; default `ETH`. */
  collateral?: string;
  /** Price of the collateral in the debt's asset, minor units for minor units; default `values.collateralPrice` of the event. */
  price?: Ratio | { value: string };
  /** Part of the collateral's value that backs debt, and most that a liquidator gets off; default 0.85 and 0.2. */
  liquidationLtv?: Ratio;
  /** Most that a liquidator gets off, a fraction; default 0.2. */
  maxDiscount?: Ratio;
}

/**
 * Euler v2: liquidators take collateral at the discount of its health; what is left is lost by the depositors, in proportion.
 * @param rules - where the defaults do not fit
 * @returns stages for `run`; depositors have a purse `deposit`
 * @see euler-xyz/euler-vault-kit src/EVault/modules/Liquidation.sol
 * @throws MarginError type, unknown-key where a rule is none of its own
 * @example
 * euler({ price: '1500' }).map(({ id }) => id) // ['liquidation', 'depositors']
 */
export function euler(rules: EulerRules = {}): Stage[] {
  const {
    collateral = COLLATERAL,
    price = { value: 'collateralPrice' },
    liquidationLtv = '0.85',
    maxDiscount = '0.2',
  } = rulesOf('euler', rules);
  return [
    { kind: 'collateral', id: 'liquidation', asset: collateral, health: { price, liquidationLtv, maxDiscount } },
    { id: 'depositors', who: 'survivors', from: 'deposit', round: 'ceilKeep', whenEmpty: 'skip' },
  ];
}

/**
 * Aave with Umbrella: a first part of the deficit is the treasury's, then the stakers of the reserve are slashed in proportion.
 * @param rules - treasury: account; offset: deficit that the treasury bears, minor units; default: nothing
 * @returns stages for `run`; stakers have a purse `stake`
 * @see aave-dao/aave-umbrella src/contracts/umbrella/Umbrella.sol
 * @throws MarginError type, unknown-key where a rule is none of its own
 * @example
 * aave({ offset: 100n }).map(({ id }) => id) // ['deficitOffset', 'umbrella']
 */
export function aave(rules: { treasury?: string; offset?: Integer } = {}): Stage[] {
  const { treasury = 'treasury', offset = 0n } = rulesOf('aave', rules);
  return [
    { id: 'deficitOffset', who: [treasury], capacity: offset },
    { id: 'umbrella', who: 'survivors', from: 'stake', round: 'floorThenId', whenEmpty: 'skip' },
  ];
}
