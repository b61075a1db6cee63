// What tables and charts of waterfalls say, as rows of words and amounts: text and page only lay them out.
import { assetOfDetail, digitsOf } from '../waterfall/case-units.js';
import { byAccount, type Contribution } from '../waterfall/contributions.js';
import type { Amount, NamedOutcome } from '../waterfall/index.js';
import { contributions, type Outcome } from '../waterfall/index.js';
import { type AmountWriter, detailOf } from '../waterfall/outcome-json.js';
import { DUST, OUTSIDE } from '../waterfall/state.js';
import type { Step } from '../waterfall/step.js';
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

/** What is to be said of digits that are not shown; nothing where all are. */
export function cutText(runs: readonly NamedOutcome[]): string[] {
  const [first] = runs;
  if (!first) return [];
  const { digits, shown } = shownDecimals(first);
  return shown === digits ? [] : [`Amounts are cut after ${shown} of ${digits} decimals; --json has all of them.`];
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

/** Why nothing was done, by kind of stage. */
const IDLE: Readonly<Record<string, string>> & { layer: string } = {
  layer: 'found nobody to ask',
  replenish: 'nothing is missing, or nobody can pay in',
  transfer: 'nothing to take over that fits',
  adl: 'found nobody on the other side',
  liquidate: 'nothing could be sold',
  convert: 'nothing to sell',
  auction: 'nobody has bid',
  collateral: 'nobody has bid',
  portfolio: 'nobody has bid',
  mint: 'nobody has bid',
};
/** Keys of a detail that other columns have. */
const SHOWN = ['needed', 'shortfall'];

/** Why a stage has done nothing; nothing where it has done what it is for. */
function reasonOf({ step, kind }: StageRow): string {
  if (!step) return 'the run had ended';
  if (step.status === 'held') return 'its trigger said no';
  if (step.status === 'stopped') return 'ends the run';
  if (step.status === 'applied') return step.open > step.need ? 'the loss grows' : '';
  if (step.need === 0n) return 'nothing was open';
  return step.capacity === 0n ? 'had nothing to give' : (IDLE[kind] ?? IDLE.layer);
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
  return Object.entries(value)
    .map(([name, part]) => `${wordsOf(part)} ${Array.isArray(value) ? '' : name}`.trim())
    .join(', ');
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

export const payersOf = (outcome: Outcome): ReturnType<typeof byAccount> =>
  byAccount(contributions(outcome)).filter(({ amount }) => amount > 0n);

/** Who an account is to the loss. */
type Party = 'defaulters' | 'venue' | 'others' | 'market' | 'rounding';

function partyOf({ state, deficits, dust, trace }: Outcome): (given: Contribution) => Party {
  const defaulters = new Set(deficits.map(({ account }) => account));
  const { house } = state.columns;
  const dusty = dust.size > 0 && trace.steps.length > 0;
  return ({ account }) => {
    if (defaulters.has(account)) return 'defaulters';
    if (dusty && account === DUST) return 'rounding';
    if (account === OUTSIDE) return 'market';
    return house[state.row(account)] ? 'venue' : 'others';
  };
}

/** Facts that are left out where they are 0 under every waterfall. */
const RARE = ['Lost in the market', 'Rounding'];

/** Facts of several waterfalls, a waterfall a column. */
export function compareTable(runs: readonly NamedOutcome[]): Rows {
  const facts = runs.map((run): [string, string][] => {
    const say = speaker(run);
    const { outcome } = run;
    const sums: Record<Party, Amount> = { defaulters: 0n, venue: 0n, others: 0n, market: 0n, rounding: 0n };
    const party = partyOf(outcome);
    for (const given of contributions(outcome)) sums[party(given)] += given.amount;
    const payers = payersOf(outcome);
    const reached = outcome.trace.steps.filter(({ need, status }) => need > 0n && status !== 'held').length;
    const [most] = payers;
    return [
      ['Loss', say(outcome.trace.need)],
      ['Lost in the market', say(-sums.market)],
      ['Paid by the defaulters', say(sums.defaulters)],
      ['Paid by the venue', say(sums.venue)],
      ['Paid by other accounts', say(sums.others)],
      ['Rounding', say(sums.rounding)],
      ['Left open', say(outcome.residual)],
      ['Layers reached', `${reached} of ${outcome.trace.stages.length}`],
      ['Accounts that paid', count(payers.length)],
      ['Largest payer', most ? most.account : '-'],
      ['Its payment', most ? say(most.amount) : '-'],
      ['Covered', outcome.feasible ? 'yes' : 'no'],
    ];
  });
  const names = (facts[0] ?? []).map(([name]) => name);
  const cells = names.map((name, i) => [name, ...facts.map((column) => (column[i] as [string, string])[1])]);
  return {
    columns: [{ title: '', left: true }, ...runs.map(({ name }) => ({ title: name }))],
    cells: cells.filter(([name = '', ...row]) => !RARE.includes(name) || row.some((cell) => /[1-9]/.test(cell))),
  };
}

/** What each account pays under each waterfall: those first who pay most under any. */
export function payerCompareTable(runs: readonly NamedOutcome[], top: number): Rows & { total: number } {
  const most = new Map<string, Amount>();
  const paid = runs.map(({ outcome }) => new Map(payersOf(outcome).map(({ account, amount }) => [account, amount])));
  for (const [account, amount] of paid.flatMap((map) => [...map])) {
    if (amount > (most.get(account) ?? 0n)) most.set(account, amount);
  }
  const order = [...most].sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x > y ? -1 : 1));
  const cells = order.slice(0, top).map(([account]) => [
    account,
    ...runs.map((run, i) => {
      const amount = paid[i]?.get(account);
      return amount === undefined ? '-' : speaker(run)(amount);
    }),
  ]);
  const columns = [{ title: 'Account', left: true }, ...runs.map(({ name }) => ({ title: name }))];
  return { columns, cells, total: order.length };
}

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
