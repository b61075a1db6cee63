// The page's numbers against Node's, to the bit: at the start, wherever prices are put, of any book, on both engines.
import { accountMargin, Book, type BookJSON, liquidationPrices } from 'margin-kernel/var';
import { expect, it } from 'vitest';
import { bookOf, expectNodes, figuresOf, inChromium, settled, slide, statusOf, visit } from './chromium.ts';

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

inChromium('the numbers', () => {
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

  it.each([
    ['no position', {}],
    ['a position on another coin', { positions: [{ market: 'ETH-PERP', size: 1, entry: 3_000 }] }],
    [
      'a position of its own margin',
      {
        buckets: [
          { bucket: 1, balances: { USDT: 1_000 }, positions: [{ market: 'BTC-PERP', size: 0.01, entry: 60_000 }] },
        ],
      },
    ],
  ])('says where a debt against a coin is liquidated, with %s', async (_, more) => {
    const { page } = await visit();
    await page.click('#tab-json');
    await page.fill('#json', JSON.stringify({ id: 'me', balances: { USDT: -40_000, BTC: 1 }, ...more }));
    await expect.poll(() => page.textContent('#first')).toMatch(/^Liquidated if (BTC-PERP|every price) falls /);
    await settled(page);
    const row = page.locator('#exits tr', { hasText: 'Cross' }).filter({ hasText: 'BTC-PERP' });
    const price = Number(await row.locator('data').getAttribute('value'));
    const book = Book.fromJSON(await bookOf(page));
    for (const [share, status] of [
      [1.0001, 'warning'],
      [0.9999, 'liquidatable'],
    ] as const) {
      book.setPrice('BTC', price * share);
      book.setMark('BTC-PERP', price * share);
      expect(accountMargin(book, 'me').units[0]?.status).toBe(status);
    }
    await page.fill('[data-price-of="BTC"]', String(Math.floor(price)));
    await settled(page);
    expect(await statusOf(page)).toBe('liquidatable');
  });

  it('leaves the way it is looked at alone when a step is taken back', async () => {
    const { page } = await visit();
    await slide(page, 'BTC', -60);
    await page.selectOption('#rule', 'bitmex');
    await page.click('#undo');
    await settled(page);
    expect([await page.inputValue('#rule'), await page.inputValue('[data-price-of="BTC"]')]).toEqual([
      'bitmex',
      '60000',
    ]);
    await page.click('#redo');
    await settled(page);
    expect([await page.inputValue('#rule'), await page.inputValue('[data-price-of="BTC"]')]).toEqual([
      'bitmex',
      '56400',
    ]);
  });

  it('lets a finger scroll over the chart, and drag across it', async () => {
    const { page } = await visit('/', { hasTouch: true, viewport: { width: 390, height: 800 } });
    const over = page.locator('#health-chart .u-over');
    await over.scrollIntoViewIfNeeded();
    const box = await over.boundingBox();
    if (!box) throw new Error('no chart');
    const touch = (type: string, share: number, y = 0.5): Promise<void> =>
      over.dispatchEvent(type, {
        pointerId: 1,
        pointerType: 'touch',
        button: 0,
        bubbles: true,
        clientX: box.x + share * box.width,
        clientY: box.y + y * box.height,
      });
    // A capture needs a finger.
    await over.evaluate((node) => {
      node.setPointerCapture = () => undefined;
    });
    await touch('pointerdown', 0.2);
    await touch('pointermove', 0.205, 0.4);
    await touch('pointercancel', 0.205, 0.4);
    await settled(page);
    expect(await page.inputValue('[data-price-of="BTC"]')).toBe('60000');
    await touch('pointerdown', 0.5);
    await touch('pointermove', 0.3);
    await touch('pointerup', 0.3);
    await settled(page);
    expect(Number(await page.inputValue('[data-price-of="BTC"]'))).toBeLessThan(50_000);
  });

  it('says what would heal an account that is liquidated now', async () => {
    const { page } = await visit();
    await slide(page, 'BTC', -250);
    expect(await statusOf(page)).toBe('liquidatable');
    const { 'exits.0.down': heals } = await figuresOf(page);
    expect(heals).toBeGreaterThan(45_000);
    expect(await page.textContent('#exits')).toContain('No longer liquidated beyond');
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
});
