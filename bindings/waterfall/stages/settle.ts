// A market is settled at a price that somebody has set: full tear-up, delisting, a manual settlement. Final and recorded: who,
// on which evidence. All positions close, winners and losers alike.
import { MarginError } from '../../errors.js';
import type { Exact } from '../../liquidation/exact.js';
import type { Row } from '../../venues/rows.js';
import { type Amount, fractionText, type Ratio, ratioAbove0 } from '../amount.js';
import { worthOf } from '../market.js';
import type { Running } from '../running.js';
import { DUST } from '../state.js';
import type { Work } from '../step.js';

/** A stage that closes all positions of a market at one price. */
export interface Settle {
  /** Names the stage's kind. */
  kind: 'settle';
  /** Its name, unique among the stages. */
  id: string;
  /** Id of the market. */
  market: string;
  /** Quote; default: the mark. */
  price?: Ratio;
  /** Who has set the price, and on what grounds. */
  authority?: string;
  /** What the price rests on. */
  evidence?: string;
}

export const SETTLE_KEYS = ['kind', 'id', 'market', 'price', 'authority', 'evidence'] as const;

export function settleStage(row: Row): Work {
  const [id, name] = [row.text('id'), row.text('market')];
  const price = row.has('price') ? ratioAbove0(row.raw('price') as Ratio, row.at('price')) : undefined;
  if (price && !row.has('authority')) row.need('authority', 'who has set the price');
  const detail = {
    ...(row.has('authority') ? { authority: row.text('authority') } : {}),
    ...(row.has('evidence') ? { evidence: row.text('evidence') } : {}),
  };
  return {
    kind: 'settle',
    id,
    path: row.path,
    always: true,
    check: (run) => {
      run.draft.market(name, row.at('market'));
      const before = run.draft.columns.settled.get(name);
      if (before) {
        const by = before.authority === undefined ? '' : ` by ${before.authority}`;
        const expected = `another market: it is settled at ${before.price}${by}, which is final`;
        throw new MarginError('conflict', { path: row.at('market'), got: name, expected });
      }
      const lots = run.draft.columns.holdings.get(name)?.lots.sum() ?? 0n;
      if (lots === 0n) return;
      const expected = 'positions that sum to zero: everybody who holds some has to be in the state';
      throw new MarginError('conflict', { path: row.at('market'), got: lots, expected });
    },
    run: (run) => {
      if (run.draft.columns.settled.has(name)) return { status: 'idle', because: 'settled', detail: { market: name } };
      const at = price ?? run.draft.market(name).mark;
      const note = Object.values(detail).join(': ');
      const { participants, dust } = settle(run, name, at, note);
      run.remeasure();
      const shown = fractionText(at);
      run.draft.settle(name, { price: shown, ...detail });
      return { status: 'applied', participants, dust, detail: { market: name, price: shown, ...detail } };
    },
  };
}

/** Closes every position of a market at a price; units of rounding go to the dust account. */
function settle(run: Running, id: string, price: Exact, note: string): { participants: number; dust: Amount } {
  const market = run.draft.market(id);
  const reason = { code: 'settled', price: fractionText(price) } as const;
  let [participants, dust] = [0, 0n];
  run.journal.enter(note === '' ? reason : { ...reason, note }, (pen) => {
    const { accounts, lots, cost } = run.draft.holdings(id);
    for (let at = 0; at < accounts.length; at++) {
      const [row, held, paid] = [accounts[at] as number, lots.at(at), cost.at(at)];
      if (held === 0n && paid === 0n) continue;
      participants += 1;
      const worth = worthOf(market, held, price);
      dust += worth;
      pen.lots(row, id, -held);
      pen.cost(row, id, -paid);
      pen.money(row, market.settle, paid + worth);
    }
    pen.money(run.draft.row(DUST), market.settle, -dust);
  });
  return { participants, dust };
}
