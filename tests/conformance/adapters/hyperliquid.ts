// Hyperliquid: margin tiers, liquidation prices.
import type { Decimal } from 'margin-kernel';
import * as hyperliquid from 'margin-kernel/venues/hyperliquid';
import { nextDeduction } from 'margin-kernel/venues/tiers';
import { type Adapters, adapter, type Sign, sideOf, signed } from './adapter.js';

interface Step {
  lowerBound: Decimal;
  mmrPrev: Decimal;
  mmr: Decimal;
  prevDeduction: Decimal;
}

interface Leveraged {
  side: Sign;
  entryPrice: Decimal;
  leverage: Decimal;
  maxLeverage: Decimal;
}
interface Margined {
  side: Sign;
  size: Decimal;
  markPrice: Decimal;
  margin: Decimal;
  mmr: Decimal;
}
interface Preview {
  marginMode: 'cross' | 'isolated';
  side: Sign;
  size: Decimal;
  referencePrice: Decimal;
  markPrice: Decimal | null;
  clampToMark: boolean;
  leverage: Decimal;
  maxLeverage: Decimal;
  crossMarginUsed: Decimal;
  crossMaintenanceMarginUsed: Decimal;
  existingSize: Decimal;
  existingEntryPrice: Decimal | null;
}

const prices: Adapters = {
  'liquidationPrice/isolatedByLeverage': adapter<Leveraged>(({ side, entryPrice, leverage, maxLeverage }) => ({
    liquidationPrice: hyperliquid.openingLiquidationPrice({
      side: sideOf(side),
      entryPx: entryPrice,
      leverage,
      maxLeverage,
    }),
  })),
  'liquidationPrice/isolatedByMargin': adapter<Margined>(({ side, size, markPrice, margin, mmr }) => ({
    liquidationPrice: hyperliquid.liquidationPrice({
      szi: signed(size, side),
      markPx: markPrice,
      margin,
      maintenanceRate: mmr,
    }),
  })),
  'liquidationPrice/venueEstimate': adapter<Preview>((inputs) => {
    const { side, referencePrice, markPrice, clampToMark, existingSize, existingEntryPrice, ...rest } = inputs;
    return {
      liquidationPrice: hyperliquid.estimatedLiquidationPrice({
        side: sideOf(side),
        price: referencePrice,
        markPx: clampToMark ? markPrice : null,
        szi: existingSize,
        entryPx: existingEntryPrice,
        ...rest,
      }),
    };
  }),
};

export const tiers: Adapters = {
  ...prices,
  'tier/deduction': adapter<Step>(({ lowerBound, mmrPrev, mmr, prevDeduction }) => ({
    deduction: nextDeduction({ rate: mmrPrev, deduction: prevDeduction }, lowerBound, mmr),
  })),
  'tier/maintenanceLeverage': adapter<{ tiers: hyperliquid.MarginTier[]; notional: Decimal }>(
    ({ tiers, notional }) => ({
      maintenanceLeverage: hyperliquid.maintenanceLeverage(tiers, notional),
    }),
  ),
  'tier/maintenanceRate': adapter<{ maxLeverage: Decimal }>(({ maxLeverage }) => ({
    mmr: hyperliquid.maintenanceRate(maxLeverage),
  })),
};
