// One loss layer at work: what it may give now, shared between those it asks, posted from their purses to the deficits.
import { MarginError } from '../errors.js';
import { share } from './allocate.js';
import { type Amount, floorOf } from './amount.js';
import type { ReadLayer } from './layer.js';
import { moved } from './lazy.js';
import { askedBy, roomOf, rowsAsked } from './participants.js';
import type { Running } from './running.js';
import { purseKey } from './state.js';

/** What a layer has done. */
export interface Absorbed {
  /** Minor units that deficits got. */
  absorbed: Amount;
  /** Of these, units that the dust account bears (above 0), or received on top (below 0). */
  dust: Amount;
  /** How many gave. */
  participants: number;
  /** Most that it could have given, minor units: what its purses held, within its caps; null: no limit. */
  capacity: Amount | null;
}

const NOTHING: Absorbed = { absorbed: 0n, dust: 0n, participants: 0, capacity: 0n };
const smaller = (a: Amount, b: Amount | null): Amount => (b !== null && b < a ? b : a);

const added = (a: Amount | null, b: Amount | null): Amount | null => (a === null || b === null ? null : a + b);

/** Deficits that a layer treats together, as places in `run.open`. */
interface Group {
  places: number[];
  universe: string | undefined;
}

function groupsOf(run: Running, layer: ReadLayer): Group[] {
  const places = run.open.flatMap((open, i) => (open > 0n ? [i] : []));
  if (layer.scope !== 'universe') return [{ places, universe: undefined }];
  const groups = new Map<string, Group>();
  for (const i of places) {
    const universe = run.draft.columns.universes[run.event.defaulters[i] as number] as string;
    const group = groups.get(universe) ?? { places: [], universe };
    group.places.push(i);
    groups.set(universe, group);
  }
  return [...groups.values()];
}

/** Asks a layer for the open deficits. */
export function absorb(run: Running, layer: ReadLayer): Absorbed {
  const limit = limitOf(run, layer);
  let left = limit;
  const sum = { ...NOTHING };
  for (const group of layer.scope === 'account' ? [undefined] : groupsOf(run, layer)) {
    const done = group ? fromOthers(run, layer, group, left) : fromOwn(run, layer, left);
    sum.absorbed += done.absorbed;
    sum.dust += done.dust;
    sum.participants += done.participants;
    sum.capacity = added(sum.capacity, done.capacity);
    if (left !== null) left -= done.absorbed;
  }
  run.draft.spend(layer.id, sum.absorbed);
  return { ...sum, capacity: sum.capacity === null ? limit : smaller(sum.capacity, limit) };
}

/** Most that the layer gives in this run, apart from what its purses hold; null: no limit. */
export function limitOf(run: Running, layer: ReadLayer): Amount | null {
  let limit: Amount | null = null;
  const cap = (amount: Amount): void => {
    limit = smaller(amount, limit);
  };
  if (typeof layer.capacity === 'bigint') cap(layer.capacity);
  else if (layer.capacity) {
    const path = `${layer.path}.capacity`;
    const value = floorOf(1n, run.value(layer.capacity.value, path));
    if (value < 0n) {
      throw new MarginError('range', { path: `event.values.${layer.capacity.value}`, got: value, expected: '>= 0' });
    }
    cap(value);
  }
  if (layer.perBlock !== null) {
    const spent = run.draft.spent(layer.id);
    cap(layer.perBlock > spent ? layer.perBlock - spent : 0n);
  }
  if (layer.lazy) {
    const index = run.draft.index(layer.id);
    if (index.kind === 'productSum' || index.kind === 'depositIndex') cap(BigInt(index.total));
  }
  if (layer.bpsOfNav !== null) cap((navOf(run, layer) * layer.bpsOfNav) / 10_000n);
  return limit;
}

/** What the layer's purses hold, all together. */
function navOf(run: Running, layer: ReadLayer): Amount {
  const amounts = run.draft.columns.purses.get(purseKey(layer.from, run.asset))?.amounts;
  const rows = layer.who === 'defaulter' ? run.event.defaulters : rowsAsked(run, layer, undefined);
  let nav = 0n;
  for (const row of rows) {
    const held = amounts?.at(row) ?? 0n;
    if (held > 0n) nav += held;
  }
  return nav;
}

/** Each defaulter pays for itself, from another purse of its own. */
function fromOwn(run: Running, layer: ReadLayer, limit: Amount | null): Absorbed {
  const room = roomOf(run, layer);
  let [left, absorbed, participants, could] = [limit, 0n, 0, 0n];
  run.journal.enter({ code: 'absorbed', rule: 'own', amount: run.need() }, (pen) => {
    for (const [i, row] of run.event.defaulters.entries()) {
      const capacity = room(row);
      const wanted = smaller(smaller(run.open[i] as Amount, layer.perDefault), left);
      const given = smaller(wanted, capacity);
      could += smaller(run.open[i] as Amount, capacity);
      if (given === 0n) continue;
      pen.money(row, run.asset, -given, layer.from, { weight: given, capacity });
      pen.money(row, run.asset, given);
      run.open[i] = (run.open[i] as Amount) - given;
      absorbed += given;
      participants += 1;
      if (left !== null) left -= given;
    }
  });
  return { absorbed, dust: 0n, participants, capacity: could };
}

/** Others pay: the sum of the deficits is shared between them, what comes in goes to the deficits in proportion. */
function fromOthers(run: Running, layer: ReadLayer, { places, universe }: Group, limit: Amount | null): Absorbed {
  const wants = places.map((i) => smaller(run.open[i] as Amount, layer.perDefault));
  const need = smaller(
    wants.reduce((sum, want) => sum + want, 0n),
    limit,
  );
  if (need === 0n) return NOTHING;
  const { rows, asked, capacity } = askedBy(run, layer, rowsAsked(run, layer, universe));
  if (asked.length === 0) return NOTHING;
  const { shares, taken, dust } = share(need, asked, layer.allocate, layer.round);
  const absorbed = taken + dust;
  const credits = share(
    absorbed,
    places.map((i, k) => deficitOf(run.draft.id(run.event.defaulters[i] as number), wants[k] as Amount)),
    'cappedProRata',
    'largestRemainder',
  ).shares;
  const seized = layer.seize ? seizable(run, layer.seize, places, credits) : [];
  const total = asked.reduce((sum, { weight }) => sum + weight, 0n);
  const reason = { code: 'absorbed', rule: `${layer.allocate}, ${layer.round}`, amount: need, total } as const;
  let participants = 0;
  run.journal.enter({ ...reason, weight: layer.weight ?? 'capacity' }, (pen) => {
    for (let k = 0; k < rows.length; k++) {
      const given = shares[k] as Amount;
      if (given === 0n) continue;
      participants += 1;
      pen.money(rows[k] as number, run.asset, -given, layer.from, asked[k]);
    }
    pen.money(run.draft.row(layer.dust, `${layer.path}.dust`), run.asset, -dust);
    for (const [k, i] of places.entries()) {
      const credit = credits[k] as Amount;
      pen.money(run.event.defaulters[i] as number, run.asset, credit);
      run.open[i] = (run.open[i] as Amount) - credit;
    }
  });
  const gained = seize(run, layer, seized, rows, shares);
  if (layer.lazy) run.draft.setIndex(layer.id, moved(run.draft.index(layer.id), taken, gained));
  return { absorbed, dust, participants, capacity };
}

/** Collateral of each defaulter for what was paid of its deficit, rounded down. */
function seizable(
  run: Running,
  { asset, from }: { asset: string; from: string },
  places: readonly number[],
  credits: readonly Amount[],
): { row: number; amount: Amount }[] {
  return places.flatMap((i, k) => {
    const row = run.event.defaulters[i] as number;
    const held = run.draft.amountAt(row, from, asset);
    const amount = held <= 0n ? 0n : (held * (credits[k] as Amount)) / (run.open[i] as Amount);
    return amount === 0n ? [] : [{ row, amount }];
  });
}

/** Hands the collateral to those who paid, by what each gave. @returns all of it */
function seize(
  run: Running,
  layer: ReadLayer,
  seized: readonly { row: number; amount: Amount }[],
  rows: readonly number[],
  shares: readonly Amount[],
): Amount {
  const sum = seized.reduce((all, { amount }) => all + amount, 0n);
  // Where rounding bears everything nobody has paid for it.
  if (sum === 0n || !layer.seize || shares.every((given) => given === 0n)) return 0n;
  const { asset, from } = layer.seize;
  const gave = rows.map((row, k) => {
    return { id: run.draft.id(row), weight: shares[k] as Amount, capacity: null, rank: 0, group: 0 };
  });
  const parts = share(sum, gave, 'proRata', 'largestRemainder').shares;
  run.journal.enter({ code: 'seized', rule: layer.id, amount: sum }, (pen) => {
    for (const { row, amount } of seized) pen.money(row, asset, -amount, from);
    for (const [k, row] of rows.entries()) pen.money(row, asset, parts[k] as Amount);
  });
  return sum;
}

const deficitOf = (id: string, want: Amount) => ({ id, weight: want, capacity: want, rank: 0, group: 0 });
