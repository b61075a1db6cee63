// `npm run bench [filter] [-- --json] [--accounts N] [--rounds N]`: medians, and ratios to baselines of the same run.
// It reports and gates nothing but this: a baseline whose answers are not the kernel's ends it with an error.
import { parseArgs } from 'node:util';
import { accountPrices, bookPrices } from './liquidation.js';
import { memory } from './memory.js';
import { options as optionGroups } from './options.js';
import { paths } from './paths.js';
import { preTrade } from './pre-trade.js';
import { machine, progress, type Row, render } from './report.js';
import { scans } from './scans.js';
import { scenario } from './scenario.js';
import { updates } from './updates.js';
import { tails } from './var.js';
import { watch } from './watch.js';
import { waterfall } from './waterfall.js';

const groups = [
  ...scans,
  bookPrices,
  accountPrices,
  preTrade,
  ...optionGroups,
  updates,
  watch,
  memory,
  scenario,
  tails,
  paths,
  waterfall,
];

function fail(message: string): never {
  progress(`${message}\nusage: npm run bench [filter] [-- --json] [--accounts N] [--rounds N]`);
  progress(`a filter is part of: ${groups.map(({ name }) => `"${name}"`).join(', ')}`);
  process.exit(2);
}

function options() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        accounts: { type: 'string', default: '1000000' },
        rounds: { type: 'string', default: '15' },
      },
    });
  } catch (error) {
    return fail((error as Error).message);
  }
}

function count(name: string, text: string): number {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : fail(`--${name} ${text}: a whole number above 0 is needed`);
}

const { values, positionals } = options();
const accounts = count('accounts', values.accounts);
const rounds = count('rounds', values.rounds);
const filter = positionals.join(' ').toLowerCase();
const chosen = groups.filter(({ name }) => name.toLowerCase().includes(filter));
if (chosen.length === 0) fail(`nothing is called "${filter}"`);

const head = [...machine(), `${accounts} accounts, ${rounds} rounds`];
for (const line of values.json ? head : []) progress(line);
const all: Row[] = [];
const tables: string[] = [];
for (const group of chosen) {
  const rows = await group.run({ accounts, rounds });
  all.push(...rows);
  tables.push(render(group, rows));
}
if (values.json) console.log(JSON.stringify(all, null, 2));
else console.log([`${head.join('\n')}\n`, ...tables].join('\n').trimEnd());
