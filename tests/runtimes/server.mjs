// Serves a folder on loopback, with the policy that a careful site has. Pages named in `without` may not even compile WebAssembly.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** @param {string} folder @param {RegExp} without */
export async function serve(folder, without) {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = path.endsWith('/') ? `${path}index.html` : path;
    const wasm = without.test(file) ? '' : " 'wasm-unsafe-eval'";
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    const policy = `default-src 'none'; script-src 'self' 'unsafe-inline'${wasm}`;
    const headers = { 'content-type': type, 'content-security-policy': policy };
    await readFile(join(folder, file)).then(
      (bytes) => response.writeHead(200, headers).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', () => done(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}
