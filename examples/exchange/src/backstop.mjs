// What becomes of accounts that the order book could not save: the stages of a preset run on the ledger, and every
// posting goes back into the ledger and to the engine. The fund sells in slices what it has taken over, and what it can
// not carry is deleveraged.
import { accountMargin, margin } from 'margin-kernel';
import { disposalSlice } from 'margin-kernel/liquidation';
import { defaultsOf, queuesOf } from 'margin-kernel/venue';
import { run, verify } from 'margin-kernel/waterfall';
import { DUST } from './ledger.mjs';
import { ASSET, amountOf } from './market.mjs';
import { postingsOf } from './postings.mjs';
import { RELIEF } from './tape.mjs';

/** @typedef {import('./venue.mjs').Venue} Venue */
/** @typedef {import('./tape.mjs').Tape} Tape */
/** @typedef {import('./waterfalls.mjs').Waterfall} Waterfall */
/** @typedef {import('margin-kernel/waterfall').Stage} Stage */
/** @typedef {import('margin-kernel/venue').ColumnScore} ColumnScore */

/** How the fund sells: a tenth of what it holds, a fifth of what the book offers near the mark, small rests at once. */
const DISPOSAL = { fraction: 0.1, fullSize: 20, bookShare: 0.2, every: 1 };
const NEAR = 0.005;
/** Steps over which a reserve's fall is measured: 8 hours of three days. */
const WINDOW = 8 / 72;

export class Backstop {
  /** Equity of the fund, step by step. @type {bigint[]} */
  #reserve = [];

  /** @param {Venue} venue @param {Tape} tape @param {Waterfall} waterfall @param {number} steps of the whole run */
  constructor(venue, tape, waterfall, steps) {
    this.venue = venue;
    this.tape = tape;
    this.waterfall = waterfall;
    this.window = Math.max(1, Math.round(steps * WINDOW));
  }

  /** @param {number} step @param {ReadonlyMap<string, number>} before marks before this step, ticks */
  run(step, before) {
    const { venue, waterfall } = this;
    this.#reserve.push(venue.ledger.equity(venue.fund));
    const defaulters = this.#defaulters();
    if (defaulters.length > 0) this.#default(waterfall.stages, defaulters, step, before);
    this.#relieve(step, before);
    this.#dispose();
  }

  /** Whose equity is gone; where a fund takes positions over, also who is below the backstop line and was not saved. */
  #defaulters() {
    const { venue, waterfall } = this;
    const { ledger, kernel, endangered, engine } = venue;
    if (endangered.size === 0) return [];
    const rich = waterfall.pays && ledger.equity(venue.fund) > 0n;
    return defaultsOf(kernel, margin(kernel)).filter((id) => {
      if (!endangered.has(id)) return false;
      // A debt without positions waits until there is somebody to pay it.
      if (ledger.account(id).positions.size === 0) return rich && ledger.equity(id) < 0n;
      if (ledger.equity(id) < 0n) return true;
      return waterfall.takesOver && engine.watch.zone(kernel.unit(id)) === 'backstop';
    });
  }

  /**
   * @param {readonly Stage[]} stages
   * @param {string[]} defaulters
   * @param {number} step
   * @param {ReadonlyMap<string, number>} before
   */
  #default(stages, defaulters, step, before) {
    const { venue, tape } = this;
    const state = venue.ledger.state(step);
    const deleverage = stages.find(({ kind }) => kind === 'adl');
    const score =
      deleverage && 'score' in deleverage ? /** @type {ColumnScore | undefined} */ (deleverage.score) : undefined;
    const outcome = run(state, stages, {
      asset: ASSET,
      defaulters,
      solvent: 'take',
      previous: Object.fromEntries([...before].map(([id, ticks]) => [id, String(venue.market(id).price(ticks))])),
      values: { reserveRatio: this.#fall(), pnlRatio: this.#fall() },
      ...(score ? { scores: queuesOf(venue.kernel, state, defaulters, score) } : {}),
    });
    if (!verify(outcome, state).ok) throw new Error('a waterfall can not be replayed');
    for (const id of defaulters) venue.cancelAll(id);
    this.#post(outcome);
    tape.defaulted(defaulters, outcome);
  }

  /**
   * Postings into the ledger, and to the engine as fills and deposits.
   * @param {import('margin-kernel/waterfall').Outcome} outcome
   */
  #post(outcome) {
    const { venue } = this;
    const { ledger } = venue;
    for (const [account, { cash, positions }] of postingsOf(outcome.postings)) {
      let money = cash;
      const known = account !== DUST;
      for (const [id, { lots, cost }] of positions) {
        money += cost;
        if (lots === 0n) continue;
        const market = venue.market(id);
        const had = ledger.lots(account, id);
        // What closes is filled at the mark, what opens at its own price; what neither says is deposited.
        const opens = had === 0n || had > 0n === lots > 0n;
        const ticks = opens ? Math.max(1, Number(-cost / (lots * market.unit))) : venue.markOf(id);
        money += market.worth(lots, ticks);
        venue.apply({ kind: 'fill', account, market: id, size: Number(lots), price: market.price(ticks) });
      }
      ledger.post(account, cash, positions);
      if (money !== 0n && known) venue.apply({ kind: 'deposit', account, asset: ASSET, amount: amountOf(money) });
      if (known && ledger.equity(account) !== outcome.state.equity(account, ASSET)) {
        throw new Error(`${account} has another equity than the waterfall left it`);
      }
      if (known) venue.trueUp(account);
    }
  }

  /**
   * A fund below its own maintenance margin gives its positions to the other side: at the mark, and where it is empty
   * at the price that leaves it with nothing.
   * @param {number} step
   * @param {ReadonlyMap<string, number>} before
   */
  #relieve(step, before) {
    const { venue } = this;
    const { ledger, fund } = venue;
    if (ledger.account(fund).positions.size === 0 || accountMargin(venue.kernel, fund).health.maintenance >= 0) return;
    const price = ledger.equity(fund) < 0n ? 'bankruptcy' : 'mark';
    this.#default([{ kind: 'adl', id: RELIEF, score: 'okx', price }], [fund], step, before);
  }

  /** Sells a slice of what the fund holds. */
  #dispose() {
    const { venue, tape } = this;
    for (const [id, { lots }] of [...venue.ledger.account(venue.fund).positions]) {
      const side = lots > 0n ? 'sell' : 'buy';
      const price = venue.market(id).ticks(venue.markPrice(id) * (side === 'sell' ? 1 - NEAR : 1 + NEAR));
      const offered = venue.book(id).depth(side === 'sell' ? 'buy' : 'sell', price);
      const slice = disposalSlice(Number(lots), DISPOSAL, offered);
      if (slice === 0) continue;
      const { worth } = venue.submit({ account: venue.fund, market: id, side, lots: slice, price, forced: true });
      tape.disposed(worth);
    }
  }

  /** Change of the fund from the mean of its window, as a quotient; 0 where it had nothing. */
  #fall() {
    const window = this.#reserve.slice(-this.window);
    const sum = window.reduce((all, equity) => all + equity, 0n);
    const now = /** @type {bigint} */ (window.at(-1)) * BigInt(window.length);
    return sum > 0n ? `${now - sum}/${sum}` : '0';
  }
}
