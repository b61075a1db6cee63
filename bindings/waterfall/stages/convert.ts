// What a defaulter holds in other assets is sold for what it owes, at the event's prices less a discount: its own resources
// before anybody else's.
import type { Exact } from '../../liquidation/exact.js';
import { ceilDiv, smaller } from '../../venues/integer.js';
import type { Row } from '../../venues/rows.js';
import { type Amount, floorOf, fraction, type Ratio } from '../amount.js';
import type { Pen } from '../journal.js';
import type { Running } from '../running.js';
import { BALANCE, OUTSIDE } from '../state.js';
import { type Because, doneIf, type Work } from '../step.js';

export interface Convert {
  kind: 'convert';
  id: string;
  /** Below the event's prices, a fraction; default 0. */
  discount?: Ratio;
  /** Who buys; default `outside`. */
  to?: string;
}

export const CONVERT_KEYS = ['kind', 'id', 'discount', 'to'] as const;

/** Assets go in the order of the event's `prices`. */
export function convertStage(row: Row): Work {
  const to = row.has('to') ? row.text('to') : OUTSIDE;
  const discount = fraction((row.has('discount') ? row.raw('discount') : 0) as Ratio, row.at('discount'));
  const kept = discount.denominator - discount.numerator;
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
      const capacity = worthOf(run, kept, discount.denominator);
      let participants = 0;
      let raised = 0n;
      run.journal.enter({ code: 'sold', rule: 'own assets' }, (pen) => {
        for (const [i, owner] of run.event.defaulters.entries()) {
          const before = run.open[i] as Amount;
          for (const [asset, price] of run.event.prices) {
            const at = { numerator: price.numerator * kept, denominator: price.denominator * discount.denominator };
            raised += sell(pen, run, { i, owner, buyer, asset }, at);
          }
          if (run.open[i] !== before) participants += 1;
        }
      });
      const idle = (): Because => (run.event.prices.size === 0 ? 'noPrices' : 'empty');
      return { ...doneIf(participants > 0, idle), capacity, participants, detail: { raised } };
    },
  };
}

/** What all that defaulters hold in other assets would bring, minor units. */
function worthOf(run: Running, kept: bigint, of: bigint): Amount {
  let sum = 0n;
  for (const [i, owner] of run.event.defaulters.entries()) {
    for (const [asset, { numerator, denominator }] of (run.open[i] as Amount) > 0n ? run.event.prices : []) {
      const held = asset === run.asset ? 0n : freeOf(run, owner, asset);
      if (held > 0n) sum += floorOf(held, { numerator: numerator * kept, denominator: denominator * of });
    }
  }
  return sum;
}

/** A balance that backs a loss of positions in the same asset is not free: sold, it would leave a deficit there. */
const freeOf = (run: Running, owner: number, asset: string): Amount =>
  smaller(run.draft.amountAt(owner, BALANCE, asset), run.draft.equityAt(owner, asset));

/** Sells as much as the deficit needs. @returns what came in, minor units of the event's asset */
function sell(
  pen: Pen,
  run: Running,
  { i, owner, buyer, asset }: { i: number; owner: number; buyer: number; asset: string },
  price: Exact,
): Amount {
  const open = run.open[i] as Amount;
  if (open === 0n || price.numerator === 0n || asset === run.asset) return 0n;
  const held = freeOf(run, owner, asset);
  if (held <= 0n) return 0n;
  const sold = smaller(held, ceilDiv(open * price.denominator, price.numerator));
  const paid = floorOf(sold, price);
  pen.money(owner, asset, -sold);
  pen.money(buyer, asset, sold);
  pen.money(buyer, run.asset, -paid);
  pen.money(owner, run.asset, paid);
  run.open[i] = paid < open ? open - paid : 0n;
  return paid;
}
