// The solver: neighbours on both sides of where a unit becomes liquidatable, or none, by Newton's steps and on the grid.
import * as abi from '../abi';
import { healthAt, openHealth, PRICES } from '../liquidation/health';
import * as move from '../liquidation/move';
import * as bracket from '../liquidation/bracket';
import * as grid from '../liquidation/grid';
import * as ray from '../liquidation/ray';
import * as book from './book';

let header: usize = 0;

/** A position of `size` from 100 with `cash` behind it, required at 1/2 of its notional up to 60 and 5/8 beyond. */
function held(size: f64, cash: f64): void {
  header = book.newBook();
  const usd = book.asset(1);
  const m = book.market(0, usd, 100);
  book.table(m, [60, 0.5, 0.5, 0.5, abi.NO_LIMIT, 0.625, 0.625, 0.625]);
  book.unit();
  book.balance(usd, cash);
  book.position(m, size, size * 100);
}

/** Solves from the mark up or down. @returns ROOT bits */
function solve(upper: bool, concave: bool = true, from: f64 = 100): i32 {
  book.ready();
  move.openMarket(header, 0, 0);
  openHealth(header, 0, 1, PRICES, 0);
  const code = ray.solvePrice(from, upper ? move.high : move.low, concave, 0, false);
  move.moveBack();
  return code;
}

function next(x: f64, up: bool): f64 {
  return reinterpret<f64>(reinterpret<i64>(x) + (up ? 1 : -1));
}

/** The unit is well at `well` and no longer beyond it, where prices rise or fall. */
function neighbours(well: f64, upper: bool): void {
  expect<f64>(bracket.well).toBe(well, 'well');
  expect<f64>(bracket.ill).toBe(next(well, upper), 'ill');
  expect<f64>(bracket.wellHealth).toBe(0, 'health');
  expect<bool>(bracket.illHealth < 0).toBeTruthy('below 0');
}

describe("Newton's steps", () => {
  it('end at neighbours: a long where 75 - 100 + P/2 is 0', () => {
    held(1, 75);
    expect<i32>(solve(false)).toBe(0);
    neighbours(50, false);
    expect<bool>(ray.iterations <= 3).toBeTruthy('in few steps');
  });
  it('take the line that binds: a long where 70 - 100 + 3P/8 + 7.5 is 0 has its root at 60', () => {
    held(1, 70);
    expect<i32>(solve(false)).toBe(0);
    neighbours(60, false);
  });
  it('take a short up: 150 + 100 - 13P/8 + 7.5', () => {
    held(-1, 118);
    expect<i32>(solve(true)).toBe(0);
    expect<bool>(Math.abs(bracket.well - 225.5 / 1.625) < 1e-12).toBeTruthy();
    expect<f64>(Math.abs(<f64>(reinterpret<i64>(bracket.ill) - reinterpret<i64>(bracket.well)))).toBe(1);
    expect<bool>(bracket.ill > bracket.well).toBeTruthy();
  });
  it('find none where the unit is healthy to the end', () => {
    held(1, 100);
    expect<i32>(solve(false)).toBe(abi.ROOT_NONE);
    held(1, 75);
    expect<i32>(solve(true)).toBe(abi.ROOT_NONE);
    held(-1, 118);
    expect<i32>(solve(false)).toBe(abi.ROOT_NONE);
  });
  it('heal a unit that is liquidatable where they start', () => {
    held(1, 40);
    expect<i32>(solve(true)).toBe(abi.ROOT_LIQUIDATABLE);
    // 40 - 100 + 3P/8 + 7.5
    neighbours(140, false);
    expect<i32>(solve(false)).toBe(abi.ROOT_LIQUIDATABLE | abi.ROOT_NONE);
  });
  it('are not begun where there is no way to go', () => {
    held(1, 75);
    book.ready();
    move.openMarket(header, 0, 0);
    openHealth(header, 0, 1, PRICES, 0);
    expect<i32>(ray.solvePrice(100, 100, true, 0, false)).toBe(abi.ROOT_NONE);
    move.moveBack();
  });
});

describe('the grid', () => {
  it('finds the same neighbours and keeps them', () => {
    const cash: f64[] = [75, 70, 90];
    for (let i = 0; i < cash.length; i++) {
      held(1, cash[i]);
      solve(false);
      const well = bracket.well;
      const ill = bracket.ill;
      expect<i32>(solve(false, false)).toBe(abi.ROOT_BRACKETED);
      expect<f64>(bracket.well).toBe(well);
      expect<f64>(bracket.ill).toBe(ill);
      expect<i32>(grid.visits).toBe(1);
      expect<f64>(grid.visitedAt(0, 0)).toBe(ill);
      expect<f64>(grid.visitedAt(0, 1)).toBe(bracket.illHealth);
    }
  });
  it('finds none where there is none', () => {
    held(1, 100);
    expect<i32>(solve(false, false)).toBe(abi.ROOT_NONE | abi.ROOT_BRACKETED);
    held(1, 40);
    expect<i32>(solve(false, false)).toBe(abi.ROOT_NONE | abi.ROOT_BRACKETED | abi.ROOT_LIQUIDATABLE);
  });
  it('finds the first of several, and keeps the others: a table of whole form', () => {
    // P - 75 less an eighth of P, beyond 100 less a half of it: ill from 150 down, well from 100, ill from 600/7.
    header = book.newBook();
    const usd = book.asset(1);
    const m = book.market(0, usd, 200);
    book.wholeTable(m, [100, 0.125, 0.125, 0.125, abi.NO_LIMIT, 0.5, 0.5, 0.5]);
    book.unit();
    book.balance(usd, 25);
    book.position(m, 1, 100);
    expect<i32>(solve(false, false, 200)).toBe(abi.ROOT_BRACKETED);
    expect<f64>(bracket.well).toBe(150);
    expect<i32>(grid.visits).toBe(3);
    expect<f64>(grid.visitedAt(0, 0)).toBe(next(150, false));
    expect<f64>(grid.visitedAt(1, 0)).toBe(next(100, true), 'healthy again from 100 down');
    expect<bool>(Math.abs(grid.visitedAt(2, 0) - 600.0 / 7) < 1e-12).toBeTruthy();
    book.ready();
    move.openMarket(header, 0, 0);
    openHealth(header, 0, 1, PRICES, 0);
    expect<f64>(healthAt(100)).toBe(12.5);
    expect<f64>(healthAt(120)).toBe(-15);
    move.moveBack();
  });
  it('is taken by itself where rounding may move health by more than a chord can bear', () => {
    held(1, 75);
    book.ready();
    move.openMarket(header, 0, 0);
    openHealth(header, 0, 1, PRICES, 0);
    expect<i32>(ray.solvePrice(100, move.low, true, 1, false)).toBe(abi.ROOT_BRACKETED);
    move.moveBack();
    neighbours(50, false);
  });
});
