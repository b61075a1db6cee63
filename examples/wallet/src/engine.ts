// The two engines that the page can compute with. Calls on a book are the same functions for both; a book brings its engine.
import type { BookBase, BookJSON, MonteCarloOptions, MonteCarloScenarios } from 'margin-kernel/reference/var';
import type { EngineName } from './state.ts';

export interface Engine {
  name: EngineName;
  fromJSON: (json: BookJSON) => BookBase;
  monteCarlo: (options: MonteCarloOptions) => MonteCarloScenarios;
}

/** What is there; `wasm` is missing where the page may not compile it. */
export interface Engines {
  wasm?: Engine;
  reference: Engine;
}

/** The engine that was asked for, or the one that is there. */
export const engineFor = (engines: Engines, name: EngineName): Engine => engines[name] ?? engines.reference;
