// Who is asked by a layer and what each can give: accounts with room in the layer's purse and a weight, as columns of the
// state say it at this moment.
import { MarginError } from '../errors.js';
import { magnitude, smaller } from '../venues/integer.js';
import { type Amount, above0, floorOf } from './amount.js';
import { Asked, type AskedNames } from './asked.js';
import type { ReadLayer } from './layer.js';
import type { Running } from './running.js';
import { BALANCE, purseKey } from './state.js';

/** Amounts by row. */
type Column = (row: number) => Amount;

/**
 * What accounts weigh by.
 * @param otherwise - for everybody, where the state has no such column and the layer may find nobody
 * @throws MarginError unknown-id
 */
export function columnOf(run: Running, name: string, path: string, otherwise?: Amount): Column {
  const { measures, purses } = run.draft.columns;
  const measure = measures.get(name);
  if (measure) return (row) => measure.at(row);
  const purse = purses.get(purseKey(name, run.asset));
  if (purse) return (row) => above0(purse.amounts.at(row));
  const computed = Object.hasOwn(COMPUTED, name) ? COMPUTED[name] : undefined;
  if (computed) return computed(run);
  if (otherwise !== undefined) return () => otherwise;
  const known = [...measures.keys(), ...[...purses.values()].map((column) => column.purse), ...Object.keys(COMPUTED)];
  throw new MarginError('unknown-id', {
    path,
    got: name,
    expected: `a measure or purse: ${[...new Set(known)].join(', ')}`,
  });
}

/** Columns made from positions, in one pass over the holders of each market. */
const COMPUTED: Readonly<Record<string, (run: Running) => Column>> = {
  equity: (run) => {
    const profit = profits(run);
    return (row) => above0(run.draft.amountAt(row, 'balance', run.asset) + (profit[row] as Amount));
  },
  profit: (run) => {
    const profit = profits(run);
    return (row) => above0(profit[row] as Amount);
  },
  openInterest: (run) => {
    const lots = byAccount(run, (market, at) =>
      magnitude(run.draft.columns.holdings.get(market)?.lots.at(at) as Amount),
    );
    return (row) => lots[row] as Amount;
  },
};

const profits = (run: Running): Amount[] =>
  byAccount(run, (market, _, row) => run.draft.profitAt(row, run.draft.market(market)));

/** Sum over the event's markets, by row. */
function byAccount(run: Running, of: (market: string, at: number, row: number) => Amount): Amount[] {
  const sums = new Array<Amount>(run.draft.accounts).fill(0n);
  for (const market of run.event.markets) {
    run.draft.columns.holdings.get(market)?.accounts.forEach((row, at) => {
      sums[row] = (sums[row] as Amount) + of(market, at, row);
    });
  }
  return sums;
}

/** Rows that a layer may ask, in the order of the state or as they are listed. @param universe - of them alone */
export function rowsAsked(run: Running, layer: ReadLayer, universe: string | undefined): Iterable<number> {
  const { draft } = run;
  if (layer.who !== 'survivors' && layer.who !== 'defaulter') {
    const rows = layer.who.map((id, i) => draft.row(id, `${layer.path}.who[${i}]`));
    return universe === undefined ? rows : rows.filter((row) => draft.columns.universes[row] === universe);
  }
  if (layer.scope === 'market') return holdersOf(run);
  return universe === undefined ? survivorsOf(run) : run.universe(universe).filter((row) => isSurvivor(run, row));
}

const isSurvivor = (run: Running, row: number): boolean => !run.draft.columns.house[row] && !run.isDefaulter(row);

function* survivorsOf(run: Running): Generator<number> {
  for (let row = 0; row < run.draft.accounts; row++) if (isSurvivor(run, row)) yield row;
}

/** Survivors with positions in the event's markets. */
function holdersOf(run: Running): number[] {
  const rows = new Set<number>();
  for (const market of run.event.markets) {
    const holdings = run.draft.columns.holdings.get(market);
    holdings?.accounts.forEach((row, at) => {
      if (holdings.lots.at(at) !== 0n && isSurvivor(run, row)) rows.add(row);
    });
  }
  return [...rows].sort((a, b) => a - b);
}

const emptyOf = ({ whenEmpty }: ReadLayer): Amount | undefined => (whenEmpty === 'skip' ? 0n : undefined);

/** What a layer asks by; undefined: by what each can give. */
export const weightOf = (run: Running, layer: ReadLayer): Column | undefined =>
  layer.weight === undefined ? undefined : columnOf(run, layer.weight, `${layer.path}.weight`, emptyOf(layer));

/** Accounts whose equity is looked up one by one. */
const FEW = 1000;

/** Equity in the asset: of few one by one, of all survivors in one pass over the holders, once somebody asks. */
function equityOf(run: Running, layer: ReadLayer): Column {
  if (layer.who !== 'survivors') return (row) => run.draft.equityAt(row, run.asset);
  let asked = 0;
  let profit: Amount[] | undefined;
  return (row) => {
    if (++asked <= FEW) return run.draft.equityAt(row, run.asset);
    profit ??= run.profits();
    return run.draft.amountAt(row, BALANCE, run.asset) + (profit[row] as Amount);
  };
}

/** Most that a row can give, minor units; null: no limit. */
export function roomOf(run: Running, layer: ReadLayer): (row: number) => Amount | null {
  const amounts = run.draft.columns.purses.get(purseKey(layer.from, run.asset))?.amounts;
  const { perMember } = layer;
  const cap =
    perMember === null || typeof perMember === 'bigint'
      ? () => perMember
      : multipleOf(columnOf(run, perMember.of, `${layer.path}.caps.perMember.of`, emptyOf(layer)), perMember.times);
  const equity = equityOf(run, layer);
  return (row) => {
    const owns = amounts?.at(row) ?? 0n;
    const most = cap(row);
    // What a claim on a purse of its own has been drawn already counts against the cap; a balance is owed for other reasons too.
    if (layer.overdraft) return most === null || layer.from === BALANCE ? most : roomLeft(most, owns);
    let held = above0(owns);
    // Money that backs losses of positions is there for them: nobody gives more than it is worth.
    if (held > 0n && layer.from === BALANCE) held = smaller(held, above0(equity(row)));
    return most !== null && most < held ? most : held;
  };
}

const roomLeft = (most: Amount, held: Amount): Amount => above0(held < 0n ? most + held : most);

const multipleOf =
  (column: Column, times: Parameters<typeof floorOf>[1]): Column =>
  (row) =>
    floorOf(column(row), times);

/** Those that a layer asks, by rows of the state, and what they can give together; null: no limit. */
export function askedBy(
  run: Running,
  layer: ReadLayer,
  rows: Iterable<number>,
): { asked: Asked; capacity: Amount | null } {
  const room = roomOf(run, layer);
  const weight = weightOf(run, layer);
  const asked = new Asked(namesOf(run), Array.isArray(rows) ? rows.length : run.draft.accounts);
  let sum: Amount | null = 0n;
  for (const row of rows) {
    const capacity = room(row);
    if (capacity === 0n) continue;
    const weighs = weight ? weight(row) : (capacity ?? 1n);
    if (weighs === 0n) continue;
    sum = sum === null || capacity === null ? null : sum + capacity;
    asked.add(row, weighs, capacity);
  }
  return { asked, capacity: sum };
}

/** What a state knows of those who are asked. */
export function namesOf({ draft }: Running): AskedNames {
  const { groups, ranks } = draft.columns;
  return {
    id: (row) => draft.id(row),
    rank: (row) => ranks[row] as number,
    group: (row) => groups[row] as number,
  };
}
