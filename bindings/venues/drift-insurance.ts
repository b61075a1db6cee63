// Drift v2: what a liquidation pays to the liquidator and to the insurance fund, and what a bankruptcy takes from everybody
// else, in the programme's integers: USD, prices, fees and multipliers 1e-6, base 1e-9.
// Source: protocol-v2 programs/drift/src/math/liquidation.rs. Divisions round toward zero unless said otherwise.
import { MarginError } from '../errors.js';
import { BASE_PRECISION, PRICE_PRECISION } from './drift-rules.js';
import { ceilDiv, type Integer, larger, magnitude, positive, smaller } from './integer.js';
import { ramped } from './liquidation.js';
import { Row } from './rows.js';

/** Slots without activity after which the liquidator's fee climbs, by 1e-6 a slot. */
const GRACE_SLOTS = 1_500n;
const FEE_PER_SLOT = 1n;
/** The fund takes 19/20 of what the liquidator leaves, so that its fee does not make a shortage of its own. */
const FUND_SHARE = 19n;
const FUND_SHARE_OF = 20n;
/** A cumulative funding rate has 1e-9 USD for each base. */
const FUNDING_PER_USD = 1_000n;

/**
 * Liquidator's fee: the market's own, and after 1,500 slots without activity a millionth more for each slot, all of them
 * counted.
 * @param fee - baseFee and maxFee, 1e-6
 * @param slotsElapsed - since the account was last active
 * @returns 1e-6
 * @throws MarginError missing-key, type, inexact
 * @see protocol-v2 programs/drift/src/math/liquidation.rs get_liquidation_fee
 * @example
 * liquidationFee({ baseFee: 20_000, maxFee: 50_000 }, 100_000) // 50_000n
 */
export function liquidationFee(fee: { baseFee: Integer; maxFee: Integer }, slotsElapsed: Integer): bigint {
  const row = new Row(fee, '', undefined, 'fee');
  const [least, most] = [row.integer('baseFee'), row.integer('maxFee')];
  return ramped({ least, most, step: FEE_PER_SLOT, grace: GRACE_SLOTS }, slotsElapsed);
}

/**
 * Fee of a perp liquidation for the insurance fund: what margin ratio, liquidator and shortage leave, up to the market's.
 * @param position - marginShortage (1e-6 USD), base (1e-9, either sign), marginRatio, liquidatorFee and maxIfFee (1e-6), prices
 *   of the base and of the quote token (1e-6 USD)
 * @returns 1e-6 of the value liquidated; 0 where nothing is left, and without a price or a size
 * @throws MarginError missing-key, type, inexact
 * @see protocol-v2 programs/drift/src/math/liquidation.rs calculate_perp_if_fee
 * @example
 * perpInsuranceFee({ marginShortage: 1_000_000, base: 10_000_000_000, marginRatio: 50_000, liquidatorFee: 10_000,
 *   oraclePrice: 100_000_000, quotePrice: 1_000_000, maxIfFee: 50_000 }) // 37_050n
 */
export function perpInsuranceFee(position: {
  marginShortage: Integer;
  base: Integer;
  marginRatio: Integer;
  liquidatorFee: Integer;
  oraclePrice: Integer;
  quotePrice: Integer;
  maxIfFee: Integer;
}): bigint {
  const row = new Row(position, '', undefined, 'position');
  const shortage = row.integer('marginShortage');
  const base = magnitude(row.integer('base'));
  const kept = row.integer('marginRatio') - row.integer('liquidatorFee');
  const price = (row.integer('oraclePrice') * row.integer('quotePrice')) / PRICE_PRECISION;
  const most = row.integer('maxIfFee');
  if (price === 0n || kept <= 0n || base === 0n) return 0n;
  const short = (((shortage * BASE_PRECISION) / base) * PRICE_PRECISION) / price;
  return smaller(most, (larger(0n, kept - short) * FUND_SHARE) / FUND_SHARE_OF);
}

/**
 * Fee of a spot liquidation for the insurance fund: what weights, liquidator and shortage leave, up to the market's.
 * @param state - marginShortage (1e-6 USD), tokenAmount (smallest units of the liability, either sign), weights, multipliers,
 *   price and maxIfFee (all 1e-6), decimals of the liability's mint
 * @returns 1e-6 of the value liquidated; 0 where nothing is left, and without a price or an amount
 * @throws MarginError missing-key, type, inexact, range
 * @see protocol-v2 programs/drift/src/math/liquidation.rs calculate_spot_if_fee
 * @example
 * spotInsuranceFee({ marginShortage: 5_000_000, tokenAmount: 1_000_000_000, assetWeight: 1_000_000, assetMultiplier: 1_010_000,
 *   liabilityWeight: 1_100_000, liabilityMultiplier: 1_000_000, price: 100_000_000, maxIfFee: 50_000, liabilityDecimals: 9 })
 *   // 36_363n
 */
export function spotInsuranceFee(state: {
  marginShortage: Integer;
  tokenAmount: Integer;
  assetWeight: Integer;
  assetMultiplier: Integer;
  liabilityWeight: Integer;
  liabilityMultiplier: Integer;
  price: Integer;
  maxIfFee: Integer;
  liabilityDecimals: number;
}): bigint {
  const row = new Row(state, '', undefined, 'state');
  const shortage = row.integer('marginShortage');
  const amount = magnitude(row.integer('tokenAmount'));
  const assetWeight = row.integer('assetWeight');
  const assetMultiplier = row.integer('assetMultiplier');
  const liabilityWeight = row.integer('liabilityWeight');
  const liabilityMultiplier = row.integer('liabilityMultiplier');
  const price = row.integer('price');
  const most = row.integer('maxIfFee');
  const unit = 10n ** BigInt(row.decimals('liabilityDecimals'));
  if (assetWeight >= liabilityWeight || price === 0n || amount === 0n || liabilityMultiplier === 0n) return 0n;
  const short = (shortage * PRICE_PRECISION * unit) / amount / price;
  const kept = larger(0n, liabilityWeight - (assetWeight * assetMultiplier) / liabilityMultiplier);
  const share = (larger(0n, kept - short) * PRICE_PRECISION) / positive(liabilityWeight, row.at('liabilityWeight'));
  return smaller(most, share);
}

function loss(value: bigint, path: string): bigint {
  if (value >= 0n) return value;
  throw new MarginError('range', { path, got: value, expected: '>= 0' });
}

/**
 * What a perp bankruptcy moves the cumulative funding rates by, so that all open base pays it: longs' rises, shorts' falls.
 * @param bankruptcy - loss (1e-6 USD) and the open base of both sides (1e-9, either sign)
 * @returns 1e-9 USD for each base, a multiple of 1,000, rounded up: it never brings in less than the loss
 * @throws MarginError missing-key, type, inexact, range where the loss is negative or nobody has a position
 * @see protocol-v2 programs/drift/src/math/liquidation.rs calculate_funding_rate_deltas_to_resolve_bankruptcy
 * @example
 * socialisedFunding({ loss: 100_000_000, baseLong: 7_000_000_000, baseShort: -4_000_000_000 }) // 9_090_910_000n
 */
export function socialisedFunding(bankruptcy: { loss: Integer; baseLong: Integer; baseShort: Integer }): bigint {
  const row = new Row(bankruptcy, '', undefined, 'bankruptcy');
  const lost = loss(row.integer('loss'), row.at('loss'));
  const base = positive(magnitude(row.integer('baseLong')) + magnitude(row.integer('baseShort')), row.at('baseLong'));
  return ceilDiv(lost * BASE_PRECISION, base) * FUNDING_PER_USD;
}

/**
 * What a spot bankruptcy takes from the cumulative deposit interest, so that all depositors pay it.
 * @param bankruptcy - borrow that nobody repays and all deposits (one unit), cumulativeDepositInterest (1e-10)
 * @returns 1e-10, to be subtracted; rounded up: it never brings in less than the borrow
 * @throws MarginError missing-key, type, inexact, range where the borrow is negative or nobody has a deposit
 * @see protocol-v2 programs/drift/src/math/liquidation.rs
 *   calculate_cumulative_deposit_interest_delta_to_resolve_bankruptcy
 * @example
 * socialisedDepositInterest({ borrow: 11, totalDeposits: 120, cumulativeDepositInterest: 10_000_000_000 }) // 916_666_667n
 */
export function socialisedDepositInterest(bankruptcy: {
  borrow: Integer;
  totalDeposits: Integer;
  cumulativeDepositInterest: Integer;
}): bigint {
  const row = new Row(bankruptcy, '', undefined, 'bankruptcy');
  const lost = loss(row.integer('borrow'), row.at('borrow'));
  const deposits = positive(row.integer('totalDeposits'), row.at('totalDeposits'));
  return ceilDiv(row.integer('cumulativeDepositInterest') * lost, deposits);
}
