// The door of a case: one file with who holds what, who defaults and down which waterfalls, its amounts in units of their
// assets. Everything is read and refused here; run() then works in minor units.

import { isObject } from '../book/fields.js';
import { readJSON } from '../book/json.js';
import { MarginError } from '../errors.js';
import { Row, rowsOf } from '../venues/rows.js';
import type { Amount } from './amount.js';
import { inCase } from './case-errors.js';
import {
  amountIn,
  amountText,
  amountValuesOf,
  bidsIn,
  type Decimals,
  type Meaning,
  priceIn,
  priceValuesOf,
  ratioIn,
  stageIn,
} from './case-units.js';
import { draftsOf, mapped } from './case-waterfalls.js';
import { type DefaultEvent, eventOf, withBidsOf } from './event.js';
import { notCovered, type Outcome, run } from './run.js';
import { type Stage, stagesOf } from './stage.js';
import { State } from './state.js';
import { type StateJSON, stateOf } from './state-json.js';

export const CASE_FORMAT = 'margin-kernel/waterfall@1';

/** One waterfall of a case. */
export interface Waterfall {
  /** Of the preset, or as the case names it. */
  name: string;
  /** In their order. */
  stages: readonly Stage[];
  /** Where it stands in the case, for errors. */
  path: string;
}

/** A case that has been read: amounts are minor units. */
export interface Case {
  /** Before the default. */
  state: State;
  /** Who defaults, and what the state does not know. */
  event: DefaultEvent;
  /** The one of the case first, then those that it is compared with. */
  waterfalls: readonly Waterfall[];
  /** Digits after the point, by asset. */
  decimals: Decimals;
  /** Asset of each measure that is money, null of one that is a plain number. */
  measures: Map<string, string | null>;
  /** What it was read from, for errors. */
  json: unknown;
}

/** An outcome with the name of its waterfall and the digits of its assets: what tables and charts are made of. */
export interface NamedOutcome {
  /** Of the waterfall. */
  name: string;
  /** What `run` gave. */
  outcome: Outcome;
  /** Digits after the point, by asset. */
  decimals: Decimals;
  /** Asset of each measure that is money, null of one that is a plain number. */
  measures: ReadonlyMap<string, string | null>;
}

const STATE = ['time', 'block', 'markets', 'accounts'] as const;
const CASE = ['format', 'decimals', 'asset', ...STATE, 'stages', 'compare', 'event'] as const;
const EVENT = [
  ...['asset', 'defaulter', 'defaulters', 'losses', 'markets', 'values', 'depth', 'closes', 'quotes', 'previous'],
  ...['prices', 'scores', 'solvent', 'mustCover', 'bids'],
] as const;

/**
 * Reads a case: JSON text, or what it says. Amounts are decimals in units of their assets ("1000.50", 1000.5), lots are whole.
 * @param json - `format`, `decimals` (digits by asset, default 2), `accounts`, `markets`, `time`, `block` as in `StateJSON`,
 *   `stages` and `compare` (names of presets, `{ preset, rules, name }`, `{ stages, name }`, lists of stages), and `event`
 * @param presets - names of further presets to compare with
 * @returns state, event and waterfalls in minor units
 * @throws MarginError syntax, format, duplicate (a key that stands twice), unknown-key, unknown-id, inexact (more digits than
 *   the asset has), and all that `stateOf` and `run` refuse
 * @example
 * readCase({ format: 'margin-kernel/waterfall@1', accounts: [{ id: 'a', balances: { USD: '-10.50' } }],
 *   stages: [{ id: 'all', who: 'survivors', whenEmpty: 'skip' }], event: { defaulter: 'a' } }).state.amount('a', 'USD') // -1050n
 */
export function readCase(json: unknown, presets: readonly string[] = []): Case {
  const parsed = readJSON(json, 'case');
  return inCase(parsed, 'stages', () => caseOf(parsed, presets));
}

function caseOf(json: unknown, presets: readonly string[]): Case {
  const row = headOf(json);
  const decimals = decimalsOf(row);
  const { state, measures } = stateIn(row, decimals);
  const eventRow = row.row('event', EVENT);
  const asset = assetOf(row, eventRow, state);
  const drafts = draftsOf(row, presets);
  const amountValues = new Set(drafts.flatMap(({ stages }) => amountValuesOf(stages)));
  const meaning: Meaning = { asset, decimals, amountValues };
  const waterfalls = drafts.map(({ name, path, stages, converted }): Waterfall => {
    const read = converted ? converted(meaning) : stages.map((stage, i) => stageIn(meaning, stage, `${path}[${i}]`));
    stagesOf(read, path);
    read.forEach((stage, i) => {
      checkMultiple(stage, asset, measures, `${path}[${i}]`);
    });
    return { name, path, stages: read };
  });
  return { state, event: eventIn(eventRow, meaning, waterfalls), waterfalls, decimals, measures, json };
}

/**
 * Runs the waterfalls of a case, each on the state as the case has it.
 * @param given - of `readCase`
 * @returns an outcome for each, in their order
 * @throws MarginError as `run`, its path leading into the case; type where it is no case
 * @example
 * runCase(readCase({ format: 'margin-kernel/waterfall@1', event: { defaulter: 'a' }, stages: [{ id: 'fund', who: ['f'] }],
 *   accounts: [{ id: 'a', balances: { USD: -7 } }, { id: 'f', balances: { USD: 5 } }] }))[0].outcome.residual // 200n
 */
export function runCase(given: Case): NamedOutcome[] {
  if (!isCase(given))
    throw new MarginError('type', { path: 'case', got: given, expected: 'a case that readCase has read' });
  const { state, event, waterfalls, decimals, measures, json } = given;
  const known = new Set(waterfalls.flatMap(({ stages }) => stages.map(({ id }) => id)));
  for (const id of Object.keys(event.bids ?? {})) {
    if (known.has(id)) continue;
    const expected =
      known.size > 0 ? `a stage of the case: ${[...known].join(', ')}` : 'no bids: no waterfall has a stage';
    throw new MarginError('unknown-id', { path: `event.bids.${id}`, got: id, expected });
  }
  return waterfalls.map(({ name, stages, path }) => {
    // What is missing is said in units of the asset.
    const own = { ...withBidsOf(event, stages), mustCover: false };
    const outcome = inCase(json, path, () => run(state, stages, own));
    const say = (amount: Amount): string => amountText({ asset: outcome.trace.asset, decimals }, amount);
    if (event.mustCover && !outcome.feasible) throw notCovered(outcome.feasibility, path, say);
    return { name, outcome, decimals, measures };
  });
}

const isCase = (value: unknown): value is Case =>
  isObject(value) &&
  value.state instanceof State &&
  isObject(value.event) &&
  Array.isArray(value.waterfalls) &&
  value.waterfalls.every((each: unknown) => isObject(each) && Array.isArray(each.stages));

function headOf(json: unknown): Row {
  const format = isObject(json) ? json.format : undefined;
  if (isObject(json) && format !== CASE_FORMAT) {
    const isBook = typeof format === 'string' && format.startsWith('margin-kernel/book');
    throw new MarginError(format === undefined ? 'missing-key' : 'format', {
      path: 'format',
      ...(format === undefined ? {} : { got: format }),
      expected: `"${CASE_FORMAT}"`,
      ...(isBook ? { hint: 'This is a book: report, liquidations, explain and check read it' } : {}),
    });
  }
  return new Row(json, '', CASE, 'case');
}

function decimalsOf(row: Row): Decimals {
  if (!row.has('decimals')) return {};
  const digits = row.row('decimals');
  return Object.fromEntries(digits.entries().map(([asset]) => [asset, digits.decimals(asset)]));
}

/** Asset of each measure that is money, null of one that is a plain number. */
type Measures = Map<string, string | null>;

function stateIn(row: Row, decimals: Decimals): { state: State; measures: Measures } {
  const measures: Measures = new Map();
  const settles = new Map<unknown, string>();
  const markets = row.has('markets') ? rowsOf(row.raw('markets'), 'markets') : [];
  const terms = markets.map((market) => {
    const settle = market.text('settle');
    settles.set(market.raw('id'), settle);
    const lotValue = ratioIn({ asset: settle, decimals }, market.raw('lotValue') ?? 1, market.at('lotValue'));
    return { ...Object.fromEntries(market.entries()), lotValue };
  });
  const accounts = rowsOf(row.need('accounts', 'a list of accounts'), 'accounts').map((account) => {
    const change = (key: string, of: (value: unknown, name: string, path: string) => unknown) =>
      isObject(account.raw(key)) ? { [key]: mapped(account.row(key), of) } : {};
    const money = (value: unknown, asset: string, path: string): unknown =>
      value === null ? value : amountIn({ asset, decimals }, value, path);
    return {
      ...Object.fromEntries(account.entries()),
      ...change('balances', money),
      ...change('purses', (assets, _, path) => (isObject(assets) ? mapped(new Row(assets, path), money) : assets)),
      ...change('measures', (value, name, path) => measureIn(measures, decimals, value, name, path)),
      ...change('positions', (position, market, path) => {
        if (!isObject(position) || !settles.has(market) || !('cost' in position)) return position;
        const cost = amountIn({ asset: settles.get(market) as string, decimals }, position.cost, `${path}.cost`);
        return { ...position, cost };
      }),
    };
  });
  const clock = Object.fromEntries(['time', 'block'].flatMap((key) => (row.has(key) ? [[key, row.raw(key)]] : [])));
  return { state: stateOf({ ...clock, accounts, markets: terms } as unknown as StateJSON), measures };
}

/** The measure that scores and auctions set against money. */
const MARGIN = 'maintenance';

/** `{ "USD": "1000.50" }` is money, 12 a number; one measure is the same of both for everybody. */
function measureIn(measures: Measures, decimals: Decimals, value: unknown, name: string, path: string): unknown {
  const [entry, ...more] = isObject(value) ? Object.entries(value) : [];
  if (isObject(value) && (!entry || more.length > 0)) {
    throw new MarginError('type', { path, got: value, expected: 'an amount of one asset, {"USD": "1000.50"}' });
  }
  const asset = entry ? entry[0] : null;
  if (asset === null && name === MARGIN) {
    const hint = `Write it with its asset: {"USD": "1000.50"}`;
    throw new MarginError('type', { path, got: value, expected: 'money: it is compared with profits', hint });
  }
  const before = measures.get(name);
  if (before !== undefined && before !== asset) {
    const expected = before === null ? 'a plain number, as the first account has' : `an amount of ${before}`;
    const hint = before === null ? undefined : `Write it with its asset: {"${before}": "1000.50"}`;
    throw new MarginError('conflict', { path, got: value, expected, ...(hint === undefined ? {} : { hint }) });
  }
  measures.set(name, asset);
  return entry ? amountIn({ asset: entry[0], decimals }, entry[1], `${path}.${entry[0]}`) : value;
}

/** A multiple of a measure is money: the measure has to say of which asset, or a factor of 100 would go unseen. */
function checkMultiple(stage: Stage, asset: string, measures: Measures, path: string): void {
  const caps = 'caps' in stage ? (stage.caps as Record<string, unknown>) : undefined;
  const of = isObject(caps?.perMember) ? caps.perMember.of : undefined;
  const found = typeof of === 'string' ? measures.get(of) : undefined;
  if (found === undefined || found === asset) return;
  throw new MarginError('conflict', {
    path: `${path}.caps.perMember.of`,
    got: of,
    expected: `a measure that is money of ${asset}`,
    hint: `Write it with its asset: "measures": {"${of}": {"${asset}": "1000.50"}}`,
  });
}

function assetOf(row: Row, event: Row, state: State): string {
  if (row.has('asset') && event.has('asset')) {
    throw new MarginError('conflict', { path: 'event.asset', expected: 'the asset once, here or above' });
  }
  const named = event.has('asset') ? event.text('asset') : row.has('asset') ? row.text('asset') : undefined;
  return eventOf({ ...(named === undefined ? {} : { asset: named }), defaulters: [] }, state).asset;
}

function eventIn(row: Row, meaning: Meaning, waterfalls: readonly Waterfall[]): DefaultEvent {
  const read: Record<string, unknown> = { ...Object.fromEntries(row.entries()), asset: meaning.asset };
  if (isObject(read.losses)) read.losses = mapped(row.row('losses'), (loss, _, path) => amountIn(meaning, loss, path));
  if (isObject(read.values)) {
    const prices = new Map(waterfalls.flatMap(({ stages }) => priceValuesOf(stages)));
    read.values = mapped(row.row('values'), (value, name, path) => {
      if (meaning.amountValues.has(name)) return amountIn(meaning, value, path);
      const sold = prices.get(name);
      return sold === undefined ? value : priceIn(meaning, sold, value, path);
    });
  }
  if (isObject(read.prices)) {
    read.prices = mapped(row.row('prices'), (price, asset, path) => priceIn(meaning, asset, price, path));
  }
  if (isObject(read.bids)) {
    read.bids = mapped(row.row('bids'), (bids, id, path) => {
      const stages = waterfalls.flatMap(({ stages: all }) => all.filter((stage) => stage.id === id));
      return bidsIn(meaning, bids, stages, path);
    });
  }
  return read as unknown as DefaultEvent;
}
