// The scan: every unit of a range, results to columns, house totals folded in unit order, liquidatable units listed.
import * as abi from '../abi';
import { column, f64At, larger, readU32 } from '../memory';
import * as unit from './account';
import * as plain from './plain';
import * as at from './state';

/** House totals, in the order of `house.totals`. */
let equitySum: f64 = 0;
let collateralSum: f64 = 0;
let initialSum: f64 = 0;
let maintenanceSum: f64 = 0;
let notionalSum: f64 = 0;
let deficitSum: f64 = 0;
/** Liquidatable units so far, and where they are listed. */
let listed: u32 = 0;
let list: usize = 0;
let statusColumn: usize = 0;
let inclusive: bool = false;

/** 0 healthy, 1 warning, 2 liquidatable, 3 bankrupt; written, listed and added to the house. */
// @ts-ignore: decorator
@inline
function report(
  u: u32,
  whole: bool,
  equity: f64,
  initialCollateral: f64,
  collateral: f64,
  initial: f64,
  maintenance: f64,
  notional: f64,
): void {
  const health = collateral - maintenance;
  const liquidatable = inclusive ? health <= 0 && maintenance > 0 : health < 0;
  const warning: u32 = initialCollateral - initial < 0 ? 1 : 0;
  const bankrupt: u32 = equity < 0 ? 3 : 2;
  store<u32>(statusColumn + (<usize>u << 2), liquidatable ? bankrupt : warning);
  if (!whole) return;
  // Written always, kept only where the unit is liquidatable: no branch to mispredict.
  store<u32>(list + (<usize>listed << 2), u);
  listed += liquidatable ? 1 : 0;
  equitySum += equity;
  collateralSum += collateral;
  initialSum += initial;
  maintenanceSum += maintenance;
  notionalSum += notional;
  deficitSum += larger(-equity, 0);
}

// @ts-ignore: decorator
@inline
function scanPlain(header: usize, from: u32, to: u32, whole: bool, tables: i32, funding: bool): void {
  const equityColumn = column(header, abi.UNIT_EQUITY);
  const initialColumn = column(header, abi.UNIT_INITIAL_MARGIN);
  const maintenanceColumn = column(header, abi.UNIT_MAINTENANCE_MARGIN);
  const notionalColumn = column(header, abi.UNIT_NOTIONAL);
  for (let u = from; u < to; u++) {
    plain.plainUnit(u, tables, funding);
    const equity = plain.equity;
    const initial = f64x2.extract_lane(plain.requirement, 0);
    const maintenance = f64x2.extract_lane(plain.requirement, 1);
    const i = <usize>u << 3;
    store<f64>(equityColumn + i, equity);
    store<f64>(initialColumn + i, initial);
    store<f64>(maintenanceColumn + i, maintenance);
    store<f64>(notionalColumn + i, plain.notional);
    report(u, whole, equity, equity, equity, initial, maintenance, plain.notional);
  }
}

// One function a variant: the constants fold, and each loop is compiled for itself.
function scanSingle(header: usize, from: u32, to: u32, whole: bool): void {
  scanPlain(header, from, to, whole, plain.SINGLE, false);
}
function scanWindow(header: usize, from: u32, to: u32, whole: bool): void {
  scanPlain(header, from, to, whole, plain.WINDOW, false);
}
function scanWindowFunding(header: usize, from: u32, to: u32, whole: bool): void {
  scanPlain(header, from, to, whole, plain.WINDOW, true);
}
function scanWalk(header: usize, from: u32, to: u32, whole: bool): void {
  scanPlain(header, from, to, whole, plain.WALK, true);
}

function scanFull(header: usize, from: u32, to: u32, whole: bool): void {
  const multipliers = column(header, abi.UNIT_MULTIPLIER);
  const buffers = column(header, abi.UNIT_BUFFER);
  const floors = column(header, abi.UNIT_RATE_FLOOR);
  const equityColumn = column(header, abi.UNIT_EQUITY);
  const initialCollateralColumn = column(header, abi.UNIT_INITIAL_COLLATERAL);
  const collateralColumn = column(header, abi.UNIT_COLLATERAL);
  const endCollateralColumn = column(header, abi.UNIT_END_COLLATERAL);
  const initialColumn = column(header, abi.UNIT_INITIAL_MARGIN);
  const maintenanceColumn = column(header, abi.UNIT_MAINTENANCE_MARGIN);
  const endColumn = column(header, abi.UNIT_END_MARGIN);
  const notionalColumn = column(header, abi.UNIT_NOTIONAL);
  for (let u = from; u < to; u++) {
    unit.marginUnit(u, f64At(multipliers, u), f64At(buffers, u), f64At(floors, u));
    const initialCollateral = f64x2.extract_lane(unit.collateralA, 0);
    const collateral = f64x2.extract_lane(unit.collateralA, 1);
    const equity = f64x2.extract_lane(unit.collateralB, 1);
    const initial = f64x2.extract_lane(unit.requirementA, 0);
    const maintenance = f64x2.extract_lane(unit.requirementA, 1);
    const i = <usize>u << 3;
    store<f64>(initialCollateralColumn + i, initialCollateral);
    store<f64>(collateralColumn + i, collateral);
    store<f64>(endCollateralColumn + i, f64x2.extract_lane(unit.collateralB, 0));
    store<f64>(equityColumn + i, equity);
    store<f64>(initialColumn + i, initial);
    store<f64>(maintenanceColumn + i, maintenance);
    store<f64>(endColumn + i, f64x2.extract_lane(unit.requirementB, 0));
    store<f64>(notionalColumn + i, unit.notional);
    report(u, whole, equity, initialCollateral, collateral, initial, maintenance, unit.notional);
  }
}

/** Margins units `[from, to)`; with `whole`, resets and fills the house totals and the list of liquidatable units. */
export function scan(header: usize, from: u32, to: u32, whole: bool): void {
  at.open(header);
  const features = readU32(header, abi.HOUSE_FEATURES, 0);
  inclusive = (readU32(header, abi.HOUSE_RULE, 0) & 1) != 0;
  statusColumn = column(header, abi.UNIT_STATUS);
  list = column(header, abi.UNIT_LIST);
  listed = 0;
  equitySum = collateralSum = initialSum = maintenanceSum = notionalSum = deficitSum = 0;
  plain.openPlain(
    column(header, abi.MARKET_PLAIN),
    column(header, abi.MARKET_WINDOW),
    column(header, abi.BUCKET_FIRST),
    column(header, abi.MARKET_FUNDING_INDEX),
  );
  if (features & abi.FEATURE_FULL) scanFull(header, from, to, whole);
  else if (features & abi.FEATURE_WALK) scanWalk(header, from, to, whole);
  else if (features & abi.FEATURE_FUNDING) scanWindowFunding(header, from, to, whole);
  else if (features & abi.FEATURE_BRACKETS) scanWindow(header, from, to, whole);
  else scanSingle(header, from, to, whole);
  const full = (features & abi.FEATURE_FULL) != 0;
  store<u32>(column(header, abi.HOUSE_WRITTEN), full ? abi.WRITTEN_COLLATERAL | abi.WRITTEN_END : 0);
  if (!whole) return;
  store<u32>(column(header, abi.HOUSE_LIQUIDATABLE), listed);
  const totals = column(header, abi.HOUSE_TOTALS);
  store<f64>(totals, equitySum);
  store<f64>(totals, collateralSum, 8);
  store<f64>(totals, initialSum, 16);
  store<f64>(totals, maintenanceSum, 24);
  store<f64>(totals, notionalSum, 32);
  store<f64>(totals, deficitSum, 40);
}
