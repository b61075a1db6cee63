// Numbers as people read them. Nothing that is written here is computed with again.
import { DECIMALS } from './market.mjs';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

/** @param {number} value */
export const count = (value) => whole.format(value);

/** 1 account, 2 accounts. @param {number} value @param {string} one */
export const many = (value, one) => `${whole.format(value)} ${one}${value === 1 ? '' : 's'}`;

/** With cents. @param {number} value */
export const cents = (value) => value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** 1.23M @param {number} value */
export const short = (value) => compact.format(value);

/** @param {number} ratio @param {number} [digits] */
export const percent = (ratio, digits = 1) => `${ratio < 0 ? '-' : '+'}${(100 * Math.abs(ratio)).toFixed(digits)} %`;

/** Minor units in USDT with cents, cut. @param {bigint} minor */
export function money(minor) {
  const cents = (minor < 0n ? -minor : minor) / 10n ** BigInt(DECIMALS - 2);
  const text = `${whole.format(cents / 100n)}.${String(cents % 100n).padStart(2, '0')}`;
  return minor < 0n && cents > 0n ? `-${text}` : text;
}

/** Minor units in full. @param {bigint} minor */
export function exactly(minor) {
  const [unit, size] = [10n ** BigInt(DECIMALS), minor < 0n ? -minor : minor];
  return `${minor < 0n ? '-' : ''}${whole.format(size / unit)}.${String(size % unit).padStart(DECIMALS, '0')}`;
}

/** Nanoseconds. @param {number} ns */
export function duration(ns) {
  if (ns < 1e6) return `${(ns / 1e3).toFixed(ns < 1e4 ? 1 : 0)} us`;
  return ns < 1e9 ? `${(ns / 1e6).toFixed(1)} ms` : `${(ns / 1e9).toFixed(2)} s`;
}

/** Words that need to know the markets. */
export class Words {
  money = money;

  /** @param {readonly import('./market.mjs').Market[]} markets */
  constructor(markets) {
    this.markets = new Map(markets.map((market) => [market.id, market]));
  }

  /** @param {string} id @param {number} ticks */
  price(id, ticks) {
    const market = /** @type {import('./market.mjs').Market} */ (this.markets.get(id));
    const digits = Math.max(0, market.digits);
    return market
      .price(ticks)
      .toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }

  /** sells 0.31 BTC @param {string} id @param {number} lots signed */
  lots(id, lots) {
    const market = /** @type {import('./market.mjs').Market} */ (this.markets.get(id));
    const size = market
      .coins(Math.abs(lots))
      .toLocaleString('en-US', { maximumFractionDigits: Math.max(0, market.lotDigits) });
    return `${lots < 0 ? 'sells' : 'buys'} ${size} ${market.coin}`;
  }
}
