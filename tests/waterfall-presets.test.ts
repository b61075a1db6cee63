// The presets on one venue in a crash and on random ones: every system conserves money and lots, replays, and does with its
// defaulters what it is known for.
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  type AccountJSON,
  about,
  type DefaultEvent,
  explainAccount,
  type Outcome,
  type PresetName,
  presets,
  run,
  type Stage,
  type State,
  type StateJSON,
  stateOf,
  verify,
} from '../bindings/waterfall/index.js';
import { presetMakers } from '../bindings/waterfall/presets/index.js';
import { refusal } from './refusal.js';

const RUNS = Number(process.env.WATERFALL_RUNS ?? 300);
const SEED = Number(process.env.WATERFALL_SEED ?? 20260102);
// The long suite runs each property a hundred thousand times.
vi.setConfig({ testTimeout: 5_000 + RUNS * 20 });
const names = Object.keys(presets) as PresetName[];

/** Accounts that any of the presets asks for. */
const houses = (money: bigint): AccountJSON[] => [
  { id: 'ccp', house: true, purses: { junior: { USD: money / 4n }, senior: { USD: money / 4n } } },
  ...['insurance', 'vault', 'feePool', 'pool', 'vow', 'treasury', 'stabilityPool'].map((id) => {
    return { id, house: true, balances: { USD: money } };
  }),
];

/** A long that is 50 under water, two shorts in profit, one of them hedged elsewhere, and a bystander. */
const crash: StateJSON = {
  time: 1_000,
  markets: [
    { id: 'BTC', settle: 'USD', mark: 90 },
    { id: 'ETH', settle: 'USD', mark: 9 },
  ],
  accounts: [
    member('long', 50n, { BTC: { lots: 10n, cost: -1000n } }),
    member('short', 300n, { BTC: { lots: -6n, cost: 600n } }),
    member('hedger', 900n, { BTC: { lots: -4n, cost: 400n }, ETH: { lots: 40n, cost: -400n } }),
    member('bystander', 400n, { ETH: { lots: -40n, cost: 400n } }),
    ...houses(8n),
  ],
};

function member(id: string, balance: bigint, positions: AccountJSON['positions'] = {}): AccountJSON {
  return {
    id,
    balances: { USD: balance },
    purses: {
      fund: { USD: 40n },
      margin: { USD: 5n },
      stake: { USD: 30n },
      deposit: { USD: 30n },
      general: { USD: 3n },
    },
    measures: { contribution: 40n, gains: id === 'short' ? 60n : 0n, stake: 10n, maintenance: 20n },
    positions,
  };
}

const event: DefaultEvent = { asset: 'USD', defaulter: 'long', values: { collateralPrice: 10 } };

function conserves(outcome: Outcome, before: StateJSON): void {
  for (const [what, sum] of outcome.postings.sums()) expect([what, sum]).toEqual([what, 0n]);
  for (const { id } of before.markets ?? []) {
    const lots = outcome.state.columns.holdings.get(id)?.lots.sum() ?? 0n;
    expect(lots).toBe(0n);
  }
  expect(outcome.residual >= 0n).toBe(true);
  expect(verify(outcome, before)).toEqual({ ok: true, problems: [] });
}

describe('rules of presets', () => {
  const makers = Object.entries(presetMakers) as [keyof typeof presetMakers, (rules: object) => Stage[]][];

  it.each(makers)('%s refuses one that it does not have, and is as published without any', (name, make) => {
    expect(refusal(() => make({ fnud: 'x' }))).toMatch(/unknown-key at rules\.fnud/);
    expect(refusal(() => make(null as never))).toMatch(/type at rules/);
    expect(make({})).toEqual(presets[name]);
    // What a case may say in units is what the function has.
    for (const rule of Object.keys(about[name].rules)) expect(() => make({ [rule]: undefined })).not.toThrow();
  });
});

describe('presets', () => {
  it('are those of the mission', () => {
    expect(names.sort()).toEqual(
      [
        ...['aave', 'binance', 'bitmex', 'bybit', 'ccp', 'derive', 'drift', 'dydx', 'euler', 'gen1', 'gen2', 'gen3'],
        ...['gmx', 'hyperliquid', 'liquity', 'maker', 'mango', 'okx', 'vega'],
      ].sort(),
    );
  });

  it.each(names)('%s conserves money and lots, and replays', (name) => {
    conserves(run(crash, presets[name], event), crash);
  });

  it('deleverage the short first, at the price that uses up the defaulter', () => {
    const { state, residual, trace } = run(crash, presets.bitmex, event);
    expect(residual).toBe(0n);
    expect(state.position('long', 'BTC')).toEqual({ lots: 0n, cost: 0n });
    // The fund pays its 8, and 42 are missing: 932 for ten lots that are worth 900.
    expect(state.amount('long', 'USD')).toBe(0n);
    expect(trace.steps.at(-1)?.detail).toMatchObject({ needed: 42n, taken: 42n, overshoot: 0n, shortfall: 0n });
    expect(state.amount('insurance', 'USD')).toBe(0n);
  });

  it('put a hedge behind everybody where the margin engine says that its close relieves nothing', () => {
    const small = { ...event, closes: { long: { BTC: 0n } } };
    const reliefs = {
      BTC: { short: { deltaRequirement: 0n, requirement: 10n }, hedger: { deltaRequirement: -10n, requirement: 10n } },
    };
    const first = (reliefsOf?: typeof reliefs): string[] => {
      const outcome = run(crash, [{ kind: 'adl', id: 'adl', score: 'hyperliquid' }], {
        ...small,
        ...(reliefsOf ? { reliefs: reliefsOf } : {}),
      });
      const takers = [...outcome.postings].filter(({ purse, account }) => purse === 'position' && account !== 'long');
      return [...new Set(takers.map(({ account }) => account))];
    };
    expect(first()).toEqual(['short', 'hedger']);
    expect(first(reliefs)).toEqual(['hedger', 'short']);
  });

  it('close at the mark before the move where Hyperliquid has it, and it was solvent then', () => {
    const { state, trace } = run(crash, presets.hyperliquid.slice(2), { ...event, previous: { BTC: 96 } });
    expect(state.amount('long', 'USD')).toBe(10n);
    expect(trace.steps[0]?.detail).toMatchObject({ needed: 50n, taken: 60n, overshoot: 10n });
  });

  it('sell into the book no lower than the bankruptcy price, and the fund takes the rest over', () => {
    const depth = {
      BTC: {
        bids: [
          [97, 4n],
          [96, 1n],
          [94, 9n],
        ] as const,
      },
    };
    const rich = {
      ...crash,
      accounts: crash.accounts.map((each) => (each.id === 'insurance' ? { ...each, balances: { USD: 500n } } : each)),
    };
    const { state, trace, residual } = run(rich, presets.binance, { ...event, depth });
    expect(trace.steps[0]?.detail).toMatchObject({ sold: { BTC: 5n }, unsold: { BTC: 5n } });
    expect(residual).toBe(0n);
    expect(state.position('insurance', 'BTC').lots).toBe(5n);
    expect(state.position('outside', 'BTC').lots).toBe(5n);
  });

  it('auction to the best bid, and members who did not bid pay before those who did', () => {
    const bids = {
      auction: [
        { bidder: 'short', price: -100n },
        { bidder: 'hedger', price: -60n },
      ],
    };
    const { state, trace } = run(crash, presets.gen3, { ...event, bids });
    expect(trace.steps.find(({ stage }) => stage === 'auction')?.detail).toMatchObject({
      clearing: -60n,
      proceeds: -60n,
    });
    expect(state.position('hedger', 'BTC').lots).toBe(6n);
    expect(['bystander', 'short', 'hedger'].map((id) => state.amount(id, 'USD', 'fund'))).toEqual([0n, 0n, 18n]);
  });

  it('sell collateral by the second, keep the penalty, and mint for the rest', () => {
    const state: StateJSON = {
      accounts: [
        { id: 'vault', balances: { DAI: -1000n }, purses: { collateral: { ETH: 10n } } },
        { id: 'keeper', balances: { DAI: 5000n } },
        { id: 'vow', house: true, balances: { DAI: 20n } },
      ],
    };
    const curve = { kind: 'linear', top: 100n * 10n ** 27n, tau: 100 } as const;
    const stages = [
      { kind: 'collateral', id: 'clip', asset: 'ETH', curve, penalty: '0.13', penaltyTo: 'vow' },
      { id: 'surplus', who: ['vow'] },
      { kind: 'mint', id: 'flop', token: 'MKR', lot: 50n, supply: 950n },
    ] as const;
    const bids = {
      clip: [{ bidder: 'keeper', amount: 10n, at: 50 }],
      flop: [
        { bidder: 'keeper', lot: 50n },
        { bidder: 'keeper', lot: 40n },
      ],
    };
    const outcome = run(state, stages, { asset: 'DAI', defaulter: 'vault', bids });
    expect(outcome.trace.steps.map(({ need, open }) => need - open)).toEqual([500n, 20n, 480n]);
    expect(outcome.trace.steps[2]?.detail).toMatchObject({
      winner: 'keeper',
      minted: 40n,
      raised: 480n,
      dilution: '4/99',
    });
    expect(outcome.state.amount('keeper', 'MKR')).toBe(40n);
    expect(outcome.state.amount('keeper', 'ETH')).toBe(10n);
    const early = run(state, stages, {
      asset: 'DAI',
      defaulter: 'vault',
      bids: { clip: [{ bidder: 'keeper', amount: 20n, at: 0 }] },
    });
    expect(early.state.amount('vow', 'DAI')).toBe(20n);
    expect(early.residual).toBe(0n);
  });

  it('sell what the defaulter holds in other assets first', () => {
    const state: StateJSON = {
      accounts: [
        { id: 'a', balances: { USD: -1000n, BTC: 7n, ETH: 3n } },
        { id: 'b', balances: { USD: 5000n } },
      ],
    };
    const convert = { kind: 'convert', id: 'own', discount: '0.1' } as const;
    const { state: after, residual } = run(state, [convert], {
      asset: 'USD',
      defaulter: 'a',
      prices: { ETH: 200, BTC: 100 },
    });
    // 3 ETH bring 540, and 6 of the 7 BTC the 460 that are missing and what rounding up brings.
    expect([after.amount('a', 'USD'), after.amount('a', 'BTC'), after.amount('a', 'ETH')]).toEqual([80n, 1n, 0n]);
    expect(residual).toBe(0n);
  });

  it('pay from a stability pool by its index, which passes the collateral on', () => {
    const E18 = 10n ** 18n;
    const state: StateJSON = {
      indices: {
        stabilityPool: {
          ...{
            kind: 'productSum',
            product: E18,
            scale: 0,
            sums: [0n],
            total: 3000n,
            gains: 0n,
            lossError: 0n,
            gainError: 0n,
          },
        },
      },
      accounts: [
        { id: 'trove', balances: { LUSD: -4000n }, purses: { collateral: { ETH: 40n } } },
        { id: 'other', balances: { LUSD: 0n }, measures: { stake: 10n } },
        { id: 'stabilityPool', house: true, balances: { LUSD: 3000n } },
      ],
    };
    const [lazy, redistribution] = presets.liquity;
    const outcome = run(state, [{ ...lazy, lazy: 'productSum' } as typeof lazy, redistribution] as never, {
      asset: 'LUSD',
      defaulter: 'trove',
    });
    expect(outcome.residual).toBe(0n);
    expect(outcome.state.amount('stabilityPool', 'ETH')).toBe(30n);
    expect([outcome.state.amount('other', 'LUSD'), outcome.state.amount('other', 'ETH')]).toEqual([-1000n, 10n]);
    expect(outcome.state.index('stabilityPool')).toMatchObject({ total: 0n, gains: 30n, scale: 2 });
  });

  it('sell an account share by share, for a discount or for a payment', () => {
    const solvent = {
      ...crash,
      accounts: crash.accounts.map((each) => (each.id === 'long' ? { ...each, balances: { USD: 110n } } : each)),
    };
    const half = { bidder: 'short', share: 5n * 10n ** 17n, at: 600 };
    const { state, residual } = run(solvent, presets.derive, { ...event, solvent: 'take', bids: { auction: [half] } });
    expect(residual).toBe(0n);
    expect(state.position('short', 'BTC').lots < -6n + 6n).toBe(true);
    const rich = {
      ...crash,
      accounts: crash.accounts.map((each) => (each.id === 'insurance' ? { ...each, balances: { USD: 500n } } : each)),
    };
    const bad = run(rich, presets.derive, { ...event, bids: { auction: [{ ...half, share: 10n ** 18n }] } });
    expect(bad.state.equity('long', 'USD')).toBe(0n);
    expect(bad.state.position('short', 'BTC').lots).toBe(4n);
    // The module of 8 pays for a tenth of it, and what it lacks lowers everybody's cash.
    const poor = run(crash, presets.derive, { ...event, bids: { auction: [{ ...half, share: 10n ** 18n }] } });
    expect(poor.state.amount('insurance', 'USD') >= 0n).toBe(true);
    expect(poor.trace.steps.map(({ stage, status }) => [stage, status])).toContainEqual(['withdrawHaircut', 'applied']);
  });

  it('stop where the price may not be used, and record whether money may leave', () => {
    const rules = { stale: { operator: '>', level: 120 }, forbids: { stale: ['liquidate'] } } as const;
    const guard = { kind: 'guard', id: 'price', market: 'BTC', rules } as const;
    const at = (time: number): DefaultEvent => ({
      ...event,
      quotes: { BTC: { quotes: [{ source: 'a', price: 95, at: time }] } },
    });
    const fresh = run(crash, [guard, ...presets.dydx], at(990));
    expect(fresh.trace.steps[0]?.detail).toMatchObject({ allowed: true, price: '95' });
    expect(fresh.trace.steps[1]?.need).toBe(0n);
    const stale = run(crash, [guard, ...presets.dydx], at(500));
    expect(stale.trace.steps.map(({ status }) => status)).toEqual(['stopped']);
    expect(stale.residual).toBe(50n);
    const gate = run(crash, presets.gen3.slice(-1), event);
    expect(gate.trace.steps[0]?.detail).toMatchObject({ withdraw: 'blocked', why: ['insolvency'] });
  });
});

describe('random venues', () => {
  const position = fc.record({ lots: fc.bigInt(-40n, 40n), entry: fc.bigInt(1n, 200n) });
  const people = fc.array(fc.record({ balance: fc.bigInt(-30n, 400n), btc: position, eth: position }), {
    minLength: 3,
    maxLength: 8,
  });
  const venue = fc.record({
    people,
    money: fc.bigInt(0n, 300n),
    marks: fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 })),
  });

  it('every preset conserves, never loses a lot, and replays', () => {
    fc.assert(
      fc.property(venue, fc.constantFrom(...names), ({ people: all, money, marks }, name) => {
        const accounts = all.map(({ balance, btc, eth }, i) =>
          member(`m${i}`, balance, {
            BTC: { lots: btc.lots, cost: -btc.lots * btc.entry },
            ETH: { lots: eth.lots, cost: -eth.lots * eth.entry },
          }),
        );
        const net = (market: 'BTC' | 'ETH'): bigint =>
          accounts.reduce((sum, { positions }) => sum - BigInt(positions?.[market]?.lots ?? 0), 0n);
        // Somebody has the other side of what does not add up.
        accounts.push(
          member('maker', 100_000n, { BTC: { lots: net('BTC'), cost: 0n }, ETH: { lots: net('ETH'), cost: 0n } }),
        );
        const state: StateJSON = {
          markets: [
            { id: 'BTC', settle: 'USD', mark: marks[0] },
            { id: 'ETH', settle: 'USD', mark: marks[1] },
          ],
          accounts: [...accounts, ...houses(money)],
        };
        const from = stateOf(state);
        const defaulters = accounts
          .filter(({ id }) => id !== 'maker' && from.equity(id, 'USD') < 0n)
          .map(({ id }) => id);
        if (defaulters.length === 0) return;
        const outcome = run(state, presets[name], { asset: 'USD', defaulters, values: { collateralPrice: 10 } });
        conserves(outcome, state);
        // Each account is told what it has gained, to the unit.
        const worth = (of: State, row: number): bigint =>
          [...of.columns.purses.values()].reduce(
            (sum, { asset, amounts }) => (asset === 'USD' ? sum + amounts.at(row) : sum),
            [...of.columns.markets.values()].reduce((sum, market) => sum + of.profitAt(row, market), 0n),
          );
        for (const [row, id] of from.columns.ids.names.entries()) {
          expect(explainAccount(id, outcome).money, id).toBe(worth(outcome.state, row) - worth(from, row));
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
