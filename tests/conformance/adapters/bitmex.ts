// BitMEX: the deleveraging queue, its quintile lights and who is closed.
import type { Decimal } from 'margin-kernel';
import { decimal, negate, scaled } from 'margin-kernel/venues/decimal';
import { adl, queueOf } from 'margin-kernel/waterfall';
import { type Adapters, adapter } from './adapter.js';

interface Queue {
  accounts: { id: number | string; qty: Decimal; score: Decimal }[];
  closeShort: Decimal;
  bankruptcyPrice: Decimal;
}

/** Decimals that a lot has here. */
const UNIT = 30;

export const queue: Adapters = {
  'adl.rank': adapter<Queue>(({ accounts, closeShort, bankruptcyPrice }) => {
    const candidates = accounts.map(({ id, qty, score }) => ({ id: String(id), lots: scaled(qty, UNIT), score }));
    const places = queueOf(candidates, { space: 'contracts' });
    const size = scaled(negate(closeShort), UNIT);
    const need = { size, mark: bankruptcyPrice, bankruptcy: bankruptcyPrice };
    const closes = size === 0n ? [] : adl(need, candidates, { allocation: 'queue', space: 'contracts' }).closes;
    return {
      quintile: Object.fromEntries(places.map(({ id, light }) => [id, light])),
      closed: Object.fromEntries(closes.map(({ id, lots }) => [id, decimal(-lots, UNIT)])),
    };
  }),
};
