// What a refusal looks like on the wire: problem+json (RFC 9457) with the code, path, got, expected and hint of a MarginError.
import { MarginError } from 'margin-kernel';

/** What the worker itself refuses, beside the codes of MarginError. */
export type ProblemCode =
  | 'not-found'
  | 'method'
  | 'media-type'
  | 'too-large'
  | 'timeout'
  | 'unauthorized'
  | 'closed'
  | 'sequence'
  | 'busy'
  | 'no-book'
  | 'unavailable'
  | 'internal';

interface Details {
  path?: string;
  got?: unknown;
  expected?: string;
  hint?: string;
}

/** Texts of a problem are no longer than this, whatever was sent. */
const MOST_TEXT = 160;

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: ProblemCode | MarginError['code'],
    readonly details: Details = {},
    readonly headers: Record<string, string> = {},
  ) {
    super(code);
  }
}

/** A refusal of the text itself, before anybody asks what it means. */
export const badText = (code: MarginError['code'], path: string, expected: string): Problem =>
  new Problem(400, code, { path, expected });

/** There is nothing to answer from: none has been put, or what was stored cannot be read. */
export const noBook = (why: 'empty' | 'damaged'): Problem =>
  new Problem(
    503,
    'no-book',
    {
      path: 'book',
      expected: 'a snapshot: PUT /snapshot',
      hint: why === 'empty' ? 'None has been put yet' : 'What was stored cannot be read',
    },
    { 'retry-after': '5' },
  );

const TITLES: Record<number, string> = {
  400: 'The text cannot be read',
  401: 'A token is needed',
  403: 'Closed',
  404: 'Not found',
  405: 'Another method',
  408: 'Too slow',
  409: 'Not now',
  413: 'Too large',
  415: 'Another media type',
  422: 'Refused',
  500: 'A defect of the worker',
  503: 'No book',
};

/** A value as JSON can show it, cut short. */
function shown(value: unknown): unknown {
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string') return cut(value);
  return Array.isArray(value)
    ? `a list of ${value.length}`
    : typeof value === 'object'
      ? 'an object'
      : cut(String(value));
}

/** Well-formed and short: half a surrogate pair would not survive UTF-8. */
const cut = (text: string): string =>
  (text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 3)}...` : text).replace(/\p{Surrogate}/gu, '\ufffd');

/** The answer to a refusal. What is neither a Problem nor a MarginError is a defect of this worker: it is logged, and told nobody. */
export function problemResponse(error: unknown): Response {
  if (error instanceof MarginError) {
    const { path, index, got, expected, hint } = error;
    const where = path === undefined || index === undefined ? path : `${path}[${index}]`;
    const details = {
      ...(where === undefined ? {} : { path: where }),
      ...('got' in error && got !== undefined ? { got } : {}),
    };
    const more = { ...(expected === undefined ? {} : { expected }), ...(hint === undefined ? {} : { hint }) };
    return respond(422, error.code, { ...details, ...more }, error.message, {});
  }
  if (error instanceof Problem) {
    const { path, expected, hint } = error.details;
    const detail = [path, expected && `expected ${expected}`, hint].filter(Boolean).join(': ') || error.code;
    return respond(error.status, error.code, error.details, detail, error.headers);
  }
  console.error(error);
  return respond(500, 'internal', {}, 'The request is not to blame', {});
}

function respond(
  status: number,
  code: string,
  { path, got, expected, hint }: Details,
  detail: string,
  headers: Record<string, string>,
): Response {
  const body = {
    type: `urn:margin-kernel:problem:${code}`,
    title: TITLES[status] ?? 'Refused',
    status,
    detail: cut(detail),
    code,
    ...(path === undefined ? {} : { path: cut(path) }),
    ...(got === undefined ? {} : { got: shown(got) }),
    ...(expected === undefined ? {} : { expected: cut(expected) }),
    ...(hint === undefined ? {} : { hint: cut(hint) }),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  });
}
