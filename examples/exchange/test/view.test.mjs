// What people see: frames that fit their terminal, charts that are right, amounts that are exact.
import assert from 'node:assert/strict';
import test from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { chart, sampled, sparkline } from '../src/chart.mjs';
import { factsOf } from '../src/facts.mjs';
import { cut, fit, painter, takesColour, wrap } from '../src/paint.mjs';
import { summary } from '../src/summary.mjs';
import { frame } from '../src/view.mjs';
import { exactly, money } from '../src/words.mjs';
import { small } from './support.mjs';

/** @type {[width: number, height: number][]} */
const SIZES = [
  [80, 24],
  [200, 50],
  [120, 30],
  [62, 16],
  [300, 100],
];

test('a frame fits terminals of all sizes, with and without colours, before and behind the crash', () => {
  const simulation = small();
  for (const until of [0, 1, 90, 160]) {
    while (simulation.step < until) simulation.advance();
    const facts = factsOf(simulation);
    for (const [width, height] of SIZES) {
      const plain = frame(simulation, facts, { width, height, paint: painter(false) });
      assert.ok(plain.length <= height, `${plain.length} rows of ${height}`);
      for (const line of plain) assert.ok([...line].length <= width, `${[...line].length} of ${width}: ${line}`);
      const coloured = frame(simulation, facts, { width, height, paint: painter(true) });
      assert.deepEqual(coloured.map(stripVTControlCharacters), plain);
      assert.notDeepEqual(coloured, plain);
    }
  }
});

test('a summary explains the waterfall, within the width', () => {
  const simulation = small();
  while (simulation.advance());
  const lines = summary(simulation, simulation.finish(), { width: 80, paint: painter(false) });
  const text = lines.join('\n');
  for (const part of [
    'Prices',
    'Waterfall binance',
    'takeover',
    'deleverage',
    'Largest default',
    '0.000000 USDT made or lost',
  ]) {
    assert.ok(text.includes(part), part);
  }
  for (const line of lines) assert.ok(line.length <= 80, line);
});

test('a chart has the highest price on top and the lowest at the bottom', () => {
  const rows = chart([1, 5, 9], 20, 3, String);
  assert.deepEqual(rows, ['9 ┤  █', '  │ ▅█', '1 ┤▁██']);
  assert.equal(sparkline([1, 2, 3, 4, 5, 6, 7, 8], 8), '▁▂▃▄▅▆▇█');
  assert.equal(sparkline([3, 3], 5), '▁▁');
  assert.deepEqual(sampled([1, 2, 3, 4, 5, 6], 3), [2, 4, 6]);
  assert.deepEqual(chart([], 20, 2, String).length, 2);
});

test('amounts are cut, never rounded up', () => {
  assert.deepEqual([money(1_999_999n), money(-1_234_567_890n), money(-1n)], ['1.99', '-1,234.56', '0.00']);
  assert.deepEqual([exactly(1_999_999n), exactly(-1n), exactly(0n)], ['1.999999', '-0.000001', '0.000000']);
});

test('text is cut, padded and wrapped at a width', () => {
  assert.deepEqual([fit('abc', 5), fit('abcdef', 4), cut('ab ', 5)], ['abc  ', 'abc…', 'ab']);
  assert.deepEqual(wrap('  one two three', 10), ['  one two', '      three']);
  assert.deepEqual(wrap('short', 10), ['short']);
});

test('NO_COLOR, a dumb terminal and a pipe have no colours', () => {
  assert.equal(takesColour({ isTTY: true }, {}), true);
  assert.equal(takesColour({ isTTY: true }, { NO_COLOR: '1' }), false);
  assert.equal(takesColour({ isTTY: true }, { TERM: 'dumb' }), false);
  assert.equal(takesColour({}, {}), false);
});
