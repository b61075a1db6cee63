// Hyperliquid: margin tiers.
import type { Decimal } from 'margin-kernel';
import * as hyperliquid from 'margin-kernel/venues/hyperliquid';
import { nextDeduction } from 'margin-kernel/venues/tiers';
import { type Adapters, adapter } from './adapter.js';

interface Step {
  lowerBound: Decimal;
  mmrPrev: Decimal;
  mmr: Decimal;
  prevDeduction: Decimal;
}

export const tiers: Adapters = {
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
