// For Node, Deno and Bun: milliseconds from the import to the first answer, and the answer.
import { first } from './first.js';

const start = performance.now();
const answer = await first();
console.log(JSON.stringify({ ms: performance.now() - start, answer }));
