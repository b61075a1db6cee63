// `waterfall` as users of the command line meet it: cases read and refused, tables, comparison, reasons, JSON, the page.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BookJSON } from '../bindings/book/types.js';
import { units } from '../bindings/cli/format.js';
import { Book } from '../bindings/index.js';
import * as waterfall from '../bindings/waterfall/index.js';
import {
  about,
  contributions,
  MarginError,
  outcomeJSON,
  presets,
  readCase,
  runCase,
  run as runWaterfall,
} from '../bindings/waterfall/index.js';
import { stagesOf } from '../bindings/waterfall/stage.js';
import { evaluateWith, examplesOf } from './examples.js';
import { crisis } from './random-waterfall.js';
import { run } from './terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const evaluate = evaluateWith(waterfall);
const file = (name: string): string => join(folder, name);
const put = (name: string, value: unknown): string => {
  writeFileSync(file(name), typeof value === 'string' ? value : JSON.stringify(value));
  return file(name);
};
const example = (name: string): string => fileURLToPath(new URL(`../examples/node/${name}.json`, import.meta.url));

const house = {
  format: 'margin-kernel/waterfall@1',
  decimals: { USD: 2 },
  accounts: [
    { id: 'P001', purses: { margin: { USD: '300.00' }, fund: { USD: 1000 } } },
    {
      id: 'P002',
      balances: { USD: '50.5' },
      purses: { fund: { USD: 2000 } },
      measures: { contribution: { USD: 2000 } },
    },
    { id: 'P003', purses: { fund: { USD: 3000 } }, measures: { contribution: { USD: 3000 } } },
    { id: 'ccp', house: true, purses: { junior: { USD: 500 }, senior: { USD: 1000 } } },
  ],
  event: { defaulter: 'P001', losses: { P001: '10000.01' } },
  stages: 'ccp',
};
const short = { ...house, stages: { preset: 'ccp', rules: { assessment: 0, gainsHaircut: 0, perDefault: '4000.50' } } };

beforeAll(() => {
  put('house.json', house);
  put('short.json', short);
});

const refusal = (value: unknown): string => {
  try {
    runCase(readCase(value));
  } catch (error) {
    if (error instanceof MarginError) return error.message;
    throw error;
  }
  throw new Error('was not refused');
};

describe('a case', () => {
  it('has its amounts in units of their assets, and runs as the library does in minor units', () => {
    const { state, event, waterfalls } = readCase(JSON.stringify(house));
    expect(state.amount('P002', 'USD')).toBe(5050n);
    expect(event.losses).toEqual({ P001: 1_000_001n });
    expect(waterfalls).toEqual([{ name: 'ccp', path: 'presets.ccp', stages: presets.ccp }]);
    const [run] = runCase(readCase(house));
    expect(run?.outcome.postings.toArray()).toEqual(runWaterfall(state, presets.ccp, event).postings.toArray());
  });

  it('reads amounts of stages, conditions, rules, markets and bids, and leaves what is no money', () => {
    const { waterfalls, state, event } = readCase({
      ...house,
      decimals: { USD: 2, TOK: 3 },
      markets: [{ id: 'M', settle: 'USD', mark: '10', lotValue: '0.5' }],
      event: {
        defaulter: 'P001',
        asset: 'USD',
        values: { drop: '0.25', most: '12.34' },
        bids: { sale: [{ bidder: 'P002', price: '-3.5' }], debt: [{ bidder: 'P003', lot: '1.5' }] },
      },
      stages: [
        { id: 'a', who: ['ccp'], capacity: '1.50', caps: { perBlock: 2, bpsOfNav: 40, perMember: '0.07' } },
        {
          id: 'b',
          who: ['ccp'],
          capacity: { value: 'most' },
          trigger: { balance: 'ccp', operator: '<', level: '0.5' },
        },
        {
          id: 'c',
          who: ['ccp'],
          trigger: {
            all: [{ value: 'drop', operator: '>', level: '0.2' }, { not: { need: true, operator: '>', level: 3 } }],
          },
        },
        { kind: 'auction', id: 'sale', reserve: '-9.99' },
        { kind: 'mint', id: 'debt', token: 'TOK', lot: '2.125', bid: '5' },
        { kind: 'replenish', id: 'r', who: 'survivors', to: 'ccp', target: '1000000.01' },
      ],
      compare: [{ name: 'own', preset: 'drift', rules: { allowed: '7.5' } }],
    });
    const [a, b, c, sale, debt, r] = waterfalls[0]?.stages ?? [];
    expect(a).toMatchObject({ capacity: 150n, caps: { perBlock: 200n, bpsOfNav: 40, perMember: 7n } });
    expect(b).toMatchObject({ capacity: { value: 'most' }, trigger: { level: '50' } });
    expect(c).toMatchObject({ trigger: { all: [{ level: '0.2' }, { not: { level: '300' } }] } });
    expect([sale, debt, r]).toMatchObject([{ reserve: -999n }, { lot: 2125n, bid: 500n }, { target: 100_000_001n }]);
    expect(waterfalls[1]?.stages.find(({ id }) => id === 'insurance')).toMatchObject({ caps: { perDefault: 750n } });
    expect(event.values).toEqual({ drop: '0.25', most: 1234n });
    expect(event.bids).toEqual({ sale: [{ bidder: 'P002', price: -350n }], debt: [{ bidder: 'P003', lot: 1500n }] });
    expect(state.market('M').lotValue).toEqual({ numerator: 50n, denominator: 1n });
  });

  it('reads prices of other assets in units, and what they are sold for is the defaulters own', () => {
    const accounts = [
      { id: 'a', balances: { USD: '-100', ETH: '0.05', BTC: '0.001' }, purses: { collateral: { ETH: '0.04' } } },
      { id: 'fund', balances: { USD: 50 } },
    ];
    const [outcome] = runCase(
      readCase({
        ...house,
        decimals: { ETH: 18, BTC: 8 },
        accounts,
        asset: 'USD',
        event: {
          defaulter: 'a',
          prices: { ETH: '1000', BTC: '25000' },
          bids: { auction: [{ bidder: 'fund' }] },
          values: { p: 500 },
        },
        stages: [
          { kind: 'convert', id: 'own' },
          {
            kind: 'collateral',
            id: 'auction',
            asset: 'ETH',
            health: { price: { value: 'p' }, liquidationLtv: 1, maxDiscount: 0 },
          },
          { id: 'fund', who: ['fund'] },
        ],
      }),
    ) as [waterfall.NamedOutcome];
    expect(contributions(outcome.outcome)).toEqual([
      { stage: 'own', account: 'a', amount: 7500n },
      { stage: 'auction', account: 'a', amount: 2000n },
      { stage: 'fund', account: 'fund', amount: 500n },
    ]);
  });

  it('knows every kind of stage and every preset', () => {
    const kinds = /one of ([^.]+)/;
    const listed = (call: () => unknown): string => {
      try {
        call();
      } catch (error) {
        return kinds.exec((error as Error).message)?.[1] ?? '';
      }
      return '';
    };
    const library = listed(() => stagesOf([{ kind: '-', id: 'x' }])).split(', ');
    const read = listed(() => readCase({ ...house, stages: [{ kind: '-', id: 'x' }] })).split(', ');
    expect(new Set(read)).toEqual(new Set(library));
    expect(Object.keys(about)).toEqual(Object.keys(presets));
    for (const [name, { rules }] of Object.entries(about)) {
      // Maker's own rules have no default for the curve.
      if (name !== 'maker') {
        const made = readCase({ ...house, stages: { preset: name, rules: {} } }).waterfalls[0]?.stages;
        expect(made, name).toEqual(presets[name as keyof typeof presets]);
      }
      expect(refusal({ ...house, stages: { preset: name, rules: { x: 1 } } }), name).toContain(
        Object.keys(rules).join(', '),
      );
    }
  });

  const first = (change: object): unknown => ({ ...house, accounts: [{ ...house.accounts[0], ...change }] });
  it.each<[string, unknown, RegExp]>([
    ['a book', { format: 'margin-kernel/book@1' }, /format at format.*waterfall@1.*This is a book: report/],
    ['no format', {}, /missing-key at format/],
    ['another key', { ...house, acounts: [] }, /unknown-key at acounts.*Did you mean "accounts"/],
    ['a list', [], /type at case/],
    ['more digits', first({ balances: { USD: '0.001' } }), /inexact at accounts\[0\]\.balances\.USD.*Add USD to/],
    ['a long number', first({ balances: { USD: 12345678901234.56 } }), /inexact.*balances\.USD.*Write "12345678901234/],
    ['words', first({ balances: { USD: 'ten' } }), /type at accounts\[0\]\.balances\.USD/],
    ['a list of money', first({ balances: { USD: ['5'] } }), /type at accounts\[0\].*such as "1000\.50"/],
    ['two assets', first({ measures: { gains: { USD: 1, EUR: 1 } } }), /an amount of one asset/],
    ['a plain margin', first({ measures: { maintenance: 5 } }), /maintenance.*Write it with its asset/],
    ['a preset', { ...house, stages: 'cpp' }, /unknown-id at stages: got "cpp".*Did you mean "ccp"/],
    [
      'an amount below 0',
      { ...house, stages: [{ id: 'x', who: ['ccp'], capacity: '-5.5' }] },
      /stages\[0\]\.capacity: got "-5\.5", expected >= 0$/,
    ],
    [
      'a gain as a loss',
      { ...house, event: { defaulter: 'P001', losses: { P001: -3 } } },
      /event\.losses\.P001: got -3, expected >= 0$/,
    ],
    [
      'a capacity below 0',
      {
        ...house,
        stages: [{ id: 'x', who: ['ccp'], capacity: { value: 'cap' } }],
        event: { ...house.event, values: { cap: '-4.5' } },
      },
      /event\.values\.cap: got "-4\.5", expected >= 0$/,
    ],
    ['a rule', { ...house, stages: { preset: 'ccp', rules: { hous: 'x' } } }, /stages\.rules\.hous.*"house"/],
    [
      'rules of no preset',
      { ...house, compare: [{ stages: [], rules: { house: 'x' } }] },
      /conflict at compare\[0\]\.rules/,
    ],
    ['a kind', { ...house, stages: [{ kind: 'lyer', id: 'x' }] }, /stages\[0\]\.kind.*Did you mean "layer"/],
    ['no stages', { ...house, stages: undefined }, /missing-key at stages/],
    ['a name twice', { ...house, compare: ['ccp'] }, /duplicate at compare\[0\]/],
    ['an account', { ...house, compare: [[{ id: 'x', who: ['cpc'] }]] }, /unknown-id at compare\[0\]\[0\]\.who\[0\]/],
    ['a fund', { ...house, stages: 'binance' }, /presets\.binance\[\d\]\.to.*insurance/],
    ['an event key', { ...house, event: { defaulter: 'P001', loss: {} } }, /unknown-key at event\.loss.*"losses"/],
    [
      'two assets named',
      { ...house, asset: 'USD', event: { ...house.event, asset: 'USD' } },
      /conflict at event\.asset/,
    ],
    [
      'bids of two kinds',
      {
        ...house,
        event: { ...house.event, bids: { x: [] } },
        stages: [{ kind: 'auction', id: 'x' }],
        compare: [[{ id: 'x', who: ['ccp'] }]],
      },
      /conflict at event\.bids\.x/,
    ],
    [
      'a plain measure as money',
      {
        ...house,
        accounts: house.accounts.map(({ measures, ...each }) =>
          measures ? { ...each, measures: { contribution: 9 } } : each,
        ),
      },
      /perMember\.of.*money of USD/,
    ],
  ])('is refused for %s', (_, value, message) => {
    expect(refusal(value)).toMatch(message);
  });

  it('is refused where a key stands twice, and where it is no JSON', () => {
    expect(refusal('{"format":"margin-kernel/waterfall@1","format":"x"}')).toMatch(/duplicate at format/);
    expect(refusal('{')).toMatch(/syntax at case/);
  });

  it.each(examplesOf('waterfall/').filter(({ name }) => /^(case-json|outcome-json|contributions)/.test(name)))(
    '$name is as documented',
    ({ expression, result }) => {
      expect(evaluate(expression)).toEqual(evaluate(result));
    },
  );
});

describe('contributions', () => {
  it('add up to what each layer paid, whatever the layers', () => {
    fc.assert(
      fc.property(crisis, ({ state, stages, event }) => {
        const outcome = runWaterfall(state, stages, event);
        const given = contributions(outcome);
        for (const { stage, need, open } of outcome.trace.steps) {
          const sum = given.reduce((total, each) => (each.stage === stage ? total + each.amount : total), 0n);
          expect(sum).toBe(need - open);
        }
        const { steps, residual, postings } = outcomeJSON(outcome);
        expect([steps.length, postings.length]).toEqual([outcome.trace.steps.length, outcome.postings.length]);
        expect(residual).toBe(outcomeJSON(outcome, { USD: 2 }).residual);
      }),
      { numRuns: 200, seed: 20260101 },
    );
  });
});

describe('waterfall', () => {
  it('exits 0 when the loss is covered, 1 when something is left, 2 on bad input', async () => {
    expect((await run('waterfall', file('house.json'))).code).toBe(0);
    expect((await run('waterfall', file('short.json'))).code).toBe(1);
    expect((await run('waterfall', put('bad.json', { ...house, stages: 'cpp' }))).code).toBe(2);
  });

  it('is a table of layers in order, who paid most, and what is left', async () => {
    const { out, err } = await run('waterfall', file('house.json'));
    expect(err).toBe('');
    expect(out).toMatch(
      /^ccp: loss of 10,000\.01 USD of P001\n Layer +Status +Could give +Paid +Left open +Gave +Why\n/,
    );
    expect(out).toMatch(/\n defaulterMargin +applied +300\.00 +300\.00 +9,700\.01 +1\n/);
    expect(out).toMatch(/\n gainsHaircut +idle +- +0\.00 +nothing was open\n/);
    expect(out).toContain('\n Left      nothing\n Covered   yes: the layers that the loss reached could give');
    expect(out).toMatch(
      /Who paid most\n Account +Paid +Of the loss +In\n ─+\n P003 +4,320\.01 +43\.2 % +survivorsFund 3,000/,
    );
    const cut = (await run('waterfall', file('house.json'), '--top', '2')).out;
    expect(cut).toContain(' and 2 more accounts\n');
    const left = (await run('waterfall', file('short.json'))).out;
    expect(left).toContain('ccp, own rules: loss of');
    expect(left).toMatch(/ Left {6}[\d,.]+ USD: P001 [\d,.]+\n Covered {3}no: [\d,.]+ USD is missing\n/);
  });

  it('says why a layer was held, found nobody, or ended the run', async () => {
    const never = { value: 'x', operator: '>', level: 1 };
    const stages = [
      { id: 'held', who: ['ccp'], from: 'junior', trigger: never },
      { id: 'empty', who: ['ccp'] },
      { id: 'market', who: 'survivors', scope: 'market', whenEmpty: 'skip' },
    ];
    const { out } = await run(
      'waterfall',
      put('why.json', { ...house, stages, event: { ...house.event, values: { x: 0 } } }),
    );
    expect(out).toMatch(/ held +held +- +10,000\.01 +its trigger said no\n/);
    expect(out).toMatch(/ empty +idle +0\.00 +- +10,000\.01 +had nothing to give\n/);
    expect(out).toMatch(/ market +idle .*(had nothing to give|found nobody to ask)\n/);
  });

  it('says which purses no stage takes from', async () => {
    const [first, ...others] = house.accounts;
    const misspelt = { ...first, purses: { ...first?.purses, fnd: { USD: 5 } } };
    const { out } = await run('waterfall', put('purse.json', { ...house, accounts: [misspelt, ...others] }));
    expect(out).toMatch(/\n No stage takes from the purse "fnd" \(did you mean "fund"\?\)\.\n/);
  });

  it('says what is missing of a loss that had to be covered, in units', () => {
    const event = { ...house.event, mustCover: true };
    const stages = [{ id: 'own', who: 'defaulter', from: 'margin' }];
    expect(refusal({ ...house, stages, event })).toMatch(
      /range at stages: got "9700\.01 open", expected layers that cover 10000\.01; those that are reached can give 300\b/,
    );
  });

  it('says where holders of a market are missing', async () => {
    const market = { id: 'M', settle: 'USD', mark: 2 };
    const [first, ...others] = house.accounts;
    const held = { ...first, positions: { M: { lots: -1500, cost: 0 } } };
    put('held.json', { ...house, markets: [market], accounts: [held, ...others] });
    const { out } = await run('waterfall', file('held.json'));
    expect(out).toMatch(/\n M: 1500 lots more are short than long, so some holders are missing\.\n/);
    expect((await run('waterfall', file('house.json'))).out).not.toMatch(/holders/);
  });

  it('puts several side by side, of the case and of --compare, each once', async () => {
    const { code, out } = await run('waterfall', example('perpetual'));
    expect(code).toBe(1);
    expect(out).toContain('Loss of 300,000.00 USDT of whale down 4 waterfalls\n');
    expect(out).toMatch(/\n {10,}gen3 +binance +hyperliquid +mango\n/);
    expect(out).toMatch(/\n Lost in the market +0\.00 +0\.00 +85,400\.00 +85,400\.00\n/);
    expect(out).toMatch(/\n book +applied +-85,400\.00 +385,400\.00 +1 +the loss grows\n/);
    expect(out).toMatch(/Who pays how much\n Account .*\n ─+\n insurance +120,000\.00 +120,000\.00 +- +120,000\.00\n/);
    expect(out).toContain('Amounts are cut after 2 of 6 decimals');
    const json = JSON.parse((await run('waterfall', example('perpetual'), '--compare', 'gen3, okx,okx', '--json')).out);
    expect(json.waterfalls.map(({ name }: { name: string }) => name)).toEqual([
      ...['gen3', 'binance', 'hyperliquid', 'mango', 'okx'],
    ]);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it('explains an account, and replays every posting', async () => {
    const { out } = await run('waterfall', file('house.json'), '--explain', 'P002', '--verify');
    expect(out).toMatch(
      /ccp: P002 gives [\d,.]+ USD\n {2}survivorsFund\n {4}pays 2,000\.00 USD from "fund", its part of/,
    );
    expect(out).toMatch(/weighs\s+2,000\.00\s+of\s+5,000\.00\s+by\s+contribution,\s+40\.0 %/);
    // Who is asked by seniority has no part of all who are.
    expect(out).not.toMatch(/by\s+capacity/);
    expect(out).toMatch(/\n Verified {2}ccp: \d+ postings replayed, all as the rules say, sums are zero\n$/);
    const moved = (await run('waterfall', example('perpetual'), '--explain', 'fund-b')).out;
    expect(moved).toContain('binance: fund-b gives 57,000.000000 USDT, positions at their marks\n');
    expect((await run('waterfall', file('house.json'), '--explain', 'P001')).out).toContain(
      'P001 defaults with 10,000.01',
    );
    expect((await run('waterfall', example('perpetual'), '--explain', 'saver')).out).toContain('saver is not touched');
  });

  it('is one JSON object with stable keys and exact amounts', async () => {
    const { code, out } = await run('waterfall', file('house.json'), '--json', '--verify', '--explain', 'P002');
    expect(code).toBe(0);
    const { format, waterfalls } = JSON.parse(out);
    expect([format, waterfalls.length]).toEqual(['margin-kernel/outcome@1', 1]);
    expect(Object.keys(waterfalls[0])).toEqual([
      ...['name', 'asset', 'need', 'residual', 'feasible', 'capacity', 'shortfall', 'deficits', 'steps', 'dust'],
      ...['accounts', 'verified', 'explain', 'postings'],
    ]);
    expect(waterfalls[0]).toMatchObject({
      need: '10000.01',
      residual: '0',
      verified: { ok: true, problems: [] },
      explain: { account: 'P002' },
    });
    expect(waterfalls[0].steps[1]).toEqual({
      stage: 'defaulterMargin',
      kind: 'layer',
      status: 'applied',
      because: null,
      need: '10000.01',
      paid: '300',
      open: '9700.01',
      capacity: '300',
      dust: '0',
      participants: 1,
      detail: {},
    });
    const { postings } = outcomeJSON((runCase(readCase(house))[0] as waterfall.NamedOutcome).outcome, { USD: 2 });
    expect(waterfalls[0].postings).toEqual(postings);
    const bare = JSON.parse((await run('waterfall', file('house.json'), '--json')).out);
    expect(bare.waterfalls[0]).toMatchObject({ verified: null, explain: null });
  });

  it('lists the presets without a case', async () => {
    const { code, out } = await run('waterfall', '--list');
    expect(code).toBe(0);
    for (const name of Object.keys(presets)) expect(out).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
    expect((await run('waterfall')).err).toContain('waterfall needs <case.json>');
  });

  it('reads refusals aloud', async () => {
    const book: BookJSON = { format: 'margin-kernel/book@1', assets: [], markets: [], accounts: [] };
    const said = await run('waterfall', put('book.json', book));
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toMatch(/this is not a file of a known format \(format\)\n {2}file +\S+book\.json\n/);
    expect(said.err).toContain('This is a book: report, liquidations, explain and check read it');
    writeFileSync(file('book.mkb'), Book.fromJSON(book).encode());
    expect((await run('waterfall', file('book.mkb'))).err).toContain('This is a binary book');
    expect((await run('waterfall', file('house.json'), '--compare', 'binanse')).err).toContain('Did you mean binance?');
    expect((await run('waterfall', file('house.json'), '--explain', 'P02')).err).toContain('unknown-id');
    const negative = put('negative.json', { ...house, stages: [{ id: 'x', who: ['ccp'], capacity: '-1' }] });
    const { code, out, err } = await run('waterfall', negative, '--json');
    expect([code, JSON.parse(out).error]).toMatchObject([2, { code: 'range', path: 'stages[0].capacity' }]);
    expect(err).toContain('stages[0].capacity');
  });

  it.each(['clearing-house', 'perpetual'])('writes a page of %s with charts that needs nothing else', async (name) => {
    const path = file(`${name}.html`);
    await run('waterfall', example(name), '--html', path, '-q');
    const html = readFileSync(path, 'utf8');
    expect(html).not.toMatch(/<script|<link|@import|url\(|src=|https?:\/\/(?!www\.w3\.org\/)|NaN|undefined/);
    const { document } = parseHTML(html);
    const charts = [...document.querySelectorAll('svg')];
    expect(charts).toHaveLength(name === 'perpetual' ? 8 : 6);
    for (const svg of charts)
      for (const id of (svg.getAttribute('aria-labelledby') ?? '').split(' '))
        expect(document.getElementById(id)?.textContent?.length).toBeGreaterThan(2);
  });

  it('keeps names of users out of the markup, and amounts whole', async () => {
    const evil = '<b>&"x';
    const accounts = [...house.accounts.slice(0, 3), { ...house.accounts[3], id: evil }];
    const stages = [{ id: evil, who: [evil], from: 'junior' }];
    const path = put('evil.json', { ...house, decimals: { USD: 6 }, accounts, stages });
    await run('waterfall', path, '--html', file('evil.html'), '-q');
    const html = readFileSync(file('evil.html'), 'utf8');
    expect(html).toContain('&lt;b&gt;&amp;&quot;x');
    expect(html).not.toContain('<b>&');
    expect(parseHTML(html).document.querySelectorAll('svg')).toHaveLength(2);
  });
});

describe('amounts', () => {
  it('are shown in whole digits, and never as 0 where they are not', () => {
    expect(units(100050n, 2)).toBe('1,000.50');
    expect(units(-5n, 2)).toBe('-0.05');
    expect(units(1_999_999n, 6, 2)).toBe('1.99');
    expect(units(-1n, 6, 2)).toBe('-0.000001');
    expect(units(0n, 18, 2)).toBe('0.00');
    expect(units(7n, 0)).toBe('7');
  });
});
