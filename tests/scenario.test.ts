// Scenario models on the reference engine, part by part, against sums by hand; what legs add; what-ifs; whole multiples; and what the
// doors refuse. Kernel and reference are compared elsewhere.
import { describe, expect, it } from 'vitest';
import type { BookJSON, ExpiryJSON, MarketJSON, PositionJSON } from '../bindings/book/types.js';
import { explain } from '../bindings/explain.js';
import { accountMargin, margin } from '../bindings/margin.js';
import { Book } from '../bindings/reference/index.js';
import { explainScenarios, type PartExplanation } from '../bindings/scenario/explain.js';
import { explainScenariosText } from '../bindings/scenario/explain-text.js';
import { scenarioGains } from '../bindings/scenario/gains.js';
import type { ModelJSON, PartJSON } from '../bindings/scenario/types.js';
import { whatIf } from '../bindings/scenario/what-if.js';
import { Book as KernelBook } from '../bindings/scenario.js';
import { refusedWith } from './refusal.js';

const DAY = 86_400;
const YEAR = 365 * DAY;

/** Black-76 by the host's functions: an oracle good to 1e-12. */
function cdf(x: number): number {
  // Series of Phi for |x| < 6: enough digits for what is compared here.
  let [term, sum] = [x, x];
  for (let n = 1; n < 200; n++) {
    term *= (x * x) / (2 * n + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
function black(isCall: boolean, forward: number, strike: number, vol: number, years: number): number {
  const sd = vol * Math.sqrt(years);
  const d1 = Math.log(forward / strike) / sd + sd / 2;
  const call = forward * cdf(d1) - strike * cdf(d1 - sd);
  return isCall ? call : call - forward + strike;
}

const EXPIRIES: ExpiryJSON[] = [
  { id: 'near', asset: 'BTC', seconds: 30 * DAY, forward: 50_500 },
  { id: 'far', asset: 'BTC', seconds: 180 * DAY, forward: 52_000, rate: 0.05 },
  { id: 'eth', asset: 'ETH', seconds: 30 * DAY, forward: 3_030 },
];
const NO_BRACKETS = [{ upTo: null, maintenanceRate: 0 }];
const MARKETS: MarketJSON[] = [
  { id: 'BTC-PERP', kind: 'linear', base: 'BTC', settle: 'USDC', mark: 50_010, index: 50_000, brackets: NO_BRACKETS },
  {
    id: 'BTC-FAR',
    kind: 'linear',
    base: 'BTC',
    settle: 'USDC',
    expiry: 'far',
    mark: 52_000,
    index: 50_000,
    brackets: NO_BRACKETS,
  },
  { id: 'ETH-PERP', kind: 'linear', base: 'ETH', settle: 'USDC', mark: 3_000, brackets: NO_BRACKETS },
  { id: 'near-50-C', kind: 'call', expiry: 'near', strike: 50_000, volatility: 0.6, settle: 'USDC' },
  { id: 'near-50-P', kind: 'put', expiry: 'near', strike: 50_000, volatility: 0.6, settle: 'USDC' },
  { id: 'near-60-C', kind: 'call', expiry: 'near', strike: 60_000, volatility: 0.65, settle: 'USDC' },
  { id: 'far-50-C', kind: 'call', expiry: 'far', strike: 50_000, volatility: 0.7, settle: 'USDC' },
  { id: 'eth-3-P', kind: 'put', expiry: 'eth', strike: 3_000, volatility: 0.8, settle: 'USDC' },
];

const scan: PartJSON = { scan: 'scan' };
const model = (requirement: PartJSON, more: Partial<ModelJSON> = {}): ModelJSON => ({
  id: 'm',
  scenarios: [{ price: 0.1 }, { price: -0.1 }],
  requirement,
  ...more,
});

function bookJSON(m: ModelJSON, positions: PositionJSON[], more: Partial<BookJSON['accounts'][number]> = {}): BookJSON {
  return {
    format: 'margin-kernel/book@1',
    assets: [
      { id: 'USDC', price: 1 },
      { id: 'BTC', price: 50_000, confidence: 0.9 },
      { id: 'ETH', price: 3_000 },
      { id: 'WBTC', price: 49_900, hedges: 'BTC', assetWeight: 0.9 },
    ],
    expiries: EXPIRIES,
    models: [m],
    markets: MARKETS,
    accounts: [{ id: 'a', model: 'm', balances: { USDC: 100_000 }, positions, ...more }],
  };
}
const bookOf = (...args: Parameters<typeof bookJSON>): Book => Book.fromJSON(bookJSON(...args));
const required = (m: ModelJSON, positions: PositionJSON[], more = {}): [number, number] => {
  const { initialMargin, maintenanceMargin } = accountMargin(bookOf(m, positions, more), 'a');
  return [initialMargin, maintenanceMargin];
};
const at = (market: string, size: number): PositionJSON =>
  market.includes('PERP') || market === 'BTC-FAR'
    ? { market, size, entry: market.startsWith('ETH') ? 3_000 : 50_000 }
    : { market, size };

describe.each([
  ['reference', Book],
  ['kernel', KernelBook],
])('an option with a mark of its own, %s', (_, Engine) => {
  const quoted = (mark: number): BookJSON => {
    const json = bookJSON(model(scan), [at('near-60-C', 1)]);
    return { ...json, markets: MARKETS.map((x) => (x.id === 'near-60-C' ? { ...x, mark } : x)) };
  };

  it('loses its mark at most', () => {
    const book = Engine.fromJSON(quoted(100));
    expect(accountMargin(book, 'a').initialMargin).toBeCloseTo(100, 9);
    book.setMark('near-60-C', 50);
    expect(accountMargin(book, 'a').initialMargin).toBeCloseTo(50, 9);
  });

  it('follows its value again without it, and keeps it through what is refused', () => {
    const book = Engine.fromJSON(quoted(100));
    const valued = accountMargin(Engine.fromJSON(bookJSON(model(scan), [at('near-60-C', 1)])), 'a');
    book.setMark('near-60-C', null);
    expect(accountMargin(book, 'a')).toEqual(valued);
    expect(() => book.setMark('near-60-C', -1)).toThrow(/range/);
    book.setPrice('BTC', 50_000);
    expect(accountMargin(book, 'a')).toEqual(valued);
    expect(() => book.setMark('BTC-PERP', null)).toThrow(/only an option/);
    expect(() => book.setMark('near-60-C', null, { index: 1 })).toThrow(/unknown-key/);
    // Nor with a mark: no JSON could hold an index or a guard of an option.
    for (const key of ['index', 'twap', 'stable']) {
      expect(() => book.setMark('near-60-C', 1, { [key]: 1 })).toThrow(/unknown-key/);
    }
    book.addAccount({ id: 'none' });
    expect(() => book.setLeverage('none', 'near-60-C', 3)).toThrow(/options are margined by the scenarios/);
    expect(Engine.decode(book.encode()).toJSON()).toEqual(book.toJSON());
  });
});

describe('a scan', () => {
  it('is the largest loss, at least 0', () => {
    expect(required(model(scan), [at('BTC-PERP', 2)])[0]).toBeCloseTo(10_002, 8);
    expect(required(model(scan), [at('BTC-PERP', -3)])[0]).toBeCloseTo(15_003, 8);
    expect(required(model(scan), [])).toEqual([0, 0]);
    // A straddle that is held wins either way, unless the scan is signed.
    const straddle = [at('near-50-C', 1), at('near-50-P', 1)];
    expect(required(model(scan), straddle)).toEqual([0, 0]);
    const won = explainScenarios(bookOf(model({ scan: 'scan', signed: true }), straddle), 'a').requirement;
    expect(won.amount).toBeLessThan(0);
  });

  it('reprices options by Black-76 at the moved forward, discounted where the expiry is', () => {
    const [years, moved] = [30 / 365, 50_500 * 1.1];
    const loss = black(true, moved, 60_000, 0.65, years) - black(true, 50_500, 60_000, 0.65, years);
    expect(required(model(scan), [at('near-60-C', -4)])[0]).toBeCloseTo(4 * loss, 7);
    const discount = Math.exp((-0.05 * 180) / 365);
    const far = black(true, 52_000 * 1.1, 50_000, 0.7, 180 / 365) - black(true, 52_000, 50_000, 0.7, 180 / 365);
    expect(required(model(scan), [at('far-50-C', -1)])[0]).toBeCloseTo(discount * far, 7);
  });

  it('moves volatility by factor, amount and skew, each by its term', () => {
    const loss = (volatility: ModelJSON['volatility'], vol: number): void => {
      const m = model(scan, { volatility: volatility ?? {}, scenarios: [{ volatility: 'v' }] });
      const now = black(true, 50_500, 50_000, 0.6, 30 / 365);
      expect(required(m, [at('near-50-C', -1)])[0]).toBeCloseTo(black(true, 50_500, 50_000, vol, 30 / 365) - now, 7);
    };
    loss({ v: { scale: 0.5 } }, 0.9);
    loss({ v: { shift: 0.1 } }, 0.7);
    loss({ v: { scale: 0.1, least: 0.8 } }, 0.8);
    loss({ v: { scale: 0.5, term: { days: 60, short: 0.5 } } }, 0.6 * (1 + 0.5 * Math.sqrt(2)));
    loss({ v: { scale: 0.5, term: { days: 15, short: 2, long: 1 } } }, 0.6 * 1.25);
    loss({ v: { scale: 0.5, term: { days: 60, floorDays: 45, short: 1 } } }, 0.6 * (1 + (0.5 * 60) / 45));
    const root = Math.sqrt(30 / 365);
    const k = Math.log(50_000 / 50_500);
    const width = root * 4 * (0.6 - 0.1 * root);
    const skew = (symmetric: boolean): ModelJSON['volatility'] => ({
      v: { skew: { cap: 0.5, width: { least: 0.01, factor: 4, level: 0.6, rise: -0.1 }, symmetric } },
    });
    loss(skew(true), 0.6 * (1 + (Math.abs(k) * 0.5) / width));
  });

  it('nets underlyings, and within the gains that it lets them set off', () => {
    const two = [at('BTC-PERP', 1), at('ETH-PERP', -10)];
    expect(required(model(scan), two)[0]).toBeCloseTo(5_001 - 3_000, 8);
    expect(required(model({ scan: 'scan', gains: 0.5 }), two)[0]).toBeCloseTo(5_001 - 1_500, 8);
    expect(required(model({ each: scan }), two)[0]).toBeCloseTo(5_001 + 3_000, 8);
  });

  it('weighs and dampens', () => {
    const m = (row: object): ModelJSON => model(scan, { scenarios: [{ price: -0.2, ...row }] });
    expect(required(m({ weight: 0.3 }), [at('BTC-PERP', 1)])[0]).toBeCloseTo(3_000.6, 8);
    expect(required(m({ dampener: 4_000 }), [at('BTC-PERP', 1)])[0]).toBeCloseTo(6_002, 8);
    expect(required(m({ dampener: 20_000 }), [at('BTC-PERP', 1)])[0]).toBe(0);
  });

  it('discounts the value of an expiry by its sign, or counts what is left as a loss either way', () => {
    const discount = { base: 0.9, rateFactor: 1, rateAdd: 0.1, negative: { base: 1.05 } };
    const value = black(true, 50_500, 50_000, 0.6, 30 / 365);
    const years = 30 / 365;
    const still = (operation: 'discount' | 'loss'): ModelJSON => model(scan, { discount, scenarios: [{ operation }] });
    const held = value * (1 - 0.9 * Math.exp(-0.1 * years));
    expect(required(still('discount'), [at('near-50-C', 2)])[0]).toBeCloseTo(2 * held, 7);
    // exp(r t) is 1 without a rate, so a debt grows no further than to itself.
    expect(required(still('discount'), [at('near-50-C', -2)])[0]).toBeCloseTo(0, 7);
    const far = black(true, 52_000, 50_000, 0.7, 180 / 365) * Math.exp((-0.05 * 180) / 365);
    const grown = Math.min(Math.exp((0.05 * 180) / 365), 1.05);
    expect(required(still('loss'), [at('far-50-C', -1)])[0]).toBeCloseTo(far * (grown - 1), 7);
  });

  it('by expiry sums what each loses at its worst, times its factor', () => {
    const by: PartJSON = { scan: 'scan', by: 'expiry', expiryFactor: { base: 0.5, perYear: 2 } };
    const near = black(true, 50_500 * 1.1, 50_000, 0.6, 30 / 365) - black(true, 50_500, 50_000, 0.6, 30 / 365);
    const discount = Math.exp((-0.05 * 180) / 365);
    const far =
      discount * (black(true, 52_000, 50_000, 0.7, 180 / 365) - black(true, 52_000 * 0.9, 50_000, 0.7, 180 / 365));
    const want = near * (0.5 + (2 * 30) / 365) + far * (0.5 + (2 * 180) / 365);
    // The perpetual has no expiry.
    const [initial] = required(model(by), [at('near-50-C', -1), at('far-50-C', 1), at('BTC-PERP', 9)]);
    expect(initial).toBeCloseTo(want, 6);
  });

  it('may take a rank, a shortfall or an age-weighted loss', () => {
    const scenarios = [-0.05, 0.02, -0.1, -0.01, -0.03, 0.04, -0.02, 0, -0.08, 0.01].map((price) => ({ price }));
    const of = (reduce: object): number =>
      required(model({ scan: 'scan', reduce } as PartJSON, { scenarios }), [at('BTC-PERP', 1)])[0] / 50_010;
    expect(of({ rank: 1 })).toBeCloseTo(0.1, 12);
    expect(of({ rank: 3 })).toBeCloseTo(0.05, 12);
    expect(of({ rank: 8 })).toBe(0);
    expect(of({ shortfall: '0.8' })).toBeCloseTo((0.1 + 0.08) / 2, 12);
    expect(of({ shortfall: '0.75' })).toBeCloseTo((0.1 + 0.08 + 0.5 * 0.05) / 2.5, 12);
    // All of one age: as a rank. The youngest stands last.
    expect(of({ aged: '0.8', decay: 1 })).toBeCloseTo(0.08, 12);
    const weights = scenarios.map((_, i) => 0.5 ** (9 - i));
    const total = weights.reduce((sum, w) => sum + w, 0);
    const order = scenarios
      .map(({ price }, i) => ({ price, w: (weights[i] ?? 0) / total }))
      .sort((a, b) => a.price - b.price);
    let reached = 0;
    const hit = order.find(({ w }) => {
      reached += w;
      return reached >= 0.3;
    });
    expect(of({ aged: '0.7', decay: 0.5 })).toBeCloseTo(Math.max(0, -(hit?.price ?? 0)), 12);
  });

  it('reads 0.99 of 1000 scenarios as 10, not 11', () => {
    const scenarios = Array.from({ length: 1_000 }, (_, i) => ({ price: -i / 10_000 }));
    const reduce = { shortfall: 0.99 } as const;
    const [got] = required(model({ scan: 'scan', reduce }, { scenarios }), [at('BTC-PERP', 1)]);
    const mean = Array.from({ length: 10 }, (_, i) => (999 - i) / 10_000).reduce((sum, x) => sum + x, 0) / 10;
    expect(got / 50_010).toBeCloseTo(mean, 12);
  });

  it('takes time off, and stops prices at 0', () => {
    const m = model(scan, { scenarios: [{ days: 10 }] });
    const decay = black(true, 50_500, 50_000, 0.6, 30 / 365) - black(true, 50_500, 50_000, 0.6, 20 / 365);
    expect(required(m, [at('near-50-C', 1)])[0]).toBeCloseTo(decay, 7);
    const range = model(scan, {
      parameters: { '*': { r: 2 }, ETH: { r: 0.1 } },
      scenarios: [{ price: -1, range: 'r' }],
    });
    expect(required(range, [at('BTC-PERP', 1), at('ETH-PERP', 1)])[0]).toBeCloseTo(50_010 + 300, 8);
  });
});

describe('charges', () => {
  it('count exposures gross, short and net at a strike', () => {
    const positions = [at('near-50-C', -3), at('near-50-P', 1), at('near-60-C', 2), at('BTC-PERP', -2)];
    const of = (part: PartJSON): number => required(model(part), positions)[0];
    expect(of({ gross: 'options', factor: 0.01 })).toBeCloseTo(6 * 500, 8);
    expect(of({ short: 'options', factor: 0.01 })).toBeCloseTo(3 * 500, 8);
    expect(of({ netShort: 'options', factor: 0.01 })).toBeCloseTo(2 * 500, 8);
    expect(of({ gross: 'linear', factor: 0.01 })).toBeCloseTo(1_000, 8);
    expect(of({ gross: 'linear', at: 'value', factor: 0.01 })).toBeCloseTo(1_000.2, 8);
    expect(of({ short: 'options', at: 'contract', factor: 7 })).toBeCloseTo(21, 10);
  });

  it('count what a confidence lacks, below its threshold alone', () => {
    const doubt = (threshold: number, factor = 2): PartJSON => ({
      gross: 'options',
      confidence: { threshold, factor },
    });
    expect(required(model(doubt(0.95)), [at('near-50-C', -1)])[0]).toBeCloseTo(50_000 * 0.1 * 2, 8);
    expect(required(model(doubt(0.9)), [at('near-50-C', -1)])[0]).toBe(0);
  });

  it('count deposits that hedge, but no cash', () => {
    const held = { balances: { USDC: 1_000, WBTC: 2 } };
    const m = (part: PartJSON): ModelJSON => model(part, { cash: 'USDC' });
    expect(required(m({ gross: 'collateral', at: 'value' }), [], held)[0]).toBeCloseTo(2 * 49_900, 8);
    expect(required(m({ gross: 'collateral' }), [], held)[0]).toBeCloseTo(2 * 50_000, 8);
    // It moves with its coin in a scan.
    expect(required(m(scan), [at('BTC-PERP', -1)], held)[0]).toBeCloseTo(0.1 * (2 * 49_900 - 50_010), 7);
  });

  it('count deltas: net and hedged, by month, and beyond a size', () => {
    const positions = [at('BTC-PERP', 2), at('BTC-FAR', -1)];
    const of = (part: PartJSON): number => required(model(part), positions)[0];
    const [long, short] = [2 * 50_000, 50_000];
    expect(of({ delta: { net: 0.02, hedged: 0.01 } })).toBeCloseTo(0.02 * (long - short) + 0.01 * short, 7);
    expect(of({ roll: { least: 0.01, perYear: 0.1 } })).toBeCloseTo(long * 0.01 + short * ((0.1 * 180) / 365), 7);
    const shock = { threshold: 10_000, slope: 0.05, most: 0.03 };
    expect(of({ each: { deltaShock: shock } })).toBeCloseTo(50_000 * 0.03, 7);
    expect(of({ each: { deltaShock: { ...shock, most: 1 } } })).toBeCloseTo(50_000 * 0.04, 7);
    expect(of({ each: { deltaShock: { ...shock, threshold: 50_000 } } })).toBe(0);
  });

  it('have factors by level and by underlying, pegs, tiers and maxima', () => {
    const gross: PartJSON = { gross: 'linear', at: 'value' };
    const parameters = { '*': { rate: 0.5 }, ETH: { rate: 0.25 } };
    const both = [at('BTC-PERP', 1), at('ETH-PERP', 1)];
    const named = { initial: 'rate', maintenance: 0.1 };
    const [initial, maintenance] = required(model({ each: { ...gross, factor: named } }, { parameters }), both);
    expect(initial).toBeCloseTo(25_005 + 750, 8);
    expect(maintenance).toBeCloseTo(5_301, 8);
    const peg = { asset: 'USDC', threshold: 1.02, factor: { initial: 2, maintenance: 0 } };
    expect(required(model({ ...gross, factor: 0.1, peg }), [at('ETH-PERP', 1)])[0]).toBeCloseTo(3_000 * 0.14, 8);
    const tiers = [
      { upTo: 1_000, rate: 1 },
      { upTo: 2_000, rate: 2 },
      { upTo: null, rate: 4 },
    ];
    expect(required(model({ tiers, of: gross }), [at('ETH-PERP', 1)])[0]).toBeCloseTo(1_000 + 2_000 + 4_000, 8);
    // The last tier goes on for ever, also where it names a bound.
    const bound = [...tiers.slice(0, 2), { upTo: 2_500, rate: 4 }];
    expect(required(model({ tiers: bound, of: gross }), [at('ETH-PERP', 1)])[0]).toBeCloseTo(7_000, 8);
    expect(required(model({ max: [gross, scan] }), [at('ETH-PERP', 1)])[0]).toBeCloseTo(3_000, 8);
  });

  it('take open orders as filled, the worse side of both', () => {
    const orders = [
      { market: 'BTC-PERP', side: 'buy' as const, size: 3, price: 49_000 },
      { market: 'BTC-PERP', side: 'sell' as const, size: 10, price: 51_000 },
    ];
    expect(required(model(scan), [at('BTC-PERP', 2)], { orders })[0]).toBeCloseTo(8 * 5_001, 7);
    expect(required(model(scan, { orders: 'none' }), [at('BTC-PERP', 2)], { orders })[0]).toBeCloseTo(2 * 5_001, 7);
  });
});

describe('contracts that pay coin', () => {
  const markets: MarketJSON[] = [
    { id: 'INV', kind: 'inverse', base: 'BTC', settle: 'BTC', multiplier: 100, mark: 50_000, brackets: NO_BRACKETS },
    { id: 'COIN-C', kind: 'call', expiry: 'near', strike: 50_000, volatility: 0.6, settle: 'BTC' },
  ];
  const coin = (m: ModelJSON, position: PositionJSON): number => {
    const json = bookJSON(m, []);
    const account = { id: 'a', model: 'm', balances: { BTC: 5 }, positions: [position] };
    return accountMargin(Book.fromJSON({ ...json, markets, accounts: [account] }), 'a').initialMargin;
  };

  it('lose coins, at their price of now', () => {
    // 100 USD a contract: 500 of them are one coin.
    const lost = 50_000 * (1 / 0.9 - 1);
    expect(coin(model(scan), { market: 'INV', size: 500, entry: 50_000 })).toBeCloseTo(lost, 7);
    const value = (f: number): number => black(true, 50_500 * f, 50_000, 0.6, 30 / 365) / f;
    expect(coin(model(scan), { market: 'COIN-C', size: -1 })).toBeCloseTo(value(1.1) - value(1), 7);
  });

  it('are marked in coin', () => {
    const json = { ...bookJSON(model(scan), []), markets };
    const book = Book.fromJSON({
      ...json,
      accounts: [{ id: 'a', model: 'm', positions: [{ market: 'COIN-C', size: 2 }] }],
    });
    expect(accountMargin(book, 'a').equity).toBeCloseTo(2 * black(true, 50_500, 50_000, 0.6, 30 / 365), 7);
    expect(book.store.columns.market.mark[1]).toBeCloseTo(black(true, 50_500, 50_000, 0.6, 30 / 365) / 50_000, 12);
  });
});

describe('explainScenarios', () => {
  const requirement: PartJSON = {
    sum: [
      {
        id: 'loss',
        max: [{ id: 'basis', scan: 'basis', by: 'expiry' }, scan],
        factor: { initial: 1.2, maintenance: 0.9 },
      },
      { id: 'naked', netShort: 'options', factor: 0.01 },
      { id: 'deltas', each: { delta: { net: 0.02, hedged: 0.01 } } },
      { id: 'roll', roll: { least: 0.01, perYear: 0.1 } },
    ],
  };
  const rich = model(requirement, {
    volatility: { up: { scale: 0.4 } },
    discount: { base: 0.95, negative: { base: 1.04 } },
    scenarios: [
      { id: 'up', price: 0.1, volatility: 'up', operation: 'discount' },
      { id: 'down', price: -0.1, volatility: 'up', operation: 'discount' },
      { id: 'skew', operation: 'loss' },
      { id: 'bu', set: 'basis', price: 0.05 },
      { id: 'bd', set: 'basis', price: -0.05 },
    ],
  });
  const positions = [
    at('near-50-C', -3),
    at('near-50-P', 2),
    at('near-60-C', 5),
    at('far-50-C', -1),
    at('eth-3-P', -20),
    at('BTC-PERP', 1.5),
    at('BTC-FAR', -1),
  ];

  it('has legs whose amounts are the requirement, summed in order', () => {
    for (const side of [1, -1]) {
      const held = positions.map((p) => ({ ...p, size: side * Number(p.size) }));
      const x = explainScenarios(bookOf(rich, held, { balances: { USDC: 10, WBTC: 1 } }), 'a');
      for (const level of ['initial', 'maintenance'] as const) {
        const told = x.legs.reduce((sum, leg) => sum + leg[level], 0);
        expect(x.total[level]).toBe(told + x.remainder[level]);
        expect(x.total[level]).toBeCloseTo(level === 'initial' ? x.initialMargin : x.maintenanceMargin, 6);
        expect(Math.abs(x.remainder[level])).toBeLessThan(1e-7);
      }
    }
  });

  it('names the scenarios that decide, and the parts that count', () => {
    const { deciding, requirement: root, scenarios, model: said } = explainScenarios(bookOf(rich, positions), 'a');
    const [loss] = root.parts as [PartExplanation];
    const counted = loss.parts?.find(({ counts }) => counts);
    expect(said.id).toBe('m');
    expect(scenarios.map(({ id }) => id)).toEqual(['up', 'down', 'skew', 'bu', 'bd']);
    expect(root.parts?.reduce((sum, { initial }) => sum + initial, 0)).toBeCloseTo(root.initial, 8);
    expect(loss.parts?.map(({ name }) => name)).toEqual(['basis', 'scan']);
    if (counted?.name === 'scan') {
      expect(deciding).toEqual(counted.tail);
      const least = Math.min(...scenarios.slice(0, 3).map(({ gain }) => gain));
      expect(deciding[0]?.gain).toBeCloseTo(least, 8);
      expect(counted.amount).toBeCloseTo(-least, 8);
    }
    expect(root.parts?.[2]?.parts?.map(({ underlying }) => underlying)).toEqual(['BTC', 'ETH']);
  });

  it('names the worst scenario of each expiry that loses, in a scan by expiry', () => {
    const scanned: PartJSON = { scan: 'scan', by: 'expiry', expiryFactor: { base: 0.5, perYear: 2 } };
    const json = model(scanned);
    const x = explainScenarios(bookOf(json, [at('near-50-C', -1), at('far-50-C', 1), at('BTC-PERP', 9)]), 'a');
    expect(x.deciding.map(({ index, expiry, underlying }) => [index, expiry, underlying])).toEqual([
      [0, 'near', 'BTC'],
      [1, 'far', 'BTC'],
    ]);
    expect(x.deciding.map(({ weight }) => weight)).toEqual([0.5 + (2 * 30) / 365, 0.5 + (2 * 180) / 365]);
    expect(x.deciding.reduce((sum, { gain, weight }) => sum - gain * weight, 0)).toBeCloseTo(x.initialMargin, 8);
    const text = explainScenariosText(x, json);
    expect(text).toMatch(/\n {6}near: .*: loses [\d,.]+, counts 66\.44 %\n {6}far: /);
    expect(text).not.toContain('nothing is lost');
  });

  it('says whose scenario decides below an each, and where gains count in part', () => {
    const two = [at('BTC-PERP', 1), at('ETH-PERP', -10)];
    const { deciding } = explainScenarios(bookOf(model({ each: scan }), two), 'a');
    expect(deciding.map(({ index, underlying }) => [index, underlying])).toEqual([
      [1, 'BTC'],
      [0, 'ETH'],
    ]);
    const text = (gains: number): string =>
      explainScenariosText(explainScenarios(bookOf(model({ scan: 'scan', gains }), two), 'a'));
    expect(text(0.5)).toContain('loses 2,001.00\n');
    expect(text(0.5)).toContain("an underlying's gains count only 50 % against losses of others: 3,501.00\n");
    expect(text(0)).toContain('count nothing against losses of others: 5,001.00\n');
    expect(text(1)).not.toContain('gains count');
  });

  it('tells dampeners, tiers and orders to no leg', () => {
    const damped = model(scan, { scenarios: [{ price: -0.1, dampener: 1_000 }] });
    const x = explainScenarios(bookOf(damped, [at('BTC-PERP', 1)]), 'a');
    expect([x.legs[0]?.initial, x.remainder.initial]).toEqual([expect.closeTo(5_001, 8), expect.closeTo(-1_000, 8)]);
    const tiers = [
      { upTo: 1_000, rate: 1 },
      { upTo: null, rate: 3 },
    ];
    const y = explainScenarios(bookOf(model({ tiers, of: scan }), [at('BTC-PERP', 1)]), 'a');
    expect([y.legs[0]?.initial, y.remainder.initial]).toEqual([expect.closeTo(15_003, 8), expect.closeTo(-2_000, 8)]);
    const orders = [{ market: 'BTC-PERP', side: 'buy' as const, size: 1, price: 50_000 }];
    const z = explainScenarios(bookOf(model(scan), [at('BTC-PERP', 1)], { orders }), 'a');
    expect([z.legs[0]?.initial, z.remainder.initial]).toEqual([expect.closeTo(5_001, 8), expect.closeTo(5_001, 8)]);
  });

  it('is what explain has of such a unit', () => {
    const book = bookOf(rich, positions);
    const { units } = explain(book, 'a');
    expect(units[0]?.scenarios).toEqual(explainScenarios(book, 'a'));
    expect(units[0]?.initialMargin).toBe(units[0]?.scenarios?.initialMargin);
    expect(units[0]?.positions.map(({ requirement }) => requirement.initial)).toEqual(positions.map(() => 0));
  });

  it('refuses an account without a model', () => {
    const json = bookJSON(model(scan), []);
    const book = Book.fromJSON({ ...json, accounts: [{ id: 'a', balances: {} }] });
    expect(refusedWith(() => explainScenarios(book, 'a'))).toMatchObject({ code: 'conflict', path: 'account' });
    expect(refusedWith(() => whatIf(book, 'a'))).toMatchObject({ code: 'conflict', path: 'account' });
  });
});

describe('whatIf', () => {
  const m = model(
    { sum: [scan, { netShort: 'options', factor: 0.01 }] },
    { scenarios: [{ price: 0.1 }, { price: -0.15 }] },
  );
  const positions = [at('near-50-C', -3), at('far-50-C', 1), at('BTC-PERP', 1)];
  const requiredOf = (extra: PositionJSON[]): [number, number] => required(m, extra);

  it('says what a trade makes of the requirement, and keeps nothing', () => {
    const book = bookOf(m, positions);
    const what = whatIf(book, 'a');
    const before = what.margin;
    expect([before.initialMargin, before.maintenanceMargin]).toEqual(requiredOf(positions));
    const { initialMargin, incremental } = what.try('near-50-P', -2);
    expect(initialMargin).toBeCloseTo(requiredOf([...positions, at('near-50-P', -2)])[0], 7);
    expect(incremental.initial).toBe(initialMargin - before.initialMargin);
    what.try('near-50-C', 3);
    expect(what.margin).toEqual(before);
    expect(accountMargin(book, 'a').initialMargin).toBe(before.initialMargin);
  });

  it('forgets the markets that it was asked about', () => {
    const book = bookOf(m, positions);
    const what = whatIf(book, 'a');
    const before = what.margin;
    for (let round = 0; round < 50; round++) for (const { id } of MARKETS) what.try(id, round - 25.5);
    what.add('eth-3-P', -1);
    expect(what.margin.initialMargin).toBeCloseTo(requiredOf([...positions, at('eth-3-P', -1)])[0], 7);
    what.add('eth-3-P', 1);
    expect(what.margin.initialMargin).toBeCloseTo(before.initialMargin, 7);
  });

  it('keeps what is added, until the book changes', () => {
    const book = bookOf(m, positions);
    const what = whatIf(book, 'a');
    what.add('BTC-PERP', -1);
    what.add('near-60-C', -1);
    const want = requiredOf([at('near-50-C', -3), at('far-50-C', 1), at('near-60-C', -1)])[0];
    expect(what.margin.initialMargin).toBeCloseTo(want, 7);
    book.fill('a', { market: 'BTC-PERP', size: 1, price: 50_000 });
    expect(what.margin.initialMargin).toBe(accountMargin(book, 'a').initialMargin);
    book.setPrice('BTC', 40_000);
    expect(what.margin.initialMargin).toBe(accountMargin(book, 'a').initialMargin);
  });

  it('keeps what is added through questions to the book', () => {
    const book = bookOf(m, positions);
    const what = whatIf(book, 'a');
    const { initialMargin } = what.add('BTC-PERP', -1);
    margin(book);
    whatIf(book, 'a').try('near-60-C', 5);
    expect(what.margin.initialMargin).toBe(initialMargin);
  });

  it.each([
    ['the reference', Book],
    ['the kernel', KernelBook],
  ])('leaves nothing behind for other sums in %s', (_, Engine) => {
    const book = Engine.fromJSON(bookJSON(m, positions));
    const gains = scenarioGains(book, 'a');
    const before = [...margin(book).initialMargin];
    whatIf(book, 'a');
    expect(scenarioGains(book, 'a')).toEqual(gains);
    expect([...margin(book).initialMargin]).toEqual(before);
    whatIf(book, 'a');
    book.addExpiry({ id: 'late', asset: 'BTC', seconds: 1e6, forward: 50_000 });
    expect([...margin(book).initialMargin]).toEqual(before);
  });

  it('refuses a market that the model has no risk array of', () => {
    const published = model(scan, {
      arrays: { 'BTC-PERP': { gains: [100, -100] } },
    });
    const book = bookOf(published, [at('BTC-PERP', 1)]);
    expect(() => whatIf(book, 'a').try('near-60-C', 1)).toThrow(/conflict/);
    const bare = { ...published, arrays: { 'near-60-C': { gains: [1, -1] } } };
    expect(() => book.replaceModel(bare)).toThrow(/"BTC-PERP", which account "a" has/);
    expect(accountMargin(book, 'a').initialMargin).toBe(100);
  });

  it('is bit for bit the full sum where arrays are whole multiples', () => {
    const whole = model(scan, {
      quantum: 0.01,
      scenarios: [{ price: 0.1 }, { price: -0.15 }, { price: 0.3, weight: 0.33 }],
    });
    const held = positions.map(({ market }, i) => ({ market, size: [-3, 2, 7][i] ?? 1, cost: 0 }));
    const book = bookOf(whole, held);
    const what = whatIf(book, 'a');
    let seed = 7;
    for (let i = 0; i < 200; i++) {
      seed = (seed * 48_271) % 2_147_483_647;
      const market = MARKETS[seed % MARKETS.length]?.id ?? '';
      const size = (seed % 41) - 20;
      if (size === 0) continue;
      const { initialMargin } = what.add(market, size);
      held.push({ market, size, cost: 0 });
      const merged = new Map<string, number>();
      for (const row of held) merged.set(row.market, (merged.get(row.market) ?? 0) + row.size);
      const all = [...merged].map(([name, total]) => ({ market: name, size: total, cost: 0 })).reverse();
      expect(initialMargin).toBe(required(whole, all)[0]);
    }
    // Reals round on the way, so the same is not true of them.
  });
});

describe('published arrays', () => {
  const scenarios = [{ price: 0.1 }, { price: -0.1 }, { price: 0.3 }];
  const arrays = { 'BTC-PERP': { gains: [10, -10, 9], delta: 1 }, 'near-50-C': { gains: ['4', '-6', 20], delta: 0.5 } };
  const m = model({ sum: [scan, { delta: { net: 0.1, hedged: 0 } }] }, { scenarios, arrays, quantum: 1 });

  it('are summed as they are', () => {
    const x = explainScenarios(bookOf(m, [at('BTC-PERP', 1), at('near-50-C', -2)]), 'a');
    expect(x.scenarios.map(({ gain }) => gain)).toEqual([2, 2, -31]);
    expect(x.requirement.parts?.map(({ amount }) => amount)).toEqual([31, 0]);
    expect(x.deltas).toEqual([{ underlying: 'BTC', spot: 50_000, net: 0, gross: 2, hedged: 1 }]);
  });

  it('are refused where they do not fit, and hold no other market', () => {
    const wrong = (gains: unknown[]): unknown =>
      refusedWith(() => bookOf({ ...m, arrays: { X: { gains } } } as ModelJSON, []));
    expect(wrong([1, 2])).toMatchObject({ code: 'range', path: 'models[0].arrays.X.gains', got: 2 });
    expect(wrong([1, 2, Number.NaN])).toMatchObject({ code: 'not-finite', path: 'models[0].arrays.X.gains[2]' });
    expect(wrong([1, 2, 0.5])).toMatchObject({ code: 'range', path: 'models[0].arrays.X.gains[2]' });
    expect(refusedWith(() => bookOf(m, [at('ETH-PERP', 1)]))).toMatchObject({
      code: 'conflict',
      path: 'accounts[0].positions[0].market',
    });
  });
});

describe('the doors', () => {
  const option = MARKETS[3] as MarketJSON;
  const with_ = (changes: Partial<BookJSON>): (() => Book) => {
    return () => Book.fromJSON({ ...bookJSON(model(scan), []), ...changes });
  };
  const expiry = (changes: object): (() => Book) =>
    with_({ expiries: [{ ...EXPIRIES[0], ...changes } as ExpiryJSON], markets: [] });
  const market = (changes: object): (() => Book) => with_({ markets: [{ ...option, ...changes } as MarketJSON] });
  const models = (changes: object): (() => Book) => with_({ models: [{ ...model(scan), ...changes } as ModelJSON] });

  it.each([
    ['a zero forward', expiry({ forward: 0 }), 'range', 'expiries[0].forward'],
    ['a forward that is no number', expiry({ forward: Number.NaN }), 'not-finite', 'expiries[0].forward'],
    ['time that has run out', expiry({ seconds: -1 }), 'range', 'expiries[0].seconds'],
    ['more settled than there is', expiry({ settled: 50_501 }), 'range', 'expiries[0].settled'],
    ['a rate that discounts to nothing', expiry({ rate: 100, seconds: 10 * YEAR }), 'range', 'expiries[0].rate'],
    ['an expiry of no asset', expiry({ asset: 'BTX' }), 'unknown-id', 'expiries[0].asset'],
    ['a negative volatility', market({ volatility: -0.1 }), 'range', 'markets[0].volatility'],
    ['a volatility that is no number', market({ volatility: 'high' }), 'type', 'markets[0].volatility'],
    ['a negative strike', market({ strike: -1 }), 'range', 'markets[0].strike'],
    ['an option without an expiry', market({ expiry: undefined }), 'missing-key', 'markets[0].expiry'],
    ['an unknown expiry', market({ expiry: 'nera' }), 'unknown-id', 'markets[0].expiry'],
    ['brackets of an option', market({ brackets: NO_BRACKETS }), 'conflict', 'markets[0].brackets'],
    [
      'a strike of a perpetual',
      with_({ markets: [{ ...MARKETS[0], strike: 1 } as MarketJSON] }),
      'conflict',
      'markets[0].strike',
    ],
    [
      'a future of another asset',
      with_({ markets: [{ ...MARKETS[2], expiry: 'near' } as MarketJSON] }),
      'conflict',
      'markets[0].expiry',
    ],
    ['NaN in the table', models({ scenarios: [{ price: Number.NaN }] }), 'not-finite', 'models[0].scenarios[0].price'],
    ['a price below nothing', models({ scenarios: [{ price: -1.1 }] }), 'range', 'models[0].scenarios[0].price'],
    [
      'an unknown move',
      models({ scenarios: [{ volatility: 'up' }] }),
      'unknown-id',
      'models[0].scenarios[0].volatility',
    ],
    ['an unknown range', models({ scenarios: [{ range: 'r' }] }), 'unknown-id', 'models[0].scenarios[0].range'],
    [
      'two scenarios of one id',
      models({ scenarios: [{ id: 'x' }, { id: 'x' }] }),
      'duplicate',
      'models[0].scenarios[1].id',
    ],
    [
      'an operation without a discount',
      models({ scenarios: [{ operation: 'loss' }] }),
      'missing-key',
      'models[0].discount',
    ],
    ['a set that is not there', models({ requirement: { scan: 'scna' } }), 'unknown-id', 'models[0].requirement.scan'],
    ['no requirement', models({ requirement: undefined }), 'missing-key', 'models[0].requirement'],
    ['a part of two kinds', models({ requirement: { scan: 'scan', sum: [] } }), 'conflict', 'models[0].requirement'],
    ['an empty sum', models({ requirement: { sum: [] } }), 'type', 'models[0].requirement.sum'],
    [
      'a misspelt key',
      models({ requirement: { scan: 'scan', sigend: true } }),
      'unknown-key',
      'models[0].requirement.sigend',
    ],
    [
      'a parameter for all of them',
      models({ parameters: { '*': { r: 1 } }, requirement: { scan: 'scan', factor: 'r' } }),
      'conflict',
      'models[0].requirement.factor',
    ],
    [
      'parameters for some underlyings',
      models({ parameters: { BTC: { r: 1 } } }),
      'missing-key',
      'models[0].parameters.*',
    ],
    [
      'a rate of a tier beyond that of a factor',
      models({ requirement: { tiers: [{ upTo: null, rate: 1e7 }], of: scan } }),
      'range',
      'models[0].requirement.tiers[0].rate',
    ],
    ['a quantum of next to nothing', models({ quantum: 5e-324 }), 'range', 'models[0].quantum'],
    [
      'tiers that fall',
      models({
        requirement: {
          tiers: [
            { upTo: 2, rate: 1 },
            { upTo: 1, rate: 2 },
          ],
          of: scan,
        },
      }),
      'range',
      'models[0].requirement.tiers[1].upTo',
    ],
    [
      'a rank beyond the table',
      models({ requirement: { scan: 'scan', reduce: { rank: 3 } } }),
      'range',
      'models[0].requirement.reduce.rank',
    ],
    [
      'whole multiples of what is discounted',
      models({ quantum: 1, discount: { base: 1 }, scenarios: [{ operation: 'discount' }] }),
      'conflict',
      'models[0].quantum',
    ],
  ] as const)('refuse %s', (_, act, code, path) => {
    expect(refusedWith(act as () => unknown)).toMatchObject({ code, path });
  });

  it('refuse an option in an account without a model, however it gets there', () => {
    const plain = { id: 'b', balances: { USDC: 1 } };
    const json = { ...bookJSON(model(scan), []), accounts: [plain] };
    const book = Book.fromJSON(json);
    const fails = (act: () => unknown, path: string): void =>
      expect(refusedWith(act)).toMatchObject({ code: 'conflict', path });
    const position = [at('near-50-C', 1)];
    fails(
      () => Book.fromJSON({ ...json, accounts: [{ ...plain, positions: position }] }),
      'accounts[0].positions[0].market',
    );
    fails(() => book.fill('b', { market: 'near-50-C', size: 1, price: 100 }), 'fill.market');
    fails(() => book.placeOrder('b', { market: 'near-50-C', side: 'buy', size: 1, price: 1 }), 'order.market');
    const rows = {
      account: Uint32Array.of(0),
      market: Uint32Array.of(3),
      size: Float64Array.of(1),
      entry: Float64Array.of(0),
    };
    const balances = { account: new Uint32Array(), asset: new Uint32Array(), amount: new Float64Array() };
    fails(() => book.addColumns({ accounts: 1, balances, positions: rows }), 'positions.market[0]');
    expect(book.addColumns({ accounts: 1, model: 'm', balances, positions: rows })).toBe(1);
  });

  it('keep options, expiries and models through JSON and bytes', () => {
    const m = model(scan, { volatility: { up: { scale: 1 } } });
    const book = bookOf(m, [at('near-50-C', -3), at('BTC-FAR', 2)], { balances: { WBTC: 1 } });
    const want = accountMargin(book, 'a');
    for (const again of [Book.fromJSON(JSON.stringify(book.toJSON())), Book.decode(book.encode())]) {
      expect(accountMargin(again, 'a')).toEqual(want);
      expect(again.toJSON()).toEqual(book.toJSON());
      expect(again.encode()).toEqual(book.encode());
    }
  });
});

describe('live updates', () => {
  it('follow the forward, time and volatility', () => {
    const book = bookOf(model(scan), [at('near-50-C', -1)]);
    const mark = (): number => {
      book.refresh();
      return book.store.columns.market.mark[3] ?? 0;
    };
    book.setExpiry('near', { forward: 55_000, seconds: 20 * DAY });
    expect(mark()).toBeCloseTo(black(true, 55_000, 50_000, 0.6, 20 / 365), 7);
    book.setVolatility('near-50-C', 0.9);
    expect(mark()).toBeCloseTo(black(true, 55_000, 50_000, 0.9, 20 / 365), 7);
    book.setMark('near-50-C', 5_000);
    expect(mark()).toBe(5_000);
    expect(refusedWith(() => book.setExpiry('near', { forward: 0 }))).toMatchObject({ code: 'range' });
    expect(refusedWith(() => book.setVolatility('BTC-PERP', 1))).toMatchObject({ code: 'conflict' });
  });

  it('replace a model by new parameters', () => {
    const book = bookOf(model(scan), [at('BTC-PERP', 1)]);
    book.replaceModel(model(scan, { scenarios: [{ price: -0.5 }] }));
    expect(accountMargin(book, 'a').initialMargin).toBeCloseTo(25_005, 8);
    expect(refusedWith(() => book.replaceModel({ ...model(scan), id: 'n' }))).toMatchObject({ code: 'unknown-id' });
  });
});
