// What margin-kernel/statistics has for the way from closes to scenarios: returns, estimators, matrices, random numbers.
export {
  chiSquareCdf,
  chiSquareQuantile,
  chiSquareTail,
  gammaLower,
  gammaUpper,
  logGamma,
} from '../../reference/numeric/gamma.js';
export type { DirectionRow } from '../../reference/numeric/joe-kuo.js';
export { openUnit, philox, unit } from '../../reference/numeric/philox.js';
export {
  centred,
  directionNumbers,
  directionsOf,
  SOBOL_DIMENSIONS,
  scrambled,
  sobol,
} from '../../reference/numeric/sobol.js';
export type { Column, Divisor } from '../columns.js';
export { type Cholesky, cholesky } from '../matrix/cholesky.js';
export { type Eigen, symmetricEigen } from '../matrix/eigen.js';
export { type Repair, repairPsd } from '../matrix/repair.js';
export { ellipticalTau, studentTailDependence } from './copula.js';
export {
  type Correlation,
  type Covariance,
  type CovarianceOptions,
  correlation,
  correlationOf,
  covariance,
  type EwmaCovarianceOptions,
  ewmaCovariance,
  kendallTau,
} from './covariance.js';
export { fitGarch, type GarchFit, type GarchParameters, type GarchPath, garchVariances } from './garch.js';
export { moments, type SampleMoments } from './moments.js';
export {
  type CoinReport,
  type Proxy,
  type ReturnKind,
  type Returns,
  type ReturnsOptions,
  type ReturnsReport,
  returnsOf,
} from './returns.js';
export { ledoitWolf, type Shrunk } from './shrinkage.js';
export { type EwmaOptions, ewmaVariance, filteredReturns, type VariancePath } from './volatility.js';
export { type WinsorBounds, type Winsorised, type WinsoriseOptions, winsorise } from './winsorise.js';
