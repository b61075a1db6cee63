// A fallen book run down one preset, added up: what each layer paid over all rounds and assets, whose positions went where, who
// paid most. Values are in cents of the numeraire, for people; each is rounded down once, from the sum in its asset.

import type { BookBase } from '../../book/book.js';
import { type Exact, exact, times } from '../../liquidation/exact.js';
import { type Resolution, resolveDefaults } from '../../venue/index.js';
import { magnitude } from '../../venues/integer.js';
import { floorOf } from '../../waterfall/amount.js';
import { largestFirst } from '../../waterfall/contributions.js';
import { type Amount, contributions, type Outcome, type Stage, type State } from '../../waterfall/index.js';
import { POSITION } from '../../waterfall/journal.js';
import { worthOf } from '../../waterfall/market.js';
import { OUTSIDE } from '../../waterfall/state.js';
import { bidsOf, depthOf } from './liquidity.js';
import { CENTS, DECIMALS } from './reserve.js';
import type { Rules } from './rules.js';

/** Who pays in a layer. */
export const BEARERS = ['market', 'own', 'fund', 'bidders', 'survivors', 'winners'] as const;
export type Bearer = (typeof BEARERS)[number];

export interface LayerSum {
  stage: string;
  kind: string;
  bearer: Bearer | null;
  /** Cents: deficits that it closed, less those that it opened. */
  paid: Amount;
  /** Minor units, by asset. */
  assets: Record<string, Amount>;
  /** Accounts that it moved something of: in all rounds, each once. */
  accounts: number;
  /** Cents at the marks: positions that defaulters gave away in it. */
  moved: Amount;
}

export interface Fallout {
  name: string;
  note: string;
  /** How many defaulted in each. */
  rounds: number[];
  /** Accounts that defaulted in any round. */
  defaulters: number;
  /** What was paid and what is left, cents. */
  owed: Amount;
  layers: LayerSum[];
  residual: Amount;
  /** Minor units, by asset. */
  residuals: Record<string, Amount>;
  /** Who is left with it. */
  unpaid: number;
  /** Accounts that are liquidatable at the end, those among them. */
  left: number;
  /** Accounts that gave the most, of those that did not default: cents, over all layers and assets; and how many gave. */
  payers: { account: string; amount: Amount }[];
  payerCount: number;
  /** Assets and markets whose postings do not sum to 0: none; and those that there are postings of. */
  unbalanced: string[];
  assets: string[];
  markets: string[];
  postings: number;
}

/** Payers that are kept by name. */
const MOST_PAYERS = 1000;

/**
 * Resolves all defaults of a book under a preset.
 * @param book - is written to
 * @param told - which round begins, from 1
 */
export function falloutOf(
  book: BookBase,
  ledger: State,
  { name, note, stages }: Rules,
  { seed, told }: { seed: number; told: (round: number) => void },
): Fallout {
  const bids = bidsOf(book, stages, seed);
  const depths = depthOf(ledger);
  const depth = (round: number): ReturnType<typeof depths> => {
    told(round + 1);
    return depths(round);
  };
  const options = { decimals: DECIMALS, depth, ...(bids ? { bids } : {}) };
  const sums = new Sums(book, ledger, stages);
  const resolution = resolveDefaults(book, ledger, stages, { ...options, each: (outcome) => sums.add(outcome) });
  return { name, note, ...sums.of(resolution) };
}

const bearerOf = ({ kind = 'layer', ...stage }: Stage): Bearer | null => {
  if (kind === 'liquidate') return 'market';
  if (kind === 'convert') return 'own';
  if (kind === 'transfer') return 'fund';
  if (kind === 'auction') return 'bidders';
  if (kind === 'adl') return 'winners';
  if (kind !== 'layer' || !('who' in stage)) return null;
  return stage.who === 'defaulter' ? 'own' : stage.who === 'survivors' ? 'survivors' : 'fund';
};

class Sums {
  readonly #ledger: State;
  readonly #prices: ReadonlyMap<string, Exact>;
  readonly #layers: Map<string, LayerSum & { touched: Set<string> }>;
  readonly #given = new Map<string, Amount>();
  /** Of all postings, by asset and by market. */
  readonly #money = new Map<string, Amount>();
  readonly #lots = new Map<string, Amount>();
  #postings = 0;

  constructor(book: BookBase, ledger: State, stages: readonly Stage[]) {
    this.#ledger = ledger;
    const cent = { numerator: 10n ** BigInt(CENTS), denominator: 10n ** BigInt(DECIMALS) };
    const { price } = book.store.columns.asset;
    this.#prices = new Map(
      Array.from({ length: book.assets }, (_, a) => [book.assetId(a), times(exact(price[a] as number), cent)]),
    );
    this.#layers = new Map(
      stages.map((stage): [string, LayerSum & { touched: Set<string> }] => [
        stage.id,
        {
          ...{ stage: stage.id, kind: stage.kind ?? 'layer', bearer: bearerOf(stage), paid: 0n },
          ...{ assets: {}, accounts: 0, moved: 0n, touched: new Set() },
        },
      ]),
    );
  }

  #value(asset: string, amount: Amount): Amount {
    return floorOf(amount, this.#prices.get(asset) as Exact);
  }

  of({ rounds, residual, left, state }: Resolution): Omit<Fallout, 'name' | 'note'> {
    const defaulted = new Set(rounds.flatMap(({ defaulters }) => defaulters));
    const layers = [...this.#layers.values()].map(({ touched, ...layer }): LayerSum => {
      const paid = Object.entries(layer.assets).reduce((sum, [asset, amount]) => sum + this.#value(asset, amount), 0n);
      return { ...layer, paid, accounts: touched.size };
    });
    const { house } = this.#ledger.columns;
    const payers = [...this.#given]
      .filter(([id, amount]) => amount > 0n && !defaulted.has(id) && !house[this.#ledger.row(id)])
      .map(([account, amount]) => ({ account, amount }))
      .sort(largestFirst);
    const open = Object.entries(residual).reduce((sum, [asset, amount]) => sum + this.#value(asset, amount), 0n);
    return {
      rounds: rounds.map(({ defaulters }) => defaulters.length),
      defaulters: defaulted.size,
      owed: layers.reduce((sum, { paid }) => sum + paid, open),
      layers,
      residual: open,
      residuals: residual,
      unpaid: left.filter((id) => Object.keys(residual).some((asset) => state.equity(id, asset) < 0n)).length,
      left: left.length,
      payers: payers.slice(0, MOST_PAYERS),
      payerCount: payers.length,
      unbalanced: [...this.#money, ...this.#lots].flatMap(([what, sum]) => (sum === 0n ? [] : [what])),
      assets: [...this.#money.keys()],
      markets: [...this.#lots.keys()],
      postings: this.#postings,
    };
  }

  add(outcome: Outcome): void {
    const { trace, postings, deficits } = outcome;
    for (const { stage, need, open } of trace.steps) {
      const layer = this.#layers.get(stage) as LayerSum;
      if (need !== open) layer.assets[trace.asset] = (layer.assets[trace.asset] ?? 0n) + need - open;
    }
    for (const { account, amount } of contributions(outcome)) {
      this.#given.set(account, (this.#given.get(account) ?? 0n) + this.#value(trace.asset, amount));
    }
    const defaulters = new Set(deficits.map(({ account }) => account));
    for (const { account, purse, asset, stage, delta } of postings) {
      this.#postings += 1;
      const sums = purse === POSITION ? this.#lots : this.#money;
      sums.set(asset, (sums.get(asset) ?? 0n) + delta);
      const layer = this.#layers.get(stage) as LayerSum & { touched: Set<string> };
      if (!defaulters.has(account)) {
        if (account !== OUTSIDE) layer.touched.add(account);
      } else if (purse === POSITION) {
        const market = outcome.state.market(asset);
        const worth = worthOf(market, delta, market.mark);
        layer.moved += this.#value(market.settle, magnitude(worth));
      }
    }
  }
}
