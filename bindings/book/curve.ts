// Size curves, sqrt (Drift) and power (Orderly), of assets' weights and of markets' requirements: JSON to columns and back.
import { MarginError } from '../errors.js';
import { CURVE } from '../layout.js';
import type { Columns } from '../memory.js';
import { Fields, FRACTION, levelsJSON } from './fields.js';
import type { Row } from './parameters.js';
import type { AssetJSON, MarketJSON } from './types.js';

const ASSET_KEYS = ['kind', 'factor', 'numerator', 'exponent', 'liabilityBase'] as const;
const MARKET_KEYS = ['kind', 'factor', 'of', 'base', 'exponent'] as const;
/** Share of a liability weight that Drift's size curve keeps: 1 - 1/5 (protocol-v2 math/margin.rs). */
const DRIFT_BASE = 0.8;
/** Numerators of the size discount: Drift 1.1, Orderly 1.2. */
const NUMERATOR = { sqrt: 1.1, power: 1.2 } as const;
/** Exponent of Orderly's size terms. */
const ORDERLY_EXPONENT = 0.8;

/** The exponent of a square root is no choice. */
function checkExponent(f: Fields, kind: number): void {
  if (kind === CURVE.sqrt && f.has('exponent') && f.number('exponent', {}) !== 0.5) {
    throw new MarginError('conflict', {
      path: f.at('exponent'),
      got: f.raw('exponent'),
      expected: '0.5, or kind "power"',
    });
  }
}

export function readAssetCurve(fields: Fields): Row {
  const none = { curveKind: 0, curveFactor: [0, 0, 0], curveNumerator: 1, curveExponent: 1, curveDebtBase: 1 };
  if (!fields.has('curve')) return none;
  const f = new Fields(fields.raw('curve'), fields.at('curve'), ASSET_KEYS);
  const kind = f.word('kind', { sqrt: CURVE.sqrt, power: CURVE.power });
  const name = kind === CURVE.sqrt ? 'sqrt' : 'power';
  if (!f.has('factor')) throw new MarginError('missing-key', { path: f.at('factor'), expected: 'a number >= 0' });
  checkExponent(f, kind);
  return {
    curveKind: kind,
    curveFactor: f.numbers('factor', { min: 0, max: 1e6 }, 0),
    curveNumerator: f.number('numerator', { min: 1, max: 1e6 }, NUMERATOR[name]),
    curveExponent: f.number('exponent', { above: 0, max: 1 }, kind === CURVE.sqrt ? 0.5 : ORDERLY_EXPONENT),
    curveDebtBase: f.number('liabilityBase', FRACTION, DRIFT_BASE),
  };
}

export function readMarketCurve(fields: Fields): Row {
  if (!fields.has('curve')) return { curveKind: 0, curveOf: 0, curveBase: 0, curveExponent: 1, curveFactor: [0, 0, 0] };
  const f = new Fields(fields.raw('curve'), fields.at('curve'), MARKET_KEYS);
  const kind = f.word('kind', { sqrt: CURVE.sqrt, power: CURVE.power });
  const sqrt = kind === CURVE.sqrt;
  if (!f.has('factor')) throw new MarginError('missing-key', { path: f.at('factor'), expected: 'a number >= 0' });
  checkExponent(f, kind);
  return {
    curveKind: kind,
    curveOf: f.word('of', { size: 0, notional: 1 }, sqrt ? 'size' : 'notional'),
    curveBase: f.number('base', FRACTION, sqrt ? DRIFT_BASE : 0),
    curveExponent: f.number('exponent', { above: 0, max: 1 }, sqrt ? 0.5 : ORDERLY_EXPONENT),
    curveFactor: f.numbers('factor', { min: 0, max: 1e6 }, 0),
  };
}

const kindName = (kind: number | undefined): 'sqrt' | 'power' => (kind === CURVE.sqrt ? 'sqrt' : 'power');

export function assetCurveJSON({ asset: c }: Columns, a: number): Pick<AssetJSON, 'curve'> {
  if (c.curveKind[a] === CURVE.none) return {};
  return {
    curve: {
      kind: kindName(c.curveKind[a]),
      factor: levelsJSON((k) => c.curveFactor[a * 3 + k] ?? 0),
      numerator: c.curveNumerator[a] ?? 0,
      exponent: c.curveExponent[a] ?? 0,
      liabilityBase: c.curveDebtBase[a] ?? 0,
    },
  };
}

export function marketCurveJSON({ market: c }: Columns, m: number): Pick<MarketJSON, 'curve'> {
  if (c.curveKind[m] === CURVE.none) return {};
  return {
    curve: {
      kind: kindName(c.curveKind[m]),
      factor: levelsJSON((k) => c.curveFactor[m * 3 + k] ?? 0),
      of: c.curveOf[m] === 1 ? 'notional' : 'size',
      base: c.curveBase[m] ?? 0,
      exponent: c.curveExponent[m] ?? 0,
    },
  };
}
