// Memory with a book: what V8 counts of the isolate, at rest and while a snapshot is replaced, and what the process has.
import { bundle } from '../scripts/bundle.mjs';
import { serve } from '../scripts/server.mjs';
import { heapUsage } from './inspector.mjs';
import { mb, ms, say } from './report.mjs';

const TOKEN = 'load';
const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/octet-stream' };

/** @param {Uint8Array<ArrayBuffer>} bytes */
export async function memory(bytes) {
  const server = await serve(await bundle(), { bindings: { WRITE_TOKEN: TOKEN }, inspect: true });
  const put = async () => {
    let most = 0;
    let done = false;
    const start = performance.now();
    const answer = fetch(`${server.url}/snapshot`, {
      method: 'PUT',
      body: bytes,
      headers,
    });
    void answer.then(() => {
      done = true;
    });
    while (!done) {
      const { used, backing } = await heapUsage(server.inspector);
      most = Math.max(most, used + backing);
    }
    const response = await answer;
    const health = /** @type {any} */ (await response.json());
    return { most, health, took: performance.now() - start };
  };
  try {
    const before = await server.resident();
    const first = await put();
    const { used, backing } = await heapUsage(server.inspector);
    say(
      'Snapshot',
      mb(bytes.length),
      `${first.health.rows.accounts} accounts, ${first.health.rows.positions} positions; taken in and stored in ${ms(first.took)}`,
    );
    const { kernel } = first.health.memory;
    say('  kernel memory', mb(kernel), 'not part of what V8 counts');
    say('  objects of V8', mb(used), `and ${mb(backing)} of buffers, garbage of the snapshot that came`);
    say('  isolate: kernel memory and objects', mb(kernel + used), 'the platform ends an isolate at 128 MB');
    const second = await put();
    say(
      '  isolate while it is replaced, at most',
      mb(2 * kernel + second.most),
      `two books and a snapshot; V8's part by sampling, garbage in it: ${mb(second.most)}`,
    );
    say(
      '  process, resident',
      mb(await server.resident()),
      `${mb(before)} without a book; garbage of both snapshots is in it`,
    );
  } finally {
    await server.stop('SIGKILL');
  }
}
