// ISDA SIMM as Open Source Risk Engine computes it: interest-rate margin of one currency, both sides.
import type { Decimal } from 'margin-kernel';
import { sensitivityMargin } from 'margin-kernel/scenario';
import { type Adapters, adapter } from './adapter.js';

interface Rates {
  horizonDays: Decimal;
  irCurve?: [tenor: string, curve: string, amount: Decimal][];
  irVol?: [tenor: string, amount: Decimal][];
  params: {
    tenors: string[];
    riskWeights: Decimal[];
    tenorCorrelation: Decimal[][];
    subCurveCorrelation: Decimal;
    vegaRiskWeight: Decimal;
    hvr: Decimal;
    concentrationThresholdDelta?: Decimal | null;
    concentrationThresholdVega?: Decimal | null;
  };
}

export const ore: Adapters = {
  'simm-ir': adapter<Rates>(({ horizonDays, irCurve = [], irVol = [], params }) => {
    const { tenors, tenorCorrelation, subCurveCorrelation, vegaRiskWeight, hvr, riskWeights } = params;
    const concentration = {
      delta: params.concentrationThresholdDelta ?? null,
      vega: params.concentrationThresholdVega ?? null,
    };
    const margin = sensitivityMargin(
      [
        ...irCurve.map(([tenor, curve, amount]) => ({ kind: 'delta', currency: 'USD', tenor, curve, amount }) as const),
        ...irVol.map(([tenor, amount]) => ({ kind: 'vega', currency: 'USD', tenor, amount }) as const),
      ],
      {
        id: 'case',
        tenors,
        tenorCorrelation,
        subCurveCorrelation,
        indefinite: 'floor',
        horizons: [{ days: horizonDays, vegaRiskWeight, hvr, groups: [{ id: 'all', riskWeights, concentration }] }],
      },
      { horizonDays },
    );
    const { delta, vega, curvatureBucket, curvature: curvatureCall, total: totalCall } = margin.call;
    const { curvature: curvaturePost, total: totalPost } = margin.post;
    return { delta, vega, curvatureBucket, curvatureCall, curvaturePost, totalCall, totalPost };
  }),
};
