// Runs the C prices of options over scenarios beside the kernel, one timed run at a time, as process.ts does the scan.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { compileNative } from './process.js';

export interface ScenarioInputs {
  rootTime: number;
  forwards: Float64Array;
  vols: Float64Array;
  strikes: Float64Array;
  /** 1 for a call, -1 for a put. */
  types: Float64Array;
}

export class NativeOptions {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #path: string;

  private constructor(program: string, path: string) {
    this.#path = path;
    this.#child = spawn(program, [path, `${path}.prices`]);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Undefined where there is no C compiler. */
  static start({ rootTime, forwards, vols, strikes, types }: ScenarioInputs): NativeOptions | undefined {
    const program = compileNative('options');
    if (!program) return undefined;
    const path = `${program}.rows`;
    const head = Float64Array.of(forwards.length, strikes.length, rootTime);
    const columns = [head, forwards, vols, strikes, types];
    writeFileSync(path, Buffer.concat(columns.map(({ buffer, byteLength }) => Buffer.from(buffer, 0, byteLength))));
    return new NativeOptions(program, path);
  }

  /** @returns ms */
  async run(command: 'run' | 'answers' = 'run'): Promise<number> {
    this.#child.stdin.write(`${command}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the native options ended early');
    return Number(value);
  }

  /** Prices of every option over all scenarios, one option after the other. */
  async prices(): Promise<Float64Array> {
    await this.run('answers');
    const { buffer, byteOffset, length } = readFileSync(`${this.#path}.prices`);
    rmSync(`${this.#path}.prices`);
    return new Float64Array(buffer.slice(byteOffset, byteOffset + length));
  }

  stop(): void {
    this.#child.stdin.end();
    rmSync(this.#path, { force: true });
  }
}
