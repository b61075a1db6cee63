// assembly/abi.ts against bindings/layout.ts and bindings/reference/lanes.ts, constant by constant and by name: what the
// kernel reads at a number is what TypeScript wrote there.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  ASSET_COORDINATE,
  ASSET_VALUE_WIDTH,
  AT,
  BASIS,
  BY,
  COMPONENT,
  COORDINATE,
  COORDINATES,
  CURVE,
  FEATURE,
  FOLLOW,
  HEADER_COUNTS,
  HEADER_WORDS,
  headerWord,
  INEXACT,
  INSTRUMENT,
  KIND,
  layout,
  MEASURE,
  MEASURE_WIDTH,
  MOVE,
  MOVE_WIDTH,
  MOVETERM,
  NO_LIMIT,
  NODE,
  NODE_NAMED,
  NODE_WIDTH,
  NODETERM,
  NONE,
  OPERATION,
  PLAIN_VALUE_WIDTH,
  PNL,
  PPM_WIDTH,
  QUOTE,
  QUOTE_WIDTH,
  REDUCE,
  ROUNDING,
  SCENARIO_BLOCK,
  SCRATCH_WIDTH,
  SHORTFALL,
  SIDE_VALUE_WIDTH,
  STATE,
  STATUS,
  sections,
  UNIT,
  WATCH,
  WATCH_PAGE,
  WATCH_WIDTH,
  WATCHED,
  WINDOW_WIDTH,
  WORK,
  WORK_WIDTH,
  WRITTEN,
} from '../bindings/layout.js';
import { pointerWord } from '../bindings/memory.js';
import {
  ANSWER,
  ASSET,
  ASSET_FLAG,
  BUCKET_SHIFT,
  FLAG,
  FLAG_BASE,
  FLAG_FORM_SHIFT,
  MOST_VISITS,
  PLAINVALUE,
  PPM,
  ROOT,
  SHAPE,
  SIDE_END,
  SIDEVALUE,
  sideSlot,
  WINDOW,
} from '../bindings/reference/lanes.js';
import { ARRIVING } from '../bindings/reference/spot.js';

const text = readFileSync(new URL('../assembly/abi.ts', import.meta.url), 'utf8');
const F64 = 8;
const U32 = 4;

/** Two slots of an asset's row are called like a column of assets; the kernel has one name space. */
const RENAMED: Record<string, string> = { ASSET_CURVE_FACTOR: 'ASSET_FACTOR', ASSET_CAP: 'ASSET_CAPPED' };

const constantName = (...words: string[]): string =>
  words.map((word) => word.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()).join('_');

/** `32 << 3`, `0xffffffff`, `1e300`: all that abi.ts writes. */
function evaluate(expression: string): number {
  const [number, shift] = expression.split('<<').map((part) => Number(part));
  return shift === undefined ? (number as number) : (number as number) << shift;
}

/** Constants of abi.ts: name to type and value. */
const actual = new Map(
  [...text.matchAll(/^export const (\w+): (\w+) = ([^;]+);$/gm)].map(([, name, type, expression]) => [
    name as string,
    { type, value: evaluate(expression as string) },
  ]),
);

/** Constants by group: what the two TypeScript tables say they have to be. `optional` ones need not be in abi.ts. */
type Group = { title: string; type: string; constants: [string, number][]; optional?: true };

const codes = (prefix: string, table: Record<string, number>): [string, number][] =>
  Object.entries(table).map(([name, value]) => [constantName(prefix, name), value]);
/** Slots of a row, which the kernel counts in bytes. */
const slots = (prefix: string, table: Record<string, number>, bytes: number): [string, number][] =>
  codes(prefix, table).map(([name, slot]) => [RENAMED[name] ?? name, slot * bytes]);

const groups: Group[] = [
  { title: 'row counts', type: 'i32', constants: sections.map((section, i) => [constantName('count', section), i]) },
  {
    title: 'column pointers',
    type: 'i32',
    constants: sections.flatMap((section) =>
      Object.keys(layout[section]).map((name): [string, number] => [
        constantName(section, name),
        headerWord(section, name),
      ]),
    ),
  },
  { title: 'header', type: 'i32', constants: [['HEADER_WORDS', HEADER_WORDS]] },
  { title: 'numbers of a part that may be named', type: 'i32', constants: [['NODE_NAMED', NODE_NAMED]] },
  { title: 'no link', type: 'u32', constants: [['NONE', NONE]] },
  { title: 'no limit', type: 'f64', constants: [['NO_LIMIT', NO_LIMIT]] },
  {
    title: 'rows in bytes',
    type: 'usize',
    constants: [
      ['ASSET_ROW', ASSET_VALUE_WIDTH * F64],
      ['SIDE_ROW', SIDE_VALUE_WIDTH * F64],
      ['SIDE_END', SIDE_END * F64],
      ['PLAIN_ROW', PLAIN_VALUE_WIDTH * F64],
      ['PPM_ROW', PPM_WIDTH * F64],
      ['WINDOW_ROW', WINDOW_WIDTH * U32],
      ['SCRATCH_ROW', SCRATCH_WIDTH * F64],
      ['SCRATCH_ARRIVING', ARRIVING * F64],
      ['MOVE_ROW', MOVE_WIDTH * F64],
      ['NODE_ROW', NODE_WIDTH * F64],
    ],
  },
  { title: 'slots of an asset', type: 'usize', constants: slots('asset', ASSET, F64) },
  { title: 'slots of a side', type: 'usize', constants: slots('side', SIDEVALUE, F64) },
  { title: 'slots of a plain row', type: 'usize', constants: slots('plain', PLAINVALUE, F64) },
  { title: 'slots of an answer', type: 'usize', constants: slots('answer', ANSWER, F64) },
  { title: 'points of an answer', type: 'i32', constants: [['MOST_VISITS', MOST_VISITS]] },
  { title: 'shapes', type: 'i32', constants: codes('shape', SHAPE) },
  { title: 'how a root was found', type: 'i32', constants: codes('root', ROOT) },
  { title: 'slots of rates in millionths', type: 'usize', constants: slots('ppm', PPM, F64) },
  { title: 'slots of a window', type: 'usize', constants: slots('window', WINDOW, U32) },
  { title: 'width of a bucket', type: 'i64', constants: [['BUCKET_SHIFT', BUCKET_SHIFT]] },
  { title: 'flags of an asset', type: 'i32', constants: codes('assetFlag', ASSET_FLAG) },
  { title: 'flags of a side', type: 'i32', constants: codes('flag', FLAG) },
  { title: 'where the form starts in flags', type: 'i32', constants: [['FLAG_FORM_SHIFT', FLAG_FORM_SHIFT]] },
  { title: 'what flags are added to', type: 'f64', constants: [['FLAG_BASE', FLAG_BASE]] },
  { title: 'features', type: 'u32', constants: codes('feature', FEATURE) },
  { title: 'written bits', type: 'u32', constants: codes('written', WRITTEN) },
  { title: 'bit of doubt', type: 'u32', constants: [['INEXACT', INEXACT]] },
  { title: 'columns of scratch of risk arrays', type: 'u32', constants: codes('work', WORK) },
  { title: 'slots of a move', type: 'usize', constants: slots('moveTerm', MOVETERM, F64) },
  { title: 'slots of a part', type: 'usize', constants: slots('nodeTerm', NODETERM, F64) },
  { title: 'operations on an expiry', type: 'u32', constants: codes('operation', OPERATION) },
  { title: 'moves of volatility', type: 'u32', constants: codes('move', MOVE) },
  { title: 'parts of a requirement', type: 'u32', constants: codes('node', NODE) },
  { title: 'reducers of a scan', type: 'u32', constants: codes('reduce', REDUCE) },
  { title: 'what a part counts', type: 'u32', constants: codes('instrument', INSTRUMENT) },
  { title: 'at what it counts', type: 'u32', constants: codes('at', AT) },
  { title: 'what a row of a ray follows', type: 'u32', constants: codes('follow', FOLLOW) },
  { title: 'scratch columns of an option', type: 'u32', constants: codes('quote', QUOTE) },
  { title: 'slots of a measure', type: 'usize', constants: slots('measure', MEASURE, F64) },
  { title: 'shortfalls', type: 'u32', constants: codes('shortfall', SHORTFALL) },
  { title: 'whose tails', type: 'u32', constants: codes('by', BY) },
  { title: 'what is taken apart', type: 'u32', constants: codes('component', COMPONENT) },
  { title: 'scenarios at once', type: 'u32', constants: [['SCENARIO_BLOCK', SCENARIO_BLOCK]] },
  { title: 'slots of the watch', type: 'usize', constants: slots('watch', WATCH, F64) },
  {
    title: 'coordinates',
    type: 'u32',
    constants: [
      ...codes('coordinate', COORDINATE),
      ...codes('assetCoordinate', ASSET_COORDINATE),
      ['COORDINATES', COORDINATES],
      ['WATCH_PAGE', WATCH_PAGE],
    ],
  },
  { title: 'state of a watched unit', type: 'u32', constants: codes('state', STATE) },
  { title: 'ends of a call of the watch', type: 'i32', constants: codes('watched', WATCHED) },
  { title: 'kinds', type: 'u32', constants: codes('kind', KIND), optional: true },
  { title: 'rounding rules', type: 'u32', constants: codes('rounding', ROUNDING), optional: true },
  { title: 'profit modes', type: 'u32', constants: codes('pnl', PNL), optional: true },
  { title: 'curves', type: 'i32', constants: codes('curve', CURVE), optional: true },
  { title: 'bases', type: 'u32', constants: codes('basis', BASIS), optional: true },
  { title: 'units', type: 'u32', constants: codes('unit', UNIT), optional: true },
];

describe('assembly/abi.ts', () => {
  it('is read to the last constant', () => {
    expect(actual.size).toBe(text.match(/^export /gm)?.length);
    expect([...actual].filter(([, { value }]) => !Number.isFinite(value))).toEqual([]);
  });

  it.each(groups)('$title', ({ type, constants, optional }) => {
    const wanted = constants.filter(([name]) => !optional || actual.has(name));
    expect(wanted.length).toBeGreaterThan(0);
    expect(Object.fromEntries(wanted.map(([name]) => [name, actual.get(name)]))).toEqual(
      Object.fromEntries(wanted.map(([name, value]) => [name, { type, value }])),
    );
  });

  it('has no constant that TypeScript does not know, and no name means two things', () => {
    const known = groups.flatMap((group) => group.constants.map(([name]) => name));
    expect([...actual.keys()].filter((name) => !known.includes(name))).toEqual([]);
    expect(known.filter((name, i) => known.indexOf(name) !== i)).toEqual([]);
  });

  it('names every header word once, in order', () => {
    const words = groups.slice(0, 2).flatMap((group) => group.constants.map(([name]) => actual.get(name)?.value));
    expect(words).toEqual(Array.from({ length: HEADER_WORDS }, (_, i) => i));
    expect(pointerWord('house', 'rule')).toBe(HEADER_COUNTS);
  });
});

describe('slots of the derived rows', () => {
  const single = 'numerator|exponent|debtBase|flags|funding|pnlCurve|curveBase|curveExponent|curveUnit|curveKind'
    .concat('|lineStart|lineCount|orderUnit|orderMargin|openInterest|value')
    .split('|');
  const rows = [
    { row: 'an asset', table: ASSET, width: ASSET_VALUE_WIDTH, at: (slot: number, lane: number) => slot + lane },
    { row: 'a side', table: SIDEVALUE, width: SIDE_VALUE_WIDTH, at: sideSlot },
  ];
  it.each(rows)('of $row are four lanes or one number, apart and inside the row', ({ table, width, at }) => {
    const taken = Object.entries(table).flatMap(([name, slot]) =>
      single.includes(name) ? [slot] : [0, 1, 2, 3].map((lane) => at(slot, lane)),
    );
    expect(new Set(taken).size).toBe(taken.length);
    expect(Math.max(...taken)).toBeLessThan(width);
    // The kernel loads lanes as pairs of doubles.
    const lanes = Object.entries(table).filter(([name]) => !single.includes(name));
    expect(lanes.filter(([, slot]) => slot % 2 !== 0)).toEqual([]);
  });

  it('of a plain row, a window and millionths fit, a pair of rates on a pair of lanes', () => {
    expect(Math.max(...Object.values(PLAINVALUE))).toBeLessThan(PLAIN_VALUE_WIDTH);
    expect(Math.max(...Object.values(WINDOW))).toBeLessThan(WINDOW_WIDTH);
    expect(Math.max(...Object.values(PPM))).toBeLessThan(layout.market.ppm.width);
    expect(PLAINVALUE.rate % 2).toBe(0);
    expect(PLAINVALUE.notional).toBeGreaterThan(PLAINVALUE.rate + 1);
    expect(ARRIVING).toBeLessThan(SCRATCH_WIDTH);
  });

  it('of a move, a part and the scratch of risk arrays fit', () => {
    expect(Math.max(...Object.values(MOVETERM))).toBeLessThan(MOVE_WIDTH);
    expect(Math.max(...Object.values(NODETERM))).toBeLessThan(NODE_WIDTH);
    expect(new Set(Object.values(WORK)).size).toBe(WORK_WIDTH);
    expect(Math.max(...Object.values(WORK))).toBe(WORK_WIDTH - 1);
    expect(WORK.logRest).toBe(WORK.log + 1);
    expect(Math.max(...Object.values(QUOTE))).toBe(QUOTE_WIDTH - 1);
    expect(QUOTE.logRest).toBe(QUOTE.log + 1);
    expect(Math.max(...Object.values(MEASURE))).toBeLessThan(MEASURE_WIDTH);
    expect(Math.max(...Object.values(WATCH))).toBeLessThan(WATCH_WIDTH);
  });

  it('flags are different bits', () => {
    const bits = Object.values(FLAG);
    expect(bits.reduce((sum, bit) => sum + bit, 0)).toBe(bits.reduce((all, bit) => all | bit, 0));
    expect(ASSET_FLAG.curve & (ASSET_FLAG.plain | ASSET_FLAG.rateFloor)).toBe(0);
    expect(ASSET_FLAG.curve).toBeGreaterThanOrEqual(Math.max(...Object.values(CURVE)));
    expect(INEXACT).toBeGreaterThanOrEqual(STATUS.length);
  });
});
