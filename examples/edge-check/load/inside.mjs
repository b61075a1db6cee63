// What a check takes without its way there: many of them in one request to a worker made for it.
import { bundle } from '../scripts/bundle.mjs';
import { serve } from '../scripts/server.mjs';
import { median, say, us } from './report.mjs';

/** The check itself, in a request that makes many. @param {Uint8Array<ArrayBuffer>} bytes */
export async function inside(bytes) {
  const server = await serve(await bundle('load/inner.ts', 'inner', 'load/wrangler.jsonc'), { objects: 'none' });
  try {
    await fetch(server.url, { method: 'PUT', body: bytes });
    const timed = async (/** @type {string} */ kind, /** @type {number} */ n) => {
      const start = performance.now();
      await (await fetch(`${server.url}/?kind=${kind}&n=${n}`)).text();
      return performance.now() - start;
    };
    for (const [kind, what] of [
      ['into', 'checkInto'],
      ['check', 'check, with liquidation prices'],
      ['brief', 'a brief request, JSON in and out'],
      ['request', 'a request, JSON in and out'],
    ]) {
      const n = 50_000;
      await timed(kind ?? '', n);
      const took = [];
      for (let i = 0; i < 5; i++) took.push((await timed(kind ?? '', n)) - (await timed(kind ?? '', 0)));
      say(
        `Inside: ${what}`,
        us((median(took) / n) * 1000),
        kind === 'into' || kind === 'check' ? 'should be <= 10 us' : '',
      );
    }
  } finally {
    await server.stop('SIGKILL');
  }
}
