// A run as plain lines, for pipes, logs and who reads line by line: what happens, and where things stand every so
// often.
import { count, duration, money, percent, short } from './words.mjs';

/** Lines about where things stand, in a run. */
const STANDS = 20;

export class Lines {
  #liquidated = 0;
  #every;

  /** @param {number} steps @param {(line: string) => void} write */
  constructor(steps, write) {
    this.#every = Math.max(1, Math.round(steps / STANDS));
    this.write = write;
  }

  /**
   * After each step.
   * @param {import('./simulation.mjs').Simulation} simulation
   * @param {() => import('./facts.mjs').Facts} facts
   */
  step(simulation, facts) {
    for (const { step, kind, text } of simulation.tape.take()) {
      // There are too many liquidations for a line each: they are in the line of where things stand.
      if (kind === 'liquidation') this.#liquidated++;
      else this.write(`${String(step).padStart(6)}  ${kind.padEnd(12)}  ${text}`);
    }
    if (simulation.step % this.#every === 0 || simulation.done) this.#stands(simulation, facts());
  }

  /** @param {import('./simulation.mjs').Simulation} simulation @param {import('./facts.mjs').Facts} facts */
  #stands({ words }, { step, day, time, markets, units, fund, tick }) {
    const prices = markets.map(
      ({ id, mark, move }) => `${id.replace('-PERP', '')} ${words.price(id, mark)} ${percent(move)}`,
    );
    const parts = [
      `day ${day} ${time}`,
      ...prices,
      `at risk ${count(units.warning + units.liquidatable + units.bankrupt)}`,
      `liquidations ${count(this.#liquidated)}`,
      `fund ${money(fund.equity)}${fund.inventory > 0n ? ` with ${short(Number(fund.inventory) / 1e6)} of positions` : ''}`,
      `tick ${duration(tick.median)}`,
    ];
    this.write(`${String(step).padStart(6)}  ${parts.join('  ')}`);
    this.#liquidated = 0;
  }
}
