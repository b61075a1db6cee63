// Gate unified account: marginal discount tiers of collateral, marginal maintenance tiers of loans.
import type { Decimal } from 'margin-kernel';
import { loanBalance, unifiedAsset } from 'margin-kernel/venues/okx';
import { type Adapters, adapter, book, margined } from './adapter.js';

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
