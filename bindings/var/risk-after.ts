// What trades would make of the risk of an account: once, or again and again for an account that is held open.
import type { BookBase } from '../book/book.js';
import type { Ref } from '../book/book-rows.js';
import { Fields } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { checkBook } from '../margin.js';
import { tailEngine } from './gains.js';
import { MEASURE_KEYS } from './measure.js';
import { Question, type QuestionOptions, type RiskTrade, readTrade } from './question.js';
import type { Scenarios } from './types.js';

/** How the risk of an account is measured. */
export type RiskAfterOptions = Omit<QuestionOptions, 'account'>;

/** Both measures, and how much more they are than before. */
export interface RiskAfterTrade {
  /** Without the trades; numeraire, losses positive. */
  before: { var: number; es: number };
  /** With them. */
  after: { var: number; es: number };
  /** after - before; negative: they lessen the risk. */
  incremental: { var: number; es: number };
}

/**
 * What trades would make of the risk of an account: with them less without them. Gains are made once for a book and its prices, so a
 * question costs two passes over the scenarios.
 * @param account - id or row
 * @throws MarginError as portfolioRisk
 * @example
 * const { incremental } = riskAfter(book, 'a1', { market: 'BTC-PERP', size: -1 }, scenarios);
 */
export function riskAfter(
  book: BookBase,
  account: Ref,
  trades: RiskTrade | readonly RiskTrade[],
  scenarios: Scenarios,
  options: RiskAfterOptions = {},
): RiskAfterTrade {
  checkBook(book);
  tailEngine(book);
  const f = new Fields(options, 'options', [...MEASURE_KEYS, 'factors']);
  const list = Array.isArray(trades) ? (trades as readonly RiskTrade[]) : [trades as RiskTrade];
  const read = Array.from(list, (trade, i) => readTrade(book, trade, list.length === 1 ? 'trade' : `trades[${i}]`));
  // Without one it would be the whole book.
  const asked = new Question(book, scenarios, { ...options, account: book.account(account) }, read, f);
  const before = asked.ask();
  const after = asked.ask(undefined, read);
  return { before: figures(before), after: figures(after), incremental: difference(after, before) };
}

interface Figures {
  var: number;
  es: number;
}

const figures = ({ var: risk, es }: Figures): Figures => ({ var: risk, es });
const difference = (a: Figures, b: Figures): Figures => ({ var: a.var - b.var, es: a.es - b.es });

/** An account that is held open for what-ifs on its value at risk. It follows the book; questions to the book change nothing. */
export interface RiskWhatIf {
  /** As it is. */
  readonly risk: { var: number; es: number };
  /**
   * With `size` contracts more of a market (negative: sold). Nothing is kept.
   * @param price - quote; default the mark
   * @throws MarginError unknown-id, type, range, conflict
   */
  try(
    market: Ref,
    size: Decimal,
    price?: Decimal,
  ): { var: number; es: number; incremental: { var: number; es: number } };
}

/**
 * Opens an account for what-ifs on its value at risk and expected shortfall: each costs a pass over the scenarios.
 * @param account - id or row
 * @throws MarginError as portfolioRisk
 * @example
 * const what = riskWhatIf(book, 'a1', scenarios, { confidence: '0.99' });
 * console.log(what.risk.es, what.try('BTC-PERP', -1).incremental.es);
 */
export function riskWhatIf(
  book: BookBase,
  account: Ref,
  scenarios: Scenarios,
  options: RiskAfterOptions = {},
): RiskWhatIf {
  checkBook(book);
  tailEngine(book);
  const f = new Fields(options, 'options', [...MEASURE_KEYS, 'factors']);
  let changes = -1;
  let asked: Question;
  let now: Figures;
  const open = (): void => {
    if (changes === book.changes) return;
    asked = new Question(book, scenarios, { ...options, account }, [], f);
    now = figures(asked.ask());
    changes = book.changes;
  };
  open();
  return {
    get risk(): Figures {
      open();
      return { ...now };
    },
    try(market, size, price) {
      const trade = readTrade(book, price === undefined ? { market, size } : { market, size, price }, 'trade');
      open();
      const after = figures(asked.ask(undefined, [trade]));
      return { ...after, incremental: difference(after, now) };
    },
  };
}
