// The documentation against the code: blocks marked `runnable` run and print what they say, links lead somewhere, every
// key, error code, column, flag and venue is written down, and the examples run against dist/.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { venues } from '../bindings/adapters/ccxt.js';
import { rowsTable, toAccounts } from '../bindings/adapters/rows.js';
import { Book, type MarginError, margin } from '../bindings/index.js';
import { compileKernel } from '../bindings/kernel.js';
import type { BookJSON } from '../bindings/public.js';
import { presets, Book as ScenarioBook } from '../bindings/scenario.js';
import * as waterfall from '../bindings/waterfall/index.js';
import { columnTables, withTables } from '../scripts/docs.mjs';
import { filesOf, pages, read, root } from './doc-pages.js';
import { refusedWith } from './refusal.js';
import { runBlock } from './run-block.js';
import { run } from './terminal.js';

interface Block {
  /** `file:line` of its fence. */
  at: string;
  language: string;
  /** The words behind the language. */
  info: string;
  code: string;
}

function blocksOf(file: string): Block[] {
  const text = read(file);
  return [...text.matchAll(/^```(\w+)([^\n]*)\n([\s\S]*?)^```$/gm)].map(
    ({ 1: language = '', 2: info = '', 3: code = '', index }) => ({
      at: `${file}:${text.slice(0, index).split('\n').length}`,
      language,
      info: info.trim(),
      code,
    }),
  );
}

const blocks = pages.flatMap(blocksOf);

describe('runnable blocks', () => {
  const runnable = blocks.filter(({ info }) => info === 'runnable');

  it('are in the README and in the pages', () => {
    expect(runnable.length).toBeGreaterThan(8);
    expect(new Set(runnable.map(({ at }) => at.split(':')[0]))).toContain('README.md');
  });

  it.each(runnable)('$at', async (block) => {
    const lines = await runBlock(block.code, block.at);
    const next = blocks[blocks.indexOf(block) + 1];
    if (next?.info === 'output') expect(lines.join('\n').trimEnd()).toBe(next.code.trimEnd());
  });

  it('of other languages are books that can be read', () => {
    const books = blocks.filter(({ info }) => info === 'book');
    expect(books.length).toBeGreaterThan(0);
    for (const { code, at } of books) {
      const book = Book.fromJSON(code.replace(/^\s*\/\/.*$/gm, ''));
      expect(margin(book).totals.equity, at).not.toBe(0);
    }
  });

  it('that show the command line show what it prints', async () => {
    const shown = blocks.filter(({ language }) => language === 'console');
    expect(shown.length).toBeGreaterThan(0);
    for (const { info, code, at } of shown) {
      const { out } = await run(...info.split(' '));
      expect(out, at).toContain(code);
    }
  });
});

describe('examples of exported functions', () => {
  const files = [
    'index',
    'margin',
    'explain',
    'explain-text',
    'explain-prices',
    'errors',
    'layout',
    'numeric',
    'options',
  ].map((name) => `bindings/${name}.ts`);
  const examples = files.flatMap((file) =>
    [...read(file).matchAll(/@example\n((?:\s*\* .*\n)+?)\s*(?=\*\/|\* @)/g)].map(({ 1: lines = '' }, i) => ({
      name: `${file}, example ${i + 1}`,
      code: lines.replace(/^\s*\* ?/gm, ''),
    })),
  );
  /** What the examples speak of: a book with an account a1 whose position stands in the third bracket. */
  const prelude = `
import {
  accountMargin, Book, compareRisk, explain, explainPrices, explainText, INEXACT, liquidationPrices, margin, marginInto,
  MarginError, STATUS,
} from 'margin-kernel';
import {
  erf, erfc, erfcx, exp, expInto, log, normalCdf, normalDensity, normalLogCdf, normalQuantile, pow, studentCdf, studentQuantile,
} from 'margin-kernel/numeric';
import {
  digitalPrice, digitalPricesInto, impliedVol, impliedVolsInto, optionGreeks, optionGreeksInto, optionPrice, optionPricesInto,
  OPTION_STATUS,
} from 'margin-kernel/options';
const book = Book.fromJSON({
  format: 'margin-kernel/book@1',
  assets: [{ id: 'USDT', price: 1 }],
  markets: [{ id: 'BTC', kind: 'linear', settle: 'USDT', mark: 60000, brackets: [
    { upTo: 50000, maintenanceRate: 0.004 }, { upTo: 250000, maintenanceRate: 0.005 },
    { upTo: null, maintenanceRate: 0.01 }] }],
  accounts: [{ id: 'a1', balances: { USDT: 1000 }, positions: [{ market: 'BTC', size: 5, entry: 60000 }] }],
});
const accounts = [accountMargin(book, 'a1')];
`;

  it('are there', () => {
    expect(new Set(examples.map(({ name }) => name.split(',')[0])).size).toBe(files.length);
  });

  it.each(examples)('$name', async ({ name, code }) => {
    await runBlock(`{\n${code}}`, name, prelude);
  });
});

describe('examples of scenario models', () => {
  const files = ['gains', 'table', 'surface', 'explain-text']
    .map((name) => `bindings/scenario/${name}.ts`)
    .concat(filesOf('bindings/scenario/presets', '.ts'));
  const examples = files.flatMap((file) =>
    [...read(file).matchAll(/@example\n((?:\s*\* .*\n)+?)\s*(?=\*\/|\* @)/g)].map(({ 1: lines = '' }, i) => ({
      name: `${file}, example ${i + 1}`,
      code: lines.replace(/^\s*\* ?/gm, ''),
    })),
  );
  /** What they speak of: a book with an account a1 that a model margins. */
  const prelude = `
import {
  accountMargin, Book, explainScenarios, explainScenariosText, presets, profitCurve, profitSurface, scenarioGains, scenarioTable,
  scenarioText, tieredCharge, volatilityMove,
} from 'margin-kernel/scenario';
const book = Book.fromJSON({
  format: 'margin-kernel/book@1',
  assets: [{ id: 'USD', price: 1 }],
  models: [presets.powertrade()],
  markets: [{ id: 'P', kind: 'linear', settle: 'USD', mark: 100, brackets: [{ upTo: null, maintenanceRate: 0 }] }],
  accounts: [{ id: 'a1', model: 'powertrade', positions: [{ market: 'P', size: 1, entry: 100 }] }],
});
`;

  it('are there', () => {
    expect(examples.length).toBeGreaterThan(15);
  });

  it.each(examples)('$name', async ({ name, code }) => {
    await runBlock(`{\n${code}}`, name, prelude);
  });
});

describe('examples of the live engine', () => {
  const files = filesOf('bindings/watch/engine', '.ts').concat('bindings/book/settle.ts', 'bindings/book/transfer.ts');
  const examples = files.flatMap((file) =>
    [...read(file).matchAll(/@example\n((?:\s*\* .*\n)+?)\s*(?=\*\/|\* @)/g)].map(({ 1: lines = '' }, i) => ({
      name: `${file}, example ${i + 1}`,
      code: lines.replace(/^\s*\* ?/gm, ''),
    })),
  );
  /** What they speak of: a book, an engine that follows its like, and a journal. */
  const prelude = `
import { Book } from 'margin-kernel';
import { allowedActions, decodeEvent, encodeEvent, Engine, hashOf, readJournal, settle, transfer } from 'margin-kernel/watch';
const market = { kind: 'linear', settle: 'USDT', mark: 60_000, brackets: [{ upTo: null, maintenanceRate: 0.01 }] };
const json = {
  format: 'margin-kernel/book@1',
  assets: [{ id: 'USDT', price: 1 }],
  markets: [{ ...market, id: 'BTC-PERP' }, { ...market, id: 'BTC-MAR' }, { ...market, id: 'RAIN', kind: 'prediction', mark: 0.5 }],
  accounts: [{ id: 'a1', balances: { USDT: 1000 }, positions: [{ market: 'BTC-PERP', size: 0.5, entry: 60_000 }] }],
};
const book = Book.fromJSON(json);
const [fs, file, chunks] = [{ writeSync: () => {} }, 0, []];
const [liquidate, report] = [() => {}, () => {}];
`;

  it('are there', () => {
    expect(examples.length).toBeGreaterThan(9);
  });

  it.each(examples)('$name', async ({ name, code }) => {
    const more = [
      code.includes('new Engine(') ? '' : 'const engine = new Engine(Book.fromJSON(json));',
      code.includes('Engine.restore(') ? 'const bytes = new Engine(book).snapshot();' : '',
      code.includes('readJournal(')
        ? 'const bytes = (() => { const all = []; new Engine(book).record((part) => all.push(...part)); return Uint8Array.from(all); })();'
        : '',
      /\b(decodeEvent|apply)\(bytes\)/.test(code)
        ? "const bytes = encodeEvent({ kind: 'mark', sequence: 1, market: 0, mark: 58_400 });"
        : '',
    ];
    await runBlock(
      `${more.join('\n')}\n{\n${code.replaceAll('const engine = Engine', 'const restored = Engine')}}`,
      name,
      prelude,
    );
  });
});

describe('links', () => {
  /** Anchor of a heading, as GitHub makes it. */
  const anchor = (heading: string): string =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-');
  const anchorsOf = (file: string): string[] =>
    [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchor(heading));

  it.each(pages)('of %s lead to a file, and to a heading of it', (file) => {
    const links = [...read(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    for (const link of links.filter((target) => !/^[a-z]+:/.test(target))) {
      const [path = '', heading] = link.split('#');
      const target = path === '' ? file : normalize(join(dirname(file), path));
      expect(existsSync(join(root, target)), `${file}: ${link}`).toBe(true);
      if (heading !== undefined) expect(anchorsOf(target), `${file}: ${link}`).toContain(heading);
    }
  });

  it.each(['index.html', 'reference.html'])('of the wallet’s %s lead to files', (page) => {
    const folder = 'examples/wallet';
    const targets = [...read(`${folder}/${page}`).matchAll(/(?:src|href)="(\/[^":]+)"/g)];
    expect(targets.length).toBe(2);
    for (const [, target = ''] of targets) expect(existsSync(join(root, folder, target)), target).toBe(true);
  });
});

describe('examples/', () => {
  const programs = ['examples/node', 'examples/venues'].flatMap((folder) => filesOf(folder, '.mjs'));

  it.each(programs)('%s runs', (file) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [file], { cwd: root, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout.length).toBeGreaterThan(100);
  });
});

const bookOf = (): BookJSON => ({
  format: 'margin-kernel/book@1',
  assets: [{ id: 'USDT', price: 1 }],
  markets: [
    {
      id: 'BTC-PERP',
      kind: 'linear',
      settle: 'USDT',
      mark: 60_000,
      brackets: [
        { upTo: 50_000, maintenanceRate: 0.01, initialRate: 0.02 },
        { upTo: null, maintenanceRate: 0.02, initialRate: 0.04 },
      ],
    },
  ],
  accounts: [{ id: 'a1', balances: { USDT: 1000 }, positions: [{ market: 'BTC-PERP', size: 0.5, entry: 59_000 }] }],
});

/** The refusal of a book after a change that its type may not know. */
function refusal(change: (book: ReturnType<typeof JSON.parse>) => void): MarginError {
  const json = bookOf();
  change(json);
  return refusedWith(() => Book.fromJSON(json));
}

describe('docs/book.md', () => {
  const page = read('docs/book.md');
  afterEach(() => vi.unstubAllGlobals());

  it('has every key that a book may have', () => {
    const unknown = [
      (b: ReturnType<typeof JSON.parse>) => (b.x = 1),
      (b: ReturnType<typeof JSON.parse>) => (b.assets[0].x = 1),
      (b: ReturnType<typeof JSON.parse>) => (b.assets[0].tiers = [{ x: 1 }]),
      (b: ReturnType<typeof JSON.parse>) => (b.assets[0].curve = { x: 1 }),
      (b: ReturnType<typeof JSON.parse>) => (b.assets[0].assetWeight = { x: 1 }),
      (b: ReturnType<typeof JSON.parse>) => (b.markets[0].x = 1),
      (b: ReturnType<typeof JSON.parse>) => (b.markets[0].brackets[0].x = 1),
      (b: ReturnType<typeof JSON.parse>) => (b.markets[0].tables = { x: 1 }),
      (b: ReturnType<typeof JSON.parse>) => (b.markets[0].curve = { x: 1 }),
      (b: ReturnType<typeof JSON.parse>) => (b.markets[0].rounding = { x: 1 }),
      (b: ReturnType<typeof JSON.parse>) => (b.accounts[0].x = 1),
      (b: ReturnType<typeof JSON.parse>) => (b.accounts[0].positions[0].x = 1),
      (b: ReturnType<typeof JSON.parse>) => (b.accounts[0].orders = [{ x: 1 }]),
      (b: ReturnType<typeof JSON.parse>) => (b.accounts[0].buckets = [{ x: 1 }]),
    ].map(refusal);
    for (const { code, path, expected = '' } of unknown) {
      expect(code, path).toBe('unknown-key');
      const keys = expected.replace('one of ', '').split(', ');
      expect(keys.length).toBeGreaterThan(1);
      for (const key of keys) expect(page, `${path}: ${key}`).toMatch(new RegExp(`[\`"]${key}[\`"]`));
    }
  });

  it('has every word that a key may be', () => {
    const words = [
      refusal((b) => (b.markets[0].kind = 'x')),
      refusal((b) => (b.markets[0].pnl = 'x')),
      refusal((b) => (b.markets[0].spotOrders = 'x')),
      refusal((b) => (b.markets[0].tables = { form: 'x' })),
      refusal((b) => (b.markets[0].tables = { basis: 'x' })),
      refusal((b) => (b.markets[0].tables = { unit: 'x' })),
      refusal((b) => (b.markets[0].rounding = { notional: 'x' })),
      refusal((b) => (b.markets[0].curve = { kind: 'x', factor: 1 })),
      refusal((b) => (b.accounts[0].positions[0].side = 'x')),
      refusal((b) => (b.accounts[0].orders = [{ market: 'BTC-PERP', side: 'x' }])),
    ];
    for (const { path, expected = '' } of words) {
      for (const word of expected.replace('one of ', '').split(', ')) expect(page, path).toContain(`\`${word}\``);
    }
  });

  it('shows every error code with a message that the code gives', () => {
    const bytes = Book.fromJSON(bookOf()).encode();
    const damaged = bytes.slice();
    damaged[damaged.length - 1]! ^= 1;
    const twice =
      '{"format":"margin-kernel/book@1","assets":[{"id":"USDT","price":1,"price":2}],"markets":[],"accounts":[]}';
    const small = Book.create({ maximum: { accounts: 1 } });
    small.addAccount({ id: 'a' });
    const engine = (): unknown => {
      vi.stubGlobal('WebAssembly', undefined);
      return compileKernel(() => new WebAssembly.Module(new Uint8Array()));
    };
    const errors = [
      refusedWith(() => Book.fromJSON('{ "format": ')),
      refusal((b) => (b.assets[0].price = '1,000')),
      refusal((b) => (b.markets[0].mark = Number.POSITIVE_INFINITY)),
      refusal((b) => (b.markets[0].mark = 0)),
      refusal((b) => (b.accounts[0].balance = {})),
      refusal((b) => delete b.markets[0].mark),
      refusal((b) => (b.accounts[0].positions[0].market = 'BTC-PRP')),
      refusedWith(() => Book.fromJSON(twice)),
      refusal((b) => (b.accounts[0].positions[0].cost = 29_500)),
      refusal((b) => (b.markets[0].brackets[1].maintenanceRate = 0.005)),
      refusedWith(() => small.addAccount({ id: 'b' })),
      refusedWith(() => Book.create({ reserve: { positions: 200_000_000 } })),
      refusal((b) => (b.format = 'margin-kernel/book@2')),
      refusedWith(() => Book.decode(bytes.subarray(0, 100))),
      refusedWith(() => Book.decode(damaged)),
      refusal((b) => {
        b.markets[0].brackets = [{ upTo: null, maintenanceRate: 0.0000015 }];
        b.markets[0].rounding = { requirement: 'ceil' };
      }),
      refusedWith(engine),
    ];
    // Sizes and checksums change with the layout, the reason of a syntax error with the engine.
    const steady = (text: string): string => text.replace(/\b\d{4,}\b/g, 'N').replace(/(JSON text:).*/, '$1');
    const section = page.slice(page.indexOf('## Errors'));
    const rows = [...section.matchAll(/^\| `([a-z-]+)` \| [^|]+ \| `(.+)` \|$/gm)].map(([, code = '', text = '']) => ({
      code,
      text: steady(text),
    }));
    expect(rows).toEqual(errors.map(({ code, message }) => ({ code, text: steady(message) })));
    const codes = [...read('bindings/errors.ts').matchAll(/^ {2}\| '([a-z-]+)'/gm)].map(([, code]) => code);
    expect(rows.map(({ code }) => code)).toEqual(codes);
  });

  it('names every live update and every way to build', () => {
    const methods = ['book-building', 'book-prices', 'book-accounts'].flatMap((file) =>
      [...read(`bindings/book/${file}.ts`).matchAll(/^ {2}([a-z]\w+)\(/gm)].map(([, name = '']) => name),
    );
    expect(methods.length).toBeGreaterThan(12);
    for (const name of methods) expect(page, name).toMatch(new RegExp(`\`(book\\.)?${name}\\b`));
  });
});

describe('docs/adapters.md', () => {
  const page = read('docs/adapters.md');
  const says = (word: string): void => expect(page, word).toContain(`\`${word}\``);
  const expected = (call: () => unknown): string[] =>
    (refusedWith(call).expected ?? '').replace('one of ', '').split(', ');

  it('has every adapter, every venue and every convention', () => {
    for (const file of filesOf('bindings/adapters', '.ts')) says(file.replace(/^.*\/|\.ts$/g, ''));
    for (const venue of venues) expect(page).toMatch(new RegExp(`^\\| \`${venue}\` \\|`, 'm'));
    const table = page.slice(page.indexOf('say it in `conventions`'));
    const [, keys = ''] = /export interface Conventions \{([^}]+)\}/.exec(read('bindings/ccxt/conventions.ts')) ?? [];
    const all = [...keys.matchAll(/^ {2}(\w+): ([^;]+);/gm)];
    expect(all.length).toBeGreaterThan(8);
    for (const [, key = '', type = ''] of all) {
      says(key);
      const [row = ''] = table.match(new RegExp(`^\\| (\`\\w+\`, )?\`${key}\`.*$`, 'm')) ?? [];
      for (const [, value = ''] of type.matchAll(/'(\w+)'/g)) expect(row, key).toContain(value);
    }
  });

  it('has every field of every table, and every key of a column and of a gap', () => {
    const refused = (columns: object, table: 'accounts' | 'balances' | 'positions') =>
      expected(() => toAccounts({ [table]: rowsTable([], { columns: columns as never }) }));
    for (const table of ['accounts', 'balances', 'positions'] as const) {
      const [row = ''] = page.match(new RegExp(`^\\| \`${table}\`.*$`, 'm')) ?? [];
      for (const field of refused({ x: 'x' }, table)) expect(row, table).toContain(`\`${field}\``);
    }
    for (const key of refused({ id: { x: 1 } }, 'accounts')) says(key);
    const { gaps } = toAccounts({ balances: rowsTable([{ account: 'a', asset: 'b', amount: 'x' }]) });
    for (const key of Object.keys(gaps[0] ?? {})) says(key);
  });
});

describe('docs/scenarios.md', () => {
  const page = read('docs/scenarios.md');
  const refused = (model: object): MarginError =>
    refusedWith(() => ScenarioBook.create().addModel({ id: 'm', requirement: { scan: 'scan' }, ...model } as never));
  const part = (requirement: object): MarginError => refused({ scenarios: [{}], discount: { base: 1 }, requirement });
  const wordsOf = ({ expected = '' }: MarginError): string[] => expected.replace('one of ', '').split(', ');

  it('has every key that a model may have', () => {
    const kinds = wordsOf(part({}));
    expect(kinds).toContain('calendar');
    const unknown = [
      refused({ x: 1 }),
      refused({ scenarios: [{ x: 1 }] }),
      refused({ volatility: { up: { x: 1 } } }),
      refused({ volatility: { up: { scale: 1, term: { x: 1 } } } }),
      refused({ volatility: { up: { skew: { x: 1 } } } }),
      refused({ volatility: { up: { skew: { cap: 1, width: { x: 1 } } } } }),
      refused({ scenarios: [{}], discount: { x: 1 } }),
      refused({ scenarios: [{}], arrays: { m: { x: 1 } } }),
      refused({ scenarios: [{}], spreads: { x: 1 } }),
      refused({ scenarios: [{}], spreads: { months: [{ x: 1 }] } }),
      refused({ scenarios: [{}], spreads: { months: [{ charge: 1, legs: [{ x: 1 }] }] } }),
      refused({ scenarios: [{}], spreads: { delivery: [{ x: 1 }] } }),
      refused({ scenarios: [{}], spreads: { credits: [{ legs: [{ x: 1 }] }] } }),
      part({ scan: 'scan', by: 'expiry', expiryFactor: { x: 1 } }),
      part({ scan: 'scan', reduce: { x: 1 } }),
      part({ gross: 'linear', confidence: { x: 1 } }),
      part({ gross: 'linear', peg: { x: 1 } }),
      part({ tiers: [{ x: 1 }], of: { gross: 'linear' } }),
      ...['options', 'delta', 'roll', 'calendar'].map((kind) => part({ [kind]: { x: 1 } })),
      part({ each: { deltaShock: { x: 1 } } }),
      ...kinds.map((kind) => part({ [kind]: 0, x: 1 })),
    ];
    for (const error of unknown) {
      expect(error.code, error.message).toBe('unknown-key');
      for (const key of wordsOf(error)) expect(page, `${error.path}: ${key}`).toMatch(new RegExp(`\\b${key}\\b`));
    }
    for (const kind of kinds) expect(page, kind).toMatch(new RegExp(`^\\| .*\`${kind}\\b.* \\|`, 'm'));
  });

  it('has every word that a key may be, and every preset', () => {
    const words = [
      refused({ scenarios: [{ operation: 'x' }] }),
      refused({ scenarios: [{}], orders: 'x' }),
      refused({ scenarios: [{}], liquidationEnd: 'x' }),
      part({ scan: 'scan', by: 'x' }),
      part({ each: { gross: 'linear' }, by: 'x' }),
      part({ gross: 'x' }),
      part({ gross: 'linear', at: 'x' }),
      part({ spreads: 'x' }),
    ];
    for (const error of words)
      for (const word of wordsOf(error))
        expect(page, `${error.path}: ${word}`).toMatch(new RegExp(`[\`']${word}[\`']`));
    for (const name of Object.keys(presets))
      expect(page.match(new RegExp(`^\\| .*\`${name}\`.* \\|`, 'gm')), name).toHaveLength(2);
  });
});

describe('docs/stages.md', () => {
  const page = read('docs/stages.md');
  const shown = blocksOf('docs/stages.md');
  const [base] = shown.filter(({ info }) => info === 'case').map(({ code }) => JSON.parse(code));
  /** Text below a heading, up to the next one. */
  const sectionOf = (heading: string): string =>
    page.slice(page.indexOf(`\n${heading}\n`) + heading.length + 1).split(/\n#+ /)[0] ?? '';
  const kinds = wordsOf(() => staged({ kind: 'x' }));

  function staged(stage: object): void {
    const state = { accounts: [{ id: 'a', balances: { USD: -1n } }, { id: 'b' }] };
    waterfall.run(state, [{ id: 'x', ...stage } as waterfall.Stage], { defaulter: 'a' });
  }

  /** Words of a refusal that lists them. */
  function wordsOf(call: () => unknown): string[] {
    const { expected = '' } = refusedWith(call);
    expect(expected).toContain('one of ');
    return expected.replace('one of ', '').split(', ');
  }

  function says(text: string, words: readonly string[], at: string): void {
    expect(words.length, at).toBeGreaterThan(1);
    for (const word of words) expect(new RegExp(`[\`".]${word}[\`"]`).test(text), `${at}: ${word}`).toBe(true);
  }

  it('has examples of every kind, each of which reports what stands under it', () => {
    const examples = shown.filter(({ info }) => info === 'stage' || info === 'case');
    const seen = examples.flatMap(({ code }) => JSON.parse(code).stages.map(({ kind = 'layer' }) => kind));
    expect([...new Set(seen)].sort()).toEqual([...kinds].sort());
    for (const block of examples) {
      const { event = {}, ...part } = JSON.parse(block.code);
      const json = { ...base, ...part, event: { ...base.event, ...event } };
      const [first] = waterfall.runCase(waterfall.readCase(json));
      if (!first) throw new Error('no outcome');
      const { steps } = waterfall.outcomeJSON(first.outcome, first.decimals);
      const lines = steps.map(({ stage, status, because, paid, open }) => {
        return `${stage} ${status}${because ? ` (${because})` : ''}: paid ${paid}, open ${open}`;
      });
      expect(shown[shown.indexOf(block) + 1]?.code.trimEnd(), block.at).toBe(lines.join('\n'));
    }
  });

  it('has every key of every kind in its section', () => {
    const common = ['kind', 'id', 'trigger'];
    says(sectionOf('## Keys of all stages'), common, 'all');
    for (const kind of kinds) {
      const section = sectionOf(`### \`${kind}\``);
      const keys = wordsOf(() => staged({ kind, x: 1 })).filter((key) => !common.includes(key));
      says(section, keys, kind);
      const rows = [...section.matchAll(/^\| `([a-zA-Z]+)[^`]*` \|/gm)].map(([, key = '']) => key);
      const bids = ['bidder', 'account', 'share', 'at', 'amount', 'price', 'units', 'lot'];
      for (const key of rows) expect([...keys, ...bids], `${kind}: ${key}`).toContain(key);
    }
  });

  it('has every word that a key of a stage may be', () => {
    const words: [heading: string, stage: object][] = [
      ['### `layer`', { who: 'survivors', scope: 'x' }],
      ['### `layer`', { who: 'survivors', allocate: 'x' }],
      ['### `layer`', { who: 'survivors', round: 'x' }],
      ['### `layer`', { who: 'survivors', whenEmpty: 'x' }],
      ['### `liquidate`', { kind: 'liquidate', floor: 'x' }],
      ['### `transfer`', { kind: 'transfer', to: 'b', price: 'x' }],
      ['### `adl`', { kind: 'adl', score: 'x' }],
      ['### `adl`', { kind: 'adl', allocate: 'x' }],
      ['### `adl`', { kind: 'adl', price: 'x' }],
      ['### `auction`', { kind: 'auction', type: 'x' }],
      ['### `auction`', { kind: 'auction', price: 'x' }],
      ['### Triggers', { who: 'survivors', trigger: { need: true, operator: 'x', level: 0 } }],
      ['### Triggers', { who: 'survivors', trigger: { x: 1 } }],
    ];
    for (const [heading, stage] of words) {
      const known = wordsOf(() => staged(stage));
      says(sectionOf(heading), known, heading);
    }
    const lazy = wordsOf(() => staged({ who: ['b'], lazy: 'x' }));
    says(read('docs/waterfall.md'), lazy, 'lazy');
  });

  it('has every key of an event, of a market and of a step, and every reason', () => {
    const state = { accounts: [{ id: 'a', balances: { USD: -1n } }] };
    const event = (key: object) => () => waterfall.run(state, [], { defaulter: 'a', ...key });
    says(sectionOf('## Events'), wordsOf(event({ x: 1 })), 'event');
    says(sectionOf('## Events'), wordsOf(event({ solvent: 'x' })), 'solvent');
    const market = (key: object) => () =>
      waterfall.stateOf({ markets: [{ id: 'm', settle: 'USD', mark: 1, ...key }], accounts: [] });
    says(sectionOf('## Markets'), wordsOf(market({ x: 1 })), 'market');
    says(sectionOf('## Markets'), wordsOf(market({ kind: 'x' })), 'kind');
    const outcome = waterfall.run(state, [{ id: 'all', who: ['dust'] }], { defaulter: 'a' });
    says(sectionOf('## Steps'), Object.keys(outcome.trace.steps[0] ?? {}), 'step');
    const [, union = ''] = /export type Because =([^;]+);/.exec(read('bindings/waterfall/step.ts')) ?? [];
    const reasons = [...union.matchAll(/'(\w+)'/g)].map(([, word = '']) => word);
    const rows = [...sectionOf('## Steps').matchAll(/^\| `(\w+)` \| (?:all|`[^|]+) \| [^|]+ \|$/gm)];
    expect(rows.map(([, word]) => word)).toEqual(reasons);
  });
});

describe('docs/abi.md', () => {
  it('has the columns of layout.ts', async () => {
    const page = read('docs/abi.md');
    expect(withTables(page, await columnTables()) === page, 'out of date: npm run docs').toBe(true);
  });

  it('names every export of the kernel', () => {
    const page = read('docs/abi.md');
    const kernel = new WebAssembly.Module(new Uint8Array(readFileSync(join(root, 'dist/margin.wasm'))));
    for (const { name } of WebAssembly.Module.exports(kernel)) expect(page).toMatch(new RegExp(`\`${name}[(\`]`));
  });
});

describe('docs/margin.md', () => {
  it('names every column of the answer', () => {
    const page = read('docs/margin.md');
    const columns = Object.keys(margin(Book.fromJSON(bookOf())));
    expect(columns.length).toBeGreaterThan(8);
    for (const name of [...columns, 'liquidatable', 'totals']) expect(page).toContain(`\`${name}\``);
  });
});

describe('README.md', () => {
  const page = read('README.md');
  const flags = (text: string): string[] => text.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? [];

  it('has every flag of the command line, and no page has another', async () => {
    const commands = ['demo', 'report', 'liquidations', 'explain', 'waterfall'];
    const helps = await Promise.all([run('--help'), ...commands.map((name) => run(name, '--help'))]);
    const ofVar = flags((await run('var', '--help')).out);
    for (const flag of ofVar) expect(page + read('docs/var.md'), flag).toContain(flag);
    const ofWatch = flags((await run('watch', '--help')).out);
    for (const flag of ofWatch) expect(page + read('docs/engine.md'), flag).toContain(flag);
    const listed = new Set(helps.flatMap(({ out }) => flags(out)));
    const known = new Set([...listed, ...ofVar, ...ofWatch, '--write']); // --write is of npm run test:runtimes
    for (const name of commands) expect(helps[0]?.out).toContain(name);
    for (const flag of listed) if (flag !== '--version') expect(page, flag).toContain(flag);
    for (const file of pages.filter((name) => name !== 'docs/performance.md')) {
      for (const flag of flags(read(file))) expect(known, `${file}: ${flag}`).toContain(flag);
    }
  });

  it('names every venue', () => {
    const names = filesOf('bindings/venues', '.ts').map((file) => file.replace(/^.*\/|\.ts$/g, ''));
    const isPart = (name: string): boolean => name.includes('-') && names.includes(name.replace(/-.*$/, ''));
    for (const name of names.filter((file) => !isPart(file))) expect(page, name).toContain(`\`${name}\``);
  });

  it('names every adapter', () => {
    for (const file of filesOf('bindings/adapters', '.ts')) {
      expect(page).toContain(`'margin-kernel/adapters/${file.replace(/^.*\/|\.ts$/g, '')}'`);
    }
  });

  it('has the speeds of docs/performance.md', () => {
    const cells = (line: string): string[] =>
      line
        .split('|')
        .map((cell) => cell.replace(/\([^)]*\)|\*|: missed/g, '').trim())
        .filter(Boolean);
    const rows = page.split('\n').filter((line) => /^\| [^|]+ \| [\d.]+ ms \|/.test(line));
    expect(rows.length).toBeGreaterThan(0);
    const measured = read('docs/performance.md').split('\n').map(cells);
    for (const row of rows.map(cells)) {
      const there = measured.find(([name]) => name === row[0]) ?? [];
      expect(there, `${row[0]} in docs/performance.md`).toEqual(expect.arrayContaining(row));
    }
  });

  it('starts with the two commands', () => {
    const [first] = blocksOf('README.md');
    expect(first?.code.split('\n').map((line) => line.split('  ')[0])).toEqual(['npm ci && npm start', 'npm cit', '']);
  });
});
