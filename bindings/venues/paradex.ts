// Paradex cross margin: markets, balances and positions of its API as parts of a book. Source: docs.paradex.trade, cross
// margin requirement and risk checks. The functions take rows as the API sends them; keys that are not named here are not read.
// Portfolios for its portfolio margin are in paradex-portfolio.ts, and exported from here too.
import type { AccountJSON, AssetJSON, Decimal, MarketJSON, PositionJSON } from '../book/types.js';
import { MarginError } from '../errors.js';
import { negate } from './decimal.js';
import { balancesOf, fraction, Row, rowsOf } from './rows.js';

export * from './paradex-portfolio.js';

/** Margin parameters of a market. */
export interface MarginParams {
  /** Initial margin fraction of the market. */
  imf_base?: Decimal;
  /** Growth of the initial fraction with size; only 0 is known here. */
  imf_factor?: Decimal;
  /** Maintenance as a share of the initial margin; default 1. */
  mmf_factor?: Decimal;
}

/** A perpetual of GET /v1/markets, with its row of /v1/markets/summary. */
export interface Perpetual extends MarginParams {
  /** Market, as the venue names it. */
  symbol: string;
  /** Token that profit and loss are paid in. */
  settlement_currency: string;
  /** USD. */
  mark_price: Decimal;
  /** Where the API has the margin parameters; else they stand beside the rest. */
  delta1_cross_margin_params?: MarginParams;
  /** Funding index now, quote for each unit of base: GET /v1/funding/data. */
  funding_index?: Decimal;
  /** Factor of the fee provision, a fraction of the notional in both requirements. */
  fee_provision?: Decimal;
}

/** A row of GET /v1/positions. */
export interface Position {
  /** Market, as the venue names it. */
  market: string;
  /** Signed size, units of base; an unsigned one takes its sign from a side of SHORT. */
  size: Decimal;
  /** LONG or SHORT. */
  side?: string;
  /** USD. */
  average_entry_price: Decimal;
  /** Funding index at the last settlement, quote for each unit of base. */
  cached_funding_index?: Decimal;
}

/**
 * A perpetual as a market.
 * @param perpetual - mark price (USD) and margin fractions
 * @returns a linear market
 * @throws MarginError missing-key, type, range
 * @example
 * market({ symbol: 'BTC-USD-PERP', settlement_currency: 'USDC', mark_price: 98, imf_base: 0.1, mmf_factor: 0.5 }).brackets
 *   // [{ upTo: null, maintenanceRate: 0.05, initialRate: 0.1 }]
 */
export function market(perpetual: Perpetual): MarketJSON {
  const row = new Row(perpetual, '', undefined, 'market');
  const params = paramsOf(row);
  const initialRate = fraction(params, 'imf_base');
  return {
    id: row.text('symbol'),
    kind: 'linear',
    settle: row.text('settlement_currency'),
    mark: row.decimal('mark_price'),
    brackets: [
      { upTo: null, maintenanceRate: params.number('imf_base') * params.number('mmf_factor', 1), initialRate },
    ],
    ...row.some('fee_provision', 'closingFee'),
    ...row.some('funding_index', 'fundingIndex'),
  };
}

/** Where the margin parameters stand. */
function paramsOf(row: Row): Row {
  const params = row.has('delta1_cross_margin_params') ? row.row('delta1_cross_margin_params') : row;
  if (params.number('imf_factor', 0) !== 0) {
    throw new MarginError('range', {
      path: params.at('imf_factor'),
      got: params.raw('imf_factor'),
      expected: '0: initial fractions that grow with size are not here',
    });
  }
  return params;
}

/**
 * The settlement currency, counted at face value.
 * @param id - token
 * @returns asset of price 1
 * @example
 * cash('USDC').price // 1
 */
export function cash(id: string): AssetJSON {
  return { id, price: 1 };
}

/**
 * An account: balances and positions. Closed positions and balances of 0 are left out.
 * @param id - of the account
 * @param state - `results` of GET /v1/balance and /v1/positions
 * @param perpetuals - where funding since the last settlement is to count: what the markets were made from, with their
 *   `funding_index`
 * @returns an account
 * @throws MarginError missing-key, type, duplicate
 * @example
 * account('a', { balances: [{ token: 'USDC', size: '100' }], positions: [] }).balances // { USDC: '100' }
 */
export function account(
  id: string,
  state: { balances: readonly { token: string; size: Decimal }[]; positions: readonly Position[] },
  perpetuals: readonly Pick<Perpetual, 'symbol' | 'funding_index'>[] = [],
): AccountJSON {
  const row = new Row(state, '', undefined, 'account');
  const indexed = new Set(
    rowsOf(perpetuals, 'perpetuals').flatMap((market) => (market.has('funding_index') ? [market.text('symbol')] : [])),
  );
  const balances = row.rows('balances', undefined, 'GET /v1/balance has it as results');
  const positions = row.rows('positions', undefined, 'GET /v1/positions has it as results');
  return {
    id,
    balances: balancesOf(balances, 'token', 'size'),
    positions: positions
      .filter((position) => position.number('size') !== 0)
      .map((position): PositionJSON => {
        const market = position.text('market');
        const size = position.decimal('size');
        return {
          market,
          size: position.raw('side') === 'SHORT' && Number(size) > 0 ? negate(size) : size,
          entry: position.decimal('average_entry_price'),
          ...(indexed.has(market) ? position.some('cached_funding_index', 'fundingIndex') : {}),
        };
      }),
  };
}

/** Base of open orders by side, unsigned. */
export interface OpenSides {
  /** Size of all open buy orders, base. */
  buys: Decimal;
  /** Size of all open sell orders, base. */
  sells: Decimal;
}

/**
 * The risk check of new orders in one market. The worse side of all open orders counts; an order that does not raise the
 * initial requirement is taken whatever the account is worth.
 * @param perpetual - mark price (USD) and margin parameters
 * @param state - account_value (USD), size of the position (base, long positive), open and new orders
 * @returns the initial requirement before and with the new orders (imr; USD), and whether they are accepted:
 *   account_value >= imr or imr <= before
 * @throws MarginError missing-key, unknown-key, type, range
 * @see docs.paradex.trade documentation/risk-system/paradex-risk-checks
 * @example
 * orderCheck({ mark_price: 98, imf_base: 0.5 }, { account_value: 80, size: 10, open: { buys: 0, sells: 0 },
 *   new: { buys: 0, sells: 5 } }) // { before: 490, imr: 490, accepted: true }
 */
export function orderCheck(
  perpetual: Pick<Perpetual, 'mark_price' | 'delta1_cross_margin_params'> & MarginParams,
  state: { account_value: Decimal; size: Decimal; open: OpenSides; new: OpenSides },
): { before: number; imr: number; accepted: boolean } {
  const market = new Row(perpetual, '', undefined, 'orderCheck');
  const rate = paramsOf(market).rate('imf_base');
  const mark = market.positive('mark_price');
  const row = new Row(state, '', ['account_value', 'size', 'open', 'new'], 'orderCheck');
  const size = row.number('size');
  const requirement = (...orders: Row[]): number => {
    const sum = (side: string): number => orders.reduce((total, order) => total + order.number(side), 0);
    return Math.max(Math.abs(size + sum('buys')), Math.abs(size - sum('sells'))) * mark * rate;
  };
  const open = row.row('open', ['buys', 'sells']);
  const before = requirement(open);
  const imr = requirement(open, row.row('new', ['buys', 'sells']));
  return { before, imr, accepted: row.number('account_value') >= imr || imr <= before };
}
