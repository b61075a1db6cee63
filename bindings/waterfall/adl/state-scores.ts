// The scores of a market's holders, from a state: what the venue's formula needs of a position, in the ledger's own units.
import { MarginError } from '../../errors.js';
import { magnitude } from '../../venues/integer.js';
import type { Amount } from '../amount.js';
import { type Market, worthOf } from '../market.js';
import { BALANCE, type State } from '../state.js';
import { type HedgeEffect, hedgeAware } from './hedge.js';
import type { Score } from './score.js';
import { ADL_SCORES, type ScoreName } from './venue-scores.js';

/** What closing a leg does to requirements, by account; from the margin kernel. */
export type Reliefs = Readonly<Record<string, HedgeEffect>>;

/**
 * The score of one holder.
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
  const [entry, notional] = [magnitude(cost) || 1n, magnitude(worth) || 1n];
  const position = {
    // Values are signed, so that mark less entry is the profit: of a short (and of an inverse long) they are below 0.
    bitmex: () => ({ entry: -cost || 1n, mark: worth || 1n, bankruptcy: worth - equity }),
    binance: () => wallet(state, row, market, cost + worth),
    bybit: () => wallet(state, row, market, cost + worth),
    okx: () => ({ pnl: cost + worth, entry, notional, margin: equity }),
    hyperliquid: () => ({ ...pricesOf(market, entry, notional), notional, accountValue: equity }),
  }[name]();
  const { score } = ADL_SCORES[name](position as never);
  const id = state.id(row);
  const relief = reliefs && Object.hasOwn(reliefs, id) ? reliefs[id] : undefined;
  return relief ? hedgeAware(score, relief) : score;
}

/** Mark over entry, as the venue multiplies it: of an inverse market values are contracts over prices. */
const pricesOf = ({ kind }: Market, entry: Amount, notional: Amount): { mark: Amount; entry: Amount } =>
  kind === 'linear' ? { mark: notional, entry } : { mark: entry, entry: notional };

function wallet(state: State, row: number, market: Market, pnl: Amount): object {
  const maintenance = state.columns.measures.get('maintenance');
  if (!maintenance) {
    throw new MarginError('missing-key', {
      path: 'accounts[].measures.maintenance',
      expected: 'the maintenance margin of every account, minor units, which this score divides by',
    });
  }
  return { pnl, wallet: state.amountAt(row, BALANCE, market.settle), maintenance: maintenance.at(row), one: 1n };
}
