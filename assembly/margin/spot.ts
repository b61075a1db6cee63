// Open spot orders. fill: the worse of all bids and all asks filled (Drift). reserve: the funds have left the balance and
// count as the worse of all base and all quote (Mango).
import * as abi from '../abi';
import { f64At, smaller, u32At } from '../memory';
import { assetWorth, debtWorth } from './collateral';
import * as at from './state';

/** Outcomes that differ by less than this share of what they sum are a tie: venues decide in whole numbers. */
const TIE: f64 = 1.0 / 70368744177664.0;

/** What an asset holds while its fills are weighed: guarded value, amount, and cash that the chosen outcomes paid. */
export let valueA: v128 = i64x2.splat(0);
export let valueB: v128 = i64x2.splat(0);
export let amountA: v128 = i64x2.splat(0);
export let amountB: v128 = i64x2.splat(0);
export let cashA: v128 = i64x2.splat(0);
export let cashB: v128 = i64x2.splat(0);

export function hold(vA: v128, vB: v128, aA: v128, aB: v128): void {
  valueA = vA;
  valueB = vB;
  amountA = aA;
  amountB = aB;
  cashA = f64x2.splat(0);
  cashB = f64x2.splat(0);
}

/** Health of signed values: weighted assets, less weighted debts. */
function health(row: u32, lanes: usize, value: v128, amount: v128, floor: f64): v128 {
  const owing = f64x2.lt(value, f64x2.splat(0));
  const size = f64x2.abs(amount);
  const owned = assetWorth(row, lanes, v128.andnot(value, owing), size, floor);
  const owed = debtWorth(row, lanes, v128.and(f64x2.neg(value), owing), size, floor);
  return v128.bitselect(f64x2.neg(owed), owned, owing);
}

/** Applies the worse outcome of order row `o` of a market; asks on a tie. The plain lane, equity, is not touched. */
export function fillSpot(row: u32, market: u32, o: u32, floor: f64): void {
  const contract = f64At(at.marketMultiplier, market);
  const asset = at.assetValue + <usize>row * abi.ASSET_ROW;
  const bought = f64x2.splat(f64At(at.orderBidSize, o) * contract);
  const sold = f64x2.splat(-(f64At(at.orderAskSize, o) * contract));
  for (let lanes: usize = 0; lanes <= 16; lanes += 16) {
    const high = v128.load(asset + lanes, abi.ASSET_HIGH);
    const value = lanes == 0 ? valueA : valueB;
    const amount = lanes == 0 ? amountA : amountB;
    const cash = lanes == 0 ? cashA : cashB;
    const bidCost = f64x2.mul(bought, high);
    const askCost = f64x2.mul(sold, high);
    const bidValue = f64x2.add(value, bidCost);
    const askValue = f64x2.add(value, askCost);
    const bids = f64x2.sub(health(row, lanes, bidValue, f64x2.add(amount, bought), floor), bidCost);
    const asks = f64x2.sub(health(row, lanes, askValue, f64x2.add(amount, sold), floor), askCost);
    const size = f64x2.add(f64x2.abs(value), f64x2.add(f64x2.abs(bidCost), f64x2.abs(askCost)));
    const bid = f64x2.lt(bids, f64x2.sub(asks, f64x2.mul(size, f64x2.splat(TIE))));
    const nextValue = v128.bitselect(bidValue, askValue, bid);
    const nextAmount = f64x2.add(amount, v128.bitselect(bought, sold, bid));
    const nextCash = f64x2.sub(cash, v128.bitselect(bidCost, askCost, bid));
    if (lanes == 0) {
      valueA = nextValue;
      amountA = nextAmount;
      cashA = nextCash;
    } else {
      valueB = f64x2.replace_lane(nextValue, 1, f64x2.extract_lane(value, 1));
      amountB = f64x2.replace_lane(nextAmount, 1, f64x2.extract_lane(amount, 1));
      cashB = f64x2.replace_lane(nextCash, 1, f64x2.extract_lane(cash, 1));
    }
  }
}

/** What reserved funds are as base and as quote, in units of each (Mango `Serum3Info`). */
export let asBase: f64 = 0;
export let asQuote: f64 = 0;

export function reservedFunds(market: u32, base: u32, quote: u32, o: u32): void {
  const contract = f64At(at.marketMultiplier, market);
  const basePrice = load<f64>(at.assetValue + <usize>base * abi.ASSET_ROW + 24, abi.ASSET_LOW);
  const quotePrice = load<f64>(at.assetValue + <usize>quote * abi.ASSET_ROW + 24, abi.ASSET_LOW);
  const reservedBase = f64At(at.orderAskSize, o) * contract;
  const reservedQuote = f64At(at.orderBidNotional, o) * contract;
  const highestBid = f64At(at.orderBidWorst, o);
  const lowestAsk = f64At(at.orderAskWorst, o);
  // Each side converts at the oracle, or at its own extreme order price where that is worse; at a price of 0 nothing
  // converts, since what arrives would be worth 0.
  let toBase = basePrice > 0 ? (reservedQuote * quotePrice) / basePrice : 0;
  let toQuote = quotePrice > 0 ? (reservedBase * basePrice) / quotePrice : 0;
  if (highestBid > 0) toBase = smaller(toBase, reservedQuote / highestBid);
  if (lowestAsk > 0) toQuote = smaller(toQuote, reservedBase * lowestAsk);
  asBase = reservedBase + toBase;
  asQuote = reservedQuote + toQuote;
}

/** Health that `funds` add to an asset that already holds scratch row `s`: they fill its debt first. */
export function reserveEffect(row: u32, s: usize, lanes: usize, funds: f64): v128 {
  const asset = at.assetValue + <usize>row * abi.ASSET_ROW + lanes;
  const tier = <usize>u32At(at.assetTierStart, row) * 32 + lanes;
  const debt = <usize>u32At(at.assetDebtStart, row) * 32 + lanes;
  const assetWeight = f64x2.mul(v128.load(at.tierWeight + tier), v128.load(asset, abi.ASSET_DEPOSIT_SCALE));
  const debtWeight = f64x2.mul(v128.load(at.tierWeight + debt), v128.load(asset, abi.ASSET_BORROW_SCALE));
  const arriving = f64x2.splat(load<f64>(s, abi.SCRATCH_ARRIVING));
  const full = f64x2.add(v128.load(s + lanes), arriving);
  const zero = f64x2.splat(0);
  const all = f64x2.splat(funds);
  const asAsset = v128.bitselect(zero, f64x2.pmin(full, all), f64x2.lt(full, zero));
  const asDebt = f64x2.sub(all, asAsset);
  return f64x2.add(
    f64x2.mul(f64x2.mul(asAsset, assetWeight), v128.load(asset, abi.ASSET_LOW)),
    f64x2.mul(f64x2.mul(asDebt, debtWeight), v128.load(asset, abi.ASSET_HIGH)),
  );
}
