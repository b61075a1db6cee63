// A static server on the loopback for the built page, at its root and below a path, that keeps what it was asked for.
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
/** The page has to work below any path. */
export const SUB_PATH = '/some/folder/';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

export class StaticServer {
  /** Paths, in the order in which they were asked for. */
  readonly asked: string[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<StaticServer> {
    const server = createServer();
    const own = new StaticServer(server);
    server.on('request', async ({ url = '/' }, response) => {
      const { pathname } = new URL(url, 'http://localhost');
      own.asked.push(pathname);
      const path = pathname.startsWith(SUB_PATH) ? pathname.slice(SUB_PATH.length) : pathname.slice(1);
      const file = normalize(path === '' ? 'index.html' : path);
      try {
        if (file.startsWith('..')) throw new RangeError('outside');
        const bytes = await readFile(`${DIST}${file}`);
        response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(bytes);
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return own;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}
