// Gate unified account: marginal discount tiers of collateral, marginal maintenance tiers of loans; isolated positions of Gate
// and OKX.
import type { Decimal } from 'margin-kernel';
import { isolatedLiquidationPrice, loanBalance, unifiedAsset } from 'margin-kernel/venues/okx';
import { type Adapters, adapter, book, margined, type Sign, signed } from './adapter.js';

interface Holding {
  asset: string;
  amount: Decimal;
  price: Decimal;
  tiers: { lower: Decimal; ratio: Decimal }[];
}
interface Loan {
  liability: Decimal;
  price: Decimal;
  tiers: { lower: Decimal; rate: Decimal }[];
  upper?: Decimal | null;
}

interface Isolated {
  side: Sign;
  size: Decimal;
  entryPrice: Decimal;
  margin: Decimal;
  mmr: Decimal;
  takerFee: Decimal;
}

export const linear: Adapters = {
  liquidationPrice: adapter<Isolated>(({ side, size, entryPrice, margin, mmr, takerFee }) => ({
    liquidationPrice: isolatedLiquidationPrice({
      size: signed(size, side),
      avgPx: entryPrice,
      margin,
      mmr,
      takerFeeRate: takerFee,
    }),
  })),
};

export const unified: Adapters = {
  collateral: adapter<{ assets: Holding[] }>(({ assets }) => {
    const rows = assets.map(({ asset, price, tiers }) =>
      unifiedAsset({
        currency: asset,
        price,
        discountTiers: tiers.map(({ lower, ratio }) => ({ lower, rate: ratio })),
      }),
    );
    const balances = Object.fromEntries(assets.map(({ asset, amount }) => [asset, amount]));
    return { marginValue: margined(book(rows, [], { id: 'a', balances })).collateral };
  }),
  tier: adapter<Loan>(({ liability, price, tiers, upper = null }) => {
    const asset = unifiedAsset({ currency: 'COIN', price, loanTiers: tiers });
    const balances = { COIN: loanBalance(liability, price, upper) };
    return { maintenanceMargin: margined(book([asset], [], { id: 'a', balances })).maintenanceMargin };
  }),
};
