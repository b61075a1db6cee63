// The page's one moving part: a state, the book that it makes, the numbers of that book, and views that show them. A change is
// computed at once for what stands now; what may come follows when there is time for it.
import { MarginError } from 'margin-kernel/reference/var';
import { place } from './drivers.ts';
import { type Engine, type Engines, engineFor } from './engine.ts';
import { History } from './history.ts';
import { type Ahead, ahead, type Now, now, type Opened, open } from './measure.ts';
import type { State } from './state.ts';

export interface View {
  /** @param structure - rows may have come or gone: not only numbers have changed */
  update(app: App, structure: boolean): void;
}

/** Answers that take less than this follow a drag, milliseconds; but only so often that most of the time is left for the drag. */
const FLUENT = 150;
const SHARE = 4;
/** Others wait until it has rested for so long. */
const REST = 140;

export class App {
  readonly engines: Engines;
  readonly #history: History<State>;
  readonly #views: View[] = [];
  readonly #settled: ((app: App) => void)[] = [];
  opened: Opened;
  now: Now;
  /** Of the state that was settled last; old while `pending`. */
  ahead: Ahead;
  pending = false;
  /** Whether `ahead` is another than at the update before. */
  fresh = true;
  #timer = 0;
  #cost = 0;
  #settledAt = 0;
  #structure = false;
  #frame = 0;
  /** The state whose prices the book is at. */
  #shown: State;

  /** @throws MarginError where the state's book is refused */
  constructor(engines: Engines, state: State) {
    this.engines = engines;
    this.#history = new History(state);
    this.opened = open(this.engine, state);
    this.now = now(this.opened, state);
    this.ahead = ahead(this.opened, state, this.now);
    this.#shown = state;
  }

  get state(): State {
    return this.#history.present;
  }

  get engine(): Engine {
    return engineFor(this.engines, this.#history.present.engine);
  }

  get canUndo(): boolean {
    return this.#history.canUndo;
  }

  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  add(...views: View[]): void {
    this.#views.push(...views);
  }

  /** Runs after what may come was computed. */
  onSettled(listener: (app: App) => void): void {
    this.#settled.push(listener);
  }

  /**
   * Takes a step that can be taken back.
   * @param kind - steps of one kind that follow one another fast are one
   * @param structure - whether rows of tables may have come or gone
   * @returns why the book refuses it; nothing has changed then
   */
  change(next: State, kind = '', structure = true): MarginError | null {
    const problem = this.#take(next);
    if (problem) return problem;
    this.#history.push(next, kind);
    this.#show(structure);
    return null;
  }

  /** Changes how the page looks at the book; no step. */
  look(next: State): MarginError | null {
    const problem = this.#take(next);
    if (problem) return problem;
    this.#history.replace(next);
    this.#show(false);
    return null;
  }

  undo(): void {
    const { rule, moves, focus, engine } = this.state;
    if (this.#history.undo()) this.#retake({ rule, moves, focus, engine });
  }

  redo(): void {
    const { rule, moves, focus, engine } = this.state;
    if (this.#history.redo()) this.#retake({ rule, moves, focus, engine });
  }

  /** Shows everything anew, with the numbers that there are. */
  refresh(): void {
    this.#structure = true;
    this.fresh = true;
    this.#update();
  }

  /** Numbers of the same state on another engine. */
  on(engine: Engine): { now: Now; ahead: Ahead } {
    const opened = open(engine, this.state);
    const at = now(opened, this.state);
    return { now: at, ahead: ahead(opened, this.state, at) };
  }

  /** @param look - how the page looks at the book is no step: it stays */
  #retake(look: Partial<State>): void {
    this.#history.replace({ ...this.state, ...look });
    this.#take(this.state);
    this.#show(true);
  }

  #take(next: State): MarginError | null {
    const { opened } = this;
    const shown = this.#shown;
    const engine = engineFor(this.engines, next.engine);
    try {
      if (
        opened.engine === engine &&
        shown.venue === next.venue &&
        shown.accounts === next.accounts &&
        shown.account === next.account
      ) {
        place(opened.book, opened.drivers, next.prices);
      } else {
        this.opened = open(engine, next);
      }
    } catch (error) {
      if (!(error instanceof MarginError)) throw error;
      place(opened.book, opened.drivers, shown.prices);
      return error;
    }
    this.#shown = next;
    return null;
  }

  #show(structure: boolean): void {
    this.#structure ||= structure;
    this.pending = true;
    document.documentElement.dataset.settled = 'no';
    // Rows come and go at once; moves of a price are shown once a frame.
    if (structure) {
      this.#paint();
      return;
    }
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.now = now(this.opened, this.state);
    clearTimeout(this.#timer);
    const rested = performance.now() - this.#settledAt > SHARE * this.#cost;
    if (this.#cost < FLUENT && rested) this.#settle();
    else {
      this.#timer = window.setTimeout(() => {
        this.#settle();
        this.#update();
      }, REST);
    }
    this.#update();
  }

  #settle(): void {
    const start = performance.now();
    this.ahead = ahead(this.opened, this.state, this.now);
    this.#settledAt = performance.now();
    this.#cost = this.#settledAt - start;
    this.fresh = true;
    this.pending = false;
  }

  #update(): void {
    const structure = this.#structure;
    this.#structure = false;
    for (const view of this.#views) view.update(this, structure);
    this.fresh = false;
    this.#history.shown();
    if (this.pending) return;
    document.documentElement.dataset.settled = 'yes';
    for (const listener of this.#settled) listener(this);
  }
}
