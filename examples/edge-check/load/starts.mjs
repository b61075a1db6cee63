// What a cold start takes: from the spawn of workerd to the first answer, of the worker and of one that does nothing, by turns.
import { bundle } from '../scripts/bundle.mjs';
import { serve } from '../scripts/server.mjs';
import { median, ms, say } from './report.mjs';

const STARTS = 15;

/** @param {Parameters<typeof serve>[0]} bundled @param {'here' | 'none'} objects */
async function one(bundled, objects) {
  const start = performance.now();
  const server = await serve(bundled, { objects });
  await (await fetch(`${server.url}/health`)).text();
  const took = performance.now() - start;
  await server.stop('SIGKILL');
  return took;
}

export async function starts() {
  const config = 'load/wrangler.jsonc';
  const kinds = [
    {
      bundled: await bundle('load/empty.ts', 'empty', config),
      objects: /** @type {const} */ ('none'),
      took: /** @type {number[]} */ ([]),
    },
    {
      bundled: await bundle('load/inner.ts', 'inner', config),
      objects: /** @type {const} */ ('none'),
      took: /** @type {number[]} */ ([]),
    },
    { bundled: await bundle(), objects: /** @type {const} */ ('here'), took: /** @type {number[]} */ ([]) },
  ];
  for (let i = 0; i < STARTS; i++)
    for (const { bundled, objects, took } of kinds) took.push(await one(bundled, objects));
  const [empty = [], package_ = [], worker = []] = kinds.map(({ took }) => took);
  /** Beyond the worker that does nothing: of medians, and of the fastest, which others disturb least. @param {number[]} took */
  const beyond = (took) => [median(took) - median(empty), Math.min(...took) - Math.min(...empty)].map(ms);
  say(
    'Start of workerd, a worker that does nothing',
    ms(median(empty)),
    `median of ${STARTS}; fastest ${ms(Math.min(...empty))}`,
  );
  const [imported, least] = beyond(package_);
  say('  import of margin-kernel and an answer', `+ ${imported}`, `should be <= 5 ms; of the fastest + ${least}`);
  const [whole, fastest] = beyond(worker);
  say('  import, object with its storage, an answer', `+ ${whole}`, `of the fastest + ${fastest}`);
}
