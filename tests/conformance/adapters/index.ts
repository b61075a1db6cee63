// Which adapter answers for which system; everything else is skipped as unsupported.
import * as aave from './aave.js';
import type { Adapter, Adapters } from './adapter.js';
import * as adlPaper from './adl-paper.js';
import * as binance from './binance.js';
import * as bitmex from './bitmex.js';
import * as breakers from './breakers.js';
import * as bybit from './bybit.js';
import * as ccp from './ccp.js';
import * as cex from './cex.js';
import * as derive from './derive.js';
import * as deriveAuction from './derive-auction.js';
import * as derivePortfolio from './derive-portfolio.js';
import { driftV2 } from './drift.js';
import * as driftLiquidation from './drift-liquidation.js';
import { abacus, dydxV4 } from './dydx.js';
import * as dydxLiquidation from './dydx-liquidation.js';
import * as euler from './euler.js';
import * as gate from './gate.js';
import * as gmx from './gmx.js';
import * as hyperliquid from './hyperliquid.js';
import * as liquity from './liquity.js';
import * as maker from './maker.js';
import * as mango from './mango.js';
import * as mangoLiquidation from './mango-liquidation.js';
import * as metaflux from './metaflux.js';
import * as numeric from './numeric.js';
import * as options from './options.js';
import * as orderly from './orderly.js';
import * as paradex from './paradex.js';
import * as percolator from './percolator.js';
import * as scenarioVenues from './scenario-venues.js';
import * as simm from './simm.js';
import * as umbrella from './umbrella.js';
import * as varAnalytic from './var-analytic.js';
import * as varBacktests from './var-backtests.js';
import * as varEstimation from './var-estimation.js';
import * as varProcyclicality from './var-procyclicality.js';
import * as varRandom from './var-random.js';
import * as varSamples from './var-samples.js';
import * as vega from './vega.js';

const systems: Readonly<Record<string, Adapters>> = {
  'ADL paper (arXiv 2512.01112)': adlPaper.paper,
  'ADL online-learning post (arXiv 2602.15182)': adlPaper.post,
  'Aave v3.3+': aave.pool,
  'GarudaX clearing engine (CCP)': ccp.garudax,
  Binance: binance.queue,
  BitMEX: bitmex.queue,
  'Hyperliquid (contract-space queue)': hyperliquid.queue,
  'Euler v2': euler.vaults,
  'Maker abaci': maker.abaci,
  'Maker clip': maker.clip,
  'Maker dog': maker.dog,
  'Maker flip': maker.flip,
  'Maker flop': maker.flop,
  MetaFlux: metaflux.tiers,
  'Nasdaq Clearing': ccp.nasdaq,
  'Haug/QuantLib': options.haug,
  'lyra-utils Black76': options.lyra,
  'Aave Umbrella': umbrella.reserves,
  'Drift v2': driftLiquidation.losses,
  'Liquity v1': liquity.v1,
  'Mango v4': mangoLiquidation.losses,
  Percolator: percolator.engine,
  'Aave risk steward': breakers.riskSteward,
  CME: breakers.cme,
  'Cartesi dex-sim': breakers.dexSim,
  EMIR: varProcyclicality.emir,
  'Derive v2': { ...derive.cash, ...deriveAuction.auctions, ...breakers.deriveV2 },
  'GMX v2': breakers.gmxV2,
  'Maker ClipperMom': breakers.clipperMom,
  OKX: breakers.okx,
  'ORE / ISDA SIMM 2.6': simm.ore,
  'US LULD': breakers.luld,
  Vega: vega.network,
  'binance-coinm': binance.coinm,
  'binance-usdm': binance.usdm,
  'binance-usdm tiers': binance.usdmTiers,
  Bybit: { ...bybit.defaults, ...breakers.bybit },
  'bit.com-um': cex.bitcom,
  'bybit-inverse': bybit.inverse,
  'bybit-usdt': bybit.linear,
  'cex-docs': cex.docs,
  'CME SPAN': scenarioVenues.span,
  'Dederi PM': scenarioVenues.dederi,
  'Deribit PM': scenarioVenues.deribit,
  'OKX PM': scenarioVenues.okx,
  'Paradex PM': scenarioVenues.paradex,
  'PowerTrade PM': scenarioVenues.powertrade,
  'Derive PMRM v1': derivePortfolio.pmrm1,
  'Derive PMRM_2': derivePortfolio.pmrm2,
  'Derive SRM': derivePortfolio.srm,
  'derive-srm': { ...derive.standard, ...derivePortfolio.standard },
  'drift-v2': { ...driftV2, ...driftLiquidation.driftV2 },
  'dYdX v4': { ...dydxLiquidation.dydxWaterfall, ...breakers.dydxV4 },
  'dydx-abacus': abacus,
  'dydx-v4': { ...dydxV4, ...dydxLiquidation.dydxV4 },
  'gate-unified': gate.unified,
  'gate/okx-usdt': gate.linear,
  'gmx-v1': gmx.v1,
  hyperliquid: hyperliquid.tiers,
  'inverse-docs': cex.inverse,
  'mango-v4': { ...mango.health, ...mangoLiquidation.mangoV4 },
  misc: cex.misc,
  mpmath: { ...numeric.functions, ...options.mpmath },
  QuantLib: { ...numeric.student, ...varEstimation.quantLib },
  scipy: { ...numeric.student, ...varRandom.scipy },
  orderly: orderly.rates,
  paradex: paradex.cross,
  vega: vega.positions,
  'OpenGamma Strata': varSamples.strata,
  Hull: { ...varSamples.hull, ...varAnalytic.hull },
  ORE: { ...varSamples.ore, ...varAnalytic.ore },
  comparison: varSamples.comparison,
  PerformanceAnalytics: varAnalytic.performanceAnalytics,
  BionicTurtle: varAnalytic.bionicTurtle,
  'EVT paper': varAnalytic.evtPaper,
  LVaR: varAnalytic.lvar,
  'Acerbi-Szekely': varBacktests.es,
  BCBS: varBacktests.counts,
  'Basel generalised': varBacktests.counts,
  Jorion: { ...varAnalytic.jorion, ...varBacktests.counts },
  'Kupiec/Jorion': varBacktests.counts,
  'MATLAB varbacktest': varBacktests.counts,
  'ORE / ISDA': varBacktests.stoplight,
  q4quant: varBacktests.counts,
  numpy: { ...varSamples.numpy, ...varEstimation.numpy },
  formula: { ...varSamples.formula, ...varAnalytic.formula, ...varBacktests.counts, ...varEstimation.formula },
  Random123: varRandom.random123,
  RiskMetrics: varEstimation.riskMetrics,
  'scikit-learn': varEstimation.scikitLearn,
  rugarch: varEstimation.rugarch,
};

/** The adapter of a system, kind and mode; undefined where there is none. */
export function adapterOf(system: string, kind: string, mode: string | undefined): Adapter | undefined {
  const adapters = Object.hasOwn(systems, system) ? systems[system] : undefined;
  const name = mode === undefined ? kind : `${kind}/${mode}`;
  return adapters && Object.hasOwn(adapters, name) ? adapters[name] : undefined;
}
