// The auction of a whole account, share by share (Derive): while it is worth something at a falling discount of its value, and
// once it is worth less than nothing for a rising payment, out of the fund first. A share is of everything: money and lots.

import { MarginError } from '../../errors.js';
import { ceilDiv, floorDiv, type Integer, magnitude } from '../../venues/integer.js';
import type { Row } from '../../venues/rows.js';
import { type Amount, above0 } from '../amount.js';
import type { DiscountCurve } from '../auction/curve.js';
import { WAD } from '../auction/fixed.js';
import { insolventBid } from '../auction/insolvent.js';
import { portfolioBuy } from '../auction/portfolio.js';
import { freeOf } from '../free.js';
import type { Pen } from '../journal.js';
import { worthOf } from '../market.js';
import { columnOf } from '../participants.js';
import type { Running } from '../running.js';
import { type Done, doneIf, type Work } from '../step.js';

/** A stage that auctions whole accounts, share by share. */
export interface PortfolioStage {
  /** Names the stage's kind. */
  kind: 'portfolio';
  /** Its name, unique among the stages, and that of its bids in the event. */
  id: string;
  /** Share of the value that is asked, 1e18, by seconds. */
  curve: DiscountCurve;
  /** By how much more than the maintenance margin an account is brought up, 1e18; default 0. */
  buffer?: Integer;
  /** Seconds in which the payment for an insolvent account grows from its value to its margin. */
  length: Integer;
  /** Who pays for insolvent accounts. */
  fund: string;
  /** Who bears what the fund lacks (its balance may go below 0); default: nobody, and no more is sold than the fund can pay for. */
  rest?: string;
}

export const PORTFOLIO_KEYS = ['kind', 'id', 'curve', 'buffer', 'length', 'fund', 'rest'] as const;

interface Rule {
  id: string;
  path: string;
  curve: DiscountCurve;
  buffer: Integer;
  length: Integer;
  fund: string;
  rest: string | undefined;
}

/**
 * Bids are the event's, by the id of the stage: `{ bidder, account?, share, at }`, share 1e18 and at in seconds since the start;
 * default the first defaulter that holds something. The state has a measure `maintenance`, minor units.
 */
export function portfolioStage(row: Row): Work {
  const rule: Rule = {
    id: row.text('id'),
    path: row.path,
    curve: row.need('curve', 'a curve of discounts') as DiscountCurve,
    buffer: row.integer('buffer', 0n),
    length: row.integer('length'),
    fund: row.text('fund'),
    rest: row.has('rest') ? row.text('rest') : undefined,
  };
  return {
    kind: 'portfolio',
    id: rule.id,
    path: row.path,
    always: true,
    absorbs: true,
    check: (run) => {
      run.other(rule.fund, row.at('fund'));
      if (rule.rest !== undefined) run.other(rule.rest, row.at('rest'));
      const bids = run.bids(rule.id, BID);
      for (const bid of bids) {
        run.other(bid.text('bidder'), bid.at('bidder'));
        defaulterOf(run, bid);
      }
      if (bids.length > 0) columnOf(run, 'maintenance', `${row.path} needs the measure "maintenance"`);
    },
    run: (run) => sell(run, rule),
  };
}

/** Keys of a bid. */
const BID = ['bidder', 'account', 'share', 'at'];

/** What is left of an account's requirement, and the cash that bidders have paid into it. */
interface Lot {
  maintenance: Amount;
  reserved: Amount;
}

function sell(run: Running, rule: Rule): Done {
  const lots = new Map<number, Lot>();
  const any = run.givesAny;
  const sales: object[] = [];
  run.journal.enter({ code: 'sold', rule: 'portfolio auction' }, (pen) => {
    for (const bid of run.bids(rule.id, BID)) {
      const row = accountOf(run, bid);
      // Who is solvent is left alone, also where a bid names it.
      if (row === undefined || !run.gives(row)) continue;
      const lot = lots.get(row) ?? { maintenance: columnOf(run, 'maintenance', rule.path)(row), reserved: 0n };
      const bidder = run.draft.row(bid.text('bidder'));
      const mtm = run.draft.equityAt(row, run.asset);
      const one = { row, bidder, mtm, mm: mtm - lot.maintenance, bid, lot };
      const sale = mtm > 0n ? solvent(pen, run, rule, one) : insolvent(pen, run, rule, one);
      lots.set(row, sale.lot);
      if (sale.share > 0n) sales.push({ bidder: run.draft.id(bidder), share: sale.share, pays: sale.pays });
    }
  });
  const before = run.need();
  run.remeasure();
  return {
    capacity: above0(before - run.need()),
    ...doneIf(sales.length > 0, () =>
      !any ? 'noPositions' : run.bids(rule.id, BID).length === 0 ? 'noBids' : 'refused',
    ),
    participants: sales.length,
    detail: { sales },
  };
}

/** The defaulter that a bid names. @throws MarginError unknown-id, conflict */
function defaulterOf(run: Running, bid: Row): number | undefined {
  if (!bid.has('account')) return undefined;
  const row = run.draft.row(bid.text('account'), bid.at('account'));
  if (run.isDefaulter(row)) return row;
  throw new MarginError('conflict', { path: bid.at('account'), got: bid.raw('account'), expected: 'a defaulter' });
}

const accountOf = (run: Running, bid: Row): number | undefined =>
  defaulterOf(run, bid) ?? run.event.defaulters.find((row) => run.gives(row));

interface One {
  row: number;
  bidder: number;
  mtm: Amount;
  mm: Amount;
  bid: Row;
  lot: Lot;
}

interface Sale {
  /** What was handed over, of everything, 1e18. */
  share: Amount;
  /** By the bidder, minor units; below 0: it is paid. */
  pays: Amount;
  lot: Lot;
}

function solvent(pen: Pen, run: Running, { curve, buffer }: Rule, { row, bidder, mtm, mm, bid, lot }: One): Sale {
  const auction = { curve, started: 0, buffer, reserved: lot.reserved };
  const wanted = portfolioBuy(auction, { mtm, mm }, { at: bid.integer('at', 0n), share: bid.integer('share') });
  const { share, cash } = handed(
    wanted.share,
    wanted.cash,
    give(pen, run, row, bidder, wanted.share, lot.reserved),
    floorDiv,
  );
  pen.money(bidder, run.asset, -cash);
  pen.money(row, run.asset, cash);
  return { share, pays: cash, lot: { maintenance: left(lot.maintenance, share), reserved: lot.reserved + cash } };
}

function insolvent(pen: Pen, run: Running, { length, ...rule }: Rule, { row, bidder, mtm, mm, bid, lot }: One): Sale {
  const fund = run.draft.row(rule.fund);
  const held = above0(freeOf(run, fund, run.asset));
  const seconds = bid.integer('at', 0n);
  const payment = (share: Amount): Amount =>
    insolventBid({ mm, mtm, length }, { seconds, share: { numerator: share, denominator: WAD } }).paid;
  const asked = bid.integer('share');
  const wanted = asked < WAD ? asked : WAD;
  const due = payment(wanted);
  // Without somebody to bear the rest, no more is sold than the fund can pay for.
  const sold = rule.rest === undefined && due > held ? (wanted * held) / due : wanted;
  const { share, cash } = handed(sold, payment(sold), give(pen, run, row, bidder, sold, 0n), ceilDiv);
  const fromFund = cash < held ? cash : held;
  pen.money(fund, run.asset, -fromFund);
  if (rule.rest !== undefined) pen.money(run.draft.row(rule.rest), run.asset, fromFund - cash);
  pen.money(bidder, run.asset, cash);
  return { share, pays: -cash, lot: { maintenance: left(lot.maintenance, share), reserved: 0n } };
}

/**
 * Lots are whole: where less than the share could be handed over, less is paid for it.
 * @param round - in favour of the bidder: what it pays down, what it is paid up
 */
function handed(
  share: Amount,
  cash: Amount,
  part: { given: Amount; of: Amount },
  round: typeof floorDiv,
): { share: Amount; cash: Amount } {
  if (part.of === 0n) return { share, cash };
  return { share: (share * part.given) / part.of, cash: round(cash * part.given, part.of) };
}

const left = (amount: Amount, share: Amount): Amount => amount - (amount * share) / WAD;

/**
 * A share of everything but the cash that is kept: whole lots, cost in their proportion, and as much of the balance as of the lots.
 * @returns the worth of the lots that were handed over, and of those that the share would have been, both unsigned
 */
function give(
  pen: Pen,
  run: Running,
  from: number,
  to: number,
  share: Amount,
  kept: Amount,
): { given: Amount; of: Amount } {
  const equity = run.draft.equityAt(from, run.asset) - kept;
  let [given, of, moved] = [0n, 0n, 0n];
  for (const { market, lots, cost } of run.held(from)) {
    const { id } = market;
    const part = (lots * share) / WAD;
    const worth = magnitude(worthOf(market, lots, market.mark)) || 1n;
    given += (worth * magnitude(part) * WAD) / magnitude(lots);
    of += worth * share;
    const paid = (cost * magnitude(part)) / magnitude(lots);
    pen.lots(from, id, -part);
    pen.lots(to, id, part);
    pen.cost(from, id, -paid);
    pen.cost(to, id, paid);
    moved += worthOf(market, part, market.mark) + paid;
  }
  // Lots are whole, so legs go in unequal parts: money makes up what their profits and losses differ from a part of everything.
  // Toward zero: a debt is rounded in favour of the bidder, who may have nothing to lose a unit from.
  const whole = of === 0n ? (equity * share) / WAD : (equity * share * given) / (WAD * of);
  const money = whole - moved;
  pen.money(from, run.asset, -money);
  pen.money(to, run.asset, money);
  return { given, of };
}
