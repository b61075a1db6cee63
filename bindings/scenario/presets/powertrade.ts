// PowerTrade portfolio margin: nine scenarios by pair, no contingency; initial and maintenance margin are the same.
// Source: https://support.power.trade/trading/margin-and-liquidation/portfolio-margin.
import type { ModelJSON } from '../types.js';
import { checked, fields, HEAD, number, word } from './options.js';

/** What `presets.powertrade` takes. */
export interface PowertradeOptions {
  /** Name of the model; default `powertrade`. */
  id?: string;
  /** Asset that margin is paid in: no collateral of its own. Default none. */
  cash?: string;
  /** Shock of the spot, and of volatilities at `days`: (days / time)^power. */
  spot?: number;
  /** Shock of volatilities at `days`: a share of them, or points, by `law`. */
  volatility?: number;
  /** Time to expiry at which the shock is `volatility`. */
  days?: number;
  /** Exponent of (days / time). */
  power?: number;
  /** By a share of the volatility (the page of today), or by points (the older one, with 30 days). */
  law?: 'share' | 'points';
}

const OPTIONS = fields<PowertradeOptions>({
  ...HEAD,
  spot: number,
  volatility: number,
  days: number,
  power: number,
  law: word('share', 'points'),
});

/**
 * The model of PowerTrade. Volatilities stay with their strikes; the venue reads them off its surface at the moved spot.
 * @param options - figures where they differ
 * @example
 * console.log(volatilityMove(presets.powertrade(), 'up', { days: 45 })); // 0.4
 */
export function powertrade(options: PowertradeOptions = {}): ModelJSON {
  const {
    id = 'powertrade',
    cash,
    spot = 0.15,
    volatility = 0.4,
    law = 'share',
    days = law === 'share' ? 45 : 30,
    power = 0.3,
  } = checked(options, OPTIONS);
  const term = { days, short: power };
  const move = (size: number) => (law === 'share' ? { scale: size, term } : { shift: size, term });
  return {
    id,
    title: 'PowerTrade portfolio margin',
    version: law === 'share' ? 'volatility by a share of itself' : 'volatility by points',
    asOf: '2026-11-21',
    source: 'https://support.power.trade/trading/margin-and-liquidation/portfolio-margin',
    ...(cash === undefined ? {} : { cash }),
    volatility: { up: move(volatility), down: move(-volatility) },
    scenarios: [spot, 0, -spot].flatMap((price) => [
      { price, volatility: 'up' },
      { price },
      { price, volatility: 'down' },
    ]),
    requirement: { each: { id: 'largest loss', scan: 'scan' } },
  };
}
