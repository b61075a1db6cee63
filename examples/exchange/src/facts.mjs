// What there is to show of a run as it stands. The kernel is asked when somebody looks, not at every step.
import { compareRisk } from 'margin-kernel';
import { marketViews } from 'margin-kernel/watch';
import { timeOf } from './path.mjs';

/** @typedef {import('./simulation.mjs').Simulation} Simulation */
/**
 * @typedef {{ account: string, equity: number, maintenance: number, notional: number, ratio: number | null }} AtRisk
 *   ratio: maintenance margin over equity
 */

/** @param {Simulation} simulation */
export function factsOf(simulation) {
  const { venue, tape, steps } = simulation;
  const step = Math.max(0, simulation.step - 1);
  const { fund, openInterest } = marketViews(venue.kernel);
  const { day, share } = timeOf(step, steps);
  return {
    step: simulation.step,
    steps,
    day: day + 1,
    time: clock(share),
    phase: simulation.phase,
    totals: fund.totals,
    units: fund.units,
    markets: simulation.markets.map((market) => {
      const history = /** @type {number[]} */ (simulation.history.get(market.id));
      const mark = venue.markOf(market.id);
      const book = venue.book(market.id);
      const [bid, ask] = [book.best('buy'), book.best('sell')];
      return {
        id: market.id,
        mark,
        index: market.ticks(simulation.desk.index(market.id)),
        move: mark / /** @type {number} */ (history[0]) - 1,
        spread: bid === undefined || ask === undefined ? null : (ask - bid) / mark,
        interest:
          /** @type {number} */ (openInterest.long[venue.kernel.market(market.id)]) *
          market.price(mark) *
          market.coins(1),
        history,
      };
    }),
    fund: fundOf(simulation),
    fees: venue.counts.fees,
    endangered: venue.endangered.size,
    riskiest: riskiest(simulation, 12),
    tick: { median: tape.ticks.percentile(50), p99: tape.ticks.percentile(99), count: tape.ticks.count },
    events: venue.engine.sequence,
    excess: venue.ledger.excess().money,
  };
}

/** @typedef {ReturnType<typeof factsOf>} Facts */

/** @param {Simulation} simulation */
function fundOf({ venue, opening }) {
  const { ledger, fund } = venue;
  let inventory = 0n;
  for (const [market, { lots }] of ledger.account(fund).positions) {
    inventory += ledger.worth(market, lots < 0n ? -lots : lots);
  }
  const equity = ledger.equity(fund);
  return { id: fund, equity, inventory, left: Number(equity) / Number(opening) };
}

/**
 * Accounts that are closest to a liquidation or beyond, the worst first.
 * @param {Simulation} simulation
 * @param {number} most
 * @returns {AtRisk[]}
 */
function riskiest({ venue, risk }, most) {
  const rows = risk();
  const { kernel } = venue;
  const found = [];
  for (let u = 0; u < kernel.units; u++) {
    const account = kernel.accountId(kernel.unitAccount(u));
    const maintenanceMargin = /** @type {number} */ (rows.maintenanceMargin[u]);
    const equity = /** @type {number} */ (rows.equity[u]);
    if (venue.isHouse(account) || (maintenanceMargin === 0 && equity >= 0)) continue;
    found.push({ account, collateral: equity, maintenanceMargin, notional: /** @type {number} */ (rows.notional[u]) });
  }
  return found
    .sort((a, b) => compareRisk(b, a))
    .slice(0, most)
    .map(({ account, collateral, maintenanceMargin, notional }) => ({
      account,
      equity: collateral,
      maintenance: maintenanceMargin,
      notional,
      ratio: collateral > 0 ? maintenanceMargin / collateral : null,
    }));
}

/** Of a day. @param {number} share */
function clock(share) {
  const minutes = Math.floor(share * 1440);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
