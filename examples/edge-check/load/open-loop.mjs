// Requests at a fixed rate, whatever the answers do. A latency counts from the moment a request was due, not from when it could
// be sent: a server that stalls cannot hide the requests that it kept from being sent (coordinated omission).
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const generator = fileURLToPath(new URL('generator.mjs', import.meta.url));

/**
 * @param {{ port: number, rate: number, seconds: number, connections: number, next: () => string }} options - `next`: the
 * body of the next POST /check
 * @returns {Promise<{ latencies: Float64Array, statuses: Map<number, number>, late: number, elapsed: number }>} latencies in ms, in
 * order of size; `late`: ms by which the worst request left late, since no connection was free or the generator was busy
 */
export async function openLoop({ port, rate, seconds, connections, next }) {
  const bodies = Array.from({ length: Math.round(rate * seconds) }, next);
  const child = fork(generator, { serialization: 'advanced' });
  child.send({ port, rate, connections, bodies });
  const gone = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the generator has ended: ${code}`)));
  const [report] = await Promise.race([once(child, 'message'), gone]);
  return report;
}
