// Requests at a fixed rate, whatever the answers do. A latency counts from the moment a request was due, not from when it could
// be sent: a server that stalls cannot hide the requests that it kept from being sent (coordinated omission).
import { connect } from 'node:net';

/** One connection: HTTP/1.1, one request at a time, so that a request in the queue is in our queue, and counted. */
class Connection {
  /** @param {number} port @param {(connection: Connection, status: number) => void} done */
  constructor(port, done) {
    this.socket = connect(port, '127.0.0.1').setNoDelay(true);
    this.due = 0;
    this.text = '';
    this.want = -1;
    this.socket.setEncoding('latin1').on('data', (data) => {
      this.text += data;
      if (this.want < 0) {
        const end = this.text.indexOf('\r\n\r\n');
        if (end < 0) return;
        this.want = end + 4 + Number(/content-length: (\d+)/i.exec(this.text)?.[1] ?? Number.NaN);
      }
      if (this.text.length < this.want) return;
      const status = Number(this.text.slice(9, 12));
      this.text = '';
      this.want = -1;
      done(this, status);
    });
    this.ready = new Promise((resolve, reject) => this.socket.once('connect', resolve).once('error', reject));
  }
}

/**
 * @param {{ port: number, rate: number, seconds: number, connections: number, next: (i: number) => string }} options - `next`: the
 * body of the i-th POST /check
 * @returns {Promise<{ latencies: Float64Array, statuses: Map<number, number>, late: number, elapsed: number }>} latencies in ms, in
 * order of size; `late`: ms by which the worst request left late, since no connection was free or this process was busy
 */
export async function openLoop({ port, rate, seconds, connections, next }) {
  const total = Math.round(rate * seconds);
  const latencies = new Float64Array(total);
  const bodies = Array.from({ length: total }, (_, i) => {
    const body = next(i);
    const head = `POST /check HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
    return head + body;
  });
  /** @type {Map<number, number>} */
  const statuses = new Map();
  /** @type {Connection[]} */
  const free = [];
  let answered = 0;
  const all = Array.from(
    { length: connections },
    () =>
      new Connection(port, (connection, status) => {
        latencies[answered++] = performance.now() - connection.due;
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        free.push(connection);
      }),
  );
  await Promise.all(all.map(({ ready }) => ready));
  free.push(...all);
  const start = performance.now() + 5;
  let sent = 0;
  let late = 0;
  // A loop that never sleeps: timers are no finer than a millisecond.
  await new Promise((resolve) => {
    const tick = () => {
      const now = performance.now();
      for (let due = start + (sent * 1000) / rate; sent < total && now >= due; due = start + (sent * 1000) / rate) {
        const connection = free.pop();
        if (!connection) break;
        late = Math.max(late, now - due);
        connection.due = due;
        connection.socket.write(bodies[sent++] ?? '');
      }
      if (answered < total) setImmediate(tick);
      else resolve(undefined);
    };
    tick();
  });
  const elapsed = performance.now() - start;
  for (const { socket } of all) socket.destroy();
  return { latencies: latencies.sort(), statuses, late, elapsed };
}
