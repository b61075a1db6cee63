// The command line on books with options and scenario models: report, explain, check, liquidations, other models by flags, the page.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BookJSON } from '../bindings/book/types.js';
import { money, quantity, short } from '../bindings/cli/format.js';
import { madeOf, modelledOf } from '../bindings/cli/scenario/modelled.js';
import { presetModel, presetNames, presetRows } from '../bindings/cli/scenario/presets.js';
import {
  accountMargin,
  Book,
  check,
  checkInto,
  explainScenarios,
  explainScenariosText,
  liquidationPrices,
  type ModelJSON,
  maxOrder,
  presets,
  profitSurface,
  scenarioTable,
  scenarioText,
} from '../bindings/scenario.js';
import { refusedAt } from './refusal.js';
import { run } from './terminal.js';

const example = fileURLToPath(new URL('../examples/node/options.json', import.meta.url));
const json = JSON.parse(readFileSync(example, 'utf8')) as BookJSON;
const [pm] = json.models as [ModelJSON];
const folder = mkdtempSync(join(tmpdir(), 'cli-scenario-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string): string => join(folder, name);
const put = (name: string, value: unknown): string => {
  writeFileSync(file(name), typeof value === 'string' ? value : JSON.stringify(value));
  return file(name);
};
/** The example with other accounts. */
const withAccounts = (accounts: BookJSON['accounts']): BookJSON => ({ ...json, accounts });
const account = (id: string): BookJSON['accounts'][number] => json.accounts.find((each) => each.id === id) as never;

describe('report', () => {
  it('does not ask for the prices of many units that models margin, and says so', async () => {
    const [desk] = [account('desk')];
    const desks = Array.from({ length: 101 }, (_, i) => ({ ...desk, id: `desk${i}` }));
    const many = put('desks.json', withAccounts([...desks, account('perps')]));
    const { out } = await run('report', many);
    expect(out).toContain('liquidates the unit; without 101 units that models margin\n');
    expect((await run('report', example)).out).toContain('liquidates the unit\n');
  });

  it('is a table with the model, the scenario that decides, and what the requirement is made of', async () => {
    const { code, out, err } = await run('report', example);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/Account +Status +Model +Equity/);
    expect(out).toMatch(/ perps +healthy +- +6,768\.00/);
    expect(out).toContain('Margined by models: 3 margin units, USD\n');
    const { initialMargin, maintenanceMargin, deciding } = explainScenarios(Book.fromJSON(json), 'desk');
    const gain = money(deciding[0]?.gain ?? 0);
    expect(out).toMatch(
      new RegExp(` desk +pm +\\+18 % spot, vol up +${gain} +${money(maintenanceMargin)} +${money(initialMargin)}\n`),
    );
    expect(out).toContain('   collar: loss 91 %, short options 9 %\n');
    // Largest requirements first, as many as asked for.
    const one = (await run('report', example, '--top', '1')).out;
    expect(one).toContain('Margined by models: 3 margin units, largest requirements first, USD\n');
    expect(one).toMatch(/ desk +pm/);
    expect(one).not.toMatch(/ collar +pm/);
  });

  it('names the scenario that costs most, of the underlying that it is asked of', async () => {
    const { out } = await run('report', example, '--model', 'deribit');
    expect(out).toMatch(/ writer +deribit +ETH -4 up \(-18 % spot, vol up\) and 1 more +-/);
  });

  it('says nothing of models where there are none', async () => {
    const { models: _, expiries: __, ...rest } = json;
    const plain = { ...rest, markets: json.markets.slice(0, 1), accounts: [account('perps')] };
    const { out } = await run('report', put('plain.json', plain));
    expect(out).not.toMatch(/[Mm]odel/);
    const { accounts } = JSON.parse((await run('report', file('plain.json'), '--json')).out);
    expect([accounts[0].model, accounts[0].scenario]).toEqual([null, undefined]);
  });

  it('has the scenario in JSON: what decides, parts, legs that sum to the requirement', async () => {
    const book = Book.fromJSON(json);
    const { accounts } = JSON.parse((await run('report', example, '--json')).out);
    expect(accounts.map(({ model }: { model: string }) => model)).toEqual(['pm', 'pm', 'pm', null]);
    expect(accounts[3].scenario).toBeUndefined();
    for (const each of accounts.slice(0, 3)) {
      const { legs, remainder, requirement, deciding, deltas } = explainScenarios(book, each.id);
      const { initialMargin, maintenanceMargin } = accountMargin(book, each.id);
      expect(each).toMatchObject({ initialMargin, maintenanceMargin });
      expect(each.scenario).toMatchObject({ initialMargin, maintenanceMargin, legs, remainder, requirement, deltas });
      expect(each.scenario.deciding).toEqual(
        deciding.map((one) => ({ ...one, underlying: null, what: scenarioText(pm, one.index) })),
      );
      const sum = (key: 'initial' | 'maintenance', rows: Record<string, number>[]): number =>
        rows.reduce((total, row) => total + (row[key] as number), 0);
      expect(sum('initial', each.scenario.parts)).toBeCloseTo(initialMargin, 8);
      expect(sum('maintenance', each.scenario.parts)).toBeCloseTo(maintenanceMargin, 8);
      expect(sum('initial', each.scenario.legs) + remainder.initial).toBeCloseTo(initialMargin, 8);
      // A position has what its leg adds.
      for (const position of each.positions) {
        const leg = legs.find(({ market }) => market === position.market);
        expect(position).toMatchObject({
          initialMargin: leg?.initial,
          maintenanceMargin: leg?.maintenance,
          delta: leg?.delta,
        });
      }
    }
  });

  it('has an option as it is: value, terms, the price of what it is on', async () => {
    const { accounts } = JSON.parse((await run('report', example, '--json')).out);
    const [desk] = accounts;
    const call = desk.positions.find(({ market }: { market: string }) => market === 'BTC-25DEC26-70000-C');
    expect(call).toMatchObject({
      size: -5,
      mark: 1030,
      value: -5150,
      notional: 5150,
      unrealizedPnl: -5150,
      entry: null,
    });
    expect(call.option).toEqual({
      kind: 'call',
      underlying: 'BTC',
      expiry: 'BTC-25DEC26',
      days: 35,
      strike: 70000,
      volatility: 0.56,
      forward: 60330,
      spot: 60000,
    });
    expect(Object.keys(call.liquidationPrice)).toEqual(['down', 'up']);
    const put = desk.positions.find(({ market }: { market: string }) => market === 'BTC-25DEC26-50000-P');
    expect(put.mark).toBeGreaterThan(500);
    expect(put.value).toBeCloseTo(-5 * put.mark, 9);
    const perp = desk.positions.find(({ market }: { market: string }) => market === 'BTC-PERP');
    expect([perp.option, perp.value]).toEqual([undefined, undefined]);
  });

  it('tells units apart, each with its own scenario', async () => {
    const { positions, balances } = account('writer');
    const book = withAccounts([
      {
        ...account('desk'),
        id: 'both',
        buckets: [{ bucket: 2, balances: balances ?? {}, positions: positions ?? [] }],
      },
    ]);
    const path = put('buckets.json', book);
    const { accounts } = JSON.parse((await run('report', path, '--json')).out);
    const [both] = accounts;
    expect(
      both.units.map(({ scenario }: { scenario: { deciding: { what: string }[] } }) => scenario.deciding[0]?.what),
    ).toEqual(['+18 % spot, vol up', '-18 % spot, vol up']);
    expect(both.scenario).toEqual(both.units[0].scenario);
    const { out } = await run('report', path);
    expect(out).toMatch(/ both in 2 +pm +-18 % spot, vol up/);
    expect(out).toContain('   both in 2: loss 90 %');
  });

  it('says that --model margins accounts which hold options without one', async () => {
    const path = put('modelless.json', {
      ...withAccounts([{ ...account('writer'), model: null as never }]),
      models: [],
    });
    const { code, err } = await run('report', path);
    expect(code).toBe(2);
    expect(err).toContain('  mend      Give the account a "model" of the book, or margin it by --model\n');
    const named = put('unknown-model.json', withAccounts([{ ...account('writer'), model: 'pn' }]));
    expect((await run('report', named)).err).toContain('the id of a model');
  });

  it('exits 1 where a model liquidates', async () => {
    const poor = { ...account('writer'), balances: { USDC: 18_000 } };
    const { code, out } = await run('report', put('poor.json', withAccounts([poor])));
    expect(code).toBe(1);
    expect(out).toMatch(/writer +liquidatable +pm/);
  });

  it('reads the binary form', async () => {
    writeFileSync(file('options.mkb'), Book.fromJSON(json).encode());
    const [bytes, text] = [await run('report', file('options.mkb'), '--json'), await run('report', example, '--json')];
    expect(bytes.out).toBe(text.out);
  });
});

describe('explain', () => {
  it('is a tree that can be read: parts, scenario, legs, deltas', async () => {
    const { code, out } = await run('explain', example, 'desk');
    expect(code).toBe(0);
    const text = explainScenariosText(explainScenarios(Book.fromJSON(json), 'desk'), pm);
    expect(out).toContain(`${text}\n`);
    expect(text).toContain(
      'Margined by the model pm (Example portfolio margin, 1, as of 2026-11-20): initial 41,986.77 | ',
    );
    expect(text).toContain(
      '    loss: initial 35,746.77 | maintenance 28,597.42\n      +18 % spot, vol up: loses 28,597.42\n',
    );
    expect(text).toMatch(
      /\n {4}BTC-25DEC26-70000-C {2}short 5, value -5,150\.00, delta -[\d,.]+: initial [\d,.]+ \| maintenance [\d,.]+\n/,
    );
    // What hedges is below 0, and what has no part in it is no leg.
    expect(text).toMatch(/\n {4}BTC-PERP {2}long 0\.4, value 24,004\.80, delta 24,000\.00: initial -[\d,.]+ \|/);
    expect(text).not.toMatch(/USDC {2}95/);
    expect(text).not.toContain('of no leg');
    expect(text).toContain('  Delta of positions in BTC at 60,000: net -0.65, gross 2.99, hedged 1.17\n');
    // The tables of its markets ask for nothing and are not shown.
    expect(out).toContain('\n  margin by the model pm\n');
    expect(out).not.toMatch(/bracket|requires/);
  });

  it('has the same in JSON, every scenario too', async () => {
    const { units } = JSON.parse((await run('explain', example, 'writer', '--json')).out);
    const { deciding, ...rest } = explainScenarios(Book.fromJSON(json), 'writer');
    expect(units[0].scenarios).toMatchObject(rest);
    expect(units[0].scenarios.deciding).toEqual([{ ...deciding[0], underlying: null, what: '-18 % spot, vol up' }]);
    expect(units[0].scenarios.scenarios).toHaveLength(25);
    expect(units[0].positions[0].liquidationPrice).toHaveProperty('certificate');
  });

  it('leaves accounts without a model as they were', async () => {
    const { out } = await run('explain', example, 'perps');
    expect(out).toContain('bracket 1: 1.00 % of 90,018');
    expect(out).not.toContain('model');
  });

  it('names an underlying where each is asked on its own', async () => {
    const { out } = await run('explain', example, 'writer', '--model', 'deribit');
    expect(out).toMatch(
      /\n {6}sum of ETH: [\d,.]+ at both levels\n {8}worst case: [\d,.]+ at both levels\n {10}-4 up \(-18 % spot, vol up\): loses/,
    );
  });
});

describe('check and liquidations', () => {
  it('check an order in an option by the model', async () => {
    const order = { market: 'BTC-25DEC26-50000-P', side: 'sell' as const, size: 1, price: 1000 };
    const said = await run('check', example, JSON.stringify({ account: 'desk', ...order }), '--json');
    expect(said.code).toBe(0);
    const verdict = check(Book.fromJSON(json), 'desk', order);
    expect(JSON.parse(said.out)).toMatchObject({
      accept: verdict.accept,
      before: verdict.before,
      after: verdict.after,
    });
    expect(verdict.after.initialMargin).toBeGreaterThan(verdict.before.initialMargin);
    const large = await run('check', example, JSON.stringify({ account: 'desk', ...order, size: 200 }));
    expect(large.code).toBe(1);
  });

  it('refuse an option in an account that no model margins', async () => {
    const book = Book.fromJSON(json);
    const order = { market: 'BTC-25DEC26-50000-P', side: 'buy' as const, size: 1 };
    expect(refusedAt(() => check(book, 'perps', order))).toBe('conflict order.market');
    expect(refusedAt(() => maxOrder(book, 'perps', { market: order.market, side: 'buy' }))).toBe(
      'conflict order.market',
    );
    const [unit, market] = [book.unit('perps'), book.market(order.market)];
    expect(refusedAt(() => checkInto(book, unit, market, 'buy', 1, 1000, new Float64Array(12)))).toBe(
      'conflict market',
    );
    // Sizes of a book that nobody has margined yet: the option is valued first.
    const fresh = maxOrder(Book.fromJSON(json), 'desk', { market: order.market, side: 'sell' });
    expect(fresh).toEqual(maxOrder(book, 'desk', { market: order.market, side: 'sell' }));
  });

  it('say prices of the underlying for an option', async () => {
    const { out } = await run('liquidations', example, '--json');
    const { positions } = JSON.parse(out);
    expect(positions).toHaveLength(10);
    const book = Book.fromJSON(json);
    for (const { account: id, market, mark, asset, down, up, distance } of positions) {
      const own = liquidationPrices(book, id).find((price) => price.market === market);
      expect([mark, asset, down, up]).toEqual([own?.mark, own?.asset, own?.down, own?.up]);
      if (!/-[CP]$/.test(market)) continue;
      expect([mark, asset]).toEqual(market.startsWith('BTC') ? [60000, 'BTC'] : [2500, 'ETH']);
      const ends = [...(down === null ? [] : [1 - down / mark]), ...(up === null ? [] : [up / mark - 1])];
      expect(distance).toBeCloseTo(Math.min(...ends), 12);
    }
    const text = (await run('liquidations', example)).out;
    expect(text).toMatch(/BTC-25DEC26-54000-P +long +4 +7,385 +60,000 /);
    expect(text).toContain('Options: mark, down and up are prices of what they are on.');
  });
});

describe('another model', () => {
  const requirement = async (...args: string[]): Promise<Record<string, [string | null, number]>> => {
    const { out } = await run('report', ...args, '--json');
    return Object.fromEntries(
      JSON.parse(out).accounts.map((each: { id: string; model: string | null; initialMargin: number }) => [
        each.id,
        [each.model, each.initialMargin],
      ]),
    );
  };
  const by = (model: ModelJSON, ids = json.accounts.map(({ id }) => id)): Book =>
    Book.fromJSON({
      ...json,
      models: [pm, model],
      accounts: json.accounts.map((each) => (ids.includes(each.id) ? { ...each, model: model.id } : each)),
    });

  it('is a preset with its options, for all accounts', async () => {
    const said = await requirement(
      ...[example, '--model', 'span', '--model-option', 'cash=USDC', '--model-option', 'initialFactor=1.1'],
      ...['--model-option', 'ranges={"*":{"price":0.12,"volatility":0.2}}'],
    );
    const book = by(
      presets.span({ cash: 'USDC', initialFactor: 1.1, ranges: { '*': { price: 0.12, volatility: 0.2 } } }),
    );
    for (const { id } of json.accounts) expect(said[id]).toEqual(['span', accountMargin(book, id).initialMargin]);
  });

  it('is a file, or an id of the book, for the accounts that are named', async () => {
    const own: ModelJSON = { id: 'own', scenarios: [{ price: -0.1 }, { price: 0.1 }], requirement: { scan: 'scan' } };
    const path = put('own.json', own);
    const said = await requirement(example, '--model', path, '--account', 'perps,desk');
    const book = by(own, ['perps', 'desk']);
    for (const { id } of json.accounts) {
      const model = ['perps', 'desk'].includes(id) ? 'own' : 'pm';
      expect(said[id]).toEqual([model, accountMargin(book, id).initialMargin]);
    }
    expect(said.perps?.[1]).toBeCloseTo(1.5 * 60012 * 0.1, 8);
    const byId = await requirement(example, '--model', 'pm', '--account', 'perps');
    expect(byId.perps?.[0]).toBe('pm');
    expect((byId.perps?.[1] ?? 0) / (1.25 * 1.5 * 60012 * 0.18)).toBeCloseTo(1, 1);
  });

  it('has an id of its own where the book has that one, and margins what a book could not hold without', async () => {
    const bare = { ...json, models: [], accounts: json.accounts.map(({ model: _, ...each }) => each) };
    const path = put('bare.json', bare);
    expect((await run('report', path)).code).toBe(2);
    const said = await requirement(path, '--model', put('pm.json', pm));
    expect(said).toEqual(
      Object.fromEntries(
        json.accounts.map(({ id }) => [id, ['pm', accountMargin(by({ ...pm, id: 'pm2' }), id).initialMargin]]),
      ),
    );
    const twice = await requirement(example, '--model', file('pm.json'), '--account', 'perps');
    expect(twice.perps?.[0]).toBe('pm of --model');
  });

  it('goes with every command, and with the binary form', async () => {
    const model = ['--model', 'tims'];
    writeFileSync(file('model.mkb'), Book.fromJSON(json).encode());
    const [bytes, text] = [
      await run('report', file('model.mkb'), '--json', ...model),
      await run('report', example, '--json', ...model),
    ];
    expect(bytes.out).toBe(text.out);
    expect((await run('explain', example, 'perps', ...model)).out).toContain('Margined by the model tims');
    const order = '{"account":"perps","market":"BTC-25DEC26-50000-P","side":"buy","size":1,"price":1000}';
    expect((await run('check', example, order)).code).toBe(2);
    expect((await run('check', example, order, ...model)).out).toContain('initial margin');
    const { out } = await run('liquidations', example, '--account', 'perps', ...model, '--json');
    expect(JSON.parse(out).account).toBe('perps');
  });

  it('explain leaves the other accounts as the book says', async () => {
    const arrays = Object.fromEntries(['BTC-PERP'].map((id) => [id, { gains: [-600, 600] }]));
    const published: ModelJSON = { id: 'p', scenarios: [{}, {}], arrays, requirement: { scan: 'scan' } };
    const path = put('published.json', published);
    expect((await run('explain', example, 'perps', '--model', path)).code).toBe(0);
    // The others hold markets that it has no array of.
    expect((await run('report', example, '--model', path)).code).toBe(2);
  });
});

describe('presets', () => {
  it('are listed with version, date, source and what they need', async () => {
    const { code, out } = await run('report', '--models');
    expect(code).toBe(0);
    for (const name of presetNames) expect(out).toContain(`  ${name} `);
    expect(presetNames).toEqual(Object.keys(presets));
    expect(out).toContain('Derive PMRM_2; v2-core 7736900d, as of 2026-11-21\n');
    expect(out).toMatch(/needs cash, spot, stable; has id, parameters, scenarios\n/);
    const listed = JSON.parse((await run('explain', '--models', '--json')).out);
    expect(listed).toEqual({ presets: presetRows() });
    for (const { title, version, asOf, source } of listed.presets) {
      for (const fact of [title, version, source]) expect(fact).toMatch(/\S/);
      expect(asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });

  it('can be made of what the list says they need', () => {
    for (const { name, needs } of presetRows()) {
      let refused = '';
      try {
        presetModel(name, []);
      } catch (error) {
        refused = (error as Error & { hint?: string }).hint ?? '';
      }
      expect(refused === '', name).toBe(needs.length === 0);
      // The hint is what to type.
      const words = [...refused.matchAll(/--model-option (\w+)=(?:'([^']*)'|(\S+))/g)].map(
        ([, key, quoted, bare]) => `${key}=${quoted ?? bare}`,
      );
      expect(words.map((word) => word.split('=')[0])).toEqual(needs);
      const model = presetModel(name, words);
      if (model.scenarios) expect(scenarioTable(model).length).toBe(model.scenarios.length);
    }
  });
});

describe('what is wrong with a flag', () => {
  const model = put('m.json', { id: 'm', requirement: { scan: 'scn' } });
  it.each<[string, string[], string[]]>([
    [
      'a preset that is not there',
      ['--model', 'derivePmrm3'],
      ['neither a preset, nor a file, nor a model of the book', 'Did you mean derivePmrm?'],
    ],
    ['nothing near', ['--model', 'zzzz'], ['Presets: span, nse', 'of the book: pm']],
    [
      'options that are missing',
      ['--model', 'deriveSrm'],
      ['--model deriveSrm needs cash, stable', '--model-option cash=USDC'],
    ],
    [
      'an unknown option',
      ['--model', 'deriveSrm', '--model-option', 'csh=USDC'],
      ['deriveSrm has no such option', 'Did you mean cash?'],
    ],
    ['no value', ['--model', 'deriveSrm', '--model-option', 'cash'], ['expected key=value', 'deriveSrm has cash, id']],
    [
      'an option twice',
      ['--model', 'tims', '--model-option', 'points=3', '--model-option', 'points=4'],
      ['--model-option points is given twice'],
    ],
    [
      'no JSON',
      ['--model', 'span', '--model-option', 'ranges=wide'],
      ['--model-option ranges=wide: expected JSON', '"price":0.05'],
    ],
    [
      'a figure that nobody publishes',
      ['--model', 'bybit', '--model-option', 'volatility=null', '--model-option', 'underlyings={}'],
      ['missing-key', 'where     --model-option underlyings.'],
    ],
    [
      'an option without a preset',
      ['--model-option', 'a=b'],
      ['--model-option needs --model', 'report --models has the presets'],
    ],
    ['an option of a file', ['--model', model, '--model-option', 'a=b'], ['--model-option is for presets']],
    ['an account without a model', ['--account', 'desk'], ['--account needs --model']],
    [
      'an account that is not there',
      ['--model', 'tims', '--account', 'desc'],
      ['--account desc: the book has no such account', 'Did you mean desk?'],
    ],
    [
      'an asset that is not there',
      ['--model', 'tims', '--model-option', 'cash=USD'],
      ['unknown-id', 'where     --model.cash', 'Did you mean "USDC"?'],
    ],
    ['a model that is wrong', ['--model', model], ['where     --model.requirement.scan', 'got       "scn"']],
    ['a book for a model', ['--model', example], ['this is not a model', '"requirement"']],
    [
      'no JSON in the file',
      ['--model', fileURLToPath(new URL('../README.md', import.meta.url))],
      ['syntax', 'where     --model', 'Check the file'],
    ],
  ])('%s: exits 2 and says how to mend it', async (_, args, messages) => {
    const { code, out, err } = await run('report', example, ...args);
    expect([code, out]).toEqual([2, '']);
    for (const message of messages) expect(err).toContain(message);
    expect(err).not.toContain('file      ');
  });
});

describe('the page', () => {
  let html = '';
  let document: Document;
  const book = Book.fromJSON(json);
  beforeAll(async () => {
    await run('report', example, '--html', file('page.html'), '--quiet');
    html = readFileSync(file('page.html'), 'utf8');
    document = parseHTML(html).document as unknown as Document;
  });
  const chart = (id: string, at = 'wide'): Element =>
    [...document.querySelectorAll('svg')].find((svg) =>
      svg.getAttribute('aria-labelledby')?.startsWith(`${id}-${at}-`),
    ) as Element;

  it('needs nothing but itself, and names everything once', () => {
    expect(/<script|<link|@import|url\(|src=|https?:\/\/(?!www\.w3\.org\/)/.test(html)).toBe(false);
    expect(html.length).toBeLessThan(600_000);
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(/NaN|undefined|Infinity/.test(html)).toBe(false);
  });

  it('has a heat map for each account with options: the numbers of the surface', () => {
    const { prices, volatilities, profit } = profitSurface(book, 'desk', {
      prices: Array.from({ length: 17 }, (_, i) => (0.2 * (i - 8)) / 8),
      volatilities: Array.from({ length: 9 }, (_, i) => (0.5 * (i - 4)) / 4),
    });
    const words = [...chart('heat-1').querySelectorAll('text')].map(({ textContent }) => textContent);
    for (const x of profit) expect(words).toContain(short(x).replace('-', '−'));
    for (const move of ['−20 %', '+17.5 %', '+50 %', '−12.5 %']) expect(words).toContain(move);
    const cells = [...chart('heat-1').querySelectorAll('rect')];
    expect(cells).toHaveLength(prices.length * volatilities.length);
    const fills = cells.map((cell) => [cell.getAttribute('fill'), Number(cell.getAttribute('fill-opacity'))] as const);
    const at = (i: number): readonly [string | null, number] => fills[i] as never;
    // Orange loses, blue gains, nothing is no colour; the largest loss is the strongest.
    profit.forEach((x, i) => {
      if (x !== 0) expect(at(i)[0]).toBe(x < 0 ? 'var(--loss)' : 'var(--gain)');
    });
    const still = profit.indexOf(0);
    expect(at(still)[1]).toBe(0);
    expect(Math.max(...fills.map(([, strength]) => strength))).toBe(at(profit.indexOf(Math.min(...profit)))[1]);
    const narrow = [...chart('heat-1', 'narrow').querySelectorAll('rect')];
    expect(narrow).toHaveLength(25);
    // The same numbers for those who do not see it.
    const table = [...document.querySelectorAll('table')].find((each) =>
      each.textContent?.includes('Profit of desk by moves'),
    );
    expect(table?.querySelectorAll('tbody tr')).toHaveLength(9);
    expect(table?.textContent).toContain(money(profit[0] as number));
  });

  it('marks the scenarios of the model, with a ring where it is decided', () => {
    const rings = [...chart('heat-1').querySelectorAll('circle')].map((circle) => circle.getAttribute('r'));
    expect(rings.filter((r) => r === '3')).toHaveLength(25);
    expect(rings.filter((r) => r === '8')).toHaveLength(1);
    expect(html).toContain('<i class="mark ring"></i><span>decides: +18&nbsp;% spot, vol up</span>');
    expect(html).toContain('<i class="mark part"></i><span>counts in part</span>');
  });

  it('has profit by price now and at expiries, with spot and strikes', () => {
    const drawn = [...chart('curve-1-1').querySelectorAll('[aria-label="line"]')];
    const lines = drawn.flatMap((line) =>
      [line, ...line.querySelectorAll('path')].map((each) => each.getAttribute('stroke')),
    );
    expect(lines).toEqual(expect.arrayContaining(['currentColor', 'var(--layer-0)', 'var(--layer-1)']));
    const words = chart('curve-1-1').textContent ?? '';
    expect(words).toContain('spot 60,000');
    expect(words).toContain('−5');
    const [{ down, up } = { down: null, up: null }] = liquidationPrices(book, 'desk').filter(
      ({ asset }) => asset === 'BTC',
    );
    expect([down, up].every((end) => end !== null)).toBe(true);
    expect(words).toContain(`liquidated at ${quantity(Number(up?.toPrecision(6)))} (+24.13 %)`);
    const section = document.getElementById('curve-1-1')?.parentElement?.textContent ?? '';
    expect(section).toContain('in 7 days, BTC-27NOV26 expires');
    expect(section).toContain('in 35 days, BTC-25DEC26 expires');
    // Two underlyings, a chart each; the one that moves most first.
    const titles = [...document.querySelectorAll('h2')].map(({ id }) => id).filter((id) => id.startsWith('curve-3'));
    expect(titles).toEqual(['curve-3-1', 'curve-3-2']);
  });

  it('says where an account is liquidated, or that it is so now', async () => {
    const said = (id: string, page: Document): string => page.getElementById(id)?.parentElement?.textContent ?? '';
    expect(said('curve-3-1', document)).toMatch(/Liquidated at 2,067\.49 \(-17\.30.%\)\./);
    expect(said('curve-3-2', document)).toMatch(/Liquidated beyond the drawing, at 202,[\d,.]+ \(\+237\.08.%\)\./);
    const poor = withAccounts([{ ...account('writer'), balances: { USDC: 18_000 } }]);
    await run('report', put('now.json', poor), '--html', file('now.html'), '--quiet');
    const page = parseHTML(readFileSync(file('now.html'), 'utf8')).document as unknown as Document;
    expect(said('curve-1-1', page)).toContain('It is liquidatable now.');
  });

  it('has a bar a leg and one for the whole', () => {
    const words = [...chart('legs-2').querySelectorAll('text')].map(({ textContent }) => textContent);
    for (const name of ['4 BTC', '-4 BTC-25DEC26-68000-C', '4 BTC-25DEC26-54000-P', 'requirement']) {
      expect(words).toContain(name);
    }
    const { initialMargin } = accountMargin(book, 'collar');
    expect(words).toContain(short(initialMargin));
  });

  it('has none of it for accounts without a model, and no heat map without options', async () => {
    const both = withAccounts([account('perps'), { ...account('perps'), id: 'linear', model: 'pm' }]);
    await run('report', put('linear.json', both), '--html', file('linear.html'), '--quiet');
    const page = parseHTML(readFileSync(file('linear.html'), 'utf8')).document;
    const ids = [...page.querySelectorAll('h2')].map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['curve-1-1', 'legs-1']));
    expect(ids.filter((id) => id.startsWith('heat') || /-2/.test(id))).toEqual([]);
  });

  it('lets no id become markup, and draws any account that a model margins', async () => {
    const strange = withAccounts([
      { ...account('desk'), id: '<b>&"x' },
      { id: 'cash', model: 'pm', balances: { USDC: 5 } },
      { id: 'coin', model: 'pm', balances: { BTC: 5 } },
    ]);
    const { code } = await run('report', put('strange.json', strange), '--html', file('strange.html'), '--quiet');
    expect(code).toBe(0);
    const page = readFileSync(file('strange.html'), 'utf8');
    expect(page.includes('<b>&')).toBe(false);
    expect(/NaN|undefined|Infinity/.test(page)).toBe(false);
    // Ids of elements are not those of the user.
    for (const { id } of parseHTML(page).document.querySelectorAll('[id]')) expect(id).toMatch(/^[\w.-]+$/);
  });

  it('can be made of every preset', async () => {
    for (const { name } of presetRows().filter(({ needs }) => needs.length === 0)) {
      const { code } = await run('report', example, '--model', name, '--html', file(`${name}.html`), '--quiet');
      expect([0, 1]).toContain(code);
      const page = readFileSync(file(`${name}.html`), 'utf8');
      expect(/NaN|undefined|Infinity/.test(page), name).toBe(false);
      expect(page.includes('mark ring'), name).toBe(true);
    }
  });
});

describe('what a requirement is made of', () => {
  it('has shares of the whole, through sums with factors and the larger of two', () => {
    const model: ModelJSON = {
      id: 'm',
      scenarios: [{ price: -0.1 }],
      requirement: {
        sum: [
          {
            max: [
              { id: 'a', scan: 'scan' },
              { id: 'b', gross: 'linear', factor: 0.3 },
            ],
          },
          { id: 'c', gross: 'linear', factor: 0.1 },
        ],
        factor: 2,
      },
    };
    const book = Book.fromJSON({ ...json, models: [model], accounts: [{ ...account('perps'), model: 'm' }] });
    const row = modelledOf(book, 0, explainScenarios(book, 'perps'));
    expect(madeOf(row)).toBe('b 75 %, c 25 %');
    expect(row.parts.reduce((sum, { initial }) => sum + initial, 0)).toBeCloseTo(row.explanation.initialMargin, 8);
    expect([row.decides, row.gain]).toEqual(['nothing is lost', null]);
  });
});

describe('scenarios in words', () => {
  const words = (scenario: object, more: Partial<ModelJSON> = {}, underlying?: string): string =>
    scenarioText({ id: 'm', scenarios: [scenario], requirement: { scan: 'scan' }, ...more }, 0, underlying);
  it('say what moves', () => {
    expect(words({ price: -0.18, volatility: 'UP' })).toBe('-18 % spot, vol up');
    expect(words({ price: 0.045, id: 'basis up' })).toBe('basis up (+4.5 % spot)');
    expect(words({ price: '0.135', weight: 0.36 / 3.3 })).toBe('+13.5 % spot, counts 10.91 %');
    expect(words({ volatility: 'ABS' })).toBe('spot flat, vol abs');
    expect(words({ days: 1, rate: -0.01 })).toBe('nothing moves, 1 day later, rate -1 %');
    expect(scenarioText({ id: 'm', requirement: { scan: 'scan' } }, 7)).toBe('scenario 7');
  });

  it('by the parameters of an underlying, where they are known', () => {
    const parameters = { BTC: { '+100': 0.14, w: 0.5 }, '*': { '+100': 0.2, w: 1 } };
    const row = { price: -0.5, range: '+100', weight: 'w' };
    expect(words(row, { parameters }, 'BTC')).toBe('-7 % spot, counts 50 %');
    expect(words(row, { parameters }, 'ETH')).toBe('-10 % spot');
    expect(words(row, { parameters })).toBe('-0.5 x +100, counts w');
    expect(words(row, { parameters: { '*': { '+100': 0.2, w: 1 } } })).toBe('-10 % spot');
  });
});
