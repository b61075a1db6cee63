// Liquidation and bankruptcy prices as venues publish them: published numbers, the equation at the price, symmetry of sides,
// where there is none, and what is refused.
import fc from 'fast-check';
import { accountMargin, Book, type BookJSON, explain, MarginError, type MarketJSON } from 'margin-kernel';
import * as binance from 'margin-kernel/venues/binance';
import * as bybit from 'margin-kernel/venues/bybit';
import * as cex from 'margin-kernel/venues/cex';
import * as derive from 'margin-kernel/venues/derive';
import * as dydx from 'margin-kernel/venues/dydx';
import { frozenTierInversePrice, frozenTierPrice } from 'margin-kernel/venues/frozen-tier';
import * as gmx from 'margin-kernel/venues/gmx';
import * as hyperliquid from 'margin-kernel/venues/hyperliquid';
import * as okx from 'margin-kernel/venues/okx';
import * as orderly from 'margin-kernel/venues/orderly';
import * as paradex from 'margin-kernel/venues/paradex';
import { roundToTick } from 'margin-kernel/venues/tick';
import * as vega from 'margin-kernel/venues/vega';
import { describe, expect, it } from 'vitest';

const SEED = Number(process.env.FC_SEED ?? 20221109);
const RUNS = Number(process.env.FC_RUNS ?? 200);

const message = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    return error instanceof MarginError ? error.message : `not a MarginError: ${String(error)}`;
  }
  return 'no error';
};

/** Prices, sizes and rates as they occur, of a few digits. */
const prices = fc.integer({ min: 1, max: 1e7 }).map((n) => n / 100);
const sizes = fc.integer({ min: 1, max: 1e6 }).map((n) => n / 1000);
const rates = fc.integer({ min: 1, max: 500 }).map((n) => n / 1000);
const shares = fc.integer({ min: -100, max: 150 }).map((n) => n / 100);
const signs = fc.constantFrom(1, -1);

const holds = <T>(of: fc.Arbitrary<T>, property: (value: T) => void): void =>
  fc.assert(fc.property(of, property), { seed: SEED, numRuns: RUNS });

/** A few roundings of the largest term. */
const near = (got: number, want: number, scale: number): void =>
  expect(Math.abs(got - want)).toBeLessThanOrEqual(1e-12 * scale);

describe('a frozen tier', () => {
  const cases = fc.record({ size: sizes, sign: signs, price: prices, rate: rates, share: shares, deduction: sizes });

  it('linear: at the price, equity is the maintenance of the bracket that was kept', () => {
    holds(cases, ({ size, sign, price, rate, share, deduction }) => {
      const equity = share * size * price;
      const position = { size: sign * size, price, rate, deduction };
      const root = frozenTierPrice({ equity, positions: [position] });
      if (root === null) {
        expect(sign).toBe(equity + deduction >= 0 ? 1 : -1);
        return;
      }
      const left = equity + sign * size * (root - price);
      near(left, size * root * rate - deduction, size * (price + root) + deduction);
    });
  });

  it('inverse: at the price, equity is the maintenance of the bracket that was kept', () => {
    holds(cases, ({ size, sign, price, rate, share, deduction }) => {
      const coins = size / price;
      const equity = share * coins;
      const amount = deduction * coins * 0.001;
      const position = { size: sign * size, price, rate, deduction: amount };
      const root = frozenTierInversePrice({ equity, positions: [position] });
      if (root === null) {
        expect(sign * (equity + amount + sign * coins)).toBeLessThanOrEqual(0);
        return;
      }
      const left = equity + sign * (coins - size / root);
      near(left, (size / root) * rate - amount, coins * (2 + amount / coins) + 2 * (size / root));
    });
  });

  it('mirrors long and short', () => {
    holds(cases, ({ size, price, rate, share }) => {
      const margin = Math.abs(share) * size * price;
      const at = (sign: number): number | null =>
        frozenTierPrice({ equity: margin, positions: [{ size: sign * size, price, rate: 0 }] });
      const [long, short] = [at(1), at(-1)];
      if (long === null) expect(margin).toBeGreaterThanOrEqual(size * price * (1 - 1e-12));
      else near(price - long, (short ?? 0) - price, 4 * price);
      // A long position in the linear market is a short one in the inverse market of the other currency.
      const linear = frozenTierPrice({ equity: margin, positions: [{ size, price, rate }] });
      const inverse = frozenTierInversePrice({ equity: margin, positions: [{ size: -size, price: 1 / price, rate }] });
      if (Math.abs(share) < 1) near((linear ?? 0) * (inverse ?? 0), 1, 1 / (1 - Math.abs(share)));
    });
  });

  it('is null where there is none', () => {
    const of = (size: number, equity: number, rate = 0): number | null =>
      frozenTierPrice({ equity, positions: [{ size, price: 100, rate }] });
    expect([of(1, 101), of(-1, -101), of(0, 5), of(0, 0), of(1, 5, 1)]).toEqual([null, null, null, null, null]);
    expect(Object.is(of(1, 100), 0)).toBe(true);
    const inverse = (size: number, equity: number, rate = 0): number | null =>
      frozenTierInversePrice({ equity, positions: [{ size, price: 100, rate }] });
    expect([inverse(-100, 1), inverse(-100, 2), inverse(100, -1), inverse(0, 1), inverse(-100, 0, 1)]).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(frozenTierPrice({ equity: 5, positions: [] })).toBe(null);
  });

  it('takes both sides of hedge mode, and what other positions need', () => {
    const both = [
      { size: 3, price: 100, rate: 0.25 },
      { size: -1, price: 110, rate: 0.25 },
    ];
    // 100 - 20 + 3 (P - 100) - (P - 110) = 4 * P / 4
    expect(frozenTierPrice({ equity: 100, otherMaintenance: 20, positions: both })).toBe(110);
    // TorchTrade/torchtrade issue 344: without the other position's maintenance it would be 95.40
    const position = { size: 1, price: 100, rate: 0.004 };
    expect(frozenTierPrice({ equity: 5, otherMaintenance: 4, positions: [position] })).toBeCloseTo(99.3976, 4);
  });

  it('refuses what is no account', () => {
    const position = { size: 1, price: 100, rate: 0.1 };
    const of = (account: unknown): string =>
      message(() => frozenTierPrice(account as Parameters<typeof frozenTierPrice>[0]));
    expect(of({ equity: 1, position: [] })).toBe(
      'unknown-key at position: expected one of equity, otherMaintenance, positions. Did you mean "positions"?',
    );
    expect(of({ positions: [position] })).toBe('missing-key at equity: expected a number');
    expect(of({ equity: '1,0', positions: [] })).toContain('type at equity: got "1,0"');
    expect(of({ equity: 1, positions: [{ ...position, rate: 5 }] })).toBe(
      'range at positions[0].rate: got 5, expected a fraction from 0 to 1. 1 % is 0.01',
    );
    expect(of({ equity: 1, positions: [{ ...position, price: 0 }] })).toBe(
      'range at positions[0].price: got 0, expected a number > 0',
    );
    expect(of(null)).toBe('type at frozenTierPrice: got null, expected an object');
  });
});

describe('beside the package itself', () => {
  const bookAt = (market: MarketJSON, size: number, cash: number, entry: number): BookJSON => {
    const asset = market.settle ?? '';
    const position = { market: market.id, size, entry };
    return {
      format: 'margin-kernel/book@1',
      assets: [{ id: asset, price: 1 }],
      markets: [market],
      accounts: [{ id: 'a', balances: { [asset]: cash }, positions: [position] }],
    };
  };
  const brackets = [
    { notionalFloor: 0, maintMarginRatio: 0.004 },
    { notionalFloor: 50_000, maintMarginRatio: 0.005 },
    { notionalFloor: 250_000, maintMarginRatio: 0.01 },
    { notionalFloor: 1_000_000, maintMarginRatio: 0.025 },
  ];
  const btc = (markPrice: number): MarketJSON =>
    binance.usdmMarket({ symbol: 'BTCUSDT', marginAsset: 'USDT', markPrice, brackets });

  it('a frozen tier is never pessimistic, and right in its own bracket', () => {
    const of = fc.record({
      size: fc.integer({ min: 1, max: 400 }),
      sign: signs,
      share: fc.integer({ min: 2, max: 60 }),
    });
    const seen = new Set<boolean>();
    holds(of, ({ size, sign, share }) => {
      const [entry, amount] = [10_000, (sign * size) / 2];
      const cash = (share / 100) * Math.abs(amount) * entry;
      const kept = explain(Book.fromJSON(bookAt(btc(entry), amount, cash, entry)), 'a').units[0]!.positions[0]!.binding;
      const { rate, deduction, bracket } = kept.maintenance;
      const row = { symbol: 'BTCUSDT', positionAmt: amount, entryPrice: entry, maintMarginRatio: rate, cum: deduction };
      const price = binance.usdmLiquidationPrice('BTCUSDT', { walletBalance: cash, positions: [row] }) ?? 0;
      const unit = explain(Book.fromJSON(bookAt(btc(price), amount, cash, entry)), 'a').units[0]!;
      const same = unit.positions[0]!.binding.maintenance.bracket === bracket;
      seen.add(same);
      if (same) near(unit.health.maintenance, 0, 4 * Math.abs(amount) * (entry + price));
      else expect(unit.health.maintenance).toBeLessThan(1e-9 * cash);
    });
    expect(seen).toEqual(new Set([true, false]));
  });

  it("at Orderly's price the margin of the package is met", () => {
    const symbol = { symbol: 'BTC', base_mmr: 0.006, base_imr: 0.01, imr_factor: 1e-7 };
    for (const size of [50, -50, 2, -2]) {
      const state = { position_qty: size, total_collateral_value: 4_000 * Math.abs(size), positions: [] };
      const price = orderly.liquidationPrice({ ...symbol, mark_price: 90_000 }, state) ?? 0;
      const market = orderly.market({ ...symbol, mark_price: price });
      const { health } = accountMargin(Book.fromJSON(bookAt(market, size, state.total_collateral_value, 90_000)), 'a');
      near(health.maintenance, 0, 4 * Math.abs(size) * 90_000);
    }
  });
});

describe('a tick', () => {
  it('is met exactly, whatever its binary form', () => {
    expect([roundToTick('0.25', 0.1, 'up'), roundToTick('0.25', 0.1, 'down')]).toEqual([0.3, 0.2]);
    expect([roundToTick('0.3', 0.1, 'up'), roundToTick('0.3', 0.1, 'down')]).toEqual([0.3, 0.3]);
    expect(roundToTick('5739.08', '0.5', 'up')).toBe(5739.5);
    expect(roundToTick('123456.1', 25, 'down')).toBe(123_450);
    expect(roundToTick(0, '0.5', 'up')).toBe(0);
    expect([roundToTick('-0.25', 0.1, 'up'), roundToTick('-0.25', 0.1, 'down')]).toEqual([-0.2, -0.3]);
  });

  it('forgives a number the rounding of its calculation, a text nothing', () => {
    expect(0.1 + 0.2).toBeGreaterThan(0.3);
    expect(roundToTick(0.1 + 0.2, 0.1, 'up')).toBe(0.3);
    expect(roundToTick('0.30000000000000004', 0.1, 'up')).toBe(0.4);
    expect(roundToTick(0.3000001, 0.1, 'up')).toBe(0.4);
  });

  it('never crosses the price', () => {
    const ticks = fc.constantFrom('0.01', '0.1', '0.5', '0.25', '1', '25', '0.0005');
    holds(fc.record({ price: prices, tick: ticks }), ({ price, tick }) => {
      const [down, up] = [roundToTick(String(price), tick, 'down'), roundToTick(String(price), tick, 'up')];
      expect(down).toBeLessThanOrEqual(price);
      expect(up).toBeGreaterThanOrEqual(price);
      expect(up - down).toBeLessThanOrEqual(Number(tick) * (1 + 1e-9) + price * 1e-15);
      expect([roundToTick(up, tick, 'up'), roundToTick(up, tick, 'down')]).toEqual([up, up]);
    });
  });

  it('is above 0', () => {
    expect(message(() => roundToTick(1, 0, 'up'))).toBe('range at tick: got 0, expected > 0');
    expect(message(() => roundToTick(Number.NaN, 1, 'up'))).toBe('type at price: got NaN, expected a decimal number');
  });
});

describe('binance', () => {
  // FAQ b3c689c1f50a44cabb3a84e663b81d93
  const btc = { symbol: 'BTCUSDT', positionAmt: '109.488', entryPrice: '32481.980', markPrice: '31967.27' };
  const eth = { symbol: 'ETHUSDT', positionAmt: '3683.979', entryPrice: '1456.84', markPrice: '1335.18' };
  const positions = [
    { ...btc, maintMarginRatio: '0.025', cum: 16_300 },
    { ...eth, maintMarginRatio: '0.10', cum: 135_365 },
  ];
  const state = { walletBalance: '1535443.01', positions };

  it('USD-M: the two legs of the FAQ, and one alone', () => {
    expect(binance.usdmLiquidationPrice('BTCUSDT', state)).toBeCloseTo(26316.89, 2);
    expect(binance.usdmLiquidationPrice('ETHUSDT', state)).toBeCloseTo(1153.26, 2);
    const alone = { ...state, positions: positions.slice(1) };
    expect(binance.usdmLiquidationPrice('ETHUSDT', alone)).toBeCloseTo(1114.78, 2);
  });

  it('USD-M: both sides of hedge mode move', () => {
    const side = { symbol: 'X', entryPrice: 100, maintMarginRatio: 0.25, cum: 0 };
    const hedged = [
      { ...side, positionSide: 'LONG', positionAmt: '3' },
      { ...side, positionSide: 'SHORT', positionAmt: '-1' },
    ];
    // 50 + 2 (P - 100) = 4 P / 4
    expect(binance.usdmLiquidationPrice('X', { walletBalance: 50, positions: hedged })).toBe(150);
  });

  it('COIN-M: dev.binance.vision/t/6292', () => {
    const position = { symbol: 'BTCUSD_PERP', positionAmt: 100_000, contractSize: 100, entryPrice: 45_000 };
    const rows = [{ ...position, maintMarginRatio: 0.125, cum: 11.81 }];
    const of = (walletBalance: number, list = rows): number | null =>
      binance.coinmLiquidationPrice('BTCUSD_PERP', { walletBalance, positions: list });
    expect(of(101)).toBeCloseTo(33578.859744834, 6);
    // Short: N (1 - mmr) / (N / entry - wallet - cum), none once the coins cover it
    const short = rows.map((row) => ({ ...row, positionAmt: -100_000 }));
    expect(of(101, short)).toBeCloseTo((1e7 * 0.875) / (1e7 / 45_000 - 112.81), 6);
    expect(of(300, short)).toBe(null);
    // Another contract of the coin, at its mark: 1e6 / 40_000 - 1e6 / 50_000 coins gained, 1e6 / 50_000 * 0.1 needed
    const other = { symbol: 'BTCUSD_240329', positionAmt: 10_000, contractSize: 100, entryPrice: 40_000, cum: 0 };
    const two = [...rows, { ...other, markPrice: 50_000, maintMarginRatio: 0.1 }];
    expect(of(101, two)).toBeCloseTo(of(101 + 5 - 2) ?? 0, 6);
  });

  it('names what it misses', () => {
    const of = (symbol: string, list: unknown): string =>
      message(() => binance.usdmLiquidationPrice(symbol, { walletBalance: 1, positions: list as typeof positions }));
    expect(of('BTCUSD', positions)).toBe(
      'unknown-id at positions: got "BTCUSD", expected a row of this symbol. Did you mean "BTCUSDT"?',
    );
    const { cum: _, ...rest } = positions[0]!;
    expect(of('BTCUSDT', [rest])).toBe('missing-key at positions[0].cum: expected a number');
    const { markPrice: __, ...unmarked } = positions[1]!;
    expect(of('BTCUSDT', [positions[0], unmarked])).toBe('missing-key at positions[1].markPrice: expected a number');
    expect(of('BTCUSDT', [{ ...positions[0], maintMarginRatio: 2.5 }])).toContain(
      'range at positions[0].maintMarginRatio',
    );
  });
});

describe('bybit', () => {
  it('USDT isolated: the examples of the help centre', () => {
    const long = { size: 1, entryPrice: 20_000, leverage: 50, maintenanceRate: 0.005 };
    expect(bybit.isolatedPrices(long)).toEqual({
      initialMargin: 400,
      maintenanceMargin: 100,
      liquidationPrice: 19_700,
    });
    // 900000181046: short 8,000 at 40x; 3,000 added to 10,000 at 50x
    const short = { size: -1, entryPrice: 8_000, leverage: 40, maintenanceRate: 0.005 };
    expect(bybit.isolatedPrices(short).liquidationPrice).toBe(8_160);
    const added = { size: 1, entryPrice: 10_000, leverage: 50, maintenanceRate: 0.005, extraMargin: 3_000 };
    expect(bybit.isolatedPrices(added).liquidationPrice).toBe(6_850);
    expect(bybit.isolatedPrices({ ...long, size: 0 }).liquidationPrice).toBe(null);
  });

  it('bankruptcy prices', () => {
    const linear = { entryPrice: 10_000, leverage: 50 };
    expect(bybit.isolatedBankruptcyPrice({ side: 'long', ...linear })).toBe(9_800);
    expect(bybit.isolatedBankruptcyPrice({ side: 'short', ...linear })).toBe(10_200);
    expect(bybit.isolatedBankruptcyPrice({ side: 'long', entryPrice: 10_000, leverage: 1 })).toBe(0);
    expect(bybit.isolatedBankruptcyPrice({ side: 'long', entryPrice: 10_000, leverage: 0.5 })).toBe(null);
    const cross = { entryPrice: 500, positionMargin: 1_000, walletBalance: 100 };
    expect(bybit.crossBankruptcyPrice({ size: 100, ...cross })).toBe(489);
    expect(bybit.crossBankruptcyPrice({ size: -100, ...cross })).toBe(511);
    // 900000031623: raw 7735.372549
    const isolated = { entryPrice: '7890.08', leverage: 50, tickSize: '0.5' };
    const long = bybit.inverseIsolatedBankruptcyPrice({ side: 'long', ...isolated });
    expect([long.raw?.toFixed(6), long.price]).toEqual(['7735.372549', 7735.5]);
    const short = bybit.inverseIsolatedBankruptcyPrice({ side: 'short', ...isolated });
    expect([short.raw?.toFixed(6), short.price]).toEqual(['8051.102041', 8051]);
    const never = bybit.inverseIsolatedBankruptcyPrice({ side: 'short', entryPrice: 1, leverage: 1, tickSize: 1 });
    expect(never).toEqual({ raw: null, price: null });
    // On the grid is on the grid: 0.9 * 2 / 3
    expect(
      bybit.inverseIsolatedBankruptcyPrice({ side: 'long', entryPrice: 0.9, leverage: 2, tickSize: 0.1 }).price,
    ).toBe(0.6);
  });

  it('inverse cross: 360039261334', () => {
    const position = { size: 10_000, entryPrice: 8_000, walletBalance: 0.5, tickSize: 0.5 };
    const fees = { maintenanceRate: 0.005, takerFeeRate: 0.00075 };
    const { bankruptcyPrice, liquidationPriceRaw, liquidationPrice } = bybit.inverseCrossPrices({
      ...position,
      ...fees,
    });
    expect(bankruptcyPrice).toBeCloseTo(5718.57, 2);
    expect(liquidationPriceRaw).toBeCloseTo(5739.08, 2);
    expect(liquidationPrice).toBe(5739.5);
    // A short position rounds down; covered by its coins it has no price, and one of nothing has none
    const short = bybit.inverseCrossPrices({ ...position, ...fees, size: -10_000 });
    expect(short.liquidationPrice).toBeLessThanOrEqual(short.liquidationPriceRaw ?? 0);
    expect((short.liquidationPrice ?? 0) % 0.5).toBe(0);
    const none = { bankruptcyPrice: null, liquidationPriceRaw: null, liquidationPrice: null };
    expect(bybit.inverseCrossPrices({ ...position, ...fees, size: -10_000, walletBalance: 2 })).toEqual(none);
    expect(bybit.inverseCrossPrices({ ...position, ...fees, size: 0 })).toEqual(none);
    // At the raw price wallet and profit are the maintenance at entry and the fee at the bankruptcy price
    const profit = 10_000 * (1 / 8_000 - 1 / (liquidationPriceRaw ?? 0));
    near(0.5 + profit, (10_000 / 8_000) * 0.005 + (10_000 / (bankruptcyPrice ?? 0)) * 0.00075, 10);
  });

  it('refuses by name', () => {
    const position = { side: 'long' as const, entryPrice: 1, leverage: 0 };
    expect(message(() => bybit.isolatedBankruptcyPrice(position))).toBe(
      'range at leverage: got 0, expected a number > 0',
    );
    expect(message(() => bybit.isolatedBankruptcyPrice({ ...position, leverage: 1, side: 'Buy' as 'long' }))).toContain(
      'type at side: got "Buy", expected one of long, short',
    );
    const tickless = { side: 'short' as const, entryPrice: 1, leverage: 1, tickSize: 0 };
    expect(message(() => bybit.inverseIsolatedBankruptcyPrice(tickless))).toContain('range at tickSize');
  });
});

describe('other exchanges', () => {
  it('OKX and Gate, isolated: freqtrade test_get_liquidation_price', () => {
    const position = { avgPx: 10, margin: 2, mmr: 0.01, takerFeeRate: 0.0006 };
    expect(okx.isolatedLiquidationPrice({ size: 1, ...position })).toBeCloseTo(8.085708510208207, 9);
    expect(okx.isolatedLiquidationPrice({ size: -1, ...position })).toBeCloseTo(11.87413417771621, 9);
    expect(okx.isolatedLiquidationPrice({ size: -2, ...position, margin: 4 })).toBeCloseTo(11.87413417771621, 9);
    expect(okx.isolatedLiquidationPrice({ size: 1, ...position, margin: 11 })).toBe(null);
  });

  it('cex: MoonXBT, Phemex, 10101', () => {
    const cross = { size: 1, entryPrice: 20_000, availableBalance: 2_000, initialMargin: 200, maintenanceMargin: 100 };
    expect(cex.crossLiquidationPrice(cross)).toBe(17_900);
    expect(cex.crossLiquidationPrice({ ...cross, size: -1 })).toBe(22_100);
    expect(cex.crossLiquidationPrice({ ...cross, availableBalance: 30_000 })).toBe(null);
    const isolated = { side: 'short', entryPrice: 20_000, leverage: 40, maintenanceRate: 0.005 } as const;
    expect(cex.isolatedLiquidationPrice(isolated)).toBe(20_400);
    expect(cex.isolatedLiquidationPrice({ ...isolated, side: 'long' })).toBe(19_600);
    const fees = { maintenanceAmount: 0, maintenanceRate: 0.01, takerFeeRate: 0.0006 };
    const assigned = { size: 500, openValue: 200, assignedBalance: 40.096, ...fees };
    expect(cex.assignedLiquidationPrice(assigned)).toBeCloseTo(0.3232, 4);
    expect(cex.assignedLiquidationPrice({ ...assigned, size: 0 })).toBe(null);
    // The formula for a long position would give 78571.
    const inverse = { side: 'short', entryPrice: 110_000, leverage: 2, maintenanceRate: 0.1 } as const;
    expect(Math.trunc(cex.inverseIsolatedLiquidationPrice(inverse) ?? 0)).toBe(183_333);
    expect(cex.inverseIsolatedLiquidationPrice({ ...inverse, leverage: 1, maintenanceRate: 0 })).toBe(null);
    const long = { side: 'long', entryPrice: 60_000, leverage: 2, maintenanceRate: 0 } as const;
    expect(cex.inverseIsolatedLiquidationPrice(long)).toBeCloseTo(40_000, 9);
  });

  it('GMX v1: gmx-interface getLiquidationPrice.spec.ts', () => {
    const of = (
      isLong: boolean,
      size: number,
      collateral: number,
      averagePrice: number,
      fundingFee = 0,
    ): number | null => gmx.liquidationPrice({ isLong, size, collateral, averagePrice, fundingFee });
    expect(of(true, 162.5, 16.25, 23245.74)).toBeCloseTo(21659.6653, 3);
    expect(of(true, 98712.87, 9871.29, 23091.42)).toBeCloseTo(21013.1915, 3);
    expect(of(false, 99009.9, 9901, 23118.4)).toBeCloseTo(25199.0583, 3);
    expect(of(true, 1_000, 110, 20_000, 10)).toBe(18_120);
    expect(of(true, 100, 200, 20_000)).toBe(null);
    expect(of(true, 0, 10, 20_000)).toBe(null);
    expect(message(() => of('true' as never, 1, 1, 1))).toBe('type at isLong: got "true", expected true or false');
  });

  it('dYdX as its front end prints it: V4CalculationTests.kt', () => {
    const short = { size: -1, oraclePrice: 1_000, quoteBalance: 1_100 };
    const fractions = { initialMarginFraction: 0.05, maintenanceMarginFraction: 0.03 };
    const printed = dydx.abacusPosition({ ...short, ...fractions });
    expect(printed).toMatchObject({ equity: 100, freeCollateral: 50, leverage: 10, marginUsage: 0.5 });
    expect(printed.liquidationPrice).toBeCloseTo(1067.9611650485438, 9);
    const broke = dydx.abacusPosition({ ...short, quoteBalance: 1_000, ...fractions });
    expect(broke).toMatchObject({ equity: 0, leverage: null, marginUsage: null });
    const covered = dydx.abacusPosition({ size: 1, oraclePrice: 1_000, quoteBalance: 1, ...fractions });
    expect(covered.liquidationPrice).toBe(null);
    const other = { otherEquity: 50, otherInitialMargin: 20, otherMaintenanceMargin: 10 };
    const two = dydx.abacusPosition({ ...short, ...fractions, ...other });
    expect(two).toMatchObject({ equity: 150, freeCollateral: 80 });
    expect(two.liquidationPrice).toBeCloseTo((1_000 + 150 - 10) / 1.03, 9);
  });

  it('Derive: cash beside a perpetual, TestStandardManager_Perp.t.sol', () => {
    const trade = { perp: 10, price: 1_500, perpImRequirement: 0.1 };
    expect(derive.perpTradeCheck({ cash: 1_499, ...trade }).ok).toBe(false);
    expect(derive.perpTradeCheck({ cash: 1_500, ...trade }).ok).toBe(true);
    expect(derive.perpTradeCheck({ cash: 1_400, ...trade, perp: -10, unrealisedPnl: 100 }).netInitialMargin).toBe(0);
  });

  it('Paradex: an order that does not raise the requirement is taken', () => {
    const market = { mark_price: 98, imf_base: 0.1 };
    const none = { buys: 0, sells: 0 };
    const of = (
      account_value: number,
      orders: Partial<typeof none>,
      open = none,
    ): ReturnType<typeof paradex.orderCheck> =>
      paradex.orderCheck(market, { account_value, size: 10, open, new: { ...none, ...orders } });
    expect(of(80, { sells: 5 })).toEqual({ before: 98, imr: 98, accepted: true });
    expect(of(80, { buys: 1 }).accepted).toBe(false);
    expect(of(108, { buys: 1 }).accepted).toBe(true);
    expect(of(80, { sells: 21 }).accepted).toBe(false);
    // Sells that are open count with the new ones
    expect(of(80, { sells: 5 }, { buys: 0, sells: 16 }).accepted).toBe(false);
    expect(message(() => paradex.orderCheck({ ...market, imf_factor: 0.1 }, {} as never))).toContain(
      'range at imf_factor',
    );
  });
});

describe('hyperliquid', () => {
  it('isolated: MetaMask/core perps-controller', () => {
    const opening = { side: 'long', entryPx: 50_000, leverage: 10, maxLeverage: 20 } as const;
    expect(hyperliquid.openingLiquidationPrice(opening)).toBeCloseTo(46153.85, 2);
    expect(hyperliquid.openingLiquidationPrice({ ...opening, leverage: 4, maxLeverage: 3 })).toBeCloseTo(45_000, 6);
    // The entry price in the place of the mark gives 1955.78 for the second.
    const open = { szi: 1, markPx: 2_000, margin: 400, maintenanceRate: 0.02 };
    expect(hyperliquid.liquidationPrice(open)).toBeCloseTo(1632.65, 2);
    expect(hyperliquid.liquidationPrice({ ...open, szi: 1.5, markPx: 2_500, margin: 375 })).toBeCloseTo(2295.92, 2);
  });

  it('of a position just opened both forms agree', () => {
    const leverages = fc.integer({ min: 1, max: 50 });
    const of = fc.record({ size: sizes, sign: signs, price: prices, leverage: leverages, maxLeverage: leverages });
    holds(of, ({ size, sign, price, leverage, maxLeverage }) => {
      const side = sign > 0 ? 'long' : 'short';
      const opening = hyperliquid.openingLiquidationPrice({ side, entryPx: price, leverage, maxLeverage });
      const open = hyperliquid.liquidationPrice({
        szi: sign * size,
        markPx: price,
        margin: (size * price) / leverage,
        maintenanceRate: hyperliquid.maintenanceRate(maxLeverage),
      });
      const order = { side, size, price, marginMode: 'isolated', leverage, maxLeverage } as const;
      const estimate = hyperliquid.estimatedLiquidationPrice(order);
      near(open ?? 0, opening ?? 0, price);
      near(estimate ?? 0, opening ?? 0, price);
    });
  });

  it('estimates of wallets: OneKey perpsUtils.test.ts', () => {
    const order = { side: 'long', size: 1, price: 110, marginMode: 'isolated', leverage: 10, maxLeverage: 10 } as const;
    expect(hyperliquid.estimatedLiquidationPrice(order)).toBeCloseTo(104.210526, 6);
    expect(hyperliquid.estimatedLiquidationPrice({ ...order, markPx: 100 })).toBeCloseTo(94.736842, 6);
    const cross = { ...order, marginMode: 'cross', crossMarginUsed: 100, crossMaintenanceMarginUsed: 20 } as const;
    const adding = { ...cross, szi: 2, entryPx: 100 };
    expect(hyperliquid.estimatedLiquidationPrice(adding)).toBeCloseTo(77.192982, 6);
    // Less of it keeps the entry: 100 + 11 - 5.5 - 20 available to 1 long from 100
    const reducing = { ...adding, side: 'short' } as const;
    expect(hyperliquid.estimatedLiquidationPrice(reducing)).toBeCloseTo(100 - 85.5 / 0.95, 9);
    // Turned: 1 short from the fill
    const turning = { ...reducing, size: 3 };
    expect(hyperliquid.estimatedLiquidationPrice(turning)).toBeCloseTo(110 + (100 + 11 - 5.5 - 20) / 1.05, 9);
    expect(hyperliquid.estimatedLiquidationPrice({ ...reducing, size: 2 })).toBe(null);
    expect(hyperliquid.estimatedLiquidationPrice({ ...adding, size: 0 })).toBe(null);
    expect(message(() => hyperliquid.estimatedLiquidationPrice({ ...adding, entryPx: null }))).toContain(
      'missing-key at entryPx',
    );
    const typo = { ...order, markPrice: 100 } as typeof order;
    expect(message(() => hyperliquid.estimatedLiquidationPrice(typo))).toContain('unknown-key at markPrice');
  });
});

describe('orderly', () => {
  const rates10 = { base_mmr: 0.006, base_imr: 0.01, imr_factor: 1e-7 };
  const eth = { position_qty: 100, mark_price: 3_000, mmr: 0.006 };

  it('cross: js-sdk positions.test.ts, which stops at 1e-4', () => {
    const state = { position_qty: 50, total_collateral_value: 200_000, positions: [eth] };
    const price = orderly.liquidationPrice({ mark_price: 90_000, ...rates10 }, state) ?? 0;
    expect(Math.abs(price / 87107.62339 - 1)).toBeLessThan(1e-4);
  });

  it('cross: the last price at which collateral covers the requirement', () => {
    const of = fc.record({
      size: sizes,
      sign: signs,
      mark: prices,
      share: shares,
      factor: fc.integer({ min: 0, max: 50 }),
    });
    holds(of, ({ size, sign, mark, share, factor }) => {
      const symbol = { mark_price: mark, ...rates10, imr_factor: factor * 1e-7 };
      const collateral = share * size * mark;
      const surplus = (price: number): number => {
        const notional = size * price;
        return collateral + sign * size * (price - mark) - notional * orderly.maintenanceRate(symbol, notional);
      };
      const state = { position_qty: sign * size, total_collateral_value: collateral, positions: [] };
      const price = orderly.liquidationPrice(symbol, state);
      if (price === null) {
        expect(surplus(mark) < 0 || (sign > 0 && surplus(1e-9) >= -1e-6)).toBe(true);
        return;
      }
      expect(sign * (mark - price)).toBeGreaterThanOrEqual(0);
      near(surplus(price), 0, size * (mark + price) * 4);
      expect(surplus(price - sign * 1e-9 * (price + mark))).toBeLessThan(1e-12 * size * mark);
    });
  });

  it('cross: none without a position, above every price, or once it is too late', () => {
    const symbol = { mark_price: 100, ...rates10 };
    const of = (position_qty: number, total_collateral_value: number): number | null =>
      orderly.liquidationPrice(symbol, { position_qty, total_collateral_value, positions: [] });
    expect([of(0, 10), of(1, 101), of(1, 0), of(1, -5), of(-1, 0)]).toEqual([null, null, null, null, null]);
    expect(of(-1, 10)).toBeCloseTo(110 / 1.006, 9);
  });

  it('estimates of orders: js-sdk order.test.ts', () => {
    const symbol = { symbol: 'BTC', mark_price: 25986.2, base_mmr: 0.05, base_imr: 0.1, imr_factor: 2.512e-7 };
    const positions = [
      { symbol: 'BTC', position_qty: 0.2, mark_price: 25986.2, mmr: 0.05 },
      { symbol: 'ETH', position_qty: -3, mark_price: 1638.41, mmr: 0.05 },
    ];
    const of = (order: { qty: number; price: number; fee: number }, rows = positions): number =>
      orderly.estimatedLiquidationPrice(symbol, { total_collateral_value: 1981.66, positions: rows, order });
    expect(of({ qty: 0.1, price: 25_000, fee: 1.5 })).toBeCloseTo(21250.984210526316, 6);
    expect(of({ qty: 0.1, price: 26_000, fee: 1.56 })).toBeCloseTo(21268.73859649123, 6);
    expect(of({ qty: 0.1, price: 25_000, fee: 1.5 }, [])).toBeCloseTo(5472, 6);
    // Closed: the venue prints 0
    expect(of({ qty: -0.2, price: 25_000, fee: 1.5 })).toBe(0);
  });

  it('isolated: js-sdk liquidationPriceIsolated', () => {
    const base = { base_mmr: 0.05, base_imr: 0.1, imr_factor: 0 };
    const flat = { position_qty: 0, isolated_margin: 0, cost_position: 0, order_qty: 1, reference_price: 100 };
    const opened = { ...flat, leverage: 10, fee_buffer: 0.0006 };
    expect(orderly.isolatedLiquidationPrice(base, opened)).toBeCloseTo(94.67368421052632, 9);
    // The example of the source's comment
    const symbol = { base_mmr: 0.025, base_imr: 0.04, imr_factor: 1e-7 };
    const held = {
      position_qty: 2,
      isolated_margin: 2_000,
      cost_position: 100_000,
      reference_price: 50_000,
      leverage: 10,
    };
    expect(orderly.isolatedLiquidationPrice(symbol, { ...held, unsettled_funding: 0.0002 })).toBeCloseTo(50256.41, 2);
    // Half of it left keeps half of the margin; a turned one starts anew; a closed one has none
    const half = { ...held, order_qty: -1 };
    expect(orderly.isolatedLiquidationPrice(symbol, half)).toBeCloseTo((50_000 - 1_000) / 0.975, 6);
    const turned = { ...held, order_qty: -3 };
    expect(orderly.isolatedLiquidationPrice(symbol, turned)).toBeCloseTo((50_000 + 5_000) / 1.025, 6);
    expect(orderly.isolatedLiquidationPrice(symbol, { ...held, order_qty: -2 })).toBe(null);
    expect(orderly.isolatedLiquidationPrice(symbol, { ...held, isolated_margin: 100_000 })).toBe(null);
    expect(message(() => orderly.isolatedLiquidationPrice(symbol, { ...held, leverage: 0 }))).toContain(
      'range at leverage',
    );
  });
});

describe('vega', () => {
  const market = { linearSlippageFactor: 0.5, quadraticSlippageFactor: 0.01, riskFactors: { long: 0.1, short: 0.11 } };

  it('with the maintenance margin as collateral the price is the mark: TestLiquidationPriceWithNoOrders', () => {
    const of = fc.record({ size: sizes, sign: signs, mark: prices, funding: shares });
    holds(of, ({ size, sign, mark, funding }) => {
      const position = { openVolume: sign * size, markPrice: mark, fundingPaymentPerUnit: funding, ...market };
      const collateral = vega.maintenanceMargin(position);
      const slope = Math.abs(size * 0.5 + size * size * 0.01 + size * (sign > 0 ? 0.1 : 0.11) - sign * size);
      if (slope < 1e-3 * size) return;
      near(vega.liquidationPrice({ ...position, collateral }), mark, (mark + 10) * 1e4);
    });
  });

  it('prints 0 where there is none, and refuses a position that its requirement follows', () => {
    const position = {
      openVolume: 1,
      markPrice: 100,
      linearSlippageFactor: 0,
      riskFactors: { long: 0.25, short: 0.5 },
    };
    expect(vega.liquidationPrice({ ...position, collateral: 200 })).toBe(0);
    expect(vega.liquidationPrice({ ...position, openVolume: 0, collateral: 200 })).toBe(0);
    const riskFactors = { long: 1, short: 1 };
    expect(message(() => vega.liquidationPrice({ ...position, riskFactors, collateral: 100 }))).toBe(
      'range at riskFactors.long: got 1, expected slippage and risk factor that are not 1 together. The position and its ' +
        'requirement move alike: there is no liquidation price',
    );
  });

  // Positions and orders of TestLiquidationPriceWithOrders, case 9, and what it asserts.
  const held = { openVolume: -20, markPrice: 123.4, collateral: 50_800 };
  const factors = {
    linearSlippageFactor: 0.01,
    quadraticSlippageFactor: 1e-6,
    riskFactors: { long: 0.1, short: 0.11 },
  };
  const orders: vega.OpenOrder[] = [
    { side: 'buy', size: 18, price: 100 },
    { side: 'buy', size: 17, price: null },
    { side: 'sell', size: 30, price: 120 },
    { side: 'sell', size: 20, price: 130 },
    { side: 'sell', size: 10 },
  ];

  it('orders fill in the order of their prices, until the liquidation price is reached', () => {
    const range = vega.liquidationRange({ ...held, ...factors, orders });
    const alone = vega.liquidationPrice({ ...held, ...factors });
    expect(range.positionOnly).toBe(alone);
    expect(range.withSellOrders).toBeLessThanOrEqual(alone);
    // Buys: 17 at the mark, then 18 at 100 while 3 short have gained 23.4 each.
    const bought = { ...factors, openVolume: 15, markPrice: 100, collateral: 50_800 + 3 * 23.4 };
    expect(range.withBuyOrders).toBeCloseTo(vega.liquidationPrice(bought), 9);
    // Sells: 120 comes before the mark, so the mark is 120 when it fills.
    const [a, b, c] = [50_800 + 20 * 3.4, 50_800 + 20 * 3.4 - 50 * 3.4, 50_800 + 20 * 3.4 - 50 * 3.4 - 60 * 6.6];
    expect(a - b).toBeCloseTo(170, 9);
    const sold = { ...factors, openVolume: -80, markPrice: 130, collateral: c };
    expect(range.withSellOrders).toBeCloseTo(vega.liquidationPrice(sold), 9);
  });

  it('orders beyond the liquidation price do not fill; without orders all three are the same', () => {
    const none = vega.liquidationRange({ ...held, ...factors, orders: [] });
    expect([none.withBuyOrders, none.withSellOrders]).toEqual([none.positionOnly, none.positionOnly]);
    const far = vega.liquidationRange({ ...held, ...factors, orders: [{ side: 'sell', size: 1, price: 1e6 }] });
    expect(far.withSellOrders).toBe(far.positionOnly);
    // Without a position an order opens one.
    const flat = { ...held, openVolume: 0, collateral: 100 };
    const opened = vega.liquidationRange({ ...flat, ...factors, orders: [{ side: 'buy', size: 1, price: 110 }] });
    expect(opened.positionOnly).toBe(0);
    expect(opened.withBuyOrders).toBeCloseTo((100 - 110) / (0.010001 + 0.1 - 1), 9);
    const wrong = [{ side: 'bid' as 'buy', size: 1 }];
    expect(message(() => vega.liquidationRange({ ...held, ...factors, orders: wrong }))).toContain(
      'type at orders[0].side: got "bid", expected one of buy, sell',
    );
  });
});
