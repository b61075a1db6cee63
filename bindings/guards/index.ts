// margin-kernel/guards: what may be done at a price, now: oracle validity, circuit breakers, drawdowns, gates and bounds on
// parameters. Pure functions and step machines without a clock, so a log of their inputs replays.
export { MarginError, type MarginErrorCode, type MarginErrorDetails } from '../errors.js';
