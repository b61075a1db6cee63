// What is told of a fall, before anybody has decided how: text.ts, json.ts and html/crash.ts only read this.
import { Book } from '../../index.js';
import type { Status, Totals } from '../../margin.js';
import { collect } from '../collect.js';
import type { Venue } from '../demo/venue.js';
import { count, many, percent } from '../format.js';
import type { Phases } from '../progress.js';
import { type Fallout, falloutOf } from './fallout.js';
import { ledgerUnder } from './ledger.js';
import { ASKED, BIDDERS, DEPTH } from './liquidity.js';
import { COVER, type Reserve, reserveOf } from './reserve.js';
import type { Rules } from './rules.js';
import { type Shock, strike } from './shock.js';

/** Of all accounts. */
export interface Health {
  counts: Record<Status, number>;
  totals: Totals;
}

export interface Crash {
  title: string;
  numeraire: string;
  time: string | null;
  accounts: number;
  share: number;
  before: Health;
  after: Health;
  reserve: Pick<Reserve, 'size' | 'owners' | 'assets'>;
  /** By preset, as they were asked for. */
  fallouts: Fallout[];
  notes: string[];
}

/** Of whom the status is a finding. */
export const found = ({ counts }: Health): number => counts.liquidatable + counts.bankrupt;

/**
 * Sets money aside, lets prices fall, and runs a copy of the book down each preset.
 * @param book - of the venue before the fall; is after it then
 */
export function crashOf(
  book: Book,
  venue: Venue,
  shock: Shock,
  { presets, seed, phases }: { presets: readonly Rules[]; seed: number; phases: Phases },
): Crash {
  const health = (): Health => {
    const { counts, totals } = collect(book, { title: '', top: 0, buildSeconds: 0 });
    return { counts, totals };
  };
  const before = health();
  phases.at('setting money aside');
  const reserve = reserveOf(book, shock);
  strike(book, shock);
  const after = health();
  const bytes = book.encode();
  const marks = new Map(venue.markets.map(({ id, mark }) => [id, Number(mark)]));
  const fallouts = presets.map((rules) => {
    phases.at(`${rules.name}: reading the book`);
    const copy = Book.decode(bytes);
    const ledger = ledgerUnder(copy, rules, reserve, marks);
    return falloutOf(copy, ledger, rules, { seed, told: (round) => phases.at(`${rules.name}: round ${round}`) });
  });
  phases.end();
  const { name: title, numeraire, time } = venue;
  const { accounts } = book;
  const own = fallouts.flatMap(({ note }) => (note ? [note] : []));
  const notes = [...venue.notes, ...notesOf(shock, reserve), ...(fallouts.some(hasLoans) ? [LOANS] : []), ...own];
  return { title, numeraire, time, accounts, share: shock.share, before, after, reserve, fallouts, notes };
}

/** Whether something is left open although winners could be deleveraged. */
const hasLoans = ({ residual, layers }: Fallout): boolean => residual > 0n && layers.some(({ kind }) => kind === 'adl');
const LOANS =
  'Paid by nobody, where winners are deleveraged: deleveraging closes positions, so that it covers no loan without one.';

function notesOf({ share, markets }: Shock, { owners }: Reserve): string[] {
  const whose = owners.map(({ id }) => id).join(' and ');
  return [
    `The fall: ${many(markets.size, 'market')} by ${percent(share, 0)} at once; stable coins and prediction markets stay, open orders are cancelled. An isolated position is an account of its own.`,
    `Set aside: what the ${COVER} largest defaulters${whose ? ` (${whose})` : ''} would lack at half the fall, split over the assets by open interest. Every preset has the same money; who holds it differs.`,
    `Order books: ${DEPTH.percent} % of a market's open interest on each side within ${DEPTH.within} % of the mark, half of it in each further round. Auctions: the ${count(BIDDERS)} members with the most free collateral ask for ${percent(ASKED[0] / 10_000, 0)} to ${percent(ASKED[1] / 10_000, 0)} of all that is sold, where they have a tenth of it free.`,
    'Own collateral in other assets is sold, at its price, before others pay; where a preset does not say so, it does here.',
    'Who pays more than it has defaults itself in the next round: what it can not bear is owed again.',
  ];
}
