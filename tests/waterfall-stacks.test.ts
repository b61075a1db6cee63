// Stages of every kind in random stacks, on random venues with positions, collateral and funds: whatever runs after whatever,
// nothing is lost or made, what is open is what defaulters lack, and nobody else ends below zero unless the outcome says so.
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  type AccountJSON,
  type DefaultEvent,
  type Outcome,
  run,
  type Stage,
  type StateJSON,
  stateJSON,
  stateOf,
  verify,
} from '../bindings/waterfall/index.js';

const RUNS = Number(process.env.WATERFALL_RUNS ?? 300);
const SEED = Number(process.env.WATERFALL_SEED ?? 20260104);
vi.setConfig({ testTimeout: 20_000 + RUNS * 20 });

const WAD = 10n ** 18n;
const RAY = 10n ** 27n;
const MARKETS = ['A', 'B'] as const;

const member = fc.record({
  balance: fc.bigInt(-150n, 400n),
  fund: fc.bigInt(0n, 60n),
  eth: fc.bigInt(0n, 30n),
  stake: fc.bigInt(1n, 9n),
  lots: fc.tuple(fc.bigInt(-6n, 6n), fc.bigInt(-6n, 6n)),
  entry: fc.tuple(fc.bigInt(5n, 60n), fc.bigInt(5n, 60n)),
  universe: fc.constantFrom('', 'u'),
  group: fc.integer({ min: 0, max: 2 }),
  rank: fc.integer({ min: 0, max: 3 }),
});

const venue = fc.record({
  members: fc.array(member, { minLength: 2, maxLength: 6 }),
  marks: fc.tuple(fc.integer({ min: 5, max: 60 }), fc.integer({ min: 5, max: 60 })),
  funds: fc.tuple(fc.bigInt(0n, 300n), fc.bigInt(0n, 300n)),
});

const cap = fc.option(fc.bigInt(0n, 120n), { nil: undefined });
const defined = (values: object): object =>
  Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined));

const layer = fc
  .record({
    base: fc.constantFrom<object>(
      { who: 'defaulter', from: 'fund' },
      { who: ['insurance'] },
      { who: ['insurance', 'vault'] },
      { who: 'survivors' },
      { who: 'survivors', from: 'fund', scope: 'market' },
      { who: 'survivors', weight: 'stake', scope: 'universe' },
      { who: 'survivors', weight: 'equity' },
      { who: 'survivors', weight: 'openInterest', from: 'fund' },
    ),
    allocate: fc.constantFrom('sequential', 'queue', 'proRata', 'cappedProRata', 'juniority'),
    round: fc.constantFrom('largestRemainder', 'floorThenId', 'floorThenLast', 'ceilKeep', 'euclid'),
    capacity: cap,
    perDefault: cap,
  })
  .map(({ base, allocate, round, capacity, perDefault }) => ({
    ...base,
    whenEmpty: 'skip',
    ...('who' in base && base.who === 'defaulter' ? {} : { allocate, round }),
    ...defined({ capacity, caps: perDefault === undefined ? undefined : { perDefault } }),
  }));

const discounts = { kind: 'twoSegment', start: WAD, cutoff: (WAD * 8n) / 10n, fast: 600, slow: 7200 };

/** A stage of any kind, without its id. */
const stage: fc.Arbitrary<object> = fc.oneof(
  { weight: 4, arbitrary: layer },
  fc
    .record({
      kind: fc.constant('transfer'),
      to: fc.constantFrom('vault', 'insurance'),
      price: fc.constantFrom('bankruptcy', 'mark'),
      perDefault: cap,
    })
    .map(({ perDefault, ...rest }) => ({ ...rest, ...(perDefault === undefined ? {} : { caps: { perDefault } }) })),
  fc.record({
    kind: fc.constant('adl'),
    score: fc.constantFrom('given', 'bitmex', 'okx', 'hyperliquid', 'binance'),
    allocate: fc.constantFrom('queue', 'rotation', 'cappedProRata'),
    price: fc.constantFrom('bankruptcy', 'mark', 'previous'),
  }),
  fc.constantFrom<object>(
    { kind: 'liquidate' },
    { kind: 'liquidate', floor: 'bankruptcy', fee: '0.02', feeTo: 'insurance' },
    { kind: 'auction', mandatory: 'survivors' },
    { kind: 'auction', type: 'multi', units: 4, price: 'uniform', reserve: -90n },
    { kind: 'convert', discount: '0.1' },
    { kind: 'convert', to: 'vault' },
    {
      kind: 'collateral',
      asset: 'ETH',
      curve: { kind: 'linear', top: 5n * RAY, tau: 1000 },
      penalty: '0.1',
      penaltyTo: 'vault',
    },
    { kind: 'portfolio', curve: discounts, length: 100, fund: 'insurance' },
    { kind: 'mint', token: 'GOV', lot: 1000n },
    { kind: 'replenish', who: 'survivors', to: 'insurance', target: 40n, whenEmpty: 'skip' },
    { kind: 'guard', market: 'A', rules: { stale: { operator: '>', level: 60 } } },
    { kind: 'gate', rules: { delays: { loss: 60 } }, fund: 'insurance' },
  ),
);

const bid = fc.record({
  who: fc.nat(),
  price: fc.bigInt(-80n, 60n),
  share: fc.bigInt(1n, WAD),
  at: fc.integer({ min: 0, max: 90 }),
});

const crisis = fc.record({
  venue,
  stages: fc.array(stage, { minLength: 1, maxLength: 6 }),
  bids: fc.array(bid, { maxLength: 4 }),
  some: fc.boolean(),
  take: fc.boolean(),
  old: fc.integer({ min: 1, max: 200 }),
});

type Drawn = typeof crisis extends fc.Arbitrary<infer T> ? T : never;

interface Case {
  state: StateJSON;
  stages: Stage[];
  event: DefaultEvent;
}

/** A venue in which lots sum to zero, and who can not pay there; undefined where everybody can. */
function caseOf({ venue: { members, marks, funds }, stages, bids, some, take, old }: Drawn): Case | undefined {
  const accounts = members.map((each, i): AccountJSON => {
    const position = (m: 0 | 1) => ({ lots: each.lots[m], cost: -each.lots[m] * each.entry[m] });
    return {
      id: `m${i}`,
      balances: { USD: each.balance },
      purses: { fund: { USD: each.fund }, collateral: { ETH: each.eth } },
      positions: { A: position(0), B: position(1) },
      measures: { stake: each.stake, maintenance: 20n },
      ...(each.universe === '' ? {} : { universe: each.universe }),
      group: each.group,
      rank: each.rank,
    };
  });
  const net = (m: 0 | 1): bigint => members.reduce((sum, { lots }) => sum - lots[m], 0n);
  accounts.push({
    id: 'maker',
    balances: { USD: 20_000n },
    positions: { A: { lots: net(0), cost: 0n }, B: { lots: net(1), cost: 0n } },
    measures: { maintenance: 20n },
  });
  accounts.push({ id: 'insurance', house: true, balances: { USD: funds[0] } });
  accounts.push({ id: 'vault', house: true, balances: { USD: funds[1] } });
  const markets = MARKETS.map((id, m) => ({ id, settle: 'USD', mark: marks[m] as number }));
  const state = { time: 1000, markets, accounts };
  const from = stateOf(state);
  const defaulters = members.flatMap((_, i) => (from.equity(`m${i}`, 'USD') < 0n ? [`m${i}`] : []));
  if (defaulters.length === 0) return undefined;
  const others = accounts.map(({ id }) => id).filter((id) => !defaulters.includes(id));
  const named = stages.map((each, i) => ({ id: `s${i}`, ...each }) as Stage);
  const bidsOf = ({ kind }: Stage): object[] =>
    bids.map(({ who, price, share, at }) => {
      const bidder = others[who % others.length] as string;
      if (kind === 'portfolio') return { bidder, share, at };
      if (kind === 'collateral') return { bidder, amount: share % 9n, at };
      return kind === 'mint' ? { bidder, lot: (share % 900n) + 1n } : { bidder, price };
    });
  const sells = ['auction', 'portfolio', 'collateral', 'mint'];
  const event: DefaultEvent = {
    asset: 'USD',
    defaulters,
    solvent: take ? 'take' : 'skip',
    ...(some ? { markets: ['A'] } : {}),
    bids: Object.fromEntries(
      named.filter(({ kind }) => sells.includes(kind ?? '')).map((each) => [each.id, bidsOf(each)]),
    ),
    prices: { ETH: 3 },
    previous: { A: marks[0] + 1, B: marks[1] + 2 },
    depth: {
      A: {
        bids: [
          [marks[0], 3],
          [marks[0] / 2, 2],
        ],
        asks: [
          [marks[0] + 1, 2],
          [marks[0] * 2, 2],
        ],
      },
    },
    quotes: { A: { quotes: [{ source: 'q', price: marks[0], at: 1000 - old }] } },
  };
  return { state, stages: named, event };
}

const withCase = (check: (given: Case, outcome: Outcome) => void): void =>
  fc.assert(
    fc.property(crisis, (drawn) => {
      const given = caseOf(drawn);
      if (given) check(given, run(given.state, given.stages, given.event));
    }),
    { numRuns: RUNS, seed: SEED },
  );

describe('a stack of any stages', () => {
  it('moves what it does not make, and leaves open what defaulters lack', () => {
    withCase(({ event }, { postings, state, residual, deficits, trace }) => {
      for (const [what, sum] of postings.sums()) expect([what, sum]).toEqual([what, 0n]);
      for (const { lots } of state.columns.holdings.values()) expect(lots.sum()).toBe(0n);
      const lacks = (event.defaulters ?? []).map((id) => {
        const equity = state.equity(id, 'USD');
        return equity < 0n ? -equity : 0n;
      });
      expect(deficits.map((each) => each.residual)).toEqual(lacks);
      expect(residual).toBe(lacks.reduce((sum, lack) => sum + lack, 0n));
      trace.steps.forEach((step, i) => {
        if (i > 0) expect(step.need).toBe(trace.steps[i - 1]?.open);
      });
    });
  });

  it('ruins nobody else, but whom a deleveraging names', () => {
    withCase(({ state: json, event }, { state, trace }) => {
      const from = stateOf(json);
      const ruined = new Set(trace.steps.flatMap(({ detail }) => (detail?.ruined ?? []) as string[]));
      for (const { id } of json.accounts) {
        for (const [purse, asset] of [
          ['fund', 'USD'],
          ['collateral', 'ETH'],
          ['balance', 'ETH'],
        ] as const) {
          expect(state.amount(id, asset, purse) >= 0n, `${id} ${purse}`).toBe(true);
        }
        if (event.defaulters?.includes(id) || ruined.has(id)) continue;
        const [before, after] = [from.equity(id, 'USD'), state.equity(id, 'USD')];
        expect(after >= 0n || after >= before, `${id} from ${before} to ${after}`).toBe(true);
      }
    });
  });

  it('replays, and leaves what it was given as it was', () => {
    withCase(({ state, stages, event }) => {
      const from = stateOf(state);
      const before = JSON.stringify(stateJSON(from));
      const outcome = run(from, stages, event);
      expect(JSON.stringify(stateJSON(from))).toBe(before);
      expect(verify(outcome, stateJSON(from)).problems).toEqual([]);
    });
  });
});
