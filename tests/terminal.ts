// Runs the command line inside the test process and keeps what it says.
import { Writable } from 'node:stream';
import { main } from '../bindings/cli/main.js';

export interface Said {
  code: number;
  out: string;
  err: string;
}

class Memory extends Writable {
  text = '';
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Runs one command line. */
export async function run(...args: string[]): Promise<Said> {
  const out = new Memory();
  const err = new Memory();
  const code = await main(args, { out, err, colour: false, columns: 100 }, '1.2.3');
  return { code, out: out.text, err: err.text };
}
