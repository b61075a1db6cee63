// What a stage reports about itself, and what every kind of stage can do. A kind is one file in stages/, listed in stage.ts.
import type { Row } from '../venues/rows.js';
import type { Amount } from './amount.js';
import type { Running } from './running.js';

/**
 * Why a stage has done nothing.
 * - `nothingOpen`: no deficit was left for it
 * - `trigger`: its trigger said no
 * - `noPositions`: defaulters hold none in the event's markets, or the event leaves those of solvent ones alone
 * - `noBids`: the event has none for it
 * - `noBook`: the event has no order books; one without orders on the side that closes has `refused`
 * - `noPrices`: the event has no prices of other assets
 * - `noPurse`: no account has anything in the purse that it takes from
 * - `guarded`: a guard has forbidden it in all markets that are meant
 * - `empty`: who is asked has nothing to give
 * - `nobody`: there is nobody to ask, or nobody on the other side
 * - `refused`: no bid, order or default was within its bounds
 * - `full`: the fund has its target
 * - `settled`: the market was settled before
 */
export type Because =
  | 'nothingOpen'
  | 'trigger'
  | 'noPositions'
  | 'noBids'
  | 'noBook'
  | 'noPrices'
  | 'noPurse'
  | 'guarded'
  | 'empty'
  | 'nobody'
  | 'refused'
  | 'full'
  | 'settled';

/** What a stage has done, as the trace keeps it. */
export interface Step {
  /** Id of the stage. */
  stage: string;
  /** Kind of the stage. */
  kind: string;
  /**
   * - `applied`: something was posted or decided
   * - `idle`: there was nothing to do for it, or nobody to ask
   * - `held`: its trigger said no
   * - `stopped`: it has ended the run
   */
  status: 'applied' | 'idle' | 'held' | 'stopped';
  /** Why it was idle or held. */
  because?: Because;
  /** Open deficits before it and after it, minor units. */
  need: Amount;
  /** Open deficits after it, minor units. */
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
export type Done = Partial<Pick<Step, 'capacity' | 'dust' | 'participants' | 'detail'>> &
  ({ status: 'applied' | 'stopped' } | Idle);

/** Nothing was done, and why. */
export interface Idle {
  status: 'idle';
  because: Because;
}

/** What a stage that may have found nothing to do has done. @param because - why, where it has done nothing */
export const doneIf = (done: boolean, because: () => Because): { status: 'applied' } | Idle =>
  done ? { status: 'applied' } : { status: 'idle', because: because() };

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
