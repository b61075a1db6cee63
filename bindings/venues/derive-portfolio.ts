// Portfolios of Derive's three risk managers as books: its names and units in, a book with one account and the manager's model out.
// Cash counts its face; `stablePrice` is what a dollar of it is worth, and values what is deposited beside it.
// Sources: derivexyz/v2-core @7736900d PMRM_2.sol, PMRM.sol, StandardManager.sol.
import type { AssetJSON, BookJSON, Decimal, ExpiryJSON, MarketJSON, PositionJSON } from '../book/types.js';
import { MarginError } from '../errors.js';
import { derivePmrm, type PmrmParameters, pmrmParameters } from '../scenario/presets/derive-pmrm.js';
import {
  type DeriveScenario,
  derivePmrm2,
  type Pmrm2Parameters,
  pmrm2Parameters,
} from '../scenario/presets/derive-pmrm2.js';
import { deriveSrm, type SrmParameters, srmBaseWeight, srmParameters } from '../scenario/presets/derive-srm.js';
import type { ModelJSON } from '../scenario/types.js';

/** The account of these books. */
export const ACCOUNT = 'account';
const CASH = 'USDC';
const STABLE = 'USDC/USD';
/** Perpetuals ask for nothing by tables: the model does. */
const NO_BRACKETS = [{ upTo: null, maintenanceRate: 0 }];
/** The forward of an expiry settles as the mean of its last half hour. */
const SETTLEMENT_SECONDS = 1800;

/** An option of an expiry: amount > 0 is long, volatility per root of a year. */
export interface DeriveOption {
  /** USD. */
  strike: number;
  /** A call, or (false) a put. */
  isCall: boolean;
  /** Units of the underlying, long positive. */
  amount: number;
  /** Per root of a year: 0.6 is 60 %. */
  vol: number;
}

class Parts {
  readonly assets: AssetJSON[] = [];
  readonly expiries: ExpiryJSON[] = [];
  readonly markets: MarketJSON[] = [];
  readonly positions: PositionJSON[] = [];
  readonly balances: [string, Decimal][] = [];

  constructor(stablePrice: number, cash: number) {
    this.assets.push({ id: CASH, price: 1 }, { id: STABLE, price: stablePrice });
    this.balances.push([CASH, cash]);
  }

  asset(asset: AssetJSON, amount?: number): void {
    this.assets.push(asset);
    if (amount !== undefined) this.balances.push([asset.id, amount]);
  }

  /** A perpetual and the position in it; nothing where none is held. Without `terms` its profit is said apart, as cash. */
  perpetual(
    asset: string,
    size: number,
    price: number,
    spot: number,
    confidence: number,
    terms: { entry?: number | null; funding?: number; settled?: number | null } = {},
  ): void {
    if (size === 0) return;
    const id = `${asset}-PERP`;
    const kind = 'linear';
    const fundingIndex = terms.funding ?? 0;
    this.markets.push({
      id,
      kind,
      base: asset,
      settle: CASH,
      mark: price,
      index: spot,
      confidence,
      brackets: NO_BRACKETS,
      fundingIndex,
    });
    this.positions.push({ market: id, size, entry: terms.entry ?? price, fundingIndex: terms.settled ?? fundingIndex });
  }

  /** An expiry and the positions in its options; rows of one option are added up. */
  expiry(expiry: ExpiryJSON, options: readonly DeriveOption[]): void {
    this.expiries.push(expiry);
    for (const { strike, isCall, amount, vol } of options) {
      const id = `${expiry.id}-${strike}-${isCall ? 'C' : 'P'}`;
      const kind = isCall ? 'call' : 'put';
      const had = this.positions.find(({ market }) => market === id);
      if (had) {
        had.size = Number(had.size) + amount;
        continue;
      }
      this.markets.push({ id, kind, expiry: expiry.id, strike, volatility: vol, settle: CASH });
      this.positions.push({ market: id, size: amount });
    }
  }

  book(model: ModelJSON): BookJSON {
    const balances = Object.fromEntries(this.balances);
    return {
      format: 'margin-kernel/book@1',
      assets: this.assets,
      expiries: this.expiries,
      models: [model],
      markets: this.markets,
      accounts: [{ id: ACCOUNT, model: model.id, balances, positions: this.positions }],
    };
  }
}

const least = (...confidences: number[]): number => confidences.reduce((a, b) => (b < a ? b : a), 1);
const atLeast0 = (x: number): number => (x > 0 ? x : 0);

/** A portfolio of PMRM_2, as its repository writes them. Prices in dollars, amounts signed. */
export interface Pmrm2Portfolio {
  /** Balance of the stable coin; a debt is negative. */
  cash: number;
  /** Price of the underlying, USD. */
  spot: number;
  /** Confidence of the spot, in [0, 1]. */
  spotConf: number;
  /** The perpetual: signed size (units), price (USD) and its confidence, profit and funding (cash). */
  perp: { position: number; price: number; conf: number; unrealisedPnl: number; unrealisedFunding: number };
  /** What a dollar of the cash is worth, USD. */
  stablePrice: number;
  /** Haircuts are fractions of the value; that of initial margin comes on top of the other. */
  collaterals: readonly {
    name: string;
    amount: number;
    price: number;
    conf: number;
    riskCancelling: boolean;
    imHaircut: number;
    mmHaircut: number;
  }[];
  /** Time (seconds), forward (USD), rate a year and confidences of each, with its options. */
  expiries: readonly {
    secToExpiry: number;
    forward: number;
    forwardConf: number;
    rate: number;
    rateConf: number;
    volConf: number;
    options: readonly DeriveOption[];
  }[];
  /** Of the manager; default `pmrm2Parameters`. */
  parameters?: Pmrm2Parameters;
  /** Its table; default `pmrm2Scenarios`. */
  scenarios?: readonly DeriveScenario[];
}

/**
 * A book of one account, margined by PMRM_2. Health at a level is the manager's margin: negative is missing.
 * @throws MarginError type, where a list is missing; the book's own door checks every number
 * @example
 * pmrm2Book({ cash: 1000, spot: 2000, spotConf: 1, stablePrice: 1, collaterals: [], expiries: [],
 *   perp: { position: 1, price: 2000, conf: 1, unrealisedPnl: -5, unrealisedFunding: 0 } }).accounts[0].balances // { USDC: 995 }
 */
export function pmrm2Book(portfolio: Pmrm2Portfolio): BookJSON {
  const { cash, spot, spotConf, perp, stablePrice, collaterals, expiries } = portfolio;
  const { parameters = pmrm2Parameters, scenarios } = portfolio;
  list(collaterals, 'collaterals');
  list(expiries, 'expiries');
  const parts = new Parts(stablePrice, cash + perp.unrealisedPnl + perp.unrealisedFunding);
  parts.asset({ id: 'SPOT', price: spot, confidence: spotConf });
  for (const { name, amount, price, conf, riskCancelling, imHaircut, mmHaircut } of collaterals) {
    const assetWeight = { initial: 1 - mmHaircut - imHaircut, maintenance: 1 - mmHaircut };
    const moves = riskCancelling ? { hedges: 'SPOT' } : {};
    parts.asset(
      { id: `${name} deposited`, price: price / stablePrice, confidence: conf, assetWeight, ...moves },
      amount,
    );
  }
  parts.perpetual('SPOT', perp.position, perp.price, spot, perp.conf);
  expiries.forEach(({ secToExpiry, forward, rate, forwardConf, rateConf, volConf, options }, i) => {
    const seconds = atLeast0(secToExpiry);
    const moving = (forward * Math.min(seconds, SETTLEMENT_SECONDS)) / SETTLEMENT_SECONDS;
    const settled = seconds >= SETTLEMENT_SECONDS ? 0 : forward - moving;
    const confidence = least(forwardConf, rateConf, volConf);
    parts.expiry(
      { id: String(i), asset: 'SPOT', seconds, forward, settled, rate: atLeast0(rate), confidence },
      options,
    );
  });
  const names = { cash: CASH, spot: 'SPOT', stable: STABLE };
  return parts.book(derivePmrm2({ ...names, parameters, ...(scenarios ? { scenarios } : {}) }));
}

/** A portfolio of PMRM, as its repository writes them; `perp` and `base` are amounts. */
export interface PmrmPortfolio {
  /** Balance of the stable coin; a debt is negative. */
  cash: number;
  /** Perpetuals, units of the underlying, long positive. */
  perp: number;
  /** Units of the underlying that are held. */
  base: number;
  /** Price of the underlying, USD. */
  spot: number;
  /** Confidence of the spot, in [0, 1]. */
  spotConf: number;
  /** Of the perpetual, USD. */
  perpPrice: number;
  /** Confidence of the perpetual's price, in [0, 1]. */
  perpConf: number;
  /** Profit and funding of the perpetual, cash. */
  perpPnl: number;
  /** What a dollar of the cash is worth, USD. */
  stable: number;
  /** `var` is the part of the forward that still moves, `fix` what averaging has fixed; conf the least of the expiry's. */
  expiries: readonly {
    sec: number;
    var: number;
    fix: number;
    rate: number;
    conf: number;
    options: readonly DeriveOption[];
  }[];
  /** Of the manager; default `pmrmParameters`. */
  parameters?: PmrmParameters;
  /** Its table; default `pmrmScenarios`. */
  scenarios?: readonly DeriveScenario[];
}

/**
 * A book of one account, margined by PMRM.
 * @throws MarginError type, where a list is missing; the book's own door checks every number
 * @example
 * pmrmBook({ cash: 500, perp: 1, base: 0, spot: 2000, spotConf: 1, perpPrice: 2000, perpConf: 1, perpPnl: 7, stable: 1,
 *   expiries: [] }).accounts[0].balances // { USDC: 507, 'SPOT deposited': 0 }
 */
export function pmrmBook(portfolio: PmrmPortfolio): BookJSON {
  const { cash, perp, base, spot, spotConf, perpPrice, perpConf, perpPnl, stable, expiries } = portfolio;
  const { parameters = pmrmParameters, scenarios } = portfolio;
  list(expiries, 'expiries');
  const parts = new Parts(stable, cash + perpPnl);
  parts.asset({ id: 'SPOT', price: spot, confidence: spotConf });
  parts.asset({ id: 'SPOT deposited', price: spot / stable, hedges: 'SPOT' }, base);
  parts.perpetual('SPOT', perp, perpPrice, spot, perpConf);
  expiries.forEach(({ sec, var: moving, fix, rate, conf, options }, i) => {
    const forward = moving + fix;
    // The rate is for the static discount alone.
    const expiry = { id: String(i), asset: 'SPOT', seconds: atLeast0(sec), forward, settled: fix, discounted: false };
    parts.expiry({ ...expiry, rate: atLeast0(rate), confidence: conf }, options);
  });
  const names = { cash: CASH, spot: 'SPOT', stable: STABLE };
  return parts.book(derivePmrm({ ...names, parameters, ...(scenarios ? { scenarios } : {}) }));
}

/** A portfolio of SRM, as its repository writes them: markets share the cash. */
export interface SrmPortfolio {
  /** Balance of the stable coin; a debt is negative. */
  cash: number;
  /** What a dollar of the cash is worth, USD. */
  stablePrice: number;
  /** By underlying: prices (USD) and confidences, perpetuals and base held (units), options by expiry. */
  markets: readonly {
    name: string;
    spot: number;
    spotConf: number;
    perpConf: number;
    perp: number;
    perpPrice: number;
    /** Profit of the perpetual, in cash; or what it follows from: its entry and funding a contract, of the market and settled. */
    perpPnl?: number;
    perpEntry?: number | null;
    fundingIndex?: number;
    accountFundingIndex?: number | null;
    base: number;
    expiries: readonly {
      sec: number;
      forward: number;
      fwdConf: number;
      volConf: number;
      options: readonly DeriveOption[];
    }[];
  }[];
  /** Of the manager; default `srmParameters`. */
  parameters?: SrmParameters;
}

/**
 * A book of one account, margined by SRM.
 * @throws MarginError type, where a list is missing; range, where a base asset would count for more than its value
 * @example
 * srmBook({ cash: 500, stablePrice: 1, markets: [{ name: 'ETH', spot: 2000, spotConf: 1, perpConf: 1, perp: 1,
 *   perpPrice: 2000, perpEntry: 1990, base: 0, expiries: [] }] }).accounts[0].positions[0].entry // 1990
 */
export function srmBook(portfolio: SrmPortfolio): BookJSON {
  const { cash, stablePrice, markets, parameters = srmParameters } = portfolio;
  list(markets, 'markets');
  const parts = new Parts(
    stablePrice,
    markets.reduce((sum, { perpPnl = 0 }) => sum + perpPnl, cash),
  );
  // Margin counts base assets at their spot, and they are worth that over the price of the cash.
  const { initial, maintenance } = srmBaseWeight(parameters);
  const assetWeight = { initial: initial * stablePrice, maintenance: maintenance * stablePrice };
  for (const { name, spot, spotConf, perpConf, perp, perpPrice, base, expiries, ...rest } of markets) {
    parts.asset({ id: name, price: spot, confidence: spotConf });
    if (base !== 0) {
      const price = spot / stablePrice;
      parts.asset({ id: `${name} deposited`, price, confidence: spotConf, assetWeight, hedges: name }, base);
    }
    const { perpEntry = null, fundingIndex = 0, accountFundingIndex = null } = rest;
    const terms = { entry: perpEntry, funding: fundingIndex, settled: accountFundingIndex };
    parts.perpetual(name, perp, perpPrice, spot, perpConf, terms);
    expiries.forEach(({ sec, forward, fwdConf, volConf, options }, i) => {
      const expiry = { id: `${name}-${i}`, asset: name, seconds: atLeast0(sec), forward };
      parts.expiry({ ...expiry, confidence: least(fwdConf, volConf) }, options);
    });
  }
  return parts.book(deriveSrm({ cash: CASH, stable: STABLE, parameters }));
}

function list(value: unknown, path: string): void {
  if (!Array.isArray(value)) throw new MarginError('type', { path, got: value, expected: 'a list' });
}
