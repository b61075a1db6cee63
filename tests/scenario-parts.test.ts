// Parts of a requirement that venues share: numbers by underlying, groups, offsetting and calendar deltas, spreads. What their doors
// refuse, what they come to by hand, and that legs add up.
import { describe, expect, it } from 'vitest';
import {
  accountMargin,
  Book,
  type BookJSON,
  explainScenarios,
  type ModelJSON,
  type PartJSON,
  scenarioGains,
  scenarioTable,
  volatilityMove,
} from '../bindings/scenario.js';
import { refusedWith } from './refusal.js';

const DAY = 86_400;

function bookOf(model: Partial<ModelJSON> & { requirement: PartJSON }, sizes: Record<string, number>): BookJSON {
  const linear = { kind: 'linear' as const, settle: 'USD', brackets: [{ upTo: null, maintenanceRate: 0 }] };
  return {
    format: 'margin-kernel/book@1',
    assets: [
      { id: 'USD', price: 1 },
      { id: 'A', price: 100 },
      { id: 'B', price: 10 },
      { id: 'C', price: 1 },
    ],
    expiries: [30, 60, 120].map((days) => ({ id: `A${days}`, asset: 'A', seconds: days * DAY, forward: 100 })),
    models: [{ id: 'm', cash: 'USD', ...model }],
    markets: [
      ...['A', 'B', 'C'].map((base) => ({
        id: `${base}-perp`,
        ...linear,
        base,
        mark: base === 'A' ? 101 : base === 'B' ? 10 : 1,
      })),
      ...[30, 60, 120].map((days) => ({
        id: `A${days}`,
        ...linear,
        base: 'A',
        expiry: `A${days}`,
        mark: 100,
        multiplier: 2,
      })),
      { id: 'call', kind: 'call', expiry: 'A30', strike: 110, volatility: 0.5, settle: 'USD', multiplier: 2 },
      { id: 'put', kind: 'put', expiry: 'A60', strike: 90, volatility: 0.5, settle: 'USD' },
    ],
    accounts: [
      {
        id: 'a',
        model: 'm',
        positions: Object.entries(sizes).map(([market, size]) => ({
          market,
          size,
          ...(market === 'call' || market === 'put' ? {} : { entry: 1 }),
        })),
      },
    ],
  };
}

const explained = (
  model: Partial<ModelJSON> & { requirement: PartJSON },
  sizes: Record<string, number>,
): ReturnType<typeof explainScenarios> => {
  const answer = explainScenarios(Book.fromJSON(bookOf(model, sizes)), 'a');
  const told = answer.legs.reduce((sum, { initial }) => sum + initial, 0);
  expect(told + answer.remainder.initial).toBe(answer.total.initial);
  return answer;
};
const initial = (model: Partial<ModelJSON> & { requirement: PartJSON }, sizes: Record<string, number>): number =>
  explained(model, sizes).initialMargin;
const refused = (model: Partial<Record<keyof ModelJSON, unknown>>): ReturnType<typeof refusedWith> =>
  refusedWith(() => Book.fromJSON(bookOf({ requirement: { gross: 'linear' }, ...model } as never, {})));

describe('numbers by underlying', () => {
  const parameters = {
    A: { weight: 0.5, dampener: 30, least: 0.9, rate: 0.1, coin: 1, share: 1 },
    '*': { weight: 1, dampener: 0, least: 0, rate: 0.2, coin: 1, share: 0.5 },
  };

  it('weights, dampeners and shares of gains', () => {
    const row = { price: -0.1, weight: 'weight', dampener: 'dampener' };
    const model = { parameters, scenarios: [row], requirement: { scan: 'scan', gains: 'share' } as PartJSON };
    // A: 10 contracts at 101 lose 101, half of it counts, 30 are taken off. B loses 10 of 100.
    expect(initial(model, { 'A-perp': 10 })).toBeCloseTo(50.5 - 30, 9);
    expect(initial(model, { 'A-perp': 10, 'B-perp': 10 })).toBeCloseTo(20.5 + 10, 9);
    // B gains 10 and may set half of it against A.
    expect(initial(model, { 'A-perp': 10, 'B-perp': -10 })).toBeCloseTo(20.5 - 5, 9);
    expect(scenarioTable({ id: 'm', ...model }, 'A')[0]?.weight).toBe(0.5);
  });

  it('least volatilities', () => {
    const model = {
      parameters,
      volatility: { up: { scale: 0.1, least: 'least' } },
      scenarios: [{ volatility: 'up' }],
      requirement: { scan: 'scan' } as PartJSON,
    };
    const gain = (least: number): number =>
      scenarioGains(
        Book.fromJSON(bookOf({ ...model, parameters: { '*': { ...parameters['*'], least } } }, { call: 1 })),
        'a',
      ).loss;
    // Volatility 0.5 rises to 0.55, or to what it is at least.
    expect(gain(0)).toBe(gain(0.55));
    expect(gain(0.9)).toBeLessThan(gain(0));
    expect(initial(model, { call: -1 })).toBeCloseTo(-gain(0.9), 12);
  });

  it('rates of deltas', () => {
    const each = (part: PartJSON) => ({ parameters, requirement: { each: part } as PartJSON });
    const sizes = { 'A-perp': 1, 'B-perp': -10 };
    // At the index, which is the mark here: 101 and 100.
    expect(initial(each({ delta: { net: 'rate', hedged: 0 } }), sizes)).toBeCloseTo(0.1 * 101 + 0.2 * 100, 9);
    expect(initial(each({ roll: { least: 'rate', perYear: 0 } }), sizes)).toBeCloseTo(0.1 * 101 + 0.2 * 100, 9);
    const shock = each({ deltaShock: { threshold: 0, slope: 0.01, most: 'rate' } });
    // One unit of A: 0.01; ten of B: 0.1.
    expect(initial(shock, sizes)).toBeCloseTo(101 * 0.01 + 100 * 0.1, 9);
    expect(initial(shock, { 'B-perp': 1000 })).toBeCloseTo(10_000 * 0.2, 9);
  });

  it('a name has to be a parameter, and stand where there is one underlying', () => {
    expect(refused({ parameters, scenarios: [{ weight: 'wight' }] })).toMatchObject({
      code: 'unknown-id',
      path: 'models[0].scenarios[0].weight',
    });
    expect(refused({ scenarios: [{ dampener: 'x' }] })).toMatchObject({ path: 'models[0].scenarios[0].dampener' });
    expect(refused({ parameters, requirement: { delta: { net: 'rate', hedged: 0 } } })).toMatchObject({
      code: 'conflict',
      path: 'models[0].requirement.delta.net',
    });
    const group = { each: { roll: { least: 'rate', perYear: 0 } }, by: 'group' };
    expect(refused({ parameters, group: 'rate', requirement: group })).toMatchObject({
      code: 'conflict',
      path: 'models[0].requirement.each.roll.least',
    });
    expect(refused({ requirement: { deltaShock: { threshold: 0, slope: 1, most: 1 } } })).toMatchObject({
      code: 'conflict',
      path: 'models[0].requirement.deltaShock',
    });
  });
});

describe('factors by level', () => {
  const margins = (factor: PartJSON['factor']): number[] => {
    const json = bookOf({ requirement: { gross: 'linear', factor } as PartJSON }, { 'B-perp': 10 });
    const { requirement } = explainScenarios(Book.fromJSON(json), 'a');
    return [requirement.initial, requirement.maintenance];
  };

  it('maintenance is that of initial where it is not said, and may be more', () => {
    expect(margins({ initial: 1.5 })).toEqual([150, 150]);
    expect(margins({ initial: 1, maintenance: 1.5 })).toEqual([100, 150]);
    expect(margins({ initial: 1, maintenance: 0 })).toEqual([100, 0]);
    expect(refusedWith(() => margins({ maintenance: 1 } as never))).toMatchObject({
      code: 'missing-key',
      path: 'models[0].requirement.factor.initial',
    });
  });
});

describe('what a figure may be', () => {
  const each = (part: object) => ({ requirement: { each: part } as PartJSON });
  const roll = { least: 0, perYear: 0 };
  const shock = { threshold: 0, slope: 0, most: 0 };
  const move = (changes: object) => ({ volatility: { v: { scale: 1, ...changes } } });

  it.each([
    ['weight', 1e7, { scenarios: [{ weight: 'x' }] }, 'scenarios[0].weight'],
    ['coinWeight', 1e7, { scenarios: [{ coinWeight: 'x' }] }, 'scenarios[0].coinWeight'],
    ['dampener', -1, { scenarios: [{ dampener: 'x' }] }, 'scenarios[0].dampener'],
    ['range', 1e7, { scenarios: [{ price: 1, range: 'x' }] }, 'scenarios[0].range'],
    ['range of a move', 1e7, move({ range: 'x' }), 'volatility.v.range'],
    ['least volatility', -1, move({ least: 'x' }), 'volatility.v.least'],
    ['gains', 5, { requirement: { scan: 'scan', gains: 'x' } as PartJSON }, 'requirement.gains'],
    ['factor', 1e7, each({ scan: 'scan', factor: 'x' }), 'requirement.each.factor'],
    [
      'maintenance',
      -1e7,
      each({ scan: 'scan', factor: { initial: 1, maintenance: 'x' } }),
      'requirement.each.factor.maintenance',
    ],
    ['net', -5, each({ delta: { net: 'x', hedged: 0 } }), 'requirement.each.delta.net'],
    ['hedged', 1e7, each({ delta: { net: 0, hedged: 'x' } }), 'requirement.each.delta.hedged'],
    ['least', -1, each({ roll: { ...roll, least: 'x' } }), 'requirement.each.roll.least'],
    ['perYear', -1, each({ roll: { ...roll, perYear: 'x' } }), 'requirement.each.roll.perYear'],
    ['rate', -1, each({ calendar: { rate: 'x' } }), 'requirement.each.calendar.rate'],
    ['threshold', -1, each({ deltaShock: { ...shock, threshold: 'x' } }), 'requirement.each.deltaShock.threshold'],
    ['slope', -1, each({ deltaShock: { ...shock, slope: 'x' } }), 'requirement.each.deltaShock.slope'],
    ['most', -1, each({ deltaShock: { ...shock, most: 'x' } }), 'requirement.each.deltaShock.most'],
  ])('%s holds for every underlying of the parameter', (_, x, use, path) => {
    const model = { scenarios: [{ price: 0.1 }], requirement: { scan: 'scan' } as PartJSON, ...use };
    for (const key of ['A', '*']) {
      const parameters = { A: { x: 0.5 }, B: { x: 0.25 }, '*': { x: 0.5 }, [key]: { x } };
      const error = refusedWith(() => Book.fromJSON(bookOf({ ...model, parameters }, {})));
      expect(error).toMatchObject({ code: 'range', path: `models[0].parameters.${key}.x`, got: x });
      expect(error.expected).toMatch(/^a number >= /);
      expect(error.expected?.endsWith(`, for models[0].${path}`)).toBe(true);
    }
    const parameters = { A: { x: 0.5 }, '*': { x: '0.25' } };
    expect(() => Book.fromJSON(bookOf({ ...model, parameters }, {}))).not.toThrow();
  });

  it('parts inside one another stay finite', () => {
    const scenarios = [{ price: -1 }];
    const nest = (part: PartJSON, factors: (number | string)[]): PartJSON =>
      factors.reduce((of, factor) => ({ sum: [of], factor }) as PartJSON, part);
    const largest = (): BookJSON => {
      const json = bookOf(
        { scenarios, requirement: nest({ scan: 'scan' }, [1e6, 1e6, 1e6, 1e6, 1e6]) },
        { 'A-perp': 1e30 },
      );
      return {
        ...json,
        assets: json.assets.map((asset) => ({ ...asset, price: 1e30 })),
        markets: json.markets
          .filter(({ id }) => id === 'A-perp')
          .map((m) => ({ ...m, multiplier: 1e21, mark: 1e30 }) as never),
        expiries: [],
      };
    };
    expect(accountMargin(Book.fromJSON(largest()), 'a').initialMargin / 1e141).toBeCloseTo(1, 9);
    const refused = (requirement: PartJSON, parameters = {}) =>
      refusedWith(() => Book.fromJSON(bookOf({ scenarios, parameters, requirement }, {})));
    expect(refused(nest({ scan: 'scan' }, [1e6, 1e6, 1e6, 1e6, 1e6, 2, 1]))).toMatchObject({
      code: 'range',
      path: 'models[0].requirement.sum[0]',
      expected: 'factors, pegs and rates of tiers whose product from here to any part within is at most 1e+30',
    });
    const tiers = (of: PartJSON, n: number): PartJSON =>
      n === 0
        ? of
        : {
            tiers: [
              { upTo: 1, rate: 0 },
              { upTo: null, rate: 1e6 },
            ],
            of: tiers(of, n - 1),
          };
    expect(refused(tiers({ scan: 'scan' }, 6)).path).toBe('models[0].requirement');
    // By the largest magnitude of a parameter, and by all that a peg can lack.
    const named = { each: { scan: 'scan', factor: 'x' } } as PartJSON;
    expect(refused(nest(named, [1e6, 1e6, 1e6, 1e6, 1e6]), { A: { x: -2 }, '*': { x: 1 } }).path).toBe(
      'models[0].requirement',
    );
    const peg = { asset: 'A', threshold: 2, factor: 1e6 };
    expect(refused(nest({ scan: 'scan', factor: 0, peg }, [1e6, 1e6, 1e6, 1e6])).path).toBe('models[0].requirement');
    // What is small within may be large without.
    expect(() =>
      Book.fromJSON(bookOf({ scenarios, requirement: nest({ scan: 'scan' }, [0.1, 10, 1e6, 1e6, 1e6, 1e6, 1e6]) }, {})),
    ).not.toThrow();
  });
});

describe('a table', () => {
  it('finds pairs of the same price, whatever else stands between', () => {
    const scenarios = [
      { price: 0.1 },
      { price: 0.1, volatility: 'v' },
      { price: 0.2 },
      { price: 0.1 },
      { price: 0.1, volatility: 'w' },
    ];
    const volatility = { v: { scale: 1 }, w: { scale: 2 } };
    const book = Book.fromJSON(bookOf({ scenarios, volatility, requirement: { scan: 'scan' } }, {}));
    accountMargin(book, 'a');
    expect([...book.store.columns.scenario.pair.subarray(0, 5)]).toEqual([1, 0, 2, 1, 0]);
  });

  it('may be as long as it may be', () => {
    const scenarios = Array.from({ length: 65_536 }, (_, i) => ({ price: (i % 100) / 100, days: i % 7 }));
    const start = performance.now();
    const book = Book.fromJSON(bookOf({ scenarios, requirement: { scan: 'scan' } }, { 'A-perp': -1 }));
    expect(accountMargin(book, 'a').initialMargin).toBeCloseTo(101 * 0.99, 9);
    // Less than a second; minutes where a row asks all others.
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('groups of underlyings', () => {
  const parameters = { A: { group: 1 }, B: { group: 1 }, '*': { group: 0 } };
  const scan = { scan: 'scan' } as const;
  const model = (requirement: PartJSON) => ({
    parameters,
    group: 'group',
    scenarios: [{ price: 0.1 }, { price: -0.1 }],
    requirement,
  });

  it('are margined together, 0 alone', () => {
    const sizes = { 'A-perp': 1, 'B-perp': -10, 'C-perp': 50 };
    expect(initial(model({ each: scan, by: 'group' }), sizes)).toBeCloseTo(0.1 + 5, 9);
    expect(initial(model({ each: scan }), sizes)).toBeCloseTo(10.1 + 10 + 5, 9);
    expect(initial(model(scan), sizes)).toBeCloseTo(10.1 - 10 + 5, 9);
    // Inside a group: each of its underlyings.
    expect(initial(model({ each: { each: scan }, by: 'group' }), sizes)).toBeCloseTo(25.1, 9);
    expect(initial(model({ each: { gross: 'linear' }, by: 'group' }), sizes)).toBeCloseTo(251, 9);
    const alone = { ...model({ each: scan, by: 'group' }), parameters: { '*': { group: 0 } } };
    expect(initial(alone, sizes)).toBeCloseTo(25.1, 9);
    const { parts = [] } = explained(model({ each: scan, by: 'group' }), sizes).requirement;
    expect(parts.map(({ underlying }) => underlying)).toEqual(['A', 'C']);
  });

  it('need a parameter', () => {
    expect(refused({ requirement: { each: scan, by: 'group' }, scenarios: [{}] })).toMatchObject({
      code: 'conflict',
      path: 'models[0].requirement.by',
    });
    expect(refused({ parameters, group: 'x' })).toMatchObject({ code: 'unknown-id', path: 'models[0].group' });
  });
});

describe('exposures', () => {
  it('the lesser of long and short', () => {
    const model = { requirement: { offset: 'linear', factor: 0.01 } as PartJSON };
    expect(initial(model, { A30: 2, A60: -3, 'A-perp': 1, call: -50 })).toBeCloseTo(0.01 * (2 * 200 + 101), 9);
    expect(initial(model, { A30: 5, A60: -1 })).toBeCloseTo(2, 9);
    expect(initial(model, { A30: 5 })).toBe(0);
    expect(refused({ requirement: { offset: 'options' } })).toMatchObject({ path: 'models[0].requirement.offset' });
  });

  it('calls, puts, contracts and their units', () => {
    const sizes = { call: -3, put: -5, A30: -1 };
    expect(initial({ requirement: { short: 'calls', at: 'contract' } }, sizes)).toBe(3);
    expect(initial({ requirement: { short: 'puts', at: 'contract' } }, sizes)).toBe(5);
    expect(initial({ requirement: { gross: 'options', at: 'unit' } }, sizes)).toBe(11);
    expect(initial({ requirement: { gross: 'linear', at: 'unit' } }, sizes)).toBe(2);
  });
});

describe('a calendar', () => {
  const model = { requirement: { calendar: { rate: 0.5 } } as PartJSON };
  const year = (days: number): number => days / 365;

  it('holds the first long month against the first short one', () => {
    // Dollar deltas: 30 days +600, 60 days -400, 120 days -400; perpetuals are at 0 days.
    const sizes = { A30: 3, A60: -2, A120: -2 };
    expect(initial(model, sizes)).toBeCloseTo(0.5 * (400 * year(30) + 200 * year(90)), 9);
    expect(initial(model, { 'A-perp': 4, A60: -2 })).toBeCloseTo(0.5 * 400 * year(60), 9);
    expect(initial(model, { A30: 3, A60: 2 })).toBe(0);
    // The short of 120 days is held against both.
    expect(initial(model, { A30: 3, A60: 1, A120: -7 })).toBeCloseTo(0.5 * (600 * year(90) + 200 * year(60)), 9);
    expect(Math.abs(explained(model, sizes).remainder.initial)).toBeLessThan(1e-9);
  });

  it('never holds one underlying against another', () => {
    expect(initial(model, { A60: 5, 'B-perp': -100 })).toBe(0);
  });
});

describe('spreads', () => {
  const leg = (side: string, expiries: unknown, ratio = 2) => ({ side, expiries, ratio });
  const months = [{ charge: 7, legs: [leg('A', ['A30', 'A60']), leg('B', ['A120'])] }];

  it('take from the first month of a leg first, on both sides of the market', () => {
    const model = (spreads: unknown) =>
      ({ spreads, requirement: { sum: [{ spreads: 'months' }, { spreads: 'delivery' }] } }) as never;
    const delivery = [
      { expiry: 'A30', left: 1, used: 10 },
      { expiry: 'A60', left: 100, used: 1000 },
    ];
    // 2 contracts of 2 units in A30, 3 in A60, against 4: A30 is used up, of A60 two are used.
    const sizes = { A30: 2, A60: 3, A120: -4 };
    expect(initial(model({ months }), sizes)).toBeCloseTo(4 * 7, 9);
    expect(initial(model({ months, delivery }), sizes)).toBeCloseTo(28 + 4 * 10 + 2 * 100 + 4 * 1000, 9);
    const mirrored = { A30: -2, A60: -3, A120: 4 };
    expect(initial(model({ months, delivery }), mirrored)).toBeCloseTo(28 + 4240, 9);
    // One tier against itself.
    const inside = [{ charge: 7, legs: [leg('A', ['A30', 'A60']), leg('B', ['A30', 'A60'])] }];
    expect(initial(model({ months: inside }), { A30: 2, A60: -3 })).toBeCloseTo(14, 9);
  });

  it('count options by their deltas', () => {
    const { legs, initialMargin } = explained(
      {
        spreads: { months: [{ charge: 7, legs: [leg('A', ['A30']), leg('B', ['A120'])] }] as never },
        requirement: { spreads: 'months' },
      },
      { call: 10, A120: -100 },
    );
    const delta = (legs.find(({ market }) => market === 'call')?.delta ?? 0) / 100;
    expect(delta).toBeGreaterThan(2);
    expect(initialMargin).toBeCloseTo((delta / 2) * 7, 9);
  });

  it('credit no more than one side has, and nothing to who is not there', () => {
    const credits = [
      {
        legs: [
          { side: 'A', underlying: 'A', ratio: 1, rate: 0.5 },
          { side: 'B', underlying: 'B', ratio: 10, rate: 0.25 },
          { side: 'B', underlying: 'nobody', ratio: 10, rate: 0.25 },
        ],
      },
    ];
    const scenarios = [{ price: 0.1 }, { price: -0.1 }];
    const part = { each: { sum: [{ scan: 'scan' }, { spreads: 'credit', factor: -1 }] } };
    const of = (legs: number, sizes: Record<string, number>): number =>
      initial(
        { scenarios, spreads: { credits: [{ legs: credits[0]?.legs.slice(0, legs) }] }, requirement: part } as never,
        sizes,
      );
    const sizes = { 'A-perp': 3, 'B-perp': -20 };
    // Two spreads: of A two thirds at a half, of B all at a quarter.
    expect(of(2, sizes)).toBeCloseTo(30.3 + 20 - 30.3 * (2 / 3) * 0.5 - 20 * 0.25, 9);
    expect(of(3, sizes)).toBeCloseTo(50.3, 9);
    expect(of(2, { 'A-perp': 3 })).toBeCloseTo(30.3, 9);
  });

  it('credit nothing where spreads between months of unlike ratios leave months without a net delta', () => {
    const leg = (side: string, expiries: string[], ratio: number) => ({ side, expiries, ratio });
    const between = (underlying: string, side: string) => ({ side, underlying, ratio: 1, rate: 0.5 });
    const spreads = {
      months: [{ charge: 1, legs: [leg('A', ['A30'], 1), leg('B', ['A60'], 2)] }],
      credits: [{ legs: [between('A', 'A'), between('B', 'B')] }],
    };
    const scenarios = [{ price: 0.1 }, { price: -0.1 }];
    const of = (sizes: Record<string, number>): number =>
      initial({ scenarios, spreads, requirement: { spreads: 'credit' } } as never, sizes);
    expect(of({ A30: 5, A60: -5, 'B-perp': -100 })).toBe(0);
    // A net delta of 2 with a price risk of 20, though the months leave 6.
    expect(of({ A30: 5, A60: -4, 'B-perp': -100 })).toBeCloseTo(20 * 0.5 + 2 * 0.5, 9);
  });

  it('come in the order of their list, out of what is left', () => {
    const pair = (rate: number) => ({
      legs: [
        { side: 'A', underlying: 'A', ratio: 1, rate },
        { side: 'B', underlying: 'B', ratio: 10, rate: 0 },
      ],
    });
    const third = {
      legs: [
        { side: 'A', underlying: 'A', ratio: 1, rate: 0.1 },
        { side: 'B', underlying: 'C', ratio: 10, rate: 0 },
      ],
    };
    const of = (credits: unknown[]): number =>
      initial(
        {
          scenarios: [{ price: 0.1 }, { price: -0.1 }],
          spreads: { credits },
          requirement: { spreads: 'credit' },
        } as never,
        { A30: 1, A60: 0.5, 'B-perp': -10, 'C-perp': -1000 },
      );
    // Three units of A: one against B, two are left for C. A unit has 10 of price risk.
    expect(of([pair(0.5), third])).toBeCloseTo(5 + 2, 9);
    expect(of([third, pair(0.5)])).toBeCloseTo(3, 9);
    expect(of([pair(0.5), pair(0.5)])).toBeCloseTo(5, 9);
  });

  it('count a month with several positions once', () => {
    const credits = [
      {
        legs: [
          { side: 'A', underlying: 'A', ratio: 1, rate: 1 },
          { side: 'B', underlying: 'B', ratio: 1, rate: 0 },
        ],
      },
    ];
    const { legs, initialMargin } = explained(
      {
        scenarios: [{ price: 0.1 }, { price: -0.1 }],
        spreads: { credits },
        requirement: { spreads: 'credit' },
      } as never,
      { A30: 1, call: 2, 'B-perp': -1000 },
    );
    const net = legs.filter(({ market }) => market !== 'B-perp').reduce((sum, { delta }) => sum + delta, 0) / 100;
    const { loss } = scenarioGains(
      Book.fromJSON(
        bookOf({ scenarios: [{ price: 0.1 }, { price: -0.1 }], requirement: { scan: 'scan' } }, { A30: 1, call: 2 }),
      ),
      'a',
    );
    // All of the delta is credited, so all of the price risk is.
    expect(net).toBeGreaterThan(2);
    expect(initialMargin).toBeCloseTo(loss, 9);
  });

  it('are refused where a side is missing or names are not', () => {
    const path = 'models[0].spreads';
    const one = (legs: unknown[]) => refused({ spreads: { months: [{ charge: 1, legs }] } as never });
    expect(one([leg('A', ['A30'])])).toMatchObject({ code: 'missing-key', path: `${path}.months[0].legs` });
    expect(one([leg('A', ['A30']), leg('C', ['A60'])])).toMatchObject({ path: `${path}.months[0].legs[1].side` });
    expect(one([leg('A', ['A30']), leg('B', [7])])).toMatchObject({ path: `${path}.months[0].legs[1].expiries[0]` });
    expect(one([leg('A', ['A30']), leg('B', ['A60'], 0)])).toMatchObject({ path: `${path}.months[0].legs[1].ratio` });
    const same = ['A', 'B'].map((side) => ({ side, underlying: 'A', ratio: 1, rate: 0.5 }));
    expect(refused({ spreads: { credits: [{ legs: same }] } as never })).toMatchObject({
      code: 'duplicate',
      path: `${path}.credits[0].legs[1].underlying`,
    });
    expect(refused({ spreads: { month: [] } as never })).toMatchObject({ code: 'unknown-key', path: `${path}.month` });
    expect(refused({ spreads: [] as never })).toMatchObject({ code: 'type', path });
    expect(refused({ requirement: { spreads: 'months', set: 'scan' } })).toMatchObject({
      code: 'conflict',
      path: 'models[0].requirement.set',
    });
    expect(refused({ requirement: { spreads: 'credit' } })).toMatchObject({
      code: 'unknown-id',
      path: 'models[0].requirement.set',
    });
  });
});

describe('a model without a book', () => {
  const model: ModelJSON = {
    id: 'm',
    volatility: {
      up: { scale: 1, range: 'up', term: { days: 30, short: 0.3, long: 0.1 } },
      smile: { skew: { cap: 0.1, width: { least: 0.01, factor: 1, level: 1 } } },
    },
    scenarios: [
      { id: 'b', set: 'second', price: -0.5, range: 'up', volatility: 'smile' },
      { id: 'a', price: 0.25, volatility: 'up' },
    ],
    parameters: { X: { up: 0.8 }, '*': { up: 0.4 } },
    requirement: { max: [{ scan: 'scan' }, { scan: 'second' }] },
  };

  it('has its table in the order in which it was written', () => {
    expect(scenarioTable(model, 'X')).toEqual([
      { id: 'b', set: 'second', multiple: -0.5, range: 'up', move: -0.4, volatility: 'smile', direction: 0, weight: 1 },
      { id: 'a', set: 'scan', multiple: 0.25, range: null, move: 0.25, volatility: 'up', direction: 1, weight: 1 },
    ]);
  });

  it('says how far a volatility moves', () => {
    expect(volatilityMove(model, 'up', { days: 30, underlying: 'X' })).toBe(0.8);
    expect(volatilityMove(model, 'up', { days: 60 })).toBeCloseTo(0.4 * 0.5 ** 0.1, 15);
    expect(volatilityMove(model, 'up', { days: '7.5', underlying: 'nobody' })).toBeCloseTo(0.4 * 4 ** 0.3, 15);
    expect(refusedWith(() => volatilityMove(model, 'down', { days: 1 }))).toMatchObject({
      code: 'unknown-id',
      path: 'name',
    });
    expect(refusedWith(() => volatilityMove(model, 'smile', { days: 1 }))).toMatchObject({
      code: 'conflict',
      path: 'name',
    });
    expect(refusedWith(() => volatilityMove(model, 'up', { days: -1 }))).toMatchObject({
      code: 'range',
      path: 'at.days',
    });
    for (const [at, code, path] of [
      [undefined, 'type', 'at'],
      [30, 'type', 'at'],
      [{}, 'missing-key', 'at.days'],
      [{ days: 30, undrlying: 'X' }, 'unknown-key', 'at.undrlying'],
      [{ days: 30, underlying: 5 }, 'type', 'at.underlying'],
    ] as const)
      expect(refusedWith(() => volatilityMove(model, 'up', at as never))).toMatchObject({ code, path });
  });

  it('what an account gains: by set, by underlying, and only with a model', () => {
    const scan = { scenarios: [{ price: 0.1 }, { price: -0.1 }], requirement: { scan: 'scan' } as PartJSON };
    const json = bookOf(scan, { 'A-perp': 1, 'B-perp': -10 });
    const book = Book.fromJSON({ ...json, accounts: [...json.accounts, { id: 'none' }] });
    expect(scenarioGains(book, 'a')).toMatchObject({ worst: 1 });
    expect(scenarioGains(book, 'a', { underlying: 'B' })).toMatchObject({ loss: 10, worst: 0 });
    for (const [options, code, path] of [
      [{ undrlying: 'B' }, 'unknown-key', 'options.undrlying'],
      [{ underlying: 5 }, 'type', 'options.underlying'],
      ['B', 'type', 'options'],
      [{ bucket: 'x' }, 'type', 'options.bucket'],
    ] as const)
      expect(refusedWith(() => scenarioGains(book, 'a', options as never))).toMatchObject({ code, path });
    expect(refusedWith(() => scenarioGains(book, 'a', { set: 'x' }))).toMatchObject({
      code: 'unknown-id',
      path: 'set',
    });
    expect(refusedWith(() => scenarioGains(book, 'none'))).toMatchObject({ code: 'conflict', path: 'account' });
  });
});
