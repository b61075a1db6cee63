// Markets: JSON to checked columns and back. Rates come as bracket tables; one rate is a table of one line.
import type { ScenarioEngine } from '../engine.js';
import { MarginError } from '../errors.js';
import { KIND, NO_LIMIT, NONE, PNL } from '../layout.js';
import type { Columns, Store } from '../memory.js';
import { bracketsJSON, type Lines, RATE, readBrackets, readTables, tablesJSON, writeLines } from './brackets.js';
import { marketCurveJSON, readMarketCurve } from './curve.js';
import { AT_LEAST_0, Fields, FRACTION, levelsJSON, limitOf, MULTIPLIER, POSITIVE, type Range } from './fields.js';
import { guardJSON, readGuard } from './guard.js';
import { nameOf, orNull, type Row, writeRow } from './parameters.js';
import { readRounding, roundingJSON } from './rounding.js';
import { deriveWindow } from './tables.js';
import type { MarketJSON } from './types.js';

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
  'expiry',
  'strike',
  'volatility',
] as const;
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

export interface MarketRow {
  id: string;
  underlying: string;
  row: Row;
  lines: Lines;
  /** Empty where shorts use the same table. */
  shortLines: Lines;
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

/** Rows that a market names; each throws an error with the path where there is none. */
export interface MarketDirectory {
  asset(id: string, path: string): number;
  expiry(id: string, path: string): number;
  /** Base asset of an expiry. */
  assetOf(expiry: number): number;
  assetId(row: number): string;
  /** Doors for options, or an error that says which book has them. */
  scenarios(path: string): ScenarioEngine;
}

/** Columns of markets that are no options. */
const NO_OPTION: Row = { strike: 0, volatility: 0, valued: 0 };
const OPTION_KEYS = ['strike', 'volatility'] as const;
/** An option is margined by a model; its own table asks for nothing. */
const NO_LINES: Lines = [{ upTo: NO_LIMIT, rate: [0, 0, 0] }];

export function readMarket(json: unknown, path: string, directory: MarketDirectory): MarketRow {
  const f = new Fields(json, path, KEYS);
  const id = f.string('id');
  const kind = f.word('kind', KIND);
  const assetOf = directory.asset;
  const isOption = kind === KIND.call || kind === KIND.put;
  const alien = isOption ? undefined : OPTION_KEYS.find((key) => f.has(key));
  if (alien) throw new MarginError('conflict', { path: f.at(alien), expected: 'nothing: the market is no option' });
  const option = isOption ? directory.scenarios(f.at('kind')).doors.readOption(f) : NO_OPTION;
  const expiry = f.has('expiry') || isOption ? directory.expiry(f.string('expiry'), f.at('expiry')) : NONE;
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
  const base = isOption ? directory.assetOf(expiry) : spot ? needed('base') : asset('base');
  if (expiry !== NONE && base !== directory.assetOf(expiry)) {
    throw new MarginError('conflict', {
      path: f.at('expiry'),
      got: f.raw('expiry'),
      expected: "an expiry of the market's base asset, and no spot market",
      hint: 'Give the market the base asset of the expiry',
    });
  }
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
      : kind === KIND.inverse || kind === KIND.quanto || (isOption && settle === base)
        ? NONE
        : settle;
  const priceRange: Range = kind === KIND.prediction ? { above: 0, below: 1 } : POSITIVE;
  const mark = isOption ? f.number('mark', priceRange, 0) : f.number('mark', priceRange);
  const lines = isOption ? NO_LINES : readBrackets(f, 'brackets');
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
    ...readMarketCurve(f),
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
    ...option,
    expiry,
  };
  // The settle asset of an inverse market is its base: all of a coin's inverse markets move with the coin.
  const own = kind === KIND.inverse ? f.string('settle') : id;
  const coin = isOption ? directory.assetId(base) : f.has('base') ? f.string('base') : own;
  const underlying = f.string('underlying', coin);
  return { id, underlying, row, lines, shortLines };
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

/** The market as it would be written down; reading it again gives the same columns. */
export function marketJSON(
  columns: Columns,
  m: number,
  id: string,
  assetId: (a: number) => string,
  underlying: string,
  expiryId: (e: number) => string,
): MarketJSON {
  const c = columns.market;
  const get = (name: keyof typeof c, k = 0, width = 1): number => c[name][m * width + k] ?? 0;
  const kind = get('kind');
  const spot = kind === KIND.spot;
  const isOption = kind === KIND.call || kind === KIND.put;
  const valued = get('valued') !== 0;
  const mark = get('mark');
  const named = (key: 'base' | 'quote' | 'settle'): object => (get(key) === NONE ? {} : { [key]: assetId(get(key)) });
  const some = (key: keyof typeof c, none = 0): object => (get(key) === none ? {} : { [key]: get(key) });
  const levels = (key: keyof typeof c, none: number): object =>
    [0, 1, 2].every((k) => get(key, k, 3) === none) ? {} : { [key]: levelsJSON((k) => orNull(get(key, k, 3))) };
  const json = {
    id,
    kind: nameOf(KIND, kind),
    underlying,
    ...some('beta', 1),
    ...(isOption ? {} : named('base')),
    ...(get('expiry') === NONE ? {} : { expiry: expiryId(get('expiry')) }),
    ...(isOption ? { strike: get('strike'), volatility: get('volatility') } : {}),
    ...named('quote'),
    ...(spot ? {} : named('settle')),
    ...some('multiplier', 1),
    ...some('tick'),
    ...some('lot'),
    ...some('minNotional'),
    ...some('maxSize', NO_LIMIT),
    ...(valued ? {} : { mark }),
    ...(isOption ? {} : some('index', mark)),
    ...guardJSON(c, m, mark),
    ...(spot || isOption ? {} : { brackets: bracketsJSON(columns, get('lineStart'), get('lineCount')) }),
    ...(get('shortStart') === get('lineStart') || spot
      ? {}
      : { shortBrackets: bracketsJSON(columns, get('shortStart'), get('shortCount')) }),
    ...(spot || isOption ? {} : tablesJSON(columns, m)),
    ...marketCurveJSON(columns, m),
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
