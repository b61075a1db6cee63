// Runs the C tails of accounts beside the kernel, one timed run at a time, as options.ts does prices.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { TailInputs } from '../baselines/tails.js';
import { compileNative } from './process.js';

const padded = ({ buffer, byteOffset, byteLength }: Uint32Array | Float64Array): Buffer =>
  Buffer.concat([Buffer.from(buffer, byteOffset, byteLength), Buffer.alloc((8 - (byteLength % 8)) % 8)]);

export class NativeTails {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #path: string;

  private constructor(program: string, path: string) {
    this.#path = path;
    this.#child = spawn(program, [path, `${path}.tails`]);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Undefined where there is no C compiler. */
  static start(inputs: TailInputs): NativeTails | undefined {
    const program = compileNative('var');
    if (!program) return undefined;
    const { starts, rows, sizes, gains, scenarios, keep, whole, rest } = inputs;
    const path = `${program}.rows`;
    // Rows of whole blocks of sixteen, and so long that they do not all begin in the same lines of a cache: as the kernel's.
    const width = Math.ceil((scenarios + 1) / 16) * 16;
    const markets = gains.length / scenarios;
    const head = Float64Array.of(starts.length - 1, rows.length, markets, scenarios, width, keep, whole, rest);
    const wide = new Float64Array(markets * width);
    for (let m = 0; m < markets; m++) wide.set(gains.subarray(m * scenarios, (m + 1) * scenarios), m * width);
    writeFileSync(path, Buffer.concat([head, starts, rows, sizes, wide].map(padded)));
    return new NativeTails(program, path);
  }

  /** @returns ms */
  async run(command: 'run' | 'answers' = 'run'): Promise<number> {
    this.#child.stdin.write(`${command}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the native tails ended early');
    return Number(value);
  }

  async tails(): Promise<{ var: Float64Array; es: Float64Array }> {
    await this.run('answers');
    const { buffer, byteOffset, length } = readFileSync(`${this.#path}.tails`);
    rmSync(`${this.#path}.tails`);
    const both = new Float64Array(buffer.slice(byteOffset, byteOffset + length));
    return { var: both.subarray(0, both.length / 2), es: both.subarray(both.length / 2) };
  }

  stop(): void {
    this.#child.stdin.end();
    rmSync(this.#path, { force: true });
  }
}
