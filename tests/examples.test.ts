// Examples of doc comments that speak of a book, of scenarios or of returns: each runs against things of these names, and says what
// it gives where a number stands behind it. Every file of bindings/ with an example is here or in the tests that are named below.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runBlock } from './run-block.ts';

const bindings = fileURLToPath(new URL('../bindings/', import.meta.url));
const read = (file: string): string => readFileSync(bindings + file, 'utf8');
const shown = readdirSync(bindings, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && /@example\n/.test(read(file)))
  .sort();

/** Rooms and files whose examples other tests run: those of each room, and tests/docs.test.ts. */
const ELSEWHERE = [
  /^(guards|liquidation|venue|venues|waterfall)\//,
  /^statistics\/(analytic|backtest|delta-gamma|empirical)\//,
  /^scenario\/(sensitivity|presets|gains|table|surface|explain-text)/,
  /^watch\/engine\//,
  /^book\/(settle|transfer)\.ts$/,
  // They speak of an exchange that answers: docs/adapters.md and tests/adapters-ccxt.test.ts have ones that are written down.
  /^ccxt\/(book|compare)\.ts$/,
  /^(index|margin|explain|explain-text|explain-prices|errors|layout|numeric|options)\.ts$/,
];

const BOOK = `
import { Book } from 'margin-kernel/scenario';
const linear = (id, base, mark) => ({
  id, kind: 'linear', base, settle: 'USDT', mark, tick: 0.5, brackets: [{ upTo: null, maintenanceRate: 0.01, initialRate: 0.02 }],
});
const book = Book.fromJSON({
  format: 'margin-kernel/book@1',
  assets: [{ id: 'USDT', price: 1 }, { id: 'BTC', price: 60_000 }, { id: 'ETH', price: 3_000 }],
  markets: [linear('BTC-PERP', 'BTC', 60_000), linear('ETH-PERP', 'ETH', 3_000), linear('BTC-FUT', 'BTC', 60_100)],
  accounts: [{ id: 'a1', balances: { USDT: 3_000 }, positions: [{ market: 'BTC-PERP', size: 1, entry: 60_000 }] }],
});`;
const MODEL = `
import { Book, explainScenarios, presets, whatIf } from 'margin-kernel/scenario';
const linear = (id, mark) => ({ id: id + '-PERP', kind: 'linear', base: id, settle: 'USD', mark, brackets: [{ upTo: null, maintenanceRate: 0 }] });
const option = { id: 'BTC-27DEC24-100000-C', kind: 'call', expiry: 'DEC', strike: 100_000, volatility: 0.6, settle: 'USD' };
const book = Book.fromJSON({
  format: 'margin-kernel/book@1',
  assets: [{ id: 'USD', price: 1 }, { id: 'BTC', price: 90_000 }, { id: 'ETH', price: 3_000 }],
  expiries: [{ id: 'DEC', asset: 'BTC', seconds: 2_592_000, forward: 91_000 }],
  models: [presets.powertrade()],
  markets: [linear('BTC', 90_000), linear('ETH', 3_000), option],
  accounts: [{ id: 'a1', model: 'powertrade', balances: { USD: 50_000 }, positions: [{ market: 'BTC-PERP', size: 1, entry: 90_000 }] }],
});`;
const RETURNS = `
const closes = parseCloses(['Date;BTC-USD;ETH-USD', ...Array.from({ length: 80 }, (_, i) =>
  new Date(Date.UTC(2020, 1, 15 + i)).toISOString().slice(0, 10) + ';' + (60_000 + 900 * ((i * 7) % 11)) + ';' + (3_000 + 70 * ((i * 5) % 13)))].join('\\n'));
const returns = returnsOf(closes);`;

const GROUPS: readonly { title: string; files: RegExp; prelude: string; but?: Readonly<Record<string, string>> }[] = [
  {
    title: 'calls on a book',
    files:
      /^(basket|check|check-into|close-sizes|explain-check|explain-sizes|funding|joint-moves|legs|liquidation|nearest-moves|sizes)\.ts$|^book\/book-accounts\.ts$|^watch\/(watch|views\/.*)\.ts$/,
    prelude: `${BOOK}
import {
  CHECK_WIDTH, check, checkAll, checkBasket, checkInto, checkText, closeSizes, closeText, jointMoves, legsOf, liquidationPrices,
  maxLeverage, maxOrder, maxWithdraw, nearestMoves, pricesAfterFunding, sizeText, timeToLiquidation,
} from 'margin-kernel';
import { orderLegs } from 'margin-kernel/liquidation';
import { equityAtRisk, liquidationLadder, marketViews, Watch } from 'margin-kernel/watch';`,
    but: { 'watch.': 'const watch = new Watch(book);' },
  },
  {
    title: 'scenario models',
    files: /^scenario\.ts$|^scenario\/(explain|what-if)\.ts$/,
    prelude: MODEL,
  },
  {
    title: 'adapters',
    files: /^adapters\/(arrow|csv|rows)\.ts$|^cells\/|^ccxt\/(symbols|tiers)\.ts$/,
    prelude: `${BOOK}
import { tableFromArrays, tableFromIPC, tableToIPC } from 'apache-arrow';
import { margin } from 'margin-kernel';
import { arrowTable } from 'margin-kernel/adapters/arrow';
import { bracketsFromTiers, parseLeverageTiers, parseSymbol, unitsOf } from 'margin-kernel/adapters/ccxt';
import { csvTable, csvText, parseCsv } from 'margin-kernel/adapters/csv';
import { gapsText, marginColumns, reportRows, rowsTable, toAccounts, toColumns } from 'margin-kernel/adapters/rows';
const bytes = tableToIPC(tableFromArrays({ account: ['a'], asset: ['USDT'], satoshis: BigInt64Array.of(150_000_000n) }));
const balances = rowsTable([{ account: 'b', asset: 'USDT', amount: '100' }]);
const positions = rowsTable([{ account: 'b', market: 'BTC-PERP', size: 0.01, entry: 60_000 }]);`,
  },
  {
    title: 'estimates from returns',
    files:
      /^adapters\/closes\.ts$|^(reference\/numeric|statistics\/(estimation|matrix|procyclicality))\/|^statistics\/confidence\.ts$/,
    prelude: `
import { closeOn, dayOf, parseCloses } from 'margin-kernel/adapters/closes';
import {
  buffered, bufferStep, chiSquareCdf, chiSquareQuantile, chiSquareTail, cholesky, correlation, correlationOf, covariance,
  directionNumbers, dynamicMargin, ellipticalTau, ewmaCovariance, ewmaVariance, filteredReturns, fitGarch, floored, gammaLower,
  gammaUpper, garchVariances, hysteresis, kendallTau, ledoitWolf, limitStep, logGamma, moments, openUnit, philox, repairPsd,
  returnsOf, sobol, stressMultiplier, stressWeighted, studentTailDependence, symmetricEigen, tailShare, unit, winsorise,
} from 'margin-kernel/statistics';`,
    but: {
      'fitGarch(returns)':
        'const returns = Array.from({ length: 200 }, (_, i) => Math.sin(i * i) / (i % 40 < 20 ? 30 : 90));',
      'winsorise(returns': RETURNS,
    },
  },
  {
    title: 'value at risk',
    files: /^var\.ts$|^var\//,
    prelude: `
import { presets } from 'margin-kernel/scenario';
import { parseCloses } from 'margin-kernel/adapters/closes';
import { returnsOf } from 'margin-kernel/statistics';
import {
  ageWeighted, backtest, Book, deficitRisk, exposures, filtered, followMargin, historical, joined, monteCarlo, portfolioRisk, riskAfter,
  riskWhatIf, setFactor, stressed, valueAtRisk,
} from 'margin-kernel/var';${BOOK.replace(/^import.*$/m, '')}`,
    but: {
      '(book, scenarios':
        "const scenarios = monteCarlo({ names: ['BTC', 'ETH'], covariance: [[0.0016, 0.0018], [0.0018, 0.0025]], paths: 500, seed: 1 });",
      ', scenarios':
        "const scenarios = monteCarlo({ names: ['BTC', 'ETH'], covariance: [[0.0016, 0.0018], [0.0018, 0.0025]], paths: 500, seed: 1 });",
      "'value-at-risk'": `const scenarios = monteCarlo({ names: ['BTC', 'ETH'], covariance: [[0.0016, 0.0018], [0.0018, 0.0025]], paths: 500, seed: 1 });
book.addModel(presets.valueAtRisk({ scenarios, confidence: '0.99', multiplier: 1, buffer: 0.25 }));`,
      '(returns,': RETURNS,
      closes: RETURNS,
    },
  },
];

/** Number behind an expression, for the reader: `x; // 0.5`, `x; // 1, 0.5`, the last digits as `...`. */
const ANSWER = /^((?!const |console|import |\/\/)[^\n]*?);? +\/\/ (-?[\d.][\d.e, -]*)$/gm;

interface Example {
  name: string;
  code: string;
}

const examplesIn = (file: string): Example[] =>
  [...read(file).matchAll(/@example\n((?:\s*\* .*\n)+?)\s*(?=\*\/|\* @)/g)].map(({ 1: lines = '' }, i) => ({
    name: `${file}, example ${i + 1}`,
    code: lines.replace(/^\s*\* ?/gm, ''),
  }));

it('is run or shown by a test, wherever there is one', () => {
  const run = [...GROUPS.map(({ files }) => files), ...ELSEWHERE];
  expect(shown.filter((file) => !run.some((files) => files.test(file)))).toEqual([]);
  expect(run.filter((files) => !shown.some((file) => files.test(file)))).toEqual([]);
});

describe.each(GROUPS)('examples of $title', ({ files, prelude, but = {} }) => {
  const examples = shown.filter((file) => files.test(file)).flatMap(examplesIn);

  it.each(examples)('$name', async ({ name, code }) => {
    const setUp = Object.entries(but).filter(([text]) => code.includes(text));
    const more = new Set(setUp.map(([, lines]) => lines).filter((lines) => !declares(code, lines)));
    const asked = code.replace(
      ANSWER,
      (_, expression: string, answer: string) => `console.log(String(${expression})); // ${answer.replace(/, /g, ',')}`,
    );
    await runBlock(`${[...more].join('\n')}\n{\n${asked}}`, name, prelude);
  });
});

/** Whether an example makes itself what stands in the lines. */
function declares(code: string, lines: string): boolean {
  const [, name = ''] = /^(?:const|let) (\w+)/m.exec(lines) ?? [];
  return new RegExp(`^const ${name} =`, 'm').test(code);
}
