// Mango v4: the base and the profit of a perp that a liquidator takes over, until the account's liquidation-end health is 0.
// Whole lots and native units; health comes from the book, so amounts are doubles.
// Source: mango-v4 programs/mango-v4/src/instructions/perp_liq_base_or_positive_pnl.rs.
import { decimal as real } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { type Integer, integer, magnitude, smaller } from './integer.js';
import { baseNative, type MangoAccount, type Perp, perpId, type Token, tokenNamed } from './mango-book.js';
import { accountHealth } from './mango-health.js';
import { Row } from './rows.js';

/** From here on a last step closes base that adds no more than its weighted profit, native units. */
const LAST_STEP = -0.5;

/** What a liquidator takes over at most. */
export interface PerpLiquidationLimits {
  /** Base lots; the sign does not matter. */
  maxBase: Integer;
  /** Profit, native units of the settle token. */
  maxPnl: Decimal;
  /** What the account loses of a profit that is taken over, and of the value of base; fractions, default 0. */
  positivePnlFee?: Decimal;
  /** What the account loses of the value of base, a fraction; default 0. */
  baseFee?: Decimal;
}

/** What was taken over, and what the account then has. */
export interface PerpLiquidation {
  /** Base lots, unsigned. */
  lots: bigint;
  /** Native units of the settle token, before the fee. */
  pnl: number;
  /** Signed position after, base lots. */
  baseLotsAfter: bigint;
  /** Native quote of the position, and the balance in the settle token. */
  quoteAfter: number;
  /** Balance in the settle token after, native units. */
  settleTokenAfter: number;
}

/** The perp and the token that it settles in; the rule is that of a token without haircut. */
function perpOf(state: MangoAccount, index: number): { perp: Perp; settle: Token } {
  const perp = state.perps[index];
  if (!perp) {
    const expected = `the index of a perp, below ${state.perps.length}`;
    throw new MarginError('range', { path: 'index', got: index, expected });
  }
  const path = `perps[${index}]`;
  const settle = tokenNamed(state.tokens, perp.settle, `${path}.settle`);
  for (const key of ['initAssetWeight', 'initLiabWeight'] as const) {
    if (Number(settle[key]) !== 1) {
      const at = `tokens[${state.tokens.indexOf(settle)}].${key}`;
      throw new MarginError('range', { path: at, got: settle[key], expected: '1, as a perp settles in it' });
    }
  }
  for (const key of ['takerBaseLots', 'takerQuoteLots'] as const) {
    if (integer(perp[key] ?? 0, key) !== 0n) {
      throw new MarginError('range', {
        path: `${path}.${key}`,
        got: perp[key],
        expected: '0: fills are settled first',
      });
    }
  }
  return { perp, settle };
}

/**
 * Base and profit of a perp that a liquidator takes over, in the programme's steps: base while the perp's own health is below 0,
 * profit, base whose profit can be taken over as well, that profit, and base that only adds its weighted profit. Each step ends
 * where the account's health reaches 0; lots are rounded up. Stable prices do not move the target.
 * @param state - tokens, perps and open orders; the settle token's initial weights are 1
 * @param index - of the perp in the state
 * @param limits - what the liquidator will take, and its fees
 * @returns lots and native units
 * @throws MarginError what `book` throws; missing-key, unknown-key, type, inexact, range where there is no such perp, fills are
 *   unsettled, the settle token has a haircut, or closing a lot would add nothing
 * @see mango-v4 programs/mango-v4/src/instructions/perp_liq_base_or_positive_pnl.rs
 * @example
 * liquidatePerp({ tokens: [{ name: 'USDC', balance: 5, price: 1, initAssetWeight: 1, initLiabWeight: 1 }], perps: [
 *   { settle: 'USDC', price: 1, baseLotSize: 1, quoteLotSize: 1, baseLots: -4, quote: 0, bidsLots: 0, asksLots: 0,
 *     initBaseAssetWeight: 0.5, initBaseLiabWeight: 1.5, initOverallAssetWeight: 0.5 },
 * ], spotOpenOrders: [] }, 0, { maxBase: 20, maxPnl: 100 })
 *   // { lots: 2n, pnl: 0, baseLotsAfter: -2n, quoteAfter: -2, settleTokenAfter: 5 }
 */
export function liquidatePerp(state: MangoAccount, index: number, limits: PerpLiquidationLimits): PerpLiquidation {
  const row = new Row(limits, '', ['maxBase', 'maxPnl', 'positivePnlFee', 'baseFee'], 'limits');
  const { unit, missing, noise } = accountHealth(state);
  const { perp, settle } = perpOf(state, index);
  const settlePrice = real(settle.price, 'price');
  const exact = (value: number): number => (Math.abs(value) <= noise / settlePrice ? 0 : value);

  // A long is sold below the oracle price, a short bought back above it; health values base at its weight.
  const held = integer(perp.baseLots, 'baseLots');
  const side = held > 0n ? 1 : -1;
  const value = Number(baseNative(1, perp.baseLotSize)) * real(perp.price, 'price');
  const quoteOfLot = value * (side - row.number('baseFee', 0));
  const weight = real(side > 0 ? perp.initBaseAssetWeight : perp.initBaseLiabWeight, 'initBaseWeight');
  const gain = quoteOfLot - side * value * weight;
  const most = Number(smaller(magnitude(row.integer('maxBase')), magnitude(held)));
  const mostPnl = row.number('maxPnl');
  const kept = 1 - row.number('positivePnlFee', 0);
  const overall = real(perp.initOverallAssetWeight, 'initOverallAssetWeight');

  // Of the account, and of the perp before its overall weight; settle token.
  let health = -missing / settlePrice;
  const position = unit.positions.find(({ market }) => market === perpId(index));
  let own = exact(position ? (position.unrealizedPnl - position.requirement.liquidationEnd) / settlePrice : 0);
  let [lots, pnl] = [0, 0];
  const reduce = (limit: number, counted: number, added: number): void => {
    const wanted = Math.min(-health, limit);
    if (wanted <= 0 || lots >= most) return;
    if (counted <= 0)
      throw new MarginError('range', { path: 'baseFee', got: counted, expected: 'lots that add health' });
    // Rounding must not add a lot.
    const count = Math.min(Math.ceil((wanted - noise / settlePrice) / counted), most - lots);
    lots += count;
    own = exact(own + gain * count);
    health = exact(health + added * count);
  };
  const settleProfit = (): void => {
    const each = kept - overall;
    const profit = Math.max(0, Math.min(Math.max(0, -health) / each, mostPnl - pnl, own));
    pnl += profit;
    own = exact(own - profit);
    health = exact(health + each * profit);
  };
  if (own < 0) reduce(-own, gain, gain);
  if (own >= 0 && kept > overall) settleProfit();
  if (own >= 0 && pnl < mostPnl) reduce(mostPnl - pnl, gain * kept, gain * overall);
  if (own >= 0 && kept > overall) settleProfit();
  if (health < LAST_STEP && overall > 0) reduce(Number.POSITIVE_INFINITY, gain * overall, gain * overall);

  return {
    lots: BigInt(lots),
    pnl,
    baseLotsAfter: held - BigInt(side * lots),
    quoteAfter: real(perp.quote, 'quote') + lots * quoteOfLot - pnl,
    settleTokenAfter: real(settle.balance, 'balance') + pnl * kept,
  };
}
