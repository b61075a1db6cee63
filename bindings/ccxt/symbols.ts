// Unified symbols taken apart, and the multipliers in the names of coins.
import { MarginError } from '../errors.js';

/** A unified symbol taken apart: `BTC/USDT:USDT-241227` is base/quote:settle-expiry. */
export interface SymbolParts {
  /** Base currency, as the venue writes it: `BTC`, `1000SHIB`. */
  base: string;
  /** Currency that prices are in. */
  quote: string;
  /** Currency that profit and loss are paid in. */
  settle: string;
  /** YYMMDD of a dated contract, null for a perpetual one. */
  expiry: string | null;
  /** The rest of an option's symbol (`65000-C`), null for futures. */
  option: string | null;
}

const SYMBOL = /^([^/:]+)\/([^/:]+):([^/:-]+)(?:-(\d{6})(?:-(.+))?)?$/;

/**
 * Takes a unified derivative symbol apart; null where it is not one (spot symbols have no settle asset).
 * @example
 * console.log(parseSymbol('BTC/USDT:USDT-241227-100000-C')?.option); // 100000-C
 */
export function parseSymbol(symbol: string): SymbolParts | null {
  const parts = typeof symbol === 'string' ? SYMBOL.exec(symbol) : null;
  if (!parts) return null;
  const [, base = '', quote = '', settle = '', expiry = null, option = null] = parts;
  return { base, quote, settle, expiry, option };
}

/**
 * The multiplier that venues put before a base of tiny price: 1000SHIB is 1,000 SHIB, 1MBABYDOGE 1,000,000 BABYDOGE.
 * A number that belongs to the name (1INCH) is none of these.
 * @throws MarginError type where it is no text
 * @example
 * unitsOf('1000SHIB').units; // 1000
 */
export function unitsOf(base: string): { asset: string; units: number } {
  if (typeof base !== 'string') throw new MarginError('type', { path: 'base', got: base, expected: 'a text' });
  const parts = /^(1(?:0{3})+|1M)(?=[A-Z])(.+)$/.exec(base);
  if (!parts) return { asset: base, units: 1 };
  return { asset: parts[2] ?? base, units: parts[1] === '1M' ? 1_000_000 : Number(parts[1]) };
}
