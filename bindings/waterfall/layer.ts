// A loss layer as data: who is asked, out of which purse, up to how much, by which weight, in which order, and when. How it
// is worked is in absorb.ts.
import { MarginError } from '../errors.js';
import type { Exact } from '../liquidation/exact.js';
import type { Integer } from '../venues/integer.js';
import type { Row } from '../venues/rows.js';
import { ALLOCATIONS, type Allocation } from './allocate.js';
import { type Amount, amount, type Ratio, ratioFrom0 } from './amount.js';
import type { Condition } from './condition.js';
import { LAZY, type LazyKind } from './lazy.js';
import { purseName } from './names.js';
import { ROUNDINGS, type Rounding } from './rounding.js';
import { BALANCE, DUST } from './state.js';
import { oneOf } from './words.js';

/**
 * - `account`: each defaulter for itself
 * - `market`: those who hold something in the event's markets
 * - `universe`: those of the defaulter's universe
 * - `venue`: everybody
 */
export type Scope = 'account' | 'market' | 'universe' | 'venue';

/** Bounds of a layer. */
export interface Caps {
  /** Most that the layer gives for one defaulter, minor units. */
  perDefault?: Integer;
  /** Most that it gives in one block, minor units. */
  perBlock?: Integer;
  /** Most that it gives at once, as 1/10,000 of what its purses hold. */
  bpsOfNav?: Integer;
  /** Most that each member gives: minor units, or a multiple of what it has in a purse or measure. */
  perMember?: Integer | { of: string; times: Ratio };
}

/** Who bears a loss, out of which purse, up to how much. */
export interface Layer {
  /** Default: a stage without a kind is a layer. */
  kind?: 'layer';
  /** Its name, unique among the stages. */
  id: string;
  /** The defaulter itself, everybody else that is not the venue's own, or accounts by id. */
  who: 'defaulter' | 'survivors' | readonly string[];
  /** Default venue; `account` where the defaulter pays. */
  scope?: Scope;
  /** Purse that pays; default `balance`. */
  from?: string;
  /** Whether the purse may go below 0: a claim on the member, such as an assessment. Default false. */
  overdraft?: boolean;
  /** Most that the layer gives in all, minor units, or the name of a value of the event; default: what its purses hold. */
  capacity?: Integer | { value: string };
  /** Bounds beside what its purses hold. */
  caps?: Caps;
  /**
   * What weighs: a measure, a purse, or `equity`, `profit` (open, above 0), `openInterest` (absolute lots in the event's
   * markets); default: what each can give.
   */
  weight?: string;
  /** Default `cappedProRata`. */
  allocate?: Allocation;
  /** Default `largestRemainder`. */
  round?: Rounding;
  /**
   * Collateral that those who pay get for it: the defaulter's, in proportion to the deficit that is paid, from a purse (default
   * `collateral`) into their balance.
   */
  seize?: { asset: string; from?: string };
  /** Spread over a pool by an index of the state with the layer's id: one account pays, its members find their part later. */
  lazy?: LazyKind;
  /** Account that bears or receives units left over; default `dust`. */
  dust?: string;
  /** When the layer is asked; default: always. */
  trigger?: Condition;
  /** Where nobody can be asked: refuse before anything is posted, or go on with the next layer. Default refuse. */
  whenEmpty?: 'refuse' | 'skip';
}

/** A layer that has been read. */
export interface ReadLayer {
  kind: 'layer';
  id: string;
  who: 'defaulter' | 'survivors' | readonly string[];
  scope: Scope;
  from: string;
  overdraft: boolean;
  capacity: Amount | { value: string } | null;
  perDefault: Amount | null;
  perBlock: Amount | null;
  bpsOfNav: Amount | null;
  perMember: Amount | { of: string; times: Exact } | null;
  weight: string | undefined;
  allocate: Allocation;
  round: Rounding;
  seize: { asset: string; from: string } | undefined;
  lazy: LazyKind | undefined;
  dust: string;
  whenEmpty: 'refuse' | 'skip';
  path: string;
}

export const LAYER = [
  ...['kind', 'id', 'who', 'scope', 'from', 'overdraft', 'capacity', 'caps', 'weight', 'allocate', 'round', 'dust'],
  ...['whenEmpty', 'seize', 'lazy'],
] as const;

const SCOPES: readonly Scope[] = ['account', 'market', 'universe', 'venue'];

/** @throws MarginError type, missing-key, unknown-key, conflict, duplicate, range, inexact */
export function layerOf(row: Row): ReadLayer {
  const who = row.need('who', '"defaulter", "survivors", or a list of accounts');
  if (who !== 'defaulter' && who !== 'survivors' && !isTexts(who)) {
    throw new MarginError('type', {
      path: row.at('who'),
      got: who,
      expected: '"defaulter", "survivors", or a list of accounts',
      ...(typeof who === 'string' ? { hint: `An account is a list of one: ["${who}"]` } : {}),
    });
  }
  if (Array.isArray(who)) once(who, row);
  const own = who === 'defaulter';
  const scope = oneOf(row.has('scope') ? row.raw('scope') : own ? 'account' : 'venue', row.at('scope'), SCOPES);
  if (Array.isArray(who) && scope === 'market') {
    const expected = 'venue or universe, since the accounts are named';
    throw new MarginError('conflict', { path: row.at('scope'), got: scope, expected });
  }
  if (own !== (scope === 'account')) {
    const expected = own ? 'account, since each defaulter pays for itself' : 'market, universe or venue';
    throw new MarginError('conflict', { path: row.at('scope'), got: scope, expected });
  }
  if (own && !(row.has('from') && row.raw('from') !== BALANCE)) {
    const expected = 'another purse than balance: what is in the balance has been counted against the deficit';
    throw new MarginError('conflict', { path: row.at('from'), expected });
  }
  const word = <W extends string>(key: string, words: readonly W[], otherwise: W): W =>
    oneOf(row.has(key) ? row.raw(key) : otherwise, row.at(key), words);
  return {
    kind: 'layer',
    id: row.text('id'),
    who,
    scope,
    from: purseOf(row, 'from', BALANCE),
    overdraft: row.has('overdraft') && row.flag('overdraft'),
    capacity: capacityOf(row),
    ...capsOf(row),
    weight: row.has('weight') ? row.text('weight') : undefined,
    allocate: word('allocate', ALLOCATIONS, 'cappedProRata'),
    round: word('round', ROUNDINGS, 'largestRemainder'),
    seize: row.has('seize') ? seizeOf(row.row('seize', ['asset', 'from'])) : undefined,
    lazy: lazyOf(row, who),
    dust: row.has('dust') ? row.text('dust') : DUST,
    whenEmpty: word('whenEmpty', ['refuse', 'skip'], 'refuse'),
    path: row.path,
  };
}

const seizeOf = (row: Row): { asset: string; from: string } => {
  return { asset: row.text('asset'), from: purseOf(row, 'from', 'collateral') };
};

/** A purse that a stage names. @throws MarginError type, conflict, range */
export const purseOf = (row: Row, key: string, otherwise: string): string =>
  row.has(key) ? purseName(row.text(key), row.at(key)) : otherwise;

function lazyOf(row: Row, who: unknown): LazyKind | undefined {
  if (!row.has('lazy')) return undefined;
  if (Array.isArray(who) && who.length === 1) return oneOf(row.raw('lazy'), row.at('lazy'), LAZY);
  throw new MarginError('conflict', { path: row.at('who'), got: who, expected: 'one account, the pool' });
}

function capacityOf(row: Row): ReadLayer['capacity'] {
  if (!row.has('capacity')) return null;
  const value = row.raw('capacity');
  if (typeof value !== 'object') return amount(value as Integer, row.at('capacity'));
  return { value: row.row('capacity', ['value']).text('value') };
}

function capsOf(layer: Row): Pick<ReadLayer, 'perDefault' | 'perBlock' | 'bpsOfNav' | 'perMember'> {
  if (!layer.has('caps')) return { perDefault: null, perBlock: null, bpsOfNav: null, perMember: null };
  const row = layer.row('caps', ['perDefault', 'perBlock', 'bpsOfNav', 'perMember']);
  const cap = (key: 'perDefault' | 'perBlock' | 'bpsOfNav'): Amount | null =>
    row.has(key) ? amount(row.integer(key), row.at(key)) : null;
  const caps = { perDefault: cap('perDefault'), perBlock: cap('perBlock'), bpsOfNav: cap('bpsOfNav') };
  const value = row.raw('perMember');
  if (!row.has('perMember')) return { ...caps, perMember: null };
  if (typeof value !== 'object') return { ...caps, perMember: amount(value as Integer, row.at('perMember')) };
  const multiple = row.row('perMember', ['of', 'times']);
  const times = ratioFrom0(multiple.need('times', 'a multiple') as Ratio, multiple.at('times'));
  return { ...caps, perMember: { of: multiple.text('of'), times } };
}

function once(who: readonly string[], row: Row): void {
  const seen = new Set<string>();
  for (const [i, id] of who.entries()) {
    const path = `${row.at('who')}[${i}]`;
    if (seen.has(id)) throw new MarginError('duplicate', { path, got: id, expected: 'each account once' });
    seen.add(id);
  }
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === 'string');
