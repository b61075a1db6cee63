// The engine's journal in a file, the state it starts from in another beside it, and the proof: a replay comes to the
// same hash. The files are those of `margin-kernel watch --record`, so `margin-kernel watch --replay` reads them too.
import fs from 'node:fs';
import { Book } from 'margin-kernel';
import { Engine, readJournal } from 'margin-kernel/watch';
import { createFile, readBytes } from './files.mjs';

/** Bytes gathered before a write. */
const PIECE = 1 << 20;

/** day.mkj begins from day.mks. @param {string} file */
export const startOf = (file) => `${file.replace(/\.mkj$/, '')}.mks`;

export class Recording {
  /** @type {Uint8Array[]} */
  #pieces = [];
  #gathered = 0;
  bytes = 0;

  /** @param {Engine} engine at the state that the journal starts from @param {string} file */
  constructor(engine, file) {
    this.file = file;
    const snapshot = engine.snapshot();
    this.fd = createFile(file);
    try {
      fs.writeFileSync(createFile(startOf(file)), snapshot);
    } catch (error) {
      fs.closeSync(this.fd);
      fs.unlinkSync(file);
      throw error;
    }
    engine.record((bytes) => this.#take(bytes));
  }

  /** @param {Uint8Array} bytes */
  #take(bytes) {
    this.#pieces.push(bytes);
    this.#gathered += bytes.length;
    if (this.#gathered >= PIECE) this.#write();
  }

  #write() {
    const all = Buffer.concat(this.#pieces);
    for (let at = 0; at < all.length; ) at += fs.writeSync(this.fd, all, at);
    this.bytes += all.length;
    this.#pieces = [];
    this.#gathered = 0;
  }

  close() {
    this.#write();
    fs.closeSync(this.fd);
  }
}

/**
 * Replays a journal from the state beside it.
 * @param {string} file
 * @returns {{ applied: number, liquidatable: number, sequence: number, hash: string, checkpoints: number, damage: string | undefined }}
 * @throws UsageError where a file is missing; MarginError where it is damaged, or the state of a checkpoint is another
 */
export function replay(file) {
  const engine = Engine.restore(readBytes(startOf(file)), { decode: Book.decode });
  const journal = readJournal(readBytes(file));
  let [liquidatable, checkpoints] = [0, 0];
  for (const { kind } of journal) if (kind === 'checkpoint') checkpoints++;
  const { applied, damage } = engine.replay(journal, ({ crossings }) => {
    liquidatable += crossings.liquidatable.length;
  });
  const { sequence } = engine;
  return { applied, liquidatable, sequence, hash: engine.hash(), checkpoints, damage: damage?.message };
}
