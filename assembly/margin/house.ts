// What follows from the result columns of a range: status by unit, the list of liquidatable units, house totals.
// Totals fold in unit order, whatever the scan that filled the columns.
import * as abi from '../abi';
import { column, f64At, larger, readU32 } from '../memory';

/** House totals so far, in the order of `house.totals`, and the number of units listed. */
let equitySum: f64 = 0;
let collateralSum: f64 = 0;
let initialSum: f64 = 0;
let maintenanceSum: f64 = 0;
let notionalSum: f64 = 0;
let deficitSum: f64 = 0;
let listed: u32 = 0;

export function resetHouse(): void {
  equitySum = collateralSum = initialSum = maintenanceSum = notionalSum = deficitSum = 0;
  listed = 0;
}

/**
 * Takes units `[from, to)` in: 0 healthy, 1 warning (below initial), 2 liquidatable, 3 bankrupt.
 * @param full - the scan wrote collateral by level and the bit of doubt; otherwise all collateral is equity, and exact
 * @param whole - add to totals and list too
 */
export function foldHouse(header: usize, from: u32, to: u32, full: bool, whole: bool): void {
  const inclusive = (readU32(header, abi.HOUSE_RULE, 0) & 1) != 0;
  const equities = column(header, abi.UNIT_EQUITY);
  const initialCollaterals = full ? column(header, abi.UNIT_INITIAL_COLLATERAL) : equities;
  const collaterals = full ? column(header, abi.UNIT_COLLATERAL) : equities;
  const initials = column(header, abi.UNIT_INITIAL_MARGIN);
  const maintenances = column(header, abi.UNIT_MAINTENANCE_MARGIN);
  const notionals = column(header, abi.UNIT_NOTIONAL);
  const statuses = column(header, abi.UNIT_STATUS);
  const list = column(header, abi.UNIT_LIST);
  let equityTotal = equitySum;
  let collateralTotal = collateralSum;
  let initialTotal = initialSum;
  let maintenanceTotal = maintenanceSum;
  let notionalTotal = notionalSum;
  let deficitTotal = deficitSum;
  let next = listed;
  for (let u = from; u < to; u++) {
    const equity = f64At(equities, u);
    const collateral = f64At(collaterals, u);
    const initial = f64At(initials, u);
    const maintenance = f64At(maintenances, u);
    const health = collateral - maintenance;
    const liquidatable = inclusive ? health <= 0 && maintenance > 0 : health < 0;
    const warning: u32 = f64At(initialCollaterals, u) - initial < 0 ? 1 : 0;
    const bankrupt: u32 = equity < 0 ? 3 : 2;
    const status = statuses + ((<usize>u) << 2);
    const doubt: u32 = full ? load<u32>(status) : 0;
    store<u32>(status, (liquidatable ? bankrupt : warning) + doubt);
    if (!whole) continue;
    // Written always, kept only where the unit is liquidatable: no branch to mispredict.
    store<u32>(list + ((<usize>next) << 2), u);
    next += liquidatable ? 1 : 0;
    equityTotal += equity;
    collateralTotal += collateral;
    initialTotal += initial;
    maintenanceTotal += maintenance;
    notionalTotal += f64At(notionals, u);
    deficitTotal += larger(-equity, 0);
  }
  equitySum = equityTotal;
  collateralSum = collateralTotal;
  initialSum = initialTotal;
  maintenanceSum = maintenanceTotal;
  notionalSum = notionalTotal;
  deficitSum = deficitTotal;
  listed = next;
}

/** Writes totals and the length of the list. */
export function writeHouse(header: usize): void {
  store<u32>(column(header, abi.HOUSE_LIQUIDATABLE), listed);
  const totals = column(header, abi.HOUSE_TOTALS);
  store<f64>(totals, equitySum);
  store<f64>(totals, collateralSum, 8);
  store<f64>(totals, initialSum, 16);
  store<f64>(totals, maintenanceSum, 24);
  store<f64>(totals, notionalSum, 32);
  store<f64>(totals, deficitSum, 40);
}
