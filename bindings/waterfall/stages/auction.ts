// A sealed auction of what defaulters hold, as clearing houses run it: bids are for the portfolio at its marks, so a bid is what
// its winner pays on top, or below 0 what it is paid. The quality of bids makes members junior for the layers behind.
import { ceilDiv, floorDiv, magnitude } from '../../venues/integer.js';
import type { Row } from '../../venues/rows.js';
import { share } from '../allocate.js';
import { type Amount, above0 } from '../amount.js';
import { GROUP_OF } from '../auction/quality.js';
import { type Award, type SealedBid, type SealedRule, sealedAuction } from '../auction/sealed.js';
import { worthOf } from '../market.js';
import type { Running } from '../running.js';
import type { Work } from '../step.js';
import { writeTrade } from '../trade.js';

/** A stage that sells what defaulters hold by sealed bids. */
export interface Auction extends Omit<SealedRule, 'mandatory' | 'type'> {
  /** Names the stage's kind. */
  kind: 'auction';
  /** Its name, unique among the stages, and that of its bids in the event. */
  id: string;
  /** One price for everything (default), or identical units of it. */
  type?: 'single' | 'multi';
  /** Who has to bid: members, each for this many units at least. Default: nobody. */
  mandatory?: 'survivors' | SealedRule['mandatory'];
}

export const AUCTION_KEYS = ['kind', 'id', 'type', 'units', 'price', 'reserve', 'mandatory'] as const;

/** Bids are the event's, by the id of the stage: `{ bidder, price, units?, at? }`, minor units. */
export function auctionStage(row: Row): Work {
  const id = row.text('id');
  const type = row.word('type', ['single', 'multi'], 'single');
  const all = row.raw('mandatory') === 'survivors';
  const open = (run: Running): ReturnType<typeof sealedAuction> & { unfunded: string[] } => {
    const { funded, unfunded } = fundedBids(run, id);
    const rule: Record<string, unknown> = { type };
    for (const key of ['units', 'price', 'reserve']) if (row.has(key)) rule[key] = row.raw(key);
    if (row.has('mandatory')) rule.mandatory = all ? biddersOf(run, funded) : row.raw('mandatory');
    return { ...sealedAuction(funded, rule as unknown as SealedRule), unfunded };
  };
  return {
    kind: 'auction',
    id,
    path: row.path,
    always: true,
    check: (run) => {
      for (const bid of run.bids(id)) run.other(bid.text('bidder'), bid.at('bidder'));
      open(run);
    },
    run: (run) => {
      // Without an auction nobody has failed to bid.
      if (!run.event.bids.has(id)) return { status: 'idle', because: run.givesAny ? 'noBids' : 'noPositions' };
      const { awards, clearing, sold, unsold, quality, unfunded } = open(run);
      const without = all ? membersWithout(run) - quality.length : 0;
      for (const { id: member, quality: how } of quality) run.draft.setGroup(run.draft.row(member), GROUP_OF[how]);
      const holders = run.event.defaulters.filter((holder) => run.gives(holder));
      if (holders.length === 0 || awards.length === 0) {
        const because = holders.length === 0 ? 'noPositions' : run.bids(id).length === 0 ? 'noBids' : 'refused';
        return { status: 'idle', because, detail: { quality, without, unfunded } };
      }
      const proceeds = hand(run, holders, awards, sold + unsold);
      run.remeasure();
      const detail = { clearing, proceeds, sold, unsold, quality, without, unfunded };
      return { status: 'applied', participants: awards.length, detail };
    },
  };
}

/** Bids that bidders can pay, each after those before it: what a deficit is covered with has to be there. */
function fundedBids(run: Running, id: string): { funded: SealedBid[]; unfunded: string[] } {
  const given = (run.event.bids.get(id) ?? []) as SealedBid[];
  const left = new Map<string, Amount>();
  const unfunded: string[] = [];
  // The best first, whatever the list's order.
  const rows = run.bids(id).map((bid, i) => ({ bid, i, price: bid.integer('price'), units: bid.integer('units', 1n) }));
  rows.sort(
    (a, b) => compared(b.price, a.price) || a.bid.number('at', 0) - b.bid.number('at', 0) || compared(b.units, a.units),
  );
  const funded = rows.flatMap(({ bid, i, price, units }) => {
    const bidder = bid.text('bidder');
    const has = left.get(bidder) ?? above0(run.draft.equityAt(run.draft.row(bidder, bid.at('bidder')), run.asset));
    const cost = above0(price * units);
    if (cost > has) unfunded.push(bidder);
    else left.set(bidder, has - cost);
    return cost > has ? [] : [given[i] as SealedBid];
  });
  return { funded, unfunded };
}

const compared = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** Members that have bid; that all others have not is said of each by its group, not by a list of a million. */
function biddersOf(run: Running, bids: readonly SealedBid[]): { id: string }[] {
  const { house } = run.draft.columns;
  const names = new Set(bids.map(({ bidder }) => bidder));
  return [...names].flatMap((bidder) => {
    const at = run.draft.row(bidder);
    return house[at] || run.isDefaulter(at) ? [] : [{ id: bidder }];
  });
}

/** Everybody who had to bid stands with those who did not. @returns how many they are */
function membersWithout(run: Running): number {
  const { house } = run.draft.columns;
  let members = 0;
  for (let row = 0; row < run.draft.accounts; row++) {
    if (house[row] || run.isDefaulter(row)) continue;
    run.draft.setGroup(row, GROUP_OF.none);
    members += 1;
  }
  return members;
}

/** Lots of the first units, away from zero. */
const partOf = (lots: Amount, upTo: Amount, units: Amount): Amount =>
  lots < 0n ? floorDiv(lots * upTo, units) : ceilDiv(lots * upTo, units);

/** Hands winners their part of every position at the marks, and what they pay to the defaulters by the worth of theirs. @returns what they pay, all together */
function hand(run: Running, holders: readonly number[], awards: readonly Award[], units: Amount): Amount {
  const held = holders.flatMap((row) => run.held(row).map((position) => ({ row, ...position })));
  const worth = new Map<number, Amount>();
  for (const { row, market, lots } of held) {
    worth.set(row, (worth.get(row) ?? 0n) + magnitude(worthOf(market, lots, market.mark)));
  }
  const total = [...worth.values()].reduce((sum, each) => sum + each, 0n);
  let proceeds = 0n;
  const weights = holders.map((row) => ({ id: run.draft.id(row), weight: worth.get(row) || 1n }));
  run.journal.enter({ code: 'sold', rule: 'sealed auction' }, (pen) => {
    let before = 0n;
    for (const { bidder, units: won, pays } of awards) {
      const [to, upTo] = [run.draft.row(bidder), before + won];
      let given = 0n;
      for (const { row: from, market, lots } of held) {
        // Cumulative parts, so that all units together are the position; the best bid is first, and its part rounded up.
        const part = partOf(lots, upTo, units) - partOf(lots, before, units);
        if (part === 0n) continue;
        const value = worthOf(market, part, market.mark);
        writeTrade(pen, run.draft, { market, from, to, lots: part, value });
        given += magnitude(value);
      }
      // Lots are whole: who gets less than its units were to be pays that much less.
      const due = total * won;
      const paid = given * units < due ? (pays * given * units) / due : pays;
      const { shares } = share(magnitude(paid), weights, 'proRata', 'largestRemainder');
      for (const [i, row] of holders.entries()) {
        pen.money(row, run.asset, paid < 0n ? -(shares[i] as Amount) : (shares[i] as Amount));
      }
      pen.money(to, run.asset, -paid);
      proceeds += paid;
      before = upTo;
    }
  });
  return proceeds;
}
