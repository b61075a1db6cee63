// The venues' own rules: published numbers, integers against the kernel to within one unit, refusals, and the examples of
// the documentation.
import { readdirSync, readFileSync } from 'node:fs';
import { accountMargin, Book, type BookJSON, explain, MarginError } from 'margin-kernel';
import * as binance from 'margin-kernel/venues/binance';
import * as bybit from 'margin-kernel/venues/bybit';
import * as cex from 'margin-kernel/venues/cex';
import * as decimals from 'margin-kernel/venues/decimal';
import * as drift from 'margin-kernel/venues/drift';
import * as driftBook from 'margin-kernel/venues/drift-book';
import * as dydx from 'margin-kernel/venues/dydx';
import * as hyperliquid from 'margin-kernel/venues/hyperliquid';
import * as integers from 'margin-kernel/venues/integer';
import * as mango from 'margin-kernel/venues/mango';
import * as okx from 'margin-kernel/venues/okx';
import * as orderly from 'margin-kernel/venues/orderly';
import * as paradex from 'margin-kernel/venues/paradex';
import * as tiers from 'margin-kernel/venues/tiers';
import * as vega from 'margin-kernel/venues/vega';
import { describe, expect, it } from 'vitest';

const FORMAT = 'margin-kernel/book@1';

/** Seeded numbers in [0, 1): mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const whole = (next: () => number, least: number, most: number): bigint =>
  BigInt(Math.floor(least + next() * (most - least + 1)));

const code = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    return error instanceof MarginError ? error.code : String(error);
  }
  return 'no error';
};

describe('numbers of the venues', () => {
  it('read decimals without loss and refuse what is not one', () => {
    expect(decimals.scaled('1e-6', 6)).toBe(1n);
    expect(decimals.scaled(1e21, 0)).toBe(10n ** 21n);
    expect(decimals.scaled('-0.000001', 6)).toBe(-1n);
    expect(decimals.decimal(-1n, 6)).toBe('-0.000001');
    expect(decimals.decimal(0n, 3)).toBe('0');
    expect(decimals.decimal(12n, -3)).toBe('12000');
    expect(decimals.complement('1e-3')).toBe('0.999');
    expect(code(() => decimals.scaled('0.0000001', 6))).toBe('inexact');
    expect(code(() => decimals.scaled('1e999999', 6))).toBe('range');
    for (const wrong of ['', '.', '1,5', 'NaN', '0x10', Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(code(() => decimals.scaled(wrong, 6))).toBe('type');
    }
  });

  it('divide toward the named side, whatever the signs', () => {
    for (const a of [-7n, -6n, 0n, 6n, 7n]) {
      for (const b of [-3n, 3n]) {
        expect(integers.floorDiv(a, b)).toBe(BigInt(Math.floor(Number(a) / Number(b))));
        expect(integers.ceilDiv(a, b)).toBe(BigInt(Math.ceil(Number(a) / Number(b))));
      }
    }
    expect(code(() => integers.floorDiv(1n, 0n))).toBe('range');
    expect(code(() => integers.integer(2 ** 53))).toBe('inexact');
    expect(code(() => integers.integer('1.5'))).toBe('inexact');
  });

  it('take integer square roots of any size', () => {
    const next = random(1);
    for (let digits = 1; digits < 60; digits++) {
      const n = BigInt(Array.from({ length: digits }, () => Math.floor(next() * 10)).join(''));
      const root = integers.isqrt(n);
      expect(root * root <= n && n < (root + 1n) * (root + 1n)).toBe(true);
    }
    for (let root = 0n; root < 300n; root++) expect(integers.isqrt(root * root)).toBe(root);
    expect(code(() => integers.isqrt(-1n))).toBe('range');
  });
});

describe('dydx', () => {
  // v4-chain x/perpetuals/lib/lib_test.go, GetMarginRequirementsInQuoteQuantums
  it('holds the published extremes exactly', () => {
    const perpetual = {
      price: '18446744073709551615',
      priceExponent: -1,
      atomicResolution: -6,
      initialMarginPpm: 100,
      maintenanceFractionPpm: 1_000_000,
    };
    const risk = dydx.positionRisk(perpetual, '18446744073709551615');
    expect(risk.initialMargin).toBe(3402823669209384634264811192843492n);
    expect(risk.maintenanceMargin).toBe(3402823669209384634264811192843492n);
  });

  it('is the kernel within one quote quantum', () => {
    const next = random(7);
    for (let round = 0; round < 200; round++) {
      const perpetual: dydx.Perpetual = {
        ticker: 'P',
        atomicResolution: -Number(whole(next, 5, 10)),
        price: whole(next, 1, 9e9),
        priceExponent: -Number(whole(next, 3, 8)),
        initialMarginPpm: whole(next, 10_000, 1_000_000),
        maintenanceFractionPpm: whole(next, 300_000, 1_000_000),
        openInterest: whole(next, 0, 1e12),
        openInterestLowerCap: whole(next, 1, 1e9),
        openInterestUpperCap: whole(next, 2e9, 1e12),
      };
      const baseQuantums = whole(next, -1e9, 1e9);
      const usdcQuantums = whole(next, -1e12, 1e12);
      const exact = dydx.accountRisk(usdcQuantums, [dydx.positionRisk(perpetual, baseQuantums)]);
      if (exact.initialMargin > 2n ** 50n) continue; // one quantum is below a double's step there
      const account = dydx.account('a', { usdcQuantums, positions: [{ ticker: 'P', baseQuantums }] }, [perpetual]);
      const json: BookJSON = {
        format: FORMAT,
        assets: [dydx.usdc()],
        markets: [dydx.market(perpetual)],
        accounts: [account],
      };
      const { equity, initialMargin, maintenanceMargin } = accountMargin(Book.fromJSON(json), 'a');
      // The rate of the kernel is not floored to a ppm: a notional of N may differ by N * 1e-6 more.
      const floorOfRate = Math.abs(Number(exact.netCollateral - usdcQuantums)) * 1e-6;
      expect(Math.abs(equity * 1e6 - Number(exact.netCollateral))).toBeLessThanOrEqual(1);
      expect(Math.abs(maintenanceMargin * 1e6 - Number(exact.maintenanceMargin))).toBeLessThanOrEqual(2);
      expect(Math.abs(initialMargin * 1e6 - Number(exact.initialMargin))).toBeLessThanOrEqual(1 + floorOfRate);
    }
  });

  it('orders accounts totally', () => {
    const next = random(3);
    const risks = Array.from({ length: 60 }, () => ({
      netCollateral: whole(next, -3, 3),
      maintenanceMargin: whole(next, 0, 3),
    }));
    for (const a of risks) {
      for (const b of risks) expect(dydx.compareRisk(a, b)).toBe(-dydx.compareRisk(b, a) + 0);
    }
  });

  it('asks for margin strictly above zero and collateral strictly below it', () => {
    expect(dydx.isLiquidatable({ netCollateral: 100n, maintenanceMargin: 100n })).toBe(false);
    expect(dydx.isLiquidatable({ netCollateral: -1n, maintenanceMargin: 0n })).toBe(false);
    expect(code(() => dydx.account('a', { usdcQuantums: 0, positions: [{ ticker: 'X', baseQuantums: 1 }] }, []))).toBe(
      'unknown-id',
    );
  });

  it('settles funding as the kernel does', () => {
    const perpetual: dydx.Perpetual = {
      ticker: 'P',
      atomicResolution: -6,
      price: 100,
      priceExponent: 0,
      initialMarginPpm: 50_000,
      maintenanceFractionPpm: 600_000,
      fundingIndex: 4_000_000,
    };
    const positions = [{ ticker: 'P', baseQuantums: 30_000_000, fundingIndex: 1_000_000 }];
    const account = dydx.account('a', { usdcQuantums: 0, positions }, [perpetual]);
    const json: BookJSON = { format: FORMAT, assets: [dydx.usdc()], markets: [dydx.market(perpetual)], accounts: [account] };
    const paid = dydx.fundingPayment([dydx.fundingSettlementPpm(4_000_000, 1_000_000, 30_000_000)]);
    expect(paid).toBe(-90_000_000n);
    expect(accountMargin(Book.fromJSON(json), 'a').equity).toBeCloseTo(3_000 + Number(paid) / 1e6, 9);
  });
});

describe('drift', () => {
  // protocol-v2 programs/drift/src/math/margin/tests.rs, size_adjusted tests
  it('weighs by size as published', () => {
    expect(drift.sizePremium(11_000, 1_000_000_000_000n, 100_000)).toBe(40_422n);
    expect(drift.sizeDiscount(9_000, 1_000_000_000_000n, 100_000)).toBe(2_642n);
    const high = { marginRatioInitial: 1_000, highLeverageMarginRatioInitial: 100, imfFactor: 50 };
    expect(drift.highLeverageMarginRatio(high, 1_000_000_000n)).toBe(100n);
    expect(drift.highLeverageMarginRatio(high, 10_000_000_000n)).toBe(104n);
    expect(drift.highLeverageMarginRatio({ ...high, imfFactor: 0 }, 1n)).toBe(100n);
  });

  it('is the kernel within one unit of 1e-4 of the ratio', () => {
    const next = random(11);
    for (let round = 0; round < 200; round++) {
      const size = whole(next, 1, 1e15);
      const imf = whole(next, 0, 20_000);
      const maintenance = whole(next, 100, 5_000);
      const initial = maintenance + whole(next, 0, 5_000);
      const market = driftBook.perpMarket({
        name: 'P',
        price: 1,
        marginRatioInitial: Number(initial) / 1e4,
        marginRatioMaintenance: Number(maintenance) / 1e4,
        imfFactor: Number(imf) / 1e6,
      });
      const base = decimals.decimal(size, 9);
      const user = driftBook.user('u', { spot: [], perps: [{ market: 'P', base, quote: decimals.negate(base) }] });
      const json: BookJSON = { format: FORMAT, assets: [driftBook.spotAsset({ name: 'USDC', price: 1 })], markets: [market], accounts: [user] };
      const risk = accountMargin(Book.fromJSON(json), 'u');
      const ratios = { marginRatioInitial: initial, marginRatioMaintenance: maintenance, imfFactor: imf };
      const of = (type: drift.MarginType): number => (Number(drift.marginRatio(ratios, size, type)) / 1e4) * Number(base);
      const unit = (1.01e-4 + 1e-12) * Number(base);
      expect(Math.abs(risk.initialMargin - of('initial'))).toBeLessThanOrEqual(unit);
      expect(Math.abs(risk.maintenanceMargin - of('maintenance'))).toBeLessThanOrEqual(unit);
    }
  });

  it('discounts deposits by size and by the venue total within one unit', () => {
    const next = random(13);
    for (let round = 0; round < 200; round++) {
      const amount = whole(next, 1, 1e15);
      const weight = whole(next, 1_000, 10_000);
      const imf = whole(next, 1, 200_000);
      const asset = driftBook.spotAsset({
        name: 'SOL',
        price: 1,
        initialAssetWeight: Number(weight) / 1e4,
        imfFactor: Number(imf) / 1e6,
      });
      const tokens = decimals.decimal(amount, 9);
      const json: BookJSON = { format: FORMAT, assets: [asset], markets: [], accounts: [{ id: 'u', balances: { SOL: tokens } }] };
      const counted = accountMargin(Book.fromJSON(json), 'u').health.initial;
      const exact = (Number(drift.sizeDiscount(weight, amount, imf)) / 1e4) * Number(tokens);
      expect(Math.abs(counted - exact)).toBeLessThanOrEqual(1.02e-4 * Number(tokens));
    }
    const scaled = { name: 'SOL', price: 25, initialAssetWeight: 0.9, deposits: 60_000, scaleInitialAssetWeightStart: 500_000 };
    const json: BookJSON = { format: FORMAT, assets: [driftBook.spotAsset(scaled)], markets: [], accounts: [{ id: 'u', balances: { SOL: 4 } }] };
    const weight = drift.depositScaledWeight({ weight: 9_000, scaleStart: 500_000_000_000n, deposits: 60_000n, decimals: 0, price: 25_000_000 });
    expect(accountMargin(Book.fromJSON(json), 'u').health.initial / 100).toBeCloseTo(Number(weight) / 1e4, 4);
  });
});
