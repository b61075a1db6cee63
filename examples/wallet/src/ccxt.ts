// What ccxt hands out, as a book: positions alone, or with balances, markets, tiers and prices beside them. What is not in the paste
// is taken from the symbols or assumed, and every assumption is told.
import {
  type CcxtSources,
  ccxtBook,
  gapsText,
  type Market,
  type Position,
  parseSymbol,
  venues,
} from 'margin-kernel/adapters/ccxt';
import type { AccountJSON, BookJSON } from 'margin-kernel/reference/var';
import { BRACKETS, EXAMPLE_VENUE } from './venue.ts';

/** Keys that a paste may have beside its positions. */
interface Paste {
  venue?: string;
  positions?: Position[];
  balance?: CcxtSources['accounts'][number]['balances'];
  balances?: CcxtSources['accounts'][number]['balances'];
  markets?: CcxtSources['markets'];
  tiers?: CcxtSources['tiers'];
  prices?: CcxtSources['prices'];
  marks?: CcxtSources['marks'];
  assets?: Record<string, number | string>;
  greeks?: CcxtSources['greeks'];
  numeraire?: string;
  marginMode?: 'cross' | 'isolated';
  time?: number;
}

export interface CcxtRead {
  book: BookJSON;
  /** What was assumed and what was left out, in sentences. */
  notes: string[];
  /** There were positions that are not flat, and all of them were left out. */
  nothing: boolean;
}

const DEFAULT_VENUE = 'binance';

/** Totals by currency, or rows by currency that have one. */
const isBalance = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  ('total' in value || Object.values(value).some((row) => typeof row === 'object' && row !== null && 'total' in row));

const isRow = (row: unknown): boolean => typeof row === 'object' && row !== null && 'symbol' in row;

/** Whether a value looks like ccxt's: rows with symbols, or an object that has such rows. */
export function isCcxt(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every(isRow);
  if (typeof value !== 'object' || value === null) return false;
  const { positions, balance } = value as Paste;
  const rows = Array.isArray(positions) && positions.length > 0 && positions.every(isRow);
  return rows || isBalance(balance);
}

/**
 * A book of one account.
 * @throws MarginError where a part has another shape than ccxt's
 */
export function readCcxt(value: unknown, id: string): CcxtRead {
  const paste: Paste = Array.isArray(value) ? { positions: value as Position[] } : (value as Paste);
  const { positions = [], venue = DEFAULT_VENUE } = paste;
  const notes: string[] = [];
  if (paste.venue === undefined) {
    notes.push(`Read as ${DEFAULT_VENUE} fills ccxt’s fields: "venue" says otherwise (${venues.join(', ')}).`);
  } else if (!(venues as readonly string[]).includes(paste.venue)) {
    notes.push(
      `How ${paste.venue} fills ccxt’s fields is not known here, only ${venues.join(', ')}: what depends on it is left out.`,
    );
  }
  const symbols = [...new Set(positions.map(({ symbol }) => symbol).filter((s) => typeof s === 'string'))];
  const numeraire = paste.numeraire ?? settleOf(symbols) ?? 'USDT';
  const untiered = symbols.filter(
    (symbol) => !Object.hasOwn(paste.tiers ?? {}, symbol) && !parseSymbol(symbol)?.option,
  );
  if (untiered.length > 0) {
    notes.push(`No "tiers" of ${untiered.join(', ')}: the example’s bracket table margins them.`);
  }
  const balances = paste.balance ?? paste.balances;
  if (balances === undefined)
    notes.push('No "balance": cross positions have nothing to carry them. Add what fetchBalance gives.');
  const option = symbols.some((symbol) => parseSymbol(symbol)?.option);
  const assets = { ...coinPrices(positions, numeraire), ...paste.assets };
  const { book, flat, rows, gaps, gapCount, incomplete } = ccxtBook({
    venue,
    numeraire,
    markets: paste.markets ?? marketsOf(positions, notes),
    tiers: paste.tiers,
    brackets: Object.fromEntries(untiered.map((symbol) => [symbol, BRACKETS])),
    prices: paste.prices,
    marks: paste.marks,
    assets,
    greeks: paste.greeks,
    ...(option ? { models: EXAMPLE_VENUE.models ?? [], time: paste.time ?? Date.now() } : {}),
    accounts: [
      {
        id,
        balances: balances ?? {},
        positions,
        marginMode: paste.marginMode,
        ...(option ? { model: 'portfolio' } : {}),
      },
    ],
  });
  if (gapCount > 0) notes.push(...gapsText(gaps.slice(0, 5)).split('\n'));
  if (gapCount > 5) notes.push(`And ${gapCount - 5} more gaps.`);
  if (incomplete.length > 0) notes.push('The account is not whole, so its margin is not the venue’s.');
  const accounts = book.accounts.map((account) => withSettled(account, book));
  return { book: { ...book, accounts }, notes, nothing: positions.length > flat && rows.length === 0 };
}

/** An asset that a person can put money into, where ccxt gave no balance. */
function withSettled(account: AccountJSON, { assets }: BookJSON): AccountJSON {
  if (Object.keys(account.balances ?? {}).length > 0 || assets[0] === undefined) return account;
  return { ...account, balances: { [assets[0].id]: 0 } };
}

const settleOf = (symbols: readonly string[]): string | undefined =>
  symbols.map((symbol) => parseSymbol(symbol)).find((parts) => parts && parts.settle === parts.quote)?.settle;

/** Coins are worth the marks of what is on them. */
function coinPrices(positions: readonly Position[], numeraire: string): Record<string, number | string> {
  const priced = positions.flatMap(({ symbol, markPrice }) => {
    const parts = typeof symbol === 'string' ? parseSymbol(symbol) : null;
    if (!parts || parts.option || markPrice === undefined || markPrice === null) return [];
    const dollars = parts.quote === numeraire || parts.quote === 'USD';
    return dollars ? [[parts.base, markPrice] as const] : [];
  });
  const money = ['USD', 'USDT', 'USDC'].filter((id) => id !== numeraire).map((id) => [id, 1] as const);
  return Object.fromEntries([...money, ...priced]);
}

/** Markets as far as symbols say them. */
function marketsOf(positions: readonly Position[], notes: string[]): Market[] {
  const bare: string[] = [];
  const markets = positions.flatMap(({ symbol, contractSize }): Market[] => {
    const parts = typeof symbol === 'string' ? parseSymbol(symbol) : null;
    if (!parts) return [];
    if (contractSize === undefined || contractSize === null) bare.push(symbol as string);
    const { base, quote, settle, expiry, option } = parts;
    const [strike, kind] = option?.split('-') ?? [];
    return [
      {
        symbol,
        base,
        quote,
        settle,
        type: option ? 'option' : expiry ? 'future' : 'swap',
        contract: true,
        option: option !== null,
        linear: option === null && settle === quote,
        inverse: option === null && settle === base,
        quanto: option === null && settle !== quote && settle !== base,
        contractSize: contractSize ?? 1,
        ...(option ? { strike: Number(strike), optionType: kind === 'C' ? 'call' : 'put' } : {}),
        ...(expiry ? { expiry: dayOf(expiry) } : {}),
      },
    ];
  });
  if (bare.length > 0) notes.push(`No contractSize of ${bare.join(', ')}: a contract is taken for one unit.`);
  return [...new Map(markets.map((market) => [market.symbol, market])).values()];
}

/** YYMMDD at 08:00 UTC, when venues settle. */
const dayOf = (text: string): number =>
  Date.UTC(2000 + Number(text.slice(0, 2)), Number(text.slice(2, 4)) - 1, Number(text.slice(4, 6)), 8);
