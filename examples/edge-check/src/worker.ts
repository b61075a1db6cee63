// The door: which route it is, who asks, and of what media type the body is. What passes goes to the object that has the book.
import { checkAccess, type Tokens } from './access.js';
import { problemResponse } from './problem.js';
import { checkMedia, match } from './routes.js';

export { BookRoom } from './room.js';

interface Env extends Tokens {
  BOOK: DurableObjectNamespace;
}

export default {
  async fetch(request, env): Promise<Response> {
    try {
      const { route } = match(request);
      await checkAccess(request, route, env);
      checkMedia(request, route);
      return await env.BOOK.get(env.BOOK.idFromName('book')).fetch(request);
    } catch (error) {
      return problemResponse(error);
    }
  },
} satisfies ExportedHandler<Env>;
