// Auto-deleveraging: published examples, the misprints that must not come out, and what holds of every event: lots add up
// to 0, nobody gives more than it has, the order of the list says nothing, and the queue is the order of the ranks.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Book } from '../bindings/index.js';
import { ledgerOf, scoresOf } from '../bindings/venue/index.js';
import { deleverage } from '../bindings/venues/dydx.js';
import { relieved, stateScore } from '../bindings/waterfall/adl/state-scores.js';
import * as waterfall from '../bindings/waterfall/index.js';
import {
  type AdlCandidate,
  type AdlRule,
  adl,
  adlBudget,
  adlFeasibility,
  adlQueue,
  adlRank,
  adlRound,
  applyHaircuts,
  bankruptcyPerLot,
  binanceScore,
  bitmexScore,
  bybitScore,
  closeMany,
  compareScores,
  haircutsOf,
  hedgeAware,
  hyperliquidScore,
  okxScore,
  queueOf,
  RankQueue,
  rankOf,
  riskShares,
  type Score,
  topCandidates,
} from '../bindings/waterfall/index.js';
import { evaluateWith, examplesOf, functionsOf } from './examples.js';
import { refusal, refusedAt } from './refusal.js';

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, part) => total + part, 0n);
const ids = (closes: readonly { id: string }[]): string[] => closes.map(({ id }) => id);
const toDouble = ({ numerator, denominator }: Score): number => Number(numerator) / Number(denominator);

describe('examples of the documentation', () => {
  const evaluate = evaluateWith(waterfall);
  const examples = examplesOf('waterfall/adl/');

  it.each(examples)('$name', ({ expression, result }) => {
    expect(evaluate(expression)).toEqual(evaluate(result));
  });

  it('are there for every function', async () => {
    const room = functionsOf(await import('../bindings/waterfall/adl/index.js'));
    const shown = examples.map(({ expression }) => expression);
    expect(room.filter((name) => !shown.some((text) => text.includes(`${name}(`)))).toEqual([]);
  });
});

describe('scores', () => {
  it('BitMEX: a winner is multiplied by its leverage, a loser divided by it', () => {
    const long = bitmexScore({ entry: 100n, mark: 120n, bankruptcy: 90n });
    expect([toDouble(long.profit), toDouble(long.risk), toDouble(long.score)]).toEqual([0.2, 4, 0.8]);
    expect(toDouble(bitmexScore({ entry: -100n, mark: -80n, bankruptcy: -120n }).score)).toBe(0.4);
    expect(toDouble(bitmexScore({ entry: 100n, mark: 80n, bankruptcy: 60n }).score)).toBe(-0.05);
  });

  it('Binance: 40.2 of profit on 4.27 at a margin ratio of 13.42 % (dev.binance.vision/t/17801 prints 9.41 and 1.26)', () => {
    const { profit, score } = binanceScore({ pnl: 4_020n, wallet: 427n, marginRatio: '0.1342', one: 100n });
    expect([toDouble(profit).toFixed(2), toDouble(score).toFixed(2)]).toEqual(['9.41', '1.26']);
    const small = binanceScore({ pnl: 50n, wallet: 10n, maintenance: 30n, one: 100n });
    expect([toDouble(small.profit), toDouble(small.risk)]).toEqual([0.5, 0.5]);
    expect(binanceScore({ pnl: -5n, wallet: 10n, maintenance: 3n, one: 1n }).score.numerator).toBe(0n);
  });

  it('OKX and Hyperliquid: return times leverage, and (mark / entry) x (notional / account value)', () => {
    expect(toDouble(okxScore({ pnl: 20n, entry: 100n, notional: 120n, margin: 30n }).score)).toBe(0.8);
    expect(toDouble(okxScore({ pnl: -20n, entry: 100n, notional: 80n, margin: 20n }).score)).toBe(-0.05);
    expect(
      toDouble(hyperliquidScore({ mark: '1.1', entry: 1, notional: 1_100n, accountValue: 200n }).score),
    ).toBeCloseTo(6.05, 12);
  });

  it('without equity are infinite for a winner, before every finite one, and go by id', () => {
    const broke = [
      bitmexScore({ entry: 100n, mark: 120n, bankruptcy: 130n }),
      binanceScore({ pnl: 5n, wallet: -9n, maintenance: 1n, one: 1n }),
      okxScore({ pnl: 1n, entry: 9n, notional: 9n, margin: 0n }),
      hyperliquidScore({ mark: 2, entry: 1, notional: 5n, accountValue: -1n }),
    ];
    for (const { score } of broke) expect(compareScores(score, { numerator: 10n ** 60n, denominator: 1n })).toBe(-1);
    expect(bitmexScore({ entry: 100n, mark: 80n, bankruptcy: 90n }).score.numerator).toBe(0n);
    const infinite = { numerator: 1n, denominator: 0n };
    const three = [
      { id: '10', lots: 1n, score: infinite },
      { id: '9', lots: 1n, score: { numerator: 7n, denominator: 0n } },
      { id: '1', lots: 1n, score: 1_000 },
    ];
    expect(ids(queueOf(three, { space: 'contracts' }))).toEqual(['9', '10', '1']);
  });

  it('that doubles take for equal are told apart', () => {
    const a = { numerator: 10n ** 30n + 1n, denominator: 10n ** 30n };
    expect(toDouble(a)).toBe(1);
    expect(compareScores(a, { numerator: 1n, denominator: 1n })).toBe(-1);
  });

  it('of a position without a cost are those of the book, from the ledger too', () => {
    const brackets = [{ upTo: null, maintenanceRate: 0.01, initialRate: 0.02 }];
    const base = { lot: 0.001, brackets };
    const held = (market: string, size: number, cost: number) => ({ positions: [{ market, size, cost }] });
    const book = Book.fromJSON({
      format: 'margin-kernel/book@1',
      assets: [
        { id: 'USDT', price: 1, decimals: 2 },
        { id: 'BTC', price: 50_000, decimals: 8 },
      ],
      markets: [
        { id: 'P', kind: 'linear', settle: 'USDT', base: 'BTC', mark: 50_000, ...base },
        { id: 'I', kind: 'inverse', settle: 'BTC', multiplier: 100, mark: 50_000, ...base },
      ],
      accounts: [
        { id: 'gift', balances: { USDT: 900 }, ...held('P', 0.3, 0) },
        { id: 'bought', balances: { USDT: 900 }, ...held('P', 0.3, 14_000) },
        { id: 'debt', balances: { USDT: 90_000 }, ...held('P', -0.3, 0) },
        { id: 'sold', balances: { USDT: 900 }, ...held('P', -0.3, -16_000) },
        { id: 'coin', balances: { BTC: 2 }, ...held('I', 200, 0) },
        { id: 'anticoin', balances: { BTC: 2 }, ...held('I', -200, 0) },
      ],
    });
    const state = ledgerOf(book);
    for (const name of ['bitmex', 'okx', 'hyperliquid'] as const) {
      for (const [market, side] of [
        ['P', 'long'],
        ['P', 'short'],
        ['I', 'long'],
        ['I', 'short'],
      ] as const) {
        const { score, unit } = scoresOf(book, market, side, name);
        expect(score.length).toBeGreaterThan(0);
        score.forEach((wanted, i) => {
          const row = state.row(book.accountId(unit[i] as number));
          expect(toDouble(stateScore(state, state.market(market), row, name))).toBeCloseTo(wanted, 9);
        });
      }
    }
  });

  it('are chosen by name in a rule', () => {
    const position = { entry: 100n, mark: 120n, bankruptcy: 90n };
    const two = [
      { id: 'a', lots: 1n, position: { ...position, bankruptcy: 0n } },
      { id: 'b', lots: 1n, position },
    ];
    expect(ids(queueOf(two, { space: 'contracts', score: 'bitmex' }))).toEqual(['b', 'a']);
  });
});

describe('hedges', () => {
  // A market maker, long here and short elsewhere: its leg has the best score of all, and closing it adds to its requirement.
  const maker = { id: 'maker', lots: 50n, score: 9, deltaRequirement: 400n, requirement: 500n };
  const winner = { id: 'winner', lots: 50n, score: 2, deltaRequirement: -500n, requirement: 500n };
  const loser = { id: 'loser', lots: 50n, score: -1, deltaRequirement: -500n, requirement: 500n };
  const all = [maker, winner, loser];

  it('go to the end of the queue, whatever their score is', () => {
    expect(ids(queueOf(all, { space: 'contracts' }))).toEqual(['maker', 'winner', 'loser']);
    expect(ids(queueOf(all, { space: 'contracts', hedges: {} }))).toEqual(['winner', 'loser', 'maker']);
    const need = { size: -90n, mark: 100, bankruptcy: 90 };
    const { closes } = adl(need, all, { allocation: 'queue', space: 'contracts', hedges: {} });
    expect(closes).toEqual([
      { id: 'winner', lots: -50n, loss: 500n },
      { id: 'loser', lots: -40n, loss: 400n },
    ]);
  });

  it('in part are lowered in part, winners and losers', () => {
    const quarter = { deltaRequirement: -25n, requirement: 100n };
    expect(toDouble(hedgeAware({ numerator: 6n, denominator: 1n }, quarter))).toBe(1.5);
    expect(toDouble(hedgeAware({ numerator: -6n, denominator: 1n }, quarter))).toBe(-24);
    expect(hedgeAware({ numerator: 6n, denominator: 1n }, quarter, { share: '0.25' }).hedged).toBe(true);
    expect(hedgeAware({ numerator: 6n, denominator: 1n }, quarter, { share: '0.25', operator: '<' }).hedged).toBe(
      undefined,
    );
    const nothing = { deltaRequirement: 0n, requirement: 100n };
    expect(hedgeAware({ numerator: 6n, denominator: 1n }, nothing).hedged).toBe(true);
    expect(hedgeAware({ numerator: -6n, denominator: 1n }, nothing, { operator: '<' })).toEqual({
      numerator: -6n,
      denominator: 1n,
    });
  });

  it('are known in the queue of a state whatever the score is: ranks that are given, or a formula', () => {
    const positions = { M: { lots: 3n, cost: -30n } };
    const account = (id: string, rank: number) => ({ id, balances: { USD: 9n }, rank, positions });
    const state = { markets: [{ id: 'M', settle: 'USD', mark: 12 }], accounts: [account('a', 9), account('b', 2)] };
    const reliefs = { a: { deltaRequirement: 0n, requirement: 10n } };
    for (const score of ['given', 'okx'] as const) {
      const queue = { market: 'M', side: 'long', score } as const;
      expect(ids(adlQueue(state, queue))).toEqual(['a', 'b']);
      expect(ids(adlQueue(state, { ...queue, reliefs }))).toEqual(['b', 'a']);
      expect(adlRank('a', state, { market: 'M', score, reliefs }).rank).toBe(2);
    }
    expect(relieved(6, 'a', { a: { deltaRequirement: -25n, requirement: 100n } })).toEqual({
      numerator: 150n,
      denominator: 100n,
    });
    expect(relieved(Number.POSITIVE_INFINITY, 'a', reliefs)).toEqual({ numerator: 1n, denominator: 0n, hedged: true });
    expect(relieved({ numerator: 1n, denominator: 2n }, 'b', reliefs)).toEqual({ numerator: 1n, denominator: 2n });
    const wrong = { a: { deltaRequirement: 0n, requirement: 0n } };
    expect(refusal(() => relieved(1, 'a', wrong))).toMatch(/range at reliefs\.a\.requirement: got 0n/);
  });

  it('of Bybit come after all others and keep their order (Introduction to Delta Neutral Mode)', () => {
    const user = (id: string, pnl: bigint, deltaNeutral: boolean) => ({
      id,
      lots: 1n,
      position: { pnl, wallet: 100n, marginRatio: '0.1', one: 1n, deltaNeutral },
    });
    const users = [user('1', 60n, true), user('2', 50n, false), user('3', 40n, false), user('4', 30n, true)];
    users.push(user('5', 20n, false), user('6', 10n, false));
    expect(ids(queueOf(users, { space: 'contracts', score: 'bybit' }))).toEqual(['2', '3', '5', '6', '1', '4']);
    expect(bybitScore({ pnl: 1n, wallet: 2n, marginRatio: 1, one: 1n }).score.hedged).toBe(undefined);
  });
});

const candidates = fc
  .array(
    fc.record({
      lots: fc.bigInt(0n, 40n),
      equity: fc.bigInt(-50n, 1_000n),
      pnl: fc.bigInt(-500n, 500n),
      score: fc.integer({ min: -2, max: 2 }),
      leverage: fc.integer({ min: 1, max: 20 }),
      most: fc.option(fc.bigInt(0n, 30n), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((list) =>
    list.map(({ most, ...rest }, i): AdlCandidate => {
      return { id: String(i + 1), ...rest, ...(most === undefined ? {} : { most }) };
    }),
  );
const ruleOf = (space: fc.Arbitrary<AdlRule['space']>): fc.Arbitrary<AdlRule> =>
  fc.record({
    allocation: fc.constantFrom('queue', 'listed', 'rotation', 'proRata', 'cappedProRata'),
    space,
    price: fc.constantFrom('bankruptcy', 'mark', 'oracle'),
    round: fc.constantFrom('largestRemainder', 'floorThenId'),
    seed: fc.nat(),
  });
const needs = fc.record({
  size: fc.oneof(fc.bigInt(-200n, -1n), fc.bigInt(1n, 200n)),
  mark: fc.constantFrom('100', '99.37', '7/3'),
  bankruptcy: fc.constantFrom('100', '101.113', '2'),
  oracle: fc.constantFrom('98', '100/7'),
  exec: fc.constantFrom('100', '97.3'),
});

describe('adl', () => {
  it('a queue over contracts is no queue over equity (2 ETH short, a deficit of 1,500, Dan Robinson)', () => {
    const longs = [
      { id: 'L1', lots: 1n, equity: 1_500n, score: 2 },
      { id: 'L2', lots: 1n, equity: null, score: 1 },
    ];
    const bankruptcy = bankruptcyPerLot(-2n, 4_000, -1_500n);
    const contracts = adl({ size: -2n, mark: 4_000, bankruptcy }, longs, { allocation: 'queue', space: 'contracts' });
    expect(contracts.closes.map(({ loss }) => loss)).toEqual([750n, 750n]);
    expect(contracts).toMatchObject({ defaulterLots: 2n, needed: 1_500n, taken: 1_500n, after: [750n, null] });
    const known = longs.map((one) => ({ ...one, equity: 1_500n }));
    const equity = adl({ loss: 1_500n }, known, { allocation: 'queue', space: 'equity' });
    expect(equity.closes).toEqual([{ id: 'L1', lots: 0n, loss: 1_500n }]);
  });

  it('MetaFlux: 40 of 100 over capacities of 30 and 50, dust to the lowest ids', () => {
    const rule = { allocation: 'cappedProRata', space: 'equity', round: 'floorThenId' } as const;
    const ab = [
      { id: 'A', equity: 30n },
      { id: 'B', equity: 50n },
    ];
    const result = adl({ loss: 100n, covered: 60n }, ab, rule);
    expect(result.closes.map(({ loss }) => loss)).toEqual([15n, 25n]);
    expect(adl({ loss: 100n }, ab, rule)).toMatchObject({ feasible: false, taken: 80n, residual: 20n, shortfall: 20n });
  });

  it('h = min(eta, beta): a bound on the haircut of one is borne by the others', () => {
    const three = [
      { id: 'a', equity: 100n, most: 10n },
      { id: 'b', equity: 100n },
      { id: 'c', equity: 200n },
    ];
    const { haircuts, residual } = adl({ loss: 160n }, three, { allocation: 'cappedProRata', space: 'equity' });
    expect(haircuts.map(toDouble)).toEqual([0.1, 0.5, 0.5]);
    expect(residual).toBe(0n);
    const strict = adl({ loss: 160n }, three, { allocation: 'proRata', space: 'equity' });
    expect(strict).toMatchObject({ taken: 130n, residual: 30n });
  });

  it('risk-aware weights are the shares of the paper, and what is beyond an account stays open or goes to others', () => {
    const two = [
      { id: '1', equity: 60n, leverage: 2 },
      { id: '2', equity: 40n, leverage: 6 },
    ];
    const risk = { shape: 'linear' } as const;
    expect(
      adl({ loss: 42n }, two, { allocation: 'proRata', space: 'equity', risk }).closes.map(({ loss }) => loss),
    ).toEqual([6n, 36n]);
    const most = adl({ loss: 70n }, two, { allocation: 'cappedProRata', space: 'equity', risk });
    expect(most.closes.map(({ loss }) => loss)).toEqual([30n, 40n]);
    const shares = riskShares(two, { shape: 'cvar', threshold: 2 });
    expect(shares.map(toDouble)).toEqual([0, 1]);
  });

  it('needed and taken are two figures (arXiv 2602.15182)', () => {
    expect(adlBudget({ size: 100n, bankruptcy: 100, exec: 96, estimated: 99 }).shortfall).toBe(300n);
    const shorts = [{ id: 's', lots: 100n, score: 1 }];
    const need = { size: 100n, mark: 95, bankruptcy: 100, exec: 98 };
    const rule = { allocation: 'queue', space: 'contracts' } as const;
    expect(adl(need, shorts, rule)).toMatchObject({ needed: 200n, taken: 500n, overshoot: 300n, shortfall: 0n });
    expect(adl(need, shorts, { ...rule, price: 'mark' })).toMatchObject({ taken: 0n, shortfall: 200n });
  });

  it('a counterparty that the price would bankrupt is passed over, one that it meets is not', () => {
    const shorts = [
      { id: 'a', lots: 5n, bankruptcy: '99.9' },
      { id: 'b', lots: 5n, bankruptcy: 100 },
    ];
    const need = { size: 10n, mark: 95, bankruptcy: 100 };
    const result = adl(need, shorts, { allocation: 'rotation', seed: 0, space: 'contracts' });
    expect(result).toMatchObject({ skipped: ['a'], capacity: 5n, feasible: false, residual: 5n, defaulterLots: -5n });
    expect(result.closes).toEqual([{ id: 'b', lots: 5n, loss: 25n }]);
  });

  it('a rotation starts where the seed says', () => {
    const four = ['4', '3', '2', '1'].map((id) => ({ id, lots: 1n }));
    const need = { size: 2n, mark: 1, bankruptcy: 1 };
    expect(ids(adl(need, four, { allocation: 'rotation', seed: 7, space: 'contracts' }).closes)).toEqual(['4', '1']);
  });

  it('says before anything is taken whether profits alone reach', () => {
    const two = [
      { id: '1', cash: 90n, pnl: 4n },
      { id: '2', cash: 90n, pnl: -3n },
    ];
    const rule = { allocation: 'queue', space: 'pnl' } as const;
    const ranked = two.map((one) => ({ ...one, score: 1 }));
    expect(adlFeasibility({ loss: 5n }, ranked, rule)).toMatchObject({ feasible: false, capacity: 4n });
    expect(adlFeasibility({ loss: 5n }, ranked, { ...rule, space: 'equity' })).toMatchObject({ feasible: true });
  });

  it('lots add up to 0, the parts to the whole, and nobody gives more than it has', () => {
    fc.assert(
      fc.property(needs, candidates, ruleOf(fc.constant('contracts')), (need, all, rule) => {
        const result = adl(need, all, rule);
        const lots = result.closes.map((close) => close.lots);
        expect(sum(lots) + result.defaulterLots).toBe(0n);
        const size = need.size < 0n ? -need.size : need.size;
        const closed = result.defaulterLots < 0n ? -result.defaulterLots : result.defaulterLots;
        expect(closed + result.residual).toBe(size);
        expect(sum(result.closes.map(({ loss }) => loss))).toBe(result.taken);
        for (const { id, lots: change } of result.closes) {
          const { lots: held, most } = all.find((one) => one.id === id)!;
          const given = change < 0n ? -change : change;
          expect(given <= (held as bigint) && (most === undefined || given <= (most as bigint))).toBe(true);
          expect(change > 0n).toBe(need.size > 0n);
        }
        expect(result.overshoot >= 0n && result.shortfall >= 0n && result.overshoot * result.shortfall === 0n).toBe(
          true,
        );
        expect(result.needed + result.overshoot - result.shortfall).toBe(result.taken);
        if (rule.allocation !== 'proRata') expect(result.residual === 0n).toBe(result.feasible);
      }),
    );
  });

  it('money given and money open are the budget, and nobody gives more than it has', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 4_000n),
        fc.bigInt(0n, 500n),
        candidates,
        ruleOf(fc.constantFrom('equity', 'pnl')),
        fc.constantFrom('1', '1/3', '0'),
        (loss, covered, all, rule, severity) => {
          const result = adl({ loss, covered, severity }, all, rule);
          expect(result.taken + result.residual).toBe(result.asked);
          expect(result.overshoot).toBe(0n);
          expect(result.taken + result.shortfall).toBe(result.needed);
          result.after.forEach((after, i) => {
            const { equity, pnl, most } = all[i]!;
            const has = (rule.space === 'pnl' ? pnl : equity) as bigint;
            const given = (equity as bigint) - after!;
            expect(given >= 0n && given <= (has > 0n ? has : 0n)).toBe(true);
            expect(most === undefined || given <= (most as bigint)).toBe(true);
            expect(toDouble(result.haircuts[i]!)).toBe(given === 0n ? 0 : Number(given) / Number(has));
          });
        },
      ),
    );
  });

  it('does not look at the order of the list', () => {
    fc.assert(
      fc.property(
        needs,
        candidates,
        ruleOf(fc.constant('contracts')),
        fc.infiniteStream(fc.nat()),
        (need, all, rule, s) => {
          if (rule.allocation === 'listed') return;
          const keyed = all.map((one) => ({ one, key: s.next().value as number }));
          const mixed = keyed.sort((a, b) => a.key - b.key).map(({ one }) => one);
          const { haircuts: _, after: __, ...before } = adl(need, all, rule);
          expect(adl(need, mixed, rule)).toMatchObject(before);
        },
      ),
    );
  });

  it('an account that is split in two gives the same, but for a unit each', () => {
    fc.assert(
      fc.property(candidates, fc.bigInt(0n, 3_000n), fc.bigInt(0n, 1_000n), (all, loss, part) => {
        const rule = { allocation: 'proRata', space: 'equity' } as const;
        const whole = all.map(({ id, equity }) => ({ id, equity: equity as bigint }));
        const { id, equity } = whole[0]!;
        if (equity <= 0n) return;
        const cut = part % equity;
        const split = [{ id, equity: cut }, { id: `${id}b`, equity: equity - cut }, ...whole.slice(1)];
        const [one, two] = [adl({ loss }, whole, rule), adl({ loss }, split, rule)];
        const given = (result: typeof one, ...of: string[]): bigint =>
          sum(result.closes.filter((close) => of.includes(close.id)).map((close) => close.loss));
        const difference = given(one, id) - given(two, id, `${id}b`);
        expect(difference >= -2n && difference <= 2n).toBe(true);
        expect(two.taken).toBe(one.taken);
      }),
    );
  });

  it('names what is wrong', () => {
    const one = [{ id: 'a', lots: 1n, score: 1 }];
    const rule = { allocation: 'queue', space: 'contracts' } as const;
    const need = { size: 1n, mark: 1, bankruptcy: 1 };
    expect(refusal(() => adl({ ...need, account: 'a' }, one, rule))).toMatch(/conflict at candidates\[0\].id: got "a"/);
    expect(refusal(() => adl(need, [...one, ...one], rule))).toMatch(/duplicate at candidates\[1\].id/);
    expect(refusal(() => adl({ ...need, size: 0n }, one, rule))).toMatch(/range at need.size: got 0n, expected not 0/);
    expect(refusal(() => adl({ loss: 1n }, one, rule))).toMatch(/unknown-key at need.loss/);
    expect(refusal(() => adl(need, one, { ...rule, price: 'oracle' }))).toMatch(/missing-key at need.oracle/);
    expect(refusal(() => adl(need, one, { ...rule, space: 'contract' as 'contracts' }))).toMatch(/Did you mean/);
    expect(refusal(() => adl(need, [{ id: 'a', lots: -1n, score: 1 }], rule))).toMatch(/lots: got -1n/);
    expect(refusal(() => adl(need, [{ id: 'a', lots: 1n }], rule))).toMatch(/missing-key at candidates\[0\].score/);
    expect(refusal(() => adl(need, one, { ...rule, hedge: {} } as AdlRule))).toMatch(/unknown-key at rule.hedge/);
    expect(refusal(() => adl(need, one, { ...rule, allocation: 'rotation' }))).toMatch(/missing-key at rule.seed/);
    expect(refusal(() => adl({ loss: 1n, severity: 2 }, one, { ...rule, space: 'equity' }))).toMatch(/0 to 1/);
    expect(refusal(() => binanceScore({ pnl: 1n, wallet: 1n, marginRatio: -1, one: 1n }))).toMatch(/marginRatio/);
    expect(refusal(() => bitmexScore({ entry: 0n, mark: 1n, bankruptcy: 0n }))).toMatch(/entry: got 0n/);
    expect(
      refusal(() => hedgeAware({ numerator: 1n, denominator: 1n }, { deltaRequirement: 0n, requirement: 0n })),
    ).toMatch(/requirement: got 0n/);
    expect(refusal(() => riskShares([{ equity: 1n, leverage: 1 }], { shape: 'cvar', threshold: 5 }))).toMatch(
      /weights/,
    );
    expect(refusal(() => applyHaircuts([{ equity: 1n }], [2], 'equity'))).toMatch(/-1 to 1/);
    expect(refusal(() => haircutsOf([1n], []))).toMatch(/0 entries/);
  });

  it('names the candidate that is wrong', () => {
    const need = { size: 1n, mark: 1, bankruptcy: 1 };
    const second = (wrong: object, more: Partial<AdlRule>, good: object = {}) => {
      const all = [
        { id: 'a', lots: 1n, score: 1, ...good },
        { id: 'b', lots: 1n, score: 1, ...wrong },
      ];
      return refusedAt(() => adl(need, all, { allocation: 'queue', space: 'contracts', ...more }));
    };
    const risky = { allocation: 'proRata', risk: { shape: 'linear' } } as const;
    expect(second({ leverage: -1 }, risky, { leverage: 1 })).toBe('range candidates[1].leverage');
    expect(second({}, risky, { leverage: 1 })).toBe('missing-key candidates[1].leverage');
    expect(second({ deltaRequirement: 1n, requirement: 0n }, { hedges: {} })).toBe('range candidates[1].requirement');
    expect(second({}, { hedges: { share: 2 } }, { deltaRequirement: 0n, requirement: 1n })).toBe(
      'range rule.hedges.share',
    );
    expect(second({}, { ...risky, risk: { shape: 'power', exponent: 99 } }, { leverage: 1 })).toBe(
      'range rule.risk.exponent',
    );
    const position = {
      ...{ entry: 1n, mark: 1n, bankruptcy: 0n, pnl: 1n, wallet: 1n, marginRatio: 1, one: 1n },
      ...{ notional: 1n, margin: 1n, accountValue: 1n },
    };
    const wrong = { bitmex: 'entry', binance: 'one', bybit: 'one', okx: 'notional', hyperliquid: 'mark' };
    for (const [score, key] of Object.entries(wrong)) {
      const broken = { position: { ...position, [key]: 0n } };
      expect(second(broken, { score: score as 'okx' }, { position })).toBe(`range candidates[1].position.${key}`);
      expect(second({ position: 5 }, { score: score as 'okx' }, { position })).toBe('type candidates[1].position');
    }
  });
});

describe('a round over all accounts', () => {
  const equities = ['7.5', '0', '1', '-1.5', '-2.25'].map((text) => BigInt(Number(text) * 100));
  const accounts = equities.map((equity, i) => ({ id: String(i + 1), equity, score: -[2, 1, 3, 5, 4].indexOf(i + 1) }));

  it('at a severity of 1/2 is not what the paper prints for it (main.tex:1377): that is the round at 1', () => {
    const half = adlRound(accounts, { allocation: 'queue', severity: '1/2' });
    expect(half.budget).toBe(187n); // 1.875 in hundredths, rounded down
    const fine = accounts.map((account) => ({ ...account, equity: account.equity * 10n }));
    expect(adlRound(fine, { allocation: 'queue', severity: '1/2' }).after).toEqual([5625n, 0n, 1000n, -1500n, -375n]);
    const printed = [3750n, 0n, 1000n, 0n, 0n];
    expect(adlRound(fine, { allocation: 'queue', severity: 1 }).after).toEqual(printed);
  });

  it('keeps the sum of equity where all is credited, and nobody passes 0', () => {
    fc.assert(
      fc.property(
        candidates,
        fc.constantFrom('queue', 'listed', 'proRata', 'cappedProRata'),
        fc.constantFrom('inTurn', 'proRata'),
        fc.constantFrom('1', '0.37'),
        (all, allocation, credit, severity) => {
          const round = adlRound(all, { allocation, credit, severity });
          expect(sum(round.after)).toBe(sum(all.map(({ equity }) => equity as bigint)));
          expect(sum(round.taken) + round.residual).toBe(round.budget);
          round.after.forEach((after, i) => {
            const before = all[i]!.equity as bigint;
            expect(before >= 0n ? after >= 0n && after <= before : after >= before && after <= 0n).toBe(true);
          });
        },
      ),
    );
  });
});

describe('the rank preview', () => {
  // BitMEX's example: six longs, a short of 20 contracts is liquidated
  const longs = [
    [10n, 3],
    [10n, 6],
    [20n, 1],
    [30n, 4],
    [20n, 5],
    [10n, 2],
  ].map(([lots, score], i) => ({ id: String(i + 1), lots: lots as bigint, score: score as number }));

  it('lights up by cumulative quantity (BitMEX)', () => {
    const queue = queueOf(longs, { space: 'contracts' });
    expect(queue.map(({ id, light }) => [id, light])).toEqual([
      ['2', 20],
      ['5', 40],
      ['4', 60],
      ['1', 80],
      ['6', 80],
      ['3', 100],
    ]);
    const five = rankOf('5', longs, { space: 'contracts' });
    expect(five).toMatchObject({ rank: 2, ahead: 10n, amount: 20n, percentile: 34, light: 40 });
    expect([0n, 10n, 20n, 30n, 99n].map(five.closedIf)).toEqual([0n, 0n, 10n, 20n, 20n]);
    expect(rankOf('5', longs, { space: 'contracts', allocation: 'proRata' }).closedIf(50n)).toBe(10n);
    expect(refusal(() => rankOf('7', longs, { space: 'contracts' }))).toMatch(/unknown-id at id: got "7"/);
  });

  it('is what happens: the queue is the order of the ranks, and what is closed is what was said', () => {
    fc.assert(
      fc.property(needs, candidates, (need, all) => {
        const rule = { allocation: 'queue', space: 'contracts' } as const;
        const queue = queueOf(all, { space: 'contracts' });
        const { closes } = adl(need, all, rule);
        const size = need.size < 0n ? -need.size : need.size;
        expect(ids(closes)).toEqual(ids(queue.filter(({ ahead, amount }) => ahead < size && amount > 0n)));
        for (const { id } of all) {
          const { closedIf, ...place } = rankOf(id, all, { space: 'contracts' });
          expect(queue[place.rank - 1]).toEqual(place);
          const lots = closes.find((close) => close.id === id)?.lots ?? 0n;
          expect(closedIf(size)).toBe(lots < 0n ? -lots : lots);
        }
      }),
    );
  });
});

describe('RankQueue', () => {
  const column = fc.array(
    fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.double({ noNaN: true }),
      fc.constantFrom(-0, 0, Number.POSITIVE_INFINITY),
    ),
    { maxLength: 200 },
  );

  it('gives a full sort, ties by id', () => {
    fc.assert(
      fc.property(column, fc.boolean(), fc.nat(250), (list, named, count) => {
        const scores = new Float64Array(list);
        const names = list.map((_, i) => String((i * 7919) % 1_000));
        const before = (a: number, b: number): number =>
          scores[a] === scores[b]
            ? named
              ? Number(names[a]) - Number(names[b]) || a - b
              : a - b
            : scores[a]! > scores[b]!
              ? -1
              : 1;
        const sorted = list.map((_, i) => i).sort(before);
        const queue = new RankQueue(scores, named ? names : undefined);
        expect(queue.peek()).toBe(sorted[0]);
        expect([...queue]).toEqual(sorted);
        expect(queue.size).toBe(0);
        expect([...topCandidates(scores, count, named ? names : undefined)]).toEqual(sorted.slice(0, count));
      }),
    );
  });

  it('of exact scores is the order of the fractions', () => {
    const score = fc.record({ numerator: fc.bigInt(-9n, 9n), denominator: fc.bigInt(1n, 9n), hedged: fc.boolean() });
    fc.assert(
      fc.property(fc.array(score, { maxLength: 60 }), (scores) => {
        const sorted = scores.map((_, i) => i).sort((a, b) => compareScores(scores[a]!, scores[b]!) || a - b);
        expect([...new RankQueue(scores)]).toEqual(sorted);
      }),
    );
  });

  it('serves many defaults as if each were alone and the next saw what it left', () => {
    const entry = fc.record({ lots: fc.bigInt(0n, 20n), score: fc.integer({ min: 0, max: 3 }) });
    const list = fc.array(entry, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(list, fc.array(fc.bigInt(1n, 60n), { maxLength: 6 }), (accounts, needs) => {
        const scores = new Float64Array(accounts.map(({ score }) => score));
        const { fills, residuals } = closeMany(
          needs,
          scores,
          accounts.map(({ lots }) => lots),
        );
        const left = accounts.map(({ lots, score }, i) => ({ id: String(i), lots, score }));
        needs.forEach((size, need) => {
          const one = adl({ size, mark: 1, bankruptcy: 1 }, left, { allocation: 'queue', space: 'contracts' });
          const made = fills.filter((fill) => fill.need === need);
          expect(made.map(({ place, lots }) => [String(place), lots])).toEqual(
            one.closes.map(({ id, lots }) => [id, lots]),
          );
          expect(residuals[need]).toBe(one.residual);
          for (const { id, lots } of one.closes) left[Number(id)]!.lots -= lots;
        });
      }),
    );
    expect(refusal(() => closeMany([1n], new Float64Array(2), [1n]))).toMatch(/range at lots: got 1, expected 2/);
    expect(refusal(() => closeMany([-1n], new Float64Array(1), [1n]))).toMatch(/range at needs\[0\]/);
  });

  it('keeps who is not reached, and refuses what has no order', () => {
    const queue = new RankQueue(new Float64Array([1, 3, 2]));
    for (const place of queue) {
      expect(place).toBe(1);
      break;
    }
    expect([queue.size, queue.pop(), queue.pop(), queue.pop(), queue.peek()]).toEqual([2, 2, 0, undefined, undefined]);
    expect(refusal(() => new RankQueue(new Float64Array([1, Number.NaN])))).toMatch(/not-finite at scores\[1\]/);
    expect(refusal(() => new RankQueue(new Float64Array(2), ['a']))).toMatch(/range at ids: got 1, expected 2 ids/);
    expect(refusal(() => topCandidates(new Float64Array(2), -1))).toMatch(/range at count/);
  });
});

describe('dYdX deleveraging', () => {
  // TestProcessDeleveraging: Carl is short 1 BTC, Dave long 1 BTC, BTC at 50,000
  const market = {
    price: 50_000,
    priceExponent: 0,
    atomicResolution: -8,
    initialMarginPpm: 200_000,
    maintenanceFractionPpm: 500_000,
  };
  const carl = { quoteQuantums: 54_999_000_000n, baseQuantums: -100_000_000n };
  const dave = (quoteQuantums: bigint) => ({ quoteQuantums, baseQuantums: 100_000_000n });

  it('closes at the bankruptcy price, and skips or refuses those whose price does not overlap', () => {
    const broke = { ...carl, quoteQuantums: 49_999_000_000n };
    const list = [dave(-50_000_000_000n), dave(50_000_000_000n)];
    const { offsetting, liquidated, fills, deltaRemaining } = deleverage(broke, list, 100_000_000n, market);
    expect(liquidated).toEqual({ quoteQuantums: 0n, baseQuantums: 0n });
    expect(offsetting[0]).toEqual(list[0]);
    expect(offsetting[1]).toEqual({ quoteQuantums: 99_999_000_000n, baseQuantums: 0n });
    expect([fills.map(({ place }) => place), deltaRemaining]).toEqual([[1], 0n]);
    expect(refusal(() => deleverage(broke, list, 100_000_000n, market, { noOverlap: 'refuse' }))).toMatch(/overlaps/);
  });

  it('starts at the seed, looks at no more than it may, and settles finally at the oracle price', () => {
    const list = [dave(0n), dave(0n), { ...dave(0n), baseQuantums: -5n }];
    const from = (seed: number, iterate?: number) =>
      deleverage(carl, list, 50_000_000n, market, { seed, ...(iterate === undefined ? {} : { iterate }) });
    expect(from(4).fills.map(({ place }) => place)).toEqual([1]);
    expect(from(2).fills.map(({ place }) => place)).toEqual([0]);
    expect(from(2, 1)).toMatchObject({ fills: [], deltaRemaining: 50_000_000n });
    const settled = deleverage(carl, list, 100_000_000n, market, { finalSettlement: true });
    expect(settled.fills).toEqual([{ place: 0, fillAmount: 100_000_000n, quoteQuantums: -50_000_000_000n }]);
    expect(refusal(() => deleverage(carl, list, -1n, market))).toMatch(/range at deltaQuantums/);
    expect(refusal(() => deleverage(carl, list, 1n, market, { seed: -1 }))).toMatch(/range at seed/);
  });

  it('moves quote and base quantums from one to the other, and loses none', () => {
    const other = fc.record({
      quoteQuantums: fc.bigInt(-(10n ** 11n), 10n ** 11n),
      baseQuantums: fc.bigInt(-50_000_000n, 50_000_000n),
    });
    fc.assert(
      fc.property(fc.array(other, { maxLength: 6 }), fc.bigInt(1n, 100_000_000n), fc.nat(9), (list, delta, seed) => {
        const after = deleverage(carl, list, delta, market, { seed });
        const all = [after.liquidated, ...after.offsetting];
        expect(sum(all.map(({ quoteQuantums }) => quoteQuantums))).toBe(
          sum([carl, ...list].map(({ quoteQuantums }) => quoteQuantums)),
        );
        expect(sum(all.map(({ baseQuantums }) => baseQuantums))).toBe(
          sum([carl, ...list].map(({ baseQuantums }) => baseQuantums)),
        );
        expect(sum(after.fills.map(({ fillAmount }) => fillAmount)) + after.deltaRemaining).toBe(delta);
      }),
    );
  });
});
