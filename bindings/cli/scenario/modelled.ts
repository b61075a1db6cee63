// Accounts that scenario models margin, as the report tells them: which scenario decides, and what the requirement is made of.
import type { BookBase } from '../../book/book.js';
import type { ModelJSON, PartExplanation, ScenarioExplanation, TailScenario } from '../../scenario.js';
import { explainScenarios, scenarioText } from '../../scenario.js';
import { percent } from '../format.js';

/** A part of a requirement that stands beside others, with its own factors and those above it. */
export interface RequirementPart {
  name: string;
  underlying: string | null;
  initial: number;
  maintenance: number;
}

/** A margin unit and its model. */
export interface Modelled {
  account: string;
  /** 0: cross. */
  bucket: number;
  model: ModelJSON;
  explanation: ScenarioExplanation;
  parts: RequirementPart[];
  /** What decides, in words. */
  decides: string;
  /** What the unit gains in the scenarios that decide, by their weights; null where none does. */
  gain: number | null;
  deciding: Deciding[];
  /** A scenario in words. */
  words(scenario: { index: number; underlying?: string | null }): string;
}

/** Parts smaller than this share of the requirement are left out of a line. */
const LEAST_SHARE = 0.005;

/** Row of the unit's model, or -1. */
const rowOf = (book: BookBase, unit: number): number => (book.store.columns.unit.model[unit] ?? 0) - 1;

/** Id of the model that margins an account; null: the tables of its markets do. */
export function modelId(book: BookBase, account: number): string | null {
  const [unit] = book.unitsOf(account);
  const row = unit === undefined ? -1 : rowOf(book, unit);
  return row < 0 ? null : book.modelId(row);
}

/** The model of an id, as it was written. */
export const modelOf = (book: BookBase, id: string): ModelJSON | undefined => book.scenarioModel(book.model(id))?.json;

const ratio = (whole: number, part: number): number => (part === 0 ? 1 : whole / part);

/** Sums are taken apart down to what is no sum; of a choice without a name, what counts in it. */
export function partsOf(part: PartExplanation, scale: readonly [number, number] = [1, 1]): RequirementPart[] {
  const own = part.parts ?? [];
  const counting = part.kind === 'max' && part.name === 'max' ? own.find(({ counts }) => counts) : undefined;
  if (counting) {
    const factors = [ratio(part.initial, counting.initial), ratio(part.maintenance, counting.maintenance)] as const;
    const rows = partsOf(counting, [scale[0] * factors[0], scale[1] * factors[1]]);
    return rows.map((row) => ({ ...row, underlying: row.underlying ?? part.underlying ?? null }));
  }
  const split = part.kind === 'sum' || part.kind === 'each';
  if (!split || own.length === 0) {
    const { name, underlying = null, initial, maintenance } = part;
    return [{ name, underlying, initial: initial * scale[0], maintenance: maintenance * scale[1] }];
  }
  // A sum may have a factor of its own.
  const sum = own.reduce((total, each) => total + each.initial, 0);
  const ends = own.reduce((total, each) => total + each.maintenance, 0);
  const times = [scale[0] * ratio(part.initial, sum), scale[1] * ratio(part.maintenance, ends)] as const;
  return own.flatMap((each) =>
    partsOf(each, times).map((row) => ({ ...row, underlying: row.underlying ?? part.underlying ?? null })),
  );
}

/** A scenario that decides, for the underlying that it is asked of; null: for all that is held. */
export type Deciding = Omit<TailScenario, 'underlying'> & { underlying: string | null };

/** The scenario that costs most, and how many others decide. */
function decidesText(
  deciding: readonly Deciding[],
  { scenarios }: ScenarioExplanation,
  words: Modelled['words'],
): string {
  const costs = ({ gain, weight }: Deciding): number => -gain * weight;
  const first = deciding.reduce<Deciding | undefined>(
    (most, each) => (!most || costs(each) > costs(most) ? each : most),
    undefined,
  );
  if (!first) return scenarios.length === 0 ? 'rules alone' : 'nothing is lost';
  const one = first.expiry ?? first.underlying;
  const whose = one === null ? '' : `${one} `;
  return `${whose}${words(first)}${deciding.length > 1 ? ` and ${deciding.length - 1} more` : ''}`;
}

/** What the initial requirement is made of: `loss 87 %, short options 13 %`. */
export function madeOf({ parts, explanation: { initialMargin, requirement } }: Modelled): string {
  const orders = { name: 'open orders', underlying: null, initial: initialMargin - requirement.initial };
  const names = [...parts, orders]
    .filter(({ initial }) => Math.abs(initial) > LEAST_SHARE * initialMargin)
    .sort((a, b) => b.initial - a.initial)
    .map(({ name, underlying, initial }) => {
      const whose = underlying === null ? '' : ` of ${underlying}`;
      return `${name}${whose} ${percent(initial / initialMargin, 0)}`;
    });
  return names.length === 0 ? 'nothing' : names.join(', ');
}

/** A unit that a model margins; its bucket is one of the account. */
export function modelledOf(book: BookBase, account: number, explanation: ScenarioExplanation): Modelled {
  const model = modelOf(book, explanation.model.id) as ModelJSON;
  const [first, ...more] = explanation.deltas;
  const only = more.length === 0 ? first?.underlying : undefined;
  const words: Modelled['words'] = ({ index, underlying }) => scenarioText(model, index, underlying ?? only);
  const deciding = explanation.deciding.map((each) => ({ ...each, underlying: each.underlying ?? null }));
  return {
    account: book.accountId(account),
    bucket: explanation.bucket,
    model,
    explanation,
    parts: partsOf(explanation.requirement),
    decides: decidesText(deciding, explanation, words),
    gain: deciding.length === 0 ? null : deciding.reduce((sum, { gain, weight }) => sum + gain * weight, 0),
    deciding,
    words,
  };
}

/** Units with the largest initial requirements by models, and how many there are. */
export function largestModelled(
  book: BookBase,
  initialMargin: Float64Array,
  most: number,
): { rows: Modelled[]; units: number } {
  const units: number[] = [];
  if (!book.scenarioModel(0)) return { rows: [], units: 0 };
  for (let u = 0; u < book.units; u++) if (rowOf(book, u) >= 0) units.push(u);
  const chosen = units
    .slice()
    .sort((a, b) => (initialMargin[b] as number) - (initialMargin[a] as number) || a - b)
    .slice(0, most);
  const rows = chosen.map((u) => {
    const account = book.unitAccount(u);
    return modelledOf(book, account, explainScenarios(book, account, { bucket: book.unitBucket(u) }));
  });
  return { rows, units: units.length };
}

/** Scenarios that decide, with the underlying that is asked and words for what they move. */
export const decidingJSON = ({ deciding, words }: Modelled): unknown[] =>
  deciding.map((each) => ({ ...each, what: words(each) }));

/** A requirement by a model for machines. */
export function scenarioJSON(row: Modelled): Record<string, unknown> {
  const { explanation, parts } = row;
  const { requirement, legs, remainder, deltas, optionValue, collateralValue, initialMargin, maintenanceMargin } =
    explanation;
  return {
    model: explanation.model,
    initialMargin,
    maintenanceMargin,
    deciding: decidingJSON(row),
    parts,
    legs,
    remainder,
    deltas,
    optionValue,
    collateralValue,
    requirement,
  };
}
