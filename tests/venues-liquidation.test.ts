// Liquidation, withdrawal and order rules of the on-chain venues: published numbers with their source, properties on random
// inputs (FC_SEED draws others), and what is refused.
import fc from 'fast-check';
import type { MarginError } from 'margin-kernel';
import * as decimals from 'margin-kernel/venues/decimal';
import * as drift from 'margin-kernel/venues/drift';
import * as dydx from 'margin-kernel/venues/dydx';
import { fundDelta, ramped } from 'margin-kernel/venues/liquidation';
import * as mango from 'margin-kernel/venues/mango';
import * as orderly from 'margin-kernel/venues/orderly';
import * as vega from 'margin-kernel/venues/vega';
import { describe, expect, it } from 'vitest';
import { cases } from './cases.js';
import { refusedWith } from './refusal.js';

const SEED = Number(process.env.FC_SEED ?? 20200312);
const RUNS = { seed: SEED, numRuns: cases(300) };

const int = (min: number, max: number): fc.Arbitrary<bigint> => fc.bigInt({ min: BigInt(min), max: BigInt(max) });
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const abs = (a: bigint): bigint => (a < 0n ? -a : a);

const loose = (venue: object): Record<string, (...given: unknown[]) => unknown> => venue as never;

describe('what liquidations have in common', () => {
  it("a fee is never more than what is left, and a shortfall is the fund's", () => {
    fc.assert(
      fc.property(int(-1e12, 1e12), int(0, 1e12), (left, fee) => {
        const delta = fundDelta(left, fee);
        expect(delta <= max(left, 0n) && delta <= fee).toBe(true);
        expect(left <= 0n ? delta === left : left - delta >= 0n).toBe(true);
      }),
      RUNS,
    );
  });

  it('a ramp never falls, and stays between its ends', () => {
    const ramp = { least: 20_000, most: 50_000, step: 7, grace: 1_500 };
    fc.assert(
      fc.property(int(0, 20_000), (time) => {
        const [now, later] = [ramped(ramp, time), ramped(ramp, time + 1n)];
        expect(20_000n <= now && now <= later && later <= 50_000n).toBe(true);
      }),
      RUNS,
    );
    expect([ramped(ramp, 1_499), ramped(ramp, 1_500)]).toEqual([20_000n, 30_500n]);
  });
});

describe('dydx liquidations', () => {
  const btc = { price: 50_000, priceExponent: 0, atomicResolution: -8 };
  const eth = { price: 3_000, priceExponent: 0, atomicResolution: -9 };
  const tier = { initialMarginPpm: 200_000, maintenanceFractionPpm: 500_000 };
  const [bitcoin, ether] = [
    { ...btc, ...tier },
    { ...eth, ...tier },
  ];
  const account = (usdc: bigint, bitcoins: bigint, ethers = 0n): dydx.Risk =>
    dydx.accountRisk(usdc, [dydx.positionRisk(bitcoin, bitcoins), dydx.positionRisk(ether, ethers)]);

  // v4-chain x/clob/keeper/liquidations_test.go, TestGetBankruptcyPriceInQuoteQuantums and TestGetFillablePrice
  it('have the published prices', () => {
    const both = account(110_000_000n, 400_000n, -100_000_000n);
    expect(dydx.bankruptcyPrice(both, ether, -100_000_000n, 100_000_000n)).toBe(-306_000_000n);
    // 21347 of 100000000 quantums: rounded against the account.
    expect(dydx.bankruptcyPrice(account(-13_000_000n, 100_000_000n), bitcoin, 100_000_000n, -21_347n)).toBe(2_776n);
    const config = { bankruptcyAdjustmentPpm: 2 ** 32 - 1, spreadToMaintenanceMarginRatioPpm: 100_000 };
    const price = dydx.fillablePrice(account(-4_501_000_000n, 10_000_000n), bitcoin, 10_000_000, config);
    expect(price).toEqual({ numerator: 49_500n, denominator: 1n });
  });

  const sizes = fc.tuple(int(-1e12, 1e12), int(-1e9, 1e9), int(-1e9, 1e9), fc.integer({ min: 0, max: 1_000_000 }));

  it('leave the account its share of the net collateral, to the quantum', () => {
    fc.assert(
      fc.property(sizes, ([usdc, bitcoins, ethers, part]) => {
        const before = account(usdc, bitcoins, ethers);
        const delta = (-bitcoins * BigInt(part)) / 1_000_000n;
        fc.pre(delta !== 0n && before.maintenanceMargin > 0n);
        const quote = dydx.bankruptcyPrice(before, bitcoin, bitcoins, delta);
        const after = account(usdc + quote, bitcoins + delta, ethers);
        // Collateral by maintenance margin is what it was, and what does not divide stays with the account.
        const owed = before.netCollateral * after.maintenanceMargin;
        const kept = after.netCollateral * before.maintenanceMargin;
        expect(kept - owed >= 0n && kept - owed < before.maintenanceMargin).toBe(true);
      }),
      RUNS,
    );
  });

  it('leave nothing where the only position closes', () => {
    fc.assert(
      fc.property(int(-1e12, 1e12), int(-1e9, 1e9), (usdc, bitcoins) => {
        const before = account(usdc, bitcoins);
        fc.pre(before.maintenanceMargin > 0n);
        const quote = dydx.bankruptcyPrice(before, bitcoin, bitcoins, -bitcoins);
        expect(account(usdc + quote, 0n).netCollateral).toBe(0n);
      }),
      RUNS,
    );
  });

  it('fill between the oracle price and the largest spread', () => {
    const ppm = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(sizes, ppm, ppm, ([usdc, bitcoins, ethers], adjust, spread) => {
        const risk = account(usdc, bitcoins, ethers);
        fc.pre(dydx.positionRisk(bitcoin, bitcoins).maintenanceMargin > 1_000n);
        const config = { bankruptcyAdjustmentPpm: adjust, spreadToMaintenanceMarginRatioPpm: spread };
        const { numerator, denominator } = dydx.fillablePrice(risk, bitcoin, bitcoins, config);
        const away = (Number(numerator) / Number(denominator) / 50_000 - 1) * (bitcoins > 0n ? -1 : 1);
        expect(away).toBeGreaterThan(-1e-4);
        expect(away).toBeLessThan(0.1 + 1e-3);
        if (!dydx.isLiquidatable(risk)) expect(Math.abs(away)).toBeLessThan(1e-4);
      }),
      RUNS,
    );
  });

  it('take no fee beyond what a fill leaves', () => {
    fc.assert(
      fc.property(sizes, int(1, 1e11), ([usdc, bitcoins, , fee], subticks) => {
        const before = account(usdc, bitcoins);
        fc.pre(before.maintenanceMargin > 0n);
        const side = bitcoins > 0n ? 'sell' : 'buy';
        const fill = { side, baseQuantums: abs(bitcoins), subticks, quantumConversionExponent: -8 } as const;
        const delta = dydx.insuranceFundDelta(before, bitcoin, bitcoins, fill, fee);
        const quote = (subticks * abs(bitcoins)) / 10n ** 8n;
        const left = usdc + (side === 'sell' ? quote : -quote);
        expect(left - delta >= 0n && (delta >= 0n || left === delta)).toBe(true);
      }),
      RUNS,
    );
  });

  it('close whole steps, at least one, and never more than the position', () => {
    const limits = fc.tuple(int(0, 1e10), int(0, 1e6), int(0, 1e11), int(1, 1e6));
    fc.assert(
      fc.property(int(-1e9, 1e9), limits, (size, [least, portion, subaccount, step]) => {
        const delta = dydx.liquidatableQuantums(btc, size, {
          minPositionNotionalLiquidated: least,
          maxPositionPortionLiquidatedPpm: portion,
          subaccountMaxNotionalLiquidated: subaccount,
          stepBaseQuantums: step,
        });
        expect(delta * size <= 0n && abs(delta) <= abs(size)).toBe(true);
        if (abs(delta) !== abs(size)) expect(delta % step === 0n && abs(delta) >= step).toBe(true);
      }),
      RUNS,
    );
  });

  it('ask for the initial margin of what an update leaves', () => {
    const subaccount = { usdcQuantums: 1_000, positions: [{ ticker: 'BTC-USD', baseQuantums: 5 }] };
    const after = dydx.updated(subaccount, {
      usdcQuantums: -400,
      positions: [{ ticker: 'ETH-USD', baseQuantums: '-7' }],
    });
    expect(after.positions.map(({ baseQuantums }) => baseQuantums)).toEqual([5n, -7n]);
    expect(after.usdcQuantums).toBe(600n);
    expect(dydx.isInitialCollateralized({ netCollateral: -100n, initialMargin: 0n })).toBe(false);
  });

  it('say what is wrong', () => {
    const risk = { netCollateral: 1n, maintenanceMargin: 5n };
    const price = (delta: number): MarginError => refusedWith(() => dydx.bankruptcyPrice(risk, bitcoin, 100, delta));
    expect(price(1).message).toBe('range at deltaQuantums: got 1n, expected -1 to -100, which closes');
    for (const delta of [0, -101]) expect(price(delta).code).toBe('range');
    expect(refusedWith(() => dydx.bankruptcyPrice(risk, bitcoin, 0, 0)).expected).toBe('a position to close');
    const none = { netCollateral: 1n, maintenanceMargin: 0n };
    expect(refusedWith(() => dydx.bankruptcyPrice(none, bitcoin, 1, -1)).path).toBe('account.maintenanceMargin');
    const bare = { minPositionNotionalLiquidated: 1, maxPositionPortionLiquidatedPpm: 1 };
    const limits = { ...bare, subaccountMaxNotionalLiquidated: 1, stepBaseQuantums: 0 };
    expect(refusedWith(() => dydx.liquidatableQuantums(btc, 1, limits)).path).toBe('limits.stepBaseQuantums');
    expect(refusedWith(() => loose(dydx).notionalLimits?.(1, {})).code).toBe('missing-key');
    const twice = { usdcQuantums: 0, positions: [1, 2].map(() => ({ ticker: 'X', baseQuantums: 1 })) };
    const { code, path } = refusedWith(() => dydx.updated(twice, { usdcQuantums: 0, positions: [] }));
    expect([code, path]).toEqual(['duplicate', 'subaccount.positions[1].ticker']);
    expect(refusedWith(() => loose(dydx).netNotional?.({ baseQuantums: 1, price: 1, priceExponent: 0 })).path).toBe(
      'atomicResolution',
    );
  });
});

describe('drift liquidations', () => {
  // protocol-v2 programs/drift/src/math/liquidation/tests.rs
  it('have the published sizes', () => {
    const cover = { marginShortage: 10_000_000, marginRatio: 100_000, liquidationFee: 0, ifLiquidationFee: 0 };
    const price = { oraclePrice: 100_000_000, quotePrice: 990_000 };
    expect(drift.baseToCover({ ...cover, ...price })).toBe(1_010_101_010n);
    const weights = { assetWeight: 8_000, liabilityWeight: 12_000, liabilityPrice: 100_000_000, liabilityDecimals: 9 };
    const shortage = { marginShortage: 10_000_000, assetMultiplier: 1_100_000, liabilityMultiplier: 900_000 };
    expect(drift.liabilityToCover({ ...weights, ...shortage, ifLiquidationFee: 10_000 })).toBe(475_669_504n);
    expect(drift.liabilityToCover({ ...weights, ...shortage, assetWeight: 12_000, ifLiquidationFee: 0 })).toBe(null);
  });

  it('cover the shortage with one unit more than they say, and not with less', () => {
    const inputs = fc.tuple(int(1, 1e10), int(20_000, 500_000), int(0, 10_000), int(0, 5_000), int(1e6, 1e9));
    fc.assert(
      fc.property(inputs, ([marginShortage, marginRatio, liquidationFee, ifLiquidationFee, oraclePrice]) => {
        const rates = { marginRatio, liquidationFee, ifLiquidationFee };
        const base = drift.baseToCover({ marginShortage, ...rates, oraclePrice, quotePrice: 1_000_000 }) ?? 0n;
        const freed =
          (oraclePrice * (marginRatio - liquidationFee)) / 1_000_000n - (oraclePrice * ifLiquidationFee) / 1_000_000n;
        expect(base * freed <= marginShortage * 10n ** 9n && (base + 1n) * freed > marginShortage * 10n ** 9n).toBe(
          true,
        );
      }),
      RUNS,
    );
  });

  it('exchange there and back within rounding', () => {
    const decimalsOf = fc.integer({ min: 4, max: 9 });
    const prices = fc.tuple(int(1e4, 1e9), int(1e4, 1e9), int(1_000_000, 1_100_000), int(900_000, 1_000_000));
    fc.assert(
      fc.property(int(1, 1e12), decimalsOf, decimalsOf, prices, (asset, assetDecimals, liabilityDecimals, given) => {
        const [assetPrice, liabilityPrice, assetMultiplier, liabilityMultiplier] = given;
        const pair = {
          ...{ assetDecimals, liabilityDecimals, assetPrice, liabilityPrice },
          ...{ assetMultiplier, liabilityMultiplier },
        };
        const liability = drift.liabilityForAsset(asset, pair);
        // So large a balance that nothing small is left behind.
        const back = drift.assetForLiability(liability, 10n ** 30n, pair);
        const step = drift.assetForLiability(1n, 10n ** 30n, pair);
        expect(back >= asset && back <= asset + step + 1n).toBe(true);
      }),
      RUNS,
    );
  });

  it('take the rest of a balance that is worth less than a dollar', () => {
    const pair = { assetMultiplier: 1_000_000, liabilityMultiplier: 1_000_000, assetDecimals: 6, liabilityDecimals: 6 };
    const equal = { ...pair, assetPrice: 1_000_000, liabilityPrice: 1_000_000 };
    expect(drift.assetForLiability(9_500_000, 10_000_000, equal)).toBe(10_000_000n);
    expect(drift.assetForLiability(9_000_000, 10_000_000, equal)).toBe(9_000_000n);
  });

  it('leave enough to cover the shortage after both fees', () => {
    const inputs = fc.tuple(int(0, 1e9), int(1, 1e12), int(10_000, 500_000), int(0, 500_000), int(1e4, 1e10));
    fc.assert(
      fc.property(inputs, ([marginShortage, base, marginRatio, liquidatorFee, oraclePrice]) => {
        const fee = drift.perpInsuranceFee({
          ...{ marginShortage, base, marginRatio, liquidatorFee, oraclePrice },
          ...{ quotePrice: 1_000_000, maxIfFee: 1_000_000 },
        });
        expect(fee >= 0n && fee <= max(0n, marginRatio - liquidatorFee)).toBe(true);
        // What both leave of the margin still covers the shortage, but for the two roundings of its share.
        if (fee > 0n) {
          const left = base * oraclePrice * (marginRatio - liquidatorFee - fee + 1n) + base * 10n ** 6n;
          expect(left > marginShortage * 10n ** 15n).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('spread losses over everybody, never less than them', () => {
    fc.assert(
      fc.property(int(0, 1e12), int(0, 1e15), int(-1e15, -1), (loss, baseLong, baseShort) => {
        const delta = drift.socialisedFunding({ loss, baseLong, baseShort });
        expect(delta % 1_000n).toBe(0n);
        expect((delta / 1_000n) * (baseLong - baseShort) >= loss * 10n ** 9n).toBe(true);
      }),
      RUNS,
    );
  });

  it('let everything out without a liability, and no more than keeps the account free', () => {
    const usdc = { name: 'USDC', amount: -10_000_000_000n, decimals: 6, price: 1_000_000 };
    const borrow = { ...usdc, assetWeight: 10_000, liabilityWeight: 10_000 };
    const sol = { name: 'SOL', decimals: 9, price: 100_000_000, assetWeight: 8_000, liabilityWeight: 12_000 };
    fc.assert(
      fc.property(int(100e9, 1000e9), (amount) => {
        const tokens = [{ ...sol, amount }, borrow];
        expect(drift.maxWithdrawable([{ ...sol, amount }], 'SOL')).toBe(amount);
        const out = drift.maxWithdrawable(tokens, 'SOL');
        fc.pre(out <= amount);
        const free = (taken: bigint): bigint => drift.freeCollateral([{ ...sol, amount: amount - taken }, borrow]);
        expect(out === 0n || free(out) >= 0n).toBe(true);
        expect(free(out) <= max(3n, free(0n))).toBe(true);
      }),
      RUNS,
    );
    const perps = { name: 'SOL', amount: 1_000_000_000n };
    expect(drift.maxWithdrawable([{ ...sol, ...perps }], 'SOL', -40_000_000)).toBe(499_999_000n);
  });

  it('say what is wrong', () => {
    const loss = { loss: 1, baseLong: 0, baseShort: 0 };
    expect(refusedWith(() => drift.socialisedFunding(loss)).message).toBe('range at baseLong: got 0n, expected > 0');
    expect(refusedWith(() => drift.socialisedFunding({ ...loss, loss: -1 })).path).toBe('loss');
    const { code, path } = refusedWith(() => loose(drift).baseToCover?.({ marginShortage: 1, oracleprice: 5 }));
    expect([code, path]).toEqual(['missing-key', 'oraclePrice']);
    const cover = { marginShortage: 1, marginRatio: 20_000, liquidationFee: 10_000, ifLiquidationFee: 10_000 };
    const same = { ...cover, oraclePrice: 100_000_000, quotePrice: 1_000_000 };
    expect(refusedWith(() => drift.baseToCover(same)).message).toMatch(/^range at ifLiquidationFee: got 0n/);
    const token = { amount: 1, price: 1, assetWeight: 1, liabilityWeight: 1 };
    const tokens = [{ name: 'SOL', decimals: 9, ...token }];
    expect(refusedWith(() => drift.maxWithdrawable(tokens, 'SOl')).hint).toBe('Did you mean "SOL"?');
    expect(refusedWith(() => drift.freeCollateral([{ ...tokens[0]!, decimals: 400 }])).path).toBe('tokens[0].decimals');
  });
});

describe('mango liquidations', () => {
  const usdc = (balance: number | string): mango.Token => {
    return { name: 'USDC', balance, price: 1, initAssetWeight: 1, initLiabWeight: 1 };
  };
  const swap = (held: number, owed: number, more: Partial<mango.Token> = {}): mango.MangoAccount => ({
    tokens: [
      { name: 'SOL', balance: held, price: 2, initAssetWeight: 0.75, initLiabWeight: 1.25, ...more },
      { name: 'ETH', balance: -owed, price: 8, initAssetWeight: 0.5, initLiabWeight: 1.5 },
    ],
    perps: [],
    spotOpenOrders: [],
  });

  it('bring a token account to health 0, or to the end of what there is', () => {
    const amounts = fc.tuple(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e6 }));
    const fees = fc.constantFrom(0, 0.01, 0.05);
    fc.assert(
      fc.property(amounts, fees, ([held, owed], fee) => {
        const order = { asset: 'SOL', liability: 'ETH', maxLiability: 1e9, fee };
        const { assetAfter, liabilityAfter } = mango.liquidateToken(swap(held, owed), order);
        const after = mango.health(swap(assetAfter, -liabilityAfter)).liquidationEnd;
        const before = mango.health(swap(held, owed)).liquidationEnd;
        const done = Math.abs(after) < 1e-6 || after === before || assetAfter < 1e-6 || liabilityAfter > -1e-6;
        expect(done && after >= before - 1e-6).toBe(true);
      }),
      RUNS,
    );
  });

  it('do not aim at the stable price', () => {
    const order = { asset: 'SOL', liability: 'ETH', maxLiability: 1e9 };
    const guarded = swap(100, 20, { stablePrice: 1.5, bankDeposits: 1_000, depositScaleStart: 50 });
    expect(mango.liquidateToken(guarded, order)).toEqual(mango.liquidateToken(swap(100, 20), order));
    // 100 at 1.5 with 0.75 * 50 / 2000, less 20 * 8 * 1.5; deposits scale at the larger price.
    expect(mango.health(guarded).initial).toBeCloseTo(150 * 0.75 * 0.025 - 240, 9);
    const dear = swap(100, 20, { stablePrice: 4, bankDeposits: 1_000, depositScaleStart: 50 });
    expect(mango.health(dear).initial).toBeCloseTo(200 * 0.75 * (50 / 4_000) - 240, 9);
  });

  const perp = (lots: number, quote: number): mango.Perp => ({
    ...{ settle: 'USDC', price: 3, baseLotSize: 10, quoteLotSize: 1, baseLots: lots, quote, bidsLots: 0, asksLots: 0 },
    ...{ initBaseAssetWeight: 0.75, initBaseLiabWeight: 1.25, initOverallAssetWeight: 0.5 },
  });
  const trader = (balance: number, lots: number, quote: number): mango.MangoAccount => {
    return { tokens: [usdc(balance)], perps: [perp(lots, quote)], spotOpenOrders: [] };
  };

  it('bring a perp account to health 0 within a lot, or close all of it', () => {
    const whole = fc.integer({ min: -2000, max: 2000 });
    const fees = fc.constantFrom(0, 0.25);
    fc.assert(
      fc.property(whole, fc.integer({ min: -80, max: 80 }), whole, fees, (balance, lots, quote, positivePnlFee) => {
        const limits = { maxBase: 1_000, maxPnl: 1_000_000, positivePnlFee };
        const result = mango.liquidatePerp(trader(balance, lots, quote), 0, limits);
        const left = trader(result.settleTokenAfter, Number(result.baseLotsAfter), result.quoteAfter);
        const [before, after] = [trader(balance, lots, quote), left].map((s) => mango.health(s).liquidationEnd);
        expect(after! >= before! - 1e-6).toBe(true);
        if (before! >= 0) expect(after).toBe(before);
        else if (result.baseLotsAfter !== 0n) {
          // A lot frees 30 * 0.25. The last one goes beyond 0, or beyond a profit of 0, where half of it counts.
          expect(after! > -0.5 - 3.75 - 1e-6 && after! < 7.5 + 1e-6).toBe(true);
        }
      }),
      RUNS,
    );
  });

  // mango-v4 ts/client/src/accounts/mangoAccount.spec.ts, maxWithdraw
  const bank = { vault: 1_000_000, loanOriginationFeeRate: 0.001, minVaultToDepositsRatio: 0.1 };
  const saver = (rest: number, balance: number, deposits: number, borrows = 0): mango.MangoAccount => ({
    tokens: [
      usdc(rest),
      {
        ...{ name: 'SOL', balance, price: 1, initAssetWeight: 0.8, initLiabWeight: 1.2 },
        ...{ bankDeposits: deposits, bankBorrows: borrows },
      },
    ],
    perps: [],
    spotOpenOrders: [],
  });

  it('let out what health, bank and vault permit', () => {
    expect(mango.maxWithdraw(saver(-50, 100, 100), 'SOL', bank)).toBe(37n);
    expect(mango.maxWithdraw(saver(0, 100, 100, 50), 'SOL', bank)).toBe(50n);
    expect(mango.maxWithdraw(saver(100, 0, 50), 'SOL', bank)).toBe(44n);
    expect(mango.maxWithdraw(saver(100, 100, 10_100), 'SOL', { ...bank, vault: '99.5' })).toBe(99n);
    expect(mango.maxWithdraw(saver(-80, 100, 100), 'SOL', bank)).toBe(0n);
  });

  it('keep totals of banks exact past 2^53', () => {
    const deposits = '9007199254740993';
    const rich = saver(0, 0, 0);
    const tokens = [usdc(1e30), { ...rich.tokens[1]!, balance: deposits, bankDeposits: deposits }];
    const all = { ...bank, vault: '1e20', minVaultToDepositsRatio: 0 };
    expect(mango.maxWithdraw({ ...rich, tokens }, 'SOL', all)).toBe(9007199254740993n);
  });

  it('say what is wrong', () => {
    const order = { asset: 'SOL', liability: 'ETH', maxLiability: 5 };
    const of = (held: number, owed: number, more: object): MarginError =>
      refusedWith(() => mango.liquidateToken(swap(held, owed), { ...order, ...more }));
    expect(of(0, 1, {}).message).toBe('range at asset: got 0, expected a token that the account has');
    expect(of(1, 0, {})).toMatchObject({ code: 'range', path: 'liability' });
    expect(of(1, 1, { maxLiability: 0 })).toMatchObject({ code: 'range', path: 'maxLiability' });
    expect(of(1, 1, { liability: 'SOL' }).code).toBe('conflict');
    expect(of(1, 1, { asset: 'SOLL' }).hint).toBe('Did you mean "SOL"?');
    expect(of(1, 1, { maxliability: 1 }).hint).toBe('Did you mean "maxLiability"?');
    const limits = { maxBase: 1, maxPnl: 1 };
    const perps = (change: Partial<mango.Perp>, index = 0): MarginError =>
      refusedWith(() =>
        mango.liquidatePerp({ ...trader(-1, 1, 1), perps: [{ ...perp(1, -99), ...change }] }, index, limits),
      );
    expect(perps({}, 1)).toMatchObject({ code: 'range', path: 'index' });
    expect(perps({ takerBaseLots: 1 }).path).toBe('perps[0].takerBaseLots');
    expect(perps({ initBaseAssetWeight: 1 }).path).toBe('baseFee');
    const weighted = { ...trader(-1, 1, 1), tokens: [{ ...usdc(1), initLiabWeight: 1.1 }] };
    expect(refusedWith(() => mango.liquidatePerp(weighted, 0, limits)).path).toBe('tokens[0].initLiabWeight');
    const unknown = { ...saver(1, 1, 1), tokens: [usdc(1)] };
    expect(refusedWith(() => mango.maxWithdraw(unknown, 'USDC', bank)).path).toBe('tokens[0].bankDeposits');
  });
});

describe('orders of orderly and vega', () => {
  // OrderlyNetwork/js-sdk packages/perp/__test__/account.test.ts and order.test.ts
  const order = {
    ...{ availableBalance: 100, leverage: 10, feeBuffer: 0.0006, price: 50_000, markPrice: 50_000, positionQty: 0 },
    ...{ pendingNotional: 0, imrFactor: 1e-7, safetyFactor: 0.995, symbolMaxNotional: 1e7 },
  };

  it('have the published quantity and leverage', () => {
    expect(orderly.maxIsolatedQty(order)).toBeCloseTo(0.019781312127236578, 15);
    const positions = [
      { symbol: 'PERP_BTC_USDC', position_qty: 0.2, mark_price: 25_986.2 },
      { symbol: 'PERP_ETH_USDC', position_qty: -3, mark_price: 1_638.41 },
    ];
    const account = { totalCollateral: 1_981.66, positions };
    expect(orderly.leverageAfter(account, { symbol: 'PERP_BTC_USDC', qty: 0.1, price: 26_000 })).toBe('6.42');
    expect(orderly.leverageAfter({ ...account, totalCollateral: 0 }, { symbol: 'X', qty: 1, price: 1 })).toBe(null);
  });

  it('end at the notional whose initial rate is the inverse of the leverage', () => {
    const most = orderly.maxIsolatedQty({ ...order, availableBalance: 1e9, symbolMaxNotional: null });
    const market = { symbol: 'X', mark_price: 50_000, base_mmr: 0.01, base_imr: 0.02, imr_factor: 1e-7 };
    expect(Number(orderly.market(market).curve?.exponent)).toBe(orderly.POWER);
    expect(1e-7 * (most * 50_000) ** orderly.POWER).toBeCloseTo(0.1, 12);
    const held = { ...order, availableBalance: 1e9, positionQty: -most };
    expect(orderly.maxIsolatedQty({ ...held, symbolMaxNotional: null })).toBeLessThan(1e-9);
  });

  it('round leverage half to even, exactly', () => {
    const of = (price: string): string | null =>
      orderly.leverageAfter({ totalCollateral: 1, positions: [] }, { symbol: 'X', qty: 1, price });
    expect(['0.005', '0.015', '0.025', '0.0250000001', '1e2'].map(of)).toEqual(['0', '0.02', '0.02', '0.03', '100']);
  });

  it('charge either side alike', () => {
    expect(orderly.orderFee({ qty: -0.1, price: 26_000, takerFeeRate: 0.0006 })).toBe('1.56');
    expect(orderly.orderFee({ qty: 0.1, price: 26_000, takerFeeRate: '-0.0001' })).toBe('-0.26');
    expect(vega.isolatedMargin({ size: 10, price: 15_910, marginFactor: 0.9 })).toBe('143190');
    expect(decimals.product('0.1', '-3', 2)).toBe('-0.6');
  });

  it('say what is wrong', () => {
    expect(refusedWith(() => orderly.maxIsolatedQty({ ...order, leverage: 0 })).message).toBe(
      'range at leverage: got 0, expected a number > 0',
    );
    expect(refusedWith(() => loose(orderly).orderFee?.({ qty: 1, price: 1 })).path).toBe('takerFeeRate');
    expect(refusedWith(() => loose(vega).isolatedMargin?.({ size: 1, price: 1, marginfactor: 1 })).hint).toBe(
      'Did you mean "marginFactor"?',
    );
  });
});
