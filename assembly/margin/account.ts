// One margin unit with every feature: balances, each with the positions that settle in it, folded in row order.
// bindings/reference/account.ts is the definition; the lanes are (initial, maintenance) and (liquidation end, plain).
import * as abi from '../abi';
import { column, f64At, readU32, u32At } from '../memory';
import { requirement } from '../model';
import { assetWorth, guardedValue, surchargeA, surchargeB, weighBoth, worthA, worthB } from './collateral';
import * as rows from './rows';
import * as spot from './spot';
import * as at from './state';
import { inexact, resetDoubt } from './whole-units';

let book: usize = 0;
/** Columns of units' own terms and of results, set by `openAccounts`. */
let multipliers: usize = 0;
let buffers: usize = 0;
let floors: usize = 0;
let models: usize = 0;
let required: usize = 0;
let equities: usize = 0;
let initialCollaterals: usize = 0;
let collaterals: usize = 0;
let endCollaterals: usize = 0;
let initials: usize = 0;
let maintenances: usize = 0;
let ends: usize = 0;
let notionals: usize = 0;
let statuses: usize = 0;
/** Some spot market takes reserved funds: what each balance holds is kept for foldReserves. */
let keepsHeld: bool = false;

export function openAccounts(header: usize): void {
  book = header;
  multipliers = column(header, abi.UNIT_MULTIPLIER);
  buffers = column(header, abi.UNIT_BUFFER);
  floors = column(header, abi.UNIT_RATE_FLOOR);
  models = column(header, abi.UNIT_MODEL);
  required = column(header, abi.HOUSE_REQUIRED);
  equities = column(header, abi.UNIT_EQUITY);
  initialCollaterals = column(header, abi.UNIT_INITIAL_COLLATERAL);
  collaterals = column(header, abi.UNIT_COLLATERAL);
  endCollaterals = column(header, abi.UNIT_END_COLLATERAL);
  initials = column(header, abi.UNIT_INITIAL_MARGIN);
  maintenances = column(header, abi.UNIT_MAINTENANCE_MARGIN);
  ends = column(header, abi.UNIT_END_MARGIN);
  notionals = column(header, abi.UNIT_NOTIONAL);
  statuses = column(header, abi.UNIT_STATUS);
  keepsHeld = (readU32(header, abi.HOUSE_FEATURES, 0) & abi.FEATURE_RESERVE) != 0;
}

/** Sums of the unit that was margined last. Lane 1 of collateralB is equity, lane 1 of requirementB is 0. */
export let collateralA: v128 = i64x2.splat(0);
export let collateralB: v128 = i64x2.splat(0);
export let requirementA: v128 = i64x2.splat(0);
export let requirementB: v128 = i64x2.splat(0);
export let notional: f64 = 0;

/** Balance row of an asset in the unit; the door sees to it that both assets of a spot order have one. */
function balanceOf(first: u32, count: u32, asset: u32): u32 {
  let s: u32 = 0;
  while (s < count - 1 && u32At(at.balanceAsset, first + s) != asset) s++;
  return s;
}

// @ts-ignore: decorator
@inline
function flagsOf(market: u32): i32 {
  return load<i32>(at.marketValue + <usize>(market * 2) * abi.SIDE_ROW, abi.SIDE_FLAGS);
}

/** Spot orders of the reserve kind: first what could arrive in each asset, then the worse side of each market. */
function foldReserves(firstBalance: u32, balances: u32, firstPosition: u32, positions: u32): void {
  for (let pass = 0; pass < 2; pass++) {
    for (let p = firstPosition; p < firstPosition + positions; p++) {
      const market = u32At(at.positionKey, p) >>> 2;
      const order = u32At(at.positionOrder, p);
      if (order == 0 || (flagsOf(market) & abi.FLAG_SPOT_RESERVE) == 0) continue;
      const base = u32At(at.marketBase, market);
      const quote = u32At(at.marketQuote, market);
      spot.reservedFunds(market, base, quote, order - 1);
      const baseRow = at.scratchHeld + <usize>balanceOf(firstBalance, balances, base) * abi.SCRATCH_ROW;
      const quoteRow = at.scratchHeld + <usize>balanceOf(firstBalance, balances, quote) * abi.SCRATCH_ROW;
      const asBase = spot.asBase;
      const asQuote = spot.asQuote;
      if (pass == 0) {
        store<f64>(baseRow, load<f64>(baseRow, abi.SCRATCH_ARRIVING) + asBase, abi.SCRATCH_ARRIVING);
        store<f64>(quoteRow, load<f64>(quoteRow, abi.SCRATCH_ARRIVING) + asQuote, abi.SCRATCH_ARRIVING);
      } else if (asBase != 0 && asQuote != 0) {
        const a = f64x2.pmin(
          spot.reserveEffect(base, baseRow, 0, asBase),
          spot.reserveEffect(quote, quoteRow, 0, asQuote),
        );
        const b = f64x2.pmin(
          spot.reserveEffect(base, baseRow, 16, asBase),
          spot.reserveEffect(quote, quoteRow, 16, asQuote),
        );
        collateralA = f64x2.add(collateralA, a);
        collateralB = f64x2.add(collateralB, b);
      }
    }
  }
}

/** Weighs balance `s` of a unit with its rows `[first, end)`; true where spot orders of the reserve kind are among them. */
function foldBalance(s: u32, b: u32, first: u32, end: u32, floor: f64, modelled: bool): bool {
  const row = u32At(at.balanceAsset, b);
  const asset = at.assetValue + <usize>row * abi.ASSET_ROW;
  const amount = f64At(at.balanceAmount, b);
  const real = amount * f64At(amount < 0 ? at.borrowIndex : at.depositIndex, row);
  if (modelled) rows.foldGains(first, end, real, asset);
  else rows.foldRows(first, end, real, asset, floor);
  const totalA = rows.totalA;
  const totalB = rows.totalB;
  if (keepsHeld) {
    const scratch = at.scratchHeld + <usize>s * abi.SCRATCH_ROW;
    v128.store(scratch, totalA);
    v128.store(scratch, totalB, 16);
    store<f64>(scratch, 0, abi.SCRATCH_ARRIVING);
  }
  const valueA = guardedValue(asset, 0, totalA);
  const valueB = guardedValue(asset, 16, totalB);
  if (rows.spot) return foldOrders(row, first, end, valueA, valueB, floor);
  if (load<i32>(asset, abi.ASSET_FLAGS) & abi.ASSET_FLAG_PLAIN && floor == 0) {
    rows.addWorth(valueA, valueB);
    return false;
  }
  const zero = f64x2.splat(0);
  if (!v128.any_true(v128.or(f64x2.lt(valueA, zero), f64x2.lt(valueB, zero)))) {
    // The ordinary balance: nothing owed at any level.
    rows.addWorth(
      assetWorth(row, 0, valueA, f64x2.abs(totalA), floor),
      assetWorth(row, 16, valueB, f64x2.abs(totalB), floor),
    );
    return false;
  }
  weighBoth(row, valueA, valueB, totalA, totalB, floor);
  rows.addWorth(worthA, worthB);
  rows.addNeed(surchargeA, surchargeB);
  return false;
}

/** Fills the spot orders among rows `[first, end)` and weighs what they leave; true where some only reserve funds. */
function foldOrders(row: u32, first: u32, end: u32, valueA: v128, valueB: v128, floor: f64): bool {
  let reserves = false;
  spot.hold(valueA, valueB, rows.totalA, rows.totalB);
  for (let q = first; q < end; q++) {
    const market = u32At(at.positionKey, q) >>> 2;
    const flags = flagsOf(market);
    const order = u32At(at.positionOrder, q);
    if (order == 0) continue;
    if (flags & abi.FLAG_SPOT_FILL) spot.fillSpot(row, market, order - 1, floor);
    if (flags & abi.FLAG_SPOT_RESERVE) reserves = true;
  }
  weighBoth(row, spot.valueA, spot.valueB, spot.amountA, spot.amountB, floor);
  rows.addWorth(f64x2.add(spot.cashA, worthA), f64x2.add(spot.cashB, worthB));
  rows.addNeed(surchargeA, surchargeB);
  return reserves;
}

/** Margins unit `u`; sums are left in the module variables. */
export function marginUnit(u: u32, multiplier: f64, buffer: f64, floor: f64): void {
  let reserves = false;
  const firstBalance = u32At(at.unitBalanceStart, u);
  const balances = u32At(at.unitBalanceCount, u);
  const firstPosition = u32At(at.unitPositionStart, u);
  const modelled = u32At(models, u) != 0;
  let p = firstPosition;
  rows.startUnit();
  for (let s: u32 = 0; s < balances; s++) {
    const b = firstBalance + s;
    const end = p + u32At(at.balancePositions, b);
    if (foldBalance(s, b, p, end, floor, modelled)) reserves = true;
    p = end;
  }
  collateralA = rows.worthA;
  collateralB = rows.worthB;
  if (reserves) foldReserves(firstBalance, balances, firstPosition, u32At(at.unitPositionCount, u));
  notional = rows.size;
  if (modelled) {
    requirement(book, u);
    rows.addNeed(v128.load(required), v128.load(required, 16));
  }
  requirementA = f64x2.mul(rows.needA, f64x2.splat(multiplier));
  // The plain lane of the requirement is 0 and stays 0.
  requirementB = f64x2.add(
    f64x2.mul(rows.needB, f64x2.splat(multiplier)),
    f64x2.replace_lane(f64x2.splat(0), 0, buffer * notional),
  );
}

/** Margins units `[from, to)` and writes their columns. */
export function scanFull(from: u32, to: u32): void {
  for (let u = from; u < to; u++) {
    resetDoubt();
    marginUnit(u, f64At(multipliers, u), f64At(buffers, u), f64At(floors, u));
    const i = (<usize>u) << 3;
    store<f64>(initialCollaterals + i, f64x2.extract_lane(collateralA, 0));
    store<f64>(collaterals + i, f64x2.extract_lane(collateralA, 1));
    store<f64>(endCollaterals + i, f64x2.extract_lane(collateralB, 0));
    store<f64>(equities + i, f64x2.extract_lane(collateralB, 1));
    store<f64>(initials + i, f64x2.extract_lane(requirementA, 0));
    store<f64>(maintenances + i, f64x2.extract_lane(requirementA, 1));
    store<f64>(ends + i, f64x2.extract_lane(requirementB, 0));
    store<f64>(notionals + i, notional);
    // The status itself follows in house.ts, which keeps this bit.
    store<u32>(statuses + ((<usize>u) << 2), inexact ? abi.INEXACT : 0);
  }
}
