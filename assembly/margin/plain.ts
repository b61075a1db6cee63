// One margin unit of a book without special features: pooled PnL, marginal tables, assets at their price.
// The same numbers as account.ts gives (a test compares), from one cache line a market and three columns a position.
import * as abi from '../abi';
import { f64At, u32At } from '../memory';
import * as at from './state';

/** Sums of the unit that was margined last: requirement (initial, maintenance), equity, notional. */
export let requirement: v128 = i64x2.splat(0);
export let equity: f64 = 0;
export let notional: f64 = 0;

/**
 * Margins unit `u`. The flags are constants at every call, so each variant is compiled on its own.
 * @param brackets - tables of more than one line
 * @param funding - funding indices that are not zero
 */
// @ts-ignore: decorator
@inline
export function plainUnit(
  u: u32,
  plainRows: usize,
  lineStart: usize,
  lineCount: usize,
  brackets: bool,
  funding: bool,
  fundingIndex: usize,
): void {
  let need = f64x2.splat(0);
  let value: f64 = 0;
  let size: f64 = 0;
  let p = u32At(at.unitPositionStart, u);
  const keys = at.positionKey;
  const sizes = at.positionSize;
  const costs = at.positionCost;
  const pairs = at.linePair;
  const first = u32At(at.unitBalanceStart, u);
  const last = first + u32At(at.unitBalanceCount, u);
  for (let b = first; b < last; b++) {
    // Lanes: what is held of the asset, and notional so far.
    let total = f64x2.replace_lane(f64x2.splat(size), 0, f64At(at.balanceAmount, b));
    const end = p + u32At(at.balancePositions, b);
    for (; p < end; p++) {
      const market = u32At(keys, p) >>> 2;
      const row = plainRows + <usize>market * abi.PLAIN_ROW;
      const held = f64At(sizes, p);
      const contracts = abs(held);
      let worth = v128.load(row, abi.PLAIN_PNL);
      if (funding) {
        const paid = f64At(fundingIndex, market) - f64At(at.positionFunding, p);
        worth = f64x2.sub(worth, f64x2.replace_lane(f64x2.splat(0), 0, paid));
      }
      const lots = f64x2.replace_lane(f64x2.splat(contracts), 0, held);
      const cost = f64x2.replace_lane(f64x2.splat(0), 0, f64At(costs, p));
      total = f64x2.add(total, f64x2.sub(f64x2.mul(lots, worth), cost));
      const base = f64x2.mul(f64x2.splat(contracts), v128.load(row, abi.PLAIN_NOTIONAL));
      let most: v128;
      if (brackets) {
        most = f64x2.splat(0);
        let line = pairs + (<usize>u32At(lineStart, market) << 5);
        const stop = line + (<usize>u32At(lineCount, market) << 5);
        for (; line < stop; line += 32) {
          most = f64x2.pmax(most, f64x2.sub(f64x2.mul(v128.load(line), base), v128.load(line, 16)));
        }
      } else {
        most = f64x2.mul(v128.load(row, abi.PLAIN_RATE), base);
      }
      need = f64x2.add(need, f64x2.mul(most, v128.load(row, abi.PLAIN_SCALE)));
    }
    const asset = at.assetValue + <usize>u32At(at.balanceAsset, b) * abi.ASSET_ROW;
    value += f64x2.extract_lane(total, 0) * load<f64>(asset + 24, abi.ASSET_LOW);
    size = f64x2.extract_lane(total, 1);
  }
  requirement = need;
  equity = value;
  notional = size;
}
