// Waterfalls of on-chain derivatives: dYdX v4, Drift v2, Mango v4, Derive v2, Vega and GMX v2, from their public sources.
import type { Integer } from '../../venues/integer.js';
import type { Ratio } from '../amount.js';
import type { DiscountCurve } from '../auction/curve.js';
import type { Stage } from '../stage.js';
import { rulesOf } from './rules.js';

/**
 * dYdX v4: the book, the insurance fund, deleveraging without a ranking at the bankruptcy price, and withdrawals blocked for a
 * while after an account was below zero.
 * @param rules - fund: account; seed: where the deleveraging starts; blocks: of the gate, in the unit of the state's time
 * @returns stages for `run`
 * @see dydxprotocol/v4-chain protocol/x/clob/keeper/deleveraging.go
 * @throws MarginError type, unknown-key where a rule is none of its own
 * @example
 * dydx({ seed: 7n }).map(({ id }) => id) // ['book', 'insurance', 'deleverage', 'withdrawals']
 */
export function dydx(rules: { fund?: string; seed?: Integer; blocks?: number } = {}): Stage[] {
  const { fund = 'insurance', seed = 0n, blocks = 50 } = rulesOf('dydx', rules);
  return [
    { kind: 'liquidate', id: 'book', floor: 'bankruptcy' },
    { id: 'insurance', who: [fund] },
    { kind: 'adl', id: 'deleverage', allocate: 'rotation', seed },
    { kind: 'gate', id: 'withdrawals', fund, rules: { delays: { negativeCollateral: blocks } } },
  ];
}

/**
 * Drift v2: liquidators, the insurance fund up to the market's tier, the fee pool, and the rest by open interest of both sides,
 * rounded up.
 * @param rules - fund and feePool: accounts; allowed: most that the fund gives for a default, minor units (tier A 100 M, B 1 M,
 *   C 100 k, speculative 0 USD)
 * @returns stages for `run`
 * @see drift-labs/protocol-v2 programs/drift/src/controller/liquidation.rs resolve_perp_bankruptcy
 * @throws MarginError type, unknown-key where a rule is none of its own
 * @example
 * drift({ allowed: 0n }).map(({ id }) => id) // ['book', 'ownAssets', 'insurance', 'feePool', 'openInterest']
 */
export function drift(rules: { fund?: string; feePool?: string; allowed?: Integer } = {}): Stage[] {
  const { fund = 'insurance', feePool = 'feePool', allowed } = rulesOf('drift', rules);
  return [
    { kind: 'liquidate', id: 'book' },
    { kind: 'convert', id: 'ownAssets' },
    { id: 'insurance', who: [fund], ...(allowed === undefined ? {} : { caps: { perDefault: allowed } }) },
    { id: 'feePool', who: [feePool] },
    byOpenInterest(),
  ];
}

/** Everybody who holds something of the market, by size; what rounding takes too much is kept by the dust account. */
const byOpenInterest = (): Stage => ({
  id: 'openInterest',
  who: 'survivors',
  scope: 'market',
  weight: 'openInterest',
  overdraft: true,
  round: 'ceilKeep',
  whenEmpty: 'skip',
});

/**
 * Mango v4: liquidators, the insurance fund, and the rest by open interest of both sides.
 * @param rules - fund: account
 * @returns stages for `run`
 * @see blockworks-foundation/mango-v4 programs/mango-v4/src/instructions/perp_liq_negative_pnl_or_bankruptcy.rs
 * @throws MarginError type, unknown-key where a rule is none of its own
 * @example
 * mango().map(({ id }) => id) // ['book', 'ownAssets', 'insurance', 'openInterest']
 */
export function mango(rules: { fund?: string } = {}): Stage[] {
  const { fund = 'insurance' } = rulesOf('mango', rules);
  return [
    { kind: 'liquidate', id: 'book' },
    { kind: 'convert', id: 'ownAssets' },
    { id: 'insurance', who: [fund] },
    byOpenInterest(),
  ];
}

/** Rules of Derive. */
export interface DeriveRules {
  /** Account of the security module; default `insurance`. */
  fund?: string;
  /** Falling share of the value that is asked, 1e18; default 1 to 0.8 in 10 minutes, then to 0 in two hours. */
  curve?: DiscountCurve;
  /** Seconds in which the payment for an insolvent account grows; default 600. */
  length?: Integer;
  /** Account whose balance is the cash that is printed, spread by an index of the state (`withdrawRate`); default: by balance. */
  cash?: string;
}

/**
 * Derive v2: the account is auctioned share by share, an insolvent one for a payment out of the security module; what the module
 * lacks lowers what everybody's cash is paid with. Withdrawals stop while insolvent accounts need more than the module has.
 * @param rules - where the defaults do not fit
 * @returns stages for `run`; bids need a measure `maintenance`
 * @see derivexyz/v2-core src/liquidation/DutchAuction.sol; src/assets/CashAsset.sol
 * @throws MarginError type, unknown-key where a rule is none of its own
 * @example
 * derive().map(({ id }) => id) // ['auction', 'securityModule', 'withdrawHaircut', 'withdrawals']
 */
export function derive(rules: DeriveRules = {}): Stage[] {
  const { fund = 'insurance', curve = DERIVE_CURVE, length = 600n, cash } = rulesOf('derive', rules);
  const haircut: Stage =
    cash === undefined
      ? { id: 'withdrawHaircut', who: 'survivors', round: 'euclid', whenEmpty: 'skip' }
      : { id: 'withdrawHaircut', who: [cash], overdraft: true, lazy: 'withdrawRate' };
  return [
    { kind: 'portfolio', id: 'auction', curve, length, fund, ...(cash === undefined ? {} : { rest: cash }) },
    { id: 'securityModule', who: [fund] },
    haircut,
    { kind: 'gate', id: 'withdrawals', fund, rules: { insolvency: { operator: '>' } } },
  ];
}

const DERIVE_CURVE: DiscountCurve = {
  kind: 'twoSegment',
  start: 10n ** 18n,
  cutoff: 8n * 10n ** 17n,
  fast: 600,
  slow: 7_200,
};

/**
 * Vega: the party's general account, the market's insurance pool, and a cut of what the winners of the period get: floors, the
 * remainder to the last. Parties have a purse `general` and a measure `gains`.
 * @param rules - fund: account of the insurance pool
 * @returns stages for `run`
 * @see vegaprotocol/specs protocol/0003-MTMK-mark_to_market_settlement.md
 * @throws MarginError type, unknown-key where a rule is none of its own
 * @example
 * vega().map(({ id }) => id) // ['general', 'insurance', 'lossSocialisation']
 */
export function vega(rules: { fund?: string } = {}): Stage[] {
  const { fund = 'insurance' } = rulesOf('vega', rules);
  return [
    { id: 'general', who: 'defaulter', from: 'general' },
    { id: 'insurance', who: [fund] },
    {
      id: 'lossSocialisation',
      who: 'survivors',
      weight: 'gains',
      caps: { perMember: { of: 'gains', times: 1 } },
      overdraft: true,
      round: 'floorThenLast',
      whenEmpty: 'skip',
    },
  ];
}

/**
 * GMX v2: the pool of liquidity providers bears what is lost at the oracle's price. While profits are too large for the pool
 * (`values.pnlFactor` of the event), the defaulter's positions close against winners, by a queue where GMX leaves the choice to a
 * keeper.
 * @param rules - pool: account; maxPnlFactor: profit over pool above which winners are closed, default 0.45
 * @returns stages for `run`
 * @see gmx-io/gmx-synthetics contracts/adl/AdlUtils.sol
 * @throws MarginError type, unknown-key where a rule is none of its own
 * @example
 * gmx().map(({ id }) => id) // ['pool', 'deleverage']
 */
export function gmx(rules: { pool?: string; maxPnlFactor?: Ratio } = {}): Stage[] {
  const { pool = 'pool', maxPnlFactor = '0.45' } = rulesOf('gmx', rules);
  const trigger = { value: 'pnlFactor', otherwise: 0, operator: '>', level: maxPnlFactor } as const;
  return [
    { id: 'pool', who: [pool] },
    { kind: 'adl', id: 'deleverage', score: 'okx', price: 'mark', trigger },
  ];
}
