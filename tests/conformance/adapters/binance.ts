// Binance: maintenance amounts of its bracket tables, COIN-M margin in coin, the deleveraging score.
import { Book, type Decimal, explain } from 'margin-kernel';
import * as binance from 'margin-kernel/venues/binance';
import { scaled } from 'margin-kernel/venues/decimal';
import { nextDeduction, tierAccounts } from 'margin-kernel/venues/tiers';
import { binanceScore, type Ratio } from 'margin-kernel/waterfall';
import { type Adapters, adapter, book, fractionText, margined, type Sign, signed } from './adapter.js';

interface Tier {
  prevCum: Decimal;
  floor: Decimal;
}
interface Tiers {
  notionalFloors: Decimal[];
  mmr: Decimal[];
  maxLeverage?: Decimal[];
}
interface CoinPosition {
  contracts: Decimal;
  multiplierUsd: Decimal;
  markPrice: Decimal;
  mmr: Decimal;
}

interface Bracketed {
  side: Sign;
  size: Decimal;
  entryPrice: Decimal;
  mmr: Decimal;
  maintAmount: Decimal;
}
interface Wallet extends Bracketed {
  walletBalance: Decimal;
  others: (Bracketed & { markPrice: Decimal })[];
}
interface CoinWallet {
  side: Sign;
  contracts: Decimal;
  multiplierUsd: Decimal;
  entryPrice: Decimal;
  walletCoin: Decimal;
  mmr: Decimal;
  maintAmountCoin: Decimal;
}

const bracketed = (symbol: string, { side, size, entryPrice, mmr, maintAmount }: Bracketed) => ({
  symbol,
  positionAmt: signed(size, side),
  entryPrice,
  maintMarginRatio: mmr,
  cum: maintAmount,
});

/** The deductions that the kernel derives from the rates, one account inside every tier. */
function deductions(brackets: binance.LeverageBracket[]): number[] {
  const market = binance.usdmMarket({ symbol: 'X', marginAsset: 'USD', markPrice: 1, brackets });
  const accounts = tierAccounts(market);
  const assets = [{ id: 'USD', price: 1 }];
  const json = Book.fromJSON({ format: 'margin-kernel/book@1', assets, markets: [market], accounts });
  return accounts.map(({ id }) => explain(json, id).units[0]!.positions[0]!.binding.maintenance.deduction);
}

export const usdm: Adapters = {
  liquidationPrice: adapter<Wallet>(({ walletBalance, others, ...position }) => ({
    liquidationPrice: binance.usdmLiquidationPrice('X', {
      walletBalance,
      positions: [
        bracketed('X', position),
        ...others.map((other, index) => ({ ...bracketed(`X${index}`, other), markPrice: other.markPrice })),
      ],
    }),
  })),
  tier: adapter<Tier & { mmr: Decimal; prevMmr: Decimal }>(({ prevCum, floor, mmr, prevMmr }) => ({
    cum: nextDeduction({ rate: prevMmr, deduction: prevCum }, floor, mmr),
  })),
};

export const usdmTiers: Adapters = {
  tier: adapter<Tiers>(({ notionalFloors, mmr }) => ({
    cum: deductions(notionalFloors.map((notionalFloor, row) => ({ notionalFloor, maintMarginRatio: mmr[row]! }))),
  })),
};

export const coinm: Adapters = {
  liquidationPrice: adapter<CoinWallet>(({ contracts, multiplierUsd, walletCoin, maintAmountCoin, ...rest }) => ({
    liquidationPrice: binance.coinmLiquidationPrice('X', {
      walletBalance: walletCoin,
      positions: [
        { ...bracketed('X', { size: contracts, maintAmount: maintAmountCoin, ...rest }), contractSize: multiplierUsd },
      ],
    }),
  })),
  tier: adapter<Tier & { mmrDiff: Decimal }>(({ prevCum, floor, mmrDiff }) => ({
    cum: nextDeduction({ rate: 0, deduction: prevCum }, floor, mmrDiff),
  })),
  margin: adapter<CoinPosition>(({ contracts, multiplierUsd, markPrice, mmr }) => {
    const market = binance.coinmMarket({
      symbol: 'X',
      marginAsset: 'COIN',
      contractSize: multiplierUsd,
      markPrice,
      brackets: [{ qtylFloor: 0, maintMarginRatio: mmr }],
    });
    const account = binance.account('a', {
      assets: [],
      positions: [{ symbol: 'X', positionAmt: contracts, entryPrice: markPrice }],
    });
    return { maintenanceMarginCoin: margined(book([{ id: 'COIN', price: 1 }], [market], account)).maintenanceMargin };
  }),
};

/** Decimals that a minor unit has here. */
const UNIT = 30;

export const queue: Adapters = {
  'adl.score': adapter<{ uPnL: Decimal; wallet: Decimal; marginRatio: Ratio }>(({ uPnL, wallet, marginRatio }) => {
    const position = { pnl: scaled(uPnL, UNIT), wallet: scaled(wallet, UNIT), marginRatio, one: scaled(1, UNIT) };
    const { profit, score } = binanceScore(position);
    return { pnlPct: fractionText(profit), score: fractionText(score) };
  }),
};
