// The doors of a book for scenarios: expiries, options and models from JSON and back, and models into packed rows. A book has them
// where its engine does; books of the default entry do without, and so does their code.
import { compileModels } from './compile.js';
import { expiryJSON, readExpiry } from './expiry.js';
import { explainUnit } from './explain.js';
import { readModel } from './model.js';
import { movedAsset, movedMarket, namedBalance, namedHolders, namedMarket } from './named.js';
import { readOption } from './option.js';

export const doors = {
  readExpiry,
  expiryJSON,
  readOption,
  readModel,
  compileModels,
  explainUnit,
  namedMarket,
  namedBalance,
  namedHolders,
  movedMarket,
  movedAsset,
} as const;
export type ScenarioDoors = typeof doors;
