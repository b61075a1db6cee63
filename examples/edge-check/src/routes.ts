// The routes: what each one takes, how much of it, and who may. Nothing here looks at a body.
import { Problem } from './problem.js';

export type RouteName = 'check' | 'account' | 'health' | 'marks' | 'accounts' | 'snapshot' | 'replace';

export interface Route {
  name: RouteName;
  method: 'GET' | 'POST' | 'PUT';
  /** First segment of the path; `id`: an account follows. */
  path: string;
  id?: true;
  /** Media type of the body; none: there is no body. */
  takes?: 'application/json' | 'application/octet-stream';
  /** Bytes of the body at most. */
  most: number;
  access: 'open' | 'read' | 'write';
}

const KIB = 1024;
const MIB = 1024 * KIB;
/** An account's id, and any other text of a request, in characters. */
export const MOST_TEXT = 256;

export const ROUTES: readonly Route[] = [
  { name: 'check', method: 'POST', path: 'check', takes: 'application/json', most: 64 * KIB, access: 'read' },
  { name: 'account', method: 'GET', path: 'accounts', id: true, most: 0, access: 'read' },
  { name: 'health', method: 'GET', path: 'health', most: 0, access: 'open' },
  { name: 'marks', method: 'POST', path: 'marks', takes: 'application/json', most: MIB, access: 'write' },
  { name: 'accounts', method: 'POST', path: 'accounts', takes: 'application/json', most: MIB, access: 'write' },
  { name: 'snapshot', method: 'GET', path: 'snapshot', most: 0, access: 'write' },
  {
    name: 'replace',
    method: 'PUT',
    path: 'snapshot',
    takes: 'application/octet-stream',
    most: 32 * MIB,
    access: 'write',
  },
];

/** @throws Problem 404, 405 with the methods that there are, 400 for a path or a query that nobody reads */
export function match(request: Request): { route: Route; id: string } {
  // Not with URL, which is garbage that only a full collection takes away.
  const start = request.url.indexOf('/', 8);
  const q = request.url.indexOf('?', start);
  const pathname = q < 0 ? request.url.slice(start) : request.url.slice(start, q);
  const search = q < 0 ? '' : request.url.slice(q);
  const [first = '', second, ...rest] = pathname.slice(1).split('/');
  const here = ROUTES.filter(({ path, id }) => path === first && (id === true) === (second !== undefined));
  if (here.length === 0 || rest.length > 0 || second === '')
    throw new Problem(404, 'not-found', {
      path: 'path',
      got: pathname,
      expected: 'a route of this worker: see its README',
    });
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const route = here.find((r) => r.method === method);
  if (!route) {
    const allow = here.flatMap((r) => (r.method === 'GET' ? ['GET', 'HEAD'] : [r.method])).join(', ');
    throw new Problem(405, 'method', { path: 'method', got: request.method, expected: allow }, { allow });
  }
  if (search !== '') throw new Problem(400, 'unknown-key', { path: 'query', got: search, expected: 'no query' });
  return { route, id: second === undefined ? '' : decoded(second) };
}

function decoded(segment: string): string {
  try {
    const id = decodeURIComponent(segment);
    if (id.length <= MOST_TEXT) return id;
  } catch {
    // Not UTF-8 behind its per cent signs.
  }
  throw new Problem(400, 'type', {
    path: 'path',
    got: segment,
    expected: `an id of at most ${MOST_TEXT} characters, percent-encoded`,
  });
}

/** @throws Problem 415, where a body has another media type than its route takes, or is compressed */
export function checkMedia(request: Request, { takes }: Route): void {
  if (takes === undefined) return;
  const [type = '', ...parameters] = (request.headers.get('content-type') ?? '')
    .split(';')
    .map((part) => part.trim().toLowerCase());
  const utf8 = parameters.every((p) => p === '' || p === 'charset=utf-8' || p === 'charset="utf-8"');
  if (type !== takes || !utf8)
    throw new Problem(415, 'media-type', { path: 'content-type', got: type, expected: takes }, { accept: takes });
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity')
    throw new Problem(
      415,
      'media-type',
      { path: 'content-encoding', got: encoding, expected: 'identity' },
      { 'accept-encoding': 'identity' },
    );
}
