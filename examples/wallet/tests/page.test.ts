// What the page asks for, what its policy lets through, what its links hold, and how it starts where something is missing.
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browser, expectNodes, figuresOf, inChromium, linkOf, server, settled, slide, visit } from './chromium.ts';
import { SUB_PATH } from './server.ts';

inChromium('the page', () => {
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
});
