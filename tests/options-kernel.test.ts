// The options of the kernel against those of plain TypeScript, bit by bit: dense random rows, rows with edges of the doubles in
// every place, and the scenario kernel. No answer is NaN but where a row is invalid.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Form, OptionEngine } from '../bindings/options/engine.js';
import { kernelOptions } from '../bindings/options/kernel.js';
import * as layout from '../bindings/options/layout.js';
import { referenceOptions } from '../bindings/reference/options/engine.js';
import { scenarioLogs, scenarioPrices } from '../bindings/reference/scenario/black76.js';
import { riskIn } from '../bindings/risk-module.js';
import { Random } from './random-book.js';

const SEED = 20221109;
const BLOCKS = 400;
const { ANSWERS, COLUMNS, INPUT, ROWS, STATUS, STATUS_COLUMN } = layout;

const EDGES = [
  0,
  -0,
  1,
  -1,
  NaN,
  Infinity,
  -Infinity,
  5e-324,
  1e-310,
  1e-200,
  1e-150,
  1e150,
  1e151,
  1e300,
  0.5,
  2,
  1e-8,
];

const QUESTIONS = [
  ['prices', layout.PRICE_COLUMNS.length],
  ['digitals', layout.DIGITAL_COLUMNS.length],
  ['greeks', layout.GREEK_COLUMNS.length],
  ['vols', layout.VOL_COLUMNS.length],
] as const;

/** Fills the inputs of both blocks; `edges` is the chance of an edge in each place. */
function fill(r: Random, blocks: readonly Float64Array[], edges: number): void {
  for (let row = 0; row < ROWS; row++) {
    const wide = r.chance(0.5) ? 0.1 : 8;
    const underlying = 100 * Math.exp((r.next() - 0.5) * wide);
    const usual = [
      r.chance(0.5) ? 1 : -1,
      underlying,
      r.chance(0.05) ? underlying : 100 * Math.exp((r.next() - 0.5) * wide),
      10 ** (5 * r.next() - 3.5),
      10 ** (7 * r.next() - 6),
      r.next(),
      r.next() - 0.5,
    ];
    usual.forEach((value, column) => {
      const x = r.chance(edges) ? EDGES[r.int(0, EDGES.length - 1)]! : value;
      for (const block of blocks) block[column * ROWS + row] = x;
    });
  }
}

/** Asks both engines and compares every answer. @returns how many answers are NaN without an invalid row */
function compare(engines: readonly [OptionEngine, OptionEngine], ask: (typeof QUESTIONS)[number], form: Form): number {
  const [name, answers] = ask;
  const [a, b] = engines;
  a[name](form, ROWS);
  b[name](form, ROWS);
  let hidden = 0;
  for (let column = STATUS_COLUMN; column < ANSWERS + answers; column++) {
    for (let row = 0; row < ROWS; row++) {
      const [got, want] = [a.block[column * ROWS + row]!, b.block[column * ROWS + row]!];
      if (!Object.is(got, want)) {
        const inputs = Array.from({ length: 7 }, (_, k) => a.block[k * ROWS + row]);
        expect(got, `${name}, form ${form}, column ${column}, inputs ${inputs}`).toBe(want);
      }
      const status = a.block[STATUS_COLUMN * ROWS + row]!;
      const answered = name === 'vols' ? status === STATUS.ok : status !== STATUS.invalid;
      if (answered && Number.isNaN(got)) hidden++;
    }
  }
  return hidden;
}

describe('kernel and reference, the same bits', () => {
  it.each([
    ['random rows', 0],
    ['rows with edges', 0.08],
  ])('%s', (_, edges) => {
    const r = new Random(SEED);
    const engines = [kernelOptions(), referenceOptions()] as const;
    const blocks = engines.map(({ block }) => block);
    let hidden = 0;
    for (let n = 0; n < BLOCKS; n++) {
      fill(r, blocks, edges);
      const form = (n & 1) as Form;
      for (const ask of QUESTIONS.slice(0, 3)) hidden += compare(engines, ask, form);
      // Prices of these very options, some of them a little off, are what vols are asked of.
      for (let row = 0; row < ROWS; row++) {
        const price = blocks[0]![ANSWERS * ROWS + row]!;
        const factor = r.chance(0.1) ? 1 + (r.next() - 0.5) / 1000 : 1;
        if (r.chance(1 - edges)) for (const block of blocks) block[INPUT.vol * ROWS + row] = price * factor;
      }
      hidden += compare(engines, QUESTIONS[3], form);
    }
    expect(hidden).toBe(0);
  });

  it('the kernel has the numbers of layout.ts', () => {
    const text = readFileSync(new URL('../assembly/options/layout.ts', import.meta.url), 'utf8');
    const kernel = Object.fromEntries(
      [...text.matchAll(/^export const (\w+): \w+ = (\d+);$/gm)].map(([, name, value]) => [name, Number(value)]),
    );
    const upper = (prefix: string, codes: Record<string, number>): [string, number][] =>
      Object.entries(codes).map(([name, code]) => [prefix + name.replace(/[A-Z]/g, '_$&').toUpperCase(), code]);
    expect(kernel).toEqual({
      ROWS,
      SPOT: layout.FORM.spot,
      ANSWERS,
      STATUS_COLUMN,
      ...Object.fromEntries([...upper('INPUT_', INPUT), ...upper('STATUS_', STATUS)]),
    });
    expect(COLUMNS).toBeGreaterThanOrEqual(ANSWERS + layout.GREEK_COLUMNS.length);
  });
});

describe('the scenario kernel', () => {
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 65536 });
  const kernel = riskIn(memory);
  const base = Math.ceil(kernel.heapBase() / 16) * 16;

  function both(call: boolean, strike: number, rootTime: number, forwards: Float64Array, vols: Float64Array) {
    const count = forwards.length;
    const at = [0, 1, 3, 4].map((column) => base + column * count * 8) as [number, number, number, number];
    const column = (k: number): Float64Array => new Float64Array(memory.buffer, at[k]!, count);
    column(0).set(forwards);
    column(2).set(vols);
    kernel.scenarioLogs(count, at[0], at[1]);
    kernel.scenarioPrices(call ? 1 : 0, strike, rootTime, count, at[0], at[1], at[2], at[3]);
    const logs = new Float64Array(2 * count);
    const prices = new Float64Array(count);
    scenarioLogs(forwards, logs);
    scenarioPrices(call, strike, rootTime, forwards, logs, vols, prices);
    expect(new Float64Array(memory.buffer, at[1], 2 * count)).toEqual(logs);
    return { kernel: column(3).slice(), reference: prices };
  }

  it('gives the bits of the reference, never NaN, never below 0', () => {
    const r = new Random(SEED);
    const count = 64;
    for (let n = 0; n < 2000; n++) {
      const strike = [0, 1, 60_000, 1e-8, 1e12, 5e-324][n % 6]! * (0.5 + r.next());
      const rootTime = Math.sqrt([0, 1e-6, 60 / 31_536_000, 0.1, 1, 10][r.int(0, 5)]!);
      const forwards = new Float64Array(count);
      const vols = new Float64Array(count);
      for (let s = 0; s < count; s++) {
        vols[s] = [0, 1e-300, 10 ** (6 * r.next() - 6), r.next(), 100 * r.next(), 1e10][r.int(0, 5)]!;
        const wide = Math.exp((r.next() - 0.5) * [1e-6, 1, 20, 60][r.int(0, 3)]!);
        forwards[s] = r.chance(0.05) ? 0 : r.chance(0.05) ? strike : (strike || 1) * wide;
      }
      const { kernel: got, reference } = both(r.chance(0.5), strike, rootTime, forwards, vols);
      for (let s = 0; s < count; s++) {
        const seen = `strike ${strike}, root ${rootTime}, forward ${forwards[s]}, vol ${vols[s]}`;
        if (!Object.is(got[s], reference[s])) expect(got[s], seen).toBe(reference[s]);
        if (!(got[s]! >= 0)) expect(got[s], seen).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('gives intrinsic value without vol, time, forward or strike, and the least of both for an endless vol', () => {
    const forwards = Float64Array.of(0, 50, 100, 200);
    const of = (call: boolean, strike: number, root: number, vol: number): number[] =>
      Array.from(both(call, strike, root, forwards, new Float64Array(4).fill(vol)).kernel);
    expect(of(true, 100, 1, 0)).toEqual([0, 0, 0, 100]);
    expect(of(false, 100, 1, 0)).toEqual([100, 50, 0, 0]);
    expect(of(true, 100, 0, 0.5)).toEqual([0, 0, 0, 100]);
    expect(of(false, 100, 0, 0.5)).toEqual([100, 50, 0, 0]);
    expect(of(true, 0, 1, 0.5)).toEqual([0, 50, 100, 200]);
    expect(of(false, 0, 1, 0.5)).toEqual([0, 0, 0, 0]);
    expect(of(true, 100, 1, 1e9)).toEqual([0, 50, 100, 200]);
    expect(of(false, 100, 1, 1e9)).toEqual([100, 100, 100, 100]);
  });
});
