// A waterfall as bars: the loss, from which each layer takes its part, down to what is left. A bar starts where the one above
// it ends; its parts are the accounts that paid.
import { amountText } from '../../waterfall/case-units.js';
import type { Amount, NamedOutcome } from '../../waterfall/index.js';
import { many, short } from '../format.js';
import { givenIn, lossText, type StageRow, speaker, stageRows, whyOf } from '../waterfall-rows.js';
import type { Chart } from './draw.js';
import { type Bar, type Line, stepsDrawing } from './steps-drawing.js';

/** Colours of layers; beyond them they start again. */
const COLOURS = 8;
/** A payer has a part of its own from this part of the axis on; smaller ones share the last part. */
const LEAST_PART = 1 / 80;
/** The class of a layer's colour, the same in all waterfalls of a page; those that pay have theirs first. */
export function layerClasses(runs: readonly NamedOutcome[]): (stage: string) => string {
  const rows = runs.flatMap(({ outcome }) => stageRows(outcome));
  const pays = rows.filter(({ need, open }) => need > open);
  const names = [...new Set([...pays, ...rows].map(({ stage }) => stage))];
  return (stage) => `layer-${names.indexOf(stage) % COLOURS}`;
}

/** An amount as a length: only drawn, never computed with. */
const lengthOf = (run: NamedOutcome, amount: Amount): number =>
  Number(amountText({ asset: run.outcome.trace.asset, decimals: run.decimals }, amount));

/** Parts of a stage's bar, from the right: payers, the largest first. */
function partsOf(run: NamedOutcome, { stage, need, open }: StageRow, row: number, most: number, css: string): Bar[] {
  const say = speaker(run);
  const paid = need - open;
  const given = givenIn(run.outcome).filter((each) => each.stage === stage && each.amount > 0n);
  const sum = given.reduce((total, { amount }) => total + amount, 0n);
  const bar = (title: string, from: Amount, to: Amount): Bar => {
    const [x1, x2] = [lengthOf(run, from), lengthOf(run, to)];
    return { row, x1, x2, css, title };
  };
  // Where it took more than was missing, its parts would not fit.
  if (paid < 0n) return [{ ...bar(`${stage}: ${say(-paid)} more`, need, open), css: 'liquidatable' }];
  if (sum !== paid) return paid === 0n ? [] : [bar(`${stage}: ${say(paid)}`, open, need)];
  const parts: Bar[] = [];
  let end = need;
  const large = given.filter(({ amount }) => lengthOf(run, amount) >= most * LEAST_PART);
  for (const { account, amount } of large) {
    parts.push(bar(`${stage}, ${account}: ${say(amount)}`, end - amount, end));
    end -= amount;
  }
  const rest = given.slice(large.length);
  const who =
    rest.length === 1 && rest[0] ? rest[0].account : many(rest.length, large.length > 0 ? 'other account' : 'account');
  if (rest.length > 0) parts.push(bar(`${stage}, ${who}: ${say(end - open)}`, open, end));
  return parts;
}

function linesOf(run: NamedOutcome, most: number, cssOf: (stage: string) => string): { lines: Line[]; bars: Bar[] } {
  const say = speaker(run);
  const { trace, residual } = run.outcome;
  const at = (amount: Amount): number => lengthOf(run, amount);
  const rows = stageRows(run.outcome);
  const last = rows.length + 1;
  const whole = (row: number, name: string, amount: Amount): Line => {
    return { row, name, from: 0, to: at(amount), label: say(amount), brief: short(at(amount)), next: at(amount) };
  };
  const lines = rows.map((row, i): Line => {
    const paid = row.need - row.open;
    const who = row.participants > 1 ? ` from ${row.participants}` : '';
    const [low, high] = paid < 0n ? [row.need, row.open] : [row.open, row.need];
    const [label, brief] =
      paid === 0n
        ? [whyOf(run, row), row.step?.status ?? 'not run']
        : paid < 0n
          ? [`${say(-paid)} more: the loss grows`, `+${short(at(-paid))}`]
          : [`${say(paid)}${who}`, short(at(paid))];
    return { row: i + 1, name: row.stage, from: at(low), to: at(high), label, brief, next: at(row.open) };
  });
  const bars = [
    { row: 0, x1: 0, x2: at(trace.need), css: 'loss', title: `loss: ${say(trace.need)}` },
    ...rows.flatMap((row, i) => partsOf(run, row, i + 1, most, cssOf(row.stage))),
    { row: last, x1: 0, x2: at(residual), css: 'bankrupt', title: `left open: ${say(residual)}` },
  ];
  const left = {
    ...whole(last, 'left open', residual),
    ...(residual === 0n ? { label: 'nothing', brief: 'nothing' } : {}),
  };
  return { lines: [whole(0, 'loss', trace.need), ...lines, left], bars };
}

/** The most that was ever open: selling below the mark makes a loss larger. */
const largestOf = ({ outcome: { trace } }: NamedOutcome): Amount =>
  trace.steps.reduce((most, { open }) => (open > most ? open : most), trace.need);

const nameLength = ({ outcome }: NamedOutcome): number =>
  outcome.trace.stages.reduce((most, { id }) => Math.max(most, id.length), 'left open'.length);

/**
 * @param id - of its place on the page
 * @param all - those it is compared with, this one among them: they have one scale and one colour for each layer
 */
export function stepsChart(run: NamedOutcome, id: string, all: readonly NamedOutcome[]): Chart {
  const { trace, residual } = run.outcome;
  const most = Math.max(...all.map((each) => lengthOf(each, largestOf(each)))) || 1;
  const { lines, bars } = linesOf(run, most, layerClasses(all));
  const names = Math.max(...all.map(nameLength));
  const say = speaker(run);
  const left = residual === 0n ? 'Nothing is left open.' : `${say(residual)} ${trace.asset} is left open.`;
  return stepsDrawing({
    id,
    title: run.name,
    description:
      all.length > 1
        ? `${many(trace.stages.length, 'layer')}. ${left}`
        : `The loss of ${lossText(run)} goes down ${many(trace.stages.length, 'layer')}: each bar starts where the one above it ends, its parts are the accounts that paid. ${left}`,
    lines,
    bars,
    most,
    names,
  });
}
