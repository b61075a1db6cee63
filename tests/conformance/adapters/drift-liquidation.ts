// Drift v2: liquidations, fees, spread losses and withdrawals, decimals of the cases as integers of the programme.
import type { Decimal } from 'margin-kernel';
import { decimal, scaled } from 'margin-kernel/venues/decimal';
import * as drift from 'margin-kernel/venues/drift';
import type { Integer } from 'margin-kernel/venues/integer';
import * as waterfall from 'margin-kernel/waterfall';
import { type Adapters, adapter, answers } from './adapter.js';

/** Every decimal of a list of keys as an integer with that many digits. */
function units<K extends string>(inputs: { [k in K]: Decimal }, digits: number, keys: readonly K[]): Record<K, bigint> {
  return Object.fromEntries(keys.map((key) => [key, scaled(inputs[key], digits, key)])) as Record<K, bigint>;
}

/** An amount and its decimal; null where there is no bound. */
const amounts = (name: string, atoms: bigint | null, digits: number): Record<string, bigint | string | null> => {
  return { [`${name}Atoms`]: atoms, [name]: atoms === null ? null : decimal(atoms, digits) };
};

interface Pair {
  assetMultiplier: Decimal;
  assetDecimals: number;
  assetPrice: Decimal;
  liabilityMultiplier: Decimal;
  liabilityDecimals: number;
  liabilityPrice: Decimal;
}

const pairOf = (inputs: Pair): drift.TokenPair => {
  const { assetDecimals, liabilityDecimals } = inputs;
  const keys = ['assetMultiplier', 'assetPrice', 'liabilityMultiplier', 'liabilityPrice'] as const;
  return { assetDecimals, liabilityDecimals, ...units(inputs, 6, keys) };
};

interface Token {
  asset: string;
  amount: Decimal;
  price: Decimal;
  assetWeight: Decimal;
  liabWeight: Decimal;
  decimals: number;
}

const tokenOf = ({ asset, amount, price, decimals, ...weights }: Token): drift.WithdrawalToken => ({
  name: asset,
  amount: scaled(amount, decimals),
  decimals,
  price: scaled(price, 6),
  assetWeight: scaled(weights.assetWeight, 4),
  liabilityWeight: scaled(weights.liabWeight, 4),
});

interface MaxPct {
  marginShortageUsd: Decimal;
  liquidationMarginFreedUsd: Decimal;
  slotsElapsed: Integer;
  initialPct: Decimal;
  durationSlots: Integer;
}
interface BaseToCover {
  marginShortageUsd: Decimal;
  marginRatio: Decimal;
  liquidationFee: Decimal;
  ifLiquidationFee: Decimal;
  oraclePrice: Decimal;
  quoteOraclePrice: Decimal;
  baseDecimals: number;
}
interface LiabilityToCover extends Pair {
  marginShortageUsd: Decimal;
  assetWeight: Decimal;
  liabilityWeight: Decimal;
  ifLiquidationFee: Decimal;
}
interface PerpInsurance {
  marginShortageUsd: Decimal;
  base: Decimal;
  marginRatio: Decimal;
  liquidatorFee: Decimal;
  oraclePrice: Decimal;
  quotePrice: Decimal;
  maxIfFee: Decimal;
}
interface SpotInsurance {
  marginShortageUsd: Decimal;
  tokenAmount: Decimal;
  assetWeight: Decimal;
  assetMultiplier: Decimal;
  liabilityWeight: Decimal;
  liabilityMultiplier: Decimal;
  price: Decimal;
  maxIfFee: Decimal;
  liabilityDecimals: number;
}

export const driftV2: Adapters = {
  'partialLiquidation/maxPct': adapter<MaxPct>(({ slotsElapsed, durationSlots, ...inputs }) => {
    const pct = drift.maxPctToLiquidate({
      marginShortage: scaled(inputs.marginShortageUsd, 6),
      liquidationMarginFreed: scaled(inputs.liquidationMarginFreedUsd, 6),
      initialPct: scaled(inputs.initialPct, 4),
      slotsElapsed,
      durationSlots,
    });
    return { pct: decimal(pct, 4) };
  }),
  'partialLiquidation/baseToCover': adapter<BaseToCover>((inputs) => {
    const base = drift.baseToCover({
      ...units(inputs, 6, ['marginRatio', 'liquidationFee', 'ifLiquidationFee', 'oraclePrice']),
      marginShortage: scaled(inputs.marginShortageUsd, 6),
      quotePrice: scaled(inputs.quoteOraclePrice, 6),
    });
    return amounts('baseAmount', base, inputs.baseDecimals);
  }),
  'partialLiquidation/liabilityToCover': adapter<LiabilityToCover>((inputs) => {
    const { liabilityDecimals } = inputs;
    const liability = drift.liabilityToCover({
      ...units(inputs, 6, ['assetMultiplier', 'liabilityMultiplier', 'liabilityPrice', 'ifLiquidationFee']),
      ...units(inputs, 4, ['assetWeight', 'liabilityWeight']),
      marginShortage: scaled(inputs.marginShortageUsd, 6),
      liabilityDecimals,
    });
    return amounts('liabilityTransfer', liability, liabilityDecimals);
  }),
  'partialLiquidation/assetFromLiability': adapter<Pair & { assetAtoms: Integer; liabilityAtoms: Integer }>(
    (inputs) => ({
      assetTransferAtoms: drift.assetForLiability(inputs.liabilityAtoms, inputs.assetAtoms, pairOf(inputs)),
    }),
  ),
  'partialLiquidation/liabilityFromAsset': adapter<Pair & { assetAmount: Decimal }>((inputs) => {
    const atoms = scaled(inputs.assetAmount, inputs.assetDecimals, 'assetAmount');
    return { liabilityTransferAtoms: drift.liabilityForAsset(atoms, pairOf(inputs)) };
  }),
  'liquidationFee/ramp': adapter<{ baseFee: Decimal; maxFee: Decimal; slotsElapsed: Integer }>((inputs) => {
    const fee = drift.liquidationFee(units(inputs, 6, ['baseFee', 'maxFee']), inputs.slotsElapsed);
    return { fee: decimal(fee, 6) };
  }),
  'liquidationFee/perpInsurance': adapter<PerpInsurance>((inputs) => {
    const keys = ['marginRatio', 'liquidatorFee', 'oraclePrice', 'quotePrice', 'maxIfFee'] as const;
    const fee = drift.perpInsuranceFee({
      ...units(inputs, 6, keys),
      marginShortage: scaled(inputs.marginShortageUsd, 6),
      base: scaled(inputs.base, 9),
    });
    return { ifFee: decimal(fee, 6) };
  }),
  'liquidationFee/spotInsurance': adapter<SpotInsurance>((inputs) => {
    const { liabilityDecimals } = inputs;
    const weights = ['assetWeight', 'assetMultiplier', 'liabilityWeight', 'liabilityMultiplier'] as const;
    const fee = drift.spotInsuranceFee({
      ...units(inputs, 6, [...weights, 'price', 'maxIfFee']),
      marginShortage: scaled(inputs.marginShortageUsd, 6),
      tokenAmount: scaled(inputs.tokenAmount, liabilityDecimals, 'tokenAmount'),
      liabilityDecimals,
    });
    return { ifFee: decimal(fee, 6) };
  }),
  'deleveraging/fundingSocialisation': adapter<{ lossUsd: Decimal; baseLong: Decimal; baseShort: Decimal }>(
    (inputs) => ({
      cumulativeFundingRateDelta: drift.socialisedFunding({
        loss: scaled(inputs.lossUsd, 6),
        ...units(inputs, 9, ['baseLong', 'baseShort']),
      }),
    }),
  ),
  'deleveraging/depositInterest': adapter<{
    borrowUsd: Decimal;
    totalDepositsUsd: Decimal;
    cumulativeDepositInterest: Integer;
  }>(({ borrowUsd, totalDepositsUsd, cumulativeDepositInterest }) => ({
    cumulativeDepositInterestDelta: drift.socialisedDepositInterest({
      borrow: scaled(borrowUsd, 6),
      totalDeposits: scaled(totalDepositsUsd, 6),
      cumulativeDepositInterest,
    }),
  })),
  maxWithdraw: adapter<{ collateral: Token[]; withdraw: string }>(({ collateral, withdraw }) => {
    const atoms = drift.maxWithdrawable(collateral.map(tokenOf), withdraw);
    const { decimals } = collateral.find(({ asset }) => asset === withdraw)!;
    return amounts('amount', atoms, decimals);
  }),
};

interface Unstakes {
  shares: Integer;
  withdrawValue: Integer;
  cases: { total: Integer; balance: Integer }[];
}
interface PerpBankruptcy {
  loss: Integer;
  baseLong: Integer;
  baseShort: Integer;
  insuranceVault: Integer;
  insuranceAllowed: Integer;
  feePool: Integer | Integer[];
}

/** Integers of the programme as they are. */
export const losses: Adapters = {
  'if.staking/rebase': adapter<{ totalSharesVault: [Integer, Integer][] }>(({ totalSharesVault }) => ({
    expoDivisor: totalSharesVault.map(([shares, balance]) => {
      const { exponent, divisor } = waterfall.rebaseOf({ shares, balance, base: 0 });
      return [exponent, divisor];
    }),
  })),
  'if.staking/unstake': adapter<Unstakes>(({ shares, withdrawValue: value, cases }) => ({
    lost: cases.map(({ total, balance }) =>
      waterfall.sharesLost({ shares: total, balance, base: 0 }, { shares, value, base: 0 }),
    ),
  })),
  'loss.depositIndex': adapter<{ borrow: Integer; deposits: Integer; index: Integer }>((inputs) => ({
    ...drift.resolveSpotBankruptcy({ ...inputs, insuranceVault: 0, insuranceAllowed: 0 }),
  })),
  'waterfall.layers': adapter<PerpBankruptcy>((inputs) =>
    answers(inputs.feePool, (feePool) => {
      const { longLoss, shortLoss, ...layers } = drift.resolvePerpBankruptcy({ ...inputs, feePool });
      return { ...layers, perSideLoss: longLoss === shortLoss ? longLoss : [longLoss, shortLoss] };
    }),
  ),
};
