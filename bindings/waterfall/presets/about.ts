// What each preset is, in a line, and which of its rules are money: a case file writes those in units of the asset.
import type { PresetName, presetMakers } from './index.js';

/** What a rule is: an amount of the event's asset, of the token that is issued, a price of the collateral, or anything else. */
export type RuleKind = 'amount' | 'token' | 'price' | 'plain';

/** What a preset is. */
export interface PresetNote {
  /** In a line. */
  summary: string;
  /** Every rule that the preset has. */
  rules: Readonly<Record<string, RuleKind>>;
}

/** As the compiler sees it: with every rule of the function, and no other. */
type Notes = {
  readonly [Name in PresetName]: {
    summary: string;
    rules: Readonly<Record<RuleOf<(typeof presetMakers)[Name]>, RuleKind>>;
  };
};
type RuleOf<Make> = Make extends (rules?: infer Rules) => unknown ? keyof Required<Rules> & string : never;

const EXCHANGE = { fund: 'plain', perDefault: 'amount', perBlock: 'amount' } as const;

const notes: Notes = {
  ccp: {
    summary: "clearing house: defaulter's margin and fund, junior capital, members' fund, senior capital, assessments",
    rules: { house: 'plain', survivors: 'plain', assessment: 'plain', gainsHaircut: 'plain', perDefault: 'amount' },
  },
  binance: { summary: 'book, insurance fund, deleveraging by profit x margin ratio', rules: EXCHANGE },
  bybit: { summary: 'book, insurance pool, deleveraging once the pool is low', rules: { ...EXCHANGE, start: 'plain' } },
  okx: {
    summary: 'book, reserve, deleveraging at the mark once the reserve has fallen, reserve again',
    rules: EXCHANGE,
  },
  bitmex: { summary: 'book, insurance fund, deleveraging by profit x leverage', rules: EXCHANGE },
  hyperliquid: {
    summary: 'book, liquidator vault, deleveraging at the mark before the move',
    rules: { vault: 'plain', bpsOfNav: 'plain', perBlock: 'amount' },
  },
  dydx: {
    summary: 'book, insurance fund, deleveraging without a ranking, withdrawals blocked for a while',
    rules: { fund: 'plain', seed: 'plain', blocks: 'plain' },
  },
  drift: {
    summary: "book, insurance fund up to the market's tier, fee pool, the rest by open interest of both sides",
    rules: { fund: 'plain', feePool: 'plain', allowed: 'amount' },
  },
  mango: { summary: 'book, insurance fund, the rest by open interest of both sides', rules: { fund: 'plain' } },
  derive: {
    summary: "auction of the account share by share, security module, haircut of everybody's cash, withdrawals gated",
    rules: { fund: 'plain', curve: 'plain', length: 'plain', cash: 'plain' },
  },
  vega: {
    summary: "the party's general account, insurance pool, a cut of the period's gains",
    rules: { fund: 'plain' },
  },
  gmx: {
    summary: "the liquidity providers' pool, winners deleveraged while their profit is too large for it",
    rules: { pool: 'plain', maxPnlFactor: 'plain' },
  },
  maker: {
    summary: 'falling auction of the collateral, surplus, debt auction of new tokens',
    rules: {
      ...{ collateral: 'plain', curve: 'plain', penalty: 'plain', surplus: 'plain', token: 'plain' },
      ...{ lot: 'token', sump: 'amount', price: 'price' },
    },
  },
  liquity: {
    summary: 'stability pool, the rest redistributed to borrowers by stake, debt with collateral',
    rules: { pool: 'plain', collateral: 'plain', lazy: 'plain' },
  },
  euler: {
    summary: 'collateral at the discount of its health, the rest lost by depositors',
    rules: { collateral: 'plain', price: 'price', liquidationLtv: 'plain', maxDiscount: 'plain' },
  },
  aave: {
    summary: "the treasury's part of the deficit, then the reserve's stakers",
    rules: { treasury: 'plain', offset: 'amount' },
  },
  gen1: { summary: 'first generation: one auction, the rest shared by all', rules: {} },
  gen2: { summary: 'second generation: book, insurance fund, queue of winners', rules: { fund: 'plain' } },
  gen3: {
    summary: 'third generation: bounded book, backstop, auction, funds by juniority, the other side in proportion',
    rules: { fund: 'plain', vault: 'plain', bpsOfNav: 'plain', perDefault: 'amount' },
  },
};

/** By the names of `presets`. */
export const about: Readonly<Record<PresetName, PresetNote>> = notes;
