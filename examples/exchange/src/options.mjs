// What the command line says, checked: every refusal names the option, what it got, and what would do.
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { MarginError } from 'margin-kernel';
import { about } from 'margin-kernel/waterfall';
import { readBytes } from './files.mjs';
import { closesAround, madeUp } from './path.mjs';
import { WATERFALLS, waterfallOf } from './waterfalls.mjs';

/**
 * @typedef {import('./simulation.mjs').Scenario & { speed: number, plain: boolean, record: string | undefined }} Run
 */
/** @typedef {{ kind: 'help' } | { kind: 'replay', file: string } | { kind: 'run', run: Run }} Command */

/** Where published closes lie beside the project. */
const BESIDE = '../shared/data/crypto-daily-closes.csv';
const DAY = '2020-03-12';
const COINS = { real: ['BTC', 'ETH', 'BNB'], synthetic: ['BTC', 'ETH', 'SOL'] };
const MOST_MARKETS = 5;
/** Steps a second where somebody watches. */
const WATCHED = 30;

const OPTIONS = /** @type {const} */ ({
  accounts: { type: 'string' },
  seed: { type: 'string' },
  steps: { type: 'string' },
  speed: { type: 'string' },
  preset: { type: 'string' },
  closes: { type: 'string' },
  date: { type: 'string' },
  markets: { type: 'string' },
  record: { type: 'string' },
  replay: { type: 'string' },
  plain: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
});

export const HELP = `Usage: npm start -- [options]

An exchange in one process: order books, bots, live liquidations and a default waterfall, on a calm day, the day of a crash and
the day after.

  --accounts N     traders, beside six market makers (300)
  --preset NAME    waterfall (binance):
${WATERFALLS.map((name) => `                     ${name.padEnd(12)} ${about[name].summary}`).join('\n')}
  --seed N         all chance comes from it (7)
  --steps N        of the three days (600)
  --speed N        steps a second; max: as fast as it goes (${WATCHED} on a terminal, else max)
  --closes FILE    table of daily closes (Date;BTC-USD;...) that the three days follow; none: made up
                   (${BESIDE}, seen from the project, where it is there)
  --date DAY       day of the crash in that table, YYYY-MM-DD (${DAY})
  --markets LIST   coins, up to ${MOST_MARKETS}, with commas (${COINS.real}; made up: ${COINS.synthetic})
  --record FILE    writes the engine's journal, and its state at the start beside it (.mks)
  --replay FILE    replays such a journal and proves that it comes to the same state
  --plain          lines instead of a live screen, without colours
  -h, --help       this
`;

/**
 * @param {readonly string[]} args
 * @param {boolean} watched whether stdout is a terminal
 * @returns {Command}
 * @throws MarginError
 */
export function commandOf(args, watched) {
  const given = read(args);
  if (given.help) return { kind: 'help' };
  if (given.replay !== undefined) {
    const other = Object.keys(given).find((key) => key !== 'replay' && key !== 'plain');
    if (other)
      throw new MarginError('conflict', { path: `--${other}`, expected: '--replay alone: all is in the journal' });
    return { kind: 'replay', file: given.replay };
  }
  const plain = given.plain ?? !watched;
  return {
    kind: 'run',
    run: {
      accounts: whole('accounts', given.accounts ?? '300', 10, 20_000),
      seed: whole('seed', given.seed ?? '7', 0, Number.MAX_SAFE_INTEGER),
      steps: whole('steps', given.steps ?? '600', 60, 100_000),
      speed: speedOf(given.speed ?? (plain ? 'max' : String(WATCHED))),
      preset: waterfallOf(given.preset ?? 'binance').name,
      days: daysOf(given),
      record: given.record,
      plain,
    },
  };
}

/** @param {readonly string[]} args */
function read(args) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const { code, message } = /** @type {Error & { code?: string }} */ (error);
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error;
    const option = /--?[\w-]+/.exec(message)?.[0];
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      throw new MarginError('unknown-key', { path: option ?? 'options', expected: `one of ${names()}` });
    }
    if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') {
      throw new MarginError('unknown-key', {
        path: /'(.*?)'/.exec(message)?.[1] ?? 'options',
        expected: `options: ${names()}`,
      });
    }
    const expected = message.includes('not take') ? 'no value' : 'a value behind it';
    throw new MarginError('type', { path: option ?? 'options', expected });
  }
}

const names = () =>
  Object.keys(OPTIONS)
    .map((name) => `--${name}`)
    .join(', ');

/** @param {string} name @param {string} text @param {number} least @param {number} most */
function whole(name, text, least, most) {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new MarginError('range', { path: `--${name}`, got: text, expected: `a whole number from ${least} to ${most}` });
}

/** @param {string} text @returns {number} steps a second */
function speedOf(text) {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (value > 0) return value;
  throw new MarginError('range', { path: '--speed', got: text, expected: 'steps a second, above 0, or max' });
}

/** @param {{ closes?: string, date?: string, markets?: string }} given */
function daysOf(given) {
  const beside = new URL(`../../../${BESIDE}`, import.meta.url);
  const file = given.closes ?? (fs.existsSync(beside) ? fileURLToPath(beside) : 'none');
  if (file === 'none') {
    if (given.date !== undefined) {
      throw new MarginError('conflict', {
        path: '--date',
        got: given.date,
        expected: 'a table of closes: --closes FILE',
      });
    }
    const { coins, ...days } = madeUp();
    const wanted = coinsOf(given.markets, COINS.synthetic);
    const unknown = wanted.find((coin) => !coins.some((one) => one.coin === coin));
    if (unknown) {
      const expected = `some of ${COINS.synthetic}, which have made up prices`;
      throw new MarginError('unknown-id', {
        path: '--markets',
        got: unknown,
        expected,
        hint: 'Others come with --closes FILE',
      });
    }
    return {
      ...days,
      coins: wanted.map((coin) => /** @type {(typeof coins)[number]} */ (coins.find((one) => one.coin === coin))),
    };
  }
  const name = given.closes ?? BESIDE;
  return closesAround(readBytes(file).toString('utf8'), name, given.date ?? DAY, coinsOf(given.markets, COINS.real));
}

/** @param {string | undefined} list @param {readonly string[]} otherwise */
function coinsOf(list, otherwise) {
  const coins = list === undefined ? otherwise : list.split(',').map((coin) => coin.trim().toUpperCase());
  if (coins.length > MOST_MARKETS || coins.includes('') || new Set(coins).size < coins.length) {
    const expected = `1 to ${MOST_MARKETS} different coins, as in BTC,ETH`;
    throw new MarginError('range', { path: '--markets', got: list, expected });
  }
  return coins;
}
