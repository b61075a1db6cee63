// For workerd: answers any request.
import { answer } from './kernel.js';

export default { fetch: async (): Promise<Response> => Response.json(await answer()) };
