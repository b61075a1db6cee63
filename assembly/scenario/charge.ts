// Charges that need no scenario, by the kind of a part: exposures, what deltas ask for, spreads of deltas.
import * as abi from '../abi';
import { readU32 } from '../memory';
import { calendar, deltaShock, netDelta, roll } from './delta';
import { exposure, netShort, offset } from './exposure';
import { credit, deliveryCharge, monthCharge } from './spreads';
import { book } from './terms';

/** The charge of node `n` within a scope, before its factors. */
export function chargeOf(n: u32, scope: u32): f64 {
  switch (readU32(book, abi.NODE_KIND, n)) {
    case abi.NODE_NET_SHORT:
      return netShort(scope);
    case abi.NODE_ROLL:
      return roll(n, scope);
    case abi.NODE_DELTA_SHOCK:
      return deltaShock(n, scope);
    case abi.NODE_DELTA:
      return netDelta(n, scope);
    case abi.NODE_OFFSET:
      return offset(n, scope);
    case abi.NODE_CALENDAR:
      return calendar(n, scope);
    case abi.NODE_MONTHS:
      return monthCharge(scope);
    case abi.NODE_DELIVERY:
      return deliveryCharge(scope);
    case abi.NODE_CREDIT:
      return credit(n, scope);
    default:
      return exposure(n, scope);
  }
}
