// What ccxt's unified fields mean differs by venue: `total` with or without profit, bounds of tiers in money or contracts.
// Read off ccxt 4.5.84 (parseBalance, parsePosition, parseMarketLeverageTiers, parseGreeks of each) and the venues' API pages.
import { nearest } from '../book/nearest.js';
import { MarginError } from '../errors.js';
import { Row } from '../venues/rows.js';

/** What the bounds of a tier are counted in: money of the settle or the quote asset, or contracts. */
export type TierUnit = 'settle' | 'quote' | 'contracts';

/** How one venue fills ccxt's fields. */
export interface Conventions {
  /** `total` of a balance: the wallet, or the wallet and the profit of open positions. */
  total: 'wallet' | 'equity';
  /** Whether `total` has in it what isolated positions hold. */
  isolated: 'inside' | 'outside';
  /** `collateral` of an isolated position: what was put in, or that and its profit (as ccxt's manual says). */
  collateral: 'wallet' | 'equity';
  /** `unrealizedPnl`: since the entry price, or of another time, so that it is made of mark and entry prices instead. */
  profit: 'row' | 'prices';
  /** Margin mode of positions whose row does not say it. */
  marginMode: 'cross' | 'isolated';
  /** `contracts` of a position: contracts, or units of base (of quote for inverse) that contracts are yet to be made of. */
  contracts: 'contracts' | 'units';
  /** Unit of the tiers' bounds, by kind of market. */
  linearTiers: TierUnit;
  /** Unit of the bounds of an inverse market's tiers. */
  inverseTiers: TierUnit;
  /** marginal: each rate for its own slice. whole: the rate of the tier for all of the position. */
  tierForm: 'marginal' | 'whole';
  /** `leverage` of a position: what was set, or the one that it happens to have (which is not read). */
  leverage: 'setting' | 'actual';
  /** `markImpliedVolatility`: 0.6 or 60. */
  volatility: 'fraction' | 'percent';
}

const VENUES: Readonly<Record<string, Partial<Conventions>>> = {
  binance: {
    total: 'equity', // marginBalance
    isolated: 'inside',
    collateral: 'equity', // isolatedMargin
    linearTiers: 'settle',
    inverseTiers: 'settle', // qty of the coin
    tierForm: 'marginal',
    volatility: 'fraction',
  },
  bybit: {
    total: 'wallet', // walletBalance
    isolated: 'inside',
    collateral: 'wallet', // positionBalance; the rows do not say their margin mode
    linearTiers: 'settle',
    inverseTiers: 'settle', // riskLimitValue
    tierForm: 'marginal',
    volatility: 'fraction',
  },
  deribit: {
    total: 'equity',
    isolated: 'outside', // has no isolated positions
    marginMode: 'cross',
    profit: 'prices', // floating_profit_loss counts from the last settlement
    contracts: 'units', // size: USD of inverse ones, whose contracts are of 10 or 1 USD
    leverage: 'actual', // the most that the instrument allows
    volatility: 'percent', // mark_iv
  },
  gate: {
    total: 'wallet', // position margin, order margin and what is available
    isolated: 'inside',
    collateral: 'equity', // margin + unrealised_pnl
    linearTiers: 'settle',
    inverseTiers: 'settle', // risk_limit; `currency` says the base
    tierForm: 'marginal',
    volatility: 'fraction',
  },
  hyperliquid: {
    total: 'equity', // marginSummary.accountValue
    isolated: 'inside',
    collateral: 'equity', // marginUsed
    marginMode: 'cross',
    tierForm: 'marginal',
    linearTiers: 'settle',
  },
  okx: {
    total: 'equity', // eq
    isolated: 'inside',
    collateral: 'wallet', // margin
    linearTiers: 'contracts', // maxSz; `currency` says the quote
    inverseTiers: 'contracts',
    tierForm: 'whole',
    volatility: 'fraction',
  },
};

/** Other ids that ccxt has for the same venue and the same parsers. */
const SAME: Readonly<Record<string, string>> = {
  binanceusdm: 'binance',
  binancecoinm: 'binance',
  gateio: 'gate',
  okex: 'okx',
  myokx: 'okx',
};

/** Ids of the venues whose conventions are known. */
export const venues: readonly string[] = Object.keys(VENUES);

const WORDS: { readonly [K in keyof Conventions]: readonly Conventions[K][] } = {
  total: ['wallet', 'equity'],
  isolated: ['inside', 'outside'],
  collateral: ['wallet', 'equity'],
  profit: ['row', 'prices'],
  marginMode: ['cross', 'isolated'],
  contracts: ['contracts', 'units'],
  linearTiers: ['settle', 'quote', 'contracts'],
  inverseTiers: ['settle', 'quote', 'contracts'],
  tierForm: ['marginal', 'whole'],
  leverage: ['setting', 'actual'],
  volatility: ['fraction', 'percent'],
};

/** What a caller says; a key that says nothing leaves what is known of the venue. @throws MarginError type, unknown-key */
function saidOf(given: unknown): Partial<Conventions> {
  const keys = Object.keys(WORDS) as (keyof Conventions)[];
  const row = new Row(given, 'conventions', keys);
  return Object.fromEntries(keys.filter((key) => row.has(key)).map((key) => [key, row.word<string>(key, WORDS[key])]));
}

/** The conventions of a venue, asked for only where they count. */
export class Rules {
  readonly #venue: string;
  readonly #given: Partial<Conventions>;

  /** @throws MarginError type, unknown-key where the caller says what is no convention */
  constructor(venue: string, given?: Partial<Conventions> | null) {
    this.#venue = venue;
    const known = VENUES[SAME[venue] ?? venue];
    this.#given = { leverage: 'setting', contracts: 'contracts', profit: 'row', ...known, ...saidOf(given ?? {}) };
  }

  /** @throws MarginError missing-key where neither the caller nor the table says it */
  need<K extends keyof Conventions>(key: K, expected: string): Conventions[K] {
    const value = this.#given[key];
    if (value !== undefined) return value;
    const near = venues.includes(this.#venue) ? undefined : nearest(this.#venue, venues);
    throw new MarginError('missing-key', {
      path: `conventions.${key}`,
      expected,
      hint: `ccxt fills this field by venue, and what ${this.#venue} means by it is not known here: say it in conventions${
        near === undefined ? '' : `, or did you mean the venue "${near}"?`
      }`,
    });
  }

  some<K extends keyof Conventions>(key: K): Conventions[K] | undefined {
    return this.#given[key];
  }
}
