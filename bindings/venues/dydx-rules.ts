// dYdX v4: the protocol's integers (base quantums, quote quantums of 1e-6 USDC, ppm) as exact bigint rules. Its perpetuals
// and subaccounts as a book are in dydx-book.ts and dydx-quantums.ts. Source: v4-chain x/perpetuals/lib, lib/margin/risk.go, x/clob.
import { ceilDiv, floorDiv, type Integer, integer, larger, magnitude, PPM } from './integer.js';

/** Quote quantums are 10^-6 USDC. */
export const QUOTE_RESOLUTION = -6;

/** A price as the protocol keeps it: `price * 10^priceExponent` USD a unit. */
export interface OraclePrice {
  /** Integer of 10^priceExponent USD. */
  price: Integer;
  /** Power of ten. */
  priceExponent: number;
}

/** Risk parameters of a liquidity tier, with the protocol's names. */
export interface LiquidityTier {
  /** Initial margin, ppm of the notional. */
  initialMarginPpm: Integer;
  /** Maintenance as a share of the initial margin, ppm. */
  maintenanceFractionPpm: Integer;
  /** Quote quantums of open interest from which the initial margin rises; absent or an upper cap of 0: never. */
  openInterestLowerCap?: Integer;
  /** Quote quantums of open interest at which the initial margin is 100 %. */
  openInterestUpperCap?: Integer;
}

/** What a perpetual is: one unit is 10^-atomicResolution base quantums. */
export interface Perpetual extends LiquidityTier, OraclePrice {
  /** Name of the market, such as `BTC-USD`. */
  ticker: string;
  /** Power of ten of a base quantum: -10 for BTC. */
  atomicResolution: number;
  /** Open interest of the market, base quantums. */
  openInterest?: Integer;
  /** Cumulative funding index, ppm of a quote quantum for each base quantum. */
  fundingIndex?: Integer;
}

/** The keys of a `Perpetual`; functions that make a market from one refuse others. */
export const PERPETUAL_KEYS = [
  'ticker',
  'atomicResolution',
  'price',
  'priceExponent',
  'initialMarginPpm',
  'maintenanceFractionPpm',
  'openInterest',
  'openInterestLowerCap',
  'openInterestUpperCap',
  'fundingIndex',
] as const;

/** Margin of a position or an account in quote quantums; adds up. */
export interface Risk {
  /** Quote quantums, signed. */
  netCollateral: bigint;
  /** Quote quantums. */
  initialMargin: bigint;
  /** Quote quantums. */
  maintenanceMargin: bigint;
}

/**
 * Power of ten that makes base quantums times the oracle's price USD.
 * @param market - powers of ten of a base quantum and of the price
 * @returns their sum
 * @throws MarginError type, inexact
 * @example
 * exponentOf({ atomicResolution: -8, priceExponent: -5 }) // -13
 */
export function exponentOf(market: { atomicResolution: number; priceExponent: number }): number {
  return Number(integer(market.atomicResolution, 'atomicResolution') + integer(market.priceExponent, 'priceExponent'));
}

/**
 * Signed notional of base quantums at a price: the exact value, truncated toward zero once.
 * @param position - base quantums (signed), price, and the resolutions as powers of ten
 * @returns quote quantums
 * @throws MarginError type, inexact
 * @example
 * netNotional({ baseQuantums: 10_000_000, price: 50_000, priceExponent: 0, atomicResolution: -8 }) // 5_000_000_000n
 */
export function netNotional(
  position: OraclePrice & { baseQuantums: Integer; atomicResolution: number; quoteResolution?: number },
): bigint {
  const exact = integer(position.baseQuantums, 'baseQuantums') * integer(position.price, 'price');
  const shift = exponentOf(position) - (position.quoteResolution ?? QUOTE_RESOLUTION);
  return shift >= 0 ? exact * 10n ** BigInt(shift) : exact / 10n ** BigInt(-shift);
}

/**
 * Initial margin rate under open interest: linear from the tier's own rate at the lower cap to 100 % at the upper cap.
 * @param tier - rates (ppm) and caps (quote quantums)
 * @param openInterest - notional of the open interest, quote quantums
 * @returns ppm, floored once after the multiplication (flooring the scale first is wrong by one)
 * @throws MarginError type, inexact
 * @example
 * openInterestScaledPpm({ initialMarginPpm: 200_000, openInterestLowerCap: 1_000_000, openInterestUpperCap: 2_000_000 },
 *   1_234_567) // 387653n
 */
export function openInterestScaledPpm(
  tier: Omit<LiquidityTier, 'maintenanceFractionPpm'>,
  openInterest: Integer,
): bigint {
  const base = integer(tier.initialMarginPpm, 'initialMarginPpm');
  const lower = integer(tier.openInterestLowerCap ?? 0, 'openInterestLowerCap');
  const upper = integer(tier.openInterestUpperCap ?? 0, 'openInterestUpperCap');
  const open = integer(openInterest, 'openInterest');
  if (upper === 0n || open <= lower) return base;
  if (open >= upper) return PPM;
  return base + floorDiv((open - lower) * (PPM - base), upper - lower);
}

/**
 * Margin at a rate, rounded up.
 * @param notional - quote quantums, either sign
 * @param ratePpm - ppm
 * @returns quote quantums
 * @throws MarginError type, inexact
 * @example
 * marginAtRate(388_850_001, 10_000) // 3_888_501n
 */
export function marginAtRate(notional: Integer, ratePpm: Integer): bigint {
  return ceilDiv(magnitude(integer(notional, 'notional')) * integer(ratePpm, 'ratePpm'), PPM);
}

/**
 * Maintenance rate of a liquidity tier.
 * @param tier - initial rate and maintenance fraction, ppm
 * @returns ppm, rounded down
 * @throws MarginError type, inexact
 * @example
 * maintenancePpm({ initialMarginPpm: 637_239, maintenanceFractionPpm: 289_284 }) // 184343n
 */
export function maintenancePpm(tier: Pick<LiquidityTier, 'initialMarginPpm' | 'maintenanceFractionPpm'>): bigint {
  const rate = integer(tier.initialMarginPpm, 'initialMarginPpm');
  return floorDiv(rate * integer(tier.maintenanceFractionPpm, 'maintenanceFractionPpm'), PPM);
}

/**
 * Initial and maintenance margin of a notional. Maintenance is a share of the initial margin at the tier's own rate:
 * neither open interest nor a custom rate raises it, and both steps round up.
 * @param notional - quote quantums, either sign
 * @param tier - rates (ppm) and caps (quote quantums)
 * @param options - openInterest: its notional in quote quantums; customInitialPpm: the trader's own least initial rate
 * @returns quote quantums; netCollateral is the signed notional
 * @throws MarginError type, inexact
 * @example
 * riskOfNotional(-4_410_000n, { initialMarginPpm: 200_000, maintenanceFractionPpm: 500_000 }).maintenanceMargin // 441_000n
 */
export function riskOfNotional(
  notional: Integer,
  tier: LiquidityTier,
  options: { openInterest?: Integer; customInitialPpm?: Integer } = {},
): Risk {
  const scaledPpm = openInterestScaledPpm(tier, options.openInterest ?? 0);
  const ratePpm = larger(scaledPpm, integer(options.customInitialPpm ?? 0, 'customInitialPpm'));
  return {
    netCollateral: integer(notional, 'notional'),
    initialMargin: marginAtRate(notional, ratePpm),
    maintenanceMargin: marginAtRate(marginAtRate(notional, tier.initialMarginPpm), tier.maintenanceFractionPpm),
  };
}

/**
 * Margin of one position.
 * @param perpetual - market, tier and oracle price
 * @param baseQuantums - signed size
 * @param quoteResolution - power of ten of a quote quantum
 * @returns quote quantums; netCollateral is the signed notional
 * @throws MarginError type, inexact
 * @example
 * positionRisk({ ticker: 'BTC-USD', atomicResolution: -6, price: 367_500, priceExponent: -1, initialMarginPpm: 200_000,
 *   maintenanceFractionPpm: 500_000 }, 12_000).initialMargin // 88_200_000n
 */
export function positionRisk(
  perpetual: Omit<Perpetual, 'ticker'>,
  baseQuantums: Integer,
  quoteResolution: number = QUOTE_RESOLUTION,
): Risk {
  const notional = netNotional({ ...perpetual, baseQuantums, quoteResolution });
  const open = netNotional({ ...perpetual, baseQuantums: perpetual.openInterest ?? 0, quoteResolution });
  return riskOfNotional(notional, perpetual, { openInterest: magnitude(open) });
}

/**
 * Margin of a subaccount: its quote balance and the sum of its positions.
 * @param usdcQuantums - quote balance in quote quantums; purchases have already been paid from it
 * @param positions - risks of the positions
 * @returns quote quantums
 * @throws MarginError type, inexact
 * @example
 * accountRisk(100, [{ netCollateral: 10_000n, initialMargin: 1_000n, maintenanceMargin: 500n }]).netCollateral // 10_100n
 */
export function accountRisk(usdcQuantums: Integer, positions: readonly Risk[]): Risk {
  const zero: Risk = {
    netCollateral: integer(usdcQuantums, 'usdcQuantums'),
    initialMargin: 0n,
    maintenanceMargin: 0n,
  };
  return positions.reduce(
    (sum, risk) => ({
      netCollateral: sum.netCollateral + risk.netCollateral,
      initialMargin: sum.initialMargin + risk.initialMargin,
      maintenanceMargin: sum.maintenanceMargin + risk.maintenanceMargin,
    }),
    zero,
  );
}

/**
 * Whether a subaccount may be liquidated: it has a requirement and is strictly below it.
 * @param risk - quote quantums
 * @returns true if liquidatable
 * @example
 * isLiquidatable({ netCollateral: 99n, maintenanceMargin: 100n }) // true
 */
export function isLiquidatable(risk: Pick<Risk, 'netCollateral' | 'maintenanceMargin'>): boolean {
  return risk.maintenanceMargin > 0n && risk.netCollateral < risk.maintenanceMargin;
}

/**
 * Order of two accounts by risk, net collateral over maintenance margin, cross-multiplied. At equal ratios the larger
 * maintenance margin is the riskier; without any margin the smaller collateral is. The same order and sign as the default
 * entry's `compareRisk`: `sort` puts the riskiest last.
 * @param first - quote quantums
 * @param second - quote quantums
 * @returns -1 first is less risky, 1 more risky, 0 equally
 * @example
 * compareRisk({ netCollateral: 100n, maintenanceMargin: 50n }, { netCollateral: 100n, maintenanceMargin: 100n }) // -1
 */
export function compareRisk(
  first: Pick<Risk, 'netCollateral' | 'maintenanceMargin'>,
  second: Pick<Risk, 'netCollateral' | 'maintenanceMargin'>,
): -1 | 0 | 1 {
  const a = first.netCollateral * second.maintenanceMargin;
  const b = second.netCollateral * first.maintenanceMargin;
  if (a !== b) return a > b ? -1 : 1;
  const none = first.maintenanceMargin === 0n && second.maintenanceMargin === 0n;
  const [low, high] = none
    ? [second.netCollateral, first.netCollateral]
    : [first.maintenanceMargin, second.maintenanceMargin];
  return low === high ? 0 : low < high ? -1 : 1;
}

/**
 * Funding that a position settles: a long pays when the index rises.
 * @param fundingIndex - index now, ppm of a quote quantum for each base quantum
 * @param entryFundingIndex - index at the last settlement
 * @param baseQuantums - signed size
 * @returns millionths of a quote quantum, exact, positive when received
 * @throws MarginError type, inexact
 * @example
 * fundingSettlementPpm(100, -100, 30_000) // -6_000_000n
 */
export function fundingSettlementPpm(fundingIndex: Integer, entryFundingIndex: Integer, baseQuantums: Integer): bigint {
  const delta = integer(fundingIndex, 'fundingIndex') - integer(entryFundingIndex, 'entryFundingIndex');
  return -delta * integer(baseQuantums, 'baseQuantums');
}

/**
 * Quote quantums that settlements move, rounded down: a payer pays the fraction, a receiver forgoes it.
 * @param settlementsPpm - millionths of a quote quantum, of all positions of the subaccount
 * @returns quote quantums, positive when received
 * @example
 * fundingPayment([-1_500_000n, 200_000n]) // -2n
 */
export function fundingPayment(settlementsPpm: readonly bigint[]): bigint {
  return floorDiv(
    settlementsPpm.reduce((sum, settlement) => sum + settlement, 0n),
    PPM,
  );
}

/**
 * Largest 8-hour funding rate of a tier: a factor times the gap between initial and maintenance rate.
 * @param clampFactorPpm - ppm
 * @param tier - initial rate and maintenance fraction, ppm
 * @returns ppm, rounded down
 * @throws MarginError type, inexact
 * @example
 * fundingClampPpm(6_000_000, { initialMarginPpm: 150_000, maintenanceFractionPpm: 800_000 }) // 180_000n
 */
export function fundingClampPpm(
  clampFactorPpm: Integer,
  tier: Pick<LiquidityTier, 'initialMarginPpm' | 'maintenanceFractionPpm'>,
): bigint {
  const gap = integer(tier.initialMarginPpm, 'initialMarginPpm') - maintenancePpm(tier);
  return floorDiv(integer(clampFactorPpm, 'clampFactorPpm') * gap, PPM);
}
