// A fund is refilled after the loss: members pay in what is missing to a target, up to what each can give.
import type { Row } from '../../venues/rows.js';
import { limitOf } from '../absorb.js';
import { shareColumns } from '../allocate.js';
import { type Amount, amount } from '../amount.js';
import type { Pen } from '../journal.js';
import { LAYER, type Layer, layerOf, type ReadLayer } from '../layer.js';
import { askedBy, rowsAsked } from '../participants.js';
import type { Running } from '../running.js';
import { BALANCE } from '../state.js';
import { doneIf, type Work } from '../step.js';

/** Who pays in, as in a layer (`who`, `from`, `weight`, `caps` ...). */
export interface Replenish extends Omit<Layer, 'kind' | 'who' | 'seize' | 'lazy'> {
  kind: 'replenish';
  who: 'survivors' | readonly string[];
  /** The fund, or `members`: each pays into its own purse. */
  to: string;
  /** Purse that is filled; default `balance`. */
  into?: string;
  /** What the fund is to hold, minor units; of members: together. */
  target: bigint | number | string;
}

export const REPLENISH_KEYS = [...LAYER, 'to', 'into', 'target'] as const;

export function replenishStage(row: Row): Work {
  const layer = layerOf(row);
  const target = amount(row.integer('target'), row.at('target'));
  const into = row.has('into') ? row.text('into') : BALANCE;
  const to = row.text('to');
  return {
    kind: 'replenish',
    id: layer.id,
    path: row.path,
    always: true,
    check: (run) => {
      if (to !== 'members') run.other(to, row.at('to'));
    },
    run: (run) => refill(run, layer, { to, into, target, path: row.at('to') }),
  };
}

function refill(
  run: Running,
  layer: ReadLayer,
  fund: { to: string; into: string; target: Amount; path: string },
): ReturnType<Work['run']> {
  const { draft, asset } = run;
  const fundRow = fund.to === 'members' ? undefined : draft.row(fund.to, fund.path);
  const members = [...rowsAsked(run, layer, undefined)].filter((row) => row !== fundRow);
  const { asked } = askedBy(run, layer, members);
  const held = (row: number): Amount => draft.amountAt(row, fund.into, asset);
  const holds = fundRow === undefined ? members.reduce((sum, row) => sum + held(row), 0n) : held(fundRow);
  const limit = limitOf(run, layer);
  const lacks = fund.target - holds;
  const missing = limit !== null && limit < lacks ? limit : lacks;
  if (missing <= 0n) return { status: 'idle', because: 'full' };
  if (asked.length === 0) return { status: 'idle', because: members.length === 0 ? 'nobody' : 'empty' };
  const { shares, dust } = shareColumns(missing, asked, layer.allocate, layer.round);
  const reason = { code: 'replenished', rule: `${layer.allocate}, ${layer.round}`, amount: missing } as const;
  let participants = 0;
  const write = (pen: Pen): void => {
    let sum = 0n;
    for (const [place, row] of asked.keys.entries()) {
      const part = shares.at(place);
      if (part > 0n) participants += 1;
      pen.money(row, asset, -part, layer.from, place);
      if (fundRow === undefined) pen.money(row, asset, part, fund.into);
      sum += part;
    }
    pen.money(draft.row(layer.dust), asset, -dust);
    if (fundRow !== undefined) pen.money(fundRow, asset, sum + dust, fund.into);
    else if (dust !== 0n) pen.money(asked.keys[0] as number, asset, dust, fund.into);
  };
  run.journal.enter(reason, write, asked);
  draft.spend(layer.id, missing);
  return {
    ...doneIf(participants > 0, () => 'empty'),
    dust,
    participants,
    detail: { missing, target: fund.target },
  };
}
