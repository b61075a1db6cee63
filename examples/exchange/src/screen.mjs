// A live screen on a terminal: the alternate one, redrawn in place, and given back however the run ends.

// No cursor, and no wrapping: on a terminal that is too narrow lines are cut.
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const REST_OF_LINE = '\x1b[K';
const REST_OF_SCREEN = '\x1b[J';

export class Screen {
  #open = false;
  #leave = () => this.leave();

  /** @param {NodeJS.WriteStream} stream */
  constructor(stream) {
    this.stream = stream;
  }

  get size() {
    return { width: this.stream.columns || 80, height: this.stream.rows || 24 };
  }

  /** @param {readonly string[]} lines */
  draw(lines) {
    if (!this.#open) {
      this.#open = true;
      this.stream.write(ENTER);
      // Whatever ends the program, the terminal is given back.
      process.on('exit', this.#leave);
    }
    const text = lines.slice(0, this.size.height).map((line) => line + REST_OF_LINE);
    this.stream.write(`${HOME}${text.join('\r\n')}${REST_OF_SCREEN}`);
  }

  leave() {
    if (!this.#open) return;
    this.#open = false;
    process.off('exit', this.#leave);
    this.stream.write(LEAVE);
  }
}
