// The columns of a state as one plain object an account, as stateOf reads them again. Column by column, each account written to as
// it comes: there may be a million of them, and one may stand in thousands of markets.
import type { AmountColumn } from './amount-column.js';
import { BALANCE, DUST, OUTSIDE, type State } from './state.js';
import type { AccountJSON } from './state-json.js';

type Plain = Record<string, unknown>;

/** What accounts have, amounts as digits; an amount of 0 is left out. */
export function accountsJSON({ columns }: State): AccountJSON[] {
  const { ids, holdings, measures, universes, house, groups, ranks } = columns;
  const accounts = ids.names.map((id): AccountJSON & Plain => ({ id }));
  const within = (row: number, key: string): Plain => part(accounts[row] as Plain, key);
  const purses = [...columns.purses.values()];
  for (const { asset, amounts } of purses.filter(({ purse }) => purse === BALANCE)) {
    eachOf(amounts, (row, held) => put(within(row, 'balances'), asset, held));
  }
  for (const { purse, asset, amounts } of purses.filter((column) => column.purse !== BALANCE)) {
    eachOf(amounts, (row, held) => put(part(within(row, 'purses'), purse), asset, held));
  }
  for (const [market, { accounts: rows, lots, cost }] of holdings) {
    for (const [i, row] of rows.entries()) {
      if (lots.at(i) === 0n && cost.at(i) === 0n) continue;
      put(within(row, 'positions'), market, { lots: String(lots.at(i)), cost: String(cost.at(i)) });
    }
  }
  for (const [name, amounts] of measures) {
    eachOf(amounts, (row, held) => put(within(row, 'measures'), name, held));
  }
  for (const [row, account] of accounts.entries()) {
    if (universes[row]) account.universe = universes[row];
    if (house[row] && account.id !== DUST && account.id !== OUTSIDE) account.house = true;
    if (groups[row]) account.group = groups[row];
    if (ranks[row]) account.rank = ranks[row];
  }
  return accounts;
}

/** Visits what is not 0. A column of zeros is there all the same, to be named by layers: the first account says so with its 0. */
function eachOf(column: AmountColumn, visit: (row: number, held: string) => void): void {
  let any = false;
  for (let row = 0; row < column.length; row++) {
    const held = column.at(row);
    if (held === 0n) continue;
    visit(row, String(held));
    any = true;
  }
  if (!any) visit(0, '0');
}

/** An object within another, made where it is not there. */
function part(whole: Plain, key: string): Plain {
  if (!Object.hasOwn(whole, key)) put(whole, key, {});
  return whole[key] as Plain;
}

/** One key more. An assignment would take the name `__proto__` for something else. */
function put(whole: Plain, key: string, value: unknown): void {
  if (key !== '__proto__') whole[key] = value;
  else Object.defineProperty(whole, key, { value, enumerable: true, configurable: true, writable: true });
}
