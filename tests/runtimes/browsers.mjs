// Browsers of Debian: Chromium and Firefox by WebDriver BiDi or the debugging protocol (puppeteer), WebKitGTK by plain WebDriver calls.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { load, program } from '../../scripts/tools.mjs';

/** What both kinds can do: open a page and wait for what it leaves in `window.answer`. @typedef {{ version: string, answer(url: string): Promise<any>, close(): Promise<void> }} Browser */

const PATIENCE = 120_000;

/** @param {'chrome' | 'firefox'} browser @param {string} version - of puppeteer-core @returns {Promise<Browser>} */
export async function puppet(browser, version) {
  const { default: puppeteer } = await load('puppeteer-core', version);
  const executablePath =
    browser === 'chrome' ? program('/usr/bin/chromium', 'chromium') : program('/usr/bin/firefox-esr', 'firefox-esr');
  const args = browser === 'chrome' ? ['--no-sandbox', '--disable-background-networking', '--disable-quic'] : [];
  const opened = await puppeteer.launch({ browser, executablePath, args, headless: true });
  return {
    version: /[\d.]+/.exec(await opened.version())?.[0] ?? '',
    async answer(url) {
      const page = await opened.newPage();
      try {
        await page.goto(url);
        const answer = await page.waitForFunction('window.answer', { timeout: PATIENCE, polling: 200 });
        return answerIn(await answer.jsonValue());
      } finally {
        await page.close();
      }
    },
    close: () => opened.close(),
  };
}

/** WebKitGTK's own small browser, on a screen that nobody sees. @returns {Promise<Browser>} */
export async function webkit() {
  const driver = program('/usr/bin/WebKitWebDriver', 'webkit2gtk-driver');
  const screen = program('/usr/bin/Xvfb', 'xvfb');
  const binary = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/webkit2gtk-4.1/MiniBrowser`;
  program(binary, 'webkit2gtk-driver');

  // Xvfb names a free display on descriptor 3.
  const display = spawn(screen, ['-displayfd', '3', '-screen', '0', '1280x900x24'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [number] = await once(/** @type {import('node:stream').Readable} */ (display.stdio[3]), 'data');
  const port = await freePort();
  const env = { ...process.env, DISPLAY: `:${String(number).trim()}`, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' };
  const service = spawn(driver, [`--port=${port}`], { stdio: 'ignore', env });
  const call = async (/** @type {string} */ method, /** @type {string} */ path, /** @type {unknown} */ body) => {
    const init = { method, body: body === undefined ? undefined : JSON.stringify(body) };
    const { value } = await (await fetch(`http://127.0.0.1:${port}${path}`, /** @type {RequestInit} */ (init))).json();
    if (value?.error) throw new Error(`WebKitWebDriver: ${value.error}: ${value.message}`);
    return value;
  };
  await until(() => call('GET', '/status', undefined).catch(() => null), 10_000);
  const options = { binary, args: ['--automation'] };
  const { sessionId, capabilities } = await call('POST', '/session', {
    capabilities: { alwaysMatch: { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options } },
  });
  return {
    version: capabilities.browserVersion,
    async answer(url) {
      await call('POST', `/session/${sessionId}/url`, { url });
      const script = { script: 'return window.answer ?? null', args: [] };
      return answerIn(await until(() => call('POST', `/session/${sessionId}/execute/sync`, script), PATIENCE));
    },
    async close() {
      await call('DELETE', `/session/${sessionId}`, undefined);
      service.kill();
      display.kill();
    },
  };
}

/** @param {string} text */
function answerIn(text) {
  const answer = JSON.parse(text);
  if (answer.error) throw new Error(answer.error);
  return answer;
}

/** Asks until there is something. @template T @param {() => Promise<T | null>} ask @param {number} patience @returns {Promise<T>} */
async function until(ask, patience) {
  const end = Date.now() + patience;
  while (Date.now() < end) {
    const answer = await ask();
    if (answer !== null) return answer;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`nothing came within ${patience / 1000} s`);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  return port;
}
