// dYdX v4: integers of the protocol, and what the front end prints.
import type { Decimal } from 'margin-kernel';
import { decimalParts } from 'margin-kernel/venues/decimal';
import * as dydx from 'margin-kernel/venues/dydx';
import { type Integer, integer } from 'margin-kernel/venues/integer';
import { type Adapters, adapter } from './adapter.js';

/** 1_000_000 is six decimals. */
function decimalsOf(quantumsPerUnit: Integer): number {
  const digits = String(integer(quantumsPerUnit));
  if (!/^10*$/.test(digits)) throw new Error(`quantumsPerUnit ${digits} is not a power of ten`);
  return digits.length - 1;
}

interface Tier {
  initialMarginPpm: Integer;
  maintenanceFractionPpm: Integer;
}
interface OpenInterest {
  initialMarginPpm: Integer;
  openInterestNotional: Integer;
  openInterestLowerCap: Integer;
  openInterestUpperCap: Integer;
}
interface Notional extends dydx.OraclePrice {
  baseQuantums: Integer;
  atomicResolution: number;
  quoteResolution: number;
}
interface Position extends Notional, Tier {
  openInterestBaseQuantums: Integer;
  openInterestLowerCapQuote: Integer;
  openInterestUpperCapQuote: Integer;
}
/** A market's price and units. */
export interface Oracle {
  /** A power of ten. */
  quantumsPerUnit: Integer;
  /** USD, decimal. */
  oraclePrice: number | string;
}
export interface AccountPosition extends Oracle {
  baseQuantums: Integer;
  imfPpm: Integer;
  maintFractionPpm: Integer;
}
export interface Account<Position extends AccountPosition = AccountPosition> {
  usdcQuantums: Integer;
  positions: Position[];
}

export function oracleOf({ oraclePrice, quantumsPerUnit }: Oracle): dydx.OraclePrice & { atomicResolution: number } {
  const { digits, exponent } = decimalParts(oraclePrice);
  return { price: digits, priceExponent: exponent, atomicResolution: -decimalsOf(quantumsPerUnit) };
}

export function perpetualOf(position: AccountPosition): Omit<dydx.Perpetual, 'ticker'> {
  const { imfPpm: initialMarginPpm, maintFractionPpm: maintenanceFractionPpm } = position;
  return { ...oracleOf(position), initialMarginPpm, maintenanceFractionPpm };
}

export function accountRisk({ usdcQuantums, positions }: Account): dydx.Risk {
  const risks = positions.map((position) => dydx.positionRisk(perpetualOf(position), position.baseQuantums));
  return dydx.accountRisk(usdcQuantums, risks);
}

interface Printed {
  size: Decimal;
  oraclePrice: Decimal;
  quoteBalance: Decimal;
  mmf: Decimal;
  imf: Decimal;
}

export const abacus: Adapters = {
  liquidationPrice: adapter<Printed>(({ mmf, imf, ...rest }) => ({
    ...dydx.abacusPosition({ maintenanceMarginFraction: mmf, initialMarginFraction: imf, ...rest }),
  })),
};

export const dydxV4: Adapters = {
  'tier/maintenancePpm': adapter<Tier>((inputs) => ({ maintenanceMarginPpm: dydx.maintenancePpm(inputs) })),
  'tier/openInterestScaled': adapter<OpenInterest>((inputs) => ({
    adjustedImfPpm: dydx.openInterestScaledPpm(inputs, inputs.openInterestNotional),
  })),
  'margin/netNotional': adapter<Notional>((inputs) => ({ netNotional: dydx.netNotional(inputs) })),
  'margin/initialMarginOfNotional': adapter<OpenInterest & { notionalQuoteQuantums: Integer }>((inputs) => {
    const ratePpm = dydx.openInterestScaledPpm(inputs, inputs.openInterestNotional);
    return { initialMarginQuoteQuantums: dydx.marginAtRate(inputs.notionalQuoteQuantums, ratePpm) };
  }),
  'margin/position': adapter<Position>((inputs) => {
    const { openInterestBaseQuantums, openInterestLowerCapQuote, openInterestUpperCapQuote, ...perpetual } = inputs;
    const tier = {
      openInterest: openInterestBaseQuantums,
      openInterestLowerCap: openInterestLowerCapQuote,
      openInterestUpperCap: openInterestUpperCapQuote,
    };
    return { ...dydx.positionRisk({ ...perpetual, ...tier }, inputs.baseQuantums, inputs.quoteResolution) };
  }),
  'margin/account': adapter<Account>((inputs) => ({ ...accountRisk(inputs) })),
  'liquidatable/positions': adapter<Account>((inputs) => ({ liquidatable: dydx.isLiquidatable(accountRisk(inputs)) })),
  'liquidatable/totals': adapter<{ netCollateral: Integer; maintenanceMargin: Integer }>((inputs) => ({
    liquidatable: dydx.isLiquidatable({
      netCollateral: integer(inputs.netCollateral),
      maintenanceMargin: integer(inputs.maintenanceMargin),
    }),
  })),
  riskOrder: adapter<{ firstNC: Integer; firstMMR: Integer; secondNC: Integer; secondMMR: Integer }>((inputs) => ({
    cmp: dydx.compareRisk(
      { netCollateral: integer(inputs.firstNC), maintenanceMargin: integer(inputs.firstMMR) },
      { netCollateral: integer(inputs.secondNC), maintenanceMargin: integer(inputs.secondMMR) },
    ),
  })),
  'funding/settlement': adapter<{ fundingIndex: Integer; entryFundingIndex: Integer; baseQuantums: Integer }>(
    ({ fundingIndex, entryFundingIndex, baseQuantums }) => ({
      netSettlementPpm: dydx.fundingSettlementPpm(fundingIndex, entryFundingIndex, baseQuantums),
    }),
  ),
  'funding/clamp': adapter<Tier & { clampFactorPpm: Integer }>((inputs) => ({
    maxAbsFundingClampPpm: dydx.fundingClampPpm(inputs.clampFactorPpm, inputs),
  })),
};
