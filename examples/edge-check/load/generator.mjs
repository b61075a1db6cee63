// Sends the requests of open-loop.mjs, from a process of its own: one that has other work, or a heap full of it, pauses for that
// and takes its own pauses for the server's.
import { once } from 'node:events';
import { connect } from 'node:net';

const [{ port, rate, connections, bodies }] =
  /** @type {[{ port: number, rate: number, connections: number, bodies: string[] }]} */ (
    await once(process, 'message')
  );

/** One connection: HTTP/1.1, one request at a time, so that a request in the queue is in our queue, and counted. */
class Connection {
  /** @param {(connection: Connection, status: number) => void} done */
  constructor(done) {
    this.socket = connect(port, '127.0.0.1').setNoDelay(true);
    this.due = 0;
    /** Bytes of the answer that have not come yet; negative: its head has not. */
    this.missing = -1;
    this.status = 0;
    /** @type {Buffer | undefined} */
    this.head = undefined;
    this.socket.on('data', (data) => {
      if (this.missing < 0) {
        const bytes = this.head ? Buffer.concat([this.head, data]) : data;
        const end = bytes.indexOf('\r\n\r\n');
        this.head = end < 0 ? bytes : undefined;
        if (end < 0) return;
        const head = bytes.toString('latin1', 0, end);
        this.status = Number(head.slice(9, 12));
        this.missing = end + 4 + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN) - bytes.length;
      } else this.missing -= data.length;
      if (this.missing > 0) return;
      this.missing = -1;
      done(this, this.status);
    });
    this.socket.once('close', () => {
      if (answered < requests.length) throw new Error('the server has closed a connection');
    });
    this.ready = new Promise((resolve, reject) => this.socket.once('connect', resolve).once('error', reject));
  }
}

const requests = bodies.map((body) =>
  Buffer.from(
    `POST /check HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ),
);
const latencies = new Float64Array(requests.length);
/** @type {Map<number, number>} */
const statuses = new Map();
/** In turn: a server gives up a connection that idles. @type {Connection[]} */
const free = [];
let answered = 0;
const all = Array.from(
  { length: connections },
  () =>
    new Connection((connection, status) => {
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
    for (let due = start; sent < requests.length; ) {
      due = start + (sent * 1000) / rate;
      const connection = now >= due ? free.shift() : undefined;
      if (!connection) break;
      late = Math.max(late, now - due);
      connection.due = due;
      connection.socket.write(requests[sent++] ?? '');
    }
    if (answered < requests.length) setImmediate(tick);
    else resolve(undefined);
  };
  tick();
});
const elapsed = performance.now() - start;
for (const { socket } of all) socket.destroy();
process.send?.({ latencies: latencies.sort(), statuses, late, elapsed }, () => process.disconnect());
