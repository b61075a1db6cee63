// Mango v4: the collateral that a liquidator takes for repaying a debt, until the account's liquidation-end health is 0. Native
// units; health comes from the book, so amounts are doubles. Perps are in mango-perp-liquidation.ts.
// Source: mango-v4 programs/mango-v4/src/instructions/token_liq_with_token.rs.
import { decimal as real } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { type MangoAccount, type Token, tokenNamed } from './mango-book.js';
import { type AccountHealth, accountHealth } from './mango-health.js';
import { Row } from './rows.js';

/** What a token counts with the perps that settle in it, native units. */
function effective({ unit, noise }: AccountHealth, token: Token, price: number): number {
  const balance = unit.balances.find(({ asset }) => asset === token.name);
  const value = balance?.guardedValue.liquidationEnd ?? 0;
  return Math.abs(value) <= noise ? 0 : value / price;
}

function refuse(path: string, got: unknown, expected: string): never {
  throw new MarginError('range', { path, got, expected });
}

/** What a liquidator asks for. */
export interface TokenLiquidationOrder {
  /** Token that the account gives, and token that the liquidator repays. */
  asset: string;
  /** Token that the liquidator repays. */
  liability: string;
  /** Most that the liquidator repays, native units. */
  maxLiability: Decimal;
  /** What the account gives beyond the value that is repaid, a fraction of it; default 0. */
  fee?: Decimal;
}

/** What changes hands, and what the account then has; native units. */
export interface TokenLiquidation {
  /** Collateral that is handed over, native units. */
  asset: number;
  /** Debt that is repaid, native units. */
  liability: number;
  /** Balance in the collateral after, native units. */
  assetAfter: number;
  /** Balance in the debt's token after, native units; below 0: still owed. */
  liabilityAfter: number;
}

/**
 * Exchange of collateral for a debt: as much as brings the liquidation-end health to 0, and no more than either side has,
 * perps that settle in it included. Neither stable price nor scaled weights move the target.
 * @param state - tokens, perps and open orders
 * @param order - tokens, and what the liquidator will give
 * @returns native units; nothing changes hands where the health is not below 0
 * @throws MarginError what `book` throws; unknown-id, conflict where both tokens are one, range where the account has none of
 *   the asset or owes none of the liability, or the liquidator gives nothing
 * @see mango-v4 programs/mango-v4/src/instructions/token_liq_with_token.rs
 * @example
 * liquidateToken({ tokens: [
 *   { name: 'USDC', balance: 10, price: 1, initAssetWeight: 0.8, initLiabWeight: 1.2 },
 *   { name: 'SOL', balance: -11, price: 1, initAssetWeight: 0.8, initLiabWeight: 1.2 },
 * ], perps: [], spotOpenOrders: [] }, { asset: 'USDC', liability: 'SOL', maxLiability: 100 })
 *   // { asset: 10, liability: 10, assetAfter: 0, liabilityAfter: -1 }
 */
export function liquidateToken(state: MangoAccount, order: TokenLiquidationOrder): TokenLiquidation {
  const row = new Row(order, '', ['asset', 'liability', 'maxLiability', 'fee'], 'order');
  const account = accountHealth(state);
  const asset = tokenNamed(state.tokens, row.text('asset'), row.at('asset'));
  const liability = tokenNamed(state.tokens, row.text('liability'), row.at('liability'));
  if (asset === liability) {
    throw new MarginError('conflict', { path: 'liability', got: liability.name, expected: 'another token than asset' });
  }
  const [held, owed] = [real(asset.balance, 'balance'), -real(liability.balance, 'balance')];
  const [assetPrice, price] = [real(asset.price, 'price'), real(liability.price, 'price')];
  const paid = price * (1 + row.number('fee', 0));
  if (!(held > 0)) refuse('asset', held, 'a token that the account has');
  if (!(owed > 0)) refuse('liability', -owed, 'a token that the account owes');
  if (!(assetPrice > 0)) refuse('asset', assetPrice, 'a token with a price');
  if (!(price > 0)) refuse('liability', price, 'a token with a price');
  const mostAsset = Math.min(held, effective(account, asset, assetPrice));
  const mostLiability = Math.min(row.number('maxLiability'), owed, -effective(account, liability, price));
  if (!(mostAsset > 0)) refuse('asset', mostAsset, 'more of the token than its perps have lost');
  if (!(mostLiability > 0)) refuse('maxLiability', mostLiability, 'something to repay');
  // Health that one repaid native unit of the liability adds; where it adds none, all that is there is taken.
  const gain =
    price * real(liability.initLiabWeight, 'initLiabWeight') - paid * real(asset.initAssetWeight, 'initAssetWeight');
  const { missing } = account;
  const needed = missing === 0 ? 0 : gain > 0 ? missing / gain : mostLiability;
  const repaid = Math.min(needed, (mostAsset * assetPrice) / paid, mostLiability);
  const given = (repaid * paid) / assetPrice;
  return { asset: given, liability: repaid, assetAfter: held - given, liabilityAfter: repaid - owed };
}
