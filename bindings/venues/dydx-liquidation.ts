// dYdX v4 liquidations in the protocol's integers: bankruptcy price, fillable price, what the insurance fund gets or pays, and
// how much of a position is closed at a time. Source: v4-chain x/clob/keeper/liquidations.go.
import { MarginError } from '../errors.js';
import {
  exponentOf,
  netNotional,
  type OraclePrice,
  type Perpetual,
  positionRisk,
  QUOTE_RESOLUTION,
} from './dydx-rules.js';
import { floorDiv, type Integer, integer, larger, magnitude, PPM, positive, smaller } from './integer.js';
import { fundDelta } from './liquidation.js';
import { Row } from './rows.js';

/** What of an account's risk a liquidation reads: quote quantums. */
export interface LiquidationRisk {
  /** Quote quantums, signed. */
  netCollateral: Integer;
  /** Quote quantums. */
  maintenanceMargin: Integer;
}

/** The account's totals; without a maintenance margin there is nothing to share its collateral by. */
function totals(account: LiquidationRisk): { netCollateral: bigint; maintenanceMargin: bigint } {
  const row = new Row(account, 'account');
  return {
    netCollateral: row.integer('netCollateral'),
    maintenanceMargin: positive(row.integer('maintenanceMargin'), row.at('maintenanceMargin')),
  };
}

/**
 * Quote amount at which closing a part of a position leaves the account's equity as it should be shared: every position gets
 * a part of the net collateral in proportion to its maintenance margin.
 * @param account - net collateral and maintenance margin of the whole account, see `accountRisk`
 * @param perpetual - market, tier and oracle price
 * @param baseQuantums - signed size of the position
 * @param deltaQuantums - what is closed: of the other sign and not larger
 * @returns quote quantums, rounded against the account: what a sale must bring at least (positive), what a purchase may cost
 *   at most (negative)
 * @throws MarginError type, inexact, range where the delta does not close a part of the position or nothing is required
 * @see v4-chain protocol/x/clob/keeper/liquidations.go GetBankruptcyPriceInQuoteQuantums
 * @example
 * bankruptcyPrice({ netCollateral: -100_000_000n, maintenanceMargin: 500_000_000n }, { price: 50_000, priceExponent: 0,
 *   atomicResolution: -8, initialMarginPpm: 200_000, maintenanceFractionPpm: 500_000 }, 10_000_000, -10_000_000)
 *   // 5_100_000_000n
 */
export function bankruptcyPrice(
  account: LiquidationRisk,
  perpetual: Omit<Perpetual, 'ticker'>,
  baseQuantums: Integer,
  deltaQuantums: Integer,
): bigint {
  const { netCollateral, maintenanceMargin } = totals(account);
  const size = integer(baseQuantums, 'baseQuantums');
  const delta = integer(deltaQuantums, 'deltaQuantums');
  if (size * delta >= 0n || magnitude(delta) > magnitude(size)) {
    const expected = size === 0n ? 'a position to close' : `${size < 0n ? '1' : '-1'} to ${-size}, which closes`;
    throw new MarginError('range', { path: 'deltaQuantums', got: delta, expected });
  }
  const before = positionRisk(perpetual, size);
  const after = positionRisk(perpetual, size + delta);
  const freed = magnitude(after.maintenanceMargin - before.maintenanceMargin);
  return before.netCollateral - after.netCollateral - floorDiv(netCollateral * freed, maintenanceMargin);
}

/** An exact fraction in lowest terms; the denominator is positive. */
export interface Fraction {
  /** With the sign. */
  numerator: bigint;
  /** Above 0. */
  denominator: bigint;
}

function fraction(above: bigint, below: bigint): Fraction {
  let [a, b] = [magnitude(above), magnitude(below)];
  while (b !== 0n) [a, b] = [b, a % b];
  const common = below < 0n ? -a : a;
  return { numerator: above / common, denominator: below / common };
}

/** How far from the oracle price a liquidation may fill, with the protocol's names. */
export interface FillablePriceConfig {
  /** How fast the spread opens while collateral falls below the maintenance margin, ppm; 1_000_000: fully at 0. */
  bankruptcyAdjustmentPpm: Integer;
  /** Largest spread as a share of the position's maintenance margin, ppm. */
  spreadToMaintenanceMarginRatioPpm: Integer;
}

/**
 * Worst price at which a liquidation order may fill: the oracle price, less (long) or more (short) a spread that grows from
 * nothing at the maintenance margin to its largest towards bankruptcy.
 * @param account - net collateral and maintenance margin of the whole account, see `accountRisk`
 * @param perpetual - market, tier and oracle price
 * @param baseQuantums - signed size of the position
 * @param config - the protocol's parameters
 * @returns USD a unit, not rounded
 * @throws MarginError missing-key, type, inexact, range where there is no position or nothing is required
 * @see v4-chain protocol/x/clob/keeper/liquidations.go GetFillablePrice
 * @example
 * fillablePrice({ netCollateral: 499_000_000n, maintenanceMargin: 500_000_000n }, { price: 50_000, priceExponent: 0,
 *   atomicResolution: -8, initialMarginPpm: 200_000, maintenanceFractionPpm: 500_000 }, 10_000_000,
 *   { bankruptcyAdjustmentPpm: 1_000_000, spreadToMaintenanceMarginRatioPpm: 100_000 })
 *   // { numerator: 49_999n, denominator: 1n }
 */
export function fillablePrice(
  account: LiquidationRisk,
  perpetual: Omit<Perpetual, 'ticker'>,
  baseQuantums: Integer,
  config: FillablePriceConfig,
): Fraction {
  const { netCollateral, maintenanceMargin } = totals(account);
  const row = new Row(config, '', undefined, 'config');
  const size = integer(baseQuantums, 'baseQuantums');
  if (size === 0n) throw new MarginError('range', { path: 'baseQuantums', got: size, expected: 'a position to close' });
  const position = positionRisk(perpetual, size);
  // The share of the spread is opened / full, from 0 to 1.
  const full = PPM * maintenanceMargin;
  const opened = row.integer('bankruptcyAdjustmentPpm') * (maintenanceMargin - netCollateral);
  const share = smaller(larger(opened, 0n), full);
  const spread = share * row.integer('spreadToMaintenanceMarginRatioPpm') * position.maintenanceMargin;
  const below = full * PPM;
  // Quote quantums for each base quantum, as USD a unit.
  const shift = QUOTE_RESOLUTION - perpetual.atomicResolution;
  const scale = 10n ** BigInt(Math.abs(shift));
  const [up, down] = shift < 0 ? [1n, scale] : [scale, 1n];
  return fraction((position.netCollateral * below - spread) * up, below * size * down);
}

/** A fill of a liquidation order, with the protocol's names. */
export interface LiquidationFill {
  /** Of the liquidation order: a long position is sold. */
  side: 'buy' | 'sell';
  /** Unsigned. */
  baseQuantums: Integer;
  /** Price, and the power of ten that makes it quote quantums for each base quantum. */
  subticks: Integer;
  /** Power of ten from subticks times base quantums to quote quantums. */
  quantumConversionExponent: number;
}

/**
 * What the insurance fund gets from a fill: what is left above the bankruptcy price, up to the fee; below it the fund pays.
 * @param account - net collateral and maintenance margin of the whole account, see `accountRisk`
 * @param perpetual - market, tier and oracle price
 * @param baseQuantums - signed size of the position before the fill
 * @param fill - what was filled, at which price
 * @param maxLiquidationFeePpm - largest fee as a share of the filled amount, ppm
 * @returns quote quantums; negative: the fund pays
 * @throws MarginError missing-key, type, inexact, range where the fill does not close a part of the position
 * @see v4-chain protocol/x/clob/keeper/liquidations.go GetLiquidationInsuranceFundDelta
 * @example
 * insuranceFundDelta({ netCollateral: -100_000_000n, maintenanceMargin: 500_000_000n }, { price: 50_000, priceExponent: 0,
 *   atomicResolution: -8, initialMarginPpm: 200_000, maintenanceFractionPpm: 500_000 }, 10_000_000,
 *   { side: 'sell', baseQuantums: 10_000_000, subticks: 50_490_000_000, quantumConversionExponent: -8 }, 5_000)
 *   // -51_000_000n
 */
export function insuranceFundDelta(
  account: LiquidationRisk,
  perpetual: Omit<Perpetual, 'ticker'>,
  baseQuantums: Integer,
  fill: LiquidationFill,
  maxLiquidationFeePpm: Integer,
): bigint {
  const row = new Row(fill, 'fill');
  const sign = row.word('side', ['buy', 'sell']) === 'buy' ? 1n : -1n;
  const filled = row.integer('baseQuantums');
  const quote = netNotional({
    baseQuantums: filled,
    price: row.integer('subticks'),
    priceExponent: Number(row.integer('quantumConversionExponent')),
    atomicResolution: 0,
    quoteResolution: 0,
  });
  const left = -sign * quote - bankruptcyPrice(account, perpetual, baseQuantums, sign * filled);
  const fee = floorDiv(magnitude(quote) * integer(maxLiquidationFeePpm, 'maxLiquidationFeePpm'), PPM);
  return fundDelta(left, fee);
}

/** How much of a position a block may liquidate, with the protocol's names. */
export interface PositionLimits {
  /** Quote quantums that may be liquidated whatever the portion is. */
  minPositionNotionalLiquidated: Integer;
  /** Share of the position, ppm. */
  maxPositionPortionLiquidatedPpm: Integer;
}

/**
 * Least and largest notional of a position that one block may liquidate.
 * @param notional - of the position, quote quantums, either sign
 * @param limits - the protocol's parameters
 * @returns quote quantums
 * @throws MarginError missing-key, type, inexact
 * @see v4-chain protocol/x/clob/keeper/liquidations.go GetMaxAndMinPositionNotionalLiquidatable
 * @example
 * notionalLimits(5_000_000n, { minPositionNotionalLiquidated: 10_000_000, maxPositionPortionLiquidatedPpm: 1_000_000 })
 *   // { minNotional: 5_000_000n, maxNotional: 5_000_000n }
 */
export function notionalLimits(
  notional: Integer,
  limits: PositionLimits,
): { minNotional: bigint; maxNotional: bigint } {
  const row = new Row(limits, 'limits');
  const whole = magnitude(integer(notional, 'notional'));
  const minNotional = smaller(row.integer('minPositionNotionalLiquidated'), whole);
  const portion = floorDiv(whole * row.integer('maxPositionPortionLiquidatedPpm'), PPM);
  return { minNotional, maxNotional: larger(minNotional, portion) };
}

/**
 * Part of a position that one block may liquidate: the whole one where the limits reach, else whole steps, at least one.
 * @param oracle - oracle price and atomic resolution of the market
 * @param baseQuantums - signed size of the position
 * @param limits - of the position, of the subaccount in this block (quote quantums), and the market's step (base quantums)
 * @returns base quantums that close it: of the other sign
 * @throws MarginError missing-key, type, inexact, range where the step is not above 0
 * @see v4-chain protocol/x/clob/keeper/liquidations.go GetLiquidatablePositionSizeDelta
 * @example
 * liquidatableQuantums({ price: 50_000, priceExponent: 0, atomicResolution: -8 }, 140, { minPositionNotionalLiquidated: 1,
 *   maxPositionPortionLiquidatedPpm: 100_000, subaccountMaxNotionalLiquidated: 1e15, stepBaseQuantums: 5 }) // -10n
 */
export function liquidatableQuantums(
  oracle: OraclePrice & { atomicResolution: number },
  baseQuantums: Integer,
  limits: PositionLimits & { subaccountMaxNotionalLiquidated: Integer; stepBaseQuantums: Integer },
): bigint {
  const row = new Row(limits, 'limits');
  const step = positive(row.integer('stepBaseQuantums'), row.at('stepBaseQuantums'));
  const size = integer(baseQuantums, 'baseQuantums');
  const notional = magnitude(netNotional({ ...oracle, baseQuantums: size }));
  const { maxNotional } = notionalLimits(notional, limits);
  const limit = smaller(maxNotional, row.integer('subaccountMaxNotionalLiquidated'));
  if (notional <= limit || magnitude(size) <= step) return -size;
  // limit / price, with the power of ten on the side where it is whole.
  const shift = exponentOf(oracle) - QUOTE_RESOLUTION;
  const scale = 10n ** BigInt(Math.abs(shift));
  const price = integer(oracle.price, 'price');
  const most = shift < 0 ? floorDiv(limit * scale, price) : floorDiv(limit, price * scale);
  const steps = smaller(larger(most - (most % step), step), magnitude(size));
  return size < 0n ? steps : -steps;
}
