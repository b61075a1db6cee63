// All defaults of a book, round by round: nothing is made or lost, funds give no more than they are worth, own assets come
// first, and whoever can not bear what was put on it is asked again.

import { describe, expect, it } from 'vitest';
import { syntheticVenue } from '../bindings/cli/demo/synthetic.js';
import { build } from '../bindings/cli/demo.js';
import { Book, type BookJSON, MarginError, margin } from '../bindings/index.js';
import { defaultsOf, type ForSale, ledgerOf, resolveDefaults } from '../bindings/venue/index.js';
import { presets, run, type Stage, type State } from '../bindings/waterfall/index.js';
import { cases } from './cases.js';

const ASSETS = ['USDT', 'USDC', 'BTC', 'ETH', 'SOL'];
const DECIMALS = { decimals: 8 };

/** The demo venue after a fall of all coins. */
function fallen(seed: number, share = 0.4): Uint8Array {
  const venue = syntheticVenue(seed);
  const book = build({ ...venue, orders: false }, 300, seed);
  for (const { id, kind, mark } of venue.markets) {
    if (kind !== 'prediction') book.setMark(id, Number(mark) * (1 - share));
  }
  for (const id of ['BTC', 'ETH', 'SOL']) {
    book.setPrice(id, Number(venue.assets.find((asset) => asset.id === id)?.price) * (1 - share));
  }
  return book.encode();
}

const own: Stage = { kind: 'convert', id: 'own' };
const stagesOf = (name: 'binance' | 'hyperliquid' | 'dydx' | 'gen1' | 'gen3' | 'drift'): readonly Stage[] => {
  const stages = presets[name];
  return stages.some(({ kind }) => kind === 'convert') ? stages : [...stages.slice(0, 1), own, ...stages.slice(1)];
};
const funds = ['insurance', 'vault', 'feePool'].map((id) => ({
  id,
  balances: { USDT: 20_000_00000000n, BTC: 10_000_000n },
}));

/** Everything that a ledger has, by asset: at the marks, and lots by market. */
function totals(state: State): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  const add = (key: string, amount: bigint): void => void sums.set(key, (sums.get(key) ?? 0n) + amount);
  for (const { asset, amounts } of state.columns.purses.values()) for (const amount of amounts) add(asset, amount);
  for (const [id, { lots, cost }] of state.columns.holdings) {
    for (const each of cost) add(state.market(id).settle, each);
    for (const each of lots) add(`lots of ${id}`, each);
  }
  return sums;
}

describe.each(['binance', 'hyperliquid', 'dydx', 'gen1', 'gen3', 'drift'] as const)('a fall under %s', (name) => {
  it.each([1, 2])('is accounted for to the unit (seed %i)', (seed) => {
    const book = Book.decode(fallen(seed));
    const ledger = ledgerOf(book, { ...DECIMALS, funds });
    const { state, rounds, residual, left } = resolveDefaults(book, ledger, stagesOf(name), DECIMALS);
    expect(rounds.length).toBeGreaterThan(0);
    expect(rounds.length).toBeLessThan(10);
    expect(totals(state)).toEqual(totals(ledger));
    for (const { id } of funds)
      for (const asset of ASSETS) expect(state.equity(id, asset), id).toBeGreaterThanOrEqual(0n);
    // What is left open is what the last waterfall that somebody went down has said, in every asset.
    const open = new Map<string, bigint>();
    for (const { parts } of rounds) {
      for (const { asset, waterfall } of parts) {
        for (const { account, residual } of waterfall?.deficits ?? []) open.set(`${account} ${asset}`, residual);
      }
    }
    for (const id of left) {
      for (const asset of ASSETS) {
        const equity = state.equity(id, asset);
        expect(equity < 0n ? -equity : 0n, `${id} ${asset}`).toBe(open.get(`${id} ${asset}`) ?? 0n);
      }
    }
    expect(defaultsOf(book, margin(book))).toEqual(left);
    for (const amount of Object.values(residual)) expect(amount).toBeGreaterThan(0n);
  });
});

const venue = (accounts: BookJSON['accounts'], more: Partial<BookJSON> = {}): Book =>
  Book.fromJSON({
    format: 'margin-kernel/book@1',
    assets: [
      { id: 'USDT', price: 1 },
      { id: 'USDC', price: 1 },
    ],
    markets: ['USDT', 'USDC'].map((settle) => ({
      id: `BTC-${settle}`,
      kind: 'linear' as const,
      settle,
      mark: 100,
      lot: 1,
      brackets: [{ upTo: null, maintenanceRate: 0.1 }],
    })),
    accounts,
    ...more,
  });
const TWO = { decimals: 2 };

describe('own assets', () => {
  it('are sold in all assets before others pay in one', () => {
    // The loss in USDC is met by USDT, which a deleveraging in USDT, the first asset, would have used up.
    const book = venue([
      {
        id: 'd',
        balances: { USDT: 500, USDC: 100 },
        positions: [
          { market: 'BTC-USDT', size: 10, entry: 110 },
          { market: 'BTC-USDC', size: 10, entry: 150 },
        ],
      },
      {
        id: 'w',
        balances: { USDT: 1000, USDC: 1000 },
        positions: [
          { market: 'BTC-USDT', size: -10, entry: 110 },
          { market: 'BTC-USDC', size: -10, entry: 150 },
        ],
      },
    ]);
    const stages: Stage[] = [own, { kind: 'adl', id: 'adl' }];
    const { state, residual } = resolveDefaults(book, ledgerOf(book, TWO), stages, TWO);
    expect(residual).toEqual({});
    expect(['USDT', 'USDC'].map((asset) => state.equity('d', asset))).toEqual([0n, 0n]);
    // It had 500 + 100 - 100 - 500 = 0: nobody else pays anything.
    expect(['USDT', 'USDC'].map((asset) => state.equity('w', asset))).toEqual([1100_00n, 1500_00n]);
  });

  it('are what is free: a balance that backs a loss stays', () => {
    const book = venue([
      {
        id: 'd',
        balances: { USDT: 500, USDC: 0 },
        positions: [
          { market: 'BTC-USDT', size: 10, entry: 140 },
          { market: 'BTC-USDC', size: 10, entry: 150 },
        ],
      },
    ]);
    const { state, postings } = run(ledgerOf(book, TWO), [own], {
      asset: 'USDC',
      defaulters: ['d'],
      prices: { USDT: 1 },
    });
    expect([...postings.of('d')].map(({ asset, delta }) => [asset, delta])).toEqual([
      ['USDT', -100_00n],
      ['USDC', 100_00n],
    ]);
    expect(state.equity('d', 'USDT')).toBe(0n);
  });
});

describe('a fund', () => {
  it('gives no more than it is worth after what it has taken over', () => {
    const state = {
      accounts: [
        { id: 'a', balances: { USD: 100n }, positions: { M: { lots: 10n, cost: -1600n } } },
        { id: 'b', balances: { USD: -300n } },
        { id: 'insurance', house: true, balances: { USD: 600n } },
      ],
      markets: [{ id: 'M', settle: 'USD', mark: 100 }],
    };
    const stages: Stage[] = [
      { kind: 'transfer', id: 'takeover', to: 'insurance' },
      { id: 'insurance', who: ['insurance'] },
    ];
    const outcome = run(state, stages, { defaulters: ['a', 'b'] });
    // It has taken over a loss of 500: of its 700 in cash 100 are free.
    expect(outcome.state.equity('insurance', 'USD')).toBe(0n);
    expect(outcome.residual).toBe(200n);
  });
});

describe('rounds', () => {
  it('come back to a defaulter that was made to pay after its own default', () => {
    const position = (market: string, size: number, entry: number) => ({ market, size, entry });
    const book = venue([
      // In danger for its USDT; what it has in USDC is small, and stands against the largest loser there.
      {
        id: 'x',
        balances: { USDT: 10, USDC: 150 },
        positions: [position('BTC-USDT', 10, 120), position('BTC-USDC', -10, 100)],
      },
      { id: 'y', balances: { USDT: 5000 }, positions: [position('BTC-USDT', -10, 120)] },
      { id: 'z', balances: { USDC: 10 }, positions: [position('BTC-USDC', 10, 190)] },
    ]);
    const stages: Stage[] = [
      // Worth nothing to anybody, so that what it has in USDC stays where it is.
      { kind: 'convert', id: 'own', discount: 1 },
      { kind: 'adl', id: 'adl' },
      { id: 'fund', who: ['fund'] },
    ];
    const money = { USDT: 10_000_00n, USDC: 10_000_00n };
    const ledger = ledgerOf(book, { ...TWO, funds: [{ id: 'fund', balances: money }] });
    const { rounds, residual, left } = resolveDefaults(book, ledger, stages, TWO);
    expect(rounds.map(({ defaulters }) => defaulters.length)).toEqual([2, 1]);
    expect([residual, left]).toEqual([{}, []]);
  });

  it('ask for bids before each auction, of what is for sale then', () => {
    const book = venue([
      { id: 'd', balances: { USDT: 10 }, positions: [{ market: 'BTC-USDT', size: 10, entry: 110 }] },
      { id: 'b', balances: { USDT: 5000 }, positions: [{ market: 'BTC-USDT', size: -10, entry: 110 }] },
    ]);
    const asked: Omit<ForSale, 'state'>[] = [];
    const bids = ({ state, ...at }: ForSale): Record<string, unknown> => {
      asked.push(at);
      return { auction: [{ bidder: 'b', price: -100n }] };
    };
    const { state } = resolveDefaults(book, ledgerOf(book, TWO), presets.gen1, { ...TWO, bids });
    expect(asked).toEqual([{ asset: 'USDT', round: 0, defaulters: ['d'] }]);
    expect(state.position('b', 'BTC-USDT').lots).toBe(0n);
  });

  it('are refused by name where an option is not known', () => {
    const book = venue([]);
    const options = { bid: () => ({}) } as never;
    expect(() => resolveDefaults(book, ledgerOf(book), [], options)).toThrow(MarginError);
  });
});

describe('rounds end', () => {
  it.each(['gen2', 'gen3', 'hyperliquid'] as const)('where the stages can do no more: %s', (name) => {
    for (let seed = 21; seed < 21 + cases(12); seed++) {
      const book = Book.decode(fallen(seed, 0.45));
      const poor = funds.map(({ id }) => ({ id, balances: { USDT: 5_000_00000000n, BTC: 10_000_000n } }));
      const options = { ...DECIMALS, rounds: 30 };
      const { state, rounds, residual } = resolveDefaults(
        book,
        ledgerOf(book, { ...DECIMALS, funds: poor }),
        presets[name],
        options,
      );
      expect(rounds.length).toBeLessThan(30);
      const again = resolveDefaults(book, state, presets[name], options);
      expect([seed, again.residual]).toEqual([seed, residual]);
    }
  });
});

describe('hedges', () => {
  it('are deleveraged last where the venue says so', () => {
    const position = (size: number) => [{ market: 'BTC-PERP', size, entry: 50_000 }];
    const json: BookJSON = {
      format: 'margin-kernel/book@1',
      assets: [{ id: 'USDT', price: 1, decimals: 2 }],
      markets: [
        {
          ...{ id: 'BTC-PERP', kind: 'linear', settle: 'USDT', mark: 50_000, lot: 0.001 },
          brackets: [{ upTo: null, maintenanceRate: 0.01, initialRate: 0.02 }],
        },
      ],
      accounts: [
        { id: 'd', balances: { USDT: -100 }, positions: position(0.1) },
        { id: 'bull', balances: { USDT: 20_000 }, positions: position(0.2) },
        { id: 'hedger', balances: { USDT: 4000 }, positions: position(-0.15) },
        { id: 'plain', balances: { USDT: 9000 }, positions: position(-0.15) },
      ],
    };
    const closed = (hedged: boolean): string[] => {
      const book = Book.fromJSON(json);
      // The bid would be filled into the short: without it the bid needs margin of its own.
      book.placeOrder('hedger', { market: 'BTC-PERP', side: 'buy', size: 0.3, price: 50_000 });
      const options = { hedged, score: 'okx' } as const;
      const { state } = resolveDefaults(book, ledgerOf(book), [{ kind: 'adl', id: 'adl' }], options);
      return ['hedger', 'plain'].filter((id) => state.position(id, 'BTC-PERP').lots !== -150n);
    };
    expect([closed(false), closed(true)]).toEqual([['hedger'], ['plain']]);
  });
});
