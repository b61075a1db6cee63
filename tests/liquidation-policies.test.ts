// The liquidation policies: their examples run, published numbers come out, and what is refused says why. Properties are in
// liquidation-properties.test.ts.
import { describe, expect, it } from 'vitest';
import * as liquidation from '../bindings/liquidation/index.js';
import {
  AAVE_CLOSE_FACTOR,
  bankruptcyPrice,
  chargeFee,
  closeFactor,
  closeSequence,
  closeSize,
  deltaAfter,
  disposalSchedule,
  disposalSlice,
  fillablePrice,
  firstSlice,
  flooredClose,
  fundRate,
  healthAt,
  healthFactor,
  healthRatio,
  keeperEconomics,
  type Ladder,
  type LadderState,
  type Leg,
  ladderStep,
  linearImpact,
  liquidationFee,
  liquidationPlan,
  liquidationPrice,
  MarginError,
  METAFLUX_LADDER,
  marginCall,
  NO_POSITION,
  orderLegs,
  pairedClose,
  partialSize,
  penalty,
  priceFloor,
  proRataBankruptcyPrice,
  rampedRate,
  repaySize,
  squareRootImpact,
  strategyStep,
  sweep,
  takeOver,
  takeoverPrice,
  towardFund,
  transferDebt,
  UNARMED,
} from '../bindings/liquidation/index.js';
import { evaluateWith, examplesOf, functionsOf } from './examples.js';
import { refusedWith } from './refusal.js';

const message = (call: () => unknown): string => refusedWith(call).message;
/** Calls with an argument that its type does not admit. */
const unchecked = <A>(value: unknown): A => value as A;

const examples = examplesOf('liquidation/');
const evaluate = evaluateWith(liquidation);

describe('examples', () => {
  it('stand at every function', () => {
    const functions = functionsOf(liquidation);
    for (const name of functions) expect(examples.map((example) => example.name.split(': ')[1])).toContain(name);
    expect(examples.length).toBe(functions.length);
  });

  it.each(examples)('$name', ({ expression, result }) => {
    expect(evaluate(expression)).toEqual(evaluate(result));
  });
});

describe('bad input', () => {
  const numbers = (value: unknown): number[] =>
    typeof value === 'number'
      ? [value]
      : typeof value === 'object' && value
        ? Object.values(value).flatMap(numbers)
        : [];
  /** A MarginError, or an answer without NaN and infinities. */
  const survives = (call: () => unknown, what: string): void => {
    try {
      expect(
        numbers(call()).filter((n) => !Number.isFinite(n)),
        what,
      ).toEqual([]);
    } catch (error) {
      if (!(error instanceof MarginError)) throw new Error(`${what}: ${String(error)}`);
    }
  };

  it('in the place of any value of an example is refused or answered', () => {
    const junk = [
      'undefined',
      'null',
      'NaN',
      'Infinity',
      '-1',
      '0',
      '1e30',
      '1e-30',
      '1e300',
      '"x"',
      '"7"',
      '{}',
      '[]',
      '[null]',
    ];
    for (const { name, expression: whole } of examples) {
      const expression = whole.replace(/\.map\((?![\s\S]*legs:)[\s\S]*$/, '');
      for (const { index, 0: literal } of expression.matchAll(/(?<![\w.])\d[\d_.e]*|'[^']*'|\{[^{}]*\}|\[[^[\]]*\]/g)) {
        for (const other of junk) {
          const text = `${expression.slice(0, index)}(${other})${expression.slice(index + literal.length)}`;
          survives(() => evaluate(text), `${name}: ${text}`);
        }
      }
    }
  });

  it('in the place of every argument is refused or answered', () => {
    for (const [name, call] of Object.entries(liquidation)) {
      if (typeof call !== 'function' || name === 'MarginError') continue;
      for (const junk of [undefined, null, Number.NaN, 'x', {}, [], [null], [{}], [{}, {}]]) {
        survives(() => (call as (...args: unknown[]) => unknown)(junk, junk, junk, junk), `${name}(${String(junk)})`);
      }
    }
  });
});

describe('bankruptcy and liquidation price', () => {
  // pluriholonomic/autodeleveraging-analysis paper/liquidation-mechanics.tex, five positions at a mark of 1
  const positions = [
    { size: 1, equity: 2, bankruptcy: 0, liquidation: null },
    { size: 1, equity: 2 / 3, bankruptcy: 1 / 3, liquidation: 10 / 27 },
    { size: -4, equity: 8 / 3, bankruptcy: 5 / 3, liquidation: 50 / 33 },
    { size: 1, equity: 2 / 19, bankruptcy: 17 / 19, liquidation: 170 / 171 },
    { size: -1, equity: 10 / 99, bankruptcy: 109 / 99, liquidation: 1090 / 1089 }, // printed as 1.0010: a misprint
  ];
  it.each(positions)('of size $size with $equity', ({ size, equity, bankruptcy, liquidation: price }) => {
    expect(bankruptcyPrice({ size, mark: 1, equity })).toBeCloseTo(bankruptcy, 12);
    const found = liquidationPrice({ size, price: 1, equity, maintenanceRate: 0.1 });
    if (price === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(price, 12);
  });

  it('of an inverse contract is where its profit in coin uses the equity up', () => {
    const position = { kind: 'inverse', size: 1000, mark: 50_000, equity: 0.5, multiplier: 100 } as const;
    const price = bankruptcyPrice(position) ?? 0;
    expect(0.5 + 1000 * 100 * (1 / 50_000 - 1 / price)).toBeCloseTo(0, 14);
    expect(bankruptcyPrice({ ...position, size: -1000, equity: 3 })).toBeNull(); // a short worth less than its coin
    const short = { kind: 'inverse', size: -1000, price: 50_000, equity: 0.5, multiplier: 100 } as const;
    const at = liquidationPrice({ ...short, maintenanceRate: 0.01 }) ?? 0;
    expect(0.5 - 1000 * 100 * (1 / 50_000 - 1 / at)).toBeCloseTo((0.01 * 1000 * 100) / at, 12);
    expect(liquidationPrice({ ...short, maintenanceRate: 0.01, equity: 3 })).toBeNull();
  });

  it('of a prediction stays within 0 and 1', () => {
    expect(bankruptcyPrice({ kind: 'prediction', size: -10, mark: 0.5, equity: 100 })).toBe(1);
    expect(bankruptcyPrice({ kind: 'prediction', size: 10, mark: 0.5, equity: 2 })).toBeCloseTo(0.3, 15);
  });

  it('of a fixed requirement does not move with the price', () => {
    // mtf-exchange/metaflux-knowledges docs/concepts/tiered-liquidation.md
    const isolated = { price: 100, equity: 50, maintenanceRate: 0.03, basis: 'entry' } as const;
    expect(liquidationPrice({ ...isolated, size: 1 })).toBe(53);
    expect(liquidationPrice({ ...isolated, size: -1 })).toBe(147);
    expect(liquidationPrice({ ...isolated, size: 1, equity: 103 })).toBe(0);
    expect(liquidationPrice({ ...isolated, size: 1, equity: 104 })).toBeNull();
  });

  it('shares the equity by requirement, so that closing all leaves nothing', () => {
    // dydxprotocol/v4-chain x/clob/keeper/deleveraging_test.go: 80,800 USD, short 1 BTC at 50,000 and 10 ETH at 3,000
    const account = { equity: 800, maintenance: 8_000 };
    const btc = proRataBankruptcyPrice({ ...account, size: -1, price: 50_000, released: 5_000 });
    const eth = proRataBankruptcyPrice({ ...account, size: -10, price: 3_000, released: 3_000 });
    expect(btc).toEqual({ quote: -50_500, price: 50_500 });
    expect(80_800 + btc.quote + eth.quote).toBe(0);
  });

  it('is rounded toward the fund, and a price on the tick stays', () => {
    // Bybit help centre: 7890.08 at 50x, ticks of 0.5
    expect(towardFund(394504 / 51, 0.5, 'long')).toBe(7735.5);
    expect(towardFund(394504 / 51, 0.5, 'short')).toBe(7735);
    expect(towardFund(0.3, 0.1, 'long')).toBe(0.3);
    expect(takeoverPrice({ size: -2, mark: 105, bankruptcy: 110.07 }, { tick: 0.1 })).toEqual({
      price: 110,
      fundPnl: 10,
    });
    expect(takeoverPrice({ size: 2, mark: 95, bankruptcy: 99 }, { at: 'mark' })).toEqual({ price: 95, fundPnl: 0 });
  });

  it('refuses what has no price', () => {
    expect(message(() => bankruptcyPrice({ size: 0, mark: 1, equity: 1 }))).toBe(
      'range at position.size: got 0, expected not 0',
    );
    expect(message(() => bankruptcyPrice({ size: 1, mark: -1, equity: 1 }))).toBe(
      'range at position.mark: got -1, expected a number > 0',
    );
    expect(message(() => bankruptcyPrice({ size: 1, mark: 1, equity: Number.NaN }))).toBe(
      'not-finite at position.equity: got NaN, expected a finite number',
    );
    expect(message(() => bankruptcyPrice(unchecked({ sise: 1, mark: 1, equity: 1 })))).toBe(
      'unknown-key at position.sise: expected one of kind, size, mark, equity, multiplier. Did you mean "size"?',
    );
    expect(message(() => liquidationPrice({ size: 1, price: 1, equity: 1, maintenanceRate: 1 }))).toBe(
      'range at position.maintenanceRate: got 1, expected below 1',
    );
    const close = { size: 2, price: 1, equity: 1, maintenance: 1, released: 1 };
    expect(refusedWith(() => proRataBankruptcyPrice({ ...close, close: 3 })).path).toBe('close.close');
    expect(refusedWith(() => proRataBankruptcyPrice({ ...close, maintenance: 0 })).path).toBe('close.maintenance');
    expect(refusedWith(() => towardFund(1, 0, 'long')).path).toBe('tick');
  });
});

describe('takeover', () => {
  it('keeps the average of what is taken, and realises what is closed', () => {
    // vegaprotocol/specs protocol/0012-POSR-position_resolution.md, 0012-POSR-017
    let state = NO_POSITION;
    const pnl = [
      [100, 1],
      [90, 1],
      [60, 0],
    ].map(([mark = 0, size = 0]) => {
      state = takeOver(state, { mark, size });
      return [state.position, state.realizedPnl, state.unrealizedPnl];
    });
    expect(pnl).toEqual([
      [1, 0, 0],
      [2, 0, -10],
      [2, 0, -70],
    ]);
    state = takeOver(state, { mark: 105, size: -1 });
    expect(state).toEqual({ position: 1, entry: 95, realizedPnl: 10, unrealizedPnl: 10 });
    state = takeOver(state, { mark: 100, size: -3, price: 99 });
    expect(state).toEqual({ position: -2, entry: 99, realizedPnl: 14, unrealizedPnl: -2 });
    state = takeOver(state, { mark: 99, size: 2 });
    expect(state).toEqual({ position: 0, entry: null, realizedPnl: 14, unrealizedPnl: 0 });
  });
});

describe('fillable price and floor', () => {
  // dydxprotocol/v4-chain x/clob/keeper/liquidations_test.go, TestGetFillablePrice: 0.1 BTC at 50,000, 10 % maintenance
  const btc = { size: 0.1, price: 50_000, positionMaintenance: 500, maintenance: 500 };
  const eth = { size: 0.1, price: 3_000, positionMaintenance: 30, maintenance: 50 }; // beside 0.004 BTC
  const cases = [
    { name: 'just below the requirement', position: { ...btc, equity: 499 }, price: 49_999 },
    { name: 'twice as fast', position: { ...btc, equity: 499 }, ba: 2, price: 49_998 },
    { name: 'as fast as can be', position: { ...btc, equity: 499 }, ba: 4294.967295, price: 49_500 },
    { name: 'with the least spread', position: { ...btc, equity: 499 }, smmr: 1e-6, price: 49_999.99999 },
    { name: 'at bankruptcy', position: { ...btc, equity: 0 }, price: 49_500 },
    { name: 'below bankruptcy', position: { ...btc, equity: -500 }, price: 49_500 },
    { name: 'of a short', position: { ...btc, size: -0.1, equity: 499 }, smmr: 0.2, price: 50_002 },
    { name: 'of a short at bankruptcy', position: { ...btc, size: -0.1, equity: 0 }, price: 50_500 },
    { name: 'of one of two legs', position: { ...eth, equity: 10 }, price: 2_976 },
  ];
  it.each(cases)('$name is $price', ({ position, ba = 1, smmr = 0.1, price }) => {
    const rule = { bankruptcyAdjustment: ba, spreadToMaintenance: smmr };
    expect(fillablePrice(position, rule)).toBeCloseTo(price, 9);
  });

  it('is never below 0, and needs a requirement', () => {
    const rule = { bankruptcyAdjustment: 1, spreadToMaintenance: 100 };
    expect(fillablePrice({ ...btc, equity: 0 }, rule)).toBe(0);
    expect(refusedWith(() => fillablePrice({ ...btc, maintenance: 0, equity: 0 }, rule)).path).toBe(
      'position.maintenance',
    );
    expect(refusedWith(() => fillablePrice({ ...btc, equity: 0 }, { ...rule, bankruptcyAdjustment: 0.5 })).path).toBe(
      'rule.bankruptcyAdjustment',
    );
  });

  it('is a limit of half the maintenance rate, rounded toward the mark', () => {
    const floor = { maintenanceRate: 0.05 };
    expect(priceFloor(100, 'long', floor)).toBe(97.5);
    expect(priceFloor(100, 'short', floor)).toBe(102.5);
    expect(priceFloor(100, 'long', { ...floor, tick: 1 })).toBe(98);
    expect(priceFloor(100, 'short', { ...floor, tick: 1 })).toBe(102);
    expect(message(() => priceFloor(100, unchecked('up'), floor))).toContain('one of long, short');
  });

  it('hands what does not fill to the next tier', () => {
    const close = { side: 'short', size: 2, mark: 100 } as const;
    const floor = { maintenanceRate: 0.05 };
    expect(
      flooredClose(close, floor, [
        [101, 1],
        [102.5, 1],
      ]),
    ).toMatchObject({ unfilled: 0, next: null });
    expect(
      flooredClose(close, floor, [
        [101, 1],
        [102.6, 9],
      ]),
    ).toMatchObject({ unfilled: 1, next: 'backstop' });
    expect(flooredClose(close, floor, [])).toMatchObject({ filled: 0, vwap: null, next: 'backstop' });
  });
});

describe('fees', () => {
  it('are what the venues ask for', () => {
    // pluriholonomic/autodeleveraging-analysis paper/liquidation-mechanics.tex (Liquidation Costs Example)
    const fill = { size: 0.5, mark: 1.3, price: 1.32 };
    expect(liquidationFee(fill, { mark: 0.004 }).total).toBeCloseTo(0.0026, 15);
    expect(liquidationFee(fill, { mark: 0.002, execution: 0.001 }).total).toBeCloseTo(0.00196, 15);
    expect(liquidationFee({ size: 2, mark: 8 }, { fixed: 1, taker: 0.5 })).toEqual({ penalty: 1, taker: 8, total: 9 });
  });

  it('stop at the equity left, in the order that is asked for', () => {
    const due = { toLiquidator: 30, toFund: 10 };
    expect(chargeFee(due, 40)).toEqual({ toLiquidator: 30, toFund: 10, charged: 40, waived: 0, capped: false });
    expect(chargeFee(due, 20)).toEqual({ toLiquidator: 15, toFund: 5, charged: 20, waived: 20, capped: true });
    expect(chargeFee(due, 20, 'fund')).toEqual({ toLiquidator: 10, toFund: 10, charged: 20, waived: 20, capped: true });
    expect(chargeFee(due, 5, 'fund')).toEqual({ toLiquidator: 0, toFund: 5, charged: 5, waived: 35, capped: true });
    expect(chargeFee(due, -1)).toEqual({ toLiquidator: 0, toFund: 0, charged: 0, waived: 40, capped: true });
    expect(chargeFee({ toLiquidator: 0, toFund: 0 }, -1).capped).toBe(false);
    expect(message(() => chargeFee({ toLiquidator: -1, toFund: 0 }, 1))).toBe(
      'range at due.toLiquidator: got -1, expected a number >= 0',
    );
  });

  it('rise after a grace, from its end or from the start', () => {
    // drift-labs/protocol-v2: base for 1500 slots, then 1e-6 a slot counted from the first
    const drift = { base: 0.01, slope: 1e-6, max: 0.05, grace: 1500, origin: 'start' } as const;
    expect(rampedRate(drift, 1500)).toBe(0.01);
    expect(rampedRate(drift, 1501)).toBeCloseTo(0.011501, 12);
    expect(rampedRate({ ...drift, origin: 'grace' }, 1501)).toBeCloseTo(0.010001, 12);
    expect(rampedRate(drift, 1e6)).toBe(0.05);
    expect(refusedWith(() => rampedRate({ ...drift, max: 0 }, 1)).path).toBe('ramp.max');
  });

  it('of the fund leave enough to come back', () => {
    const limits = { maintenanceRate: 0.05, liquidatorRate: 0.01, shortage: 10, notional: 1000, max: 0.1 };
    const rate = fundRate(limits);
    expect(rate).toBeCloseTo(0.95 * 0.03, 15);
    const size = partialSize({ side: 'long', size: 10, mark: 100, equity: 40, ratio: 0.05, feeRate: 0.01 + rate });
    expect(size.feasible).toBe(true);
    expect(fundRate({ ...limits, shortage: 60 })).toBe(0);
  });

  it('of a whole penalty add up both parts and the ramp', () => {
    const schedule = {
      liquidator: { fixed: 2, mark: 0.005 },
      fund: { execution: 0.01 },
      ramp: { base: 0, slope: 0.001, max: 0.01 },
      first: 'liquidator',
    } as const;
    expect(penalty({ size: 1, mark: 1000, price: 900 }, schedule, 1000, 5)).toMatchObject({
      toLiquidator: 12,
      toFund: 9,
    });
    expect(penalty({ size: 1, mark: 1000, price: 900 }, schedule, 14, 5)).toMatchObject({
      toLiquidator: 12,
      toFund: 2,
    });
    expect(message(() => penalty({ size: 1, mark: 1 }, unchecked({ fund: {} }), 1))).toContain('schedule.liquidator');
  });

  it('and transfers never take more than there is', () => {
    const transfer = {
      repay: 50,
      debt: 80,
      debtPrice: 1,
      collateral: 10,
      collateralPrice: 10,
      bonus: 0.25,
      fundShare: 0.5,
    };
    expect(transferDebt(transfer)).toEqual({
      repaid: 50,
      seized: 6.25,
      toFund: 0.625,
      debtLeft: 30,
      collateralLeft: 3.75,
      limit: 'request',
      badDebt: 0,
    });
    expect(transferDebt({ ...transfer, repay: 90 })).toMatchObject({
      repaid: 80,
      limit: 'debt',
      collateralLeft: 0,
      badDebt: 0,
    });
    expect(transferDebt({ ...transfer, collateral: 0 })).toMatchObject({ repaid: 0, limit: 'collateral', badDebt: 80 });
  });
});

describe('execution', () => {
  it('sweeps a ladder', () => {
    // pluriholonomic/autodeleveraging-analysis paper/main.tex:465
    const asks = [
      [1, 1],
      [1.1, 3],
      [1.2, 10],
    ] as const;
    expect(sweep(asks, { size: 5 })).toEqual({ filled: 5, unfilled: 0, notional: 5.5, vwap: 1.1, last: 1.2 });
    expect(sweep(asks, { size: 20 })).toMatchObject({ filled: 14, unfilled: 6, last: 1.2 });
    expect(sweep(asks, { size: 0 })).toEqual({ filled: 0, unfilled: 0, notional: 0, vwap: null, last: null });
    expect(sweep(asks, { size: 5, limit: 1.1, side: 'short' })).toMatchObject({ filled: 4, unfilled: 1, last: 1.1 });
    expect(
      sweep(
        [
          [9, 1],
          [8, 1],
        ],
        { size: 2, limit: 9, side: 'long' },
      ),
    ).toMatchObject({ filled: 1, unfilled: 1 });
  });

  it('refuses ladders that are none', () => {
    expect(
      message(() =>
        sweep(
          [
            [2, 1],
            [1, 1],
            [3, 1],
          ],
          { size: 1, side: 'long' },
        ),
      ),
    ).toBe('range at depth[2][0]: got 3, expected at most 1, the price before it. Levels stand best first');
    expect(
      message(() =>
        sweep(
          [
            [1, 1],
            [2, 1],
          ],
          { size: 1, side: 'long' },
        ),
      ),
    ).toContain('expected at most 1');
    expect(message(() => sweep(unchecked([[1]]), { size: 1 }))).toBe(
      'type at depth[0]: got [1], expected a price and a size',
    );
    expect(message(() => sweep([[1, 1]], { size: 1, limit: 1 }))).toBe(
      'missing-key at order.side: expected one of long, short',
    );
    expect(refusedWith(() => sweep([[0, 1]], { size: 1 })).path).toBe('depth[0][0]');
    expect(refusedWith(() => sweep([[1, 1]], { size: -1 })).path).toBe('order.size');
  });

  it('follows the impact models', () => {
    // paper/liquidation-mechanics.tex (Execution Price Example), alpha 1
    const fills = [
      ['long', 1.3, 0.5, 1.05],
      ['long', 0.95, 0.2, 0.85],
      ['short', 1.6, 2, 2.6],
      ['long', 0.98, 0.4, 0.78],
      ['short', 1.05, 0.4, 1.25],
    ] as const;
    for (const [side, mark, size, price] of fills) {
      expect(linearImpact({ side, mark, size }, 1).vwap).toBeCloseTo(price, 12);
    }
    const market = { volatility: 0.02, volume: 100 };
    expect(squareRootImpact({ side: 'short', mark: 100, size: 25 }, market)).toMatchObject({ last: 101 });
    // The average is the mean of the marginal price.
    const steps = 10_000;
    const marginal = Array.from({ length: steps }, (_, i) => {
      const at = squareRootImpact({ side: 'short', mark: 100, size: (25 * (i + 0.5)) / steps }, market);
      return at.last ?? 0;
    });
    const mean = marginal.reduce((sum, price) => sum + price, 0) / steps;
    expect(squareRootImpact({ side: 'short', mark: 100, size: 25 }, market).vwap).toBeCloseTo(mean, 6);
    expect(
      refusedWith(() => squareRootImpact({ side: 'short', mark: 1, size: 1 }, { ...market, volume: 0 })).path,
    ).toBe('market.volume');
  });

  it('says whether a keeper comes', () => {
    const offer = { side: 'long', size: 1, price: 100, bonus: 3 } as const;
    const depth = [[99, 5]] as const;
    expect(keeperEconomics(offer, { gas: 1, depth })).toMatchObject({ net: 1, minBonus: 2, profitable: true });
    // Black Thursday: gas for races that are lost
    expect(keeperEconomics(offer, { gas: 1, depth, chance: 0.25 })).toMatchObject({
      net: -2,
      minBonus: 5,
      profitable: false,
    });
    expect(keeperEconomics({ ...offer, size: 9 }, { gas: 0, depth })).toMatchObject({ unfilled: 4, profitable: false });
    expect(keeperEconomics({ ...offer, side: 'short' }, { gas: 0, depth, feeRate: 0.01 })).toMatchObject({
      slippage: -1,
    });
    expect(refusedWith(() => keeperEconomics(offer, { gas: 1, depth, chance: 0 })).path).toBe('costs.chance');
  });
});

describe('sizes', () => {
  it('restore a ratio, or say that they do not', () => {
    // paper/liquidation-mechanics.tex (Liquidation Strategy Example)
    const paper = {
      side: 'short',
      size: 1,
      mark: 5.5,
      price: 5.55,
      equity: -4.399,
      ratio: 0.1,
      feeRate: 0.003,
    } as const;
    const size = partialSize(paper);
    expect(size.needed).toBeCloseTo(9898 / 967, 12);
    expect(size).toMatchObject({ size: 1, feasible: false, capped: true });
    expect(partialSize({ ...paper, equity: 1 })).toMatchObject({ size: 0, feasible: true, capped: false });
    expect(partialSize({ ...paper, feeRate: 0.2 })).toEqual({ size: 1, needed: null, feasible: false, capped: true });
    const shortage = { shortage: 30, owed: 20, price: 1, weight: 1.25, assetWeight: 0.5, bonus: 0.3 };
    expect(repaySize(shortage)).toEqual({ size: 20, needed: 50, feasible: false, capped: true });
    expect(repaySize({ ...shortage, assetWeight: 1 })).toEqual({
      size: 20,
      needed: null,
      feasible: false,
      capped: true,
    });
  });

  it('of lending are half or all', () => {
    // aave-dao/aave-v3-origin tests/protocol/pool/Pool.Liquidations.CloseFactor.t.sol
    const loans = [
      [100, 164_700, 1],
      [0.5, 798.030927, 1],
      [100, 159_606.185567, 0.5],
    ] as const;
    for (const [amount, debt, factor] of loans) {
      const loan = healthFactor({ collateral: [{ amount, price: 1800, threshold: 0.86 }], debt });
      expect(closeFactor({ ...loan, debt })).toBe(factor);
    }
    // Exactly at the bounds: at 0.95 all, at 2000 half. 3 * 1.9 * 0.35 / 2.1 is 0.9499999999999998 in doubles.
    expect(
      healthFactor({ collateral: [{ amount: '3', price: '1.9', threshold: '0.35' }], debt: '2.1' }).healthFactor,
    ).toBe(0.95);
    expect(closeFactor({ healthFactor: 0.95, collateral: 2000, debt: 2000 })).toBe(1);
    expect(closeFactor({ healthFactor: 0.96, collateral: 2000, debt: 2000 })).toBe(0.5);
    expect(closeFactor({ healthFactor: 0.96, collateral: 2000, debt: 1999.99 })).toBe(1);
    expect(closeFactor({ healthFactor: null, collateral: 2000, debt: 0 }, AAVE_CLOSE_FACTOR)).toBe(1);
    expect(healthFactor({ collateral: [], debt: 0 })).toEqual({ healthFactor: null, collateral: 0 });
    expect(refusedWith(() => healthFactor({ collateral: [{ amount: 1, price: 1, threshold: 2 }], debt: 1 })).path).toBe(
      'loan.collateral[0].threshold',
    );
  });

  it('are whole lots, at least one, without dust, within the limit', () => {
    expect(closeSize(0.3, { held: 1 }, { lot: 0.1 })).toBe(0.3);
    expect(closeSize(0.31, { held: 1 }, { lot: 0.1 })).toBe(0.4);
    expect(closeSize(0.31, { held: 1 }, { lot: 0.1, round: 'floor' })).toBe(0.3);
    expect(closeSize(0.01, { held: 1 }, { lot: 0.1, round: 'floor' })).toBe(0.1);
    expect(closeSize(0, { held: 1 }, { lot: 0.1 })).toBe(0);
    expect(closeSize(1, { held: 1.05 }, { lot: 0.1, minimumLeft: 0.1 })).toBe(1.05);
    expect(closeSize(5, { held: 1.05 }, { lot: 0.1 })).toBe(1.05);
    expect(closeSize(0.2, { held: 1 }, { lot: 0.1, minimum: 0.55 })).toBe(0.6);
    expect(closeSize(1, { held: 1, price: 0.1 }, { lot: 1, maxNotional: 0.05 })).toBe(0);
    expect(closeSize(9, { held: 9, price: 0.1 }, { lot: 1, maxNotional: 0.3 })).toBe(3);
    expect(refusedWith(() => closeSize(1, { held: 1 }, { maxNotional: 1 })).path).toBe('position.price');
    expect(refusedWith(() => closeSize(1, { held: 1 }, { lot: 0 })).path).toBe('rules.lot');
  });

  it('of slices follow the schedule', () => {
    // vegaprotocol/specs 0012-POSR-013
    const rule = { fraction: 0.5, fullSize: 50, bookShare: 0.01, every: 10 };
    expect(disposalSchedule(280, rule, 10_000).trades).toEqual([100, 90, 45, 45]);
    expect(disposalSchedule(-280, rule, 10_000, 5).times).toEqual([5, 15, 25, 35]);
    expect(disposalSchedule(280, rule, 0)).toEqual({ trades: [], times: [], left: 280 });
    expect(disposalSchedule(0, rule, 10_000).trades).toEqual([]);
    // 0.07 * 100 is 7.000000000000001 in doubles
    expect(disposalSlice(100, { ...rule, fraction: 0.07 }, 1e6)).toBe(7);
    expect(message(() => disposalSchedule(1.5, rule, 1))).toBe(
      'type at position: got 1.5, expected a whole number of contracts',
    );
    expect(message(() => disposalSchedule(1e9, rule, 1))).toBe(
      'too-many at position: got 1000000000, expected at most 100000 trades. Ask for one at a time with disposalSlice',
    );
    expect(refusedWith(() => disposalSchedule(1, { ...rule, fraction: 0 }, 1)).path).toBe('rule.fraction');
  });

  it('of a first slice are a fifth, and all within 30 seconds', () => {
    expect(firstSlice({ size: -10, price: 10_000, last: null }, 0)).toEqual({
      size: 10,
      partial: false,
      cooldownEnd: null,
    });
    expect(firstSlice({ size: -11, price: 10_000, last: null }, 0)).toMatchObject({
      partial: true,
      cooldownEnd: 30_000,
    });
    expect(firstSlice({ size: 11, price: 10_000, last: 5 }, 30_004)).toEqual({
      size: 11,
      partial: false,
      cooldownEnd: 30_005,
    });
    expect(firstSlice({ size: 11, price: 10_000, last: 5 }, 30_005)).toMatchObject({
      partial: true,
      cooldownEnd: 60_005,
    });
    expect(refusedWith(() => firstSlice({ size: 1, price: 1, last: 2 }, 1)).path).toBe('position.last');
  });
});

describe('ladder', () => {
  // mtf-exchange/metaflux-knowledges docs/concepts/tiered-liquidation.md, maintenance of the entry notional
  const account = { equity: 20, size: 1, entry: 100, maintenanceRate: 0.05, basis: 'entry' } as const;

  it('names the tier, also exactly at its level', () => {
    const tiers = [100, 90, 85.5, 85, 84.5, 84, 83.335, 83.334].map((mark) => {
      const { health } = healthAt(account, mark);
      return ladderStep(METAFLUX_LADDER, UNARMED, health, 0).tier ?? 'Safe';
    });
    expect(tiers).toEqual(['Safe', 'Safe', 'Safe', 'T0', 'T1', 'T1', 'T2', 'T3']);
    expect(healthAt({ ...account, basis: 'mark' }, 85).health).toBeCloseTo(5 / 4.25, 15);
    expect(healthRatio(1, 0)).toBeNull();
    expect(ladderStep(METAFLUX_LADDER, UNARMED, null, 0)).toMatchObject({ tier: null, action: 'none', fraction: 0 });
  });

  it('closes all where a part was closed a moment ago', () => {
    const first = ladderStep(METAFLUX_LADDER, UNARMED, 0.9, 0);
    expect(first).toMatchObject({ action: 'partial', nextAt: 30_000 });
    expect(ladderStep(METAFLUX_LADDER, first.state, 0.9, 29_999)).toMatchObject({ action: 'full', fraction: 1 });
    expect(ladderStep(METAFLUX_LADDER, first.state, 0.9, 30_000)).toMatchObject({ action: 'partial', nextAt: 60_000 });
    expect(ladderStep({ ...METAFLUX_LADDER, again: 'wait' }, first.state, 0.9, 1)).toMatchObject({
      tier: 'T1',
      action: 'none',
      nextAt: 30_000,
    });
    // Only a part begins its cooldown.
    const full = ladderStep(METAFLUX_LADDER, UNARMED, 0.7, 0);
    expect(full).toMatchObject({ action: 'full', nextAt: null, state: { armedAt: null } });
  });

  it('has its comparison as data', () => {
    const at = (op: '<' | '<='): string | null =>
      ladderStep({ tiers: [{ tier: 'A', op, level: 1, action: 'full' }] }, UNARMED, 1, 0).tier;
    expect([at('<'), at('<=')]).toEqual([null, 'A']);
  });

  it('refuses ladders that do not fall and clocks that run backwards', () => {
    const ladder: Ladder = {
      tiers: [
        { tier: 'A', level: 1, action: 'warn' },
        { tier: 'B', level: 1, action: 'full' },
      ],
    };
    expect(message(() => ladderStep(ladder, UNARMED, 1, 0))).toBe(
      'range at ladder.tiers[1].level: got 1, expected below 1, the level of the tier before it',
    );
    expect(message(() => ladderStep(METAFLUX_LADDER, { armedAt: 5 }, 1, 4))).toBe(
      'range at state.armedAt: got 5, expected a number <= 4',
    );
    expect(
      message(() => ladderStep(unchecked({ tiers: [{ tier: 'A', level: 1, action: 'sell' }] }), UNARMED, 1, 0)),
    ).toBe(
      'type at ladder.tiers[0].action: got "sell", expected one of warn, partial, full, backstop. Did you mean "full"?',
    );
    expect(refusedWith(() => ladderStep(unchecked({ tiers: [], arms: ['x'] }), UNARMED, 1, 0)).path).toBe(
      'ladder.arms[0]',
    );
    expect(refusedWith(() => ladderStep(METAFLUX_LADDER, UNARMED, Number.NaN, 0)).path).toBe('health');
  });

  it('runs a sequence of closes with the account of its bucket', () => {
    const { steps, insuranceUsed } = closeSequence(account, [
      { mark: 84, close: 0.5 },
      { mark: 80, close: 0.5 },
    ]);
    expect(steps.map(({ bucket }) => bucket)).toEqual([12, 2]);
    expect(steps.map(({ healthBefore }) => healthBefore)).toEqual([0.8, 0.8]);
    expect(steps.map(({ healthAfter }) => healthAfter)).toEqual([1.6, null]);
    expect(insuranceUsed).toBe(0);
    expect(closeSequence(account, [{ mark: 70, close: 1 }]).insuranceUsed).toBe(10);
    expect(
      closeSequence({ ...account, size: -1 }, [{ mark: 110, close: 1, price: 111, fee: 2 }]).steps[0]?.bucket,
    ).toBe(7);
    // 1 - 0.9 is not 0.1 in doubles
    expect(
      closeSequence(account, [
        { mark: 90, close: 0.9 },
        { mark: 90, close: 0.1 },
      ]).steps[1]?.size,
    ).toBe(0);
    expect(
      message(() =>
        closeSequence(account, [
          { mark: 90, close: 0.9 },
          { mark: 90, close: 0.2 },
        ]),
      ),
    ).toBe('range at steps[1].close: got 0.2, expected at most 0.1, which is open');
  });

  it('is a strategy with a floor and a size', () => {
    const strategy = { ladder: METAFLUX_LADDER, floor: { maintenanceRate: 0.05 }, sizes: { lot: 1 } };
    const input = { health: 0.9, now: 0, size: 5, mark: 100 };
    expect(strategyStep(strategy, UNARMED, input)).toMatchObject({ slice: 3, priceFloor: 97.5 });
    expect(strategyStep(strategy, UNARMED, { ...input, maxNotional: 250 }).slice).toBe(2);
    expect(strategyStep(strategy, UNARMED, { ...input, health: 0.5 })).toMatchObject({ slice: 5, priceFloor: null });
    expect(strategyStep(strategy, UNARMED, { ...input, health: 1.05 })).toMatchObject({ slice: 0, action: 'warn' });
    let state: LadderState = UNARMED;
    const log = [0, 10_000, 40_000].map((now) => {
      const step = strategyStep(strategy, state, { ...input, now });
      state = step.state;
      return step.action;
    });
    expect(log).toEqual(['partial', 'full', 'partial']);
  });
});

describe('margin call', () => {
  const rule = { trigger: 1, target: 1.2, warn: 1.1, minTransfer: 100, unit: 10 };
  it('asks for what is missing to the target, rounded up', () => {
    expect(marginCall({ equity: 899, requirement: 1000 }, rule, 7)).toEqual({
      call: 310,
      shortfall: 301,
      due: 7,
      warnOnly: false,
    });
    expect(marginCall({ equity: 0.3, requirement: 0.6 }, { unit: 0.1 }).call).toBe(0.3);
  });
  it('warns and asks for nothing', () => {
    expect(marginCall({ equity: 1050, requirement: 1000 }, rule)).toEqual({
      call: 0,
      shortfall: 0,
      due: null,
      warnOnly: true,
    });
    expect(marginCall({ equity: 1100, requirement: 1000 }, rule).warnOnly).toBe(false);
    expect(marginCall({ equity: 999, requirement: 1000 }, { minTransfer: 2 })).toMatchObject({
      call: 0,
      warnOnly: true,
    });
    expect(marginCall({ equity: 998, requirement: 1000 }, { minTransfer: 2 })).toMatchObject({
      call: 2,
      warnOnly: false,
    });
    expect(message(() => marginCall({ equity: 1, requirement: 1 }, { target: 0.9 }))).toBe(
      'range at rule.target: got 0.9, expected a number >= 1',
    );
  });
});

describe('order of legs', () => {
  const legs: Leg[] = [
    { id: 'b', size: 1, notional: 100, requirement: 10, depth: 1000 },
    { id: 'a', size: -1, notional: 100, requirement: 10, depth: 1000 },
    { id: 'thin', size: 1, notional: 100, requirement: 30, depth: 200 },
    { id: 'free', size: 1, notional: 100, requirement: 1 },
  ];
  const ids = (steps: ReturnType<typeof orderLegs>): string[] =>
    steps.map((step) => step.legs.map(({ id }) => id).join('+'));

  it('is by relief for its cost, or by impact; ties go to the lower id', () => {
    expect(ids(orderLegs(legs, 'maxRelief'))).toEqual(['free', 'a', 'b', 'thin']);
    expect(ids(orderLegs(legs, 'minImpact'))).toEqual(['free', 'a', 'b', 'thin']);
    expect(
      ids(
        orderLegs(
          legs.map((leg) => ({ ...leg, feeRate: 0.2 })),
          'maxRelief',
        ),
      ),
    ).toEqual(['thin', 'a', 'b', 'free']);
  });

  it('keeps a hedge: the excess first, then pairs', () => {
    const basis: Leg[] = [
      { id: 'spot', size: 3, notional: 300, requirement: 30, underlying: 'BTC' },
      { id: 'perp', size: -200, notional: 200, requirement: 10, underlying: 'BTC', delta: -2 },
      { id: 'eth', size: 1, notional: 10, requirement: 1 },
    ];
    expect(ids(orderLegs(basis, 'hedgeSafe'))).toEqual(['spot', 'spot+perp', 'eth']);
    const first = orderLegs(basis, 'hedgeSafe')[0];
    expect(first).toMatchObject({ deltaBefore: 1, deltaAfter: 0, relief: 10 });
  });

  it('refuses two legs of one id', () => {
    expect(message(() => orderLegs([legs[0] as Leg, legs[0] as Leg], 'maxRelief'))).toBe(
      'duplicate at legs[1].id: got "b", expected each id once',
    );
    expect(message(() => orderLegs(legs, unchecked('best')))).toBe(
      'type at objective: got "best", expected one of maxRelief, minImpact, hedgeSafe',
    );
    expect(refusedWith(() => orderLegs([{ ...(legs[0] as Leg), size: 0 }], 'maxRelief')).path).toBe('legs[0].size');
  });

  it('makes a plan that stops where enough is closed', () => {
    const planned = legs.map((leg) => ({ ...leg, mark: 100, maintenanceRate: 0.1 }));
    const plan = liquidationPlan(planned, { objective: 'maxRelief' }, { shortage: 4 });
    expect(plan.steps.map(({ id }) => id)).toEqual(['free', 'a']);
    expect(plan.steps[1]).toMatchObject({ side: 'short', limit: 105 });
    expect(plan.feasible).toBe(true);
    expect(plan.relief).toBeGreaterThanOrEqual(4);
    const limited = liquidationPlan(planned, { objective: 'maxRelief' }, { shortage: 100, maxNotional: 250 });
    expect(limited.feasible).toBe(false);
    expect(limited.steps.reduce((sum, { notional }) => sum + notional, 0)).toBe(250);
    const all = liquidationPlan(planned, { objective: 'minImpact' });
    expect(all.steps.map(({ size }) => size)).toEqual([1, 1, 1, 1]);
    expect(all.feasible).toBe(true);
    expect(liquidationPlan([], { objective: 'minImpact' }, { shortage: 1 })).toEqual({
      steps: [],
      relief: 0,
      feasible: false,
    });
    expect(
      refusedWith(() => liquidationPlan(unchecked([{ ...planned[0], mark: 0 }]), { objective: 'maxRelief' })).path,
    ).toBe('legs[0].mark');
  });
});

describe('paired close', () => {
  const legs = [
    { id: 'spot', size: 1.05, lot: 0.001 },
    { id: 'perp', size: -105, delta: -1.05, lot: 1 },
  ];
  it('closes both legs together and says what stays', () => {
    const { steps, residualDelta } = pairedClose(legs, 1, 3);
    expect(steps.map(({ close }) => close.map(({ size }) => size))).toEqual([
      [0.35, -35],
      [0.35, -35],
      [0.35, -35],
    ]);
    expect(residualDelta).toBe(0);
    const unequal = pairedClose(
      [
        { id: 'a', size: 1, lot: 0.4 },
        { id: 'b', size: -1, lot: 0.3 },
      ],
      0.5,
    );
    expect(unequal.steps[0]?.close.map(({ size }) => size)).toEqual([0.4, -0.3]);
    expect(unequal.residualDelta).toBe(-0.1);
  });
  it('refuses what is no pair', () => {
    expect(message(() => pairedClose([legs[0] as (typeof legs)[0]], 1))).toContain('a list of at least two legs');
    expect(refusedWith(() => pairedClose(legs, 0)).path).toBe('ratio');
    expect(refusedWith(() => pairedClose(legs, 1, 0)).path).toBe('slices');
    expect(refusedWith(() => deltaAfter(legs, [{ id: 'x', size: 1 }])).code).toBe('unknown-id');
    expect(refusedWith(() => deltaAfter(legs, [{ id: 'perp', size: 1 }])).path).toBe('close[0].size');
  });
});
