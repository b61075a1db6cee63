// dYdX v4 deleveraging in the protocol's integers: a bankrupt position is closed against positions of the other side, at its
// own bankruptcy price. Nobody is ranked; who would be bankrupt at that price is passed over. Source: x/clob/keeper/deleveraging.go.
import { MarginError } from '../errors.js';
import { bankruptcyPrice } from './dydx-liquidation.js';
import { accountRisk, netNotional, type Perpetual, positionRisk, type Risk } from './dydx-rules.js';
import { type Integer, integer, magnitude, smaller } from './integer.js';
import { Row, rowsOf } from './rows.js';

/** An account in one market. */
export interface DeleveragedAccount {
  /** Quote balance, quote quantums. */
  quoteQuantums: Integer;
  /** Signed position in the market, base quantums. */
  baseQuantums: Integer;
  /** Net collateral and maintenance margin of its other positions, quote quantums; default none. */
  others?: Omit<Risk, 'initialMargin'>;
}

/** How counterparties are gone through. */
export interface DeleverageRule {
  /** Non-negative; the list is started at this place, modulo its length. Default 0. */
  seed?: Integer;
  /** Most accounts that are looked at; default all. */
  iterate?: Integer;
  /** The market is in final settlement and the account is not below 0: closes are made at the oracle price. */
  finalSettlement?: boolean;
  /** What happens where bankruptcy prices do not overlap: the next account is tried (default), or everything is refused. */
  noOverlap?: 'skip' | 'refuse';
}

/** Balances of an account after it. */
export interface DeleveragedBalance {
  /** Quote balance, 1e-6 USDC. */
  quoteQuantums: bigint;
  /** Signed size. */
  baseQuantums: bigint;
}

/** Who has closed what in a deleveraging. */
export interface Deleveraged {
  /** The bankrupt account after it. */
  liquidated: DeleveragedBalance;
  /** In the order of the list. */
  offsetting: DeleveragedBalance[];
  /** Places in the list and base quantums closed there, unsigned, in the order in which they were closed. */
  fills: { place: number; fillAmount: bigint; quoteQuantums: bigint }[];
  /** What is left of the delta. */
  deltaRemaining: bigint;
}

interface State extends DeleveragedBalance {
  others: Pick<Risk, 'netCollateral' | 'maintenanceMargin'>;
}

/**
 * Closes a part of a position against positions of the other side. Each close is made at the bankruptcy price of the
 * liquidated account as it is before that close; an account of the wrong side is passed over.
 * @param liquidated - the account whose position has to go
 * @param offsetting - counterparties
 * @param deltaQuantums - what is closed: of the other sign than the position and not larger, base quantums
 * @param perpetual - market, tier and oracle price
 * @param rule - where the list starts and what a missing overlap does
 * @returns balances, fills and what is left; quote and base quantums add up to what they were
 * @throws MarginError missing-key, type, inexact, range where the delta does not close a part of the position or (`refuse`)
 *   bankruptcy prices do not overlap
 * @see v4-chain protocol/x/clob/keeper/deleveraging.go OffsetSubaccountPerpetualPosition, ProcessDeleveraging
 * @example
 * deleverage({ quoteQuantums: 54_999_000_000n, baseQuantums: -100_000_000n },
 *   [{ quoteQuantums: -50_000_000_000n, baseQuantums: 100_000_000n }], 100_000_000n, { price: 50_000, priceExponent: 0,
 *   atomicResolution: -8, initialMarginPpm: 200_000, maintenanceFractionPpm: 500_000 }).offsetting
 *   // [{ quoteQuantums: 4_999_000_000n, baseQuantums: 0n }]
 */
export function deleverage(
  liquidated: DeleveragedAccount,
  offsetting: readonly DeleveragedAccount[],
  deltaQuantums: Integer,
  perpetual: Omit<Perpetual, 'ticker'>,
  rule: DeleverageRule = {},
): Deleveraged {
  const rules = new Row(rule, '', ['seed', 'iterate', 'finalSettlement', 'noOverlap'], 'rule');
  const refuse = rules.word('noOverlap', ['skip', 'refuse'], 'skip') === 'refuse';
  const settles = rules.has('finalSettlement') && rules.flag('finalSettlement');
  let account = stateOf(new Row(liquidated, 'liquidated'));
  const states = rowsOf(offsetting, 'offsetting').map(stateOf);
  let left = integer(deltaQuantums, 'deltaQuantums');
  const size = account.baseQuantums;
  if (size * left >= 0n || magnitude(left) > magnitude(size)) {
    const expected = size === 0n ? 'a position to close' : `${size < 0n ? '1' : '-1'} to ${-size}, which closes`;
    throw new MarginError('range', { path: 'deltaQuantums', got: left, expected });
  }
  const atOracle = settles && riskOf(account, perpetual).netCollateral >= 0n;
  const fills: Deleveraged['fills'] = [];
  for (const place of placesOf(states.length, rules)) {
    if (left === 0n) break;
    const other = states[place] as State;
    if (other.baseQuantums * left <= 0n) continue;
    const most = smaller(magnitude(left), magnitude(other.baseQuantums));
    const delta = left < 0n ? -most : most;
    const quote = atOracle ? netNotional({ ...perpetual, baseQuantums: -delta }) : priceOf(account, delta, perpetual);
    if (quote + priceOf(other, -delta, perpetual) > 0n) {
      if (!refuse) continue;
      const expected = 'a bankruptcy price that overlaps that of the liquidated account';
      throw new MarginError('range', { path: `offsetting[${place}]`, got: quote, expected });
    }
    account = moved(account, quote, delta);
    states[place] = moved(other, -quote, -delta);
    fills.push({ place, fillAmount: most, quoteQuantums: quote });
    left -= delta;
  }
  return { liquidated: balanceOf(account), offsetting: states.map(balanceOf), fills, deltaRemaining: left };
}

function stateOf(row: Row): State {
  const others = row.has('others') ? row.row('others') : undefined;
  return {
    quoteQuantums: row.integer('quoteQuantums'),
    baseQuantums: row.integer('baseQuantums'),
    others: {
      netCollateral: others?.integer('netCollateral') ?? 0n,
      maintenanceMargin: others?.integer('maintenanceMargin') ?? 0n,
    },
  };
}

function riskOf({ quoteQuantums, baseQuantums, others }: State, perpetual: Omit<Perpetual, 'ticker'>): Risk {
  return accountRisk(quoteQuantums, [positionRisk(perpetual, baseQuantums), { ...others, initialMargin: 0n }]);
}

const priceOf = (state: State, delta: bigint, perpetual: Omit<Perpetual, 'ticker'>): bigint =>
  bankruptcyPrice(riskOf(state, perpetual), perpetual, state.baseQuantums, delta);

const moved = (state: State, quote: bigint, base: bigint): State => ({
  ...state,
  quoteQuantums: state.quoteQuantums + quote,
  baseQuantums: state.baseQuantums + base,
});

const balanceOf = ({ quoteQuantums, baseQuantums }: State): DeleveragedBalance => ({ quoteQuantums, baseQuantums });

/** Places of a list from the seed on, round to it again. */
function placesOf(count: number, rules: Row): number[] {
  const [seed, most] = [rules.integer('seed', 0n), rules.integer('iterate', BigInt(count))];
  for (const [key, value] of [
    ['seed', seed],
    ['iterate', most],
  ] as const) {
    if (value < 0n) throw new MarginError('range', { path: rules.at(key), got: value, expected: '>= 0' });
  }
  if (count === 0) return [];
  const start = Number(seed % BigInt(count));
  return Array.from({ length: Number(smaller(most, BigInt(count))) }, (_, i) => (start + i) % count);
}
