// --closes: which columns of a table of closes a book moves with, and their returns. What is held and has no closes is asked for
// by name; nothing is taken as still unless the user says so, but assets without closes (a stablecoin, say).
import { type Closes, parseCloses } from '../../adapters/closes.js';
import type { BookBase } from '../../book/book.js';
import { nearest } from '../../book/nearest.js';
import { MarginError } from '../../errors.js';
import { KIND, NONE } from '../../layout.js';
import { type Returns, type ReturnsOptions, returnsOf } from '../../statistics/estimation/returns.js';
import { PEG } from '../../var/factors.js';
import { type Input, type Option, suggest, UsageError } from '../command.js';
import { readText } from '../files.js';

export const PANEL_OPTIONS: Record<string, Option> = {
  closes: { value: 'file', help: 'daily closes: Date;BTC-USD;ETH-USD;... a line a day (needed)' },
  horizon: { value: 'days', help: 'days that a scenario spans, overlapping: 1d (default), 10d' },
  window: { value: 'N', help: 'returns that are used, the latest (default: all; 250 with --backtest)' },
  from: { value: 'date', help: 'first day that is used (YYYY-MM-DD); with --backtest the first that is forecast' },
  to: { value: 'date', help: 'last day that is used' },
  factor: {
    value: 'id=symbol',
    many: true,
    help: 'closes that a market, underlying or asset moves with, or id=still; once for each',
  },
  proxy: { value: 'coin=coin', many: true, help: 'where a coin has no return, that of another; once for each' },
  carry: { value: 'days', help: 'bridge gaps of so many days with the last close (default 0)' },
  gaps: {
    value: 'policy',
    help: 'what then lacks a return: refuse (default), or common: only days that all coins have',
  },
};

/** Closes of what a book holds. */
export interface Panel {
  closes: Closes;
  /** Symbols that something moves with, in the order of the file. */
  symbols: string[];
  /** By underlying, market or asset, where its id is not the symbol. */
  factors: Record<string, string | null>;
}

/** Words like `SOL=ETH`. */
function assignments(input: Input, name: string): Map<string, string> {
  return new Map(
    input.list(name).map((word) => {
      const at = word.lastIndexOf('=');
      if (at > 0 && at < word.length - 1) return [word.slice(0, at), word.slice(at + 1)];
      throw new UsageError(`--${name} ${word}: expected two names with = between them, such as SOL=ETH`);
    }),
  );
}

function known(closes: Closes, symbol: string, option: string): string {
  if (closes.symbols.includes(symbol)) return symbol;
  throw new UsageError(`${option}: the closes have no ${symbol}`, suggest(symbol, closes.symbols));
}

/** Markets that are held by units, and assets that are held or paid. */
function heldBy(book: BookBase, units: readonly number[]): { markets: Set<number>; assets: Set<number> } {
  const { unit, position, balance, market } = book.store.columns;
  const [markets, assets] = [new Set<number>(), new Set<number>()];
  for (const u of units) {
    const p0 = unit.positionStart[u] as number;
    for (let p = p0; p < p0 + (unit.positionCount[u] as number); p++) {
      const m = (position.key[p] as number) >>> 2;
      if (position.size[p] === 0 || market.kind[m] === KIND.spot) continue;
      markets.add(m);
      assets.add(market.settle[m] as number);
    }
    const b0 = unit.balanceStart[u] as number;
    for (let b = b0; b < b0 + (unit.balanceCount[u] as number); b++) assets.add(balance.asset[b] as number);
  }
  return { markets, assets };
}

/** What each holding moves with. @throws UsageError for what has no closes and for names that nobody knows */
export function readPanel(input: Input, book: BookBase, units: readonly number[]): Panel {
  const path = input.text('closes');
  if (path === undefined)
    throw new UsageError('var needs --closes <file>', 'Daily closes, a line a day: Date;BTC-USD;ETH-USD;...');
  const closes = parseCloses(readText(path), { path });
  const said = new Map(
    [...assignments(input, 'factor')].map(([id, symbol]) => [
      id,
      symbol === 'still' ? null : known(closes, symbol, `--factor ${id}=${symbol}`),
    ]),
  );
  const factors: Panel['factors'] = Object.fromEntries(said);
  const used = new Set<string>([...said.values()].filter((symbol) => symbol !== null));
  const { markets, assets } = heldBy(book, units);
  const { market } = book.store.columns;
  for (const m of markets) {
    const id = book.marketId(m);
    const underlying = book.underlyingId(market.underlying[m] as number);
    const base = market.base[m] as number;
    const names = [id, underlying, ...(base === NONE ? [] : [book.assetId(base)])];
    if (names.slice(0, 2).some((name) => said.has(name))) continue;
    const symbol = names.find((name) => closes.symbols.includes(name));
    if (symbol === undefined) {
      const near = nearest(underlying, closes.symbols);
      throw new UsageError(
        `${id} moves with ${underlying}, of which ${path} has no closes`,
        `Say what it moves with: --factor ${underlying}=${near ?? closes.symbols[0]}, or --factor ${underlying}=still`,
      );
    }
    used.add(symbol);
    if (symbol !== id && symbol !== underlying) factors[underlying] = symbol;
  }
  for (const a of assets) {
    const id = book.assetId(a);
    const { underlying, price } = book.store.columns.asset;
    const follows = underlying[a] === NONE ? id : book.underlyingId(underlying[a] as number);
    if ([id, follows].some((name) => said.has(name) || factors[name] !== undefined)) continue;
    const symbol = [id, follows].find((name) => closes.symbols.includes(name));
    if (symbol !== undefined) used.add(symbol);
    else if (Math.abs((price[a] as number) - 1) > PEG)
      throw new UsageError(
        `${id} is held, of which ${path} has no closes`,
        `Say what it moves with: --factor ${id}=${nearest(id, closes.symbols) ?? closes.symbols[0]}, or --factor ${id}=still`,
      );
  }
  if (used.size === 0)
    throw new UsageError('nothing that is held moves with the closes', 'Hold a position, or name a factor by --factor');
  return { closes, symbols: closes.symbols.filter((symbol) => used.has(symbol)), factors };
}

export function horizonOf(input: Input): number {
  const text = input.text('horizon') ?? '1d';
  const days = /^(\d{1,3})d?$/.exec(text)?.[1];
  if (days !== undefined && Number(days) >= 1) return Number(days);
  throw new UsageError(`--horizon ${text}: expected days, such as 1d or 10d`);
}

/** Log returns of the symbols. @param from - first day, where it is not that of --from */
export function panelReturns(
  { closes, symbols }: Panel,
  input: Input,
  horizon: number,
  from = input.text('from'),
): Returns {
  const proxies = new Map<string, string>();
  for (const [coin, by] of assignments(input, 'proxy')) {
    known(closes, coin, `--proxy ${coin}=${by}`);
    proxies.set(coin, known(closes, by, `--proxy ${coin}=${by}`));
  }
  const gaps = input.text('gaps') ?? 'refuse';
  if (gaps !== 'refuse' && gaps !== 'common')
    throw new UsageError(`--gaps ${gaps}: there is no such policy`, suggest(gaps, ['refuse', 'common']));
  const to = input.text('to');
  const asked: ReturnsOptions = {
    names: symbols,
    kind: 'log',
    horizon,
    gaps,
    carry: input.integer('carry', 0, 0, 3650),
    proxies: Object.fromEntries([...proxies].filter(([coin]) => symbols.includes(coin))),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
  try {
    return returnsOf(closes, asked);
  } catch (error) {
    if (!(error instanceof MarginError)) throw error;
    // In the words of this command.
    throw error.with({ path: `--${error.path ?? 'closes'}`, ...(error.code === 'missing-key' ? { hint: GAPS } : {}) });
  }
}

const GAPS =
  'Bridge gaps with --carry 3, lend the returns of another coin with --proxy SOL=ETH, or leave such days out with --gaps common';

/** First day that the latest returns need, where no day is left out. */
export function firstOf({ closes }: Panel, input: Input, window: number, horizon: number): string | undefined {
  const from = input.text('from');
  if (from !== undefined || !Number.isFinite(window) || input.text('gaps') === 'common') return from;
  const to = input.text('to');
  const end = to === undefined ? closes.dates.length - 1 : closes.dates.indexOf(to);
  return end < 0 ? undefined : closes.dates[Math.max(0, end - window - horizon + 1)];
}

/** The latest returns. */
export function latest(returns: Returns, count: number): Returns {
  if (returns.dates.length <= count) return returns;
  const from = returns.dates.length - count;
  return { ...returns, dates: returns.dates.slice(from), columns: returns.columns.map((column) => column.slice(from)) };
}
