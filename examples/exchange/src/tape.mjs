// What has happened, for people: counts, sums in minor units, the latest lines, and how long ticks took. Nothing here
// decides anything.
import { createHistogram } from 'node:perf_hooks';
import { postingsOf } from './postings.mjs';

/** @typedef {import('margin-kernel/waterfall').Outcome} Outcome */
/**
 * @typedef {{ runs: number, paid: bigint, moved: bigint, accounts: number }} StageSum `moved`: value at the marks of
 *   lots that changed hands
 */
/**
 * @typedef {{ step: number, kind: 'liquidation' | 'default' | 'deleveraging' | 'residual' | 'phase', text: string }}
 *   Line
 */

const LINES = 200;

/** The stage that takes positions from the fund. */
export const RELIEF = 'fundRelief';

export class Tape {
  step = 0;
  /** @type {Line[]} */
  lines = [];
  /** Lines that nobody has taken yet. @type {Line[]} */
  #fresh = [];
  liquidations = { orders: 0, worth: 0n, fees: 0n, accounts: new Set() };
  defaults = { runs: 0, accounts: new Set(), need: 0n, residual: 0n };
  deleveraged = { lots: 0, worth: 0n, accounts: new Set() };
  disposals = { orders: 0, worth: 0n };
  /** By stage, in the order of the first run. @type {Map<string, StageSum>} */
  stages = new Map();
  /** The default with the largest deficit. @type {{ step: number, outcome: Outcome } | undefined} */
  largest;
  /** Nanoseconds of a tick: the marks event of a step, with everybody who crosses a line by it. */
  ticks = createHistogram();

  /** @param {import('./ledger.mjs').Ledger} ledger @param {import('./words.mjs').Words} words */
  constructor(ledger, words) {
    this.ledger = ledger;
    this.words = words;
  }

  /** @param {Line['kind']} kind @param {string} text */
  say(kind, text) {
    const line = { step: this.step, kind, text };
    this.lines.push(line);
    this.#fresh.push(line);
    if (this.lines.length > LINES) this.lines.shift();
  }

  /** Lines since the last call. */
  take() {
    return this.#fresh.splice(0);
  }

  /**
   * @param {string} account
   * @param {string} market
   * @param {number} lots signed
   * @param {bigint} worth
   * @param {bigint} fee
   */
  liquidated(account, market, lots, worth, fee) {
    const { liquidations, words } = this;
    liquidations.orders++;
    liquidations.worth += worth;
    liquidations.fees += fee;
    liquidations.accounts.add(account);
    this.say('liquidation', `${account} ${words.lots(market, lots)}, fee ${words.money(fee)}`);
  }

  /** @param {bigint} worth */
  disposed(worth) {
    if (worth === 0n) return;
    this.disposals.orders++;
    this.disposals.worth += worth;
  }

  /** @param {readonly string[]} defaulters @param {Outcome} outcome */
  defaulted(defaulters, outcome) {
    const { defaults, words } = this;
    const { need, steps } = outcome.trace;
    defaults.runs++;
    for (const id of defaulters) defaults.accounts.add(id);
    defaults.need += need;
    defaults.residual = 0n;
    if (!this.largest || need > this.largest.outcome.trace.need) this.largest = { step: this.step, outcome };
    for (const { stage, status, need: before, open, participants } of steps) {
      const sum = this.stages.get(stage) ?? { runs: 0, paid: 0n, moved: 0n, accounts: 0 };
      this.stages.set(stage, sum);
      if (status !== 'applied') continue;
      sum.runs++;
      sum.paid += before - open;
      sum.accounts += participants;
      sum.moved += this.#moved(outcome, stage);
    }
    this.#told(defaulters, outcome);
    this.#deleveraged(outcome, new Set(defaulters));
    if (outcome.residual > 0n) this.say('residual', `${words.money(outcome.residual)} is paid by nobody`);
  }

  /** Which stages did what. @param {readonly string[]} defaulters @param {Outcome} outcome */
  #told(defaulters, { trace: { need, steps } }) {
    const did = steps.flatMap(({ stage, kind, status, need: before, open }) => {
      if (before > open) return [`${stage} covers ${this.words.money(before - open)}`];
      return status === 'applied' && (kind === 'transfer' || kind === 'adl') ? [stage] : [];
    });
    const who = defaulters.length === 1 ? defaulters[0] : `${defaulters.length} accounts`;
    const relieved = steps.some(({ stage }) => stage === RELIEF);
    const lack =
      need === 0n ? (relieved ? 'can not carry what it took over' : 'no deficit') : `deficit ${this.words.money(need)}`;
    this.say('default', `${who}: ${[lack, ...did].join(', ')}`);
  }

  /** Value of lots that a stage has moved, each lot once. @param {Outcome} outcome @param {string} stage */
  #moved({ postings }, stage) {
    let worth = 0n;
    for (const { purse, asset, delta, stage: of } of postings) {
      if (of === stage && purse === 'position' && delta > 0n) worth += this.ledger.worth(asset, delta);
    }
    return worth;
  }

  /** Who has lost a position to a deleveraging. @param {Outcome} outcome @param {ReadonlySet<string>} defaulters */
  #deleveraged(outcome, defaulters) {
    const { deleveraged, words } = this;
    const kinds = new Map(outcome.trace.stages.map(({ id, kind = 'layer' }) => [id, kind]));
    const those = [...outcome.postings].filter(({ stage }) => kinds.get(stage) === 'adl');
    let [count, worth] = [0, 0n];
    for (const [account, { positions }] of postingsOf(those)) {
      if (defaulters.has(account)) continue;
      for (const [market, { lots }] of positions) {
        if (lots === 0n) continue;
        worth += this.ledger.worth(market, lots < 0n ? -lots : lots);
        count++;
        deleveraged.accounts.add(account);
      }
    }
    if (count === 0) return;
    deleveraged.lots += count;
    deleveraged.worth += worth;
    this.say(
      'deleveraging',
      `${count} ${count === 1 ? 'position' : 'positions'} of the other side closed, ${words.money(worth)}`,
    );
  }
}
