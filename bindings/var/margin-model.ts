// Margin models that follow the market while a book runs: another factor of a named part, and a dynamic multiplier that takes the next
// step. The model goes through the door of the book, so what it refuses leaves book and state as they were.
import type { BookBase } from '../book/book.js';
import type { Ref } from '../book/book-rows.js';
import { isObject } from '../book/fields.js';
import { nearest } from '../book/nearest.js';
import { MarginError } from '../errors.js';
import { checkBook } from '../margin.js';
import type { LevelFactor, ModelJSON, PartJSON } from '../scenario/types.js';
import {
  type DynamicMargin,
  type DynamicMarginOptions,
  type DynamicMarginState,
  dynamicMargin,
  type MarginObservation,
} from '../statistics/procyclicality/dynamic-margin.js';

/** Parts within a part. */
function within(part: PartJSON): PartJSON[] {
  if ('sum' in part) return part.sum;
  if ('max' in part) return part.max;
  if ('each' in part) return [part.each];
  return 'of' in part && isObject(part.of) ? [part.of] : [];
}

function named(part: PartJSON, id: string): number {
  return (part.id === id ? 1 : 0) + within(part).reduce((count, each) => count + named(each, id), 0);
}

const idsOf = (part: PartJSON): string[] => [
  ...(part.id === undefined ? [] : [part.id]),
  ...within(part).flatMap(idsOf),
];

/** The same tree with another factor of the parts of a name. */
function withFactor(part: PartJSON, id: string, factor: LevelFactor): PartJSON {
  const inner = (each: PartJSON): PartJSON => withFactor(each, id, factor);
  const own = part.id === id ? { ...part, factor } : part;
  if ('sum' in own) return { ...own, sum: own.sum.map(inner) };
  if ('max' in own) return { ...own, max: own.max.map(inner) };
  if ('each' in own) return { ...own, each: inner(own.each) };
  return 'of' in own && isObject(own.of) ? { ...own, of: inner(own.of) } : own;
}

/**
 * A model with another factor of a part.
 * @param part - its id, that of one part alone
 * @throws MarginError unknown-id, and conflict where several parts have it
 */
function modelWith(model: ModelJSON, part: string, factor: LevelFactor): ModelJSON {
  const count = named(model.requirement, part);
  if (count === 1) return { ...model, requirement: withFactor(model.requirement, part, factor) };
  const ids = [...new Set(idsOf(model.requirement))];
  const near = nearest(part, ids);
  throw new MarginError(count === 0 ? 'unknown-id' : 'conflict', {
    path: 'part',
    got: part,
    expected:
      count === 0
        ? `one of ${ids.join(', ') || 'parts with an id, of which the model has none'}`
        : 'the id of one part alone',
    ...(near === undefined || count > 0 ? {} : { hint: `Did you mean "${near}"?` }),
  });
}

/**
 * Puts another factor into a part of a model of a running book: a multiplier, a buffer that is released, a lower share of netting.
 * Accounts keep the model.
 * @param model - id or row
 * @param part - id of the part
 * @param factor - number, or by level: what the part is multiplied by, so a buffer of 25 % is 1.25
 * @returns the model as it was, for `book.replaceModel`, which puts it back
 * @throws MarginError unknown-id, conflict, range, type; the book is unchanged
 * @example
 * setFactor(book, 'value-at-risk', 'buffer', 1.1); // 15 of 25 % are released
 */
export function setFactor(book: BookBase, model: Ref, part: string, factor: LevelFactor): ModelJSON {
  checkBook(book);
  const had = book.scenarioModel(book.model(model));
  if (!had) throw new MarginError('unknown-id', { path: 'model', got: model, expected: 'a model of the book' });
  book.replaceModel(modelWith(had.json, part, factor));
  return had.json;
}

/** What a step of a followed model comes to. */
export interface FollowedModel extends DynamicMargin {
  /** The model as it was before the step. */
  before: ModelJSON;
}

/**
 * One step of `dynamicMargin` for a model of a running book: what a margin of 1 comes to is put into the part `multiplier`. The model
 * has its own stress weight, buffer and floor; the step may have them too, as ratios to the calculated margin.
 * @param model - id or row, of a model with such a part: `presets.valueAtRisk({ ..., multiplier: 1 })` makes one
 * @param state - of the step before; null at first
 * @param observation - return, indicators, ratios; its margin is 1
 * @param options - as of `dynamicMargin`
 * @param part - id of the part that takes the multiplier
 * @returns the step with its state, which the next one is given, and the model as it was
 * @throws MarginError as `dynamicMargin` and `setFactor` do; book and state are unchanged
 * @example
 * const { margin, state } = followMargin(book, 'value-at-risk', null, { return: -0.08 }, { halfLife: 10, normal: 0.03 });
 */
export function followMargin(
  book: BookBase,
  model: Ref,
  state: DynamicMarginState | null,
  observation: Omit<MarginObservation, 'margin'>,
  options: DynamicMarginOptions,
  part = 'multiplier',
): FollowedModel {
  const step = dynamicMargin(state, { ...observation, margin: 1 }, options);
  return { ...step, before: setFactor(book, model, part, step.margin) };
}
