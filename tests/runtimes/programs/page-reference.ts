// For browsers that may not compile WebAssembly: as page.ts.
import { answer } from './reference.js';

(globalThis as { answer?: string }).answer = await answer().then(JSON.stringify, (error: Error) =>
  JSON.stringify({ error: `${error.message}\n${error.stack}` }),
);
