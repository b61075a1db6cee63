// The built page in Debian's Chromium: opened, watched, moved and read by the tests.
import { existsSync } from 'node:fs';
import type { BookJSON } from 'margin-kernel/var';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { expectedOf, type Figures, jointOf } from './expected.ts';
import { StaticServer } from './server.ts';

const CHROMIUM = '/usr/bin/chromium';
/** Whether there is one; a suite without it is skipped. */
export const there = existsSync(CHROMIUM);
if (!there) console.log('skipped: Chromium is missing; install the Debian package chromium.');
/** Of the suite that runs; see `inChromium`. */
export let browser: Browser;
export let server: StaticServer;

/** Tests that share a browser and a server. */
export function inChromium(name: string, tests: () => void): void {
  describe.skipIf(!there)(name, () => {
    beforeAll(async () => {
      server = await StaticServer.start();
      const args = ['--no-sandbox', '--disable-background-networking'];
      browser = await chromium.launch({ executablePath: CHROMIUM, args });
    });
    afterAll(async () => {
      await browser?.close();
      await server?.close();
    });
    afterEach(async () => {
      for (const context of browser.contexts()) await context.close();
    });
    tests();
  });
}

/** What a page did that it should not. */
export interface Watched {
  page: Page;
  requests: string[];
  complaints: string[];
}

/** @param before - runs in the page before its scripts */
export async function visit(path = '/', options: BrowserContextOptions = {}, before?: () => void): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    colorScheme: 'light',
    ...options,
  });
  const page = await context.newPage();
  const watched: Watched = { page, requests: [], complaints: [] };
  page.on('request', (request) => watched.requests.push(request.url()));
  page.on('console', (message) => watched.complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => watched.complaints.push(String(error)));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`policy: ${violatedDirective} ${blockedURI}`),
    );
  });
  if (before) await page.addInitScript(before);
  await page.goto(`${server.origin}${path}`);
  await page.waitForSelector('html[data-ready=yes]');
  await settled(page);
  return watched;
}

export const settled = async (page: Page): Promise<void> => {
  // A change is shown by the next frame.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.waitForSelector('html[data-settled=yes]');
};

/** All figures of a page, exactly; one that stands twice has to say the same. */
export const figuresOf = (page: Page): Promise<Figures> =>
  page.evaluate(() => {
    const figures: Record<string, number | null> = {};
    for (const node of document.querySelectorAll<HTMLDataElement>('data[data-figure]')) {
      const value = node.value === 'null' ? null : Number(node.value);
      const name = node.dataset.figure ?? '';
      if (name in figures && !Object.is(figures[name], value)) throw new Error(`${name} stands twice and differs`);
      figures[name] = value;
    }
    return figures;
  });

/** The book that the page hands out. */
export async function bookOf(page: Page): Promise<BookJSON> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.click('#tab-json');
  await page.click('#json-copy');
  await expect.poll(() => page.textContent('#json-said')).toContain('Copied');
  const text = await page.evaluate(() => navigator.clipboard.readText());
  await page.click('#tab-table');
  return JSON.parse(text);
}

const underlyingsOf = (page: Page): Promise<string[]> =>
  page.$$eval('input[data-driver]', (sliders) => sliders.map((slider) => (slider as HTMLElement).dataset.driver ?? ''));

/** Every figure that Node has stands on the page, to the bit. */
export async function expectNodes(page: Page, account = 'me'): Promise<BookJSON> {
  const json = await bookOf(page);
  const underlyings = await underlyingsOf(page);
  const [shown, expected] = [await figuresOf(page), expectedOf(json, account, underlyings)];
  const differing = Object.entries(expected).filter(([name, value]) => !Object.is(shown[name], value));
  expect(differing.map(([name, value]) => `${name}: Node ${value}, page ${shown[name]}`)).toEqual([]);
  expect(Object.keys(expected).length).toBeGreaterThan(70);
  const joint = jointOf(
    json,
    account,
    underlyings.filter((id) => json.assets.some((asset) => asset.id === id)),
  );
  joint.forEach(({ down, up }, i) => {
    for (const [way, value] of Object.entries({ down, up })) {
      const name = `joint.${i}.${way}`;
      if (name in shown) expect(Object.is(shown[name], value), name).toBe(true);
    }
  });
  return json;
}

export const slide = async (page: Page, driver: string, thousandths: number): Promise<void> => {
  await page.fill(`input[data-driver="${driver}"]`, String(thousandths));
  await settled(page);
};

export const statusOf = (page: Page): Promise<string | undefined> =>
  page.$eval('#status', (node) => (node as HTMLElement).dataset.status);

export const linkOf = async (page: Page): Promise<string> => {
  await page.waitForFunction(() => document.documentElement.dataset.link === location.hash && location.hash !== '');
  return new URL(page.url()).hash;
};
