// Paradex: cross margin of one position.
import type { Decimal } from 'margin-kernel';
import * as paradex from 'margin-kernel/venues/paradex';
import { type Adapters, adapter, book, explained } from './adapter.js';

interface Position {
  cash: Decimal;
  imf: Decimal;
  position: Decimal;
  entryPrice: Decimal;
  markPrice: Decimal;
}

export const cross: Adapters = {
  margin: adapter<Position>(({ cash, imf, position, entryPrice, markPrice }) => {
    const market = paradex.market({
      symbol: 'X',
      settlement_currency: 'USDC',
      mark_price: markPrice,
      imf_base: imf,
    });
    const account = paradex.account('a', {
      balances: [{ token: 'USDC', size: cash }],
      positions: [{ market: 'X', size: position, average_entry_price: entryPrice }],
    });
    const unit = explained(book([paradex.cash('USDC')], [market], account)).units[0]!;
    return { imr: unit.initialMargin, unrealizedPnl: unit.positions[0]?.unrealizedPnl ?? 0, accountValue: unit.equity };
  }),
};
