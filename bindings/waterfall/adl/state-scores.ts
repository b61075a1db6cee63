// The scores of a market's holders, from a state: what the venue's formula needs of a position, in the ledger's own units.
import { MarginError } from '../../errors.js';
import { exact } from '../../liquidation/exact.js';
import { magnitude } from '../../venues/integer.js';
import { Row } from '../../venues/rows.js';
import type { Amount } from '../amount.js';
import { type Market, worthOf } from '../market.js';
import { BALANCE, type State } from '../state.js';
import { EFFECT, type HedgeEffect, lowered, ruleAt } from './hedge.js';
import { INFINITE, type Score } from './score.js';
import {
  binanceScore,
  bybitScore,
  hyperliquidScore,
  okxScore,
  type ScoreName,
  type WalletPosition,
} from './venue-scores.js';

/** What closing a leg does to requirements, by account; from the margin kernel. */
export type Reliefs = Readonly<Record<string, HedgeEffect>>;

/**
 * A score as it counts in the queue, wherever it is from: lowered by what is told of closing the leg of its account.
 * @param score - exact, or a double as ranks and columns are: the decimal that it prints as, or infinite
 * @param id - of the account
 * @param reliefs - by account; none of an account leaves its score as it is
 * @throws MarginError type, missing-key, unknown-key, inexact, range
 */
export function relieved(score: Score | number, id: string, reliefs?: Reliefs): Score {
  const own = typeof score !== 'number' ? score : score === Number.POSITIVE_INFINITY ? INFINITE : exact(score, 'score');
  if (!reliefs || !Object.hasOwn(reliefs, id)) return own;
  return lowered(own, new Row(reliefs[id], `reliefs.${id}`, EFFECT), NO_RULE);
}

const NO_RULE = ruleAt({}, 'rule');

/**
 * The score of one holder. A state does not know how many minor units a whole unit has, so Binance's and Bybit's count the wallet
 * as at least one minor unit, and not as one whole unit as the venues do: who has less than that stands further in front.
 * @throws MarginError missing-key where Binance's or Bybit's score finds no measure `maintenance`
 */
export function stateScore(
  state: State,
  market: Market,
  row: number,
  name: Exclude<ScoreName, 'given'>,
  reliefs?: Reliefs,
): Score {
  const { lots, cost } = state.positionAt(row, market.id);
  const worth = worthOf(market, lots, market.mark);
  const equity = state.equityAt(row, market.settle);
  const notional = magnitude(worth) || 1n;
  // A position without a cost was had for nothing: its return is measured by what it is worth, as over a book.
  const entry = magnitude(cost) || notional;
  const margined = { pnl: cost + worth, entry, notional, margin: equity };
  const scored = {
    // The same as OKX's of signed values, but for a position without a cost, which those can not say.
    bitmex: () => okxScore(margined),
    binance: () => binanceScore(wallet(state, row, market, cost + worth)),
    bybit: () => bybitScore(wallet(state, row, market, cost + worth)),
    okx: () => okxScore(margined),
    hyperliquid: () => hyperliquidScore({ ...pricesOf(market, entry, notional), notional, accountValue: equity }),
  }[name]();
  return relieved(scored.score, state.id(row), reliefs);
}

/** Mark over entry, as the venue multiplies it: of an inverse market values are contracts over prices. */
const pricesOf = ({ kind }: Market, entry: Amount, notional: Amount): { mark: Amount; entry: Amount } =>
  kind === 'linear' ? { mark: notional, entry } : { mark: entry, entry: notional };

function wallet(state: State, row: number, market: Market, pnl: Amount): WalletPosition {
  const maintenance = state.columns.measures.get('maintenance');
  if (!maintenance) {
    throw new MarginError('missing-key', {
      path: 'accounts[].measures.maintenance',
      expected: 'the maintenance margin of every account, minor units, which this score divides by',
    });
  }
  return { pnl, wallet: state.amountAt(row, BALANCE, market.settle), maintenance: maintenance.at(row), one: 1n };
}
