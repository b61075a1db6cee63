// Undo and redo: states that were, and states that were taken back.

/** Changes of one kind that follow one another this fast are one step: a drag, a word that is typed. */
const TOGETHER = 1_000;
const MOST = 200;

export class History<T> {
  #past: T[] = [];
  #future: T[] = [];
  #present: T;
  #kind = '';
  #time = Number.NEGATIVE_INFINITY;

  constructor(start: T) {
    this.#present = start;
  }

  get present(): T {
    return this.#present;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** @param kind - changes of equal kind within a second are taken back together; '' never */
  push(next: T, kind = '', time = Date.now()): void {
    const joins = kind !== '' && kind === this.#kind && time - this.#time < TOGETHER;
    if (!joins) this.#past = [...this.#past.slice(1 - MOST), this.#present];
    this.#future = [];
    this.#present = next;
    this.#kind = kind;
    this.#time = time;
  }

  /** The page has caught up with the last change only now: what follows at once belongs to it. */
  shown(time = Date.now()): void {
    this.#time = Math.max(this.#time, time);
  }

  /** Another present that is no step of its own: how the page looks at the book. */
  replace(next: T): void {
    this.#present = next;
  }

  undo(): boolean {
    const last = this.#past.pop();
    if (last === undefined) return false;
    this.#future.push(this.#present);
    this.#present = last;
    this.#kind = '';
    return true;
  }

  redo(): boolean {
    const next = this.#future.pop();
    if (next === undefined) return false;
    this.#past.push(this.#present);
    this.#present = next;
    this.#kind = '';
    return true;
  }
}
