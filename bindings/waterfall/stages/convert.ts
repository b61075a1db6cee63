// What a defaulter holds in other assets is sold for what it owes, at the event's prices less a discount: its own resources
// before anybody else's.
import { type Exact, times } from '../../liquidation/exact.js';
import { ceilDiv, smaller } from '../../venues/integer.js';
import type { Row } from '../../venues/rows.js';
import { type Amount, above0, floorOf, fraction, type Ratio, within } from '../amount.js';
import { freeOf } from '../free.js';
import type { Pen } from '../journal.js';
import type { Running } from '../running.js';
import { OUTSIDE } from '../state.js';
import { type Because, doneIf, type Work } from '../step.js';

/** A stage that sells other assets of defaulters for what they owe. */
export interface Convert {
  /** Names the stage's kind. */
  kind: 'convert';
  /** Its name, unique among the stages. */
  id: string;
  /** Below the event's prices, a fraction; default 0. */
  discount?: Ratio;
  /** Who buys, as much as its balance can pay; default `outside`, which pays for everything. */
  to?: string;
}

export const CONVERT_KEYS = ['kind', 'id', 'discount', 'to'] as const;

/** Assets go in the order of the event's `prices`. */
export function convertStage(row: Row): Work {
  const to = row.has('to') ? row.text('to') : OUTSIDE;
  const discount = fraction((row.has('discount') ? row.raw('discount') : 0) as Ratio, row.at('discount'));
  const kept = { numerator: discount.denominator - discount.numerator, denominator: discount.denominator };
  return {
    kind: 'convert',
    id: row.text('id'),
    path: row.path,
    absorbs: true,
    check: (run) => {
      run.other(to, row.at('to'));
    },
    run: (run) => {
      const buyer = run.draft.row(to);
      // At no price above 0 there is nothing to be sold for.
      const prices = [...run.event.prices].flatMap(([asset, price]): Price[] =>
        asset === run.asset || kept.numerator === 0n ? [] : [{ asset, at: times(price, kept) }],
      );
      const capacity = worthOf(run, prices, moneyOf(run, buyer));
      let participants = 0;
      let raised = 0n;
      run.journal.enter({ code: 'sold', rule: 'own assets' }, (pen) => {
        for (const i of run.event.defaulters.keys()) {
          const before = run.open[i] as Amount;
          for (const price of prices) raised += sell(pen, run, { i, buyer }, price);
          if (run.open[i] !== before) participants += 1;
        }
      });
      const idle = (): Because => (run.event.prices.size === 0 ? 'noPrices' : 'empty');
      return { ...doneIf(participants > 0, idle), capacity, participants, detail: { raised } };
    },
  };
}

/** An asset that is sold, and minor units of the event's asset for one of its own. */
interface Price {
  asset: string;
  at: Exact;
}

/** What a buyer can pay; null: everything, since who is not in the state has no end of money. */
const moneyOf = (run: Running, buyer: number): Amount | null =>
  run.draft.id(buyer) === OUTSIDE ? null : above0(freeOf(run, buyer, run.asset));

/** What all that defaulters hold in other assets would bring, minor units. */
function worthOf(run: Running, prices: readonly Price[], money: Amount | null): Amount {
  let sum = 0n;
  for (const [i, owner] of run.event.defaulters.entries()) {
    for (const { asset, at } of (run.open[i] as Amount) > 0n ? prices : []) {
      sum += floorOf(above0(freeOf(run, owner, asset)), at);
    }
  }
  return within(sum, money);
}

/**
 * Sells as much as the deficit needs and the buyer can pay, and no unit that brings nothing.
 * @returns what came in, minor units of the event's asset
 */
function sell(pen: Pen, run: Running, { i, buyer }: { i: number; buyer: number }, { asset, at }: Price): Amount {
  const open = run.open[i] as Amount;
  const owner = run.event.defaulters[i] as number;
  const unitsFor = (amount: Amount): Amount => ceilDiv(amount * at.denominator, at.numerator);
  const money = moneyOf(run, buyer);
  const affordable = money === null ? null : (money * at.denominator) / at.numerator;
  const most = within(smaller(above0(freeOf(run, owner, asset)), unitsFor(open)), affordable);
  const paid = floorOf(most, at);
  if (paid === 0n) return 0n;
  const sold = unitsFor(paid);
  pen.money(owner, asset, -sold);
  pen.money(buyer, asset, sold);
  pen.money(buyer, run.asset, -paid);
  pen.money(owner, run.asset, paid);
  run.open[i] = paid < open ? open - paid : 0n;
  return paid;
}
