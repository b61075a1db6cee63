// Options inside wasm: ln(a/b) next to 1, the normalised price where its regions meet, rows of a block against the textbook formula,
// and the scenario kernel against prices of the same. Accuracy and equality with the reference are in tests/options*.test.ts.
import { exp } from '../numeric/exp';
import { log } from '../numeric/log';
import { normalCdf } from '../numeric/normal';
import { black, gap, ru, rv, share } from '../options/black';
import { optionGreeks } from '../options/greeks';
import { impliedVols } from '../options/implied-vol';
import * as layout from '../options/layout';
import { lnRatio, ratioLow } from '../options/pair';
import { digitalPrices, optionPrices } from '../options/prices';
import { scenarioLogs, scenarioPrices } from '../scenario/black76';
import { random } from './random';

const BLOCK = memory.data(8 * 128 * 20, 16);
const FORWARD: i32 = 0;

function near(got: f64, want: f64, relative: f64, what: string): void {
  if (!(abs(got - want) <= relative * abs(want))) expect<f64>(got).toBe(want, what);
}

function write(
  row: u32,
  type: f64,
  underlying: f64,
  strike: f64,
  vol: f64,
  time: f64,
  fifth: f64,
  dividendYield: f64,
): void {
  const at = BLOCK + ((<usize>row) << 3);
  layout.put(at, layout.INPUT_TYPE, type);
  layout.put(at, layout.INPUT_UNDERLYING, underlying);
  layout.put(at, layout.INPUT_STRIKE, strike);
  layout.put(at, layout.INPUT_VOL, vol);
  layout.put(at, layout.INPUT_TIME, time);
  layout.put(at, layout.INPUT_DISCOUNT, fifth);
  layout.put(at, layout.INPUT_DIVIDEND_YIELD, dividendYield);
}

function answer(row: u32, column: u32): f64 {
  return layout.get(BLOCK + ((<usize>row) << 3), layout.ANSWERS + column);
}

function statusOf(row: u32): f64 {
  return layout.get(BLOCK + ((<usize>row) << 3), layout.STATUS_COLUMN);
}

describe('lnRatio', () => {
  it('has all digits next to 1', () => {
    // ln(1 + 2^-40) = 2^-40 - 2^-81 + 2^-120 / 3 ....
    const step = 1.0 / 1099511627776.0;
    expect<f64>(lnRatio(1 + step, 1)).toBe(step - 0.5 * step * step);
    expect<bool>(abs(ratioLow) < 1e-18 * step).toBe(true);
    expect<f64>(lnRatio(7, 7)).toBe(0);
    expect<f64>(lnRatio(1, 2)).toBe(-0.6931471805599453);
  });
  it('is the difference of logarithms away from 1, and changes its sign with its arguments', () => {
    for (let i = 0; i < 1000; i++) {
      const a = exp((random() - 0.5) * 200);
      const b = exp((random() - 0.5) * 200);
      near(lnRatio(a, b), log(a) - log(b), 1e-13, 'ln(a/b)');
      expect<f64>(lnRatio(b, a)).toBe(-lnRatio(a, b));
    }
  });
});

describe('black', () => {
  it('joins its regions without a step', () => {
    // Both sides of where the difference of two R takes over from the series, and of where the series turn round.
    for (let h: f64 = 0; h < 8; h += 0.25) {
      const s = 0.2 * (1 + h);
      black(h * (s * (1 - 1e-12)), 0, s * (1 - 1e-12), 0);
      const before = share;
      black(h * (s * (1 + 1e-12)), 0, s * (1 + 1e-12), 0);
      near(share, before, 3e-12 * (1 + h * h), 'series and difference');
    }
    black(2.9999999999 * 0.1, 0, 0.1, 0);
    const below = gap;
    black(3.0000000001 * 0.1, 0, 0.1, 0);
    near(gap, below, 2e-9, 'up and down');
  });
  it('is the difference of two tails', () => {
    for (let i = 0; i < 1000; i++) {
      const s = 0.3 + random();
      const h = random() * 3;
      black(h * s, 0, s, 0);
      const want = normalCdf(s / 2 - h) - exp(h * s) * normalCdf(-h - s / 2);
      near(share, want, 1e-12, 'share');
      expect<bool>(ru > rv).toBe(true);
    }
  });
  it('is nothing without s, and all for an endless one', () => {
    black(0, 0, 0, 0);
    expect<f64>(share).toBe(0);
    black(0.1, 0, 0, 0);
    expect<f64>(share).toBe(0);
    black(Infinity, 0, 1, 0);
    expect<f64>(share).toBe(0);
    black(0.1, 0, Infinity, 0);
    expect<f64>(share).toBe(1);
  });
});

describe('rows of a block', () => {
  it('are the formula of F. Black, both sides', () => {
    const forward: f64 = 105;
    const strike: f64 = 100;
    const sd: f64 = 0.4 * sqrt(0.25);
    const d1 = log(forward / strike) / sd + sd / 2;
    const d2 = d1 - sd;
    write(0, 1, forward, strike, 0.4, 0.25, 0.95, 0);
    write(1, -1, forward, strike, 0.4, 0.25, 0.95, 0);
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
      write(0, strike > 100 ? 1 : -1, 100, strike, vol, time, 0.9, 0);
      optionPrices(BLOCK, FORWARD, 1);
      layout.put(BLOCK, layout.INPUT_VOL, answer(0, 0));
      impliedVols(BLOCK, FORWARD, 1);
      expect<f64>(statusOf(0)).toBe(layout.STATUS_OK);
      near(answer(0, 0), vol, 1e-14 * (1 + answer(0, 1)), 'vol');
    }
  });
  it('that make no sense are NaN with a status', () => {
    write(0, 1, NaN, 100, 0.2, 1, 1, 0);
    write(1, 1, 100, 100, -0.2, 1, 1, 0);
    write(2, 1, 100, 90, 0.2, -1, 1, 0);
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
        write(i, call ? 1 : -1, forward, strike, vol, time, 1, 0);
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
