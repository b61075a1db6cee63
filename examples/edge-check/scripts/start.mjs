// npm start: bundles the worker, serves it with workerd on the loopback interface, and puts a sample snapshot into it.
import { parseArgs } from 'node:util';
import { bundle } from './bundle.mjs';
import { sample } from './sample.mjs';
import { serve } from './server.mjs';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8787' },
    accounts: { type: 'string', default: '1000' },
    token: { type: 'string', default: 'local-token' },
    /** A folder that keeps the book from one start to the next; without it each start has the sample. */
    storage: { type: 'string' },
  },
});
const { token, storage } = values;
const [bundled, bytes] = await Promise.all([bundle(), sample(Number(values.accounts))]);
const server = await serve(bundled, {
  port: Number(values.port),
  bindings: { WRITE_TOKEN: token },
  ...(storage === undefined ? {} : { storage }),
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => void server.stop());

const had = /** @type {any} */ (await (await fetch(`${server.url}/health`)).json());
if (had.status !== 'ready') {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' };
  const response = await fetch(`${server.url}/snapshot`, { method: 'PUT', headers, body: bytes });
  if (!response.ok) {
    console.error(await response.text());
    await server.stop();
    process.exit(1);
  }
}
console.log(`serving ${values.accounts} accounts; ctrl-c ends it

  export URL=${server.url} TOKEN=${token}
  curl -s $URL/health
  curl -s $URL/check -H 'content-type: application/json' \\
    -d '{"account":"t0000006","order":{"market":"ETH/USDT:USDT","side":"buy","size":1}}'`);
