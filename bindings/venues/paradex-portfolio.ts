// Portfolios of Paradex as books: perpetuals and options on one underlying, margined by its portfolio margin. USD.
import type { AccountJSON, BookJSON, Decimal, ExpiryJSON, MarketJSON } from '../book/types.js';
import { type ParadexOptions, paradex, paradexMinimumDelta } from '../scenario/presets/paradex.js';
import type { ModelJSON } from '../scenario/types.js';
import { Row, rowsOf } from './rows.js';

/** The account of these books. */
export const ACCOUNT = 'account';
const CASH = 'USDC';
const SECONDS_PER_DAY = 86_400;
const NO_BRACKETS = [{ upTo: null, maintenanceRate: 0 }];

/** A position: a perpetual at its mark, or an option by strike, days to expiry and mark volatility. */
export type ParadexLeg =
  | { type: 'perp'; qty: Decimal; mark?: Decimal }
  | { type: 'call' | 'put'; qty: Decimal; strike: Decimal; dte: Decimal; iv: Decimal };

function bookOf(
  underlying: string,
  spot: Decimal,
  model: ModelJSON,
  parts: { expiries?: ExpiryJSON[]; markets: MarketJSON[]; account: Partial<AccountJSON> },
): BookJSON {
  return {
    format: 'margin-kernel/book@1',
    assets: [
      { id: CASH, price: 1 },
      { id: underlying, price: spot },
    ],
    expiries: parts.expiries ?? [],
    models: [model],
    markets: parts.markets,
    accounts: [{ id: ACCOUNT, model: model.id, ...parts.account }],
  };
}

/**
 * A book of one account, margined by Paradex's portfolio margin. Options are priced with the spot as their forward and without
 * discount, as the venue's rule says.
 * @param portfolio - underlying (its figures count; default BTC), spot, cash, positions (long positive); options of the model
 * @throws MarginError missing-key, type, range
 * @example
 * portfolioBook({ spot: 70_000, positions: [{ type: 'perp', qty: 1 }] }).accounts[0].positions[0].size // 1
 */
export function portfolioBook(portfolio: {
  underlying?: string;
  spot: Decimal;
  cash?: Decimal;
  positions: readonly ParadexLeg[];
  options?: Omit<ParadexOptions, 'cash'>;
}): BookJSON {
  const row = new Row(portfolio, '', ['underlying', 'spot', 'cash', 'positions', 'options'], 'portfolioBook');
  const { underlying = 'BTC', cash = 0, options = {} } = portfolio;
  const spot = row.decimal('spot');
  const legs = rowsOf(portfolio.positions, 'positions');
  const optionLegs = legs.filter((leg) => leg.text('type') !== 'perp');
  const days = [...new Set(optionLegs.map((leg) => leg.number('dte')))];
  const expiries = days.map((dte) => ({
    id: `${dte}`,
    asset: underlying,
    seconds: dte * SECONDS_PER_DAY,
    forward: spot,
  }));
  const markets = legs.map((leg, i): MarketJSON => {
    const id = `${i}`;
    const kind = leg.text('type');
    if (kind === 'perp') {
      const mark = leg.has('mark') ? leg.decimal('mark') : spot;
      return { id, kind: 'linear', base: underlying, settle: CASH, mark, index: spot, brackets: NO_BRACKETS };
    }
    const expiry = `${leg.number('dte')}`;
    const [strike, volatility] = [leg.decimal('strike'), leg.decimal('iv')];
    return { id, kind: kind as 'call' | 'put', expiry, strike, volatility, settle: CASH };
  });
  const positions = legs
    .map((leg, i) => ({ market: `${i}`, size: leg.decimal('qty'), entry: markets[i]?.mark ?? 0 }))
    .filter(({ size }) => Number(size) !== 0)
    .map(({ entry, ...position }) => (entry === 0 ? position : { ...position, entry }));
  return bookOf(underlying, spot, paradex({ ...options, cash: CASH }), {
    expiries,
    markets,
    account: { balances: { [CASH]: cash }, positions },
  });
}

/**
 * A book of one account that is margined by the minimum on deltas alone, its deltas given.
 * @param portfolio - underlying (default BTC), spot, positions (qty long positive, delta of one), and the two rates
 * @throws MarginError missing-key, type, range
 * @example
 * minimumDeltaBook({ spot: 70_000, unhedged: 0.002, hedged: 0.001,
 *   positions: [{ qty: 1, delta: 1 }, { qty: -5, delta: 0.3 }] }).accounts[0].positions[1].size // -5
 */
export function minimumDeltaBook(portfolio: {
  underlying?: string;
  spot: Decimal;
  positions: readonly { qty: Decimal; delta: Decimal }[];
  unhedged: Decimal;
  hedged: Decimal;
}): BookJSON {
  const row = new Row(portfolio, '', ['underlying', 'spot', 'positions', 'unhedged', 'hedged'], 'minimumDeltaBook');
  const { underlying = 'BTC' } = portfolio;
  const spot = row.decimal('spot');
  const legs = rowsOf(portfolio.positions, 'positions');
  const model: ModelJSON = {
    id: 'paradex-minimum-delta',
    cash: CASH,
    // Deltas that are given are published arrays without scenarios.
    arrays: Object.fromEntries(legs.map((leg, i) => [`${i}`, { gains: [], delta: leg.decimal('delta') }])),
    requirement: paradexMinimumDelta(row.decimal('unhedged'), row.decimal('hedged')),
  };
  return bookOf(underlying, spot, model, {
    markets: legs.map((_, i) => ({
      id: `${i}`,
      kind: 'linear',
      base: underlying,
      settle: CASH,
      mark: spot,
      brackets: NO_BRACKETS,
    })),
    account: {
      positions: legs
        .map((leg, i) => ({ market: `${i}`, size: leg.decimal('qty'), entry: spot }))
        .filter(({ size }) => Number(size) !== 0),
    },
  });
}
