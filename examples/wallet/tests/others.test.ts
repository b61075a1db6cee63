// The built page in the other two families of browsers: it loads, says nothing to the console's error, and its headline number is Node's.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { accountMargin, Book, liquidationPrices } from 'margin-kernel/scenario';
import puppeteer from 'puppeteer-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bookOf, START } from '../src/state.ts';
import { StaticServer } from './server.ts';

const FIREFOX = '/usr/bin/firefox-esr';
const WEBKIT_DRIVER = '/usr/bin/WebKitWebDriver';
const MINI_BROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';
const XVFB = '/usr/bin/Xvfb';

const firefox = existsSync(FIREFOX);
const webkit = [WEBKIT_DRIVER, MINI_BROWSER, XVFB].every((file) => existsSync(file));
if (!firefox) console.log('skipped: Firefox is missing; install the Debian package firefox-esr.');
if (!webkit) console.log('skipped: WebKitGTK is missing; install the Debian packages webkit2gtk-driver and xvfb.');

let server: StaticServer;
beforeAll(async () => {
  server = await StaticServer.start();
});
afterAll(() => server?.close());

/** Run in the page: what stands there once it is ready. */
const READ = `(() => {
  const value = (name) => document.querySelector('[data-figure="' + name + '"]')?.getAttribute('value');
  return { ready: document.documentElement.dataset.ready, engine: document.documentElement.dataset.engine,
    equity: value('margin.equity'), down: value('exits.0.down'), first: document.getElementById('first')?.textContent };
})()`;

interface Read {
  ready?: string;
  engine?: string;
  equity?: string;
  down?: string;
  first?: string;
}

function expectNodes(read: Read, engine: 'wasm' | 'reference'): void {
  const book = Book.fromJSON(bookOf(START));
  expect(read).toEqual({
    ready: 'yes',
    engine,
    equity: String(accountMargin(book, 'me').equity),
    down: String(liquidationPrices(book, 'me')[0]?.down),
    first: expect.stringContaining('Liquidated if SOL-PERP falls'),
  });
}

/** Asks until the page is ready. */
async function whenReady(read: () => Promise<Read>): Promise<Read> {
  for (let tries = 0; ; tries++) {
    const got = await read();
    if (got?.ready === 'yes' || tries === 300) return got;
    await new Promise((done) => setTimeout(done, 100));
  }
}

it.skipIf(!firefox)('Firefox shows the numbers of Node, on both pages', async () => {
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath: FIREFOX });
  try {
    for (const [path, engine] of [
      ['index.html', 'wasm'],
      ['reference.html', 'reference'],
    ] as const) {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => complaints.push(message.text()));
      await page.goto(`${server.origin}/${path}`);
      expectNodes(await whenReady(() => page.evaluate(READ) as Promise<Read>), engine);
      expect(complaints).toEqual([]);
    }
  } finally {
    await browser.close();
  }
});

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => done(port));
    });
  });

/** An X server of its own; the driver's browser wants one. */
async function startXvfb(): Promise<{ child: ChildProcess; display: string }> {
  const child = spawn(XVFB, ['-displayfd', '1', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const display = await new Promise<string>((done, fail) => {
    child.stdout?.once('data', (text) => done(`:${String(text).trim()}`));
    child.once('exit', (code) => fail(new Error(`Xvfb ended with ${code}`)));
  });
  return { child, display };
}

it.skipIf(!webkit)('WebKitGTK shows the numbers of Node, on both pages', async () => {
  const { child: xvfb, display } = await startXvfb();
  const port = await freePort();
  // Sandboxes of browsers do not run inside of containers; the page is this folder's own.
  const env = {
    ...process.env,
    DISPLAY: display,
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    XDG_RUNTIME_DIR: tmpdir(),
  };
  const driver = spawn(WEBKIT_DRIVER, [`--port=${port}`], { stdio: 'ignore', env });
  let session: string | undefined;
  const ask = async (method: string, path: string, body?: unknown): Promise<{ value: unknown }> => {
    const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    return (await fetch(`http://127.0.0.1:${port}${path}`, init)).json() as Promise<{ value: unknown }>;
  };
  try {
    for (let tries = 0; tries < 100; tries++) {
      const up = await ask('GET', '/status').catch(() => null);
      if (up) break;
      await new Promise((done) => setTimeout(done, 100));
    }
    const options = { binary: MINI_BROWSER, args: ['--automation'] };
    const made = await ask('POST', '/session', {
      capabilities: { alwaysMatch: { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options } },
    });
    session = (made.value as { sessionId?: string }).sessionId;
    expect(session, JSON.stringify(made)).toBeTypeOf('string');
    for (const [path, engine] of [
      ['index.html', 'wasm'],
      ['reference.html', 'reference'],
    ] as const) {
      await ask('POST', `/session/${session}/url`, { url: `${server.origin}/${path}` });
      const run = { script: `return ${READ}`, args: [] };
      const read = await whenReady(
        async () => (await ask('POST', `/session/${session}/execute/sync`, run)).value as Read,
      );
      expectNodes(read, engine);
    }
  } finally {
    if (session) await ask('DELETE', `/session/${session}`).catch(() => {});
    driver.kill();
    xvfb.kill();
  }
});
