// Prices that move together along a ray: which they are, where the ray ends, and what follows a mark.
import * as abi from '../abi';
import * as move from '../liquidation/move';
import * as book from './book';
import * as risk from './scenario-book';

const END: f64 = 1 / 1048576;
let header: usize = 0;

/** Dollars (row 0), a coin at 50 (row 1); markets 0 and 1 linear at 100 and 50, settled in dollars; a unit with both. */
function twoMarkets(): void {
  header = book.newBook();
  const usd = book.asset(1);
  book.asset(50);
  book.flatTable(book.market(0, usd, 100), 0.125);
  book.flatTable(book.market(0, usd, 50), 0.125);
  book.unit();
  book.balance(0, 500);
  book.position(0, 2, 200);
  book.position(1, 4, 200);
  book.balance(1, 3);
}

function openMarket(m: u32): void {
  book.ready();
  move.openMarket(header, 0, m);
}

/** A row of the ray, and how far it moves. */
function row(i: u32, row: u32, shift: f64): void {
  expect<u32>(move.rayRow(i)).toBe(row, 'row');
  expect<f64>(move.rayShift(i)).toBe(shift, 'shift');
}

function mark(m: u32): f64 {
  return book.get(abi.MARKET_MARK, m);
}

describe('a mark', () => {
  it('leads, and moves alone where nothing shares its underlying', () => {
    twoMarkets();
    openMarket(1);
    expect<f64>(move.lead).toBe(50);
    expect<u32>(move.rayRows()).toBe(1);
    row(0, 3, 1);
    move.moveTo(40);
    expect<f64>(mark(0)).toBe(100);
    expect<f64>(mark(1)).toBe(40);
    expect<f64>(book.ofLong(1, abi.SIDE_VALUE)).toBe(40, 'the unit values follow');
    move.moveBack();
    expect<f64>(mark(1)).toBe(50);
    expect<f64>(book.ofLong(1, abi.SIDE_VALUE)).toBe(50, 'and go back');
  });
  it('takes markets and assets of its underlying with it, in proportion', () => {
    twoMarkets();
    book.together([1], [0, 1]);
    openMarket(0);
    expect<u32>(move.rayRows()).toBe(3);
    row(0, 2, 1);
    row(1, 1, 1);
    row(2, 3, 1);
    move.moveTo(120);
    expect<f64>(mark(0)).toBe(120);
    expect<f64>(mark(1)).toBe(60);
    expect<f64>(book.get(abi.ASSET_PRICE, 1)).toBe(60);
    expect<f64>(book.ofAsset(1, abi.ASSET_LOW, 0)).toBe(60);
    move.moveBack();
    expect<f64>(mark(1)).toBe(50);
    expect<f64>(book.get(abi.ASSET_PRICE, 1)).toBe(50);
    expect<f64>(book.ofAsset(1, abi.ASSET_LOW, 0)).toBe(50);
  });
  it('moves others by their beta over its own', () => {
    twoMarkets();
    book.together([1], [0, 1]);
    book.set(abi.MARKET_BETA, 1, 2);
    openMarket(0);
    row(2, 3, 2);
    openMarket(1);
    row(0, 2, 0.5);
    row(1, 1, 0.5);
    row(2, 3, 1);
    move.moveTo(75);
    expect<f64>(mark(0)).toBe(125);
    expect<f64>(book.get(abi.ASSET_PRICE, 1)).toBe(62.5);
    move.moveBack();
    book.set(abi.MARKET_BETA, 1, -1);
    openMarket(0);
    move.moveTo(125);
    expect<f64>(mark(1)).toBe(37.5);
    move.moveBack();
  });
  it('of beta 0 moves alone', () => {
    twoMarkets();
    book.together([1], [0, 1]);
    book.set(abi.MARKET_BETA, 0, 0);
    openMarket(0);
    expect<u32>(move.rayRows()).toBe(1);
    row(0, 1, 1);
  });
  it('has what settles in an asset that moves valued anew, without a move of its own', () => {
    twoMarkets();
    book.together([0], [1]);
    book.set(abi.ASSET_PRICE, 0, 1);
    openMarket(1);
    expect<u32>(move.rayRows()).toBe(3);
    row(0, 0, 1);
    row(1, 1, 0);
    row(2, 3, 1);
  });
  it('leaves an asset without a price where it is', () => {
    twoMarkets();
    book.together([1], [0]);
    book.set(abi.ASSET_PRICE, 1, 0);
    openMarket(0);
    expect<u32>(move.rayRows()).toBe(1);
  });
});

describe('guards and index', () => {
  it('follow where they equal the mark, and stay where they do not', () => {
    twoMarkets();
    book.set(abi.MARKET_TWAP, 0, 90);
    openMarket(0);
    move.moveTo(120);
    expect<f64>(book.get(abi.MARKET_INDEX, 0)).toBe(120);
    expect<f64>(book.get(abi.MARKET_STABLE, 0)).toBe(120);
    expect<f64>(book.get(abi.MARKET_TWAP, 0)).toBe(90);
    move.moveTo(90);
    move.moveTo(80);
    expect<f64>(book.get(abi.MARKET_TWAP, 0)).toBe(90, 'though the mark has met it');
    move.moveBack();
    expect<f64>(book.get(abi.MARKET_INDEX, 0)).toBe(100);
    expect<f64>(book.get(abi.MARKET_TWAP, 0)).toBe(90);
  });
  it('of an asset too', () => {
    twoMarkets();
    book.together([1], [0]);
    book.set(abi.ASSET_STABLE, 1, 60);
    openMarket(0);
    move.moveTo(200);
    expect<f64>(book.get(abi.ASSET_PRICE, 1)).toBe(100);
    expect<f64>(book.get(abi.ASSET_TWAP, 1)).toBe(100);
    expect<f64>(book.get(abi.ASSET_STABLE, 1)).toBe(60);
    move.moveBack();
    expect<f64>(book.get(abi.ASSET_TWAP, 1)).toBe(50);
  });
});

describe('the ends', () => {
  it('are 20 octaves away', () => {
    twoMarkets();
    openMarket(0);
    expect<f64>(move.low).toBe(100 * END);
    expect<bool>(Math.abs(move.high - 100 / END) < 200).toBeTruthy('but for a millionth');
  });
  it('are where the first of several prices has its own', () => {
    twoMarkets();
    book.together([], [0, 1]);
    book.set(abi.MARKET_BETA, 1, 2);
    openMarket(0);
    expect<bool>(move.low > 50 && move.low < 50.001).toBeTruthy('market 1 would be 0 at 50');
    book.set(abi.MARKET_BETA, 1, -1);
    openMarket(0);
    expect<bool>(move.high > 199.99 && move.high < 200).toBeTruthy('at 200');
  });
  it('of a prediction are 0 and 1', () => {
    twoMarkets();
    book.setIndex(abi.MARKET_KIND, 0, abi.KIND_PREDICTION);
    book.set(abi.MARKET_MARK, 0, 0.25);
    openMarket(0);
    expect<bool>(move.low > 0).toBeTruthy();
    expect<bool>(move.high > 0.99999 && move.high < 1).toBeTruthy();
  });
});

describe('shifts', () => {
  it('move each price by its own from a factor of 1', () => {
    twoMarkets();
    book.set(abi.MARKET_SHIFT, 0, 0.5);
    book.set(abi.MARKET_SHIFT, 1, -1);
    book.set(abi.ASSET_SHIFT, 1, 1);
    book.ready();
    move.openShifts(header, 0);
    expect<f64>(move.lead).toBe(1);
    expect<u32>(move.rayRows()).toBe(3);
    move.moveTo(1.5);
    expect<f64>(mark(0)).toBe(125);
    expect<f64>(mark(1)).toBe(25);
    expect<f64>(book.get(abi.ASSET_PRICE, 1)).toBe(75);
    move.moveBack();
    expect<f64>(mark(0)).toBe(100);
    expect<f64>(mark(1)).toBe(50);
    expect<f64>(book.get(abi.ASSET_PRICE, 1)).toBe(50);
  });
  it('of 0 move nothing', () => {
    twoMarkets();
    book.ready();
    move.openShifts(header, 0);
    expect<u32>(move.rayRows()).toBe(0);
  });
});

describe('a unit that a model margins', () => {
  it('moves the spots of what it holds, and has its options follow their values', () => {
    twoMarkets();
    const e = risk.expiry(1, 0.25, 50);
    const call = risk.option(abi.KIND_CALL, e, 40, 0);
    const future = risk.linear(1, 0, 52);
    book.set(abi.MARKET_INDEX, future, 50);
    risk.scenario(0.5);
    risk.model(risk.scan(0, 1));
    book.unit();
    book.balance(0, 100);
    book.position(call, 1, 10);
    book.position(future, 1, 52);
    book.setIndex(abi.UNIT_MODEL, 1, 1);
    book.setIndex(abi.ASSET_UNDERLYING, 1, 1);
    risk.ready();
    move.openMarket(header, 1, call);
    expect<f64>(move.lead).toBe(50, 'the spot leads');
    expect<u32>(move.rayRows()).toBe(3);
    row(0, 1 * 2, 1);
    row(1, call * 2 + 1, 0);
    row(2, future * 2 + 1, 1);
    expect<u32>(move.rayFollow(0)).toBe(abi.FOLLOW_RAY);
    expect<u32>(move.rayFollow(1)).toBe(abi.FOLLOW_VALUE);
    expect<u32>(move.rayFollow(2)).toBe(abi.FOLLOW_INDEX + 1);
    move.moveTo(75);
    expect<f64>(book.get(abi.ASSET_PRICE, 1)).toBe(75);
    expect<f64>(mark(future)).toBe(78);
    expect<f64>(book.get(abi.MARKET_INDEX, future)).toBe(75);
    move.moveBack();
    expect<f64>(book.get(abi.ASSET_PRICE, 1)).toBe(50);
    expect<f64>(mark(future)).toBe(52);
    expect<f64>(book.get(abi.MARKET_INDEX, future)).toBe(50);
    expect<f64>(mark(call)).toBe(10);
    // Without a model nothing but the market itself.
    book.setIndex(abi.UNIT_MODEL, 1, 0);
    move.openMarket(header, 1, future);
    expect<u32>(move.rayRows()).toBe(1);
  });
});
