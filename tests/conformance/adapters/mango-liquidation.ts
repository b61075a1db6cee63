// Mango v4: liquidations and withdrawals of accounts that the cases describe by two or three numbers.
import type { Decimal } from 'margin-kernel';
import { negate, product, sum } from 'margin-kernel/venues/decimal';
import type { Integer } from 'margin-kernel/venues/integer';
import * as mango from 'margin-kernel/venues/mango';
import { type Adapters, type Answer, adapter, fractionText } from './adapter.js';

/** Everything else of an account, as a token that weighs 1. */
const rest = (health: Decimal): mango.Token => {
  return { name: 'REST', balance: health, price: 1, initAssetWeight: 1, initLiabWeight: 1 };
};

interface Swap {
  assetTokenInitWeights: [Decimal, Decimal];
  liabTokenInitWeights: [Decimal, Decimal];
  perpOverallAssetWeight: Decimal;
  prices: Decimal;
  fees: Decimal;
  assetToken: Decimal;
  assetPerpQuote: Decimal;
  liabToken: Decimal;
  liabPerpQuote: Decimal;
  otherTokenWeight1: Decimal;
  maxLiabTransfer: Decimal;
}

function swap(inputs: Swap): Answer {
  const { prices: price, fees: fee } = inputs;
  const token = (
    name: string,
    balance: Decimal,
    [initAssetWeight, initLiabWeight]: [Decimal, Decimal],
  ): mango.Token => {
    return { name, balance, price, initAssetWeight, initLiabWeight };
  };
  // A perp without base: its quote alone is the unsettled profit.
  const perp = (settle: string, quote: Decimal): mango.Perp => ({
    ...{ settle, quote, price: 1, baseLotSize: 1, quoteLotSize: 1, baseLots: 0, bidsLots: 0, asksLots: 0 },
    ...{ initBaseAssetWeight: 1, initBaseLiabWeight: 1, initOverallAssetWeight: inputs.perpOverallAssetWeight },
  });
  const state = {
    tokens: [
      token('ASSET', inputs.assetToken, inputs.assetTokenInitWeights),
      token('LIAB', inputs.liabToken, inputs.liabTokenInitWeights),
      rest(inputs.otherTokenWeight1),
    ],
    perps: [perp('ASSET', inputs.assetPerpQuote), perp('LIAB', inputs.liabPerpQuote)],
    spotOpenOrders: [],
  };
  const order = { asset: 'ASSET', liability: 'LIAB', maxLiability: inputs.maxLiabTransfer, fee };
  const { assetAfter, liabilityAfter } = mango.liquidateToken(state, order);
  return { assetEnd: assetAfter, liabEnd: liabilityAfter };
}

interface Guarded {
  asset: {
    balance: Decimal;
    oracle: Decimal;
    stable: Decimal;
    initWeight: Decimal;
    maintWeight: Decimal;
    depositScaleStart: Decimal | null;
    bankDeposits: Decimal;
  };
  liab: {
    balance: Decimal;
    oracle: Decimal;
    stable: Decimal;
    initLiabWeight: Decimal;
    maintLiabWeight: Decimal;
    borrowScaleStart: Decimal | null;
    bankBorrows: Decimal;
  };
  maxLiabTransfer: Decimal;
}

const healths = (state: mango.MangoAccount): Answer => {
  const { initial, maintenance, liquidationEnd } = mango.health(state);
  return { initHealth: initial, liqEndHealth: liquidationEnd, maintHealth: maintenance };
};

function guardedSwap({ asset, liab, maxLiabTransfer }: Guarded): Answer {
  const state: mango.MangoAccount = {
    tokens: [
      {
        ...{ name: 'ASSET', balance: asset.balance, price: asset.oracle, stablePrice: asset.stable },
        ...{ initAssetWeight: asset.initWeight, maintAssetWeight: asset.maintWeight, initLiabWeight: 1 },
        ...{ bankDeposits: asset.bankDeposits, depositScaleStart: asset.depositScaleStart },
      },
      {
        ...{ name: 'LIAB', balance: liab.balance, price: liab.oracle, stablePrice: liab.stable },
        ...{ initAssetWeight: 1, initLiabWeight: liab.initLiabWeight, maintLiabWeight: liab.maintLiabWeight },
        ...{ bankBorrows: liab.bankBorrows, borrowScaleStart: liab.borrowScaleStart },
      },
    ],
    perps: [],
    spotOpenOrders: [],
  };
  const order = { asset: 'ASSET', liability: 'LIAB', maxLiability: maxLiabTransfer };
  const { assetAfter, liabilityAfter } = mango.liquidateToken(state, order);
  return { ...healths(state), assetEnd: assetAfter, liabEnd: liabilityAfter };
}

interface PerpCase {
  baseInitAssetWeight: Decimal;
  baseInitLiabWeight: Decimal;
  baseMaintAssetWeight?: Decimal;
  overallAssetWeight: Decimal;
  positivePnlLiqFee: Decimal;
  oraclePrice: Decimal;
  stablePrice?: Decimal;
  lotSize: Integer;
  settleTokenBalance: Decimal;
  baseLots: Integer;
  quote: Decimal;
  otherTokenWeight1: Decimal;
  maxBase: Integer;
  maxPnl: Decimal;
}

function perp(inputs: PerpCase): Answer {
  const { maxBase, maxPnl, positivePnlLiqFee: positivePnlFee, baseMaintAssetWeight, stablePrice = null } = inputs;
  const settle = { ...rest(inputs.settleTokenBalance), name: 'SETTLE' };
  const state: mango.MangoAccount = {
    tokens: [settle, rest(inputs.otherTokenWeight1)],
    perps: [
      {
        ...{ settle: 'SETTLE', price: inputs.oraclePrice, stablePrice, baseLotSize: inputs.lotSize, quoteLotSize: 1 },
        ...{ baseLots: inputs.baseLots, quote: inputs.quote, bidsLots: 0, asksLots: 0 },
        ...{ initBaseAssetWeight: inputs.baseInitAssetWeight, initBaseLiabWeight: inputs.baseInitLiabWeight },
        ...(baseMaintAssetWeight === undefined ? {} : { maintBaseAssetWeight: baseMaintAssetWeight }),
        initOverallAssetWeight: inputs.overallAssetWeight,
      },
    ],
    spotOpenOrders: [],
  };
  const after = mango.liquidatePerp(state, 0, { maxBase, maxPnl, positivePnlFee });
  const { settleTokenAfter: settleTokenEnd, baseLotsAfter: baseLotsEnd, quoteAfter: quoteEnd } = after;
  return { ...healths(state), settleTokenEnd, baseLotsEnd, quoteEnd };
}

interface Withdrawal {
  price: Decimal;
  initAssetWeight: Decimal;
  initLiabWeight: Decimal;
  accountTokenBalance: Decimal;
  /** Of other accounts. */
  otherDeposits: Decimal;
  otherBorrows: Decimal;
  otherTokenHealth: Decimal;
  loanOriginationFee: Decimal;
  minVaultToDepositsRatio: Decimal;
  vault: Decimal;
  /** Native units; a bank has them in USD. */
  depositScaleStart: Decimal | null;
  borrowScaleStart: Decimal | null;
}

function withdrawal(inputs: Withdrawal): Answer {
  const { price, vault, loanOriginationFee: loanOriginationFeeRate, minVaultToDepositsRatio } = inputs;
  const usd = (start: Decimal | null): Decimal | null => (start === null ? null : product(start, price));
  const owes = Number(inputs.accountTokenBalance) < 0;
  const token: mango.Token = {
    ...{ name: 'TOKEN', balance: inputs.accountTokenBalance, price },
    ...{ initAssetWeight: inputs.initAssetWeight, initLiabWeight: inputs.initLiabWeight },
    // Of all accounts: a bank counts this one's balance on the side that it is on.
    bankDeposits: owes ? inputs.otherDeposits : sum(inputs.accountTokenBalance, inputs.otherDeposits),
    bankBorrows: owes ? sum(negate(inputs.accountTokenBalance), inputs.otherBorrows) : inputs.otherBorrows,
    depositScaleStart: usd(inputs.depositScaleStart),
    borrowScaleStart: usd(inputs.borrowScaleStart),
  };
  const state = { tokens: [token, rest(inputs.otherTokenHealth)], perps: [], spotOpenOrders: [] };
  const bank = { vault, loanOriginationFeeRate, minVaultToDepositsRatio };
  return { maxWithdraw: mango.maxWithdraw(state, 'TOKEN', bank) };
}

export const mangoV4: Adapters = {
  maxWithdraw: adapter<Withdrawal>(withdrawal),
  'partialLiquidation/tokenWithToken': adapter<Swap>(swap),
  'partialLiquidation/tokenStablePrice': adapter<Guarded>(guardedSwap),
  'partialLiquidation/perpBaseOrPnl': adapter<PerpCase>(perp),
  'partialLiquidation/perpStablePrice': adapter<PerpCase>(perp),
};

export const losses: Adapters = {
  'waterfall.layers': adapter<mango.NegativePnl>((inputs) => {
    const { liqorInsurance, ...exactly } = mango.liquidateNegativePnl(inputs);
    const texts = Object.entries(exactly).map(([key, value]) => [key, fractionText(value)]);
    return { ...Object.fromEntries(texts), liqorInsurance };
  }),
};
