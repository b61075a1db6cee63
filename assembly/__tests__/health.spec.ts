// Health of a unit at a point of its ray: collateral less requirement at one level, and the side it is on.
import * as abi from '../abi';
import { collateral, evaluations, healthAt, ill, openHealth, PRICES, requirement } from '../liquidation/health';
import { moveBack, openMarket } from '../liquidation/move';
import * as book from './book';

let header: usize = 0;

/** A long of 1 from 100 with 50 behind it; rates 1/2, 1/4 and 1/8. */
function long(): void {
  header = book.newBook();
  const usd = book.asset(1);
  const m = book.market(0, usd, 100);
  book.table(m, [abi.NO_LIMIT, 0.5, 0.25, 0.125]);
  book.unit();
  book.balance(usd, 50);
  book.position(m, 1, 100);
}

function open(level: i32): void {
  book.ready();
  openMarket(header, 0, 0);
  openHealth(header, 0, level, PRICES, 0);
}

describe('health', () => {
  it('is that of the level that was asked for', () => {
    long();
    open(0);
    expect<f64>(healthAt(100)).toBe(0);
    open(1);
    expect<f64>(healthAt(100)).toBe(25);
    open(2);
    expect<f64>(healthAt(100)).toBe(37.5);
  });
  it('says collateral and requirement, and counts its points', () => {
    long();
    open(1);
    expect<i32>(evaluations).toBe(0);
    expect<f64>(healthAt(80)).toBe(10);
    expect<f64>(collateral).toBe(30);
    expect<f64>(requirement).toBe(20);
    healthAt(64);
    expect<f64>(collateral).toBe(14);
    expect<f64>(requirement).toBe(16);
    expect<i32>(evaluations).toBe(2);
    open(1);
    expect<i32>(evaluations).toBe(0);
    moveBack();
  });
  it("has the unit's own factor and buffer", () => {
    long();
    book.set(abi.UNIT_MULTIPLIER, 0, 2);
    book.set(abi.UNIT_BUFFER, 0, 0.25);
    open(1);
    expect<f64>(healthAt(80)).toBe(-10);
    open(2);
    expect<f64>(healthAt(80)).toBe(30 - 20 - 20);
    moveBack();
  });
});

describe('the side', () => {
  it('is ill below 0', () => {
    long();
    open(0);
    healthAt(100);
    expect<bool>(ill).toBeFalsy();
    healthAt(99);
    expect<bool>(ill).toBeTruthy();
    moveBack();
  });
  it('is ill at 0 under the rule <=, at maintenance only', () => {
    long();
    book.table(0, [abi.NO_LIMIT, 0.5, 0.5, 0.5]);
    book.setIndex(abi.HOUSE_RULE, 0, 1);
    open(1);
    expect<f64>(healthAt(100)).toBe(0);
    expect<bool>(ill).toBeTruthy();
    open(0);
    healthAt(100);
    expect<bool>(ill).toBeFalsy();
  });
  it('is well under the rule <= where nothing is required', () => {
    long();
    book.flatTable(0, 0);
    book.setIndex(abi.HOUSE_RULE, 0, 1);
    open(1);
    expect<f64>(healthAt(40)).toBe(-10);
    expect<bool>(ill).toBeFalsy();
    book.setIndex(abi.HOUSE_RULE, 0, 0);
    open(1);
    healthAt(40);
    expect<bool>(ill).toBeTruthy();
    moveBack();
  });
});
