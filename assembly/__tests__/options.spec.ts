// Options inside wasm: ln(a/b) next to 1, the normalised price where its regions meet, rows of a block against the textbook formula,
// and the scenario kernel against prices of the same. Accuracy and equality with the reference are in tests/options*.test.ts.
import { exp } from '../numeric/exp';
import { log } from '../numeric/log';
import { normalCdf } from '../numeric/normal';
import * as normal from '../options/black';
import { optionGreeks } from '../options/greeks';
import { impliedVols } from '../options/implied-vol';
import * as layout from '../options/layout';
import * as pair from '../options/pair';
import { digitalPrices, optionPrices } from '../options/prices';
import { scenarioLogs, scenarioPrices } from '../scenario/black76';
import { random } from './random';

const BLOCK = memory.data(8 * 128 * 20, 16);
const FORWARD: i32 = 0;

function near(got: f64, want: f64, relative: f64, what: string): void {
  if (!(abs(got - want) <= relative * abs(want))) expect<f64>(got).toBe(want, what);
}

/** Column `column` of a row. */
function place(row: u32, column: usize): usize {
  return BLOCK + ((<usize>row) << 3) + column * (layout.ROWS << 3);
}

function write(row: u32, type: f64, underlying: f64, strike: f64, vol: f64, time: f64, discount: f64): void {
  store<f64>(place(row, layout.INPUT_TYPE), type);
  store<f64>(place(row, layout.INPUT_UNDERLYING), underlying);
  store<f64>(place(row, layout.INPUT_STRIKE), strike);
  store<f64>(place(row, layout.INPUT_VOL), vol);
  store<f64>(place(row, layout.INPUT_TIME), time);
  store<f64>(place(row, layout.INPUT_DISCOUNT), discount);
}

function answer(row: u32, column: usize): f64 {
  return load<f64>(place(row, layout.ANSWERS + column));
}

function statusOf(row: u32): f64 {
  return load<f64>(place(row, layout.STATUS_COLUMN));
}

function first(values: v128): f64 {
  return f64x2.extract_lane(values, 0);
}

function second(values: v128): f64 {
  return f64x2.extract_lane(values, 1);
}

function both(a: f64, b: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(a), 1, b);
}

/** ln(a/b) in one lane, ln(b/a) in the other. */
function lnRatio(a: f64, b: f64): v128 {
  const above = both(a, b);
  const below = both(b, a);
  return pair.lnRatio(above, below, f64x2.div(above, below));
}

/** Two options, at h and s each. */
function black(h0: f64, s0: f64, h1: f64, s1: f64): void {
  normal.black(both(h0 * s0, h1 * s1), f64x2.splat(0), both(s0, s1), f64x2.splat(0));
}

describe('lnRatio', () => {
  it('has all digits next to 1', () => {
    // ln(1 + 2^-40) = 2^-40 - 2^-81 + 2^-120 / 3 ...
    const step = 1.0 / 1099511627776.0;
    const value = lnRatio(1 + step, 1);
    expect<f64>(first(value)).toBe(step - 0.5 * step * step);
    expect<f64>(second(value)).toBe(-(step - 0.5 * step * step));
    expect<bool>(abs(first(pair.ratioLow)) < 1e-16 * step).toBe(true);
    expect<f64>(first(lnRatio(7, 7))).toBe(0);
    expect<f64>(first(lnRatio(1, 2))).toBe(-0.6931471805599453);
  });
  it('is the difference of logarithms away from 1', () => {
    for (let i = 0; i < 1000; i++) {
      const a = exp((random() - 0.5) * (i < 500 ? 200 : 660));
      const b = exp((random() - 0.5) * (i < 500 ? 200 : 660));
      const value = lnRatio(a, b);
      near(first(value), log(a) - log(b), 1e-12, 'ln(a/b)');
      near(second(value), log(b) - log(a), 1e-12, 'ln(b/a)');
    }
  });
});

describe('black', () => {
  it('joins its regions without a step', () => {
    // Both sides of where the difference of two R takes over from the series, and of where the series turn round.
    for (let h: f64 = 0; h < 8; h += 0.25) {
      const s = 0.2 * (1 + h);
      black(h, s * (1 - 1e-12), h, s * (1 + 1e-12));
      near(second(normal.share), first(normal.share), 3e-12 * (1 + h * h), 'series and difference');
    }
    black(2.9999999999, 0.1, 3.0000000001, 0.1);
    near(first(normal.gap), second(normal.gap), 2e-9, 'up and down');
  });
  it('gives each lane what it gives both', () => {
    for (let i = 0; i < 2000; i++) {
      const h0 = random() * 9;
      const h1 = random() * 9;
      const s0 = exp(random() * 8 - 7);
      const s1 = exp(random() * 8 - 7);
      black(h0, s0, h0, s0);
      const a = first(normal.share);
      black(h1, s1, h1, s1);
      const b = first(normal.share);
      black(h0, s0, h1, s1);
      expect<f64>(first(normal.share)).toBe(a);
      expect<f64>(second(normal.share)).toBe(b);
    }
  });
  it('is the difference of two tails', () => {
    for (let i = 0; i < 1000; i++) {
      const s = 0.3 + random();
      const h = random() * 3;
      black(h, s, h, s);
      const want = normalCdf(s / 2 - h) - exp(h * s) * normalCdf(-h - s / 2);
      near(first(normal.share), want, 1e-12, 'share');
    }
  });
  it('is nothing without s, and all for an endless one', () => {
    const zero = f64x2.splat(0);
    normal.black(both(0, 0.1), zero, zero, zero);
    expect<f64>(first(normal.share)).toBe(0);
    expect<f64>(second(normal.share)).toBe(0);
    normal.black(both(Infinity, 0.1), zero, both(1, Infinity), zero);
    expect<f64>(first(normal.share)).toBe(0);
    expect<f64>(second(normal.share)).toBe(1);
  });
});

describe('rows of a block', () => {
  it('are the formula of F. Black, both sides', () => {
    const forward: f64 = 105;
    const strike: f64 = 100;
    const sd: f64 = 0.4 * sqrt(0.25);
    const d1 = log(forward / strike) / sd + sd / 2;
    const d2 = d1 - sd;
    write(0, 1, forward, strike, 0.4, 0.25, 0.95);
    write(1, -1, forward, strike, 0.4, 0.25, 0.95);
    optionPrices(BLOCK, FORWARD, 2);
    near(answer(0, 0), 0.95 * (forward * normalCdf(d1) - strike * normalCdf(d2)), 1e-13, 'call');
    near(answer(1, 0), 0.95 * (strike * normalCdf(-d2) - forward * normalCdf(-d1)), 1e-13, 'put');
    digitalPrices(BLOCK, FORWARD, 2);
    near(answer(0, 0), 0.95 * normalCdf(d2), 1e-14, 'cash');
    near(answer(1, 1), 0.95 * forward * normalCdf(-d1), 1e-14, 'asset');
    optionGreeks(BLOCK, FORWARD, 2);
    near(answer(0, 1), 0.95 * normalCdf(d1), 1e-14, 'delta');
    near(answer(1, 2), -normalCdf(-d1), 1e-14, 'forward delta');
  });
  it('give their vol back', () => {
    for (let n = 0; n < 200; n++) {
      const vol = 0.05 + 2 * random();
      const time = 0.01 + random();
      const strike = 100 * exp((random() - 0.5) * 4 * vol * sqrt(time));
      write(0, strike > 100 ? 1 : -1, 100, strike, vol, time, 0.9);
      optionPrices(BLOCK, FORWARD, 1);
      store<f64>(place(0, layout.INPUT_VOL), answer(0, 0));
      impliedVols(BLOCK, FORWARD, 1);
      expect<f64>(statusOf(0)).toBe(layout.STATUS_OK);
      near(answer(0, 0), vol, 1e-14 * (1 + answer(0, 1)), 'vol');
    }
  });
  it('that make no sense are NaN with a status', () => {
    write(0, 1, NaN, 100, 0.2, 1, 1);
    write(1, 1, 100, 100, -0.2, 1, 1);
    write(2, 1, 100, 90, 0.2, -1, 1);
    optionPrices(BLOCK, FORWARD, 3);
    expect<bool>(isNaN(answer(0, 0)) && isNaN(answer(1, 0))).toBe(true);
    expect<f64>(statusOf(0)).toBe(layout.STATUS_INVALID);
    expect<f64>(statusOf(1)).toBe(layout.STATUS_INVALID);
    expect<f64>(statusOf(2)).toBe(layout.STATUS_EXPIRED);
    expect<f64>(answer(2, 0)).toBe(10);
  });
});

describe('scenarioPrices', () => {
  it('are the prices of rows, two at a time, to 2e-15 of the forward', () => {
    const count: u32 = 64;
    const column = memory.data(8 * 64 * 5, 16);
    for (let n = 0; n < 40; n++) {
      const call = (n & 1) == 0;
      const strike = 50 + 100 * random();
      const time = random() * random();
      for (let i: u32 = 0; i < count; i++) {
        const forward = 100 * exp(random() - 0.5);
        const vol = random() * 2;
        store<f64>(column + ((<usize>i) << 3), forward);
        store<f64>(column + ((<usize>(i + 3 * count)) << 3), vol);
        write(i, call ? 1 : -1, forward, strike, vol, time, 1);
      }
      optionPrices(BLOCK, FORWARD, count);
      const vols = column + ((<usize>(3 * count)) << 3);
      const into = column + ((<usize>(4 * count)) << 3);
      scenarioLogs(count, column, column + ((<usize>count) << 3));
      scenarioPrices(call, strike, sqrt(time), count, column, column + ((<usize>count) << 3), vols, into);
      for (let i: u32 = 0; i < count; i++) {
        const got = load<f64>(into + ((<usize>i) << 3));
        if (!(abs(got - answer(i, 0)) <= 4e-15 * 165)) expect<f64>(got).toBe(answer(i, 0), 'scenario price');
      }
    }
  });
});
