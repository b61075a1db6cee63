// Models into the packed rows that both engines read: tables, moves, the requirement in pre-order, parameters by underlying,
// and room for the risk arrays. Done anew whenever markets, assets or models have changed.
import { NODE, NONE } from '../layout.js';
import type { Store } from '../memory.js';
import type { Model } from './model.js';
import { type Part, partsOf } from './part.js';

/** Numbers of a risk array behind the scenarios: value and delta of a long contract, and what it moves; all in the numeraire. */
const BEHIND = 3;
/** Arrays behind the sums of a unit: gains, losses, weights by age, sums of a what-if, weights and dampeners of an underlying. */
const BEHIND_SLOTS = 6;
/** Behind them a published array keeps its delta, in units of the underlying. */
const PUBLISHED = 1;

/** Numbers of a model's risk arrays, in whole pairs. */
export const widthOf = ({ scenarios, arrays }: Model): number =>
  (scenarios.length + BEHIND + (arrays.size > 0 ? PUBLISHED : 0) + 1) & ~1;

/** Rows of a requirement and its descendants, tiers of all of them. */
function countParts(models: readonly Model[]): { nodes: number; tiers: number } {
  const parts = models.flatMap(({ requirement }) => [...partsOf(requirement)]);
  return { nodes: parts.length, tiers: parts.reduce((sum, { tiers }) => sum + tiers.length, 0) };
}

class Writer {
  node = 0;
  tier = 0;
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Writes a part and all below it; scenarios of the model start at `first`. */
  write(part: Part, first: number): void {
    const { node: c, parameter } = this.#store.columns;
    const n = this.node++;
    c.kind[n] = part.kind;
    c.factor.set(part.factor, n * 2);
    c.parameter.set(part.parameter, n * 2);
    c.peg[n] = part.peg;
    c.from[n] = first + part.from;
    c.to[n] = first + part.to;
    c.of[n] = part.of;
    c.at[n] = part.at;
    c.by[n] = part.by;
    c.feed[n] = part.feed;
    c.terms.set(part.terms, n * part.terms.length);
    c.termBy.set(part.termBy, n * part.termBy.length);
    if (part.kind === NODE.tiers) {
      // Bounds and rates stand among the parameters: two numbers a tier.
      c.from[n] = this.tier;
      for (const { upTo, rate } of part.tiers) {
        parameter.value[this.tier++] = upTo;
        parameter.value[this.tier++] = rate;
      }
      c.to[n] = this.tier;
    }
    for (const below of part.parts) this.write(below, first);
    c.end[n] = this.node;
  }
}

/** Writes the arrays that a model comes with. */
function publish(store: Store, model: Model, first: number, names: Names): void {
  const { cell } = store.columns;
  const width = widthOf(model);
  for (const [id, { gains, delta }] of model.arrays) {
    const m = names.market(id);
    if (m === NONE) continue;
    const at = first + m * width;
    model.scenarios.forEach(({ index }, s) => {
      const gain = gains[index] ?? 0;
      cell.value[at + s] = model.quantum > 0 ? Math.round(gain / model.quantum) : gain;
    });
    cell.value[at + model.scenarios.length + BEHIND] = delta ?? store.columns.market.multiplier[m] ?? 1;
  }
}

/** Rows of names, or NONE. */
export interface Names {
  market(id: string): number;
  expiry(id: string): number;
  underlying(name: string): number;
}

/** Writes the spreads of all models. Months of a leg are those that the book has. */
function writeSpreads(store: Store, models: readonly Model[], names: Names): void {
  const all = models.map(({ spreads }) => [...spreads.months, ...spreads.between]);
  const legs = all.flat().flatMap((spread) => spread.legs);
  const months = legs.map(({ expiries }) => expiries.map(names.expiry).filter((e) => e !== NONE));
  store.setCount('spread', all.flat().length);
  store.setCount('leg', legs.length);
  store.setCount('link', months.flat().length);
  store.setCount(
    'delivery',
    models.reduce((sum, { spreads }) => sum + spreads.deliveries.length, 0),
  );
  const { model: c, spread, leg, link, delivery } = store.columns;
  link.expiry.set(months.flat());
  let [s, l, e, d] = [0, 0, 0, 0];
  models.forEach(({ spreads }, k) => {
    c.spread[k] = s;
    c.between[k] = s + spreads.months.length;
    for (const row of all[k] ?? []) {
      spread.charge[s] = row.charge;
      spread.leg[s] = l;
      for (const one of row.legs) {
        leg.underlying[l] = names.underlying(one.underlying);
        leg.from[l] = e;
        e += months[l]?.length ?? 0;
        leg.to[l] = e;
        leg.side[l] = one.side;
        leg.ratio[l] = one.ratio;
        leg.rate[l] = one.rate;
        l++;
      }
      spread.end[s++] = l;
    }
    c.spreadEnd[k] = s;
    c.delivery[k] = d;
    for (const row of spreads.deliveries) {
      delivery.expiry[d] = names.expiry(row.expiry);
      delivery.left[d] = row.left;
      delivery.used[d++] = row.used;
    }
    c.deliveryEnd[k] = d;
  });
}

/** Names the first option with the same expiry and strike, so that calls and puts can be netted. */
function deriveTwins(store: Store): void {
  const { market } = store.columns;
  const first = new Map<string, number>();
  for (let m = 0; m < store.count('market'); m++) {
    const strike = `${market.expiry[m]}:${market.strike[m]}`;
    if (!first.has(strike)) first.set(strike, m);
    market.twin[m] = first.get(strike) ?? m;
  }
}

/**
 * Writes all models.
 * @param underlyings - their names by number
 */
export function compileModels(
  store: Store,
  models: readonly Model[],
  underlyings: readonly string[],
  names: Names,
): void {
  const instruments = store.count('market') + store.count('asset');
  // Options of an expiry, futures of an expiry, and what has none, by underlying.
  const groups = 2 * store.count('expiry') + underlyings.length;
  const { nodes, tiers } = countParts(models);
  const widest = models.reduce((most, model) => Math.max(most, widthOf(model)), 0);
  const sum = (of: (model: Model) => number): number => models.reduce((total, model) => total + of(model), 0);
  store.setCount('model', models.length);
  store.setCount(
    'scenario',
    sum(({ scenarios }) => scenarios.length),
  );
  store.setCount(
    'move',
    sum(({ moves }) => moves.length),
  );
  store.setCount('node', nodes);
  store.setCount('parameter', tiers * 2 + sum(({ parameters }) => parameters.length * underlyings.length));
  store.setCount(
    'cell',
    sum((model) => widthOf(model) * instruments),
  );
  store.setCount('tenor', models.length * store.count('expiry'));
  store.setCount('work', widest);
  // An array a slot, of which there is one a group at most, and those behind them (assembly/scenario/fold.ts).
  store.setCount('fold', models.length === 0 ? 0 : (groups + BEHIND_SLOTS) * widest);
  const { model: c, scenario, move, parameter } = store.columns;
  deriveTwins(store);
  writeSpreads(store, models, names);
  const writer = new Writer(store);
  let [s, v, cell] = [0, 0, 0];
  models.forEach((model, i) => {
    c.scenario[i] = s;
    c.scenarios[i] = model.scenarios.length;
    c.node[i] = writer.node;
    writer.write(model.requirement, s);
    c.cell[i] = cell;
    c.width[i] = widthOf(model);
    cell += (c.width[i] ?? 0) * instruments;
    c.cash[i] = model.cash;
    c.orders[i] = model.orders;
    c.end[i] = model.end;
    c.quantum[i] = model.quantum;
    c.published[i] = model.arrays.size > 0 ? 1 : 0;
    c.group[i] = model.group;
    c.named[i] = model.scenarios.some(({ weight, dampener }) => weight.by !== NONE || dampener.by !== NONE) ? 1 : 0;
    publish(store, model, c.cell[i] ?? 0, names);
    c.discount.set(model.discount, i * model.discount.length);
    model.scenarios.forEach((row, k) => {
      scenario.price[s + k] = row.price;
      scenario.range[s + k] = row.range;
      scenario.move[s + k] = row.move === NONE ? NONE : v + row.move;
      scenario.weight[s + k] = row.weight.value;
      scenario.weightBy[s + k] = row.weight.by;
      scenario.coinWeight[s + k] = row.coinWeight.value;
      scenario.coinWeightBy[s + k] = row.coinWeight.by;
      scenario.dampener[s + k] = row.dampener.value;
      scenario.dampenerBy[s + k] = row.dampener.by;
      scenario.pair[s + k] = s + row.pair;
      scenario.operation[s + k] = row.operation;
      scenario.seconds[s + k] = row.seconds;
      scenario.rate[s + k] = row.rate;
    });
    model.moves.forEach((row, k) => {
      move.kind[v + k] = row.kind;
      move.range[v + k] = row.range;
      move.leastBy[v + k] = row.leastBy;
      move.terms.set(row.terms, (v + k) * row.terms.length);
    });
    s += model.scenarios.length;
    v += model.moves.length;
  });
  let p = writer.tier;
  models.forEach((model, i) => {
    c.parameter[i] = p;
    c.parameters[i] = model.parameters.length;
    for (const name of underlyings) {
      // Of an underlying that a model does not know none of its accounts holds anything.
      const values = model.values.get(name) ?? model.values.get('*');
      model.parameters.forEach((_, i) => {
        parameter.value[p++] = values?.[i] ?? 0;
      });
    }
  });
}
