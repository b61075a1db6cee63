// What a run came to, for people: the market, what was closed, the waterfall stage by stage, the largest default taken
// apart, the proof.
import { explainAccount } from 'margin-kernel/waterfall';
import { ASSET } from './market.mjs';
import { wrap } from './paint.mjs';
import { count, duration, exactly, many, money, percent, short } from './words.mjs';

/** @typedef {import('./simulation.mjs').Simulation} Simulation */
/** @typedef {import('./paint.mjs').Paint} Paint */
/** @typedef {import('margin-kernel/waterfall').Outcome} Outcome */

/** Why a stage of the waterfall did nothing, in words. @type {Record<string, string>} */
const IDLE = {
  nothingOpen: 'nothing was open any more',
  trigger: 'its trigger did not hold',
  noPositions: 'no positions were left',
  refused: 'refused: more than it can bear',
  empty: 'had nothing to give',
  nobody: 'nobody was on the other side',
  noPurse: 'had nothing to give',
};

/**
 * @param {Simulation} simulation
 * @param {ReturnType<Simulation['finish']>} proof
 * @param {{ width: number, paint: Paint }} canvas
 * @returns {string[]}
 */
export function summary(simulation, proof, { width, paint }) {
  const heading = (/** @type {string} */ text) => ['', HEADING + text];
  const stopped = simulation.done
    ? ''
    : `, stopped behind step ${count(simulation.step)} of ${count(simulation.steps)}`;
  const lines = [
    ...heading(`Prices${stopped}`),
    ...prices(simulation),
    ...heading('Liquidations in the order book'),
    ...closed(simulation),
    ...heading(`Waterfall ${simulation.waterfall.name}: ${simulation.waterfall.summary}`),
    ...waterfall(simulation),
    ...largest(simulation, heading),
    ...heading('Proof'),
    ...proven(simulation, proof),
  ];
  return lines.flatMap((line) => {
    if (!line.startsWith(HEADING)) return wrap(line, width);
    return wrap(line.slice(HEADING.length), width).map((part) => paint('bold', part));
  });
}

const HEADING = '# ';

/** @param {Simulation} simulation */
function prices({ markets, history, words }) {
  return markets.map(({ id }) => {
    const marks = /** @type {number[]} */ (history.get(id));
    const [first, last, low] = [
      /** @type {number} */ (marks[0]),
      /** @type {number} */ (marks.at(-1)),
      Math.min(...marks),
    ];
    const text = (/** @type {number} */ ticks) => words.price(id, ticks).padStart(10);
    return `  ${id.padEnd(10)}${text(first)} to${text(last)} (${percent(last / first - 1)}), lowest${text(low)} (${percent(low / first - 1)})`;
  });
}

/** @param {Simulation} simulation */
function closed({ tape, venue }) {
  const { liquidations, disposals } = tape;
  const rows = [
    `  ${many(liquidations.accounts.size, 'account')}, ${many(liquidations.orders, 'order')}, ${money(liquidations.worth)} ${ASSET}; fees ${money(liquidations.fees)} went to the fund`,
  ];
  if (disposals.orders > 0) {
    rows.push(
      `  the fund sold ${money(disposals.worth)} of what it had taken over, in ${many(disposals.orders, 'order')}`,
    );
  }
  rows.push(
    `  of ${count(venue.counts.orders)} orders ${count(venue.counts.refused)} were refused before the trade; ${count(venue.counts.trades)} trades, fees ${money(venue.counts.fees)}`,
  );
  return rows;
}

/** @param {Simulation} simulation */
function waterfall({ tape, venue, opening }) {
  const { defaults, deleveraged, stages } = tape;
  const { ledger, fund } = venue;
  const { fees } = tape.liquidations;
  const unpaid = ledger.ids
    .map((id) => ledger.equity(id))
    .reduce((sum, equity) => (equity < 0n ? sum - equity : sum), 0n);
  if (defaults.runs === 0) return ['  nobody came down to it'];
  const row = (/** @type {string[]} */ [name = '', runs = '', paid = '', moved = '', accounts = '']) =>
    `  ${name.padEnd(14)}${runs.padStart(6)}${paid.padStart(16)}${moved.padStart(18)}${accounts.padStart(10)}`;
  return [
    `  ${many(defaults.accounts.size, 'account')} in ${many(defaults.runs, 'run')}, deficits of ${money(defaults.need)} ${ASSET}`,
    row(['Stage', 'Acted', 'Paid', 'Positions moved', 'Accounts']),
    ...[...stages].map(([name, { runs, paid, moved, accounts }]) =>
      row([name, count(runs), money(paid), money(moved), count(accounts)]),
    ),
    ...(stages.has('fundRelief')
      ? ['  fundRelief: what the fund had taken over and could not carry went to the other side']
      : []),
    `  deleveraged: ${many(deleveraged.accounts.size, 'account')}, positions of ${short(Number(deleveraged.worth) / 1e6)}; unpaid at the end ${money(unpaid)}`,
    `  ${fund}: ${money(opening)} at first, ${money(fees)} from liquidation fees, ${money(ledger.equity(fund) - opening - fees)} by deficits and positions taken over, ${money(ledger.equity(fund))} at the end`,
  ];
}

/** @param {Simulation} simulation @param {(text: string) => string[]} heading */
function largest({ tape }, heading) {
  if (!tape.largest || tape.largest.outcome.trace.need === 0n) return [];
  const { step, outcome } = tape.largest;
  const { need, event, steps } = outcome.trace;
  const defaulters = event.defaulters ?? [event.defaulter ?? ''];
  const who = defaulters.length === 1 ? defaulters[0] : many(defaulters.length, 'account');
  return [
    ...heading(`Largest default: step ${count(step)}, ${who}, ${money(need)} ${ASSET} below zero`),
    ...steps.map(({ stage, status, because, need: before, open, participants }) => {
      const did =
        status !== 'applied'
          ? (IDLE[because ?? ''] ?? status)
          : `${before > open ? `covers ${money(before - open)}` : 'moves positions'}, ${many(participants, 'account')}`;
      return `  ${stage.padEnd(14)}${did}${open > 0n ? `; ${money(open)} is left` : ''}`;
    }),
    ...giver(outcome, new Set(defaulters)),
  ];
}

/**
 * What accounts are weighed by: open interest in lots, all else in money.
 * @param {bigint} weight
 * @param {string} name
 */
const weightText = (weight, name) => (name === 'openInterest' ? `${count(Number(weight))} lots` : money(weight));

/**
 * Who gave most in it, in the words of the package.
 * @param {Outcome} outcome
 * @param {ReadonlySet<string>} defaulters
 */
function giver(outcome, defaulters) {
  const words = {
    amount: (/** @type {bigint} */ amount, /** @type {string} */ asset) => `${money(amount)} ${asset}`,
    weight: weightText,
  };
  const ids = new Set([...outcome.postings].map(({ account }) => account).filter((id) => !defaulters.has(id)));
  const most = [...ids]
    .map((id) => explainAccount(id, outcome, words))
    .sort((a, b) => (a.money < b.money ? -1 : a.money > b.money ? 1 : 0))[0];
  if (!most || most.money >= 0n) return [];
  // Prices that use an equity up are quotients; people read decimals.
  const decimals = most.text.replace(/(\d+)\/(\d+)/g, (_, over, under) =>
    (Number(over) / Number(under)).toPrecision(8),
  );
  return decimals.split('\n').map((line) => `  ${line}`);
}

/** @param {Simulation} simulation @param {ReturnType<Simulation['finish']>} proof */
function proven(simulation, { sequence, hash, ledger }) {
  const { step, venue, tape } = simulation;
  const { money: excess } = venue.ledger.excess();
  const gap = simulation.worstGap();
  return [
    `  ledger   ${exactly(excess)} ${ASSET} made or lost in ${count(venue.ledger.ids.length)} accounts, summed behind each of ${count(step)} steps; hash ${ledger}`,
    `  engine   ${count(sequence)} events, hash ${hash}; its doubles are within ${gap < 1e-6 ? 'a minor unit' : gap.toExponential(1)} of the ledger`,
    `  ticks    ${duration(tape.ticks.percentile(50))} median, ${duration(tape.ticks.percentile(99))} p99, ${duration(tape.ticks.max)} worst: all marks at once, with who crosses a line`,
  ];
}
