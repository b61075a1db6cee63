// The account as it is typed: rows of texts, of positions and balances, cross and isolated alike. Reading it gives the account, or
// says field by field what is wrong and how it could be mended.
import type { AccountJSON, HoldingsJSON, MarginError, PositionJSON } from 'margin-kernel/reference/var';
import { type Mend, readNumber } from './number.ts';
import { refusalText } from './refusal.ts';
import type { Venue } from './venue.ts';

export interface PositionRow {
  market: string;
  side: 'long' | 'short';
  size: string;
  /** Empty: none, or the cost that `rest` has. */
  entry: string;
  /** 0 is cross. */
  bucket: number;
  /** Keys that the table does not show. */
  rest: Partial<PositionJSON>;
}

export interface BalanceRow {
  asset: string;
  amount: string;
  bucket: number;
}

export interface Draft {
  positions: PositionRow[];
  balances: BalanceRow[];
}

/** What is wrong with a field. */
export interface Problem {
  table: 'positions' | 'balances';
  row: number;
  field: string;
  message: string;
  mend?: Mend;
}

type Bucket = { bucket: number } & HoldingsJSON;

const unitsOf = (account: AccountJSON): Bucket[] => {
  const { balances = {}, positions = [], orders = [] } = account;
  return [{ bucket: 0, balances, positions, orders }, ...(account.buckets ?? [])];
};

/** How a number is written into a field. */
const written = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

export function draftOf(account: AccountJSON): Draft {
  const units = unitsOf(account);
  return {
    positions: units.flatMap(({ bucket, positions = [] }) =>
      positions.map(({ market, size, entry, ...rest }) => {
        const text = written(size);
        const short = text.startsWith('-') || rest.side === 'short';
        return {
          market,
          side: short ? 'short' : 'long',
          size: text.replace(/^-/, ''),
          entry: written(entry),
          bucket,
          rest,
        };
      }),
    ),
    balances: units.flatMap(({ bucket, balances = {} }) =>
      Object.entries(balances).map(([asset, amount]) => ({ asset, amount: written(amount), bucket })),
    ),
  };
}

/**
 * The account of a draft, or what keeps it from being one.
 * @param account - what the draft was made of: keys that the tables do not show are kept
 */
export function accountFrom(draft: Draft, account: AccountJSON, venue: Venue): AccountJSON | Problem[] {
  const problems: Problem[] = [];
  const units = new Map<number, Bucket>();
  for (const { bucket, balances: _b, positions: _p, ...rest } of unitsOf(account)) {
    units.set(bucket, { bucket, ...rest, balances: {}, positions: [] });
  }
  const unit = (bucket: number): Bucket => {
    const known = units.get(bucket) ?? { bucket, balances: {}, positions: [] };
    units.set(bucket, known);
    return known;
  };
  const kinds = new Map(venue.markets.map(({ id, kind }) => [id, kind]));
  const seen = new Set<string>();

  draft.positions.forEach((row, at) => {
    const wrong = (field: string, message: string, mend?: Mend): undefined => {
      problems.push({ table: 'positions', row: at, field, message, ...(mend ? { mend } : {}) });
    };
    const size = readNumber(row.size);
    const option = kinds.get(row.market) === 'call' || kinds.get(row.market) === 'put';
    if (typeof size !== 'number') wrong('size', size.message, size.mend);
    else if (size < 0) {
      wrong('size', 'A size has no sign here: the side says which way.', {
        label: `Use ${-size}`,
        text: String(-size),
      });
    }
    const bare = row.entry.trim() === '';
    const paid = row.rest.cost !== undefined;
    const entry = bare ? undefined : readNumber(row.entry);
    if (bare && !option && !paid) wrong('entry', 'At which price was it opened?');
    if (entry !== undefined && typeof entry !== 'number') wrong('entry', entry.message, entry.mend);
    if (typeof entry === 'number' && !(entry > 0)) wrong('entry', 'A price is above 0.');
    if (option && !account.model) {
      wrong('market', 'Options need portfolio margin: choose it above.');
    }
    const key = `${row.bucket} ${row.market} ${row.rest.side ?? 'net'}`;
    if (seen.has(key)) wrong('market', 'This market has a row already: one position for each market and margin.');
    seen.add(key);
    if (typeof size !== 'number' || (entry !== undefined && typeof entry !== 'number')) return;
    const { cost, ...rest } = row.rest;
    const value = row.side === 'short' ? 0 - size : size;
    const price = entry === undefined ? (cost === undefined ? {} : { cost }) : { entry };
    unit(row.bucket).positions?.push({ market: row.market, size: value, ...price, ...rest });
  });

  draft.balances.forEach((row, at) => {
    const wrong = (field: string, message: string, mend?: Mend): undefined => {
      problems.push({ table: 'balances', row: at, field, message, ...(mend ? { mend } : {}) });
    };
    const value = readNumber(row.amount);
    const { balances = {} } = unit(row.bucket);
    if (Object.hasOwn(balances, row.asset)) wrong('asset', 'This asset has a row already.');
    if (typeof value !== 'number') wrong('amount', value.message, value.mend);
    else balances[row.asset] = value;
  });
  return problems.length > 0 ? problems : assembled(account, units);
}

function assembled(account: AccountJSON, units: Map<number, Bucket>): AccountJSON {
  const [cross, ...isolated] = [...units.values()].sort((a, b) => a.bucket - b.bucket);
  const { buckets: _, ...head } = account;
  const { bucket: _0, orders = [], ...holdings } = cross as Bucket;
  const kept = isolated.filter(
    ({ balances = {}, positions = [], orders: open = [] }) =>
      Object.keys(balances).length + positions.length + open.length > 0,
  );
  return {
    ...head,
    ...holdings,
    ...(orders.length > 0 ? { orders } : {}),
    ...(kept.length > 0 ? { buckets: kept } : {}),
  };
}

/** Isolated buckets that a draft names, rising. */
export const bucketsOf = ({ positions, balances }: Draft): number[] =>
  [...new Set([...positions, ...balances].map(({ bucket }) => bucket))].filter((b) => b > 0).sort((a, b) => a - b);

const PLACE = /^accounts\[(\d+)\](?:\.buckets\[(\d+)\])?\.(positions|balances)(?:\[(\d+)\]|\.([^.[]+))?(?:\.(\w+))?/;

/**
 * Where a refusal of the book belongs: the row and field of the tables that its path means; row -1 where it is none of theirs.
 * @param account - place of the draft's account in the book
 */
export function problemOf(error: MarginError, draft: Draft, account: number): Problem {
  const message = refusalText(error, '');
  const [, at, place, table, index, asset, field] = PLACE.exec(error.path ?? '') ?? [];
  if (table === undefined || Number(at) !== account) return { table: 'positions', row: -1, field: '', message };
  const bucket = place === undefined ? 0 : bucketsOf(draft)[Number(place)];
  if (table === 'balances') {
    const row = draft.balances.findIndex((b) => b.bucket === bucket && b.asset === asset);
    return { table, row, field: 'amount', message };
  }
  const rows = draft.positions.flatMap((position, i) => (position.bucket === bucket ? [i] : []));
  const shown = field === 'entry' || field === 'size' ? field : 'market';
  return { table: 'positions', row: rows[Number(index)] ?? -1, field: shown, message };
}
