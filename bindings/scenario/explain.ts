// A scenario requirement taken apart: what every part comes to, which scenarios decide it, and what each leg adds.
import type { BookBase } from '../book/book.js';
import { MarginError } from '../errors.js';
import { NODE, NONE } from '../layout.js';
import { checkBook } from '../margin.js';
import { marketCell } from '../reference/scenario/arrays.js';
import { Attributor } from '../reference/scenario/attribution.js';
import { FILLED, Fold, GROUP } from '../reference/scenario/fold.js';
import { Evaluation, type Levels, modelRequirement, scopesOf } from '../reference/scenario/requirement.js';
import { gainIn, gainOf, gainShare, scanByExpiry, type TailWeight } from '../reference/scenario/scan.js';
import { amountOf, isOption, markValue, unitSpot } from '../reference/scenario/terms.js';
import type { Model } from './model.js';
import { type Part, partsOf } from './part.js';

/** A scenario that a scan's loss comes from, and its weight in it. Of a scan by expiry: the worst of an expiry, weighted by its factor. */
export interface TailScenario {
  /** Name of the scenario, as the model has it. */
  id: string;
  /** Number of the scenario in the table as it was written. */
  index: number;
  /** Share of its loss that the tail counts. */
  weight: number;
  /** What the unit gains in it, or what is asked of it: its part in the underlying, or in the expiry. Negative: it loses. */
  gain: number;
  /** Of a scan by expiry: whose worst scenario it is. */
  expiry?: string;
  /** Underlying that it decides for, where that is one: below an `each`, or that of the expiry. */
  underlying?: string;
}

/** A part of a requirement and what it comes to, its factors applied; `amount` is before them. All in the numeraire. */
export interface PartExplanation {
  /** `id` of the part; default its kind. */
  name: string;
  /** Key of the part: `sum`, `scan`, `gross` ... */
  kind: keyof typeof NODE;
  /** Underlying that it is about, where it stands below an `each`; the first of a group. */
  underlying?: string;
  /** Before its factors, numeraire. */
  amount: number;
  /** With the initial factor, numeraire. */
  initial: number;
  /** With the maintenance factor, numeraire. */
  maintenance: number;
  /** Of a `max`: false where another part is larger at the initial level. */
  counts: boolean;
  /** Of a scan: the scenarios of its tail; none where nothing is lost. By expiry: one for each that loses. */
  tail?: TailScenario[];
  /** Of a scan: the least share of its gains that an underlying may set against losses of others, where that is below 1. */
  gains?: number;
  /** Parts that it is made of. */
  parts?: PartExplanation[];
}

/** A position or a balance, and what it adds to the requirement. */
export interface ScenarioLeg {
  /** Id of the position's market; of a balance none. */
  market?: string;
  /** Id of the balance's asset; of a position none. */
  asset?: string;
  /** Contracts, or the amount of a balance. */
  size: number;
  /** At its mark, and its delta at the spot; both in the numeraire. */
  value: number;
  /** At the spot, numeraire; long positive. */
  delta: number;
  /** What it adds to the initial requirement, numeraire; below 0: it hedges. */
  initial: number;
  /** What it adds to the maintenance requirement, numeraire; below 0: it hedges. */
  maintenance: number;
}

/** The requirement of a margin unit by its scenario model, taken apart; numeraire unless said otherwise. */
export interface ScenarioExplanation {
  /** Its id. */
  account: string;
  /** 0: the cross unit; isolated from 1. */
  bucket: number;
  /** What margins it: name, version and source of the model. */
  model: { id: string; title?: string; version?: string; asOf?: string; source?: string };
  /** Requirements; health is collateral less these. */
  initialMargin: number;
  /** Requirement below which the unit is liquidated. */
  maintenanceMargin: number;
  /** The tree of parts, as the model has it. */
  requirement: PartExplanation;
  /** The scenarios that decide: of the parts that count, in the order of the requirement. */
  deciding: TailScenario[];
  /** What the unit gains in every scenario of the table, as it was written. */
  scenarios: { id: string; set: string; gain: number }[];
  /** Positions, then balances that hedge. */
  legs: ScenarioLeg[];
  /** What no leg can be told: tiers, dampeners, open orders. */
  remainder: { initial: number; maintenance: number };
  /** The legs and then the remainder, summed in that order. */
  total: { initial: number; maintenance: number };
  /** Options at their marks, and balances but for the model's cash. */
  optionValue: number;
  /** Balances at their prices, but for the model's cash. */
  collateralValue: number;
  /** By underlying, in its units. */
  deltas: { underlying: string; spot: number; net: number; gross: number; hedged: number }[];
}

/** The part as it was written. */
type Written = Part & { parts: Part[] };
const KIND_NAMES = Object.fromEntries(Object.entries(NODE).map(([name, code]) => [code, name])) as Record<
  number,
  keyof typeof NODE
>;

class Explainer {
  readonly #book: BookBase;
  readonly #model: Model;
  readonly #fold: Fold;
  readonly #evaluation: Evaluation;
  /** Rows of parts in the order in which they were written. */
  readonly #parts: Part[];
  readonly #first: number;

  constructor(book: BookBase, unit: number, k: number, model: Model) {
    this.#book = book;
    this.#model = model;
    this.#fold = new Fold(book.store, unit, k);
    this.#fold.run(FILLED.none);
    this.#evaluation = new Evaluation(this.#fold);
    this.#parts = [...partsOf(model.requirement)];
    this.#first = book.store.columns.model.node[k] ?? 0;
  }

  part(n: number, scope: number, counts = true): PartExplanation {
    const { node } = this.#book.store.columns;
    const part = this.#parts[n - this.#first] as Written;
    const { amounts, inner, tail } = this.#evaluation.apart(n, scope);
    const kind = KIND_NAMES[part.kind] ?? 'sum';
    const below: PartExplanation[] = [];
    if (part.kind === NODE.each) {
      for (const inner of scopesOf(this.#fold, n, scope)) {
        const underlying = this.#book.underlyingId(inner >= GROUP ? inner - GROUP : inner);
        below.push({ ...this.part(n + 1, inner), underlying });
      }
    } else {
      const children: number[] = [];
      for (let child = n + 1; child < (node.end[n] ?? 0); child = node.end[child] ?? 0) children.push(child);
      const most = children.map((child) => this.#evaluation.of(child, scope)[0]);
      const best = most.reduce((b, x, i) => (x > (most[b] ?? 0) ? i : b), 0);
      children.forEach((child, i) => {
        below.push(this.part(child, scope, part.kind !== NODE.max || i === best));
      });
    }
    return {
      name: part.name,
      kind,
      amount: inner[0],
      initial: amounts[0],
      maintenance: amounts[1],
      counts,
      ...(part.kind === NODE.scan ? this.#scan(n, scope, tail) : {}),
      ...(below.length > 0 ? { parts: below } : {}),
    };
  }

  #scan(n: number, scope: number, tail: readonly TailWeight[]): Pick<PartExplanation, 'tail' | 'gains'> {
    const fold = this.#fold;
    if (this.#book.store.columns.node.by[n] !== 0) return { tail: this.#expiries(n, scope) };
    let gains = 1;
    for (let slot = 0; slot < fold.slots; slot++) {
      const underlying = fold.columns.fold.underlying[slot] ?? 0;
      if (fold.counts(underlying, scope)) gains = Math.min(gains, gainShare(fold, n, underlying));
    }
    return {
      tail: tail.map(({ row, weight }) => this.#scenario(row, weight, gainIn(fold, scope, row, NONE))),
      ...(gains < 1 ? { gains } : {}),
    };
  }

  /** The worst scenario of each expiry, in the order in which they are summed. */
  #expiries(n: number, scope: number): TailScenario[] {
    const fold = this.#fold;
    const tail: TailScenario[] = [];
    scanByExpiry(fold, n, scope, (slot, row, factor) => {
      if (row === NONE) return;
      tail.push({
        ...this.#scenario(row, factor, gainOf(fold, slot, row)),
        expiry: this.#book.expiryId(fold.expiryOf(slot)),
        underlying: this.#book.underlyingId(fold.columns.fold.underlying[slot] ?? 0),
      });
    });
    return tail;
  }

  #scenario(row: number, weight: number, gain: number): TailScenario {
    const s = row - (this.#book.store.columns.model.scenario[this.#fold.k] ?? 0);
    const { id, index } = this.#model.scenarios[s] ?? { id: '', index: 0 };
    return { id, index, weight, gain };
  }

  scenarios(): ScenarioExplanation['scenarios'] {
    const first = this.#book.store.columns.model.scenario[this.#fold.k] ?? 0;
    const sets = [...this.#model.sets];
    return this.#model.scenarios
      .map(({ id, index }, s) => ({
        index,
        id,
        set: sets.find(([, [from, to]]) => s >= from && s < to)?.[0] ?? '',
        gain: gainIn(this.#fold, NONE, first + s, NONE),
      }))
      .sort((a, b) => a.index - b.index)
      .map(({ index: _, ...rest }) => rest);
  }

  /** Legs with what each adds, and what is left of the requirement. */
  legs(required: Levels): Pick<ScenarioExplanation, 'legs' | 'remainder' | 'total'> {
    const { columns } = this.#book.store;
    const { unit, position, balance, asset, cell } = columns;
    const fold = this.#fold;
    const told = ([0, 1] as const).map((level) => {
      const attributor = new Attributor(fold, this.#evaluation, level);
      attributor.of(this.#first, NONE, 1);
      return attributor.result;
    });
    const at = (rows: 'positions' | 'balances', row: number): { initial: number; maintenance: number } => ({
      initial: (told[0]?.[rows].get(row) ?? 0) + 0,
      maintenance: (told[1]?.[rows].get(row) ?? 0) + 0,
    });
    const deltaOf = (instrument: number): number =>
      cell.value[marketCell(columns, fold.k, instrument) + fold.scenarios + 1] ?? 0;
    const legs: ScenarioLeg[] = [];
    const p0 = unit.positionStart[fold.unit] ?? 0;
    for (let p = p0; p < p0 + (unit.positionCount[fold.unit] ?? 0); p++) {
      const m = (position.key[p] ?? 0) >>> 2;
      const size = fold.sizeOf(p);
      const value = size * markValue(columns, m);
      legs.push({ market: this.#book.marketId(m), size, value, delta: size * deltaOf(m), ...at('positions', p) });
    }
    const b0 = unit.balanceStart[fold.unit] ?? 0;
    for (let b = b0; b < b0 + (unit.balanceCount[fold.unit] ?? 0); b++) {
      const a = balance.asset[b] ?? 0;
      const size = amountOf(columns, b);
      const value = size * (asset.price[a] ?? 0);
      const delta = fold.groupOfAsset(a) === NONE ? 0 : size * deltaOf(this.#book.markets + a);
      legs.push({ asset: this.#book.assetId(a), size, value, delta, ...at('balances', b) });
    }
    const sum = (of: (leg: ScenarioLeg) => number): number => legs.reduce((total, leg) => total + of(leg), 0);
    const told0 = sum((leg) => leg.initial);
    const told1 = sum((leg) => leg.maintenance);
    const remainder = { initial: required[0] - told0, maintenance: required[1] - told1 };
    return {
      legs,
      remainder,
      total: { initial: told0 + remainder.initial, maintenance: told1 + remainder.maintenance },
    };
  }

  values(): Pick<ScenarioExplanation, 'optionValue' | 'collateralValue' | 'deltas'> {
    const { columns } = this.#book.store;
    const { unit, position, balance, asset, market, model, cell } = columns;
    const fold = this.#fold;
    const deltas = new Map<number, { spot: number; net: number; gross: number }>();
    let optionValue = 0;
    const p0 = unit.positionStart[fold.unit] ?? 0;
    for (let p = p0; p < p0 + (unit.positionCount[fold.unit] ?? 0); p++) {
      const m = (position.key[p] ?? 0) >>> 2;
      const size = fold.sizeOf(p);
      if (isOption(columns, m)) optionValue += size * markValue(columns, m);
      const u = market.underlying[m] ?? 0;
      const spot = unitSpot(columns, m);
      const had = deltas.get(u) ?? { spot, net: 0, gross: 0 };
      const dollars = size * (cell.value[marketCell(columns, fold.k, m) + fold.scenarios + 1] ?? 0);
      const delta = spot === 0 ? 0 : dollars / spot;
      deltas.set(u, { spot, net: had.net + delta, gross: had.gross + Math.abs(delta) });
    }
    let collateralValue = 0;
    const b0 = unit.balanceStart[fold.unit] ?? 0;
    for (let b = b0; b < b0 + (unit.balanceCount[fold.unit] ?? 0); b++) {
      const a = balance.asset[b] ?? 0;
      if (a !== model.cash[fold.k]) collateralValue += amountOf(columns, b) * (asset.price[a] ?? 0);
    }
    return {
      optionValue,
      collateralValue,
      deltas: [...deltas].map(([u, { spot, net, gross }]) => ({
        underlying: this.#book.underlyingId(u),
        spot,
        net,
        gross,
        hedged: (gross - Math.abs(net)) / 2,
      })),
    };
  }

  close(): void {
    this.#fold.close();
  }
}

/** Scenarios of the scans that count. @param above - underlying that the part is about */
function decidingOf(part: PartExplanation, above?: string): TailScenario[] {
  if (!part.counts) return [];
  const underlying = part.underlying ?? above;
  const own = (part.tail ?? []).map((each) => (underlying === undefined ? each : { underlying, ...each }));
  return [...own, ...(part.parts ?? []).flatMap((below) => decidingOf(below, underlying))];
}

/** Takes the requirement of a unit apart that a model margins; unit values must be up to date. */
export function explainUnit(book: BookBase, unit: number, model: Model): ScenarioExplanation {
  const { columns } = book.store;
  const k = (columns.unit.model[unit] ?? 0) - 1;
  // The sums of an open what-if would stand in the way.
  book.store.engine.scenarios?.requirement(book.store, unit);
  const required = modelRequirement(book.store, unit);
  const explainer = new Explainer(book, unit, k, model);
  const requirement = explainer.part(columns.model.node[k] ?? 0, NONE);
  const { id, title, version, asOf, source } = model.json;
  const said = Object.fromEntries(
    Object.entries({ title, version, asOf, source }).filter(([, value]) => value !== undefined),
  );
  const answer: ScenarioExplanation = {
    account: book.accountId(book.unitAccount(unit)),
    bucket: book.unitBucket(unit),
    model: { id, ...said },
    initialMargin: required[0],
    maintenanceMargin: required[1],
    requirement,
    deciding: decidingOf(requirement),
    scenarios: explainer.scenarios(),
    ...explainer.legs(required),
    ...explainer.values(),
  };
  explainer.close();
  return answer;
}

/**
 * Takes the scenario requirement of an account apart: the parts of its model, the scenarios that decide, and what each leg adds.
 * @param account - id or row
 * @throws MarginError unknown-id, and conflict where no model margins the account
 * @example
 * const { requirement, deciding, legs } = explainScenarios(book, 'a1');
 * console.log(deciding[0]?.id, legs.map(({ market, initial }) => [market, initial]));
 */
export function explainScenarios(
  book: BookBase,
  account: string | number,
  options: { bucket?: number } = {},
): ScenarioExplanation {
  checkBook(book);
  const unit = book.unit(account, options.bucket ?? 0);
  const model = book.scenarioModel((book.store.columns.unit.model[unit] ?? 0) - 1);
  if (!model) {
    throw new MarginError('conflict', {
      path: 'account',
      got: book.accountId(book.account(account)),
      expected: 'an account that a scenario model margins',
      hint: 'explain() takes the others apart',
    });
  }
  book.refresh();
  return explainUnit(book, unit, model);
}
