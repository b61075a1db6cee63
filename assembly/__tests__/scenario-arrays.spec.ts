// Risk arrays and values of options, with numbers that are exact: no volatility, so that an option is worth what it pays now.
import * as abi from '../abi';
import { repriceMarket } from '../scenario/arrays';
import { quoteOption, valueOption } from '../scenario/option-value';
import * as book from './book';
import * as risk from './scenario-book';

/** Dollars (asset 0), a coin at 100 (asset 1); scenarios of +50 %, -50 % and nothing. */
function coins(): void {
  book.newBook();
  book.asset(1);
  book.asset(100);
  book.setIndex(abi.ASSET_UNDERLYING, 1, 1);
  risk.scenario(0.5);
  risk.scenario(-0.5);
  risk.scenario(0);
  risk.model(risk.scan(0, 3));
}

/** An array: what it gains in the three scenarios, its value, its delta and what it moves. */
function array(m: u32, up: f64, down: f64, still: f64, value: f64, delta: f64, spot: f64): void {
  expect<f64>(risk.cell(m, 0)).toBe(up, 'up');
  expect<f64>(risk.cell(m, 1)).toBe(down, 'down');
  expect<f64>(risk.cell(m, 2)).toBe(still, 'still');
  expect<f64>(risk.cell(m, 3)).toBe(value, 'value');
  expect<f64>(risk.cell(m, 4)).toBe(delta, 'delta');
  expect<f64>(risk.cell(m, 5)).toBe(spot, 'spot');
}

/** A move of volatilities, and none of the spot, for the first scenario. */
function move(kind: u32): void {
  book.add(abi.COUNT_MOVE);
  book.setIndex(abi.MOVE_KIND, 0, kind);
  book.setIndex(abi.MOVE_RANGE, 0, abi.NONE);
  book.setIndex(abi.MOVE_LEAST_BY, 0, abi.NONE);
  book.setIndex(abi.SCENARIO_MOVE, 0, 0);
}

function terms(slot: usize, value: f64): void {
  book.set(abi.MOVE_TERMS, <u32>(slot >> 3), value);
}

/** What a call of a volatility is worth in the first scenario, which leaves the spot. */
function moved(vol: f64): f64 {
  book.set(abi.SCENARIO_PRICE, 0, 0);
  const m = risk.option(abi.KIND_CALL, risk.expiry(1, 0.25, 104), 120, 0);
  book.set(abi.MARKET_VOLATILITY, m, vol);
  risk.ready();
  return risk.cell(m, 0) + risk.cell(m, 3);
}

/** The same of a volatility that does not move. */
function plain(vol: f64): f64 {
  coins();
  moved(vol);
  expect<f64>(risk.cell(0, 0)).toBe(0);
  return risk.cell(0, 3);
}

describe('a risk array', () => {
  it('of a linear market is its notional times the move, by its beta', () => {
    coins();
    const m = risk.linear(1, 0, 104);
    book.set(abi.MARKET_INDEX, m, 100);
    book.set(abi.MARKET_MULTIPLIER, m, 2);
    risk.ready();
    // Gains go by the mark, deltas by the spot.
    array(m, 104, -104, 0, 0, 200, 200);
    book.set(abi.MARKET_BETA, m, -0.5);
    risk.ready();
    array(m, -52, 52, 0, 0, -100, 200);
  });
  it('of an inverse market is a profit in coin, at the coin of now', () => {
    coins();
    const m = book.market(abi.KIND_INVERSE, 1, 100);
    book.setIndex(abi.MARKET_UNDERLYING, m, 1);
    book.flatTable(m, 0);
    risk.ready();
    // A dollar is 0.01 coins: a third of it is gained, all of it lost.
    expect<f64>(risk.cell(m, 0)).toBe(0.5 / 1.5);
    expect<f64>(risk.cell(m, 1)).toBe(-1);
    expect<f64>(risk.cell(m, 4)).toBe(1);
  });
  it('of an option is what it is worth more', () => {
    coins();
    const e = risk.expiry(1, 0.25, 104);
    const call = risk.option(abi.KIND_CALL, e, 96, 0);
    const put = risk.option(abi.KIND_PUT, e, 96, 0);
    risk.ready();
    // The forward moves to 156 and 52.
    array(call, 52, -8, 0, 8, 104, 100);
    array(put, 0, 44, 0, 0, 0, 100);
  });
  it('of an option that pays coin is in coins of the scenario, at the coin of now', () => {
    coins();
    const e = risk.expiry(1, 0.25, 100);
    const call = risk.option(abi.KIND_CALL, e, 50, 1);
    risk.ready();
    // 50 dollars are half a coin, 100 are 2/3 of one at 150, and nothing is left at 50.
    expect<f64>(book.get(abi.MARKET_MARK, call)).toBe(0.5);
    expect<f64>(risk.cell(call, 0)).toBe(100 * (100.0 / 150 - 0.5));
    expect<f64>(risk.cell(call, 1)).toBe(-50);
    expect<f64>(risk.cell(call, 3)).toBe(50);
    expect<f64>(risk.cell(call, 5)).toBe(100);
  });
  it('of a coin that is worth nothing is nothing', () => {
    coins();
    book.set(abi.ASSET_PRICE, 1, 0);
    const call = risk.option(abi.KIND_CALL, risk.expiry(1, 0.25, 100), 50, 1);
    risk.ready();
    expect<f64>(book.get(abi.MARKET_MARK, call)).toBe(0);
    for (let i: u32 = 0; i < 6; i++) expect<f64>(risk.cell(call, i)).toBe(0);
  });
  it('of a balance that hedges is its price times the move; of others nothing', () => {
    coins();
    book.setIndex(abi.ASSET_HEDGES, 1, 1);
    risk.ready();
    array(0, 0, 0, 0, 0, 0, 0);
    expect<f64>(risk.cell(1, 0)).toBe(50);
    expect<f64>(risk.cell(1, 1)).toBe(-50);
    expect<f64>(risk.cell(1, 4)).toBe(100);
  });
  it('is rounded to whole multiples of the quantum, weights applied', () => {
    coins();
    const m = risk.linear(1, 0, 100);
    book.set(abi.SCENARIO_WEIGHT, 0, 0.27);
    book.set(abi.MODEL_QUANTUM, 0, 5);
    risk.ready();
    // 13.5 of 5 is 2.7, -50 of 5 is -10.
    expect<f64>(risk.cell(m, 0)).toBe(3);
    expect<f64>(risk.cell(m, 1)).toBe(-10);
  });
  it('that is published stays', () => {
    coins();
    book.setIndex(abi.MODEL_PUBLISHED, 0, 1);
    const m = risk.linear(1, 0, 100);
    for (let i: u32 = 0; i < 3; i++) book.set(abi.CELL_VALUE, i, 7 + <f64>i);
    risk.ready();
    for (let i: u32 = 0; i < 3; i++) expect<f64>(risk.cell(m, i)).toBe(7 + <f64>i);
  });
});

describe('a volatility', () => {
  it('moves by a factor, by its term', () => {
    coins();
    move(abi.MOVE_SCALE);
    terms(abi.MOVE_TERM_BY, 0.5);
    // Four times as long as the term: half the move.
    terms(abi.MOVE_TERM_TERM, 0.0625 * 31536000);
    terms(abi.MOVE_TERM_SHORT, 0.25);
    terms(abi.MOVE_TERM_LONG, 0.5);
    const value = moved(0.5);
    expect<f64>(value).toBeCloseTo(plain(0.625), 12);
  });
  it('moves by an amount, and stays above the least', () => {
    coins();
    move(abi.MOVE_SHIFT);
    terms(abi.MOVE_TERM_BY, -1);
    terms(abi.MOVE_TERM_LEAST, 0.125);
    const value = moved(0.5);
    expect<f64>(value).toBeCloseTo(plain(0.125), 12);
  });
  it('that is not moved gains nothing', () => {
    expect<f64>(plain(0.5)).toBeGreaterThan(0);
  });
});

describe('a mark', () => {
  it('of an option is its value, or keeps its distance from it', () => {
    coins();
    const call = risk.option(abi.KIND_CALL, risk.expiry(1, 0.25, 104), 96, 0);
    risk.ready();
    expect<f64>(book.get(abi.MARKET_MARK, call)).toBe(8);
    book.setIndex(abi.MARKET_VALUED, call, 0);
    book.set(abi.MARKET_MARK, call, 9.5);
    quoteOption(book.header, call);
    expect<f64>(book.get(abi.MARKET_GAP, call)).toBe(1.5);
    book.set(abi.ASSET_PRICE, 1, 125);
    valueOption(book.header, call);
    // The forward is 130 now.
    expect<f64>(book.get(abi.MARKET_MARK, call)).toBe(35.5);
    expect<f64>(book.get(abi.MARKET_INDEX, call)).toBe(35.5);
    book.set(abi.ASSET_PRICE, 1, 25);
    valueOption(book.header, call);
    expect<f64>(book.get(abi.MARKET_MARK, call)).toBe(1.5);
    book.set(abi.MARKET_GAP, call, -2);
    valueOption(book.header, call);
    expect<f64>(book.get(abi.MARKET_MARK, call)).toBe(0, 'never below 0');
  });
  it('of an option makes its array anew where the spot has moved', () => {
    coins();
    const call = risk.option(abi.KIND_CALL, risk.expiry(1, 0.25, 104), 96, 0);
    risk.ready();
    book.set(abi.ASSET_PRICE, 1, 200);
    repriceMarket(book.header, call, 0);
    array(call, 104, -104, 0, 112, 208, 200);
    book.set(abi.ASSET_PRICE, 1, 100);
    repriceMarket(book.header, call, abi.NONE);
    array(call, 52, -8, 0, 8, 104, 100);
    repriceMarket(book.header, call, 7);
    array(call, 52, -8, 0, 8, 104, 100);
  });
});
