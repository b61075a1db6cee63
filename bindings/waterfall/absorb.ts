// One loss layer at work: what it may give now, shared between those it asks, posted from their purses to the deficits.
import { MarginError } from '../errors.js';
import { larger } from '../venues/integer.js';
import { share, shareColumns } from './allocate.js';
import { type Amount, floorOf, within } from './amount.js';
import type { AmountColumn } from './amount-column.js';
import { Asked } from './asked.js';
import { freeOf } from './free.js';
import type { Pen } from './journal.js';
import type { ReadLayer } from './layer.js';
import { mostOf, moved } from './lazy.js';
import { askedBy, namesOf, roomOf, rowsAsked } from './participants.js';
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
const sumOf = (amounts: readonly Amount[]): Amount => amounts.reduce((sum, amount) => sum + amount, 0n);

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
  // A dust account may have given a unit or so on top of what was asked for.
  const capacity = sum.capacity === null ? limit : larger(within(sum.capacity, limit), sum.absorbed);
  return { ...sum, capacity };
}

/** Most that the layer gives in this run, apart from what its purses hold; null: no limit. */
export function limitOf(run: Running, layer: ReadLayer): Amount | null {
  let limit: Amount | null = null;
  const cap = (amount: Amount): void => {
    limit = within(amount, limit);
  };
  const stated = statedCapacity(run, layer);
  if (stated !== null) cap(stated);
  if (layer.perBlock !== null) {
    const spent = run.draft.spent(layer.id);
    cap(layer.perBlock > spent ? layer.perBlock - spent : 0n);
  }
  if (layer.lazy) {
    const most = mostOf(run.draft.index(layer.id));
    if (most !== null) cap(most);
  }
  if (layer.bpsOfNav !== null) cap((navOf(run, layer) * layer.bpsOfNav) / 10_000n);
  return limit;
}

/** Its capacity as data or as the event has it; null: none is stated. @throws MarginError missing-key, range */
export function statedCapacity(run: Running, { capacity, path }: ReadLayer): Amount | null {
  if (capacity === null || typeof capacity === 'bigint') return capacity;
  const value = floorOf(1n, run.value(capacity.value, `${path}.capacity`));
  if (value >= 0n) return value;
  throw new MarginError('range', { path: `event.values.${capacity.value}`, got: value, expected: '>= 0' });
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
  const asked = new Asked(namesOf(run));
  let [left, absorbed, could] = [limit, 0n, 0n];
  const write = (pen: Pen): void => {
    for (const [i, row] of run.event.defaulters.entries()) {
      const open = run.open[i] as Amount;
      const capacity = room(row);
      const given = within(within(within(open, layer.perDefault), left), capacity);
      could += within(within(open, layer.perDefault), capacity);
      if (given === 0n) continue;
      pen.money(row, run.asset, -given, layer.from, asked.add(row, given, capacity));
      pen.money(row, run.asset, given);
      run.open[i] = open - given;
      absorbed += given;
      if (left !== null) left -= given;
    }
  };
  run.journal.enter({ code: 'absorbed', rule: 'own', amount: run.need() }, write, asked);
  return { absorbed, dust: 0n, participants: asked.length, capacity: could };
}

/** Others pay: the sum of the deficits is shared between them, what comes in goes to the deficits in proportion. */
function fromOthers(run: Running, layer: ReadLayer, { places, universe }: Group, limit: Amount | null): Absorbed {
  const wants = places.map((i) => within(run.open[i] as Amount, layer.perDefault));
  const need = within(sumOf(wants), limit);
  if (need === 0n) return NOTHING;
  const { asked, capacity } = askedBy(run, layer, rowsAsked(run, layer, universe));
  if (asked.length === 0) return NOTHING;
  // Rounded up, payers give more than the need: where a cap binds that would be beyond it, while deficits are still open.
  const bound = wants.some((want, k) => want < (run.open[places[k] as number] as Amount)) || need < sumOf(wants);
  const round = bound && layer.round === 'ceilKeep' ? 'largestRemainder' : layer.round;
  const { shares, taken, dust } = shareColumns(need, asked, layer.allocate, round);
  const absorbed = taken + dust;
  const credits = creditsOf(run, absorbed, places, wants);
  const seized = layer.seize ? seizable(run, layer.seize, places, credits) : [];
  const reason = { code: 'absorbed', rule: `${layer.allocate}, ${round}`, amount: need } as const;
  let participants = 0;
  const write = (pen: Pen): void => {
    for (const [place, row] of asked.keys.entries()) {
      const given = shares.at(place);
      if (given === 0n) continue;
      participants += 1;
      pen.money(row, run.asset, -given, layer.from, place);
    }
    pen.money(run.draft.row(layer.dust, `${layer.path}.dust`), run.asset, -dust);
    credit(run, pen, places, credits);
  };
  // Only who is asked with all others at once gives its part of them.
  const total = layer.allocate === 'proRata' || layer.allocate === 'cappedProRata' ? { total: asked.weights } : {};
  run.journal.enter({ ...reason, ...total, weight: layer.weight ?? 'capacity' }, write, asked);
  const gained = seize(run, layer, seized, asked, shares);
  if (layer.lazy) run.draft.setIndex(layer.id, moved(run.draft.index(layer.id), taken, gained));
  const most = layer.perDefault === null ? null : layer.perDefault * BigInt(places.length);
  return { absorbed, dust, participants, capacity: capacity === null ? most : within(capacity, most) };
}

/** What each deficit gets of an amount, in proportion. @param wants - most that each gets */
export function creditsOf(run: Running, amount: Amount, places: readonly number[], wants: readonly Amount[]): Amount[] {
  const deficits = places.map((i, k) => {
    const want = wants[k] as Amount;
    return { id: run.draft.id(run.event.defaulters[i] as number), weight: want, capacity: want };
  });
  return share(amount, deficits, 'cappedProRata', 'largestRemainder').shares;
}

/** Pays deficits. */
export function credit(run: Running, pen: Pen, places: readonly number[], credits: readonly Amount[]): void {
  for (const [k, i] of places.entries()) {
    const paid = credits[k] as Amount;
    pen.money(run.event.defaulters[i] as number, run.asset, paid);
    run.open[i] = (run.open[i] as Amount) - paid;
  }
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
    const held = freeOf(run, row, asset, from);
    const amount = held <= 0n ? 0n : (held * (credits[k] as Amount)) / (run.open[i] as Amount);
    return amount === 0n ? [] : [{ row, amount }];
  });
}

/** Hands the collateral to those who paid, by what each gave. @returns all of it */
function seize(
  run: Running,
  layer: ReadLayer,
  seized: readonly { row: number; amount: Amount }[],
  { keys: rows }: Asked,
  shares: AmountColumn,
): Amount {
  const sum = seized.reduce((all, { amount }) => all + amount, 0n);
  // Where rounding bears everything nobody has paid for it.
  if (sum === 0n || !layer.seize || shares.sum() === 0n) return 0n;
  const { asset, from } = layer.seize;
  const payers = new Asked(namesOf(run), rows.length);
  for (const [place, row] of rows.entries()) payers.add(row, shares.at(place), null);
  const parts = shareColumns(sum, payers, 'proRata', 'largestRemainder').shares;
  run.journal.enter({ code: 'seized', rule: layer.id, amount: sum }, (pen) => {
    for (const { row, amount } of seized) pen.money(row, asset, -amount, from);
    for (const [place, row] of rows.entries()) pen.money(row, asset, parts.at(place));
  });
  return sum;
}
