// One participant defaults at several venues at once: what each has against it, what surpluses at one make up for at another
// where they net, and how much of the layers that they have in common the rest uses.
import { MarginError } from '../../errors.js';
import { listOf } from '../../liquidation/list.js';
import { type Integer, smaller } from '../../venues/integer.js';
import { rowsOf } from '../../venues/rows.js';
import { share } from '../allocate.js';
import { type Amount, amountAt, byId } from '../amount.js';

/** What a defaulter has at one venue. */
export interface JointVenue {
  /** Its name. */
  venue: string;
  /** What the participant has there after its positions are closed, minor units: above 0 it is owed that, below 0 it owes. */
  equity: Integer;
  /** What the venue bears before common layers, minor units; default 0. */
  own?: Integer;
}

/** A layer that several venues have in common. */
export interface CommonLayer {
  /** Its name. */
  id: string;
  /** Minor units. */
  capacity: Integer;
  /** Who may use it. */
  venues: readonly string[];
}

/** What one venue bears of the default. */
export interface JointExposure {
  /** Its name. */
  venue: string;
  /** What the participant owes, minor units as all below: received + own + shared + residual. */
  loss: Amount;
  /** Of the loss, from surpluses at other venues. */
  received: Amount;
  /** Out of its own means, out of common layers, and by nobody. */
  own: Amount;
  /** Of the loss, out of common layers. */
  shared: Amount;
  /** Of the loss, what nobody pays. */
  residual: Amount;
  /** What the participant is owed: given + returned. */
  surplus: Amount;
  /** Of the surplus, to venues that it owes. */
  given: Amount;
  /** To the participant's estate. */
  returned: Amount;
}

/** What of a common layer is used. */
export interface LayerUse {
  /** Its id. */
  layer: string;
  /** Minor units. */
  used: Amount;
  /** Minor units. */
  left: Amount;
  /** Minor units by venue that uses it. */
  byVenue: Readonly<Record<string, Amount>>;
}

/** A default at several venues. */
export interface JointCase {
  /** By id. */
  exposureByVenue: JointExposure[];
  /** In the order of the layers. */
  sharedLayerUse: LayerUse[];
  /** Losses less what is netted, and what nobody pays. */
  loss: Amount;
  /** What nobody pays, minor units. */
  residual: Amount;
}

/** A default at several venues, with netting and without. */
export interface JointDefault extends JointCase {
  /** The same default without netting. */
  gross: JointCase;
}

/**
 * The default of one participant at several venues.
 * @param venues - each once, with what the participant has there
 * @param netting - groups of venues within which surpluses pay for losses, in proportion on both sides; a venue is in one at most
 * @param layers - that venues have in common, in the order in which they are used; each is shared in proportion to open losses
 * @returns the default with netting, and without as `gross`
 * @throws MarginError duplicate, unknown-id, range, missing-key, unknown-key, type, inexact
 * @example
 * jointDefault([{ venue: 'A', equity: -100n }, { venue: 'B', equity: 60n }], [['A', 'B']]).loss // 40n
 */
export function jointDefault(
  venues: readonly JointVenue[],
  netting: readonly (readonly string[])[],
  layers: readonly CommonLayer[] = [],
): JointDefault {
  const at = venuesOf(venues);
  const groups = listOf(netting, 'netting').map((group, i) => membersOf(group, `netting[${i}]`, at));
  const seen = new Set<string>();
  for (const [i, group] of groups.entries()) {
    for (const id of group) {
      if (!seen.has(id)) seen.add(id);
      else
        throw new MarginError('duplicate', {
          path: `netting[${i}]`,
          got: id,
          expected: 'a venue in one group at most',
        });
    }
  }
  const ids = new Set<string>();
  const common = rowsOf(listOf(layers, 'layers'), 'layers', ['id', 'capacity', 'venues']).map((row): ReadLayer => {
    const id = row.text('id');
    if (ids.has(id)) throw new MarginError('duplicate', { path: row.at('id'), got: id });
    ids.add(id);
    return { id, capacity: amountAt(row, 'capacity'), venues: membersOf(row.raw('venues'), row.at('venues'), at) };
  });
  return { ...caseOf(at, groups, common), gross: caseOf(at, [], common) };
}

interface ReadVenue {
  equity: Amount;
  own: Amount;
}

interface ReadLayer {
  id: string;
  capacity: Amount;
  venues: readonly string[];
}

function venuesOf(value: unknown): Map<string, ReadVenue> {
  const read = new Map<string, ReadVenue>();
  for (const row of rowsOf(listOf(value, 'venues'), 'venues', ['venue', 'equity', 'own'])) {
    const venue = row.text('venue');
    if (read.has(venue)) throw new MarginError('duplicate', { path: row.at('venue'), got: venue });
    read.set(venue, { equity: row.integer('equity'), own: amountAt(row, 'own', 0n) });
  }
  return new Map([...read].sort(([a], [b]) => byId(a, b)));
}

/** Venues of a group, by id. */
function membersOf(value: unknown, path: string, venues: ReadonlyMap<string, ReadVenue>): string[] {
  const members = listOf(value, path).map((id, i) => {
    if (typeof id === 'string' && venues.has(id)) return id;
    throw new MarginError('unknown-id', { path: `${path}[${i}]`, got: id, expected: 'one of the venues' });
  });
  if (new Set(members).size === members.length) return members.sort(byId);
  throw new MarginError('duplicate', { path, got: value, expected: 'each venue once' });
}

function caseOf(
  venues: ReadonlyMap<string, ReadVenue>,
  groups: readonly (readonly string[])[],
  layers: readonly ReadLayer[],
): JointCase {
  const exposures = new Map(
    [...venues].map(([venue, { equity }]): [string, JointExposure] => {
      const [loss, surplus] = equity < 0n ? [-equity, 0n] : [0n, equity];
      const none = { received: 0n, own: 0n, shared: 0n, given: 0n };
      return [venue, { venue, loss, surplus, ...none, residual: loss, returned: surplus }];
    }),
  );
  const of = (ids: readonly string[]): JointExposure[] => ids.map((id) => exposures.get(id) as JointExposure);
  for (const group of groups) net(of(group));
  const exposureByVenue = [...exposures.values()];
  for (const each of exposureByVenue) {
    each.own = smaller(each.residual, (venues.get(each.venue) as ReadVenue).own);
    each.residual -= each.own;
  }
  return {
    exposureByVenue,
    sharedLayerUse: layers.map((layer) => used(layer, of(layer.venues))),
    loss: exposureByVenue.reduce((sum, { loss, received }) => sum + loss - received, 0n),
    residual: exposureByVenue.reduce((sum, { residual }) => sum + residual, 0n),
  };
}

/** Surpluses of a group pay for its losses. */
function net(group: readonly JointExposure[]): void {
  const [owed, owing] = [group.map(({ returned }) => returned), group.map(({ residual }) => residual)];
  const netted = smaller(sum(owed), sum(owing));
  const [gives, gets] = [parts(netted, group, owed), parts(netted, group, owing)];
  for (const [i, each] of group.entries()) {
    each.given = gives[i] as Amount;
    each.returned -= each.given;
    each.received = gets[i] as Amount;
    each.residual -= each.received;
  }
}

/** A layer pays for open losses. */
function used({ id, capacity }: ReadLayer, members: readonly JointExposure[]): LayerUse {
  const open = members.map(({ residual }) => residual);
  const paid = smaller(capacity, sum(open));
  const byVenue: [string, Amount][] = [];
  for (const [i, part] of parts(paid, members, open).entries()) {
    if (part === 0n) continue;
    const each = members[i] as JointExposure;
    each.shared += part;
    each.residual -= part;
    byVenue.push([each.venue, part]);
  }
  return { layer: id, used: paid, left: capacity - paid, byVenue: Object.fromEntries(byVenue) };
}

const sum = (amounts: readonly Amount[]): Amount => amounts.reduce((total, part) => total + part, 0n);

/** An amount in proportion, nobody more than its own; units left over to the largest fractions, ties by id. */
function parts(amount: Amount, members: readonly JointExposure[], most: readonly Amount[]): Amount[] {
  const asked = members.map(({ venue }, i) => {
    return { id: venue, weight: most[i] as Amount, capacity: most[i] as Amount };
  });
  return share(amount, asked, 'cappedProRata', 'largestRemainder').shares;
}
