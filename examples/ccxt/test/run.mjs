// ccxt's types against the adapter's, and what ccxt's own parsers make of venues' answers against what the book has to hold.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import ccxt from 'ccxt';
import * as kernel from 'margin-kernel';
import { ccxtBook, compareVenue } from 'margin-kernel/adapters/ccxt';
import { TRUTH, VENUES } from './venues.mjs';

const folder = fileURLToPath(new URL('..', import.meta.url));
let passed = 0;
let failed = 0;

/** @param {string} name @param {() => void} body */
function test(name, body) {
  try {
    body();
    passed++;
    console.log(`ok      ${name}`);
  } catch (error) {
    failed++;
    console.log(`not ok  ${name}\n${error instanceof Error ? error.stack : error}`);
  }
}

/** @param {ReturnType<(typeof VENUES)[keyof typeof VENUES]>} given @param {string} settle */
function sourcesOf(given, settle) {
  const { exchange, positions, balances, ...more } = given;
  const symbol = `BTC/${settle}:${settle}`;
  return {
    venue: exchange.id,
    numeraire: settle,
    markets: exchange.markets,
    ...('tiers' in more ? { tiers: { [symbol]: more.tiers } } : {}),
    ...('brackets' in more ? { brackets: { [symbol]: more.brackets } } : {}),
    ...('marks' in more ? { marks: { [symbol]: more.marks } } : {}),
    accounts: [{ id: 'me', positions, balances, marginMode: 'marginMode' in more ? more.marginMode : undefined }],
  };
}

test('types of ccxt are taken as they are', () => {
  const bin = createRequire(import.meta.url)
    .resolve('typescript/package.json')
    .replace(/package\.json$/, 'bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [bin, '-p', 'test'], { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 0, stdout);
});

for (const [id, answers] of Object.entries(VENUES)) {
  const settle = id === 'hyperliquid' ? 'USDC' : 'USDT';
  const converted = ccxtBook(sourcesOf(answers(), settle));
  const [account] = converted.book.accounts;

  test(`${id}: nothing is missing`, () => {
    assert.deepEqual(converted.gaps, []);
    assert.equal(converted.flat, id === 'binance' ? 1 : 0);
  });

  test(`${id}: wallets are what the account holds`, () => {
    assert.equal(Number(account?.balances?.[settle]), TRUTH.cross);
    assert.equal(Number(account?.buckets?.[0]?.balances?.[settle]), TRUTH.isolated);
  });

  test(`${id}: equity is that of the venue`, () => {
    const book = kernel.Book.fromJSON(converted.book);
    const held = account?.positions?.length ?? 0;
    const equity = TRUTH.cross + (held > 0 ? TRUTH.crossProfit : 0) + TRUTH.isolated + TRUTH.isolatedProfit;
    assert.ok(Math.abs(kernel.margin(book).totals.equity - equity) < 1e-6);
  });

  test(`${id}: sizes are signed, in contracts`, () => {
    const unit = Number(converted.book.markets[0]?.multiplier);
    const units = [...(account?.positions ?? []), ...(account?.buckets?.[0]?.positions ?? [])].map(
      ({ size }) => Number(size) * unit,
    );
    assert.deepEqual(
      units.map((size) => Number(size.toFixed(9))),
      account?.positions?.length ? [TRUTH.size, -1] : [-1],
    );
  });

  test(`${id}: liquidation prices by the venue's formula are ours`, () => {
    const rows = compareVenue(converted, kernel.Book.fromJSON(converted.book), kernel);
    const named = rows.filter(({ venue }) => venue.liquidationPrice !== null);
    assert.ok(named.length > 0);
    for (const { difference, market } of named)
      assert.ok(Math.abs(difference.liquidationPrice ?? 1) < 1e-4, `${market} ${difference.liquidationPrice}`);
  });
}

test('deribit: a size in USD is turned into contracts', () => {
  const exchange = new ccxt.deribit();
  const market = /** @type {any} */ ({
    symbol: 'BTC/USD:BTC',
    base: 'BTC',
    quote: 'USD',
    settle: 'BTC',
    contract: true,
    linear: false,
    inverse: true,
    contractSize: 10,
  });
  const row = {
    instrument_name: 'BTC-PERPETUAL',
    size: 60_000,
    direction: 'sell',
    average_price: 61_000,
    mark_price: 60_000,
    size_currency: -1,
    initial_margin: 0.02,
    maintenance_margin: 0.01,
    leverage: 50,
    floating_profit_loss: 0, // since the last settlement
    total_profit_loss: 0,
    estimated_liquidation_price: 0,
  };
  const { book, gaps } = ccxtBook({
    venue: exchange.id,
    numeraire: 'USD',
    markets: [market],
    assets: { BTC: 60_000 },
    brackets: { 'BTC/USD:BTC': [{ upTo: null, maintenanceRate: 0.01 }] },
    accounts: [
      {
        id: 'me',
        positions: [exchange.parsePosition(row, market)],
        balances: exchange.parseBalance({ currency: 'BTC', equity: 1.5, available_funds: 1, maintenance_margin: 0.01 }),
      },
    ],
  });
  assert.deepEqual(gaps, []);
  assert.equal(Number(book.accounts[0]?.positions?.[0]?.size), -6000);
  const { equity } = kernel.accountMargin(kernel.Book.fromJSON(book), 'me');
  assert.ok(Math.abs(equity - 1.5 * 60_000) < 1e-6);
});

test('binance: tiers of COIN-M, whose lower bounds ccxt does not find', () => {
  const exchange = new ccxt.binance();
  const rows = [
    { bracket: 1, initialLeverage: 125, qtyCap: 5, qtylFloor: 0, maintMarginRatio: 0.004, cum: 0 },
    { bracket: 2, initialLeverage: 100, qtyCap: 10, qtylFloor: 5, maintMarginRatio: 0.005, cum: 0.005 },
  ];
  const market = /** @type {any} */ ({
    symbol: 'BTC/USD:BTC',
    base: 'BTC',
    quote: 'USD',
    settle: 'BTC',
    contract: true,
    linear: false,
    inverse: true,
    contractSize: 100,
  });
  const tiers = exchange.parseMarketLeverageTiers({ symbol: 'BTCUSD_PERP', brackets: rows }, market);
  assert.equal(tiers[1]?.minNotional, undefined);
  const { book } = ccxtBook({
    venue: exchange.id,
    numeraire: 'USD',
    markets: [market],
    assets: { BTC: 60_000 },
    marks: { 'BTC/USD:BTC': 60_000 },
    tiers: { 'BTC/USD:BTC': tiers },
    symbols: ['BTC/USD:BTC'],
    accounts: [],
  });
  assert.deepEqual(book.markets[0]?.brackets, [
    { upTo: 5, maintenanceRate: 0.004, maxLeverage: 125 },
    { upTo: null, maintenanceRate: 0.005, maxLeverage: 100 },
  ]);
});

test('the report prints the venue beside the kernel, and what is missing', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['report.mjs'], { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /BTC\/USDT:USDT +net/);
  assert.match(stdout, /row left out \(trader\): missing-key at accounts\[0\]\.positions\[3\]\.contracts/);
});

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
