// Hyperliquid: margin tiers, liquidation prices, the deleveraging queue in contracts.
import type { Decimal } from 'margin-kernel';
import { decimal, negate, scaled } from 'margin-kernel/venues/decimal';
import * as hyperliquid from 'margin-kernel/venues/hyperliquid';
import { nextDeduction } from 'margin-kernel/venues/tiers';
import { adl, bankruptcyPerLot } from 'margin-kernel/waterfall';
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

interface Queue {
  deficit: Decimal;
  contracts: Decimal;
  queue: { id: string | number; qty: Decimal; equity: Decimal | null }[];
}

/** Decimals that a lot and a minor unit have here. */
const UNIT = 30;

export const queue: Adapters = {
  // A short of the contracts lacks the deficit at the mark, which is the zero of prices here.
  'adl.alloc': adapter<Queue>(({ deficit, contracts, queue }) => {
    const [size, equity] = [scaled(negate(contracts), UNIT), scaled(negate(deficit), UNIT)];
    const candidates = queue.map((entry) => ({ id: String(entry.id), lots: scaled(entry.qty, UNIT) }));
    const need = { size, mark: 0, bankruptcy: bankruptcyPerLot(size, 0, equity) };
    const { closes } = adl(need, candidates, { allocation: 'listed', space: 'contracts' });
    const losses = new Map(closes.map(({ id, loss }) => [id, decimal(loss, UNIT)]));
    return { loss: Object.fromEntries(candidates.map(({ id }) => [id, losses.get(id) ?? 0])) };
  }),
};
