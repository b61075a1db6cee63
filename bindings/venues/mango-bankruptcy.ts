// Mango v4: who bears the negative profit of a perp without a position. The liquidator settles what health and settle limit
// permit, the insurance fund pays for what it takes over, and what is left is spread by open interest. Exact fractions of tokens.
// Source: mango-v4 programs/mango-v4/src/instructions/perp_liq_negative_pnl_or_bankruptcy.rs.
import { MarginError } from '../errors.js';
import { compare, type Exact, exact, minus, over, plus, times, whole, ZERO } from '../liquidation/exact.js';
import { amount, type Ratio, ratio } from '../waterfall/amount.js';
import type { Integer } from './integer.js';
import { Row } from './rows.js';

/** An account with unsettled negative profit, and what may be done about it. Tokens are settle tokens unless said otherwise. */
export interface NegativePnl {
  /** Initial weights of the settle token as an asset, >= 0, and as a liability, > 0. */
  assetWeight: Ratio;
  /** Initial weight of the settle token as a liability, > 0. */
  liabWeight: Ratio;
  /** USD for a settle token and for an insurance token. */
  settlePrice: Ratio;
  /** USD for an insurance token. */
  insurancePrice: Ratio;
  /** What the liquidator earns on profit that the fund pays for, a fraction. */
  liquidationFee: Ratio;
  /** Its balance, its profit (below 0), and the health of everything else (USD). */
  liqee: { settle: Ratio; perpPnl: Ratio; otherHealth: Ratio };
  /** Whole units of the insurance token. */
  insuranceFund: Integer;
  /** Most profit that may be settled now. */
  settleLimit: Ratio;
  /** Most that the liquidator takes over. */
  maxLiabTransfer: Ratio;
  /** Base that bears what nobody else does, contracts. */
  openInterest: Ratio;
}

/** Exactly; settle tokens unless said otherwise. */
export interface ResolvedPnl {
  /** Balance and profit of the account after. */
  liqeeSettle: Exact;
  /** Profit of the account after. */
  liqeePerp: Exact;
  /** What the liquidator's balance and profit change by. */
  liqorSettle: Exact;
  /** What the liquidator's profit changes by. */
  liqorPerp: Exact;
  /** Paid to the liquidator, whole units of the insurance token. */
  liqorInsurance: bigint;
  /** For each contract of both sides. */
  socializedLoss: Exact;
}

const KEYS = [
  ...['assetWeight', 'liabWeight', 'settlePrice', 'insurancePrice', 'liquidationFee', 'liqee', 'insuranceFund'],
  ...['settleLimit', 'maxLiabTransfer', 'openInterest'],
];

const least = (a: Exact, b: Exact): Exact => (compare(b, a) < 0 ? b : a);
const most = (a: Exact, b: Exact): Exact => (compare(a, b) < 0 ? b : a);
const negative = (a: Exact): Exact => minus(ZERO, a);
const sign = (a: Exact): number => compare(a, ZERO);

const read = (row: Row, key: string): Exact => ratio(row.need(key, 'a number') as Ratio, row.at(key));

function bounded(row: Row, key: string, above: boolean): Exact {
  const value = read(row, key);
  if (above ? sign(value) > 0 : sign(value) >= 0) return value;
  throw new MarginError('range', { path: row.at(key), got: row.raw(key), expected: above ? '> 0' : '>= 0' });
}

/** How much of a balance is taken until health is 0, up to a limit: what is held weighs `held` a token, what is owed `owed`. */
function takenUntilZero(health: Exact, balance: Exact, held: Exact, owed: Exact, limit: Exact): Exact {
  if (sign(health) <= 0) return ZERO;
  const own = most(balance, ZERO);
  const worth = times(own, held);
  if (compare(health, worth) <= 0) return least(over(health, held), limit);
  return sign(owed) === 0 ? limit : least(plus(own, over(minus(health, worth), owed)), limit);
}

/**
 * Resolves negative profit, layer by layer: settlement with the liquidator, insurance, open interest. The later layers are
 * reached only where everything that may be settled was.
 * @param state - account, fund and limits
 * @returns tokens, exactly; what the account's profit rises by is settled, insured or socialised
 * @throws MarginError range where the profit is not below 0, a price is not above 0, or nobody has a position to bear the
 *   rest; missing-key, unknown-key, type, inexact
 * @see mango-v4 programs/mango-v4/src/instructions/perp_liq_negative_pnl_or_bankruptcy.rs
 * @example
 * liquidateNegativePnl({ assetWeight: '0.9', liabWeight: '1.1', settlePrice: 2, insurancePrice: 3, liquidationFee: 0,
 *   liqee: { settle: 40, perpPnl: -50, otherHealth: -36 }, insuranceFund: 6, settleLimit: 0, maxLiabTransfer: 100,
 *   openInterest: 1 }).liqorInsurance // 6n
 */
export function liquidateNegativePnl(state: NegativePnl): ResolvedPnl {
  const row = new Row(state, '', KEYS, 'state');
  const settlePrice = bounded(row, 'settlePrice', true);
  const held = times(settlePrice, bounded(row, 'assetWeight', false));
  const owed = times(settlePrice, bounded(row, 'liabWeight', true));
  const insurancePrice = bounded(row, 'insurancePrice', true);
  const feePrice = times(settlePrice, plus(exact(1), bounded(row, 'liquidationFee', false)));
  const fund = amount(row.integer('insuranceFund'), row.at('insuranceFund'));
  const limit = read(row, 'settleLimit');
  const transfer = bounded(row, 'maxLiabTransfer', false);
  const openInterest = bounded(row, 'openInterest', false);
  const liqee = row.row('liqee', ['settle', 'perpPnl', 'otherHealth']);
  const [settle, pnl, other] = [read(liqee, 'settle'), read(liqee, 'perpPnl'), read(liqee, 'otherHealth')];
  if (sign(pnl) >= 0) {
    throw new MarginError('range', { path: liqee.at('perpPnl'), got: liqee.raw('perpPnl'), expected: '< 0' });
  }
  const healthWith = (balance: Exact): Exact => plus(times(balance, sign(balance) < 0 ? owed : held), other);

  const free = takenUntilZero(healthWith(settle), settle, held, owed, negative(pnl));
  const maxSettle = most(ZERO, least(free, limit));
  const settlement = least(maxSettle, transfer);
  const resolved = {
    liqeeSettle: minus(settle, settlement),
    liqeePerp: plus(pnl, settlement),
    liqorSettle: settlement,
    liqorPerp: negative(settlement),
    liqorInsurance: 0n,
    socializedLoss: ZERO,
  };
  if (compare(settlement, maxSettle) < 0 || sign(resolved.liqeePerp) >= 0) return resolved;

  // Given until health is 0 is taken, seen from the other side: what is owed is held, and the weights change places.
  const all = plus(settle, pnl);
  const open = negative(resolved.liqeePerp);
  const need = takenUntilZero(negative(healthWith(all)), negative(all), owed, held, open);
  const toLiqor = least(need, minus(transfer, settlement));
  const wanted = whole(over(times(toLiqor, feePrice), insurancePrice), 'ceil');
  const paid = wanted < fund ? wanted : fund;
  const moved = least(over(times(exact(paid), insurancePrice), feePrice), toLiqor);
  const rest = minus(need, moved);
  const spread = paid === fund && sign(rest) > 0 ? rest : ZERO;
  if (sign(spread) > 0 && sign(openInterest) === 0) {
    throw new MarginError('range', { path: row.at('openInterest'), got: 0n, expected: '> 0, as a loss is left' });
  }
  return {
    ...resolved,
    liqeePerp: plus(resolved.liqeePerp, plus(moved, spread)),
    liqorPerp: minus(resolved.liqorPerp, moved),
    liqorInsurance: paid,
    socializedLoss: sign(spread) > 0 ? over(spread, openInterest) : ZERO,
  };
}
