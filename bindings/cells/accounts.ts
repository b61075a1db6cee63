// Tables of accounts, balances and positions as accounts of a book's JSON.
import { ANY, LEVERAGE, POSITIVE, type Range, decimal as real, SIZE } from '../book/fields.js';
import { checkSide, MOST_COST } from '../book/holdings.js';
import type { AccountJSON, Decimal, HoldingsJSON, PositionJSON } from '../book/types.js';
import { MarginError } from '../errors.js';
import { SIDE } from '../layout.js';
import { Row } from '../venues/rows.js';
import { Gaps } from './gaps.js';
import {
  Directory,
  eachRow,
  expectAll,
  type Missing,
  SIDES,
  type TableOptions,
  type Tables,
  TERMS,
} from './holdings.js';
import type { Table } from './table.js';

/**
 * Accounts of a book's JSON: decimals as exact as they were written, buckets and sides of hedge mode included.
 * @param tables - made by `rowsTable`, `csvTable` or `arrowTable`
 * @returns accounts in the order of their table, or of their first row; gaps beside them
 * @throws MarginError type where it is no table, missing-key, unknown-key where a column is not there; in strict mode the first gap
 * @example
 * toAccounts({ balances: rowsTable([{ account: 'a', asset: 'USDT', amount: '0.1' }]) }).accounts
 * // [{ id: 'a', balances: { USDT: '0.1' }, positions: [] }]
 */
export function toAccounts(tables: Tables, options: TableOptions = {}): Missing & { accounts: AccountJSON[] } {
  expectAll(tables);
  const gaps = new Gaps(new Row(options, 'options', ['strict']).flag('strict', false));
  const { accounts: table, balances, positions } = tables;
  // Only an option may be without, and only a model margins options.
  if (!table?.has('model') && positions?.length) positions.expectEither('entry', 'cost');
  const terms = new Map<string, Partial<AccountJSON>>();
  const directory = new Directory(table, gaps, (row, id) => {
    const own: Partial<AccountJSON> = table?.says('model', row) ? { model: table.text('model', row) } : {};
    for (const key of TERMS) if (table?.says(key, row)) own[key] = table.decimal(key, row);
    terms.set(id, own);
  });
  const units: Map<number, Required<Pick<HoldingsJSON, 'balances' | 'positions'>>>[] = [];
  const seen = new Set<string>();
  const unitOf = (from: Table, row: number, id: string) => {
    const bucket = from.says('bucket', row) ? from.whole('bucket', row) : 0;
    const account = directory.number(id, () => from.at('account', row));
    const mine = units[account] ?? new Map();
    units[account] = mine;
    return { bucket, account, mine };
  };
  const once = (key: string, path: string, got: string): void => {
    if (seen.has(key)) {
      const expected = 'one row for each account, bucket and asset, or market and side';
      throw new MarginError('duplicate', { path, got, expected });
    }
    seen.add(key);
  };
  const holdings = (mine: (typeof units)[number], bucket: number) => {
    const known = mine.get(bucket);
    if (known) return known;
    const fresh = { balances: {} as Record<string, Decimal>, positions: [] as PositionJSON[] };
    mine.set(bucket, fresh);
    return fresh;
  };
  eachRow(balances, gaps, (row, id) => {
    const from = balances as Table;
    const asset = from.text('asset', row);
    const amount = from.decimal('amount', row);
    const { bucket, account, mine } = unitOf(from, row, id);
    once(`${account} ${bucket} asset ${asset}`, from.at('asset', row), asset);
    Object.defineProperty(holdings(mine, bucket).balances, asset, {
      value: amount,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  });
  eachRow(positions, gaps, (row, id) => {
    const from = positions as Table;
    const position = positionAt(from, row);
    if (terms.get(id)?.model === undefined) needEntry(position, from, row);
    const { bucket, account, mine } = unitOf(from, row, id);
    once(`${account} ${bucket} ${position.side ?? 'net'} ${position.market}`, from.at('market', row), position.market);
    holdings(mine, bucket).positions.push(position);
  });
  const accounts = directory.ids.map((id, account): AccountJSON => {
    const all = units[account] ?? new Map();
    const buckets = [...all].filter(([bucket]) => bucket !== 0).sort(([a], [b]) => a - b);
    return {
      id,
      ...terms.get(id),
      ...(all.get(0) ?? { balances: {}, positions: [] }),
      ...(buckets.length === 0 ? {} : { buckets: buckets.map(([bucket, own]) => ({ bucket, ...own })) }),
    };
  });
  return { accounts, ...gaps.result() };
}

/** As the JSON door has them, so that a figure that it would refuse is refused with its line. */
const RANGES = {
  entry: POSITIVE,
  cost: { most: MOST_COST },
  fundingIndex: ANY,
  initialRate: { min: 0, max: 1000 },
  leverage: LEVERAGE,
} satisfies { [key in keyof PositionJSON]?: Range };

function positionAt(from: Table, row: number): PositionJSON {
  const position: PositionJSON = { market: from.text('market', row), size: from.decimal('size', row, SIZE) };
  if (from.says('side', row)) position.side = from.word('side', row, SIDES);
  const path = from.at('size', row);
  checkSide(SIDE[position.side ?? 'net'], real(position.size, path), path);
  for (const key of Object.keys(RANGES) as (keyof typeof RANGES)[]) {
    if (from.says(key, row)) position[key] = from.decimal(key, row, RANGES[key]);
  }
  for (const [one, other] of [
    ['entry', 'cost'],
    ['initialRate', 'leverage'],
  ] as const) {
    if (position[one] === undefined || position[other] === undefined) continue;
    const hint = 'Leave one of the cells empty';
    throw new MarginError('conflict', { path: from.at(other, row), expected: `either ${one} or ${other}`, hint });
  }
  return position;
}

/** Refuses a position without an entry, unless it is flat. @throws MarginError missing-key */
function needEntry({ size, entry, cost }: PositionJSON, from: Table, row: number): void {
  if (entry !== undefined || cost !== undefined || real(size, from.at('size', row)) === 0) return;
  throw new MarginError('missing-key', {
    path: from.at(from.has('entry') ? 'entry' : 'cost', row),
    expected: 'the average entry price, or cost',
    hint: 'Only an option may be without, of an account with a model; cost 0 is the same',
  });
}
