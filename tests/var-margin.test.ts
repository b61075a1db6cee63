// The value-at-risk margin model: what it asks for by plain arithmetic, both engines to the bit, parts that add up, what-ifs, pre-trade
// checks, liquidation prices, models that follow the market, and what is refused.
import { describe, expect, it } from 'vitest';
import type { AccountJSON, BookBase, BookJSON, MarketJSON } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import {
  accountMargin,
  Book,
  check,
  explainScenarios,
  explainScenariosText,
  followMargin,
  liquidationPrices,
  type ModelJSON,
  margin,
  type PartExplanation,
  presets,
  scenarioTable,
  setFactor,
  type ValueAtRiskMarginOptions,
  whatIf,
} from '../bindings/var.js';
import { transfer } from '../bindings/watch.js';
import { Random } from './random-book.js';
import { refusal, refusedAt } from './refusal.js';

const SPOTS: Readonly<Record<string, number>> = { BTC: 60_000, ETH: 3_000, SOL: 150 };
const COINS = Object.keys(SPOTS);
const NO_BRACKETS = [{ upTo: null, maintenanceRate: 0 }];
const DAY = 86_400;

/** Moves of the coins: one of all, one of each. */
function windowOf(seed: number, count: number, size: number, more: object = {}): ValueAtRiskMarginOptions['scenarios'] {
  const r = new Random(seed);
  const all = Array.from({ length: count }, () => r.between(-size, size));
  const moves = COINS.map(() => Float64Array.from(all, (x) => x + r.between(-size, size) / 2));
  return { method: 'historical', names: COINS, count, moves, horizon: 1, ...more };
}

const RECENT = windowOf(1, 250, 0.08);
const STRESSED = windowOf(2, 125, 0.25);
const LONG = windowOf(3, 500, 0.12);

const holdings = (sizes: Record<string, number>): AccountJSON['positions'] =>
  Object.entries(sizes).map(([market, size]) => ({
    market,
    size,
    ...(market.includes('CALL') ? {} : { entry: SPOTS[market.slice(0, 3)] ?? 1 }),
  }));

function bookOf(model: ModelJSON, sizes: Record<string, number>, more: Partial<AccountJSON> = {}): BookJSON {
  return {
    format: 'margin-kernel/book@1',
    assets: [
      { id: 'USD', price: 1 },
      ...COINS.map((id) => ({ id, price: SPOTS[id] ?? 1, hedges: id })),
      { id: 'DOGE', price: 0.1, hedges: 'DOGE' },
      { id: 'GOLD', price: 2_000 },
    ],
    expiries: [{ id: 'JUN', asset: 'BTC', seconds: 30 * DAY, forward: 60_500 }],
    models: [model],
    markets: [
      ...COINS.map(
        (base): MarketJSON => ({
          id: `${base}-PERP`,
          kind: 'linear',
          base,
          settle: 'USD',
          mark: SPOTS[base] ?? 1,
          brackets: NO_BRACKETS,
        }),
      ),
      { id: 'DOGE-PERP', kind: 'linear', base: 'DOGE', settle: 'USD', mark: 0.1, brackets: NO_BRACKETS },
      { id: 'BTC-COIN', kind: 'inverse', settle: 'BTC', mark: 60_000, brackets: NO_BRACKETS },
      { id: 'DOGE-SPOT', kind: 'spot', base: 'DOGE', quote: 'USD', mark: 0.1 },
      { id: 'BTC-CALL-65', kind: 'call', expiry: 'JUN', strike: 65_000, volatility: 0.5, settle: 'USD' },
    ],
    accounts: [{ id: 'a', model: model.id, balances: { USD: 1e6 }, positions: holdings(sizes) ?? [], ...more }],
  };
}

const HELD = { 'BTC-PERP': 2, 'ETH-PERP': -30, 'SOL-PERP': 100 };
const requirement = (options: ValueAtRiskMarginOptions, sizes: Record<string, number> = HELD): number =>
  accountMargin(Book.fromJSON(bookOf(presets.valueAtRisk(options), sizes)), 'a').initialMargin;

/** Losses by scenario, the largest first. */
function lossesOf({ moves, count, names }: ValueAtRiskMarginOptions['scenarios'], times = 1, only?: string): number[] {
  return Array.from({ length: count }, (_, s) =>
    COINS.reduce((loss, coin) => {
      const move = (moves[names.indexOf(coin)]?.[s] ?? 0) * times;
      const held = HELD[`${coin}-PERP` as keyof typeof HELD] * (SPOTS[coin] ?? 0);
      return only === undefined || only === coin ? loss - held * move : loss;
    }, 0),
  ).sort((a, b) => b - a);
}

/** Acerbi-Tasche with a tail of `tail` scenarios. */
function shortfall(losses: readonly number[], tail: number): number {
  const whole = Math.floor(tail);
  const sum = losses.slice(0, whole).reduce((a, b) => a + b, 0) + (tail - whole) * (losses[whole] ?? 0);
  return Math.max(0, sum / tail);
}

const near = (got: number, want: number): void =>
  expect(Math.abs(got / want - 1), `${got} for ${want}`).toBeLessThan(1e-12);

const parts = (part: PartExplanation): PartExplanation[] => [part, ...(part.parts ?? []).flatMap(parts)];
const named = (book: BookBase, name: string): PartExplanation => {
  const found = parts(explainScenarios(book, 'a').requirement).find((part) => part.name === name);
  if (!found) throw new Error(`no part ${name}`);
  return found;
};

describe('what a linear portfolio is asked for', () => {
  it('the ceil(alpha n)-th worst loss, and the mean of the tail', () => {
    const [base, confidence] = [{ scenarios: RECENT }, '0.99'];
    // 2.5 of 250: the third worst; two in full and half of the third.
    near(requirement({ ...base, confidence, measure: 'value-at-risk' }), lossesOf(RECENT)[2] ?? 0);
    near(requirement({ ...base, confidence }), shortfall(lossesOf(RECENT), 2.5));
    // 250 x 0.02 is 5, though ceil(250 * (1 - 0.98)) is 6 in doubles.
    expect(Math.ceil(250 * (1 - 0.98))).toBe(6);
    for (const written of ['0.98', 0.98, '49/50', '98e-2'])
      near(requirement({ ...base, confidence: written, measure: 'value-at-risk' }), lossesOf(RECENT)[4] ?? 0);
    near(requirement({ ...base, confidence: '49/50' }), shortfall(lossesOf(RECENT), 5));
  });

  it('by age: the loss at which weights of the worst reach the tail', () => {
    const decay = 0.98;
    const weight = (s: number): number => decay ** (249 - s);
    const all = Array.from({ length: 250 }, (_, s) => weight(s)).reduce((a, b) => a + b, 0);
    const order = lossesOf(RECENT);
    const rows = Array.from({ length: 250 }, (_, s) => ({
      s,
      loss: COINS.reduce(
        (loss, coin, i) =>
          loss - HELD[`${coin}-PERP` as keyof typeof HELD] * (SPOTS[coin] ?? 0) * (RECENT.moves[i]?.[s] ?? 0),
        0,
      ),
    })).sort((a, b) => b.loss - a.loss);
    let reached = 0;
    const found = rows.find(({ s }) => {
      reached += weight(s) / all;
      return reached >= 0.05;
    });
    const options = { scenarios: RECENT, measure: 'value-at-risk', confidence: '0.95' } as const;
    near(requirement({ ...options, decay }), found?.loss ?? 0);
    expect(found?.loss).not.toBe(order[12]);
    // Weights of the scenarios say the same as a decay; equal ones say nothing.
    const weights = Float64Array.from({ length: 250 }, (_, s) => weight(s) / all);
    expect(requirement({ ...options, scenarios: { ...RECENT, weights } })).toBe(requirement({ ...options, decay }));
    const equal = new Float64Array(250).fill(1 / 250);
    expect(requirement({ ...options, scenarios: { ...RECENT, weights: equal } })).toBe(requirement(options));
  });

  it('over a period: moves that span it, or the root of time', () => {
    const base = { scenarios: RECENT, confidence: '0.99' };
    near(
      requirement({ ...base, period: { days: 5, scaling: 'square-root' } }),
      shortfall(lossesOf(RECENT, Math.sqrt(5)), 2.5),
    );
    const spans = { ...RECENT, horizon: 5 };
    expect(requirement({ ...base, scenarios: spans, period: { days: 5, scaling: 'overlapping' } })).toBe(
      requirement(base),
    );
    expect(refusal(() => requirement({ ...base, period: { days: 5, scaling: 'overlapping' } }))).toMatch(
      /conflict at scenarios\.horizon: got 1, expected 5 days, the margin period of risk\. Make scenarios of so many days, or say/,
    );
  });

  it('with the tools of EMIR Art. 28, in their order', () => {
    const base = { scenarios: RECENT, confidence: '0.99' };
    const recent = shortfall(lossesOf(RECENT), 2.5);
    const stressed = shortfall(lossesOf(STRESSED), 1.25);
    const long = shortfall(lossesOf(LONG), 5);
    near(requirement({ ...base, buffer: 0.25 }), recent * 1.25);
    near(requirement({ ...base, stressed: { scenarios: STRESSED, weight: 0.25 } }), 0.75 * recent + 0.25 * stressed);
    near(requirement({ ...base, floor: { scenarios: LONG } }), Math.max(recent, long));
    const all = {
      ...base,
      multiplier: 1.5,
      stressed: { scenarios: STRESSED, weight: 0.25 },
      buffer: 0.25,
      floor: { scenarios: LONG },
    };
    const wanted = Math.max((0.75 * (1.5 * recent) + 0.25 * stressed) * 1.25, long);
    near(requirement(all), wanted);
    // A calm market: the floor holds.
    near(requirement({ ...all, multiplier: 0, stressed: { scenarios: STRESSED, weight: 0 } }), long);
    expect(long).toBeGreaterThan(recent);
  });

  it('with a share of netting: at most 0.8 of the benefit under Art. 27', () => {
    const combined = shortfall(lossesOf(RECENT), 2.5);
    const alone = COINS.reduce((sum, coin) => sum + shortfall(lossesOf(RECENT, 1, coin), 2.5), 0);
    near(requirement({ scenarios: RECENT, confidence: '0.99', netting: 0.8 }), 0.8 * combined + 0.2 * alone);
    expect(alone).toBeGreaterThan(combined);
  });

  it('with add-ons: liquidity, concentration, tiers, a minimum, and maintenance below', () => {
    const base = { scenarios: RECENT, confidence: '0.99' };
    const risk = shortfall(lossesOf(RECENT), 2.5);
    const [btc, eth, sol] = [120_000, 90_000, 15_000];
    const liquidity = { BTC: { halfSpread: 0.0005 }, '*': { halfSpread: 0.002 } };
    near(requirement({ ...base, liquidity }), risk + 0.0005 * btc + 0.002 * (eth + sol));
    // Thirty ETH where ten can be sold a day cost 1 % for each day beyond the first: 2 %, and 1.5 % at most.
    const days = { halfSpread: 0, volume: 10, perDay: 0.01, free: 30_000 };
    const still = { halfSpread: 0 };
    near(requirement({ ...base, liquidity: { ETH: { ...days, most: 1 }, '*': still } }), risk + 0.02 * eth);
    near(requirement({ ...base, liquidity: { ETH: { ...days, most: 0.015 }, '*': still } }), risk + 0.015 * eth);
    const concentration = {
      BTC: { threshold: 60_000, slope: 0.01, most: 1 },
      '*': { threshold: 1e9, slope: 0, most: 0 },
    };
    near(requirement({ ...base, concentration }), risk + 0.01 * btc);
    const tiers = [
      { upTo: 50_000, rate: 0 },
      { upTo: 100_000, rate: 0.01 },
      { upTo: null, rate: 0.05 },
    ];
    near(requirement({ ...base, tiers }), risk + 500 + 0.05 * 20_000 + 0.01 * 40_000);
    const minimum = { BTC: 20_000, '*': 0 };
    near(requirement({ ...base, minimum }), Math.max(risk, 40_000));
    near(requirement({ ...base, minimum: { BTC: 1, '*': 0 } }), risk);
    const book = Book.fromJSON(bookOf(presets.valueAtRisk({ ...base, maintenance: 0.8 }), HELD));
    const { initialMargin, maintenanceMargin } = accountMargin(book, 'a');
    near(maintenanceMargin, 0.8 * initialMargin);
  });

  it('whatever it is of, a portfolio without a loss is asked for nothing', () => {
    const up = { ...RECENT, count: 4, moves: COINS.map(() => [0.1, 0.2, 0.05, 0.3]) };
    expect(requirement({ scenarios: up, confidence: '0.5' }, { 'BTC-PERP': 1 })).toBe(0);
  });

  it('balances hedge what they say they hedge', () => {
    const model = presets.valueAtRisk({ scenarios: RECENT, confidence: '0.99' });
    const asked = (balances: Record<string, number>): number =>
      accountMargin(Book.fromJSON(bookOf(model, { 'BTC-PERP': -2 }, { balances })), 'a').initialMargin;
    expect(asked({ USD: 1e6, BTC: 2 })).toBe(0);
    expect(asked({ USD: 1e6, BTC: 1 })).toBeLessThan(asked({ USD: 1e6 }));
  });
});

describe('options on the underlyings', () => {
  const volatilities = RECENT.moves.map((moves) => Array.from(moves, (move) => -2 * move));
  const base = { scenarios: { ...RECENT, volatilities } as ValueAtRiskMarginOptions['scenarios'], confidence: '0.99' };

  it('are revalued in every scenario, with its volatility', () => {
    const sizes = { 'BTC-CALL-65': -3, 'BTC-PERP': 1 };
    const moving = requirement(base, sizes);
    const still = requirement({ ...base, volatility: 'still' }, sizes);
    expect(moving).not.toBe(still);
    expect(moving).toBeGreaterThan(0);
    // A hedge costs less than what it hedges.
    expect(moving).toBeLessThan(requirement(base, { 'BTC-CALL-65': -3 }));
    // Scenario by scenario, against a model of one scenario whose move is written out.
    const book = Book.fromJSON(bookOf(presets.valueAtRisk(base), sizes));
    const worst = explainScenarios(book, 'a').deciding[0];
    const s = worst?.index ?? 0;
    const one: ModelJSON = {
      id: 'one',
      volatility: { v: { scale: volatilities[0]?.[s] ?? 0 } },
      scenarios: [{ price: RECENT.moves[0]?.[s] ?? 0, volatility: 'v' }],
      requirement: { scan: 'scan' },
    };
    near(accountMargin(Book.fromJSON(bookOf(one, sizes)), 'a').initialMargin, -(worst?.gain ?? 0));
    // The root of time stretches both.
    const stretched = presets.valueAtRisk({ ...base, period: { days: 4, scaling: 'square-root' } });
    expect(stretched.volatility?.sv7).toEqual({ scale: 2, range: 'sv7' });
  });

  it('can not be held where nothing says what volatilities do', () => {
    const held = bookOf(presets.valueAtRisk({ scenarios: RECENT, confidence: '0.99' }), { 'BTC-CALL-65': 1 });
    expect(refusal(() => Book.fromJSON(held))).toMatch(
      /accounts\[0\]\.positions\[0\]\.market.*no option.*"options": false/,
    );
    expect(
      refusal(() => presets.valueAtRisk({ scenarios: RECENT, confidence: '0.99', volatility: 'scenarios' })),
    ).toMatch(
      /missing-key at scenarios\.volatilities: expected moves of the volatility of every name\. Say "volatility": "still"/,
    );
    const some = {
      ...RECENT,
      volatilities: [volatilities[0], undefined, undefined],
    } as ValueAtRiskMarginOptions['scenarios'];
    expect(presets.valueAtRisk({ scenarios: some, confidence: '0.99' }).options).toBe(false);
    expect(refusal(() => presets.valueAtRisk({ ...base, liquidity: { '*': { halfSpread: 0.1 } } }))).toMatch(
      /missing-key at liquidity\.BTC\.optionHalfSpread: expected a share: accounts of the model may hold options/,
    );
  });
});

describe('underlyings that the scenarios do not know', () => {
  const model = presets.valueAtRisk({ scenarios: RECENT, confidence: '0.99' });
  const DOGE = /nothing on "DOGE": the model "value-at-risk" says "underlyings": "named" and has no parameters of it/;

  it('can not be held, traded, or deposited, by any door', () => {
    expect(refusal(() => Book.fromJSON(bookOf(model, { 'DOGE-PERP': 1 })))).toMatch(DOGE);
    expect(refusal(() => Book.fromJSON(bookOf(model, {}, { balances: { DOGE: 1 } })))).toMatch(DOGE);
    const book = Book.fromJSON(bookOf(model, HELD));
    const before = book.encode();
    const calls: (() => unknown)[] = [
      () => book.fill('a', { market: 'DOGE-PERP', size: 1, price: 0.1 }),
      () => book.placeOrder('a', { market: 'DOGE-PERP', side: 'buy', size: 1, price: 0.1 }),
      () => book.placeOrder('a', { market: 'DOGE-SPOT', side: 'buy', size: 1, price: 0.1 }),
      () => book.deposit('a', 'DOGE', 1),
      () => transfer(book, 'a', 'a', 'DOGE', 1, { toBucket: 1 }),
      () => book.setLeverage('a', 'DOGE-PERP', 3),
      () => check(book, 'a', { market: 'DOGE-PERP', side: 'buy', size: 1 }),
      () => whatIf(book, 'a').try('DOGE-PERP', 1),
      () =>
        book.addColumns({
          accounts: 1,
          model: model.id,
          balances: {
            account: Uint32Array.of(0),
            asset: Uint32Array.of(book.asset('DOGE')),
            amount: Float64Array.of(1),
          },
          positions: {
            account: new Uint32Array(0),
            market: new Uint32Array(0),
            size: new Float64Array(0),
            entry: new Float64Array(0),
          },
        } as never),
      () =>
        book.replaceModel(
          presets.valueAtRisk({ scenarios: { ...RECENT, names: ['XBT', 'ETH', 'SOL'] }, confidence: '0.99' }),
        ),
      // What is held comes to be on another underlying.
      () => book.replaceMarket({ ...book.marketJSON('BTC-PERP'), underlying: 'XBT' }),
    ];
    for (const call of calls) expect(refusal(call)).toMatch(/says "underlyings": "named" and has no parameters of it/);
    book.deposit('a', 'BTC', 1);
    book.deposit('a', 'GOLD', 1);
    expect(refusal(() => book.replaceAsset({ ...book.assetJSON('GOLD'), hedges: 'DOGE' }))).toMatch(DOGE);
    expect(refusal(() => book.addMarket({ ...book.marketJSON('BTC-PERP'), id: 'other', underlying: 'XBT' }))).toMatch(
      /"XBT"/,
    );
    // Nothing of what was refused is left.
    const { accounts, ...rest } = Book.decode(before).toJSON();
    accounts[0] = { ...accounts[0], id: 'a', balances: { USD: 1e6, BTC: 1, GOLD: 1 } };
    expect(Book.decode(book.encode()).toJSON()).toEqual({ accounts, ...rest });
  });

  it('can be held by accounts of other models, and move as another where that is said', () => {
    const twice = {
      ...model,
      id: 'other',
      underlyings: 'all',
      parameters: { ...model.parameters, '*': model.parameters?.BTC ?? {} },
    };
    const json = bookOf(model, HELD);
    json.models?.push(twice as ModelJSON);
    json.accounts.push({
      id: 'b',
      model: 'other',
      balances: { USD: 1e6, DOGE: 5 },
      positions: [{ market: 'DOGE-PERP', size: 1, entry: 0.1 }],
    });
    expect(accountMargin(Book.fromJSON(json), 'b').initialMargin).toBeGreaterThan(0);
    const options = { scenarios: RECENT, confidence: '0.99' };
    const sizes = { 'DOGE-PERP': 600_000 };
    const like = requirement(options, { 'BTC-PERP': 1 });
    near(requirement({ ...options, proxies: { DOGE: 'BTC' } }, sizes), like);
    near(requirement({ ...options, others: 'BTC' }, sizes), like);
    const half = requirement({ ...options, proxies: { DOGE: { of: 'BTC', times: 1.5 } } }, sizes);
    near(half, 1.5 * like);
  });

  it('have to be told in every set, and in every option', () => {
    const young = { ...RECENT, names: [...COINS, 'DOGE'], moves: [...RECENT.moves, RECENT.moves[0] ?? []] };
    const options = { scenarios: young, confidence: '0.99', floor: { scenarios: LONG } };
    expect(refusal(() => presets.valueAtRisk(options))).toMatch(
      /missing-key at proxies\.DOGE: .* floor\.scenarios does not know "DOGE", which other scenarios do/,
    );
    expect(presets.valueAtRisk({ ...options, proxies: { DOGE: 'ETH' } }).parameters?.DOGE?.f3).toBe(LONG.moves[1]?.[3]);
    const base = { scenarios: RECENT, confidence: '0.99' };
    expect(refusedAt(() => presets.valueAtRisk({ ...base, minimum: { DOGE: 1, '*': 0 } }))).toBe(
      'unknown-id minimum.DOGE',
    );
    expect(refusedAt(() => presets.valueAtRisk({ ...base, minimum: { BTC: 1 } }))).toBe('missing-key minimum.ETH');
    expect(refusedAt(() => presets.valueAtRisk({ ...base, others: 'XBT' }))).toBe('unknown-id others');
  });

  it('have no row of a table', () => {
    expect(scenarioTable(model).map(({ move }) => move)).toEqual(Array.from(RECENT.moves[0] ?? []));
    expect(refusedAt(() => scenarioTable(model, 'DOGE'))).toBe('unknown-id underlying');
    expect(refusedAt(() => Book.fromJSON(bookOf({ ...model, parameters: {} } as ModelJSON, {})))).toMatch(
      /^missing-key models\[0\]/,
    );
  });
});

/** Every option somewhere. */
const VARIANTS: readonly ValueAtRiskMarginOptions[] = [
  { scenarios: RECENT, confidence: '0.99' },
  { scenarios: RECENT, confidence: '0.975', measure: 'value-at-risk', decay: 0.97 },
  { scenarios: RECENT, confidence: '0.99', measure: 'value-at-risk', netting: 0.8, quantum: 0.01 },
  {
    scenarios: { ...RECENT, volatilities: RECENT.moves } as ValueAtRiskMarginOptions['scenarios'],
    confidence: '0.99',
    period: { days: 2, scaling: 'square-root' },
    volatility: 'still',
    multiplier: 1.2,
    stressed: { scenarios: STRESSED, weight: 0.3 },
    buffer: 0.25,
    floor: { scenarios: LONG },
    liquidity: { '*': { halfSpread: 0.001, optionHalfSpread: 0.02, volume: 5, perDay: 0.001, most: 0.1 } },
    concentration: { '*': { threshold: 1000, slope: 0.001, most: 0.3 } },
    tiers: [
      { upTo: 1e5, rate: 0 },
      { upTo: null, rate: 0.02 },
    ],
    minimum: { '*': 100 },
    maintenance: 0.75,
    others: 'BTC',
  },
];

describe('every variant', () => {
  it.each(VARIANTS.map((options, i) => [i, options] as const))(
    '%i: both engines to the bit, and JSON and bytes keep it',
    (i, options) => {
      const r = new Random(40 + i);
      const model = presets.valueAtRisk(options);
      const json = bookOf(model, HELD);
      const markets =
        model.options === false
          ? ['BTC-PERP', 'ETH-PERP', 'SOL-PERP', 'BTC-COIN']
          : ['BTC-PERP', 'ETH-PERP', 'BTC-COIN', 'BTC-CALL-65'];
      json.accounts = Array.from({ length: 20 }, (_, a) => ({
        id: `a${a}`,
        model: model.id,
        balances: { USD: r.between(0, 1e5), BTC: r.between(-1, 1) },
        positions: markets
          .filter(() => r.chance(0.7))
          .map((market) => ({ market, size: r.between(-5, 5), entry: market === 'BTC-CALL-65' ? 1000 : 50 })),
        ...(r.chance(0.3) ? { orders: [{ market: 'BTC-PERP', side: 'buy', size: 1, price: 59_000 } as const] } : {}),
      }));
      const [wasm, reference] = [Book.fromJSON(json), ReferenceBook.fromJSON(json)];
      const again = Book.fromJSON(JSON.stringify(wasm.toJSON()));
      const decoded = Book.decode(wasm.encode());
      const [x, ...others] = [wasm, reference, again, decoded].map((book) => margin(book));
      for (const y of others) {
        for (const name of ['initialMargin', 'maintenanceMargin', 'collateral'] as const) {
          expect(
            Array.from(x?.[name] ?? []).every((value, u) => Object.is(value, y[name][u])),
            name,
          ).toBe(true);
        }
      }
      expect(Array.from(x?.initialMargin ?? []).filter((value) => value > 0).length).toBeGreaterThan(10);
      expect(again.toJSON().models).toEqual(JSON.parse(JSON.stringify([model])));
    },
  );

  it('a tail of any length has the same bits on both engines, whatever stands in it', () => {
    const r = new Random(77);
    for (let count = 1; count <= 34; count++) {
      // Few sizes, so that many losses are equal; some windows rise or fall throughout.
      const moves = COINS.map(() =>
        Float64Array.from({ length: count }, (_, s) => (count % 3 === 0 ? s : r.int(-3, 3)) / 100),
      );
      const rank = r.int(1, count);
      const [tail, sizes] = [`${rank}/${count}`, { 'BTC-PERP': r.between(-2, 2), 'ETH-PERP': r.between(-9, 9) }];
      const scans = [{ rank }, { shortfall: String(1 - r.between(0.001, 0.999)) }, { aged: '0.9', decay: 0.9 }];
      const model: ModelJSON = {
        id: 'm',
        parameters: Object.fromEntries(
          [...COINS, '*'].map((coin, i) => [
            coin,
            Object.fromEntries(Array.from(moves[i % 3] ?? [], (x, s) => [`m${s}`, x])),
          ]),
        ),
        scenarios: Array.from({ length: count }, (_, s) => ({ price: 1, range: `m${s}` })),
        requirement: { sum: scans.map((reduce) => ({ scan: 'scan', signed: true, reduce, factor: r.between(1, 2) })) },
      };
      const json = bookOf(model, sizes);
      const [x, y] = [Book, ReferenceBook].map((Kind) => accountMargin(Kind.fromJSON(json), 'a').initialMargin);
      expect(Object.is(x, y), `${tail}: ${x} and ${y}`).toBe(true);
    }
  });

  it('takes itself apart: parts by name, legs that add up', () => {
    const book = Book.fromJSON(
      bookOf(presets.valueAtRisk(VARIANTS[3] as ValueAtRiskMarginOptions), { ...HELD, 'BTC-CALL-65': -1 }),
    );
    const { requirement: root, legs, remainder, total, initialMargin } = explainScenarios(book, 'a');
    const names = [
      'expected shortfall',
      'multiplier',
      'recent',
      'stressed',
      'stress weighted',
      'buffer',
      'floor',
      'floored',
    ];
    const addOns = [
      'liquidity',
      'half spread',
      'half spread of options',
      'days to liquidate',
      'concentration',
      'concentration by tiers',
    ];
    const found = parts(root).map(({ name }) => name);
    for (const name of [...names, ...addOns, 'minimum', 'margin']) expect(found).toContain(name);
    expect(root.initial).toBe(initialMargin);
    near(legs.reduce((sum, leg) => sum + leg.initial, 0) + remainder.initial, initialMargin);
    expect(total.initial).toBe(legs.reduce((sum, leg) => sum + leg.initial, 0) + remainder.initial);
    near(named(book, 'buffer').initial, 1.25 * named(book, 'stress weighted').initial);
    near(named(book, 'multiplier').initial, 1.2 * named(book, 'expected shortfall').initial);
    const text = explainScenariosText(explainScenarios(book, 'a'), VARIANTS[3] && presets.valueAtRisk(VARIANTS[3]));
    expect(text).toContain('days to liquidate');
  });

  it('names the days that decide', () => {
    const labels = Array.from({ length: 250 }, (_, s) => new Date(Date.UTC(2025, 0, 1 + s)).toISOString().slice(0, 10));
    const model = presets.valueAtRisk({
      scenarios: { ...RECENT, labels },
      confidence: '0.99',
      measure: 'value-at-risk',
    });
    const [day] = explainScenarios(Book.fromJSON(bookOf(model, HELD)), 'a').deciding;
    const losses = labels.map((label, s) => ({
      label,
      loss: COINS.reduce(
        (sum, coin, i) =>
          sum - HELD[`${coin}-PERP` as keyof typeof HELD] * (SPOTS[coin] ?? 0) * (RECENT.moves[i]?.[s] ?? 0),
        0,
      ),
    }));
    expect(day?.id).toBe(losses.sort((a, b) => b.loss - a.loss)[2]?.label);
    // Labels that are not names of rows are not taken.
    const twice = presets.valueAtRisk({ scenarios: { ...RECENT, labels: labels.map(() => 'x') }, confidence: '0.99' });
    expect(twice.scenarios?.[4]?.id).toBe('scenario 4');
  });

  it.each(VARIANTS.map((options, i) => [i, options] as const))(
    '%i: what-ifs, and the check before a trade',
    (_, options) => {
      const model = presets.valueAtRisk(options);
      const book = Book.fromJSON(bookOf(model, HELD));
      const asked = whatIf(book, 'a').try('ETH-PERP', 12).initialMargin;
      const verdict = check(book, 'a', { market: 'ETH-PERP', side: 'buy', size: 12 });
      expect(verdict.accept).toBe(true);
      expect(check(book, 'a', { market: 'BTC-PERP', side: 'buy', size: 1e6 }).accept).toBe(false);
      book.fill('a', { market: 'ETH-PERP', size: 12, price: 3000 });
      const now = accountMargin(book, 'a').initialMargin;
      near(asked, now);
      if (model.quantum !== undefined) expect(asked).toBe(now);
    },
  );

  it.each(VARIANTS.map((options, i) => [i, options] as const))(
    '%i: liquidation prices stand between two that were margined',
    (_, options) => {
      const json = bookOf(presets.valueAtRisk(options), HELD, { balances: { USD: 90_000 } });
      const book = Book.fromJSON(json);
      expect(accountMargin(book, 'a').status).toBe('healthy');
      let found = 0;
      for (const { market, certificate } of liquidationPrices(book, 'a')) {
        for (const { method, status, healthy, liquidatable } of [certificate.down, certificate.up]) {
          expect(method).toBe('bracketed');
          if (status === 'none') continue;
          found++;
          for (const point of [healthy, liquidatable]) {
            const moved = Book.fromJSON(json);
            moved.setMark(market, point?.price ?? 1);
            moved.setPrice(market.slice(0, 3), point?.price ?? 1);
            const ill = accountMargin(moved, 'a').status;
            expect(['liquidatable', 'bankrupt'].includes(ill), `${market} at ${point?.price}: ${ill}`).toBe(
              point === liquidatable,
            );
          }
        }
      }
      expect(found).toBeGreaterThan(1);
    },
  );
});

describe('a model that follows the market', () => {
  const model = presets.valueAtRisk({ scenarios: RECENT, confidence: '0.99', multiplier: 1, buffer: 0.25 });

  it('takes other factors while the book runs, and gives back the model before', () => {
    const book = Book.fromJSON(bookOf(model, HELD));
    const asked = accountMargin(book, 'a').initialMargin;
    const before = setFactor(book, 'value-at-risk', 'buffer', 1.1);
    near(accountMargin(book, 'a').initialMargin, (asked / 1.25) * 1.1);
    setFactor(book, 'value-at-risk', 'buffer', { initial: 1.2, maintenance: 1 });
    near(accountMargin(book, 'a').maintenanceMargin, asked / 1.25);
    book.replaceModel(before);
    expect(accountMargin(book, 'a').initialMargin).toBe(asked);
  });

  it('is left as it was by what is refused', () => {
    const book = Book.fromJSON(bookOf(model, HELD));
    const asked = accountMargin(book, 'a').initialMargin;
    expect(refusal(() => setFactor(book, 'value-at-risk', 'bufer', 1))).toMatch(
      /unknown-id at part.*Did you mean "buffer"\?/,
    );
    expect(refusedAt(() => setFactor(book, 'value-at-risk', 'buffer', Number.NaN))).toMatch(/^not-finite .*factor/);
    expect(refusedAt(() => setFactor(book, 'value-at-risk', 'buffer', 1e7))).toMatch(/^range .*factor/);
    expect(refusedAt(() => setFactor(book, 'nobody', 'buffer', 1))).toBe('unknown-id model');
    expect(
      refusedAt(() => followMargin(book, 'value-at-risk', null, { return: -0.1 }, { halfLife: 10, normal: 0 })),
    ).toBe('range options.normal');
    const twice: ModelJSON = {
      id: 't',
      requirement: {
        sum: [
          { id: 'x', gross: 'linear' },
          { id: 'x', gross: 'linear' },
        ],
      },
    };
    book.addModel(twice);
    expect(refusedAt(() => setFactor(book, 't', 'x', 2))).toBe('conflict part');
    expect(accountMargin(book, 'a').initialMargin).toBe(asked);
  });

  it('takes the multiplier of a step', () => {
    const book = Book.fromJSON(bookOf(model, HELD));
    const asked = accountMargin(book, 'a').initialMargin;
    const options = { halfLife: 5, normal: 0.03, limits: { up: 0.2 } };
    const first = followMargin(book, 0, null, { return: 0 }, options);
    expect(first.margin).toBe(1);
    expect(accountMargin(book, 'a').initialMargin).toBe(asked);
    const second = followMargin(book, 0, first.state, { return: -0.3 }, options);
    expect(second.margin).toBe(1.2);
    near(accountMargin(book, 'a').initialMargin, 1.2 * asked);
    expect(second.owed).toBeGreaterThan(1);
  });
});

describe('what is refused', () => {
  const base = { scenarios: RECENT, confidence: '0.99' } as const;
  const make = (options: object) => () => presets.valueAtRisk({ ...base, ...options } as ValueAtRiskMarginOptions);
  it.each<[string, object]>([
    ['missing-key scenarios', { scenarios: undefined }],
    ['missing-key confidence', { confidence: undefined }],
    ['range confidence', { confidence: '99' }],
    ['type confidence', { confidence: 'high' }],
    ['range scenarios.count', { confidence: '0.9999' }],
    ['inexact confidence', { confidence: '2/3' }],
    ['unknown-key mesure', { mesure: 'shortfall' }],
    ['type measure', { measure: 'es' }],
    ['conflict decay', { decay: 0.9 }],
    ['range buffer', { buffer: -1 }],
    ['range netting', { netting: 1.1 }],
    ['missing-key stressed.weight', { stressed: { scenarios: STRESSED } }],
    ['range stressed.scenarios.moves[0]', { stressed: { scenarios: { ...STRESSED, count: 124 }, weight: 0.2 } }],
    ['conflict floor.scenarios.horizon', { floor: { scenarios: { ...LONG, horizon: 10 } } }],
    ['missing-key period.scaling', { period: { days: 2 } }],
    ['duplicate scenarios.names[1]', { scenarios: { ...RECENT, names: ['BTC', 'BTC', 'SOL'] } }],
    ['type scenarios.names[1]', { scenarios: { ...RECENT, names: ['BTC', '*', 'SOL'] } }],
    ['type scenarios.count', { scenarios: { ...RECENT, count: 2.5 } }],
    ['range scenarios.count', { scenarios: { ...RECENT, count: 0 } }],
    ['range scenarios.moves', { scenarios: { ...RECENT, moves: [] } }],
    ['range scenarios.moves[0][0]', { scenarios: { ...RECENT, moves: COINS.map(() => new Array(250).fill(-1.01)) } }],
    [
      'not-finite scenarios.moves[0][0]',
      { scenarios: { ...RECENT, moves: COINS.map(() => new Array(250).fill(Number.NaN)) } },
    ],
    ['type scenarios.moves[0][0]', { scenarios: { ...RECENT, moves: COINS.map(() => new Array(250).fill('0.1')) } }],
    ['conflict scenarios.weights', { scenarios: { ...RECENT, weights: Array.from({ length: 250 }, (_, s) => s + 1) } }],
    ['conflict scenarios.weights', { scenarios: { ...RECENT, weights: new Array(250).fill(0) } }],
    ['missing-key liquidity.*', { liquidity: { '*': { halfSpread: 0.1, volume: 3 } } }],
    ['range proxies.DOGE.times', { proxies: { DOGE: { of: 'BTC', times: 0 } } }],
    ['unknown-id proxies.DOGE', { proxies: { DOGE: 'XBT' } }],
  ])('%s', (want, options) => {
    expect(refusedAt(make(options))).toBe(want);
  });

  it('in words', () => {
    expect(refusal(make({ confidence: '0.999' }))).toBe(
      'range at scenarios.count: got 250, expected at least 1000 scenarios: the tail would be less than one. More scenarios, or a lower confidence',
    );
    const weights = Array.from({ length: 250 }, (_, s) => s + 1);
    expect(refusal(make({ scenarios: { ...RECENT, weights } }))).toContain(
      'A stressed window counts with a weight of its own under "stressed"',
    );
  });
});
