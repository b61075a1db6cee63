// The whole path of a default in a real book: who is liquidatable, what has to be closed, the order book, the waterfall on the
// ledger, and back into the book, which margins again, until its stages can do no more.
import type { BookBase } from '../book/book.js';
import { MarginError } from '../errors.js';
import { type Exact, exact, over, times } from '../liquidation/exact.js';
import { listOf } from '../liquidation/list.js';
import { checkBook, margin } from '../margin.js';
import { checkKeys } from '../trial.js';
import { type Amount, below0 } from '../waterfall/amount.js';
import { type DefaultEvent, withBidsOf } from '../waterfall/event.js';
import { type Outcome, run } from '../waterfall/run.js';
import { type Stage, stagesOf } from '../waterfall/stage.js';
import type { DepthBook } from '../waterfall/stages/liquidate.js';
import type { State } from '../waterfall/state.js';
import { oneOf } from '../waterfall/words.js';
import { closesOf } from './closes.js';
import { defaultsOf } from './detect.js';
import { matchLedger } from './match.js';
import { projectInto } from './project.js';
import { queuesOf } from './queues.js';
import { hedgeReliefs } from './reliefs.js';
import type { ColumnScore } from './scores.js';
import { type LedgerUnits, termsOf } from './terms.js';

export interface ResolveOptions extends LedgerUnits {
  /** Assets of the losses, one after the other; default: all that markets settle in. */
  assets?: readonly string[];
  /** Order books by market and round, from 0; default: none, nothing is sold in the market. */
  depth?: (round: number) => Readonly<Record<string, DepthBook>>;
  /** Score of deleveraging by the kernel's columns; default: that of the `adl` stage. */
  score?: ColumnScore;
  /**
   * Whether hedges stand at the end of the queues, by what closing them would do to requirements (`hedgeReliefs`): a question to
   * the kernel for everybody who stands opposite. Default false.
   */
  hedged?: boolean;
  /** Part of a liquidatable account that the market stages close: the least that brings it back to health (default), or all. */
  close?: 'target' | 'all';
  /** Rounds at most, a count; default 10. */
  rounds?: number;
  /** Gets each outcome as it is made, in the order of the rounds, which then keep none: those of a million accounts fill a memory. */
  each?: (outcome: Outcome) => void;
  /** What bidders offer, by the id of the auction's stage: asked before each run, since what is for sale differs. */
  bids?: (at: ForSale) => Readonly<Record<string, unknown>>;
  /** What else the events have: values, bids, quotes, marks before the move. */
  event?: Omit<
    DefaultEvent,
    'asset' | 'defaulter' | 'defaulters' | 'depth' | 'closes' | 'scores' | 'prices' | 'solvent' | 'mustCover'
  >;
}

/** What a run is about to auction. */
export interface ForSale {
  /** Asset of the loss. */
  asset: string;
  /** From 0. */
  round: number;
  /** The ledger as it is. */
  state: State;
  /** Accounts of the ledger. */
  defaulters: readonly string[];
}

/** One asset in a round. */
export interface Part {
  /** Asset of the loss. */
  asset: string;
  /** Of the stages that sell in the market: those of all assets come first. Null where nobody had to sell, or `each` got it. */
  market: Outcome | null;
  /** Who went down the rest of the waterfall, those of earlier rounds among them, and its outcome; null where nobody did, or `each` got it. */
  unresolved: string[];
  /** Outcome of the stages behind the market; null where nobody had to go down them, or `each` got it. */
  waterfall: Outcome | null;
}

/** One round: who was in danger, the bankrupt and riskiest first, and what became of it. */
export interface Round {
  /** Accounts of the ledger, the riskiest first. */
  defaulters: string[];
  /** One an asset in which somebody lacks something. */
  parts: Part[];
}

/** How all defaults of a book were resolved. */
export interface Resolution {
  /** The ledger at the end; the book is its projection. */
  state: State;
  /** In their order. */
  rounds: Round[];
  /** What nobody has paid, minor units by asset; assets without are left out. */
  residual: Record<string, Amount>;
  /** Accounts that are still liquidatable in the book: those with a residual, and what the rounds did not reach. */
  left: string[];
}

const OPTIONS = [
  'decimals',
  'lots',
  'assets',
  'depth',
  'score',
  'hedged',
  'close',
  'rounds',
  'each',
  'bids',
  'event',
] as const;
/** Stages that sell in the market: they come first, and who is healthy after them goes no further. */
const MARKET = ['guard', 'liquidate', 'convert'];

/**
 * Stages that sell in the market, and those behind them. What an account holds in other assets is its own: where the stages do not
 * say what becomes of it, it is sold before others pay.
 */
export function partsOf(stages: readonly Stage[]): { selling: readonly Stage[]; rest: readonly Stage[] } {
  const first = stages.findIndex(({ kind = 'layer' }) => !MARKET.includes(kind));
  if (first < 0) return { selling: stages, rest: [] };
  const own: Stage[] = stages.some(({ kind }) => kind === 'convert') ? [] : [{ kind: 'convert', id: 'ownAssets' }];
  return { selling: stages.slice(0, first), rest: [...own, ...stages.slice(first)] };
}

/**
 * Resolves all defaults of a book.
 * @param book - is written to: it ends as the projection of the ledger
 * @param ledger - of this book, see `ledgerOf`, in the same units
 * @param stages - a preset, or others; those that sell in the market first
 * @param options - assets, order books, score
 * @returns the ledger at the end, round by round what was done, and what nobody has paid
 * @throws MarginError conflict where the ledger is not that of the book as it is now, and as `run`; the book is not written to in that round
 * @example
 * resolveDefaults(book, ledgerOf(book, { decimals: 2 }), [{ id: 'all', who: 'survivors' }], { decimals: 2 })
 *   .rounds.length // 1
 */
export function resolveDefaults(
  book: BookBase,
  ledger: State,
  stages: readonly Stage[],
  options: ResolveOptions,
): Resolution {
  checkBook(book);
  checkKeys(options, 'options', OPTIONS);
  const { rounds: most = 10 } = options;
  oneOf(options.close ?? 'target', 'options.close', ['target', 'all']);
  if (!Number.isInteger(most) || most < 1) {
    throw new MarginError('range', { path: 'options.rounds', got: most, expected: 'a whole number from 1' });
  }
  matchLedger(book, ledger, termsOf(book, unitsOf(options)));
  stagesOf(stages);
  const { selling, rest } = partsOf(stages);
  const assets = options.assets === undefined ? settled(ledger) : assetsOf(book, options.assets);
  const rounds: Round[] = [];
  const known = new Set<string>();
  let state = ledger;
  let moved = 0;
  const done = (outcome: Outcome): Outcome | null => {
    moved += outcome.postings.length;
    state = written(book, outcome, options);
    if (!options.each) return outcome;
    options.each(outcome);
    return null;
  };
  for (let round = 0; round < most; round++) {
    const defaulters = defaultsOf(book, margin(book));
    if (defaulters.length === 0) break;
    moved = 0;
    for (const id of defaulters) known.add(id);
    // What they have is sold for all assets before anybody else pays in one; who is healthy again goes no further.
    const sales = assets.map((asset) => {
      if (selling.length === 0) return null;
      const still = new Set(defaultsOf(book, margin(book)));
      const those = defaulters.filter((id) => still.has(id));
      if (those.length === 0) return null;
      return done(
        ofStages(stages, selling, () => sell(book, state, selling, { asset, defaulters: those, round, options })),
      );
    });
    const parts = assets.map((asset, a): Part => {
      // Who defaulted in an earlier round and is still in danger is no survivor of this one.
      const unresolved = defaultsOf(book, margin(book)).filter((id) => known.has(id));
      const idle = rest.length === 0 || unresolved.length === 0;
      const those = { asset, unresolved, round, options };
      const waterfall = idle
        ? null
        : done(ofStages(stages, rest, () => run(state, rest, eventOf(book, state, rest, those))));
      return { asset, market: sales[a] ?? null, unresolved, waterfall };
    });
    // A round in which nothing moves says that the stages can do no more.
    if (moved === 0 && round > 0) break;
    rounds.push({ defaulters, parts });
  }
  const left = defaultsOf(book, margin(book));
  return { state, rounds, residual: residualOf(state, assets, left), left };
}

const deficitOf = (state: State, id: string, asset: string): Amount => below0(state.equity(id, asset));

const settled = (ledger: State): string[] => [
  ...new Set([...ledger.columns.markets.values()].map(({ settle }) => settle)),
];

function residualOf(state: State, assets: readonly string[], left: readonly string[]): Record<string, Amount> {
  const open = assets.map((asset): [string, Amount] => [
    asset,
    left.reduce((sum, id) => sum + deficitOf(state, id, asset), 0n),
  ]);
  return Object.fromEntries(open.filter(([, amount]) => amount > 0n));
}

/** The stages that sell, with sizes of the kernel and this round's order books. */
function sell(
  book: BookBase,
  state: State,
  stages: readonly Stage[],
  {
    asset,
    defaulters,
    round,
    options,
  }: { asset: string; defaulters: string[]; round: number; options: ResolveOptions },
): Outcome {
  const { lots, close = 'target', depth, event = {} } = options;
  const closes = close === 'all' ? {} : { closes: closesOf(book, defaulters, lots === undefined ? {} : { lots }) };
  return run(state, stages, {
    ...withBidsOf(event, stages),
    asset,
    defaulters,
    solvent: 'take',
    ...closes,
    depth: depth?.(round) ?? {},
    prices: pricesOf(book, asset, options),
  });
}

/** Assets that are named, each once. @throws MarginError type, unknown-id, duplicate */
function assetsOf(book: BookBase, assets: readonly string[]): readonly string[] {
  listOf(assets, 'options.assets').forEach((asset, i) => {
    const path = `options.assets[${i}]`;
    book.asset(asset as string, path);
    if (assets.indexOf(asset as string) < i) throw new MarginError('duplicate', { path, got: asset });
  });
  return assets;
}

/**
 * Runs some of the caller's stages.
 * @throws MarginError as `work`, its path leading into the caller's list
 */
function ofStages<T>(stages: readonly Stage[], some: readonly Stage[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    const [head, index] = (error instanceof MarginError && /^stages\[(\d+)\]/.exec(error.path ?? '')) || [];
    if (!(error instanceof MarginError) || head === undefined) throw error;
    const at = stages.indexOf(some[Number(index)] as Stage);
    if (at < 0) throw error;
    throw error.with({
      path: (error.path as string).replace(head, `stages[${at}]`),
      ...(error.code === 'unknown-id' && error.hint === undefined ? { hint: FUNDS } : {}),
    });
  }
}

const FUNDS = 'Add it to the `funds` of ledgerOf, or name another in the rules of the preset';

/** The event of the rest: with the kernel's scores where somebody may be deleveraged. */
function eventOf(
  book: BookBase,
  state: State,
  stages: readonly Stage[],
  {
    asset,
    unresolved,
    round,
    options,
  }: { asset: string; unresolved: string[]; round: number; options: ResolveOptions },
): DefaultEvent {
  const { score, hedged = false, event = {}, bids } = options;
  const offers = bids ? { bids: bids({ asset, round, state, defaulters: unresolved }) } : {};
  const adl = stages.find(({ kind }) => kind === 'adl') as { score?: string } | undefined;
  const by = score ?? (adl?.score === 'given' ? undefined : (adl?.score as ColumnScore | undefined));
  const scores = adl && by ? queuesOf(book, state, unresolved, by) : undefined;
  const hedges = Object.entries(hedged && scores ? scores : {}).map(([market, { rows }]) => {
    const ids = Array.from(rows, (row) => state.id(row));
    return [market, hedgeReliefs(book, market, ids)] as const;
  });
  const reliefs = hedges.length > 0 ? { reliefs: Object.fromEntries(hedges) } : {};
  const queue = { ...(scores ? { scores } : {}), ...reliefs };
  return {
    ...withBidsOf({ ...event, ...offers }, stages),
    asset,
    defaulters: unresolved,
    solvent: 'take',
    ...queue,
    prices: pricesOf(book, asset, options),
  };
}

/** Prices of all assets in one, minor units for a minor unit. */
function pricesOf(book: BookBase, asset: string, units: LedgerUnits): Record<string, Exact> {
  const { price } = book.store.columns.asset;
  const { decimals } = termsOf(book, { ...(units.decimals === undefined ? {} : { decimals: units.decimals }) });
  const at = (a: number): Exact => {
    const unit = { numerator: 1n, denominator: 10n ** BigInt(decimals[a] ?? 0) };
    return times(exact(price[a] ?? 0), unit);
  };
  const main = at(book.asset(asset));
  if (main.numerator <= 0n) {
    throw new MarginError('range', { path: 'options.assets', got: asset, expected: 'an asset with a price above 0' });
  }
  const others = Array.from({ length: book.assets }, (_, a) => a).filter((a) => book.assetId(a) !== asset);
  return Object.fromEntries(
    others.flatMap((a) => ((price[a] ?? 0) > 0 ? [[book.assetId(a), over(at(a), main)] as const] : [])),
  );
}

const unitsOf = ({ decimals, lots }: ResolveOptions): LedgerUnits => {
  return { ...(decimals === undefined ? {} : { decimals }), ...(lots === undefined ? {} : { lots }) };
};

/** The state of an outcome, written into the book. */
function written(book: BookBase, { state, postings }: Outcome, options: ResolveOptions): State {
  projectInto(book, state, postings, unitsOf(options));
  return state;
}
