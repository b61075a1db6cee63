// Runs the C scan beside the kernel: compiles it, hands it the rows of a book in a file, and asks it for one timed run at a
// time, so that both are measured in turn on a machine whose speed drifts.
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { BookBase } from '../../bindings/public.js';
import type { Features } from '../portfolios.js';

const DIRECTORY = 'build/native';
const FLAGS = ['-O3', '-march=native', '-ffp-contract=off'];

/** The scan of one of the portfolios, or that of `brackets` with liquidation prices of all positions. */
export type NativeMode = Features | 'prices';

export interface NativeRun {
  ms: number;
  liquidatable: number;
  equity: number;
  initial: number;
  maintenance: number;
}

export interface NativePrices {
  down: Float64Array;
  up: Float64Array;
  code: Uint32Array;
}

/** Compiles a baseline, the scan if no other; undefined where there is no C compiler. */
export function compileNative(name = 'scan'): string | undefined {
  mkdirSync(DIRECTORY, { recursive: true });
  const program = `${DIRECTORY}/${name}`;
  const { status } = spawnSync('cc', [...FLAGS, '-o', program, `bench/native/${name}.c`, '-lm'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return status === 0 ? program : undefined;
}

/** The columns that scan.c reads, in its order. */
function columnsOf(book: BookBase): ArrayBufferView[] {
  const { columns: c } = book.store;
  const count = (s: Parameters<typeof book.store.count>[0]): number => book.store.count(s);
  const cut = <T extends Float64Array | Uint32Array>(view: T, rows: number): T => view.subarray(0, rows) as T;
  const [u, b, p, o, a, m, l, t] = [
    count('unit'),
    count('balance'),
    count('position'),
    count('order'),
    count('asset'),
    count('market'),
    count('line'),
    count('tier'),
  ];
  const k = count('bucket');
  const { unit, balance, position, order, asset, tier, market, line } = c;
  return [
    new BigUint64Array([u, b, p, o, a, m, l, t, k].map(BigInt)),
    ...[unit.balanceStart, unit.balanceCount, unit.positionStart].map((x) => cut(x, u)),
    ...[unit.multiplier, unit.buffer, unit.rateFloor].map((x) => cut(x, u)),
    ...[balance.asset, balance.positions, balance.amount].map((x) => cut(x, b)),
    ...[position.key, position.order, position.size, position.cost, position.funding, position.ownRate].map((x) =>
      cut(x, p),
    ),
    ...[order.bidSize, order.askSize, order.count].map((x) => cut(x, o)),
    cut(asset.value, a * 32),
    ...[asset.tierStart, asset.tierCount, asset.debtStart, asset.debtCount].map((x) => cut(x, a)),
    cut(tier.upTo, t),
    ...[tier.weight, tier.offset].map((x) => cut(x, t * 4)),
    cut(market.value, m * 112),
    cut(market.plain, m * 8),
    cut(market.sided, m),
    cut(market.window, m * 8),
    ...[line.longPair, line.longEnd, line.shortPair, line.shortEnd].map((x) => cut(x, l * 4)),
    cut(line.upTo, l),
    c.bucket.first.subarray(0, k),
    cut(unit.positionCount, u),
    ...[market.lineStart, market.lineCount].map((x) => cut(x, m)),
    cut(market.mark, m),
    cut(line.root, l * 8),
  ];
}

async function dump(book: BookBase, path: string): Promise<void> {
  const file = createWriteStream(path);
  for (const view of columnsOf(book)) {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    const padding = new Uint8Array((64 - (bytes.length % 64)) % 64);
    for (const part of [bytes, padding])
      if (!file.write(part)) await new Promise<void>((done) => file.once('drain', () => done()));
  }
  await new Promise<void>((done) => file.end(done));
}

export class NativeScan {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #path: string;

  private constructor(program: string, path: string, mode: NativeMode) {
    this.#path = path;
    this.#child = spawn(program, [path, mode, `${path}.prices`]);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Unit values of the book must be fresh: margin it once before, for prices ask for those. */
  static async start(program: string, book: BookBase, mode: NativeMode): Promise<NativeScan> {
    const path = `${DIRECTORY}/${mode}.rows`;
    await dump(book, path);
    return new NativeScan(program, path, mode);
  }

  async run(): Promise<NativeRun> {
    return this.#ask('run');
  }

  /** Runs once and reads all prices, by position row. */
  async prices(): Promise<NativePrices> {
    await this.#ask('answers');
    const { buffer, byteOffset, length } = readFileSync(`${this.#path}.prices`);
    rmSync(`${this.#path}.prices`);
    const rows = length / 20;
    return {
      down: new Float64Array(buffer, byteOffset, rows),
      up: new Float64Array(buffer, byteOffset + 8 * rows, rows),
      code: new Uint32Array(buffer, byteOffset + 16 * rows, rows),
    };
  }

  async #ask(command: 'run' | 'answers'): Promise<NativeRun> {
    this.#child.stdin.write(`${command}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the native scan ended early');
    const [ms = 0, liquidatable = 0, equity = 0, initial = 0, maintenance = 0] = String(value).split(' ').map(Number);
    return { ms, liquidatable, equity, initial, maintenance };
  }

  stop(): void {
    this.#child.stdin.end();
    rmSync(this.#path, { force: true });
  }
}
