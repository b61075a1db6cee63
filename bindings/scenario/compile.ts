// Models into the packed rows that both engines read: tables, moves, the requirement in pre-order, parameters by underlying,
// and room for the risk arrays. Done anew whenever markets, assets or models have changed.
import { NODE, NONE } from '../layout.js';
import type { Store } from '../memory.js';
import type { Model } from './model.js';
import { type Part, partsOf } from './part.js';

/** Numbers of a risk array behind the scenarios: value and delta of a long contract, both in the numeraire. */
const BEHIND = 2;

/** Numbers of a model's risk arrays, in whole pairs. */
export const widthOf = (scenarios: number): number => (scenarios + BEHIND + 1) & ~1;

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
 * Writes all models. @param underlyings - their names by number
 */
export function compileModels(store: Store, models: readonly Model[], underlyings: readonly string[]): void {
  const instruments = store.count('market') + store.count('asset');
  const groups = store.count('expiry') + underlyings.length;
  const { nodes, tiers } = countParts(models);
  const widest = models.reduce((most, { scenarios }) => Math.max(most, widthOf(scenarios.length)), 0);
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
    sum(({ scenarios }) => widthOf(scenarios.length) * instruments),
  );
  store.setCount('tenor', models.length * store.count('expiry'));
  store.setCount('work', widest);
  store.setCount('fold', models.length === 0 ? 0 : Math.max(groups, (groups + 1) * widest));
  const { model: c, scenario, move, parameter } = store.columns;
  deriveTwins(store);
  const writer = new Writer(store);
  let [s, v, cell] = [0, 0, 0];
  models.forEach((model, i) => {
    c.scenario[i] = s;
    c.scenarios[i] = model.scenarios.length;
    c.node[i] = writer.node;
    writer.write(model.requirement, s);
    c.cell[i] = cell;
    c.width[i] = widthOf(model.scenarios.length);
    cell += (c.width[i] ?? 0) * instruments;
    c.cash[i] = model.cash;
    c.orders[i] = model.orders;
    c.end[i] = model.end;
    c.quantum[i] = model.quantum;
    c.discount.set(model.discount, i * model.discount.length);
    model.scenarios.forEach((row, k) => {
      scenario.price[s + k] = row.price;
      scenario.range[s + k] = row.range;
      scenario.move[s + k] = row.move === NONE ? NONE : v + row.move;
      scenario.weight[s + k] = row.weight;
      scenario.operation[s + k] = row.operation;
      scenario.seconds[s + k] = row.seconds;
      scenario.rate[s + k] = row.rate;
    });
    model.moves.forEach((row, k) => {
      move.kind[v + k] = row.kind;
      move.range[v + k] = row.range;
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
      const values = model.values.get(name) ?? model.values.get('*') ?? [];
      for (const value of values) parameter.value[p++] = value;
    }
  });
}
