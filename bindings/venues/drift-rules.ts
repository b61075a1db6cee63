// Drift v2: the programme's integers (ratios and weights 1e-4, imf 1e-6, prices 1e-6 USD, base 1e-9) as exact bigint rules.
// Its markets and users as a book are in drift-book.ts. Source: protocol-v2 programs/drift/src/math/margin.rs,
// state/perp_market.rs, state/spot_market.rs. Every division is rounded toward zero, as the programme does.
import { decimal } from './decimal.js';
import { type Integer, integer, isqrt, larger, magnitude } from './integer.js';

/** Units in one: ratios and weights, imf factors and prices and USD, base of a perp. */
export const MARGIN_PRECISION = 10_000n;
/** Units in one of an imf factor. */
export const IMF_PRECISION = 1_000_000n;
/** Units in one of a price, and of USD. */
export const PRICE_PRECISION = 1_000_000n;
/** Units in one of a perp's base. */
export const BASE_PRECISION = 1_000_000_000n;
/** Most that an unrealised profit counts at the initial level, USD. */
export const MAX_INITIAL_PROFIT_USD = 100n;

/** Share of a ratio that the size premium replaces: 1/5. */
const PREMIUM_SHARE = 5n;
/** isqrt(10 * size + 1) is 1e5 times the root of the base; these bring its product with imf to 1e-6 and to 1e-4. */
const DISCOUNT_ROOT = 100_000n;
const PREMIUM_ROOT = 10_000_000n;
/** Numerator of the size discount, 1.1. */
const DISCOUNT_NUMERATOR = 1_100_000n;

/** 1e5 times the square root of a size in base, floored. */
function rootOf(size: Integer): bigint {
  return isqrt(10n * magnitude(integer(size, 'size')) + 1n);
}

/**
 * A ratio or liability weight that grows with the root of the size: max(ratio, 4/5 ratio + imf sqrt(base)).
 * @param ratio - margin ratio or liability weight, 1e-4
 * @param size - base or tokens, 1e-9; the sign does not matter
 * @param imfFactor - 1e-6
 * @returns 1e-4
 * @throws MarginError type, inexact
 * @example
 * sizePremium(100, 300_000_000_000_000n, 50) // 353n
 */
export function sizePremium(ratio: Integer, size: Integer, imfFactor: Integer): bigint {
  const base = integer(ratio, 'ratio');
  const imf = integer(imfFactor, 'imfFactor');
  if (imf === 0n) return base;
  return larger(base, base - base / PREMIUM_SHARE + (rootOf(size) * imf) / PREMIUM_ROOT);
}

/**
 * An asset weight that falls with the root of the size: min(weight, 1.1 / (1 + imf sqrt(base))).
 * @param weight - 1e-4
 * @param size - tokens, 1e-9; for a profit: USD, 1e-9
 * @param imfFactor - 1e-6
 * @returns 1e-4
 * @throws MarginError type, inexact
 * @example
 * sizeDiscount(9_000, 1_000_000_000_000n, 10_000) // 8357n
 */
export function sizeDiscount(weight: Integer, size: Integer, imfFactor: Integer): bigint {
  return discounted(integer(weight, 'weight'), rootOf(size), integer(imfFactor, 'imfFactor'));
}

function discounted(weight: bigint, root: bigint, imf: bigint): bigint {
  if (imf === 0n) return weight;
  const limit = (DISCOUNT_NUMERATOR * MARGIN_PRECISION) / (IMF_PRECISION + (root * imf) / DISCOUNT_ROOT);
  return limit < weight ? limit : weight;
}

/** Rates of a perp market; `fill` is half way between initial and maintenance. */
export interface PerpRatios {
  /** 1e-4. */
  marginRatioInitial: Integer;
  /** 1e-4. */
  marginRatioMaintenance: Integer;
  /** 1e-6. */
  imfFactor: Integer;
}

/** The requirement asked for. */
export type MarginType = 'initial' | 'maintenance' | 'fill';

/**
 * Margin ratio of a perp position by its size.
 * @param market - ratios 1e-4 and imf factor 1e-6
 * @param size - base, 1e-9
 * @param type - requirement
 * @returns 1e-4
 * @throws MarginError type, inexact
 * @example
 * marginRatio({ marginRatioInitial: 100, marginRatioMaintenance: 50, imfFactor: 50 }, 3_000_000_000_000n, 'maintenance')
 *   // 67n
 */
export function marginRatio(market: PerpRatios, size: Integer, type: MarginType): bigint {
  const initial = integer(market.marginRatioInitial, 'marginRatioInitial');
  const maintenance = integer(market.marginRatioMaintenance, 'marginRatioMaintenance');
  const ratio = { initial, maintenance, fill: (initial + maintenance) / 2n }[type];
  return sizePremium(ratio, size, market.imfFactor);
}

/**
 * Initial margin ratio in high-leverage mode: it climbs from the mode's own ratio to the ordinary one as the size premium
 * does; above that the ordinary premium counts. Where the premium just reaches the ordinary ratio the programme falls back
 * to the mode's own ratio, and so does this.
 * @param market - ordinary and high-leverage initial ratio 1e-4, imf factor 1e-6
 * @param size - base, 1e-9
 * @returns 1e-4
 * @throws MarginError type, inexact
 * @example
 * highLeverageMarginRatio({ marginRatioInitial: 1_000, highLeverageMarginRatioInitial: 100, imfFactor: 50 },
 *   3_000_000_000_000n) // 221n
 */
export function highLeverageMarginRatio(
  market: { marginRatioInitial: Integer; highLeverageMarginRatioInitial: Integer; imfFactor: Integer },
  size: Integer,
): bigint {
  const ratio = integer(market.marginRatioInitial, 'marginRatioInitial');
  const high = integer(market.highLeverageMarginRatioInitial, 'highLeverageMarginRatioInitial');
  const imf = integer(market.imfFactor, 'imfFactor');
  const share = ratio / PREMIUM_SHARE;
  const premium = imf === 0n ? ratio : ratio - share + (rootOf(size) * imf) / PREMIUM_ROOT;
  if (premium > ratio) return premium;
  if (premium === ratio) return high;
  // share > 0 here: the premium is below the ratio only by what the share took off.
  const way = larger(0n, IMF_PRECISION - ((ratio - premium) * IMF_PRECISION) / share);
  return high + (larger(1n, ratio - high) * way) / IMF_PRECISION;
}

/**
 * Weight of a positive unrealised profit, discounted by its own size.
 * @param weight - of the market, 1e-4
 * @param unrealizedPnl - USD, 1e-6
 * @param imfFactor - of the market's profits, 1e-6
 * @returns 1e-4
 * @throws MarginError type, inexact
 * @example
 * unrealizedPnlWeight(10_000, 22_699_050_905n, 1_000) // 9559n
 */
export function unrealizedPnlWeight(weight: Integer, unrealizedPnl: Integer, imfFactor: Integer): bigint {
  return sizeDiscount(weight, integer(unrealizedPnl, 'unrealizedPnl') * (BASE_PRECISION / PRICE_PRECISION), imfFactor);
}

/**
 * Initial asset weight under the venue's total deposits: weight * scaleStart / deposits from scaleStart on.
 * @param market - weight 1e-4, scaleStart and price in USD 1e-6, deposits in the token's smallest unit, its decimals
 * @returns 1e-4
 * @throws MarginError type, inexact
 * @example
 * depositScaledWeight({ weight: 9_000, scaleStart: 500_000_000_000n, deposits: 40_000_000_000_000n, decimals: 9,
 *   price: 25_000_000 }) // 4_500n
 */
export function depositScaledWeight(market: {
  weight: Integer;
  scaleStart: Integer;
  deposits: Integer;
  decimals: number;
  price: Integer;
}): bigint {
  const weight = integer(market.weight, 'weight');
  const start = integer(market.scaleStart, 'scaleStart') * 10n ** BigInt(market.decimals);
  const value = integer(market.deposits, 'deposits') * integer(market.price, 'price');
  return value < start ? weight : (weight * start) / value;
}

/**
 * Margin requirement of a perp position at a ratio.
 * @param base - size, 1e-9; the sign does not matter
 * @param price - oracle price, 1e-6 USD
 * @param ratio - 1e-4
 * @returns USD, 1e-6
 * @throws MarginError type, inexact
 * @example
 * perpMarginRequirement(-6_147_540_983n, 22_050_000_000n, 1_000) // 13_555_327_867n
 */
export function perpMarginRequirement(base: Integer, price: Integer, ratio: Integer): bigint {
  const value = (magnitude(integer(base, 'base')) * integer(price, 'price')) / BASE_PRECISION;
  return (value * integer(ratio, 'ratio')) / MARGIN_PRECISION;
}

/**
 * Unrealised profit or loss of a perp position at the initial level: losses in full, profits weighted by their size and
 * at most 100 USD.
 * @param position - base 1e-9, quote entry amount 1e-6 USD (what opening it brought in), oracle price 1e-6 USD
 * @param market - weight of a profit 1e-4 and its imf factor 1e-6
 * @returns USD, exact decimal text
 * @throws MarginError type, inexact
 * @example
 * initialUnrealizedPnl({ base: 1_000_000_000, quote: -90_000_000, price: 100_000_000 },
 *   { unrealizedPnlInitialAssetWeight: 8_000, unrealizedPnlImfFactor: 0 }) // '8'
 */
export function initialUnrealizedPnl(
  position: { base: Integer; quote: Integer; price: Integer },
  market: { unrealizedPnlInitialAssetWeight: Integer; unrealizedPnlImfFactor: Integer },
): string {
  const price = integer(position.price, 'price');
  // Base times price is in 1e-15 USD, weighted profits in 1e-19.
  const pnl = integer(position.quote, 'quote') * BASE_PRECISION + integer(position.base, 'base') * price;
  if (pnl <= 0n) return decimal(pnl, 15);
  const root = isqrt((10n * pnl) / PRICE_PRECISION + 1n);
  const full = integer(market.unrealizedPnlInitialAssetWeight, 'unrealizedPnlInitialAssetWeight');
  const weighted = pnl * discounted(full, root, integer(market.unrealizedPnlImfFactor, 'unrealizedPnlImfFactor'));
  const most = MAX_INITIAL_PROFIT_USD * 10n ** 19n;
  return decimal(weighted < most ? weighted : most, 19);
}
