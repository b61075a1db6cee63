// Deribit: instruments and portfolios of one currency as a book, for its portfolio margin. Sizes are units of the coin, as
// private/pme/simulate takes them; what is asked for is in USD, and over the index it is the coin that the venue prints.
import type { BookJSON, Decimal, ExpiryJSON, MarketJSON } from '../book/types.js';
import { MarginError } from '../errors.js';
import type { ModelJSON } from '../scenario/types.js';
import { Row, rowsOf } from './rows.js';

/** The account of these books. */
export const ACCOUNT = 'account';
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
/** Contracts expire at 8:00 UTC. */
const EXPIRY_HOUR = 8;
const MILLISECONDS = 1000;

/** What an instrument's name says. */
export interface Instrument {
  /** Coin that it is on, and pays. */
  currency: string;
  /** What kind of contract it is. */
  kind: 'perpetual' | 'future' | 'call' | 'put';
  /** Milliseconds since 1970, UTC. */
  expiry?: number;
  /** Of an option, USD. */
  strike?: number;
}

/**
 * What the name of an instrument says.
 * @throws MarginError type, where it is no name of an inverse contract
 * @example
 * instrument('BTC-28JUN24-70000-C') // { currency: 'BTC', kind: 'call', expiry: 1719561600000, strike: 70000 }
 */
export function instrument(name: string): Instrument {
  const parts = /^([A-Z]+)-(?:PERPETUAL|(\d{1,2})([A-Z]{3})(\d{2})(?:-(\d+)-([CP]))?)$/.exec(String(name));
  const [, currency = '', day, month = '', year, strike, side] = parts ?? [];
  if (!parts || (day !== undefined && !MONTHS.includes(month)))
    throw new MarginError('type', {
      path: 'name',
      got: name,
      expected: 'the name of an inverse contract, such as BTC-PERPETUAL, BTC-28JUN24 or BTC-28JUN24-70000-C',
    });
  if (day === undefined) return { currency, kind: 'perpetual' };
  const expiry = Date.UTC(2000 + Number(year), MONTHS.indexOf(month), Number(day), EXPIRY_HOUR);
  if (strike === undefined) return { currency, kind: 'future', expiry };
  return { currency, kind: side === 'C' ? 'call' : 'put', expiry, strike: Number(strike) };
}

/** A position: what it is, and for what expires the seconds that are left. */
export interface DeribitPosition {
  /** Of its market: the instrument's name. */
  id: string;
  /** What kind of contract it is. */
  kind: Instrument['kind'];
  /** Units of the coin, long positive. */
  size: Decimal;
  /** Time to expiry; of a perpetual none. */
  seconds?: Decimal;
  /** Of an option: strike (USD), volatility (0.6 for 60 %), forward of its expiry (USD; default the index). */
  strike?: Decimal;
  /** Of an option, per root of a year: 0.6 is 60 %. */
  volatility?: Decimal;
  /** Forward price of its expiry, USD; default the index. */
  forward?: Decimal;
}

/**
 * A position from an instrument's name and its ticker.
 * @param ticker - instrument_name, mark_iv (per cent) and underlying_price of GET public/ticker
 * @param size - units of the coin, long positive
 * @param time - milliseconds since 1970
 * @throws MarginError missing-key, type
 * @example
 * positionOf({ instrument_name: 'BTC-28JUN24', mark_price: 66_400 }, -1, Date.UTC(2024, 5, 27, 8))
 *   // { id: 'BTC-28JUN24', kind: 'future', size: -1, seconds: 86400 }
 */
export function positionOf(
  ticker: { instrument_name: string; mark_iv?: Decimal; underlying_price?: Decimal },
  size: Decimal,
  time: number,
): DeribitPosition {
  const row = new Row(ticker, '', undefined, 'positionOf');
  const id = row.text('instrument_name');
  const { kind, expiry, strike } = instrument(id);
  const seconds = expiry === undefined ? undefined : Math.max(expiry - time, 0) / MILLISECONDS;
  if (strike === undefined) return { id, kind, size, ...(seconds === undefined ? {} : { seconds }) };
  const volatility = row.number('mark_iv') / 100;
  return { id, kind, size, seconds: seconds ?? 0, strike, volatility, ...row.some('underlying_price', 'forward') };
}

/**
 * A book of one account in one currency.
 * @param portfolio - currency, index (USD), model (`presets.deribit()` or another), positions, balance in coin
 * @throws MarginError missing-key, type, range, duplicate
 * @example
 * portfolioBook({ currency: 'ETH', index: 1949.34, model: { id: 'm', requirement: { gross: 'linear' } },
 *   positions: [{ id: 'ETH-PERPETUAL', kind: 'perpetual', size: -0.5 }] }).markets[0].multiplier // 1949.34
 */
export function portfolioBook(portfolio: {
  currency: string;
  index: Decimal;
  model: ModelJSON;
  balance?: Decimal;
  positions: readonly DeribitPosition[];
}): BookJSON {
  const row = new Row(portfolio, '', ['currency', 'index', 'model', 'balance', 'positions'], 'portfolioBook');
  const { model, balance = 0 } = portfolio;
  const currency = row.text('currency');
  const index = row.decimal('index');
  const expiries = new Map<string, ExpiryJSON>();
  const rows = rowsOf(portfolio.positions, 'positions');
  const markets = rows.map((position): MarketJSON => {
    const id = position.text('id');
    const kind = position.text('kind');
    const option = kind === 'call' || kind === 'put';
    const expiry = position.has('seconds') ? `${position.number('seconds')}` : undefined;
    if (expiry !== undefined && (option || !expiries.has(expiry))) {
      const forward = option && position.has('forward') ? position.decimal('forward') : index;
      expiries.set(expiry, { id: expiry, asset: currency, seconds: position.decimal('seconds'), forward });
    }
    if (option) {
      const [strike, volatility] = [position.decimal('strike'), position.decimal('volatility')];
      position.need('seconds', 'the seconds to the expiry of an option');
      return { id, kind, expiry: expiry ?? '', strike, volatility, settle: currency };
    }
    // A contract of index dollars at the index is one coin.
    const one = { multiplier: index, mark: index, brackets: [{ upTo: null, maintenanceRate: 0 }] };
    const dated = expiry === undefined ? {} : { expiry };
    return { id, kind: 'inverse', base: currency, settle: currency, ...one, ...dated };
  });
  return {
    format: 'margin-kernel/book@1',
    assets: [{ id: currency, price: index }],
    expiries: [...expiries.values()],
    models: [model],
    markets,
    accounts: [
      {
        id: ACCOUNT,
        model: model.id,
        balances: { [currency]: balance },
        positions: rows
          .filter((position) => position.number('size') !== 0)
          .map((position) => ({
            market: position.text('id'),
            size: position.decimal('size'),
            ...(position.has('strike') ? {} : { entry: index }),
          })),
      },
    ],
  };
}
