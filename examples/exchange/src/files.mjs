// Files that the command line names: refusals in a sentence.
import fs from 'node:fs';

/** What the caller of the program has to mend, where no number is to blame. */
export class UsageError extends Error {}

/** @param {string} file @returns {Buffer} @throws UsageError */
export function readBytes(file) {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${reasonOf(error)}`);
  }
}

/**
 * Opens a file that is not there yet: nothing is ever written over.
 * @param {string} file
 * @returns {number}
 * @throws UsageError
 */
export function createFile(file) {
  try {
    return fs.openSync(file, 'wx');
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${reasonOf(error)}`);
  }
}

/** @type {Record<string, string>} */
const REASONS = {
  ENOENT: 'no such file or folder',
  EEXIST: 'it is there already',
  EISDIR: 'it is a folder',
  EACCES: 'not allowed',
};

/** @param {unknown} error */
function reasonOf(error) {
  const { code = '', message } = /** @type {NodeJS.ErrnoException} */ (error);
  return REASONS[code] ?? message;
}
