// For browsers: leaves the answer, or the error, in the title's place: `window.answer`.
import { answer } from './kernel.js';

(globalThis as { answer?: string }).answer = await answer().then(JSON.stringify, (error: Error) =>
  JSON.stringify({ error: `${error.message}\n${error.stack}` }),
);
