// A backstop takes over what defaulters hold: all their positions with their money, at the bankruptcy price so to say, or the
// positions alone at the mark. What it takes is bounded, so that one pool can not be drained by another's trades.
import { type Integer, smaller } from '../../venues/integer.js';
import type { Row } from '../../venues/rows.js';
import { type Amount, above0, amount } from '../amount.js';
import type { Pen } from '../journal.js';
import { worthOf } from '../market.js';
import type { Running } from '../running.js';
import { doneIf, type Work } from '../step.js';
import { writeTrade } from '../trade.js';
import { oneOf } from '../words.js';

/** A stage in which a backstop takes over what defaulters hold. */
export interface Transfer {
  /** Names the stage's kind. */
  kind: 'transfer';
  /** Its name, unique among the stages. */
  id: string;
  /** Who takes over. */
  to: string;
  /** With all money (default: the defaulter keeps nothing, the backstop bears the deficit), or at the mark. */
  price?: 'bankruptcy' | 'mark';
  /** Bounds of the deficit that it takes, minor units; a defaulter that does not fit is left alone. */
  caps?: { perDefault?: Integer; perBlock?: Integer; bpsOfNav?: Integer };
}

export const TRANSFER_KEYS = ['kind', 'id', 'to', 'price', 'caps'] as const;

export function transferStage(row: Row): Work {
  const to = row.text('to');
  const atMark = oneOf(row.has('price') ? row.raw('price') : 'bankruptcy', row.at('price'), PRICES) === 'mark';
  const caps = row.has('caps') ? row.row('caps', ['perDefault', 'perBlock', 'bpsOfNav']) : undefined;
  const cap = (key: string): Amount | null => (caps?.has(key) ? amount(caps.integer(key), caps.at(key)) : null);
  const bounds = { perDefault: cap('perDefault'), perBlock: cap('perBlock'), bpsOfNav: cap('bpsOfNav') };
  const id = row.text('id');
  const taker = (run: Running): number => run.draft.row(to, row.at('to'));
  const room = (run: Running): Amount | null => (atMark ? 0n : roomOf(run, taker(run), id, bounds));
  return {
    kind: 'transfer',
    id,
    path: row.path,
    always: true,
    check: (run) => {
      run.other(to, row.at('to'));
    },
    absorbs: true,
    run: (run) => {
      let left = room(run);
      const any = run.givesAny;
      let [participants, absorbed] = [0, 0n];
      run.journal.enter({ code: 'transferred', rule: atMark ? 'mark' : 'bankruptcy' }, (pen) => {
        for (const [i, defaulter] of run.event.defaulters.entries()) {
          if (!run.gives(defaulter)) continue;
          if (atMark) tradeAll(pen, run, defaulter, taker(run));
          else {
            const deficit = run.open[i] as Amount;
            if ((left !== null && deficit > left) || (bounds.perDefault !== null && deficit > bounds.perDefault))
              continue;
            moveAll(pen, run, defaulter, taker(run));
            run.open[i] = 0n;
            absorbed += deficit;
            if (left !== null) left -= deficit;
          }
          participants += 1;
        }
      });
      run.draft.spend(id, absorbed);
      return { ...doneIf(participants > 0, () => (any ? 'refused' : 'noPositions')), capacity: absorbed, participants };
    },
  };
}

const PRICES = ['bankruptcy', 'mark'] as const;

interface Bounds {
  perBlock: Amount | null;
  bpsOfNav: Amount | null;
}

/** What the taker can bear: its equity at the marks, within the bounds. */
function roomOf(run: Running, taker: number, id: string, { perBlock, bpsOfNav }: Bounds): Amount {
  let room = above0(run.draft.equityAt(taker, run.asset));
  const cap = (most: Amount): void => {
    room = smaller(room, above0(most));
  };
  if (bpsOfNav !== null) cap((room * bpsOfNav) / 10_000n);
  if (perBlock !== null) cap(perBlock - run.draft.spent(id));
  return room;
}

/** Positions with what they have cost, and the money that goes with them. */
function moveAll(pen: Pen, run: Running, from: number, to: number): void {
  const cash = run.cash(from);
  // A cost without lots is money too.
  for (const market of run.event.markets) {
    const { lots, cost } = run.draft.positionAt(from, market);
    pen.lots(from, market, -lots);
    pen.lots(to, market, lots);
    pen.cost(from, market, -cost);
    pen.cost(to, market, cost);
  }
  pen.money(from, run.asset, -cash);
  pen.money(to, run.asset, cash);
}

/** Positions at the marks; what they have made or lost stays with the defaulter. */
function tradeAll(pen: Pen, run: Running, from: number, to: number): void {
  for (const { market, lots } of run.held(from)) {
    writeTrade(pen, run.draft, { market, from, to, lots, value: worthOf(market, lots, market.mark) });
  }
}
