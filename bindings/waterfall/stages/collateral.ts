// Collateral of defaulters is sold for their debt: by a price that falls with the second of the purchase (Maker), or at the
// discount that its health gives (Euler). The debt is what is open, with a penalty on top where the collateral lasts.
import { MarginError } from '../../errors.js';
import { type Exact, times } from '../../liquidation/exact.js';
import { ceilDiv, type Integer, smaller } from '../../venues/integer.js';
import type { Row } from '../../venues/rows.js';
import { type Amount, above0, amount, ceilOf, floorOf, type Ratio, ratio, ratioFrom0 } from '../amount.js';
import type { PriceCurve } from '../auction/curve.js';
import { dutchBuy, dutchStatus, type ResetRule } from '../auction/dutch.js';
import { RAY } from '../auction/fixed.js';
import { reverseDutch } from '../auction/reverse.js';
import { freeOf } from '../free.js';
import type { Pen } from '../journal.js';
import { purseOf } from '../layer.js';
import type { Running } from '../running.js';
import { type Because, type Done, doneIf, type Work } from '../step.js';

/** A stage that sells collateral of defaulters for their debt. */
export interface Collateral {
  /** Names the stage's kind. */
  kind: 'collateral';
  /** Its name, unique among the stages, and that of its purchases in the event. */
  id: string;
  /** Asset that is sold, another than that of the loss, and the purse that it is in; default purse `collateral`. */
  asset: string;
  /** Purse that the collateral is in; default `collateral`. */
  from?: string;
  /** Falling price, RAY: minor units of the debt's asset for one of the collateral's. */
  curve?: PriceCurve;
  /** Where the curve starts: a price of the collateral in the debt's asset, minor units for a minor unit, instead of its `top`. */
  price?: Ratio | { value: string };
  /** Part of that price, such as 1.3; default 1. */
  buf?: Ratio;
  /** From when on nothing is sold, until a new auction is started: seconds, and the part of the top price (RAY). Default: never. */
  reset?: ResetRule;
  /** Least debt that may be left while something is for sale, minor units; default 0. */
  dust?: Integer;
  /** On top of the debt, a fraction (Maker `chop` less 1), and who gets it. */
  penalty?: Ratio;
  /** Account that gets the penalty. */
  penaltyTo?: string;
  /** Instead of a curve, the discount of health: price of the collateral in the debt's asset, loan to value, most discount. */
  health?: { price: Ratio | { value: string }; liquidationLtv: Ratio; maxDiscount: Ratio };
}

export const COLLATERAL_KEYS = [
  ...['kind', 'id', 'asset', 'from', 'curve', 'price', 'buf', 'reset', 'dust', 'penalty', 'penaltyTo', 'health'],
] as const;

interface Rule {
  id: string;
  asset: string;
  from: string;
  curve: PriceCurve | undefined;
  price: Ratio | { value: string } | undefined;
  buf: ReturnType<typeof ratio>;
  reset: ResetRule | undefined;
  dust: Amount;
  penalty: ReturnType<typeof ratio>;
  penaltyTo: string | undefined;
  health: Collateral['health'];
}

/**
 * Purchases are the event's, by the id of the stage: `{ bidder, account?, amount, at }` with a curve (whose collateral: default
 * the first that still owes), `{ bidder, account? }` at the discount of health.
 */
export function collateralStage(row: Row): Work {
  if (row.has('curve') === row.has('health')) {
    throw new MarginError('conflict', { path: row.at('curve'), expected: 'a curve or health, one of them' });
  }
  for (const key of row.has('health') ? ['price', 'buf', 'reset', 'dust', 'penalty', 'penaltyTo'] : []) {
    if (row.has(key))
      throw new MarginError('conflict', { path: row.at(key), expected: 'a curve, which it belongs to' });
  }
  const rule: Rule = {
    id: row.text('id'),
    asset: row.text('asset'),
    from: purseOf(row, 'from', 'collateral'),
    curve: part<PriceCurve>(row, 'curve'),
    price: row.has('price') ? (row.raw('price') as NonNullable<Collateral['price']>) : undefined,
    buf: ratio((row.has('buf') ? row.raw('buf') : 1) as Ratio, row.at('buf')),
    reset: part<ResetRule>(row, 'reset'),
    dust: amount(row.integer('dust', 0n), row.at('dust')),
    penalty: ratioFrom0((row.has('penalty') ? row.raw('penalty') : 0) as Ratio, row.at('penalty')),
    penaltyTo: row.has('penaltyTo') || row.has('penalty') ? row.text('penaltyTo') : undefined,
    health: part<NonNullable<Collateral['health']>>(row, 'health'),
  };
  return {
    kind: 'collateral',
    id: rule.id,
    path: row.path,
    check: (run) => {
      if (rule.asset === run.asset) {
        const expected = 'another asset than that of the loss';
        throw new MarginError('conflict', { path: row.at('asset'), got: rule.asset, expected });
      }
      if (rule.price !== undefined) priceOf(run, rule.price, row.at('price'));
      if (rule.penaltyTo !== undefined) run.other(rule.penaltyTo, row.at('penaltyTo'));
      for (const bid of run.bids(rule.id)) run.other(bid.text('bidder'), bid.at('bidder'));
    },
    run: (run) => sell(run, rule),
  };
}

/** An object of the stage's, where it has one. @throws MarginError type */
const part = <T>(row: Row, key: string): T | undefined =>
  row.has(key) ? (Object.fromEntries(row.row(key).entries()) as T) : undefined;

function sell(run: Running, rule: Rule): Done {
  const detail: { bidder: string; amount: Amount; pays: Amount }[] = [];
  const refused: { bidder: string; why: string }[] = [];
  const raised = run.need();
  const tabs = run.open.map((open) => ceilOf(open, rule.penalty) + open);
  run.journal.enter({ code: 'sold', rule: rule.health ? 'reverse Dutch auction' : 'Dutch auction' }, (pen) => {
    for (const bid of run.bids(rule.id)) {
      const at = placeOf(run, bid, tabs);
      if (at < 0 || tabs[at] === 0n) continue;
      const owner = run.event.defaulters[at] as number;
      const held = freeOf(run, owner, rule.asset, rule.from);
      if (held <= 0n) continue;
      const bidder = run.draft.row(bid.text('bidder'));
      const sale = rule.curve
        ? falling(bid, rule, startedAt(run, rule, rule.curve), held, tabs[at] as Amount)
        : byHealth(run, rule, held, run.open[at] as Amount);
      const has = above0(freeOf(run, bidder, run.asset));
      const why = typeof sale === 'string' ? sale : sale[1] > has ? `the bidder has ${has} of ${sale[1]}` : undefined;
      if (why !== undefined || typeof sale === 'string') {
        refused.push({ bidder: bid.text('bidder'), why: why as string });
        continue;
      }
      const [units, pays] = sale;
      tabs[at] = (tabs[at] as Amount) - pays;
      pay(pen, run, rule, { at, bidder, amount: units, pays });
      detail.push({ bidder: bid.text('bidder'), amount: units, pays });
    }
  });
  const capacity = raised - run.need();
  const idle = (): Because => (run.bids(rule.id).length === 0 ? 'noBids' : refused.length > 0 ? 'refused' : 'empty');
  return {
    ...doneIf(detail.length > 0, idle),
    capacity,
    participants: detail.length,
    detail: { takes: detail, refused },
  };
}

/** Whose collateral a bid is for: the account that it names, or the first that still owes. */
function placeOf(run: Running, bid: Row, tabs: readonly Amount[]): number {
  if (!bid.has('account')) return tabs.findIndex((tab) => tab > 0n);
  return run.event.defaulters.indexOf(run.draft.row(bid.text('account'), bid.at('account')));
}

/** Units and payment, or why nothing is sold. */
type Sale = [Amount, Amount] | string;

function falling(bid: Row, rule: Rule, curve: PriceCurve, held: Amount, tab: Amount): Sale {
  const reset = rule.reset === undefined ? {} : { reset: rule.reset };
  const sale = {
    lot: held,
    tab: tab * RAY,
    chost: rule.dust * RAY,
    curve,
    started: 0,
    ...reset,
  };
  const at = bid.integer('at', 0n);
  const { price, stale } = dutchStatus(sale, at);
  if (stale || price === 0n) return 'the auction has to be started anew';
  const { slice, owe } = dutchBuy(sale, { at, amount: bid.integer('amount') });
  return [slice, smaller(ceilDiv(owe, RAY), tab)];
}

function byHealth(run: Running, rule: Rule, held: Amount, open: Amount): Sale {
  const { price, liquidationLtv, maxDiscount } = rule.health as NonNullable<Collateral['health']>;
  const collateralPrice = priceOf(run, price, `${rule.id}.health.price`);
  const account = { collateral: held, collateralPrice, liquidationLtv, debt: open, debtPrice: 1, maxDiscount };
  const worth = floorOf(held, times(ratio(collateralPrice, 'price'), ratio(liquidationLtv, 'liquidationLtv')));
  if (worth > open) return 'its collateral is enough';
  const { repay, seize } = reverseDutch(account);
  if (repay === 0n) return 'its collateral would bring nothing';
  return [seize, repay];
}

/** A price that stands in the stage, or that the event has. @throws MarginError missing-key, type */
function priceOf(run: Running, price: Ratio | { value: string }, path: string): Exact {
  const named = typeof price === 'object' && price !== null && 'value' in price;
  return named ? run.value(price.value, path) : ratio(price, path);
}

/** The curve from where its price starts. */
function startedAt(run: Running, { id, price, buf }: Rule, curve: PriceCurve): PriceCurve {
  if (price === undefined) return curve;
  return { ...curve, top: floorOf(RAY, times(priceOf(run, price, `${id}.price`), buf)) };
}

interface Purchase {
  at: number;
  bidder: number;
  amount: Amount;
  pays: Amount;
}

/** Collateral to the bidder; its money to the debt first, what is more to whoever gets the penalty. */
function pay(pen: Pen, run: Running, rule: Rule, { at, bidder, amount: units, pays }: Purchase): void {
  const owner = run.event.defaulters[at] as number;
  const debt = smaller(pays, run.open[at] as Amount);
  pen.money(owner, rule.asset, -units, rule.from);
  pen.money(bidder, rule.asset, units);
  pen.money(bidder, run.asset, -pays);
  pen.money(owner, run.asset, debt);
  if (pays > debt) pen.money(run.draft.row(rule.penaltyTo as string), run.asset, pays - debt);
  run.open[at] = (run.open[at] as Amount) - debt;
}
