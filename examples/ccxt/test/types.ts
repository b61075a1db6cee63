// ccxt's own types are taken as they are: this file has to compile, and nothing runs it.
import type { Balances, Exchange, Greeks, LeverageTier, LeverageTiers, Market, Position, Ticker, Tickers } from 'ccxt';
import * as kernel from 'margin-kernel';
import { bracketsFromTiers, type CcxtBook, ccxtBook, compareVenue } from 'margin-kernel/adapters/ccxt';

export async function wholeBook(exchange: Exchange): Promise<CcxtBook> {
  const positions: Position[] = await exchange.fetchPositions();
  const balances: Balances = await exchange.fetchBalance();
  const tiers: LeverageTiers = await exchange.fetchLeverageTiers();
  const prices: Tickers = await exchange.fetchTickers();
  return ccxtBook({
    venue: exchange.id,
    numeraire: 'USDT',
    markets: exchange.markets,
    tiers,
    prices,
    accounts: [{ id: 'me', positions, balances }],
  });
}

export function parts(markets: Market[], tiers: LeverageTier[], prices: Ticker[], greeks: Greeks[]): kernel.Book {
  bracketsFromTiers(tiers);
  const converted = ccxtBook({ venue: 'okx', numeraire: 'USDT', markets, prices, greeks, accounts: [] });
  const book = kernel.Book.fromJSON(converted.book);
  compareVenue(converted, book, kernel);
  return book;
}

// Types that would take anything would prove nothing.
// @ts-expect-error a symbol is no number
export const wrong: Parameters<typeof ccxtBook>[0]['accounts'] = [{ id: 'me', positions: [{ symbol: 5 }] }];
