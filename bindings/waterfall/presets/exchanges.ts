// Waterfalls of centralised exchanges and Hyperliquid: the order book, a fund that takes positions over, and deleveraging in the
// order of the venue's score. Sources: the venues' own help pages, as compared in docs/waterfall.md.
import type { Integer } from '../../venues/integer.js';
import type { Ratio } from '../amount.js';
import type { Condition } from '../condition.js';
import type { Stage } from '../stage.js';
import { rulesOf } from './rules.js';

/** Rules of an exchange with a fund. */
export interface ExchangeRules {
  /** Account of the fund; default `insurance`. */
  fund?: string;
  /** Most that the fund gives for one default and in one block, minor units; default: all it has. */
  perDefault?: Integer;
  /** Most that the fund gives in one block, minor units; default: all it has. */
  perBlock?: Integer;
}

const capsOf = ({ perDefault, perBlock }: ExchangeRules): { caps?: { perDefault?: Integer; perBlock?: Integer } } => {
  if (perDefault === undefined && perBlock === undefined) return {};
  return {
    caps: { ...(perDefault === undefined ? {} : { perDefault }), ...(perBlock === undefined ? {} : { perBlock }) },
  };
};

/** The book down to the bankruptcy price, other assets of the account, then the fund: it takes the rest over, and pays what is owed without a position. */
function fundFirst(rules: ExchangeRules): Stage[] {
  const { fund = 'insurance' } = rules;
  return [
    { kind: 'liquidate', id: 'book', floor: 'bankruptcy' },
    { kind: 'convert', id: 'ownAssets' },
    { kind: 'transfer', id: 'takeover', to: fund, ...capsOf(rules) },
    { id: 'insurance', who: [fund], ...capsOf(rules) },
  ];
}

/**
 * BitMEX: the fund takes over at the bankruptcy price; when it can not, positions are closed by profit x leverage.
 * @param rules - where the defaults do not fit
 * @returns stages for `run`
 * @see BitMEX, Auto-Deleveraging; Insurance Fund
 * @throws MarginError type, unknown-key where a rule is none of its own
 * @example
 * bitmex().map(({ id }) => id) // ['book', 'ownAssets', 'takeover', 'insurance', 'deleverage']
 */
export function bitmex(rules: ExchangeRules = {}): Stage[] {
  return [...fundFirst(rulesOf('bitmex', rules)), { kind: 'adl', id: 'deleverage', score: 'bitmex' }];
}

/**
 * Binance: fund, then deleveraging by profit x margin ratio at the bankruptcy price. The score needs a measure `maintenance`.
 * @param rules - where the defaults do not fit
 * @returns stages for `run`
 * @see Binance, What Is Auto-Deleveraging (ADL) and How Does It Work
 * @throws MarginError type, unknown-key where a rule is none of its own
 * @example
 * binance({ fund: 'safu' }).length // 5
 */
export function binance(rules: ExchangeRules = {}): Stage[] {
  return [...fundFirst(rulesOf('binance', rules)), { kind: 'adl', id: 'deleverage', score: 'binance' }];
}

/** Rules of Bybit. */
export interface BybitRules extends ExchangeRules {
  /** Fall of the pool's profit from its 8 h high over the pool at which deleveraging starts; default -0.3, at or below. */
  start?: Ratio;
}

/**
 * Bybit: a pool, and deleveraging where it is empty or has fallen too far (`values.pnlRatio` of the event). Delta-neutral
 * accounts come last. The score needs a measure `maintenance`.
 * @param rules - where the defaults do not fit
 * @returns stages for `run`
 * @see Bybit, Introduction to the Auto-Deleveraging (ADL) Mechanism
 * @throws MarginError type, unknown-key where a rule is none of its own
 * @example
 * bybit().at(-1)?.id // 'deleverage'
 */
export function bybit(rules: BybitRules = {}): Stage[] {
  const { start = '-0.3', fund = 'insurance' } = rulesOf('bybit', rules);
  return [
    ...fundFirst(rules),
    { kind: 'adl', id: 'deleverage', score: 'bybit', trigger: lowFund(fund, 'pnlRatio', '<=', start) },
  ];
}

/** What is open has emptied the fund, or a number of the event has passed its level. */
const lowFund = (fund: string, value: string, operator: '<=' | '<', level: Ratio): Condition => ({
  any: [
    { need: true, operator: '>', level: 0 },
    { balance: fund, operator: '<=', level: 0 },
    { value, otherwise: 0, operator, level },
  ],
});

/**
 * OKX: the reserve, deleveraging at the mark by profit x leverage once it has fallen by 30 % (`values.reserveRatio`: its change
 * from the 8 h average), and the reserve again for what the mark leaves open.
 * @param rules - where the defaults do not fit
 * @returns stages for `run`
 * @see OKX, Introduction to auto-deleveraging (ADL)
 * @throws MarginError type, unknown-key where a rule is none of its own
 * @example
 * okx().map(({ id }) => id) // ['book', 'ownAssets', 'takeover', 'insurance', 'deleverage', 'reserve']
 */
export function okx(rules: ExchangeRules = {}): Stage[] {
  const { fund = 'insurance' } = rulesOf('okx', rules);
  const trigger = lowFund(fund, 'reserveRatio', '<', '-0.3');
  return [
    ...fundFirst(rules),
    { kind: 'adl', id: 'deleverage', score: 'okx', price: 'mark', trigger },
    { id: 'reserve', who: [fund] },
  ];
}

/** Rules of Hyperliquid. */
export interface HyperliquidRules {
  /** Account of the liquidator vault; default `vault`. */
  vault?: string;
  /** Most that the vault bears, of its equity in 1/10,000 at once, and in a block (minor units); default: all it has. */
  bpsOfNav?: Integer;
  /** Most that the vault bears in a block, minor units; default: all it has. */
  perBlock?: Integer;
}

/**
 * Hyperliquid: the book, the liquidator vault, and deleveraging by (mark / entry) x (notional / account value) at the mark before
 * the move (`previous` of the event; else at the bankruptcy price).
 * @param rules - where the defaults do not fit
 * @returns stages for `run`
 * @see Hyperliquid docs, Liquidations; Auto-deleveraging
 * @throws MarginError type, unknown-key where a rule is none of its own
 * @example
 * hyperliquid({ bpsOfNav: 4_000n }).map(({ id }) => id) // ['book', 'vault', 'deleverage']
 */
export function hyperliquid(rules: HyperliquidRules = {}): Stage[] {
  const { vault = 'vault', bpsOfNav, perBlock } = rulesOf('hyperliquid', rules);
  const caps = { ...(bpsOfNav === undefined ? {} : { bpsOfNav }), ...(perBlock === undefined ? {} : { perBlock }) };
  return [
    { kind: 'liquidate', id: 'book' },
    { kind: 'transfer', id: 'vault', to: vault, ...(Object.keys(caps).length === 0 ? {} : { caps }) },
    { kind: 'adl', id: 'deleverage', score: 'hyperliquid', price: 'previous' },
  ];
}
