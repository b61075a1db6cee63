// The one table of events: code and payload of each kind, fields in the order in which they are written. Reading, writing and the
// table of docs/engine.md follow it. Codes are never given to another kind, fields never change places: journals live long.
import type { EventKind, Events } from './event.js';

/**
 * asset, market, account, expiry: a row (u32). number: f64. count: u32 (0 where it is left out). side, positionSide: a word (u8). actions: bits (u16).
 * hash: 16 hexadecimal digits (8 bytes). marks: a row (u32) and a number (f64) each, and json: text, both up to the end of the payload. `?`: may be left out; a bit of the head says whether it is there.
 */
export type FieldType =
  | 'asset'
  | 'market'
  | 'account'
  | 'expiry'
  | 'asset?'
  | 'market?'
  | 'number'
  | 'number?'
  | 'count'
  | 'count?'
  | 'side'
  | 'positionSide'
  | 'actions'
  | 'hash'
  | 'marks'
  | 'json';

export interface Kind {
  readonly code: number;
  readonly fields: Readonly<Record<string, FieldType>>;
}

const ORDER = {
  account: 'account',
  market: 'market',
  bucket: 'count',
  positionSide: 'positionSide',
  side: 'side',
  size: 'number?',
  price: 'number?',
  notional: 'number?',
  worst: 'number?',
  count: 'count?',
} as const;

const JSON_ONLY = { json: 'json' } as const;

export const KINDS: {
  readonly [K in EventKind]: { code: number; fields: Readonly<Record<keyof Events[K], FieldType>> };
} = {
  mark: {
    code: 1,
    fields: {
      market: 'market',
      allow: 'actions',
      mark: 'number',
      index: 'number?',
      twap: 'number?',
      stable: 'number?',
    },
  },
  price: {
    code: 2,
    fields: { asset: 'asset', allow: 'actions', price: 'number', twap: 'number?', stable: 'number?' },
  },
  fill: {
    code: 3,
    fields: {
      account: 'account',
      market: 'market',
      bucket: 'count',
      positionSide: 'positionSide',
      size: 'number',
      price: 'number',
      fee: 'number?',
    },
  },
  deposit: { code: 4, fields: { account: 'account', asset: 'asset', bucket: 'count', amount: 'number' } },
  transfer: {
    code: 5,
    fields: { account: 'account', to: 'account', asset: 'asset', bucket: 'count', toBucket: 'count', amount: 'number' },
  },
  placeOrder: { code: 6, fields: ORDER },
  cancelOrder: { code: 7, fields: { ...ORDER, remaining: 'number?' } },
  funding: { code: 8, fields: { market: 'market', index: 'number' } },
  interest: { code: 9, fields: { asset: 'asset', depositIndex: 'number?', borrowIndex: 'number?' } },
  totals: { code: 10, fields: { asset: 'asset', deposits: 'number?', borrows: 'number?' } },
  openInterest: { code: 11, fields: { market: 'market', contracts: 'number' } },
  confidence: { code: 12, fields: { market: 'market?', asset: 'asset?', confidence: 'number' } },
  volatility: { code: 13, fields: { market: 'market', volatility: 'number' } },
  unquote: { code: 14, fields: { market: 'market' } },
  changeExpiry: { code: 15, fields: { expiry: 'expiry', json: 'json' } },
  leverage: {
    code: 16,
    fields: { account: 'account', market: 'market', bucket: 'count', positionSide: 'positionSide', leverage: 'number' },
  },
  terms: {
    code: 17,
    fields: {
      account: 'account',
      marginMultiplier: 'number?',
      liquidationBuffer: 'number?',
      initialRateFloor: 'number?',
    },
  },
  settle: { code: 18, fields: { market: 'market', price: 'number' } },
  expire: { code: 19, fields: { expiry: 'expiry', price: 'number' } },
  delist: { code: 20, fields: { market: 'market' } },
  checkpoint: { code: 21, fields: { hash: 'hash' } },
  marks: { code: 22, fields: { allow: 'actions', marks: 'marks' } },
  addAsset: { code: 32, fields: JSON_ONLY },
  addExpiry: { code: 33, fields: JSON_ONLY },
  addModel: { code: 34, fields: JSON_ONLY },
  addMarket: { code: 35, fields: JSON_ONLY },
  addAccount: { code: 36, fields: JSON_ONLY },
  replaceAsset: { code: 37, fields: JSON_ONLY },
  replaceModel: { code: 38, fields: JSON_ONLY },
  replaceMarket: { code: 39, fields: JSON_ONLY },
};

export const kindNames = /* @__PURE__ */ Object.keys(KINDS) as EventKind[];

const BY_CODE: readonly (EventKind | undefined)[] = /* @__PURE__ */ byCode();

function byCode(): (EventKind | undefined)[] {
  const names: (EventKind | undefined)[] = [];
  for (const name of kindNames) names[KINDS[name].code] = name;
  return names;
}

/** Kind of a code, or undefined where no kind has it. */
export const kindOf = (code: number): EventKind | undefined => BY_CODE[code];

/** What is asked for every event, made once. */
const OF_KIND = /* @__PURE__ */ new Map(
  kindNames.map((kind) => {
    const fields = Object.entries(KINDS[kind].fields as Record<string, FieldType>);
    return [kind, { fields, keys: ['kind', 'sequence', ...fields.map(([key]) => key)] }];
  }),
);

/** Fields of a kind in the order in which they are written. */
export const fieldsOf = (kind: EventKind): readonly (readonly [string, FieldType])[] => OF_KIND.get(kind)?.fields ?? [];

/** Keys that an event of a kind may have; undefined where there is no such kind. */
export const keysOf = (kind: unknown): readonly string[] | undefined => OF_KIND.get(kind as EventKind)?.keys;
