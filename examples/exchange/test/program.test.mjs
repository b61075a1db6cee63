// The program as people start it: what it prints without a terminal, what it says to bad options, a recording and its
// proof, Ctrl-C.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { program } from './support.mjs';

const FAST = ['--closes', 'none', '--accounts', '60', '--steps', '120', '--seed', '5'];

/** A folder that goes when the test is over. @param {import('node:test').TestContext} t */
function folder(t) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'exchange-'));
  t.after(() => fs.rmSync(dir, { recursive: true }));
  return dir;
}

/** A table of closes of ten days, with a crash on the eighth. @param {string} dir */
function closes(dir) {
  const file = path.join(dir, 'closes.csv');
  const days = [100, 101, 100, 102, 101, 103, 102, 70, 75, 74].map((btc, i) => {
    return `2024-01-${String(i + 1).padStart(2, '0')};${btc * 400};${i === 6 ? '' : btc * 20};${btc / 50}`;
  });
  fs.writeFileSync(file, `Date;BTC-USD;ETH-USD;XRP-USD\n${days.join('\n')}\n`);
  return file;
}

test('without a terminal there are lines, no escape codes, and the whole story', async () => {
  const { code, out, err } = await program(FAST);
  assert.deepEqual([code, err], [0, '']);
  assert.ok(!out.includes('\x1b'), 'an escape code');
  for (const part of ['made up prices', 'phase         crash', 'Waterfall binance', '0.000000 USDT made or lost']) {
    assert.ok(out.includes(part), `${part}\n${out}`);
  }
});

test('a table of closes makes the path: the marks begin and end at them', async (t) => {
  const file = closes(folder(t));
  const { code, out, err } = await program([...FAST, '--closes', file, '--date', '2024-01-08', '--markets', 'btc,XRP']);
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /the closes around 2024-01-08/);
  // From the close two days before to the one a day behind; the mark is a median with the book, so within a hundredth.
  const [, first, last] = /BTC-PERP +([\d,]+) to +([\d,]+)/.exec(out) ?? [];
  assert.equal(first, '41,200');
  assert.ok(Math.abs(Number(last?.replace(',', '')) / 30_000 - 1) < 0.01, last);
});

test('a journal proves itself, a changed one does not, and nothing is written over', async (t) => {
  const dir = folder(t);
  const file = path.join(dir, 'day.mkj');
  const run = await program([...FAST, '--record', file]);
  assert.equal(run.code, 0, run.err);
  const hash = /events, hash (\w{16})/.exec(run.out)?.[1];
  const proof = await program(['--replay', file]);
  assert.deepEqual([proof.code, proof.err], [0, '']);
  assert.ok(proof.out.includes(`hash ${hash}: the state that was recorded`), proof.out);

  const again = await program([...FAST, '--record', file]);
  assert.deepEqual([again.code, again.err], [2, `exchange: cannot write ${file}: it is there already\n`]);

  const bytes = fs.readFileSync(file);
  bytes[bytes.length >> 1] = /** @type {number} */ (bytes[bytes.length >> 1]) ^ 1;
  fs.writeFileSync(file, bytes);
  const damaged = await program(['--replay', file]);
  assert.equal(damaged.code, 1);
  assert.match(damaged.out, /damaged: event \d+ .* is corrupt/);

  // Of another run from another state: refused before anything is applied.
  const other = path.join(dir, 'other.mkj');
  assert.equal((await program([...FAST, '--seed', '6', '--record', other])).code, 0);
  fs.copyFileSync(path.join(dir, 'day.mks'), path.join(dir, 'other.mks'));
  const foreign = await program(['--replay', other]);
  assert.equal(foreign.code, 2);
  assert.match(foreign.err, /^exchange: conflict at journal.hash/);
});

test('Ctrl-C ends a run with its summary', async () => {
  const { code, out, err } = await program([...FAST, '--speed', '20'], (child) => {
    child.stdout?.once('data', () => setTimeout(() => child.kill('SIGINT'), 300));
  });
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /Prices, stopped behind step \d+ of 120/);
  assert.match(out, /0\.000000 USDT made or lost/);
});

test('bad options are refused by name, with what would do', async (t) => {
  const file = closes(folder(t));
  /** @type {[string[], string][]} */
  const cases = [
    [['--accounts', '3'], 'range at --accounts: got "3", expected a whole number from 10 to 20000'],
    [['--accounts', '1e3'], 'range at --accounts: got "1e3", expected a whole number from 10 to 20000'],
    [['--seed'], 'type at --seed: expected a value behind it'],
    [['--plain=yes'], 'type at --plain: expected no value'],
    [['--sped', '3'], 'unknown-key at --sped: expected one of --accounts, '],
    [['fast'], 'unknown-key at fast: expected options: --accounts, '],
    [['--speed', '0'], 'range at --speed: got "0", expected steps a second, above 0, or max'],
    [['--preset', 'ccp'], 'unknown-id at --preset: got "ccp", expected one of binance, '],
    [
      ['--closes', 'none', '--date', '2020-03-12'],
      'conflict at --date: got "2020-03-12", expected a table of closes: --closes FILE',
    ],
    [
      ['--closes', 'none', '--markets', 'BTC,DOGE'],
      'unknown-id at --markets: got "DOGE", expected some of BTC,ETH,SOL',
    ],
    [['--markets', 'BTC,BTC'], 'range at --markets: got "BTC,BTC", expected 1 to 5 different coins, as in BTC,ETH'],
    [['--closes', '/nowhere.csv'], 'cannot read /nowhere.csv: no such file or folder'],
    [
      ['--closes', file, '--date', '2024-01-01', '--markets', 'BTC'],
      'range at --date: got "2024-01-01", expected a day with two before it and one behind it',
    ],
    [
      ['--closes', file, '--date', '2031-01-01', '--markets', 'BTC'],
      'range at date: got "2031-01-01", expected a day of the file',
    ],
    [
      ['--closes', file, '--date', '2024-01-08', '--markets', 'BTC,ETH'],
      'range at --markets: got "ETH", expected a close of ETH on 2024-01-07',
    ],
    [['--replay', 'x.mkj', '--seed', '3'], 'conflict at --seed: expected --replay alone: all is in the journal'],
    [['--replay', '/nowhere.mkj'], 'cannot read /nowhere.mks: no such file or folder'],
  ];
  const results = await Promise.all(cases.map(([args]) => program(args)));
  results.forEach(({ code, out, err }, i) => {
    const [args, message] = /** @type {[string[], string]} */ (cases[i]);
    assert.equal(code, 2, args.join(' '));
    assert.equal(out, '');
    assert.ok(err.startsWith(`exchange: ${message}`) && err.trimEnd().split('\n').length === 1, err);
  });
});

test('--help has every preset and option', async () => {
  const { code, out } = await program(['--help']);
  assert.equal(code, 0);
  for (const part of ['--accounts', '--replay', 'hyperliquid', 'mango']) assert.ok(out.includes(part), part);
});
