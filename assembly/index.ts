// The kernel's exports, and nothing else.
import { HEADER_WORDS } from './abi';

export { liquidationPrices } from './liquidation/price';
export { openRay, openSize, rayHealth, sizeHealth, solveRay, solveSize, tryTrade } from './liquidation/question';
export { marketValues, values } from './margin/value';
export { scan } from './margin/scan';
export { exp as numericExp } from './numeric/exp';
export { log as numericLog } from './numeric/log';
export { pow as numericPow } from './numeric/pow';

/** First byte that the kernel does not use itself. */
export function heapBase(): usize {
  return __heap_base;
}

/** Words of the header that this kernel was built for. */
export function headerWords(): i32 {
  return HEADER_WORDS;
}
