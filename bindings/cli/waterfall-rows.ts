// What tables and charts of waterfalls say, as rows of words and amounts: text and page only lay them out.
import { nearest } from '../book/nearest.js';
import { magnitude } from '../venues/integer.js';
import { assetOfDetail, digitsOf } from '../waterfall/case-units.js';
import { byAccount, type Contribution } from '../waterfall/contributions.js';
import type { Amount, NamedOutcome } from '../waterfall/index.js';
import { contributions, type Outcome } from '../waterfall/index.js';
import { type AmountWriter, detailOf } from '../waterfall/outcome-json.js';
import { BALANCE } from '../waterfall/state.js';
import type { Because, Step } from '../waterfall/step.js';
import { count, many, percentOf, units } from './format.js';
import type { TableColumn } from './table.js';

export interface Rows {
  columns: TableColumn[];
  cells: string[][];
}

/** Digits that amounts of a loss are shown with: a number of more than this is not read but compared, which --json is for. */
const READ_DIGITS = 8;
const LEAST_DECIMALS = 2;

/** Decimals that amounts are shown with, the same for all of a loss, so that they stand under one another. */
function shownDecimals({ outcome, decimals }: NamedOutcome): { shown: number; digits: number } {
  const digits = digitsOf(decimals, outcome.trace.asset);
  const whole = String(outcome.trace.need).length - digits;
  return { digits, shown: Math.min(digits, Math.max(LEAST_DECIMALS, READ_DIGITS - Math.max(whole, 0))) };
}

/** Amounts of the asset that the loss is in, as words. */
export function speaker(run: NamedOutcome): (amount: Amount) => string {
  const { digits, shown } = shownDecimals(run);
  return (amount) => units(amount, digits, shown);
}

/** What is to be said once of all: digits that are not shown, holders who are not in the case. */
export function notesText(runs: readonly NamedOutcome[]): string[] {
  const [first] = runs;
  if (!first) return [];
  const { digits, shown } = shownDecimals(first);
  const notes = [...first.outcome.state.columns.holdings].flatMap(([market, held]) => {
    const open = held.lots.sum();
    const [more, less] = open > 0n ? ['long', 'short'] : ['short', 'long'];
    const lots = `${market}: ${magnitude(open)} lots more are ${more} than ${less}, so some holders are missing.`;
    return open === 0n ? [] : [lots];
  });
  notes.push(...unusedText(runs));
  if (shown < digits) notes.push(`Amounts are cut after ${shown} of ${digits} decimals; --json has all of them.`);
  return notes;
}

/** Purses that no stage names: a misspelt one is money that nobody asks for. */
function unusedText(runs: readonly NamedOutcome[]): string[] {
  const named = new Set([BALANCE, 'collateral']);
  const names = (value: unknown): void => {
    if (typeof value === 'string') named.add(value);
    else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) names(part);
  };
  for (const { outcome } of runs) names(outcome.trace.stages);
  const purses = new Set([...(runs[0]?.outcome.state.columns.purses.values() ?? [])].map(({ purse }) => purse));
  return [...purses].flatMap((purse) => {
    if (named.has(purse)) return [];
    const near = nearest(purse, named);
    return [`No stage takes from the purse "${purse}"${near === undefined ? '' : ` (did you mean "${near}"?)`}.`];
  });
}

/** A stage that the run came to, or not: a stage that ends the run leaves those after it. */
export type StageRow = Pick<Step, 'stage' | 'kind' | 'need' | 'open' | 'participants'> & { step: Step | null };

export function stageRows({ trace, residual }: Outcome): StageRow[] {
  const done = trace.steps.map((step): StageRow => ({ ...step, step }));
  const rest = trace.stages.slice(done.length).map(({ id, kind }): StageRow => {
    return { stage: id, kind: kind ?? 'layer', need: residual, open: residual, participants: 0, step: null };
  });
  return [...done, ...rest];
}

/** Why nothing was done. */
const BECAUSE: Readonly<Record<Because, string>> = {
  nothingOpen: 'nothing was open',
  trigger: 'its trigger said no',
  noPositions: 'no positions to take',
  noBids: 'nobody has bid',
  noBook: 'no order book to sell into',
  noPrices: 'no prices to sell other assets at',
  noPurse: 'nobody has such a purse, or anything in it',
  guarded: 'a guard forbids it',
  empty: 'had nothing to give',
  nobody: 'found nobody to ask',
  refused: 'no bid was good enough',
  full: 'nothing is missing',
  settled: 'was settled before',
};
/** Where it is not a bid that was refused. */
const REFUSED: Readonly<Record<string, string>> = {
  liquidate: 'no order was good enough',
  transfer: 'no deficit was small enough',
};

/** Keys of a detail that other columns have. */
const SHOWN = ['needed', 'shortfall'];

/** Why a stage has done nothing; nothing where it has done what it is for. */
function reasonOf({ step, kind }: StageRow): string {
  if (!step) return 'the run had ended';
  if (step.status === 'stopped') return 'ends the run';
  if (step.because === 'refused' && REFUSED[kind]) return REFUSED[kind];
  if (step.because) return BECAUSE[step.because];
  return step.open > step.need ? 'the loss grows' : '';
}

/** What a stage says about what it has done. */
export function detailText(run: NamedOutcome, { step, stage }: StageRow): string {
  if (step?.status !== 'applied' && step?.status !== 'stopped') return '';
  const { asset, stages } = run.outcome.trace;
  const found = stages.find(({ id }) => id === stage);
  const say: AmountWriter = (amount, of) =>
    of === asset ? speaker(run)(amount) : `${units(amount, digitsOf(run.decimals, of))} ${of}`;
  const detail = detailOf(step.detail ?? {}, (key) => assetOfDetail(found, key, asset), say);
  return Object.entries(detail as Record<string, unknown>)
    .flatMap(([key, value]) => {
      const text = wordsOf(value);
      return SHOWN.includes(key) || text === '' || /^0(\.0*)?$/.test(text) ? [] : [`${key} ${text}`];
    })
    .join(', ');
}

/** Both. */
export const whyOf = (run: NamedOutcome, row: StageRow): string =>
  [reasonOf(row), detailText(run, row)].filter((text) => text !== '').join(', ');

function wordsOf(value: unknown): string {
  if (typeof value === 'number') return count(value);
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  if (Array.isArray(value)) return value.map(entryOf).join(', ');
  return Object.entries(value)
    .map(([name, part]) => `${wordsOf(part)} ${name}`)
    .join(', ');
}

/** An entry of a list: who it is about, and what there is of it. */
function entryOf(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null) return wordsOf(entry);
  const [[, who], ...more] = Object.entries(entry) as [[string, unknown], ...[string, unknown][]];
  return `${wordsOf(who)} (${more.map(([name, part]) => `${name} ${wordsOf(part)}`).join(', ')})`;
}

/** A stage a row: what was asked of it, what it gave, and why it did not. @param why - how much the last column says */
export function stageTable(run: NamedOutcome, why: (row: StageRow) => string = reasonOf): Rows {
  const say = speaker(run);
  const absorbing = new Set(run.outcome.feasibility.layers.map(({ stage }) => stage));
  const rows = stageRows(run.outcome).map((row): string[] => {
    const { step, stage, need, open, participants } = row;
    const asked = step !== null && step.status !== 'held' && need > 0n && absorbing.has(stage);
    const capacity = !asked ? '' : step.capacity === null ? 'no limit' : say(step.capacity);
    const gave = participants === 0 ? '' : count(participants);
    const paid = need === open ? '-' : say(need - open);
    return [stage, step?.status ?? 'not run', capacity, paid, say(open), gave, why(row)];
  });
  const columns: TableColumn[] = [
    { title: 'Layer', left: true },
    { title: 'Status', left: true },
    { title: 'Could give' },
    { title: 'Paid' },
    { title: 'Left open' },
    { title: 'Gave' },
    { title: 'Why', left: true },
  ];
  const shown = rows.some((row) => row[6] !== '') ? columns : columns.slice(0, 6);
  return { columns: shown, cells: rows.map((row) => row.slice(0, shown.length)) };
}

/** Who paid most, an account a row. */
export function payerTable(run: NamedOutcome, top: number): Rows & { total: number } {
  const say = speaker(run);
  const payers = payersOf(run.outcome);
  const cells = payers.slice(0, top).map(({ account, amount, stages }) => {
    const layers = stages.map((each) => `${each.stage} ${say(each.amount)}`).join(', ');
    return [account, say(amount), percentOf(amount, run.outcome.trace.need), layers];
  });
  const columns = [
    { title: 'Account', left: true },
    { title: 'Paid' },
    { title: 'Of the loss' },
    { title: 'In', left: true },
  ];
  return { columns, cells, total: payers.length };
}

const KEPT = new WeakMap<Outcome, readonly Contribution[]>();

/** Who gave what; found once, since a default that everybody shares has a posting for each account. */
export function givenIn(outcome: Outcome): readonly Contribution[] {
  const given = KEPT.get(outcome) ?? contributions(outcome);
  KEPT.set(outcome, given);
  return given;
}

export const payersOf = (outcome: Outcome): ReturnType<typeof byAccount> =>
  byAccount(givenIn(outcome)).filter(({ amount }) => amount > 0n);

/** Who defaults: by name, or how many. */
export function whoText({ outcome: { deficits } }: NamedOutcome): string {
  const [first] = deficits;
  return deficits.length === 1 && first ? first.account : many(deficits.length, 'defaulter');
}

/** The loss in a sentence. */
export function lossText(run: NamedOutcome): string {
  const { trace } = run.outcome;
  return `${speaker(run)(trace.need)} ${trace.asset} of ${whoText(run)}`;
}

/** Whether the layers reach. */
export function feasibilityText(run: NamedOutcome): string {
  const say = speaker(run);
  const { feasibility, trace } = run.outcome;
  const can = feasibility.capacity === null ? 'any amount' : `${say(feasibility.capacity)} ${trace.asset}`;
  if (trace.need === 0n) return 'nothing was open: there is no loss';
  if (!feasibility.feasible) return `no: ${say(feasibility.shortfall)} ${trace.asset} is missing`;
  // Deleveraging has no capacity of its own: it may cover what the others could not.
  const enough = feasibility.capacity === null || feasibility.capacity >= trace.need;
  return enough ? `yes: the layers that the loss reached could give ${can}` : 'yes';
}

/** What is left, by defaulter. */
export function residualText(run: NamedOutcome): string {
  const say = speaker(run);
  const left = run.outcome.deficits.filter(({ residual }) => residual > 0n);
  if (left.length === 0) return 'nothing';
  const named = left.map(({ account, residual }) => `${account} ${say(residual)}`).join(', ');
  return `${say(run.outcome.residual)} ${run.outcome.trace.asset}: ${named}`;
}

/** Who bore units of rounding. */
export function dustText(run: NamedOutcome): string {
  const say = speaker(run);
  const parts = [...run.outcome.dust].map(([stage, dust]) => `${stage} ${say(dust)}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}
