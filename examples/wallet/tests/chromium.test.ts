// The built page in Chromium: what it asks for, what it shows against Node's numbers, keys, colours, widths, links.
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import { accountMargin, Book, type BookJSON, liquidationPrices } from 'margin-kernel/var';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectedOf, type Figures, jointOf } from './expected.ts';
import { StaticServer, SUB_PATH } from './server.ts';

const CHROMIUM = '/usr/bin/chromium';
const there = existsSync(CHROMIUM);
if (!there) console.log('skipped: Chromium is missing; install the Debian package chromium.');
const SHOTS = fileURLToPath(new URL('../build/screenshots/', import.meta.url));
mkdirSync(SHOTS, { recursive: true });

let browser: Browser;
let server: StaticServer;

/** What a page did that it should not. */
interface Watched {
  page: Page;
  requests: string[];
  complaints: string[];
}

/** @param before - runs in the page before its scripts */
async function visit(path = '/', options: BrowserContextOptions = {}, before?: () => void): Promise<Watched> {
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

const settled = async (page: Page): Promise<void> => {
  // A change is shown by the next frame.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.waitForSelector('html[data-settled=yes]');
};

/** All figures of a page, exactly; one that stands twice has to say the same. */
const figuresOf = (page: Page): Promise<Figures> =>
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
async function bookOf(page: Page): Promise<BookJSON> {
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
async function expectNodes(page: Page, account = 'me'): Promise<BookJSON> {
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

const slide = async (page: Page, driver: string, thousandths: number): Promise<void> => {
  await page.fill(`input[data-driver="${driver}"]`, String(thousandths));
  await settled(page);
};

const statusOf = (page: Page): Promise<string | undefined> =>
  page.$eval('#status', (node) => (node as HTMLElement).dataset.status);

const linkOf = async (page: Page): Promise<string> => {
  await page.waitForFunction(() => document.documentElement.dataset.link === location.hash && location.hash !== '');
  return new URL(page.url()).hash;
};

/** Another venue than the example's: contracts in coin, a debt, hedge mode, open orders, an isolated position, quoted options. */
const OTHER: BookJSON = {
  format: 'margin-kernel/book@1',
  numeraire: 'USD',
  assets: [
    { id: 'USD', price: 1, liabilityWeight: 1.02 },
    { id: 'BTC', price: 40_000, assetWeight: { initial: 0.9, maintenance: 0.95 } },
    { id: 'ETH', price: 2_500, assetWeight: 0.8 },
  ],
  markets: [
    {
      id: 'BTCUSD',
      kind: 'inverse',
      settle: 'BTC',
      multiplier: 100,
      mark: 40_010,
      tick: 0.5,
      brackets: [
        { upTo: 5, maintenanceRate: 0.01, maxLeverage: 50 },
        { upTo: null, maintenanceRate: 0.02, maxLeverage: 25 },
      ],
    },
    {
      id: 'ETH-PERP',
      kind: 'linear',
      base: 'ETH',
      settle: 'USD',
      mark: 2_501.5,
      lot: 0.01,
      takerFee: 0.0004,
      closingFee: 0.0005,
      brackets: [
        { upTo: 100_000, maintenanceRate: 0.01, maxLeverage: 50 },
        { upTo: null, maintenanceRate: 0.03, maxLeverage: 20 },
      ],
    },
  ],
  accounts: [
    {
      id: 'desk',
      balances: { USD: -5_000, BTC: 1.5, ETH: 2 },
      positions: [
        { market: 'BTCUSD', size: -300, entry: 41_000 },
        { market: 'ETH-PERP', side: 'long', size: 30, entry: 2_480 },
        { market: 'ETH-PERP', side: 'short', size: -10, entry: 2_600, leverage: 10 },
      ],
      orders: [{ market: 'ETH-PERP', positionSide: 'long', side: 'buy', size: 5, price: 2_400 }],
      buckets: [{ bucket: 4, balances: { USD: 800 }, positions: [{ market: 'ETH-PERP', size: 4, entry: 2_550 }] }],
    },
  ],
};

describe.skipIf(!there)('the page in Chromium', () => {
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

  it.each(['/', SUB_PATH, `${SUB_PATH}reference.html`])(
    '%s asks for its own files and then for nothing',
    async (path) => {
      const { page, requests, complaints } = await visit(path);
      const loaded = requests.length;
      expect(requests.every((url) => url.startsWith(server.origin + path.replace(/[^/]*$/, '')))).toBe(true);
      server.asked.length = 0;
      // Everything that the page can do, and then a while.
      await slide(page, 'BTC', -150);
      await page.selectOption('#moves', 'BTC');
      await page.selectOption('#focus', 'ETH');
      await page.selectOption('#rule', 'bitmex');
      await page.selectOption('#horizon', '10');
      await page.click('#add-position');
      await page.click('#theme');
      await page.click('#undo');
      if (!path.includes('reference')) await page.click('input[value=reference]');
      await page.click('#copy-link');
      await page.waitForTimeout(1_000);
      await settled(page);
      expect(requests.slice(loaded)).toEqual([]);
      expect(server.asked).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );

  it('can not send anything anywhere, whoever tries', async () => {
    const { page, complaints } = await visit();
    server.asked.length = 0;
    const tried = await page.evaluate<Record<string, string>>(`(async () => {
      const attempts = {
        fetch: () => fetch('/leak'),
        image: () => new Promise((done, fail) => Object.assign(new Image(), { onload: done, onerror: fail, src: '/leak.png' })),
        script: () => import('http://localhost:9/leak.js'),
        socket: () => new Promise((done, fail) => Object.assign(new WebSocket('ws://' + location.host + '/leak'), { onopen: done, onerror: fail })),
        eval: async () => new Function('return 1')(),
      };
      const results = {};
      for (const [name, attempt] of Object.entries(attempts)) {
        results[name] = await attempt().then(
          () => 'let through',
          () => 'stopped',
        );
      }
      navigator.sendBeacon('/leak', 'x');
      return results;
    })()`);
    expect(tried).toEqual({
      fetch: 'stopped',
      image: 'stopped',
      script: 'stopped',
      socket: 'stopped',
      eval: 'stopped',
    });
    await page.waitForTimeout(200);
    expect(server.asked).toEqual([]);
    expect(complaints.filter((text) => text.includes('policy:')).length).toBeGreaterThanOrEqual(5);
  });

  it('has the policy that it says, and the other page allows no WebAssembly at all', async () => {
    const policyOf = (page: Page): Promise<string> =>
      page.$eval('meta[http-equiv="Content-Security-Policy"]', (meta) => (meta as HTMLMetaElement).content);
    const scripts = (policy: string): string | undefined => /script-src ([^;]*)/.exec(policy)?.[1];
    const compile = (page: Page): Promise<string> =>
      page.evaluate(() => {
        try {
          return new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)) && 'compiled';
        } catch (error) {
          return String(error);
        }
      });
    const { page } = await visit('/');
    const policy = await policyOf(page);
    expect(scripts(policy)).toBe("'self' 'wasm-unsafe-eval'");
    expect(policy).toMatch(/^default-src 'none'; .*style-src 'self'; .*connect-src 'none';/);
    expect(await compile(page)).toBe('compiled');
    const { page: plain } = await visit('/reference.html');
    expect(scripts(await policyOf(plain))).toBe("'self'");
    expect(await compile(plain)).toContain('Content Security Policy');
    expect(await plain.$eval('html', (html) => html.dataset.engine)).toBe('reference');
    expect(await figuresOf(plain)).toEqual(await figuresOf(page));
  });

  it('shows the numbers of Node, to the bit, at the start and wherever prices are put', async () => {
    const { page } = await visit();
    await expectNodes(page);
    await slide(page, 'BTC', -93);
    await slide(page, 'SOL', 41);
    await page.fill('[data-price-of="ETH"]', '3,210.55');
    await settled(page);
    const json = await expectNodes(page);
    expect(json.markets.map(({ id, mark }) => [id, mark]).slice(0, 3)).toEqual([
      ['BTC-PERP', 54_420],
      ['ETH-PERP', 3_210.55],
      ['SOL-PERP', 156.15],
    ]);
  });

  it('shows the numbers of Node of any book that is pasted', async () => {
    const { page } = await visit();
    await page.click('#tab-json');
    await page.fill('#json', JSON.stringify(OTHER));
    await expect.poll(() => page.textContent('#json-said')).toContain('a book of 2 markets');
    await settled(page);
    await page.click('#tab-table');
    const shown = await figuresOf(page);
    const [own, margin] = [Book.fromJSON(OTHER), accountMargin(Book.fromJSON(OTHER), 'desk')];
    expect(shown['margin.equity']).toBe(margin.equity);
    liquidationPrices(own, 'desk').forEach(({ down, up }, i) => {
      expect([shown[`exits.${i}.down`], shown[`exits.${i}.up`]]).toEqual([down, up]);
    });
    await expectNodes(page, 'desk');
    await slide(page, 'BTC', 120);
    await expectNodes(page, 'desk');
  });

  it('liquidates on the price that it says, and not a tick before', async () => {
    const { page } = await visit();
    const { certificate } =
      liquidationPrices(Book.fromJSON(await bookOf(page)), 'me').find(({ market }) => market === 'BTC-PERP') ?? {};
    const tick = certificate?.down.tick;
    for (const [price, status] of [
      [tick?.healthy, 'warning'],
      [tick?.liquidatable, 'liquidatable'],
    ] as const) {
      await page.fill('[data-price-of="BTC"]', String(price));
      await settled(page);
      expect(await statusOf(page)).toBe(status);
    }
    expect(await page.textContent('#first')).toBe('Cross is liquidated at these prices');
    await expectNodes(page);
  });

  it('follows a drag on the chart, and takes it back in one step', async () => {
    const { page } = await visit();
    await page.locator('#health-chart .u-over').scrollIntoViewIfNeeded();
    const box = await page.locator('#health-chart .u-over').boundingBox();
    if (!box) throw new Error('no chart');
    const before = await figuresOf(page);
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width / 2, y);
    await page.mouse.down();
    for (const share of [0.45, 0.4, 0.3, 0.25]) await page.mouse.move(box.x + share * box.width, y);
    await page.mouse.up();
    await settled(page);
    const price = Number(await page.inputValue('[data-price-of="BTC"]'));
    expect(price).toBeGreaterThan(44_000);
    expect(price).toBeLessThan(46_000);
    expect(await page.getAttribute('input[data-driver=BTC]', 'data-price')).toBe(String(price));
    expect(await statusOf(page)).toBe('liquidatable');
    const json = await expectNodes(page);
    expect(json.markets[0]?.mark).toBe(price);
    await page.click('#undo');
    await settled(page);
    expect(await figuresOf(page)).toEqual(before);
    await page.click('#redo');
    await settled(page);
    expect(Number(await page.inputValue('[data-price-of="BTC"]'))).toBe(price);
  });

  it('is all in its link', async () => {
    const { page } = await visit();
    await slide(page, 'ETH', 77);
    await page.fill('[data-field="positions.0.size"]', '1.25');
    await page.selectOption('[data-field="positions.1.side"]', 'long');
    await page.selectOption('#moves', 'ETH');
    await page.selectOption('#rule', 'hyperliquid');
    await page.selectOption('#confidence', '0.975');
    await settled(page);
    const [hash, before] = [await linkOf(page), await figuresOf(page)];
    const { page: other } = await visit(`/${hash}`);
    expect(await figuresOf(other)).toEqual(before);
    expect(await other.inputValue('[data-field="positions.0.size"]')).toBe('1.25');
    // The same in a tab that is open, as when a link is pasted into its address.
    const { page: plain } = await visit('/reference.html');
    await plain.evaluate((text) => {
      location.hash = text;
    }, hash);
    await expect.poll(() => plain.inputValue('[data-field="positions.0.size"]')).toBe('1.25');
    await settled(plain);
    expect(await figuresOf(plain)).toEqual(before);
  });

  it('explains a link that is damaged, and goes on with the example', async () => {
    const { page } = await visit('/#1.eJyrVipTslIqSy0');
    expect(await page.textContent('#notice')).toMatch(/could not be read.*missing or were changed.*example is shown/);
    await expectNodes(page);
    expect(new URL(page.url()).hash).toBe('#1.eJyrVipTslIqSy0');
    await page.click('#notice button');
    expect(await page.isVisible('#notice')).toBe(false);
  });

  it('goes on without WebAssembly where there is none, with the same numbers', async () => {
    const { page } = await visit('/', { reducedMotion: 'reduce' }, () => {
      Reflect.deleteProperty(globalThis, 'WebAssembly');
    });
    expect(await page.$eval('html', (html) => html.dataset.engine)).toBe('reference');
    expect(await page.textContent('#engine-said')).toContain('no WebAssembly with SIMD');
    await expectNodes(page);
  });

  it('says so where it can not start at all', async () => {
    const page = await browser.newPage();
    await page.addInitScript(() => {
      Reflect.deleteProperty(Intl, 'NumberFormat');
    });
    await page.goto(`${server.origin}/`);
    await expect.poll(() => page.textContent('#loading')).toContain('The page could not start');
    await page.close();
  });

  it('says what would heal an account that is liquidated now', async () => {
    const { page } = await visit();
    await slide(page, 'BTC', -250);
    expect(await statusOf(page)).toBe('liquidatable');
    const { 'exits.0.down': heals } = await figuresOf(page);
    expect(heals).toBeGreaterThan(45_000);
    expect(await page.textContent('#exits')).toContain('Healthy again beyond');
    await page.fill('[data-price-of="BTC"]', String(Math.ceil(heals ?? 0)));
    await settled(page);
    expect(await statusOf(page)).toBe('warning');
  });

  it('gives the same bits on the other engine', async () => {
    const { page } = await visit();
    await slide(page, 'BTC', -60);
    const before = await figuresOf(page);
    await page.click('input[value=reference]');
    await page.waitForSelector('#engine-said[data-differ]');
    await settled(page);
    expect(await page.getAttribute('#engine-said', 'data-differ')).toBe('0');
    expect(Number(await page.getAttribute('#engine-said', 'data-compared'))).toBeGreaterThan(10_000);
    expect(await page.$eval('html', (html) => html.dataset.engine)).toBe('reference');
    expect(await figuresOf(page)).toEqual(before);
    await expectNodes(page);
  });

  it('says what is wrong beside the field, keeps the last good numbers, and mends it', async () => {
    const { page } = await visit();
    const before = (await figuresOf(page))['margin.equity'];
    await page.fill('[data-field="positions.0.entry"]', '58,000');
    await page.fill('[data-field="positions.0.size"]', '1,2x');
    const field = page.locator('[data-field="positions.0.size"]');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await page.textContent('#problem-positions\\.0\\.size')).toContain('is not a number');
    expect(await page.textContent('#editor-note')).toContain('last account that could be read');
    expect((await figuresOf(page))['margin.equity']).toBe(before);
    await page.click('#problem-positions\\.0\\.entry button');
    await page.fill('[data-field="positions.0.size"]', '0.8');
    await settled(page);
    expect(await page.isVisible('#editor-note')).toBe(false);
    expect(await page.inputValue('[data-field="positions.0.entry"]')).toBe('58000');
    await expectNodes(page);
  });

  it('mends a slip in a pasted text', async () => {
    const { page } = await visit();
    await page.click('#tab-json');
    await page.fill(
      '#json',
      '{ "balances": { "USDT": 500 }, "positions": [{ "market": "ETH-PREP", "size": 1, "entry": 3000 }] }',
    );
    await page.waitForSelector('#json-problem .mend');
    expect(await page.getAttribute('#json', 'aria-invalid')).toBe('true');
    await page.click('#json-problem button:has-text("Show me where")');
    expect(
      await page.$eval('#json', (node) => {
        const t = node as HTMLTextAreaElement;
        return t.value.slice(t.selectionStart, t.selectionEnd);
      }),
    ).toBe('"ETH-PREP"');
    await page.click('#json-problem .mend');
    await settled(page);
    expect(await page.textContent('#json-said')).toBe('Taken: an account of 1 position.');
    expect((await figuresOf(page))['margin.equity']).toBe(500);
  });

  it('takes an empty account, and what is added to it', async () => {
    const { page, complaints } = await visit();
    for (let i = 0; i < 4; i++) await page.click('#positions .act button >> nth=0');
    for (let i = 0; i < 3; i++) await page.click('#balances .act button >> nth=0');
    await settled(page);
    expect(await page.textContent('#first')).toContain('no position yet');
    await page.click('#add-balance');
    await page.fill('[data-field="balances.0.amount"]', '1000');
    await page.click('#add-position');
    await page.fill('[data-field="positions.0.size"]', '0.05');
    await page.selectOption('[data-field="positions.0.bucket"]', 'new');
    await settled(page);
    expect(await page.inputValue('[data-field="balances.0.amount"]')).toBe('700');
    expect(await page.inputValue('[data-field="balances.1.amount"]')).toBe('300');
    const json = await expectNodes(page);
    expect(json.accounts[0]?.buckets?.[0]?.positions?.[0]).toMatchObject({ market: 'BTC-PERP', size: 0.05 });
    expect(complaints).toEqual([]);
  });

  it('reads pasted closes, and says what is wrong with them', async () => {
    const { page } = await visit();
    await page.selectOption('#source', 'historical');
    await settled(page);
    expect(await page.textContent('#closes-problem')).toContain('Paste a table');
    const days = Array.from({ length: 80 }, (_, i) => {
      const date = new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10);
      return `${date};${50_000 + 700 * ((i * 37) % 61)};${2_500 + 40 * ((i * 29) % 53)};${100 + ((i * 17) % 41)}`;
    });
    await page.fill('#closes', `Date;BTC-USD;ETH-USD\n${days.join('\n')}`);
    await settled(page);
    expect(await page.getAttribute('#closes', 'aria-invalid')).toBe('true');
    await page.fill('#closes', `Date;BTC-USD;ETH-USD;SOL-USD\n${days.join('\n')}`);
    await settled(page);
    expect(await page.textContent('#closes-problem')).toBe('');
    expect((await figuresOf(page))['risk.var']).toBeGreaterThan(0);
  });

  it('works by keys alone', async () => {
    const { page } = await visit();
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        const at = document.activeElement as HTMLElement;
        return at.id || at.dataset.driver || at.dataset.field || at.getAttribute('aria-label') || at.textContent || '';
      });
    const tabTo = async (wanted: string, key = 'Tab'): Promise<void> => {
      for (let i = 0; i < 120; i++) {
        await page.keyboard.press(key);
        if ((await focused()) === wanted) return;
      }
      throw new Error(`no way to ${wanted} by ${key}`);
    };
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('To the answer');
    await tabTo('BTC');
    const outline = await page.$eval('input[data-driver=BTC]', (node) => getComputedStyle(node).outlineStyle);
    expect(outline).not.toBe('none');
    for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowLeft');
    await settled(page);
    expect(await page.inputValue('[data-price-of="BTC"]')).toBe('58200');
    expect(await page.getAttribute('input[data-driver=BTC]', 'aria-valuetext')).toBe('58,200, −3.0 %');
    await page.keyboard.press('Control+z');
    await settled(page);
    expect(await page.inputValue('[data-price-of="BTC"]')).toBe('60000');
    await page.keyboard.press('Control+Shift+Z');
    await settled(page);
    await tabTo('tab-table');
    await page.keyboard.press('ArrowRight');
    expect(await page.isVisible('#json')).toBe(true);
    await page.keyboard.press('ArrowLeft');
    await tabTo('positions.0.size');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('0.5');
    await tabTo('Remove position 1, BTC-PERP');
    await tabTo('add-position');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('positions.4.market');
    await settled(page);
    await expectNodes(page);
    // What has happened was said, politely and once it had settled.
    await expect.poll(() => page.textContent('#live')).toContain('Liquidated if');
    expect(await page.getAttribute('#live', 'aria-live')).toBe('polite');
  });

  it.each([
    ['light', 'light', 1280],
    ['dark', 'dark', 1280],
    ['light, on a phone', 'light', 390],
    ['dark, with errors', 'dark', 390],
  ] as const)('has nothing serious for axe-core: %s', async (name, colorScheme, width) => {
    const { page } = await visit('/', { colorScheme, viewport: { width, height: 844 } });
    if (name.includes('errors')) {
      await page.fill('[data-field="positions.0.size"]', '1,2x');
      await slide(page, 'BTC', -400);
    }
    await page.screenshot({ path: `${SHOTS}${name.replace(/\W+/g, '-')}.png`, fullPage: true });
    for (const details of await page.$$('details')) await details.evaluate((node) => node.setAttribute('open', ''));
    await page.evaluate(axe.source);
    const violations = await page.evaluate(async () => {
      const { violations: found } = await (window as unknown as { axe: typeof axe }).axe.run();
      return found.map(({ id, impact, nodes }) => ({
        id,
        impact,
        nodes: nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`),
      }));
    });
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  });

  it('fits a phone of 390 pixels, on every tab', async () => {
    const { page } = await visit('/', { viewport: { width: 390, height: 844 } });
    for (const tab of ['#tab-json', '#tab-table']) {
      await page.click(tab);
      for (const details of await page.$$('details')) await details.evaluate((node) => node.setAttribute('open', ''));
      await settled(page);
      const wide = await page.evaluate(() => ({
        page: document.documentElement.scrollWidth,
        beyond: [...document.querySelectorAll('main *')]
          .filter((node) => node.getBoundingClientRect().right > 390.5 && !node.closest('.scroll, svg, .aside'))
          .map((node) => node.outerHTML.slice(0, 120)),
      }));
      expect(wide).toEqual({ page: 390, beyond: [] });
    }
  });
});
