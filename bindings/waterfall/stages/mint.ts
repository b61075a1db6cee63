// The last resort that prints: a debt auction sells new tokens for what is open. Bidders compete in how few they take; holders
// bear the loss as dilution.

import { MarginError } from '../../errors.js';
import { type Integer, smaller } from '../../venues/integer.js';
import type { Row } from '../../venues/rows.js';
import { credit, creditsOf } from '../absorb.js';
import { amount, fractionText, type Ratio } from '../amount.js';
import { type DebtAuction, debtBid, dilution } from '../auction/debt.js';
import { freeOf } from '../free.js';
import type { Running } from '../running.js';
import { OUTSIDE } from '../state.js';
import type { Done, Work } from '../step.js';

/** A stage that sells new tokens for what is open. */
export interface Mint {
  /** Names the stage's kind. */
  kind: 'mint';
  /** Its name, unique among the stages, and that of its offers in the event. */
  id: string;
  /** Asset that is issued, from `outside`. */
  token: string;
  /** Most that one auction raises, minor units; default: all that is open. */
  bid?: Integer;
  /** Tokens that are offered for it at first, minor units. */
  lot: Integer;
  /** Factor by which an offer has to better the last; default 1.05 (Maker). */
  beg?: Ratio;
  /** Tokens there are, minor units, for the dilution that is reported. */
  supply?: Integer;
}

export const MINT_KEYS = ['kind', 'id', 'token', 'bid', 'lot', 'beg', 'supply'] as const;

/** Offers are the event's, by the id of the stage: `{ bidder, lot }`, in the order in which they come. */
export function mintStage(row: Row): Work {
  const id = row.text('id');
  const [token, lot] = [row.text('token'), amount(row.integer('lot'), row.at('lot'))];
  const most = row.has('bid') ? amount(row.integer('bid'), row.at('bid')) : null;
  const beg = (row.has('beg') ? row.raw('beg') : '1.05') as Ratio;
  const supply = row.has('supply') ? amount(row.integer('supply'), row.at('supply')) : null;
  const offers = (run: Running): Row[] => run.bids(id, ['bidder', 'lot']);
  return {
    kind: 'mint',
    id,
    path: row.path,
    absorbs: true,
    check: (run) => {
      if (token === run.asset) {
        throw new MarginError('conflict', {
          path: row.at('token'),
          got: token,
          expected: 'another asset than that of the loss',
        });
      }
      for (const offer of offers(run)) run.other(offer.text('bidder'), offer.at('bidder'));
    },
    run: (run) => {
      const need = run.need();
      const bid = most === null ? need : smaller(most, need);
      let auction: DebtAuction = { bid, lot, beg, system: OUTSIDE };
      for (const offer of offers(run)) {
        // Who could not pay does not lead.
        if (freeOf(run, run.draft.row(offer.text('bidder')), run.asset) < bid) continue;
        auction = debtBid(auction, { bidder: offer.text('bidder'), lot: offer.integer('lot') }).auction;
      }
      const { leader } = auction;
      if (leader === undefined || leader === null) {
        return { status: 'idle', because: offers(run).length === 0 ? 'noBids' : 'refused', capacity: 0n };
      }
      const minted = amount(auction.lot, 'lot');
      issue(run, run.draft.row(leader), { bid, token, minted });
      const part = supply === null ? {} : { dilution: fractionText(dilution(minted, supply)) };
      const detail = { winner: leader, minted, raised: bid, ...part };
      return { status: 'applied', capacity: bid, participants: 1, detail } satisfies Done;
    },
  };
}

function issue(
  run: Running,
  winner: number,
  { bid, token, minted }: { bid: bigint; token: string; minted: bigint },
): void {
  const places = run.open.map((_, i) => i);
  const credits = creditsOf(run, bid, places, run.open);
  run.journal.enter({ code: 'issued', rule: 'debt auction', amount: bid }, (pen) => {
    pen.money(winner, run.asset, -bid);
    credit(run, pen, places, credits);
    pen.money(run.draft.row(OUTSIDE), token, -minted);
    pen.money(winner, token, minted);
  });
}
