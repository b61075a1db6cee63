// Collateral of defaulters is sold for their debt: by a price that falls with the second of the purchase (Maker), or at the
// discount that its health gives (Euler). The debt is what is open, with a penalty on top where the collateral lasts.
import { MarginError } from '../../errors.js';
import { ceilDiv, type Integer, smaller } from '../../venues/integer.js';
import { type Row, rowsOf } from '../../venues/rows.js';
import { type Amount, ceilOf, type Ratio, ratio } from '../amount.js';
import type { PriceCurve } from '../auction/curve.js';
import { dutchBuy } from '../auction/dutch.js';
import { RAY } from '../auction/fixed.js';
import { reverseDutch } from '../auction/reverse.js';
import type { Pen } from '../journal.js';
import type { Running } from '../running.js';
import type { Done, Work } from '../step.js';

export interface Collateral {
  kind: 'collateral';
  id: string;
  /** Asset that is sold, and the purse that it is in; default purse `collateral`. */
  asset: string;
  from?: string;
  /** Falling price, RAY: minor units of the debt's asset for one of the collateral's. */
  curve?: PriceCurve;
  /** Least debt that may be left while something is for sale, minor units; default 0. */
  dust?: Integer;
  /** On top of the debt, a fraction (Maker `chop` less 1), and who gets it. */
  penalty?: Ratio;
  penaltyTo?: string;
  /** Instead of a curve, the discount of health: price of the collateral in the debt's asset, loan to value, most discount. */
  health?: { price: Ratio | { value: string }; liquidationLtv: Ratio; maxDiscount: Ratio };
}

export const COLLATERAL_KEYS = [
  ...['kind', 'id', 'asset', 'from', 'curve', 'dust', 'penalty', 'penaltyTo', 'health'],
] as const;

interface Rule {
  id: string;
  asset: string;
  from: string;
  curve: PriceCurve | undefined;
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
  const rule: Rule = {
    id: row.text('id'),
    asset: row.text('asset'),
    from: row.has('from') ? row.text('from') : 'collateral',
    curve: row.has('curve') ? (row.raw('curve') as PriceCurve) : undefined,
    dust: row.integer('dust', 0n),
    penalty: ratio((row.has('penalty') ? row.raw('penalty') : 0) as Ratio, row.at('penalty')),
    penaltyTo: row.has('penaltyTo') || row.has('penalty') ? row.text('penaltyTo') : undefined,
    health: row.has('health') ? (row.raw('health') as Collateral['health']) : undefined,
  };
  return {
    kind: 'collateral',
    id: rule.id,
    path: row.path,
    check: (run) => {
      if (rule.penaltyTo !== undefined) run.draft.row(rule.penaltyTo, row.at('penaltyTo'));
      for (const bid of bidsOf(run, rule.id)) run.draft.row(bid.text('bidder'), bid.at('bidder'));
    },
    run: (run) => sell(run, rule),
  };
}

const bidsOf = (run: Running, id: string): Row[] => rowsOf(run.event.bids.get(id) ?? [], `event.bids.${id}`);

function sell(run: Running, rule: Rule): Done {
  const detail: { bidder: string; amount: Amount; pays: Amount }[] = [];
  const tabs = run.open.map((open) => ceilOf(open, rule.penalty) + open);
  run.journal.enter({ code: 'sold', rule: rule.curve ? 'Dutch auction' : 'reverse Dutch auction' }, (pen) => {
    for (const bid of bidsOf(run, rule.id)) {
      const at = placeOf(run, bid);
      if (at < 0 || tabs[at] === 0n) continue;
      const owner = run.event.defaulters[at] as number;
      const held = run.draft.amountAt(owner, rule.from, rule.asset);
      if (held <= 0n) continue;
      const [amount, pays] = rule.curve
        ? falling(bid, rule, held, tabs[at] as Amount)
        : byHealth(run, rule, held, run.open[at] as Amount);
      tabs[at] = (tabs[at] as Amount) - pays;
      pay(pen, run, rule, { at, bidder: run.draft.row(bid.text('bidder')), amount, pays });
      detail.push({ bidder: bid.text('bidder'), amount, pays });
    }
  });
  const status = detail.length > 0 ? 'applied' : 'idle';
  return { status, participants: detail.length, detail: { takes: detail } };
}

/** Whose collateral a bid is for: the account that it names, or the first that still owes. */
function placeOf(run: Running, bid: Row): number {
  if (!bid.has('account')) return run.open.findIndex((open) => open > 0n);
  return run.event.defaulters.indexOf(run.draft.row(bid.text('account'), bid.at('account')));
}

function falling(bid: Row, rule: Rule, held: Amount, tab: Amount): [Amount, Amount] {
  const sale = { lot: held, tab: tab * RAY, chost: rule.dust * RAY, curve: rule.curve as PriceCurve, started: 0 };
  const { slice, owe } = dutchBuy(sale, { at: bid.integer('at', 0n), amount: bid.integer('amount') });
  return [slice, smaller(ceilDiv(owe, RAY), tab)];
}

function byHealth(run: Running, rule: Rule, held: Amount, open: Amount): [Amount, Amount] {
  const { price, liquidationLtv, maxDiscount } = rule.health as NonNullable<Collateral['health']>;
  const named = typeof price === 'object' && 'value' in price;
  const collateralPrice = named ? run.value(price.value, `${rule.id}.health.price`) : price;
  const account = { collateral: held, collateralPrice, liquidationLtv, debt: open, debtPrice: 1, maxDiscount };
  const { repay, seize } = reverseDutch(account);
  return [seize, repay];
}

interface Purchase {
  at: number;
  bidder: number;
  amount: Amount;
  pays: Amount;
}

/** Collateral to the bidder; its money to the debt first, what is more to whoever gets the penalty. */
function pay(pen: Pen, run: Running, rule: Rule, { at, bidder, amount, pays }: Purchase): void {
  const owner = run.event.defaulters[at] as number;
  const debt = smaller(pays, run.open[at] as Amount);
  pen.money(owner, rule.asset, -amount, rule.from);
  pen.money(bidder, rule.asset, amount);
  pen.money(bidder, run.asset, -pays);
  pen.money(owner, run.asset, debt);
  if (pays > debt) pen.money(run.draft.row(rule.penaltyTo as string), run.asset, pays - debt);
  run.open[at] = (run.open[at] as Amount) - debt;
}
