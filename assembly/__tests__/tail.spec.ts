// Tails of what is held: sums by scenario, the worst of them, conventions of the shortfall with losses that are whole numbers, ties,
// weights, few scenarios, padding that is not read, parts. The bits of the reference are in tests/value-at-risk-tails.test.ts.
import * as abi from '../abi';
import * as sums from '../var/sums';
import { tailOf, tails } from '../var/tail';
import * as worst from '../var/worst';
import * as book from './book';
import { random } from './random';

/** Rows for each section: scratch of quotes takes four doubles a row, of which a row of gains needs four. */
const ROOM: u32 = 1024;
let width: u32 = 0;

function term(slot: usize, value: f64): void {
  book.set(abi.MEASURE_TERM, <u32>(slot >> 3), value);
}

/** A book of so many scenarios; everything that is not a gain of one is not a number, or the largest loss of all. */
function scenarios(count: u32): void {
  book.newBook(ROOM);
  width = (count / 16 + 1) * 16;
  for (let i: u32 = 0; i < 4 * ROOM; i++) {
    book.set(abi.GAIN_VALUE, i, count % 2 == 0 ? NaN : -1e300);
    book.set(abi.QUOTE_COLUMN, i, NaN);
  }
  term(abi.MEASURE_SCENARIOS, count);
  term(abi.MEASURE_WIDTH, width);
}

function gain(row: u32, scenario: u32, value: f64): void {
  book.set(abi.GAIN_VALUE, row * width + scenario, value);
}

/** Gains of row 0, which is held once. */
function gains(values: f64[]): void {
  scenarios(values.length);
  for (let s = 0; s < values.length; s++) gain(0, s, values[s]);
}

/** A tail of `whole` scenarios and a part of the next, the loss of rank `rank` as value at risk. */
function asked(keep: u32, rank: u32, whole: u32, rest: f64, convention: u32 = abi.SHORTFALL_ACERBI_TASCHE): void {
  term(abi.MEASURE_KEEP, keep);
  term(abi.MEASURE_RANK, rank);
  term(abi.MEASURE_TAIL, <f64>whole + rest);
  term(abi.MEASURE_WHOLE, whole);
  term(abi.MEASURE_REST, rest);
  term(abi.MEASURE_SHORTFALL, convention);
}

/** Holds one of row 0. @returns losses in the tail */
function run(): u32 {
  book.setIndex(abi.HOLDING_ROW, 0, 0);
  book.set(abi.HOLDING_AMOUNT, 0, 1);
  return tailOf(book.header, 1, 0);
}

function measures(risk: f64, shortfall: f64): void {
  expect<f64>(book.get(abi.LOSS_RISK, 0)).toBe(risk, 'value at risk');
  expect<f64>(book.get(abi.LOSS_SHORTFALL, 0)).toBe(shortfall, 'shortfall');
}

/** Loss and scenario at a place of the tail. */
function place(i: u32, loss: f64, scenario: u32): void {
  expect<f64>(0 - book.get(abi.TAIL_GAIN, i)).toBe(loss, 'loss');
  expect<u32>(book.index(abi.TAIL_SCENARIO, i)).toBe(scenario, 'scenario');
}

/** Ten scenarios whose losses are 8, 5, 5, 3, 1, 0, -1 ... and where they stand: 3, 1, 6, 0, 8. */
const TEN: f64[] = [-3, -5, 2, -8, 1, 4, -5, 7, -1, 0];

describe('sums of what is held', () => {
  it('are amounts times gains, row after row', () => {
    scenarios(21);
    for (let s: u32 = 0; s < 21; s++) {
      gain(0, s, <f64>s);
      gain(1, s, -100);
      gain(2, s, <f64>(s * s));
    }
    asked(2, 1, 2, 0);
    for (let i: u32 = 0; i < 3; i++) book.setIndex(abi.HOLDING_ROW, i, i);
    book.set(abi.HOLDING_AMOUNT, 0, -30);
    book.set(abi.HOLDING_AMOUNT, 1, 1);
    book.set(abi.HOLDING_AMOUNT, 2, 1);
    expect<u32>(tailOf(book.header, 3, 0)).toBe(2);
    // s s - 30 s - 100 is least at 15, then at 14 and 16.
    place(0, 325, 15);
    place(1, 324, 14);
    measures(324, 324.5);
  });
  it('of nothing are 0, and the first scenarios are the tail', () => {
    gains(TEN);
    asked(3, 2, 3, 0);
    expect<u32>(tailOf(book.header, 0, 0)).toBe(3);
    for (let i: u32 = 0; i < 3; i++) place(i, 0, i);
    measures(0, 0);
  });
});

describe('a tail', () => {
  it('has the worst first, of equal ones the earlier scenario', () => {
    gains(TEN);
    asked(4, 2, 2, 0.5);
    expect<u32>(run()).toBe(4);
    place(0, 8, 3);
    place(1, 5, 1);
    place(2, 5, 6);
    place(3, 3, 0);
    // (8 + 5 + 5 / 2) / 2.5
    measures(5, 6.2);
  });
  it('goes between two losses by the share', () => {
    gains(TEN);
    asked(4, 2, 3, 0);
    term(abi.MEASURE_SHARE, 0.25);
    run();
    measures(5 - 0.25 * (5 - 3), 6);
  });
  it('of Rockafellar and Uryasev is the loss and what is beyond it', () => {
    gains(TEN);
    asked(3, 2, 2, 0.5, abi.SHORTFALL_ROCKAFELLAR_URYASEV);
    run();
    measures(5, 5 + 3 / 2.5);
  });
  it('at or beyond counts equal losses that are not kept', () => {
    gains(TEN);
    asked(2, 1, 2, 0, abi.SHORTFALL_AT_OR_BEYOND);
    expect<u32>(run()).toBe(2);
    measures(5, (8 + 5 + 5) / 3.0);
  });
  it('beyond leaves equal losses out, and is the loss where nothing is beyond', () => {
    gains(TEN);
    asked(2, 1, 2, 0, abi.SHORTFALL_BEYOND);
    run();
    measures(5, 8);
    asked(1, 0, 1, 0, abi.SHORTFALL_BEYOND);
    run();
    measures(8, 8);
  });
  it('beyond the quantile of type 7 goes by that', () => {
    gains(TEN);
    asked(4, 1, 2, 0, abi.SHORTFALL_BEYOND_TYPE7);
    term(abi.MEASURE_EXCEL_RANK, 2);
    term(abi.MEASURE_EXCEL_SHARE, 0.5);
    run();
    // Beyond 4 are 8, 5 and 5.
    measures(5, 6);
  });
  it('may be all there is, in books of one scenario and of any number up to three blocks', () => {
    for (let count: u32 = 1; count <= 48; count++) {
      scenarios(count);
      let sum: f64 = 0;
      for (let s: u32 = 0; s < count; s++) {
        // All numbers from 1 to the count in another order where it shares no factor with 7.
        gain(0, s, 0 - <f64>(1 + ((s * 7) % count)));
        sum += <f64>(1 + ((s * 7) % count));
      }
      asked(count, count - 1, count, 0);
      expect<u32>(run()).toBe(count);
      expect<f64>(book.get(abi.LOSS_SHORTFALL, 0)).toBe(sum / <f64>count);
      if (count % 7 != 0) expect<f64>(book.get(abi.LOSS_RISK, 0)).toBe(1);
      asked(1, 0, 1, 0);
      expect<u32>(run()).toBe(1);
      if (count % 7 != 0) measures(<f64>count, <f64>count);
    }
  });
  it('keeps its scenarios where they are asked for, none behind the last', () => {
    gains(TEN);
    asked(3, 2, 3, 0);
    term(abi.MEASURE_TAILS, 1);
    run();
    expect<u32>(book.index(abi.WORST_SCENARIO, 0)).toBe(3);
    expect<u32>(book.index(abi.WORST_SCENARIO, 1)).toBe(1);
    expect<u32>(book.index(abi.WORST_SCENARIO, 2)).toBe(6);
  });
});

describe('a tail by weights', () => {
  it('ends where they reach it, the last in part', () => {
    gains(TEN);
    asked(10, 0, 0, 0);
    term(abi.MEASURE_TAIL, 0.25);
    term(abi.MEASURE_WEIGHTED, 1);
    term(abi.MEASURE_COMPONENT, abi.COMPONENT_SHORTFALL);
    for (let s: u32 = 0; s < 10; s++) book.set(abi.CHANCE_WEIGHT, s, s == 3 ? 0 : s == 1 ? 0.125 : 0.25);
    expect<u32>(run()).toBe(3);
    // The worst has no weight; an eighth of scenario 1, an eighth of scenario 6.
    place(0, 8, 3);
    place(1, 5, 1);
    place(2, 5, 6);
    measures(5, 5);
    expect<f64>(book.get(abi.TAIL_WEIGHT, 0)).toBe(0);
    expect<f64>(book.get(abi.TAIL_WEIGHT, 1)).toBe(0.5);
    expect<f64>(book.get(abi.TAIL_WEIGHT, 2)).toBe(0.5);
  });
});

/** A level of gains: many values, few, all the same, one crash. */
function level(shape: u32, s: u32): f64 {
  if (shape == 0) return random() - 0.5;
  if (shape == 1) return Math.floor(random() * 5) - 2;
  if (shape == 2) return 0;
  return s == 77 ? -1e9 : random() * 1e-9;
}

/** Losses that are worse than, or equal to and earlier than, that of a scenario. */
function worseThan(s: u32, count: u32): u32 {
  const own = book.get(abi.GAIN_VALUE, s);
  let worse: u32 = 0;
  for (let other: u32 = 0; other < count; other++) {
    const gain = book.get(abi.GAIN_VALUE, other);
    if (gain < own || (gain == own && other < s)) worse++;
  }
  return worse;
}

describe('candidates', () => {
  it('are few, and every scenario of the tail is one, at the place that counting gives', () => {
    for (let shape: u32 = 0; shape < 4; shape++) {
      for (let count: u32 = 330; count < 1000; count += 211) {
        for (let keep: u32 = 1; keep < count; keep *= 3) {
          scenarios(count);
          for (let s: u32 = 0; s < count; s++) gain(0, s, level(shape, s));
          asked(keep, keep - 1, keep, 0);
          expect<u32>(run()).toBe(keep);
          const found = sums.find(sums.bound());
          expect<bool>(found >= keep).toBe(true, 'enough');
          if (shape == 0 && keep < count / 16) expect<bool>(found < 2 * keep + 8).toBe(true, 'few');
          for (let i: u32 = 0; i < keep; i += 1 + keep / 8)
            expect<u32>(worseThan(book.index(abi.TAIL_SCENARIO, i), count)).toBe(i, 'place');
          let equal: u32 = 0;
          const mildest = worst.lossAt(keep - 1);
          for (let s: u32 = 0; s < count; s++)
            if (0 - book.get(abi.GAIN_VALUE, s) == mildest && worseThan(s, count) >= keep) equal++;
          expect<u32>(worst.ties).toBe(equal, 'ties');
        }
      }
    }
  });
  it('weigh as much as the tail, by the lightest scenario of each group', () => {
    const count: u32 = 700;
    scenarios(count);
    let all: f64 = 0;
    for (let s: u32 = 0; s < count; s++) {
      gain(0, s, random() - 0.5);
      const weight = 1 + random();
      book.set(abi.CHANCE_WEIGHT, s, weight);
      all += weight;
    }
    for (let s: u32 = 0; s < count; s++) book.set(abi.CHANCE_WEIGHT, s, book.get(abi.CHANCE_WEIGHT, s) / all);
    asked(14, 0, 0, 0);
    term(abi.MEASURE_TAIL, 0.01);
    term(abi.MEASURE_WEIGHTED, 1);
    const size = run();
    const found = sums.find(sums.bound());
    expect<bool>(found >= size && found < 40).toBe(true);
    let reached: f64 = 0;
    for (let i: u32 = 0; i < size; i++) {
      expect<u32>(worseThan(book.index(abi.TAIL_SCENARIO, i), count)).toBe(i);
      expect<bool>(reached < 0.01).toBe(true);
      reached += book.get(abi.CHANCE_WEIGHT, book.index(abi.TAIL_SCENARIO, i));
    }
    expect<bool>(reached >= 0.01).toBe(true);
  });
});

/** Dollars, and a coin that moves: of two units of an account the first has a perpetual that pays dollars, the second one that pays coin. */
function units(): void {
  scenarios(4);
  const dollar = book.asset(1);
  const coin = book.asset(100);
  const first = book.market(abi.KIND_LINEAR, dollar, 100);
  const second = book.market(abi.KIND_LINEAR, coin, 3);
  book.setIndex(abi.MOVER_ROW, first, 1);
  book.setIndex(abi.MOVER_ROW, second, 2);
  book.setIndex(abi.MOVER_ROW, 2 + coin, 3);
  for (let s: u32 = 0; s < 4; s++) {
    gain(0, s, <f64>s - 2);
    gain(1, s, 10 - 8 * <f64>s);
    gain(2, s, -1);
  }
  book.unit();
  book.balance(dollar, 1000);
  book.position(first, 4, 400);
  book.unit();
  book.balance(coin, 7);
  book.position(second, 2, 5);
  book.setIndex(abi.UNIT_NEXT, 0, 1);
  book.setIndex(abi.UNIT_NEXT, 1, abi.NONE);
  book.setIndex(abi.ACCOUNT_FIRST_UNIT, 0, 0);
  asked(1, 0, 1, 0);
  term(abi.MEASURE_COMPONENT, abi.COMPONENT_SHORTFALL);
}

describe('tails of units and accounts', () => {
  it('have the profit in coin of a position with the balance, less what it has cost', () => {
    units();
    tails(book.header, 0, 2);
    // Scenario 0: 4 contracts lose 2 each; scenario 3: 2 contracts lose 14 each, and 7 - 5 coins lose 1 each.
    measures(8, 8);
    expect<f64>(book.get(abi.LOSS_RISK, 1)).toBe(30);
    expect<f64>(book.get(abi.LOSS_TOTAL, 0)).toBe(8);
    expect<f64>(book.get(abi.LOSS_TOTAL, 1)).toBe(30);
    expect<f64>(book.get(abi.POSITION_RISK_COMPONENT, 0)).toBe(8);
    // Its own loss of 28, less the 5 coins that are not there to lose.
    expect<f64>(book.get(abi.POSITION_RISK_COMPONENT, 1)).toBe(23);
    expect<f64>(book.get(abi.BALANCE_RISK_COMPONENT, 0)).toBe(0);
    expect<f64>(book.get(abi.BALANCE_RISK_COMPONENT, 1)).toBe(7);
  });
  it('of an account have all its units', () => {
    units();
    term(abi.MEASURE_BY, abi.BY_ACCOUNT);
    tails(book.header, 0, 1);
    // 4 (s - 2) + 2 (10 - 8 s) - 2 is least in scenario 3.
    measures(26, 26);
    expect<f64>(book.get(abi.LOSS_TOTAL, 0)).toBe(26);
    expect<f64>(book.get(abi.POSITION_RISK_COMPONENT, 0)).toBe(-4);
  });
});
