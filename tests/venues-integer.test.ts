// Venues that settle in integers: their exact rules against published numbers, and against the kernel to within one unit.
import { type AccountJSON, accountMargin, Book, type BookJSON, explain, MarginError } from 'margin-kernel';
import * as decimals from 'margin-kernel/venues/decimal';
import * as drift from 'margin-kernel/venues/drift';
import * as dydx from 'margin-kernel/venues/dydx';
import * as integers from 'margin-kernel/venues/integer';
import * as mango from 'margin-kernel/venues/mango';
import { describe, expect, it } from 'vitest';
import { refusedWith } from './refusal.js';

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
      const baseQuantums = whole(next, -1e7, 1e7);
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

  it('is the kernel to the last quantum where the kernel does not say inexact', () => {
    const next = random(11);
    let sure = 0;
    for (let round = 0; round < 1000; round++) {
      const perpetual: dydx.Perpetual = {
        ticker: 'P',
        atomicResolution: -Number(whole(next, 5, 10)),
        price: whole(next, 1, 9e9),
        priceExponent: -Number(whole(next, 0, 8)),
        initialMarginPpm: whole(next, 10_000, 1_000_000),
        maintenanceFractionPpm: whole(next, 300_000, 1_000_000),
        openInterest: whole(next, 0, 1e9),
        openInterestLowerCap: whole(next, 1, 1e12),
        openInterestUpperCap: whole(next, 2e12, 9e12),
      };
      const baseQuantums = whole(next, -1e7, 1e7);
      const usdcQuantums = whole(next, -1e15, 1e15);
      const exact = dydx.accountRisk(usdcQuantums, [dydx.positionRisk(perpetual, baseQuantums)]);
      const kernel = accountMargin(
        Book.fromJSON({
          format: FORMAT,
          assets: [dydx.quoteQuantum()],
          markets: [dydx.quantumMarket(perpetual)],
          accounts: [dydx.quantumAccount('a', { usdcQuantums, positions: [{ ticker: 'P', baseQuantums }] })],
        }),
        'a',
      );
      if (kernel.inexact) continue;
      sure += 1;
      expect(kernel.collateral, `round ${round}`).toBe(Number(exact.netCollateral));
      expect(kernel.initialMargin, `round ${round}`).toBe(Number(exact.initialMargin));
      expect(kernel.maintenanceMargin, `round ${round}`).toBe(Number(exact.maintenanceMargin));
    }
    expect(sure).toBeGreaterThan(500);
  });

  it('knows the open-interest rate to the last millionth, or says inexact', () => {
    const perpetual = {
      ticker: 'P',
      atomicResolution: -6,
      price: 1,
      priceExponent: 0,
      initialMarginPpm: 50_000,
      maintenanceFractionPpm: 500_000,
      // Rises by 950000 * 10543294736853 / 30000000000031 = 333870.99...: a double says 333871.
      openInterest: 30_543_294_736_853n,
      openInterestLowerCap: 20_000_000_000_000n,
      openInterestUpperCap: 50_000_000_000_031n,
    };
    const positions = [{ ticker: 'P', baseQuantums: 1_000_000 }];
    const risk = accountMargin(
      Book.fromJSON({
        format: FORMAT,
        assets: [dydx.quoteQuantum()],
        markets: [dydx.quantumMarket(perpetual)],
        accounts: [dydx.quantumAccount('a', { usdcQuantums: 0, positions })],
      }),
      'a',
    );
    expect([risk.initialMargin, risk.inexact]).toEqual([383_870, false]);
    expect(dydx.positionRisk(perpetual, 1_000_000n).initialMargin).toBe(383_870n);
  });

  it('says inexact where doubles end', () => {
    const perpetual = {
      ticker: 'P',
      atomicResolution: -6,
      price: 1,
      priceExponent: 0,
      initialMarginPpm: 100_000,
      maintenanceFractionPpm: 500_000,
    };
    const at = (baseQuantums: number | bigint): boolean =>
      accountMargin(
        Book.fromJSON({
          format: FORMAT,
          assets: [dydx.quoteQuantum()],
          markets: [dydx.quantumMarket(perpetual)],
          accounts: [dydx.quantumAccount('a', { usdcQuantums: 0, positions: [{ ticker: 'P', baseQuantums }] })],
        }),
        'a',
      ).inexact;
    expect(at(Number.MAX_SAFE_INTEGER)).toBe(false);
    expect(at(2n ** 53n)).toBe(true);
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
    const json: BookJSON = {
      format: FORMAT,
      assets: [dydx.usdc()],
      markets: [dydx.market(perpetual)],
      accounts: [account],
    };
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
      const market = drift.perpMarket({
        name: 'P',
        price: 1,
        marginRatioInitial: Number(initial) / 1e4,
        marginRatioMaintenance: Number(maintenance) / 1e4,
        imfFactor: Number(imf) / 1e6,
      });
      const base = decimals.decimal(size, 9);
      const user = drift.user('u', { spot: [], perps: [{ market: 'P', base, quote: decimals.negate(base) }] });
      const json: BookJSON = {
        format: FORMAT,
        assets: [drift.spotAsset({ name: 'USDC', price: 1 })],
        markets: [market],
        accounts: [user],
      };
      const risk = accountMargin(Book.fromJSON(json), 'u');
      const ratios = { marginRatioInitial: initial, marginRatioMaintenance: maintenance, imfFactor: imf };
      const of = (type: drift.MarginType): number =>
        (Number(drift.marginRatio(ratios, size, type)) / 1e4) * Number(base);
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
      const asset = drift.spotAsset({
        name: 'SOL',
        price: 1,
        initialAssetWeight: Number(weight) / 1e4,
        imfFactor: Number(imf) / 1e6,
      });
      const tokens = decimals.decimal(amount, 9);
      const json: BookJSON = {
        format: FORMAT,
        assets: [asset],
        markets: [],
        accounts: [{ id: 'u', balances: { SOL: tokens } }],
      };
      const counted = accountMargin(Book.fromJSON(json), 'u').health.initial;
      const exact = (Number(drift.sizeDiscount(weight, amount, imf)) / 1e4) * Number(tokens);
      expect(Math.abs(counted - exact)).toBeLessThanOrEqual(1.02e-4 * Number(tokens));
    }
    const scaled = {
      name: 'SOL',
      price: 25,
      initialAssetWeight: 0.9,
      deposits: 60_000,
      scaleInitialAssetWeightStart: 500_000,
    };
    const json: BookJSON = {
      format: FORMAT,
      assets: [drift.spotAsset(scaled)],
      markets: [],
      accounts: [{ id: 'u', balances: { SOL: 4 } }],
    };
    const weight = drift.depositScaledWeight({
      weight: 9_000,
      scaleStart: 500_000_000_000n,
      deposits: 60_000n,
      decimals: 0,
      price: 25_000_000,
    });
    expect(accountMargin(Book.fromJSON(json), 'u').health.initial / 100).toBeCloseTo(Number(weight) / 1e4, 4);
  });
});

/** Explains the only account of a book. */
const explained = (json: BookJSON): ReturnType<typeof explain> =>
  explain(Book.fromJSON(json), json.accounts[0]?.id ?? '');
const bookOf = (assets: BookJSON['assets'], markets: BookJSON['markets'], account: AccountJSON): BookJSON => ({
  format: FORMAT,
  assets,
  markets,
  accounts: [account],
});

describe('drift users', () => {
  const spot = { name: 'SOL', price: 100, twap: 110, initialAssetWeight: 0.8, initialLiabilityWeight: 1.2 };
  const usdc = drift.spotAsset({ name: 'USDC', price: 1 });
  const of = (position: Omit<drift.SpotPosition, 'market'>): drift.WorstCaseSpot => {
    const user = drift.user('u', { spot: [{ market: 'SOL', ...position }], perps: [] });
    const { units } = explained(bookOf([drift.spotAsset(spot), usdc], [drift.spotMarket(spot)], user));
    return drift.worstCaseSpot(units[0]!, 'SOL', 'initial');
  };

  // protocol-v2 programs/drift/src/state/user/tests.rs, get_worst_case_fill_simulation, strict price 110 above the oracle
  it('take the worse side of their spot orders', () => {
    expect(of({ amount: 1, openAsks: -2, openOrders: 1 })).toEqual({
      tokenAmount: -1,
      ordersValue: 220,
      tokenValue: -120,
      weightedTokenValue: -144,
      freeCollateralContribution: 76,
    });
    expect(of({ amount: -2, openBids: 5 }).freeCollateralContribution).toBe(-286);
  });

  it('have the kernel health as difference of their two sums', () => {
    const next = random(17);
    for (let round = 0; round < 100; round++) {
      const user = drift.user('u', {
        customMarginRatio: next() < 0.5 ? null : next(),
        spot: [
          { market: 'USDC', amount: Number(whole(next, -500, 500)) },
          {
            market: 'SOL',
            amount: Number(whole(next, -9, 9)),
            openBids: Number(whole(next, 0, 5)),
            openAsks: -2,
            openOrders: 2,
          },
        ],
        perps: [
          {
            market: 'P',
            base: Number(whole(next, -9, 9)),
            quote: Number(whole(next, -900, 900)),
            openBids: 3,
            openAsks: 0,
          },
          { market: 'P2', base: -1, quote: 90, isolatedDeposit: 25 },
        ],
      });
      const perp = {
        price: 100,
        marginRatioInitial: 0.1,
        marginRatioMaintenance: 0.05,
        unrealizedPnlInitialAssetWeight: 0.5,
      };
      const markets = [drift.spotMarket(spot), ...['P', 'P2'].map((name) => drift.perpMarket({ name, ...perp }))];
      for (const unit of explained(bookOf([drift.spotAsset(spot), usdc], markets, user)).units) {
        for (const level of ['initial', 'maintenance', 'liquidationEnd'] as const) {
          const { totalCollateral, marginRequirement } = drift.marginCalculation(unit, level);
          expect(totalCollateral - marginRequirement).toBeCloseTo(unit.health[level], 9);
          expect(marginRequirement).toBeGreaterThanOrEqual(0);
        }
      }
    }
  });
});

describe('mango', () => {
  const token = (
    name: string,
    balance: number,
    price: number,
    assetWeight: number,
    liabWeight: number,
  ): mango.Token => ({
    name,
    balance,
    price,
    initAssetWeight: assetWeight,
    initLiabWeight: liabWeight,
  });
  const health = (state: mango.MangoAccount): number =>
    accountMargin(Book.fromJSON(mango.book('a', state)), 'a').health.initial;
  const perp = {
    settle: 'token1',
    price: 5,
    baseLotSize: 10,
    quoteLotSize: 100,
    initBaseAssetWeight: 0.8,
    initBaseLiabWeight: 1.2,
    initOverallAssetWeight: 0.95,
  };
  const tokens = [token('token1', 100, 1, 0.8, 1.2), token('token2', -10, 5, 0.5, 1.5)];

  // mango-v4 programs/mango-v4/src/health/cache.rs, test_health0: 0.8 * (...) - 2 * 5 * 1.5 with free funds and taker lots
  it('has the published health with open orders and unsettled fills', () => {
    const open = { base: 'token2', quote: 'token1', reservedBase: 15, reservedQuote: 20, freeBase: 3, freeQuote: 1 };
    const fills = { takerBaseLots: 1, takerQuoteLots: 2 };
    const position = { ...perp, baseLots: 3, quote: -310, bidsLots: 7, asksLots: 11, ...fills };
    expect(health({ tokens, perps: [position], spotOpenOrders: [open] })).toBeCloseTo(88.3, 9);
  });

  it('counts a perp that has only quote left', () => {
    const settled = { ...perp, baseLots: 0, quote: 100, bidsLots: 0, asksLots: 0 };
    expect(health({ tokens, perps: [settled], spotOpenOrders: [] })).toBeCloseTo(0.8 * (100 + 95) - 75, 9);
    const owed = { ...settled, quote: '-300' };
    expect(health({ tokens, perps: [owed], spotOpenOrders: [] })).toBeCloseTo(1.2 * (100 - 300) - 75, 9);
  });

  it('leaves missing tokens out only where nothing is owed or settled in them', () => {
    expect(health({ tokens, perps: [], spotOpenOrders: [], missing: ['token1'] })).toBeCloseTo(-75, 9);
    expect(code(() => mango.book('a', { tokens, perps: [], spotOpenOrders: [], missing: ['token2'] }))).toBe('range');
    const position = { ...perp, baseLots: 1, quote: 0, bidsLots: 0, asksLots: 0 };
    expect(code(() => mango.book('a', { tokens, perps: [position], spotOpenOrders: [], missing: ['token1'] }))).toBe(
      'range',
    );
    expect(code(() => mango.lotsToCover(1, 0))).toBe('range');
    expect(code(() => mango.baseNative(0.5, 10))).toBe('inexact');
  });

  it('keeps lots exact past 2^53', () => {
    const lots = 9_007_199_254_740_993n;
    expect(mango.baseNative(lots, 1_000_000_007)).toBe(lots * 1_000_000_007n);
    expect(mango.lotsToCover(mango.baseNative(lots, 7), 7)).toBe(lots);
  });
});

describe('inputs of the integer venues', () => {
  const loose = (venue: object): Record<string, (...given: unknown[]) => unknown> => venue as never;
  const perpetual = {
    ticker: 'BTC-USD',
    atomicResolution: -10,
    price: '5000000000',
    priceExponent: -5,
    initialMarginPpm: 50_000,
    maintenanceFractionPpm: 600_000,
  };

  it('dydx: refusals name the row and the key', () => {
    const positions = [
      { ticker: 'GONE-USD', baseQuantums: 0 },
      { ticker: 'BTC-USDT', baseQuantums: 5 },
    ];
    const { message, ...error } = refusedWith(() => dydx.account('a', { usdcQuantums: 1, positions }, [perpetual]));
    expect(error).toMatchObject({ code: 'unknown-id', path: 'positions[1].ticker', hint: 'Did you mean "BTC-USD"?' });
    for (const name of ['market', 'quantumMarket']) {
      const wrong = { ...perpetual, initialMarginPPM: 1 };
      const unknown = refusedWith(() => loose(dydx)[name]?.(wrong));
      expect(unknown).toMatchObject({ code: 'unknown-key', path: 'initialMarginPPM' });
      expect(unknown.hint).toBe('Did you mean "initialMarginPpm"?');
      const { price, ...rest } = perpetual;
      expect(refusedWith(() => loose(dydx)[name]?.(rest))).toMatchObject({ code: 'missing-key', path: 'price' });
    }
    for (const name of ['account', 'quantumAccount']) {
      const of = (state: object): MarginError => refusedWith(() => loose(dydx)[name]?.('a', state, [perpetual]));
      expect(of({ usdcQuantums: 1 })).toMatchObject({ code: 'missing-key', path: 'positions' });
      expect(of({ positions: [] })).toMatchObject({ code: 'missing-key', path: 'usdcQuantums' });
      const half = [{ ticker: 'BTC-USD', baseQuantums: '0.5' }];
      expect(of({ usdcQuantums: 1, positions: half })).toMatchObject({ path: 'positions[0].baseQuantums' });
    }
  });

  it('drift: empty slots are left out, a deposit of 0 is one', () => {
    const user = drift.user('u', {
      spot: [
        { market: 'USDC', amount: '100', openBids: 0, openAsks: 0, openOrders: 0 },
        { market: 'NOBODY', amount: '0.000000' },
      ],
      perps: [
        { market: 'SOL-PERP', base: 0, quote: 0, openBids: 0, openAsks: 0, openOrders: 0, isolatedDeposit: null },
        { market: 'SOL-PERP', base: '1', quote: '-100' },
        { market: 'ETH-PERP', base: '2', quote: '-300', isolatedDeposit: '0' },
      ],
    });
    expect(user).toMatchObject({ balances: { USDC: '100' }, orders: [] });
    const isolated = [{ market: 'ETH-PERP', size: '2', cost: '300' }];
    expect(user.buckets).toEqual([{ bucket: 1, balances: { USDC: '0' }, positions: isolated, orders: [] }]);
    expect(user.positions).toEqual([{ market: 'SOL-PERP', size: '1', cost: '100' }]);
    const cases: [name: string, given: unknown[], code: string, path: string][] = [
      ['user', ['u', { spot: [] }], 'missing-key', 'perps'],
      ['user', ['u', { spot: [{ market: 'SOL', ammount: 1 }], perps: [] }], 'unknown-key', 'spot[0].ammount'],
      ['user', ['u', { spot: [], perps: [{ market: 'P', base: 1 }] }], 'missing-key', 'perps[0].quote'],
      ['spotAsset', [{ name: 'SOL', price: 1, imffactor: 1 }], 'unknown-key', 'imffactor'],
      ['spotMarket', [{ name: 'SOL' }], 'missing-key', 'price'],
      ['perpMarket', [{ name: 'P', price: 1, marginRatioInitial: 0.1 }], 'missing-key', 'marginRatioMaintenance'],
    ];
    for (const [name, given, code, path] of cases) {
      expect(
        refusedWith(() => loose(drift)[name]?.(...given)),
        path,
      ).toMatchObject({ code, path });
    }
  });

  it('mango: refusals name the row and the key', () => {
    const sol = { name: 'SOL', balance: 1, price: 1, initAssetWeight: 0.8, initLiabWeight: 1.2 };
    const state = { tokens: [sol], perps: [], spotOpenOrders: [] };
    const orders = { base: 'SOLL', quote: 'SOL', reservedBase: 1, reservedQuote: 0, freeBase: 0, freeQuote: 0 };
    const { price, ...unpriced } = sol;
    const cases: [change: object, code: string, path: string][] = [
      [{ perps: undefined }, 'missing-key', 'perps'],
      [{ tokens: [sol, unpriced] }, 'missing-key', 'tokens[1].price'],
      [{ tokens: [{ ...sol, stableprice: 1 }] }, 'unknown-key', 'tokens[0].stableprice'],
      [{ perps: [{ settle: 'SOL' }] }, 'missing-key', 'perps[0].price'],
      [{ spotOpenOrders: [orders] }, 'unknown-id', 'spotOpenOrders[0].base'],
      [{ tokens: [{ ...sol, balance: -1 }], missing: ['SOL'] }, 'range', 'tokens[0].balance'],
    ];
    for (const [change, code, path] of cases) {
      expect(
        refusedWith(() => loose(mango).book?.('a', { ...state, ...change })),
        path,
      ).toMatchObject({ code, path });
    }
  });
});
