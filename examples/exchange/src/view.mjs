// The screen: a frame of lines that fits the terminal, from 60 columns and 16 rows on. It is text only; screen.mjs
// draws it.
import { chart, sparkline } from './chart.mjs';
import { cut, fit } from './paint.mjs';
import { cents, count, duration, exactly, many, money, percent, short } from './words.mjs';

/** @typedef {import('./facts.mjs').Facts} Facts */
/** @typedef {import('./paint.mjs').Paint} Paint */
/** @typedef {import('./paint.mjs').Format} Format */
/** @typedef {import('./tape.mjs').Line} Line */
/** @typedef {{ width: number, height: number, paint: Paint }} Canvas */

/** From here on chart and tables stand side by side. */
const WIDE = 142;

/** @type {Record<string, Format>} */
const PHASES = { calm: 'green', crash: ['bold', 'red'], rebound: 'yellow', aftermath: 'cyan' };
/** @type {Record<Line['kind'], Format>} */
const KINDS = {
  liquidation: 'yellow',
  default: 'red',
  deleveraging: 'magenta',
  residual: ['bold', 'red'],
  phase: 'cyan',
};

/**
 * @param {import('./simulation.mjs').Simulation} simulation @param {Facts} facts @param {Canvas} canvas
 * @returns {string[]} at most `height` lines of at most `width` characters, colours apart
 */
export function frame(simulation, facts, { width, height, paint }) {
  const top = [
    ...title(simulation, facts, width, paint),
    '',
    ...markets(simulation, facts, width, paint),
    '',
    ...house(simulation, facts, width, paint),
  ];
  const rows = height - top.length - 1;
  if (rows < 3) return top.slice(0, height);
  if (width < WIDE) return [...top, '', ...narrow(simulation, facts, { width, height: rows, paint })];
  const right = Math.min(90, Math.floor(width * 0.48));
  const left = width - right - 2;
  const pictures = charts(simulation, facts, left, rows, paint);
  const lists = [...atRisk(facts, right, Math.min(9, rows >> 1), paint), ''];
  lists.push(...latest(simulation, right, rows - lists.length, paint));
  return [...top, '', ...pictures.map((line, i) => `${line}  ${lists[i] ?? ''}`)];
}

/** @param {import('./simulation.mjs').Simulation} simulation @param {Facts} facts @param {Canvas} canvas */
function narrow(simulation, facts, { width, height, paint }) {
  const rows = Math.max(3, Math.min(12, Math.floor(height * 0.45)));
  const risky = height - rows >= 9 ? Math.floor((height - rows) / 2) : 0;
  const lists = risky > 0 ? atRisk(facts, width, risky, paint) : [];
  return [
    ...picture(simulation, facts, 0, width, rows, paint),
    ...lists,
    ...latest(simulation, width, height - rows - lists.length, paint),
  ];
}

/**
 * @param {import('./simulation.mjs').Simulation} simulation
 * @param {Facts} facts
 * @param {number} width
 * @param {Paint} paint
 */
function title({ waterfall, days, steps, traders }, facts, width, paint) {
  const when = days.day ? `crash of ${days.day}` : 'made up prices';
  const name = ` exchange  ${when}, ${count(traders.length)} traders, ${waterfall.name}: ${waterfall.summary}`;
  const head = ` day ${facts.day} ${facts.time}  `;
  const phase = fit(facts.phase, 10);
  const tail = ` step ${count(facts.step)} of ${count(steps)}`;
  const bar = Math.max(4, width - head.length - phase.length - tail.length - 2);
  const done = Math.round((facts.step / facts.steps) * bar);
  return [
    paint('bold', cut(name, width)),
    `${head}${paint(PHASES[facts.phase] ?? 'bold', phase)}${paint('dim', '█'.repeat(done) + '░'.repeat(bar - done))}${tail}`,
  ];
}

/**
 * @param {import('./simulation.mjs').Simulation} simulation
 * @param {Facts} facts
 * @param {number} width
 * @param {Paint} paint
 */
function markets({ words }, facts, width, paint) {
  const room = Math.max(0, width - 62);
  const head = ` ${'Market'.padEnd(10)}${'Mark'.padStart(11)}${'Index'.padStart(11)}${'Move'.padStart(10)}${'Spread'.padStart(9)}${'Interest'.padStart(9)} `;
  return [
    paint('dim', cut(`${head}Marks`, width)),
    ...facts.markets.map(({ id, mark, index, move, spread, interest, history }) => {
      const left = ` ${id.padEnd(10)}${words.price(id, mark).padStart(11)}${words.price(id, index).padStart(11)}`;
      const right = `${(spread === null ? '-' : `${(spread * 100).toFixed(2)} %`).padStart(9)}${short(interest).padStart(9)} `;
      const change = paint(move < 0 ? 'red' : 'green', percent(move).padStart(10));
      return `${left}${change}${right}${paint('cyan', sparkline(history, room))}`;
    }),
  ];
}

/**
 * @param {import('./simulation.mjs').Simulation} simulation
 * @param {Facts} facts
 * @param {number} width
 * @param {Paint} paint
 */
function house({ tape, venue }, facts, width, paint) {
  const { totals, units, fund } = facts;
  const { liquidations, defaults, deleveraged } = tape;
  /** @type {[string, string][]} */
  const rows = [
    [
      'House',
      `equity ${short(totals.equity)}, margin ${short(totals.maintenanceMargin)}; ${count(units.warning)} warned, ${count(units.liquidatable)} liquidatable, ${count(units.bankrupt)} bankrupt`,
    ],
    [
      'Fund',
      `${fund.id} ${money(fund.equity)} (${(fund.left * 100).toFixed(1)} % of its start), positions ${short(Number(fund.inventory) / 1e6)}`,
    ],
    [
      'Closed',
      `in the book: ${many(liquidations.orders, 'order')} of ${many(liquidations.accounts.size, 'account')}, ${short(Number(liquidations.worth) / 1e6)}`,
    ],
    [
      'Defaults',
      `${many(defaults.accounts.size, 'account')}, deficits ${money(defaults.need)}; deleveraged ${short(Number(deleveraged.worth) / 1e6)} of ${many(deleveraged.accounts.size, 'account')}`,
    ],
    [
      'Tick',
      `${duration(facts.tick.median)} median, ${duration(facts.tick.p99)} p99; ${count(facts.events)} events, ${count(venue.counts.trades)} trades`,
    ],
    ['Ledger', `${facts.excess === 0n ? 'nothing made or lost' : 'NOT CONSERVED'}: sums to ${exactly(facts.excess)}`],
  ];
  return rows.map(([name, text]) => `${paint('bold', ` ${name.padEnd(9)}`)}${cut(text, width - 10)}`);
}

/**
 * Charts of as many markets as have room.
 * @param {import('./simulation.mjs').Simulation} simulation
 * @param {Facts} facts
 * @param {number} width
 * @param {number} height
 * @param {Paint} paint
 */
function charts(simulation, facts, width, height, paint) {
  const many = Math.max(1, Math.min(facts.markets.length, Math.floor(height / 7)));
  const each = Math.floor(height / many);
  return Array.from({ length: many }, (_, i) => {
    return picture(simulation, facts, i, width, i < many - 1 ? each : height - each * (many - 1), paint);
  }).flat();
}

/**
 * One market's marks under its name.
 * @param {import('./simulation.mjs').Simulation} simulation
 * @param {Facts} facts
 * @param {number} i
 * @param {number} width
 * @param {number} height
 * @param {Paint} paint
 */
function picture({ words }, facts, i, width, height, paint) {
  const { id, history } = /** @type {Facts['markets'][number]} */ (facts.markets[i]);
  const rows = chart(history, width - 1, height - 1, (ticks) => words.price(id, ticks));
  return [paint('bold', fit(` ${id}`, width)), ...rows.map((row) => ` ${paint('cyan', fit(row, width - 1))}`)];
}

/** @param {Facts} facts @param {number} width @param {number} height @param {Paint} paint */
function atRisk({ riskiest }, width, height, paint) {
  const head = ` ${'At risk'.padEnd(10)}${'Equity'.padStart(13)}${'Margin'.padStart(13)}${'Positions'.padStart(13)}${'Ratio'.padStart(10)}`;
  const shown = riskiest.slice(0, height - 1).map(({ account, equity, maintenance, notional, ratio }) => {
    const [e, m, n] = [equity, maintenance, notional].map((value) => cents(value).padStart(13));
    const text = fit(
      ` ${account.padEnd(10)}${e}${m}${n}${(ratio === null ? '-' : percent(ratio).slice(1)).padStart(10)}`,
      width,
    );
    return ratio === null ? paint('red', text) : ratio > 0.8 ? paint('yellow', text) : text;
  });
  const rows = [paint('dim', fit(head, width)), ...shown];
  return [...rows, ...Array(Math.max(0, height - rows.length)).fill(' '.repeat(width))];
}

/**
 * @param {import('./simulation.mjs').Simulation} simulation
 * @param {number} width
 * @param {number} height
 * @param {Paint} paint
 */
function latest({ tape }, width, height, paint) {
  if (height < 2) return [];
  const lines = tape.lines.slice(-(height - 1)).map(({ step, kind, text }) => {
    const body = cut(`${kind.padEnd(13)}${text}`, width - 7);
    return `${paint('dim', ` ${String(step).padStart(5)} `)}${paint(KINDS[kind], body)}`;
  });
  return [paint('dim', fit('  Step Latest', width)), ...lines];
}
