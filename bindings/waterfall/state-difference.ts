// Where two states differ, in words: the first difference of each kind. Columns are compared as they are, since texts of a million
// accounts would take longer than the run.
import type { AmountColumn } from './amount-column.js';
import { Holdings } from './holdings.js';
import { same } from './same.js';
import type { State } from './state.js';
import { stateHead } from './state-json.js';

/**
 * @param said - a state
 * @param found - another
 * @returns what of the first is not as in the second; empty where all is
 */
export function differencesOf(said: State, found: State): string[] {
  const [a, b] = [said.columns.ids.names, found.columns.ids.names];
  if (a.length !== b.length || a.some((id, row) => id !== b[row])) return ['has other accounts'];
  return [...headOf(said, found), ...purses(said, found), ...measures(said, found), ...positions(said, found)].concat(
    standings(said, found),
  );
}

function headOf(said: State, found: State): string[] {
  const [a, b] = [stateHead(said), stateHead(found)];
  const keys = ['time', 'block', 'markets', 'indices', 'spent', 'settled'] as const;
  return keys.filter((key) => !same(a[key], b[key])).map((key) => `has other ${key}`);
}

/** First row in which two columns differ; a column that is not there is one of zeros. */
function firstRow(a: AmountColumn | undefined, b: AmountColumn | undefined, rows: number): number {
  if (a === b) return -1;
  for (let row = 0; row < rows; row++) if ((a?.at(row) ?? 0n) !== (b?.at(row) ?? 0n)) return row;
  return -1;
}

const keysOf = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): Set<string> =>
  new Set([...a.keys(), ...b.keys()]);

function purses(said: State, found: State): string[] {
  const [a, b] = [said.columns.purses, found.columns.purses];
  return [...keysOf(a, b)].flatMap((key) => {
    const [mine, theirs] = [a.get(key), b.get(key)];
    const row = firstRow(mine?.amounts, theirs?.amounts, found.accounts);
    if (row < 0) return [];
    const { purse = '', asset = '' } = theirs ?? mine ?? {};
    const [has, not] = [said.amountAt(row, purse, asset), found.amountAt(row, purse, asset)];
    return [`has ${has} ${asset} of ${found.id(row)}/${purse}, not ${not}`];
  });
}

function measures(said: State, found: State): string[] {
  const [a, b] = [said.columns.measures, found.columns.measures];
  return [...keysOf(a, b)].flatMap((name) => {
    const row = firstRow(a.get(name), b.get(name), found.accounts);
    return row < 0 ? [] : [`has another measure ${name} of ${found.id(row)}`];
  });
}

function positions(said: State, found: State): string[] {
  const [a, b] = [said.columns.holdings, found.columns.holdings];
  return [...keysOf(a, b)].flatMap((market) => {
    const [mine, theirs] = [a.get(market) ?? Holdings.none(), b.get(market) ?? Holdings.none()];
    if (mine === theirs) return [];
    const differs = (row: number): boolean => !same(said.positionAt(row, market), found.positionAt(row, market));
    const row = theirs.accounts.find(differs) ?? mine.accounts.find(differs);
    return row === undefined ? [] : [`has another position of ${found.id(row)} in ${market}`];
  });
}

/** Groups, ranks, universes and whether an account is the venue's own. */
function standings({ columns: a }: State, { columns: b, accounts }: State): string[] {
  const keys = ['groups', 'ranks', 'universes', 'house'] as const;
  return keys.flatMap((key) => {
    const [mine, theirs] = [a[key], b[key]];
    if (mine === theirs) return [];
    for (let row = 0; row < accounts; row++) {
      if (mine[row] !== theirs[row])
        return [`has another ${key === 'house' ? 'house' : key.slice(0, -1)} of ${b.ids.name(row)}`];
    }
    return [];
  });
}
