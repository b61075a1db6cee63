// A fund is refilled after the loss: members pay in what is missing to a target, up to what each can give.
import { MarginError } from '../../errors.js';
import type { Row } from '../../venues/rows.js';
import { limitOf } from '../absorb.js';
import { shareColumns } from '../allocate.js';
import { type Amount, amount } from '../amount.js';
import type { Pen } from '../journal.js';
import { LAYER, type Layer, layerOf, purseOf, type ReadLayer } from '../layer.js';
import { askedBy, rowsAsked } from '../participants.js';
import type { Running } from '../running.js';
import { BALANCE } from '../state.js';
import { doneIf, type Work } from '../step.js';

/** Who pays in, as in a layer (`who`, `from`, `weight`, `caps` ...). */
export interface Replenish extends Omit<Layer, 'kind' | 'who' | 'seize' | 'lazy'> {
  /** Names the stage's kind. */
  kind: 'replenish';
  /** Nobody who defaults. */
  who: 'survivors' | readonly string[];
  /**
   * The fund, or `members`: each pays into its own purse. What rounding leaves over (`euclid`, `ceilKeep`) the dust account moves
   * between purses of its own, and by so much members together are below or above the target.
   */
  to: string;
  /** Purse that is filled; default `balance`. */
  into?: string;
  /** What the fund is to hold, minor units; of members: together. */
  target: bigint | number | string;
}

const OF_LOSSES: readonly string[] = ['seize', 'lazy'];

export const REPLENISH_KEYS = [...LAYER.filter((key) => !OF_LOSSES.includes(key)), 'to', 'into', 'target'] as const;

export function replenishStage(row: Row): Work {
  if (row.raw('who') === 'defaulter') {
    const expected = '"survivors", or a list of accounts: who defaults refills nothing';
    throw new MarginError('conflict', { path: row.at('who'), got: 'defaulter', expected });
  }
  const layer = layerOf(row);
  if (layer.scope === 'universe') {
    const expected = 'venue or market: a fund is refilled, not the deficit of a universe';
    throw new MarginError('conflict', { path: row.at('scope'), got: layer.scope, expected });
  }
  const target = amount(row.integer('target'), row.at('target'));
  const into = purseOf(row, 'into', BALANCE);
  const to = row.text('to');
  return {
    kind: 'replenish',
    id: layer.id,
    path: row.path,
    always: true,
    check: (run) => {
      if (to !== 'members') run.other(to, row.at('to'));
      run.other(layer.dust, row.at('dust'));
      if (typeof layer.who === 'string') return;
      for (const [i, id] of layer.who.entries()) run.other(id, `${row.at('who')}[${i}]`);
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
  const { shares, taken, dust } = shareColumns(missing, asked, layer.allocate, layer.round);
  const reason = { code: 'replenished', rule: `${layer.allocate}, ${layer.round}`, amount: missing } as const;
  const dustRow = draft.row(layer.dust);
  let participants = 0;
  const write = (pen: Pen): void => {
    for (const [place, row] of asked.keys.entries()) {
      const part = shares.at(place);
      if (part > 0n) participants += 1;
      pen.money(row, asset, -part, layer.from, place);
      if (fundRow === undefined) pen.money(row, asset, part, fund.into);
    }
    pen.money(dustRow, asset, -dust);
    if (fundRow !== undefined) pen.money(fundRow, asset, taken + dust, fund.into);
    // No member gets units that are no part of its share: the order of the state would decide who.
    else pen.money(dustRow, asset, dust, fund.into);
  };
  run.journal.enter(reason, write, asked);
  draft.spend(layer.id, taken + dust);
  return {
    ...doneIf(participants > 0 || dust !== 0n, () => 'empty'),
    dust,
    participants,
    detail: { missing, target: fund.target },
  };
}
