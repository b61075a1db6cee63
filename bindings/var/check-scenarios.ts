// Scenarios as they may be: columns of one length, finite moves that leave a price, weights that sum to 1.
import { decimal, isObject } from '../book/fields.js';
import { MarginError } from '../errors.js';
import type { Scenarios } from './types.js';

/** Scenarios of one set: more would not fit a row of gains. */
export const MOST_SCENARIOS = 1 << 24;
/** Weights may miss 1 by rounding. */
const WEIGHT_SLACK = 1e-9;
/** A price may rise ten thousand times its own; products with what is held stay finite far beyond. */
const MOST_MOVE = 1e4;

const isTexts = (list: unknown): list is readonly string[] =>
  Array.isArray(list) && !Array.from(list).some((text) => typeof text !== 'string');

/** @throws MarginError type, range, not-finite: what is no column of moves */
export function checkColumn(
  values: unknown,
  count: number,
  path: string,
  least: number,
): asserts values is Float64Array {
  if (!(values instanceof Float64Array))
    throw new MarginError('type', { path, got: typeof values, expected: 'a Float64Array' });
  if (values.length !== count)
    throw new MarginError('range', { path, got: values.length, expected: `${count} numbers, one a scenario` });
  // A loop, not findIndex: columns in use are read again at each tick.
  let at = 0;
  while (at < count && (values[at] ?? 0) >= least && (values[at] ?? 0) <= MOST_MOVE) at++;
  if (at < count)
    throw new MarginError(Number.isFinite(values[at]) ? 'range' : 'not-finite', {
      path,
      index: at,
      got: values[at],
      expected: `a number from ${least} to ${MOST_MOVE}`,
    });
}

function checkWeights(weights: unknown, count: number, path: string): void {
  checkColumn(weights, count, path, 0);
  let sum = 0;
  for (const weight of weights as Float64Array) sum += weight;
  if (!(Math.abs(sum - 1) <= WEIGHT_SLACK))
    throw new MarginError('range', { path, got: sum, expected: 'weights that sum to 1' });
}

/** @throws MarginError with the path of what is wrong */
export function checkScenarios(scenarios: Scenarios, path = 'scenarios'): void {
  if (!isObject(scenarios))
    throw new MarginError('type', {
      path,
      got: scenarios,
      expected: 'scenarios',
      hint: 'historical(), filtered(), monteCarlo() and others make them',
    });
  const { method, names, count, moves, volatilities, weights, labels, horizon } = scenarios as Partial<Scenarios>;
  if (typeof method !== 'string')
    throw new MarginError('type', { path: `${path}.method`, got: method, expected: 'a text: how they came about' });
  decimal(horizon, `${path}.horizon`, { above: 0 });
  if (!(Number.isInteger(count) && Number(count) >= 1 && Number(count) <= MOST_SCENARIOS))
    throw new MarginError('range', {
      path: `${path}.count`,
      got: count,
      expected: `a whole number from 1 to ${MOST_SCENARIOS}`,
    });
  const n = Number(count);
  if (!isTexts(names) || names.length === 0 || names.includes(''))
    throw new MarginError('type', { path: `${path}.names`, got: names, expected: 'at least one name' });
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new MarginError('duplicate', { path: `${path}.names`, got: twice, expected: 'each name once' });
  if (!Array.isArray(moves) || moves.length !== names.length)
    throw new MarginError('type', {
      path: `${path}.moves`,
      got: moves,
      expected: `a column for each of ${names.length} names`,
    });
  // Array.from, as forEach leaves holes out.
  Array.from(moves).forEach((column, i) => void checkColumn(column, n, `${path}.moves[${i}]`, -1));
  if (volatilities !== undefined && !Array.isArray(volatilities))
    throw new MarginError('type', { path: `${path}.volatilities`, got: volatilities, expected: 'a list of columns' });
  if (volatilities !== undefined && volatilities.length !== names.length)
    throw new MarginError('range', {
      path: `${path}.volatilities`,
      got: volatilities.length,
      expected: `${names.length} columns, one a name, undefined where volatilities stay`,
    });
  volatilities?.forEach((column, i) => {
    if (column !== undefined) checkColumn(column, n, `${path}.volatilities[${i}]`, -1);
  });
  if (weights !== undefined) checkWeights(weights, n, `${path}.weights`);
  if (labels !== undefined && !isTexts(labels))
    throw new MarginError('type', { path: `${path}.labels`, got: labels, expected: 'a list of texts' });
  if (labels !== undefined && labels.length !== n)
    throw new MarginError('range', {
      path: `${path}.labels`,
      got: labels.length,
      expected: `${n} labels, one a scenario`,
    });
}
