// Drift v2 liquidations in the programme's integers: how much may be liquidated at a time, and how much has to change hands to
// cover a margin shortage. USD, prices, fees and multipliers are 1e-6, ratios and weights 1e-4, tokens their smallest units.
// Source: protocol-v2 programs/drift/src/math/liquidation.rs. Divisions round toward zero, in the programme's order.
import { MarginError } from '../errors.js';
import { BASE_PRECISION, MARGIN_PRECISION, PRICE_PRECISION } from './drift-rules.js';
import { ceilDiv, type Integer, larger, magnitude, positive, rescaled, smaller } from './integer.js';
import { Row } from './rows.js';

/** Decimals of USD. */
const USD_DECIMALS = 6;
/** A shortage below 50 USD is liquidated at once, a balance worth less than 1 USD is not left behind. */
const SMALL_SHORTAGE = 50_000_000n;
const SMALL_BALANCE = 1_000_000n;
/** Weights get a digit more while a multiplier divides them. */
const WEIGHT_DIGIT = 10n;

/** The divisor of a rule: the programme stops where it is not above 0. */
function divisor(value: bigint, path: string, expected: string): bigint {
  if (value > 0n) return value;
  throw new MarginError('range', { path, got: value, expected });
}

/**
 * Share of the shortage that may be freed by now: everything if it is small, else a share that climbs to all of it. What has
 * been freed already counts.
 * @param state - marginShortage and liquidationMarginFreed (1e-6 USD), slotsElapsed since the account was last active, and the
 *   programme's initialPct (1e-4) and durationSlots
 * @returns 1e-4
 * @throws MarginError missing-key, type, inexact
 * @see protocol-v2 programs/drift/src/math/liquidation.rs calculate_max_pct_to_liquidate
 * @example
 * maxPctToLiquidate({ marginShortage: 100_000_000, liquidationMarginFreed: 0, slotsElapsed: 5, initialPct: 1_000,
 *   durationSlots: 10 }) // 6_000n
 */
export function maxPctToLiquidate(state: {
  marginShortage: Integer;
  liquidationMarginFreed: Integer;
  slotsElapsed: Integer;
  initialPct: Integer;
  durationSlots: Integer;
}): bigint {
  const row = new Row(state, '', undefined, 'state');
  const shortage = row.integer('marginShortage');
  const freed = row.integer('liquidationMarginFreed');
  const slots = row.integer('slotsElapsed');
  const duration = row.integer('durationSlots');
  const initial = row.integer('initialPct');
  if (shortage < SMALL_SHORTAGE) return MARGIN_PRECISION;
  const climbed = duration === 0n ? MARGIN_PRECISION : (slots * MARGIN_PRECISION) / duration;
  const share = smaller(MARGIN_PRECISION, climbed + initial);
  const freeable = larger(0n, ((shortage + freed) * share) / MARGIN_PRECISION - freed);
  return (freeable * MARGIN_PRECISION) / shortage;
}

/**
 * Base that has to be closed to cover a margin shortage.
 * @param position - marginShortage (1e-6 USD), marginRatio, liquidationFee and ifLiquidationFee (all 1e-6), prices of the base
 *   and of the quote token (1e-6 USD)
 * @returns base, 1e-9; null where no amount does: without a price, or where the fee is not below the margin ratio
 * @throws MarginError missing-key, type, inexact, range where the fees take all that is freed
 * @see protocol-v2 programs/drift/src/math/liquidation.rs calculate_base_asset_amount_to_cover_margin_shortage
 * @example
 * baseToCover({ marginShortage: 10_000_000, marginRatio: 100_000, liquidationFee: 10_000, ifLiquidationFee: 10_000,
 *   oraclePrice: 100_000_000, quotePrice: 1_000_000 }) // 1_250_000_000n
 */
export function baseToCover(position: {
  marginShortage: Integer;
  marginRatio: Integer;
  liquidationFee: Integer;
  ifLiquidationFee: Integer;
  oraclePrice: Integer;
  quotePrice: Integer;
}): bigint | null {
  const row = new Row(position, '', undefined, 'position');
  const shortage = row.integer('marginShortage');
  const price = row.integer('oraclePrice');
  const quoted = (price * row.integer('quotePrice')) / PRICE_PRECISION;
  const kept = row.integer('marginRatio') - row.integer('liquidationFee');
  const fee = (price * row.integer('ifLiquidationFee')) / PRICE_PRECISION;
  if (price === 0n || kept <= 0n) return null;
  const freed = (quoted * kept) / PRICE_PRECISION - fee;
  return (shortage * BASE_PRECISION) / divisor(freed, row.at('ifLiquidationFee'), 'fees below what a base frees');
}

/** Two tokens that change hands: multipliers are what the liquidator gains on each, 1e-6. */
export interface TokenPair {
  /** Over `liabilityMultiplier`: value that the liquidator gets for each that it repays, 1e-6. */
  assetMultiplier: Integer;
  /** Digits of the collateral's smallest unit. */
  assetDecimals: number;
  /** 1e-6 USD. */
  assetPrice: Integer;
  /** What `assetMultiplier` is divided by, 1e-6. */
  liabilityMultiplier: Integer;
  /** Digits of the liability's smallest unit. */
  liabilityDecimals: number;
  /** 1e-6 USD. */
  liabilityPrice: Integer;
}

/**
 * Borrowed tokens that have to be repaid, for collateral, to cover a margin shortage.
 * @param state - marginShortage (1e-6 USD), weights 1e-4, multipliers, price and ifLiquidationFee 1e-6, decimals of the
 *   liability's mint
 * @returns smallest units of the liability, at least 1; null where no amount does, as the collateral given up weighs as much
 * @throws MarginError missing-key, type, inexact, range where the fee takes all that is freed
 * @see protocol-v2 programs/drift/src/math/liquidation.rs calculate_liability_transfer_to_cover_margin_shortage
 * @example
 * liabilityToCover({ marginShortage: 10_000_000, assetWeight: 8_000, assetMultiplier: 1_000_000, liabilityWeight: 12_000,
 *   liabilityMultiplier: 1_000_000, liabilityDecimals: 9, liabilityPrice: 100_000_000, ifLiquidationFee: 10_000 })
 *   // 257_731_958n
 */
export function liabilityToCover(
  state: Omit<TokenPair, 'assetDecimals' | 'assetPrice'> & {
    marginShortage: Integer;
    assetWeight: Integer;
    liabilityWeight: Integer;
    ifLiquidationFee: Integer;
  },
): bigint | null {
  const row = new Row(state, '', undefined, 'state');
  const shortage = row.integer('marginShortage');
  const assetWeight = row.integer('assetWeight');
  const liabilityWeight = row.integer('liabilityWeight');
  const assetMultiplier = row.integer('assetMultiplier');
  const liabilityMultiplier = row.integer('liabilityMultiplier');
  const price = row.integer('liabilityPrice');
  const fee = (price * row.integer('ifLiquidationFee')) / PRICE_PRECISION;
  const decimals = row.decimals('liabilityDecimals');
  if (assetWeight >= liabilityWeight) return null;
  const per = positive(liabilityMultiplier, row.at('liabilityMultiplier'));
  const given = (assetWeight * WEIGHT_DIGIT * assetMultiplier) / per;
  const repaid = liabilityWeight * WEIGHT_DIGIT;
  if (given >= repaid) return null;
  const freed = divisor(
    price * (repaid - given) - fee * repaid,
    row.at('ifLiquidationFee'),
    'a fee below what is freed',
  );
  const scale = PRICE_PRECISION * MARGIN_PRECISION * WEIGHT_DIGIT;
  const exact = rescaled(shortage, USD_DECIMALS, Math.max(decimals, USD_DECIMALS)) * scale;
  return larger(1n, rescaled(exact / freed, Math.max(decimals, USD_DECIMALS), decimals));
}

function readPair(pair: TokenPair): { row: Row; asset: bigint; liability: bigint; decimals: [number, number] } {
  const row = new Row(pair, '', undefined, 'pair');
  // Worth of a unit in the exchange: each price over its own multiplier.
  return {
    row,
    asset: row.integer('assetPrice') * row.integer('liabilityMultiplier'),
    liability: row.integer('liabilityPrice') * row.integer('assetMultiplier'),
    decimals: [row.decimals('assetDecimals'), row.decimals('liabilityDecimals')],
  };
}

/**
 * Liability that a liquidator repays for an amount of collateral.
 * @param assetAmount - smallest units of the collateral
 * @param pair - prices, multipliers and decimals of the two tokens
 * @returns smallest units of the liability, rounded up
 * @throws MarginError missing-key, type, inexact, range where the liability has no price
 * @see protocol-v2 programs/drift/src/math/liquidation.rs calculate_liability_transfer_implied_by_asset_amount
 * @example
 * liabilityForAsset(10_000_000, { assetMultiplier: 1_000_000, assetDecimals: 6, assetPrice: 1_000_000,
 *   liabilityMultiplier: 1_000_000, liabilityDecimals: 9, liabilityPrice: 100_000_000 }) // 100_000_000n
 */
export function liabilityForAsset(assetAmount: Integer, pair: TokenPair): bigint {
  const amount = new Row({ assetAmount }, '').integer('assetAmount');
  const { row, asset, liability, decimals } = readPair(pair);
  const [from, to] = decimals;
  const worth = rescaled(amount, from, Math.max(from, to)) * asset;
  const rounded = ceilDiv(worth, divisor(liability, row.at('liabilityPrice'), '> 0, as its multiplier'));
  return ceilDiv(rounded, rescaled(1n, 0, Math.max(from - to, 0)));
}

/**
 * Collateral that a liquidator gets for repaying an amount of the liability; all of it where less than 1 USD would be left.
 * @param liabilityAmount - smallest units of the liability
 * @param assetBalance - smallest units of the collateral that the account has
 * @param pair - prices, multipliers and decimals of the two tokens
 * @returns smallest units of the collateral, at least 1 where something is left; not capped by the balance
 * @throws MarginError missing-key, type, inexact, range where the collateral has no price
 * @see protocol-v2 programs/drift/src/math/liquidation.rs calculate_asset_transfer_for_liability_transfer
 * @example
 * assetForLiability(1_000_000_000, 200_000_000, { assetMultiplier: 1_010_000, assetDecimals: 6, assetPrice: 1_000_000,
 *   liabilityMultiplier: 990_000, liabilityDecimals: 9, liabilityPrice: 100_000_000 }) // 102_020_202n
 */
export function assetForLiability(liabilityAmount: Integer, assetBalance: Integer, pair: TokenPair): bigint {
  const amounts = new Row({ liabilityAmount, assetBalance }, '');
  const amount = amounts.integer('liabilityAmount');
  const balance = amounts.integer('assetBalance');
  const { row, asset, liability, decimals } = readPair(pair);
  const [to, from] = decimals;
  const worth = rescaled(amount, from, Math.max(from, to)) * liability;
  const exact = worth / divisor(asset, row.at('assetPrice'), '> 0, as its multiplier');
  const transfer = larger(1n, rescaled(exact, Math.max(from, to), to));
  // The programme scales the rest by its decimals the wrong way round: it looks larger with more than six, smaller with fewer.
  const rest = (magnitude(transfer - balance) * row.integer('assetPrice')) / PRICE_PRECISION;
  return rescaled(rest, USD_DECIMALS, to) < SMALL_BALANCE ? balance : transfer;
}
