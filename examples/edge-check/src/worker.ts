// The door: which route it is, who asks, and of what media type the body is. What asks for risk is answered here, from the book
// of this isolate; what changes the book, or is about all of it, goes to the object.
import { checkAccess, type Tokens } from './access.js';
import { readBody } from './body.js';
import { leastOf } from './checks.js';
import { readJSON } from './json.js';
import { problemResponse } from './problem.js';
import { current, follow, type Source } from './replica.js';
import { json } from './response.js';
import { checkMedia, match } from './routes.js';

export { BookRoom } from './room.js';

interface Env extends Tokens {
  BOOK: DurableObjectNamespace;
}

async function answer(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
  const { route, id } = match(request);
  await checkAccess(request, route, env);
  checkMedia(request, route);
  // Its methods are called from another isolate, or this one: the types of that would ask that all of a batch has a type.
  const room = () => env.BOOK.get(env.BOOK.idFromName('book')) as DurableObjectStub & Source;
  if (route.name === 'account') return json((await current(room, ctx)).account(id));
  if (route.name === 'check') {
    const body = readJSON(await readBody(request, route.most));
    return json((await current(room, ctx, leastOf(body))).check(body));
  }
  const response = await room().fetch(request);
  // Who has been told that a batch is taken finds it in the next check.
  if (response.ok && route.access === 'write' && route.method !== 'GET') await follow(room, ctx).catch(console.error);
  return response;
}

export default {
  async fetch(request, env, ctx): Promise<Response> {
    try {
      const response = await answer(request, env, ctx);
      return request.method === 'HEAD' ? new Response(null, response) : response;
    } catch (error) {
      return problemResponse(error);
    }
  },
} satisfies ExportedHandler<Env>;
