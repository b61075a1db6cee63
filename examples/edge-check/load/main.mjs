// npm run load: the start of the worker, the check itself, memory, and latencies of /check at a fixed rate while marks and
// accounts move, with 100,000 accounts on the loopback interface. It reports and never fails.
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Book } from 'margin-kernel';
import { sample } from '../scripts/sample.mjs';
import { inside } from './inside.mjs';
import { latency } from './latency.mjs';
import { memory } from './memory.mjs';
import { say } from './report.mjs';
import { starts } from './starts.mjs';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '10' },
    accounts: { type: 'string', default: '100000' },
    connections: { type: 'string', default: '32' },
    /** Checks without liquidation prices. */
    brief: { type: 'boolean', default: false },
    /** One part alone: starts, inside, memory or latency. */
    only: { type: 'string' },
  },
});
const bytes = await sample(Number(values.accounts));
const book = Book.decode(bytes);
const ids = Array.from({ length: book.accounts }, (_, row) => book.accountId(row));
const options = {
  rate: Number(values.rate),
  seconds: Number(values.seconds),
  connections: Number(values.connections),
  brief: values.brief,
};
const parts = {
  starts,
  inside: () => inside(bytes),
  memory: () => memory(bytes),
  latency: () => latency(bytes, ids, options),
};
say(
  'Load of the machine before',
  (loadavg()[0] ?? 0).toFixed(1),
  'processes that want to run; figures hold where it is small',
);
for (const [name, part] of Object.entries(parts)) if (values.only === undefined || values.only === name) await part();
