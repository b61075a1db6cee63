// workerd itself, without anything before it: a process that serves a bundle on a port of the loopback interface.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import workerd from 'workerd';

// The package is CommonJS that says it is a module: its path is the default of its default.
const binary = typeof workerd === 'string' ? workerd : workerd.default;
const COMPATIBILITY_DATE = '2026-04-01';
/**
 * Collections of garbage on the one thread that answers, and more of them: each takes 1 to 2 ms then instead of 3 to 8, since the
 * two cores of a small machine are both busy under load.
 */
const V8_FLAGS = ['--single-threaded-gc', '--max-semi-space-size=1'];
const text = (/** @type {string} */ value) => JSON.stringify(value);

/**
 * @typedef {object} Server
 * @property {string} url
 * @property {string} other - of a second door to the same object, where the object is apart
 * @property {number} pid
 * @property {number} inspector - port of its inspector; 0: it has none
 * @property {string[]} log - what it wrote on stderr
 * @property {() => Promise<number>} resident - resident memory of the process, in bytes; NaN where there is no /proc
 * @property {() => boolean} alive
 * @property {(signal?: NodeJS.Signals) => Promise<void>} stop
 */

/**
 * Starts a worker with an object that has a book.
 * @param {{ folder: string, modules: string[] }} bundled
 * @param {{ port?: number, bindings?: Record<string, string>, storage?: string, objects?: 'here' | 'apart' | 'none', inspect?: boolean }} [options] -
 * `storage`: a folder that outlives the process; without it one is made and removed. `objects`: in the isolate of the door, in one
 * of their own, or none at all
 * @returns {Promise<Server>} once it listens
 */
export async function serve(bundled, { port = 0, bindings = {}, storage, objects = 'here', inspect = false } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'edge-check-'));
  const disk = storage ?? join(folder, 'storage');
  await mkdir(disk, { recursive: true });
  const modules = bundled.modules.map((name) => {
    const kind = name.endsWith('.wasm') ? 'wasm' : 'esModule';
    return `(name = ${text(name)}, ${kind} = embed ${text(relative(folder, join(bundled.folder, name)))})`;
  });
  const values = Object.entries(bindings).map(([name, value]) => `(name = ${text(name)}, text = ${text(value)})`);
  const apart = objects === 'apart';
  const where = apart ? '(className = "BookRoom", serviceName = "room")' : '"BookRoom"';
  const room = `(name = "BOOK", durableObjectNamespace = ${where})`;
  const namespace = `durableObjectNamespaces = [(className = "BookRoom", uniqueKey = "edge-check", enableSql = true)],
    durableObjectStorage = (localDisk = "disk"),`;
  const worker = (/** @type {boolean} */ asks, /** @type {boolean} */ has) => `(
    modules = [${modules.join(', ')}],
    compatibilityDate = "${COMPATIBILITY_DATE}",
    bindings = [${[...values, ...(asks ? [room] : [])].join(', ')}],
    ${has ? namespace : ''}
  )`;
  const socket = (/** @type {string} */ name, /** @type {string} */ service, /** @type {number} */ at) =>
    `(name = "${name}", address = "127.0.0.1:${at}", http = (), service = "${service}"),`;
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = ${worker(objects !== 'none', objects === 'here')}),
    ${apart ? `(name = "second", worker = ${worker(true, false)}), (name = "room", worker = ${worker(false, true)}),` : ''}
    (name = "disk", disk = (path = ${text(disk)}, writable = true)),
  ],
  v8Flags = [${V8_FLAGS.map(text).join(', ')}],
  sockets = [${socket('http', 'main', port)} ${apart ? socket('other', 'second', 0) : ''}],
);
`;
  const file = join(folder, 'config.capnp');
  await writeFile(file, config);
  const args = ['serve', file, '--control-fd=3', ...(inspect ? ['--inspector-addr=127.0.0.1:0'] : [])];
  const child = spawn(binary, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  /** @type {string[]} */
  const log = [];
  child.stderr?.setEncoding('utf8').on('data', (data) => log.push(data));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const events = control(child, ended, log, 1 + Number(inspect) + Number(apart));
  const stop = async (/** @type {NodeJS.Signals} */ signal = 'SIGTERM') => {
    child.kill(signal);
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const ports = await events;
    return {
      url: `http://127.0.0.1:${ports.get('http')}`,
      other: `http://127.0.0.1:${ports.get('other')}`,
      pid: child.pid ?? 0,
      inspector: ports.get('inspector') ?? 0,
      log,
      resident: () => resident(child.pid ?? 0),
      alive: () => child.exitCode === null && child.signalCode === null,
      stop,
    };
  } catch (error) {
    await stop('SIGKILL');
    throw error;
  }
}

/**
 * Ports that the process says it listens on.
 * @param {import('node:child_process').ChildProcess} child
 * @param {Promise<unknown>} ended
 * @param {string[]} log
 * @param {number} wanted
 * @returns {Promise<Map<string, number>>}
 */
function control(child, ended, log, wanted) {
  return new Promise((resolve, reject) => {
    /** @type {Map<string, number>} */
    const ports = new Map();
    let rest = '';
    child.stdio[3]?.on('data', (data) => {
      const lines = (rest + data).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const event = JSON.parse(line);
        if (event.event === 'listen') ports.set(event.socket, event.port);
        if (event.event === 'listen-inspector') ports.set('inspector', event.port);
      }
      if (ports.size >= wanted) resolve(ports);
    });
    child.once('error', reject);
    void ended.then(() => reject(new Error(`workerd ended before it listened:\n${log.join('')}`)));
  });
}

/** @param {number} pid */
async function resident(pid) {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
  } catch {
    return Number.NaN;
  }
}
