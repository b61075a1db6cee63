// What a stage reports about itself, and what every kind of stage can do. A kind is one file in stages/, listed in stage.ts.
import type { Row } from '../venues/rows.js';
import type { Amount } from './amount.js';
import type { Running } from './running.js';

/** What a stage has done, as the trace keeps it. */
export interface Step {
  stage: string;
  kind: string;
  /**
   * - `applied`: something was posted or decided
   * - `idle`: there was nothing to do for it, or nobody to ask
   * - `held`: its trigger said no
   * - `stopped`: it has ended the run
   */
  status: 'applied' | 'idle' | 'held' | 'stopped';
  /** Open deficits before it and after it, minor units. */
  need: Amount;
  open: Amount;
  /** What it could have given at most when it was asked, minor units; null: no limit, or it gives nothing. */
  capacity: Amount | null;
  /** Units of rounding that a named account bore (above 0) or received (below 0). */
  dust: Amount;
  /** Accounts that it moved something of. */
  participants: number;
  /** What else there is to say: a decision, a price, a count. */
  detail?: Readonly<Record<string, unknown>>;
}

/** What a stage answers when it has run. */
export type Done = Partial<Pick<Step, 'status' | 'capacity' | 'dust' | 'participants' | 'detail'>>;

/** A stage that has been read. */
export interface Work {
  kind: string;
  id: string;
  path: string;
  /** Refuses what could not be done, before anything is posted. @throws MarginError */
  check?(run: Running): void;
  /** Whether it can pay for deficits, and counts when one asks how far they reach; default false. */
  absorbs?: boolean;
  /** Whether it is to act now; default always. */
  asked?(run: Running): boolean;
  /** Whether it acts where nothing is open; default false. */
  always?: boolean;
  run(run: Running): Done;
}

/** Reads the data of a kind of stage. @throws MarginError */
export type StageReader = (row: Row) => Work;
