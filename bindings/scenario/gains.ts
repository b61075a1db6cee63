// What an account gains in every scenario of its model, and the worst of them.
import type { BookBase } from '../book/book.js';
import { AT_LEAST_0, Fields } from '../book/fields.js';
import { MarginError } from '../errors.js';
import { NONE } from '../layout.js';
import { checkBook } from '../margin.js';
import { FILLED, Fold } from '../reference/scenario/fold.js';
import { gainIn, worst } from '../reference/scenario/scan.js';

/** What an account gains in each scenario of a set; numeraire. */
export interface ScenarioGains {
  /** Gains in the order in which the scenarios of the set were written, weights applied; negative: a loss. */
  gains: { id: string; index: number; gain: number }[];
  /** Largest loss; negative where the account gains in every scenario. */
  loss: number;
  /** The first scenario with that loss: its number in the table as it was written. */
  worst: number;
}

/**
 * What an account gains in the scenarios of a set: the array that a scan picks the largest loss from.
 * @param account - id or row
 * @param options - set, default `scan`; underlying: only what is on it; bucket
 * @throws MarginError unknown-id, unknown-key, type, and conflict where no model margins the account
 * @example
 * const { loss, worst } = scenarioGains(book, 'a1');
 * console.log(loss, worst);
 */
export function scenarioGains(
  book: BookBase,
  account: string | number,
  options: { set?: string; underlying?: string; bucket?: number } = {},
): ScenarioGains {
  checkBook(book);
  const f = new Fields(options, 'options', ['set', 'underlying', 'bucket']);
  const unit = book.unit(account, f.has('bucket') ? f.number('bucket', AT_LEAST_0) : 0);
  const k = (book.store.columns.unit.model[unit] ?? 0) - 1;
  const model = book.scenarioModel(k);
  if (!model)
    throw new MarginError('conflict', {
      path: 'account',
      got: book.accountId(book.account(account)),
      expected: 'an account that a scenario model margins',
    });
  const set = f.string('set', 'scan');
  const rows = model.sets.get(set);
  if (!rows)
    throw new MarginError('unknown-id', {
      path: 'set',
      got: set,
      expected: `one of ${[...model.sets.keys()].join(', ')}`,
    });
  book.refresh();
  const first = book.store.columns.model.scenario[k] ?? 0;
  const scope = f.has('underlying') ? book.underlying(f.string('underlying')) : NONE;
  const fold = new Fold(book.store, unit, k);
  fold.run(FILLED.none);
  const gain = (row: number): number => gainIn(fold, scope, row, NONE);
  const gains = model.scenarios
    .slice(...rows)
    .map(({ id, index }, s) => ({ id, index, gain: gain(first + rows[0] + s) + 0 }));
  const { loss, row } = worst(first + rows[0], first + rows[1], true, gain);
  fold.close();
  return { gains, loss: loss + 0, worst: model.scenarios[row - first]?.index ?? 0 };
}
