// Who may: bearer tokens of the worker's bindings. Digests are compared, in constant time, so neither length nor prefix of a
// token shows in how long a refusal takes.
import { Problem } from './problem.js';
import type { Route } from './routes.js';

export interface Tokens {
  /** Needed by every route that writes, and by the export of the book. Without it those routes are closed. */
  WRITE_TOKEN?: string;
  /** Needed by checks and accounts, where it is set; the write token does as well. */
  READ_TOKEN?: string;
}

const digest = (text: string): Promise<ArrayBuffer> => crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));

async function same(token: string, secret: string): Promise<boolean> {
  const [a, b] = await Promise.all([digest(token), digest(secret)]);
  return crypto.subtle.timingSafeEqual(a, b);
}

/** @throws Problem 401, 403 */
export async function checkAccess(request: Request, { access }: Route, tokens: Tokens): Promise<void> {
  if (access === 'open' || (access === 'read' && !tokens.READ_TOKEN)) return;
  if (access === 'write' && !tokens.WRITE_TOKEN)
    throw new Problem(403, 'closed', {
      path: 'WRITE_TOKEN',
      expected: 'the binding WRITE_TOKEN: without it nobody may write',
    });
  const [, token = ''] = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? [];
  const secrets = [tokens.WRITE_TOKEN, ...(access === 'read' ? [tokens.READ_TOKEN] : [])];
  // No early end: every secret is looked at.
  const fits = await Promise.all(secrets.map((secret) => (secret ? same(token, secret) : false)));
  if (!fits.includes(true))
    throw new Problem(
      401,
      'unauthorized',
      { path: 'authorization', expected: `Bearer and the ${access} token` },
      { 'www-authenticate': 'Bearer' },
    );
}
