// Markets: JSON to checked columns and back. Rates come as bracket tables; one rate is a table of one line.
import { MarginError } from '../errors.js';
import { BASIS, CURVE, KIND, NO_LIMIT, NONE, PNL, ROUNDING, UNIT } from '../layout.js';
import type { Columns, Store } from '../memory.js';
import {
  checkBound,
  checkExponent,
  DRIFT_BASE,
  guardJSON,
  ORDERLY_EXPONENT,
  type Row,
  readGuard,
  writeRow,
} from './asset.js';
import {
  AT_LEAST_0,
  Fields,
  FRACTION,
  LEVERAGE,
  levelsJSON,
  limitOf,
  MULTIPLIER,
  POSITIVE,
  type Range,
  wordOf,
} from './fields.js';
import { deriveLines, deriveWindow } from './tables.js';
import type { Bracket, MarketJSON } from './types.js';

const KEYS = [
  'id',
  'kind',
  'underlying',
  'beta',
  'base',
  'quote',
  'settle',
  'multiplier',
  'tick',
  'lot',
  'minNotional',
  'maxSize',
  'mark',
  'index',
  'twap',
  'stable',
  'guard',
  'confidence',
  'confidenceThreshold',
  'confidenceFactor',
  'brackets',
  'shortBrackets',
  'tables',
  'curve',
  'openInterest',
  'openInterestLower',
  'openInterestUpper',
  'pnlWeight',
  'pnlCap',
  'pnlCurve',
  'pnl',
  'spotOrders',
  'rounding',
  'orderLoss',
  'orderMargin',
  'closingFee',
  'takerFee',
  'makerFee',
  'liquidationFee',
  'fundingIndex',
] as const; // prettier-ignore
const BRACKET_KEYS = ['upTo', 'maintenanceRate', 'initialRate', 'maxLeverage', 'liquidationEndRate'] as const;
const RATE: Range = { min: 0, max: 1000 };
const FORM = { marginal: 0, whole: 1 } as const;
/** Keys that a market of kind spot has no use for. */
const NOT_SPOT = [
  'brackets',
  'shortBrackets',
  'tables',
  'curve',
  'pnl',
  'settle',
  'fundingIndex',
  'openInterest',
] as const;

type Lines = { upTo: number; rate: [number, number, number] }[];

export interface MarketRow {
  id: string;
  underlying: string;
  row: Row;
  lines: Lines;
  /** Empty where shorts use the same table. */
  shortLines: Lines;
}

function readBrackets(fields: Fields, key: string): Lines {
  const lines = fields.list(key).map((bracket, i) => {
    const f = new Fields(bracket, `${fields.at(key)}[${i}]`, BRACKET_KEYS);
    if (f.has('initialRate') && f.has('maxLeverage')) {
      throw new MarginError('conflict', { path: f.path, expected: 'either initialRate or maxLeverage' });
    }
    const maintenance = f.number('maintenanceRate', RATE);
    const initial = f.has('maxLeverage')
      ? 1 / f.number('maxLeverage', LEVERAGE)
      : f.number('initialRate', RATE, maintenance);
    const end = f.number('liquidationEndRate', RATE, maintenance);
    return { upTo: f.limit('upTo', POSITIVE), rate: [initial, maintenance, end] as [number, number, number] };
  });
  lines.forEach((line, i) => {
    const before = lines[i - 1];
    if (!before) return;
    const path = `${fields.at(key)}[${i}]`;
    checkBound(fields.at(key), i, before.upTo, line.upTo);
    const leverage = (fields.list(key)[i] as Partial<Bracket>).maxLeverage;
    for (const [name, k] of [
      ['maintenanceRate', 1],
      ['initialRate', 0],
      ['liquidationEndRate', 2],
    ] as const) {
      // prettier-ignore
      if (line.rate[k] >= before.rate[k]) continue;
      // In the words of the book: who writes the leverage has not written the rate.
      const inverse = k === 0 && (leverage ?? null) !== null;
      throw new MarginError('not-concave', {
        path: `${path}.${inverse ? 'maxLeverage' : name}`,
        got: inverse ? leverage : line.rate[k],
        expected: inverse
          ? `at most ${1 / before.rate[k]}: leverage must not rise with size`
          : `at least ${before.rate[k]}: rates must not fall with size`,
      });
    }
  });
  return lines;
}

/** Packs a word per level into `width` bits each. */
function packLevels(
  fields: Fields,
  key: string,
  words: Record<string, number>,
  fallback: number[],
  width: number,
): number {
  const levels = fields.has(key) ? fields.levels(key, (value, path) => wordOf(value, path, words), 0) : fallback;
  return levels.reduce((bits, value, k) => bits | (value << (width * k)), 0);
}

function readTables(fields: Fields, kind: number, net: boolean): Row {
  const f = new Fields(fields.raw('tables') ?? {}, fields.at('tables'), ['form', 'basis', 'unit']);
  const form = packLevels(f, 'form', FORM, [1, 0, 0], 1);
  const basis = packLevels(f, 'basis', BASIS, [0, 0, 0], 2);
  const unit = packLevels(f, 'unit', UNIT, [0, 0, 0], 2);
  for (let k = 0; k < 3; k++) {
    const entry = ((basis >>> (2 * k)) & 3) === BASIS.entry;
    const inQuote = ((unit >>> (2 * k)) & 3) === UNIT.quote;
    if (entry && inQuote && kind === KIND.inverse) {
      throw new MarginError('conflict', {
        path: f.at('unit'),
        got: 'quote',
        expected: 'settle or numeraire for a table by entry notional of an inverse market',
      });
    }
    if (net && (((basis >>> (2 * k)) & 3) === BASIS.contracts || ((unit >>> (2 * k)) & 3) !== UNIT.settle)) {
      throw new MarginError('conflict', {
        path: fields.at('tables'),
        expected: 'notional or entry in settle units where the requirement is netted (pnl: net)',
      });
    }
    if (inQuote && kind === KIND.quanto) {
      throw new MarginError('conflict', {
        path: f.at('unit'),
        got: 'quote',
        expected: 'settle or numeraire: a quanto contract has no size in its quote asset',
      });
    }
  }
  return { form, basis, unit };
}

function readCurve(fields: Fields): Row {
  if (!fields.has('curve')) return { curveKind: 0, curveOf: 0, curveBase: 0, curveExponent: 1, curveFactor: [0, 0, 0] };
  const f = new Fields(fields.raw('curve'), fields.at('curve'), ['kind', 'factor', 'of', 'base', 'exponent']);
  const kind = f.word('kind', { sqrt: CURVE.sqrt, power: CURVE.power });
  const sqrt = kind === CURVE.sqrt;
  if (!f.has('factor')) throw new MarginError('missing-key', { path: f.at('factor'), expected: 'a number >= 0' });
  checkExponent(f, kind);
  return {
    curveKind: kind,
    curveOf: f.word('of', { size: 0, notional: 1 }, sqrt ? 'size' : 'notional'),
    curveBase: f.number('base', FRACTION, sqrt ? DRIFT_BASE : 0),
    curveExponent: f.number('exponent', { above: 0, max: 1 }, sqrt ? 0.5 : ORDERLY_EXPONENT),
    curveFactor: f.numbers('factor', { min: 0, max: 1e6 }, 0),
  };
}

function readOpenInterest(fields: Fields): Row {
  const lower = fields.limit('openInterestLower');
  const upper = fields.limit('openInterestUpper', POSITIVE);
  if (upper < NO_LIMIT && lower >= upper) {
    throw new MarginError('range', {
      path: fields.at('openInterestLower'),
      got: fields.raw('openInterestLower'),
      expected: `less than openInterestUpper (${upper})`,
    });
  }
  return {
    openInterest: fields.number('openInterest', AT_LEAST_0, 0),
    openInterestLower: lower,
    openInterestUpper: upper,
  };
}

/** Millionths of a rate, and whether it has no more digits than that. */
const wholePpm = (rate: number): boolean => Math.abs(rate * 1e6 - Math.round(rate * 1e6)) < 1e-6;

function readRounding(fields: Fields, kind: number, lines: Lines, oneLine: boolean): Row {
  if (!fields.has('rounding')) return { rounding: 0, maintenanceFraction: 0 };
  const f = new Fields(fields.raw('rounding'), fields.at('rounding'), [
    'notional',
    'requirement',
    'maintenanceFraction',
  ]);
  const rounding = f.word('notional', ROUNDING, 'exact') | (f.word('requirement', ROUNDING, 'exact') << 2);
  const fraction = f.number('maintenanceFraction', FRACTION, 0);
  if (rounding === 0 && fraction !== 0) {
    throw new MarginError('conflict', {
      path: f.at('maintenanceFraction'),
      got: fraction,
      expected: 'none where nothing is rounded',
    });
  }
  const plain = !['curve', 'tables', 'pnl', 'twap', 'stable', 'confidenceThreshold'].some((key) => fields.has(key));
  if (kind !== KIND.linear || !oneLine || !plain) {
    throw new MarginError('conflict', {
      path: fields.at('rounding'),
      expected: 'a linear market with one bracket, without curve, guards, tables and pnl rules',
    });
  }
  const [, maintenance, end] = lines[0]?.rate ?? [];
  if (end !== maintenance) {
    throw new MarginError('conflict', {
      path: fields.at('brackets[0].liquidationEndRate'),
      got: end,
      expected: 'the maintenance rate, at which a liquidation ends where numbers are rounded',
    });
  }
  const rates = [...(lines[0]?.rate ?? []), fraction];
  const broken = rates.find((rate) => !wholePpm(rate));
  if (broken !== undefined) {
    throw new MarginError('inexact', {
      path: fields.at('brackets'),
      got: broken,
      expected: 'rates of whole millionths where numbers are rounded',
    });
  }
  for (const key of ['openInterestLower', 'openInterestUpper'] as const) {
    const limit = fields.limit(key);
    if (limit < NO_LIMIT && !Number.isSafeInteger(limit)) {
      throw new MarginError('inexact', {
        path: fields.at(key),
        got: fields.raw(key),
        expected: 'whole units below 2^53 where numbers are rounded',
      });
    }
  }
  return { rounding, maintenanceFraction: fraction };
}

/** @param assetOf - row of an asset id, or an error that names the path */
export function readMarket(json: unknown, path: string, assetOf: (id: string, path: string) => number): MarketRow {
  const f = new Fields(json, path, KEYS);
  const id = f.string('id');
  const kind = f.word('kind', KIND);
  const asset = (key: string): number => (f.has(key) ? assetOf(f.string(key), f.at(key)) : NONE);
  const needed = (key: string): number => assetOf(f.string(key), f.at(key));
  const spot = kind === KIND.spot;
  if (spot) {
    const useless = NOT_SPOT.find((key) => f.has(key));
    if (useless)
      throw new MarginError('conflict', {
        path: f.at(useless),
        expected: 'nothing: a spot market has balances, no positions',
      });
  }
  const base = spot ? needed('base') : asset('base');
  const settle = spot ? base : needed('settle');
  if (spot && f.has('base') && f.raw('base') === f.raw('quote')) {
    throw new MarginError('conflict', {
      path: f.at('quote'),
      got: f.raw('quote'),
      expected: 'another asset than base',
    });
  }
  const quote = spot
    ? needed('quote')
    : f.has('quote')
      ? asset('quote')
      : kind === KIND.inverse || kind === KIND.quanto
        ? NONE
        : settle;
  const priceRange: Range = kind === KIND.prediction ? { above: 0, below: 1 } : POSITIVE;
  const mark = f.number('mark', priceRange);
  const lines = readBrackets(f, 'brackets');
  const shortLines = readBrackets(f, 'shortBrackets');
  if (!spot && lines.length === 0) {
    throw new MarginError('missing-key', {
      path: f.at('brackets'),
      expected: 'at least one bracket, e.g. [{ "upTo": null, "maintenanceRate": 0.05, "initialRate": 0.1 }]',
    });
  }
  const pnlMode = f.word('pnl', PNL, 'pooled');
  const orderLoss = f.boolean('orderLoss', false);
  if (orderLoss && kind === KIND.inverse) {
    throw new MarginError('conflict', {
      path: f.at('orderLoss'),
      got: true,
      expected: 'false: an inverse fill is not linear in its price',
    });
  }
  const limit = limitOf(AT_LEAST_0);
  const row: Row = {
    kind,
    beta: f.number('beta', {}, 1),
    base,
    quote,
    settle,
    multiplier: f.number('multiplier', MULTIPLIER, 1),
    tick: f.number('tick', AT_LEAST_0, 0),
    lot: f.number('lot', AT_LEAST_0, 0),
    minNotional: f.number('minNotional', AT_LEAST_0, 0),
    maxSize: f.limit('maxSize', POSITIVE),
    mark,
    index: f.number('index', priceRange, mark),
    ...readGuard(f, mark, priceRange),
    ...readTables(f, kind, pnlMode === PNL.net),
    ...readCurve(f),
    ...readOpenInterest(f),
    pnlWeight: f.numbers('pnlWeight', FRACTION, 1),
    pnlCap: f.has('pnlCap') ? f.levels('pnlCap', limit, NO_LIMIT) : [NO_LIMIT, NO_LIMIT, NO_LIMIT],
    pnlCurve: f.number('pnlCurve', { min: 0, max: 1e6 }, 0),
    pnlMode,
    spotOrders: f.word('spotOrders', { fill: 0, reserve: 1 }, 'fill'),
    ...readRounding(f, kind, lines, lines.length + shortLines.length === 1),
    orderLoss: orderLoss ? 1 : 0,
    orderMargin: f.number('orderMargin', AT_LEAST_0, 0),
    closingFee: f.numbers('closingFee', RATE, 0),
    takerFee: f.number('takerFee', { min: -1, max: 1 }, 0),
    makerFee: f.number('makerFee', { min: -1, max: 1 }, 0),
    liquidationFee: f.number('liquidationFee', FRACTION, 0),
    fundingIndex: f.number('fundingIndex', {}, 0),
  };
  const underlying = f.string('underlying', f.has('base') ? f.string('base') : id);
  return { id, underlying, row, lines, shortLines };
}

function writeLines(store: Store, lines: Lines, form: number): number {
  const start = store.append('line', lines.length);
  const { upTo, rate } = store.columns.line;
  lines.forEach((line, i) => {
    upTo[start + i] = line.upTo;
    rate.set(line.rate, (start + i) * 3);
  });
  deriveLines(store.columns, start, lines.length, form);
  return start;
}

/** Writes a market to row `index`, its tables behind the last. Room must have been ensured. */
export function writeMarket(store: Store, index: number, market: MarketRow, underlying: number): void {
  const form = market.row.form as number;
  const lineStart = writeLines(store, market.lines, form);
  const short = market.shortLines.length > 0;
  const shortStart = short ? writeLines(store, market.shortLines, form) : lineStart;
  writeRow(store.columns.market, index, {
    ...market.row,
    underlying,
    lineStart,
    lineCount: market.lines.length,
    shortStart,
    shortCount: short ? market.shortLines.length : market.lines.length,
  });
  deriveWindow(store, index);
}

const nameOf = (words: Record<string, number>, value: number): string =>
  Object.keys(words).find((w) => words[w] === value) ?? '';
const orNull = (x: number): number | null => (x >= NO_LIMIT ? null : x);

function bracketsJSON(columns: Columns, start: number, count: number): Bracket[] {
  const { upTo, rate } = columns.line;
  return Array.from({ length: count }, (_, i) => {
    const [initial, maintenance, end] = [0, 1, 2].map((k) => rate[(start + i) * 3 + k] ?? 0);
    return {
      upTo: orNull(upTo[start + i] ?? 0),
      maintenanceRate: maintenance ?? 0,
      ...(initial === maintenance ? {} : { initialRate: initial ?? 0 }),
      ...(end === maintenance ? {} : { liquidationEndRate: end ?? 0 }),
    };
  });
}

const roundingJSON = (rounding: number, maintenanceFraction: number): object =>
  rounding === 0
    ? {}
    : {
        rounding: {
          notional: nameOf(ROUNDING, rounding & 3),
          requirement: nameOf(ROUNDING, rounding >>> 2),
          ...(maintenanceFraction === 0 ? {} : { maintenanceFraction }),
        },
      };

/** The market as it would be written down; reading it again gives the same columns. */
export function marketJSON(
  columns: Columns,
  m: number,
  id: string,
  assetId: (a: number) => string,
  underlying: string,
): MarketJSON {
  const c = columns.market;
  const get = (name: keyof typeof c, k = 0, width = 1): number => c[name][m * width + k] ?? 0;
  const kind = get('kind');
  const spot = kind === KIND.spot;
  const mark = get('mark');
  const named = (key: 'base' | 'quote' | 'settle'): object => (get(key) === NONE ? {} : { [key]: assetId(get(key)) });
  const some = (key: keyof typeof c, none = 0): object => (get(key) === none ? {} : { [key]: get(key) });
  const levels = (key: keyof typeof c, none: number): object =>
    [0, 1, 2].every((k) => get(key, k, 3) === none) ? {} : { [key]: levelsJSON((k) => orNull(get(key, k, 3))) };
  const packed = (key: 'form' | 'basis' | 'unit', words: Record<string, number>, width: number): object => ({
    [key]: levelsJSON((k) => nameOf(words, (get(key) >>> (width * k)) & ((1 << width) - 1))),
  });
  const json = {
    id,
    kind: nameOf(KIND, kind),
    underlying,
    ...some('beta', 1),
    ...named('base'),
    ...named('quote'),
    ...(spot ? {} : named('settle')),
    ...some('multiplier', 1),
    ...some('tick'),
    ...some('lot'),
    ...some('minNotional'),
    ...some('maxSize', NO_LIMIT),
    mark,
    ...some('index', mark),
    ...guardJSON(c, m, mark),
    ...(spot ? {} : { brackets: bracketsJSON(columns, get('lineStart'), get('lineCount')) }),
    ...(get('shortStart') === get('lineStart') || spot
      ? {}
      : { shortBrackets: bracketsJSON(columns, get('shortStart'), get('shortCount')) }),
    ...(spot || (get('form') === 1 && get('basis') === 0 && get('unit') === 0)
      ? {}
      : { tables: { ...packed('form', FORM, 1), ...packed('basis', BASIS, 2), ...packed('unit', UNIT, 2) } }),
    ...(get('curveKind') === CURVE.none
      ? {}
      : {
          curve: {
            kind: get('curveKind') === CURVE.sqrt ? 'sqrt' : 'power',
            factor: levelsJSON((k) => get('curveFactor', k, 3)),
            of: get('curveOf') === 1 ? 'notional' : 'size',
            base: get('curveBase'),
            exponent: get('curveExponent'),
          },
        }),
    ...some('openInterest'),
    ...some('openInterestLower', NO_LIMIT),
    ...some('openInterestUpper', NO_LIMIT),
    ...levels('pnlWeight', 1),
    ...levels('pnlCap', NO_LIMIT),
    ...some('pnlCurve'),
    ...(get('pnlMode') === PNL.pooled ? {} : { pnl: nameOf(PNL, get('pnlMode')) }),
    ...(get('spotOrders') === 0 ? {} : { spotOrders: 'reserve' }),
    ...roundingJSON(get('rounding'), get('maintenanceFraction')),
    ...(get('orderLoss') === 0 ? {} : { orderLoss: true }),
    ...some('orderMargin'),
    ...levels('closingFee', 0),
    ...some('takerFee'),
    ...some('makerFee'),
    ...some('liquidationFee'),
    ...some('fundingIndex'),
  };
  return json as unknown as MarketJSON;
}
