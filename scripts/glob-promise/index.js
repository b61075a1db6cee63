// Stands in for the npm package of this name, which drags an old npm into node_modules/.bin; as-pect needs this one function.
import { promisify } from 'node:util';
import glob from 'glob';

export const promise = promisify(glob);
