// One run of the exchange, step by step: prices, quotes, trades, marks, liquidations, defaults, and the proof that
// nothing was made or lost. Everything but the time that ticks take follows from the settings.
import { margin } from 'margin-kernel';
import { hashOf } from 'margin-kernel/watch';
import { Backstop } from './backstop.mjs';
import { Desk } from './bots/desk.mjs';
import { DUST } from './ledger.mjs';
import { Liquidator } from './liquidator.mjs';
import { Marker } from './mark.mjs';
import { amountOf, Market } from './market.mjs';
import { indices, phaseOf } from './path.mjs';
import { population } from './population.mjs';
import { Random } from './random.mjs';
import { Tape } from './tape.mjs';
import { Venue } from './venue.mjs';
import { waterfallOf } from './waterfalls.mjs';
import { Words } from './words.mjs';

/**
 * @typedef {{ days: import('./path.mjs').Days, accounts: number, seed: number, steps: number, preset: string }}
 *   Scenario
 */

export class Simulation {
  step = 0;

  /** @param {Scenario} scenario */
  constructor({ days, accounts, seed, steps, preset }) {
    this.steps = steps;
    this.waterfall = waterfallOf(preset);
    const { fund } = this.waterfall;
    this.markets = days.coins.map(({ coin, closes }) => new Market(coin, /** @type {number} */ (closes[0])));
    const ids = this.markets.map(({ id }) => id);
    const { makers, traders, accounts: openings } = population(accounts, ids, fund, seed);
    this.makers = makers;
    this.traders = traders;
    this.venue = new Venue({ markets: this.markets, accounts: openings, fund });
    /** What the fund began with, minor units. */
    this.opening = this.venue.ledger.equity(fund);
    this.days = days;
    this.words = new Words(this.markets);
    this.tape = new Tape(this.venue.ledger, this.words);
    const paths = indices(days.coins, steps, seed);
    this.random = new Random(seed, 2);
    this.desk = new Desk(
      this.venue,
      new Map(ids.map((id, i) => [id, /** @type {Float64Array} */ (paths[i])])),
      this.random,
    );
    this.marker = new Marker();
    this.liquidator = new Liquidator(this.venue, this.tape, this.waterfall.floor);
    this.backstop = new Backstop(this.venue, this.tape, this.waterfall, steps);
    /** Marks behind each step, ticks. @type {Map<string, number[]>} */
    this.history = new Map(this.markets.map(({ id, start }) => [id, [start]]));
  }

  get done() {
    return this.step >= this.steps;
  }

  get phase() {
    return phaseOf(Math.min(this.step, this.steps - 1), this.steps);
  }

  /** Margin of everybody now: columns of the kernel, borrowed. */
  risk = () => margin(this.venue.kernel);

  /** One step of the market. @returns {boolean} whether there was one left */
  advance() {
    if (this.done) return false;
    const { venue, desk, tape } = this;
    if (this.step > 0 && this.phase !== phaseOf(this.step - 1, this.steps)) tape.say('phase', this.phase);
    desk.step = this.step;
    tape.step = this.step + 1;
    for (const maker of this.makers) maker.act(desk);
    for (const trader of this.random.shuffle([...this.traders])) trader.act(desk);
    const before = new Map(venue.ledger.marks);
    this.#mark();
    this.liquidator.run();
    this.backstop.run(this.step, before);
    venue.bookFees();
    venue.ledger.conserve();
    this.step++;
    return true;
  }

  /** New marks, as one tick. */
  #mark() {
    const { venue, desk, tape } = this;
    const marks = new Map(
      this.markets.map((market) => [market.id, this.marker.mark(market, desk.index(market.id), venue)]),
    );
    const start = process.hrtime.bigint();
    venue.mark(marks);
    tape.ticks.record(process.hrtime.bigint() - start);
    for (const [id, mark] of marks) /** @type {number[]} */ (this.history.get(id)).push(mark);
  }

  /** By how much the kernel's equity of an account differs from the ledger's at most, USDT. */
  worstGap() {
    const { kernel, ledger } = this.venue;
    const { equity } = this.risk();
    let worst = 0;
    for (const id of ledger.ids) {
      if (id === DUST) continue;
      const gap = /** @type {number} */ (equity[kernel.unit(id)]) - amountOf(ledger.equity(id));
      worst = Math.max(worst, Math.abs(gap));
    }
    return worst;
  }

  /**
   * Ends the journal with a checkpoint.
   * @returns {{ sequence: number, hash: string, ledger: string }} hashes of the engine's state and of the ledger
   */
  finish() {
    const { engine, ledger } = this.venue;
    engine.checkpoint();
    const text = JSON.stringify(ledger.json(), (_, value) => (typeof value === 'bigint' ? String(value) : value));
    return { sequence: engine.sequence, hash: engine.hash(), ledger: hashOf(new TextEncoder().encode(text)) };
  }
}
