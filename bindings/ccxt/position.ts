// A row of `fetchPositions` as a position of a book: size with its sign, side of hedge mode, margin mode, wallet of an isolated
// one. What a row does not say is refused with the way to mend it; the caller turns the refusal into a gap.
import { decimal as real } from '../book/fields.js';
import type { Decimal, MarketJSON, PositionJSON } from '../book/types.js';
import { MarginError } from '../errors.js';
import { negate, sum } from '../venues/decimal.js';
import type { Row } from '../venues/rows.js';
import type { Rules } from './conventions.js';
import { filled, nonzero } from './read.js';

const LONG = ['long', 'buy'];
const SHORT = ['short', 'sell'];
/** Words of one-way mode that venues leave in `side`: there the contracts keep their sign (ccxt/ccxt#21526). */
const NET = ['both', 'net'];

/** A position with what the book keeps beside it. */
export interface Held {
  row: Row;
  market: MarketJSON;
  position: PositionJSON;
  mode: 'cross' | 'isolated';
}

/**
 * Whether there is nothing in it: no contracts, and no notional that says otherwise. Venues list flat markets, with a side at
 * that (ccxt/ccxt#16166).
 */
export function isFlat(row: Row): boolean {
  if (row.has('contracts')) return row.number('contracts') === 0 && !filled(row, 'notional');
  return row.has('notional') && row.number('notional') === 0;
}

/** @throws MarginError missing-key, type, conflict */
export function signOf(row: Row): 1 | -1 {
  const negative = row.has('contracts') && row.number('contracts') < 0;
  const word = row.has('side') ? row.text('side').toLowerCase() : '';
  if (SHORT.includes(word)) return -1;
  if (LONG.includes(word)) {
    if (!negative) return 1;
    const hint = 'The venue contradicts itself; look at info and set the side in the row';
    throw new MarginError('conflict', {
      path: row.at('side'),
      got: word,
      expected: 'short where contracts are negative',
      hint,
    });
  }
  if (word !== '' && !NET.includes(word)) {
    const expected = `one of ${[...LONG, ...SHORT].join(', ')}`;
    throw new MarginError('type', { path: row.at('side'), got: row.raw('side'), expected });
  }
  if (negative) return -1;
  if (NET.includes(word)) return 1;
  throw new MarginError('missing-key', {
    path: row.at('side'),
    expected: 'long or short',
    hint: 'contracts have no sign in ccxt, so the row needs its side; look at info and set it in the row',
  });
}

/** Contracts without a sign. @throws MarginError missing-key */
function contractsOf(row: Row, market: MarketJSON, fromNotional: boolean): Decimal {
  if (filled(row, 'contracts')) {
    const contracts = row.decimal('contracts');
    return real(contracts, row.at('contracts')) < 0 ? negate(contracts) : contracts;
  }
  const notional = filled(row, 'notional');
  if (!notional || !fromNotional || market.mark === undefined) {
    throw new MarginError('missing-key', {
      path: row.at('contracts'),
      ...(row.has('contracts') ? { got: row.raw('contracts') } : {}),
      expected: 'a number of contracts, not 0',
      hint: notional
        ? 'The row has its notional only: ask for sizeFromNotional, which divides it by the mark'
        : 'Look at info for the size and set contracts in the row',
    });
  }
  const [value, unit] = [Math.abs(row.number('notional')), real(market.multiplier, 'contractSize')];
  const mark = row.has('markPrice') ? row.positive('markPrice') : real(market.mark, 'mark');
  return market.kind === 'inverse' ? (value * mark) / unit : value / (mark * unit);
}

/** @throws MarginError conflict where row and market name different contract sizes */
function agree(row: Row, market: MarketJSON): void {
  if (!filled(row, 'contractSize')) return;
  const size = row.number('contractSize');
  if (size === real(market.multiplier, 'contractSize')) return;
  throw new MarginError('conflict', {
    path: row.at('contractSize'),
    got: row.raw('contractSize'),
    expected: `${market.multiplier}, as the market says`,
    hint: 'Find out in which unit contracts are counted, then set one of the two',
  });
}

/**
 * @param bothSides - whether the account has a position on either side of this market
 * @param mode - margin mode where the row does not say it
 * @throws MarginError missing-key, type, not-finite, conflict
 */
export function heldOf(
  row: Row,
  market: MarketJSON,
  rules: Rules,
  {
    bothSides = false,
    mode,
    fromNotional = false,
  }: { bothSides?: boolean; mode?: 'cross' | 'isolated' | undefined; fromNotional?: boolean },
): Held {
  const sign = signOf(row);
  agree(row, market);
  const contracts = contractsOf(row, market, fromNotional);
  const option = market.kind === 'call' || market.kind === 'put';
  const entry = option ? {} : { entry: entryOf(row) };
  const hedged = row.raw('hedged') === true || bothSides;
  const leverage =
    rules.some('leverage') === 'setting' && filled(row, 'leverage') ? row.some('leverage', 'leverage') : {};
  return {
    row,
    market,
    mode: modeOf(row, rules, mode),
    position: {
      market: market.id,
      ...(hedged ? { side: sign === 1 ? 'long' : 'short' } : {}),
      size: sign === 1 ? contracts : negate(contracts),
      ...entry,
      ...(option ? {} : leverage),
    },
  };
}

const entryOf = (row: Row): Decimal =>
  nonzero(
    row,
    'entryPrice',
    'the average entry price (quote)',
    'Without it the profit is not known; look at info and set entryPrice',
  );

function modeOf(row: Row, rules: Rules, account?: 'cross' | 'isolated'): 'cross' | 'isolated' {
  const word = row.has('marginMode') ? row.text('marginMode').toLowerCase() : '';
  if (word === 'isolated') return 'isolated';
  if (word === 'cross' || word === 'crossed') return 'cross';
  if (word !== '') {
    throw new MarginError('type', {
      path: row.at('marginMode'),
      got: row.raw('marginMode'),
      expected: 'cross or isolated',
    });
  }
  const mode = account ?? rules.some('marginMode');
  if (mode !== undefined) return mode;
  throw new MarginError('missing-key', {
    path: row.at('marginMode'),
    expected: 'cross or isolated',
    hint: 'The venue does not say it by position: give marginMode beside the account',
  });
}

/** Unrealised profit in the settle asset: the row's, or from its own mark and entry. @throws MarginError missing-key */
export function profitOf({ row, market, position }: Held): Decimal {
  if (row.has('unrealizedPnl')) return row.decimal('unrealizedPnl');
  if (!filled(row, 'markPrice') || position.entry === undefined) {
    throw new MarginError('missing-key', {
      path: row.at('unrealizedPnl'),
      expected: 'the profit of the position (settle asset)',
      hint: 'The venue counts profit into what it calls a balance; set unrealizedPnl or markPrice in the row to take it off',
    });
  }
  const size = real(position.size, 'size') * real(market.multiplier, 'contractSize');
  const [mark, entry] = [row.positive('markPrice'), real(position.entry, 'entry')];
  return market.kind === 'inverse' ? size / entry - size / mark : size * (mark - entry);
}

/** What an isolated position holds beside its profit (settle asset). @throws MarginError missing-key */
export function walletOf(held: Held, rules: Rules): Decimal {
  const { row } = held;
  const collateral = nonzero(
    row,
    'collateral',
    'what the isolated position holds (settle asset)',
    'Look at info for its margin and set collateral in the row',
  );
  const meaning = rules.need('collateral', 'what collateral is: wallet or equity (with profit)');
  return meaning === 'wallet' ? collateral : sum(collateral, negate(profitOf(held)));
}
