// A row of `fetchPositions` as a position of a book: size with its sign, side of hedge mode, margin mode, wallet of an isolated
// one. What a row does not say is refused with the way to mend it; the caller turns the refusal into a gap.
import { ANY, LEVERAGE, decimal as real, SIZE } from '../book/fields.js';
import type { Decimal, MarketJSON, PositionJSON } from '../book/types.js';
import { MarginError } from '../errors.js';
import { negate, sum } from '../venues/decimal.js';
import type { Row } from '../venues/rows.js';
import type { Rules } from './conventions.js';
import { filled, nonzero, within } from './read.js';

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
function contractsOf(row: Row, market: MarketJSON, rules: Rules, fromNotional: boolean): Decimal {
  if (filled(row, 'contracts')) {
    const contracts = within(row, 'contracts', SIZE);
    const size = real(contracts, row.at('contracts')) < 0 ? negate(contracts) : contracts;
    if (rules.some('contracts') === 'contracts') return size;
    const units = real(size, row.at('contracts'));
    return real(units / real(market.multiplier, 'contractSize'), row.at('contracts'), SIZE);
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
  const mark = row.has('markPrice') ? row.positive('markPrice') : real(market.mark, 'mark');
  return real(Math.abs(row.number('notional')) / worth(market, mark), row.at('notional'), SIZE);
}

/** Value of a contract at a price, in the settle asset. */
function worth(market: MarketJSON, price: number): number {
  const unit = real(market.multiplier, 'contractSize');
  return market.kind === 'inverse' ? unit / price : unit * price;
}

/** What prices may have moved between a notional and the prices beside it. */
const SLACK = 1.05;

/**
 * The doubt that a notional casts on the contracts: venues have given units for contracts and back (ccxt/ccxt#26913).
 * @returns nothing where they agree at the mark, at the entry or between, or where there is nothing to compare
 */
export function doubtOf({ row, market, position }: Held): { error: MarginError; wrong: boolean } | null {
  if (!filled(row, 'notional') || !filled(row, 'contracts') || market.kind === 'call' || market.kind === 'put')
    return null;
  const size = Math.abs(real(position.size, 'size'));
  const prices = [real(market.mark, 'mark'), real(position.entry, 'entry')];
  const notional = Math.abs(row.number('notional'));
  const fits = (factor: number): boolean => {
    const values = prices.map((price) => size * worth(market, price) * factor);
    return notional <= Math.max(...values) * SLACK && notional >= Math.min(...values) / SLACK;
  };
  if (fits(1)) return null;
  const unit = real(market.multiplier, 'contractSize');
  const wrong = unit !== 1 && (fits(unit) || fits(1 / unit));
  const expected = `about ${(size * worth(market, prices[0] as number)).toPrecision(6)}, which the contracts are worth`;
  const hint = wrong
    ? `They differ by the contract size: say conventions: { contracts: 'units' }, or look at info and set contracts`
    : 'The notional may be in another unit or of another time; look at info';
  return {
    error: new MarginError('conflict', { path: row.at('notional'), got: row.raw('notional'), expected, hint }),
    wrong,
  };
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
  const contracts = contractsOf(row, market, rules, fromNotional);
  const option = market.kind === 'call' || market.kind === 'put';
  const entry = option ? {} : { entry: entryOf(row) };
  const hedged = row.raw('hedged') === true || bothSides;
  const set = rules.some('leverage') === 'setting' && filled(row, 'leverage');
  const leverage = set ? { leverage: within(row, 'leverage', LEVERAGE) } : {};
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

/**
 * What a position adds to equity (settle asset): the row's profit, or that of its own mark and entry. An option adds its value, as
 * its premium has left the balance.
 * @throws MarginError missing-key
 */
export function profitOf({ row, market, position }: Held, rules: Rules): Decimal {
  const option = market.kind === 'call' || market.kind === 'put';
  if (!option && rules.some('profit') === 'row' && row.has('unrealizedPnl')) return row.decimal('unrealizedPnl');
  if (!filled(row, 'markPrice')) {
    throw new MarginError('missing-key', {
      path: row.at(option ? 'markPrice' : 'unrealizedPnl'),
      expected: option ? 'the mark price of the option' : 'the profit of the position (settle asset)',
      hint: `The venue counts it into what it calls a balance; set ${option ? '' : 'unrealizedPnl or '}markPrice in the row to take it off`,
    });
  }
  const size = real(position.size, 'size') * real(market.multiplier, 'contractSize');
  const mark = row.positive('markPrice');
  if (option) return size * mark;
  const entry = real(position.entry, 'entry');
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
    ANY,
  );
  const meaning = rules.need('collateral', 'what collateral is: wallet or equity (with profit)');
  return meaning === 'wallet' ? collateral : sum(collateral, negate(profitOf(held, rules)));
}
