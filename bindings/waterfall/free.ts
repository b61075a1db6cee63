// What an account may sell of its own, or pay.
import { smaller } from '../venues/integer.js';
import type { Amount } from './amount.js';
import type { Running } from './running.js';
import { BALANCE } from './state.js';

/** Of a purse. A balance that backs a loss of positions in the same asset is not free: given, it would leave a deficit there. */
export function freeOf(run: Running, owner: number, asset: string, purse = BALANCE): Amount {
  const held = run.draft.amountAt(owner, purse, asset);
  return purse === BALANCE ? smaller(held, run.draft.equityAt(owner, asset)) : held;
}
