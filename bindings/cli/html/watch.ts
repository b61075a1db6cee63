import type { Watched } from '../watch/watched.js';
export function* watchPage(_: Watched): Generator<string> {}
