// A row of `exchange.markets`, with a mark and tiers, as a market of a book. Options are markets too; their expiries stand
// beside them. Nothing is assumed of a contract that does not say its kind, its settle asset or its size.
import { AT_LEAST_0, MULTIPLIER, POSITIVE, VOLATILITY } from '../book/fields.js';
import type { Bracket, Decimal, ExpiryJSON, MarketJSON } from '../book/types.js';
import { MarginError } from '../errors.js';
import { decimal, scaled } from '../venues/decimal.js';
import type { Row } from '../venues/rows.js';
import type { Rules } from './conventions.js';
import type { StepOf } from './precision.js';
import { filled, nonzero, within } from './read.js';
import { unitsOf } from './symbols.js';

/** What a market needs beside its row. */
export interface MarketSources {
  /** Mark price (quote), where there is one. */
  mark: Decimal | undefined;
  index?: Decimal | undefined;
  /** Own table, or that of the venue's tiers. */
  brackets: Bracket[] | undefined;
  /** Row of `fetchGreeks`, for an option. */
  greeks?: Row | undefined;
  rules: Rules;
  /** How the exchange writes its precision. */
  stepOf: StepOf;
}

type Kind = 'linear' | 'inverse' | 'quanto' | 'option' | 'spot';

/** @throws MarginError missing-key where the row does not say it */
export function kindOf(row: Row): Kind {
  const is = (key: string): boolean => row.raw(key) === true;
  if (is('option') || row.raw('type') === 'option') return 'option';
  if (is('spot') || row.raw('contract') === false || row.raw('type') === 'spot') return 'spot';
  if (is('quanto')) return 'quanto';
  if (is('linear') !== is('inverse')) return is('linear') ? 'linear' : 'inverse';
  throw new MarginError('missing-key', {
    path: row.at('linear'),
    got: row.raw('linear') ?? null,
    expected: 'linear, inverse or quanto to be true, and only one of them',
    hint: 'Load the markets again (exchange.loadMarkets), or set the kind in the row',
  });
}

function sizeOf(row: Row): Decimal {
  const hint =
    'Take contractSize from exchange.markets or the venue; it is units of base (of quote for inverse) in one contract';
  return nonzero(row, 'contractSize', 'units in one contract, > 0', hint, MULTIPLIER);
}

/** A fee that is not a rate is some other figure. */
const FEE = { min: -1, max: 1 };

/** Steps, limits and fees, where the row has them; they are carried. */
function steps(row: Row, stepOf: StepOf): Partial<MarketJSON> {
  const part = (key: string): Row | null => (row.has(key) ? row.row(key) : null);
  const [precision, limits] = [part('precision'), part('limits')];
  const amount = limits?.has('amount') ? limits.row('amount') : null;
  const cost = limits?.has('cost') ? limits.row('cost') : null;
  const [tick, lot] = ['price', 'amount'].map((key) => (precision ? stepOf(precision, key) : undefined));
  return {
    ...(tick === undefined ? {} : { tick }),
    ...(lot === undefined ? {} : { lot }),
    ...(cost && filled(cost, 'min') ? { minNotional: within(cost, 'min', AT_LEAST_0) } : {}),
    ...(amount && filled(amount, 'max') ? { maxSize: within(amount, 'max', POSITIVE) } : {}),
    ...(row.has('taker') ? { takerFee: within(row, 'taker', FEE) } : {}),
    ...(row.has('maker') ? { makerFee: within(row, 'maker', FEE) } : {}),
  };
}

/** The unit of the brackets, where it is not that of a book (notional in settle units, maintenance marginal). */
function tables(kind: Kind, rules: Rules): Pick<MarketJSON, 'tables'> {
  const expected = 'the unit of the tiers: settle, quote or contracts';
  const unit = rules.need(kind === 'inverse' ? 'inverseTiers' : 'linearTiers', expected);
  const form =
    rules.need('tierForm', 'how tiers are read: marginal or whole') === 'whole' ? { form: 'whole' as const } : {};
  if (unit === 'contracts') return { tables: { ...form, basis: 'contracts' } };
  if (unit === 'quote') return { tables: { ...form, unit: 'quote' } };
  return 'form' in form ? { tables: form } : {};
}

/**
 * A derivative as a market of a book; its id is the unified symbol.
 * @param row - of `exchange.markets`
 * @param own - whether the brackets are the caller's own, in the units of a book
 * @throws MarginError missing-key, type, range; conflict for spot
 */
export function marketOf(row: Row, sources: MarketSources, own = false): MarketJSON {
  const { mark, index, brackets, rules, stepOf } = sources;
  const id = row.text('symbol', 'Markets are told apart by their unified symbol');
  const kind = kindOf(row);
  if (kind === 'spot') {
    const hint = 'A margin position in a spot market is two balances: write it as balances of the account';
    throw new MarginError('conflict', { path: row.at('spot'), got: id, expected: 'a derivative', hint });
  }
  const settle = row.text('settle', 'What profit is paid in; exchange.loadMarkets fills it');
  if (kind === 'option') return optionOf(row, id, settle, sources);
  const priceHint = `Give marks: { "${id}": price }, or rows of fetchMarkPrices or fetchFundingRates as prices`;
  if (mark === undefined) {
    throw new MarginError('missing-key', {
      path: `marks["${id}"]`,
      expected: 'a mark price (quote), > 0',
      hint: priceHint,
    });
  }
  if (brackets === undefined) {
    const hint = 'Give tiers of fetchLeverageTiers or fetchMarketLeverageTiers, or a table of your own as brackets';
    throw new MarginError('missing-key', { path: `tiers["${id}"]`, expected: 'leverage tiers of the market', hint });
  }
  return {
    id,
    kind,
    settle,
    ...(row.has('base') ? { underlying: unitsOf(row.text('base')).asset } : {}),
    multiplier: sizeOf(row),
    mark,
    ...(index === undefined ? {} : { index }),
    brackets,
    ...(own ? {} : tables(kind, rules)),
    ...steps(row, stepOf),
  };
}

/** One id for all strikes of an expiry: base, settle asset and moment. */
const expiryId = (row: Row, settle: string): string => `${row.text('base')}:${settle}-${row.decimal('expiry')}`;

function optionOf(row: Row, id: string, settle: string, { mark, greeks, rules, stepOf }: MarketSources): MarketJSON {
  const greeksHint = `Give greeks: rows of fetchGreeks("${id}") or fetchAllGreeks`;
  if (greeks === undefined) {
    const expected = 'volatility and forward of the option';
    throw new MarginError('missing-key', { path: `greeks["${id}"]`, expected, hint: greeksHint });
  }
  const volatility = nonzero(
    greeks,
    'markImpliedVolatility',
    'a volatility per root of a year',
    greeksHint,
    VOLATILITY,
  );
  const unit = rules.need('volatility', 'the unit of implied volatilities: fraction or percent');
  const multiplier = sizeOf(row);
  return {
    id,
    kind: row.word('optionType', ['call', 'put']),
    settle,
    expiry: expiryId(row, settle),
    strike: nonzero(row, 'strike', 'a strike (quote), > 0', 'exchange.loadMarkets fills it'),
    volatility:
      unit === 'percent' ? decimal(scaled(volatility, 18, greeks.at('markImpliedVolatility')), 20) : volatility,
    multiplier,
    ...(mark === undefined ? {} : { mark }),
    ...steps(row, stepOf),
  };
}

/**
 * The expiry of an option.
 * @param time - now, milliseconds since 1970
 * @throws MarginError missing-key, range where it has passed
 */
export function expiryOf(row: Row, greeks: Row, time: number): ExpiryJSON {
  const at = Number(nonzero(row, 'expiry', 'milliseconds since 1970', 'exchange.loadMarkets fills it'));
  if (at < time) {
    const hint = 'The market has expired; load the markets again';
    throw new MarginError('range', { path: row.at('expiry'), got: at, expected: `${time} or later`, hint });
  }
  return {
    id: expiryId(row, row.text('settle')),
    asset: row.text('base'),
    seconds: (at - time) / 1000,
    forward: nonzero(greeks, 'underlyingPrice', 'the forward of the expiry (quote)', 'Rows of fetchGreeks have it'),
  };
}
