// Who bears a loss at the venues: published numbers with their source, what must hold on random numbers (to the unit, or as exact
// fractions), and what is refusedAt.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, type Exact, exact, minus, over, plus, times } from '../bindings/liquidation/exact.js';
import * as drift from '../bindings/venues/drift.js';
import * as liquity from '../bindings/venues/liquity.js';
import * as mango from '../bindings/venues/mango.js';
import * as percolator from '../bindings/venues/percolator.js';
import * as umbrella from '../bindings/venues/umbrella.js';
import * as vega from '../bindings/venues/vega.js';
import { evaluateWith, examplesOf } from './examples.js';
import { refusedAt } from './refusal.js';

fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20200312), numRuns: Number(process.env.FC_RUNS ?? 300) });

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, part) => total + part, 0n);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const units = fc.oneof(fc.bigInt(0n, 50n), fc.bigInt(0n, 10n ** 24n));

describe('examples in the documentation', () => {
  const evaluate = evaluateWith({ ...liquity, ...umbrella, ...percolator });
  const examples = examplesOf('venues/').filter(({ name }) => /^(liquity|umbrella|percolator)/.test(name));

  it.each(examples.map((example) => [example.name, example] as const))('%s', (_, { expression, result }) => {
    expect(evaluate(expression)).toEqual(evaluate(result));
  });
});

describe('vega: a settlement that losers can not pay', () => {
  const losers = fc
    .array(fc.record({ loss: units, balance: units }), { maxLength: 6 })
    .map((list) => list.map((loser, i) => ({ ...loser, id: `l${i}` })));
  const winners = fc
    .array(fc.record({ gain: units }), { minLength: 1, maxLength: 6 })
    .map((list) => list.map((winner, i) => ({ ...winner, id: `w${i}` })));

  // vegaprotocol/vega core/integration/features/verified/0002-STTL-settlement-verified-loss-socialization-case3.feature
  it('gives the remainder to the last (case 3)', () => {
    const { paid } = vega.settleMtm({
      losers: [
        { id: 'party1', loss: 2_400, balance: 2_000 },
        { id: 'party3', loss: 5_600, balance: 3_000 },
        { id: 'party6', loss: 800, balance: 800 },
      ],
      winners: [
        { id: 'party2', gain: 7_200 },
        { id: 'party5', gain: 800 },
        { id: 'party4', gain: 800 },
      ],
      insurance: 0,
    });
    expect(paid).toEqual([4_745n, 527n, 528n]);
  });

  it('lets the pool top losers up in their order, and pays gains in full where it can', () => {
    const settlement = {
      losers: [
        { id: 'a', loss: 100, balance: 60 },
        { id: 'b', loss: 100, balance: 90 },
      ],
      winners: [{ id: 'c', gain: 200 }],
    };
    expect(vega.settleMtm({ ...settlement, insurance: 45 })).toEqual({
      ...{ given: [60n, 90n], toppedUp: [40n, 5n], paid: [195n], insuranceLeft: 0n },
    });
    expect(vega.settleMtm({ ...settlement, insurance: 70 })).toMatchObject({ paid: [200n], insuranceLeft: 20n });
  });

  it('conserves, and cuts nobody by more than the others but for the remainder', () => {
    fc.assert(
      fc.property(losers, winners, units, (lost, won, insurance) => {
        fc.pre(won.some(({ gain }) => gain > 0n));
        const { paid, given, toppedUp, insuranceLeft } = vega.settleMtm({ losers: lost, winners: won, insurance });
        expect(sum(paid)).toBe(sum(given) + sum(toppedUp));
        expect(sum(toppedUp) + insuranceLeft).toBe(insurance);
        const [collected, owed] = [sum(paid), sum(won.map(({ gain }) => gain))];
        paid.slice(0, -1).forEach((part, i) => {
          expect(part).toBe((won[i]!.gain * collected) / owed);
        });
        given.forEach((part, i) => {
          expect(part + toppedUp[i]! <= lost[i]!.loss && part <= lost[i]!.balance).toBe(true);
        });
      }),
    );
  });

  it('refuses what no settlement has', () => {
    const loser = { id: 'a', loss: 1, balance: 1 };
    const of = (change: object): string =>
      refusedAt(() => vega.settleMtm({ losers: [loser], winners: [{ id: 'w', gain: 1 }], insurance: 0, ...change }));
    expect(of({ losers: [loser, loser] })).toBe('duplicate losers[1].id');
    expect(of({ losers: [{ ...loser, balance: -1 }] })).toBe('range losers[0].balance');
    expect(of({ winners: [{ id: 'w', gain: 0 }] })).toBe('range winners');
    expect(of({ insurance: undefined })).toBe('missing-key insurance');
  });
});

describe('mango: negative profit', () => {
  const weights = { assetWeight: '0.9', liabWeight: '1.1', settlePrice: 2, insurancePrice: 3, liquidationFee: 0 };
  const ratio = (numerator: bigint, denominator = 1n): Exact => ({ numerator, denominator });
  const equal = (a: Exact, b: Exact): boolean => compare(a, b) === 0;

  // mango-v4 perp_liq_negative_pnl_or_bankruptcy.rs, "everything 2"; the source prints -4.1, 14.1, -23.1 and 26.9
  it('is settled, insured and socialised', () => {
    const resolved = mango.liquidateNegativePnl({
      ...weights,
      liqee: { settle: 10, perpPnl: -50, otherHealth: 9 },
      ...{ insuranceFund: 6, settleLimit: 100, maxLiabTransfer: 40, openInterest: 1 },
    });
    expect(equal(resolved.liqeeSettle, ratio(-45n, 11n))).toBe(true);
    expect(equal(resolved.liqorPerp, ratio(-254n, 11n))).toBe(true);
    expect(equal(resolved.socializedLoss, ratio(296n, 11n))).toBe(true);
    expect([resolved.liqeePerp.numerator, resolved.liqorInsurance]).toEqual([0n, 6n]);
  });

  const cents = (from: number, to: number): fc.Arbitrary<string> =>
    fc.integer({ min: from, max: to }).map((value) => `${value}e-2`);
  const states = fc.record({
    assetWeight: cents(0, 100),
    liabWeight: cents(100, 200),
    settlePrice: cents(1, 500),
    insurancePrice: cents(1, 500),
    liquidationFee: cents(0, 10),
    liqee: fc.record({
      settle: cents(-5_000, 5_000),
      perpPnl: cents(-5_000, -1),
      otherHealth: cents(-5_000, 5_000),
    }),
    insuranceFund: fc.bigInt(0n, 40n),
    settleLimit: cents(0, 5_000),
    maxLiabTransfer: cents(0, 5_000),
    openInterest: cents(1, 500),
  });

  it('loses nothing: what the account is relieved of, liquidator and open interest bear', () => {
    fc.assert(
      fc.property(states, (state) => {
        const after = mango.liquidateNegativePnl(state);
        const { settle, perpPnl } = state.liqee;
        const relieved = minus(after.liqeePerp, exact(perpPnl));
        const spread = times(after.socializedLoss, exact(state.openInterest));
        expect(equal(relieved, minus(spread, after.liqorPerp))).toBe(true);
        expect(equal(exact(settle), plus(after.liqeeSettle, after.liqorSettle))).toBe(true);
        expect(compare(after.liqeePerp, exact(0)) <= 0).toBe(true);
        expect(compare(minus(exact(0), after.liqorPerp), exact(state.maxLiabTransfer)) <= 0).toBe(true);
        expect(after.liqorInsurance >= 0n && after.liqorInsurance <= state.insuranceFund).toBe(true);
        // The fund pays what the liquidator takes over beyond the settlement, rounded up to a whole unit.
        const insured = minus(minus(exact(0), after.liqorPerp), after.liqorSettle);
        const price = times(exact(state.settlePrice), plus(exact(1), exact(state.liquidationFee)));
        const fair = over(times(insured, price), exact(state.insurancePrice));
        const excess = minus(exact(after.liqorInsurance), fair);
        expect(compare(excess, exact(0)) >= 0 && compare(excess, exact(1)) < 0).toBe(true);
        if (after.socializedLoss.numerator > 0n) expect(after.liqorInsurance).toBe(state.insuranceFund);
      }),
    );
  });

  it('is refusedAt where there is none, or nobody to bear it', () => {
    const state = { ...weights, insuranceFund: 0, settleLimit: 0, maxLiabTransfer: 100, openInterest: 0 };
    const of = (perpPnl: number, change: object = {}): string =>
      refusedAt(() =>
        mango.liquidateNegativePnl({ ...state, liqee: { settle: 0, perpPnl, otherHealth: 0 }, ...change }),
      );
    expect(of(0)).toBe('range liqee.perpPnl');
    expect(of(-1)).toBe('range openInterest');
    expect(of(-1, { settlePrice: 0 })).toBe('range settlePrice');
    expect(of(-1, { insuranceFund: '0.5' })).toBe('inexact insuranceFund');
  });
});

describe('drift: a bankruptcy', () => {
  const positive = fc.bigInt(1n, 10n ** 15n);
  const limits = fc.record({ insuranceVault: units, insuranceAllowed: units });

  it('goes through fund and fee pool to both sides', () => {
    const bankruptcy = { loss: 100, baseLong: 3_000_000_000n, baseShort: -1_000_000_000n, feePool: 20 };
    const of = (insuranceVault: number, insuranceAllowed: number): bigint[] => {
      const out = drift.resolvePerpBankruptcy({ ...bankruptcy, insuranceVault, insuranceAllowed });
      return [out.insurance, out.feePool, out.socialised, out.longLoss, out.shortLoss];
    };
    expect(of(0, 50)).toEqual([0n, 20n, 80n, 60n, 20n]);
    expect(of(31, 50)).toEqual([30n, 20n, 50n, 39n, 13n]);
    expect(of(1_000, 50)).toEqual([50n, 20n, 30n, 24n, 8n]);
    expect(of(1_000, 1_000)).toEqual([100n, 0n, 0n, 0n, 0n]);
    const nobody = { ...bankruptcy, baseLong: 0, baseShort: 0, insuranceVault: 0, insuranceAllowed: 0 };
    expect(refusedAt(() => drift.resolvePerpBankruptcy(nobody))).toBe('range baseLong');
    expect(drift.resolvePerpBankruptcy({ ...nobody, loss: 20 }).fundingDelta).toBe(0n);
  });

  it('is paid to the unit by its layers, and by both sides together but for a unit each', () => {
    fc.assert(
      fc.property(units, positive, positive, units, limits, (loss, long, short, feePool, fund) => {
        const out = drift.resolvePerpBankruptcy({ loss, baseLong: long, baseShort: -short, feePool, ...fund });
        expect(out.insurance + out.feePool + out.socialised).toBe(loss);
        expect(out.insurance <= max(0n, fund.insuranceVault - 1n) && out.insurance <= fund.insuranceAllowed).toBe(true);
        expect(out.fundingDelta % 1_000n).toBe(0n);
        const collected = out.longLoss + out.shortLoss;
        expect(collected + 2n > out.socialised).toBe(true);
        expect(collected <= out.socialised + (long + short) / 10n ** 9n + 1n).toBe(true);
      }),
    );
  });

  it('of a borrow lowers the index of deposits', () => {
    const market = { deposits: 1_000, index: 10_000_000_000n, insuranceVault: 41, insuranceAllowed: 1_000 };
    expect(drift.resolveSpotBankruptcy({ ...market, borrow: 100 })).toEqual({
      ...{ insurance: 40n, socialised: 60n, index: 9_400_000_000n, deposits: 940n },
    });
    expect(drift.resolveSpotBankruptcy({ ...market, borrow: 40 })).toMatchObject({ socialised: 0n, deposits: 1_000n });
    expect(refusedAt(() => drift.resolveSpotBankruptcy({ ...market, borrow: 1_041 }))).toBe('range borrow');
    expect(refusedAt(() => drift.resolveSpotBankruptcy({ ...market, borrow: -1 }))).toBe('range borrow');
  });
});

describe('liquity: a trove', () => {
  it('is split to the unit', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 24n), units, units, (debt, collateral, deposits) => {
        const { gas, offset, redistributed } = liquity.troveSplit({ debt, collateral }, deposits);
        expect(gas + offset.collateral + redistributed.collateral).toBe(collateral);
        expect(offset.debt + redistributed.debt).toBe(debt);
        expect(offset.debt <= deposits).toBe(true);
      }),
    );
    expect(refusedAt(() => liquity.troveSplit({ debt: 0, collateral: 1 }, 1))).toBe('range debt');
    expect(refusedAt(() => liquity.gasCompensation(1, 0))).toBe('range divisor');
  });
});

describe('umbrella: a slash', () => {
  // aave-dao/aave-umbrella tests/umbrella/Umbrella.t.sol test_slashWithNonZeroLb
  it('takes the fee beyond the deficit', () => {
    const reserve = { deficit: 1_000_000_000, stake: 10_000_000_000, minAssetsRemaining: 1_000_000, deficitOffset: 0 };
    const of = (liquidationFeeBps: number): bigint[] => {
      const { slashed, stakeLeft, pendingDeficit } = umbrella.slash({ ...reserve, liquidationFeeBps });
      return [slashed, stakeLeft, pendingDeficit];
    };
    expect(of(500)).toEqual([1_050_000_000n, 8_950_000_000n, 1_000_000_000n]);
    expect(of(10_000)).toEqual([2_000_000_000n, 8_000_000_000n, 1_000_000_000n]);
  });

  it('never touches the offset or the minimum, and conserves', () => {
    const fee = fc.bigInt(0n, 10_000n);
    fc.assert(
      fc.property(units, units, units, units, fee, (deficit, stake, minAssetsRemaining, deficitOffset, bps) => {
        const out = umbrella.slash({ deficit, stake, minAssetsRemaining, deficitOffset, liquidationFeeBps: bps });
        expect(out.toCover).toBe(max(0n, deficit - deficitOffset));
        expect(out.pendingDeficit + out.uncovered).toBe(out.toCover);
        expect(out.stakeLeft + out.collector).toBe(stake);
        expect(out.collector === 0n || out.stakeLeft >= minAssetsRemaining).toBe(true);
        expect(out.pendingDeficit <= out.collector).toBe(true);
      }),
    );
    const reserve = { deficit: 1, stake: 1, minAssetsRemaining: 0, deficitOffset: 0, liquidationFeeBps: -1 };
    expect(refusedAt(() => umbrella.slash(reserve))).toBe('range liquidationFeeBps');
  });
});

describe('percolator: a crisis', () => {
  // aeyakovenko/percolator crates/model_safety/src/crisis/haircut.rs test_burn_all_warming_then_insurance. There the draw leaves
  // the fund and arrives nowhere, so that all of the principal is cut (1) while 500,000 of it are backed: they disappear.
  it('is half a loss where half is there', () => {
    const crisis = { principal: 1_000_000, realized: 0, warming: 200_000, insurance: 500_000, collateral: 0 };
    const out = percolator.crisisHaircut(crisis);
    expect(out).toMatchObject({ burnedWarming: 200_000n, insuranceDraw: 500_000n, insuranceLeft: 0n });
    expect(out.collateralLeft).toBe(500_000n);
    expect(compare(out.haircut, exact('0.5'))).toBe(0);
  });

  it('leaves claims worth exactly what is held, where something was missing', () => {
    const profit = fc.bigInt(-(10n ** 6n), 10n ** 24n);
    fc.assert(
      fc.property(units, profit, units, units, units, (principal, realized, warming, insurance, collateral) => {
        const out = percolator.crisisHaircut({ principal, realized, warming, insurance, collateral });
        expect(out.collateralLeft + out.insuranceLeft).toBe(collateral + insurance);
        const equity = exact(principal + realized);
        const claims = plus(times(equity, minus(exact(1), out.haircut)), exact(out.warmingLeft));
        const held = exact(out.collateralLeft + out.insuranceLeft);
        const missing = principal + realized + warming > collateral + insurance;
        expect(missing ? compare(claims, held) === 0 : compare(claims, held) <= 0).toBe(true);
        expect(compare(out.haircut, exact(0)) >= 0 && compare(out.haircut, exact(1)) <= 0).toBe(true);
      }),
    );
    const crisis = { principal: 1, realized: 0, warming: -1, insurance: 0, collateral: 0 };
    expect(refusedAt(() => percolator.crisisHaircut(crisis))).toBe('range warming');
  });
});
