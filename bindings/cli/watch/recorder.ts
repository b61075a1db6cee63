// --record: the journal of what is applied, gathered in memory while events are timed, written between them and at the end, also of
// a program that ends early. Whole records only.
import { closeSync, openSync, writeSync } from 'node:fs';
import { UsageError } from '../command.js';
import { reasonOf } from '../files.js';

/** Bytes that are gathered before a write is due. */
const PIECE = 1 << 20;

export class Recorder {
  readonly path: string;
  readonly #file: number;
  #bytes = new Uint8Array(PIECE);
  #length = 0;
  #written = 0;
  readonly #leave = (): void => this.write();

  /** @throws UsageError where the file can not be written */
  constructor(path: string) {
    this.path = path;
    try {
      this.#file = openSync(path, 'wx');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST')
        throw new UsageError(
          `${path} is there already, and a journal is never written over`,
          'Name another file, or remove it',
        );
      throw new UsageError(`cannot write ${path}: ${reasonOf(error)}`);
    }
    process.once('exit', this.#leave);
  }

  /** Bytes so far. */
  get bytes(): number {
    return this.#written + this.#length;
  }

  /** Takes a record: for `Engine.record`. */
  readonly take = (record: Uint8Array): void => {
    const end = this.#length + record.length;
    if (end > this.#bytes.length) {
      const more = new Uint8Array(2 * end);
      more.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = more;
    }
    this.#bytes.set(record, this.#length);
    this.#length = end;
  };

  /** Writes what has been gathered. */
  write(): void {
    try {
      for (let at = 0; at < this.#length; ) at += writeSync(this.#file, this.#bytes, at, this.#length - at);
    } catch (error) {
      throw new UsageError(`cannot write ${this.path}: ${reasonOf(error)}`);
    }
    this.#written += this.#length;
    this.#length = 0;
  }

  close(): void {
    process.removeListener('exit', this.#leave);
    this.write();
    closeSync(this.#file);
  }
}
