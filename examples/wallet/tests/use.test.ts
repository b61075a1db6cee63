// The page in use: what is typed wrong, an empty account, keys alone, both themes for axe-core, a phone.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import { expect, it } from 'vitest';
import { bookOf, expectNodes, figuresOf, inChromium, settled, slide, visit } from './chromium.ts';

/** Pictures of the page, to look at. */
const SHOTS = fileURLToPath(new URL('../build/screenshots/', import.meta.url));
mkdirSync(SHOTS, { recursive: true });
const LONG = 'BTCDOMINANCE-SUPERLONGMARKETIDENTIFIER-USDT';

inChromium('the page in use', () => {
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
    // Its margin is a tenth of the notional that the page shows, a frame after the size was typed.
    await settled(page);
    await page.selectOption('[data-field="positions.0.bucket"]', 'new');
    await settled(page);
    expect(await page.inputValue('[data-field="balances.0.amount"]')).toBe('700');
    expect(await page.inputValue('[data-field="balances.1.amount"]')).toBe('300');
    expect(await page.textContent('#health-tools')).toContain('Isolated 1');
    const json = await expectNodes(page);
    expect(json.accounts[0]?.buckets?.[0]?.positions?.[0]).toMatchObject({ market: 'BTC-PERP', size: 0.05 });
    expect(complaints).toEqual([]);
  });

  it('takes a pasted text at once when somebody leaves it', async () => {
    const { page } = await visit();
    await page.click('#tab-json');
    await page.fill('#json', '{ "balances": { "USDT": 1234 } }');
    await page.locator('#json').blur();
    expect(await page.textContent('#json-said')).toContain('an account of 0 positions');
    expect(JSON.parse(await page.inputValue('#json'))).toMatchObject({ balances: { USDT: 1234 } });
  });

  it('does not take a decimal comma for a mark of thousands', async () => {
    const { page } = await visit();
    const [price, problem] = ['[data-price-of="BTC"]', '.price:has([data-price-of="BTC"]) .problem'];
    await page.fill(price, '58,5');
    expect(await page.textContent(problem)).toBe('“58,5” is not a number. Use 58.5.');
    await page.fill(price, '58,500.5');
    expect(await page.textContent(problem)).toBe('');
    await settled(page);
    expect(await page.textContent('[data-out="mark.0"]')).toBe('58,500.50');
    await page.fill('[aria-label="Size in contracts"]', '0,5');
    expect(await page.textContent('#verdict-said')).toBe('“0,5” is not a number. Use 0.5.');
  });

  it('goes between the accounts of a book, and keeps the prices', async () => {
    const { page } = await visit();
    const book = await bookOf(page);
    await page.click('#tab-json');
    const second = { id: 'second', balances: { USDT: 250 }, positions: [{ market: 'SOL-PERP', size: -1, entry: 150 }] };
    await page.fill('#json', JSON.stringify({ ...book, accounts: [...book.accounts, second] }));
    await expect.poll(() => page.textContent('#json-said')).toContain('2 accounts');
    await settled(page);
    await page.click('#tab-table');
    await slide(page, 'SOL', 100);
    await page.selectOption('#account', '1');
    await settled(page);
    await expectNodes(page, 'second');
    expect((await figuresOf(page))['margin.equity']).toBe(235);
    await page.click('#undo');
    await settled(page);
    await expectNodes(page, 'me');
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

  it.each([
    [320, 100],
    [390, 100],
    [1280, 100],
    [390, 150],
  ])(
    'does not scroll sideways at %i pixels with text of %i %, nor with a market of a long name',
    async (width, text) => {
      const { page } = await visit('/', { viewport: { width, height: 844 } });
      await page.evaluate((size) => {
        document.documentElement.style.fontSize = size;
      }, `${text}%`);
      for (const details of await page.$$('details')) await details.evaluate((node) => node.setAttribute('open', ''));
      const scrolls = async (): Promise<number> => {
        await settled(page);
        return page.evaluate(() => document.documentElement.scrollWidth);
      };
      expect(await scrolls()).toBe(width);
      const book = JSON.stringify(await bookOf(page)).replaceAll('"BTC-PERP"', `"${LONG}"`);
      await page.click('#tab-json');
      await page.fill('#json', book);
      await page.locator('#json').blur();
      await page.click('#tab-table');
      expect(await scrolls()).toBe(width);
      expect(await page.textContent('#focus')).toContain(LONG);
    },
  );
});
