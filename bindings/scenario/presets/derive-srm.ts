// Derive's standard risk manager (SRM): perpetuals and options by rates of the spot, short options by the milder of their own rule
// and the largest loss at settlement. Source: derivexyz/v2-core @7736900d StandardManager.sol; figures of scripts/config-mainnet.sol.
// What base assets count for is their asset weight (`srmBaseWeight`).
import type { ModelJSON } from '../types.js';
import { checked, fields, HEAD, like, text } from './options.js';

/** Parameters by the manager's own names, in short. */
export interface SrmParameters {
  /** Rates of a perpetual's value, by level. */
  perp: { mm: number; im: number };
  /** Rates of short options, shares of the spot unless said otherwise, by the contract's names. */
  opt: {
    maxSpotReq: number;
    minSpotReq: number;
    mmCallSpotReq: number;
    mmPutSpotReq: number;
    MMPutMtMReq: number;
    unpairedIMScale: number;
    unpairedMMScale: number;
    mmOffsetScale: number;
  };
  /** Oracle contingency: confidences below which it counts, 0: never; and its factor. */
  oc: { perpThreshold: number; optionThreshold: number; baseThreshold: number; OCFactor: number };
  /** What a base asset counts for, and that times this for initial margin. */
  base: { marginFactor: number; IMScale: number };
  /** Price of a dollar of the cash below which initial margin grows, and the factor of what is missing. */
  depeg: { threshold: number; factor: number };
}

export const srmParameters: SrmParameters = {
  perp: { mm: 0.065, im: 0.1 },
  opt: {
    maxSpotReq: 0.15,
    minSpotReq: 0.13,
    mmCallSpotReq: 0.09,
    mmPutSpotReq: 0.09,
    MMPutMtMReq: 0.09,
    unpairedIMScale: 1.2,
    unpairedMMScale: 1.1,
    mmOffsetScale: 1.05,
  },
  oc: { perpThreshold: 0.55, optionThreshold: 0.55, baseThreshold: 0.55, OCFactor: 1 },
  base: { marginFactor: 0.8, IMScale: 0.9375 },
  depeg: { threshold: 0.99, factor: 2 },
};

/** What `presets.deriveSrm` takes. */
export interface SrmOptions {
  /** Name of the model; default `derive-srm`. */
  id?: string;
  /** Asset that margin is paid in. */
  cash: string;
  /** Asset whose price is that of a dollar of the cash. */
  stable: string;
  /** Of the manager; default those of its repository. */
  parameters?: SrmParameters;
}

/** Weights of a base asset as collateral: initial and maintenance. */
export const srmBaseWeight = ({ base }: SrmParameters): { initial: number; maintenance: number } => ({
  initial: base.marginFactor * base.IMScale,
  maintenance: base.marginFactor,
});

const OPTIONS = fields<SrmOptions>({ ...HEAD, stable: text, parameters: like(srmParameters) }, ['cash', 'stable']);

/**
 * The model of SRM: no scenarios, rules alone.
 * @example
 * const model = presets.deriveSrm({ cash: 'USDC', stable: 'USDC/USD' });
 */
export function deriveSrm(options: SrmOptions): ModelJSON {
  const { id = 'derive-srm', cash, stable, parameters = srmParameters } = checked(options, OPTIONS);
  const { perp, opt, oc, depeg } = parameters;
  const initialOnly = { initial: 1, maintenance: 0 };
  const confidence = (threshold: number): { threshold: number; factor: number } => ({ threshold, factor: oc.OCFactor });
  const weighs = srmBaseWeight(parameters).initial !== 0;
  // No factor but what the lost peg gives.
  const depegged = {
    factor: 0,
    peg: { asset: stable, threshold: depeg.threshold, factor: { initial: depeg.factor, maintenance: 0 } },
  };
  return {
    id,
    title: 'Derive SRM',
    version: 'v2-core 7736900d',
    asOf: '2026-11-21',
    source: 'https://github.com/derivexyz/v2-core src/risk-managers/StandardManager.sol',
    cash,
    requirement: {
      sum: [
        { id: 'perpetuals', gross: 'linear', at: 'value', factor: { initial: perp.im, maintenance: perp.mm } },
        {
          id: 'options',
          options: {
            maxSpot: opt.maxSpotReq,
            minSpot: opt.minSpotReq,
            callMaintenance: opt.mmCallSpotReq,
            putMaintenance: opt.mmPutSpotReq,
            putValue: opt.MMPutMtMReq,
            putInitialFactor: opt.mmOffsetScale,
            unpaired: { initial: opt.unpairedIMScale, maintenance: opt.unpairedMMScale },
          },
        },
        {
          id: 'confidence of perpetuals',
          gross: 'linear',
          confidence: confidence(oc.perpThreshold),
          factor: initialOnly,
        },
        {
          id: 'confidence of options',
          short: 'options',
          confidence: confidence(oc.optionThreshold),
          factor: initialOnly,
        },
        ...(weighs
          ? [
              {
                id: 'confidence of base',
                gross: 'collateral' as const,
                confidence: confidence(oc.baseThreshold),
                factor: initialOnly,
              },
            ]
          : []),
        { id: 'depeg of perpetuals', gross: 'linear', ...depegged },
        { id: 'depeg of options', short: 'options', ...depegged },
      ],
    },
  };
}
