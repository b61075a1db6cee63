// Losses spread by an index: published numbers, and on random events each index against its eager twin within the dust that its
// file declares. None pays more than it holds, and what stays when everybody has left is dust.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { socialisedFunding } from '../bindings/venues/drift-insurance.js';
import * as waterfall from '../bindings/waterfall/index.js';
import * as indices from '../bindings/waterfall/indices/index.js';
import { evaluateWith, examplesOf, functionsOf } from './examples.js';
import { refusal, refusedAt } from './refusal.js';

fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20200312), numRuns: Number(process.env.FC_RUNS ?? 300) });

const E18 = 10n ** 18n;
const E9 = 10n ** 9n;
const MILLION = 1_000_000n;
const WHO = ['a', 'b', 'c', 'd'];

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, part) => total + part, 0n);
const abs = (a: bigint): bigint => (a < 0n ? -a : a);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

const who = fc.constantFrom(...WHO);
const small = fc.bigInt(1n, 1_000n);
const large = fc.bigInt(10n ** 12n, 10n ** 24n);
const size = fc.oneof(small, large);
/** Part of what there is, 1e-6: some of it, nearly all, all. */
const part = fc.oneof(fc.bigInt(0n, MILLION), fc.constantFrom(999_999n, MILLION));
const of = (value: bigint, ppm: bigint): bigint => (value * ppm) / MILLION;

type Event =
  | { kind: 'join'; id: string; value: bigint }
  | { kind: 'loss'; ppm: bigint; left: bigint; value: bigint }
  | { kind: 'gain'; value: bigint }
  | { kind: 'leave'; id: string; ppm: bigint };

const eventsOf = (value: fc.Arbitrary<bigint>, ...kinds: Event['kind'][]): fc.Arbitrary<Event[]> => {
  const all: Record<Event['kind'], fc.Arbitrary<Event>> = {
    join: fc.record({ kind: fc.constant('join' as const), id: who, value }),
    loss: fc.record({ kind: fc.constant('loss' as const), ppm: part, left: fc.bigInt(0n, 3n), value }),
    gain: fc.record({ kind: fc.constant('gain' as const), value }),
    leave: fc.record({ kind: fc.constant('leave' as const), id: who, ppm: part }),
  };
  return fc.array(fc.oneof(...kinds.map((kind) => all[kind])), { minLength: 1, maxLength: 24 });
};

/** Of all but the 0 to 3 units that are left, a part. */
const lossOf = (total: bigint, { ppm, left }: { ppm: bigint; left: bigint }): bigint => of(max(0n, total - left), ppm);

describe('examples in the documentation', () => {
  const evaluate = evaluateWith(waterfall);
  const examples = examplesOf('waterfall/indices/');

  it.each(examples.map((example) => [example.name, example] as const))('%s', (_, { expression, result }) => {
    expect(evaluate(expression)).toEqual(evaluate(result));
  });

  it('are there for every function', () => {
    const names = new Set(examples.flatMap(({ expression }) => expression.match(/\w+(?=\()/g) ?? []));
    expect(functionsOf(indices).filter((name) => !names.has(name))).toEqual([]);
  });
});

describe('the product-sum', () => {
  const pool = (...deposits: bigint[]): waterfall.ProductSum =>
    deposits.reduce((state, value) => waterfall.poolDeposit(state, null, value).pool, waterfall.EMPTY_PRODUCT_SUM);

  // liquity/dev packages/contracts/test/StabilityPool_SPWithdrawalTest.js: three equal deposits, two liquidations
  it('leaves a third of each of three equal deposits (Liquity)', () => {
    const deposit = 10_000n * E18;
    const { position } = waterfall.poolDeposit(waterfall.EMPTY_PRODUCT_SUM, null, deposit);
    let state = pool(deposit, deposit, deposit);
    for (let i = 0; i < 2; i++) state = waterfall.poolOffset(state, 10_000n * E18, (100n * E18 * 199n) / 200n);
    const worth = waterfall.poolWorth(state, position);
    expect(worth).toEqual({ deposit: 3_333_333333333333330000n, gain: 66_333333333333333300n });
  });

  it('starts anew when it is emptied; gains of before stay', () => {
    const first = waterfall.poolDeposit(waterfall.EMPTY_PRODUCT_SUM, null, 1_000n);
    const empty = waterfall.poolOffset(first.pool, 1_000n, 70n);
    expect(empty).toMatchObject({ product: E18, scale: 2, total: 0n, gains: 70n });
    const second = waterfall.poolDeposit(empty, null, 500n);
    expect(waterfall.poolWorth(second.pool, first.position)).toEqual({ deposit: 0n, gain: 70n });
    expect(waterfall.poolWorth(second.pool, second.position)).toEqual({ deposit: 500n, gain: 0n });
  });

  it('compounds what somebody has before more is added', () => {
    const first = waterfall.poolDeposit(waterfall.EMPTY_PRODUCT_SUM, null, 1_000n * E18);
    const cut = waterfall.poolOffset(first.pool, 250n * E18, 20n * E18);
    const { position, gain } = waterfall.poolDeposit(cut, first.position, 250n * E18);
    expect(gain).toBe(20n * E18);
    expect(1_000n * E18 - position.amount).toBe(1_000n); // a loss per unit is rounded up: 1e-18 of 1,000e18
  });

  it('refuses more than there is', () => {
    expect(refusedAt(() => waterfall.poolOffset(pool(10n), 11n, 0n))).toBe('range debt');
    expect(refusedAt(() => waterfall.poolOffset(waterfall.EMPTY_PRODUCT_SUM, 0n, 1n))).toBe('range pool.total');
    expect(refusedAt(() => waterfall.poolOffset(pool(10n), -1n, 0n))).toBe('range debt');
    expect(refusedAt(() => waterfall.poolWorth({} as waterfall.ProductSum, {} as never))).toBe('missing-key pool.sums');
  });

  it('reads a state that was written as JSON', () => {
    const state = waterfall.poolOffset(pool(10n * E18, 7n), E18, 3n * E18);
    const text = JSON.stringify(state, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    expect(waterfall.poolOffset(JSON.parse(text), E18, 5n)).toEqual(waterfall.poolOffset(state, E18, 5n));
  });

  it('is within its dust of everybody being asked', () => {
    fc.assert(
      fc.property(eventsOf(size, 'join', 'loss', 'leave'), (events) => {
        let state = waterfall.EMPTY_PRODUCT_SUM;
        const positions = new Map<string, waterfall.PoolPosition>();
        let claims: waterfall.Claims = {};
        const gained: Record<string, bigint> = Object.fromEntries(WHO.map((id) => [id, 0n]));
        const paid: Record<string, bigint> = { ...gained };
        let [count, largest, gainDust] = [0n, 0n, 0n];
        const dust = (): bigint => 2n * count * (largest / E9 + 2n);
        const leave = (id: string, ppm: bigint): void => {
          const position = positions.get(id);
          if (!position) return;
          const most = of(position.amount, ppm);
          const out = waterfall.poolWithdraw(state, position, ppm === MILLION ? undefined : most);
          state = out.pool;
          paid[id]! += out.gain;
          const claim = claims[id] ?? 0n;
          const rest = ppm === MILLION ? 0n : max(0n, claim - most);
          expect(abs(out.deposit - (claim - rest))).toBeLessThanOrEqual(dust());
          if (out.position) positions.set(id, out.position);
          else positions.delete(id);
          claims = { ...claims, [id]: rest };
        };
        for (const event of events) {
          count += 1n;
          if (event.kind === 'join') {
            const out = waterfall.poolDeposit(state, positions.get(event.id) ?? null, event.value);
            state = out.pool;
            positions.set(event.id, out.position);
            paid[event.id]! += out.gain;
            claims = { ...claims, [event.id]: (claims[event.id] ?? 0n) + event.value };
            largest = max(largest, state.total);
          } else if (event.kind === 'loss') {
            const all = sum(Object.values(claims));
            if (all === 0n || state.total === 0n) continue;
            const debt = lossOf(state.total, event);
            for (const [id, gain] of Object.entries(waterfall.eagerShares(event.value, claims))) gained[id]! += gain;
            gainDust += (event.value * dust()) / state.total + largest / E18 + 2n;
            state = waterfall.poolOffset(state, debt, event.value);
            claims = waterfall.eagerLoss(claims, min(debt, all));
          } else if (event.kind === 'leave') leave(event.id, event.ppm);
          const worth = [...positions].map(([id, position]) => [id, waterfall.poolWorth(state, position)] as const);
          for (const [id, { deposit, gain }] of worth) {
            expect(abs(deposit - claims[id]!)).toBeLessThanOrEqual(dust());
            expect(abs(paid[id]! + gain - gained[id]!)).toBeLessThanOrEqual(gainDust);
          }
          expect(sum(worth.map(([, { deposit }]) => deposit)) <= state.total + count * (largest / E18 + 1n)).toBe(true);
        }
        for (const id of [...positions.keys()]) leave(id, MILLION);
        expect(positions.size).toBe(0);
        expect(state.total >= 0n && state.total <= dust() + dust()).toBe(true);
        expect(state.gains >= 0n && state.gains <= 4n * gainDust).toBe(true);
      }),
    );
  });
});

describe('the redistribution', () => {
  // liquity/dev packages/contracts/test/TroveManager_LiquidationRewardsTest.js "A, B Open. B Liquidated. C, D Open. D Liquidated"
  it('is by corrected stake (Liquity)', () => {
    let state = waterfall.EMPTY_REDISTRIBUTION;
    const open = (ether: bigint): waterfall.StakedPosition => {
      const opened = waterfall.redistributionOpen(state, ether * E18);
      state = opened.state;
      return opened.position;
    };
    const liquidate = (position: waterfall.StakedPosition): void => {
      const { collateral } = waterfall.redistributionWorth(state, position);
      state = waterfall.redistribute(state, position, collateral / 200n);
    };
    const [a, b] = [open(2n), open(1n)];
    liquidate(b);
    const [c, d] = [open(2n), open(1n)];
    liquidate(d);
    expect(waterfall.redistributionWorth(state, a).collateral).toBe(3_591601601601601600n);
    expect(waterfall.redistributionWorth(state, c).collateral).toBe(2_398398398398398397n);
    expect(refusedAt(() => waterfall.redistribute(state, a, 4n * E18))).toBe('range leaves');
    state = waterfall.redistributionClose(state, c).state;
    expect(refusedAt(() => waterfall.redistribute(state, a))).toBe('range state.stakes');
  });

  it('is within its dust of everybody being asked', () => {
    const positions = fc.record({
      kind: fc.constantFrom('open', 'open', 'liq', 'close'),
      collateral: large,
      debt: size,
    });
    fc.assert(
      fc.property(fc.array(positions, { minLength: 2, maxLength: 24 }), fc.nat(), (events, seed) => {
        let state = waterfall.EMPTY_REDISTRIBUTION;
        const held = new Map<string, waterfall.StakedPosition>();
        let claims: waterfall.Claims = {};
        let debts: waterfall.Claims = {};
        let [count, most, mostDebt, least] = [0n, 0n, 0n, E18 * E18];
        const without = (all: waterfall.Claims, id: string): waterfall.Claims =>
          Object.fromEntries(Object.entries(all).filter(([key]) => key !== id));
        for (const [i, event] of events.entries()) {
          count += 1n;
          const ids = [...held.keys()];
          const id = ids[(seed + i) % Math.max(1, ids.length)];
          if (event.kind === 'open') {
            const opened = waterfall.redistributionOpen(state, event.collateral, event.debt);
            held.set(String(i), opened.position);
            state = opened.state;
            claims = { ...claims, [i]: event.collateral };
            debts = { ...debts, [i]: event.debt };
            [most, mostDebt] = [max(most, state.collateral), max(mostDebt, state.debt)];
            least = min(least, max(1n, opened.position.stake));
          } else if (id !== undefined) {
            const position = held.get(id)!;
            // Stakes of newcomers may round to 0: then nobody is there to bear it.
            if (event.kind === 'liq' && position.stake === state.stakes) continue;
            held.delete(id);
            const [own, owed] = [claims[id]!, debts[id]!];
            [claims, debts] = [without(claims, id), without(debts, id)];
            if (event.kind === 'close') state = waterfall.redistributionClose(state, position).state;
            else {
              const gas = waterfall.redistributionWorth(state, position).collateral / 200n;
              state = waterfall.redistribute(state, position, gas);
              const parts = waterfall.eagerShares(owed, claims);
              debts = Object.fromEntries(Object.entries(debts).map(([key, debt]) => [key, debt + parts[key]!]));
              claims = waterfall.eagerGain(claims, max(0n, own - gas));
            }
          }
          const worth = [...held].map(
            ([key, position]) => [key, waterfall.redistributionWorth(state, position)] as const,
          );
          for (const [key, { collateral, debt }] of worth) {
            const far = (all: bigint): bigint => count * ((4n * all) / least + most / E18 + 2n);
            expect(abs(collateral - claims[key]!) <= far(most)).toBe(true);
            expect(abs(debt - debts[key]!) <= far(mostDebt)).toBe(true);
          }
          const short = state.collateral - sum(worth.map(([, { collateral }]) => collateral));
          expect(short >= 0n && short <= count * (most / E18 + BigInt(held.size) + 2n)).toBe(true);
          expect(state.debt >= sum(worth.map(([, { debt }]) => debt))).toBe(true);
        }
      }),
    );
  });
});

describe('the deposit index', () => {
  it('refuses what it can not bear', () => {
    const { state } = waterfall.indexDeposit(waterfall.EMPTY_DEPOSIT_INDEX, 100n);
    expect(refusedAt(() => waterfall.indexLoss(state, 101n))).toBe('range loss');
    const gone = waterfall.indexLoss(state, 100n);
    expect(gone).toMatchObject({ index: 0n, total: 0n });
    expect(refusedAt(() => waterfall.indexDeposit(gone, 1n))).toBe('range state.index');
    expect(refusedAt(() => waterfall.indexWithdraw(state, 101n))).toBe('range shares');
  });

  it('is within its dust of everybody being asked, and holds what it pays', () => {
    fc.assert(
      fc.property(eventsOf(size, 'join', 'loss', 'leave'), (events) => {
        let state = waterfall.EMPTY_DEPOSIT_INDEX;
        const held: Record<string, bigint> = Object.fromEntries(WHO.map((id) => [id, 0n]));
        let claims: waterfall.Claims = { ...held };
        let [count, most] = [0n, 0n];
        const dust = (): bigint => count * (most / 10n ** 10n + 2n);
        const leave = (id: string, ppm: bigint): void => {
          const wanted = ppm === MILLION ? undefined : of(claims[id]!, ppm);
          const out = waterfall.indexWithdraw(state, held[id]!, wanted);
          const paid = ppm === MILLION ? claims[id]! : wanted!;
          expect(abs(out.paid - paid) <= dust()).toBe(true);
          state = out.state;
          held[id] = out.shares;
          claims = { ...claims, [id]: claims[id]! - paid };
        };
        for (const event of events) {
          count += 1n;
          if (event.kind === 'join' && state.index > 0n) {
            const out = waterfall.indexDeposit(state, event.value);
            state = out.state;
            held[event.id]! += out.shares;
            most = max(most, state.shares);
            claims = { ...claims, [event.id]: claims[event.id]! + event.value };
          } else if (event.kind === 'loss') {
            const loss = lossOf(waterfall.indexWorth(state, state.shares), event);
            const all = sum(Object.values(claims));
            if (loss === 0n) continue;
            state = waterfall.indexLoss(state, loss);
            claims = waterfall.eagerLoss(claims, min(loss, all));
          } else if (event.kind === 'leave') leave(event.id, event.ppm);
          const worth = WHO.map((id) => waterfall.indexWorth(state, held[id]!));
          WHO.forEach((id, i) => {
            expect(abs(worth[i]! - claims[id]!) <= dust()).toBe(true);
          });
          expect(sum(worth) <= state.total).toBe(true);
        }
        for (const id of WHO) leave(id, MILLION);
        expect(state.shares).toBe(0n);
        expect(state.total >= 0n && state.total <= 4n * dust()).toBe(true);
      }),
    );
  });
});

describe('the funding index', () => {
  const bases = fc.array(fc.oneof(fc.bigInt(1n, 10n ** 15n), fc.bigInt(-(10n ** 15n), -1n)), {
    minLength: 1,
    maxLength: 6,
  });

  it("moves as Drift's does", () => {
    fc.assert(
      fc.property(bases, size, (sizes, loss) => {
        const baseLong = sum(sizes.filter((base) => base > 0n));
        const baseShort = sum(sizes.filter((base) => base < 0n));
        const state = { ...waterfall.DRIFT_FUNDING_INDEX, longs: baseLong, shorts: -baseShort };
        expect(waterfall.fundingLoss(state, loss).long).toBe(socialisedFunding({ loss, baseLong, baseShort }));
      }),
    );
    expect(refusedAt(() => waterfall.fundingLoss(waterfall.DRIFT_FUNDING_INDEX, 1n))).toBe('range state.longs');
    const none = { base: -1n, index: 0n };
    expect(refusedAt(() => waterfall.fundingClose(waterfall.DRIFT_FUNDING_INDEX, none))).toBe('range position.base');
  });

  it('is within its dust of everybody being asked, and brings the losses in', () => {
    const losses = fc.array(fc.bigInt(0n, 10n ** 15n), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(bases, losses, fc.bigInt(1n, 1_000n), (sizes, events, step) => {
        let state: waterfall.FundingIndex = { ...waterfall.DRIFT_FUNDING_INDEX, step };
        const positions = sizes.map((base) => {
          const opened = waterfall.fundingOpen(state, base);
          state = opened.state;
          return opened.position;
        });
        const open = Object.fromEntries(sizes.map((base, i) => [`p${i}`, abs(base)]));
        const eager = sizes.map(() => 0n);
        for (const loss of events) {
          state = waterfall.fundingLoss(state, loss);
          Object.values(waterfall.eagerShares(loss, open, 'ceilKeep')).forEach((owed, i) => {
            eager[i]! += owed;
          });
        }
        const n = BigInt(events.length);
        let collected = 0n;
        for (const [i, position] of positions.entries()) {
          const closed = waterfall.fundingClose(state, position);
          state = closed.state;
          collected += closed.owed;
          const more = closed.owed - eager[i]!;
          expect(more >= -n && more <= n * ((abs(position.base) * step) / 10n ** 12n + 1n) + 1n).toBe(true);
        }
        expect(collected >= sum(events)).toBe(true);
        expect(state).toMatchObject({ longs: 0n, shorts: 0n });
      }),
    );
  });
});

describe('the rate of withdrawals', () => {
  // derivexyz/v2-core test/assets/cashAsset/unit-tests/WithdrawFee.t.sol
  it('is what backs the cash (Derive)', () => {
    const halved = waterfall.printLoss({ cash: 10_000n, backing: 10_000n }, 10_000n);
    expect(waterfall.withdrawRate(halved)).toEqual({ numerator: 10_000n, denominator: 20_000n });
    expect(waterfall.cashFor(halved, 100n)).toBe(200n);
    expect(waterfall.withdrawRate({ cash: 5n, backing: 9n })).toEqual({ numerator: 5n, denominator: 5n });
    expect(refusedAt(() => waterfall.cashFor({ cash: 5n, backing: 0n }, 1n))).toBe('range pool.backing');
    expect(refusedAt(() => waterfall.withdrawCash({ cash: 5n, backing: 5n }, 6n))).toBe('range cash');
  });

  it('pays everybody within a unit of their part, and all of it', () => {
    const held = fc.array(size, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(held, fc.array(size, { maxLength: 4 }), (units, losses) => {
        let pool: waterfall.CashPool = { cash: sum(units), backing: sum(units) };
        for (const loss of losses) pool = waterfall.printLoss(pool, loss);
        const all = Object.fromEntries([...units, ...losses].map((cash, i) => [`h${i}`, cash]));
        const eager = Object.values(waterfall.eagerShares(pool.backing, all));
        Object.values(all).forEach((cash, k) => {
          const out = waterfall.withdrawCash(pool, cash);
          expect(abs(out.paid - eager[k]!) <= BigInt(k + 1)).toBe(true);
          pool = out.pool;
        });
        expect(pool).toEqual({ cash: 0n, backing: 0n });
      }),
    );
  });
});

describe('stakes in a fund', () => {
  // protocol-v2 programs/drift/src/math/insurance/tests.rs basic_stake_if_test, if_shares_lost_test
  it('are divided and given up as in Drift', () => {
    const rebase = (shares: bigint, balance: bigint): bigint =>
      waterfall.rebaseOf({ shares, balance, base: 0n }).exponent;
    expect([rebase(60_078n, 606n), rebase(60_078n, 600n), rebase(1_242_418_900_000n, 1n)]).toEqual([0n, 1n, 11n]);
    const request = { shares: 100_000_000n, value: 99_999_999n, base: 0n };
    const lost = (shares: bigint, balance: bigint): bigint =>
      waterfall.sharesLost({ shares, balance, base: 0n }, request);
    expect([lost(E9, E9), lost(2n * E9, 21n * E9)]).toEqual([2n, 90_909_092n]);
    expect(refusedAt(() => waterfall.rebaseOf({ shares: 1n, balance: 0n, base: 0n }))).toBe('range fund.balance');
    expect(refusedAt(() => waterfall.fundStake({ shares: 1n, balance: 0n, base: 0n }, null, 1n))).toBe(
      'range fund.shares',
    );
    expect(refusedAt(() => waterfall.fundChange({ shares: 1n, balance: 5n, base: 0n }, -6n))).toBe('range change');
  });

  it('pay who leaves the worse of two values', () => {
    const fund = { shares: 1_000n, balance: 1_000n, base: 0n };
    const request = waterfall.requestUnstake(fund, { shares: 100n, base: 0n }, 100n);
    expect(request.value).toBe(100n);
    expect(waterfall.unstake(waterfall.fundChange(fund, 500n), request).paid).toBe(100n);
    expect(waterfall.unstake(waterfall.fundChange(fund, -500n), request).paid).toBe(50n);
  });

  // The programme gives a vault without shares as many as it has units (controller/insurance.rs apply_rebase_to_insurance_fund).
  it('are had by the first who comes after the last has left: what was left stays the fund of nobody', () => {
    const { fund: first, stake } = waterfall.fundStake(waterfall.EMPTY_FUND, null, 1_000n);
    const { fund } = waterfall.unstake(first, waterfall.requestUnstake(first, stake, 1_000n));
    expect(fund).toEqual({ balance: 1n, shares: 0n, base: 0n });
    expect(waterfall.rebased(fund)).toEqual({ balance: 1n, shares: 1n, base: 0n });
    for (const left of [fund, waterfall.rebased(fund), { balance: 70_000n, shares: 0n, base: 3n }]) {
      const next = waterfall.fundStake(left, null, 100_000n);
      expect(next.stake).toEqual({ shares: 100_000n, base: left.base });
      expect(next.fund).toEqual({ balance: left.balance + 100_000n, shares: left.balance + 100_000n, base: left.base });
      expect(waterfall.fundWorth(next.fund, next.stake)).toBe(100_000n);
      const out = waterfall.unstake(next.fund, waterfall.requestUnstake(next.fund, next.stake, 100_000n));
      expect([out.paid, out.fund.balance, out.fund.shares]).toEqual([100_000n, left.balance, left.balance]);
    }
  });

  it('are sold whole: an amount below the price of one is refused, not kept', () => {
    // One unit that is nobody's, and income of a thousand before the next staker comes.
    const fund = waterfall.fundChange({ balance: 1n, shares: 1n, base: 0n }, 1_000n);
    expect(refusal(() => waterfall.fundStake(fund, null, 1_000n))).toMatch(
      /range at added: got 1000n, expected at least 1001, the price of a share/,
    );
    expect(waterfall.fundStake(fund, null, 1_001n).stake.shares).toBe(1n);
    expect(waterfall.fundStake(fund, null, 0n).stake.shares).toBe(0n);
  });

  it('are kept by who is alone and takes back the wish to leave, but for what the request is below the fund', () => {
    const lost = (shares: bigint, balance: bigint, income: bigint): bigint => {
      const fund = { shares, balance, base: 0n };
      const request = waterfall.requestUnstake(fund, { shares, base: 0n }, shares);
      return waterfall.sharesLost(waterfall.fundChange(fund, income), request);
    };
    expect([lost(1_000n, 1_000n, 0n), lost(100n, 1_000n, 0n), lost(1_000n, 10n, 0n)]).toEqual([1n, 1n, 100n]);
    expect([lost(1_000n, 1_000n, -500n), lost(1_000n, 1_000n, 998n)]).toEqual([0n, 500n]);
  });

  it('that are given up are between none and all', () => {
    fc.assert(
      fc.property(size, size, part, fc.bigInt(0n, 2n * MILLION), (shares, balance, ppm, change) => {
        const fund = { shares, balance, base: 0n };
        const stake = { shares: of(shares, ppm), base: 0n };
        const request = waterfall.requestUnstake(fund, stake, stake.shares);
        const now = { ...fund, balance: of(balance, change) };
        const lost = waterfall.sharesLost(now, request);
        expect(lost >= 0n && lost <= stake.shares).toBe(true);
        const left = { shares: stake.shares - lost, base: 0n };
        const after = waterfall.fundWorth({ ...now, shares: shares - lost }, left);
        if (lost > 0n && stake.shares < shares) expect(after <= request.value).toBe(true);
      }),
    );
  });

  it('are worth the same after a rebase, but for a tenth of a unit', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 15n), fc.bigInt(1n, 10n ** 9n), part, (shares, balance, ppm) => {
        const fund = { shares, balance, base: 0n };
        const stake = { shares: of(shares, ppm), base: 0n };
        const after = waterfall.rebased(fund);
        const change = waterfall.fundWorth(after, stake) - waterfall.fundWorth(fund, stake);
        const relative = fund.balance / 10n / max(1n, after.shares);
        expect(abs(change) <= 2n + relative + balance / max(1n, after.shares)).toBe(true);
      }),
    );
  });

  it('are within their dust of everybody being asked, and the fund holds what it pays', () => {
    fc.assert(
      fc.property(eventsOf(size, 'join', 'loss', 'gain', 'leave'), (events) => {
        let fund = waterfall.EMPTY_FUND;
        const stakes = new Map<string, waterfall.Stake>();
        let claims: waterfall.Claims = Object.fromEntries(WHO.map((id) => [id, 0n]));
        // Units that the twin rounds grow with the fund.
        let dust = 0n;
        const leave = (id: string): void => {
          const stake = stakes.get(id);
          if (!stake) return;
          const worth = waterfall.fundWorth(fund, stake);
          const out = waterfall.unstake(fund, { ...stake, value: worth });
          expect(out.paid).toBe(worth);
          expect(abs(worth - claims[id]!) <= dust).toBe(true);
          fund = out.fund;
          stakes.delete(id);
          claims = { ...claims, [id]: 0n };
        };
        for (const event of events) {
          const all = sum(Object.values(claims));
          if (event.kind === 'join' && fund.balance > 0n === fund.shares > 0n) {
            if (event.value * fund.shares < fund.balance) {
              expect(refusedAt(() => waterfall.fundStake(fund, null, event.value))).toBe('range added');
              continue;
            }
            const out = waterfall.fundStake(fund, stakes.get(event.id) ?? null, event.value);
            fund = out.fund;
            stakes.set(event.id, out.stake);
            claims = { ...claims, [event.id]: claims[event.id]! + event.value };
          } else if (event.kind === 'loss' && fund.shares > 0n) {
            const loss = min(lossOf(fund.balance, event), all);
            fund = waterfall.fundChange(fund, -loss);
            claims = waterfall.eagerLoss(claims, loss);
          } else if (event.kind === 'gain' && fund.shares > 0n && all > 0n) {
            if (fund.balance === 0n) continue;
            dust = (dust * (fund.balance + event.value)) / fund.balance + 1n;
            fund = waterfall.fundChange(fund, event.value);
            claims = waterfall.eagerGain(claims, event.value);
          } else if (event.kind === 'leave') leave(event.id);
          dust += 3n + (fund.shares === 0n ? 0n : fund.balance / fund.shares);
          const worth = [...stakes].map(([id, stake]) => [id, waterfall.fundWorth(fund, stake)] as const);
          for (const [id, value] of worth) expect(abs(value - claims[id]!) <= dust).toBe(true);
          expect(sum(worth.map(([, value]) => value)) <= fund.balance).toBe(true);
        }
        for (const id of WHO) leave(id);
        expect(fund.shares).toBe(0n);
        expect(fund.balance <= 4n * dust).toBe(true);
      }),
    );
  });
});
