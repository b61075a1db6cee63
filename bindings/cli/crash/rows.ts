// What tables of a fall say, as rows of words and amounts: text and page only lay them out.
import type { Amount } from '../../waterfall/index.js';
import { count, many, units } from '../format.js';
import type { Rows } from '../waterfall-rows.js';
import type { Bearer, Fallout, LayerSum } from './fallout.js';
import { type Crash, found } from './model.js';
import { CENTS, DECIMALS } from './reserve.js';

/** Whole units of the numeraire: nobody reads the cents of a crash. */
export const whole = (cents: Amount): string => units(cents, CENTS, 0);

/** Who paid, in words. */
export const PAYER: Readonly<Record<Bearer | 'nobody', string>> = {
  market: 'the order book',
  own: 'their other assets',
  fund: 'funds of the venue',
  bidders: 'bidders',
  survivors: 'survivors',
  winners: 'the deleveraged',
  nobody: 'nobody',
};

/** Sum over the layers that a kind of payer pays in. */
export const paidBy = ({ layers }: Fallout, bearer: Bearer): Amount =>
  layers.reduce((sum, layer) => (layer.bearer === bearer ? sum + layer.paid : sum), 0n);

const over = ({ layers }: Fallout, kind: string, of: (layer: LayerSum) => Amount): Amount =>
  layers.reduce((sum, layer) => (layer.kind === kind ? sum + of(layer) : sum), 0n);

/** Before and after the fall. */
export function healthTable({ before, after, accounts }: Crash): Rows {
  const row = (name: string, of: (health: Crash['before']) => string): string[] => [name, of(before), of(after)];
  return {
    columns: [{ title: '', left: true }, { title: 'Before' }, { title: 'After' }],
    cells: [
      ['accounts', count(accounts), count(accounts)],
      row('to be liquidated', (health) => count(found(health))),
      row('of them bankrupt', ({ counts }) => count(counts.bankrupt)),
      row('equity', ({ totals }) => count(totals.equity)),
      row('notional', ({ totals }) => count(totals.notional)),
      row('negative equity', ({ totals }) => count(totals.deficit)),
    ],
  };
}

/** The same fall under each preset, a preset a column. */
export function compareTable({ fallouts }: Crash): Rows {
  const moved = (kind: string) => (fallout: Fallout) => whole(over(fallout, kind, ({ moved }) => moved));
  const paid = (bearer: Bearer) => (fallout: Fallout) => whole(paidBy(fallout, bearer));
  const lost = (bearer: Bearer) => (fallout: Fallout) => whole(-paidBy(fallout, bearer));
  const deleveraged = (fallout: Fallout): string =>
    count(Number(over(fallout, 'adl', ({ accounts }) => BigInt(accounts))));
  const facts: [string, (fallout: Fallout) => string, rare?: true][] = [
    ['Defaulters', ({ defaulters }) => count(defaulters)],
    ['Rounds', ({ rounds }) => count(rounds.length)],
    ['Value sold in the book', moved('liquidate'), true],
    ['Value taken over', moved('transfer'), true],
    ['Value auctioned', moved('auction'), true],
    ['Value deleveraged', moved('adl'), true],
    ['Accounts deleveraged', deleveraged, true],
    ['Owed at the marks', ({ owed }) => whole(owed)],
    ['Lost in the book', lost('market'), true],
    ['Lost in auctions', lost('bidders'), true],
    ['Paid by their other assets', paid('own'), true],
    ['Paid by funds', paid('fund'), true],
    ['Paid by survivors', paid('survivors'), true],
    ['Paid by the deleveraged', paid('winners'), true],
    ['Paid by nobody', ({ residual }) => whole(residual)],
    ['Accounts nobody paid for', ({ unpaid }) => count(unpaid)],
    ['Still to be liquidated', ({ left }) => count(left)],
    ['Accounts that paid', ({ payerCount }) => count(payerCount)],
  ];
  const cells = facts.map(([name, of, rare]) => ({ rare, row: [name, ...fallouts.map(of)] }));
  return {
    columns: [{ title: '', left: true }, ...fallouts.map(({ name }) => ({ title: name }))],
    cells: cells.flatMap(({ rare, row }) => (rare && row.slice(1).every((cell) => cell === '0') ? [] : [row])),
  };
}

/** Who paid most under each preset: an account and its payment a cell. */
export function payerTable({ fallouts }: Crash, top: number): Rows {
  const rows = Math.min(top, Math.max(...fallouts.map(({ payers }) => payers.length)));
  return {
    columns: [{ title: '', left: true }, ...fallouts.map(({ name }) => ({ title: name }))],
    cells: Array.from({ length: rows }, (_, i) => [
      String(i + 1),
      ...fallouts.map(({ payers }) => {
        const payer = payers[i];
        return payer ? `${payer.account} ${whole(payer.amount)}` : '-';
      }),
    ]),
  };
}

/** What is open after each layer: the sum of what the layers from there on pay, and what is left. */
export function openAfter({ owed, layers }: Fallout): Amount[] {
  let open = owed;
  return layers.map(({ paid }) => {
    open -= paid;
    return open;
  });
}

/** One preset, layer by layer. */
export function layerTable(fallout: Fallout): Rows {
  const open = openAfter(fallout);
  const cells = fallout.layers.map(({ stage, bearer, paid, accounts, moved }, i) => [
    stage,
    bearer ? PAYER[bearer] : '',
    paid === 0n ? '-' : whole(paid),
    whole(open[i] as Amount),
    moved === 0n ? '-' : whole(moved),
    accounts === 0 ? '' : count(accounts),
  ]);
  return {
    columns: [
      { title: 'Layer', left: true },
      { title: 'Who', left: true },
      { title: 'Paid' },
      { title: 'Left open' },
      { title: 'Positions' },
      { title: 'Accounts' },
    ],
    cells,
  };
}

/** What nobody paid, asset by asset. */
export function residualText({ residuals, unpaid }: Fallout): string {
  const parts = Object.entries(residuals).map(([asset, amount]) => `${units(amount, DECIMALS, CENTS)} ${asset}`);
  return parts.length === 0 ? 'nothing' : `${parts.join(', ')}, owed by ${many(unpaid, 'account')}`;
}

/** Rounds as they were. */
export const roundsText = ({ rounds }: Fallout): string =>
  rounds.length === 0 ? 'nobody defaulted' : `defaulters by round: ${rounds.map(count).join(', ')}`;

/** Whether anything was made or lost. */
export function conservedText({ fallouts }: Crash): string {
  const postings = fallouts.reduce((sum, each) => sum + each.postings, 0);
  const wrong = fallouts.flatMap(({ name, unbalanced }) => unbalanced.map((what) => `${what} under ${name}`));
  if (wrong.length > 0) return `Not conserved: ${wrong.join(', ')}.`;
  const assets = new Set(fallouts.flatMap((each) => each.assets)).size;
  const markets = new Set(fallouts.flatMap((each) => each.markets)).size;
  return `Nothing made, nothing lost: ${many(postings, 'posting')} sum to zero under every preset, in each of ${many(assets, 'asset')} and ${many(markets, 'market')}.`;
}

/** The money that was set aside. */
export const reserveText = ({ reserve, numeraire }: Crash): string =>
  `${whole(reserve.size)} ${numeraire} set aside before`;
