// Where the command line writes. Text goes out in pieces with back-pressure, so a report of a million accounts never becomes
// one string; a reader that closes early (| head) ends the program quietly.

export interface Terminal {
  /** What is piped in, piece by piece; none: nothing is, or nobody may ask. */
  in?: AsyncIterable<Uint8Array> & { isTTY?: boolean };
  out: NodeJS.WritableStream;
  err: NodeJS.WritableStream & { isTTY?: boolean };
  /** ANSI colours on `out`. */
  colour: boolean;
  /** Width of `out` in characters. */
  columns: number;
}

/** Words are wrapped at the width of the terminal, within these bounds; tables are cut at the upper one. */
const LEAST_WIDTH = 60;
export const MOST_WIDTH = 120;

export const widthOf = (columns: number): number => Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, columns));

/** Characters gathered before a write. */
const PIECE = 1 << 16;

export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  const colour = stdout.isTTY === true && env.NO_COLOR === undefined && env.TERM !== 'dumb';
  return {
    // Opened for those alone who ask: other commands read the file behind it at once.
    get in() {
      return process.stdin;
    },
    out: stdout,
    err: stderr,
    colour,
    columns: stdout.columns ?? 100,
  };
}

/**
 * Ends the program when the reader has gone: what it did not read, it did not want. Where nothing can be written, a full disk say,
 * it is bad input: 1 would say something of the book.
 */
export function leaveWithReader(stream: NodeJS.WritableStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    if (stream === process.stdout) process.stderr.write(`margin-kernel: cannot write the output: ${error.message}\n`);
    process.exit(2);
  });
}

/** Writes parts one after the other, waiting whenever the stream is full. */
export async function pour(stream: NodeJS.WritableStream, parts: Iterable<string>): Promise<void> {
  let piece = '';
  for (const part of parts) {
    piece += part;
    if (piece.length < PIECE) continue;
    await push(stream, piece);
    piece = '';
  }
  if (piece !== '') await push(stream, piece);
}

/** A piece, and where the stream is full, its drain; an error of the stream is ours. */
function push(stream: NodeJS.WritableStream, piece: string): Promise<void> | undefined {
  if (stream.write(piece)) return undefined;
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      stream.removeListener('drain', settle);
      stream.removeListener('error', settle);
      if (error) reject(error);
      else resolve();
    };
    stream.once('drain', settle);
    stream.once('error', settle);
  });
}
