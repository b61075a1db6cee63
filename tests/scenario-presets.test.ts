// Scenario models of venues: what they print, by hand where they print nothing, and what must hold of every preset.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountJSON, BookJSON, MarketJSON, PositionJSON } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import { nseFigures } from '../bindings/scenario/presets/nse.js';
import { okxTiersBefore } from '../bindings/scenario/presets/okx.js';
import {
  accountMargin,
  Book,
  explainScenarios,
  type ModelJSON,
  type PartExplanation,
  presets,
  scenarioGains,
  scenarioTable,
  tieredCharge,
  volatilityMove,
} from '../bindings/scenario.js';
import * as dederiVenue from '../bindings/venues/dederi.js';
import * as deribitVenue from '../bindings/venues/deribit.js';
import * as paradexVenue from '../bindings/venues/paradex-portfolio.js';
import { arraysBook } from '../bindings/venues/span.js';
import { refusedWith } from './refusal.js';

const NO_BRACKETS = [{ upTo: null, maintenanceRate: 0 }];
const DAY = 86_400;

/** The part of that name below another, in the order in which it was written. */
function partOf(part: PartExplanation, name: string): PartExplanation {
  const find = (p: PartExplanation): PartExplanation | undefined =>
    p.name === name ? p : (p.parts ?? []).map(find).find((found) => found !== undefined);
  const found = find(part);
  if (!found) throw new Error(`no part ${name}`);
  return found;
}

const explained = (json: BookJSON, account = 'account'): ReturnType<typeof explainScenarios> =>
  explainScenarios(Book.fromJSON(json), account);

/** A book on three underlyings: perpetuals, a dated future, calls and puts, all paid in USD. */
function bookWith(model: ModelJSON, account: Partial<AccountJSON>): BookJSON {
  const spots = { BTC: 60_000, ETH: 3000, XYZ: 10 };
  const names = Object.entries(spots);
  return {
    format: 'margin-kernel/book@1',
    assets: [{ id: 'USD', price: 1 }, ...names.map(([id, price]) => ({ id, price }))],
    expiries: names.flatMap(([asset, spot]) =>
      [7, 45].map((days) => ({
        id: `${asset}-${days}`,
        asset,
        seconds: days * DAY,
        forward: spot * (1 + days / 5000),
      })),
    ),
    models: [model],
    markets: names.flatMap(([base, spot]): MarketJSON[] => {
      const linear = { kind: 'linear', base, settle: 'USD', brackets: NO_BRACKETS } as const;
      return [
        { id: `${base}-perp`, ...linear, mark: spot * 1.001, index: spot },
        { id: `${base}-future`, ...linear, mark: spot * 1.009, index: spot, expiry: `${base}-45` },
        ...[7, 45].flatMap((days) =>
          (['call', 'put'] as const).map((kind): MarketJSON => {
            const strike = spot * (kind === 'call' ? 1.1 : 0.95);
            return {
              id: `${base}-${days}-${kind}`,
              kind,
              expiry: `${base}-${days}`,
              strike,
              volatility: 0.7,
              settle: 'USD',
            };
          }),
        ),
      ];
    }),
    accounts: [{ id: 'account', model: model.id, balances: { USD: 1e6 }, ...account }],
  };
}

const MARKETS = bookWith({ id: 'm', requirement: { gross: 'linear' } }, {}).markets;

describe('Deribit', () => {
  // docs.deribit.com private/pme/simulate, 2024-06-17: instruments of the answer, and its vectors in BTC
  const index = 65_666.19;
  const example = (positions: [kind: 'perpetual' | 'future', size: number][], dampener?: number): Book =>
    Book.fromJSON(
      deribitVenue.portfolioBook({
        currency: 'BTC',
        index,
        model: presets.deribit(dampener === undefined ? {} : { currencies: { BTC: { extended_dampener: dampener } } }),
        positions: positions.map(([kind, size]) => ({
          id: kind,
          kind,
          size,
          ...(kind === 'future' ? { seconds: 11 * DAY } : {}),
        })),
      }),
    );
  const coins = (book: Book, coin: number): number[] =>
    scenarioGains(book, 'account').gains.map(({ gain }) => gain / coin);
  const close = (got: readonly number[], want: readonly number[]): void => {
    expect(got.length).toBe(want.length);
    got.forEach((x, i) => {
      expect(x, `${i}`).toBeCloseTo(want[i] ?? Number.NaN, 15);
    });
  };
  const thrice = (values: number[]): number[] => values.flatMap((x) => [x, x, x]);

  it('BTC: the vectors of both instruments, before the dampener', () => {
    const perpetual = [
      -0.05991206933333334, -0.04289159509090909, -0.027351162086956524, -0.013105765166666668, 0, 0.012097629384615385,
      0.023299138074074074, 0.033700538999999995, 0.043384601931034494,
    ];
    const future = [
      0.0002261969523809524, 0.00016193645454545456, 0.00010326382608695652, 0.00004948058333333334, 0,
      -0.00004567438461538462, -0.00008796548148148148, -0.0001272357857142857, -0.00016379779310344832,
    ];
    for (const [kind, size, values] of [
      ['perpetual', 0.314538364, perpetual],
      ['future', -0.001187534, future],
    ] as const) {
      const tails = [0, 0, 8, 8, 8, 8, 8, 8].map((i) => values[i] ?? Number.NaN);
      close(coins(example([[kind, size]], 0), index), [...thrice([...values]), ...tails]);
    }
  });

  it('BTC: aggregated vectors, worst case, roll shock and margins', () => {
    const book = example([
      ['perpetual', 0.314538364],
      ['future', -0.001187534],
    ]);
    const losses = [-0.05968587238095239, -0.04272965863636364, -0.02724789826086957, -0.013056284583333334];
    const got = coins(book, index);
    close(got.slice(0, 12), thrice(losses));
    // The venue's offset of gains is 0; here they stand as they are.
    expect(got.slice(12, 27).every((gain) => gain >= 0)).toBe(true);
    close(got.slice(27), new Array(8).fill(0));
    expect(scenarioGains(book, 'account').worst).toBe(0);
    const { requirement, initialMargin, maintenanceMargin } = explainScenarios(book, 'account');
    expect(partOf(requirement, 'worst case').initial / index).toBeCloseTo(0.05968587238095239, 15);
    expect(partOf(requirement, 'roll shock').initial / index).toBeCloseTo(0.00315725898, 15);
    expect(partOf(requirement, 'delta shock').initial).toBe(0);
    // The venue rounds the worst case to nine decimals first.
    expect(initialMargin / index).toBeCloseTo(0.06284313098, 9);
    expect(maintenanceMargin / index).toBeCloseTo(0.050274504784, 9);
  });

  it('ETH: a captured answer of 2026-02-15', () => {
    const eth = 1949.34;
    const book = Book.fromJSON(
      deribitVenue.portfolioBook({
        currency: 'ETH',
        index: eth,
        model: presets.deribit(),
        positions: [{ id: 'ETH-PERPETUAL', kind: 'perpetual', size: -0.999487053 }],
      }),
    );
    const want = [
      0.21939959699999997, 0.155989308849711, 0.09885036787912087, 0.04709624857068063, 0, -0.04304011233014354,
      -0.08252645391743119, -0.11888171996035243, -0.15246412672881357,
    ];
    close(coins(book, eth), [...thrice(want), 0, 0, 0, 0, 0, 0, 0, 0]);
    const { requirement, initialMargin, maintenanceMargin, deciding } = explainScenarios(book, 'account');
    // worst_case_bucket: bucket 9, index 25 counted from 1
    expect(deciding[0]?.index).toBe(24);
    expect(partOf(requirement, 'roll shock').initial / eth).toBeCloseTo(0.004997435265, 15);
    expect(initialMargin / eth).toBeCloseTo(0.157461562, 9);
    expect(maintenanceMargin / eth).toBeCloseTo(0.125969249812, 9);
  });

  it('the dampener takes from a large loss what it says, at the price of the edge', () => {
    // A short of 1000 coins at +100 %: scaled to the edge of the grid, -1000 * 0.16 / 1.16 coins.
    const book = example([['perpetual', -1000]]);
    const gain = scenarioGains(book, 'account').gains.find(({ id }) => id === 'tail +100')?.gain ?? 0;
    const dampener = ((1 / 0.16 - 1) * 100_000) / 1.16;
    expect(gain).toBeCloseTo((-1000 * 0.16 * index) / 1.16 + dampener, 5);
  });

  it('the delta shock grows with what stands above the threshold, up to its most', () => {
    const shock = (size: number): number =>
      partOf(explainScenarios(example([['perpetual', size]]), 'account').requirement, 'delta shock').initial;
    expect(shock(300)).toBe(0);
    const dollars = 400 * index;
    expect(shock(400)).toBeCloseTo(dollars * 0.000_05 * ((dollars - 2e7) / index), 4);
    expect(shock(400)).toBe(shock(-400));
    expect(shock(4000)).toBeCloseTo(4000 * index * 0.1, 3);
  });

  it('reads names of instruments', () => {
    expect(deribitVenue.instrument('ETH-PERPETUAL')).toEqual({ currency: 'ETH', kind: 'perpetual' });
    expect(deribitVenue.instrument('BTC-5JUL24')).toEqual({
      currency: 'BTC',
      kind: 'future',
      expiry: Date.UTC(2024, 6, 5, 8),
    });
    for (const name of ['BTC_USDC-PERPETUAL', 'BTC-31ABC24', 'BTC-5JUL24-70000', 'BTC'])
      expect(refusedWith(() => deribitVenue.instrument(name))).toMatchObject({ code: 'type', path: 'name' });
  });

  it('options in coin: a covered call loses less than the call', () => {
    const time = Date.UTC(2024, 5, 17, 8);
    const ticker = { instrument_name: 'BTC-28JUN24-70000-C', mark_iv: 55, underlying_price: 66_000 };
    const call = deribitVenue.positionOf(ticker, -10, time);
    expect(call).toMatchObject({ seconds: 11 * DAY, strike: 70_000, volatility: 0.55 });
    const margin = (more: deribitVenue.DeribitPosition[]): number =>
      accountMargin(
        Book.fromJSON(
          deribitVenue.portfolioBook({ currency: 'BTC', index, model: presets.deribit(), positions: [call, ...more] }),
        ),
        'account',
      ).initialMargin;
    expect(margin([{ id: 'perp', kind: 'perpetual', size: 4 }])).toBeLessThan(margin([]));
  });

  // deribit.com/pages/docs/portfoliomargin: call +10 and put -20 at a strike, futures long 100 and short 100
  it('historical contingencies', () => {
    const terms = { seconds: 30 * DAY, strike: 1, volatility: 1 };
    const { requirement } = explained(
      deribitVenue.portfolioBook({
        currency: 'BTC',
        index: 1,
        model: presets.deribitHistorical({ initialFactor: 1.3 }),
        positions: [
          { id: 'c', kind: 'call', size: 10, ...terms },
          { id: 'p', kind: 'put', size: -20, ...terms },
          { id: 'a', kind: 'future', size: 100 },
          { id: 'b', kind: 'future', size: -100 },
        ],
      }),
    );
    expect(partOf(requirement, 'net short options').maintenance).toBeCloseTo(0.1, 15);
    expect(partOf(requirement, 'offsetting futures').maintenance).toBe(1);
    const model = presets.deribitHistorical({ initialFactor: 1 });
    expect(volatilityMove(model, 'up', { days: 15 })).toBeCloseTo(2 ** 0.3 * 0.38, 15);
    expect(volatilityMove(model, 'down', { days: 30 })).toBe(-0.38);
  });
});

describe('OKX', () => {
  // Notice of 2021-12-24: a minimum charge of 30,000 in tiers of 10,000 and beyond
  it('marginal tiers of the notice', () => {
    expect(
      tieredCharge(
        [
          { upTo: 10_000, rate: 1 },
          { upTo: null, rate: 2 },
        ],
        30_000,
      ),
    ).toBe(50_000);
    expect(tieredCharge(okxTiersBefore, 800_000)).toBe(6_170_000);
    expect(tieredCharge(okxTiersBefore, 0)).toBe(0);
    expect(refusedWith(() => tieredCharge([], 1))).toMatchObject({ code: 'missing-key', path: 'tiers' });
    expect(refusedWith(() => tieredCharge(okxTiersBefore, -1))).toMatchObject({ code: 'range', path: 'amount' });
  });

  // docs.okx.com position builder, 2025-01-15. MR1 is by the mark, MR4 and MR7 by the delta at the index.
  const unit = (base: string, contracts: number, mark: number, index: number): BookJSON => ({
    format: 'margin-kernel/book@1',
    assets: [{ id: 'USDT', price: 1 }],
    models: [
      presets.okx({
        volatility: null,
        shortOptionCharge: 0,
        underlyings: { '*': { least: 0.01, charge: 0.01, tiers: [{ upTo: null, rate: 1 }] } },
      }),
    ],
    markets: [{ id: 'swap', kind: 'linear', underlying: base, settle: 'USDT', mark, index, brackets: NO_BRACKETS }],
    accounts: [{ id: 'account', model: 'okx', positions: [{ market: 'swap', size: contracts, entry: mark }] }],
  });

  it('BTC: short 0.1', () => {
    const { requirement, initialMargin, maintenanceMargin } = explained(
      unit('BTC', -0.1, 1164.4109244719994 / 0.12 / 0.1, 97_049.036898),
    );
    const amount = (name: string): number => partOf(requirement, name).maintenance;
    expect(amount('mr1')).toBeCloseTo(1164.4109244719994, 10);
    expect(amount('mr2')).toBe(0);
    expect(amount('mr6')).toBeCloseTo(1164.4109244720003, 10);
    expect(amount('mr4')).toBeCloseTo(19.4098073796, 10);
    expect(partOf(requirement, 'mr7').maintenance).toBeCloseTo(43.67206660410001, 10);
    expect(partOf(requirement, 'mr7').counts).toBe(false);
    expect(maintenanceMargin).toBeCloseTo(1183.8207318516002, 10);
    expect(initialMargin).toBeCloseTo(1538.9669514070802, 10);
  });

  it('LTC: long 10', () => {
    const { requirement, initialMargin, maintenanceMargin } = explained(
      unit('LTC', 10, 183.50672805719995 / 0.18 / 10, 101.95308),
    );
    expect(partOf(requirement, 'mr4').maintenance).toBeCloseTo(8.1562464, 10);
    expect(partOf(requirement, 'mr7').maintenance).toBeCloseTo(7.1367156, 10);
    expect(maintenanceMargin).toBeCloseTo(191.6629744572, 10);
    expect(initialMargin).toBeCloseTo(249.16186679436, 10);
  });

  it('a large minimum charge goes through the tiers of its underlying', () => {
    const charge = (base: string): number => partOf(explained(unit(base, 1, 1, 1e8)).requirement, 'mr7').maintenance;
    // 450,000: 250,000 once, the rest twice
    expect(charge('BTC')).toBeCloseTo(650_000, 6);
    // Those of LTC are not published: the caller's, here one tier.
    expect(charge('LTC')).toBeCloseTo(700_000, 6);
  });

  it('asks for what is not published', () => {
    const options = { volatility: null, shortOptionCharge: 0, underlyings: { '*': { least: 0.01, charge: 0.01 } } };
    expect(refusedWith(() => presets.okx(options))).toMatchObject({
      code: 'missing-key',
      path: 'underlyings.LTC.tiers',
    });
    expect(refusedWith(() => presets.bybit({ volatility: null, underlyings: { '*': { range: 0.1 } } }))).toMatchObject({
      code: 'missing-key',
      path: 'underlyings.BTC.shortOption',
    });
  });
});

describe('options of presets', () => {
  const call = (preset: keyof typeof presets, ...given: unknown[]): ModelJSON =>
    (presets[preset] as (...options: unknown[]) => ModelJSON)(...given);
  const nse = { kind: 'index', daily: 0.01, yearly: 0.2 };
  const derive = { cash: 'USDC', spot: 'BTC', stable: 'USDC/USD' };

  it.each<[keyof typeof presets, unknown, string, string, string?]>([
    ['powertrade', { spto: 0.5 }, 'unknown-key', 'spto', 'spot'],
    ['paradex', { underlyings: { BTC: { unhedge: 0.5 } } }, 'unknown-key', 'underlyings.BTC.unhedge', 'unhedged'],
    [
      'deribit',
      { currencies: { BTC: { price_rnage: 0.5 } } },
      'unknown-key',
      'currencies.BTC.price_rnage',
      'price_range',
    ],
    ['okx', { volatility: null, underlyings: { A: { leest: 1 } } }, 'unknown-key', 'underlyings.A.leest', 'least'],
    ['bybit', { volatility: null, underlyings: { A: { rang: 1 } } }, 'unknown-key', 'underlyings.A.rang', 'range'],
    ['dederi', { volatility: { up: {}, donw: {} } }, 'unknown-key', 'volatility.donw', 'down'],
    ['span', { ranges: { '*': { prise: 1 } } }, 'unknown-key', 'ranges.*.prise', 'price'],
    ['derivePmrm', { ...derive, parameters: { basis: {}, margn: {} } }, 'unknown-key', 'parameters.margn', 'margin'],
    ['tims', { underlyings: { BTC: 'borad' } }, 'type', 'underlyings.BTC', 'broad'],
    ['powertrade', { law: 'point' }, 'type', 'law', 'points'],
    ['paradex', { version: 'frist' }, 'type', 'version', 'first'],
    ['paradex', { version: 'second' }, 'type', 'version'],
    ['deribit', { settlement: 'usdc' }, 'type', 'settlement'],
    ['nse', { underlyings: { NIFTY: { ...nse, kind: 'indx' } } }, 'type', 'underlyings.NIFTY.kind', 'index'],
    ['derivePmrm2', { ...derive, scenarios: [[1, 'Upp', 1]] }, 'type', 'scenarios[0][1]', 'Up'],
    ['span', { shortOptions: 'most' }, 'type', 'shortOptions'],
    ['bybit', {}, 'missing-key', 'volatility'],
    ['okx', { volatility: null }, 'missing-key', 'underlyings'],
    ['nse', {}, 'missing-key', 'underlyings'],
    ['nse', { underlyings: { NIFTY: { kind: 'index', daily: 1 } } }, 'missing-key', 'underlyings.NIFTY.yearly'],
    ['nse', { underlyings: { NIFTY: nse } }, 'missing-key', 'others'],
    ['deribitHistorical', {}, 'missing-key', 'initialFactor'],
    ['deriveSrm', { cash: 'USDC' }, 'missing-key', 'stable'],
    ['derivePmrm', { ...derive, parameters: {} }, 'missing-key', 'parameters.basis'],
    ['deribit', { power: { short: 1 } }, 'missing-key', 'power.long'],
    ['tims', { underlyings: { A: { up: 1, down: 1 } } }, 'missing-key', 'underlyings.A.group'],
    ['tims', { underlyings: { A: 5 } }, 'type', 'underlyings.A'],
    ['tims', { underlyings: null }, 'type', 'underlyings'],
    ['tims', { points: 2.5 }, 'type', 'points'],
    ['tims', { points: 0 }, 'range', 'points'],
    ['powertrade', { spot: '0.1' }, 'type', 'spot'],
    ['powertrade', { spot: Number.NaN }, 'not-finite', 'spot'],
    ['powertrade', { id: '' }, 'type', 'id'],
    ['powertrade', 'share', 'type', 'options'],
    ['powertrade', null, 'type', 'options'],
    ['deribit', { netting: 1 }, 'type', 'netting'],
    ['deribit', { tails: 1 }, 'type', 'tails'],
    ['span', { spreads: [] }, 'type', 'spreads'],
    ['okx', { volatility: null, underlyings: { A: { moves: [1, 2] } } }, 'range', 'underlyings.A.moves'],
  ])('%s(%j) is %s at %s', (preset, options, code, path, near) => {
    const refused = refusedWith(() => call(preset, options));
    expect(refused).toMatchObject({ code, path });
    expect(refused.expected).toBeTruthy();
    if (near !== undefined) expect(refused.hint).toBe(`Did you mean "${near}"?`);
  });

  it('none at all: a model, or what is missing', () => {
    for (const name of Object.keys(presets) as (keyof typeof presets)[]) {
      if (['tims', 'deribit', 'paradex', 'powertrade'].includes(name)) expect(call(name).requirement).toBeDefined();
      else
        expect(
          refusedWith(() => call(name)),
          name,
        ).toMatchObject({ code: 'missing-key' });
    }
  });

  it('that are undefined are not there', () => {
    expect(call('powertrade', { cash: undefined, spot: undefined })).toEqual(presets.powertrade());
  });

  const figures = { range: 0.2, shortOption: 0.01, basis: 0.5, futures: 0.005, initialFactor: 1.2 };
  it.each([
    presets.okx({
      volatility: null,
      shortOptionCharge: 0,
      underlyings: { '*': { least: 0.01, charge: 0.01, tiers: [{ upTo: null, rate: 1 }] } },
    }),
    presets.bybit({ volatility: null, underlyings: { '*': figures } }),
    presets.dederi({ volatility: null, initialFactor: 1 }),
  ])('without moves of volatility: accounts of $id hold no options', (model) => {
    const json = bookWith(model, {});
    const option = json.markets.find(({ kind }) => kind === 'call')?.id as string;
    const holding = (market: string): BookJSON => bookWith(model, { positions: [{ market, size: -1, entry: 1 }] });
    const refused = { code: 'conflict', path: 'accounts[0].positions[0].market', got: option };
    for (const Either of [Book, ReferenceBook])
      expect(refusedWith(() => Either.fromJSON(holding(option)))).toMatchObject(refused);
    expect(refusedWith(() => Book.fromJSON(holding(option))).expected).toContain('"options": false');
    const book = Book.fromJSON(holding('BTC-perp'));
    expect(accountMargin(book, 0).initialMargin).toBeGreaterThan(0);
    expect(refusedWith(() => book.fill('account', { market: option, size: 1, price: 1 }))).toMatchObject({
      code: 'conflict',
      path: 'fill.market',
    });
    expect(() =>
      Book.fromJSON(bookWith({ ...model, options: true }, { positions: [{ market: option, size: -1 }] })),
    ).not.toThrow();
  });
});

describe('Dederi', () => {
  // wiki.dederi.io/RiskControlRules/portfolio_margin: Alice holds 10 ETH-10JAN24
  it('the table of its example', () => {
    const json = dederiVenue.futuresBook({
      index: 2243.3,
      annualBasis: 0.08,
      days: 20,
      qty: 10,
      options: { volatility: null, initialFactor: 1 },
    });
    const book = Book.fromJSON(json);
    expect(scenarioGains(book, 'account').gains.map(({ gain }) => Math.round(gain) + 0)).toEqual([
      -3380, -2704, -2028, -1352, -676, 0, 676, 1352, 2028, 2704, 3380,
    ]);
    const { requirement, initialMargin } = explainScenarios(book, 'account');
    expect(partOf(requirement, 'future contingency').initial.toFixed(1)).toBe('134.6');
    expect(initialMargin).toBeCloseTo(3379.732842833065 + 134.598, 9);
  });
});

describe('Paradex', () => {
  // docs.paradex.trade: long 1 perpetual, short 5 calls of delta 0.3, spot 70,000
  it.each([
    [0.02, 0.01, 1400],
    [0.002, 0.001, 140],
  ])('minimum delta at %f and %f', (unhedged, hedged, want) => {
    const positions = [
      { qty: 1, delta: 1 },
      { qty: -5, delta: 0.3 },
    ];
    const { deltas, initialMargin } = explained(
      paradexVenue.minimumDeltaBook({ spot: 70_000, positions, unhedged, hedged }),
    );
    expect(deltas[0]).toMatchObject({ net: -0.5, gross: 2.5, hedged: 1 });
    expect(initialMargin).toBeCloseTo(want, 9);
  });

  it('tables as they are printed', () => {
    const rows = (underlying: string): number[][] =>
      scenarioTable(presets.paradex(), underlying).map(({ move, direction, weight }) => [move, direction, weight]);
    const printed = (moves: number[], weights: number[]): number[][] => [
      ...moves.map((move, i) => [move, i === 0 || i % 2 === 1 ? 1 : -1, 1]),
      ...[-0.66, -0.33, 0.5, 1, 2, 3, 4, 5].map((move, i) => [move, 1, weights[i] ?? 0]),
    ];
    const eth = [0.16, 0.12, 0.12, 0.08, 0.08, 0.04, 0.04, 0, 0, -0.04, -0.04, -0.08, -0.08, -0.12, -0.12, -0.16];
    expect(
      rows('ETH')
        .flat()
        .map((x) => +x.toFixed(12) + 0),
    ).toEqual(printed(eth, [0.1212, 0.2424, 0.16, 0.08, 0.02, 0.0089, 0.005, 0.0032]).flat());
    const us100 = [0.14, 0.105, 0.105, 0.08, 0.08, 0.04, 0.04, ...eth.slice(7)];
    expect(
      rows('US100')
        .flat()
        .map((x) => +x.toFixed(12) + 0),
    ).toEqual(printed(us100, [0.18, 0.36, 0.24, 0.12, 0.06, 0.04, 0.03, 0.024]).flat());
    const model = presets.paradex();
    expect(volatilityMove(model, 'up', { days: 30, underlying: 'SOL' })).toBe(0.64);
    expect(volatilityMove(model, 'down', { days: 0, underlying: 'ZEC' })).toBeCloseTo(-0.528 * 30 ** 0.3, 12);
  });

  it('the larger of scan and minimum delta; maintenance is half of it, provisions are not', () => {
    const portfolio = { spot: 70_000, positions: [{ type: 'perp', qty: 1 } as const] };
    const plain = explained(paradexVenue.portfolioBook(portfolio));
    expect(plain.initialMargin).toBeCloseTo(9800, 9);
    expect(plain.maintenanceMargin).toBeCloseTo(4900, 9);
    const fees = explained(paradexVenue.portfolioBook({ ...portfolio, options: { feeProvision: 0.0005 } }));
    expect(fees.initialMargin).toBeCloseTo(9835, 9);
    expect(fees.maintenanceMargin).toBeCloseTo(4935, 9);
  });
});

describe('SPAN', () => {
  // L. McMillan, Options as a Strategic Investment, ch. 34: gains of one long contract
  const future = [0, 0, 3330, 3330, -3330, -3330, 6670, 6670, -6670, -6670, 10000, 10000, -10000, -10000, 7000, -7000];
  const call = [460, -610, 2640, 1730, -1270, -2340, 5210, 4540, -2540, -3430, 8060, 7640, -3380, -3990, 3130, -1500];

  it('the covered write of McMillan', () => {
    const book = Book.fromJSON(arraysBook({ arrays: { future, call }, portfolio: { future: 1, call: -1 } }));
    const { gains, loss, worst } = scenarioGains(book, 'account');
    expect(gains.map(({ gain }) => gain)).toEqual([
      -460, 610, 690, 1600, -2060, -990, 1460, 2130, -4130, -3240, 1940, 2360, -6620, -6010, 3870, -5500,
    ]);
    expect([loss, worst, accountMargin(book, 'account').maintenanceMargin]).toEqual([6620, 12, 6620]);
    const options = { initialFactor: 1.1, quantum: 10 };
    const rounded = accountMargin(
      Book.fromJSON(arraysBook({ arrays: { future }, portfolio: { future: -2 }, options })),
      'account',
    );
    expect([rounded.initialMargin, rounded.maintenanceMargin]).toEqual([20_000 * 1.1, 20_000]);
    expect(refusedWith(() => arraysBook({ arrays: { future }, portfolio: { put: 1 } }))).toMatchObject({
      code: 'unknown-id',
      path: 'portfolio.put',
    });
  });

  /** Futures by month on two commodities, a contract of 5000 bushels each, by published arrays of 16. */
  const grain = (
    spreads: NonNullable<ModelJSON['spreads']>,
    sizes: Record<string, number>,
    more: Partial<Parameters<typeof presets.span>[0]> = {},
  ): BookJSON => {
    const months = ['corn-DEC', 'corn-MAR', 'corn-MAY', 'soy-JAN'];
    const price = { corn: 4.25, soy: 10.5 };
    const scan = { corn: 1000, soy: 2400 };
    const kindOf = (id: string): 'corn' | 'soy' => (id.startsWith('corn') ? 'corn' : 'soy');
    const arrays = Object.fromEntries(
      months.map((id) => [id, { gains: future.map((x) => (x / 10_000) * scan[kindOf(id)]), delta: 5000 }]),
    );
    return {
      format: 'margin-kernel/book@1',
      assets: [{ id: 'USD', price: 1 }, ...Object.entries(price).map(([id, p]) => ({ id, price: p }))],
      expiries: months.map((id, i) => ({
        id,
        asset: kindOf(id),
        seconds: (i + 1) * 60 * DAY,
        forward: price[kindOf(id)],
      })),
      models: [presets.span({ arrays, spreads, ...more })],
      markets: months.map((id) => ({
        id,
        kind: 'linear',
        base: kindOf(id),
        expiry: id,
        settle: 'USD',
        multiplier: 5000,
        mark: price[kindOf(id)],
        brackets: NO_BRACKETS,
      })),
      accounts: [
        {
          id: 'account',
          model: 'span',
          positions: Object.entries(sizes).map(([market, size]) => ({ market, size, entry: price[kindOf(market)] })),
        },
      ],
    };
  };
  const leg = (side: 'A' | 'B', ...expiries: string[]) => ({ side, expiries, ratio: 5000 });

  it('credits corn against soybeans, 2 to 1 at 65 %', () => {
    const credits = [
      {
        legs: [
          { side: 'A' as const, underlying: 'corn', ratio: 2 * 5000, rate: 0.65 },
          { side: 'B' as const, underlying: 'soy', ratio: 5000, rate: 0.65 },
        ],
      },
    ];
    const { requirement, maintenanceMargin } = explained(grain({ credits }, { 'corn-DEC': 10, 'soy-JAN': -3 }));
    // Three spreads: six contracts of corn at 1000 of price risk, three of soybeans at 2400.
    const [corn, soy] = requirement.parts ?? [];
    expect(partOf(corn as PartExplanation, 'between commodities').amount).toBeCloseTo(0.65 * 6 * 1000, 9);
    expect(partOf(soy as PartExplanation, 'between commodities').amount).toBeCloseTo(0.65 * 3 * 2400, 9);
    expect(maintenanceMargin).toBeCloseTo(10 * 1000 - 3900 + 3 * 2400 - 4680, 9);
    // On the same side of the market there is nothing to offset.
    expect(explained(grain({ credits }, { 'corn-DEC': 10, 'soy-JAN': 3 })).maintenanceMargin).toBeCloseTo(17_200, 9);
    // What each leg adds is what is asked for.
    const legs = explained(grain({ credits }, { 'corn-DEC': 10, 'soy-JAN': -3 })).legs;
    expect(legs.reduce((sum, { maintenance }) => sum + maintenance, 0)).toBeCloseTo(maintenanceMargin, 9);
  });

  it('price risk leaves out time and volatility', () => {
    // McMillan's covered write: time -75, volatility 305, so 6620 + 75 - 305 = 6390 of price risk.
    const json = grain(
      {
        credits: [
          {
            legs: [
              { side: 'A', underlying: 'corn', ratio: 1, rate: 1 },
              { side: 'B', underlying: 'soy', ratio: 1, rate: 0 },
            ],
          },
        ],
      },
      { 'corn-DEC': 1, 'corn-MAR': -1, 'soy-JAN': -1 },
      {
        arrays: {
          'corn-DEC': { gains: future, delta: 2 },
          'corn-MAR': { gains: call, delta: 1 },
          'soy-JAN': { gains: future, delta: 1 },
        },
      },
    );
    const corn = explained(json).requirement.parts?.find(({ underlying }) => underlying === 'corn');
    expect(partOf(corn as PartExplanation, 'scan').amount).toBe(6620);
    expect(partOf(corn as PartExplanation, 'between commodities').amount).toBeCloseTo(6390, 9);
  });

  it('charges months against one another in their order, then what delivers', () => {
    const spreads = {
      months: [
        { charge: 50, legs: [leg('A', 'corn-DEC'), leg('B', 'corn-MAR')] },
        { charge: 80, legs: [leg('A', 'corn-DEC', 'corn-MAR'), leg('B', 'corn-MAY', 'corn-SEP')] },
      ],
      delivery: [{ expiry: 'corn-DEC', left: 0.02, used: 0.01 }],
    };
    const sizes = { 'corn-DEC': 10, 'corn-MAR': -4, 'corn-MAY': -3 };
    const { requirement, legs, maintenanceMargin, remainder } = explained(grain(spreads, sizes));
    // Four of DEC against MAR, three of what is left of DEC against MAY.
    expect(partOf(requirement, 'between months').amount).toBeCloseTo(4 * 50 + 3 * 80, 9);
    // Three of DEC are left, seven are used: 5000 bushels each.
    expect(partOf(requirement, 'delivery').amount).toBeCloseTo(3 * 5000 * 0.02 + 7 * 5000 * 0.01, 9);
    expect(maintenanceMargin).toBeCloseTo(3 * 1000 + 440 + 650, 9);
    expect(legs.reduce((sum, { maintenance }) => sum + maintenance, 0)).toBeCloseTo(maintenanceMargin, 9);
    expect(remainder.maintenance).toBeCloseTo(0, 9);
    // The other way round the charges are the same.
    const mirrored = Object.fromEntries(Object.entries(sizes).map(([id, size]) => [id, -size]));
    expect(explained(grain(spreads, mirrored)).maintenanceMargin).toBeCloseTo(maintenanceMargin, 9);
  });

  it('a minimum for short options, of all or of the more numerous', () => {
    const ranges = { '*': { price: 0, volatility: 0, shortOption: 30 } };
    const positions = [
      { market: 'BTC-7-call', size: -4 },
      { market: 'BTC-45-call', size: -1 },
      { market: 'BTC-7-put', size: -3 },
      { market: 'ETH-7-put', size: 2 },
    ];
    const margin = (shortOptions: 'sum' | 'max'): number =>
      explained(bookWith(presets.span({ ranges, shortOptions }), { positions })).maintenanceMargin;
    expect(margin('sum')).toBeCloseTo(8 * 30, 9);
    expect(margin('max')).toBeCloseTo(5 * 30, 9);
  });

  it('extremes of 3 and 0.33, or 2 and 0.35', () => {
    const rows = (model: ModelJSON) =>
      scenarioTable(model)
        .slice(14)
        .map(({ multiple, direction, weight }) => [multiple, direction, weight]);
    const ranges = { '*': { price: 0.1, volatility: 0.05 } };
    expect(rows(presets.span({ ranges }))).toEqual([
      [3, 0, 0.33],
      [-3, 0, 0.33],
    ]);
    const nse = presets.nse({ underlyings: {}, others: ranges['*'] });
    expect(rows(nse)).toEqual([
      [2, 0, 0.35],
      [-2, 0, 0.35],
    ]);
    expect(refusedWith(() => presets.span({}))).toMatchObject({ code: 'missing-key', path: 'ranges.*.price' });
  });

  it('NSE: floors of the ranges, and a calendar charge on the far month', () => {
    const months = [
      { expiry: 'XYZ-7', price: 10 },
      { expiry: 'XYZ-45', price: 10.2 },
    ];
    const model = presets.nse({
      underlyings: {
        XYZ: { kind: 'stock', daily: 0.001, yearly: 0.1, months },
        BTC: { kind: 'index', daily: 0.02, yearly: 0.3 },
      },
      others: { price: 0.3, volatility: 0.1 },
    });
    expect(model.parameters?.XYZ).toMatchObject({ price: nseFigures.stock.leastPrice, volatility: 0.1 });
    expect(Number(model.parameters?.BTC?.price)).toBeCloseTo(6 * Math.SQRT2 * 0.02, 15);
    expect(Number(model.parameters?.BTC?.volatility)).toBeCloseTo(0.075, 15);
    const json = bookWith(model, {
      positions: [
        { market: 'near', size: 100, entry: 10 },
        { market: 'XYZ-future', size: -60, entry: 10 },
      ],
    });
    const near: MarketJSON = {
      id: 'near',
      kind: 'linear',
      base: 'XYZ',
      expiry: 'XYZ-7',
      settle: 'USD',
      mark: 10,
      brackets: NO_BRACKETS,
    };
    const { requirement } = explained({ ...json, markets: [...json.markets, near] });
    expect(partOf(requirement, 'between months').amount).toBeCloseTo(60 * 0.022 * 10.2, 9);
  });
});

describe('TIMS', () => {
  const held = (positions: PositionJSON[], underlyings = { BTC: 'broad', ETH: 'broad', XYZ: 'equity' } as const) =>
    explained(bookWith(presets.tims({ underlyings }), { positions }));

  it('ten points, and 90 % of gains within a group', () => {
    expect(scenarioTable(presets.tims(), 'AAPL').map(({ move }) => +move.toFixed(12))).toEqual([
      0.03, 0.06, 0.09, 0.12, 0.15, -0.03, -0.06, -0.09, -0.12, -0.15,
    ]);
    const btc = { market: 'BTC-perp', size: 1, entry: 60_000 };
    const eth = { market: 'ETH-perp', size: -10, entry: 3000 };
    const xyz = { market: 'XYZ-perp', size: -1000, entry: 10 };
    const [a, b, c] = [60_060, 30_030, 10_010];
    // The worst point is -8 %, where the short gains.
    expect(held([btc, eth]).initialMargin).toBeCloseTo(0.08 * (a - 0.9 * b), 6);
    // Equities are in no group: they add up.
    expect(held([btc, xyz]).initialMargin).toBeCloseTo(0.08 * a + 0.15 * c, 6);
    expect(held([btc, eth, xyz]).initialMargin).toBeCloseTo(0.08 * (a - 0.9 * b) + 0.15 * c, 6);
  });

  it('at least 0.375 a unit of every contract', () => {
    const straddle = [
      { market: 'XYZ-7-call', size: 50 },
      { market: 'XYZ-45-put', size: 70 },
    ];
    const { requirement, initialMargin } = held(straddle);
    expect(partOf(requirement, 'minimum').amount).toBeCloseTo(120 * 0.375, 9);
    expect(initialMargin).toBeGreaterThanOrEqual(45);
  });
});

describe('Bybit', () => {
  const model = presets.bybit({
    volatility: { up: { scale: 0.3, term: { days: 30, short: 0.3 } }, down: { scale: -0.3 } },
    underlyings: { '*': { range: 0.2, shortOption: 0.01, basis: 0.5, futures: 0.005, initialFactor: 1.2 } },
  });

  it('33 scenarios, and a basis charge on deltas hedged over time', () => {
    expect(scenarioTable(model, 'BTC').map(({ move }) => +move.toFixed(12))[0]).toBe(-0.1);
    expect(model.scenarios?.length).toBe(33);
    const { requirement, initialMargin, maintenanceMargin, legs } = explained(
      bookWith(model, {
        positions: [
          { market: 'BTC-perp', size: 3, entry: 60_000 },
          { market: 'BTC-future', size: -2, entry: 60_000 },
        ],
      }),
    );
    expect(partOf(requirement, 'basis').amount).toBeCloseTo(2 * 60_000 * (45 / 365) * 0.5, 6);
    expect(partOf(requirement, 'perpetuals and futures').maintenance).toBeCloseTo(5 * 60_000 * 0.005, 6);
    expect(initialMargin).toBeCloseTo(1.2 * maintenanceMargin, 6);
    expect(legs.reduce((sum, { maintenance }) => sum + maintenance, 0)).toBeCloseTo(maintenanceMargin, 6);
  });
});

describe('PowerTrade', () => {
  it('nine scenarios, the same margin at both levels', () => {
    const model = presets.powertrade();
    expect(scenarioTable(model)).toHaveLength(9);
    expect(volatilityMove(model, 'up', { days: 90 })).toBeCloseTo(0.32490095854249423, 15);
    expect(volatilityMove(presets.powertrade({ law: 'points' }), 'down', { days: 30 })).toBe(-0.4);
    const { initialMargin, maintenanceMargin } = explained(
      bookWith(model, { positions: [{ market: 'ETH-perp', size: 2, entry: 3000 }] }),
    );
    expect([initialMargin, maintenanceMargin]).toEqual([maintenanceMargin, initialMargin]);
    expect(initialMargin).toBeCloseTo(2 * 3003 * 0.15, 9);
  });
});

/** Every preset, with figures of ours where nothing is published. */
const models: Record<string, ModelJSON> = {
  span: presets.span({
    ranges: { '*': { price: 0.12, volatility: 0.1, shortOption: 5 }, BTC: { price: 0.1, volatility: 0.08 } },
  }),
  nse: presets.nse({
    underlyings: { BTC: { kind: 'index', daily: 0.02, yearly: 0.4 } },
    others: { price: 0.3, volatility: 0.2 },
  }),
  tims: presets.tims({ underlyings: { BTC: 'broad', ETH: 'broad' } }),
  deribit: presets.deribit({ settlement: 'linear' }),
  deribitX: presets.deribit({ id: 'x', settlement: 'linear', netting: true }),
  deribitHistorical: presets.deribitHistorical({ initialFactor: 1.3 }),
  okx: presets.okx({
    volatility: { up: { scale: 0.4 }, down: { scale: -0.25 } },
    shortOptionCharge: 0.002,
    underlyings: {
      '*': {
        least: 0.01,
        charge: 0.01,
        tiers: [
          { upTo: 1000, rate: 1 },
          { upTo: null, rate: 3 },
        ],
      },
    },
  }),
  bybit: presets.bybit({
    volatility: { up: { scale: 0.3 }, down: { scale: -0.3 } },
    underlyings: { '*': { range: 0.2, shortOption: 0.01, basis: 0.5, futures: 0.005, initialFactor: 1.2 } },
  }),
  paradex: presets.paradex({ feeProvision: 0.0003 }),
  paradexFirst: presets.paradex({ id: 'first', version: 'first' }),
  powertrade: presets.powertrade(),
  dederi: presets.dederi({
    volatility: { up: { scale: 0.4 }, down: { scale: -0.3 } },
    initialFactor: 1.2,
    optionContingencyFactor: 0.01,
  }),
};
/** Thresholds and tiers are amounts: twice the position is not twice the requirement. */
const NOT_HOMOGENEOUS = ['deribit', 'deribitX', 'okx'];

const sizes = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: MARKETS.length, maxLength: MARKETS.length });
const held = (row: readonly number[], times = 1): PositionJSON[] =>
  MARKETS.flatMap(({ id, kind, mark }, i) => {
    const size = (row[i] ?? 0) * times;
    return size === 0 ? [] : [{ market: id, size, ...(kind === 'linear' ? { entry: mark ?? 0 } : {}) }];
  });

describe.each(Object.entries(models))('%s', (name, model) => {
  it('names its source, and passes its own door', () => {
    for (const key of ['title', 'version', 'asOf', 'source'] as const) expect(model[key], key).toBeTruthy();
    expect(model.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    const book = Book.fromJSON(JSON.stringify(bookWith(model, {})));
    expect(book.toJSON().models).toEqual([model]);
    expect(accountMargin(book, 'account').initialMargin).toBe(0);
  });

  it('asks for something of each kind of position, and nothing below 0', () => {
    fc.assert(
      fc.property(sizes, (row) => {
        const { initialMargin, maintenanceMargin, legs, remainder, total } = explained(
          bookWith(model, { positions: held(row) }),
        );
        expect(initialMargin).toBeGreaterThanOrEqual(maintenanceMargin - 1e-9 * maintenanceMargin);
        expect(maintenanceMargin).toBeGreaterThanOrEqual(0);
        expect(total.initial).toBe(legs.reduce((sum, leg) => sum + leg.initial, 0) + remainder.initial);
        if (!NOT_HOMOGENEOUS.includes(name))
          expect(Math.abs(remainder.initial)).toBeLessThan(1e-6 + 1e-9 * initialMargin);
      }),
      { seed: 11, numRuns: 25 },
    );
    const alone = (id: string, size: number): number =>
      explained(
        bookWith(model, {
          positions: [{ market: id, size, ...(id.includes('-perp') || id.includes('-future') ? { entry: 1 } : {}) }],
        }),
      ).initialMargin;
    for (const { id } of MARKETS) expect(alone(id, -3), id).toBeGreaterThan(0);
  });

  it('gives the same bits in plain TypeScript', () => {
    fc.assert(
      fc.property(sizes, (row) => {
        const json = bookWith(model, { positions: held(row) });
        const [kernel, plain] = [Book.fromJSON(json), ReferenceBook.fromJSON(json)].map((book) =>
          accountMargin(book, 'account'),
        );
        expect(kernel?.initialMargin).toBe(plain?.initialMargin);
        expect(kernel?.maintenanceMargin).toBe(plain?.maintenanceMargin);
      }),
      { seed: 14, numRuns: 10 },
    );
  });

  it('doubles with its positions, unless it knows amounts', () => {
    fc.assert(
      fc.property(sizes, (row) => {
        const [one, two] = [1, 2].map(
          (times) => explained(bookWith(model, { positions: held(row, times) })).maintenanceMargin,
        ) as [number, number];
        if (NOT_HOMOGENEOUS.includes(name)) expect(two).toBeGreaterThanOrEqual(2 * one - 1e-6 * one);
        else expect(Math.abs(two - 2 * one)).toBeLessThanOrEqual(1e-9 * (1 + two));
      }),
      { seed: 12, numRuns: 15 },
    );
  });

  it('more scenarios never lower a loss', () => {
    fc.assert(
      fc.property(sizes, fc.double({ min: -0.5, max: 0.5, noNaN: true }), (row, price) => {
        const set = model.scenarios?.[0]?.set ?? 'scan';
        const wider = { ...model, scenarios: [...(model.scenarios ?? []), { id: 'more', set, price }] };
        const [had, has] = [model, wider].map(
          (one) => explained(bookWith(one, { positions: held(row) })).maintenanceMargin,
        ) as [number, number];
        expect(has).toBeGreaterThanOrEqual(had - 1e-9 * had);
      }),
      { seed: 13, numRuns: 10 },
    );
  });

  it('margins an underlying that it does not name by the figures of all others', () => {
    if (!model.parameters) return;
    const json = bookWith(model, { positions: [{ market: 'XYZ-perp', size: -5, entry: 10 }] });
    const { '*': others, ...named } = model.parameters;
    const { XYZ: _, ...rest } = named;
    const renamed = { ...model, parameters: { ...rest, '*': others ?? {}, XYZ: model.parameters.XYZ ?? others ?? {} } };
    expect(explained({ ...json, models: [renamed] }).initialMargin).toBe(explained(json).initialMargin);
  });
});
