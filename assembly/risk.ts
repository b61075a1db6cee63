// Exports of the second module, and nothing else: special functions, options, scenarios. It works in the memory of the first one
// (or in any other that it is given) and keeps its own tables from byte 8192 on: see asconfig.json.

export { exp } from './numeric/exp';
export { log } from './numeric/log';
export { pow } from './numeric/pow';
export { erf, erfc, erfcx } from './numeric/erf';
export { normalCdf, normalDensity, normalLogCdf, normalQuantile } from './numeric/normal';
export { studentCdf, studentQuantile } from './numeric/student';
export { map, mapWith } from './numeric/maps';
export { optionGreeks } from './options/greeks';
export { impliedVols } from './options/implied-vol';
export { digitalPrices, optionPrices } from './options/prices';
export { scenarioLogs, scenarioPrices } from './scenario/black76';
export { repriceAsset, repriceMarket, riskArrays } from './scenario/arrays';
export { quoteOption, valueOption, valueOptions } from './scenario/option-value';
export { requirement } from './scenario/requirement';
export { addPosition, openAccount, tryPosition } from './scenario/what-if';

/** First byte that neither module uses itself. */
export function heapBase(): usize {
  return __heap_base;
}
