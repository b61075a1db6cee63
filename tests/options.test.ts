// margin-kernel/options from outside, on the kernel and without it: published numbers, limits at the edges, statuses, columns, what
// is refused, and what holds of every option.
import { describe, expect, it, vi } from 'vitest';
import * as kernel from '../bindings/options.js';
import * as reference from '../bindings/reference/options.js';
import { Random } from './random-book.js';
import { refusal, refusedAt } from './refusal.js';

const SEED = 20221109;
const { Infinity: INF } = globalThis;

describe.each([
  ['the kernel', kernel],
  ['the reference', reference],
])('published numbers, %s', (_, o) => {
  it('prices of E. G. Haug, The complete guide to option pricing formulas (1998), pp. 2-8, 24 and 27', () => {
    const price = (...[type, strike, spot, dividendYield, rate, time, vol]: [kernel.OptionType, ...number[]]) =>
      o.optionPrice({
        type,
        strike: strike!,
        spot: spot!,
        dividendYield: dividendYield!,
        rate: rate!,
        time: time!,
        vol: vol!,
      }).price;
    expect(price('call', 65, 60, 0, 0.08, 0.25, 0.3)).toBeCloseTo(2.1334, 4);
    expect(price('put', 95, 100, 0.05, 0.1, 0.5, 0.2)).toBeCloseTo(2.4648, 4);
    expect(price('call', 19, 19, 0.1, 0.1, 0.75, 0.28)).toBeCloseTo(1.7011, 4);
    expect(price('put', 19, 19, 0.1, 0.1, 0.75, 0.28)).toBeCloseTo(1.7011, 4);
    expect(price('call', 1.6, 1.56, 0.08, 0.06, 0.5, 0.12)).toBeCloseTo(0.0291, 4);
    expect(price('call', 100, 90, 0.1, 0.1, 0.1, 0.15)).toBeCloseTo(0.0205, 4);
    expect(price('put', 100, 110, 0.1, 0.1, 0.1, 0.15)).toBeCloseTo(0.0408, 4);
    expect(price('call', 40, 42, 0.08, 0.04, 0.75, 0.35)).toBeCloseTo(5.0975, 4);
  });

  it('Greeks of the same, pp. 11-16', () => {
    const of = { type: 'put', strike: 100, spot: 105, dividendYield: 0.1, rate: 0.1, time: 0.5, vol: 0.36 } as const;
    const put = o.optionGreeks(of);
    expect(o.optionGreeks({ ...of, type: 'call' }).delta).toBeCloseTo(0.5946, 4);
    expect(put.delta).toBeCloseTo(-0.3566, 4);
    expect(put.elasticity).toBeCloseTo(-4.8775, 4);
    const growth = o.optionGreeks({ type: 'call', strike: 60, spot: 55, rate: 0.1, time: 0.75, vol: 0.3 });
    expect(growth.gamma).toBeCloseTo(0.0278, 4);
    expect(growth.vega).toBeCloseTo(18.9358, 4);
    const decay = {
      type: 'put',
      strike: 405,
      spot: 430,
      dividendYield: 0.05,
      rate: 0.07,
      time: 1 / 12,
      vol: 0.2,
    } as const;
    expect(o.optionGreeks(decay).theta).toBeCloseTo(-31.1924, 3);
    expect(o.optionGreeks(decay).thetaPerDay).toBeCloseTo(-0.0855, 4);
    const bond = o.optionGreeks({ type: 'call', strike: 75, spot: 72, rate: 0.09, time: 1, vol: 0.19 });
    expect(bond.rho).toBeCloseTo(38.7325, 4);
    const index = {
      type: 'put',
      strike: 490,
      spot: 500,
      dividendYield: 0.05,
      rate: 0.08,
      time: 0.25,
      vol: 0.15,
    } as const;
    expect(o.optionGreeks(index).dividendRho).toBeCloseTo(42.2254, 4);
  });

  it('digital options of the same, pp. 88 and 90', () => {
    const cash = {
      type: 'put',
      strike: 80,
      spot: 100,
      rate: 0.06,
      dividendYield: 0.06,
      time: 0.75,
      vol: 0.35,
    } as const;
    expect(10 * o.digitalPrice(cash).cash).toBeCloseTo(2.671, 4);
    const asset = { type: 'put', strike: 65, spot: 70, rate: 0.07, dividendYield: 0.05, time: 0.5, vol: 0.27 } as const;
    expect(o.digitalPrice(asset).asset).toBeCloseTo(20.2069, 4);
  });

  it('Black-76 of Derive: lyra-utils, test/math/Black76.t.sol', () => {
    const week = { forward: 1500, strike: 1500, vol: 1, time: 7 / 365 };
    expect(o.optionPrice({ type: 'call', ...week }).price).toBeCloseTo(82.80508066863456, 11);
    const month = { forward: 1000, strike: 1200, vol: 0.25, time: 30 / 365, discount: 0.9991784198737006 };
    expect(o.optionPrice({ type: 'call', ...month }).price).toBeCloseTo(0.1370821284265793, 13);
    expect(o.optionPrice({ type: 'put', ...month }).price).toBeCloseTo(199.97276610316672, 10);
    expect(o.optionGreeks({ type: 'call', ...month }).forwardDelta).toBeCloseTo(0.006071372605597036, 14);
  });

  it('the vol of P. Jaeckel’s hardest kind: far out of the money, and in the money with almost nothing above', () => {
    const far = { type: 'call', forward: 100, strike: 400, time: 0.1 } as const;
    expect(o.impliedVol({ ...far, price: 3.1983866025983625e-18 }).vol).toBeCloseTo(0.5, 13);
    const rest = { type: 'call', forward: 100, strike: 80, time: 0.05, price: 20.000000225995475 } as const;
    const { vol, condition } = o.impliedVol(rest);
    expect(vol).toBeCloseTo(0.20000000001578752, 13);
    expect(condition / 3194328.904444109).toBeCloseTo(1, 9);
  });
});

describe('edges', () => {
  const of = (terms: object): kernel.Greeks =>
    kernel.optionGreeks({ type: 'call', forward: 100, strike: 100, vol: 0.5, time: 1, ...terms } as kernel.Option);

  it('without time an option is its intrinsic value, with half a delta at the money', () => {
    expect(of({ time: 0 })).toMatchObject({
      price: 0,
      delta: 0.5,
      gamma: INF,
      vega: 0,
      theta: -INF,
      vanna: 0,
      volga: 0,
    });
    expect(of({ time: 0, strike: 90 })).toMatchObject({
      status: 'ok',
      price: 10,
      delta: 1,
      gamma: 0,
      vega: 0,
      theta: 0,
    });
    expect(of({ time: 0, strike: 90, type: 'put' })).toMatchObject({ price: 0, delta: 0, gamma: 0, elasticity: -INF });
    expect(of({ time: 0, strike: 110 })).toMatchObject({ price: 0, delta: 0, elasticity: INF });
    expect(of({ time: -1, strike: 90 })).toMatchObject({ status: 'expired', price: 10, delta: 1 });
    expect(of({ time: -1, strike: 90 })).toEqual({ ...of({ time: 0, strike: 90 }), status: 'expired' });
  });

  it('without vol too, but for what the carry does', () => {
    const slope = 0.3989422804014327;
    const still = of({ vol: 0, time: 4 });
    expect(still).toMatchObject({ price: 0, delta: 0.5, gamma: INF, theta: 0, volga: 0 });
    expect(still.vega).toBeCloseTo(100 * slope * 2, 12);
    expect(still.vanna).toBeCloseTo(slope, 12);
    const spot = (type: kernel.OptionType) =>
      kernel.optionGreeks({ type, spot: 100, rate: 0.05, vol: 0, strike: 100, time: 1 });
    expect(spot('call').price).toBeCloseTo(100 * (1 - Math.exp(-0.05)), 12);
    expect(spot('call')).toMatchObject({ delta: 1, gamma: 0, vega: 0 });
    expect(spot('call').theta).toBeCloseTo(-5 * Math.exp(-0.05), 12);
    expect(spot('put')).toMatchObject({ price: 0, delta: 0, theta: 0 });
  });

  it('a forward or strike of 0 leaves one side', () => {
    expect(of({ strike: 0, discount: 0.9 })).toMatchObject({
      price: 90,
      delta: 0.9,
      forwardDelta: 1,
      gamma: 0,
      vega: 0,
    });
    expect(of({ strike: 0, type: 'put' })).toMatchObject({ price: 0, delta: 0, elasticity: -INF });
    expect(of({ forward: 0, discount: 0.9 })).toMatchObject({ price: 0, delta: 0, gamma: 0, elasticity: INF });
    expect(of({ forward: 0, discount: 0.9, type: 'put' })).toMatchObject({ price: 90, delta: -0.9, elasticity: 0 });
    expect(of({ forward: 0, strike: 0 })).toMatchObject({ price: 0, gamma: 0, vega: 0, theta: 0 });
    // So far apart that their quotient is no double.
    expect(of({ forward: 1e150, strike: 1e-155, vol: 1e6 })).toMatchObject({ price: 1e150, delta: 1, gamma: 0 });
    expect(of({ forward: 1e-155, strike: 1e150, type: 'put' })).toMatchObject({ price: 1e150, delta: -1, gamma: 0 });
  });

  it('an endless vol leaves underlying and strike', () => {
    for (const vol of [80, 1e5, 1e150]) {
      expect(of({ vol, strike: 130, discount: 0.5 })).toMatchObject({
        price: 50,
        delta: 0.5,
        gamma: 0,
        vega: 0,
        theta: 50 * Math.log(2),
      });
      expect(of({ vol, strike: 130, discount: 0.5, type: 'put' }).price).toBe(65);
    }
  });

  it('digital options pay, or half at the strike', () => {
    const pays = (terms: object) =>
      kernel.digitalPrice({ type: 'call', forward: 100, strike: 100, vol: 0, time: 1, ...terms } as kernel.Option);
    expect(pays({ strike: 99, discount: 0.8 })).toEqual({ status: 'ok', cash: 0.8, asset: 80 });
    expect(pays({ strike: 101 })).toEqual({ status: 'ok', cash: 0, asset: 0 });
    expect(pays({ strike: 101, type: 'put' })).toEqual({ status: 'ok', cash: 1, asset: 100 });
    expect(pays({})).toEqual({ status: 'ok', cash: 0.5, asset: 50 });
    expect(pays({ vol: 0.5, strike: 0 })).toEqual({ status: 'ok', cash: 1, asset: 100 });
    expect(pays({ vol: 0.5, forward: 0 })).toEqual({ status: 'ok', cash: 0, asset: 0 });
  });
});

describe('statuses', () => {
  const good: kernel.Option = { type: 'call', forward: 100, strike: 100, vol: 0.5, time: 1, discount: 1 };

  it.each([
    ['vol', -0.1],
    ['forward', -1],
    ['strike', -1],
    ['discount', 0],
    ['discount', -1],
    ...['vol', 'forward', 'strike', 'discount', 'time'].flatMap((key): [string, number][] => [
      [key, NaN],
      [key, INF],
      [key, 1e151],
    ]),
    ['time', -INF],
  ])('%s %d is invalid, and every number of the answer NaN', (key, value) => {
    const { status, ...numbers } = kernel.optionGreeks({ ...good, [key]: value });
    expect(status).toBe('invalid');
    expect(new Set(Object.values(numbers))).toEqual(new Set([NaN]));
    expect(kernel.optionPrice({ ...good, [key]: value })).toEqual({ status: 'invalid', price: NaN });
    expect(kernel.digitalPrice({ ...good, [key]: value })).toEqual({ status: 'invalid', cash: NaN, asset: NaN });
  });

  it('rates that leave the doubles are invalid', () => {
    const spot = { type: 'call', spot: 100, strike: 100, vol: 0.5, time: 1 } as const;
    for (const rate of [NaN, INF, -INF, 1e4, -1e4])
      expect(kernel.optionPrice({ ...spot, rate }).status).toBe('invalid');
    expect(kernel.optionPrice({ ...spot, dividendYield: -1e4 }).status).toBe('invalid');
    expect(kernel.optionPrice({ ...spot, rate: -0.5, dividendYield: 3 }).status).toBe('ok');
  });

  it('tell prices without a vol apart', () => {
    const vol = (terms: object) =>
      kernel.impliedVol({
        type: 'call',
        forward: 100,
        strike: 90,
        time: 1,
        price: 12,
        ...terms,
      } as kernel.PricedOption);
    const none = { vol: NaN, condition: NaN };
    expect(vol({ price: 9.99 })).toEqual({ status: 'belowIntrinsic', ...none });
    expect(vol({ price: -1 })).toEqual({ status: 'belowIntrinsic', ...none });
    expect(vol({ price: 10 })).toEqual({ status: 'ok', vol: 0, condition: INF });
    expect(vol({ price: 100 })).toEqual({ status: 'aboveMaximum', ...none });
    expect(vol({ price: 101 })).toEqual({ status: 'aboveMaximum', ...none });
    expect(vol({ type: 'put', price: 90 })).toEqual({ status: 'aboveMaximum', ...none });
    expect(vol({ type: 'put', price: 0 })).toEqual({ status: 'ok', vol: 0, condition: INF });
    expect(vol({ time: 0 })).toEqual({ status: 'expired', ...none });
    expect(vol({ time: -1 })).toEqual({ status: 'expired', ...none });
    for (const terms of [
      { price: NaN },
      { price: INF },
      { forward: 0 },
      { strike: 0 },
      { forward: NaN },
      { discount: -1 },
    ]) {
      expect(vol(terms)).toEqual({ status: 'invalid', ...none });
    }
    // The next double above the intrinsic value and the last below the maximum have one.
    expect(vol({ price: 10.000000000000002 }).vol).toBeGreaterThan(0.01);
    expect(vol({ price: 99.99999999999999 }).vol).toBeLessThan(20);
  });
});

describe('columns', () => {
  const n = 300;
  const r = new Random(SEED);
  const column = (from: number, to: number): Float64Array =>
    Float64Array.from({ length: n }, () => r.between(from, to));
  const type = Int8Array.from({ length: n }, () => (r.chance(0.5) ? 1 : -1));
  const forward = column(80, 120);
  const strike = column(80, 120);
  const vol = column(0, 1);
  const time = column(-0.02, 1);
  vol[77] = -1;
  time[5] = NaN;
  const row = (i: number): kernel.Option => ({
    type: type[i] === 1 ? 'call' : 'put',
    forward: forward[i]!,
    strike: strike[i]!,
    vol: vol[i]!,
    time: time[i]!,
    discount: 0.97,
  });
  const options = { type, forward, strike, vol, time, discount: 0.97 };
  const code = (status: kernel.OptionStatus): number => kernel.OPTION_STATUS.indexOf(status);

  it('are answered row by row as single options are', () => {
    const names = Object.keys(kernel.optionGreeks(row(0))).filter((name) => name !== 'status') as kernel.Greek[];
    expect(names.length).toBe(12);
    const status = new Uint8Array(n);
    const greeks = {
      status,
      ...Object.fromEntries(names.map((name) => [name, new Float64Array(n)])),
    } as Required<kernel.GreeksInto>;
    const others = kernel.optionGreeksInto(options, greeks);
    const price = new Float64Array(n);
    expect(kernel.optionPricesInto(options, { price, status })).toBe(others);
    expect(price).toEqual(greeks.price);
    const cash = new Float64Array(n);
    kernel.digitalPricesInto(options, { cash, status });
    let counted = 0;
    for (let i = 0; i < n; i++) {
      const one = kernel.optionGreeks(row(i));
      for (const name of names) expect(greeks[name][i], `${name} of row ${i}`).toBe(one[name]);
      expect(status[i]).toBe(code(one.status));
      expect(cash[i]).toBe(kernel.digitalPrice(row(i)).cash);
      if (one.status !== 'ok') counted++;
    }
    expect(others).toBe(counted);
    expect(new Set(status)).toEqual(new Set([code('ok'), code('expired'), code('invalid')]));
    const found = new Float64Array(n);
    const { vol: _, ...terms } = options;
    kernel.impliedVolsInto({ ...terms, price }, { vol: found, status });
    for (let i = 0; i < n; i++) {
      const { vol: __, ...single } = row(i);
      const one = kernel.impliedVol({ ...single, price: price[i]! });
      expect(found[i]).toBe(one.vol);
      expect(status[i]).toBe(code(one.status));
    }
  });

  it('may be numbers, and may be written in place', () => {
    const status = new Uint8Array(n);
    const wanted = Float64Array.from(
      strike,
      (k) => kernel.optionPrice({ type: 'put', spot: 100, strike: k, vol: 0.4, time: 0.5 }).price,
    );
    const place = strike.slice();
    kernel.optionPricesInto({ type: 'put', spot: 100, strike: place, vol: 0.4, time: 0.5 }, { price: place, status });
    expect(place).toEqual(wanted);
    const none = { price: new Float64Array(0), status: new Uint8Array(0) };
    expect(kernel.optionPricesInto({ type: 'put', spot: 100, strike: 90, vol: 0.4, time: 0.5 }, none)).toBe(0);
  });

  describe.each([
    ['the kernel', kernel],
    ['the reference', reference],
  ])('that answers overlap are read before, %s', (_, o) => {
    const terms = { type: 'call', forward: 100, strike, time: 1 } as const;
    const vols = column(0.1, 1);
    const wanted = { price: new Float64Array(n), delta: new Float64Array(n), status: new Uint8Array(n) };
    o.optionGreeksInto({ ...terms, vol: vols }, wanted);

    /** The vols at one place of a buffer, and another place that many bytes behind, or before where below 0. */
    function places(bytes: number): { vol: Float64Array; buffer: ArrayBuffer; at: number } {
      const buffer = new ArrayBuffer(8 * n + Math.abs(bytes));
      const vol = new Float64Array(buffer, Math.max(-bytes, 0), n);
      vol.set(vols);
      return { vol, buffer, at: Math.max(bytes, 0) };
    }

    it.each([1, 127, 128, 129, 299, -1, -128, -299])('%d rows apart', (apart) => {
      const status = new Uint8Array(n);
      for (const name of ['price', 'delta'] as const) {
        const { vol, buffer, at } = places(8 * apart);
        const place = new Float64Array(buffer, at, n);
        o.optionGreeksInto({ ...terms, vol }, { [name]: place, status });
        expect(place).toEqual(wanted[name]);
      }
      const one = places(8 * apart);
      const price = new Float64Array(one.buffer, one.at, n);
      o.optionPricesInto({ ...terms, vol: one.vol }, { price, status });
      expect(price).toEqual(wanted.price);
      const cash = new Float64Array(n);
      o.digitalPricesInto({ ...terms, vol: vols }, { cash, status });
      const digital = places(8 * apart);
      const paid = new Float64Array(digital.buffer, digital.at, n);
      o.digitalPricesInto({ ...terms, vol: digital.vol }, { cash: paid, status });
      expect(paid).toEqual(cash);
      const found = new Float64Array(n);
      o.impliedVolsInto({ ...terms, price: wanted.price }, { vol: found, status });
      const priced = places(8 * apart);
      priced.vol.set(wanted.price);
      const back = new Float64Array(priced.buffer, priced.at, n);
      o.impliedVolsInto({ ...terms, price: priced.vol }, { vol: back, status });
      expect(back).toEqual(found);
    });

    it.each([0, 1, 129, 1500, -1, -299])('by the status, %d bytes apart, which has narrower rows', (apart) => {
      const buffer = new ArrayBuffer(8 * n + 2400);
      const vol = new Float64Array(buffer, 800, n);
      vol.set(vols);
      const status = new Uint8Array(buffer, 800 + apart, n);
      const price = new Float64Array(n);
      expect(o.optionPricesInto({ ...terms, vol }, { price, status })).toBe(0);
      expect(price).toEqual(wanted.price);
      expect(status).toEqual(wanted.status);
    });

    it.each([0, 8, 1500, 2000, -8, -296])('of types, %d bytes apart', (apart) => {
      const options = { ...terms, vol: vols };
      const mixed = new Float64Array(n);
      o.optionPricesInto({ ...options, type }, { price: mixed, status: new Uint8Array(n) });
      const buffer = new ArrayBuffer(8 * n + 2400);
      const types = new Int8Array(buffer, 800 + apart, n);
      types.set(type);
      const price = new Float64Array(buffer, 800, n);
      o.optionPricesInto({ ...options, type: types }, { price, status: new Uint8Array(n) });
      expect(price).toEqual(mixed);
      const cells = new Int8Array(n + 1);
      cells.set(type);
      const status = new Uint8Array(cells.buffer, 1);
      const apartFrom = new Float64Array(n);
      o.optionPricesInto({ ...options, type: cells.subarray(0, n) }, { price: apartFrom, status });
      expect(apartFrom).toEqual(mixed);
    });

    it('and copied nowhere else', () => {
      const copied = vi.spyOn(Object.getPrototypeOf(Float64Array.prototype) as Float64Array, 'slice');
      try {
        const status = new Uint8Array(n);
        o.optionPricesInto({ ...terms, vol: vols }, { price: new Float64Array(n), status });
        const side = new Float64Array(2 * n);
        side.set(vols);
        o.optionPricesInto({ ...terms, vol: side.subarray(0, n) }, { price: side.subarray(n), status });
        const place = vols.slice();
        copied.mockClear();
        o.optionPricesInto({ ...terms, vol: place }, { price: place, status });
        expect(copied).not.toHaveBeenCalled();
        o.optionPricesInto({ ...terms, vol: side.subarray(0, n) }, { price: side.subarray(1, n + 1), status });
        expect(copied).toHaveBeenCalledTimes(1);
      } finally {
        copied.mockRestore();
      }
    });
  });

  it('of types other than 1 and -1 are invalid rows', () => {
    const status = new Uint8Array(3);
    const price = new Float64Array(3);
    const types = Int8Array.of(1, 0, 2);
    expect(
      kernel.optionPricesInto({ type: types, forward: 100, strike: 90, vol: 0.4, time: 0.5 }, { price, status }),
    ).toBe(2);
    expect(Array.from(status)).toEqual([0, code('invalid'), code('invalid')]);
  });
});

describe('what is refused', () => {
  const option = { type: 'call', forward: 100, strike: 90, vol: 0.4, time: 0.5 };
  const into = { price: new Float64Array(2), status: new Uint8Array(2) };
  const price = (value: unknown): string => refusedAt(() => kernel.optionPrice(value as kernel.Option));
  const prices = (terms: object, answers: unknown = into): string =>
    refusedAt(() =>
      kernel.optionPricesInto({ ...option, ...terms } as kernel.OptionColumns, answers as kernel.PriceInto),
    );

  it('of one option: what is no object, no number, unknown, missing, or of both forms', () => {
    expect(price(null)).toBe('type option');
    expect(price([])).toBe('type option');
    expect(price({ ...option, type: 'Call' })).toBe('range option.type');
    expect(price({ ...option, type: 1 })).toBe('type option.type');
    expect(price({ ...option, type: 'toString' })).toBe('range option.type');
    expect(price({ ...option, type: undefined })).toBe('missing-key option.type');
    expect(price({ ...option, strike: '90' })).toBe('type option.strike');
    expect(price({ ...option, vol: undefined })).toBe('missing-key option.vol');
    expect(price({ ...option, forward: undefined })).toBe('missing-key option.forward');
    expect(price({ ...option, spot: 100 })).toBe('conflict option');
    expect(price({ ...option, rate: 0.1 })).toBe('unknown-key option.rate');
    expect(price({ ...option, volatility: 0.4 })).toBe('unknown-key option.volatility');
    const unknown = { ...option, vol: undefined, price: 1, volt: 1 };
    expect(refusal(() => kernel.impliedVol(unknown as unknown as kernel.PricedOption))).toBe(
      'unknown-key at option.vol: expected one of type, forward, strike, price, time, discount',
    );
  });

  it('of columns: other lengths, other kinds of arrays, answers that are missing; and nothing is written', () => {
    into.price.fill(7);
    expect(prices({ strike: new Float64Array(3) })).toBe('range options.strike');
    expect(prices({ strike: [90, 91] })).toBe('type options.strike');
    expect(prices({ strike: new Float32Array(2) })).toBe('type options.strike');
    expect(prices({ type: new Int8Array(1) })).toBe('range options.type');
    expect(prices({ type: new Float64Array(2) })).toBe('type options.type');
    expect(prices({ time: undefined })).toBe('missing-key options.time');
    expect(prices({ rate: 1 })).toBe('unknown-key options.rate');
    expect(prices({}, {})).toBe('missing-key into.status');
    expect(prices({}, null)).toBe('type into');
    expect(prices({}, { status: new Uint8Array(2) })).toBe('missing-key into.price');
    expect(prices({}, { ...into, status: [0, 0] })).toBe('type into.status');
    expect(prices({}, { ...into, price: new Float64Array(1) })).toBe('range into.price');
    expect(prices({}, { ...into, delta: new Float64Array(2) })).toBe('unknown-key into.delta');
    expect(
      refusal(() => kernel.optionGreeksInto(option as never, { status: new Uint8Array(1), detla: 1 } as never)),
    ).toContain('Did you mean "delta"?');
    expect(Array.from(into.price)).toEqual([7, 7]);
  });
});

describe('answers that overlap each other are refused', () => {
  const option = { type: 'call', forward: 100, strike: 90, vol: 0.4, time: 0.5 } as const;

  it('as one array, as parts of one, and as status; and nothing is written', () => {
    const cells = new Float64Array(5).fill(7);
    const [first, second] = [cells.subarray(0, 2), cells.subarray(1, 3)];
    const status = new Uint8Array(2).fill(9);
    for (const o of [kernel, reference]) {
      const greeks = (into: kernel.GreeksInto) => refusal(() => o.optionGreeksInto(option, into));
      expect(greeks({ delta: first, gamma: first, status })).toBe(
        'conflict at into.gamma: expected an array that does not overlap into.delta',
      );
      expect(greeks({ volga: first, price: second, status })).toBe(
        'conflict at into.volga: expected an array that does not overlap into.price',
      );
      expect(greeks({ vega: first, status: new Uint8Array(cells.buffer, 15, 2) })).toBe(
        'conflict at into.vega: expected an array that does not overlap into.status',
      );
      expect(refusedAt(() => o.digitalPricesInto(option, { cash: first, asset: second, status }))).toBe(
        'conflict into.asset',
      );
      const { vol: _, ...terms } = option;
      expect(
        refusedAt(() => o.impliedVolsInto({ ...terms, price: 12 }, { vol: second, condition: first, status })),
      ).toBe('conflict into.condition');
    }
    expect(Array.from(cells)).toEqual([7, 7, 7, 7, 7]);
    expect(Array.from(status)).toEqual([9, 9]);
  });

  it('but not side by side', () => {
    const cells = new Float64Array(5);
    const status = new Uint8Array(cells.buffer, 32, 2);
    const into = { delta: cells.subarray(0, 2), gamma: cells.subarray(2, 4), status };
    expect(kernel.optionGreeksInto(option, into)).toBe(0);
    const { delta, gamma } = kernel.optionGreeks(option);
    expect(Array.from(cells)).toEqual([delta, delta, gamma, gamma, 0]);
  });
});

describe('what holds of every option', () => {
  const r = new Random(SEED);
  const random = (): kernel.Option => {
    const time = 10 ** r.between(-4, 1);
    const vol = 10 ** r.between(-2, 0.7);
    const forward = 100 * Math.exp(r.between(-1, 1));
    const strike = forward * Math.exp(r.between(-8, 8) * vol * Math.sqrt(time));
    const type = r.chance(0.5) ? 'call' : 'put';
    return { type, forward, strike, vol, time, discount: r.between(0.5, 1) };
  };
  const rows = Array.from({ length: 2000 }, random);
  const price = (option: kernel.Option): number => kernel.optionPrice(option).price;

  it('put-call parity, of prices and of deltas', () => {
    for (const row of rows) {
      const { forward, strike, discount = 1 } = row as kernel.Option & kernel.ForwardUnderlying;
      const [call, put] = (['call', 'put'] as const).map((type) => kernel.optionGreeks({ ...row, type })) as [
        kernel.Greeks,
        kernel.Greeks,
      ];
      const size = Math.max(call.price, put.price);
      expect(Math.abs(call.price - put.price - discount * (forward - strike))).toBeLessThanOrEqual(4e-16 * size);
      expect(call.forwardDelta - put.forwardDelta).toBeCloseTo(1, 15);
      for (const name of ['gamma', 'vega', 'vanna', 'volga'] as const) expect(call[name]).toBe(put[name]);
    }
  });

  it('a price lies between intrinsic value and maximum, a digital between 0 and what it pays', () => {
    for (const row of rows) {
      const { type, forward, strike, discount = 1 } = row as kernel.Option & kernel.ForwardUnderlying;
      const inside = discount * (type === 'call' ? forward - strike : strike - forward);
      const most = discount * (type === 'call' ? forward : strike);
      expect(price(row)).toBeGreaterThanOrEqual(Math.max(inside, 0));
      expect(price(row)).toBeLessThanOrEqual(most * (1 + 2e-16));
      const { cash, asset } = kernel.digitalPrice(row);
      expect(cash).toBeGreaterThanOrEqual(0);
      expect(cash).toBeLessThanOrEqual(discount);
      expect(asset).toBeLessThanOrEqual(discount * forward);
      // An option is long one digital and short the other.
      const pair = type === 'call' ? asset - strike * cash : strike * cash - asset;
      expect(Math.abs(pair - price(row))).toBeLessThanOrEqual(3e-15 * (asset + strike * cash));
    }
  });

  it('a price rises with vol and time, a call with the forward, a put with the strike', () => {
    for (const row of rows) {
      const { type, forward, strike } = row as kernel.Option & kernel.ForwardUnderlying;
      const base = price(row);
      // What it may fall by is rounding.
      const least = base * (1 - 1e-14);
      for (const factor of [1 + 1e-12, 1.0001, 1.1, 3]) {
        expect(price({ ...row, vol: row.vol * factor })).toBeGreaterThanOrEqual(least);
        expect(price({ ...row, time: row.time * factor })).toBeGreaterThanOrEqual(least);
        const moved = type === 'call' ? { forward: forward * factor } : { strike: strike * factor };
        expect(price({ ...row, ...moved } as kernel.Option)).toBeGreaterThanOrEqual(least);
      }
    }
  });

  it('Greeks are what differences of prices come to', () => {
    const spot = {
      type: 'put',
      spot: 100,
      strike: 104,
      vol: 0.35,
      time: 0.4,
      rate: 0.05,
      dividendYield: 0.02,
    } as const;
    const forward = { type: 'call', forward: 100, strike: 104, vol: 0.35, time: 0.4, discount: 0.93 } as const;
    const slope = (f: (x: number) => number, x: number, h = 1e-4): number => (f(x + h) - f(x - h)) / (2 * h);
    for (const option of [spot, forward]) {
      const g = kernel.optionGreeks(option);
      const key = 'spot' in option ? 'spot' : 'forward';
      const at = (changes: object) => kernel.optionGreeks({ ...option, ...changes } as kernel.Option);
      expect(g.delta).toBeCloseTo(
        slope((x) => at({ [key]: x }).price, 100),
        8,
      );
      expect(g.gamma).toBeCloseTo(
        slope((x) => at({ [key]: x }).delta, 100),
        8,
      );
      expect(g.vega).toBeCloseTo(
        slope((x) => at({ vol: x }).price, 0.35),
        5,
      );
      expect(g.vanna).toBeCloseTo(
        slope((x) => at({ vol: x }).delta, 0.35),
        6,
      );
      expect(g.volga).toBeCloseTo(
        slope((x) => at({ vol: x }).vega, 0.35),
        4,
      );
      const rate = -Math.log(0.93) / 0.4;
      const aged = (t: number) => at('spot' in option ? { time: t } : { time: t, discount: Math.exp(-rate * t) }).price;
      expect(g.theta).toBeCloseTo(-slope(aged, 0.4), 4);
      expect(g.elasticity).toBeCloseTo((g.delta * 100) / g.price, 10);
    }
    const g = kernel.optionGreeks(spot);
    expect(g.rho).toBeCloseTo(
      slope((rate) => kernel.optionPrice({ ...spot, rate }).price, 0.05),
      5,
    );
    expect(g.dividendRho).toBeCloseTo(
      slope((q) => kernel.optionPrice({ ...spot, dividendYield: q }).price, 0.02),
      5,
    );
    const discounted = (rate: number) => kernel.optionPrice({ ...forward, discount: Math.exp(-rate * 0.4) }).price;
    expect(kernel.optionGreeks(forward).rho).toBeCloseTo(slope(discounted, -Math.log(0.93) / 0.4), 6);
    expect(kernel.optionGreeks(forward).dividendRho).toBe(0);
  });

  it('a spot option is that of its forward', () => {
    for (const row of rows.slice(0, 200)) {
      const { type, strike, vol, time } = row;
      const [rate, dividendYield] = [r.between(-0.1, 0.2), r.between(-0.1, 0.2)];
      const there = price({ type, strike, vol, time, spot: 100, rate, dividendYield });
      const forward = 100 * Math.exp((rate - dividendYield) * time);
      const here = price({ type, strike, vol, time, forward, discount: Math.exp(-rate * time) });
      expect(Math.abs(there - here)).toBeLessThanOrEqual(1e-13 * (100 + strike));
    }
  });

  it('a vol comes back from its price, as nearly as the price tells', () => {
    for (const row of rows) {
      const { vol, ...terms } = row;
      const { vol: got, condition, status } = kernel.impliedVol({ ...terms, price: price(row) });
      // In doubles a price may be its maximum.
      const { type, forward, strike, discount = 1 } = row as kernel.Option & kernel.ForwardUnderlying;
      if (price(row) >= discount * (type === 'call' ? forward : strike) * (1 - 2e-16)) continue;
      expect(status).toBe('ok');
      // The price is rounded once, and is 4e-15 off by itself.
      if (condition < 1e9) expect(Math.abs(got / vol - 1)).toBeLessThanOrEqual(6e-15 * (1 + condition));
    }
  });
});
